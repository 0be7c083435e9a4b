"""Fork: the same term with different definitions at different agencies, which nobody has linked as the same.

In: the web around an element. Out: one finding for each pair of concepts, of which one is what the web is about.
"""

from collections.abc import Iterator

from pyoxigraph import Literal

from kg.namespaces import DCT, SKOS
from kg.trace.authority import agencies_of, are_one_house, same_concepts
from kg.trace.facts import Facts
from kg.trace.findings.around import Around
from kg.trace.web import Finding, FindingKind, Words

_LABEL = f"{SKOS}prefLabel"


def find(around: Around) -> Iterator[Finding]:
    """The findings of this kind."""
    seen: set[frozenset[str]] = set()
    for meaning in around.meanings():
        for concept in meaning.concepts:
            for other in _namesakes(around.facts, concept):
                pair = frozenset((concept, other))
                if pair not in seen and _is_fork(around.facts, concept, other):
                    seen.add(pair)
                    yield _finding(around, concept, other)


def definitions(facts: Facts, concept: str) -> tuple[Literal, ...]:
    """The definitions of a concept; every form of SKOS-AP-NO-Begrep is normalised to this one."""
    return facts.literals(concept, f"{SKOS}definition")


def _namesakes(facts: Facts, concept: str) -> tuple[str, ...]:
    found = {other for label in facts.literals(concept, _LABEL) for other in facts.labelled(_LABEL, label)}
    return tuple(sorted(other for other in found - {concept} if facts.is_a(other, facts.own("CatalogueConcept"))))


def _is_fork(facts: Facts, one: str, other: str) -> bool:
    if other in same_concepts(facts, one) or _follow_each_other(facts, one, other):
        return False
    mine, theirs = agencies_of(facts, one), agencies_of(facts, other)
    if not mine or not theirs or any(are_one_house(facts, left, right) for left in mine for right in theirs):
        return False
    return bool(_differing(facts, one, other))


def _follow_each_other(facts: Facts, one: str, other: str) -> bool:
    return any(
        facts.holds(left, f"{DCT}{property_}", right)
        for left, right in ((one, other), (other, one))
        for property_ in ("replaces", "isReplacedBy")
    )


def _differing(facts: Facts, one: str, other: str) -> list[tuple[Literal, Literal]]:
    """The definitions of two concepts in one language, where none of either is one of the other's."""
    found = []
    theirs = definitions(facts, other)
    for left in definitions(facts, one):
        same_language = [right for right in theirs if right.language == left.language]
        if same_language and all(_plain(right) != _plain(left) for right in same_language):
            found.append((left, same_language[0]))
    return found


def _plain(text: Literal) -> str:
    return " ".join(text.value.casefold().split()).rstrip(".")


def _finding(around: Around, one: str, other: str) -> Finding:
    facts = around.facts
    what = facts.words(one)
    mine, theirs = facts.words(agencies_of(facts, one)[0]), facts.words(agencies_of(facts, other)[0])
    is_close = facts.holds(one, f"{SKOS}closeMatch", other) or facts.holds(other, f"{SKOS}closeMatch", one)
    linked_nb = "De er koblet som nesten samme begrep." if is_close else "Ingen har sagt om de er samme begrep."
    linked_en = "They are linked as a close match." if is_close else "Nobody has said whether they are the same."
    left, right = _differing(facts, one, other)[0]
    shared_label = [label for label in facts.literals(one, _LABEL) if other in facts.labelled(_LABEL, label)]
    said = [
        {"subject": f"<{concept}>", "predicate": f"<{_LABEL}>", "object": str(label)}
        for label in shared_label[:1]
        for concept in (one, other)
    ]
    return Finding(
        FindingKind.FORK,
        Words(
            f"{mine.nb} og {theirs.nb} definerer «{what.nb}» ulikt. {linked_nb}",
            f"{mine.en} and {theirs.en} define “{what.en}” differently. {linked_en}",
        ),
        around.edges_between((one,), (other,)),
        (one, other),
        {"definitions": {one: left.value, other: right.value}, "triples": said},
    )
