import pytest
from hypothesis import given
from hypothesis import strategies as some

from kg.errors import ParameterError
from kg.sparql.graph_store import GraphRequest, read_graph_request


@pytest.mark.parametrize(
    ("query", "request_"),
    [
        (b"default", GraphRequest(None, None)),
        (b"default=", GraphRequest(None, None)),
        (b"graph=http%3A%2F%2Fx%2Fg", GraphRequest("http://x/g", None)),
        (b"graph=http://x/%2531", GraphRequest("http://x/%31", None)),
        (b"format=jsonld&graph=urn:x:y", GraphRequest("urn:x:y", "jsonld")),
        ("graph=http://x/æ".encode(), GraphRequest("http://x/æ", None)),
    ],
)
def test_a_graph_is_named_once_and_decoded_once(query: bytes, request_: GraphRequest) -> None:
    assert read_graph_request(query) == request_


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        (b"", "graph"),
        (b"format=turtle", "graph"),
        (b"default&graph=http://x/g", "default"),
        (b"default=yes", "default"),
        (b"graph=", "graph"),
        (b"graph=relative", "graph"),
        (b"graph=http://x/a%20b", "graph"),
        (b"graph=http://x/%ff", "graph"),
        (b"graph=a:b&graph=a:c", "graph"),
        (b"default&verbose=1", "verbose"),
    ],
)
def test_what_names_no_graph_is_an_error_that_names_the_parameter(query: bytes, parameter: str) -> None:
    with pytest.raises(ParameterError) as caught:
        read_graph_request(query)
    assert caught.value.parameter == parameter


@given(some.binary(max_size=60) | some.text(max_size=60).map(lambda text: f"graph={text}".encode()))
def test_any_query_string_is_read_or_refused(query: bytes) -> None:
    try:
        found = read_graph_request(query)
    except ParameterError:
        return
    assert found.graph is None or ":" in found.graph
