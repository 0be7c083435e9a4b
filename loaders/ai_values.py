"""What the cells of the list of AI projects mean: codes, years, links, names, languages.

In: the text of one cell. Out: its value in one form, or None where the text does not say it for certain; then the
caller keeps the text and reports it. The list was filled in by many hands, so each code has the spellings that were
seen; a spelling is taken for another only where nothing else can be meant.
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

_LONGEST_CODE: Final = 60
_LONGEST_SLUG: Final = 80
_EARLIEST_YEAR: Final = 1950
_LATEST_YEAR: Final = 2100


@dataclass(frozen=True, slots=True)
class Code:
    """One concept of a code list; `en` is empty where the source has no English."""

    notation: str
    nb: str
    en: str = ""
    spellings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CodeList:
    """A small concept scheme. An open one takes values that it does not list yet."""

    name: str
    title: str
    codes: tuple[Code, ...]
    is_open: bool = False


OWNER_TYPES: Final = CodeList(
    "eiertype",
    "Eiertype",
    (
        Code("annet", "Annet"),
        Code("kommunal-sektor", "Kommunal sektor"),
        Code("kommunal-virksomhet", "Kommunal virksomhet"),
        Code("statlig-foretak", "Statlig foretak"),
        Code("statlig-selskap", "Statlig selskap"),
        Code("statlig-virksomhet", "Statlig virksomhet", spellings=("Statlig virksmhet",)),
    ),
)
STATUSES: Final = CodeList(
    "status",
    "Status for KI-prosjekt",
    (
        Code("avsluttet", "Avsluttet"),
        Code("i-bruk", "I bruk"),
        Code("i-utvikling", "I utvikling"),
        Code("implementert", "Implementert"),
        Code("paagaaende", "Pågående"),
        Code("pilot", "Pilot"),
        Code("planlagt", "Planlagt"),
    ),
)
DATA_TYPES: Final = CodeList("type-data", "Type data", (), is_open=True)
DATA_ORIGINS: Final = CodeList(
    "datakilde",
    "Datakilde",
    (
        Code("annet", "Annet"),
        Code("brukergenererte-data", "Brukergenererte data", spellings=("Brukergenererte", "Brukergenerert")),
        Code("registerdata", "Registerdata"),
        Code("syntetiske-data", "Syntetiske data", spellings=("Syntetiske",)),
    ),
    is_open=True,
)
TECHNIQUES: Final = CodeList(
    "teknikk",
    "KI-teknikk",
    (
        Code("ai-ethics", "KI-etikk", "AI ethics"),
        Code("ai-services", "KI-tjenester", "AI services"),
        Code("chatbot", "Samtalerobot", "Chatbot"),
        Code("computer-vision", "Datasyn", "Computer vision"),
        Code("knowledge-representation", "Kunnskapsrepresentasjon", "Knowledge representation"),
        Code("machine-learning", "Maskinlæring", "Machine learning"),
        Code("multiple-ai-techniques", "Flere KI-teknikker", "Multiple AI techniques"),
        Code("natural-language-processing", "Språkbehandling", "Natural language processing"),
        Code("optimisation", "Optimering", "Optimisation", ("Optimization",)),
        Code("philosophy-of-ai", "KI-filosofi", "Philosophy of AI"),
        Code("robotics-and-automation", "Robotikk og automatisering", "Robotics and automation"),
        Code("searching", "Søk", "Searching"),
    ),
    is_open=True,
)


def normal(text: str) -> str:
    """The form in which texts are compared: one case, one width, single spaces.

    >>> normal(" Statlig  Virksomhet ")
    'statlig virksomhet'
    """
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def find_code(codes: CodeList, text: str) -> Code | None:
    """The code that a text names; in an open list any short text names one."""
    wanted = normal(text)
    for code in codes.codes:
        if any(normal(spelling) == wanted for spelling in (code.nb, code.en, *code.spellings) if spelling):
            return code
    if not codes.is_open or not wanted or len(wanted) > _LONGEST_CODE:
        return None
    label = " ".join(text.split())
    return Code(slug(text), label[:1].upper() + label[1:])


def split_list(text: str) -> list[str]:
    """The values of a list by commas, semicolons or lines.

    >>> split_list("Searching;Natural language processing;")
    ['Searching', 'Natural language processing']
    """
    return [part.strip() for part in re.split(r"[,;\n]", text) if part.strip()]


def slug(text: str) -> str:
    """A path segment for a name; names that differ only in case, spacing or punctuation share it.

    >>> slug("St. Olavs hospital"), slug("Føie")
    ('st-olavs-hospital', 'foeie')
    """
    plain = normal(text).replace("æ", "ae").replace("ø", "oe").replace("å", "aa")
    letters = unicodedata.normalize("NFKD", plain)
    ascii_letters = "".join(char for char in letters if char.isascii() or not char.isalnum())
    segment = re.sub(r"[^a-z0-9]+", "-", ascii_letters).strip("-")
    is_whole = all(char.isascii() or not char.isalnum() for char in letters)
    if segment and is_whole and len(segment) <= _LONGEST_SLUG:
        return segment
    return f"{segment[:_LONGEST_SLUG]}-{digest(normal(text))}".strip("-")


def digest(*parts: str) -> str:
    """A stable name for texts: 64 bits of SHA-256, in hexadecimal."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def find_year(text: str) -> int | None:
    """The year of a cell that holds nothing else, within what a project can have."""
    if not re.fullmatch(r"[0-9]{4}", text.strip()):
        return None
    year = int(text)
    return year if _EARLIEST_YEAR <= year <= _LATEST_YEAR else None


