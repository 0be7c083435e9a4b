"""Replies: what a worker says instead of an answer, and what its end without a word means, as errors of ours.

In: the head of a reply, or how a worker died. Out: the `QueryError` that the client is told.
"""

from typing import Final

from kg.engine import frames
from kg.engine.orders import Job
from kg.engine.pool import Died
from kg.errors import AnswerTooLarge, DeadlinePassed, EngineFailed, NotFound, ParameterError, SyntaxFault
from kg.sparql.tokens import excerpt_at

_MEMORY_WORDS: Final = ("memory allocation of", "out of memory", "capacity overflow", "MemoryError")
_ABORTED: Final = -6
_SEGMENTATION_FAULT: Final = -11


def refuse(head: frames.Head, query: str) -> None:
    """Raise the error that a reply to a query tells of, if it does.

    Raises:
        KgError: whichever the worker has found.
    """
    error = head.get("error")
    if error == "syntax":
        line, column = int(head["line"]), int(head["column"])
        excerpt = excerpt_at(query, line, column) if line else ""
        raise SyntaxFault(head["what"], hint=head.get("hint", ""), line=line, column=column, excerpt=excerpt)
    if error == "deadline":
        raise DeadlinePassed(head["what"], hint=head["hint"], limit_seconds=float(head["limit_seconds"]))
    if error == "too-large":
        hint = head.get("hint", "ask for less: fewer columns, a LIMIT, or part after part")
        raise AnswerTooLarge(head["what"], hint=hint)
    if error == "unknown":
        raise NotFound(head["what"], hint=head["hint"])
    if error == "parameter":
        raise ParameterError(head["what"], hint=head["hint"], parameter="element")
    if error:
        raise EngineFailed(head["what"])


def failure(died: Died, job: Job) -> EngineFailed:
    """Why a worker died of a job, as far as its last words and its status tell; the job's progress learns of it."""
    if any(word in died.words for word in _MEMORY_WORDS):
        job.progress.out_of_memory = True
        return EngineFailed("the query needs more memory than one query may use", hint="sort or group less at once")
    if died.status == _ABORTED and job.ordered:
        return EngineFailed(
            "the engine stopped while sorting",
            hint="ORDER BY over values of mixed kinds (numbers, texts) stops it; try ORDER BY STR(?x)",
        )
    if died.status == _SEGMENTATION_FAULT:
        return EngineFailed("the query is too deeply nested for the engine", hint="simplify it")
    return EngineFailed("the engine stopped on this query", hint="simplify it; the service itself is unharmed")
