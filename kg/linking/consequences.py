"""Before a link is accepted: what it would entail, and what it would contradict.

In: a generation's store, two things and a relation. Out: the triples that the next generation would infer because of
the link, each with its rule, and contradictions with their proof: those that the rules of OWL find, and those that our
checks find of classes which could have no member any more, and of things declared different. A cluster of exact
matches that the link would chain to another is told of as well. Nothing here writes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import NamedNode, Store, Triple

from kg.explain.explaining import Explainer, Unexplained
from kg.explain.held import Budget, Fact, Held, OutOfBudget
from kg.explain.prover import TooLong
from kg.explain.rulebook import BookRule, book_of
from kg.explain.supposing import Consequences, Step, Supposer, statement_of
from kg.explain.wording import wording
from kg.linking.candidate import Relation
from kg.linking.checks import CHECKS, checks, is_harmless
from kg.linking.decision import Decision, Verdict
from kg.linking.graph import link_triples
from kg.linking.statement import PREDICATES
from kg.namespaces import Names
from kg.reason.own_rules import own_rules
from kg.reason.patterns import parsed_rules

MAX_STEPS: Final = 300_000
MAX_PROOF: Final = 500
"""Triples of the proofs of one answer; what is beyond is named without its own premises."""
MAX_SHOWN: Final = 200
"""Entailed triples and pairs of clusters that an answer has; `total` and `size` say how many there are."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Things that match exactly, as far as the graph says."""

    members: tuple[str, ...]


