"""What OpenAPI 3.1 says of a named query.

In: a query. Out: its parameters and the contents of its answers, as plain values; under which path they stand, and with
which problems, is the business of who puts the document together. The schema of an answer follows from the query's
projection.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from kg.named.front_matter import MAX_PAGE, Paging, Parameter
from kg.named.paging import Cursor
from kg.named.query import NamedQuery
from kg.named.types import PARAMETER_TYPES
from kg.sparql.formats import formats_of

_VALUES: Final[Mapping[str, dict[str, Any]]] = MappingProxyType(
    {
        "iri": {"type": ["string", "null"]},
        # The form of a literal is up to the data: a date may be a year, a number may be missing.
        "text": {"type": ["string", "number", "boolean", "null"]},
        "date": {"type": ["string", "number", "null"]},
        "integer": {"type": ["integer", "null"]},
        "number": {"type": ["number", "string", "null"]},
        "boolean": {"type": ["boolean", "null"]},
    }
)


def parameters(query: NamedQuery) -> tuple[dict[str, Any], ...]:
    """The parameters of a query: its own, those of pages, and those that all queries have."""
    front = query.front
    return (
        *(_parameter(query, name, row) for name, row in front.parameters.items()),
        *(_page_parameters(front.paging) if front.paging else ()),
        *_service_parameters(query),
    )


def description(query: NamedQuery) -> str:
    """What it is about, in both languages."""
    front = query.front
    return f"{front.description.en}\n\n*På norsk:* {front.title.nb}. {front.description.nb}"


def _parameter(query: NamedQuery, name: str, row: Parameter) -> dict[str, Any]:
    kind = PARAMETER_TYPES[row.type]
    schema = kind.schema()
    if row.enum is not None:
        schema = {"type": "string", "enum": list(row.enum)}
    if row.default is not None and not row.repeatable:
        schema["default"] = _value(schema, row.default[0])
    example: Any = _value(schema, query.example(name))
    if row.repeatable:
        schema = {"type": "array", "items": schema}
        example = [example]
        if row.default is not None:
            schema["default"] = [_value(schema["items"], text) for text in row.default]
    described: dict[str, Any] = {
        "name": name,
        "in": "query",
        "required": row.required,
        "description": f"{row.title.en} / {row.title.nb}" + (f". {row.description.en}" if row.description else ""),
        "schema": schema,
        "example": example,
    }
    if row.repeatable:
        described |= {"style": "form", "explode": True}
    return described


def _value(schema: Mapping[str, Any], text: str) -> Any:
    """A text as the value that a schema asks for."""
    if schema["type"] == "integer":
        return int(text)
    return text == "true" if schema["type"] == "boolean" else text


def _page_parameters(paging: Paging) -> list[dict[str, Any]]:
    limit = paging.limit
    # A cursor that any query with so many columns in its key takes.
    cursor = Cursor((None,) * len(paging.key), 0).write()
    return [
        {
            "name": "limit", "in": "query", "required": False, "example": limit,
            "description": "Rows of a page. Without it the formats other than plain JSON have all rows.",
            "schema": {"type": "integer", "minimum": 1, "maximum": MAX_PAGE, "default": limit},
        },
        {
            "name": "after", "in": "query", "required": False, "example": cursor,
            "description": "Where the page begins: taken from `next` or the Link header of the page before.",
            "schema": {"type": "string"},
        },
        {
            "name": "count", "in": "query", "required": False, "example": True,
            "description": "Whether to count the rows of all pages together, as `total` and X-Total-Count.",
            "schema": {"type": "boolean", "default": False},
        },
    ]  # fmt: skip


def _service_parameters(query: NamedQuery) -> list[dict[str, Any]]:
    names = [row.name for row in formats_of(query.form)]
    if query.form in {"select", "ask"}:
        names.append("srj")
    return [
        {
            "name": "format", "in": "query", "required": False, "example": names[0],
            "description": "The format, before Accept: json is plain rows, srj SPARQL's own JSON, html the page.",
            "schema": {"type": "string", "enum": [*names, "html"]},
        },
        {
            "name": "infer", "in": "query", "required": False, "example": query.front.infer,
            "description": "Whether what reasoning added is read as well.",
            "schema": {"type": "boolean", "default": query.front.infer},
        },
        {
            "name": "timeout", "in": "query", "required": False, "example": query.front.timeout or 5,
            "description": "Seconds that the query may take, under the service's cap.",
            "schema": {"type": "number", "exclusiveMinimum": 0},
        },
    ]  # fmt: skip


def contents(query: NamedQuery) -> dict[str, dict[str, Any]]:
    """The schema of a whole answer in each of its media types."""
    content: dict[str, dict[str, Any]] = {}
    if query.form in {"select", "ask"}:
        content["application/json"] = answer_schema(query)
        content["application/sparql-results+json"] = {"type": "object"}
    for row in formats_of(query.form):
        content.setdefault(row.media_types[0], {"type": "string"})
    content["text/html"] = {"type": "string"}
    return content


def answer_schema(query: NamedQuery) -> dict[str, Any]:
    """The JSON Schema of the rows with plain values."""
    columns = list(query.columns)
    row = {
        "type": "object",
        "properties": {column: dict(_VALUES[query.column_type(column)]) for column in columns},
        "required": columns,
        "additionalProperties": False,
    }
    properties: dict[str, Any] = {
        "columns": {"type": "array", "items": {"type": "string"}},
        "rows": {"type": "array", "items": row},
        "next": {"type": ["string", "null"], "description": "Address of the next page."},
    }
    if query.front.paging:
        properties["total"] = {"type": "integer", "description": "Rows of all pages, where count=true."}
    return {"type": "object", "properties": properties, "required": ["columns", "rows", "next"]}
