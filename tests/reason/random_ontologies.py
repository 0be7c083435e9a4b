"""Random small ontologies with data: all that a rule of OWL 2 RL speaks of, in small worlds where rules meet.

In: a profile and a seed. Out: triples of N-Triples text, the same for the same seed. A sparse world has many names and
few axioms, so that one axiom can be seen at work; a dense one has few names and many axioms, so that restrictions,
equality and chains feed each other.

Literals stand on properties of their own, which nothing makes functional: two literals that have to be one are a
contradiction here and one thing to owlrl (see `DIFFERENCES` in `test_against_owlrl`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from types import MappingProxyType
from typing import Final

from kg.explain.proof import Statement
from kg.namespaces import OWL, RDF, RDFS, XSD

TYPE: Final = f"<{RDF}type>"
FIRST: Final = f"<{RDF}first>"
REST: Final = f"<{RDF}rest>"
NIL: Final = f"<{RDF}nil>"
SAME: Final = f"<{OWL}sameAs>"
THING: Final = f"<{OWL}Thing>"
NOTHING: Final = f"<{OWL}Nothing>"


def owl(name: str) -> str:
    """A term of OWL."""
    return f"<{OWL}{name}>"


def rdfs(name: str) -> str:
    """A term of RDFS."""
    return f"<{RDFS}{name}>"


def whole(number: int) -> str:
    """An xsd:integer."""
    return f'"{number}"^^<{XSD}integer>'


@dataclass(frozen=True)
class Profile:
    """How large a world is, and how much is said in it.

    Attributes:
        axioms: the least and most axioms.
        links: the same of triples between individuals.
        types: the same of types of individuals.
        likely: axioms that are drawn more often than others, with how much more often.
    """

    name: str
    classes: int
    properties: int
    individuals: int
    axioms: tuple[int, int]
    links: tuple[int, int]
    types: tuple[int, int]
    likely: Mapping[str, int] = field(default_factory=dict)


SPARSE: Final = Profile("sparse", 8, 7, 12, (4, 12), (8, 25), (4, 10))
DENSE: Final = Profile(
    "dense",
    5,
    3,
    8,
    (8, 15),
    (5, 18),
    (2, 7),
    MappingProxyType(
        {
            "someValuesFrom": 4,
            "allValuesFrom": 3,
            "hasValue": 3,
            "maxCardinality": 2,
            "maxQualifiedCardinality": 3,
            "subClassOf": 2,
            "propertyChainAxiom": 2,
            "intersectionOf": 2,
            "unionOf": 2,
            "hasKey": 2,
        }
    ),
)
LITERALS: Final = ('"a"', '"b"', '"a"@nb', whole(1), whole(2))


class World:
    """The names of one random ontology, and what is said with them so far."""

    def __init__(self, profile: Profile, chance: Random) -> None:
        self.chance = chance
        self.classes = [f"<urn:C{number}>" for number in range(profile.classes)]
        self.properties = [f"<urn:p{number}>" for number in range(profile.properties)]
        self.values = ["<urn:v0>", "<urn:v1>"]
        self.individuals = [f"<urn:i{number}>" for number in range(profile.individuals)]
        self.triples: set[Statement] = set()
        self._nodes = 0

    def say(self, subject: str, predicate: str, object_: str) -> None:
        """Add a triple."""
        self.triples.add((subject, predicate, object_))

    def class_(self) -> str:
        """A class; now and then everything or nothing."""
        return self.chance.choices([self.chance.choice(self.classes), THING, NOTHING], [60, 2, 1])[0]

    def filler(self) -> str:
        """A class for the values of a restriction; more often everything or nothing, which rules treat apart."""
        return self.chance.choices([self.chance.choice(self.classes), THING, NOTHING], [10, 3, 2])[0]

    def property_(self) -> str:
        """A property of individuals."""
        return self.chance.choice(self.properties)

    def individual(self) -> str:
        """An individual."""
        return self.chance.choice(self.individuals)

    def node(self) -> str:
        """A new node: an IRI, or a blank node."""
        self._nodes += 1
        return f"<urn:n{self._nodes}>" if self.chance.random() < 0.5 else f"_:n{self._nodes}"

    def list_(self, members: Sequence[str]) -> str:
        """A new list."""
        nodes = [*(self.node() for _ in members), NIL]
        for place, member in enumerate(members):
            self.say(nodes[place], FIRST, member)
            self.say(nodes[place], REST, nodes[place + 1])
        return nodes[0]

    def some(self, names: Sequence[str], least: int, most: int) -> list[str]:
        """Two or three different names, or as many as are asked for."""
        return self.chance.sample(list(names), min(len(names), self.chance.randint(least, most)))

    def restriction(self, property_: str, *, own_node: bool = False) -> str:
        """A class on which a restriction may be written; several may meet on a named one."""
        named = self.chance.choice(self.classes)
        if not own_node and self.chance.random() < 0.5:
            self.say(named, owl("onProperty"), property_)
            return named
        node = self.node()
        self.say(node, owl("onProperty"), property_)
        if self.chance.random() < 0.7:
            self.say(node, TYPE, owl("Restriction"))
        kind = self.chance.randrange(3)
        if kind == 0:
            self.say(named, rdfs("subClassOf"), node)
        elif kind == 1:
            self.say(node, rdfs("subClassOf"), named)
        else:
            self.say(named, owl("equivalentClass"), node)
        return node


Axiom = Callable[[World], None]


def _between_classes(predicate: str) -> Axiom:
    return lambda world: world.say(world.class_(), predicate, world.class_())


def _between_properties(predicate: str) -> Axiom:
    def say(world: World) -> None:
        names = world.properties if world.chance.random() < 0.85 else world.values
        world.say(world.chance.choice(names), predicate, world.chance.choice(names))

    return say


def _of_property(class_: str) -> Axiom:
    return lambda world: world.say(world.property_(), TYPE, owl(class_))


def _domain(world: World) -> None:
    world.say(world.chance.choice(world.properties + world.values), rdfs("domain"), world.class_())


def _range(world: World) -> None:
    world.say(world.property_(), rdfs("range"), world.class_())


def _inverse(world: World) -> None:
    world.say(world.property_(), owl("inverseOf"), world.property_())


def _chain(world: World) -> None:
    steps = [world.property_() for _ in range(world.chance.randint(2, 3))]
    world.say(world.property_(), owl("propertyChainAxiom"), world.list_(steps))


def _key(world: World) -> None:
    properties = world.some(world.properties + world.values, 1, 2)
    world.say(world.chance.choice(world.classes), owl("hasKey"), world.list_(properties))


def _of_classes(predicate: str) -> Axiom:
    def say(world: World) -> None:
        members = [world.class_() for _ in range(world.chance.randint(2, 3))]
        world.say(world.chance.choice(world.classes), owl(predicate), world.list_(members))

    return say


def _one_of(world: World) -> None:
    world.say(world.chance.choice(world.classes), owl("oneOf"), world.list_(world.some(world.individuals, 1, 3)))


def _values_from(predicate: str) -> Axiom:
    def say(world: World) -> None:
        world.say(world.restriction(world.property_()), owl(predicate), world.filler())

    return say


def _has_value(world: World) -> None:
    if world.chance.random() < 0.8:
        world.say(world.restriction(world.property_()), owl("hasValue"), world.individual())
    else:
        property_ = world.chance.choice(world.values)
        world.say(world.restriction(property_, own_node=True), owl("hasValue"), world.chance.choice(LITERALS))


def _most(world: World) -> None:
    world.say(world.restriction(world.property_()), owl("maxCardinality"), whole(world.chance.choice((0, 1, 1, 2))))


def _most_qualified(world: World) -> None:
    node = world.restriction(world.property_())
    world.say(node, owl("maxQualifiedCardinality"), whole(world.chance.choice((0, 1, 1, 2))))
    world.say(node, owl("onClass"), world.filler())


def _same(names: str) -> Axiom:
    def say(world: World) -> None:
        known: list[str] = getattr(world, names)
        world.say(world.chance.choice(known), SAME, world.chance.choice(known))

    return say


def _different(world: World) -> None:
    one, other = world.some(world.individuals, 2, 2)
    world.say(one, owl("differentFrom"), other)


def _all(class_: str, predicate: str, names: str) -> Axiom:
    def say(world: World) -> None:
        node = world.node()
        world.say(node, TYPE, owl(class_))
        world.say(node, owl(predicate), world.list_(world.some(getattr(world, names), 2, 3)))

    return say


def _denied(world: World) -> None:
    node = world.node()
    world.say(node, owl("sourceIndividual"), world.individual())
    if world.chance.random() < 0.7:
        world.say(node, owl("assertionProperty"), world.property_())
        world.say(node, owl("targetIndividual"), world.individual())
    else:
        world.say(node, owl("assertionProperty"), world.chance.choice(world.values))
        world.say(node, owl("targetValue"), world.chance.choice(LITERALS))


AXIOMS: Final[Mapping[str, Axiom]] = MappingProxyType(
    {
        "subClassOf": _between_classes(rdfs("subClassOf")),
        "equivalentClass": _between_classes(owl("equivalentClass")),
        "disjointWith": _between_classes(owl("disjointWith")),
        "complementOf": _between_classes(owl("complementOf")),
        "subPropertyOf": _between_properties(rdfs("subPropertyOf")),
        "equivalentProperty": _between_properties(owl("equivalentProperty")),
        "propertyDisjointWith": _between_properties(owl("propertyDisjointWith")),
        "inverseOf": _inverse,
        "domain": _domain,
        "range": _range,
        "FunctionalProperty": _of_property("FunctionalProperty"),
        "InverseFunctionalProperty": _of_property("InverseFunctionalProperty"),
        "SymmetricProperty": _of_property("SymmetricProperty"),
        "TransitiveProperty": _of_property("TransitiveProperty"),
        "IrreflexiveProperty": _of_property("IrreflexiveProperty"),
        "AsymmetricProperty": _of_property("AsymmetricProperty"),
        "propertyChainAxiom": _chain,
        "hasKey": _key,
        "intersectionOf": _of_classes("intersectionOf"),
        "unionOf": _of_classes("unionOf"),
        "oneOf": _one_of,
        "someValuesFrom": _values_from("someValuesFrom"),
        "allValuesFrom": _values_from("allValuesFrom"),
        "hasValue": _has_value,
        "maxCardinality": _most,
        "maxQualifiedCardinality": _most_qualified,
        "sameAs": _same("individuals"),
        "sameAs between classes": _same("classes"),
        "sameAs between properties": _same("properties"),
        "differentFrom": _different,
        "AllDifferent": _all("AllDifferent", "members", "individuals"),
        "AllDifferent, distinctMembers": _all("AllDifferent", "distinctMembers", "individuals"),
        "AllDisjointClasses": _all("AllDisjointClasses", "members", "classes"),
        "AllDisjointProperties": _all("AllDisjointProperties", "members", "properties"),
        "negative property assertion": _denied,
    }
)
"""What an ontology may say, by name."""


def random_ontology(profile: Profile, seed: int) -> list[Statement]:
    """The triples of an ontology and its data, sorted."""
    chance = Random(f"{profile.name} {seed}")
    world = World(profile, chance)
    for class_ in world.classes:
        if chance.random() < 0.7:
            world.say(class_, TYPE, owl("Class"))
    for property_ in world.properties:
        if chance.random() < 0.8:
            world.say(property_, TYPE, owl("ObjectProperty"))
    for property_ in world.values:
        if chance.random() < 0.8:
            world.say(property_, TYPE, owl("DatatypeProperty"))
    names = list(AXIOMS)
    weights = [profile.likely.get(name, 1) for name in names]
    for name in chance.choices(names, weights, k=chance.randint(*profile.axioms)):
        AXIOMS[name](world)
    for _ in range(chance.randint(*profile.links)):
        world.say(world.individual(), world.property_(), world.individual())
    for _ in range(chance.randint(0, 4)):
        world.say(world.individual(), chance.choice(world.values), chance.choice(LITERALS))
    for _ in range(chance.randint(*profile.types)):
        world.say(world.individual(), TYPE, world.class_())
    return sorted(world.triples)
