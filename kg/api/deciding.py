"""A decision as a request has it: whose it is, and its fields in JSON or a form.

In: a request. Out: the wish of a reviewer, with whole IRIs, or the field that is wrong.
"""

import asyncio
import json
from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import Request

from kg.api.parameters import iri_of, media_type_of, read_body
from kg.errors import ParameterError, RequestError, UnsupportedMediaType
from kg.linking.decisions import Decisions
from kg.per_generation import Naming
from kg.reviewing import Wish, read_wish
from kg.services import Services
from kg.sparql.protocol import FORM, read_pairs

FIELDS: Final = ("decision", "relation", "comment", "left", "right")
MAX_BODY: Final = 64 << 10
LEFT: Final = "https://demo.kunnskapsgraf.example/brreg/modell/enhet#Adresse"
RIGHT: Final = "https://demo.kunnskapsgraf.example/kartverket/modell/eiendom#Adresse"
"""A pair of the demo, for examples."""


def secret_of(request: Request) -> str:
    """The bearer token that a request shows (RFC 6750, section 2.1); empty where there is none."""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else ""


async def wish_of(request: Request, naming: Naming) -> Wish:
    """What a request wants recorded.

    Raises:
        ParameterError: a field is unknown, missing, repeated or wrong.
        RequestError: the body is not what it says it is.
        UnsupportedMediaType: it is neither JSON nor a form.
    """
    wish = _wish(request.path_params.get("id", ""), await _fields(request))
    prefixes = naming.names.prefixes()
    left = iri_of(wish.left, "left", prefixes) if wish.left else ""
    right = iri_of(wish.right, "right", prefixes) if wish.right else ""
    return Wish(wish.verdict, wish.relation, wish.comment, wish.link_id, left, right)


def end_of(text: str, side: str, naming: Naming) -> str:
    """The canonical IRI of one end of a link.

    Raises:
        ParameterError: there is none, or it is no IRI.
    """
    if not text:
        raise ParameterError(f"there is no {side}", hint="give an IRI or a CURIE", parameter=side)
    return naming.aliases.canonical(iri_of(text, side, naming.names.prefixes()))


async def known_decisions(services: Services, naming: Naming) -> Decisions:
    """What has been decided, under the names of a generation."""
    return await asyncio.to_thread(services.reviewing.decisions, naming.aliases)


async def _fields(request: Request) -> Mapping[str, str]:
    """The fields of a body, JSON or a form, each once.

    Raises:
        ParameterError: one is unknown, given twice or no text.
        RequestError: the body is not what it says it is.
        UnsupportedMediaType: it is neither.
    """
    body = await read_body(request, MAX_BODY)
    media_type = media_type_of(request)
    if media_type == FORM:
        pairs: list[tuple[str, Any]] = list(read_pairs(body))
    elif media_type == "application/json":
        pairs = _json_pairs(body)
    else:
        hint = f"send application/json or {FORM}"
        raise UnsupportedMediaType(f"the body has {media_type[:100] or 'no type'}", hint=hint)
    fields: dict[str, str] = {}
    for name, value in pairs:
        if name not in FIELDS:
            hint = f"known here: {', '.join(FIELDS)}"
            raise ParameterError(
                f"the field {name[:100]!r} is not known here", hint=hint, parameter=name[:100], unknown=True
            )
        if name in fields:
            raise ParameterError(f"{name!r} is given more than once", hint="give it once", parameter=name)
        if value is not None and not isinstance(value, str):
            raise ParameterError(f"{name!r} is no text", parameter=name)
        fields[name] = value or ""
    return fields


def _json_pairs(body: bytes) -> list[tuple[str, Any]]:
    class Pairs(list[tuple[str, Any]]):
        """The members of an object, in their order, double ones too."""

    try:
        value = json.loads(body, object_pairs_hook=Pairs)
    except (ValueError, RecursionError) as error:
        raise RequestError("the body is not JSON") from error
    if not isinstance(value, Pairs):
        raise RequestError("the body is no JSON object", hint='{"decision": "accept", "relation": "exact"}')
    return value


def _wish(link_id: str, fields: Mapping[str, str]) -> Wish:
    wish = read_wish(
        fields.get("decision", ""),
        fields.get("relation", ""),
        fields.get("comment", ""),
        link_id,
        fields.get("left", ""),
        fields.get("right", ""),
    )
    if not link_id and not wish.left:
        raise ParameterError("there is no pair", hint="give left and right", parameter="left")
    return wish
