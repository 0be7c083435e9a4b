"""Asking: what a caller writes, read as what is to be traced.

In: the parameters of a request or the options of a command. Out: a `Request`, whose starts are there where the element
is named by an IRI and still to be resolved where it is a word.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from kg.aliases import Aliases, read_iri
from kg.errors import ParameterError
from kg.identities import ORGANISATIONS
from kg.organisation_numbers import is_organisation_number
from kg.search.vocabulary import LANGUAGES
from kg.trace.path import Group
from kg.trace.paths import PATH_NAMES, PATHS
from kg.trace.tracing import DEFAULT_DEPTH, DEFAULT_LIMIT, MAX_DEPTH, MAX_LIMIT, MAX_OFFSET, Request
from kg.trace.web import Evidence

PARAMETERS: Final = ("element", "depth", "paths", "agency", "evidence", "lang", "limit", "offset")
"""Everything that may be asked; the three that choose among many may be given several times or with commas."""
MANY: Final = frozenset({"paths", "agency", "evidence"})
MAX_ELEMENT: Final = 4_096
MAX_AGENCIES: Final = 50


def read_request(
    given: Mapping[str, Sequence[str]], language: str, prefixes: Mapping[str, str], aliases: Aliases
) -> Request:
    """What is to be traced.

    Args:
        given: the values of each parameter; names outside `PARAMETERS` are for the caller to refuse.
        language: of labels, where none is given.
        prefixes: of CURIEs.
        aliases: by which any IRI of a thing is resolved.

    Raises:
        ParameterError: a value is missing, repeated or wrong; the error names its parameter.
    """
    for name, values in given.items():
        if len(values) > 1 and name not in MANY:
            raise ParameterError(f"{name!r} is given more than once", hint="give it once", parameter=name)
    one = {name: values[0] for name, values in given.items() if values}
    element = _element(one.get("element", ""))
    iri = read_element(element, prefixes)
    lang = one.get("lang") or language
    if lang not in LANGUAGES:
        hint = f"one of {', '.join(LANGUAGES)}"
        raise ParameterError(f"{lang[:60]!r} is no language of labels", hint=hint, parameter="lang")
    return Request(
        element=element,
        starts=(aliases.canonical(iri),) if iri is not None else (),
        word=iri is None,
        depth=_number(one, "depth", DEFAULT_DEPTH, 1, MAX_DEPTH),
        paths=_paths(_parts(given.get("paths", ()))),
        agencies=_agencies(_parts(given.get("agency", ())), prefixes, aliases),
        evidence=_evidence(_parts(given.get("evidence", ()))),
        language=lang,
        limit=_number(one, "limit", DEFAULT_LIMIT, 1, MAX_LIMIT),
        offset=_number(one, "offset", 0, 0, MAX_OFFSET),
    )


def read_element(text: str, prefixes: Mapping[str, str]) -> str | None:
    """The IRI that an element is named by, as an IRI, a CURIE or an organisation number; None for a word.

    >>> read_element("fødselsnummer", {}), read_element("974760673", {})
    (None, 'https://data.norge.no/organizations/974760673')
    >>> read_element("<https://x.no/begrep/1>", {})
    'https://x.no/begrep/1'
    """
    if is_organisation_number(text):
        return f"{ORGANISATIONS}{text}"
    return read_iri(text, prefixes)


def _element(text: str) -> str:
    text = " ".join(text.split())
    if not text:
        hint = "for example /trace?element=fødselsnummer"
        raise ParameterError("there is no element to trace", hint=hint, parameter="element")
    if len(text) > MAX_ELEMENT:
        what = f"the element has {len(text):,} characters; the limit is {MAX_ELEMENT:,}"
        raise ParameterError(what, parameter="element")
    return text


def _parts(values: Sequence[str]) -> list[str]:
    return [part.strip() for value in values for part in value.split(",") if part.strip()]


def _paths(wanted: Sequence[str]) -> tuple[str, ...]:
    """Names of paths in their order; a group stands for all of its paths."""
    found = set()
    for name in wanted:
        if name in PATH_NAMES:
            found.add(name)
        elif name in set(Group):
            found |= {path.name for path in PATHS if path.group == name}
        else:
            hint = f"groups: {', '.join(Group)}; paths: {', '.join(PATH_NAMES)}"
            raise ParameterError(f"there is no path {name[:60]!r}", hint=hint, parameter="paths")
    return tuple(path.name for path in PATHS if path.name in found)


def _agencies(wanted: Sequence[str], prefixes: Mapping[str, str], aliases: Aliases) -> tuple[str, ...]:
    if len(wanted) > MAX_AGENCIES:
        raise ParameterError(f"{len(wanted)} agencies; the limit is {MAX_AGENCIES}", parameter="agency")
    found = set()
    for text in wanted:
        iri = read_element(text, prefixes)
        if iri is None:
            hint = "the list `agencies` of an answer names some"
            what = f"{text[:200]!r} is neither an IRI nor the number of an organisation"
            raise ParameterError(what, hint=hint, parameter="agency")
        found.add(aliases.canonical(iri))
    return tuple(sorted(found))


def _evidence(wanted: Sequence[str]) -> tuple[str, ...]:
    for name in wanted:
        if name not in set(Evidence):
            hint = f"one or more of {', '.join(Evidence)}"
            raise ParameterError(f"{name[:60]!r} is no kind of evidence", hint=hint, parameter="evidence")
    return tuple(sorted(set(wanted)))


def _number(given: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    value = given.get(name, "")
    if not value:
        return default
    if not (value.isascii() and value.isdigit() and len(value) <= 9 and least <= int(value) <= most):
        what = f"{value[:60]!r} is no whole number from {least} to {most:,}"
        raise ParameterError(what, parameter=name)
    return int(value)
