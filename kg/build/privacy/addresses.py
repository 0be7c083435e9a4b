"""Tell functional e-mail addresses and names of organisations from those of people.

In: an address or a name as a catalogue writes it. Out: whether it belongs to a function or an organisation.
What is left in doubt counts as a person's, so that a wrong answer withholds a name that could have stayed,
and not the other way round.
"""

import re
import unicodedata
from typing import Final
from urllib.parse import unquote


def _set_of(text: str) -> frozenset[str]:
    return frozenset(text.split())


_FUNCTIONS: Final = _set_of(
    "admin administrasjon administrasjonen administrator api apis apnedata aapnedata archive arkiv"
    " arkivet avdeling begrep begreper begrepskatalog bibliotek brukerhjelp brukerstotte brukerstøtte"
    " catalog contact contactus data datadeling dataforvaltning datakatalog dev developer developers"
    " devops dokumentsenter dpo drift email epost fellesdatakatalog feedback firmapost forskning"
    " forvaltning geodata gis help helpdesk hjelp hms ict ikt info informasjon informasjonsforvaltning"
    " information it kart katalog kommunikasjon kontakt kontor kunde kundesenter kundeservice"
    " kundestotte kundestøtte library mail media metadata modell modeller mottak nett nettredaksjon"
    " noreply office opendata opnedata personvern personvernombud plan portal post postkasse postmottak"
    " press presse privacy project prosjekt redaksjon redaksjonen register registeret registre resepsjon"
    " sekretariat seksjon sentralbord service servicedesk servicesenter sikkerhet security standard"
    " standardisering statistics statistikk support team tilbakemelding tjeneste tjenester utvikler"
    " utviklere web webmaster åpnedata"
)
_FUNCTION_ENDINGS: Final = tuple(
    _set_of(
        "admin arkiv avdeling data desk drift forvaltning gruppa gruppe gruppen hjelp info katalog"
        " kontakt kontor mottak portal portalen post redaksjon register seksjon senter senteret service"
        " statistikk støtte stotte support team vakt"
    )
)

_ORGANISATION_STEMS: Final = tuple(
    _set_of(
        "administra agency arkiv authority avdeling bibliotek byråd center centre contact data departe"
        " department direct direktorat division domstol etat foretak forvalt fylke gruppa gruppe helpdesk"
        " hjelp høgskol høgskul høyskol informa institut katalog kommune kontakt kontor kundes library"
        " ministry mottak municipal museum office organisa organiza politi portal redaksjon regist"
        " regjering seksjon senter service sjukehus statisti storting support sykehus teamet teneste"
        " tilsyn tjeneste universit vegvesen verksemd virksomhet webmaster"
    )
)
_ORGANISATION_WORDS: Final = frozenset({"avd", "nav", "team"})
_CONNECTIVES: Final = _set_of("and av for i med of og på the til ved")

_PARTS_OF_NAME: Final = re.compile(r"[,;:/|()\"«»–—]|\s-\s")
_WORD: Final = re.compile(r"[^\W\d_]+")


def words(text: str) -> list[str]:
    """The runs of letters in a text or IRI, folded for comparison.

    >>> words("mailto:Ola.N%C3%B8rdmann@etat.no")
    ['mailto', 'ola', 'nørdmann', 'etat', 'no']
    """
    return _WORD.findall(unicodedata.normalize("NFC", unquote(text)).casefold())


def telling_words(text: str) -> frozenset[str]:
    """The words by which a person could be known: of three letters or more, and not known of organisations.

    >>> sorted(telling_words("Webmaster Siv Bø Hansen"))
    ['hansen', 'siv']
    """
    return frozenset(
        word for word in words(text) if len(word) > 2 and not _is_function(word) and not _is_of_organisation(word)
    )


def is_functional(address: str) -> bool:
    """Whether an e-mail address, or each of several, belongs to a function and not to a person.

    That is so if the part before the @ begins with a word for a function ("post", "data.team",
    "kundeservice-oslo"), or if all its words are such or are part of the domain ("nav.postmottak@nav.no",
    "brreg@brreg.no"). Everything else is in doubt: "ola.nordmann", "onordmann", "on123". A web address of a
    contact form has no @ and passes.

    >>> is_functional("mailto:postmottak@brreg.no"), is_functional("ola.nordmann@brreg.no")
    (True, False)
    >>> is_functional("https://brreg.no/kontakt")
    True
    """
    text = unicodedata.normalize("NFC", unquote(address)).strip().casefold()
    if "@" not in text:
        return text.startswith(("http://", "https://"))
    text = text.removeprefix("mailto:").partition("?")[0]
    return all(_is_functional_mailbox(mailbox) for mailbox in re.split(r"[,;\s]+", text) if mailbox)


def _is_functional_mailbox(mailbox: str) -> bool:
    local, at, domain = mailbox.rpartition("@")
    named = _WORD.findall(local.partition("+")[0])
    if not at or not domain or "@" in local or not named:
        return False
    of_domain = set(_WORD.findall(domain.rpartition(".")[0]))
    return _is_function(named[0]) or all(_is_function(word) or word in of_domain for word in named)


def _is_function(word: str) -> bool:
    return word in _FUNCTIONS or word.endswith(_FUNCTION_ENDINGS)


def is_organisational(name: str) -> bool:
    """Whether a name is that of an organisation, a unit or a function.

    A name is taken apart at commas, colons, slashes, brackets and dashes. One part at least must hold a word
    known from names of organisations, and no part may look like it names a person beside it.

    >>> is_organisational("IT-avd, Harstad kommune"), is_organisational("Avdeling for digitalisering")
    (True, True)
    >>> is_organisational("Ola Nordmann"), is_organisational("Webmaster, Ola Nordmann")
    (False, False)
    """
    if "@" in name:
        return is_functional(name)
    parts = [part for part in _PARTS_OF_NAME.split(name) if _WORD.search(part)]
    known = [any(map(_is_of_organisation, words(part))) for part in parts]
    return any(known) and all(
        of_organisation or not _may_name_person(part) for part, of_organisation in zip(parts, known, strict=True)
    )


def _is_of_organisation(word: str) -> bool:
    return word in _ORGANISATION_WORDS or any(stem in word for stem in _ORGANISATION_STEMS)


def _may_name_person(part: str) -> bool:
    named = part.split()
    if len(named) == 1:
        return named[0].istitle()
    return not _CONNECTIVES.intersection(word.casefold() for word in named)
