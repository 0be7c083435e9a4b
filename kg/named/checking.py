"""What is wrong with named queries: all faults at once, before any of them is asked.

In: queries that could be read. Out: faults with file and line. First each file is held against itself (parameters and
blocks, paging key and order, examples), then the guard and the engine say whether they take it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kg.aliases import NO_ALIASES
from kg.engine.guard import check
from kg.engine.limits import GuardLimits
from kg.errors import ParameterError, QueryError
from kg.named.binding import bind, read_terms, read_values
from kg.named.fault import Fault
from kg.named.folders import Queries, read_folders
from kg.named.front_matter import Parameter
from kg.named.parsing import ask_engine
from kg.named.query import NamedQuery
from kg.named.structure import Block
from kg.named.types import Reading
from kg.namespaces import DEFAULT_BASE_IRI, Names

RESERVED: Final = frozenset(("after", "count", "format", "infer", "limit", "timeout"))
"""Parameters of the service itself."""

_READING: Final = Reading(Names(DEFAULT_BASE_IRI), NO_ALIASES)


def check_folders(folders: Sequence[Path], limits: GuardLimits) -> tuple[Queries, list[Fault]]:
    """Read the queries of folders and check them; the faults of all files."""
    queries, faults = read_folders(folders)
    return queries, sorted({*faults, *faults_of(list(queries.values()), limits)})


def faults_of(queries: Sequence[NamedQuery], limits: GuardLimits) -> list[Fault]:
    """Everything that is wrong with these queries."""
    found = [fault for query in queries for fault in _faults(query)]
    asked: list[_Asked] = []
    for query in queries:
        try:
            check(query.text, limits)
        except QueryError as error:
            found.append(Fault(query.path, getattr(error, "line", 0) or 1, error.what, error.hint))
            continue
        asked += _questions(query)
    broken: set[str] = set()
    for question, verdict in zip(asked, ask_engine([question.text for question in asked]), strict=True):
        if question.query.name in broken:
            continue  # the same again
        if verdict.error:
            broken.add(question.query.name)
            line = question.line + verdict.line - 1 if verdict.line else question.line
            found.append(Fault(question.query.path, line, verdict.error))
        elif question.block is not None:
            found += _block_faults(question.query, question.block, [row[0] for row in verdict.rows])
    return sorted(set(found))


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the engine is asked: a query as it is, or the contents of one of its blocks."""

    query: NamedQuery
    text: str
    line: int
    block: Block | None = None


def _questions(query: NamedQuery) -> Iterator[_Asked]:
    # As it is, without any prefix that is not its own: it must run unchanged in any tool.
    yield _Asked(query, query.text, 1)
    prologue = query.text[: query.structure.start]
    for block in query.structure.blocks:
        if block.name in query.front.parameters:
            contents = query.text[block.start : block.end]
            text = f"{prologue}SELECT ?x WHERE {{ VALUES ?x {{{contents}}} }}"
            yield _Asked(query, text, 1, block)
    for index, example in enumerate(query.front.examples):
        try:
            values = read_values(query, example.params, _READING)
        except ParameterError:
            continue  # told already
        yield _Asked(query, bind(query, values, _READING.names), query.lines.at("examples", index))


def _faults(query: NamedQuery) -> Iterator[Fault]:
    yield from _parameter_faults(query)
    yield from _projection_faults(query)
    yield from _paging_faults(query)
    yield from _example_faults(query)


def _parameter_faults(query: NamedQuery) -> Iterator[Fault]:
    """Whether parameters and blocks belong together, and whether each parameter makes sense."""
    blocks = {block.name: block for block in query.structure.blocks}
    for name, parameter in query.front.parameters.items():
        if name not in blocks:
            hint = f"write VALUES ?{name} {{ UNDEF }} in the query"
            yield query.lines.fault(("parameters", name), f"the parameter {name!r} has no block", hint)
        found = list(_declaration_faults(query, name, parameter))
        yield from found or _value_faults(query, name, parameter)
    for name, block in blocks.items():
        if name not in query.front.parameters:
            yield Fault(
                query.path,
                query.line_of(block.start),
                f"the block VALUES ?{name} belongs to no parameter",
                f"declare {name}, or write a constant as VALUES (?{name}) {{ (…) }}",
            )


