"""The command line as tests run it: as a user does, or without the second that its imports take.

In: arguments, text for stdin, variables of the environment. Out: what the process said, and its exit code. A process
that is forked off one with the commands imported is a process of its own all the same, with its own streams,
environment and exit code; it only starts where `python -m kg` is when it has imported them.
"""

import multiprocessing
import os
import subprocess
import sys
import tempfile
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from typing import Final

from kg.cli import COMMANDS, main

SECONDS: Final = 120.0
IMPORTED_LATER: Final = (
    "kg.api.app",
    "kg.api.server",
    "kg.commands.building",
    "kg.linking.finding",
    "kg.linking.keeping",
    "kg.linking.scoring",
)
"""What commands import only when they need it."""


def kg(*arguments: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process that is forked with the commands imported."""
    with tempfile.TemporaryDirectory() as folder:
        process = start_kg(Path(folder), *arguments, stdin=stdin, **environment)
        process.join(SECONDS)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired(["kg", *arguments], SECONDS)
        stdout, stderr = (path.read_text(encoding="utf-8") for path in _streams(Path(folder))[1:])
        return subprocess.CompletedProcess(["kg", *arguments], process.exitcode, stdout, stderr)


def start_kg(folder: Path, *arguments: str, stdin: str = "", **environment: str) -> ForkServerProcess:
    """Start the command line in such a process; what it says goes into files in the folder."""
    streams = _streams(folder)
    for stream, text in zip(streams, (stdin, "", ""), strict=True):
        stream.write_text(text, encoding="utf-8")
    told = (arguments, {**os.environ, **environment}, Path.cwd(), streams)
    process = fork_server().Process(target=_run, args=told, daemon=True)
    process.start()
    return process


def kg_anew(*arguments: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line as a user does, in an interpreter of its own."""
    return subprocess.run(
        [sys.executable, "-P", "-m", "kg", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
        env={**os.environ, **environment},
    )


def fork_server() -> ForkServerContext:
    """The process that commands are forked off; it starts with the first of them and ends with this process."""
    context = multiprocessing.get_context("forkserver")
    commands = (f"kg.commands.{module}" for module, _ in COMMANDS.values())
    context.set_forkserver_preload([__name__, *commands, *IMPORTED_LATER])
    return context


def _streams(folder: Path) -> list[Path]:
    return [folder / name for name in ("stdin", "stdout", "stderr")]


def _run(arguments: tuple[str, ...], environment: dict[str, str], folder: Path, streams: list[Path]) -> None:
    """Be the command line: what `python -m kg` does once it has started."""
    for number, (path, flags) in enumerate(zip(streams, (os.O_RDONLY, os.O_WRONLY, os.O_WRONLY), strict=True)):
        descriptor = os.open(path, flags)
        os.dup2(descriptor, number)
        os.close(descriptor)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115  multiprocessing gives it nothing to read
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv = ["kg", *arguments]
    main()
