"""Broken: where a chain from an element to those who have it ends, and the statement that would mend it.

In: the web around an element. Out: one finding for each broken chain, with the missing statement as a triple. A term
of it that nobody but the owner can know is written as a variable, for instance `?dataset`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kg.namespaces import CV, DCAT, DCT, MODELLDCATNO, RDF, SKOS
from kg.trace.authority import agencies_of
from kg.trace.facts import Facts
from kg.trace.findings.around import Around
from kg.trace.web import Edge, Finding, FindingKind, Node, NodeKind, Statement, Words

MOST_LOOKED_AT: Final = 500
"""Nodes whose chains are followed, of those that the web is about."""

_SUBJECT: Final = f"{DCT}subject"
_WITH_SUBJECT: Final = frozenset(
    (NodeKind.ELEMENT, NodeKind.MODEL, NodeKind.CODELIST, NodeKind.DATASET, NodeKind.SERVICE)
)
_OWNED: Final = {
    NodeKind.DATASET: f"{DCT}publisher",
    NodeKind.MODEL: f"{DCT}publisher",
    NodeKind.CONCEPT: f"{DCT}publisher",
    NodeKind.DATA_SERVICE: f"{DCT}publisher",
    NodeKind.SERVICE: f"{CV}hasCompetentAuthority",
}


@dataclass(frozen=True, slots=True)
class _Break:
    """A broken chain: what is wrong, what it is about, and what would mend it."""

    text: Words
    about: tuple[str, ...]
    missing: Statement
    edges: tuple[Edge, ...] = ()
    wrong: Statement | None = None


def find(around: Around) -> Iterator[Finding]:
    """The findings of this kind."""
    for node in around.near()[:MOST_LOOKED_AT]:
        for broken in _breaks(around, node):
            details = {"missing": broken.missing.to_json()}
            if broken.wrong is not None:
                details["instead_of"] = broken.wrong.to_json()
            yield Finding(FindingKind.BROKEN, broken.text, broken.edges, broken.about, details)


def _breaks(around: Around, node: Node) -> Iterator[_Break]:
    if node.kind in _WITH_SUBJECT:
        yield from _unknown_concepts(around, node)
        yield from _replaced_concepts(around, node)
    if node.kind in _OWNED:
        yield from _nobody_responsible(around, node)
    if node.kind is NodeKind.ELEMENT:
        yield from _in_no_model(around, node)
    if node.kind is NodeKind.SERVICE:
        yield from _evidence_from_nowhere(around, node)
    if node.kind is NodeKind.DATA_SERVICE:
        yield from _serves_nothing(around, node)


def _unknown_concepts(around: Around, node: Node) -> Iterator[_Break]:
    """A reference to a concept that nobody describes; another form of the same IRI may be meant."""
    facts = around.facts
    for target in facts.objects(node.iri, _SUBJECT):
        if facts.is_described(target):
            continue
        meant = _described_forms(facts, target)
        name = facts.words(node.iri)
        wrong = _statement(node.iri, _SUBJECT, target)
        if meant:
            end = Words(
                f"Trolig menes «{facts.name(meant[0], 'nb')}».", f"“{facts.name(meant[0], 'en')}” is probably meant."
            )
        else:
            end = Words(
                "Begrepet må beskrives, eller referansen rettes.", "Describe the concept or mend the reference."
            )
        text = Words(
            f"«{name.nb}» viser til et begrep som ingen har beskrevet: {target}. {end.nb}",
            f"“{name.en}” refers to a concept that nobody describes: {target}. {end.en}",
        )
        missing = (
            _statement(node.iri, _SUBJECT, meant[0])
            if meant
            else Statement(f"<{target}>", f"<{RDF}type>", f"<{SKOS}Concept>")
        )
        yield _Break(text, (node.iri, *meant[:1]), missing, around.edges_between((node.iri,), (target,)), wrong)


def _described_forms(facts: Facts, iri: str) -> Sequence[str]:
    """The described concept whose IRI holds the id of one that nobody describes; nothing where there are several."""
    found = facts.concepts_with_id(iri)
    return found if len(found) == 1 else ()


def _replaced_concepts(around: Around, node: Node) -> Iterator[_Break]:
    """A reference to a concept that its owner has replaced."""
    facts = around.facts
    for target in facts.objects(node.iri, _SUBJECT):
        heirs = {*facts.objects(target, f"{DCT}isReplacedBy"), *facts.subjects(f"{DCT}replaces", target)}
        current = sorted(heir for heir in heirs if facts.is_described(heir) and heir != node.iri)
        if not current or not facts.is_a(target, f"{SKOS}Concept"):
            continue
        name, old, new = facts.words(node.iri), facts.words(target), facts.words(current[0])
        yield _Break(
            Words(
                f"«{name.nb}» viser til begrepet «{old.nb}», som er erstattet av «{new.nb}».",
                f"“{name.en}” refers to the concept “{old.en}”, which is replaced by “{new.en}”.",
            ),
            (node.iri, target, current[0]),
            _statement(node.iri, _SUBJECT, current[0]),
            around.edges_between((node.iri,), (target,)) + around.edges_between((target,), current),
            _statement(node.iri, _SUBJECT, target),
        )


def _nobody_responsible(around: Around, node: Node) -> Iterator[_Break]:
    """Something whose agency no source names, so that nobody can be asked for it."""
    facts = around.facts
    if agencies_of(facts, node.iri) or not facts.is_described(node.iri):
        return
    if node.kind is NodeKind.CONCEPT and not facts.is_a(node.iri, facts.own("CatalogueConcept")):
        return
    name = facts.words(node.iri)
    text = Words(f"Ingen virksomhet er oppgitt for «{name.nb}».", f"No agency is given for “{name.en}”.")
    missing = Statement(f"<{node.iri}>", f"<{_OWNED[node.kind]}>", "?agency")
    yield _Break(text, (node.iri,), missing)


def _in_no_model(around: Around, node: Node) -> Iterator[_Break]:
    """An element that no model contains, so that nobody knows whose it is."""
    facts = around.facts
    is_part = facts.is_a(node.iri, f"{MODELLDCATNO}ModelElement") or facts.is_a(node.iri, f"{MODELLDCATNO}Property")
    if not is_part or facts.objects(node.iri, facts.own("inModel")):
        return
    name = facts.words(node.iri)
    text = Words(
        f"Elementet «{name.nb}» er ikke med i noen informasjonsmodell.",
        f"The element “{name.en}” is in no information model.",
    )
    top = next(iter(facts.objects(node.iri, facts.own("propertyOf"))), node.iri)
    missing = Statement("?model", f"<{MODELLDCATNO}containsModelElement>", f"<{top}>")
    yield _Break(text, (node.iri,), missing)


def _evidence_from_nowhere(around: Around, node: Node) -> Iterator[_Break]:
    """Evidence that a service builds on another for, by the title of what that one gives, with no dataset stated."""
    facts = around.facts
    for evidence in facts.objects(node.iri, facts.own("requiresEvidence")):
        if facts.is_a(evidence, f"{DCAT}Dataset") or facts.objects(evidence, f"{DCT}isPartOf"):
            continue
        suppliers = facts.objects(node.iri, f"{DCT}requires")
        titles = set(facts.literals(evidence, f"{DCT}title"))
        outputs = [output for one in suppliers for output in facts.objects(one, facts.own("givesOutput"))]
        same = [output for output in outputs if titles.intersection(facts.literals(output, f"{DCT}title"))]
        held = {dataset for output in same for dataset in facts.objects(output, f"{DCT}isPartOf")}
        if len(held) != 1:
            continue
        dataset = held.pop()
        name, service, holding = facts.words(evidence), facts.words(node.iri), facts.words(dataset)
        yield _Break(
            Words(
                f"Det er ikke sagt hvor «{name.nb}», som tjenesten «{service.nb}» krever, finnes. Tjenesten den bygger"
                f" på, gir det til «{holding.nb}».",
                f"It is not said where “{name.en}”, which the service “{service.en}” requires, is held. The service it"
                f" builds on gives it to “{holding.en}”.",
            ),
            (node.iri, evidence, dataset),
            _statement(evidence, f"{DCT}isPartOf", dataset),
            around.edges_between((node.iri,), (evidence, *suppliers)) + around.edges_between(suppliers, (dataset,)),
        )


def _serves_nothing(around: Around, node: Node) -> Iterator[_Break]:
    """A data service of which no dataset is known that it serves, or only one that nobody describes."""
    facts = around.facts
    served = {*facts.objects(node.iri, f"{DCAT}servesDataset"), *facts.subjects(facts.own("servedBy"), node.iri)}
    if any(facts.is_described(dataset) for dataset in served):
        return
    name = facts.words(node.iri)
    text = Words(
        f"Det er ikke beskrevet hvilket datasett API-et «{name.nb}» gir tilgang til.",
        f"It is not described which dataset the API “{name.en}” serves.",
    )
    missing = Statement(f"<{node.iri}>", f"<{DCAT}servesDataset>", "?dataset")
    yield _Break(text, (node.iri,), missing, around.edges_between((node.iri,), sorted(served)))


def _statement(subject: str, predicate: str, object_: str) -> Statement:
    return Statement(f"<{subject}>", f"<{predicate}>", f"<{object_}>")
