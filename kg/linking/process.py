"""The process that finds candidates for a running service, so that its work holds up nobody else's answers.

In: frames with a generation and a wish, or the generation alone, to open it. Out: frames with candidates as JSON, or
the error. It ends when the service hangs up or goes.
"""

import json
import os
import socket
import sys
from pathlib import Path
from typing import Final

from kg.build.generations import Home
from kg.engine import frames
from kg.engine.confinement import end_with_parent
from kg.engine.exchanges import serve
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


def _found(finder: Finder, head: frames.Head, body: bytes) -> bytes:
    """The reply to a wish, whose body is the ids that were rejected, or to the order to open a generation.

    Raises:
        KgError: the generation is gone, or a part of the wish is wrong.
    """
    matcher = finder.open(head["generation"])
    if "wish" not in head:
        return frames.encode({"opened": True})
    found = matcher.find(Wish(**head["wish"]), frozenset(json.loads(body))).to_json()
    return frames.encode({"found": True}, json.dumps(found, ensure_ascii=False).encode("utf-8", "replace"))


if __name__ == "__main__":
    end_with_parent()
    os.nice(NICENESS)
    finder = Finder(Home(Path(sys.argv[1])))
    serve(socket.socket(fileno=int(sys.argv[2])), lambda head, body: _found(finder, head, body))
