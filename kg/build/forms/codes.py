"""Codes: what sources write for a code of a controlled list, and which code it is (ontologies/codes).

In: the triples of the code lists, and a value of a property, an IRI or a text. Out: the IRI of the code that the
value stands for, or None. Every spelling is a fact in the files: a label, a notation, a word that sources write
instead, another IRI. Nothing here guesses, and a spelling that would lead to two codes stops the build.

What the files say of a list (`kg:` is the service's own vocabulary):

- `kg:valueOf`: a property whose values come from the list; a list may have several, a property several lists.
- `kg:segments`: how many of the last segments of an IRI make a word of the list, for lists whose codes were
  written as relative IRIs (`annual`, `text/csv`) and so became IRIs below whatever base the source had.
- `kg:onlyByIri`: true where the words of the list are not looked up, because another list of the same property
  has the same ones.
- `kg:open`: true where the property has good values outside the list.

And of a code: `kg:variant`, another IRI of it. Its words are its notations and its labels of all three kinds.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final
from urllib.parse import unquote

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from kg.errors import BuildError
from kg.namespaces import RDF, SKOS, Names
from kg.resources import folder

_WORDS: Final = tuple(f"{SKOS}{name}" for name in ("notation", "prefLabel", "altLabel", "hiddenLabel"))
_WEB_ADDRESS: Final = re.compile(r"(https?)://([^/?#]*)(.*)", re.IGNORECASE | re.DOTALL)

_Description = Mapping[str, list[str]]
_Index = dict[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class CodeList:
    """One list as its file describes it; the attributes are the terms of the module's docstring."""

    iri: str
    properties: tuple[str, ...]
    segments: int
    only_by_iri: bool
    open: bool


@dataclass(frozen=True, slots=True)
class Codes:
    """The codes of all lists, found by what sources write.

    Attributes:
        properties: those whose values come from a list.
        closed: those of them that have no good values outside their lists.
        variants: every other IRI of a code, with http and with https, to the code's own.
    """

    properties: frozenset[str]
    closed: frozenset[str]
    variants: Mapping[str, str]
    _lists: Mapping[str, tuple[CodeList, ...]]
    _by_iri: Mapping[tuple[str, str], str]
    _by_word: Mapping[tuple[str, str], str]
    _by_segments: Mapping[tuple[str, str], str]

    def is_closed(self, property_iri: str) -> bool:
        """Whether a value of the property that is no code of its lists is a fault."""
        return property_iri in self.closed

    def find(self, property_iri: str, value: str) -> str | None:
        """The code that an IRI or a text stands for as a value of a property; the code's own IRI gives itself.

        An IRI is compared without regard to http or https, the case of the host and a slash at the end; a text
        without regard to case, to the amount of white space, and in Unicode's form NFC.
        """
        found = self._by_iri.get((property_iri, _iri_key(value)))
        if found is not None:
            return found
        if not _WEB_ADDRESS.fullmatch(value.strip()):
            return self._by_word.get((property_iri, _word_key(value)))
        for code_list in self._lists.get(property_iri, ()):
            # What lies in a list's own namespace and is no code of it is unknown, however much it looks like one.
            if code_list.segments and not _iri_key(value).startswith(f"{_iri_key(code_list.iri)}/"):
                found = self._by_segments.get((property_iri, _last_segments(value, code_list.segments)))
                if found is not None:
                    return found
        return None


def read_codes(triples: Iterable[Triple], names: Names) -> Codes:
    """Read the triples of the code lists.

    Raises:
        BuildError: a code is of no list, or a word or an IRI stands for two codes of one property.
    """
    described = _describe(triples)
    lists = {iri: _code_list(iri, about, names) for iri, about in described.items() if _is_a("ConceptScheme", about)}
    by_iri: _Index = {}
    by_word: _Index = {}
    by_segments: _Index = {}
    variants: _Index = {}
    for code, about in described.items():
        if not _is_a("Concept", about):
            continue
        iris = [code, *about.get(f"{names.ns}variant", ())]
        words = [word for label in _WORDS for word in about.get(label, ())]
        for variant in _both_schemes(iris):
            if variant != code:
                _enter(variants, "", variant, code)
        for code_list in _lists_of(code, about, lists):
            for property_iri in code_list.properties:
                for iri in iris:
                    _enter(by_iri, property_iri, _iri_key(iri), code)
                for word in words:
                    if not code_list.only_by_iri:
                        _enter(by_word, property_iri, _word_key(word), code)
                    if word.count("/") + 1 == code_list.segments:
                        _enter(by_segments, property_iri, _word_key(word), code)
    both = sorted(described.keys() & {variant for _, variant in variants})
    if both:
        raise BuildError("is a code and a variant of another code", where=both[0])
    by_property = {
        property_iri: tuple(one for one in lists.values() if property_iri in one.properties)
        for property_iri in sorted({property_iri for one in lists.values() for property_iri in one.properties})
    }
    return Codes(
        properties=frozenset(by_property),
        closed=frozenset(name for name, its_lists in by_property.items() if not any(one.open for one in its_lists)),
        variants=MappingProxyType({variant: code for (_, variant), code in variants.items()}),
        _lists=MappingProxyType(by_property),
        _by_iri=MappingProxyType(by_iri),
        _by_word=MappingProxyType(by_word),
        _by_segments=MappingProxyType(by_segments),
    )


