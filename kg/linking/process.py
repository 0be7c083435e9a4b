"""The process that finds candidates for a running service, so that its work holds up nobody else's answers.

In: frames with a generation and a wish, or the generation alone, to open it. Out: frames with candidates as JSON, or
the error. It ends when the service hangs up or goes.
"""

import json
import os
import socket
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Final

from kg.build.generations import Home
from kg.engine import frames
from kg.engine.confinement import end_with_parent
from kg.errors import KgError
from kg.linking.finding import Matcher
from kg.linking.keeping import elements_of
from kg.linking.scoring import read_scorer
from kg.linking.wish import Wish

NICENESS: Final = 5
"""Lower in priority than the service: a lookup of somebody else takes milliseconds, this takes tenths of seconds."""


class Finder:
    """Answers wishes on the generation that was asked for last."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._scorer = read_scorer()
        self._generation = 0
        self._matcher: Matcher | None = None

    def open(self, generation: int) -> Matcher:
        """A generation, which is read first if it was not yet.

        Raises:
            KgError: it is gone, or cannot be read.
        """
        if self._matcher is None or generation != self._generation:
            self._matcher = Matcher(elements_of(self._home.get_generation(generation)), self._scorer)
            self._generation = generation
        return self._matcher


def serve(connection: socket.socket, finder: Finder) -> None:
    """Answer what comes until the service hangs up."""
    buffer = bytearray()
    while piece := connection.recv(1 << 16):
        buffer += piece
        frame, size = frames.decode(buffer)
        if frame is not None:
            del buffer[:size]
            connection.sendall(_reply(finder, *frame))


def _reply(finder: Finder, head: frames.Head, body: bytes) -> bytes:
    try:
        matcher = finder.open(head["generation"])
        if "wish" not in head:
            return frames.encode({"opened": True})
        found = matcher.find(Wish(**head["wish"]), frozenset(json.loads(body))).to_json()
    except KgError as error:
        return frames.encode({"error": type(error).__name__, "fields": asdict(error)})
    return frames.encode({"found": True}, json.dumps(found, ensure_ascii=False).encode("utf-8", "replace"))


if __name__ == "__main__":
    end_with_parent()
    os.nice(NICENESS)
    serve(socket.socket(fileno=int(sys.argv[2])), Finder(Home(Path(sys.argv[1]))))
