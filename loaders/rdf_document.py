"""An RDF file, opened as often as it has to be read.

In: a file, its format, and where it has to be cut. Out: its text from the start, and parsers on it.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Final

from pyoxigraph import Quad, RdfFormat, parse

from kg.errors import SourceError
from loaders.protocol import SourceFile
from loaders.reading import Text, open_text
from loaders.xml_form import XmlFault, find_fault

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_BUFFER: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class Document:
    """One file, what to read it as, and how much of it.

    Attributes:
        file: the file.
        rdf_format: what to parse it as.
        limit: the most bytes, unzipped, that are read.
        fault: where an XML document has to be cut.
    """

    file: SourceFile
    rdf_format: RdfFormat
    limit: int
    fault: XmlFault | None = None

    @contextmanager
    def text(self) -> Iterator[tuple[Text, io.BufferedReader]]:
        """The file from its start: the text, for what it has noticed, and a buffer to read it through.

        Raises:
            SourceError: the file cannot be opened or read.
        """
        with open_text(self.file.path, self.file.name, self.limit) as text:
            raw = text if self.fault is None else _Cut(text, self.fault.byte)
            yield text, io.BufferedReader(raw, _BUFFER)

    def parser(self, text: IO[bytes] | str, *, lenient: bool = True, rename: bool = True) -> Iterator[Quad]:
        """A parser on the text.

        Args:
            text: the text, or a part of it that stands alone.
            lenient: whether invalid IRIs and language tags pass; the strict parser leaves out the rest of the
                statement for them.
            rename: whether blank nodes get names of their own, because labels hold within one file.

        Raises:
            SourceError: the base IRI is not valid.
        """
        try:
            return parse(
                input=text,
                format=self.rdf_format,
                base_iri=self.file.base_iri,
                rename_blank_nodes=rename,
                lenient=lenient,
            )
        except ValueError as error:
            raise SourceError(str(error), where=self.file.name) from error

    def find_fault(self) -> XmlFault | None:
        """Where the document has to be cut; None in all syntaxes but XML."""
        if self.rdf_format != RdfFormat.RDF_XML:
            return None
        with self.text() as (_, stream):
            return find_fault(stream)


class _Cut(io.RawIOBase):
    """The first bytes of a text."""

    def __init__(self, text: Text, length: int) -> None:
        super().__init__()
        self._text = text
        self._left = length

    def readable(self) -> bool:
        return True

    def readinto(self, target: "WriteableBuffer", /) -> int:
        count = self._text.readinto(memoryview(target).cast("B")[: self._left])
        self._left -= count
        return count
