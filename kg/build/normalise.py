"""Normalise: one form per fact (design §2, Terms, Blank nodes; §1, the row of arrows).

In: the quads of one source under its own IRIs, from all its files, blank nodes unique over the source. Out:
its distinct triples in canonical terms without blank nodes, every IRI absolute and writable in SPARQL, what
was wrong, and how often each rule was used. The same source gives the same triples and the same report in any
order of quads.

What a source writes in a form that says the same is changed silently and counted; what may say something else
afterwards is a warning; what cannot be written at all is left out and is an error.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from kg.build.contacts import Withheld, withhold
from kg.build.skolem import skolemise
from kg.namespaces import Names
from kg.terms import STRING, CanonicalLiterals, writable_iri, writable_language_tag
from loaders.protocol import Problem

MAX_PROBLEMS: Final = 100
"""Problems reported for each rule; the last one says how many more there are."""

MAX_QUOTING: Final = 16
"""Levels of triple terms within triple terms; more is no annotation that anyone reads."""

_MAX_SHOWN: Final = 200

_Term = NamedNode | BlankNode | Literal | Triple


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


FOLD = Rule("fold-graphs", "puts what a file says in named graphs into the source's graph", "design §2, Graph layout")
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
TAG = Rule(
    "repair-language",
    "writes language tags with hyphens and drops those that are none",
    "BCP 47, section 2.1",
)
LITERAL = Rule(
    "canonical-literal",
    "writes literals as the store holds them, and language tags in lower case",
    "design §2, Terms; RDF 1.1 Concepts, section 3.3",
)
QUOTING = Rule(
    "limit-quoting",
    f"leaves out triples with triple terms nested deeper than {MAX_QUOTING}",
    "RDF 1.2 Concepts, triple terms; our limit",
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
    "design §2, Blank nodes; RDF 1.1 Concepts, section 3.5",
)

NORMALISATIONS: Final = (FOLD, ENCODE, REJECT, TAG, LITERAL, QUOTING, CONTACT, EMAIL, DISTINCT, NAME)
"""The rules in the order of their use: no name is a hash of anything that is withheld."""


@dataclass(frozen=True, slots=True)
class NormalisePlan:
    """How to normalise.

    Attributes:
        names: the IRIs that the service mints.
        contact_points: "organisational", "all" or "none" (`kg.build.contacts`).
    """

    names: Names
    contact_points: str = "organisational"


@dataclass(frozen=True, slots=True)
class Normalised:
    """One source in one form.

    Attributes:
        source_id: the source.
        triples: distinct, in canonical terms, without blank nodes.
        problems: in the order of the rules, then of their text.
        counts: for each rule how often it was used.
    """

    source_id: str
    triples: list[Triple]
    problems: list[Problem]
    counts: Mapping[str, int]


def normalise(source_id: str, quads: Iterable[Quad], plan: NormalisePlan) -> Normalised:
    """Bring the quads of one source into one form.

    Raises:
        UsageError: the plan's way to treat contact points is none.
    """
    repair = _Repair()
    repaired = repair.triples(quads)
    withheld = withhold(repaired, plan.contact_points)
    distinct = list(dict.fromkeys(withheld.triples))
    skolemised = skolemise(source_id, distinct, plan.names.genid)
    counts = Counter({rule.name: 0 for rule in NORMALISATIONS})
    counts.update(repair.counts)
    counts[CONTACT.name] = withheld.contact_points
    counts[EMAIL.name] = withheld.emails
    counts[DISTINCT.name] = len(withheld.triples) - len(distinct)
    counts[NAME.name] = skolemised.named
    problems = [*repair.problems(source_id), *_contact_problems(source_id, withheld, plan.contact_points)]
    if skolemised.unsure:
        problems.append(
            Problem(
                source_id,
                f"{skolemised.unsure} blank nodes are so alike that their names may change from build to build",
                "give them IRIs, or say of each what tells it from the others",
                "warning",
            )
        )
    return Normalised(source_id, skolemised.triples, problems, dict(counts))


def _contact_problems(source_id: str, withheld: Withheld, mode: str) -> Iterable[Problem]:
    hint = "name an organisation or a unit, typed vcard:Organization, with a functional e-mail address"
    if withheld.contact_points and mode != "none":  # with "none" it is not the source that is to change
        what = f"{_counted(withheld.contact_points, 'personal contact point')} withheld"
        yield Problem(source_id, what, hint, "warning")
    if withheld.emails:
        what = f"{_counted(withheld.emails, 'personal e-mail address', 'es')} withheld"
        yield Problem(source_id, what, hint, "warning")


def _counted(number: int, noun: str, plural: str = "s") -> str:
    return f"1 {noun} was" if number == 1 else f"{number} {noun}{plural} were"


class _Repair:
    """Brings terms into canonical form and remembers what was wrong with them.

    Attributes:
        counts: for each rule how often it was used.
    """

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._canonical = CanonicalLiterals()
        self._fine: set[object] = set()  # IRIs that are writable as they are, and language tags
        self._changed: dict[NamedNode, NamedNode | None] = {}  # all other IRIs
        self._wrong: Counter[tuple[Rule, str]] = Counter()

    def triples(self, quads: Iterable[Quad]) -> list[Triple]:
        """The triples of all quads that can be written."""
        triples = []
        fine, folded = self._fine, 0
        for quad in quads:
            triple = quad.triple
            subject, predicate, object_ = triple
            if not isinstance(quad.graph_name, DefaultGraph):
                folded += 1
            # The common case, in which nothing changes, makes no new term.
            if (
                (subject in fine or self._is_fine(subject))
                and (predicate in fine or self._is_fine(predicate))
                and (object_ in fine or self._is_fine(object_))
            ):
                triples.append(triple)
            elif (repaired := self._triple(triple, MAX_QUOTING)) is not None:
                triples.append(repaired)
        self.counts[FOLD.name] = folded
        return triples

    def _is_fine(self, term: _Term) -> bool:
        """Whether a term is canonical as it is."""
        if isinstance(term, Literal):
            language = term.language
            if language is None:
                datatype = term.datatype
                if datatype == STRING:
                    return True
                return (datatype in self._fine or self._is_fine(datatype)) and self._canonical.canonical(term) == term
            if language not in self._fine and writable_language_tag(language) == language:
                self._fine.add(language)
            return language in self._fine
        if isinstance(term, NamedNode):
            if writable_iri(term.value) != term.value:
                return False
            self._fine.add(term)
            return True
        return isinstance(term, BlankNode)

    def _triple(self, triple: Triple, levels: int) -> Triple | None:
        """A triple in canonical terms; the same object where it is so already, None where it cannot be."""
        subject, object_ = triple.subject, triple.object
        new_subject = self._iri(subject) if isinstance(subject, NamedNode) else subject
        new_predicate = self._iri(triple.predicate)
        new_object = self._object(object_, levels)
        if new_subject is None or new_predicate is None or new_object is None:
            return None
        if new_subject == subject and new_predicate == triple.predicate and new_object is object_:
            return triple
        return Triple(new_subject, new_predicate, new_object)

    def _object(self, term: _Term, levels: int) -> _Term | None:
        if isinstance(term, Literal):
            return self._literal(term)
        if isinstance(term, NamedNode):
            return self._iri(term)
        if isinstance(term, Triple):
            if levels:
                return self._triple(term, levels - 1)
            self._note(QUOTING, "")
            return None
        return term

    def _iri(self, node: NamedNode) -> NamedNode | None:
        if node in self._fine or self._is_fine(node):
            return node
        if node not in self._changed:
            text = writable_iri(node.value)
            self._changed[node] = None if text is None else NamedNode(text)
        written = self._changed[node]
        self._note(REJECT if written is None else ENCODE, node.value)
        return written

    def _literal(self, literal: Literal) -> Literal | None:
        """The canonical form; the same object where the literal has it already."""
        language = literal.language
        if language is None:
            datatype = self._iri(literal.datatype)
            if datatype is None:
                return None
            if datatype != literal.datatype:
                literal = Literal(literal.value, datatype=datatype)
        canonical = self._canonical.canonical(literal)
        if canonical == literal:
            return literal
        if language is not None and canonical.language != language.lower():
            if canonical.language is None and language:  # an empty tag says that there is no language
                self._note(TAG, language)
            else:
                self.counts[TAG.name] += 1
        else:
            self.counts[LITERAL.name] += 1
        return canonical

    def _note(self, rule: Rule, text: str) -> None:
        self.counts[rule.name] += 1
        self._wrong[rule, _shown(text)] += 1

    def problems(self, source_id: str) -> Iterable[Problem]:
        """What was wrong, by rule and text, up to `MAX_PROBLEMS` of a rule."""
        for rule, (says, hint, severity) in _FAULTS.items():
            wrong = sorted((text, times) for (of, text), times in self._wrong.items() if of is rule)
            for text, times in wrong[:MAX_PROBLEMS]:
                what = f"{says.format(text)} ({times} times)" if times > 1 else says.format(text)
                yield Problem(source_id, what, hint, severity)
            if len(wrong) > MAX_PROBLEMS:
                yield Problem(source_id, f"and {len(wrong) - MAX_PROBLEMS} more of: {rule.does}", hint, severity)


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
}
"""What a use of a rule says to the owner of the source: the text, the hint and how severe it is."""


def _shown(text: str) -> str:
    """A text as a report shows it: short, on one line, and without addresses of people."""
    if text.startswith(("mailto:", "tel:")) or "@" in text or "%40" in text:
        scheme, colon, _ = text.partition(":")
        text = f"{scheme}:…" if colon and scheme.isalpha() else "…"
    if len(text) > _MAX_SHOWN:
        text = f"{text[:_MAX_SHOWN]}…"
    return "".join(char if char.isprintable() else f"\\u{ord(char):04X}" for char in text)
