"""The query log: one JSON line for each query, for who runs the service.

In: what a query was, how it fared and what was answered. Out: lines in a file that is rotated, or on stderr. No address
and no key is in it. A query is named by its fingerprint; its text is there only if a setting asks for it, and then
without comments and with what may tell of a person replaced: strings, long numbers, and IRIs that could be strings.
"""

import json
import logging
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final

from kg.engine.guard import QueryOutline
from kg.engine.orders import Job
from kg.engine.progress import Progress
from kg.errors import UsageError
from kg.sparql.normal import fingerprint
from kg.sparql.tokens import TOKEN

STDERR: Final = "-"
FILE_BYTES: Final = 64 << 20
OLD_FILES: Final = 4
MOST_TEXT: Final = 4_096
"""Characters of a text that are read for the log; of a longer one, what follows is left out."""
LONG_NUMBER: Final = 6
"""From so many digits on a number may be somebody's."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A query and its answer; `outline` and `job` are None where it did not get so far."""

    query: str
    outline: QueryOutline | None
    job: Job | None
    status: int
    sent_bytes: int
    seconds: float


class QueryLog:
    """Writes lines to a file, to stderr, or nowhere."""

    def __init__(self, place: str | None = None, *, with_text: bool = False) -> None:
        """Open the log; `place` is a path, "-" for stderr, or None.

        Raises:
            UsageError: the file cannot be written.
        """
        self._with_text = with_text
        self._logger: logging.Logger | None = None
        if not place:
            return
        try:
            handler: logging.Handler = (
                logging.StreamHandler(sys.stderr)
                if place == STDERR
                else RotatingFileHandler(Path(place), maxBytes=FILE_BYTES, backupCount=OLD_FILES, encoding="utf-8")
            )
        except OSError as error:
            raise UsageError(f"the query log cannot be written: {error.strerror}", where=place) from error
        handler.setFormatter(logging.Formatter("%(message)s"))
        self._logger = logging.Logger("kg.queries")  # of its own, so that no other handler gets what it writes
        self._logger.addHandler(handler)

    def write(self, asked: Asked) -> None:
        """Write a line."""
        if self._logger is not None:
            self._logger.info(json.dumps(event(asked, with_text=self._with_text), ensure_ascii=False))

    def close(self) -> None:
        """Close the file."""
        for handler in self._logger.handlers if self._logger else ():
            handler.close()


def event(asked: Asked, *, with_text: bool) -> dict[str, object]:
    """What the log says of a query; times are in seconds."""
    outline, job = asked.outline, asked.job
    progress = job.progress if job else Progress()
    told: dict[str, object] = {
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "query": outline.fingerprint if outline else fingerprint(asked.query[:MOST_TEXT]),
        "form": outline.form if outline else None,
        "status": asked.status,
        "seconds": round(asked.seconds, 6),
        "queue_seconds": round(progress.queue_seconds, 6),
        "engine_seconds": round(progress.engine_seconds, 6),
        "lane": progress.lane,
        "cache": progress.cache,
        "format": job.answer_format.name if job else None,
        "bytes": asked.sent_bytes,
        "generation": progress.generation or None,
        "infer": job.infer if job else None,
        "dataset": job is not None and (job.dataset is not None or job.own_dataset),
    }
    if with_text:
        told["text"] = without_literals(asked.query)
    return told


def without_literals(query: str) -> str:
    """The text of a query on one line, without comments and with its literals replaced.

    >>> without_literals("SELECT * { ?s foaf:name 'Kari'@nb ; ex:fnr 01017012345 } LIMIT 10 # Kari")
    'SELECT * { ?s foaf:name "…" @nb ; ex:fnr 0 } LIMIT 10'
    """
    parts: list[str] = []
    for match in TOKEN.finditer(query[:MOST_TEXT]):
        kind, lexeme = match.lastgroup, match.group()[match.start(1) - match.start() :]
        if kind == "end":
            break
        if kind in {"invalid", "unclosed"}:
            parts.append("…")  # what follows may be the inside of a string
            break
        if kind == "string":
            lexeme = '"…"'
        elif kind == "iri" and "'" in lexeme:
            lexeme = "<…>"
        elif kind == "number" and sum(map(str.isdigit, lexeme)) >= LONG_NUMBER:
            lexeme = "0"
        parts.append(lexeme)
    return " ".join(parts)
