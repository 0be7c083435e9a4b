"""Wording: terms and conditions of a proof as a reader wants them.

In: N-Triples text, the prefixes. Out: CURIEs where a prefix fits, and conditions in words, Norwegian and English.
"""

from collections.abc import Callable, Mapping
from typing import Final

from kg.explain.proof import Absence, Condition
from kg.reason.axioms import TYPE

SHOWN_MEMBERS: Final = 20
"""Members of a list that are named; of a longer one the first of them and how many there are."""


def abbreviation(prefixes: Mapping[str, str]) -> Callable[[str], str]:
    """A function that writes an IRI of N-Triples as a CURIE where a prefix fits, and leaves any other term as it is.

    >>> abbreviation({"dct": "http://purl.org/dc/terms/"})("<http://purl.org/dc/terms/title>")
    'dct:title'
    """
    names = {iri: name for name, iri in reversed(list(prefixes.items()))}

    def write(term: str) -> str:
        if not term.startswith("<") or term.startswith("<<"):
            return term
        cut = max(term.rfind("#"), term.rfind("/")) + 1
        name, local = names.get(term[1:cut]), term[cut:-1]
        return f"{name}:{local}" if name and local.replace("-", "").replace("_", "").isalnum() else term

    return write


def wording(prefixes: Mapping[str, str]) -> Callable[[Condition], tuple[str, str]]:
    """A function that puts conditions in words."""
    write = abbreviation(prefixes)

    def words(condition: Condition) -> tuple[str, str]:
        if isinstance(condition, Absence):
            return _absence(condition, write)
        members = ", ".join(map(write, condition.members[:SHOWN_MEMBERS]))
        if (more := len(condition.members) - SHOWN_MEMBERS) > 0:
            members = f"{members}, … ({more})"
        return f"listen {write(condition.list)} er ({members})", f"the list {write(condition.list)} is ({members})"

    return words


def _absence(absence: Absence, write: Callable[[str], str]) -> tuple[str, str]:
    subject, predicate, object_ = (
        None if term is None else write(term) for term in (absence.subject, absence.predicate, absence.object)
    )
    if absence.predicate == TYPE and subject is not None and object_ is not None:
        return f"{subject} er ikke en {object_}", f"{subject} is no {object_}"
    if subject is not None and object_ is None:
        return f"ingen {predicate} for {subject}", f"no {predicate} of {subject}"
    triple = f"{subject or '?'} {predicate or '?'} {object_ or '?'}"
    return f"ikke {triple}", f"not {triple}"
