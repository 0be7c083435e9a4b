"""Labels: the plain label and definition beside those that are nodes (a step of `kg.build.normalise`).

In: the triples of one source that tell of labels, repaired. Out: those to add, so that skos:prefLabel, altLabel,
hiddenLabel and definition can be asked for whichever generation of form a source has:

- SKOS-XL labels, `skosxl:prefLabel [ skosxl:literalForm "…" ]` (SKOS-AP-NO-Begrep 1; SKOS Reference, S55 to S57)
- `skosno:betydningsbeskrivelse [ rdfs:label "…" ]` and `skosno:definisjon [ rdfs:label "…" ]` (its drafts and 1)
- `euvoc:xlDefinition [ rdf:value "…" ]` (SKOS-AP-NO-Begrep 2.0), with euvoc:xlNote in the EU's authority tables
- a concept that has no preferred label but a title, or a name for want of that, is labelled by it, one for each
  language; where a language has two it is not for us to prefer one.

The rich form stays. Language tags stay too: "no" does not say which of nb and nn a text is in (BCP 47, section 4.1).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from kg.namespaces import DCT, RDF, RDFS, SKOS, SKOSNO, WELL_KNOWN_PREFIXES

_SKOSXL: Final = WELL_KNOWN_PREFIXES["skosxl"]
_EUVOC: Final = WELL_KNOWN_PREFIXES["euvoc"]
_TYPE: Final = NamedNode(f"{RDF}type")
_PREFERRED: Final = NamedNode(f"{SKOS}prefLabel")
_DEFINITION: Final = NamedNode(f"{SKOS}definition")
_LITERAL_FORM: Final = NamedNode(f"{_SKOSXL}literalForm")
_NAME: Final = NamedNode(f"{RDFS}label")
_NAMES: Final = (NamedNode(f"{DCT}title"), _NAME)

RICH: Final = {
    **{
        NamedNode(f"{_SKOSXL}{kind}"): (NamedNode(f"{SKOS}{kind}"), frozenset({_LITERAL_FORM}))
        for kind in ("prefLabel", "altLabel", "hiddenLabel")
    },
    NamedNode(f"{SKOSNO}betydningsbeskrivelse"): (_DEFINITION, frozenset({_NAME})),
    NamedNode(f"{SKOSNO}definisjon"): (_DEFINITION, frozenset({_NAME})),
    NamedNode(f"{_EUVOC}xlDefinition"): (
        _DEFINITION,
        frozenset({NamedNode(f"{RDF}value"), NamedNode(f"{_EUVOC}xlNote")}),
    ),
}
"""For each property that leads to a label or definition: the plain property, and the properties of the text."""

_TEXTS: Final = frozenset().union(*(texts for _, texts in RICH.values()))
_PLAIN: Final = frozenset(plain for plain, _ in RICH.values())
GATHERED: Final = frozenset({*RICH, *_TEXTS, *_PLAIN, *_NAMES, _TYPE})
"""The properties by which labels are found; of rdf:type, the concepts count only."""

_Said = Mapping[NamedNode, Sequence[Triple]]


def plain_labels(said: _Said) -> list[Triple]:
    """The plain labels and definitions to add; `said` has the triples of each property in `GATHERED`."""
    added = dict.fromkeys(_dumbed_down(said))
    labelled = {triple.subject for triple in (*said[_PREFERRED], *added) if triple.predicate == _PREFERRED}
    added.update(dict.fromkeys(_named(said, {triple.subject for triple in said[_TYPE]} - labelled)))
    if not added:
        return []
    held = {triple for plain in _PLAIN for triple in said[plain]}
    return [triple for triple in added if triple not in held]


def _dumbed_down(said: _Said) -> Iterable[Triple]:
    """The plain form of labels and definitions that are nodes."""
    links = [triple for predicate in RICH for triple in said[predicate]]
    if not links:
        return
    nodes = {triple.object for triple in links}
    texts: dict[object, list[Triple]] = defaultdict(list)
    for predicate in _TEXTS:
        for triple in said[predicate]:
            if triple.subject in nodes and isinstance(triple.object, Literal):
                texts[triple.subject].append(triple)
    for link in links:
        plain, properties = RICH[link.predicate]
        for text in texts.get(link.object, ()):
            if text.predicate in properties:
                yield Triple(link.subject, plain, text.object)


def _named(said: _Said, unlabelled: AbstractSet[object]) -> Iterable[Triple]:
    """The labels of concepts that have none, by their titles, or else by their names."""
    for predicate in _NAMES if unlabelled else ():
        names = {
            triple: triple.object.language
            for triple in said[predicate]
            if triple.subject in unlabelled and isinstance(triple.object, Literal)
        }
        times = Counter((triple.subject, language) for triple, language in names.items())
        for triple, language in names.items():
            if times[triple.subject, language] == 1:
                yield Triple(triple.subject, _PREFERRED, triple.object)
        unlabelled = unlabelled - {triple.subject for triple in names}
