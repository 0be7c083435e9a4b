"""A project: a list of elements that somebody works to have collected once only, in a file of TOML.

In: the bytes of such a file, from anybody. Out: a `Project`; and, once its elements are traced, what they come to
together as JSON. The form of the file:

    title = "Digitalt dødsbo"                 # required
    description = "Hva arvinger blir spurt om" # may be left out
    elements = ["fødselsnummer", "https://…"]  # required: words, IRIs, CURIEs or organisation numbers
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from kg.errors import ParameterError

MAX_BYTES: Final = 64 << 10
MAX_ELEMENTS: Final = 50
MAX_TITLE: Final = 200
MAX_DESCRIPTION: Final = 5_000
MAX_ELEMENT: Final = 4_096

_KNOWN: Final = ("title", "description", "elements")
_DEEPEST: Final = 20
"""Brackets within brackets; the form needs one, and a parser may fail on very many."""


@dataclass(frozen=True, slots=True)
class Project:
    """What a file says."""

    title: str
    description: str
    elements: tuple[str, ...]


def read_project(content: bytes) -> Project:
    """Read a file; each element once.

    Raises:
        ParameterError: it is too large, no TOML, or not of the form above; `where` says what of it is wrong.
    """
    if len(content) > MAX_BYTES:
        raise _wrong(f"the project has {len(content):,} bytes; the limit is {MAX_BYTES:,}")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _wrong(f"the project is not UTF-8 at byte {error.start}") from error
    if max(map(text.count, "[{")) > MAX_ELEMENTS * _DEEPEST or _depth(text) > _DEEPEST:
        raise _wrong("the project has brackets within brackets")
    try:
        given = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number of thousands of digits is a plain ValueError
        raise _wrong(f"the project is no TOML: {' '.join(str(error).split())[:200]}") from error
    unknown = [name for name in given if name not in _KNOWN]
    if unknown:
        raise _wrong(f"the project has no field {unknown[0][:60]!r}", f"it has: {', '.join(_KNOWN)}")
    title, description = _text(given, "title", MAX_TITLE), _text(given, "description", MAX_DESCRIPTION)
    if not title:
        raise _wrong("the project has no title", 'for example title = "Digitalt dødsbo"')
    return Project(title, description, _elements(given.get("elements")))


def gather(project: Project, traces: Sequence[Mapping[str, Any]], generation: int) -> dict[str, Any]:
    """What the traces of a project's elements come to, as JSON: each finding once, with the elements that have it."""
    findings: dict[tuple[object, ...], dict[str, Any]] = {}
    for element, trace in zip(project.elements, traces, strict=True):
        for finding in trace["findings"]:
            key = (finding["kind"], finding["text"]["nb"], finding["text"]["en"], tuple(finding["about"]))
            known = findings.setdefault(key, {**finding, "elements": []})
            known["elements"].append(element)
    agencies = {agency["iri"]: agency["name"] for trace in traces for agency in trace["agencies"]}
    kinds: dict[str, int] = {}
    for finding in findings.values():
        kinds[finding["kind"]] = kinds.get(finding["kind"], 0) + 1
    return {
        "title": project.title,
        "description": project.description,
        "generation": generation,
        "findings": list(findings.values()),
        "counts": kinds,
        "agencies": [{"iri": iri, "name": name} for iri, name in sorted(agencies.items())],
        "elements": [
            {"element": element, "trace": trace} for element, trace in zip(project.elements, traces, strict=True)
        ],
    }


def _depth(text: str) -> int:
    """How deep brackets stand in each other at most, those in strings counted as well."""
    depth = deepest = 0
    for character in text:
        if character in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "]}":
            depth = max(0, depth - 1)
    return deepest


def _text(given: Mapping[str, Any], name: str, longest: int) -> str:
    value = given.get(name, "")
    if not isinstance(value, str):
        raise _wrong(f"{name} is no text")
    if len(value) > longest:
        raise _wrong(f"{name} has {len(value):,} characters; the limit is {longest:,}")
    return value.strip()


def _elements(given: object) -> tuple[str, ...]:
    if not isinstance(given, list) or not given:
        raise _wrong("the project has no elements", 'for example elements = ["fødselsnummer"]')
    if len(given) > MAX_ELEMENTS:
        raise _wrong(f"the project has {len(given):,} elements; the limit is {MAX_ELEMENTS}")
    for place, element in enumerate(given, 1):
        if not isinstance(element, str) or not element.strip():
            raise _wrong(f"element {place} is no text")
        if len(element) > MAX_ELEMENT:
            raise _wrong(f"element {place} has {len(element):,} characters; the limit is {MAX_ELEMENT:,}")
    return tuple(dict.fromkeys(element.strip() for element in given))


def _wrong(what: str, hint: str = "") -> ParameterError:
    return ParameterError(what, hint=hint or "the README has an example of a project", parameter="project")
