"""The page of a trace as values: what its template shows, in one language.

In: a trace as JSON. Out: a `TraceView`: the findings in words first, a drawing, and every step with what it rests on.
Every IRI leads to its own page here; text from a source stays text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from pyoxigraph import NamedNode

from kg.api.description import compact
from kg.api.once_only_view import trace_page
from kg.api.resource_view import page_of
from kg.explain.held import term_of
from kg.namespaces import Names
from kg.trace.drawing import Drawing, draw
from kg.trace.paths import PATH_NAMES

KIND_NAMES: Final[Mapping[str, Mapping[str, str]]] = {
    "nb": {
        "model": "informasjonsmodell",
        "element": "element",
        "concept": "begrep",
        "codelist": "kodeliste",
        "dataset": "datasett",
        "distribution": "distribusjon",
        "dataservice": "API",
        "service": "tjeneste",
        "event": "hendelse",
        "aiproject": "KI-prosjekt",
        "agency": "virksomhet",
        "law": "lov",
    },
    "en": {
        "model": "information model",
        "element": "element",
        "concept": "concept",
        "codelist": "code list",
        "dataset": "dataset",
        "distribution": "distribution",
        "dataservice": "API",
        "service": "service",
        "event": "event",
        "aiproject": "AI project",
        "agency": "agency",
        "law": "law",
    },
}
FINDING_NAMES: Final[Mapping[str, Mapping[str, str]]] = {
    "nb": {
        "authority": "Autoritativ kilde",
        "shared": "Felles opplysning",
        "duplicate-collection": "Dobbeltinnsamling",
        "fork": "Ulike definisjoner",
        "gap": "Mangler",
        "broken": "Brutt kjede",
    },
    "en": {
        "authority": "Authoritative source",
        "shared": "Shared element",
        "duplicate-collection": "Duplicate collection",
        "fork": "Different definitions",
        "gap": "Gap",
        "broken": "Broken chain",
    },
}
EVIDENCE_NAMES: Final[Mapping[str, Mapping[str, str]]] = {
    "nb": {"asserted": "oppgitt", "inferred": "utledet", "suggested": "foreslått"},
    "en": {"asserted": "asserted", "inferred": "inferred", "suggested": "suggested"},
}


@dataclass(frozen=True, slots=True)
class Term:
    """A term of a triple: what it is shown as, and its page here where it is an IRI."""

    shown: str
    page: str = ""


@dataclass(frozen=True, slots=True)
class TripleView:
    """A triple, and where it is explained; empty where that is not asked for."""

    terms: tuple[Term, Term, Term]
    why: str = ""


@dataclass(frozen=True, slots=True)
class NodeView:
    """A node: its name, its page here, and the trace that begins at it."""

    name: str
    kind: str
    page: str
    trace: str
    agency: str = ""


@dataclass(frozen=True, slots=True)
class StepView:
    """A step, with what it rests on."""

    source: NodeView
    target: NodeView
    says: str
    evidence: str
    reason: str
    triples: tuple[TripleView, ...]


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding in words.

    Attributes:
        missing: the triple that would mend a broken chain.
        definitions: of a fork, who says what.
        steps: what it rests on.
    """

    kind: str
    heading: str
    text: str
    missing: TripleView | None
    definitions: tuple[tuple[NodeView, str], ...]
    steps: tuple[StepView, ...]


@dataclass(frozen=True, slots=True)
class TraceView:
    """What the page shows; `behind` is the address of the next page, empty where there is none."""

    element: str
    findings: tuple[FindingView, ...]
    choices: tuple[NodeView, ...]
    drawing: Drawing
    drawing_text: str
    headings: tuple[str, ...]
    nodes: tuple[NodeView, ...]
    steps: tuple[StepView, ...]
    total: int
    behind: str


