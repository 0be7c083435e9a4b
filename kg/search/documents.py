"""Documents: what is said of each thing that can be found, gathered from the triples of a generation.

In: the lines of the default and the inferred graph, N-Triples without the dot. Out: a `Document` per thing, under its
canonical IRI. Only the rows of `kg.search.vocabulary` are read; everything else is passed over after a look at its
predicate, and need not be given (`predicates_read`).
"""

import html
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from kg.namespaces import RDF, Names
from kg.search.vocabulary import (
    NOT_FOUND,
    PARTS,
    PUBLISHERS,
    WHOLES,
    Field,
    fields_of_properties,
    kinds_of_classes,
)

MAX_STEPS: Final = 8
"""So many wholes above an element are looked at for its publisher."""
MAX_PUBLISHERS: Final = 5

_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_CHARACTERS: Final = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_TAGS: Final = (
    "a abbr b blockquote br caption code div dd dl dt em font h1 h2 h3 h4 h5 h6 hr i img li ol p pre script small span "
    "strong style sub sup table tbody td th thead tr u ul"
)
_TAG: Final = re.compile(rf"</?(?:{'|'.join(_TAGS.split())})(?=[\s/>])[^<>]*+>", re.IGNORECASE)
_NAME: Final = re.compile(r"[^\W\d_][\w-]{1,63}")
_NUMBERED: Final = re.compile(r"\d{4}|[0-9a-f]{8}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Text:
    """A text of a thing; language is its main tag in lower case ("nb" for nb-NO), empty where it has none."""

    field: Field
    value: str
    language: str


@dataclass(frozen=True, slots=True)
class Document:
    """What the index holds of one thing: its texts in the order of the table, publishers under canonical IRIs."""

    iri: str
    kind: str
    texts: tuple[Text, ...]
    publishers: tuple[str, ...]


@dataclass(slots=True)
class Gathered:
    """The statements that matter, by subject; IRIs in angle brackets, as lines have them."""

    kinds: dict[str, int] = field(default_factory=dict)
    texts: defaultdict[str, list[tuple[int, str]]] = field(default_factory=lambda: defaultdict(list))
    publishers: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    wholes: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


def predicates_read(names: Names) -> frozenset[str]:
    """The predicates whose triples matter, beside rdf:type."""
    return frozenset((*fields_of_properties(names), *PUBLISHERS, *WHOLES, *PARTS))


def read_documents(lines: Iterable[str], names: Names) -> Iterator[Document]:
    """The documents of a generation, those with short names first, so that these win where scores are equal."""
    classes = list(kinds_of_classes(names).items())
    properties = list(fields_of_properties(names).items())
    gathered = _gather(lines, [iri for iri, _ in classes], [iri for iri, _ in properties])
    fields = [of for _, of in properties]
    kinds = [kind for _, kind in classes]
    found = [node for node, rank in gathered.kinds.items() if kinds[rank] != NOT_FOUND and node[0] == "<"]
    preferred_rows = sum(of is Field.PREFERRED for of in fields)  # they come first in the table

    def order(node: str) -> tuple[int, str]:
        named = (len(literal) for row, literal in gathered.texts.get(node, ()) if row < preferred_rows)
        return min(named, default=1 << 20), node

    for node in sorted(found, key=order):
        kind = kinds[gathered.kinds[node]]
        texts = _texts(node, kind, fields, gathered)
        if any(text.field <= Field.TECHNICAL for text in texts):
            publishers = tuple(iri[1:-1] for iri in _publishers(node, gathered))
            yield Document(node[1:-1], kind, texts, publishers)


def _texts(node: str, kind: str, fields: Sequence[Field], gathered: Gathered) -> tuple[Text, ...]:
    given = sorted(gathered.texts.get(node, ()))
    texts = [_text(fields[row], literal) for row, literal in given]
    if kind == "element" and (name := local_name(node[1:-1])):
        texts.append(Text(Field.TECHNICAL, name, ""))
    # Identifiers that are addresses are no names.
    return tuple(text for text in texts if text.field is not Field.TECHNICAL or "://" not in text.value)


def local_name(iri: str) -> str:
    """The last part of an IRI where it looks like a name that somebody chose, and else nothing.

    >>> local_name("https://x.no/modell#Enhet.organisasjonsform"), local_name("https://x.no/4f1c2b7a-0000")
    ('organisasjonsform', '')
    """
    name = iri[max(iri.rfind(sign) for sign in "#/.:") + 1 :]
    return name if _NAME.fullmatch(name) and not _NUMBERED.search(name) else ""


def _gather(lines: Iterable[str], classes: Sequence[str], properties: Sequence[str]) -> Gathered:
    gathered = Gathered()
    kinds, texts, wholes = gathered.kinds, gathered.texts, gathered.wholes
    rank_of = {f"<{iri}>": rank for rank, iri in enumerate(classes)}
    # One look-up tells most lines that they do not matter: a row for a text, a table for a link, more for the rest.
    of_predicate: dict[str, int | defaultdict[str, list[str]] | None] = {f"<{RDF}type>": None}
    of_predicate |= {f"<{iri}>": row for row, iri in enumerate(properties)}
    of_predicate |= {f"<{iri}>": gathered.publishers for iri in PUBLISHERS}
    of_predicate |= {f"<{iri}>": wholes for iri in WHOLES}
    of_predicate |= dict.fromkeys((f"<{iri}>" for iri in PARTS), -1)
    for line in lines:
        subject, predicate, object_ = line.split(" ", 2)
        if predicate not in of_predicate:
            continue
        means = of_predicate[predicate]
        if means is None:
            rank = rank_of.get(object_)
            if rank is not None and rank < kinds.get(subject, len(classes)):
                kinds[subject] = rank
        elif not isinstance(means, int):
            if object_[0] == "<":
                means[subject].append(object_)
        elif means < 0:
            wholes[object_].append(subject)
        elif object_[0] == '"':
            texts[subject].append((means, object_))
    return gathered


def _publishers(node: str, gathered: Gathered) -> list[str]:
    """Who is responsible for a thing, or for the nearest whole that it is part of."""
    level, seen = [node], {node}
    for _ in range(MAX_STEPS):
        own = sorted({agent for each in level for agent in gathered.publishers.get(each, ())})
        if own:
            return own[:MAX_PUBLISHERS]
        above = {whole for each in level for whole in gathered.wholes.get(each, ())} - seen
        seen |= above
        level = sorted(above)
    return []


def _text(of: Field, literal: str) -> Text:
    end = literal.rfind('"')
    value, rest = literal[1:end], literal[end + 1 :]
    if "\\" in value:
        value = _ESCAPE.sub(_unescaped, value)
    if of >= Field.DEFINITION and ("<" in value or "&" in value):
        value = without_markup(value)
    return Text(of, value, rest[1:].partition("-")[0] if rest.startswith("@") else "")


def without_markup(text: str) -> str:
    """A text without the tags of HTML that catalogues write into descriptions; other angle brackets stay.

    >>> without_markup('<p>Se <a href="https://x.no/b">kartet</a>: List&lt;Kode&gt; der a < b og <T></p>').split()
    ['Se', 'kartet', ':', 'List<Kode>', 'der', 'a', '<', 'b', 'og', '<T>']
    """
    return html.unescape(_TAG.sub(" ", text))


def _unescaped(match: re.Match[str]) -> str:
    digits = match[1] or match[2]
    if digits:
        return chr(int(digits, 16))
    return _CHARACTERS.get(match[3], match[3])


def preferred(document: Document) -> dict[str, str]:
    """The first preferred name in each language; another name or technical one where there is none at all."""
    for field_ in (Field.PREFERRED, Field.OTHER, Field.TECHNICAL):
        named: dict[str, str] = {}
        for text in document.texts:
            if text.field is field_:
                named.setdefault(text.language, text.value)
        if named:
            return named
    return {}
