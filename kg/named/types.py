"""The types of parameters: text of a client in, an RDF term out.

Each type is one class and one row of `PARAMETER_TYPES`; it knows its schema for OpenAPI, its field in a form, and how
to say what is wrong with a value. A term is made by the engine's own constructors, so that whatever a value holds it
is one term and never syntax.
"""

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, ClassVar, Final

from pyoxigraph import Literal, NamedNode

from kg.aliases import Aliases, read_iri
from kg.errors import ParameterError
from kg.identities import ORGANISATIONS, find_organisation_number
from kg.namespaces import DEFAULT_BASE_IRI, XSD, Names
from kg.organisation_numbers import is_organisation_number
from kg.terms import writable_language_tag

MAX_VALUE_LENGTH: Final = 10_000
"""Characters of one value."""

Term = NamedNode | Literal


@dataclass(frozen=True, slots=True)
class Reading:
    """What values are read by: the names and aliases of the generation that is asked."""

    names: Names
    aliases: Aliases


class ParameterType(ABC):
    """A type of parameter.

    Attributes:
        name: what front matters call it.
        field: the `type` of its field in a form.
        example: a value that has it.
        datatype: the IRI of its literals' datatype, empty for IRIs.
    """

    name: ClassVar[str]
    field: ClassVar[str] = "text"
    example: ClassVar[str]
    datatype: ClassVar[str] = f"{XSD}string"

    @abstractmethod
    def parse(self, text: str, reading: Reading) -> Term:
        """The term that a text stands for.

        Raises:
            ParameterError: it stands for none; whoever knows the parameter adds its name.
        """

    def format(self, term: Term) -> str:
        """The text that stands for a term."""
        return term.value

    def schema(self) -> dict[str, Any]:
        """Its JSON Schema."""
        return {"type": "string", "maxLength": MAX_VALUE_LENGTH}


class Iri(ParameterType):
    """An IRI or CURIE; an alias is taken for the canonical IRI."""

    name, example, datatype = "iri", "dcat:Dataset", ""

    def parse(self, text: str, reading: Reading) -> NamedNode:
        """The canonical IRI; one of our own under the default base is taken for that of the generation."""
        iri = read_iri(text, reading.names.prefixes())
        if iri is None:
            raise ParameterError(
                f"{_shown(text)} is neither an absolute IRI nor a CURIE with a well-known prefix",
                hint="for example https://data.norge.no/organizations/974760673 or dcat:Dataset",
            )
        if iri.startswith(DEFAULT_BASE_IRI):
            iri = reading.names.base + iri.removeprefix(DEFAULT_BASE_IRI)
        return NamedNode(reading.aliases.canonical(iri))

    def schema(self) -> dict[str, Any]:
        """Its JSON Schema; no format, because CURIEs are taken too."""
        return {**super().schema(), "description": "IRI, or CURIE with a well-known prefix"}


class Text(ParameterType):
    """Any text."""

    name, example = "text", "skatt"

    def parse(self, text: str, reading: Reading) -> Literal:  # noqa: ARG002
        """A plain literal."""
        return Literal(text)


class LanguageTag(ParameterType):
    """A language tag (BCP 47), as LANG gives it: in lower case."""

    name, example = "langtag", "nb"

    def parse(self, text: str, reading: Reading) -> Literal:  # noqa: ARG002
        """A plain literal in lower case."""
        tag = writable_language_tag(text.strip())
        if tag is None:
            raise ParameterError(f"{_shown(text)} is no language tag", hint="for example nb, nn or en")
        return Literal(tag)


class Integer(ParameterType):
    """A whole number of at most 18 digits, which the engine computes with exactly."""

    name, field, example, datatype = "integer", "number", "10", f"{XSD}integer"
    _FORM: ClassVar = re.compile(r"[+-]?[0-9]{1,18}")

    def parse(self, text: str, reading: Reading) -> Literal:  # noqa: ARG002
        """An xsd:integer."""
        digits = text.strip()
        if not self._FORM.fullmatch(digits):
            raise ParameterError(f"{_shown(text)} is no whole number", hint="digits, at most 18")
        return Literal(int(digits))  # int() takes fewer characters for white space than strip() does

    def schema(self) -> dict[str, Any]:
        """Its JSON Schema."""
        return {"type": "integer", "minimum": -(10**18) + 1, "maximum": 10**18 - 1}


class Boolean(ParameterType):
    """Truth values."""

    name, example, datatype = "boolean", "true", f"{XSD}boolean"

    def parse(self, text: str, reading: Reading) -> Literal:  # noqa: ARG002
        """An xsd:boolean."""
        if text.strip() not in {"true", "false"}:
            raise ParameterError(f"{_shown(text)} is neither true nor false", hint="write true or false")
        return Literal(text.strip() == "true")

    def schema(self) -> dict[str, Any]:
        """Its JSON Schema."""
        return {"type": "boolean"}


class Date(ParameterType):
    """A day of the calendar."""

    name, field, example, datatype = "date", "date", "2026-01-31", f"{XSD}date"
    _FORM: ClassVar = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

    def parse(self, text: str, reading: Reading) -> Literal:  # noqa: ARG002
        """An xsd:date."""
        try:
            if not self._FORM.fullmatch(text.strip()):
                raise ValueError
            day = date.fromisoformat(text.strip())
        except ValueError as error:
            raise ParameterError(f"{_shown(text)} is no date", hint="for example 2026-01-31") from error
        return Literal(day.isoformat(), datatype=NamedNode(self.datatype))

    def schema(self) -> dict[str, Any]:
        """Its JSON Schema."""
        return {"type": "string", "format": "date"}


class Enum(Text):
    """One of the texts that the parameter lists."""

    name, field = "enum", "select"


class OrganisationNumber(ParameterType):
    """An organisation number, or an IRI that has one, bound as the organisation's canonical IRI."""

    name, example, datatype = "orgnr", "974760673", ""

    def parse(self, text: str, reading: Reading) -> NamedNode:
        """The canonical IRI of the organisation."""
        number = "".join(text.split())
        if not number.isdigit():
            number = find_organisation_number(read_iri(text, reading.names.prefixes()) or "") or ""
        if not is_organisation_number(number):
            raise ParameterError(
                f"{_shown(text)} is no organisation number", hint="nine digits, the last of which checks the others"
            )
        return NamedNode(reading.aliases.canonical(f"{ORGANISATIONS}{number}"))

    def format(self, term: Term) -> str:
        """The nine digits."""
        return term.value.removeprefix(ORGANISATIONS)

    def schema(self) -> dict[str, Any]:
        """Its JSON Schema; no pattern, because spaces and IRIs are taken too."""
        return {**super().schema(), "description": "organisation number: nine digits, checked by modulus 11"}


PARAMETER_TYPES: Final = MappingProxyType(
    {
        row.name: row
        for row in (Iri(), Text(), LanguageTag(), Integer(), Boolean(), Date(), Enum(), OrganisationNumber())
    }
)
"""The types, by the name that a front matter gives them."""


def _shown(text: str) -> str:
    return repr(text if len(text) <= 100 else f"{text[:99]}…")
