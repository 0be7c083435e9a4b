"""Words: what a user calls a data element, resolved to the things that are called so.

In: a text and the text index of a generation. Out: the things with exactly that name, or else what a search finds, to
be chosen from. The index knows preferred, other and technical names, in bokmål, nynorsk and English, and compares them
without case, signs and inflection, so that "Fødsels-nummer" is "fødselsnummer"; abbreviations are in a table here.
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from kg.search.folding import fold
from kg.search.searching import SearchIndex, SearchQuery
from kg.search.vocabulary import KIND_NAMES

EXACT: Final = 0.7
"""From this score up a hit has the text as the whole of a name (`kg.search.matching.score`)."""
MAX_STARTS: Final = 1_000
"""So many things of one name are traced together at most."""
MAX_CHOICES: Final = 20
"""So many are offered where nothing has the name."""

ABBREVIATIONS: Final = MappingProxyType(
    {
        "orgnr": ("organisasjonsnummer",),
        "organisasjonsnr": ("organisasjonsnummer",),
        "orgnummer": ("organisasjonsnummer",),
        "fnr": ("fødselsnummer",),
        "fødselsnr": ("fødselsnummer",),
        "pnr": ("personnummer",),
        "personnr": ("personnummer",),
        "dnr": ("d-nummer",),
        "knr": ("kommunenummer",),
        "komnr": ("kommunenummer",),
        "kommunenr": ("kommunenummer",),
        "fylkesnr": ("fylkesnummer",),
        "postnr": ("postnummer",),
        "gnr": ("gårdsnummer", "gardsnummer"),
        "gårdsnr": ("gårdsnummer", "gardsnummer"),
        "bnr": ("bruksnummer",),
        "bruksnr": ("bruksnummer",),
        "fødselsdag": ("fødselsdato",),
        "tlf": ("telefonnummer",),
        "tlfnr": ("telefonnummer",),
        "telefonnr": ("telefonnummer",),
        "mobilnr": ("mobilnummer",),
        "kontonr": ("kontonummer",),
        "regnr": ("registreringsnummer",),
        "saksnr": ("saksnummer",),
    }
)
"""What forms and data models shorten, and what it is short for; how a name is shortened is custom, not a standard."""

_FOLDED: Final = MappingProxyType(
    {"".join(filter(str.isalnum, fold(short))): names for short, names in ABBREVIATIONS.items()}
)


@dataclass(frozen=True, slots=True)
class Meanings:
    """What a word means.

    Attributes:
        exact: IRIs of what has it as a name, at most `MAX_STARTS`, the best first.
        total: how many have.
        others: IRIs of what a search finds, where nothing has it as a name.
    """

    exact: tuple[str, ...]
    total: int
    others: tuple[str, ...] = ()


def written_out(word: str) -> tuple[str, ...]:
    """A word, and what it is short for.

    >>> written_out("Org.nr."), written_out("adresse")
    (('Org.nr.', 'organisasjonsnummer'), ('adresse',))
    """
    return word, *_FOLDED.get("".join(filter(str.isalnum, fold(word))), ())


def resolve(index: SearchIndex, word: str) -> Meanings:
    """The things that a word may mean.

    Raises:
        ParameterError: the text is empty or too long to be searched for.
    """
    found: dict[str, float] = {}
    total = 0
    for text in written_out(word):
        scored = index.best(SearchQuery(text), MAX_STARTS + 1)
        exact = [(iri, score) for iri, score in scored.best if score >= EXACT]
        total += sum(iri not in found for iri, _ in exact)
        for iri, score in exact:
            found[iri] = max(score, found.get(iri, 0.0))
    if found:
        ranked = sorted(found, key=lambda iri: (-found[iri], iri))[:MAX_STARTS]
        return Meanings(tuple(ranked), total)
    hits = index.search(SearchQuery(word, limit=MAX_CHOICES)).hits
    return Meanings((), 0, tuple(hit.iri for hit in hits if hit.kind in KIND_NAMES))