def trace_view(trace: Mapping[str, Any], names: Names, language: str, behind: str = "", root: str = "") -> TraceView:
    """The page of a trace in a language, "nb" or "en"; `root` is what addresses of the service begin with."""
    viewer = _Viewer(trace, names, language, root)
    drawing = draw(trace)
    return TraceView(
        element=trace["element"],
        findings=tuple(map(viewer.finding, trace["findings"])),
        choices=tuple(viewer.node(choice) for choice in trace["choices"]),
        drawing=drawing,
        drawing_text=_in_words(drawing, language),
        headings=_headings(language),
        nodes=tuple(viewer.node(node) for node in trace["nodes"]),
        steps=tuple(map(viewer.step, trace["edges"])),
        total=trace["total"]["nodes"],
        behind=behind,
    )


class _Viewer:
    """Views of the parts of one trace."""

    def __init__(self, trace: Mapping[str, Any], names: Names, language: str, root: str) -> None:
        self._root = root
        self._write = compact(names)
        self._language = language
        self._nodes = {node["iri"]: node for node in trace["nodes"]}
        self._agencies = {agency["iri"]: agency["name"] for agency in trace["agencies"]}

    def node(self, node: Mapping[str, Any]) -> NodeView:
        iri, kinds = node["iri"], KIND_NAMES[self._language]
        agency = node.get("agency") or ""
        name = node["label"] or self._write(iri)
        pages = f"{self._root}{page_of(iri)}", f"{self._root}{trace_page(iri)}"
        return NodeView(name, kinds[node["kind"]], *pages, self._agencies.get(agency, agency))

    def step(self, edge: Mapping[str, Any]) -> StepView:
        path = PATH_NAMES.get(edge["path"])
        says = getattr(path.words, self._language) if path else edge["path"]
        proofs = edge.get("proofs", ())
        return StepView(
            source=self._at(edge["from"]),
            target=self._at(edge["to"]),
            says=says,
            evidence=EVIDENCE_NAMES[self._language][edge["evidence"]],
            reason=edge["reason"][self._language] if "reason" in edge else "",
            triples=tuple(self.triple(triple, proofs) for triple in edge["triples"]),
        )

    def finding(self, finding: Mapping[str, Any]) -> FindingView:
        return FindingView(
            kind=finding["kind"],
            heading=FINDING_NAMES[self._language][finding["kind"]],
            text=finding["text"][self._language],
            missing=self.triple(finding["missing"]) if "missing" in finding else None,
            definitions=tuple((self._at(iri), text) for iri, text in finding.get("definitions", {}).items()),
            steps=tuple(map(self.step, finding["edges"])),
        )

    def triple(self, triple: Mapping[str, str], proofs: Sequence[str] = ()) -> TripleView:
        """A triple; where one of these addresses leads to its proof, with that address."""
        subject, predicate, object_ = (triple[place] for place in ("subject", "predicate", "object"))
        why = f"explain?{urlencode({'s': subject, 'p': predicate, 'o': object_})}"
        terms = self._term(subject), self._term(predicate), self._term(object_)
        return TripleView(terms, f"{self._root}{why}" if why in proofs else "")

    def _at(self, iri: str) -> NodeView:
        return self.node(self._nodes.get(iri) or {"iri": iri, "kind": "concept", "label": ""})

    def _term(self, text: str) -> Term:
        if text.startswith("?"):
            return Term(text)
        term = term_of(text)
        if not isinstance(term, NamedNode):
            return Term(text)
        return Term(self._write(term.value), f"{self._root}{page_of(term.value)}")


def _headings(language: str) -> tuple[str, ...]:
    if language == "nb":
        return ("Begrep", "Modell", "Datasett", "API", "Tjeneste og lov")
    return ("Concept", "Model", "Dataset", "API", "Service and law")


def _in_words(drawing: Drawing, language: str) -> str:
    """What the drawing shows, for whoever cannot see it."""
    agencies = [band.name for band in drawing.bands if band.name]
    counts: dict[str, int] = {}
    for box in drawing.boxes:
        counts[box.kind] = counts.get(box.kind, 0) + 1
    kinds = ", ".join(f"{count} {KIND_NAMES[language][kind]}" for kind, count in counts.items())
    who = _listed(agencies)
    if language == "nb":
        return f"Virksomheter og det de har: {who}. I tegningen: {kinds}. Tabellen under har det samme i ord."
    return f"Agencies and what they have: {who}. In the drawing: {kinds}. The table below says the same in words."


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) or "–"
