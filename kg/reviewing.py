"""Reviewing: who decides on which link, and what has been decided.

In: a secret, an id or a pair, a decision. Out: the decision on disk, or why not. The command line and the HTTP handlers
share this; both call it from wherever blocking is allowed.
"""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final

from kg.access.tokens import Token, TokenFile
from kg.aliases import Aliases
from kg.errors import NotFound, NotPermitted, ParameterError, TokenNeeded
from kg.linking.candidate import Relation, candidate_id
from kg.linking.decided import Decided
from kg.linking.decision import Decision, Verdict
from kg.linking.decisions import DecisionLog, Decisions
from kg.linking.statement import PREDICATES

REMEMBERED: Final = 200_000
"""Candidates of which a decision may name the id alone, some 60 MB at most."""


@dataclass(slots=True)
class Offers:
    """The pairs that this process has given out as candidates, by id: a hash does not say what it is of."""

    most: int = REMEMBERED
    _pairs: OrderedDict[str, tuple[str, str]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def remember(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Remember pairs; those that were given out longest ago are forgotten first."""
        with self._lock:
            for left, right in pairs:
                link_id = candidate_id(left, right)
                self._pairs[link_id] = left, right
                self._pairs.move_to_end(link_id)
            while len(self._pairs) > self.most:
                self._pairs.popitem(last=False)

    def find(self, link_id: str) -> tuple[str, str] | None:
        """The pair of an id."""
        return self._pairs.get(link_id)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a reviewer wants recorded; a field is empty where the request does not have it."""

    verdict: Verdict
    relation: Relation | None = None
    comment: str = ""
    link_id: str = ""
    left: str = ""
    right: str = ""


@dataclass(slots=True)
class Reviewing:
    """The decisions of a home, those who may take them, and what they were asked about."""

    log: DecisionLog
    tokens: TokenFile
    offers: Offers = field(default_factory=Offers)
    _renamed: tuple[Decisions, Aliases, Decisions] | None = None

    def decisions(self, aliases: Aliases) -> Decisions:
        """What has been decided, under the IRIs of a generation.

        Raises:
            NotRecorded: the decisions cannot be read.
        """
        known, renamed = self.log.read(), self._renamed
        if renamed is None or renamed[0] is not known or renamed[1] is not aliases:
            renamed = self._renamed = known, aliases, known.under(aliases.canonical)
        return renamed[2]

    def decided(self, aliases: Aliases) -> Decided:
        """The same as far as finding candidates needs to know.

        Raises:
            NotRecorded: the decisions cannot be read.
        """
        newest = self.decisions(aliases).newest
        return Decided({link_id: decision.verdict.status for link_id, decision in newest.items()})

    def reviewer(self, secret: str) -> Token:
        """Whose token this is.

        Raises:
            TokenNeeded: it is nobody's, or there is none.
        """
        token = self.tokens.find(secret) if secret else None
        if token is None:
            what = "the token is not known here, or was revoked" if secret else "there is no token"
            raise TokenNeeded(what, hint="Authorization: Bearer …; the operator makes one with `kg tokens new NAME`")
        return token

    def pair_of(self, wish: Wish, aliases: Aliases) -> tuple[str, str]:
        """The pair that a wish is about, as it names it.

        Raises:
            NotFound: an id alone is given, and nobody here knows what it is of.
            ParameterError: the pair is not that of the id, or its order is needed and not told.
        """
        if bool(wish.left) != bool(wish.right):
            raise ParameterError("a pair has a left and a right", parameter="right" if wish.left else "left")
        if wish.left:
            left, right = aliases.canonical(wish.left), aliases.canonical(wish.right)
            if wish.link_id and candidate_id(left, right) != wish.link_id:
                raise ParameterError(
                    "left and right are not the pair of this id",
                    hint=f"theirs is {candidate_id(left, right)}",
                    parameter="left",
                )
            return left, right
        decided = self.decisions(aliases).newest.get(wish.link_id)
        pair = (decided.left, decided.right) if decided else self.offers.find(wish.link_id)
        if pair is None:
            raise NotFound(
                f"no candidate and no decision is known by the id {wish.link_id[:60]!r}",
                hint="give left and right too, or ask /links/candidates again",
            )
        if wish.relation in {Relation.BROAD, Relation.NARROW}:
            raise ParameterError(
                f"{wish.relation} depends on which of the two is the left one",
                hint=f"give left and right too, as left={pair[0]} right={pair[1]}",
                parameter="left",
            )
        return pair

    def decide(self, pair: tuple[str, str], wish: Wish, token: Token, now: str) -> Decision:
        """Record a decision; when this returns, it is on disk.

        Raises:
            NotPermitted: the token does not extend to this pair.
            ParameterError: a field has a value that it cannot have.
            NotRecorded: it could not be written.
        """
        left, right = pair
        if not token.covers(left, right):
            raise NotPermitted(
                f"the token of {token.name} does not extend to this pair",
                hint=f"one of the two has to begin with {' or '.join(token.extends_to)}",
            )
        decision = Decision(left, right, wish.verdict, wish.relation, wish.comment.strip(), token.name, now)
        self.log.append([decision])
        return decision


def read_wish(
    verdict: str, relation: str, comment: str = "", link_id: str = "", left: str = "", right: str = ""
) -> Wish:
    """A wish from the words of a request; a pair may be given as it is written.

    Raises:
        ParameterError: a word is none of those there are.
    """
    if verdict not in set(Verdict):
        known = ", ".join(Verdict)
        raise ParameterError(
            f"{verdict[:60]!r} is no decision" if verdict else "there is no decision", hint=known, parameter="decision"
        )
    if relation and relation not in set(Relation):
        raise ParameterError(f"{relation[:60]!r} is no relation", hint=", ".join(Relation), parameter="relation")
    return Wish(Verdict(verdict), Relation(relation) if relation else None, comment, link_id, left, right)


def with_rejections(found: dict[str, Any], known: Decisions) -> dict[str, Any]:
    """What a link would do, with the pairs that it would make one although somebody has rejected them."""
    exact = f"<{PREDICATES[Relation.EXACT]}>"
    triples = [each["triple"] for each in found["entails"] if each["triple"]["predicate"] == exact]
    pairs = {(triple["subject"][1:-1], triple["object"][1:-1]) for triple in triples}
    against = []
    for left, right in sorted({(min(pair), max(pair)) for pair in (*pairs, (found["left"], found["right"]))}):
        decision = known.find(left, right)
        if decision is not None and decision.verdict is Verdict.REJECT:
            against.append(_rejection(decision, exact))
    return {**found, "contradictions": [*found["contradictions"], *against]}


def _rejection(decision: Decision, exact: str) -> dict[str, Any]:
    left, right = decision.left, decision.right
    triple = {"subject": f"<{left}>", "predicate": exact, "object": f"<{right}>"}
    proof: dict[str, Any] = {"triple": triple, "status": "inferred", "graphs": [], "rule": None}
    return {
        "kind": "rejected",
        "rule": "rejected",
        "text": {
            "nb": f"{left} og {right} er avvist som kobling av {decision.who}",
            "en": f"{left} and {right} were rejected as a link by {decision.who}",
        },
        "premises": [{**proof, "premises": [], "conditions": []}],
        "conditions": [],
        "decision": {"id": decision.id, **decision.to_json()},
    }
