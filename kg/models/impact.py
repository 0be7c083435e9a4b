"""Impact: what a change of one thing reaches, and on which way.

In: a concept, model element, property, code list or model; the rows of one step after another. Out: everything reached,
each with the shortest way there, and the named queries that speak of any of it. A step is followed as the change
spreads: from a property to the element that has it, to the properties whose values are such elements, to the model, to
what conforms to the model, to its APIs and to the services that ask for it. A match other than an exact one is reached
and not followed.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from kg.models.asking import Conversation, ask_of_all
from kg.namespaces import CPSV, CPSVNO, CV, DCAT, DCT, FOAF, MODELLDCATNO, RDF, RDFS, SKOS, Names

MAX_REACHED: Final = 5_000
MAX_DEPTH: Final = 10

STEPS: Final[Mapping[str, tuple[str, str]]] = {
    "property-of": ("er en egenskap ved", "is a property of"),
    "type-of": ("er typen til", "is the type of"),
    "code-in": ("er en kode i", "is a code of"),
    "in-model": ("er i modellen", "is in the model"),
    "means": ("er begrepet til", "is the concept of"),
    "exact-match": ("er koblet som lik", "is linked as exact to"),
    "other-match": ("er koblet til", "is linked to"),
    "profile-of": ("er grunnlaget for", "is what this is a profile of:"),
    "conforms-to": ("følges av", "is conformed to by"),
    "distribution-of": ("er en distribusjon av", "is a distribution of"),
    "served-by": ("er tilgjengelig i", "is served by"),
    "evidence-for": ("kreves av tjenesten", "is asked for by the service"),
    "in-event": ("hører til hendelsen", "belongs to the event"),
}
"""The steps of `queries/reached.rq` in words: Norwegian, English."""
_ENDS: Final = frozenset(("other-match",))

_KINDS: Final = (
    ("model", f"{MODELLDCATNO}InformationModel"),
    ("codelist", f"{MODELLDCATNO}CodeList"),
    ("element", f"{MODELLDCATNO}ModelElement"),
    ("property", f"{MODELLDCATNO}Property"),
    ("concept", f"{SKOS}Concept"),
    ("dataset", f"{DCAT}Dataset"),
    ("distribution", f"{DCAT}Distribution"),
    ("dataservice", f"{DCAT}DataService"),
    ("service", f"{CPSV}PublicService"),
    ("service", f"{CPSVNO}Service"),
    ("event", f"{CV}Event"),
    ("event", f"{CV}LifeEvent"),
    ("event", f"{CV}BusinessEvent"),
)


@dataclass(frozen=True, slots=True)
class Reach:
    """One thing that is reached: from what, by which step, how many steps from the start."""

    origin: str
    step: str
    depth: int


@dataclass(slots=True)
class Impact:
    """What a change reaches.

    Attributes:
        start: the thing that changes.
        reached: in the order of distance.
        complete: false where a limit of number or distance ended the walk.
        kinds: what each thing is, and `labels` what it is called.
    """

    start: str
    reached: dict[str, Reach] = field(default_factory=dict)
    complete: bool = True
    kinds: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)

    def path(self, iri: str) -> list[tuple[str, str, str]]:
        """The way from the start to a thing: from, step, to."""
        steps: list[tuple[str, str, str]] = []
        while iri != self.start:
            reach = self.reached[iri]
            steps.append((reach.origin, reach.step, iri))
            iri = reach.origin
        return steps[::-1]

    def to_json(self, queries: Mapping[str, str]) -> dict[str, Any]:
        """As JSON; `queries` are the texts of the named queries by name."""
        counts = Counter(self.kinds.get(iri, "other") for iri in self.reached)
        return {
            "start": {"iri": self.start, "kind": self.kinds.get(self.start), "label": self.labels.get(self.start)},
            "complete": self.complete,
            "counts": dict(sorted(counts.items())),
            "reached": [
                {
                    "iri": iri,
                    "kind": self.kinds.get(iri, "other"),
                    "label": self.labels.get(iri),
                    "depth": reach.depth,
                    "path": [{"from": one, "step": step, "to": other} for one, step, other in self.path(iri)],
                }
                for iri, reach in self.reached.items()
            ],
            "queries": speaking_queries(queries, (self.start, *self.reached)),
        }


def read_impact(start: str, names: Names, language: str = "nb") -> Conversation[Impact]:
    """Everything that a change of one thing reaches."""
    impact = Impact(start)
    edge = [start]
    for depth in range(1, MAX_DEPTH + 2):
        if not edge:
            break
        if depth > MAX_DEPTH or len(impact.reached) > MAX_REACHED:
            impact.complete = False
            break
        following: dict[str, None] = {}
        for row in (yield from ask_of_all("reached", names, edge)):
            origin, step, to = (_text(row[name]) for name in ("from", "step", "to"))
            if to != start and to not in impact.reached:
                impact.reached[to] = Reach(origin, step, depth)
                if step not in _ENDS:
                    following[to] = None
        edge = list(following)
    yield from _name(impact, names, language)
    return impact


def speaking_queries(queries: Mapping[str, str], iris: Sequence[str]) -> list[dict[str, str]]:
    """The named queries whose text names one of some things."""
    found = []
    for name, text in sorted(queries.items()):
        named = next((iri for iri in iris if f"<{iri}>" in text or f"{iri} " in text or f"{iri}\n" in text), None)
        if named:
            found.append({"name": name, "iri": named})
    return found


def _name(impact: Impact, names: Names, language: str) -> Conversation[None]:
    """Say what each thing is and is called."""
    classes = {class_: (rank, kind) for rank, (kind, class_) in enumerate(_KINDS)}
    labels = (f"{DCT}title", f"{SKOS}prefLabel", f"{RDFS}label", f"{FOAF}name")
    ranks = {tag: rank for rank, tag in enumerate(dict.fromkeys((language, "nb", "nn", "en")))}
    best_kind: dict[str, tuple[int, str]] = {}
    best_label: dict[str, tuple[int, str]] = {}
    for row in (yield from ask_of_all("said", names, (impact.start, *impact.reached))):
        thing, predicate, value = _text(row["thing"]), _text(row["predicate"]), row["value"]
        if predicate == f"{RDF}type" and isinstance(value, NamedNode) and value.value in classes:
            best_kind[thing] = min(best_kind.get(thing, (99, "")), classes[value.value])
        elif predicate in labels and isinstance(value, Literal):
            rank = ranks.get(value.language or "", len(ranks))
            best_label[thing] = min(best_label.get(thing, (99, "")), (rank, value.value))
    impact.kinds = {thing: kind for thing, (_, kind) in best_kind.items()}
    impact.labels = {thing: label for thing, (_, label) in best_label.items()}


def _text(term: object) -> str:
    assert isinstance(term, NamedNode | Literal), "the query gives nothing else in these places"
    return term.value
