"""The closure: everything that follows, by semi-naive evaluation of whole columns.

In: facts and rules. Out: the facts with all that follows from them, under representatives. Each round joins what is new
with what is there; when new schema appears, or things that the schema speaks of become one, the rules are compiled
again and new clauses are evaluated in full, once.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from kg.reason.arrays import EMPTY, Ids, contains, distinct, distinct_without, firsts, matches, pack, seconds, union
from kg.reason.axioms import SUB_CLASS
from kg.reason.clauses import (
    Body,
    Clause,
    Merge,
    Number,
    Vocabulary,
    compile_rules,
    transitive_predicates,
    triggers,
)
from kg.reason.equality import Representatives
from kg.reason.facts import Facts, Relation, by_second
from kg.reason.patterns import RulePattern, TriplePattern
from kg.reason.solving import Step, Table, lacking, rows_of, solve, things_of
from kg.reason.transitive import MAX_PAIRS, TooManyPairs, Transitive

_BY_HIERARCHY = frozenset({"cax-sco", "cax-eqc1", "cax-eqc2"})
"""Rules that need no join: whole classes are handed up. Equal classes are below each other (rule scm-eqc1)."""


@dataclass(slots=True)
class _Pending:
    """What followed and is not yet known to be new."""

    pairs: dict[int, list[Ids]] = field(default_factory=lambda: defaultdict(list))
    things: dict[int, list[Ids]] = field(default_factory=lambda: defaultdict(list))


class Closure:
    """Facts that grow by rules until nothing new follows."""

    def __init__(
        self,
        facts: Facts,
        rules: Sequence[RulePattern],
        number: Number,
        vocabulary: Vocabulary,
        representatives: Representatives,
        max_pairs: int = MAX_PAIRS,
    ) -> None:
        self.facts = facts
        self.refused: set[int] = set()
        self._max_pairs = max_pairs
        self.representatives = representatives
        self.rounds = 0
        self._rules = [rule for rule in rules if rule.name not in _BY_HIERARCHY]
        self._subclass = number(SUB_CLASS)
        self._number = number
        self._vocabulary = vocabulary
        self._schema = _schema_keys(rules, number, vocabulary)
        self._clauses: dict[Body, Clause] = {}
        self._transitive: dict[int, Transitive] = {}
        self._triggers: dict[tuple[int, int], list[tuple[Clause, int]]] = {}
        self._pending = _Pending()
        self._same: list[Ids] = []
        self._stale = True

    def run(self) -> None:
        """Derive everything that follows."""
        if not self._clauses:  # from the beginning
            stated = self.facts.relations.pop(self._vocabulary.same, None)
            if stated is not None:
                self._same.append(stated.forward)
            self._inherit(self.facts.pairs(self._subclass).forward)
        while True:
            self._unite()
            if self._stale:
                self._compile()
            new_pairs, new_things = self._settle()
            if not new_pairs and not new_things and not self._same and not self._stale:
                return
            self.rounds += 1
            self._advance(new_pairs, new_things)

    def add(self, facts: Facts) -> None:
        """Take in more facts, and derive everything that follows from them and what is there."""
        of = self.representatives.of
        for predicate, relation in facts.relations.items():
            pairs = pack(of[firsts(relation.forward)], of[seconds(relation.forward)])
            if predicate == self._vocabulary.same:
                self._same.append(pairs)
            else:
                self._pending.pairs[int(of[predicate])].append(pairs)
        for class_, things in facts.members.items():
            self._pending.things[int(of[class_])].append(of[things])
        self.run()

    def copy(self) -> "Closure":
        """The same facts and clauses, to go on with apart; only what has been derived to the end can be copied."""
        copied = Closure(
            self.facts.copy(),
            self._rules,
            self._number,
            self._vocabulary,
            self.representatives.copy(),
            self._max_pairs,
        )
        copied.refused, copied.rounds, copied._stale = set(self.refused), self.rounds, False
        copied._clauses, copied._triggers = dict(self._clauses), self._triggers
        copied._transitive = {predicate: replace(each) for predicate, each in self._transitive.items()}
        return copied

    def apply(self, rules: Sequence[RulePattern]) -> None:
        """Apply rules once to what is known now, and derive everything that follows from what they found.

        This is how rules with something absent are applied: what they conclude cannot take back what they saw.
        """
        for clause in compile_rules(rules, self.facts, self._number, self._vocabulary).values():
            table = solve(clause.body, self.facts)
            for step in clause.absent:
                table = lacking(table, step, self.facts)
            self._conclude(table, clause.heads, clause.merges)
        self.run()

    def contradictions(self) -> list[tuple[str, tuple[Step, ...], Table]]:
        """Where a rule finds a contradiction: its name, what was matched, and the rows."""
        found = []
        for clause in self._clauses.values():
            if clause.contradictions:
                table = solve(clause.body, self.facts)
                if table.rows:
                    found += [(name, clause.body, table) for name in sorted(clause.contradictions)]
        return found

    def _compile(self) -> None:
        self._stale = False
        known = self._clauses
        self._clauses = compile_rules(self._rules, self.facts, self._number, self._vocabulary)
        self._close_by_itself(transitive_predicates(self._clauses.values()))
        self._triggers = triggers(self._clauses.values(), self._vocabulary.type_)
        for body, clause in self._clauses.items():
            before = known.get(body)
            heads = clause.heads - before.heads if before else clause.heads
            merges = clause.merges - before.merges if before else clause.merges
            if heads or merges:
                self._conclude(solve(clause.body, self.facts), heads, merges)

    def _close_by_itself(self, predicates: dict[int, bool]) -> None:
        """Set up the transitive predicates, which are closed each by itself."""
        for predicate, symmetric in predicates.items():
            known = self._transitive.get(predicate)
            if known is None or known.symmetric != symmetric:
                self._transitive[predicate] = Transitive(symmetric, EMPTY)
                self._reach(predicate, self.facts.pairs(predicate).forward)

    def _reach(self, predicate: int, pairs: Ids) -> None:
        if predicate in self.refused:
            return
        try:
            found = self._transitive[predicate].add(pairs, self._max_pairs)
        except TooManyPairs:
            self.refused.add(predicate)
        else:
            self._pending.pairs[predicate].append(found)

    def _settle(self) -> tuple[dict[int, Ids], dict[int, Ids]]:
        """Put what is pending among the facts; what of it was new."""
        pending, self._pending = self._pending, _Pending()
        if types := pending.pairs.pop(self._vocabulary.type_, None):  # of a property that is the same as rdf:type
            for class_, things in by_second(np.concatenate(types)):
                pending.things[class_].append(things)
        new_pairs, new_things = {}, {}
        for predicate, several in pending.pairs.items():
            relation = self.facts.relations.setdefault(predicate, Relation())
            pairs = distinct(np.concatenate(several))
            pairs = pairs[~contains(pairs, relation.forward)]
            if pairs.size:
                relation.add(pairs)
                new_pairs[predicate] = pairs
                self._stale = self._stale or (predicate, -1) in self._schema
        for class_, several in pending.things.items():
            known = self.facts.things(class_)
            things = distinct_without(several, known, self.representatives.of.size)
            if things.size:
                self.facts.members[class_] = union(known, things)
                new_things[class_] = things
                self._stale = self._stale or (self._vocabulary.type_, class_) in self._schema
        return new_pairs, new_things

    def _advance(self, new_pairs: dict[int, Ids], new_things: dict[int, Ids]) -> None:
        """Evaluate every clause that what is new may make hold."""
        type_ = self._vocabulary.type_
        self._inherit(new_pairs.get(self._subclass, EMPTY))
        above = self.facts.pairs(self._subclass).forward
        for class_, things in new_things.items():
            for upper in matches(np.array([class_], np.uint64), above)[1].tolist():
                self._pending.things[upper].append(things)
        for predicate, pairs in new_pairs.items():
            if predicate in self._transitive:
                self._reach(predicate, pairs)
            for clause, place in self._triggers.get((predicate, -1), ()):
                self._evaluate(clause, place, rows_of(clause.body[place], pairs))
        for class_, things in new_things.items():
            for clause, place in self._triggers.get((type_, class_), ()):
                self._evaluate(clause, place, things_of(clause.body[place], things))
            for clause, place in self._triggers.get((type_, -1), ()):
                pairs = pack(things, np.full(things.size, class_, np.uint64))
                self._evaluate(clause, place, rows_of(clause.body[place], pairs))

    def _inherit(self, pairs: Ids) -> None:
        """The members of a class are those of the classes above it (rule cax-sco), for pairs of classes."""
        for lower, upper in zip(firsts(pairs).tolist(), seconds(pairs).tolist(), strict=True):
            if (things := self.facts.things(lower)).size:
                self._pending.things[upper].append(things)

    def _evaluate(self, clause: Clause, place: int, start: Table) -> None:
        if not start.rows or not (clause.heads or clause.merges):
            return
        others = clause.body[:place] + clause.body[place + 1 :]
        table = solve(others, self.facts, start)
        self._conclude(table, clause.heads, ())
        for merge in clause.merges:
            # What became one may have become so with a value that is not new.
            self._merge(clause.body, merge, table)

    def _conclude(self, table: Table, heads: "set[Step]", merges: "set[Merge] | tuple[()]") -> None:
        if not table.rows:
            return
        for head in heads:
            subjects, objects = table.values(head.subject), table.values(head.object)
            if head.predicate == self._vocabulary.same:
                self._same.append(distinct(pack(subjects, objects)))
            elif head.predicate != self._vocabulary.type_:
                self._pending.pairs[head.predicate].append(pack(subjects, objects))
            elif head.object >= 0:
                self._pending.things[head.object].append(subjects)
            else:
                for class_, things in by_second(pack(subjects, objects)):
                    self._pending.things[class_].append(things)
        for merge in merges:
            self._same.append(_merged(table, merge))

    def _merge(self, body: tuple[Step, ...], merge: Merge, touched: Table) -> None:
        if not touched.rows:
            return
        keys = _distinct_rows([touched.columns[variable] for variable in merge.by])
        start = Table(keys[0].size, dict(zip(merge.by, keys, strict=True)))
        self._same.append(_merged(solve(body, self.facts, start), merge))

    def _unite(self) -> None:
        """Make one what was found to be the same, and rewrite the facts accordingly."""
        if not self._same:
            return
        pairs, self._same = distinct(np.concatenate(self._same)), []
        changed = self.representatives.unite(pairs)
        if not changed:
            return
        of = self.representatives.of
        moved = np.zeros(of.size, np.bool_)
        moved[np.fromiter(changed, np.intp, len(changed))] = True
        pending, self._pending = self._pending, _Pending()
        for predicate, several in pending.pairs.items():
            self._pending.pairs[int(of[predicate])] += [pack(of[firsts(each)], of[seconds(each)]) for each in several]
        for class_, several in pending.things.items():
            self._pending.things[int(of[class_])] += [of[each] for each in several]
        self._rewrite(moved)

    def _rewrite(self, moved: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> None:
        of, facts = self.representatives.of, self.facts
        touches_schema = False
        for transitive in self._transitive.values():
            transitive.rename(of)
        for predicate, relation in list(facts.relations.items()):
            pairs = relation.forward
            rows = moved[firsts(pairs)] | moved[seconds(pairs)]
            if moved[predicate]:
                rows[:] = True
                touches_schema = True
                del facts.relations[predicate]
            elif rows.any():
                facts.relations[predicate] = Relation(pairs[~rows])
            if rows.any():
                touches_schema = touches_schema or (predicate, -1) in self._schema
                renamed = pairs[rows]
                self._pending.pairs[int(of[predicate])].append(pack(of[firsts(renamed)], of[seconds(renamed)]))
        for class_, things in list(facts.members.items()):
            rows = moved[things]
            if moved[class_]:
                rows[:] = True
                touches_schema = True
                del facts.members[class_]
            elif rows.any():
                facts.members[class_] = things[~rows]
            if rows.any():
                touches_schema = touches_schema or (self._vocabulary.type_, class_) in self._schema
                self._pending.things[int(of[class_])].append(of[things[rows]])
        if touches_schema:
            # Clauses hold numbers that stand for nothing any more; those that come again are evaluated anew.
            self._clauses, self._transitive, self._stale = {}, {}, True
            self._settle()
            self._inherit(self.facts.pairs(self._subclass).forward)


def _schema_keys(rules: Sequence[RulePattern], number: Number, vocabulary: Vocabulary) -> frozenset[tuple[int, int]]:
    """The predicates, and classes of rdf:type, that the schema parts of rules speak of, and those of lists."""
    keys = {(vocabulary.first, -1), (vocabulary.rest, -1)}
    for rule in rules:
        for pattern in rule.schema:
            if isinstance(pattern, TriplePattern) and isinstance(pattern.predicate, str):
                predicate = number(pattern.predicate)
                if predicate == vocabulary.type_ and isinstance(pattern.object, str):
                    keys.add((predicate, number(pattern.object)))
                elif predicate != vocabulary.same:
                    keys.add((predicate, -1))
    return frozenset(keys)


def _merged(table: Table, merge: Merge) -> Ids:
    """Pairs that make one the values of a variable in the rows that agree in the others."""
    if not table.rows:
        return EMPTY
    values = table.columns[merge.value]
    keys = [table.columns[variable] for variable in merge.by]
    order = np.lexsort((values, *keys)) if keys else np.argsort(values)
    values = values[order]
    alike = np.ones(values.size - 1, np.bool_)
    for key in keys:
        ordered = key[order]
        alike &= ordered[1:] == ordered[:-1]
    return distinct(pack(values[:-1][alike], values[1:][alike])[values[:-1][alike] != values[1:][alike]])


def _distinct_rows(columns: Sequence[Ids]) -> list[Ids]:
    order = np.lexsort(tuple(columns))
    ordered = [column[order] for column in columns]
    keep = np.ones(ordered[0].size, np.bool_)
    keep[1:] = np.logical_or.reduce([column[1:] != column[:-1] for column in ordered])
    return [column[keep] for column in ordered]
