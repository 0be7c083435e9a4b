"""Elements and concepts of one generation as columns, ready to be compared.

In: a folder. Out: `Elements`. A row is a thing, in the order of IRIs; what is in a `Ragged` are numbers of keys, words,
clusters of concepts or rows. How they come about is `kg.linking.indexing`'s affair.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any, Final, get_type_hints

import numpy as np
from numpy.typing import NDArray

from kg.errors import BuildError, NotFound
from kg.linking.columns import Floats, Ragged, Rows, Strings, rarity, read_array, write_columns
from kg.linking.vocabulary import Kind

FORMAT: Final = 1
"""Counts up when the columns or the analysis of names change; columns of another format are made anew."""
_ENTRY: Final = "kg.json"
_HINT: Final = "remove the folder; it is made again when it is needed"


@dataclass(frozen=True, slots=True)
class Description:
    """A thing as people see it."""

    iri: str
    kind: str
    label: str
    definition: str
    model: str
    publisher: str


@dataclass(frozen=True)
class Elements:
    """The things of one generation.

    Attributes:
        iris: sorted.
        kinds: values of `Kind`.
        names: of each thing, a line for each: language, a tab, the name.
        labels: the name that is shown; definitions: the one that is shown.
        primary: the folded name, for likeness.
        keys: of whole names; stems: the same without inflection.
        composed: keys of the names of a property behind that of its class.
        words: of names; heads: the last word of the shown name, what the thing is; -1 where there is none.
        meaning: words of definitions.
        concepts: clusters of concepts that mean the same, which the thing is about or is; `concept_iris` has the first
            IRI of each cluster.
        refers: rows of the concepts that an element refers to, and of what it is linked with already.
        owners: rows of the classes of a property, or of the list of a code.
        targets: row of the class that values of a property are of; -1 where there is none.
        families: of data types; -1 where none is known.
        codes: keys of the codes that a code list holds, or that the values of a property are from.
        near: keys of the things beside it: properties of a class, siblings of a property or code.
        models: numbers in `model_iris`, and what those are called; `publishers` of things, which may be empty.
    """

    iris: Strings
    kinds: NDArray[np.int8]
    names: Strings
    labels: Strings
    definitions: Strings
    primary: Strings
    keys: Ragged
    stems: Ragged
    composed: Ragged
    words: Ragged
    heads: NDArray[np.int32]
    meaning: Ragged
    concepts: Ragged
    concept_iris: Strings
    refers: Ragged
    owners: Ragged
    targets: NDArray[np.int32]
    families: NDArray[np.int8]
    codes: Ragged
    near: Ragged
    models: Ragged
    model_iris: Strings
    model_names: Strings
    publishers: Strings

    def __len__(self) -> int:
        return len(self.iris)

    def describe(self, row: int) -> Description:
        """What is shown of a thing."""
        models = self.models.row(row)
        return Description(
            iri=self.iris[row],
            kind=Kind(int(self.kinds[row])).name.lower(),
            label=self.labels[row],
            definition=self.definitions[row],
            model=self.model_iris[int(models[0])] if len(models) else "",
            publisher=self.publishers[row],
        )

    def named(self, row: int) -> list[tuple[str, str]]:
        """Language and name for each name of a thing."""
        lines = self.names[row].split("\n") if len(self.names[row]) else []
        return [(language, name) for language, _, name in (line.partition("\t") for line in lines)]

    def in_model(self, iri: str) -> Rows:
        """The rows of a model.

        Raises:
            NotFound: there is no such model.
        """
        number = self.model_iris.find(iri)
        if number < 0:
            raise NotFound("there is no such information model", where=iri[:300], hint="/search?type=model finds some")
        return self.of_model.row(number).astype(np.int64)

    @cached_property
    def parents(self) -> Rows:
        """The row of the one owner of each thing; -1 where it has none, or several."""
        alone = self.owners.lengths == 1
        parents = np.full(len(self), -1, np.int64)
        parents[alone] = self.owners.values[self.owners.starts[:-1][alone]]
        return parents

    @cached_property
    def of_model(self) -> Ragged:
        """The rows of each model."""
        return self.models.inverted(len(self.model_iris))

    @cached_property
    def with_key(self) -> Ragged:
        """The rows that have each key as a name, or composed."""
        return self.keys.inverted(self.count(self.keys, self.composed, self.near, self.codes))

    @cached_property
    def key_weights(self) -> Floats:
        """How rare each key is, among names."""
        return rarity(self.with_key.lengths, len(self))

    @cached_property
    def lone(self) -> Floats:
        """For each key how rare it is beside one that two things alone have, which is 1."""
        holders = np.maximum(self.with_key.lengths, 2)
        rarest = rarity(np.array([2]), max(len(self), 4))
        return np.minimum(rarity(holders, max(len(self), 4)) / rarest, 1.0)

    @cached_property
    def with_stem(self) -> Ragged:
        """The rows that have each stem."""
        return self.stems.inverted(self.count(self.stems))

    @cached_property
    def with_word(self) -> Ragged:
        """The rows that have each word in a name."""
        return self.words.inverted(self.count(self.words))

    @cached_property
    def word_weights(self) -> Floats:
        """How rare each word is in names."""
        return rarity(self.with_word.lengths, len(self))

    @cached_property
    def with_meaning(self) -> Ragged:
        """The rows that have each word in a definition."""
        return self.meaning.inverted(self.count(self.meaning))

    @cached_property
    def meaning_weights(self) -> Floats:
        """How rare each word is in definitions, squared, as both sides have it."""
        return np.square(rarity(self.with_meaning.lengths, int(np.count_nonzero(self.meaning.lengths))))

    @cached_property
    def meaning_norms(self) -> Floats:
        """The length of each definition as a vector of weights."""
        return np.sqrt(self.meaning.sums(self.meaning_weights))

    @cached_property
    def word_sums(self) -> Floats:
        """The weight of all words of each thing's names."""
        return self.words.sums(self.word_weights)

    @cached_property
    def near_sums(self) -> Floats:
        """The weight of all that is beside each thing."""
        return self.near.sums(self.key_weights)

    @cached_property
    def with_concept(self) -> Ragged:
        """The rows that have each cluster of concepts."""
        return self.concepts.inverted(self.count(self.concepts))

    @staticmethod
    def count(*columns: Ragged) -> int:
        """One more than the highest number in any of the columns."""
        return 1 + max((int(column.values.max()) for column in columns if len(column.values)), default=0)

    def write(self, folder: Path) -> None:
        """Write the columns into a folder that is there."""
        write_columns(folder, {field.name: getattr(self, field.name) for field in fields(self)})
        (folder / _ENTRY).write_text(json.dumps({"format": FORMAT, "things": len(self)}), encoding="utf-8")


