"""The form of an XML document, read before its triples are: its root, and how far it is well-formed and harmless.

In: a stream of UTF-8. Out: the root element's name and namespaces, or the byte where reading has to stop and why.
The RDF/XML parser gives no lines, takes a cut document for a whole one, and expands entities without limit; expat
does none of this. It fetches nothing.
"""

import re
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, Protocol
from xml.parsers import expat

_SEPARATOR: Final = " "
_LONGEST_ENTITY: Final = 1000
"""In characters, expanded. Entities stand for namespaces in RDF/XML; a few nested ones can stand for gigabytes."""
_DEEPEST_NESTING: Final = 256
"""In elements. The RDF/XML parser takes time with the square of the depth."""
_MOST_ATTRIBUTES: Final = 1000
"""On one element, and of namespaces in force. The RDF/XML parser compares each with each."""
_CHUNK: Final = 256 * 1024
_REFERENCE: Final = re.compile(r"&([^#;&\s][^;&\s]*);")
_PREDEFINED: Final = ("amp", "apos", "gt", "lt", "quot")
_WHITE_SPACE: Final = b" \t\r\n"


class Readable(Protocol):
    """A stream of bytes."""

    def read(self, size: int = -1, /) -> bytes | None:
        """The next bytes, none at the end."""


@dataclass(frozen=True, slots=True)
class XmlRoot:
    """The first element: its namespace (empty for none), its local name, and the namespaces bound on it."""

    namespace: str
    name: str
    namespaces: frozenset[str]


@dataclass(frozen=True, slots=True)
class XmlFault:
    """Where a document stops being well-formed or harmless: byte counted from 0, line from 1."""

    byte: int
    line: int
    what: str


class _Refused(Exception):
    """A document that is well-formed so far, and must not be read on from this byte and line."""

    def __init__(self, what: str, byte: int, line: int) -> None:
        super().__init__(what)
        self.byte = byte
        self.line = line


class _RootFound(Exception):
    """The root has been seen, and the rest does not matter."""


@dataclass(slots=True)
class _Watch:
    parser: expat.XMLParserType
    depth: int = 0
    namespaces: int = 0
    entities: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_PREDEFINED, 1))

    def refused(self, what: str) -> _Refused:
        # Within a handler these tell where the tag or declaration begins, later where it ends.
        return _Refused(what, self.parser.CurrentByteIndex, self.parser.CurrentLineNumber)

    def entity(self, name: str, _parameter: bool, value: str | None, *_: object) -> None:
        if value is None:
            raise self.refused(f"declares the external entity {name}")
        references = _REFERENCE.findall(value)
        if unknown := next((reference for reference in references if reference not in self.entities), None):
            raise self.refused(f"declares the entity {name} by way of {unknown}, which is not declared before it")
        size = len(value) + sum(self.entities[reference] for reference in references)
        if size > _LONGEST_ENTITY:
            raise self.refused(f"declares the entity {name}, which grows to over {_LONGEST_ENTITY} characters")
        self.entities[name] = size

    def bind(self, *_: object) -> None:
        self.namespaces += 1
        if self.namespaces > _MOST_ATTRIBUTES:
            raise self.refused(f"binds more than {_MOST_ATTRIBUTES} namespaces at once")

    def unbind(self, *_: object) -> None:
        self.namespaces -= 1

    def start(self, _name: str, attributes: dict[str, str]) -> None:
        if len(attributes) > _MOST_ATTRIBUTES:
            raise self.refused(f"has an element with more than {_MOST_ATTRIBUTES} attributes")
        self.depth += 1
        if self.depth > _DEEPEST_NESTING:
            raise self.refused(f"nests elements more than {_DEEPEST_NESTING} deep")

    def end(self, *_: object) -> None:
        self.depth -= 1


def find_root(head: bytes) -> XmlRoot | None:
    """The root element of a document, by its first bytes; None where they are no XML."""
    parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
    namespaces: set[str] = set()
    found: list[XmlRoot] = []

    def bound(_prefix: str | None, namespace: str | None) -> None:
        namespaces.add(namespace or "")

    def root(element: str, _attributes: dict[str, str]) -> None:
        namespace, _, name = element.rpartition(_SEPARATOR)
        found.append(XmlRoot(namespace, name, frozenset(namespaces)))
        raise _RootFound

    parser.EntityDeclHandler = _Watch(parser).entity
    parser.StartNamespaceDeclHandler = bound
    parser.StartElementHandler = root
    with suppress(expat.ExpatError, _Refused, _RootFound):
        parser.Parse(head.lstrip(_WHITE_SPACE), False)
    return found[0] if found else None


def find_fault(document: Readable) -> XmlFault | None:
    """The first place where a document is not well-formed (XML 1.0, Namespaces in XML 1.0) or not harmless.

    White space in front of the XML declaration is a fault too, but one that scripts make often and the RDF/XML
    parser overlooks, so it is overlooked here.
    """
    parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
    watch = _Watch(parser)
    parser.EntityDeclHandler = watch.entity
    parser.StartElementHandler = watch.start
    parser.EndElementHandler = watch.end
    parser.StartNamespaceDeclHandler = watch.bind
    parser.EndNamespaceDeclHandler = watch.unbind
    start = document.read(_CHUNK) or b""
    skipped = start[: len(start) - len(start.lstrip(_WHITE_SPACE))]
    try:
        parser.Parse(start[len(skipped) :], False)
        while chunk := document.read(_CHUNK):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        byte, line, what = (
            parser.ErrorByteIndex,
            error.lineno,
            f"is not well-formed XML: {expat.ErrorString(error.code)}",
        )
    except _Refused as error:
        byte, line, what = error.byte, error.line, str(error)
    else:
        return None
    return XmlFault(max(byte, 0) + len(skipped), line + skipped.count(b"\n"), what)
