"""The rules of normalisation, and what their uses say to the owner of a source.

In: uses of the rules, from the modules that carry them out. Out: how often each was used, and the problems, in an
order that does not depend on that of the source.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from kg.namespaces import ADMS, DCAT, DCT
from loaders.protocol import Problem

MAX_PROBLEMS: Final = 100
"""Problems reported for each rule; the last one says how many more there are."""

MAX_QUOTING: Final = 16
"""Levels of triple terms within triple terms; more is no annotation that anyone reads."""

_MAX_SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that normalisation does.

    Attributes:
        name: as it appears in the build report.
        does: what it does, in words.
        required_by: where that is asked for.
    """

    name: str
    does: str
    required_by: str


FOLD = Rule(
    "fold-graphs",
    "puts what a file says in named graphs into the source's graph",
    "a named graph here is a source (How the graph is laid out)",
)
ENCODE = Rule(
    "encode-iri",
    "percent-encodes the characters of an IRI that SPARQL cannot write",
    "SPARQL 1.1, production 139 (IRIREF); RFC 3987, section 3.1",
)
REJECT = Rule(
    "reject-iri",
    "leaves out triples with an IRI that is not absolute or cannot be written in SPARQL",
    "RDF 1.1 Concepts, section 3.2; RFC 3987, section 2.2",
)
NAMESPACE = Rule(
    "legacy-namespace",
    "writes the terms of a former or mistaken namespace in the namespace of today",
    "namespace documents of the vocabularies; ModellDCAT-AP-NO 1.3; SKOS-AP-NO-Begrep 2.0",
)
TERM = Rule(
    "legacy-term",
    "writes a class or property that was renamed, misspelt or put into another vocabulary under its name of today",
    "DCAT-AP-NO 2.2; ModellDCAT-AP-NO 1.3; CPSV-AP 3.2; DCMI Metadata Terms",
)
TAG = Rule(
    "repair-language",
    "writes language tags with hyphens and drops those that are none",
    "BCP 47, section 2.1",
)
LITERAL = Rule(
    "canonical-literal",
    "writes literals as the store holds them, and language tags in lower case",
    "RDF 1.1 Concepts, section 3.3",
)
QUOTING = Rule(
    "limit-quoting",
    f"leaves out triples with triple terms nested deeper than {MAX_QUOTING}",
    "RDF 1.2 Concepts, triple terms; our limit",
)
IRI = Rule(
    "iri-from-literal",
    "makes the text of an IRI an IRI where the profiles ask for a resource",
    "ranges of the properties in DCAT-AP-NO 2.2, ModellDCAT-AP-NO 1.3 and vCard",
)
CODE = Rule(
    "code",
    "writes a value of a controlled list as the IRI of its code",
    "DCAT-AP-NO 2.2, controlled vocabularies",
)
DATE = Rule(
    "date",
    "gives a date, a month, a year or a time the datatype that it has the form of",
    "XML Schema 1.1 Part 2, section 3.3; DCAT-AP-NO 2.2, ranges of the properties",
)
LABEL = Rule(
    "label",
    "adds the plain label or definition to one that is a node of its own",
    "SKOS Reference, S55 to S57; SKOS-AP-NO-Begrep 1 and 2.0",
)
CONTACT = Rule(
    "withhold-contact",
    "reduces contact points that tell of a person to those of the organisation",
    "GDPR, article 5(1)(c); setting contact_points",
)
EMAIL = Rule(
    "withhold-email",
    "leaves out e-mail addresses that are not functional",
    "GDPR, article 5(1)(c); setting contact_points",
)
DISTINCT = Rule("distinct", "keeps a triple once that comes several times", "RDF 1.1 Concepts, section 3.1")
NAME = Rule(
    "name-blank-node",
    "gives a blank node an IRI that is the same in every build",
    "RDF 1.1 Concepts, section 3.5",
)

NORMALISATIONS: Final = (
    *(FOLD, ENCODE, REJECT, NAMESPACE, TERM, TAG, LITERAL, QUOTING),
    *(IRI, CODE, DATE, LABEL),
    *(CONTACT, EMAIL, DISTINCT, NAME),
)
"""The rules in the order of their use.

First the terms, then the forms that rest on properties of today, then what is withheld, which is found whatever
form it came in, and names last: no name is a hash of anything that is withheld.
"""

