"""Validators: by which a client is told that the answer it has is the answer still (RFC 9110, sections 8.8 and 13.1.2).

In: all that an answer depends on. Out: its tag, and whether a request names it already.
"""

import hashlib
from typing import Final

from starlette.requests import Request

REVALIDATE: Final = "public, no-cache"
"""For proxies: they may keep an answer for everybody, for it depends on no one; but a new generation may be served at
any moment, so they ask each time, and an unchanged answer costs a 304 (RFC 9111, sections 5.2.2.4 and 5.2.2.9)."""
BY_FORMAT_AND_LANGUAGE: Final = "Accept, Accept-Language"
"""What an answer depends on that may be a page."""


def tag_of(*depends_on: object) -> str:
    """A tag, without quotation marks, that is another one as soon as one of these is, by its `repr`."""
    return hashlib.sha256(repr(depends_on).encode("utf-8", "replace")).hexdigest()[:32]


def conditional(generation: int, tag: str, *, vary: str, caching: str, weak: bool = True) -> dict[str, str]:
    """The headers of an answer of a generation that a client may hold already, of a 304 as well.

    Args:
        generation: its number.
        tag: the validator.
        vary: the headers of a request that the answer depends on.
        caching: what the answer's keepers have to do.
        weak: whether two answers that mean the same may differ in their bytes.
    """
    etag = f'W/"{tag}"' if weak else f'"{tag}"'
    return {"Vary": vary, "Cache-Control": caching, "X-Generation": str(generation), "ETag": etag}


def matches(request: Request, tag: str) -> bool:
    """Whether If-None-Match names a tag, by weak comparison (RFC 9110, section 13.1.2); `*` is any answer there is."""
    condition = request.headers.get("if-none-match", "")
    return condition.strip() == "*" or _is_named(condition, tag)


def is_held(request: Request, tag: str) -> bool:
    """The same where only asking tells whether there is an answer at all, so that `*` says nothing yet."""
    return _is_named(request.headers.get("if-none-match", ""), tag)


def _is_named(condition: str, tag: str) -> bool:
    return any(part.strip().removeprefix("W/") == f'"{tag}"' for part in condition.split(","))
