"""The description of a thing: which queries ask for it, and what their rows mean.

In: IRIs, and the rows that the engine answers with. Out: query text, and plain values. Nothing here asks; the
queries are the `.rq` files beside this module, whose IRIs are relative to the base of the generation. A value goes
into a query in the place of a VALUES block and as a term, never as text.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Final
from urllib.parse import unquote

from pyoxigraph import Literal, NamedNode, QuerySolution

from kg.aliases import Aliases, read_iri
from kg.identities import find_catalogue_id
from kg.namespaces import Names
from kg.terms import writable_iri

MAX_PARTS: Final = 5_000
"""Former blank nodes that one description may have; the query asks for one more."""
STEPS: Final = 2
"""How many of them in a row one query follows."""
MAX_STATEMENTS: Final = 1_000
"""Statements that a page shows; the query asks for one more."""
MAX_COUNTED: Final = 10_000
"""Triples that point at a thing are counted so far; the query counts one more."""
GIVEN_INCOMING: Final = 1_000
"""So many of them are in a description that is RDF, and fewer on a page."""

_BLOCK: Final = re.compile(r"VALUES \?(\w+) \{[^}]*\}")
_UUID: Final = re.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")


@dataclass(frozen=True, slots=True)
class Named:
    """What a person has named; a field is empty where it does not apply.

    Attributes:
        iri: an absolute IRI.
        catalogue_id: an id of data.norge.no, alone or within the IRI.
        former: the thing to one of whose aliases data.norge.no gave that id.
    """

    iri: str
    catalogue_id: str
    former: str = ""

    @classmethod
    def by(cls, text: str, prefixes: Mapping[str, str], former_ids: Mapping[str, str]) -> "Named | None":
        """Read what a person wrote; None where it is neither IRI nor id.

        >>> Named.by("DF68F420-2200-3E21-9B01-5A1F0DBC4C4F", {}, {})
        Named(iri='', catalogue_id='df68f420-2200-3e21-9b01-5a1f0dbc4c4f', former='')
        """
        if _UUID.fullmatch(text.strip()):
            iri, catalogue_id = "", text.strip().lower()
        else:
            iri = read_iri(text, prefixes) or ""
            catalogue_id = find_catalogue_id(iri) or ""
        return cls(iri, catalogue_id, former_ids.get(catalogue_id, "")) if iri or catalogue_id else None


def question(name: str, names: Names, **values: Iterable[NamedNode | Literal]) -> str:
    """A query of ours with terms in its VALUES blocks, by the variable of each."""
    text = (files("kg.api") / "queries" / f"{name}.rq").read_text(encoding="utf-8")
    filled = _BLOCK.sub(lambda block: f"VALUES ?{block[1]} {{ {' '.join(map(str, values[block[1]]))} }}", text)
    return f"BASE {NamedNode(names.base)}\n{filled}"


def nodes(iris: Iterable[str]) -> list[NamedNode]:
    """IRIs that are writable, as terms."""
    return [NamedNode(iri) for iri in iris]


def known_question(named: Named, aliases: Aliases, names: Names) -> str:
    """Ask which of what was named, and of what is written nearly so, the graph speaks of."""
    iris = [aliases.canonical(named.iri), named.iri, *near_forms(named.iri, aliases)] if named.iri else []
    if named.former:
        iris.append(named.former)
    ids = [Literal(named.catalogue_id)] if named.catalogue_id else []
    return question("known", names, known=nodes(dict.fromkeys(iris)), identifier=ids)


@dataclass(frozen=True, slots=True)
class Found:
    """What a name leads to: the thing's IRI, or an empty text and what is written nearly so."""

    thing: str
    near: tuple[str, ...] = ()


def found_by(named: Named, rows: Sequence[QuerySolution], aliases: Aliases) -> Found:
    """What the answer to `known_question` means: the canonical IRI goes before an alias, an IRI before an id."""
    known = {text(row["known"]) for row in rows if row["known"] is not None}
    topics = [text(row["topic"]) for row in rows if row["topic"] is not None]
    if named.iri:
        for iri in (aliases.canonical(named.iri), named.iri):
            if iri in known:
                return Found(iri)
    if topics:
        return Found(aliases.canonical(topics[0]))
    if named.former in known:
        return Found(named.former)
    return Found("", tuple(sorted({aliases.canonical(iri) for iri in known})))


def near_forms(iri: str, aliases: Aliases) -> list[str]:
    """Other ways in which the IRI is often written, and what those are aliases of; suggested, never taken for it.

    >>> near_forms("http://x.no/a", Aliases({}))
    ['http://x.no/a/', 'http://x.no/a#', 'https://x.no/a', 'https://x.no/a/', 'https://x.no/a#']
    """
    scheme, _, rest = iri.partition("://")
    other = {"http": "https", "https": "http"}.get(scheme.lower())
    forms: list[str] = []
    for start in (iri, f"{other}://{rest}") if other else (iri,):
        bare = start.rstrip("/#")
        forms += (start, bare, f"{bare}/", f"{bare}#", unquote(start), start.lower())
    writable = [form for form in map(writable_iri, forms) if form]
    every = dict.fromkeys((*writable, *map(aliases.canonical, writable)))
    return [form for form in every if form != iri]


@dataclass(slots=True)
class Parts:
    """The nodes of a description: the thing, its catalogue record, and former blank nodes as deep as they go.

    Attributes:
        nodes: IRIs, the thing's first.
        pending: the nodes from which parts are still to be asked for.
        too_many: whether there are more than a description may have.
    """

    nodes: dict[str, None]
    pending: list[str]
    too_many: bool = False

    @classmethod
    def of(cls, thing: str) -> "Parts":
        """The parts of a thing before anything was asked."""
        return cls({thing: None}, [thing])

    def take(self, rows: Sequence[QuerySolution]) -> None:
        """Take in the answer to the question `parts`; those at its last step are where the next one begins."""
        self.pending = []
        for row in rows:
            part = text(row["part"])
            if part not in self.nodes:
                self.nodes[part] = None
                if text(row["steps"]) == str(STEPS):
                    self.pending.append(part)
        self.too_many = max(len(rows), len(self.nodes)) > MAX_PARTS


def text(term: object) -> str:
    """The text of an IRI or literal."""
    assert isinstance(term, NamedNode | Literal), "the queries give nothing else in these places"
    return term.value


def compact(names: Names) -> Callable[[str], str]:
    """A function that writes an IRI as a CURIE where a well-known prefix fits, and else as it is.

    >>> compact(Names("https://kunnskapsgraf.example/"))("http://purl.org/dc/terms/title")
    'dct:title'
    """
    prefixes = {iri: name for name, iri in reversed(names.prefixes().items())}

    def write(iri: str) -> str:
        cut = max(iri.rfind("#"), iri.rfind("/")) + 1
        name = prefixes.get(iri[:cut])
        return f"{name}:{iri[cut:]}" if name and iri[cut:] else iri

    return write
