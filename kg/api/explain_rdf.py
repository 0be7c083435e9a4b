"""A proof as RDF: each triple of it a reified statement, derived from its premises.

In: the JSON of a proof. Out: Turtle. The statement that was asked for is a `kg:Explanation`; PROV-O's
`prov:wasDerivedFrom` leads from a conclusion to its premises. A triple that is used twice is described once.
"""

from collections.abc import Mapping
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from kg.explain.held import term_of
from kg.explain.rulebook import rule_iri
from kg.namespaces import PROV, RDF, Names

_TYPE: Final = NamedNode(f"{RDF}type")
_STATEMENT: Final = NamedNode(f"{RDF}Statement")
_DERIVED: Final = NamedNode(f"{PROV}wasDerivedFrom")
_PLACES: Final = ("subject", "predicate", "object")


def proof_turtle(proof: Mapping[str, Any], names: Names) -> bytes:
    """The Turtle of a proof."""
    triples: list[Triple] = []
    described: dict[tuple[str, ...], BlankNode] = {}

    def term(name: str) -> NamedNode:
        return NamedNode(f"{names.ns}{name}")

    def describe(step: Mapping[str, Any]) -> BlankNode:
        key = tuple(step["triple"][place] for place in _PLACES)
        if key in described:
            return described[key]
        node = described[key] = BlankNode(f"t{len(described)}")
        triples.append(Triple(node, _TYPE, _STATEMENT))
        triples.extend(
            Triple(node, NamedNode(f"{RDF}{place}"), term_of(text)) for place, text in step["triple"].items()
        )
        triples.append(Triple(node, term("proofStatus"), Literal(step["status"])))
        triples.extend(Triple(node, term("heldIn"), NamedNode(graph)) for graph in step["graphs"])
        if step["rule"]:
            rule = step["rule"] if ":" in step["rule"] else rule_iri(names, step["rule"])
            triples.append(Triple(node, term("byRule"), NamedNode(rule)))
        for language, field in (("en", "conditions"), ("nb", "conditions_nb")):
            triples.extend(Triple(node, term("condition"), Literal(text, language=language)) for text in step[field])
        triples.extend(Triple(node, _DERIVED, describe(premise)) for premise in step["premises"])
        return node

    root = describe(proof)
    triples.insert(0, Triple(root, _TYPE, term("Explanation")))
    prefixes = {"kg": names.ns, "prov": PROV, "rdf": RDF}
    content = serialize(triples, format=RdfFormat.TURTLE, prefixes=prefixes)
    assert content is not None
    return content
