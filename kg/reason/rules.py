"""The rules of OWL 2 RL/RDF, all in one place, under their W3C names.

Source: OWL 2 Web Ontology Language Profiles (second edition), section 4.3, tables 4 to 9. The engine compiles them, the
prover reads them backwards, and the proof checker knows nothing else.

A rule is written `premises => conclusions`, in triples. A bar parts the premises that are matched on the schema
(properties and axioms, which are few, so that each match of them is a rule of its own) from those that are matched on
the data. Where the tables have a list,
`list:member(?l, ?x)` stands for each of its members, `list:pair(?l, ?x, ?y)` for members at two places, and
`list:chain(?l, ?x, ?y)`, `list:types(?l, ?x)`, `list:values(?l, ?x, ?y)` for all members together: the steps of a
chain, the types of a thing, the properties in which two things share a value. `FALSE` is a contradiction.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Status(StrEnum):
    """What becomes of a rule."""

    APPLIED = "applied"
    BY_REPRESENTATIVES = "by representatives"
    """Equal things share one representative while reasoning, and what holds of one is written of all afterwards."""
    NOT_WRITTEN = "not written"
    """Applied, so that everything that follows from it is there; what it concludes itself is not written."""
    LEFT_OUT = "left out"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the W3C tables.

    Attributes:
        name: its name there.
        table: the number of the table.
        text: premises and conclusions; empty where it has no form in triples.
        status: what becomes of it.
        reason: why, where it is not simply applied.
    """

    name: str
    table: int
    text: str = ""
    status: Status = Status.APPLIED
    reason: str = ""


_EQUAL: Final = "one representative for things that are the same has the same result and no square of it meanwhile"
_EVERY: Final = (
    "it says the same of every class and property; nobody asks for it, and it would be the most of the graph"
)
_VALUES: Final = "the store keeps literals by value, and the loaders report those that are none of their datatype"

