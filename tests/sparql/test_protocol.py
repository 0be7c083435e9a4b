"""The protocol: which requests are read as what, and which are refused with which parameter."""

from urllib.parse import parse_qsl, quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import ParameterError, RequestError, UnsupportedMediaType
from kg.sparql.protocol import SparqlRequest, read_request

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
QUERY = "SELECT * { ?s ?p 'æ+%&=' }"


def encoded(**parameters: str) -> bytes:
    return urlencode({name.replace("_", "-"): value for name, value in parameters.items()}).encode()


@pytest.mark.parametrize(
    ("method", "content_type", "url", "body", "expected"),
    [
        ("GET", None, encoded(query=QUERY), b"", SparqlRequest(QUERY)),
        ("GET", "text/plain", encoded(query=QUERY), b"ignored", SparqlRequest(QUERY)),
        ("HEAD", None, encoded(query=QUERY), b"", SparqlRequest(QUERY)),
        ("GET", None, b"query=" + quote(QUERY).encode(), b"", SparqlRequest(QUERY)),
        ("POST", FORM, b"", encoded(query=QUERY), SparqlRequest(QUERY)),
        ("POST", "Application/X-WWW-Form-Urlencoded ; charset=UTF-8", b"", encoded(query=QUERY), SparqlRequest(QUERY)),
        ("POST", FORM, encoded(query=QUERY), b"", SparqlRequest(QUERY)),
        ("POST", FORM, encoded(infer="false"), encoded(query=QUERY), SparqlRequest(QUERY, infer=False)),
        ("POST", DIRECT, b"", QUERY.encode(), SparqlRequest(QUERY)),
        ("POST", DIRECT, b"timeout=5", b"\xef\xbb\xbfASK {}", SparqlRequest("ASK {}", timeout=5.0)),
        ("POST", f"{DIRECT}; charset=utf-8", b"strict=true", b"", SparqlRequest("", strict=True)),
        ("GET", None, b"", b"", SparqlRequest(None)),
        ("GET", None, b"query=", b"", SparqlRequest("")),
        ("GET", None, b"query", b"", SparqlRequest("")),
        ("GET", None, b"&&query=ASK+{}&", b"", SparqlRequest("ASK {}")),
        ("GET", None, b"query=a=b=c", b"", SparqlRequest("a=b=c")),
        (
            "GET",
            None,
            b"format=tsv&format=text/tab-separated-values",
            b"",
            SparqlRequest(None, format="tsv,text/tab-separated-values"),
        ),
        ("GET", None, b"results=xml&output=json&format=csv", b"", SparqlRequest(None, format="csv,json,xml")),
        ("GET", None, b"%71uery=%41", b"", SparqlRequest("A")),
        ("GET", None, b"query=%e2%82%ac%00", b"", SparqlRequest("€\0")),
        ("GET", None, b"query=\xc3\xa6", b"", SparqlRequest("æ")),
        (
            "GET",
            None,
            b"format=csv&infer=true&strict=false&timeout=0.5&query=",
            b"",
            SparqlRequest("", format="csv", timeout=0.5),
        ),
        (
            "GET",
            None,
            b"default-graph-uri=http://a/&named-graph-uri=urn:b&default-graph-uri=http://c/%23%C3%A6",
            b"",
            SparqlRequest(None, ("http://a/", "http://c/#æ"), ("urn:b",)),
        ),
        (
            "POST",
            FORM,
            b"default-graph-uri=http://a/",
            b"query=x&default-graph-uri=http://b/",
            SparqlRequest("x", ("http://a/", "http://b/")),
        ),
    ],
)
def test_a_request_is_read_as_its_parameters(
    method: str, content_type: str | None, url: bytes, body: bytes, expected: SparqlRequest
) -> None:
    assert read_request(method, content_type, url, body) == expected