class Trial:
    """Tries links on one generation."""

    def __init__(self, store: Store, names: Names, inferred: str | None, explainer: Explainer) -> None:
        self._names = names
        self._held = Held(store, inferred, (names.ontology, names.codes, names.links))
        strata = own_rules(names)
        everything = [BookRule(rule.name, rule) for rule in parsed_rules(with_equality=True)]
        ours = book_of(strata, names)[len([rule for rule in everything if rule.pattern.conclusions]) :]
        tests = [BookRule(rule.name, rule) for rule in checks(names)]
        self._supposer = Supposer(self._held, (*everything, *ours, *tests))
        self._explainer = explainer
        self._words = wording(names.prefixes())

    def attempt(self, left: str, relation: Relation, right: str, budget: Budget) -> dict[str, Any]:
        """The JSON of what a link would do; `complete` is false where a limit cut the search short."""
        trial = Decision(left, right, Verdict.ACCEPT, relation, "", "?", "2000-01-01T00:00:00Z")
        facts = [fact for fact in map(_fact_of, link_triples([trial], self._names)) if self._matters(fact)]
        found = self._supposer.suppose(facts, budget)
        proofs = _Proofs(self, found, budget)
        entails = [fact for fact in found.steps if not str(fact[0]).startswith(f"<{self._names.base}link/")]
        contradictions = [self._contradiction(step, proofs) for step in found.contradictions if not is_harmless(step)]
        clusters = self._clusters(left, relation, right)
        if clusters and all(len(cluster.members) > 1 for cluster in clusters):
            contradictions.append(self._chain(clusters, left, right, found, proofs))
        return {
            "left": left,
            "relation": str(relation),
            "right": right,
            "complete": found.complete,
            "entails": [self._entailed(fact, found) for fact in entails[:MAX_SHOWN]],
            "total": len(entails),
            "contradictions": contradictions,
            "clusters": [{"size": len(each.members), "members": list(each.members[:MAX_SHOWN])} for each in clusters],
        }

    def _matters(self, fact: Fact) -> bool:
        """Whether a triple of the link says more than who accepted it and when."""
        said = fact[1].value if isinstance(fact[1], NamedNode) else ""
        return said.endswith(("Match", "#type", "annotatedSource", "annotatedProperty", "annotatedTarget"))

    def _entailed(self, fact: Fact, found: Consequences) -> dict[str, Any]:
        step = found.steps[fact]
        return {
            "triple": _triple(fact),
            "rule": step.rule,
            "premises": [_triple(premise) for premise in step.premises],
            "conditions": [self._words(condition)[1] for condition in step.conditions],
        }

    def _contradiction(self, step: Step, proofs: "_Proofs") -> dict[str, Any]:
        check = next((each for each in CHECKS if each.name == step.rule), None)
        nb, en = f"regelen {step.rule} utelukker dette", f"the rule {step.rule} excludes this"
        if check:
            nb, en = check.nb, check.en
        return {
            "kind": check.kind if check else "contradiction",
            "rule": step.rule,
            "text": {"nb": nb, "en": en},
            "premises": [proofs.of(premise) for premise in step.premises],
            "conditions": [self._words(condition)[1] for condition in step.conditions],
        }

    def _clusters(self, left: str, relation: Relation, right: str) -> tuple[Cluster, ...]:
        """What each side matches exactly today; none where the link is not exact, or they match already."""
        if relation is not Relation.EXACT:
            return ()
        predicate = NamedNode(PREDICATES[Relation.EXACT])

        def cluster(iri: str) -> Cluster:
            matched = self._held.matching(NamedNode(iri), predicate, None)
            return Cluster(tuple(sorted({iri, *(fact[2].value for fact in matched if isinstance(fact[2], NamedNode))})))

        one, other = cluster(left), cluster(right)
        return () if right in one.members or left in other.members else (one, other)

    def _chain(
        self, clusters: Sequence[Cluster], left: str, right: str, found: Consequences, proofs: "_Proofs"
    ) -> dict[str, Any]:
        """That two clusters would become one, shown by a pair that nobody has looked at."""
        one, other = clusters
        pairs = ((a, b) for a in one.members for b in other.members if a != left and b != right)
        predicate = NamedNode(PREDICATES[Relation.EXACT])
        shown = next((fact for a, b in pairs if (fact := (NamedNode(a), predicate, NamedNode(b))) in found.steps), None)
        many = len(one.members), len(other.members)
        return {
            "kind": "chain",
            "rule": "chain",
            "text": {
                "nb": f"koblingen gjør to grupper av like ting, på {many[0]} og {many[1]}, til én",
                "en": f"the link makes two groups of exact matches, of {many[0]} and {many[1]}, into one",
            },
            "premises": [proofs.of(shown)] if shown else [],
            "conditions": [],
        }

    def explained(self, fact: Fact, budget: Budget) -> dict[str, Any]:
        """The proof of a triple that is held."""
        if fact[0] == fact[2]:  # a class is below itself, which goes without saying (rule scm-cls)
            return {**_proof(fact, "inferred"), "rule": "scm-cls"}
        try:
            return self._explainer.explain([statement_of(fact)], budget)
        except (OutOfBudget, TooLong, Unexplained):
            return {**_proof(fact, "inferred"), "graphs": self._held.graphs(fact)}

    def conditions(self, step: Step) -> tuple[list[str], list[str]]:
        """The conditions of a step in words: English, Norwegian."""
        words = [self._words(each) for each in step.conditions]
        return [english for _, english in words], [norwegian for norwegian, _ in words]


class _Proofs:
    """Proofs in the shape of `/explain`, with the supposed triples as leaves."""

    def __init__(self, trial: Trial, found: Consequences, budget: Budget) -> None:
        self._trial, self._found, self._budget, self._left = trial, found, budget, MAX_PROOF

    def of(self, fact: Fact) -> dict[str, Any]:
        """Why a triple would hold."""
        self._left -= 1
        step = self._found.steps.get(fact)
        if fact in self._found.supposed:
            return _proof(fact, "supposed")
        if self._left <= 0:
            return _proof(fact, "inferred")
        if step is None:
            return self._trial.explained(fact, self._budget)
        english, norwegian = self._trial.conditions(step)
        return {
            **_proof(fact, "inferred"),
            "rule": step.rule,
            "premises": [self.of(premise) for premise in step.premises],
            "conditions": english,
            "conditions_nb": norwegian,
        }


def _proof(fact: Fact, status: str) -> dict[str, Any]:
    return {"triple": _triple(fact), "status": status, "graphs": [], "rule": None, "premises": [], "conditions": []}


def _triple(fact: Fact) -> dict[str, str]:
    subject, predicate, object_ = statement_of(fact)
    return {"subject": subject, "predicate": predicate, "object": object_}


def _fact_of(triple: Triple) -> Fact:
    return triple.subject, triple.predicate, triple.object
