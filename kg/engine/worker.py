"""A worker: one process that answers queries, proofs, traces, overviews and trials, and may be killed at any moment.

In: orders on a socket. Out: replies on it; an answer too large for a frame lies in a file of the spool folder that
the reply names. This module uses no asyncio and none of the service, so that it can be read, run and tested alone.
"""

import os
import resource
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, cast

from pyoxigraph import (
    DefaultGraph,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
)

from kg.engine import frames
from kg.engine.plans import WorkerPlan
from kg.engine.preparation import Knowledge, Prepared, advise, plan_of, prepare, refusal
from kg.engine.sink import AnswerTooLarge, Sink
from kg.engine.tasks import TASKS, Tools, perform
from kg.namespaces import Names

GRACE_SECONDS: Final = 0.25
RETIRE_GROWTH: Final = 0.5


def serve(connection: socket.socket, store: Store, plan: WorkerPlan, name: str, known: Knowledge | None = None) -> None:
    """Answer orders until the supervisor hangs up, or until this process has grown too much to be kept.

    Every order arms an alarm a little after its deadline, whose default action ends the process: the supervisor
    kills earlier, but no query outlives its deadline even if the supervisor is gone.
    """
    known = known or Knowledge(plan.prefixes, plan.inferred, plan.base)
    _warm(store)
    space = _AddressSpace()
    started_with = space.bytes()
    tools = Tools(store, plan.inferred, Names(plan.base))
    connection.sendall(frames.encode({"ready": True}))
    for number, (head, body) in enumerate(_orders(connection)):
        sink = Sink(plan.spool / f"{name}-{number}", plan.answer_bytes)
        with _alarm(head["seconds"] + GRACE_SECONDS):
            if head["kind"] in TASKS:
                reply = perform(head, body.decode(), tools, sink)
            elif head["kind"] == "dump":
                reply = _dump(head, body.decode(), store, plan, sink)
            else:
                reply = _answer(head, body.decode(), store, plan, known, sink)
        retire = space.bytes() - started_with > plan.memory_bytes * RETIRE_GROWTH
        inline = b""
        if "error" in reply:
            sink.discard()
        else:
            kept = sink.finish()
            reply |= {"length": sink.length, "file": None if kept is not None else f"{name}-{number}"}
            inline = kept or b""
        connection.sendall(frames.encode({**reply, "retire": retire}, inline))
        if retire:
            return


def _orders(connection: socket.socket) -> Iterator[tuple[frames.Head, bytes]]:
    buffer = bytearray()
    while True:
        frame, size = frames.decode(buffer)
        if frame is not None:
            del buffer[:size]
            yield frame
            continue
        piece = connection.recv(1 << 16)
        if not piece:
            return
        buffer += piece


def _warm(store: Store) -> None:
    """Touch what every query touches, so that the first client does not pay for it."""
    solutions = store.query("SELECT * WHERE { ?s ?p ?o } LIMIT 1")
    assert isinstance(solutions, QuerySolutions)
    solutions.serialize(format=QueryResultsFormat.JSON)


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _answer(head: frames.Head, query: str, store: Store, plan: WorkerPlan, known: Knowledge, sink: Sink) -> frames.Head:
    started = time.perf_counter()
    try:
        if head["kind"] == "plan":
            sink.write(plan_of(head, query, known, store))
            return {"engine_seconds": round(time.perf_counter() - started, 6)}
        prepared = prepare(head, query, known, store)
        _evaluate(head, query, prepared, store, sink)
    except SyntaxError as error:
        return refusal(head, query, str(error), known)
    except AnswerTooLarge:
        return {"error": "too-large", "what": f"the answer is larger than {plan.answer_bytes:,} bytes"}
    except MemoryError:
        return {"error": "engine", "what": "the query needs more memory than one query may use"}
    except (OSError, RuntimeError, ValueError) as error:
        return {"error": "engine", "what": f"the engine refused the query: {_shorten(str(error))}"}
    reply: frames.Head = {"engine_seconds": round(time.perf_counter() - started, 6)}
    if hints := advise(head, query, prepared, known):
        reply["hints"] = hints
    return reply


def _evaluate(head: frames.Head, query: str, prepared: Prepared, store: Store, sink: Sink) -> None:
    """Run a query and write its answer.

    Raises:
        SyntaxError: the engine does not read it.
    """
    try:
        results = store.query(prepared.text, **prepared.arguments)
    except SyntaxError:
        if prepared.text == query:
            raise
        results = store.query(query, **prepared.arguments)  # so that a fault is told of the client's own text
    if isinstance(results, QueryTriples):
        results.serialize(cast("IO[bytes]", sink), getattr(RdfFormat, head["engine_format"]))
    else:
        assert isinstance(results, QuerySolutions | QueryBoolean)
        results.serialize(cast("IO[bytes]", sink), getattr(QueryResultsFormat, head["engine_format"]))


def _dump(head: frames.Head, graph: str, store: Store, plan: WorkerPlan, sink: Sink) -> frames.Head:
    """Write out one graph; an empty name is the default graph."""
    started = time.perf_counter()
    chosen = NamedNode(graph) if graph else DefaultGraph()
    rdf_format = getattr(RdfFormat, head["engine_format"])
    try:
        store.dump(cast("IO[bytes]", sink), rdf_format, from_graph=chosen, prefixes=dict(plan.prefixes))
    except AnswerTooLarge:
        return {
            "error": "too-large",
            "what": f"the graph is larger than {plan.answer_bytes:,} bytes",
            "hint": "/dumps/ has it as a file",
        }
    except MemoryError:
        return {"error": "engine", "what": "the graph needs more memory than one query may use"}
    except (OSError, RuntimeError, ValueError) as error:
        return {"error": "engine", "what": f"the engine cannot write the graph so: {_shorten(str(error))}"}
    return {"engine_seconds": round(time.perf_counter() - started, 6)}


def _shorten(text: str) -> str:
    first = " ".join(text.split())
    return first if len(first) <= 300 else f"{first[:299]}…"


class _AddressSpace:
    """The size of this process's address space; the file is kept open, for it is read after every query."""

    def __init__(self) -> None:
        statm = Path("/proc/self/statm")
        self._file = statm.open("rb", buffering=0) if statm.is_file() else None

    def bytes(self) -> int:
        """The size now; without /proc the peak of resident memory, which is less than that."""
        if self._file is None:
            return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return int(os.pread(self._file.fileno(), 100, 0).split()[0]) * resource.getpagesize()
