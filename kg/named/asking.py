"""What a client asks of a named query: pairs of a query string or form in, one value out.

Pure: no I/O. Beside the query's own parameters there are those of the service; any other is refused by name.
"""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kg.errors import ParameterError
from kg.named.front_matter import MAX_PAGE
from kg.named.query import NamedQuery
from kg.sparql.protocol import read_flag, read_seconds

SERVICE_PARAMETERS: Final = ("format", "infer", "timeout")
PAGE_PARAMETERS: Final = ("limit", "after", "count")
_COUNT: Final = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for a named query.

    Attributes:
        given: what was given, pair by pair.
        values: the texts of the query's own parameters.
        limit: rows of the page, None where the client does not say.
        after: the cursor of the page, not read yet.
        count: whether the total is wanted.
        infer: with what reasoning added; the query's own wish where the client has none.
        timeout: seconds, None where neither the client nor the query says.
        format: a format's name, where the client names one.
    """

    given: tuple[tuple[str, str], ...]
    values: Mapping[str, Sequence[str]]
    limit: int | None
    after: str | None
    count: bool
    infer: bool
    timeout: float | None
    format: str | None

    @property
    def paged(self) -> bool:
        """Whether the client has asked for a page."""
        return self.limit is not None or self.after is not None


def known_parameters(query: NamedQuery) -> tuple[str, ...]:
    """The parameters that a query takes."""
    own = tuple(query.front.parameters)
    return (*own, *(PAGE_PARAMETERS if query.front.paging else ()), *SERVICE_PARAMETERS)


def read_asked(query: NamedQuery, pairs: Sequence[tuple[str, str]]) -> Asked:
    """Read what a client asks.

    Raises:
        ParameterError: a parameter is unknown, or one of the service is repeated or wrong; the error names it.
    """
    single: dict[str, str] = {}
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        if name in query.front.parameters:
            values.setdefault(name, []).append(value)
            continue
        if name not in known_parameters(query):
            raise _unknown(query, name)
        if name in single:
            raise ParameterError(f"{name!r} is given more than once", hint="give it once", parameter=name)
        single[name] = value
    given = {name: value for name, value in single.items() if value}  # a form sends its empty fields along
    return Asked(
        given=tuple(pairs),
        values=values,
        limit=_limit(given),
        after=given.get("after"),
        count=read_flag("count", given, default=False),
        infer=read_flag("infer", given, default=query.front.infer),
        timeout=read_seconds(given) or query.front.timeout,
        format=given.get("format"),
    )


def _limit(given: Mapping[str, str]) -> int | None:
    value = given.get("limit")
    if value is None:
        return None
    if not _COUNT.fullmatch(value) or not 1 <= int(value) <= MAX_PAGE:
        hint = f"a number from 1 to {MAX_PAGE}; the formats csv, tsv, xml and srj give all rows without it"
        raise ParameterError(f"{value[:100]!r} is no number of rows", hint=hint, parameter="limit")
    return int(value)


def _unknown(query: NamedQuery, name: str) -> ParameterError:
    known = known_parameters(query)
    close = difflib.get_close_matches(name[:60], known, n=1)
    guess = f"did you mean {close[0]!r}? " if close else ""
    pages = "; this query comes whole, not in pages" if name in PAGE_PARAMETERS else ""
    return ParameterError(
        f"the parameter {name[:100]!r} is not known here",
        hint=f"{guess}known: {', '.join(known)}{pages}",
        parameter=name[:100],
        unknown=True,
    )
