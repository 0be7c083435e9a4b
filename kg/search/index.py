"""The index on disk: documents in, a folder of tantivy's out, and the same folder opened for searching.

The folder is written once, beside the store of its generation, and never changed. Every text goes in as words with
spaces between them (`kg.search.analysis`); the table of fields says which words go where.
"""

import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

import tantivy

from kg.errors import BuildError, NotFound
from kg.search.analysis import Analyzer, Word, stems_of
from kg.search.documents import Document, preferred
from kg.search.vocabulary import Field

FORMAT: Final = 1
"""Counts up when the fields or the analysis change; an index of another format is not read."""
LONGEST_NAME: Final = 500
"""Characters of a name that can be found by the whole of it; as many as a query may have."""
SHOWN_TEXT: Final = 600
"""Characters of a definition or description that are kept to be shown."""
SHOWN_NAMES: Final = 20
"""Other names that are kept to be shown."""

_HEAP_BYTES: Final = 64_000_000
_ENTRY: Final = "kg.json"

IRI: Final = "iri"
KIND: Final = "type"
PUBLISHER: Final = "publisher"
SHOWN: Final = "shown"
EXACT: Final = "exact"
EXACT_OTHER: Final = "exact_other"
NEAR: Final = "near"
LABEL: Final = "label"
PART: Final = "part"
WRITTEN: Final = "written"
WRITTEN_KEYWORD: Final = "written_keyword"
KEYWORD: Final = "keyword"
DEFINITION: Final = "definition"
DESCRIPTION: Final = "description"

