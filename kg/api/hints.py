"""Hints: what a query that was answered should perhaps have said instead.

In: query text, and the aliases of the generation that answered. Out: a hint for each alias that the text names, and
those hints as a Link header (RFC 8288) or as JSON; what the worker has to say goes into X-Hint. The default graph
speaks of a thing under its canonical IRI only, so a query that names an alias finds nothing there. The text is
tokenised, never parsed, and whatever it is, no hint is the worst that comes of it. A query of 150 characters costs
0.02 ms, one of 4,000 half a millisecond.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final
from urllib.parse import quote, urljoin

from kg.aliases import Aliases
from kg.sparql.tokens import TOKEN, line_column, unescape_codepoints

MAX_HINTS: Final = 10
MAX_TOKENS: Final = 2_000
"""So many tokens of a query are read, which takes 2 ms at most; what comes after them goes without hints."""
MAX_HEADER_LENGTH: Final = 4_000
"""Characters of a Link header: what proxies commonly let pass."""

_CHOOSES_GRAPHS: Final = frozenset(("GRAPH", "FROM"))
_LOCAL_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)
_URI_CHARACTERS: Final = "%:/?#[]@!$&'()*+,;=-._~"


@dataclass(frozen=True, slots=True)
class AliasHint:
    """A query names an alias where the canonical IRI is meant."""

    alias: str
    canonical: str
    place: int = field(default=0, compare=False)

    @property
    def nb(self) -> str:
        """The hint in Norwegian."""
        return f"Grafen omtaler <{self.alias}> som <{self.canonical}>: bruk den IRI-en, ellers finnes ingenting."

    @property
    def en(self) -> str:
        """The hint in English."""
        return f"The graph speaks of <{self.alias}> as <{self.canonical}>: use that IRI, or nothing is found."


def find_hints(query: str, aliases: Aliases, prefixes: Mapping[str, str]) -> tuple[AliasHint, ...]:
    """A hint for each alias that a query names, in the order of the text.

    A query that says GRAPH or FROM has none: the graphs of the sources hold the sources' own forms. Nor has one that
    asks for aliases, by `kg:sameThing`.

    Args:
        query: text that the engine has answered.
        aliases: those of the generation that answered.
        prefixes: the predeclared prefixes; empty where the query is read without.
    """
    if not aliases.identified:
        return ()
    named = named_iris(query, prefixes)
    if any(iri.endswith("ns#sameThing") for iri in named):
        return ()
    found = ((iri, aliases.canonical(iri), place) for iri, place in named.items())
    return tuple(islice((AliasHint(*hint) for hint in found if hint[0] != hint[1]), MAX_HINTS))


def named_iris(query: str, prefixes: Mapping[str, str]) -> dict[str, int]:
    """The IRIs that the pattern of a query names, each with its first place in it; none if it chooses graphs itself.

    >>> named_iris("PREFIX x: <http://x.no/> ASK { x:a dct:title <http://y.no/b> }", {"dct": "http://purl.org/dc/"})
    {'http://x.no/a': 31, 'http://purl.org/dc/title': 35, 'http://y.no/b': 45}
    """
    declared = dict(prefixes)
    named: dict[str, int] = {}
    base = declaring = prefix = ""
    # The matches themselves, since cutting glued words into tokens would take as long again.
    for match in islice(TOKEN.finditer(query), MAX_TOKENS):
        kind = match.lastgroup
        if kind == "run":
            declaring = match["run"].upper()
            if declaring in _CHOOSES_GRAPHS:
                return {}
        elif kind == "pname":
            name, local = match["run"] or "", match["pname"][1:]
            if declaring == "PREFIX":
                prefix = name
            elif name in declared:
                iri = declared[name] + (_LOCAL_ESCAPE.sub(r"\1", local) if "\\" in local else local)
                named.setdefault(iri, match.start(1))
        elif kind == "iri":
            iri = match["iri"][1:-1]
            if "\\" in iri:
                iri = unescape_codepoints(iri)
            if base:
                iri = _resolved(base, iri)
            if declaring == "BASE":
                base = iri
            elif declaring == "PREFIX":
                declared[prefix] = iri
            else:
                named.setdefault(iri, match.start(1))
            declaring = ""
    return named


def alias_members(query: str, hints: Iterable[AliasHint]) -> list[dict[str, object]]:
    """The hints as callers get them in JSON, of one shape with those of `kg.sparql.advice`."""
    members: list[dict[str, object]] = []
    for hint in hints:
        line, column = line_column(query, hint.place)
        text = {"nb": hint.nb, "en": hint.en}
        places = {"line": line, "column": column, "found": hint.alias, "meant": hint.canonical}
        members.append({"kind": "alias", "text": text, **places})
    return members


def hint_header(hints: Iterable[Mapping[str, Any]]) -> str:
    """Other hints as the value of X-Hint: in English, in ASCII, on one line, as many as fit; empty without any.

    >>> hint_header([{"text": {"en": "no triple uses dct:tittel; did you mean dct:title?"}}])
    'no triple uses dct:tittel; did you mean dct:title?'
    """
    header = ""
    for hint in hints:
        visible = "".join(character if character.isprintable() else " " for character in hint["text"]["en"][:500])
        longer = f"{header}{' | ' if header else ''}{' '.join(visible.split())}"
        if len(longer.encode("ascii", "backslashreplace")) > MAX_HEADER_LENGTH:
            break
        header = longer
    return header.encode("ascii", "backslashreplace").decode("ascii")


def link_header(hints: Iterable[AliasHint]) -> str:
    """The hints as the value of a Link header, as many as fit it; empty where there are none.

    >>> link_header([AliasHint("http://x.no/ø", "https://x.no/1")])
    '<https://x.no/1>; rel="canonical"; anchor="http://x.no/%C3%B8"'
    """
    header = ""
    for hint in hints:
        longer = f'{header}{", " if header else ""}{canonical_link(hint.canonical)}; anchor="{as_uri(hint.alias)}"'
        if len(longer) > MAX_HEADER_LENGTH:
            break
        header = longer
    return header


def canonical_link(iri: str) -> str:
    """A link to the canonical IRI of what is asked for or anchored (RFC 8288, section 3; RFC 6596)."""
    return f'<{as_uri(iri)}>; rel="canonical"'


def as_uri(iri: str) -> str:
    """The URI of an IRI (RFC 3987, section 3.1): ASCII, without quotes, angle brackets, spaces and line ends."""
    return quote(iri.encode("utf-8", "replace"), safe=_URI_CHARACTERS)


def _resolved(base: str, iri: str) -> str:
    """An IRI of the text, against the base that the query declares."""
    try:
        return urljoin(base, iri)
    except ValueError:  # a malformed address in the authority
        return iri