OWL_RL: Final = (
    Rule("eq-ref", 4, "", Status.LEFT_OUT, "that each thing is the same as itself would multiply the graph"),
    Rule("eq-sym", 4, "?x owl:sameAs ?y => ?y owl:sameAs ?x", Status.BY_REPRESENTATIVES, _EQUAL),
    Rule("eq-trans", 4, "?x owl:sameAs ?y . ?y owl:sameAs ?z => ?x owl:sameAs ?z", Status.BY_REPRESENTATIVES, _EQUAL),
    Rule("eq-rep-s", 4, "?s owl:sameAs ?t . ?s ?p ?o => ?t ?p ?o", Status.BY_REPRESENTATIVES, _EQUAL),
    Rule("eq-rep-p", 4, "?p owl:sameAs ?q . ?s ?p ?o => ?s ?q ?o", Status.BY_REPRESENTATIVES, _EQUAL),
    Rule("eq-rep-o", 4, "?o owl:sameAs ?q . ?s ?p ?o => ?s ?p ?q", Status.BY_REPRESENTATIVES, _EQUAL),
    Rule("eq-diff1", 4, "?x owl:sameAs ?y . ?x owl:differentFrom ?y => FALSE"),
    Rule(
        "eq-diff2",
        4,
        "?d a owl:AllDifferent . ?d owl:members ?l . list:pair(?l, ?x, ?y) . ?x owl:sameAs ?y => FALSE",
    ),
    Rule(
        "eq-diff3",
        4,
        "?d a owl:AllDifferent . ?d owl:distinctMembers ?l . list:pair(?l, ?x, ?y) . ?x owl:sameAs ?y => FALSE",
    ),
    Rule("prp-ap", 5, "", Status.LEFT_OUT, "axiomatic: that rdfs:label and its like are annotation properties"),
    Rule("prp-dom", 5, "?p rdfs:domain ?c | ?x ?p ?y => ?x a ?c"),
    Rule("prp-rng", 5, "?p rdfs:range ?c | ?x ?p ?y => ?y a ?c"),
    Rule("prp-fp", 5, "?p a owl:FunctionalProperty | ?x ?p ?y1 . ?x ?p ?y2 => ?y1 owl:sameAs ?y2"),
    Rule("prp-ifp", 5, "?p a owl:InverseFunctionalProperty | ?x1 ?p ?y . ?x2 ?p ?y => ?x1 owl:sameAs ?x2"),
    Rule("prp-irp", 5, "?p a owl:IrreflexiveProperty | ?x ?p ?x => FALSE"),
    Rule("prp-symp", 5, "?p a owl:SymmetricProperty | ?x ?p ?y => ?y ?p ?x"),
    Rule("prp-asyp", 5, "?p a owl:AsymmetricProperty | ?x ?p ?y . ?y ?p ?x => FALSE"),
    Rule("prp-trp", 5, "?p a owl:TransitiveProperty | ?x ?p ?y . ?y ?p ?z => ?x ?p ?z"),
    Rule("prp-spo1", 5, "?p1 rdfs:subPropertyOf ?p2 | ?x ?p1 ?y => ?x ?p2 ?y"),
    Rule("prp-spo2", 5, "?p owl:propertyChainAxiom ?l | list:chain(?l, ?x, ?y) => ?x ?p ?y"),
    Rule("prp-eqp1", 5, "?p1 owl:equivalentProperty ?p2 | ?x ?p1 ?y => ?x ?p2 ?y"),
    Rule("prp-eqp2", 5, "?p1 owl:equivalentProperty ?p2 | ?x ?p2 ?y => ?x ?p1 ?y"),
    Rule("prp-pdw", 5, "?p1 owl:propertyDisjointWith ?p2 | ?x ?p1 ?y . ?x ?p2 ?y => FALSE"),
    Rule(
        "prp-adp",
        5,
        "?d a owl:AllDisjointProperties . ?d owl:members ?l . list:pair(?l, ?p1, ?p2) | ?x ?p1 ?y . ?x ?p2 ?y => FALSE",
    ),
    Rule("prp-inv1", 5, "?p1 owl:inverseOf ?p2 | ?x ?p1 ?y => ?y ?p2 ?x"),
    Rule("prp-inv2", 5, "?p1 owl:inverseOf ?p2 | ?x ?p2 ?y => ?y ?p1 ?x"),
    Rule("prp-key", 5, "?c owl:hasKey ?l | ?x a ?c . ?y a ?c . list:values(?l, ?x, ?y) => ?x owl:sameAs ?y"),
    Rule(
        "prp-npa1",
        5,
        "?n owl:sourceIndividual ?x . ?n owl:assertionProperty ?p . ?n owl:targetIndividual ?y | ?x ?p ?y => FALSE",
    ),
    Rule(
        "prp-npa2",
        5,
        "?n owl:sourceIndividual ?x . ?n owl:assertionProperty ?p . ?n owl:targetValue ?y | ?x ?p ?y => FALSE",
    ),
    Rule("cls-thing", 6, "=> owl:Thing a owl:Class", Status.NOT_WRITTEN, _EVERY),
    Rule("cls-nothing1", 6, "=> owl:Nothing a owl:Class", Status.NOT_WRITTEN, _EVERY),
    Rule("cls-nothing2", 6, "?x a owl:Nothing => FALSE"),
    Rule("cls-int1", 6, "?c owl:intersectionOf ?l | list:types(?l, ?x) => ?x a ?c"),
    Rule("cls-int2", 6, "?c owl:intersectionOf ?l . list:member(?l, ?d) | ?x a ?c => ?x a ?d"),
    Rule("cls-uni", 6, "?c owl:unionOf ?l . list:member(?l, ?d) | ?x a ?d => ?x a ?c"),
    Rule("cls-com", 6, "?c owl:complementOf ?d | ?x a ?c . ?x a ?d => FALSE"),
    Rule("cls-svf1", 6, "?c owl:someValuesFrom ?d . ?c owl:onProperty ?p | ?x ?p ?y . ?y a ?d => ?x a ?c"),
    Rule("cls-svf2", 6, "?c owl:someValuesFrom owl:Thing . ?c owl:onProperty ?p | ?x ?p ?y => ?x a ?c"),
    Rule("cls-avf", 6, "?c owl:allValuesFrom ?d . ?c owl:onProperty ?p | ?x a ?c . ?x ?p ?y => ?y a ?d"),
    Rule("cls-hv1", 6, "?c owl:hasValue ?v . ?c owl:onProperty ?p | ?x a ?c => ?x ?p ?v"),
    Rule("cls-hv2", 6, "?c owl:hasValue ?v . ?c owl:onProperty ?p | ?x ?p ?v => ?x a ?c"),
    Rule("cls-maxc1", 6, "?c owl:maxCardinality 0 . ?c owl:onProperty ?p | ?x a ?c . ?x ?p ?y => FALSE"),
    Rule(
        "cls-maxc2",
        6,
        "?c owl:maxCardinality 1 . ?c owl:onProperty ?p | ?x a ?c . ?x ?p ?y1 . ?x ?p ?y2 => ?y1 owl:sameAs ?y2",
    ),
    Rule(
        "cls-maxqc1",
        6,
        "?c owl:maxQualifiedCardinality 0 . ?c owl:onProperty ?p . ?c owl:onClass ?d "
        "| ?x a ?c . ?x ?p ?y . ?y a ?d => FALSE",
    ),
    Rule(
        "cls-maxqc2",
        6,
        "?c owl:maxQualifiedCardinality 0 . ?c owl:onProperty ?p . ?c owl:onClass owl:Thing "
        "| ?x a ?c . ?x ?p ?y => FALSE",
    ),
    Rule(
        "cls-maxqc3",
        6,
        "?c owl:maxQualifiedCardinality 1 . ?c owl:onProperty ?p . ?c owl:onClass ?d "
        "| ?x a ?c . ?x ?p ?y1 . ?y1 a ?d . ?x ?p ?y2 . ?y2 a ?d => ?y1 owl:sameAs ?y2",
    ),
    Rule(
        "cls-maxqc4",
        6,
        "?c owl:maxQualifiedCardinality 1 . ?c owl:onProperty ?p . ?c owl:onClass owl:Thing "
        "| ?x a ?c . ?x ?p ?y1 . ?x ?p ?y2 => ?y1 owl:sameAs ?y2",
    ),
    Rule("cls-oo", 6, "?c owl:oneOf ?l . list:member(?l, ?x) => ?x a ?c"),
    Rule("cax-sco", 7, "?c1 rdfs:subClassOf ?c2 . ?x a ?c1 => ?x a ?c2"),
    Rule("cax-eqc1", 7, "?c1 owl:equivalentClass ?c2 . ?x a ?c1 => ?x a ?c2"),
    Rule("cax-eqc2", 7, "?c1 owl:equivalentClass ?c2 . ?x a ?c2 => ?x a ?c1"),
    Rule("cax-dw", 7, "?c1 owl:disjointWith ?c2 | ?x a ?c1 . ?x a ?c2 => FALSE"),
    Rule(
        "cax-adc",
        7,
        "?d a owl:AllDisjointClasses . ?d owl:members ?l . list:pair(?l, ?c1, ?c2) | ?x a ?c1 . ?x a ?c2 => FALSE",
    ),
    Rule("dt-type1", 8, "", Status.LEFT_OUT, "axiomatic: that the datatypes are datatypes"),
    Rule(
        "dt-type2", 8, "", Status.LEFT_OUT, "literals as subjects cannot be written; to a restriction none has a type"
    ),
    Rule("dt-eq", 8, "", Status.LEFT_OUT, _VALUES),
    Rule("dt-diff", 8, "", Status.APPLIED, "two literals that would have to be one are reported, and never made one"),
    Rule("dt-not-type", 8, "", Status.LEFT_OUT, _VALUES),
    Rule(
        "scm-cls",
        9,
        "?c a owl:Class => ?c rdfs:subClassOf ?c . ?c owl:equivalentClass ?c . ?c rdfs:subClassOf owl:Thing "
        ". owl:Nothing rdfs:subClassOf ?c",
        Status.NOT_WRITTEN,
        _EVERY,
    ),
    Rule("scm-sco", 9, "?c1 rdfs:subClassOf ?c2 . ?c2 rdfs:subClassOf ?c3 => ?c1 rdfs:subClassOf ?c3"),
    Rule("scm-eqc1", 9, "?c1 owl:equivalentClass ?c2 => ?c1 rdfs:subClassOf ?c2 . ?c2 rdfs:subClassOf ?c1"),
    Rule("scm-eqc2", 9, "?c1 rdfs:subClassOf ?c2 . ?c2 rdfs:subClassOf ?c1 => ?c1 owl:equivalentClass ?c2"),
    Rule(
        "scm-op",
        9,
        "?p a owl:ObjectProperty => ?p rdfs:subPropertyOf ?p . ?p owl:equivalentProperty ?p",
        Status.NOT_WRITTEN,
        _EVERY,
    ),
    Rule(
        "scm-dp",
        9,
        "?p a owl:DatatypeProperty => ?p rdfs:subPropertyOf ?p . ?p owl:equivalentProperty ?p",
        Status.NOT_WRITTEN,
        _EVERY,
    ),
    Rule("scm-spo", 9, "?p1 rdfs:subPropertyOf ?p2 . ?p2 rdfs:subPropertyOf ?p3 => ?p1 rdfs:subPropertyOf ?p3"),
    Rule("scm-eqp1", 9, "?p1 owl:equivalentProperty ?p2 => ?p1 rdfs:subPropertyOf ?p2 . ?p2 rdfs:subPropertyOf ?p1"),
    Rule("scm-eqp2", 9, "?p1 rdfs:subPropertyOf ?p2 . ?p2 rdfs:subPropertyOf ?p1 => ?p1 owl:equivalentProperty ?p2"),
    Rule("scm-dom1", 9, "?p rdfs:domain ?c1 . ?c1 rdfs:subClassOf ?c2 => ?p rdfs:domain ?c2"),
    Rule("scm-dom2", 9, "?p2 rdfs:domain ?c . ?p1 rdfs:subPropertyOf ?p2 => ?p1 rdfs:domain ?c"),
    Rule("scm-rng1", 9, "?p rdfs:range ?c1 . ?c1 rdfs:subClassOf ?c2 => ?p rdfs:range ?c2"),
    Rule("scm-rng2", 9, "?p2 rdfs:range ?c . ?p1 rdfs:subPropertyOf ?p2 => ?p1 rdfs:range ?c"),
    Rule(
        "scm-hv",
        9,
        "?c1 owl:hasValue ?v . ?c1 owl:onProperty ?p1 . ?c2 owl:hasValue ?v . ?c2 owl:onProperty ?p2 "
        ". ?p1 rdfs:subPropertyOf ?p2 => ?c1 rdfs:subClassOf ?c2",
    ),
    Rule(
        "scm-svf1",
        9,
        "?c1 owl:someValuesFrom ?d1 . ?c1 owl:onProperty ?p . ?c2 owl:someValuesFrom ?d2 . ?c2 owl:onProperty ?p "
        ". ?d1 rdfs:subClassOf ?d2 => ?c1 rdfs:subClassOf ?c2",
    ),
    Rule(
        "scm-svf2",
        9,
        "?c1 owl:someValuesFrom ?d . ?c1 owl:onProperty ?p1 . ?c2 owl:someValuesFrom ?d . ?c2 owl:onProperty ?p2 "
        ". ?p1 rdfs:subPropertyOf ?p2 => ?c1 rdfs:subClassOf ?c2",
    ),
    Rule(
        "scm-avf1",
        9,
        "?c1 owl:allValuesFrom ?d1 . ?c1 owl:onProperty ?p . ?c2 owl:allValuesFrom ?d2 . ?c2 owl:onProperty ?p "
        ". ?d1 rdfs:subClassOf ?d2 => ?c1 rdfs:subClassOf ?c2",
    ),
    Rule(
        "scm-avf2",
        9,
        "?c1 owl:allValuesFrom ?d . ?c1 owl:onProperty ?p1 . ?c2 owl:allValuesFrom ?d . ?c2 owl:onProperty ?p2 "
        ". ?p1 rdfs:subPropertyOf ?p2 => ?c2 rdfs:subClassOf ?c1",
    ),
    Rule("scm-int", 9, "?c owl:intersectionOf ?l . list:member(?l, ?d) => ?c rdfs:subClassOf ?d"),
    Rule("scm-uni", 9, "?c owl:unionOf ?l . list:member(?l, ?d) => ?d rdfs:subClassOf ?c"),
)
"""Every rule of tables 4 to 9, in their order."""
