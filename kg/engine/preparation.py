"""Preparation: what a worker does with a query's text before and after the engine has it.

In: an order and what is known of the generation. Out: the text that is run, with the dataset and prefixes to run it
with; why the engine refused it, in words; and advice. The text is read here and not in the web process.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from pyoxigraph import DefaultGraph, NamedNode, Store

from kg.engine.frames import Head
from kg.errors import BuildError
from kg.namespaces import WELL_KNOWN_PREFIXES
from kg.sparql.advice import Advice, Glossary, find_advice
from kg.sparql.mistakes import Vocabulary, explain_mistake
from kg.sparql.rewrites.edits import Rewrite
from kg.sparql.rewrites.rewriting import Rewritten, rewrite
from kg.sparql.rewrites.views import is_former_graph, view_of_request
from kg.sparql.tokens import line_column
from kg.statistics import Statistics, read_statistics


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is known of a generation before any query.

    Attributes:
        prefixes: those predeclared.
        inferred: the inferred graph, where it has triples.
        base: what the generation's own IRIs begin with; relative IRIs are resolved against it, as no document encloses
            a query (RFC 3986, section 5.1.4).
        statistics: None where it has none, and then neither counts nor hints rest on them.
        glossary: the terms in use, by the statistics.
    """

    prefixes: Mapping[str, str]
    inferred: str | None
    base: str
    statistics: Statistics | None = None
    glossary: Glossary | None = field(init=False)

    def __post_init__(self) -> None:
        glossary = Glossary(self.statistics.together) if self.statistics else None
        object.__setattr__(self, "glossary", glossary)


def read_knowledge(prefixes: Mapping[str, str], inferred: str | None, base: str, statistics: Path | None) -> Knowledge:
    """What is known of a generation; damaged statistics are as good as none, for they only help."""
    try:
        known = read_statistics(statistics) if statistics else None
    except BuildError:
        known = None
    return Knowledge(prefixes, inferred, base, known)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A query as it is run: its text, what the engine is called with, and what was changed."""

    text: str
    arguments: dict[str, Any]
    rewrites: tuple[Rewrite, ...]


def prepare(head: Head, query: str, known: Knowledge, store: Store) -> Prepared:
    """The query of an order as it is run; strict ones as they are."""
    strict, graphs = head["strict"], head["default_graphs"]
    viewed = not strict and not head["named_graphs"] and not head["own_dataset"] and are_former(graphs or (), store)
    own = graphs is None or viewed
    if strict:
        changed = Rewritten(query, (), head["own_dataset"])
    else:
        statistics = known.statistics.of(infer=head["infer"]) if own and known.statistics else None
        former = partial(are_former, store=store) if head["own_dataset"] and own else None
        changed = rewrite(query, known.prefixes, statistics, former)
    rewrites = (view_of_request(), *changed.rewrites) if viewed else changed.rewrites
    # Only those that may be used: the engine parses each of their IRIs for every query.
    prefixes = {} if strict else {name: iri for name, iri in known.prefixes.items() if f"{name}:" in query}
    arguments: dict[str, Any] = {"prefixes": prefixes, "base_iri": known.base}
    if not own:
        # With a dataset of the request, what it does not name is empty (SPARQL 1.1 Protocol, 2.1.4).
        arguments["default_graph"] = [NamedNode(graph) for graph in graphs]
        arguments["named_graphs"] = [NamedNode(graph) for graph in head["named_graphs"]]
    elif head["infer"] and known.inferred and not changed.own_dataset:
        arguments["default_graph"] = [DefaultGraph(), NamedNode(known.inferred)]
    return Prepared(changed.text, arguments, rewrites)


def are_former(graphs: Collection[str], store: Store) -> bool:
    """Whether all of these, and there are some, are graphs that data.norge.no had and the store has not."""
    return bool(graphs) and all(
        is_former_graph(graph) and not store.contains_named_graph(NamedNode(graph)) for graph in graphs
    )


def refusal(head: Head, query: str, message: str, known: Knowledge) -> Head:
    """The reply that says why the engine did not read a query."""
    predeclared = {} if head["strict"] else known.prefixes
    terms = {*known.statistics.together.properties, *known.statistics.together.classes} if known.statistics else set()
    mistake = explain_mistake(query, message, Vocabulary(predeclared, {**WELL_KNOWN_PREFIXES, **known.prefixes}, terms))
    return {
        "error": "syntax",
        "what": mistake.what,
        "hint": mistake.hint,
        "line": mistake.line,
        "column": mistake.column,
    }


def advise(head: Head, query: str, prepared: Prepared, known: Knowledge) -> list[dict[str, Any]]:
    """The advice on a query that was answered, for the head of a reply; a graph that was not read is said first."""
    told = [
        Advice("view", step.nb, step.en, "", "", *line_column(query, step.place)).as_json()
        for step in prepared.rewrites
        if step.rule == "view"
    ]
    if head["default_graphs"] is None or told:  # the graphs of a request's own dataset may use other terms
        prefixes = {} if head["strict"] else known.prefixes
        found = find_advice(query, prefixes, known.glossary, thorough=head["hints"])
        told += [advice.as_json() for advice in found]
    return told


def plan_of(head: Head, query: str, known: Knowledge, store: Store) -> bytes:
    """How a query would be run, as JSON; it is read by the engine on an empty store.

    Raises:
        SyntaxError: the engine does not read it.
    """
    prepared = prepare(head, query, known, store)
    Store().query(query, prefixes=prepared.arguments["prefixes"], base_iri=known.base)
    graphs = prepared.arguments.get("default_graph")
    plan = {
        "query": query,
        "run": prepared.text,
        "rewrites": [
            {"rule": step.rule, "reason": {"nb": step.nb, "en": step.en}, "line": step_line, "column": step_column}
            for step in prepared.rewrites
            for step_line, step_column in (line_column(query, step.place),)
        ],
        "default_graphs": [str(graph) for graph in graphs] if graphs else ["DEFAULT"],
        "prefixes": prepared.arguments["prefixes"],
        "hints": advise({**head, "hints": True}, query, prepared, known),
    }
    return json.dumps(plan, ensure_ascii=False, indent=1).encode("utf-8", "replace")
