"""The named queries as SHACL executables (SHACL Advanced Features) in `graph/queries`.

In: queries and names. Out: lines of N-Triples, each once. The text of a query is the whole file, front matter and all,
its own IRIs under the base of the generation: whoever finds it in the graph can run it, here and elsewhere.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from kg.aliases import NO_ALIASES
from kg.named.binding import read_terms
from kg.named.front_matter import Parameter, Words
from kg.named.query import NamedQuery
from kg.named.types import PARAMETER_TYPES, Reading, Term
from kg.namespaces import RDF, RDFS, SCHEMA, SH, Names

_TYPE: Final = NamedNode(f"{RDF}type")
_EXECUTABLES: Final = {
    "select": ("SPARQLSelectExecutable", "select"),
    "ask": ("SPARQLAskExecutable", "ask"),
    "construct": ("SPARQLConstructExecutable", "construct"),
}


def query_lines(queries: Iterable[NamedQuery], names: Names) -> Iterator[str]:
    """The triples about queries, as N-Triples without the dot.

    SHACL has no executable for DESCRIBE, so such a query is described as sh:SPARQLExecutable without its text.
    """
    triples = dict.fromkeys(triple for query in queries for triple in _query_triples(query, names))
    return map(str, triples)


def _query_triples(query: NamedQuery, names: Names) -> Iterator[Triple]:
    subject = NamedNode(names.query(query.name))
    front = query.front
    yield Triple(subject, _TYPE, _sh("SPARQLExecutable"))
    if query.form in _EXECUTABLES:
        kind, text = _EXECUTABLES[query.form]
        yield Triple(subject, _TYPE, _sh(kind))
        yield Triple(subject, _sh(text), Literal(query.text_under(names)))
    yield from _words(subject, f"{RDFS}label", front.title)
    yield from _words(subject, f"{RDFS}comment", front.description)
    for tag in front.tags:
        yield Triple(subject, NamedNode(f"{SCHEMA}keywords"), Literal(tag))
    yield Triple(subject, NamedNode(f"{SCHEMA}target"), NamedNode(f"{names.base}sparql"))
    yield Triple(subject, NamedNode(f"{names.ns}queryGroup"), Literal(query.group))
    for order, (name, parameter) in enumerate(front.parameters.items()):
        node = NamedNode(f"{subject.value}#{name}")
        yield Triple(subject, _sh("parameter"), node)
        yield Triple(node, _sh("order"), Literal(order))
        yield from _parameter_triples(node, name, parameter, names)


def _parameter_triples(node: NamedNode, name: str, parameter: Parameter, names: Names) -> Iterator[Triple]:
    """A parameter; the local name of sh:path is that of the variable (SHACL Advanced Features, section 5.2.1)."""
    kind = PARAMETER_TYPES[parameter.type]
    reading = Reading(names, NO_ALIASES)
    yield Triple(node, _TYPE, _sh("Parameter"))
    yield Triple(node, _sh("path"), NamedNode(f"{names.base}ns/parameter#{name}"))
    yield from _words(node, f"{SH}name", parameter.title)
    if parameter.description is not None:
        yield from _words(node, f"{SH}description", parameter.description)
    yield Triple(node, NamedNode(f"{names.ns}parameterType"), Literal(parameter.type))
    yield Triple(node, _sh("optional"), Literal(not parameter.required))
    if kind.datatype:
        yield Triple(node, _sh("datatype"), NamedNode(kind.datatype))
    else:
        yield Triple(node, _sh("nodeKind"), _sh("IRI"))
    if not parameter.repeatable:
        yield Triple(node, _sh("maxCount"), Literal(1))
    for term in read_terms(name, parameter, parameter.default or (), reading):
        yield Triple(node, _sh("defaultValue"), term)
    if parameter.enum is not None:
        listed = [read_terms(name, parameter, [text], reading)[0] for text in parameter.enum]
        yield from _list(node, _sh("in"), listed)


def _list(node: NamedNode, predicate: NamedNode, terms: Sequence[Term]) -> Iterator[Triple]:
    """A list whose nodes have IRIs, as no blank node enters a generation."""
    place: NamedNode = node
    for index, term in enumerate(terms, start=1):
        member = NamedNode(f"{node.value}-in-{index}")
        yield Triple(place, predicate, member)
        yield Triple(member, NamedNode(f"{RDF}first"), term)
        place, predicate = member, NamedNode(f"{RDF}rest")
    yield Triple(place, predicate, NamedNode(f"{RDF}nil"))


def _words(subject: NamedNode, predicate: str, words: Words) -> Iterator[Triple]:
    for language, text in (("nb", words.nb), ("en", words.en)):
        yield Triple(subject, NamedNode(predicate), Literal(text, language=language))


def _sh(name: str) -> NamedNode:
    return NamedNode(f"{SH}{name}")
