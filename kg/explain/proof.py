"""Proofs: why a triple holds, down to what was asserted.

In: what the prover found. Out: a tree of values that the checker, the pages and clients read, and its JSON. Terms are
N-Triples text. A proof is finite and every leaf of it is asserted, so nothing in it rests on itself.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Statement = tuple[str, str, str]
"""A triple as three terms of N-Triples text; the subject may be a literal, which RDF can derive but not write."""


class Status(StrEnum):
    """Whether a triple holds, and why."""

    ASSERTED = "asserted"
    INFERRED = "inferred"
    NOT_HELD = "not-held"


@dataclass(frozen=True, slots=True)
class Absence:
    """That no triple fitted a pattern when the rule was applied; None stands for any term."""

    subject: str | None
    predicate: str | None
    object: str | None

    def to_json(self) -> dict[str, Any]:
        """The condition as an object."""
        return {"kind": "absent", "subject": self.subject, "predicate": self.predicate, "object": self.object}


@dataclass(frozen=True, slots=True)
class Members:
    """That an RDF list of the axioms has these members.

    The list is one condition rather than two premises for each member: what a reader wants to see is the list.
    """

    list: str
    members: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The condition as an object."""
        return {"kind": "list", "list": self.list, "members": list(self.members)}


Condition = Absence | Members

Wording = Callable[[Condition], tuple[str, str]]
"""A condition in words: Norwegian, English."""


@dataclass(frozen=True, slots=True)
class Proof:
    """Why a triple holds, or that it does not.

    Attributes:
        triple: what is proven.
        status: asserted in a graph that is trusted with it, inferred by a rule, or neither.
        graphs: the IRIs of the named graphs that hold the triple, sources under whichever IRIs they use.
        rule: the W3C name of the rule, or the IRI of ours; empty unless the triple is inferred.
        premises: proofs of what the rule needs.
        conditions: what the rule found absent, and the lists it read.
    """

    triple: Statement
    status: Status
    graphs: tuple[str, ...] = ()
    rule: str = ""
    premises: tuple["Proof", ...] = ()
    conditions: tuple[Condition, ...] = ()

    def steps(self) -> Iterator["Proof"]:
        """This proof and all within it, conclusions before premises."""
        left = [self]
        while left:
            proof = left.pop()
            yield proof
            left.extend(reversed(proof.premises))

    def to_json(self, wording: Wording) -> dict[str, Any]:
        """As `/explain` gives it; `found` has the conditions as data."""
        subject, predicate, object_ = self.triple
        words = [wording(condition) for condition in self.conditions]
        return {
            "triple": {"subject": subject, "predicate": predicate, "object": object_},
            "status": str(self.status),
            "graphs": list(self.graphs),
            "rule": self.rule or None,
            "premises": [premise.to_json(wording) for premise in self.premises],
            "conditions": [english for _, english in words],
            "conditions_nb": [norwegian for norwegian, _ in words],
            "found": [condition.to_json() for condition in self.conditions],
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Proof":
        """The proof that `to_json` wrote.

        Raises:
            KeyError: a field is missing.
            ValueError: a status or condition is none.
        """
        triple = value["triple"]
        return cls(
            (triple["subject"], triple["predicate"], triple["object"]),
            Status(value["status"]),
            tuple(value["graphs"]),
            value["rule"] or "",
            tuple(cls.from_json(premise) for premise in value["premises"]),
            tuple(map(_condition, value["found"])),
        )


def _condition(value: Mapping[str, Any]) -> Condition:
    if value["kind"] == "absent":
        return Absence(value["subject"], value["predicate"], value["object"])
    if value["kind"] == "list":
        return Members(value["list"], tuple(value["members"]))
    raise ValueError(f"a condition is no {value['kind']!r}")
