"""The front matter of a query: the `#+` comments at the head of its file, as values.

In: the text of a file. Out: a `FrontMatter`, the line of each of its entries, and faults. The YAML is read node by
node, so that a key given twice is a fault and each fault has its line; anchors are refused, because an alias of an
alias may stand for any amount of text. The decorators of grlc 1.3 are read as well (`grlc`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from kg.named.fault import Fault
from kg.named.grlc import from_grlc
from kg.named.types import PARAMETER_TYPES
from kg.terms import writable_language_tag

MARK: Final = "#+"
MAX_DEPTH: Final = 20
"""Brackets and indentations of a front matter within each other."""
# The parser in C is ten times as fast, which a start with a hundred files feels; it is missing where libyaml is.
_Loader = yaml.SafeLoader | yaml.CSafeLoader
_LOADER: Final[type[_Loader]] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MAX_LINES: Final = 1_000
MAX_PAGE: Final = 10_000
"""Rows of the largest page."""
DEFAULT_PAGE: Final = 100

_LINE_END: Final = re.compile(r"\r\n?|\n")

Place = tuple[str | int, ...]
"""Where an entry is: the keys and indexes that lead to it."""


def _as_text(value: object) -> object:
    """What YAML has read as a number, truth value or date, as it is written in a URL."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, int | float) else value


def _as_texts(value: object) -> object:
    return [_as_text(one) for one in value] if isinstance(value, list) else [_as_text(value)]


def _is_tag(text: str) -> str:
    if text and writable_language_tag(text) != text:
        raise ValueError("is no language tag in lower case, such as nb")
    return text


Text = Annotated[str, BeforeValidator(_as_text)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(_as_texts), Field(min_length=1)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=60)]
Plain = str | int | float | bool | None


