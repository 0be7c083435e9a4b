"""Conversations: work that asks one question after another, written apart from how questions are asked.

In: a generator that yields the text of a query, is sent its rows and returns its value; and a way to ask. Out: that
value. So the same work serves whoever asks over HTTP and whoever asks from the command line.
"""

from collections.abc import Awaitable, Callable, Generator, Sequence
from typing import TypeVar

from pyoxigraph import QueryResultsFormat, QuerySolution, QuerySolutions, parse_query_results

Result = TypeVar("Result")
Conversation = Generator[str, Sequence[QuerySolution], Result]


async def hold(conversation: Conversation[Result], ask: Callable[[str], Awaitable[Sequence[QuerySolution]]]) -> Result:
    """Hold a conversation: its questions are asked until it has its value."""
    try:
        question = next(conversation)
        while True:
            question = conversation.send(await ask(question))
    except StopIteration as ended:
        result: Result = ended.value
        return result


def rows_of(content: bytes) -> list[QuerySolution]:
    """The rows of an answer in SPARQL's own JSON."""
    solutions = parse_query_results(content, format=QueryResultsFormat.JSON)
    assert isinstance(solutions, QuerySolutions)
    return list(solutions)
