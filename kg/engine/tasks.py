"""Tasks: what a worker answers beside queries and dumps: proofs, traces, the overview of once-only, trials of links.

In: an order whose body is JSON, and the tools that read the graph. Out: the head of a reply, and JSON in the sink. A
new task is a function and a row of `TASKS`.
"""

import gc
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final

from pyoxigraph import Store

from kg.engine.frames import Head
from kg.engine.sink import AnswerTooLarge, Sink
from kg.explain.explaining import MAX_SECONDS, MAX_STEPS, Explainer, Unexplained, budget
from kg.explain.held import Budget, OutOfBudget
from kg.explain.prover import TooLong
from kg.linking.candidate import Relation
from kg.linking.consequences import MAX_STEPS as MAX_TRIAL_STEPS
from kg.linking.consequences import Trial
from kg.namespaces import Names
from kg.trace.answer import answer
from kg.trace.facts import Facts
from kg.trace.graph import Graph, Known
from kg.trace.overview_json import Overviewer, Part
from kg.trace.tracing import Request, Untraceable
from kg.trace.triples import Ground

_TRIAL_SHARE: Final = 0.9
"""Of the time there is, for a trial; the rest is for writing what it found."""


class Tools:
    """What tasks read the graph with; each is made when it is first needed, and then kept for what it remembers."""

    def __init__(self, store: Store, inferred: str | None, names: Names) -> None:
        self._store, self._inferred, self._names = store, inferred, names

    @cached_property
    def explainer(self) -> Explainer:
        """Finds proofs."""
        return Explainer(self._store, self._names, self._inferred)

    @cached_property
    def trial(self) -> Trial:
        """Tries links."""
        return Trial(self._store, self._names, self._inferred, self.explainer)

    @cached_property
    def facts(self) -> Facts:
        """What findings ask of the graph."""
        return Facts(self._store, self._inferred, self._names)

    @cached_property
    def overviewer(self) -> Overviewer:
        """Makes the overview."""
        return Overviewer(self.facts)

    @cached_property
    def known(self) -> Known:
        """What traces share."""
        return Known(Ground(self._store, self._inferred), self._names)

    def graph(self) -> Graph:
        """What one trace walks on."""
        return Graph(self.known)


class Refused(Exception):
    """The task has no answer; the reply says why."""

    def __init__(self, error: str, what: str, hint: str = "", **more: Any) -> None:
        super().__init__(what)
        self.reply: Head = {"error": error, "what": what, "hint": hint, **more}


Content = tuple[Any, Mapping[str, Any]]
"""What is written as JSON, and what else the reply says."""


@dataclass(frozen=True, slots=True)
class Task:
    """A kind of order.

    Attributes:
        run: takes the tools, the body and the seconds there are; raises Refused.
        answer: what the answer is called where it has to be refused.
        hint: what to do where it is too large.
    """

    run: Callable[[Tools, Any, float], Content]
    answer: str
    hint: str = ""


def perform(head: Head, body: str, tools: Tools, sink: Sink) -> Head:
    """Carry out the task of an order; the head of the reply."""
    started, task = time.perf_counter(), TASKS[head["kind"]]
    gc.disable()  # a task makes much that lives until its end, which the collector would walk through again and again
    try:
        content, more = task.run(tools, json.loads(body), head["seconds"])
        sink.write(json.dumps(content, ensure_ascii=False).encode("utf-8", "replace"))
    except Refused as refused:
        return refused.reply
    except AnswerTooLarge:
        return {"error": "too-large", "what": f"{task.answer} is larger than an answer may be", "hint": task.hint}
    except MemoryError:
        return {"error": "engine", "what": f"{task.answer} needs more memory than one query may use"}
    finally:
        gc.enable()
    return {"engine_seconds": round(time.perf_counter() - started, 6), **more}


def _explain(tools: Tools, names: Any, seconds: float) -> Content:
    """The proof of a triple."""
    limit, hint = min(seconds, MAX_SECONDS), "explain a triple that it may rest on"
    try:
        return tools.explainer.explain(names, budget(limit)), {}
    except OutOfBudget as error:
        what = f"no proof was found within {limit:.3g} s and {MAX_STEPS:,} steps"
        raise Refused("deadline", what, hint, limit_seconds=limit) from error
    except TooLong as error:
        raise Refused("too-large", str(error), hint) from error
    except Unexplained as error:
        raise Refused("engine", "the triple was inferred, and no rule is found that concludes it") from error


def _trace(tools: Tools, wish: Any, _seconds: float) -> Content:
    """A page of the web around an element, and where the next one begins."""
    try:
        found, following = answer(tools.graph(), tools.facts, Request.from_json(wish))
    except Untraceable as error:
        raise Refused("unknown" if error.unknown else "parameter", error.what, error.hint) from error
    return found, {"next": following}


def _overview(tools: Tools, part: Any, _seconds: float) -> Content:
    """A part of the overview."""
    return tools.overviewer.part(Part(**part)), {}


def _try_link(tools: Tools, link: Any, seconds: float) -> Content:
    """What a link would entail; a search that a limit cut short says so in its answer."""
    left, relation, right = link
    limits = Budget(MAX_TRIAL_STEPS, time.monotonic() + min(seconds, MAX_SECONDS) * _TRIAL_SHARE)
    return tools.trial.attempt(left, Relation(relation), right, limits), {}


TASKS: Final[Mapping[str, Task]] = MappingProxyType(
    {
        "explain": Task(_explain, "the proof"),
        "trace": Task(_trace, "the trace", "ask for a lower limit"),
        "overview": Task(_overview, "the overview", "ask for less"),
        "trial": Task(_try_link, "what follows"),
    }
)
"""The tasks, by the kind of their orders (`kg.engine.orders.Job`)."""
