"""Axioms: which triples are read in trusted graphs alone, and which need not be written.

In: terms as N-Triples text. Out: whether a triple speaks the language of axioms, or goes without saying.
"""

from typing import Final

from kg.namespaces import OWL, RDF, RDFS

TYPE: Final = f"<{RDF}type>"
FIRST: Final = f"<{RDF}first>"
REST: Final = f"<{RDF}rest>"
NIL: Final = f"<{RDF}nil>"
THING: Final = f"<{OWL}Thing>"
NOTHING: Final = f"<{OWL}Nothing>"
SUB_CLASS: Final = f"<{RDFS}subClassOf>"
SAME: Final = f"<{OWL}sameAs>"
REFLEXIVE: Final = frozenset(
    (SUB_CLASS, f"<{OWL}equivalentClass>", f"<{RDFS}subPropertyOf>", f"<{OWL}equivalentProperty>")
)
"""What every class, or every property, is to itself (rules scm-cls, scm-op, scm-dp)."""

MAX_MEMBERS: Final = 100_000
"""Members of one list; a longer one is a fault of its source."""

_NAMESPACES: Final = (f"<{OWL}", f"<{RDFS}")
_HARMLESS: Final = frozenset(
    f"<{iri}>"
    for iri in (
        *(f"{RDFS}{name}" for name in ("label", "comment", "seeAlso", "isDefinedBy", "member", "Resource")),
        *(f"{OWL}{name}" for name in ("versionInfo", "deprecated", "versionIRI", "priorVersion", "imports")),
        *(f"{OWL}{name}" for name in ("NamedIndividual", "Ontology")),
    )
)
"""Terms of the schema languages that say nothing to reason with, so that they are data wherever they stand."""


def speaks(term: str) -> bool:
    """Whether a term is one of the languages of axioms."""
    return term.startswith(_NAMESPACES) and term not in _HARMLESS


def is_axiom(predicate: str, object_: str) -> bool:
    """Whether a triple is believed of trusted graphs only: by its predicate, by the class it gives, or as a list.

    >>> is_axiom("<http://www.w3.org/2000/01/rdf-schema#domain>", "<urn:x>")
    True
    >>> is_axiom("<http://www.w3.org/2000/01/rdf-schema#label>", '"x"')
    False
    """
    return speaks(predicate) or predicate in {FIRST, REST} or (predicate == TYPE and speaks(object_))


def goes_without_saying(subject: str, predicate: str, object_: str) -> bool:
    """Whether a triple may hold although no graph holds it, because it says the same of every class or property."""
    if predicate == TYPE:
        return object_ == THING or subject in {THING, NOTHING}
    if predicate == SUB_CLASS and (object_ == THING or subject == NOTHING):
        return True
    return predicate in REFLEXIVE and subject == object_
