"""Reading: every file comes out as UTF-8 text without a mark, or says why not."""

import gzip
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import SourceError
from loaders.reading import HEAD_SIZE, Text, head, open_text


def read(content: bytes, limit: int = 1 << 30) -> tuple[bytes, Text]:
    text = Text(io.BytesIO(content), "fil", limit)
    return io.BufferedReader(text).read(), text


def write(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "content"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    "content",
    [
        "søk".encode("utf-8-sig"),
        "søk".encode("utf-16"),
        b"\xfe\xff" + "søk".encode("utf-16-be"),
        "søk".encode("utf-32"),
    ],
)
def test_a_byte_order_mark_tells_the_encoding_and_is_dropped(content: bytes) -> None:
    assert read(content)[0] == "søk".encode()


@pytest.mark.parametrize(
    ("encoding", "python_name"), [("ISO-8859-1", "latin-1"), ("windows-1252", "cp1252"), ("iso-8859-10", "iso8859-10")]
)
def test_xml_is_read_in_the_encoding_it_declares_and_then_declares_utf_8(encoding: str, python_name: str) -> None:
    content = f'<?xml version="1.0" encoding="{encoding}"?><a>søk</a>'.encode(python_name)
    assert read(content)[0] == '<?xml version="1.0" encoding="UTF-8"?><a>søk</a>'.encode()


def test_utf_16_xml_without_a_mark_is_read_by_its_first_characters() -> None:
    content = '<?xml version="1.0" encoding="UTF-16"?><a>søk</a>'.encode("utf-16-le")
    assert read(content)[0] == '<?xml version="1.0" encoding="UTF-8"?><a>søk</a>'.encode()


def test_a_declared_encoding_that_is_not_text_is_not_applied() -> None:
    content = b'<?xml version="1.0" encoding="rot13"?><a/>'
    assert read(content)[0] == content


def test_bytes_that_are_no_utf_8_are_replaced_and_their_lines_remembered() -> None:
    found, text = read("en\nsøk\r\ntre\nfår".encode("latin-1") + b"\n\xe5")
    assert found.decode() == "en\ns�k\r\ntre\nf�r\n�"
    assert (text.damaged_lines, text.damaged) == ([2, 4, 5], 3)


def test_damaged_lines_are_counted_beyond_those_remembered() -> None:
    _, text = read(b"\xff\n" * 1500)
    assert (len(text.damaged_lines), text.damaged, text.line) == (1000, 1500, 1501)


@given(st.text(alphabet="aøé€😀\n", max_size=50), st.integers(0, 20))
def test_a_character_cut_by_the_end_of_a_chunk_stays_whole(text: str, before: int) -> None:
    content = b"x" * (256 * 1024 - before) + text.encode()
    found, reader = read(content)
    assert found == content
    assert reader.damaged == 0
    assert reader.line == 1 + text.count("\n")


@given(st.binary(max_size=200))
def test_any_bytes_become_valid_utf_8(content: bytes) -> None:
    read(content)[0].decode()


def test_gzip_is_told_by_its_magic_bytes_whatever_the_name(tmp_path: Path) -> None:
    assert head(write(tmp_path, gzip.compress("søk".encode("utf-8-sig")))) == "søk".encode()


def test_the_head_is_the_first_64_kb_unzipped(tmp_path: Path) -> None:
    assert head(write(tmp_path, gzip.compress(b"a" * 200_000))) == b"a" * HEAD_SIZE


def test_the_rest_of_a_cut_gzip_stream_is_missing_and_said(tmp_path: Path) -> None:
    packed = gzip.compress(b"".join(b"%d\n" % number for number in range(200_000)))
    with open_text(write(tmp_path, packed[: len(packed) // 2]), "fil") as text:
        found = io.BufferedReader(text).read()
    assert found.startswith(b"0\n1\n2\n")
    assert "gzip" in text.broken


@pytest.mark.parametrize("content", [b"\x1f\x8b", b"\x1f\x8b\x08\x00", b"\x1f\x8bnot gzip at all"])
def test_gzip_without_a_single_readable_byte_is_an_error(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(SourceError, match=r"katalog\.ttl: the gzip stream is broken"):
        head(write(tmp_path, content), "katalog.ttl")


def test_a_gzip_bomb_ends_at_the_limit(tmp_path: Path) -> None:
    path = write(tmp_path, gzip.compress(b"\0" * 50_000_000))
    with open_text(path, "bombe.gz", limit=10_000_000) as text, pytest.raises(SourceError, match="10,000,000 bytes"):
        io.BufferedReader(text).read()


@pytest.mark.parametrize("name", [".", "mangler"])
def test_what_cannot_be_opened_is_an_error_with_its_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(SourceError, match="kilde/fil: cannot be opened"):
        head(tmp_path / name, "kilde/fil")
