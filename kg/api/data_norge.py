"""`/data-norge`: queries as they are written for data.norge.no's endpoint, and beside each how it may be asked here.

In: a request. Out: a page in Norwegian or English. The queries are the `.rq` files in `comparisons/`, a pair for each
row of `COMPARISONS`; both of a pair run here. The forms of data that the left ones provide for are those of its
harvest: a graph for each type, agencies under several IRIs, labels and definitions in several forms.
"""

from dataclasses import dataclass
from importlib.resources import files
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from kg.api.operation import HTML, Operation
from kg.api.pages import language, page
from kg.api.parameters import only
from kg.namespaces import DEFAULT_BASE_IRI, Names
from kg.services import Services


@dataclass(frozen=True, slots=True)
class Comparison:
    """A question: the stem of its files, its title and what is different here, in Norwegian and English."""

    name: str
    title: tuple[str, str]
    difference: tuple[str, str]


COMPARISONS: Final = (
    Comparison(
        "datasets",
        ("Noen datasett", "Some datasets"),
        (
            "Prefiksene er kjent, og det er ingen graf for hver type; FROM med en slik graf leses som hele grafen.",
            "The prefixes are known, and there is no graph for each type; FROM with such a graph reads the whole one.",
        ),
    ),
    Comparison(
        "open-data",
        ("Hvor mange datasett er åpne", "How many datasets are open"),
        (
            "Egenskapen er den samme, regnet ut med lisens og tilgang av alle distribusjoner; infer=true er standard.",
            "The property is the same, worked out of licences and access rights; infer=true is the default.",
        ),
    ),
    Comparison(
        "publishers",
        ("Datasett per utgiver", "Datasets by publisher"),
        (
            "Hver virksomhet har én IRI og ett navn på hvert språk, så den står i én rad.",
            "Each agency has one IRI and one name in each language, so that it stands in one row.",
        ),
    ),
    Comparison(
        "records",
        ("Katalogposter med id", "Catalogue records with ids"),
        (
            "Postene finnes her også, med kildene; /id/ og /resource tar både id og enhver IRI-form.",
            "The records are here too, with the sources; /id/ and /resource take the id and any form of an IRI.",
        ),
    ),
    Comparison(
        "concepts",
        ("Begreper med definisjon", "Concepts with their definitions"),
        (
            "Navn og definisjoner av alle former står også som skos:prefLabel og skos:definition; koder er ikke med.",
            "Labels and definitions of all forms are there as skos:prefLabel and skos:definition too; codes are apart.",
        ),
    ),
    Comparison(
        "words",
        ("Søk etter ord", "Searching for words"),
        (
            "Tekstindeksen finner bøyninger og sammensetninger, og gir poeng.",
            "The text index finds inflections and compounds, and gives a score.",
        ),
    ),
    Comparison(
        "services",
        ("Tjenester og ansvarlig virksomhet", "Services and who is responsible"),
        (
            "Tjenester av begge versjoner av CPSV-AP-NO svarer, og virksomheten har et navn.",
            "Services of both versions of CPSV-AP-NO answer, and the agency has a name.",
        ),
    ),
)


OPERATION: Final = Operation(
    name="data-norge-page",
    summary="Queries as they are written for data.norge.no, and beside each how it may be asked here",
    tag="pages",
    content=HTML,
    headers=("X-Generation", "Content-Language"),
)


async def data_norge(request: Request) -> Response:
    """The page."""
    only(request)
    services: Services = request.app.state.services
    generation = services.keeper.generation
    assert generation is not None, "the application starts serving only when there is one"
    names = Names(generation.manifest.base_iri)
    chosen = language(request.headers.get("accept-language"))
    place = 0 if chosen == "nb" else 1
    rows = [
        {
            "title": comparison.title[place],
            "difference": comparison.difference[place],
            "sides": [_side(comparison.name, side, names) for side in ("there", "here")],
        }
        for comparison in COMPARISONS
    ]
    headers = {
        "Vary": "Accept-Language",
        "Cache-Control": "no-cache",
        "Content-Language": chosen,
        "X-Generation": str(generation.number),
    }
    return await page(
        request, "data_norge.html", headers, rows=rows, language=chosen, root=request.scope.get("root_path", "")
    )


def query_text(name: str, side: str, names: Names) -> str:
    """The query on one side of a comparison, "there" or "here", for the base of a generation."""
    text = (files("kg.api") / "comparisons" / f"{name}.{side}.rq").read_text(encoding="utf-8")
    return text.replace(DEFAULT_BASE_IRI, names.base)


def _side(name: str, side: str, names: Names) -> dict[str, str]:
    text = query_text(name, side, names)
    return {"text": text.strip(), "link": urlencode({"query": text, "format": "csv"})}
