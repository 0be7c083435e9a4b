"""Reading: the bytes of a harvested file as UTF-8 text, whatever they were packed and encoded as.

In: a path. Out: a stream of UTF-8 without a byte-order mark, gunzipped by its magic bytes. Its size is
capped, because a gzip bomb of a few kilobytes unpacks to gigabytes. Bytes that are no UTF-8 become U+FFFD
and their lines are remembered; UTF-16 is told by its mark, and XML by the encoding it declares (XML 1.0,
section 4.3.3 and appendix F).
"""

import codecs
import gzip
import io
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from kg.errors import SourceError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

DEFAULT_LIMIT: Final = 2 * 1024**3
"""The largest size in bytes, unzipped, that a file may have."""

HEAD_SIZE: Final = 64 * 1024
"""How many bytes, unzipped, a kind of source is recognised by."""

_CHUNK: Final = 256 * 1024
_GZIP_MAGIC: Final = b"\x1f\x8b"
# The first bytes of a text that is not UTF-8, longest first, and whether they belong to the text.
_SIGNATURES: Final = (
    (b"\xff\xfe\x00\x00", "utf-32-le", False),
    (b"\x00\x00\xfe\xff", "utf-32-be", False),
    (codecs.BOM_UTF16_LE, "utf-16-le", False),
    (codecs.BOM_UTF16_BE, "utf-16-be", False),
    (b"<\x00?\x00", "utf-16-le", True),
    (b"\x00<\x00?", "utf-16-be", True),
)
_XML_ENCODING: Final = re.compile(r"""(<\?xml[^>]*\bencoding\s*=\s*["'])([A-Za-z][A-Za-z0-9._-]*)""")
_XML_ENCODINGS: Final = MappingProxyType(
    {
        "iso-8859-1": "latin-1",
        "iso-8859-4": "iso8859-4",
        "iso-8859-10": "iso8859-10",
        "iso-8859-15": "iso8859-15",
        "latin1": "latin-1",
        "us-ascii": "ascii",
        "windows-1252": "cp1252",
    }
)
_MOST_DAMAGED_LINES: Final = 1000


class Text(io.RawIOBase):
    """The UTF-8 bytes of one file, read once from start to end.

    Attributes:
        size: how many unzipped bytes have been read so far.
        line: the line that the reading has come to, counted from 1.
        damaged_lines: the first thousand lines that hold bytes which are no UTF-8.
        damaged: how many such lines there are.
        broken: why the file ends before its time, empty where it does not.
    """

    def __init__(self, raw: io.BufferedIOBase, name: str, limit: int = DEFAULT_LIMIT) -> None:
        super().__init__()
        self.size = 0
        self.line = 1
        self.damaged_lines: list[int] = []
        self.damaged = 0
        self.broken = ""
        self._raw = raw
        self._name = name
        self._limit = limit
        self._ended = False
        self._decoder: codecs.IncrementalDecoder | None = None
        self._carry = b""
        self._ready = memoryview(self._begin())

    def readable(self) -> bool:
        """A stream to read from."""
        return True

    def readinto(self, target: "WriteableBuffer", /) -> int:
        """Fill the target, at least in part; 0 at the end.

        Raises:
            SourceError: the file is over the limit.
        """
        view = memoryview(target).cast("B")
        while not self._ready and not self._ended:
            self._ready = memoryview(self._utf8(self._next_chunk()))
        count = min(len(view), len(self._ready))
        view[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count

    def _begin(self) -> bytes:
        chunk = self._next_chunk()
        for signature, encoding, is_text in _SIGNATURES:
            if chunk.startswith(signature):
                self._decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
                chunk = chunk if is_text else chunk[len(signature) :]
                break
        else:
            chunk = chunk.removeprefix(codecs.BOM_UTF8)
            declared = _XML_ENCODING.match(chunk[:1024].decode("latin-1"))
            if declared and (encoding := _XML_ENCODINGS.get(declared[2].lower(), "")):
                self._decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
        text = self._utf8(chunk)
        if self._decoder is None or not text.startswith(b"<?xml"):
            return text
        # The declaration would now be wrong, and the parser believes it.
        start = text[:1024].decode(errors="ignore")
        return _XML_ENCODING.sub(r"\g<1>UTF-8", start, count=1).encode() + text[len(start.encode()) :]

    def _next_chunk(self) -> bytes:
        try:
            chunk = self._raw.read(_CHUNK)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            self.broken = f"the gzip stream is broken: {error}"
            chunk = b""
        except OSError as error:
            raise SourceError(f"cannot be read: {error.strerror or error}", where=self._name) from error
        self._ended = not chunk
        self.size += len(chunk)
        if self.size > self._limit:
            raise SourceError(
                f"holds more than {self._limit:,} bytes unzipped",
                where=self._name,
                hint="split the file, if it is meant to be that large",
            )
        return chunk

    def _utf8(self, chunk: bytes) -> bytes:
        text = self._decoder.decode(chunk, final=not chunk).encode() if self._decoder else self._checked(chunk)
        self.line += text.count(b"\n")
        return text

    def _checked(self, chunk: bytes) -> bytes:
        chunk = self._carry + chunk
        # A character may be cut by the end of the chunk: what could still become one waits for the next.
        split = len(chunk) if self._ended else _complete_length(chunk)
        chunk, self._carry = chunk[:split], chunk[split:]
        if chunk.isascii():
            return chunk
        try:
            chunk.decode()
        except UnicodeDecodeError:
            return self._repaired(chunk)
        return chunk

    def _repaired(self, chunk: bytes) -> bytes:
        lines = chunk.split(b"\n")
        for number, line in enumerate(lines):
            lines[number] = line.decode(errors="replace").encode()
            if lines[number] != line:
                self.damaged += 1
                if len(self.damaged_lines) < _MOST_DAMAGED_LINES:
                    self.damaged_lines.append(self.line + number)
        return b"\n".join(lines)


def _complete_length(chunk: bytes) -> int:
    """How much of the chunk ends with a whole character, which has 4 bytes at most (RFC 3629, section 3)."""
    for back in range(1, min(4, len(chunk) + 1)):
        byte = chunk[-back]
        if byte >= 0xC0:
            needed = 2 + (byte >= 0xE0) + (byte >= 0xF0)
            return len(chunk) - back if needed > back else len(chunk)
        if byte < 0x80:
            break
    return len(chunk)


@contextmanager
def open_text(path: Path, name: str, limit: int = DEFAULT_LIMIT) -> Iterator[Text]:
    """Open a file, gunzipping it where it is gzip.

    Args:
        path: where its bytes lie.
        name: what messages call it.
        limit: the most bytes, unzipped, that are read.

    Raises:
        SourceError: the file cannot be opened or read at all, or its first bytes are over the limit.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise SourceError(f"cannot be opened: {error.strerror or error}", where=name) from error
    with file:
        text = Text(gzip.GzipFile(fileobj=file) if file.peek(2)[:2] == _GZIP_MAGIC else file, name, limit)
        if text.broken and not text.size:
            raise SourceError(text.broken, where=name, hint="fetch or pack the file again")
        yield text


def head(path: Path, name: str = "") -> bytes:
    """The first 64 kB of a file as UTF-8, unzipped and without a byte-order mark.

    Raises:
        SourceError: the file cannot be opened or read at all.
    """
    with open_text(path, name or path.name) as text:
        return io.BufferedReader(text, _CHUNK).read(HEAD_SIZE)
