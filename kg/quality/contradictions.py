"""Contradictions as triples of `B graph/quality`.

In: the rule that finds a contradiction and the triples that cannot all hold. Out: lines of N-Triples without the dot;
each contradiction is a kg:Contradiction with its rule and its premises as rdf:Statement, which any tool reads. Its IRI
is a hash of what it says, so the same contradiction has the same IRI in every generation.
"""

import hashlib
from collections.abc import Iterable, Iterator

from kg.namespaces import RDF, Names
from kg.reason.inference import Clash

_PLACES = ("subject", "predicate", "object")


def contradiction_lines(clashes: Iterable[Clash], names: Names) -> Iterator[str]:
    """The triples of some contradictions, each contradiction once."""
    type_ = f"<{RDF}type>"
    for clash in sorted(set(clashes), key=lambda each: (each.rule, each.premises)):
        digest = hashlib.sha256("\n".join((clash.rule, *clash.premises)).encode()).hexdigest()[:32]
        node = f"{names.base}contradiction/{digest}"
        yield f"<{node}> {type_} <{names.ns}Contradiction>"
        yield f'<{node}> <{names.ns}rule> "{clash.rule}"'
        for number, premise in enumerate(clash.premises, start=1):
            statement = f"<{node}#{number}>"
            yield f"<{node}> <{names.ns}premise> {statement}"
            yield f"{statement} {type_} <{RDF}Statement>"
            for place, term in zip(_PLACES, premise.split(" ", 2), strict=True):
                yield f"{statement} <{RDF}{place}> {term}"
