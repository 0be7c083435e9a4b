"""Parameters: what a request gives, in its address and in its body.

In: a request. Out: pairs of names and values, or the bytes of a body within a limit; or the error that says what is
wrong with them. An ignored parameter is a wrong answer, so an unknown one is refused.
"""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Final

from starlette.requests import Request

from kg.aliases import read_iri
from kg.errors import BodyTooLarge, ParameterError, RequestError, UnsupportedMediaType
from kg.services import Services
from kg.sparql.protocol import FORM, read_pairs

WRITER_SECONDS: Final = 30.0
"""How long a client may take to send its request."""
MAX_IRI_LENGTH: Final = 4_096
"""Characters of an IRI, or of what is read as one."""
LARGEST: Final = 1_000_000_000
"""Of whole numbers; a larger one is a mistake, whatever it is the number of."""


def only(request: Request, *known: str) -> None:
    """Refuse parameters of the address that the handler does not know, and those that are given twice.

    Raises:
        ParameterError: it names the first of them.
    """
    refuse_unknown(request.query_params, known)
    for name in request.query_params:
        if len(request.query_params.getlist(name)) > 1:
            raise ParameterError(f"{name!r} is given more than once", hint="give it once", parameter=name)


def refuse_unknown(names: Iterable[str], known: Iterable[str]) -> None:
    """Refuse the first name that is not known.

    Raises:
        ParameterError: it names it.
    """
    taken = tuple(known)
    for name in names:
        if name not in taken:
            hint = f"known here: {', '.join(taken)}" if taken else "this address takes no parameters"
            what = f"the parameter {name[:100]!r} is not known here"
            raise ParameterError(what, hint=hint, parameter=name[:100], unknown=True)


def whole_number(given: Mapping[str, str], name: str, default: int, *, least: int = 0, most: int = LARGEST) -> int:
    """The whole number that a parameter is, or the default where it is not given or empty.

    Raises:
        ParameterError: it is none, or not from `least` to `most`.
    """
    value = given.get(name, "")
    if not value:
        return default
    if not (value.isascii() and value.isdigit() and len(value) <= len(str(LARGEST)) and least <= int(value) <= most):
        raise ParameterError(f"{value[:60]!r} is no whole number from {least:,} to {most:,}", parameter=name)
    return int(value)


def iri_of(text: str, name: str, prefixes: Mapping[str, str]) -> str:
    """The IRI that the text of a parameter is, or that its CURIE stands for.

    Raises:
        ParameterError: it is neither, or too long.
    """
    if len(text) > MAX_IRI_LENGTH:
        raise ParameterError(f"the IRI has {len(text):,} characters; the limit is {MAX_IRI_LENGTH:,}", parameter=name)
    iri = read_iri(text, prefixes)
    if iri is None:
        what = f"{text[:200]!r} is neither an absolute IRI nor a CURIE with a well-known prefix"
        raise ParameterError(what, parameter=name)
    return iri


async def given_pairs(request: Request) -> list[tuple[str, str]]:
    """The parameters of the address and, with POST, of a form.

    Raises:
        UnsupportedMediaType: the body is no form.
        ParameterError: an escape or the encoding is wrong.
        BodyTooLarge: the body is over the limit of the settings.
    """
    services: Services = request.app.state.services
    pairs = read_pairs(request.scope["query_string"])
    if request.method == "POST":
        media_type = media_type_of(request)
        if media_type != FORM:
            raise UnsupportedMediaType(f"the body has {media_type[:100] or 'no type'}", hint=f"send {FORM}")
        pairs += read_pairs(await read_body(request, services.settings.max_body_mb << 20))
    return pairs


def media_type_of(request: Request) -> str:
    """The media type of a request's body, without parameters; empty where none is told."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def read_body(request: Request, limit: int) -> bytes:
    """The body, refused as soon as it is known to be too large.

    Raises:
        BodyTooLarge: it has more bytes than the limit.
        RequestError: it does not arrive in time.
    """
    if request.method not in {"POST", "PUT", "PATCH"}:
        return b""
    declared = request.headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and int(declared) > limit:
        raise BodyTooLarge(f"the body has {int(declared):,} bytes; the limit is {limit:,}")
    body = bytearray()
    try:
        async with asyncio.timeout(WRITER_SECONDS):
            async for piece in request.stream():
                body += piece
                if len(body) > limit:
                    raise BodyTooLarge(f"the body is larger than the limit of {limit:,} bytes")
    except TimeoutError as error:
        raise RequestError(f"the body did not arrive within {WRITER_SECONDS:g} s") from error
    return bytes(body)
