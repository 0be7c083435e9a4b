"""A long FILTER IN becomes VALUES: the engine looks constants up instead of trying every solution.

`FILTER(?x IN (…))` keeps a solution whose ?x is equal to a constant; joining with VALUES one whose ?x is the same term.
For IRIs, and for strings with or without a language tag, equal is the same (SPARQL 1.1, section 17.4.1.7). A filter
holds for the whole group, wherever it stands (section 5.2.2). Where a triple of the group binds ?x, it may be tried
directly behind that: the joins, OPTIONAL, MINUS and BIND that follow leave ?x as it is. Measured over a million triples
and what is inferred from them, in memory: 376 ms to 0.6 ms for 20 constant subjects, 756 ms to 56 ms for 200 constant
objects.

The engine begins with VALUES whatever it leads to, so the rewrite is done only where that is little, by the statistics.
Left alone are a variable that is also a predicate (52 ms became 756 ms), classes (0.2 ms became 56 ms, as each has many
instances), and groups of OPTIONAL (142 ms became 153 ms).
"""

import math
from itertools import islice
from typing import Final

from kg.sparql.naming import RDF_TYPE
from kg.sparql.rewrites.edits import Edit, Question, Rewrite, groups
from kg.sparql.rewrites.patterns import Pattern, is_selective, patterns, variable
from kg.sparql.syntax.tree import Node, Part, Tree
from kg.sparql.tokens import Token

NAME: Final = "values"
MAX_CONSTANTS: Final = 1_000
"""Longer lists are left alone: values beside a pattern make planning slower (`kg.engine.limits`)."""
MAX_FILTERS: Final = 5
"""So many filters of a query become VALUES: each is one more pattern to be planned."""
MAX_TRIED: Final = 20
"""So many filters are looked at."""
RARE: Final = 1_000
"""A class with fewer instances is a good start for the engine."""
FEW: Final = 1_000
"""So many triples may be looked up where another pattern is a good start as well: 3 ms."""
MANY: Final = 20_000
"""So many where none is."""


def lists(question: Question) -> list[Rewrite]:
    """The filters of a query that may be VALUES."""
    candidates = (
        _rewrite(question, group, number)
        for group in groups(question.tree)
        for number, part in enumerate(group.parts)
        if isinstance(part, Node) and part.kind == "filter"
    )
    found = (rewrite for rewrite in islice(candidates, MAX_TRIED) if rewrite is not None)
    return list(islice(found, MAX_FILTERS))


def _rewrite(question: Question, group: Node, place: int) -> Rewrite | None:
    tree, clause = question.tree, group.parts[place]
    assert isinstance(clause, Node)
    membership = _membership(question, clause)
    if membership is None:
        return None
    name, constants = membership
    binder = _binder(question, group, name)
    if binder is None or not _pays(question, group, name, len(constants)):
        return None
    values = f"VALUES ?{name} {{ {' '.join(constants)} }}"
    if binder == place - 1:
        edits: tuple[Edit, ...] = (Edit(clause.start, clause.end, values),)
    else:
        end = group.parts[binder].end
        edits = (Edit(end, end, f" {values} "), *_removal(tree, group, place))
    return Rewrite(
        NAME,
        f"{len(constants)} konstanter slås opp i stedet for å prøves mot hver løsning",
        f"{len(constants)} constants are looked up instead of tried on every solution",
        clause.start,
        edits,
    )


def _membership(question: Question, clause: Node) -> tuple[str, list[str]] | None:
    """The variable and the distinct constants of a filter that is `(?x IN (…))` and nothing else."""
    part: Part = clause.parts[1]
    while isinstance(part, Node) and part.kind == "bracketed":
        part = part.parts[1]
    if not isinstance(part, Node) or part.kind != "in":
        return None
    variable, listed = part.parts[0], part.parts[2]
    if not isinstance(variable, Token) or variable.kind != "var" or not isinstance(listed, Node):
        return None
    constants: dict[str, str] = {}
    for member in listed.parts[1:-1:2]:
        term = _term(question, member)
        if term is None or len(constants) >= MAX_CONSTANTS:
            return None
        constants.setdefault(term, question.tree.of(member))
    return (question.tree.of(variable)[1:], list(constants.values())) if constants else None


def _term(question: Question, member: Part) -> str | None:
    """What identifies a constant whose equality is identity; None for others."""
    tree = question.tree
    if isinstance(member, Token):
        iri = question.naming.iri(member) if member.kind in {"iri", "pname"} else None
        if iri is not None:
            return f"<{iri}>"
        return _string(tree.of(member)) if member.kind == "string" else None
    if member.kind != "literal" or len(member.parts) != 2:
        return None
    text, language = _string(tree.of(member.parts[0])), tree.of(member.parts[1])
    return f"{text}{language}" if text is not None and language.islower() and "--" not in language else None


def _string(text: str) -> str | None:
    """The value of a string without escapes, in quotes."""
    width = 3 if text[:3] in {'"""', "'''"} and len(text) >= 6 else 1
    return None if "\\" in text or "\r" in text else f'"{text[width:-width]}"'


def _binder(question: Question, group: Node, name: str) -> int | None:
    """The first triples of a group that bind a variable; None where there are none."""
    for number, part in enumerate(group.parts):
        found = patterns(part) if isinstance(part, Node) and part.kind == "triples" else None
        if any(_binds(question, pattern, name) for pattern in found or ()):
            return number
    return None


def _binds(question: Question, pattern: Pattern, name: str) -> bool:
    """Whether a pattern binds a variable to a term of some triple; a path may match a node without any."""
    ends = (variable(question, pattern.subject), variable(question, pattern.object))
    return isinstance(pattern.verb, Token) and name in ends


def _pays(question: Question, group: Node, name: str, constants: int) -> bool:
    """Whether looking the constants up touches few triples, by the average of each property."""
    rows, selective = [], False
    for block in group.nodes("triples"):
        every = patterns(block)
        if every is None:
            return False  # a blank node may join triples on both sides of a filter, and VALUES would come between
        for pattern in every:
            if variable(question, pattern.verb) == name:
                return False
            by_subject = variable(question, pattern.subject) == name
            if not isinstance(pattern.verb, Token):
                continue
            if by_subject:
                rows.append(1.0)
            elif variable(question, pattern.object) == name:
                rows.append(_fanout(question, pattern))
            else:
                selective = selective or is_selective(question, pattern, RARE)
    least = min(rows, default=math.inf) * constants
    return least <= (FEW if selective else MANY)


def _fanout(question: Question, pattern: Pattern) -> float:
    """How many triples of a property an object has on average."""
    counted, iri = question.statistics, question.naming.iri(pattern.verb)
    if counted is None or iri is None or iri == RDF_TYPE:
        return math.inf
    use = counted.properties.get(iri)
    return use.triples / use.objects if use is not None and use.objects else 1.0


def _removal(tree: Tree, group: Node, place: int) -> tuple[Edit, ...]:
    """Take a filter out, with the full stop behind it, and leave one where triples on both sides need it."""
    clause, behind, before = group.parts[place], group.parts[place + 1], group.parts[place - 1]
    end = behind.end if tree.of(behind) == "." else clause.end
    unstopped = isinstance(before, Node) and before.kind == "triples" and tree.of(before.parts[-1]) != "."
    return (Edit(clause.start, end, "." if unstopped else ""),)
