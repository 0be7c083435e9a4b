"""Operations: what a stranger must know to call a route, as OpenAPI 3.1.

In: an `Operation` for each route. Out: its path item, and the components that path items refer to.

To add a route, write an `Operation` beside its handler and give both a row in `kg.api.routes`. POST takes the
parameters as a form. Random requests to every operation (`tests/api/test_contract.py`) fail where an answer is not as
it says.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from starlette.routing import Route

from kg.api.problems import all_problem_types
from kg.sparql.formats import FORMATS
from kg.sparql.protocol import FORM

Schema = Mapping[str, Any]

TEXT: Final[Schema] = MappingProxyType({"type": "string"})
FLAG: Final[Schema] = MappingProxyType({"type": "boolean"})
COUNT: Final[Schema] = MappingProxyType({"type": "integer", "minimum": 0})
OBJECT: Final[Schema] = MappingProxyType({"type": "object"})
MISSING: Final[Schema] = MappingProxyType({"type": ["string", "null"]})
"""A text that need not be known."""
SECONDS: Final[Schema] = MappingProxyType({"type": "number", "exclusiveMinimum": 0, "maximum": 999_999_999})
_JSON_LD: Final[Schema] = MappingProxyType({"type": ["object", "array"]})
HTML: Final[Mapping[str, Schema]] = MappingProxyType({"text/html": TEXT})
RDF: Final[Mapping[str, Schema]] = MappingProxyType(
    {row.media_types[0]: _JSON_LD if row.name == "jsonld" else TEXT for row in FORMATS if row.form == "graph"}
)
"""The formats of a graph, with their schemas."""

EVERYWHERE: Final = (400, 401, 429, 500)
"""Problems that any route may answer with."""
ASKING: Final = (413, 422, 503, 504)
"""Those of routes that ask the engine."""

_HEADERS: Final[Mapping[str, tuple[str, Schema]]] = MappingProxyType(
    {
        "Allow": ("The methods that the address takes.", TEXT),
        "Content-Language": ("The language of the page or of the labels.", TEXT),
        "Content-Location": ("The address of the same answer under the canonical IRI.", TEXT),
        "Content-Range": ("Which part of the file this is.", TEXT),
        "ETag": ("From generation, request and format; for If-None-Match.", TEXT),
        "Link": ('The next page, rel="next"; the canonical IRI of an alias, rel="canonical".', TEXT),
        "Location": ("Where to go on.", TEXT),
        "Retry-After": ("Seconds after which to try again.", COUNT),
        "Server-Timing": ("Milliseconds that parts of the work took.", TEXT),
        "WWW-Authenticate": ("How a key is shown.", TEXT),
        "X-Generation": ("The generation that answered.", COUNT),
        "X-Hint": ("What the query should perhaps have said instead.", TEXT),
        "X-Incoming": ("How many of the triples that point at the thing are given.", TEXT),
        "X-Total-Count": ("Rows of all pages, where count=true.", COUNT),
    }
)
_OF_PROBLEMS: Final[Mapping[int, str]] = MappingProxyType(
    {401: "WWW-Authenticate", 405: "Allow", 429: "Retry-After", 503: "Retry-After"}
)
PROBLEM: Final[Schema] = MappingProxyType(
    {
        "description": "A problem (RFC 9457).",
        "type": "object",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {"type": "string", "description": "Leads to a page that explains this kind of problem."},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "hint": {"type": "string", "description": "What to do next."},
            "parameter": {"type": "string", "description": "The parameter that is wrong or not known."},
            "line": {"type": "integer", "description": "Of the query, from 1."},
            "column": {"type": "integer", "description": "Of the line, from 1."},
            "excerpt": {"type": "string"},
            "limit": {"type": "string", "description": "The limit that the query is over."},
            "limit_seconds": {"type": "number"},
        },
    }
)


def parameter(
    name: str, text: str, example: object, schema: Schema = TEXT, *, required: bool = False, where: str = "query"
) -> Schema:
    """A parameter of the address, or with `where` "path" a part of it."""
    return {
        "name": name,
        "in": where,
        "required": required or where == "path",
        "description": text,
        "schema": dict(schema),
        "example": example,
    }


def one_of(*values: str) -> Schema:
    """The schema of one of some texts."""
    return {"type": "string", "enum": list(values)}


def record(required: Mapping[str, Schema], optional: Mapping[str, Schema] = MappingProxyType({})) -> Schema:
    """The schema of an object with these members; more may be added to it one day."""
    return {"type": "object", "required": list(required), "properties": {**required, **optional}}


def array(items: Schema) -> Schema:
    """The schema of an array."""
    return {"type": "array", "items": items}


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What a route takes and what it answers.

    Attributes:
        name: the `operationId`, from which generated clients make the names of functions.
        summary: one sentence.
        tag: the group that documentation shows it in.
        content: the media types of a whole answer, with their schemas.
        description: what else is worth knowing.
        parameters: those of the address; POST takes them as a form.
        bodies: what else POST takes, by media type: the parameter that the body is. The others are in the address then.
        headers: of a whole answer, each always there.
        sometimes: headers that are there where they apply.
        problems: statuses of problems beside those that any route may answer with.
        conditional: whether If-None-Match is heeded, by a 304.
        answers: answers with other statuses that are no problems.
        schemas: named schemas that the others refer to.
        posted: what POST takes and answers, where that is something else; its parameters are the fields of a form, or
            the members of a JSON object.
        refusal_pages: whether a wrong parameter is told on a page to who wants pages.
        form: whether POST takes the parameters as a form.
    """

    name: str
    summary: str
    tag: str
    content: Mapping[str, Schema]
    description: str = ""
    parameters: tuple[Schema, ...] = ()
    bodies: Mapping[str, str] = field(default_factory=dict)
    headers: tuple[str, ...] = ()
    sometimes: tuple[str, ...] = ()
    problems: tuple[int, ...] = ()
    conditional: bool = False
    answers: Mapping[str, Schema] = field(default_factory=dict)
    schemas: Mapping[str, Schema] = field(default_factory=dict)
    posted: "Operation | None" = None
    refusal_pages: bool = False
    form: bool = True

    def path_item(self, methods: Iterable[str]) -> dict[str, Any]:
        """The path item of a route with these methods; HEAD goes without saying."""
        made = {"GET": self._get, "POST": self.posted._post_of_fields if self.posted else self._post}
        return {method.lower(): made[method]() for method in sorted(set(methods) - {"HEAD"})}

    def _get(self) -> dict[str, Any]:
        return self._described(self.name, [*self.parameters, *([_IF_NONE_MATCH] if self.conditional else [])], ())

    def _post(self) -> dict[str, Any]:
        in_path = [row for row in self.parameters if row["in"] == "path"]
        in_form = [row for row in self.parameters if row["in"] == "query"]
        by_name = {row["name"]: row for row in in_form}
        bodies = ({FORM: _form(in_form)} if self.form else {}) | {
            media_type: {"schema": by_name[name]["schema"], "example": by_name[name]["example"]}
            for media_type, name in self.bodies.items()
        }
        in_address = [
            _without_default(row) for row in in_form if self.bodies and row["name"] not in self.bodies.values()
        ]
        described = self._described(f"{self.name}-by-post", [*in_path, *in_address], (415, 413))
        return {**described, "requestBody": {"required": True, "content": bodies}}

    def _post_of_fields(self) -> dict[str, Any]:
        in_path = [row for row in self.parameters if row["in"] == "path"]
        form = _form(row for row in self.parameters if row["in"] == "query")
        described = self._described(self.name, in_path, (415, 413))
        return {**described, "requestBody": {"required": True, "content": {FORM: form, "application/json": form}}}

    def _described(self, name: str, parameters: list[Schema], more: tuple[int, ...]) -> dict[str, Any]:
        statuses = sorted({*EVERYWHERE, *self.problems, *more})
        whole: dict[str, Any] = {"description": "The answer.", "content": content_of(self.content)}
        if headers := {**headers_of(self.headers, required=True), **headers_of(self.sometimes)}:
            whole["headers"] = headers
        answers = {"200": whole, **self.answers, **{str(status): problem_of(status) for status in statuses}}
        if self.refusal_pages:
            answers["422"] = {"$ref": "#/components/responses/Problem422-or-page"}
        if self.conditional:
            answers["304"] = {
                "description": "What If-None-Match names is the answer still.",
                "headers": headers_of(("ETag",)),
            }
        described: dict[str, Any] = {"operationId": name, "summary": self.summary, "tags": [self.tag]}
        if self.description:
            described["description"] = self.description
        return {**described, "parameters": parameters, "responses": dict(sorted(answers.items()))}


