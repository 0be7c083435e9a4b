"""`/models/…`: an information model as its owner wants to see it.

In: requests that name a model, two, or one of its elements. Out: coverage, gaps, impact and comparison as JSON, the
gaps also as a table, and all as pages that need no script.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

import kg
from kg.api.access import client_of
from kg.api.inquiry import Inquiry, inquire
from kg.api.models_view import comparison_view, coverage_view, gaps_view, impact_view
from kg.api.operation import ASKING, HTML, OBJECT, TEXT, Operation, Schema, one_of, parameter
from kg.api.pages import language, page, prefers_page
from kg.api.parameters import iri_of, only
from kg.api.validators import is_held, tag_of
from kg.engine.conversations import Conversation, Result, hold
from kg.errors import DeadlinePassed, EngineFailed, KgError, NotFound, ParameterError, QueueFull
from kg.linking.wish import Wish
from kg.models.comparison import comparison_json
from kg.models.coverage import coverage_json, gaps_json, gaps_tsv
from kg.models.impact import read_impact
from kg.models.model import read_model

CANDIDATES: Final = 1_000
_EXAMPLE: Final = "https://demo.kunnskapsgraf.example/nav/modell/arbeid-og-ytelse"
_OTHER: Final = "https://demo.kunnskapsgraf.example/brreg/modell/enhet"
_TSV: Final = "text/tab-separated-values"


def _operation(name: str, summary: str, *parameters: Schema, tsv: bool = False) -> Operation:
    formats = ("json", "tsv", "html") if tsv else ("json", "html")
    return Operation(
        name=name,
        summary=summary,
        tag="data",
        content={"application/json": OBJECT, **HTML, **({_TSV: TEXT} if tsv else {})},
        parameters=(*parameters, parameter("format", "The format, before Accept.", "json", one_of(*formats))),
        headers=("X-Generation",),
        sometimes=("Server-Timing", "ETag", "Content-Language"),
        problems=(*ASKING, 404),
        conditional=True,
    )


COVERAGE: Final = _operation(
    "model-coverage",
    "Which parts of an information model have a concept, a definition, an owner, a type and a code list",
    parameter("model", "The information model.", _EXAMPLE, required=True),
)
GAPS: Final = _operation(
    "model-gaps",
    "What is missing in an information model, with concepts that may fit and their definitions",
    parameter("model", "The information model.", _EXAMPLE, required=True),
    tsv=True,
)
IMPACT: Final = _operation(
    "model-impact",
    "What a change of a model element, a concept or a model reaches, with the way there",
    parameter(
        "element", "What changes: an element, a property, a code list, a concept or a model.", _EXAMPLE, required=True
    ),
)
COMPARISON: Final = _operation(
    "model-comparison",
    "Two information models, or versions of one, side by side",
    parameter("left", "An information model.", _EXAMPLE, required=True),
    parameter("right", "The other one.", _OTHER, required=True),
)


async def coverage(request: Request) -> Response:
    """How much of a model has what.

    Raises:
        ParameterError: a parameter is unknown, missing, repeated or wrong.
        NotFound: there is no such model.
    """
    return await inquire(request, time.perf_counter(), lambda inquiry: _coverage(_Asked.read(inquiry, "model")))


async def _coverage(asked: "_Asked") -> Response:
    if (unchanged := asked.unchanged()) is not None:
        return unchanged
    model = await asked.hold(read_model(asked.iris["model"], asked.naming.names, asked.language))
    return await asked.answer(coverage_json(model), coverage_view)


async def gaps(request: Request) -> Response:
    """What a model lacks, with candidates for the concepts.

    Raises:
        ParameterError: a parameter is unknown, missing, repeated or wrong.
        NotFound: there is no such model.
    """
    return await inquire(request, time.perf_counter(), lambda inquiry: _gaps(_Asked.read(inquiry, "model", tsv=True)))


async def _gaps(asked: "_Asked") -> Response:
    model = await asked.hold(read_model(asked.iris["model"], asked.naming.names, asked.language))
    found, missing = await asked.candidates()
    told = {**gaps_json(model, found), "candidates_missing": missing}
    if asked.format == "tsv":
        return Response(gaps_tsv(told), headers=asked.headers(None), media_type=f"{_TSV}; charset=utf-8")
    return await asked.answer(told, gaps_view, lasting=False)


async def impact(request: Request) -> Response:
    """What a change reaches.

    Raises:
        ParameterError: a parameter is unknown, missing, repeated or wrong.
        NotFound: the graph does not speak of the thing.
    """
    return await inquire(request, time.perf_counter(), lambda inquiry: _impact(_Asked.read(inquiry, "element")))


async def _impact(asked: "_Asked") -> Response:
    found = await asked.hold(read_impact(asked.iris["element"], asked.naming.names, asked.language))
    if not found.reached and found.start not in found.kinds:
        raise NotFound("nothing is known of this", where=found.start[:300], hint="/search finds things by words")
    queries = {name: query.text for name, query in (await asked.services.library.current()).items()}
    return await asked.answer(found.to_json(queries), impact_view, lasting=False)


async def comparison(request: Request) -> Response:
    """Two models side by side.

    Raises:
        ParameterError: a parameter is unknown, missing, repeated or wrong.
        NotFound: there is no such model.
    """
    return await inquire(request, time.perf_counter(), lambda inquiry: _compared(_Asked.read(inquiry, "left", "right")))


async def _compared(asked: "_Asked") -> Response:
    if (unchanged := asked.unchanged()) is not None:
        return unchanged
    names = asked.naming.names
    left = await asked.hold(read_model(asked.iris["left"], names, asked.language))
    right = await asked.hold(read_model(asked.iris["right"], names, asked.language))
    return await asked.answer(comparison_json(left, right), comparison_view)


class _Asked:
    """A request for something about models, read; and the ways to find and to give the answer."""

    def __init__(self, inquiry: Inquiry, iris: Mapping[str, str], answer_format: str) -> None:
        self._inquiry, self.iris, self.format = inquiry, iris, answer_format
        self.language = language(inquiry.request.headers.get("accept-language"))
        self.services, self.naming = inquiry.services, inquiry.naming

    @classmethod
    def read(cls, inquiry: Inquiry, *names: str, tsv: bool = False) -> "_Asked":
        """Read the parameters for the generation that is asked.

        Raises:
            ParameterError: one is unknown, missing, repeated or wrong.
        """
        request = inquiry.request
        only(request, *names, "format")
        given = request.query_params
        formats = ("json", "tsv", "html") if tsv else ("json", "html")
        answer_format = given.get("format") or ("html" if prefers_page(request.headers.get("accept")) else "json")
        if answer_format not in formats:
            raise ParameterError(
                f"there is no format {answer_format[:60]!r}", hint=f"one of {', '.join(formats)}", parameter="format"
            )
        naming, iris = inquiry.naming, {}
        for name in names:
            if not given.get(name, "").strip():
                hint = "give an IRI; /search?type=model finds models"
                raise ParameterError(f"there is no {name}", hint=hint, parameter=name)
            iris[name] = naming.aliases.canonical(iri_of(given[name], name, naming.names.prefixes()))
        return cls(inquiry, iris, answer_format)

    async def hold(self, conversation: Conversation[Result]) -> Result:
        """Hold a conversation with the engine."""
        return await hold(conversation, lambda question: self._inquiry.rows(question, strict=True))

    async def candidates(self) -> tuple[Mapping[str, Any], str | None]:
        """Concepts that may fit the model's parts; or why there are none now, which makes the gaps no less true."""
        decided = self.services.decided(self.naming.aliases)
        wish = Wish(self.iris["model"], concepts=True, limit=CANDIDATES)
        seconds = self._inquiry.seconds - self._inquiry.spent
        try:
            found = await self.services.proposing.find(
                self.naming.generation, wish, decided.rejected, client_of(self._inquiry.request), seconds
            )
        except (DeadlinePassed, QueueFull, EngineFailed, NotFound) as error:
            return {}, _told(error)
        self.services.offer((each["left"], each["right"]) for each in found["candidates"])
        return found, None

    def unchanged(self) -> Response | None:
        """The answer to who has the answer already."""
        tag = self._tag()
        return Response(status_code=304, headers=self.headers(tag)) if is_held(self._inquiry.request, tag) else None

    async def answer(
        self, told: Mapping[str, Any], view: Callable[[Mapping[str, Any], str], Any], *, lasting: bool = True
    ) -> Response:
        """The answer as JSON or a page; `lasting` where it depends on the generation alone."""
        headers = self.headers(self._tag() if lasting else None)
        if self.format == "json":
            return JSONResponse(dict(told), headers=headers)
        headers["Content-Language"] = self.language
        root = self._inquiry.request.scope.get("root_path", "")
        shown = view(told, self.language)
        return await page(self._inquiry.request, "model.html", headers, view=shown, language=self.language, root=root)

    def headers(self, tag: str | None) -> dict[str, str]:
        """The headers of an answer."""
        headers = {
            "Vary": "Accept, Accept-Language",
            "Cache-Control": "no-cache",
            "X-Generation": str(self.naming.generation),
            **self._inquiry.timing(),
        }
        return {**headers, "ETag": f'"{tag}"'} if tag else headers

    def _tag(self) -> str:
        path = self._inquiry.request.url.path
        return tag_of(self.naming.generation, dict(self.iris), self.format, self.language, path, kg.__version__)


def _told(error: KgError) -> str:
    return f"{error.what} ({error.hint})" if error.hint else error.what
