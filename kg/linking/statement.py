"""What a file of mappings says of one pair, before it is a decision of ours (SSSOM, Mapping).

In: the slots of a mapping, whatever form the file has. Out: a `Decision`, or an error that names what is wrong. A
mapping that says itself what was decided, as those that we wrote do, is taken at its word; what a person has curated or
reviewed is accepted; what a program has found is not, unless whoever imports it says so.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from kg.errors import ParameterError
from kg.linking.candidate import Relation
from kg.linking.decision import MANUAL, Decision, Verdict, checked
from kg.namespaces import SKOS

SEMAPV: Final = "https://w3id.org/semapv/vocab/"
SSSOM: Final = "https://w3id.org/sssom/"
PREDICATES: Final = MappingProxyType({relation: f"{SKOS}{relation}Match" for relation in Relation})
"""The property of SKOS for each relation (SKOS Reference, section 10)."""
ANY_RELATION: Final = f"{SKOS}mappingRelation"
"""Stands where a pair was rejected as a whole, or nobody knows the relation: it is above all the others."""
NEGATED: Final = "Not"

_RELATIONS: Final = {iri: relation for relation, iri in PREDICATES.items()}
_BY_PERSONS: Final = frozenset((MANUAL, "semapv:MappingReview"))
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Importer:
    """Who imports, and what holds where a mapping does not say it.

    Attributes:
        who: the name of whoever imports, for mappings without author.
        when: the time of the import, for mappings without date.
        verdict: what becomes of mappings that no person has curated or reviewed.
    """

    who: str
    when: str
    verdict: Verdict = Verdict.UNSURE


@dataclass(frozen=True, slots=True)
class MappingStatement:
    """The slots of one mapping; IRIs are whole, and what is not said is empty.

    Attributes:
        justification: the IRI of how it came about.
        date: a day or a time.
        decision: what our own files say beside SSSOM's slots: accept, reject or unsure.
    """

    subject: str
    predicate: str
    object: str
    modifier: str = ""
    justification: str = ""
    author: str = ""
    date: str = ""
    comment: str = ""
    confidence: str = ""
    decision: str = ""

    def decided(self, importer: Importer) -> Decision:
        """The decision that this is.

        Raises:
            ParameterError: it is none that may be recorded; the error names the slot.
        """
        if self.predicate not in _RELATIONS and self.predicate != ANY_RELATION:
            hint = "skos:exactMatch, closeMatch, broadMatch, narrowMatch or relatedMatch"
            raise ParameterError(
                f"{self.predicate[:200]} is no mapping property of SKOS", hint=hint, parameter="predicate_id"
            )
        if self.modifier not in {"", NEGATED}:
            raise ParameterError(f"{self.modifier[:60]!r} is no modifier", hint="Not", parameter="predicate_modifier")
        justification = self.justification.removeprefix(SEMAPV)
        if justification == self.justification:
            raise ParameterError(
                f"{self.justification[:200]!r} is none of semapv's terms", parameter="mapping_justification"
            )
        curie = f"semapv:{justification}"
        decision = Decision(
            self.subject,
            self.object,
            self._verdict(curie, importer),
            _RELATIONS.get(self.predicate),
            _cleaned(self.comment),
            " ".join(_cleaned(self.author).split()) or importer.who,
            _time(self.date) or importer.when,
            curie,
            self._confidence(),
        )
        return checked(decision)

    def _verdict(self, justification: str, importer: Importer) -> Verdict:
        if self.modifier == NEGATED:
            return Verdict.REJECT
        if self.decision:
            if self.decision not in set(Verdict):
                raise ParameterError(f"{self.decision[:60]!r} is no decision", parameter="other")
            return Verdict(self.decision)
        return Verdict.ACCEPT if justification in _BY_PERSONS else importer.verdict

    def _confidence(self) -> float | None:
        if not self.confidence:
            return None
        try:
            return float(self.confidence)
        except ValueError as error:
            raise ParameterError(f"{self.confidence[:60]!r} is no number", parameter="confidence") from error


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong with a row that was passed over, or worth a word; `line` counts rows after the head from 1."""

    row: int
    what: str


@dataclass(frozen=True, slots=True)
class MappingFile:
    """What was read of a file: decisions, each pair once, and the problems of its rows."""

    decisions: Sequence[Decision]
    problems: Sequence[RowProblem]


def stated(decision: Decision) -> MappingStatement:
    """What a file says of a decision; the inverse of `MappingStatement.decided`."""
    return MappingStatement(
        subject=decision.left,
        predicate=PREDICATES[decision.relation] if decision.relation else ANY_RELATION,
        object=decision.right,
        modifier=NEGATED if decision.verdict is Verdict.REJECT else "",
        justification=SEMAPV + decision.justification.removeprefix("semapv:"),
        author=decision.who,
        date=decision.when,
        comment=decision.comment,
        confidence="" if decision.confidence is None else repr(decision.confidence),
        decision=str(decision.verdict),
    )


def curie_map(prefixes: Mapping[str, str], iris: frozenset[str]) -> dict[str, str]:
    """Prefixes for all of some IRIs: those given, and n1, n2, … for whatever else they begin with."""
    others = sorted({iri[: cut_of(iri)] for iri in iris})
    return {**prefixes, **{f"n{number}": start for number, start in enumerate(others, start=1)}}


def cut_of(iri: str) -> int:
    """Where the local part of an IRI begins: behind the last separator that leaves something.

    >>> "https://a.example/x/"[: cut_of("https://a.example/x/")]
    'https://a.example/'
    """
    return max(iri.rfind(sign, 0, len(iri) - 1) for sign in "#/:") + 1 or len(iri) - 1


def _cleaned(text: str) -> str:
    return _CONTROL.sub(" ", text).strip()


def _time(date: str) -> str:
    return f"{date}T00:00:00Z" if _DATE.fullmatch(date) else date
