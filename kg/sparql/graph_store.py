"""SPARQL 1.1 Graph Store HTTP Protocol, reading (sections 4 and 5.2): a request in, the graph it names out.

Pure: no I/O. Either `default` or `graph=IRI` says which graph (section 4.2); `format` is ours, as at `/sparql`.
"""

from dataclasses import dataclass
from typing import Final

from kg.errors import ParameterError
from kg.sparql.protocol import read_pairs
from kg.terms import writable_iri

KNOWN: Final = ("default", "graph", "format")
_EXAMPLE: Final = "/graph-store?default or /graph-store?graph=IRI; /graphs lists the graphs"


@dataclass(frozen=True, slots=True)
class GraphRequest:
    """Which graph is asked for, and how it is to be written.

    Attributes:
        graph: the IRI of a named graph, None for the default graph.
        format: a format's name, where the client names one.
    """

    graph: str | None
    format: str | None


def read_graph_request(query_string: bytes) -> GraphRequest:
    """Read which graph a request names.

    Raises:
        ParameterError: a parameter is unknown, repeated or wrong, or none says which graph.
    """
    given: dict[str, str] = {}
    for name, value in read_pairs(query_string):
        if name not in KNOWN:
            hint = f"known here: {', '.join(KNOWN)}"
            what = f"the parameter {name[:100]!r} is not known here"
            raise ParameterError(what, hint=hint, parameter=name[:100], unknown=True)
        if name in given:
            raise ParameterError(f"{name!r} is given more than once", hint="give it once", parameter=name)
        given[name] = value
    if "default" in given and "graph" in given:
        raise ParameterError("both the default graph and a named one are asked for", parameter="default")
    if given.get("default"):
        raise ParameterError("'default' takes no value", hint=_EXAMPLE, parameter="default")
    if "default" not in given and "graph" not in given:
        raise ParameterError("no graph is named", hint=f"for example {_EXAMPLE}", parameter="graph")
    graph = given.get("graph")
    if graph is not None and writable_iri(graph) != graph:
        raise ParameterError(f"{graph[:200]!r} is not an absolute IRI", hint=_EXAMPLE, parameter="graph")
    return GraphRequest(graph, given.get("format"))
