"""Generations: numbered, immutable, switched atomically.

In: a finished candidate folder. Out: what is served, listed, rolled back to and pruned. This is the only module that
knows the layout of a home:

    home/
    ├── current                 the number of the served generation, replaced atomically
    ├── build.lock              held by the one build that may run
    ├── archive/                kg.build.archive
    ├── links/decisions.jsonl   kg.linking.decisions
    ├── tokens.json             kg.access.tokens
    └── generations/
        ├── 000007/             kg.build.layout
        └── .candidate-…        a build under way, or what a killed one left

A generation that is being served holds a shared lock on its `lease`, so that pruning passes it by.
"""

import fcntl
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kg.build.archive import Archive
from kg.build.layout import GenerationFolder
from kg.build.manifest import Manifest, read_manifest
from kg.errors import BuildError, HomeBusy, NotFound

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Generation(GenerationFolder):
    """A whole, published generation."""

    manifest: Manifest

    @property
    def number(self) -> int:
        """Its number; later builds have higher ones."""
        return self.manifest.number


@dataclass(frozen=True, slots=True)
class Purged:
    """What a purge removed: how many archived files, and which generations."""

    files: int
    generations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Home:
    """The folder that everything this program keeps lies in."""

    path: Path

    @property
    def archive(self) -> Archive:
        """The archive of harvested files."""
        return Archive(self.path / "archive")

    @property
    def decisions(self) -> Path:
        """The file of decisions on links, which need not be there."""
        return self.path / "links" / "decisions.jsonl"

    @property
    def tokens(self) -> Path:
        """The file of reviewers' tokens, which need not be there."""
        return self.path / "tokens.json"

    @property
    def _generations(self) -> Path:
        return self.path / "generations"

    @property
    def _pointer(self) -> Path:
        return self.path / "current"

    def list_generations(self) -> list[Generation]:
        """All whole generations, oldest first.

        Raises:
            StoreTooNew: one was written by a newer version of this program.
        """
        folders = [GenerationFolder(path) for path in sorted(self._generations.glob("[0-9]*"))]
        return [_whole(folder) for folder in folders if folder.manifest_file.is_file()]

    def get_generation(self, number: int) -> Generation:
        """One generation.

        Raises:
            NotFound: there is none of that number.
        """
        folder = GenerationFolder(self._folder(number))
        if not folder.manifest_file.is_file():
            raise NotFound(f"there is no generation {number}", hint="`kg generations` lists those there are")
        return _whole(folder)

    def find_current(self) -> Generation | None:
        """The served generation, or None before the first build."""
        try:
            text = self._pointer.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return None
        if not text.isdigit():
            raise BuildError(f"does not hold a number but {text[:20]!r}", where=str(self._pointer))
        return self.get_generation(int(text))

    def get_current(self) -> Generation:
        """The served generation.

        Raises:
            NotFound: nothing was built yet.
        """
        current = self.find_current()
        if current is None:
            raise NotFound(
                "there is no generation yet",
                where=str(self.path),
                hint="`kg up` builds the demo; `kg build --source ID=PATH` builds yours",
            )
        return current

    def next_number(self) -> int:
        """The number that the next generation gets."""
        numbers = [int(path.name) for path in self._generations.glob("[0-9]*") if path.name.isdigit()]
        return max(numbers, default=0) + 1

    @contextmanager
    def lock(self, *, wait: bool = True) -> Iterator[None]:
        """Hold the home for one build; the lock goes with the process, however it ends.

        Raises:
            HomeBusy: another build holds it and `wait` is false.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / "build.lock").open("w", encoding="ascii") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                if not wait:
                    hint = "wait for it, or leave out --no-wait"
                    raise HomeBusy("another build is running", where=str(self.path), hint=hint) from error
                logger.warning("another build is running in %s: waiting for it", self.path)
                fcntl.flock(file, fcntl.LOCK_EX)
            yield

    @contextmanager
    def candidate(self) -> Iterator[GenerationFolder]:
        """An empty folder for a build, beside the generations; it goes unless it is published.

        Enter only under the lock.
        """
        self._generations.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(dir=self._generations, prefix=".candidate-"))
        try:
            yield GenerationFolder(folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def clean(self) -> None:
        """Remove what killed builds and prunings left; call only under the lock."""
        for leftover in (*self._generations.glob(".candidate-*"), *self._generations.glob(".doomed-*")):
            shutil.rmtree(leftover, ignore_errors=True)
        self.archive.clean()

    def publish(self, candidate: GenerationFolder, number: int) -> Generation:
        """Make a finished candidate the served generation: everything on disk first, then one rename.

        Killed before the rename of `current`, what was served is still served; after it, the new one is.
        """
        _sync_tree(candidate.folder)
        folder = self._folder(number)
        candidate.folder.rename(folder)
        _sync(self._generations)
        generation = _whole(GenerationFolder(folder))
        self.switch(generation)
        return generation

    def switch(self, generation: Generation) -> None:
        """Serve this generation from now on (also how one rolls back)."""
        descriptor, temporary = tempfile.mkstemp(dir=self.path, prefix=".current-")
        with os.fdopen(descriptor, "w", encoding="ascii") as out:
            out.write(f"{generation.number}\n")
            out.flush()
            os.fsync(out.fileno())
        Path(temporary).replace(self._pointer)
        _sync(self.path)

    def prune(self, keep: int, *, monthly: bool = True) -> list[int]:
        """Remove old generations but the newest `keep`, the served one, one a month, and any being read.

        Returns the numbers removed. Call only under the lock.
        """
        generations = self.list_generations()
        current = self.find_current()
        kept = {generation.number for generation in generations[-keep:]}
        if current is not None:
            kept.add(current.number)
        if monthly:
            newest_of_month = {generation.manifest.created[:7]: generation.number for generation in generations}
            kept.update(newest_of_month.values())
        return [
            generation.number for generation in generations if generation.number not in kept and self.remove(generation)
        ]

    def remove(self, generation: Generation) -> bool:
        """Remove one generation that nobody reads; whether it went."""
        with generation.lease.open("a", encoding="ascii") as lease:
            try:
                fcntl.flock(lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            # Renamed first, so that a kill half-way never leaves half a generation under its number.
            doomed = self._generations / f".doomed-{generation.folder.name}"
            generation.folder.rename(doomed)
        shutil.rmtree(doomed)
        return True

    def purge(self, source_id: str) -> "Purged":
        """Remove a source's content for good: older generations that hold it, then its archived files.

        Raises:
            NotFound: the archive has no such source.
            BuildError: the served generation holds it, or an older one that does is being read.
        """
        with self.lock():
            self.archive.history(source_id)
            current = self.find_current()
            if current is not None and current.manifest.find_source(source_id):
                raise BuildError(
                    f"the served generation {current.number} holds the source {source_id!r}",
                    hint="build without it first, then purge",
                )
            removed = []
            for generation in self.list_generations():
                if generation.manifest.find_source(source_id):
                    if not self.remove(generation):
                        raise BuildError(
                            f"generation {generation.number}, which holds {source_id!r}, is being read",
                            hint="nothing of the archive was removed; try again when the server has moved on",
                        )
                    removed.append(generation.number)
            return Purged(self.archive.purge(source_id), tuple(removed))

    def _folder(self, number: int) -> Path:
        return self._generations / f"{number:06d}"


def _whole(folder: GenerationFolder) -> Generation:
    return Generation(folder.folder, read_manifest(folder.manifest_file))


def _sync_tree(folder: Path) -> None:
    for path in folder.rglob("*"):
        _sync(path)
    _sync(folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
