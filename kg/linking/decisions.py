"""Decisions on links, in a file that only ever grows.

In: what a person decided of a pair of things. Out: the same again after every rebuild, crash and power cut: a decision
is on disk before it is acknowledged. A line of the file is a JSON object with a checksum of itself; the last line of a
pair holds, whichever way round it names the two. Writers take turns by a lock on the file, from whichever process.

A line that is not whole was never acknowledged, or was damaged since: it is passed over, and said.
"""

import fcntl
import hashlib
import json
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from kg.errors import NotRecorded, ParameterError
from kg.linking.candidate import candidate_id
from kg.linking.decision import Decision, Verdict, checked, decision_from

_CHECKSUM: Final = "checksum"


@dataclass(frozen=True, slots=True)
class Damage:
    """A line of the file that is not what was written; `line` counts from 1."""

    line: int
    what: str


@dataclass(frozen=True, slots=True)
class Decisions:
    """All decisions as they stand.

    Attributes:
        newest: the decision that holds, by the id of its pair, in the order in which the pairs were first decided.
        history: every decision, oldest first.
        damage: lines that were passed over.
    """

    newest: Mapping[str, Decision] = field(default_factory=lambda: MappingProxyType({}))
    history: Sequence[Decision] = ()
    damage: Sequence[Damage] = ()

    def find(self, left: str, right: str) -> Decision | None:
        """The decision on a pair, told from its left side; None where there is none."""
        found = self.newest.get(candidate_id(left, right))
        return found.seen_from(left) if found else None

    def status(self, left: str, right: str) -> str:
        """The `status` of a candidate: accepted, rejected, unsure, or open where nobody has decided."""
        found = self.newest.get(candidate_id(left, right))
        return found.verdict.status if found else "open"

    def of(self, *verdicts: Verdict) -> list[Decision]:
        """The decisions that hold and are of these kinds."""
        return [decision for decision in self.newest.values() if decision.verdict in verdicts]

    def under(self, canonical: Callable[[str], str]) -> "Decisions":
        """The same under the IRIs of one generation; of two pairs that are one there, the later decision holds.

        A pair that is one thing there is left out: that it is the same needs no link.
        """
        renamed = [replace(each, left=canonical(each.left), right=canonical(each.right)) for each in self.history]
        history = [decision for decision in renamed if decision.left != decision.right]
        return Decisions(_newest(history), history, self.damage)


class DecisionLog:
    """The file of decisions; safe to use from several threads and processes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._inode = self._offset = self._lines = 0
        self._history: list[Decision] = []
        self._damage: list[Damage] = []
        self._known = Decisions()

    def append(self, decisions: Sequence[Decision]) -> None:
        """Record decisions; when this returns, they are on disk.

        Raises:
            NotRecorded: they are not, or it is not known whether they are.
        """
        lines = b"".join(_line(decision) for decision in decisions)
        if not lines:
            return
        try:
            with self._open(fcntl.LOCK_EX) as descriptor:
                size = os.fstat(descriptor).st_size
                if size and os.pread(descriptor, 1, size - 1) != b"\n":
                    lines = b"\n" + lines  # what a writer that died left behind ends here
                _write_all(descriptor, lines, size)
        except OSError as error:
            raise NotRecorded(
                f"the decision could not be written: {error.strerror or error}",
                where=str(self.path),
                hint="make room or mend the path, and decide again; nothing was acknowledged",
            ) from error

    def read(self) -> Decisions:
        """The decisions as they stand now; only what is new is read.

        Raises:
            NotRecorded: the file cannot be read.
        """
        with self._lock:
            try:
                if not self.path.exists():
                    self._forget()
                    return self._known
                with self._open(fcntl.LOCK_SH) as descriptor:
                    status = os.fstat(descriptor)
                    if (status.st_ino, status.st_size >= self._offset) != (self._inode, True):
                        self._forget()  # another file, as after a restore from a backup
                        self._inode = status.st_ino
                    new = _read_all(descriptor, self._offset, status.st_size)
            except OSError as error:
                raise NotRecorded(
                    f"the decisions cannot be read: {error.strerror or error}", where=str(self.path)
                ) from error
            if new:
                self._take(new)
            return self._known

    def _take(self, new: bytes) -> None:
        whole, _, torn = new.rpartition(b"\n")
        self._offset += len(new) - len(torn)
        lines = whole.split(b"\n") if len(torn) < len(new) else []
        for line in lines:
            self._lines += 1
            if line:
                read = _decision(line)
                if isinstance(read, Decision):
                    self._history.append(read)
                else:
                    self._damage.append(Damage(self._lines, read))
        damage = list(self._damage)
        if torn:
            damage.append(
                Damage(self._lines + 1, "the line has no end: its writer died, and nobody was told it was kept")
            )
        self._known = Decisions(_newest(self._history), tuple(self._history), tuple(damage))

    def _forget(self) -> None:
        self._inode = self._offset = self._lines = 0
        self._history, self._damage, self._known = [], [], Decisions()

    @contextmanager
    def _open(self, lock: int) -> Iterator[int]:
        writing = lock == fcntl.LOCK_EX
        if writing and not self.path.exists():
            self._create()
        descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND if writing else os.O_RDONLY)
        try:
            fcntl.flock(descriptor, lock)
            yield descriptor
        finally:
            os.close(descriptor)

    def _create(self) -> None:
        """Make the file, and see to it that its name is on disk too."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o640))
        for folder in (self.path.parent, self.path.parent.parent):
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def _newest(history: Sequence[Decision]) -> Mapping[str, Decision]:
    return MappingProxyType({decision.id: decision for decision in history})


def _line(decision: Decision) -> bytes:
    """A decision as a line of the file.

    Raises:
        ParameterError: it is not one that may be recorded.
    """
    fields = checked(decision).to_json()
    return _text({**fields, _CHECKSUM: _checksum(fields)}).encode() + b"\n"


def _decision(line: bytes) -> Decision | str:
    """The decision in a line, or what is wrong with it."""
    try:
        fields: Any = json.loads(line)
    except (ValueError, RecursionError):
        return "the line is not JSON: it was torn or damaged"
    if not isinstance(fields, dict) or fields.pop(_CHECKSUM, None) != _checksum(fields):
        return "the line has another checksum than it was written with"
    try:
        return checked(decision_from(fields))
    except (ParameterError, KeyError, ValueError, TypeError) as error:
        return f"the line is no decision: {error}"


def _checksum(fields: Mapping[str, Any]) -> str:
    return hashlib.sha256(_text(fields).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _text(fields: Mapping[str, Any]) -> str:
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _write_all(descriptor: int, data: bytes, size: int) -> None:
    """Append bytes and wait until they are on disk; where that fails, take back what was written."""
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(descriptor, left) :]
        os.fsync(descriptor)
    except OSError:
        os.ftruncate(descriptor, size)
        raise


def _read_all(descriptor: int, start: int, end: int) -> bytes:
    pieces = []
    while start < end and (piece := os.pread(descriptor, end - start, start)):
        pieces.append(piece)
        start += len(piece)
    return b"".join(pieces)
