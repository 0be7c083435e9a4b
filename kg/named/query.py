"""A named query: its file, its front matter and its text, ready to be bound.

In: a path. Out: a `NamedQuery`, or faults. Nothing is asked here, and no engine is needed.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from kg.errors import SyntaxFault
from kg.named.fault import Fault
from kg.named.front_matter import FrontMatter, Lines, read_front_matter
from kg.named.structure import Condition, Structure, read_structure
from kg.named.template import Template
from kg.named.types import PARAMETER_TYPES
from kg.namespaces import Names
from kg.sparql.tokens import line_column

MAX_BYTES: Final = 1_000_000
NAME: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
"""What a query may be called: it stands in URLs, and a dot would begin a suffix."""

TAKEN: Final = frozenset(("schema",))


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """One query.

    Attributes:
        name: the stem of its file.
        group: the folder of its file.
        text: the whole file.
        prologue: the template of what comes before SELECT, without the front matter.
        body: that of the rest, up to ORDER BY.
        order: that of ORDER BY and what follows.
        around: where a page can be cut in the leading subquery, the templates of what comes before it, of the subquery,
            and of what follows up to ORDER BY.
        within: where the first values of the key decide the first rows, the templates of the leading subquery before
            the subquery of these values, of that, and of the rest.
    """

    name: str
    group: str
    path: Path
    text: str
    front: FrontMatter
    lines: Lines
    structure: Structure
    prologue: Template
    body: Template
    order: Template
    around: tuple[Template, Template, Template] | None = None
    within: tuple[Template, Template, Template] | None = None

    @property
    def form(self) -> str:
        """One of "select", "construct", "describe" and "ask"."""
        return self.structure.form

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of its rows: of a question with a yes or no it is one; a graph has none."""
        return ("answer",) if self.form == "ask" else self.structure.columns

    def column_type(self, column: str) -> str:
        """What a column holds, by its front matter or by the function that makes it; else text."""
        if self.form == "ask":
            return "boolean"
        declared = self.front.columns.get(column)
        return declared.type if declared else self.structure.guessed.get(column, "text")

    def example(self, name: str) -> str:
        """A value for a parameter, for documentation: its own example, one of a call, or one of its type."""
        parameter = self.front.parameters[name]
        called = [example.params[name][0] for example in self.front.examples if name in example.params]
        own = [parameter.example] if parameter.example else []
        listed = [*own, *called, *(parameter.default or ()), *(parameter.enum or ())]
        return listed[0] if listed else PARAMETER_TYPES[parameter.type].example

    def text_under(self, names: Names) -> str:
        """Its whole text, its own IRIs under the base of a generation."""
        return Template.of(self.text, 0, len(self.text), (), self.structure.own_iris).fill({}, names)

    def line_of(self, place: int) -> int:
        """The line of a place in its text."""
        return line_column(self.text, place)[0]


def read_query(path: Path, group: str) -> tuple[NamedQuery | None, list[Fault]]:
    """Read the file of a query."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        return None, [Fault(path, 1, f"cannot be read: {error.strerror}")]
    if len(raw) > MAX_BYTES:
        return None, [Fault(path, 1, f"has {len(raw):,} bytes; the limit is {MAX_BYTES:,}")]
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return None, [Fault(path, line, "is not UTF-8")]
    return read_text(text, path, group)


def read_text(text: str, path: Path, group: str) -> tuple[NamedQuery | None, list[Fault]]:
    """Read a query; there is one where no fault is serious."""
    faults: list[Fault] = []
    if not NAME.fullmatch(path.stem):
        what = f"the name {path.stem!r} does not fit in a URL"
        faults.append(Fault(path, 1, what, "lower-case letters a to z and digits, with hyphens between"))
    if path.stem in TAKEN:
        faults.append(Fault(path, 1, f"the name {path.stem!r} is an address of the service itself", "rename it"))
    front, lines, told = read_front_matter(text, path)
    faults += told
    try:
        structure = read_structure(text)
    except SyntaxFault as error:
        return None, [*faults, Fault(path, error.line, error.what, error.hint)]
    if front is None or any(fault.serious for fault in faults):
        return None, faults
    declared = [block for block in structure.blocks if block.name in front.parameters]
    part = partial(Template.of, text, blocks=declared, own_iris=structure.own_iris)
    query = NamedQuery(
        name=path.stem,
        group=group,
        path=path,
        text=text,
        front=front,
        lines=lines,
        structure=structure,
        prologue=part(_end_of_front_matter(text, structure.start), structure.start),
        body=part(structure.start, structure.order_start),
        order=part(structure.order_start, len(text)),
        around=_around(part, structure, front),
        within=_within(part, structure, front),
    )
    return query, faults


def _around(
    part: Callable[[int, int], Template], structure: Structure, front: FrontMatter
) -> tuple[Template, Template, Template] | None:
    """The parts around a leading subquery that has the key, and no two rows with the same one."""
    leading, key = structure.leading, front.paging.key if front.paging else ()
    if leading is None or not leading.unique <= set(key) <= set(leading.columns):
        return None
    bounds = (structure.start, leading.start, leading.end, structure.order_start)
    return part(*bounds[:2]), part(*bounds[1:3]), part(*bounds[2:])


def _within(
    part: Callable[[int, int], Template], structure: Structure, front: FrontMatter
) -> tuple[Template, Template, Template] | None:
    """The parts of a leading subquery around the one that gives the first column of the key."""
    leading = structure.leading
    if leading is None or leading.first is None or _around(part, structure, front) is None:
        return None
    sorted_by = (structure.conditions or ())[:1]
    if sorted_by != (Condition(leading.first.column, descending=False),):
        return None
    bounds = (leading.start, leading.first.start, leading.first.end, leading.end)
    return part(*bounds[:2]), part(*bounds[1:3]), part(*bounds[2:])


def _end_of_front_matter(text: str, limit: int) -> int:
    """Where the first line begins that is neither a comment nor empty."""
    place = 0
    while place < limit:
        end = text.find("\n", place)
        line = text[place : end if end >= 0 else limit].strip()
        if line and not line.startswith("#"):
            break
        if end < 0:
            break
        place = end + 1
    return min(place, limit)