class _Entry(BaseModel):
    """What all entries have in common: they never change, and an unknown key is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(_Entry):
    """A text in both languages."""

    nb: str = Field(min_length=1, description="Bokmål.")
    en: str = Field(min_length=1, description="English.")

    def of(self, language: str) -> str:
        """The text in "nb" or "en"."""
        return self.en if language == "en" else self.nb


class Parameter(_Entry):
    """A parameter; in the query it is the block `VALUES ?name { … }`."""

    type: Literal[tuple(PARAMETER_TYPES)] = Field(description="What its values are.")  # type: ignore[valid-type]
    title: Words = Field(description="What the form calls it.")
    description: Words | None = Field(None, description="What it is for.")
    required: bool = Field(False, description="Whether a caller must give it.")
    default: Texts | None = Field(None, description="Its value where none is given; the block holds the same.")
    enum: Texts | None = Field(None, description="The only values it may have.")
    repeatable: bool = Field(False, description="Whether it may be given several times.")
    languages: tuple[Annotated[str, AfterValidator(_is_tag)], ...] | None = Field(
        default=None,
        min_length=1,
        description="Of a text: the language tags that it is looked up with, each as a literal; '' is without.",
    )
    example: Text | None = Field(None, description="A value for documentation and forms.")


class Column(_Entry):
    """A column of the answer, described further than its name."""

    type: Literal["iri", "text", "integer", "number", "boolean", "date"] = Field("text", description="Its values.")
    title: Words | None = Field(None, description="What the table calls it.")


class Paging(_Entry):
    """How the answer is given page by page."""

    key: tuple[str, ...] = Field(min_length=1, description="The columns of ORDER BY, in its order.")
    limit: int = Field(DEFAULT_PAGE, ge=1, le=MAX_PAGE, description="Rows of a page where the caller says nothing.")


class Expectation(_Entry):
    """What an example must return."""

    min_rows: int = Field(default=1, ge=0, description="Rows, or triples, at least.")
    columns: tuple[str, ...] | None = Field(default=None, description="The columns, in their order.")
    contains: tuple[dict[str, Plain] | Plain, ...] = Field(
        default=(), description="Values that some row must have: by column, or anywhere."
    )


class Example(_Entry):
    """A call, and what it must return."""

    title: Words | None = Field(None, description="What it shows.")
    params: dict[str, Texts] = Field(default_factory=dict, description="Values by parameter.")
    expect: Expectation = Field(Expectation(), description="What it must return.")


class FrontMatter(_Entry):
    """The metadata of a named query: the YAML of the `#+` comments at the head of its file."""

    title: Words = Field(description="What the query is called.")
    description: Words = Field(description="What it answers, in a sentence or two.")
    tags: tuple[Text, ...] = Field((), description="Keywords.")
    parameters: dict[Name, Parameter] = Field(default_factory=dict, description="By the name of the variable.")
    columns: dict[str, Column] = Field(default_factory=dict, description="Types and titles of columns.")
    infer: bool = Field(True, description="Whether it also reads what reasoning added.")
    timeout: float | None = Field(None, gt=0, le=3600, description="Seconds it may take, under the service's cap.")
    paging: Paging | None = Field(None, description="Given where the answer may be long.")
    examples: tuple[Example, ...] = Field((), description="Calls that are also tests.")


@dataclass(frozen=True, slots=True)
class Lines:
    """The line of each entry of a front matter."""

    path: Path
    of: Mapping[Place, int]

    def at(self, *place: str | int) -> int:
        """The line of an entry, or of the nearest one around it."""
        for size in range(len(place), 0, -1):
            if place[:size] in self.of:
                return self.of[place[:size]]
        return 1

    def fault(self, place: Place, what: str, hint: str = "", *, serious: bool = True) -> Fault:
        """A fault of an entry."""
        return Fault(self.path, self.at(*place), what, hint, serious)


def schema() -> dict[str, Any]:
    """The JSON Schema of a front matter, for editors."""
    described = FrontMatter.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **described}


def read_front_matter(text: str, path: Path) -> tuple[FrontMatter | None, Lines, list[Fault]]:
    """Read the `#+` comments at the head of a file; without faults that are serious there is a front matter."""
    value, places, faults = _read_yaml(text, path)
    lines = Lines(path, places)
    if not isinstance(value, dict):
        return None, lines, faults or [Fault(path, 1, "has a front matter that is no mapping", "write 'key: value'")]
    value, told = from_grlc(value)
    faults += [lines.fault((key,), what, hint, serious=False) for key, what, hint in told]
    try:
        front = FrontMatter.model_validate(value)
    except ValidationError as error:
        return None, lines, faults + [_fault(problem, lines) for problem in error.errors()]
    return (front if not any(fault.serious for fault in faults) else None), lines, faults


def _read_yaml(text: str, path: Path) -> tuple[object, dict[Place, int], list[Fault]]:
    """The front matter as YAML has it, with the line of each entry."""
    head = _head(text)
    if not head:
        return None, {}, [Fault(path, 1, "has no front matter", "begin with '#+ title: {nb: …, en: …}'")]
    if len(head) > MAX_LINES:
        return None, {}, [Fault(path, MAX_LINES, f"has a front matter of more than {MAX_LINES:,} lines")]
    faults: list[Fault] = []
    places: dict[Place, int] = {}
    # Lines that are no part of it are empty ones, so that the lines of YAML are those of the file.
    try:
        loader, node = _composed("\n".join(head))
        value = _value(loader, node, (), places, faults, path) if node is not None else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = f"is not YAML: {error.problem or error.context}"
        return None, {}, [Fault(path, mark.line + 1 if mark else 1, what, "quote texts that hold ': ' or '#'")]
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        return None, {}, [Fault(path, 1, f"is not YAML: {' '.join(str(error).split())[:200]}")]
    return value, places, faults


def _head(text: str) -> list[str]:
    """The lines of the front matter without their mark, up to the first that is neither a comment nor empty."""
    head: list[str] = []
    last = 0
    for line in _LINE_END.split(text):
        stripped = line.strip()
        if stripped.startswith(MARK):
            head.append(line.lstrip()[len(MARK) :])
            last = len(head)
        elif not stripped or stripped.startswith("#"):
            head.append("")
        else:
            break
    return head[:last]


def _composed(text: str) -> tuple[_Loader, yaml.Node | None]:
    try:
        return _compose(text, _LOADER)
    except yaml.YAMLError:
        return _compose(text, yaml.SafeLoader)  # which says better where the fault is


def _compose(text: str, kind: type[_Loader]) -> tuple[_Loader, yaml.Node | None]:
    """The nodes of a YAML text, which has no anchors and no deep nesting, and the loader that knows their values.

    Raises:
        YAMLError: it is no such text.
    """
    depth = 0
    for event in yaml.parse(text, Loader=kind):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise _refusal(event, "anchors (&) and aliases (*) are not read; quote the text")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise _refusal(event, f"is nested deeper than {MAX_DEPTH}")
    loader = kind(text)
    return loader, loader.get_single_node()


def _refusal(event: yaml.Event, problem: str) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=event.start_mark)  # type: ignore[arg-type]


def _value(
    loader: _Loader, node: yaml.Node, place: Place, places: dict[Place, int], faults: list[Fault], path: Path
) -> Any:
    """The value of a node, with the line of everything in it."""
    places.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        return [_value(loader, one, (*place, index), places, faults, path) for index, one in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else str(key_node.start_mark.line)
            line = key_node.start_mark.line + 1
            if key in found:
                faults.append(Fault(path, line, f"has the key {key!r} twice"))
            places[(*place, key)] = line
            found[key] = _value(loader, value_node, (*place, key), places, faults, path)
        return found
    return loader.construct_object(node)


def _fault(problem: Any, lines: Lines) -> Fault:
    """What pydantic found, as a fault of the file."""
    place = tuple(part for part in problem["loc"] if part != "[key]")
    named = ".".join(map(str, place))
    shown = repr(problem["input"])
    given = f", not {shown if len(shown) <= 60 else shown[:59] + '…'}"
    if problem["type"] == "extra_forbidden":
        return lines.fault(place, f"the key {named} is not known", "queries/README.md lists them")
    if problem["type"] == "missing":
        return lines.fault(place, f"the key {named} is missing")
    return lines.fault(place, f"{named}: {problem['msg'][:1].lower()}{problem['msg'][1:]}{given}")
