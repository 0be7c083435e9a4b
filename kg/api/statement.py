"""A triple as a person writes it.

In: three texts: N-Triples terms, bare IRIs or CURIEs. Out: the triple in canonical N-Triples terms, under each name
that it may have: as it was written, and under the canonical IRIs.
"""

import re
from collections.abc import Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode

from kg.aliases import Aliases, read_iri
from kg.errors import ParameterError
from kg.explain.held import term_of
from kg.explain.proof import Statement
from kg.terms import CanonicalLiterals

MAX_TERM_LENGTH: Final = 16_384
PLACES: Final = ("s", "p", "o")

_LITERAL: Final = re.compile(r'("(?:[^"\\]|\\.)*+")(?:(@[A-Za-z0-9-]+)|\^\^(\S+))?+', re.DOTALL)


def read_statement(texts: tuple[str, str, str], prefixes: Mapping[str, str], aliases: Aliases) -> list[Statement]:
    """The triple that a person means, under each name that it may have.

    Raises:
        ParameterError: a text is no term, or none that may stand in its place; the error names it as s, p or o.
    """
    terms = [_read_term(text, place, prefixes) for place, text in zip(PLACES, texts, strict=True)]
    for place, term in zip(PLACES[:2], terms, strict=False):
        if isinstance(term, Literal):
            raise ParameterError(f"a literal cannot be the {_NAMES[place]}", hint="only an object is", parameter=place)
    subject, predicate, object_ = terms
    written = (str(subject), str(predicate), str(object_))
    canonical = (_canonical(subject, aliases), str(predicate), _canonical(object_, aliases))
    return list(dict.fromkeys((written, canonical)))


_NAMES: Final = {"s": "subject", "p": "predicate", "o": "object"}


def _canonical(term: NamedNode | Literal, aliases: Aliases) -> str:
    return str(NamedNode(aliases.canonical(term.value)) if isinstance(term, NamedNode) else term)


def _read_term(text: str, place: str, prefixes: Mapping[str, str]) -> NamedNode | Literal:
    name, shown = _NAMES[place], text if len(text) <= 200 else f"{text[:199]}…"
    if not text.strip():
        raise ParameterError(f"there is no {name}", hint="for example dct:title", parameter=place)
    if len(text) > MAX_TERM_LENGTH:
        what = f"the {name} has {len(text):,} characters; the limit is {MAX_TERM_LENGTH:,}"
        raise ParameterError(what, parameter=place)
    if text.strip().startswith('"'):
        literal = _read_literal(text.strip(), prefixes)
        if literal is None:
            hint = 'write it as "text", "text"@nb or "1"^^xsd:integer'
            raise ParameterError(f"{shown!r} is no literal", hint=hint, parameter=place)
        return literal
    if text.strip().startswith("_:"):
        hint = "blank nodes have IRIs here, which begin with the base and .well-known/genid/"
        raise ParameterError(f"{shown!r} is a blank node", hint=hint, parameter=place)
    iri = read_iri(text, prefixes)
    if iri is None:
        hint = "a literal stands in quotation marks" if place == "o" else "write the whole IRI"
        what = f"{shown!r} is neither an absolute IRI nor a CURIE with a well-known prefix"
        raise ParameterError(what, hint=hint, parameter=place)
    return NamedNode(iri)


def _read_literal(text: str, prefixes: Mapping[str, str]) -> Literal | None:
    """A literal in the form in which the store holds it; its datatype may be a CURIE, its text have line ends."""
    match = _LITERAL.fullmatch(text)
    if match is None:
        return None
    quoted = match[1].replace("\r", "\\r").replace("\n", "\\n")
    suffix = match[2] or ""
    if match[3] is not None:
        datatype = read_iri(match[3], prefixes)
        if datatype is None:
            return None
        suffix = f"^^{NamedNode(datatype)}"
    try:
        term = term_of(quoted + suffix)
    except (SyntaxError, UnicodeEncodeError):
        return None
    return CanonicalLiterals().canonical(term) if isinstance(term, Literal) else None