def code_files() -> list[Path]:
    """The files of the code lists that travel with the package, by name."""
    return sorted((folder("ontologies") / "codes").glob("*.ttl"))


def read_code_files(base_iri: str) -> list[Triple]:
    """The triples of all code files; `base_iri` is the service's base, for our own terms.

    Raises:
        BuildError: a file is not whole and right Turtle.
    """
    triples: list[Triple] = []
    for path in code_files():
        try:
            triples.extend(quad.triple for quad in parse(path=path, format=RdfFormat.TURTLE, base_iri=base_iri))
        except SyntaxError as error:
            raise BuildError(str(error), where=str(path)) from error
    return triples


def _describe(triples: Iterable[Triple]) -> dict[str, _Description]:
    """What is said of each thing, sorted, so that nothing hangs on the order of triples."""
    described: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for triple in triples:
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | Literal):
            described[triple.subject.value][triple.predicate.value].append(triple.object.value)
    return {
        subject: {predicate: sorted(values) for predicate, values in about.items()}
        for subject, about in sorted(described.items())
    }


def _is_a(name: str, about: _Description) -> bool:
    return f"{SKOS}{name}" in about.get(f"{RDF}type", ())


def _code_list(iri: str, about: _Description, names: Names) -> CodeList:
    segments = about.get(f"{names.ns}segments", ["0"])
    if len(segments) > 1 or segments[0] not in {"0", "1", "2"}:
        raise BuildError(f"kg:segments is one of 0, 1 and 2, not {' and '.join(segments)}", where=iri)
    return CodeList(
        iri=iri,
        properties=tuple(about.get(f"{names.ns}valueOf", ())),
        segments=int(segments[0]),
        only_by_iri="true" in about.get(f"{names.ns}onlyByIri", ()),
        open="true" in about.get(f"{names.ns}open", ()),
    )


def _lists_of(code: str, about: _Description, lists: Mapping[str, CodeList]) -> Iterator[CodeList]:
    schemes = about.get(f"{SKOS}inScheme", ())
    if not schemes:
        raise BuildError("the code is of no list", where=code, hint="say skos:inScheme")
    for scheme in schemes:
        if scheme not in lists:
            raise BuildError(f"the list <{scheme}> is not described", where=code)
        yield lists[scheme]


def _enter(index: _Index, property_iri: str, key: str, code: str) -> None:
    other = index.setdefault((property_iri, key), code)
    if other != code:
        of_property = f" as a value of <{property_iri}>" if property_iri else ""
        raise BuildError(f"“{key}” stands for <{other}> as well{of_property}", where=code)


def _both_schemes(iris: Iterable[str]) -> Iterator[str]:
    for iri in iris:
        address = _WEB_ADDRESS.fullmatch(iri)
        yield from (f"{scheme}://{address[2]}{address[3]}" for scheme in ("http", "https")) if address else (iri,)


def _iri_key(iri: str) -> str:
    """An IRI without what makes no difference here.

    >>> _iri_key("HTTPS://Data.norge.no/nlod/no/2.0/")
    '//data.norge.no/nlod/no/2.0'
    """
    address = _WEB_ADDRESS.fullmatch(iri.strip())
    return f"//{address[2].lower()}{address[3].removesuffix('/')}" if address else iri.strip()


def _word_key(text: str) -> str:
    """A text without what makes no difference here.

    >>> _word_key("  Begrenset  offentlighet ")
    'begrenset offentlighet'
    """
    return unicodedata.normalize("NFC", " ".join(unicodedata.normalize("NFC", text).casefold().split()))


def _last_segments(iri: str, count: int) -> str:
    """The word that the last segments of a web address make, or nothing where it has a query, a fragment or fewer.

    >>> _last_segments("https://example.org/datasett/text/csv", 2), _last_segments("https://example.org/csv?a=b", 1)
    ('text/csv', '')
    """
    address = _WEB_ADDRESS.fullmatch(iri.strip())
    if address is None or "?" in address[3] or "#" in address[3]:
        return ""
    segments = address[3].removesuffix("/").split("/")[1:]
    return _word_key("/".join(map(unquote, segments[-count:]))) if len(segments) >= count else ""
