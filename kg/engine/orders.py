"""Orders and answers: what the supervisor asks of a worker and what comes back.

`Job` and `Answer` are the vocabulary of the service towards the engine; an order is the part of a job that a worker
needs, which `frames` puts on the wire.
"""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import IO, Any, Final

from kg.engine.progress import Progress
from kg.sparql.formats import JSON, Format
from kg.sparql.normal import Fingerprint, verbatim

CHUNK: Final = 256 << 10
"""Bytes of the pieces in which an answer is given."""


@dataclass(frozen=True, slots=True)
class QueryDataset:
    """The dataset a query reads, where it is not the service's own (SPARQL 1.1 Protocol, section 2.1.4).

    Empty tuples are an empty default graph and no named graphs.
    """

    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Job:
    """One query, or another thing that is asked of a generation: see `kind`.

    Attributes:
        query: SPARQL text that the guard has passed; else what a function of this module made.
        answer_format: what the answer is serialised as.
        infer: whether the service's own default dataset includes the inferred graph.
        dataset: the dataset of the request, or None for the service's own or the query's.
        own_dataset: whether the query has FROM clauses, which then hold.
        seconds: the deadline, counted from the request's arrival.
        spent: how much of that has passed when the job is handed over.
        client: whose query it is, for fairness between clients.
        strict: without predeclared prefixes.
        ordered: whether the query sorts, for a better word when the engine dies of it.
        kind: "query", "plan" for how a query is run instead of its answer, "explain", "trace", "overview", "trial" or
            "dump".
        hints: whether advice is wanted that needs the query to be read again.
        fingerprint: of the query, where one answer may serve all who ask it; None where not.
        background: whether it may take as long as nobody else is waiting, at the lowest priority.
        progress: how it fares, written meanwhile.
    """

    query: str
    answer_format: Format
    infer: bool = True
    dataset: QueryDataset | None = None
    own_dataset: bool = False
    seconds: float = 10.0
    spent: float = 0.0
    client: str = ""
    strict: bool = False
    ordered: bool = False
    kind: str = "query"
    hints: bool = False
    fingerprint: Fingerprint | None = None
    background: bool = False
    progress: Progress = field(default_factory=Progress, compare=False)


@dataclass(slots=True)
class Readers:
    """How many answers there are over one file."""

    count: int = 1


@dataclass(slots=True)
class Answer:
    """A whole answer: bytes, or an open file that nobody else can see and that ends with this object.

    Attributes:
        seconds: how long the engine took, waiting not counted.
        generation: the number of the generation that answered.
        hints: advice on the query, as JSON values; it speaks of places in the text, so that it suits no other text.
        next_offset: where the next page begins, for an answer that is one page of several; None where there is none.
        members: what stands beside the members of the JSON object that the answer is; see `add_members`.
        readers: of the same file; the last one that closes gives it back.
    """

    answer_format: Format
    length: int
    seconds: float
    generation: int
    inline: bytes = b""
    file: IO[bytes] | None = None
    hints: Sequence[dict[str, Any]] = ()
    next_offset: int | None = None
    members: bytes = b""
    readers: Readers = field(default_factory=Readers)

    @property
    def size(self) -> int:
        """How many bytes `chunks` gives."""
        return self.length + len(self.members)

    @property
    def placed(self) -> bool:
        """Whether what comes with the answer speaks of places in the query's text."""
        return bool(self.hints)

    def add_members(self, members: bytes) -> None:
        """Put more members into the JSON object that the answer is, without reading it: `"name": value`."""
        self.members = b"," + members

    def copy(self) -> "Answer":
        """The same answer for another reader, to be closed on its own."""
        if self.file is None:
            return replace(self)
        self.readers.count += 1
        return replace(self, file=os.fdopen(os.dup(self.file.fileno()), "rb"))

    def chunks(self) -> Iterator[bytes]:
        """The answer in pieces."""
        left = self.length - 1 if self.members else self.length  # the object's end stands behind its members
        if self.file is None:
            yield self.inline[:left]
        else:
            place = 0
            while chunk := os.pread(self.file.fileno(), min(CHUNK, left - place), place):  # copies share one place
                place += len(chunk)
                yield chunk
        if self.members:
            yield self.members + b"}"

    def close(self) -> None:
        """Give the file back."""
        if self.file is not None and not self.file.closed:
            self.file.close()
            self.readers.count -= 1


def explanation(names: Sequence[tuple[str, str, str]], seconds: float, *, spent: float = 0.0, client: str = "") -> Job:
    """The job of explaining a triple; its answer is the JSON of a proof.

    Args:
        names: the triple as N-Triples terms, under each name that it may have: the one that is held is explained.
        seconds: the deadline, counted from the request's arrival.
        spent: how much of that has passed.
        client: whose request it is.
    """
    return Job(json.dumps(names), JSON, seconds=seconds, spent=spent, client=client, kind="explain")


def tracing(wish: Mapping[str, Any], seconds: float, *, spent: float = 0.0, client: str = "") -> Job:
    """The job of tracing an element; its answer is the JSON of `/trace` without `next`.

    Args:
        wish: the JSON of a `kg.trace.tracing.Request`.
        seconds: the deadline, counted from the request's arrival.
        spent: how much of that has passed.
        client: whose request it is; others who ask the same may have the answer too.
    """
    text = json.dumps(wish, sort_keys=True)
    return Job(text, JSON, seconds=seconds, spent=spent, client=client, kind="trace", fingerprint=verbatim(text))


def overview(part: Mapping[str, Any], seconds: float, *, spent: float = 0.0, client: str = "") -> Job:
    """The job of one part of the overview of once-only; its answer is JSON (`kg.trace.overview_json`).

    Args:
        part: which part, as `kg.trace.overview_json.Part` reads it.
        seconds: the deadline, counted from the request's arrival.
        spent: how much of that has passed.
        client: whose request it is.
    """
    text = json.dumps(part, sort_keys=True)
    return Job(text, JSON, seconds=seconds, spent=spent, client=client, kind="overview", fingerprint=verbatim(text))


def trial(left: str, relation: str, right: str, seconds: float, *, spent: float = 0.0, client: str = "") -> Job:
    """The job of trying a link; its answer is the JSON of what would follow."""
    text = json.dumps((left, relation, right))
    return Job(text, JSON, seconds=seconds, spent=spent, client=client, kind="trial")


def dump(graph: str | None, answer_format: Format, seconds: float, *, spent: float = 0.0, client: str = "") -> Job:
    """The job of writing out one graph whole; None is the default graph. Its form has to be "graph"."""
    return Job(graph or "", answer_format, seconds=seconds, spent=spent, client=client, kind="dump")


def order_head(job: Job, seconds: float) -> dict[str, Any]:
    """The head of a job's order frame."""
    dataset = job.dataset
    return {
        "kind": job.kind,
        "engine_format": job.answer_format.engine_name,
        "infer": job.infer,
        "own_dataset": job.own_dataset,
        "default_graphs": list(dataset.default_graphs) if dataset else None,
        "named_graphs": list(dataset.named_graphs) if dataset else None,
        "strict": job.strict,
        "hints": job.hints,
        "seconds": seconds,
    }
