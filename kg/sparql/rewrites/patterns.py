"""The triples of a block one by one: what a rule asks of each before it changes their order."""

from dataclasses import dataclass
from typing import Final

from kg.sparql.naming import RDF_TYPE
from kg.sparql.rewrites.edits import Question
from kg.sparql.syntax.tree import Node, Part
from kg.sparql.tokens import Token

MAX_PATTERNS: Final = 30
_WITHOUT_LENGTH: Final = frozenset(("repeat", "negated"))


@dataclass(frozen=True, slots=True)
class Pattern:
    """One triple pattern, or one path pattern."""

    subject: Part
    verb: Part
    object: Part


def patterns(block: Node) -> list[Pattern] | None:
    """The patterns of a block, in order; None where it has blank nodes, collections, annotations or triple terms.

    None also where there are more than `MAX_PATTERNS`: planning is cubic in what is joined (`kg.engine.limits`).
    """
    found = []
    for subject in block.nodes("subject"):
        first = subject.parts[0]
        for verb, objects in zip(subject.parts[1::3], subject.parts[2::3], strict=True):
            assert isinstance(objects, Node)
            for place, part in enumerate(objects.parts):
                if place % 2 == 0:
                    found.append(Pattern(first, verb, part))
                elif isinstance(part, Node):
                    return None
    simple = all(_is_simple(term) for pattern in found for term in (pattern.subject, pattern.object))
    return found if simple and len(found) <= MAX_PATTERNS else None


def _is_simple(term: Part) -> bool:
    if isinstance(term, Node):
        return term.kind == "literal"
    return term.kind not in {"blank", "anon", "nil"}


def variable(question: Question, part: Part) -> str | None:
    """The name of a variable; None for anything else."""
    return question.tree.of(part)[1:] if isinstance(part, Token) and part.kind == "var" else None


def is_type(question: Question, pattern: Pattern) -> bool:
    """Whether the predicate is rdf:type."""
    return question.naming.iri(pattern.verb) == RDF_TYPE


def may_have_no_length(part: Part) -> bool:
    """Whether a path may match a node without any triple, or is too unusual to say."""
    return isinstance(part, Node) and any(node.kind in _WITHOUT_LENGTH for node in part.walk())


def is_selective(question: Question, pattern: Pattern, rare: int) -> bool:
    """Whether the engine has a good start in a pattern: a constant in it, or a class of few instances."""
    subject, object_ = variable(question, pattern.subject), variable(question, pattern.object)
    if subject is not None and object_ is None and is_type(question, pattern):
        counted, name = question.statistics, question.naming.iri(pattern.object)
        return counted is None or name is None or counted.classes.get(name, 0) < rare
    return subject is None or object_ is None