@pytest.mark.parametrize(
    ("method", "content_type", "url", "body", "parameter", "unknown", "said"),
    [
        ("GET", None, b"fromat=csv", b"", "fromat", True, "did you mean 'format'"),
        ("GET", None, b"Query=x", b"", "Query", True, "did you mean 'query'"),
        ("GET", None, b"default-graph=x", b"", "default-graph", True, "default-graph-uri"),
        ("GET", None, b"=x", b"", "", True, "known: query"),
        ("GET", None, b"query=a&query=b", b"", "query", False, "more than once"),
        ("POST", FORM, b"query=a", b"query=a", "query", False, "more than once"),
        ("POST", FORM, b"timeout=1", b"query=a&timeout=2", "timeout", False, "more than once"),
        ("POST", DIRECT, b"query=a", b"ASK {}", "query", False, "more than once"),
        ("POST", FORM, b"", b"update=DROP+ALL", "update", True, "only reads"),
        ("GET", None, b"update=DROP+ALL", b"", "update", True, "only reads"),
        ("POST", FORM, b"using-graph-uri=http://a/", b"", "using-graph-uri", True, "only reads"),
        ("GET", None, b"query=%", b"", "query", False, "%25"),
        ("GET", None, b"query=%4", b"", "query", False, "%25"),
        ("GET", None, b"query=%zz", b"", "query", False, "%25"),
        ("GET", None, b"query=100%+a", b"", "query", False, "%25"),
        ("GET", None, b"%zz=1", b"", "", False, "the name of a parameter"),
        ("GET", None, b"query=%ff", b"", "query", False, "not UTF-8"),
        ("GET", None, b"query=%ed%a0%80", b"", "query", False, "not UTF-8"),
        ("GET", None, b"query=\xe6", b"", "query", False, "not UTF-8"),
        ("POST", DIRECT, b"", b"ASK { \xe6 }", "query", False, "at byte 6"),
        ("GET", None, b"infer=maybe", b"", "infer", False, "neither true nor false"),
        ("GET", None, b"infer=", b"", "infer", False, "neither true nor false"),
        ("GET", None, b"strict=True", b"", "strict", False, "neither true nor false"),
        ("GET", None, b"default-graph-uri=", b"", "default-graph-uri", False, "absolute"),
        ("GET", None, b"default-graph-uri=relative", b"", "default-graph-uri", False, "absolute"),
        ("GET", None, b"default-graph-uri=//x/y", b"", "default-graph-uri", False, "absolute"),
        ("GET", None, b"named-graph-uri=http://a/b+c", b"", "named-graph-uri", False, "absolute"),
        ("GET", None, b"named-graph-uri=http://a/>%7B%7D", b"", "named-graph-uri", False, "absolute"),
        ("GET", None, b"named-graph-uri=http://a/%5Cu0041", b"", "named-graph-uri", False, "absolute"),
        ("GET", None, b"named-graph-uri=http://a/%0A", b"", "named-graph-uri", False, "absolute"),
        ("GET", None, b"&".join([b"default-graph-uri=http://a/"] * 1001), b"", "", False, "1,000"),
        ("POST", FORM, b"", b"&" * 4_000_000, "", False, "1,000"),
    ],
)
def test_a_wrong_parameter_is_named(
    method: str, content_type: str | None, url: bytes, body: bytes, parameter: str, unknown: bool, said: str
) -> None:
    with pytest.raises(ParameterError) as caught:
        read_request(method, content_type, url, body)
    assert (caught.value.parameter, caught.value.unknown) == (parameter, unknown)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "-1",
        "nan",
        "inf",
        "1e3",
        "1_0",
        " 5",
        "5 ",
        "1,5",
        "0x5",
        "٣",
        "0.0",
        ".",
        "5s",
        "9" * 400,
        "0." + "0" * 9,
    ],
)
def test_a_timeout_is_a_number_of_seconds_over_zero(text: str) -> None:
    with pytest.raises(ParameterError) as caught:
        read_request("GET", None, encoded(timeout=text), b"")
    assert caught.value.parameter == "timeout"
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(("text", "seconds"), [("1", 1.0), ("0.25", 0.25), (".5", 0.5), ("60.", 60.0), ("007", 7.0)])
def test_a_timeout_may_have_a_fraction(text: str, seconds: float) -> None:
    assert read_request("GET", None, encoded(timeout=text), b"").timeout == seconds


@pytest.mark.parametrize(
    ("content_type", "said"),
    [
        (None, "application/sparql-query"),
        ("", "application/sparql-query"),
        ("text/plain", "application/sparql-query"),
        ("multipart/form-data; boundary=x", "application/sparql-query"),
        ("application/json", FORM),
        ("application/sparql-update", "only reads"),
        ("x" * 10_000, FORM),
    ],
)
def test_a_body_of_another_type_is_refused(content_type: str | None, said: str) -> None:
    with pytest.raises(UnsupportedMediaType) as caught:
        read_request("POST", content_type, b"", b"query=ASK+{}")
    assert said in str(caught.value)
    assert len(str(caught.value)) < 300


@given(
    st.fixed_dictionaries(
        {"query": st.text()}, optional={"format": st.text(), "infer": st.sampled_from(["true", "false"])}
    ),
    st.booleans(),
)
def test_what_a_client_encodes_comes_out_again(parameters: dict[str, str], as_form: bool) -> None:
    raw = urlencode(parameters).encode()
    asked = read_request("POST", FORM, b"", raw) if as_form else read_request("GET", None, raw, b"")
    assert asked.query == parameters["query"]
    assert asked.format == parameters.get("format")
    assert asked.infer == (parameters.get("infer") != "false")


@given(
    st.binary(max_size=60)
    | st.lists(st.sampled_from([b"%", b"%4", b"%41", b"%c3", b"%a6", b"+", b"=", b"\xc3", b"a"])).map(b"".join)
)
def test_values_are_decoded_as_the_standard_library_does_where_they_are_whole(raw: bytes) -> None:
    raw = raw.replace(b"&", b"")
    try:
        value = read_request("GET", None, b"query=" + raw, b"").query
    except ParameterError as error:
        assert error.parameter == "query"
        return
    (expected,) = parse_qsl((b"query=" + raw).decode("latin-1"), keep_blank_values=True, encoding="latin-1")
    assert value == expected[1].encode("latin-1").decode()


@given(
    st.sampled_from(["GET", "POST"]),
    st.sampled_from([None, FORM, DIRECT, "a/b"]),
    st.binary(max_size=60),
    st.binary(max_size=60),
)
def test_any_request_is_read_or_refused(method: str, content_type: str | None, url: bytes, body: bytes) -> None:
    try:
        read_request(method, content_type, url, body)
    except RequestError as error:
        assert error.what
