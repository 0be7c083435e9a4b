"""SPARQL 1.1 Protocol, query operation (section 2.1): a request in, its parameters as one value out.

Pure: no I/O. Besides the protocol's own parameters there are a few of ours; any other is refused by name, because an
ignored parameter is a wrong answer.
"""

import difflib
import re
from binascii import a2b_qp
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kg.errors import ParameterError, UnsupportedMediaType
from kg.terms import writable_iri

FORM: Final = "application/x-www-form-urlencoded"
DIRECT: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"
SINGLE: Final = ("query", "infer", "timeout", "strict", "hints", "explain")
FORMAT: Final = ("format", "output", "results")
"""What other endpoints and their clients call it; SPARQLWrapper sends all three, some twice, so they must agree."""
REPEATABLE: Final = ("default-graph-uri", "named-graph-uri", *FORMAT)
MAX_PARAMETERS: Final = 1000
_BROKEN_ESCAPE: Final = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_SECONDS: Final = re.compile(r"[0-9]{1,9}(?:\.[0-9]{0,9})?|\.[0-9]{1,9}", re.ASCII)
_READ_ONLY: Final = "this endpoint only reads; what it holds changes by `kg build`"


@dataclass(frozen=True, slots=True)
class SparqlRequest:
    """A query operation.

    Attributes:
        query: the query's text; None where there is no `query` parameter at all.
        default_graphs: graphs of the protocol's dataset; so are `named_graphs`.
        infer: whether the service's own dataset includes what was inferred.
        timeout: seconds, where the client names them.
        format: the names of a format, with commas between them, where the client names one.
        strict: without predeclared prefixes and rewrites, as the engine alone would answer.
        hints: whether hints are wanted beside an answer in JSON.
        explain: whether the query as it would be run is wanted instead of its answer.
    """

    query: str | None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    infer: bool = True
    timeout: float | None = None
    format: str | None = None
    strict: bool = False
    hints: bool = False
    explain: bool = False


def read_request(method: str, content_type: str | None, query_string: bytes, body: bytes) -> SparqlRequest:
    """Read a query operation by GET, by POST of a form, or by POST of the query itself.

    Raises:
        ParameterError: a parameter is unknown, repeated, or has a wrong value; the error names it.
        UnsupportedMediaType: a POST whose body is neither a form nor a query.
    """
    pairs = read_pairs(query_string)
    if method == "POST":
        media_type = (content_type or "").partition(";")[0].strip().lower()
        if media_type == FORM:
            pairs += read_pairs(body)
        elif media_type == DIRECT:
            pairs.append(("query", _text("query", body)))
        elif media_type == UPDATE:
            raise UnsupportedMediaType("updates are not taken here", hint=_READ_ONLY)
        else:
            shown = repr(media_type[:100]) if media_type else "no type"
            raise UnsupportedMediaType(f"the body has {shown}", hint=f"send {FORM} or {DIRECT}")
    return _request(_by_name(pairs))


def _request(given: Mapping[str, Sequence[str]]) -> SparqlRequest:
    single = {name: given[name][0] for name in SINGLE if name in given}
    formats = [value for name in FORMAT for value in given.get(name, ())]
    return SparqlRequest(
        query=single.get("query"),
        default_graphs=_graphs("default-graph-uri", given),
        named_graphs=_graphs("named-graph-uri", given),
        infer=read_flag("infer", single, default=True),
        timeout=read_seconds(single),
        format=",".join(formats) if formats else None,
        strict=read_flag("strict", single, default=False),
        hints=read_flag("hints", single, default=False),
        explain=read_flag("explain", single, default=False),
    )


def read_pairs(text: bytes) -> list[tuple[str, str]]:
    """The pairs of a query string or form (WHATWG URL, section 5.1), but strict about encoding and number.

    Raises:
        ParameterError: an escape or the encoding is wrong, or there are too many; the error names which.
    """
    if text.count(b"&") >= MAX_PARAMETERS:
        raise ParameterError(f"there are more than {MAX_PARAMETERS:,} parameters", hint="name graphs in FROM clauses")
    pairs = []
    for part in filter(None, text.split(b"&")):
        raw_name, _, raw_value = part.partition(b"=")
        name = _decode(raw_name, "the name of a parameter", "")
        pairs.append((name, _decode(raw_value, f"the value of {name[:100]!r}", name[:100])))
    return pairs


def _decode(raw: bytes, what: str, name: str) -> str:
    if b"+" in raw:
        raw = raw.replace(b"+", b" ")
    if b"%" in raw:
        if _BROKEN_ESCAPE.search(raw):
            raise ParameterError(f"{what} has a % that begins no escape", hint="write %25 for a %", parameter=name)
        # Quoted-printable differs in the sign alone once each escape is known to be whole, and is decoded in one
        # pass; a body of nothing but escapes would hold up everybody else for half a second otherwise.
        raw = a2b_qp(raw.replace(b"=", b"%3D").replace(b"%", b"="))
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise ParameterError(f"{what} is not UTF-8", hint="encode it as UTF-8", parameter=name) from error


def _text(name: str, raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ParameterError(f"the body is not UTF-8 at byte {error.start}", parameter=name) from error


def _by_name(pairs: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        if name not in SINGLE and name not in REPEATABLE:
            raise _unknown(name)
        values = given.setdefault(name, [])
        if values and name in SINGLE:
            raise ParameterError(f"{name!r} is given more than once", hint="give it once", parameter=name)
        values.append(value)
    return given


def _unknown(name: str) -> ParameterError:
    if name in {"update", "using-graph-uri", "using-named-graph-uri"}:
        return ParameterError("updates are not taken here", hint=_READ_ONLY, parameter=name, unknown=True)
    known = (*SINGLE, *REPEATABLE)
    close = difflib.get_close_matches(name[:40].lower(), known, n=1)
    guess = f"did you mean {close[0]!r}? " if close else ""
    return ParameterError(
        f"the parameter {name[:100]!r} is not known here",
        hint=f"{guess}known: {', '.join(known)}",
        parameter=name[:100],
        unknown=True,
    )


def _graphs(name: str, given: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    for value in given.get(name, ()):
        if writable_iri(value) != value:
            raise ParameterError(f"{value[:200]!r} is not an absolute IRI", parameter=name)
    return tuple(given.get(name, ()))


def read_flag(name: str, single: Mapping[str, str], *, default: bool) -> bool:
    """The truth value of a parameter.

    Raises:
        ParameterError: it is neither true nor false.
    """
    value = single.get(name)
    if value is None:
        return default
    if value not in {"true", "false"}:
        raise ParameterError(f"{value[:100]!r} is neither true nor false", parameter=name)
    return value == "true"


def read_seconds(single: Mapping[str, str]) -> float | None:
    """The seconds that `timeout` names, None where it is not given.

    Raises:
        ParameterError: they are no number over 0.
    """
    value = single.get("timeout")
    if value is None:
        return None
    seconds = float(value) if _SECONDS.fullmatch(value) else 0.0
    if seconds <= 0:
        raise ParameterError(
            f"{value[:100]!r} is not a number of seconds over 0", hint="for example timeout=5", parameter="timeout"
        )
    return seconds
