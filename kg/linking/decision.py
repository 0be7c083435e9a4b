"""A decision on a link, as a value: what a person says of two things.

In: fields as a client, a file of mappings or our own log gives them. Out: a `Decision` that may be recorded, or an
error that names the field.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from kg.errors import ParameterError
from kg.linking.candidate import Relation, candidate_id
from kg.terms import writable_iri

MANUAL: Final = "semapv:ManualMappingCuration"
"""How a person's own decision is justified (SSSOM, mapping_justification)."""
MAX_IRI_LENGTH: Final = 4_096
MAX_COMMENT_LENGTH: Final = 4_000
MAX_NAME_LENGTH: Final = 200

# Control characters but tab and line feed, and what turns the direction of a text.
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_JUSTIFICATION: Final = re.compile("semapv:[A-Za-z]{1,80}")
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


class Verdict(StrEnum):
    """What was decided."""

    ACCEPT = "accept"
    REJECT = "reject"
    UNSURE = "unsure"

    @property
    def status(self) -> str:
        """The `status` that a candidate has by it."""
        return {Verdict.ACCEPT: "accepted", Verdict.REJECT: "rejected"}.get(self, "unsure")


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided of two things.

    Attributes:
        left: IRI of one thing.
        right: IRI of the other.
        verdict: whether there is a link.
        relation: how the left thing stands to the right one (`broad`: the right one is broader); what is accepted has
            one, what is rejected as a whole or not known has none.
        comment: why; may be empty.
        who: the name of whoever decided; it is published with the link.
        when: UTC, as xsd:dateTime in whole seconds.
        justification: how it came about, as SSSOM's CURIE.
        confidence: 0 to 1, where a file of mappings gives it.
    """

    left: str
    right: str
    verdict: Verdict
    relation: Relation | None
    comment: str
    who: str
    when: str
    justification: str = MANUAL
    confidence: float | None = None

    @property
    def id(self) -> str:
        """The id of the pair."""
        return candidate_id(self.left, self.right)

    def seen_from(self, left: str) -> "Decision":
        """The same with this thing on the left."""
        if left == self.left:
            return self
        relation = self.relation.inverse if self.relation else None
        return replace(self, left=self.right, right=self.left, relation=relation)

    def to_json(self) -> dict[str, Any]:
        """Its fields; those that have nothing are left out."""
        written = {each.name: getattr(self, each.name) for each in fields(self)}
        return {
            name: str(value) if isinstance(value, StrEnum) else value
            for name, value in written.items()
            if value is not None
        }


def decision_from(written: Mapping[str, Any]) -> Decision:
    """The decision that `to_json` wrote.

    Raises:
        KeyError: a field is missing.
        ValueError: a word is none of those there are.
        TypeError: there is a field that decisions do not have.
    """
    relation = written.get("relation")
    read = {**written, "verdict": Verdict(written["verdict"]), "relation": Relation(relation) if relation else None}
    return Decision(**read)


def checked(decision: Decision) -> Decision:
    """The decision, if it may be recorded.

    Raises:
        ParameterError: a field has a value that it cannot have; the error names it.
    """
    for name in ("left", "right"):
        iri = getattr(decision, name)
        if not isinstance(iri, str) or len(iri) > MAX_IRI_LENGTH or writable_iri(iri) != iri:
            raise ParameterError(f"{_shown(iri)} is no absolute IRI as the graph writes it", parameter=name)
    if decision.left == decision.right:
        raise ParameterError("a thing is not linked to itself", parameter="right")
    if decision.verdict is Verdict.ACCEPT and decision.relation is None:
        known = ", ".join(Relation)
        raise ParameterError("what is accepted needs a relation", hint=f"one of {known}", parameter="relation")
    _check_text(decision.comment, "comment", MAX_COMMENT_LENGTH)
    _check_text(decision.who, "who", MAX_NAME_LENGTH)
    if not decision.who.strip() or "\n" in decision.who or "\t" in decision.who:
        raise ParameterError("it is not said in one line who decided", parameter="who")
    if not isinstance(decision.when, str) or not _TIME.fullmatch(decision.when) or not _is_time(decision.when):
        raise ParameterError(f"{_shown(decision.when)} is no time in UTC", parameter="when")
    if not isinstance(decision.justification, str) or not _JUSTIFICATION.fullmatch(decision.justification):
        raise ParameterError(f"{_shown(decision.justification)} is no justification", parameter="justification")
    confidence = decision.confidence
    if confidence is not None and (isinstance(confidence, bool) or not 0 <= confidence <= 1):
        raise ParameterError("the confidence is a number from 0 to 1", parameter="confidence")
    return decision


def _check_text(text: object, name: str, longest: int) -> None:
    if not isinstance(text, str) or len(text) > longest:
        raise ParameterError(f"the {name} is a text of at most {longest:,} characters", parameter=name)
    if _CONTROL.search(text) or text != text.strip():
        raise ParameterError(f"the {name} has control characters, or space around it", parameter=name)


def _is_time(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 200 else f"{text[:199]}…"
