"""Terms in the one form that the store holds and SPARQL can write.

In: an IRI as text, a literal. Out: the same in canonical form, or None where there is none. The N-Triples
text of a term is `str(term)`: pyoxigraph escapes as the grammar asks. Disjointness, ETags, diffs and proofs
compare terms in this form, so everything that enters a generation comes through here.
"""

import re
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.namespaces import XSD

STRING: Final = NamedNode(f"{XSD}string")
"""The datatype of plain text."""

# Forms that the store leaves alone, be they valid or not, so that the most frequent literals need not go through it.
_SETTLED: Final = {
    NamedNode(f"{XSD}boolean"): re.compile("true|false"),
    NamedNode(f"{XSD}date"): re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    NamedNode(f"{XSD}dateTime"): re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}Z?"),
    NamedNode(f"{XSD}integer"): re.compile("0|[1-9][0-9]{0,17}"),
}
_SCRATCH: Final = NamedNode("urn:x-scratch")

# The white space of Turtle, JSON and XML. A no-break space is a legal IRI character and stays.
_WHITE_SPACE: Final = " \t\r\n\f\v"
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_AUTHORITY: Final = re.compile(r"//[^/?#]*")
# What RFC 3987 keeps out of an IRI, which includes all that SPARQL's IRIREF keeps out, and a percent sign
# that begins no escape. Brackets and "#" have a place of their own and are seen to apart. Private-use
# characters are legal in a query only; in an IRI that has to be rewritten anyway they are encoded there too.
_UNWRITABLE: Final = re.compile(
    r'[\x00-\x20"<>\\^`{|}\x7f-\x9f\ue000-\uf8ff\ufdd0-\ufdef\ufff0-\uffff'
    + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(1, 14))
    + "\U000e0000-\U000e0fff\U000efffe-\U0010ffff]|%(?![0-9A-Fa-f]{2})"
)


def writable_iri(text: str) -> str | None:
    """An absolute IRI that SPARQL can write, or None where the text cannot be made one.

    White space at both ends is dropped; characters outside IRIREF (SPARQL 1.1, production 139) and outside
    RFC 3987, which the engine demands as well, are percent-encoded as UTF-8 (RFC 3987, section 3.1); escapes
    that are valid stay as they are. No repair is tried on a missing scheme, a port that is no number, or a
    malformed IP address.

    >>> writable_iri("https://data.norge.no/søk?navn=Ola Nordmann")
    'https://data.norge.no/søk?navn=Ola%20Nordmann'
    >>> writable_iri("https://data.norge.no/100%")
    'https://data.norge.no/100%25'
    >>> writable_iri("datasett/1") is None
    True
    """
    text = text.strip(_WHITE_SPACE)
    if _is_writable(text):
        return text
    scheme = _SCHEME.match(text)
    if scheme is None:
        return None
    authority = _AUTHORITY.match(text, scheme.end())
    # Brackets delimit an IP address in the authority (RFC 3986, section 3.2.2) and are legal nowhere else.
    path_start = authority.end() if authority else scheme.end()
    rest, hash_sign, fragment = text[path_start:].partition("#")
    rest = _encode_brackets(rest) + hash_sign + _encode_brackets(fragment).replace("#", "%23")
    try:
        encoded = _UNWRITABLE.sub(_percent_encoded, text[:path_start] + rest)
    except UnicodeEncodeError:  # a lone surrogate is no character and has no UTF-8 form
        return None
    return encoded if _is_writable(encoded) else None


def _is_writable(text: str) -> bool:
    # The constructor applies the same grammar as the engine's SPARQL parser, which is what counts.
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


def _encode_brackets(text: str) -> str:
    return text.replace("[", "%5B").replace("]", "%5D")


def _percent_encoded(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match.group().encode())


def writable_language_tag(tag: str) -> str | None:
    """A language tag (BCP 47, section 2.1) in lower case, or None where the text is none.

    >>> writable_language_tag("NB"), writable_language_tag("en_US"), writable_language_tag("norsk bokmål")
    ('nb', 'en-us', None)
    """
    tag = tag.replace("_", "-").lower()
    try:
        Literal("", language=tag)
    except ValueError:
        return None
    return tag


class CanonicalLiterals:
    """Literals as the store gives them back, remembered up to `capacity`.

    Oxigraph keeps numbers, booleans, dates, times and durations by value: "05"^^xsd:integer comes back as 5,
    and all integer types as xsd:integer. Which forms it changes is its own affair, so a literal is put into
    an empty store and read again rather than rewritten by rules of ours.
    """

    def __init__(self, capacity: int = 50_000) -> None:
        self._capacity = capacity
        self._known: dict[Literal, Literal] = {}

    def canonical(self, literal: Literal) -> Literal:
        """The form in which a store holds the literal; a language tag that is none is dropped.

        >>> str(CanonicalLiterals().canonical(Literal("1.50", datatype=NamedNode(f"{XSD}decimal"))))
        '"1.5"^^<http://www.w3.org/2001/XMLSchema#decimal>'
        """
        language = literal.language
        if language is not None:
            return self._canonical_text(literal, language)
        datatype = literal.datatype
        if datatype == STRING:
            return literal
        settled = _SETTLED.get(datatype)
        if settled is not None and settled.fullmatch(literal.value):
            return literal
        known = self._known.get(literal)
        if known is None:
            if len(self._known) >= self._capacity:
                self._known.clear()
            known = self._known[literal] = _stored(literal)
        return known

    @staticmethod
    def _canonical_text(literal: Literal, language: str) -> Literal:
        tag = writable_language_tag(language)
        if tag == language:
            return literal
        if tag is None:
            return Literal(literal.value)
        if literal.direction is not None:
            return Literal(literal.value, language=tag, direction=literal.direction)
        return Literal(literal.value, language=tag)


def _stored(literal: Literal) -> Literal:
    # A new store each time: one that is written and emptied over and over keeps the old versions and slows
    # down.
    store = Store()
    store.add(Quad(_SCRATCH, _SCRATCH, literal))
    stored = next(iter(store)).object
    if not isinstance(stored, Literal):
        raise TypeError(f"the store gave back {stored} for the literal {literal}")
    return stored