_KEYS: Final = {
    EXACT: "each preferred name, folded, as one term",
    EXACT_OTHER: "each other and technical name, folded, as one term",
    NEAR: "every name without spaces, as written and stemmed, as one term",
}
_WORDS: Final = {
    LABEL: "stems of preferred and other names",
    PART: "endings of the words and stems of all names and keywords, and two neighbouring words as one",
    WRITTEN: "words of names as they are written, for beginnings and typing errors",
    WRITTEN_KEYWORD: "the same of keywords",
    KEYWORD: "stems of keywords and technical names",
    DEFINITION: "stems of definitions",
    DESCRIPTION: "stems of descriptions",
}
_CONTROLS: Final = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0)))
_JSON: Final = json.JSONEncoder(ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class OpenIndex:
    """An index that can be searched, and what publishers are called by language."""

    searcher: tantivy.Searcher
    schema: tantivy.Schema
    publishers: dict[str, dict[str, str]]


def write_index(documents: Iterable[Document], folder: Path) -> None:
    """Write the index of a generation into a new folder.

    One thread writes, so that documents keep their order, which decides between equal scores.

    Raises:
        BuildError: tantivy could not write it.
    """
    folder.mkdir(parents=True)
    analyzer = Analyzer()
    agencies: dict[str, dict[str, str]] = {}
    publishers: set[str] = set()
    try:
        writer = tantivy.Index(_schema(), path=str(folder)).writer(_HEAP_BYTES, 1)
        for document in documents:
            names = preferred(document)
            publishers.update(document.publishers)
            if document.kind == "agency":
                agencies[document.iri] = names
            writer.add_document(_document(document, names, analyzer))
        writer.commit()
        writer.wait_merging_threads()
    except (OSError, ValueError) as error:
        raise BuildError(f"the text index could not be written: {error}", where=str(folder)) from error
    entry = {"format": FORMAT, "publishers": {iri: agencies[iri] for iri in sorted(publishers & agencies.keys())}}
    (folder / _ENTRY).write_text(json.dumps(entry, ensure_ascii=False), encoding="utf-8", errors="replace")


def open_index(folder: Path) -> OpenIndex:
    """Open the index of a generation.

    Raises:
        NotFound: there is none, or one of another format.
        BuildError: it is damaged.
    """
    try:
        entry = json.loads((folder / _ENTRY).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise NotFound("this generation has no text index", hint=_HINT) from error
    except (OSError, ValueError) as error:
        raise BuildError(f"the text index cannot be read: {error}", where=str(folder), hint=_HINT) from error
    if not isinstance(entry, dict) or entry.get("format") != FORMAT:
        what = "the text index of this generation was made by another version of this program"
        raise NotFound(what, hint=_HINT)
    try:
        index = tantivy.Index.open(str(folder))
        index.config_reader("manual")
        return OpenIndex(index.searcher(), index.schema, entry["publishers"])
    except (OSError, ValueError, KeyError) as error:
        raise BuildError(f"the text index cannot be read: {error}", where=str(folder), hint=_HINT) from error


_HINT: Final = "build again"


def whole_key(words: Iterable[Word]) -> str:
    """The term of a whole name, and of a query that may be one."""
    return " ".join(word.whole for word in words)


def near_keys(words: Sequence[Word]) -> tuple[str, ...]:
    """The terms under which a whole name is also found: written in one word, and in another inflection.

    >>> near_keys(Analyzer().words("Kommune-nummer"))
    ('kommunenummer', 'kommunnumm', 'kommunnummer')
    """
    joined = ("".join(parts) for parts in zip(*((w.whole, w.norwegian, w.english) for w in words), strict=True))
    return tuple(dict.fromkeys(joined))


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field(IRI, stored=True, tokenizer_name="raw", index_option="basic")
    for name in (KIND, PUBLISHER):
        builder.add_text_field(name, stored=True, fast=True, tokenizer_name="raw", index_option="basic")
    for name in _KEYS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in _WORDS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    builder.add_bytes_field(SHOWN, stored=True)
    return builder.build()


def _document(document: Document, names: Mapping[str, str], analyzer: Analyzer) -> tantivy.Document:
    made = tantivy.Document()
    made.add_text(IRI, document.iri)
    made.add_text(KIND, document.kind)
    for publisher in document.publishers:
        made.add_text(PUBLISHER, publisher)
    terms: dict[str, list[str]] = {name: [] for name in _WORDS}
    keys: dict[str, dict[str, None]] = {name: {} for name in _KEYS}
    for text in document.texts:
        of, words = text.field, analyzer.words(text.value)
        if of is Field.DEFINITION or of is Field.DESCRIPTION:
            terms[DEFINITION if of is Field.DEFINITION else DESCRIPTION] += stems_of(words, text.language)
            continue
        called = of is Field.PREFERRED or of is Field.OTHER
        fields = (LABEL, WRITTEN) if called else (KEYWORD, WRITTEN_KEYWORD)
        _add_words(words, text.language, terms, fields, analyzer)
        if of is not Field.KEYWORD and words and len(text.value) <= LONGEST_NAME:
            keys[EXACT if of is Field.PREFERRED else EXACT_OTHER][whole_key(words)] = None
            keys[NEAR].update(dict.fromkeys(near_keys(words)))
    for name, added in terms.items():
        if added:
            made.add_text(name, " ".join(added))
    for name, found in keys.items():
        for key in found:
            made.add_text(name, key)
    made.add_bytes(SHOWN, _shown(document, names))
    return made


def _add_words(
    words: Sequence[Word], language: str, terms: dict[str, list[str]], fields: tuple[str, str], analyzer: Analyzer
) -> None:
    """Add the words of a name or keyword: their stems, their endings and how they are written."""
    stems, written = fields
    terms[stems] += stems_of(words, language)
    terms[written] += [word.whole for word in words]
    parts = [part for word in words for part in word.parts]
    if parts:
        terms[stems] += stems_of(parts, language)
        terms[written] += [part.whole for part in parts]
    compounds = terms[PART]
    for word in words:
        compounds += analyzer.endings(word)
    compounds += [analyzer.stem(first.whole + second.whole) for first, second in pairwise(words)]


def _shown(document: Document, names: Mapping[str, str]) -> bytes:
    """What an answer shows, as JSON: names and texts by language, other names in their order."""
    texts: dict[str, str] = {}
    others: dict[str, None] = {}
    for text in document.texts:
        if text.field >= Field.DEFINITION:  # definitions come before descriptions
            if text.language not in texts:
                texts[text.language] = _plain(text.value)
        elif text.field is not Field.PREFERRED and len(others) < SHOWN_NAMES:
            others[_plain(text.value)] = None
    plain = {language: _plain(name) for language, name in names.items()}
    return _JSON.encode({"names": plain, "texts": texts, "others": list(others)}).encode("utf-8", "replace")


def _plain(text: str) -> str:
    """A text in one line and normal form C, without control characters, cut where it is too long to be shown."""
    line = " ".join(text[: 2 * SHOWN_TEXT].split())
    if not line.isascii():
        line = unicodedata.normalize("NFC", line)
    if not line.isprintable():
        line = line.translate(_CONTROLS)
    return line if len(line) <= SHOWN_TEXT else f"{line[: SHOWN_TEXT - 1]}…"