class DescribedRoute(Route):
    """A route with what a stranger must know to call it."""

    def __init__(
        self, path: str, endpoint: Callable[..., Any], operation: Operation, methods: Iterable[str] = ("GET",)
    ) -> None:
        super().__init__(path, endpoint, methods=list(methods))
        self.operation = operation


def headers_of(names: Iterable[str], *, required: bool = False) -> dict[str, Any]:
    """Headers of an answer, by name."""
    return {name: {"$ref": f"#/components/headers/{name}{'' if required else '-where-it-applies'}"} for name in names}


def content_of(types: Mapping[str, Schema]) -> dict[str, Any]:
    """The contents of an answer, by media type."""
    return {media_type: {"schema": schema} for media_type, schema in types.items()}


def problem_of(status: int) -> dict[str, Any]:
    """The answer that is a problem of this status."""
    return {"$ref": f"#/components/responses/Problem{status}"}


def components(operations: Iterable[Operation]) -> dict[str, Any]:
    """What path items refer to."""
    schemas: dict[str, Schema] = {"Problem": PROBLEM}
    for operation in operations:
        schemas |= operation.schemas
    headers = {
        f"{name}{suffix}": {"description": text, "schema": dict(schema), **({} if suffix else {"required": True})}
        for name, (text, schema) in _HEADERS.items()
        for suffix in ("", "-where-it-applies")
    }
    return {"schemas": schemas, "headers": headers, "responses": _problems()}


