"""Indexing: what was read of a generation, as columns of numbers.

In: `Readings`. Out: `Elements`. Names are read once each, compounds are taken apart by the words of all names, and
concepts that are said to be the same are made one cluster.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from kg.linking.columns import Numbering, Ragged, Strings
from kg.linking.elements import Elements
from kg.linking.naming import Compounds, NameForm, NameReader
from kg.linking.reading import Readings, Text
from kg.linking.vocabulary import FAMILIES, Kind
from kg.search.folding import fold
from kg.search.vocabulary import languages

MAX_NAMES: Final = 20
"""Names of a thing that are compared."""
MAX_OWNERS: Final = 8
"""Classes that a property is looked at in."""
MAX_NEAR: Final = 60
"""Things beside a thing that are looked at."""
MAX_WORDS: Final = 80
"""Different words of its definitions that are compared."""
SHOWN_DEFINITION: Final = 600
_BOILERPLATE: Final = 4
"""A definition that so many things share says nothing of any of them."""
_UNWRITTEN: Final = ("todo", "tbd", "fixme")
"""What a definition begins with that is not written yet, folded."""


def make_elements(readings: Readings) -> Elements:
    """The columns of what was read."""
    return _Indexing(readings).elements()


@dataclass(slots=True)
class _Indexing:
    """The work on one generation: rows by IRI, and the numbers given so far."""

    readings: Readings
    iris: list[str] = field(init=False)
    rows: dict[str, int] = field(init=False)
    reader: NameReader = field(default_factory=NameReader)
    keys: Numbering = field(default_factory=Numbering)

    def __post_init__(self) -> None:
        self.iris = sorted(self.readings.kinds)
        self.rows = {iri: row for row, iri in enumerate(self.iris)}

    def elements(self) -> Elements:
        readings, iris = self.readings, self.iris
        names = [sorted(readings.names.get(iri, ()))[:MAX_NAMES] for iri in iris]
        forms = [self._forms(texts) for texts in names]
        own = [self._keys(texts, each) for texts, each in zip(names, forms, strict=True)]
        owners = [sorted(set(self._rows(readings.parents.get(iri, ()))))[:MAX_OWNERS] for iri in iris]
        kinds = np.array([readings.kinds[iri] for iri in iris], np.int8)
        words, heads = self._words(forms)
        codes, near = self._codes(own), self._near(own, owners)
        composed = [self._composed(forms, row, rows) for row, rows in enumerate(owners)]
        models = sorted(readings.model_names)
        number_of = {iri: number for number, iri in enumerate(models)}
        shown = [_shown(texts, iri) for texts, iri in zip(names, iris, strict=True)]
        concepts, concept_iris = self._concepts()
        stems = Numbering()
        return Elements(
            iris=Strings.of(iris),
            kinds=kinds,
            names=Strings.of("\n".join(f"{text.language}\t{text.value}" for text in texts) for texts in names),
            labels=Strings.of(shown),
            definitions=Strings.of(_shown(self._definitions(iri), "")[:SHOWN_DEFINITION] for iri in iris),
            primary=Strings.of(self.reader.form(label).key for label in shown),
            keys=Ragged.of(own),
            stems=Ragged.of(stems.numbers(form.stem for form in each if form.stem) for each in forms),
            composed=Ragged.of(composed),
            words=Ragged.of(words),
            heads=np.array(heads, np.int32),
            meaning=self._meaning(),
            concepts=concepts,
            concept_iris=concept_iris,
            refers=Ragged.of(self._rows((*readings.concepts[iri], *readings.linked[iri])) for iri in iris),
            owners=Ragged.of(owners),
            targets=np.array([min(self._rows(readings.targets[iri]), default=-1) for iri in iris], np.int32),
            families=np.array([self._family(iri) for iri in iris], np.int8),
            codes=Ragged.of(codes),
            near=Ragged.of(near),
            models=Ragged.of([number_of[model] for model in readings.models.get(iri, ())] for iri in iris),
            model_iris=Strings.of(models),
            model_names=Strings.of(_shown(sorted(readings.model_names[model]), model) for model in models),
            publishers=Strings.of(map(self._publisher, iris)),
        )

    def _forms(self, texts: Iterable[Text]) -> list[NameForm]:
        return [form for text in texts if (form := self.reader.form(text.value)).key]

    def _keys(self, texts: Iterable[Text], forms: Iterable[NameForm]) -> list[int]:
        """Numbers of keys; a name in English is none in Norwegian, and one without a language may be in either."""
        english = {self.reader.form(text.value).key for text in texts if text.language == "en"}
        norwegian = {self.reader.form(text.value).key for text in texts if text.language != "en"}
        return self.keys.numbers(
            [
                *(form.key for form in forms if form.key in norwegian),
                *(f"en {form.key}" for form in forms if form.key in english),
            ]
        )

    def _rows(self, iris: Iterable[str]) -> list[int]:
        return [self.rows[iri] for iri in iris if iri in self.rows]

    def _family(self, iri: str) -> int:
        family = self.readings.datatypes.get(iri)
        return FAMILIES.index(family) if family else -1

    def _words(self, forms: list[list[NameForm]]) -> tuple[list[list[int]], list[int]]:
        compounds = Compounds(word for each in forms for form in each for word in form.words)
        numbers = Numbering()
        words, heads = [], []
        for each in forms:
            parts = [[part for word in form.words for part in compounds.parts(word)] for form in each]
            words.append(numbers.numbers(part for several in parts for part in several))
            heads.append(numbers.number(parts[0][-1]) if parts and parts[0] else -1)
        return words, heads

    def _composed(self, forms: list[list[NameForm]], row: int, owners: list[int]) -> list[int]:
        """The class "Person" and its "navn" make "personnavn"; also with a bond between them."""
        firsts = [forms[owner][0].key for owner in owners if forms[owner] and forms[row]]
        last = forms[row][0].key if forms[row] else ""
        return self.keys.numbers(each for first in firsts for each in (first + last, f"{first}s{last}"))

    def _codes(self, own: list[list[int]]) -> list[list[int]]:
        """What a list holds: the names and notations of its codes."""
        held: dict[str, list[int]] = {}
        for list_, codes in self.readings.parts.items():
            numbers = [key for code in self._rows(codes) for key in own[code]]
            notations = (notation for code in codes for notation in self.readings.notations.get(code, ()))
            numbers += self.keys.numbers(f"= {fold(notation)}" for notation in notations)
            if any(self.readings.kinds.get(code) is Kind.CODE for code in codes):
                held[list_] = numbers
        return [
            [key for list_ in (iri, *self.readings.code_lists.get(iri, ())) for key in held.get(list_, ())]
            for iri in self.iris
        ]

    def _near(self, own: list[list[int]], owners: list[list[int]]) -> list[list[int]]:
        readings = self.readings
        near = []
        for row, iri in enumerate(self.iris):
            beside = self._rows(readings.parts.get(iri, ()))
            if not beside and len(owners[row]) == 1:
                beside = self._rows(readings.parts[self.iris[owners[row][0]]])
            if readings.kinds[iri] is Kind.CONCEPT:
                beside = self._rows(readings.near.get(iri, ()))
            near.append([key for other in beside[:MAX_NEAR] if other != row for key in own[other]])
        return near

    def _definitions(self, iri: str) -> list[Text]:
        texts = sorted(self.readings.definitions.get(iri, ()))
        return [text for text in texts if not fold(text.value[:8]).startswith(_UNWRITTEN)]

    def _meaning(self) -> Ragged:
        """Words of definitions, but of those that many things share."""
        holders = Counter(text.value for iri in self.iris for text in set(self._definitions(iri)))
        numbers = Numbering()
        rows = []
        for iri in self.iris:
            said = [text.value for text in self._definitions(iri) if holders[text.value] < _BOILERPLATE]
            stems = dict.fromkeys(stem for text in said for stem in self.reader.stems(text))
            rows.append(numbers.numbers(list(stems)[:MAX_WORDS]))
        return Ragged.of(rows)

    def _concepts(self) -> tuple[Ragged, Strings]:
        """Clusters of what is the same (skos:exactMatch, which the SKOS Reference, section 10.4, has transitive)."""
        first_of = _clusters(self.readings.equivalents)
        clusters = Numbering()
        rows = []
        for iri in self.iris:
            about = [iri] if self.readings.kinds[iri] is Kind.CONCEPT else self.readings.concepts.get(iri, ())
            rows.append(clusters.numbers(first_of.get(concept, concept) for concept in about))
        return Ragged.of(rows), Strings.of(clusters)

    def _publisher(self, iri: str) -> str:
        """Who is responsible for a thing, or for its model."""
        publishers = self.readings.publishers
        own = (iri, *sorted(self.readings.models.get(iri, ())))
        return next((min(publishers[each]) for each in own if publishers.get(each)), "")


def _clusters(pairs: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """For each thing in a pair the first of all that are connected with it."""
    beside: defaultdict[str, set[str]] = defaultdict(set)
    for one, other in pairs:
        beside[one].add(other)
        beside[other].add(one)
    first_of: dict[str, str] = {}
    for first in sorted(beside):
        front = [first] if first not in first_of else []
        while front:
            thing = front.pop()
            if thing not in first_of:
                first_of[thing] = first
                front += beside[thing]
    return first_of


def _shown(texts: Iterable[Text], otherwise: str) -> str:
    """The text that is shown: in Norwegian where there is one, of the preferred ones."""
    order = languages("nb")
    places = {language: place for place, language in enumerate(order)}
    best = min(texts, key=lambda text: (text.rank > 2, places.get(text.language, len(order)), text), default=None)
    return best.value if best else otherwise