FORMS: Final = frozenset({NAMESPACE, TERM, IRI, CODE, DATE, LABEL})
"""The rules that choose between forms of the same fact; axioms are taken as they are written."""

_FAULTS: Final = {
    ENCODE: (
        "<{}> has characters that no IRI may have; they were percent-encoded",
        "percent-encode it at the source",
        "warning",
    ),
    REJECT: (
        "<{}> is no absolute IRI, and what it stands in was left out",
        "write it in full, with its scheme (https:)",
        "error",
    ),
    TAG: (
        "{} is no language tag and was dropped",
        "write a tag such as nb, nn or en",
        "warning",
    ),
    QUOTING: (
        f"{{}}a triple term is nested deeper than {MAX_QUOTING} levels, and what it stands in was left out",
        "say it with fewer levels",
        "error",
    ),
    IRI: ("{} is text where an IRI belongs, and stays", "write the IRI in full, with its scheme (https:)", "warning"),
    CODE: ("{} is no code that is known, and stays", "use an IRI of the list that the profile names", "warning"),
    DATE: ("{} is no date, and stays", 'write a date such as "2026-01-31"^^xsd:date', "warning"),
}
"""What a use of a rule says to the owner of the source: the text, the hint and how severe it is."""

_AUTHORITY: Final = "http://publications.europa.eu/resource/authority/"
_LISTS: Final = {
    f"{DCT}accessRights": f"{_AUTHORITY}access-right",
    f"{DCT}accrualPeriodicity": f"{_AUTHORITY}frequency",
    f"{DCT}format": f"{_AUTHORITY}file-type",
    f"{DCT}language": f"{_AUTHORITY}language",
    f"{DCT}license": f"{_AUTHORITY}licence",
    f"{DCT}provenance": "http://data.brreg.no/datakatalog/provinens",
    f"{DCAT}mediaType": "https://www.iana.org/assignments/media-types",
    f"{DCAT}theme": f"{_AUTHORITY}data-theme or https://psi.norge.no/los",
    f"{ADMS}status": "the EU's and ADMS' status lists",
}
"""The list that the hint names, by property."""


class Uses:
    """What the rules were used for, and what was wrong.

    Attributes:
        counts: for each rule how often it was used.
    """

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._wrong: Counter[tuple[Rule, str, str]] = Counter()

    def note(self, rule: Rule, text: str) -> None:
        """Count a use, and remember the text that was wrong."""
        self.counts[rule.name] += 1
        self.report(rule, text)

    def report(self, rule: Rule, text: str, property_iri: str = "", name: str = "", times: int = 1) -> None:
        """Remember a text that is wrong, as the value of a property where one is given, so many times."""
        shown = _shown(text)
        self._wrong[rule, property_iri, f'{name} "{shown}"' if property_iri else shown] += times

    def problems(self, source_id: str) -> Iterable[Problem]:
        """What was wrong, by rule, property and text, up to `MAX_PROBLEMS` of a rule."""
        for rule, (says, general_hint, severity) in _FAULTS.items():
            wrong = sorted((about, text, times) for (of, about, text), times in self._wrong.items() if of is rule)
            for about, text, times in wrong[:MAX_PROBLEMS]:
                what = f"{says.format(text)} ({times} times)" if times > 1 else says.format(text)
                hint = f"use an IRI of {_LISTS[about]}" if rule is CODE and about in _LISTS else general_hint
                yield Problem(source_id, what, hint, severity)
            if len(wrong) > MAX_PROBLEMS:
                more = f"and {len(wrong) - MAX_PROBLEMS} more of: {rule.does}"
                yield Problem(source_id, more, general_hint, severity)


def _shown(text: str) -> str:
    """A text as a report shows it: short, on one line, and without addresses of people."""
    if text.startswith(("mailto:", "tel:")) or "@" in text or "%40" in text:
        scheme, colon, _ = text.partition(":")
        text = f"{scheme}:…" if colon and scheme.isalpha() else "…"
    if len(text) > _MAX_SHOWN:
        text = f"{text[:_MAX_SHOWN]}…"
    return "".join(char if char.isprintable() else f"\\u{ord(char):04X}" for char in text)
