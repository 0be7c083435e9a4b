"""Normalise: one form per fact.

In: the quads of one source under its own IRIs, from all its files, blank nodes unique over the source. Out:
its distinct triples in canonical terms without blank nodes, every IRI absolute and writable in SPARQL, terms, values
and labels in the form of today, what was wrong, and how often each rule was used. The same source gives the same
triples and the same report in any order of quads, and normalising again changes nothing.

What a source writes in a form that says the same is changed silently and counted; what may say something else
afterwards is a warning, and so is what has no form that is known and stays; what cannot be written at all is left out
and is an error. The archive keeps what the source wrote.

The order is that of `NORMALISATIONS`: the terms first, because everything else is found by them; values and labels
next; then contact points, which are so found whatever form they came in; names of blank nodes last, so that no name
is a hash of anything that is withheld.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode, Quad, Triple

from kg.build.forms.codes import Codes
from kg.build.forms.labels import GATHERED, plain_labels
from kg.build.forms.linked import link_forms
from kg.build.forms.repair import Repair
from kg.build.forms.rules import (
    CONTACT,
    DISTINCT,
    EMAIL,
    FORMS,
    LABEL,
    MAX_PROBLEMS,
    MAX_QUOTING,
    NAME,
    NORMALISATIONS,
    Rule,
    Uses,
)
from kg.build.forms.values import Values
from kg.build.privacy.contacts import Withheld, withhold
from kg.build.skolem import skolemise
from kg.namespaces import Names
from kg.terms import CanonicalLiterals
from loaders.protocol import Problem

__all__ = [
    "FORMS",
    "MAX_PROBLEMS",
    "MAX_QUOTING",
    "NORMALISATIONS",
    "NormalisePlan",
    "Normalised",
    "Rule",
    "normalise",
]


@dataclass(frozen=True, slots=True)
class NormalisePlan:
    """How to normalise.

    Attributes:
        names: the IRIs that the service mints.
        contact_points: "organisational", "all" or "none" (`kg.build.privacy.contacts`).
        codes: the controlled lists; None leaves their values as they are.
        forms: whether to choose between forms of the same fact (the rules in `FORMS`); False is for axioms, which
            may have a legacy form as their subject matter.
    """

    names: Names
    contact_points: str = "organisational"
    codes: Codes | None = None
    forms: bool = True


@dataclass(frozen=True, slots=True)
class Normalised:
    """One source in one form.

    Attributes:
        source_id: the source.
        triples: distinct, in canonical terms, without blank nodes.
        problems: in the order of the rules, then of their text.
        counts: for each rule how often it was used.
    """

    source_id: str
    triples: list[Triple]
    problems: list[Problem]
    counts: Mapping[str, int]


def normalise(source_id: str, quads: Iterable[Quad], plan: NormalisePlan) -> Normalised:
    """Bring the quads of one source into one form.

    Raises:
        UsageError: the plan's way to treat contact points is none.
    """
    uses = Uses()
    formed = _formed(quads, plan, uses)
    withheld = withhold(formed, plan.contact_points)
    distinct = list(dict.fromkeys(withheld.triples))
    skolemised = skolemise(source_id, distinct, plan.names.genid)
    counts = Counter({rule.name: 0 for rule in NORMALISATIONS})
    counts.update(uses.counts)
    counts[CONTACT.name] = withheld.contact_points
    counts[EMAIL.name] = withheld.emails
    counts[DISTINCT.name] = len(withheld.triples) - len(distinct)
    counts[NAME.name] = skolemised.named
    problems = [*uses.problems(source_id), *_contact_problems(source_id, withheld, plan.contact_points)]
    if skolemised.unsure:
        problems.append(
            Problem(
                source_id,
                f"{skolemised.unsure} blank nodes are so alike that their names may change from build to build",
                "give them IRIs, or say of each what tells it from the others",
                "warning",
            )
        )
    return Normalised(source_id, skolemised.triples, problems, dict(counts))


def _formed(quads: Iterable[Quad], plan: NormalisePlan, uses: Uses) -> list[Triple]:
    """The triples of a source in canonical terms and, if the plan says so, in the forms of today."""
    canonical = CanonicalLiterals()
    if not plan.forms:
        return Repair(canonical, uses).triples(quads)
    values = Values(plan.codes, canonical, uses)
    said: dict[NamedNode, list[Triple]] = {property_: [] for property_ in GATHERED}
    linked = link_forms(Repair(canonical, uses, values, said).triples(quads), values, uses)
    labels = plain_labels(said)
    uses.counts[LABEL.name] = len(labels)
    return [*linked, *labels]


def _contact_problems(source_id: str, withheld: Withheld, mode: str) -> Iterable[Problem]:
    hint = "name an organisation or a unit, typed vcard:Organization, with a functional e-mail address"
    if withheld.contact_points and mode != "none":  # with "none" it is not the source that is to change
        what = f"{_counted(withheld.contact_points, 'personal contact point')} withheld"
        yield Problem(source_id, what, hint, "warning")
    if withheld.emails:
        what = f"{_counted(withheld.emails, 'personal e-mail address', 'es')} withheld"
        yield Problem(source_id, what, hint, "warning")


def _counted(number: int, noun: str, plural: str = "s") -> str:
    return f"1 {noun} was" if number == 1 else f"{number} {noun}{plural} were"