def open_elements(folder: Path) -> Elements | None:
    """The columns in a folder; None where there are none, or those of another version of this program.

    Raises:
        BuildError: they are damaged.
    """
    try:
        entry = json.loads((folder / _ENTRY).read_text(encoding="utf-8"))
        if not isinstance(entry, dict) or entry.get("format") != FORMAT:
            return None
        types: Sequence[tuple[str, Any]] = [
            (name, type_) for name, type_ in get_type_hints(Elements).items() if name in Elements.__dataclass_fields__
        ]
        elements = Elements(**{name: _read(folder, name, type_) for name, type_ in types})
        if any(len(getattr(elements, name)) != entry["things"] for name in ("iris", "kinds", "keys", "publishers")):
            raise ValueError("the columns are not of one length")
    except FileNotFoundError:
        if (folder / _ENTRY).exists():
            raise BuildError("a column is missing", where=str(folder), hint=_HINT) from None
        return None
    except (OSError, ValueError, KeyError, EOFError) as error:
        raise BuildError(f"cannot be read: {error}", where=str(folder), hint=_HINT) from error
    return elements


def _read(folder: Path, name: str, type_: type) -> Any:
    if type_ is Ragged:
        return Ragged(read_array(folder, f"{name}.starts"), read_array(folder, f"{name}.values"))  # type: ignore[arg-type]
    if type_ is Strings:
        return Strings(read_array(folder, f"{name}.starts"), read_array(folder, f"{name}.utf8"))  # type: ignore[arg-type]
    return read_array(folder, name)
