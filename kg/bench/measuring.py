"""Measuring processes from outside: CPU seconds, wall seconds and peak memory.

In: a command to run to its end, or the process id of a server. Out: what it and its descendants took. The
comparison rests on CPU time, because other work on the machine hardly changes it. Needs Linux's /proc.
"""

import ctypes
import os
import resource
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kg.errors import KgError

_PROC: Final = Path("/proc")
_LOG_TAIL: Final = 400


@dataclass(frozen=True, slots=True)
class Usage:
    """What a command and its descendants took.

    The peak memory is that of the largest process, and never less than that of the process that measures: Linux
    carries the peak over when a new program is started.
    """

    cpu_seconds: float
    wall_seconds: float
    peak_mb: float


def run_measured(command: Sequence[str], log: Path, environment: Mapping[str, str]) -> Usage:
    """Run a command to its end; what it says goes to the log.

    Raises:
        KgError: it failed; the end of the log is in the hint.
    """
    started = time.perf_counter()
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=dict(environment))
        try:
            _pid, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        finally:
            if process.returncode is None:  # interrupted: it must not go on without us
                process.kill()
                process.wait()
    wall = time.perf_counter() - started
    if process.returncode:
        raise KgError(f"ended with status {process.returncode}", where=" ".join(command[:6]), hint=tail(log))
    return Usage(usage.ru_utime + usage.ru_stime, wall, _peak_mb(usage))


def _peak_mb(usage: resource.struct_rusage) -> float:
    return usage.ru_maxrss / 1024


def tail(log: Path) -> str:
    """The last words in a log."""
    return log.read_text(encoding="utf-8", errors="replace")[-_LOG_TAIL:].strip() or "it said nothing"


def require_proc() -> None:
    """Make sure that processes can be measured here.

    Raises:
        KgError: there is no /proc.
    """
    if not (_PROC / "self" / "stat").is_file():
        raise KgError("the benchmark reads CPU times from /proc, which is not here", hint="run it on Linux")


def tree_cpu_seconds(pid: int) -> float:
    """CPU seconds so far of a process and all its descendants, those that have ended included.

    Exact for living processes; what ended ones took is told in clock ticks, mostly of 10 ms.

    Raises:
        KgError: the process is gone.
    """
    reaped: dict[int, int] = {}
    children: dict[int, list[int]] = {}
    for path in _PROC.glob("[0-9]*/stat"):
        try:
            text = path.read_text(encoding="utf-8", errors="replace")
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended meanwhile; its parent is charged with it
        process, parent, ticks = _parse_stat(text)
        reaped[process] = ticks
        children.setdefault(parent, []).append(process)
    if pid not in reaped:
        raise KgError("a server ended while it was measured", where=f"process {pid}")
    seconds, waiting = 0.0, [pid]
    while waiting:
        process = waiting.pop()
        seconds += _own_cpu_seconds(process) + reaped[process] / os.sysconf("SC_CLK_TCK")
        waiting += children.get(process, ())
    return seconds


def _parse_stat(text: str) -> tuple[int, int, int]:
    """Process, parent, and ticks used by the children it has reaped (proc(5), /proc/pid/stat).

    The name stands in brackets and may itself hold spaces and brackets.

    >>> _parse_stat("7 (a) b) S 3 7 7 0 -1 0 0 0 0 0 10 20 1 2 20 0 1 0 5")
    (7, 3, 3)
    """
    process, rest = text.split(" ", 1)
    fields = rest.rpartition(")")[2].split()
    return int(process), int(fields[1]), int(fields[13]) + int(fields[14])


def _own_cpu_seconds(pid: int) -> float:
    """What a process itself has used, by its own clock (clock_getcpuclockid(3)); 0 if it is gone."""
    clock = ctypes.c_int()
    if ctypes.CDLL(None).clock_getcpuclockid(pid, ctypes.byref(clock)):
        return 0.0
    try:
        return time.clock_gettime(clock.value)
    except OSError:
        return 0.0  # it ended in between; its parent is charged with it
