"""Decisions as RDF: what `graph/links` holds of a link, and the same again from a file.

In: decisions. Out: triples; and back. A link is one triple with a mapping property of SKOS, which is all that most
queries need, and beside it a node with who decided it, when and why: the annotated axiom that SSSOM prescribes for
RDF (SSSOM, class Mapping, whose IRI is owl:Axiom), named by the pair so that it can be pointed at. A quoted triple
would say the same in fewer words, but few tools read those. What speaks OWL is believed of trusted graphs alone
(`kg.reason.axioms`), so no harvested file can pretend that a link was accepted, and our rules for links
(`kg.reason.own_rules`) may rely on these nodes.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse, serialize

from kg.errors import ParameterError, SourceError
from kg.linking.decision import Decision, Verdict
from kg.linking.statement import (
    ANY_RELATION,
    PREDICATES,
    SEMAPV,
    SSSOM,
    Importer,
    MappingFile,
    MappingStatement,
    RowProblem,
    stated,
)
from kg.namespaces import DCT, OWL, RDF, RDFS, XSD, Names

FORMATS: Final = {
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "rdfxml": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
}
SUFFIXES: Final = {".ttl": "turtle", ".nt": "ntriples", ".rdf": "rdfxml", ".jsonld": "jsonld"}

_TYPE: Final = NamedNode(f"{RDF}type")
_AXIOM: Final = NamedNode(f"{OWL}Axiom")
_SLOTS: Final = {
    f"{OWL}annotatedSource": "subject",
    f"{OWL}annotatedProperty": "predicate",
    f"{OWL}annotatedTarget": "object",
    f"{SSSOM}predicate_modifier": "modifier",
    f"{SSSOM}mapping_justification": "justification",
    f"{SSSOM}author_label": "author",
    f"{DCT}created": "date",
    f"{RDFS}comment": "comment",
    f"{SSSOM}confidence": "confidence",
}
_PREDICATES: Final = {slot: NamedNode(iri) for iri, slot in _SLOTS.items()}


def link_triples(decisions: Iterable[Decision], names: Names) -> Iterator[Triple]:
    """The triples of some decisions, in an order that depends on them alone.

    What is accepted is stated; of anything else only the node says that somebody has judged it.
    """
    for decision in sorted(decisions, key=lambda each: (each.left, each.right)):
        if decision.verdict is Verdict.ACCEPT and decision.relation:
            predicate = NamedNode(PREDICATES[decision.relation])
            yield Triple(NamedNode(decision.left), predicate, NamedNode(decision.right))
        yield from _node(decision, names)


def write_links(decisions: Iterable[Decision], names: Names, rdf_format: str) -> bytes:
    """The same as a file."""
    prefixes = {name: iri for name, iri in names.prefixes().items() if name in {"skos", "owl", "dct", "rdfs", "kg"}}
    prefixes |= {"sssom": SSSOM, "semapv": SEMAPV}
    written = serialize(link_triples(decisions, names), format=FORMATS[rdf_format], prefixes=prefixes)
    assert written is not None
    return written


def read_links(path: Path, rdf_format: str, importer: Importer, names: Names) -> MappingFile:
    """The decisions in a file of RDF: annotated axioms, and mapping triples that nothing annotates.

    Raises:
        SourceError: it is no such file.
    """
    try:
        quads = list(parse(path=str(path), format=FORMATS[rdf_format]))
    except (OSError, SyntaxError, ValueError) as error:
        raise SourceError(f"cannot be read as {rdf_format}: {error}", where=str(path)) from error
    decisions: dict[str, Decision] = {}
    problems = []
    for number, statement in enumerate(_statements(quads, names), start=1):
        try:
            decision = statement.decided(importer)
        except ParameterError as error:
            problems.append(RowProblem(number, f"{error.parameter}: {error.what} ({statement.subject})"))
            continue
        if decision.id in decisions:
            problems.append(RowProblem(number, f"the pair is mapped twice; the last mapping holds: {decision.left}"))
        decisions[decision.id] = decision
    return MappingFile(tuple(decisions.values()), tuple(problems))


def _node(decision: Decision, names: Names) -> Iterator[Triple]:
    node, said = NamedNode(names.link(decision.id)), stated(decision)
    yield Triple(node, _TYPE, _AXIOM)
    if decision.verdict is Verdict.ACCEPT:
        yield Triple(node, _TYPE, NamedNode(f"{names.ns}AcceptedLink"))
    yield Triple(node, _PREDICATES["subject"], NamedNode(said.subject))
    yield Triple(node, _PREDICATES["predicate"], NamedNode(said.predicate))
    yield Triple(node, _PREDICATES["object"], NamedNode(said.object))
    yield Triple(node, _PREDICATES["justification"], NamedNode(said.justification))
    yield Triple(node, _PREDICATES["author"], Literal(said.author))
    yield Triple(node, _PREDICATES["date"], Literal(said.date, datatype=NamedNode(f"{XSD}dateTime")))
    yield Triple(node, NamedNode(f"{names.ns}decision"), Literal(said.decision))
    if said.modifier:
        yield Triple(node, _PREDICATES["modifier"], Literal(said.modifier))
    if said.comment:
        yield Triple(node, _PREDICATES["comment"], Literal(said.comment))
    if said.confidence:
        number = Literal(said.confidence, datatype=NamedNode(f"{XSD}decimal"))
        if "e" in said.confidence:
            number = Literal(said.confidence, datatype=NamedNode(f"{XSD}double"))
        yield Triple(node, _PREDICATES["confidence"], number)


def _statements(quads: Iterable[Quad], names: Names) -> Iterator[MappingStatement]:
    """What annotated axioms say, then the mapping triples beside them."""
    slots = {**_SLOTS, f"{names.ns}decision": "decision"}
    relations = {*PREDICATES.values(), ANY_RELATION}
    nodes: dict[str, dict[str, str]] = {}
    plain: dict[tuple[str, str, str], None] = {}
    for quad in quads:
        slot, value = slots.get(quad.predicate.value), quad.object
        if slot and isinstance(value, NamedNode | Literal):
            said = nodes.setdefault(str(quad.subject), {})
            said[slot] = f"{said[slot]}, {value.value}" if slot == "author" and slot in said else value.value
        elif quad.predicate.value in relations and isinstance(value, NamedNode) and isinstance(quad.subject, NamedNode):
            plain[quad.subject.value, quad.predicate.value, value.value] = None
    for said in nodes.values():
        if {"subject", "predicate", "object"} <= said.keys():
            plain.pop((said["subject"], said["predicate"], said["object"]), None)
            yield MappingStatement(**{"justification": f"{SEMAPV}UnspecifiedMatching", **said})
    for subject, predicate, object_ in plain:
        yield MappingStatement(subject, predicate, object_, justification=f"{SEMAPV}UnspecifiedMatching")