def _declaration_faults(query: NamedQuery, name: str, parameter: Parameter) -> Iterator[Fault]:
    place, fault = ("parameters", name), query.lines.fault
    if name in RESERVED:
        yield fault(place, f"{name!r} is a parameter of the service itself", "choose another name")
    if parameter.type == "enum" and parameter.enum is None:
        yield fault(place, f"the parameter {name!r} lists no values", "add enum: […]")
    if parameter.required and parameter.default is not None:
        yield fault(place, f"the parameter {name!r} is required and has a default", "leave one of them out")
    if parameter.languages is not None and parameter.type != "text":
        yield fault((*place, "languages"), f"{name!r} is no text, so it has no languages")


def _value_faults(query: NamedQuery, name: str, parameter: Parameter) -> Iterator[Fault]:
    example = None if parameter.example is None else [parameter.example]
    for key, texts in (("enum", parameter.enum), ("default", parameter.default), ("example", example)):
        for text in texts or ():
            try:
                read_terms(name, parameter, [text], _READING)
            except ParameterError as error:
                yield query.lines.fault(("parameters", name, key), f"the {key} of {name!r}: {error.what}", error.hint)


def _block_faults(query: NamedQuery, block: Block, held: Sequence[str | None]) -> Iterator[Fault]:
    """Whether a block holds the default of its parameter, so that the file means the same elsewhere."""
    parameter = query.front.parameters[block.name]
    line = query.line_of(block.start)
    if parameter.required:
        if not held or None in held:
            yield Fault(query.path, line, f"the block of ?{block.name} holds no value", "give one as an example")
        return
    try:
        default = read_terms(block.name, parameter, parameter.default or (), _READING)
    except ParameterError:
        return  # told already
    expected: list[str | None] = [*map(str, default)] or [None]
    if sorted(map(str, held)) != sorted(map(str, expected)):
        shown = " ".join(map(str, default)) or "UNDEF"
        yield Fault(query.path, line, f"the block of ?{block.name} is not its default", f"write {{ {shown} }}")


def _projection_faults(query: NamedQuery) -> Iterator[Fault]:
    structure = query.structure
    line = query.line_of(structure.start)
    if structure.star:
        yield Fault(query.path, line, "SELECT * leaves open which columns there are", "name them")
    for column in query.front.columns:
        if column not in query.columns:
            yield query.lines.fault(("columns", column), f"{column!r} is no column of the query")


def _paging_faults(query: NamedQuery) -> Iterator[Fault]:
    paging, structure = query.front.paging, query.structure
    if paging is None:
        return
    place = ("paging", "key")
    if query.form != "select":
        yield query.lines.fault(place, "only the rows of SELECT come in pages")
        return
    for column in paging.key:
        if column not in structure.columns:
            yield query.lines.fault(place, f"the key {column!r} is no column of the query", "project it")
    if structure.limited:
        yield query.lines.fault(place, "LIMIT, OFFSET or VALUES stands behind the pattern", "pages set their own")
    elif structure.conditions is None or tuple(one.column for one in structure.conditions) != paging.key:
        wanted = " ".join(f"?{column}" for column in paging.key)
        yield query.lines.fault(place, "the key is not what the query sorts by", f"end it with ORDER BY {wanted}")
    if structure.has_dataset:
        yield query.lines.fault(place, "a query with FROM cannot come in pages", "use GRAPH")


def _example_faults(query: NamedQuery) -> Iterator[Fault]:
    if not query.front.examples:
        yield query.lines.fault(("title",), "has no example", "add examples: [{params: {…}}]", serious=False)
    for index, example in enumerate(query.front.examples):
        place = ("examples", index)
        for name in example.params:
            if name not in query.front.parameters:
                yield query.lines.fault((*place, "params", name), f"{name!r} is no parameter of the query")
        for name, parameter in query.front.parameters.items():
            if parameter.required and name not in example.params:
                yield query.lines.fault((*place, "params"), f"the required parameter {name!r} is missing")
            try:
                read_terms(name, parameter, example.params.get(name, ()), _READING)
            except ParameterError as error:
                yield query.lines.fault((*place, "params", name), f"{name}: {error.what}", error.hint)
        expected = example.expect.columns
        if expected is not None and expected != query.columns:
            what = f"the query has the columns {', '.join(query.columns) or 'of no table'}"
            yield query.lines.fault((*place, "expect", "columns"), what)
