"""Aliases: which IRIs are other forms of which, and what a person may write for an IRI.

In: the file of aliases that a build left in a generation's folder. Out: an `Aliases`, which answers with the one IRI
under which the default graph speaks of a thing. A line of the file is `alias<TAB>canonical`, both written as in the
store, so that neither holds a tab or a line end.
"""

from collections.abc import ItemsView, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from kg.errors import BuildError
from kg.identities import canonical_organisation
from kg.terms import writable_iri


@dataclass(frozen=True, slots=True)
class Aliases:
    """The other IRIs of things in one generation.

    Attributes:
        table: the canonical IRI of each alias that a source used.
        identified: whether the build looked for aliases at all; where it did not, every IRI stands for itself.
    """

    table: Mapping[str, str]
    identified: bool = True

    def __len__(self) -> int:
        return len(self.table)

    def canonical(self, iri: str) -> str:
        """The IRI under which the generation speaks of what an IRI names; itself where that is no alias.

        The forms of an organisation's IRI resolve by their number, whether or not a source has used them.

        >>> Aliases({}).canonical("https://data.brreg.no/enhetsregisteret/api/enheter/974760673")
        'https://data.norge.no/organizations/974760673'
        """
        found = self.table.get(iri)
        if found is None and self.identified:
            found = canonical_organisation(iri)
        return found or iri

    def items(self) -> ItemsView[str, str]:
        """Alias and canonical IRI, in the order of the file."""
        return self.table.items()


NO_ALIASES: Final = Aliases(MappingProxyType({}), identified=False)
"""Those of a generation that was built without looking for them."""


def read_aliases(path: Path) -> Aliases:
    """Read a file of aliases; where there is none, the generation was built without looking for them.

    Raises:
        BuildError: it cannot be read, or a line is not an alias and its canonical IRI; the error names the line.
    """
    try:
        text = path.read_bytes().decode()
    except FileNotFoundError:
        return NO_ALIASES
    except (OSError, UnicodeDecodeError) as error:
        raise BuildError(f"cannot be read: {error}", where=str(path), hint=_HINT) from error
    table: dict[str, str] = {}
    for number, line in enumerate(text.removesuffix("\n").split("\n") if text else (), start=1):
        alias, tab, canonical = line.partition("\t")
        if not (alias and tab and canonical) or "\t" in canonical or alias == canonical or alias in table:
            shown = line if len(line) <= 200 else f"{line[:199]}…"
            what = f"is a second line for the alias {alias}" if alias in table else f"{shown!r} is no pair of IRIs"
            raise BuildError(what, where=f"{path}:{number}", hint=_HINT)
        table[alias] = canonical
    return Aliases(MappingProxyType(table))


def write_aliases(path: Path, table: Mapping[str, str]) -> None:
    """Write a file of aliases, sorted by alias; as IRIs of a store hold no white space, no line can be misread."""
    lines = (f"{alias}\t{canonical}\n" for alias, canonical in sorted(table.items()))
    path.write_text("".join(lines), encoding="utf-8", newline="\n")


_HINT: Final = "build again, or roll back"


def read_iri(text: str, prefixes: Mapping[str, str]) -> str | None:
    """The IRI that a person means, as the store writes it, or None where the text is none.

    It may be bare, in angle brackets, or a CURIE with one of the prefixes, which goes before a scheme of that name.

    >>> read_iri("dct:title", {"dct": "http://purl.org/dc/terms/"})
    'http://purl.org/dc/terms/title'
    >>> read_iri(" <https://data.norge.no/et datasett> ", {})
    'https://data.norge.no/et%20datasett'
    """
    text = text.strip()
    if text.startswith("<") and text.endswith(">"):
        return writable_iri(text[1:-1])
    prefix, colon, local = text.partition(":")
    if colon and prefix in prefixes and not local.startswith("//"):
        return writable_iri(prefixes[prefix] + local)
    return writable_iri(text)
