"""The page of a proof as values: what its template shows.

In: the JSON of a proof, labels. Out: a `StepView` that holds those of its premises. Every IRI leads to its own page
here; text from a source stays text.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, QuerySolution

from kg.api.description import compact, text
from kg.api.resource_view import page_of
from kg.explain.held import Term, term_of
from kg.namespaces import Names

MAX_LABELLED: Final = 500
"""IRIs of a proof whose labels are asked for; those of the first steps."""

W3C_RULES: Final = "https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules"

_LANGUAGES: Final = {"nb": ("nb", "no", "nn", "", "en"), "en": ("en", "nb", "nn", "no", "")}


@dataclass(frozen=True, slots=True)
class TermView:
    """A term: what it is shown as, and its page here where it is an IRI; the language or datatype of a literal."""

    shown: str
    page: str = ""
    iri: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class StepView:
    """One triple of a proof.

    Attributes:
        rule: the label of the rule; empty where the triple is asserted or not held.
        rule_page: where the rule is described.
        meaning: what the rule says, if it is one of ours.
        graphs: the graphs that hold the triple.
        conditions: in words of the page's language.
    """

    terms: tuple[TermView, TermView, TermView]
    status: str
    rule: str
    rule_page: str
    meaning: str
    graphs: tuple[TermView, ...]
    conditions: tuple[str, ...]
    premises: tuple["StepView", ...]


def proof_iris(proof: Mapping[str, Any]) -> list[str]:
    """The IRIs of a proof's triples and graphs, each once, outermost steps first."""
    found: dict[str, None] = {}
    level = [proof]
    while level and len(found) < MAX_LABELLED:
        for step in level:
            terms = [term_of(step["triple"][place]) for place in ("subject", "predicate", "object")]
            found |= dict.fromkeys(term.value for term in terms if isinstance(term, NamedNode))
            found |= dict.fromkeys(step["graphs"])
        level = [premise for step in level for premise in step["premises"]]
    return list(found)[:MAX_LABELLED]


def proof_view(
    proof: Mapping[str, Any],
    labels: Sequence[QuerySolution],
    names: Names,
    meanings: Mapping[str, tuple[str, str]],
    language: str,
) -> StepView:
    """The page of a proof in a language."""
    show = _shower(_chosen(labels, language), names)

    def view(step: Mapping[str, Any]) -> StepView:
        triple = step["triple"]
        rule = step["rule"] or ""
        nb, en = meanings.get(rule, ("", ""))
        return StepView(
            (show(term_of(triple["subject"])), show(term_of(triple["predicate"])), show(term_of(triple["object"]))),
            step["status"],
            rule.rpartition("#")[2],
            (page_of(rule) if rule in meanings else W3C_RULES) if rule else "",
            nb if language == "nb" else en,
            tuple(show(NamedNode(graph)) for graph in step["graphs"]),
            tuple(step["conditions_nb" if language == "nb" else "conditions"]),
            tuple(map(view, step["premises"])),
        )

    return view(proof)


def _shower(labels: Mapping[str, str], names: Names) -> Callable[[Term], TermView]:
    write = compact(names)

    def show(term: Term) -> TermView:
        if isinstance(term, NamedNode):
            return TermView(labels.get(term.value) or write(term.value), page_of(term.value), term.value)
        if isinstance(term, Literal):
            plain = term.datatype.value.endswith("XMLSchema#string")
            return TermView(f"«{term.value}»", mark=term.language or ("" if plain else write(term.datatype.value)))
        return TermView(str(term))

    return show


def _chosen(labels: Sequence[QuerySolution], language: str) -> dict[str, str]:
    """One label for each thing: in the language of the page if there is one, and of those a display name."""
    wanted = _LANGUAGES[language]
    found: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
    for thing, place, label in _named(labels):
        tag = (label.language or "").partition("-")[0]
        found[thing].append((wanted.index(tag) if tag in wanted else len(wanted), place, label.value))
    return {thing: min(names)[2] for thing, names in found.items()}


def _named(labels: Sequence[QuerySolution]) -> Iterator[tuple[str, str, Literal]]:
    for row in labels:
        label = row["label"]
        if isinstance(label, Literal) and label.value.strip():
            yield text(row["thing"]), text(row["place"]), label