def _problems() -> dict[str, Any]:
    """A response for each status that problems have."""
    titles: dict[int, list[str]] = {}
    for row in all_problem_types():
        titles.setdefault(row.status, []).append(f"{row.title} (`{row.name}`)")
    responses: dict[str, dict[str, Any]] = {
        f"Problem{status}": {
            "description": "; ".join(told),
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
            **({"headers": headers_of((_OF_PROBLEMS[status],), required=True)} if status in _OF_PROBLEMS else {}),
        }
        for status, told in titles.items()
    }
    wrong = responses["Problem422"]
    return {**responses, "Problem422-or-page": {**wrong, "content": {**wrong["content"], **content_of(HTML)}}}


def _form(parameters: Iterable[Schema]) -> dict[str, Any]:
    """A form that has these parameters as its fields."""
    rows = list(parameters)
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {row["name"]: {**row["schema"], "description": row["description"]} for row in rows},
        "additionalProperties": False,
    }
    if required := [row["name"] for row in rows if row["required"]]:
        schema["required"] = required
    shown = [row for row in rows if row["required"]] or rows[:1]
    return {"schema": schema, "example": {row["name"]: row["example"] for row in shown}}


def _without_default(row: Schema) -> Schema:
    """A parameter that clients leave out unless told: many send defaults along, here and in the form."""
    return {**row, "schema": {name: value for name, value in row["schema"].items() if name != "default"}}


_IF_NONE_MATCH: Final = parameter(
    "If-None-Match", "The ETag of an answer that the client has already.", '"0123456789abcdef"', where="header"
)