def find_boolean(text: str) -> bool | None:
    """Yes or no."""
    return {"ja": True, "nei": False}.get(normal(text))


def split_links(text: str) -> tuple[list[str], list[str]]:
    """The web addresses of a cell, and what else stands in it.

    >>> split_links("https://a.no/x, http://b.no javascript:alert(1)")
    (['https://a.no/x'], ['http://b.no javascript:alert(1)'])
    """
    links: list[str] = []
    others: list[str] = []
    for part in re.split(r"[\s,;]+(?=https?://)", text.strip()):
        (links if _is_link(part) else others).append(part)
    return links, [other for other in others if other]


def _is_link(text: str) -> bool:
    # No user name in the authority: it is a credential or hides the real host.
    if not re.match(r"https?://[^/?#@\s]+\.[^/?#@\s]+(?:[/?#]|$)", text, re.IGNORECASE):
        return False
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


_PROSE: Final = frozenset(
    {
        "arbeidet",
        "bl.a.",
        "deltagere",
        "deltakere",
        "deltar",
        "ledes",
        "lokalisert",
        "m.fl.",
        "med",
        "mfl",
        "samarbeid",
        "samt",
    }
)
_LONGEST_NAME: Final = 8
"""In words."""


def split_names(text: str) -> list[str] | None:
    """The organisations that a cell names, or None where the text may be read in more than one way.

    A comma parts names, if what follows it begins as a name does. "og" parts them or is part of one ("Møre og
    Romsdal", "Norkart AS og Universitetet i Agder"), unless a small letter follows.

    >>> split_names("Statens legemiddelverk, Direktoratet for e-helse")
    ['Statens legemiddelverk', 'Direktoratet for e-helse']
    >>> split_names("Kartverket, Norkart AS og Universitetet i Agder") is None
    True
    """
    names = split_list(text)
    return names if names and all(_is_name(name) for name in names) else None


def _is_name(text: str) -> bool:
    words = text.split()
    return (
        (text[0].isupper() or text[0].isdigit())
        and len(words) <= _LONGEST_NAME
        and not any(word.casefold() in _PROSE for word in words)
        and not re.search(r"\s(?:og|and|&|/)\s+[^a-zæøå]|/|\w{4,}\.\s+[A-ZÆØÅ]", text)
        and text.count("(") == text.count(")")
    )


_ENGLISH: Final = frozenset(
    {"and", "are", "from", "has", "is", "of", "that", "the", "this", "using", "was", "which", "with"}
)
_NORWEGIAN: Final = frozenset(
    {"av", "den", "det", "er", "et", "fra", "har", "ikke", "kan", "med", "og", "på", "skal", "som", "til", "ved", "å"}
)


def language(text: str) -> str:
    """The language tag of a text: "en" if it has two English function words and nothing Norwegian, else "nb".

    >>> language("Textures for prediction of the survival of patients"), language("Automatic speech recognition")
    ('en', 'nb')
    """
    words = set(re.findall(r"[^\W\d_]+", text.casefold()))
    is_english = len(words & _ENGLISH) > 1 and not words & _NORWEGIAN and not re.search(r"[æøå]", text.casefold())
    return "en" if is_english else "nb"
