"""`/openapi.json`: it is valid, has every route, and says what the service answers."""

from typing import Any

import httpx
import pytest
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from starlette.routing import Route

from kg.api.app import create_app
from kg.api.openapi import path_of
from kg.api.operation import DescribedRoute
from kg.build.generations import Home
from kg.config import read_settings
from kg.services import open_services


@pytest.fixture
def document(client: httpx.Client) -> dict[str, Any]:
    answer = client.get("openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


async def routes_of(home: Home) -> dict[str, set[str]]:
    """The methods of each route of the application, by its path."""
    async with open_services(read_settings(home=home.path)) as services:
        routes = [route for route in create_app(services).routes if isinstance(route, Route)]
    assert all(isinstance(route, DescribedRoute) for route in routes), "see kg/api/routes.py"
    return {path_of(route): set(route.methods or ()) - {"HEAD"} for route in routes}


def test_the_document_is_valid(document: dict[str, Any]) -> None:
    OpenAPIV31SpecValidator(document).validate()
    assert document["openapi"].startswith("3.1")


async def test_every_route_is_in_the_document_with_its_methods_and_nothing_else_is(
    demo: Home, document: dict[str, Any]
) -> None:
    routes = await routes_of(demo)
    for path, methods in routes.items():
        assert {method.upper() for method in document["paths"][path]} == methods
    named = {path for path in document["paths"] if path.startswith("/queries/")} - set(routes)
    assert set(document["paths"]) == set(routes) | named


def test_every_query_is_an_operation_with_its_parameters_and_columns(
    client: httpx.Client, document: dict[str, Any]
) -> None:
    for entry in client.get("queries").json()["queries"]:
        item = document["paths"][f"/queries/{entry['name']}"]
        described = {row["name"]: row for row in item["get"]["parameters"]}
        form = item["post"]["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
        for name, parameter in entry["parameters"].items():
            assert described[name]["required"] is parameter["required"]
            assert described[name]["example"] not in (None, "")
            assert (name in form.get("required", ())) is parameter["required"]
        assert described.keys() >= {"format", "infer", "timeout"}
        assert form["properties"].keys() == described.keys() - {"If-None-Match"}
        if entry["form"] == "select":
            content = item["get"]["responses"]["200"]["content"]
            rows = content["application/json"]["schema"]["properties"]["rows"]
            assert list(rows["items"]["properties"]) == list(entry["columns"])


def test_every_operation_has_a_name_of_its_own_examples_and_the_problems_that_any_may_have(
    document: dict[str, Any],
) -> None:
    operations = [operation for item in document["paths"].values() for operation in item.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(names) == len(set(names))
    for operation in operations:
        assert operation["summary"]
        assert all("example" in row for row in operation["parameters"]), operation["operationId"]
        assert {"400", "401", "429", "500"} <= operation["responses"].keys()
        assert {"200", "303"} & operation["responses"].keys()


def test_answers_carry_the_headers_that_the_document_promises(client: httpx.Client, document: dict[str, Any]) -> None:
    promised = 0
    for path, item in document["paths"].items():
        if "get" not in item or "/dumps/{" in path or path == "/links/{id}":
            continue  # the demo is built without dumps, and nobody has decided on its links
        operation = item["get"]
        rows = [row for row in operation["parameters"] if row["required"] and row["in"] != "header"]
        address = path.lstrip("/")
        for row in rows:
            if row["in"] == "path":
                address = address.replace(f"{{{row['name']}}}", str(row["example"]))
        params = {row["name"]: row["example"] for row in rows if row["in"] == "query"}
        params |= {"default": ""} if path == "/graph-store" else {}
        answer = client.get(address, params=params)
        status = "303" if path == "/id/{name}" else "200"
        assert str(answer.status_code) == status, (path, answer.text)
        if status == "200":
            assert answer.headers["content-type"].partition(";")[0] in operation["responses"]["200"]["content"], path
        for name, header in operation["responses"][status].get("headers", {}).items():
            if not header["$ref"].endswith("-where-it-applies"):
                assert name.lower() in answer.headers, (path, name)
                promised += 1
    assert promised > 70


@pytest.mark.parametrize(
    ("path", "status"), [("sparql?query=x", 400), ("queries/nei", 404), ("search?limit=1", 422), ("explain?x=1", 400)]
)
def test_a_problem_is_of_the_schema_that_the_document_has(
    client: httpx.Client, document: dict[str, Any], path: str, status: int
) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    schema = document["components"]["schemas"]["Problem"]
    OAS31Validator(schema).validate(answer.json())
    assert answer.json().keys() <= schema["properties"].keys()
