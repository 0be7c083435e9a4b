"""The syntax of RDF that a file is written in, told by what it begins with.

In: the first 64 kB as UTF-8, and the name. Out: a format of the parser, or None where it is no RDF. Content decides.
The name's suffix only parts the members of one family, where content cannot: a Turtle file without a statement is
as empty as any other empty file.

Turtle is read as TriG and N-Triples as N-Quads, which contain them (RDF 1.1 TriG, section 1; N-Quads, section 1), so
that a named graph in the wrong file is not an error.
"""

import re
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Final

from pyoxigraph import RdfFormat

from kg.namespaces import RDF
from loaders.xml_form import XmlRoot, find_root

_SUFFIXES: Final = MappingProxyType(
    {
        ".nq": RdfFormat.N_QUADS,
        ".nt": RdfFormat.N_QUADS,
        ".trig": RdfFormat.TRIG,
        ".ttl": RdfFormat.TRIG,
        ".turtle": RdfFormat.TRIG,
    }
)

# Documents that may carry RDF inside, in their metadata or as attributes, and are not RDF themselves.
_DOCUMENTS: Final = frozenset(
    {
        "http://www.opengis.net/kml/2.2",
        "http://www.w3.org/1999/XSL/Transform",
        "http://www.w3.org/1999/xhtml",
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/2005/Atom",
        "http://www.w3.org/2005/sparql-results#",
    }
)

# JSON-LD 1.1, section 9: keywords as keys. Converters from XML make "@id" of an attribute, so it takes an absolute
# IRI beside it. The quotation marks of a key have no backslash before them.
_JSON: Final = re.compile(r'\{\s*(?:["}]|$)|\[\s*(?:[\[{"\d-]|true\b|false\b|null\b|$|\]\s*$)')
_CONTEXT: Final = re.compile(r'(?<!\\)"@(?:context|graph)"\s*:')
_NODE: Final = re.compile(r'(?<!\\)"@(?:id|type|value)"\s*:')
_ABSOLUTE: Final = re.compile(r'(?<!\\)"(?:https?:\\?/\\?/[^"]+"\s*:|@(?:id|type)"\s*:\s*\[?\s*"(?:https?:|urn:))')

_RDF_ELEMENT: Final = re.compile(r"<(?:[\w.-]+:)?RDF[\s>]")
_COMMENTS: Final = re.compile(r"(?:\s+|#[^\n]*)*")
_IRI: Final = r'<[^<>"{}\n]*>'
_LABEL: Final = r"_:[\w.-]+"
_TERM: Final = rf"(?:{_IRI}|{_LABEL})"
_STRING: Final = r'"(?:[^"\\\n]|\\.)*"'
_OBJECT: Final = r"""\s*[<"'_\[(\w+-]"""
# A directive, or a statement that needs none: a prefixed name before the first directive has no meaning.
_TURTLE: Final = re.compile(
    rf"""
      @(?:prefix\s+[\w.-]*:\s*<|base\s*<|version\s*["'])
    | (?i:prefix)\s+[\w.-]*:\s*< | (?i:base)\s*< | (?i:version)\s*["']1
    | (?i:graph)\s+{_IRI}\s*\{{
    | {_TERM}\s*(?:\{{|{_IRI}{_OBJECT}|\sa\s+{_OBJECT})
    | \[\s*\]\s*(?:{_IRI}|a\s+){_OBJECT} | \[\s*(?:{_IRI}|a\s+){_OBJECT} | \{{\s*{_TERM}\s*(?:{_IRI}|a\s+){_OBJECT}
    | <<\(?\s*{_TERM}\s
    """,
    re.VERBOSE,
)
_QUAD: Final = re.compile(
    rf"\s*{_TERM}\s*<[^<>]*>\s*(?:<[^<>]*>|{_LABEL}|{_STRING}(?:@[\w-]+|\s*\^\^\s*<[^<>]*>)?|<<\(.*\)>>)"
    rf"\s*{_TERM}?\s*\.\s*(?:#.*)?"
)
_SAMPLE: Final = 50
"""Lines that are looked at to tell N-Quads from Turtle."""


def rdf_format_of(head: bytes, name: str) -> RdfFormat | None:
    """The format to read a file with, by its first bytes (unzipped) and its name; None where it is no RDF.

    >>> str(rdf_format_of(b"@prefix dct: <http://purl.org/dc/terms/> .", "katalog.txt"))
    'TriG'
    >>> rdf_format_of(b"name,size", "katalog.csv") is None
    True
    """
    text = head.decode(errors="replace").removeprefix("\ufeff").strip()
    by_suffix = _by_suffix(name)
    if _JSON.match(text):
        return RdfFormat.JSON_LD if _is_json_ld(text) else None
    if text.startswith("<"):
        root = find_root(text.encode())
        if _is_rdf_xml(root, text):
            return RdfFormat.RDF_XML
        # A first statement with short relative IRIs looks like XML too.
        if root is not None and (by_suffix is None or root.name.lower() == "html"):
            return None
    body = text[_end_of_comments(text) :]
    if _TURTLE.match(body):
        return RdfFormat.N_QUADS if _is_n_quads(text, by_suffix) else RdfFormat.TRIG
    # Whatever a file of this name begins with was meant as RDF; loading it names the line where it is not.
    return None if re.match(r"[{\[]|<[!?]|<html", body, re.IGNORECASE) else by_suffix


def _is_json_ld(text: str) -> bool:
    return bool(_CONTEXT.search(text) or (_NODE.search(text) and _ABSOLUTE.search(text)))


def _is_rdf_xml(root: XmlRoot | None, text: str) -> bool:
    if root is None:
        return _RDF_ELEMENT.search(text) is not None
    if root.namespace == RDF:
        return root.name == "RDF"
    return RDF in root.namespaces and root.namespace not in _DOCUMENTS


def _by_suffix(name: str) -> RdfFormat | None:
    path = PurePosixPath(name.lower())
    return _SUFFIXES.get(PurePosixPath(path.stem).suffix if path.suffix == ".gz" else path.suffix)


def _end_of_comments(text: str) -> int:
    match = _COMMENTS.match(text)
    return match.end() if match else 0


def _is_n_quads(text: str, by_suffix: RdfFormat | None) -> bool:
    """Whether the whole lines of a text are statements of N-Quads; not all of them, because some may be broken."""
    if by_suffix == RdfFormat.TRIG:
        return False
    lines = [line for line in text.split("\n")[: 2 * _SAMPLE] if line.strip() and not line.lstrip().startswith("#")]
    whole = lines[: max(1, min(len(lines) - 1, _SAMPLE))]
    found = sum(_QUAD.fullmatch(line.rstrip()) is not None for line in whole)
    return 2 * found >= len(whole) if by_suffix else 10 * found >= 9 * len(whole)
