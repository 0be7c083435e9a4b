"""Evaluation sets: things whose right partners are known, in a generation that was built without those links.

In: the columns of a generation and what was taken out of its sources. Out: queries, each with its group, which decides
whether it is learnt from or tested on: all that goes by one name is in the same half, whichever set it is in.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from kg.bench.linking_sources import Links, Prepared, concept_key
from kg.identities import find_concept
from kg.linking.columns import Rows
from kg.linking.elements import Elements
from kg.linking.naming import NameReader
from kg.linking.vocabulary import Kind

SETS: Final = {
    "gaps": "classes of five models → Felles begrepskatalog, concepts found by hand for a gap list",
    "references": "elements of Digdir's common models → the concepts they refer to",
    "confirmed": "classes of SAMT-BU → the concepts they were confirmed to be",
    "classes": "classes that models of Brønnøysundregistrene, Kartverket, ngr-person and FINT share",
    "properties": "properties of those classes",
    "nameless": "the same classes, where one of the two models has lost the names of its classes",
}
"""The sets, and what they are."""
CONCEPT_SETS: Final = frozenset({"gaps", "references", "confirmed"})
"""Those whose partners are concepts."""
_SHARED_MODELS: Final = (
    "enhetsregisteret-bvrinn",
    "ngr-virksomhet",
    "register-over-aksjeeiere",
    "ngr-adresse",
    "ngr-eiendom",
    "ngr-person",
    "fint-utdanning",
)
_HALVING: Final = 4
"""The byte of the hash that halves the sets: the one that leaves something of each in both, chosen by sizes alone."""


@dataclass(frozen=True)
class Query:
    """One thing to find partners for.

    Attributes:
        set: name of its set.
        left: its row.
        among: rows of what may be found.
        right: rows of what is right; none where it is taken to have no partner among them.
        group: what it goes by.
    """

    set: str
    left: int
    among: Rows
    right: frozenset[int]
    group: str

    @property
    def tested(self) -> bool:
        """Whether it is in the half that nothing is learnt from."""
        return hashlib.sha256(self.group.encode()).digest()[_HALVING] % 2 == 1


def concept_queries(elements: Elements, prepared: Prepared) -> Iterator[Query]:
    """Those whose partners are concepts; a link to a concept that nobody describes is left out.

    Digdir refers to concepts of several catalogues; the others were looked for in Felles begrepskatalog alone, where
    the older concepts of Brønnøysundregistrene's own catalogue stand again under new IRIs.
    """
    reader = NameReader()
    concepts = np.flatnonzero(elements.kinds == Kind.CONCEPT).astype(np.int64)
    common = np.array([row for row in concepts.tolist() if find_concept(elements.iris[row])], np.int64)
    row_of = {key: int(row) for row in concepts if (key := concept_key(elements.iris[int(row)]))}
    links: Mapping[str, Links] = {
        "gaps": prepared.gaps,
        "references": prepared.references,
        "confirmed": prepared.confirmed,
    }
    for name, of_set in links.items():
        for iri, wanted in sorted(of_set.items()):
            left = elements.iris.find(iri)
            keys = (concept_key(concept) for concept in wanted)
            right = frozenset(row_of[key] for key in keys if key in row_of)
            if left >= 0 and right:
                among = concepts if name == "references" else common
                yield Query(name, left, among, right, reader.form(elements.labels[left]).key)


def class_queries(elements: Elements) -> Iterator[Query]:
    """Classes of one model among those of another; also those that the other one does not have."""
    for left, among, named in _model_pairs(elements):
        for row, key in left.items():
            yield Query("classes", row, among, frozenset(named.get(key, ())), key)


def property_queries(elements: Elements) -> Iterator[Query]:
    """Properties of a shared class among all properties of the other model; grouped by their class."""
    reader = NameReader()
    for left, among, named in _model_pairs(elements):
        for row, key in left.items():
            if key not in named:
                continue
            for own in _parts(elements, row):
                name = reader.form(elements.labels[own]).key
                parts = (part for other in named[key] for part in _parts(elements, other))
                right = frozenset(part for part in parts if reader.form(elements.labels[part]).key == name)
                yield Query("properties", own, among, right, key)


def nameless_queries(elements: Elements, prepared: Prepared) -> Iterator[Query]:
    """Classes of one model among the nameless copies of another's."""
    copies = {row: _copy_of(elements, prepared, row) for row in range(len(elements))}
    for left, among, named in _model_pairs(elements):
        hidden = np.array([copy for row in among.tolist() if (copy := copies[row]) >= 0], np.int64)
        for row, key in left.items():
            if key in named and len(hidden):
                yield Query("nameless", row, hidden, frozenset(copies[other] for other in named[key]), key)


def _copy_of(elements: Elements, prepared: Prepared, row: int) -> int:
    copy = prepared.hidden.get(elements.iris[row])
    return elements.iris.find(copy) if copy else -1


def _parts(elements: Elements, row: int) -> list[int]:
    return [int(part) for part in np.flatnonzero(elements.parents == row)]


def _model_pairs(elements: Elements) -> Iterator[tuple[dict[int, str], Rows, dict[str, list[int]]]]:
    """For each two models: the classes of the one by row, all of the other, and the classes of that by name."""
    reader = NameReader()
    models = [iri for iri in elements.model_iris if iri.rpartition("/")[2] in _SHARED_MODELS and "hidden" not in iri]
    rows = {model: elements.in_model(model) for model in models}
    classes = {
        model: {int(row): reader.form(elements.labels[int(row)]).key for row in of if elements.kinds[row] == Kind.CLASS}
        for model, of in rows.items()
    }
    for one in models:
        for other in models:
            if one != other:
                named: defaultdict[str, list[int]] = defaultdict(list)
                for row, key in classes[other].items():
                    named[key].append(row)
                yield classes[one], rows[other], dict(named)
