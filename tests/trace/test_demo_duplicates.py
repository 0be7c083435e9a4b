"""On the demo: the planted duplicate collections are found, and nothing else is called one."""

import re

import pytest
from pyoxigraph import Store

from kg.build.generations import Home
from kg.namespaces import Names
from kg.resources import folder
from kg.trace.duplicates import Duplicate, every_duplicate
from kg.trace.facts import Facts

BASE = "https://demo.kunnskapsgraf.example/"


@pytest.fixture(scope="module")
def facts(demo: Home) -> Facts:
    generation = demo.get_current()
    names = Names(generation.manifest.base_iri)
    return Facts(Store.read_only(str(generation.store)), names.inferred, names)


def planted() -> set[tuple[str, ...]]:
    """The rows of the two tables of the demo's README: who asks, what, where it is, whose that is, and if by an API."""
    text = (folder("demo") / "README.md").read_text(encoding="utf-8")
    part = text.split("### Duplicate collections", 1)[1].split("### ", 1)[0]
    rows = [
        tuple(cell.strip().strip("`") for cell in line.strip("|").split("|"))
        for line in part.splitlines()
        if line[:3] == "| `"
    ]
    return {row for row in rows if len(row) == 5}


def row(duplicate: Duplicate) -> tuple[str, ...]:
    holder = re.findall(r"[0-9]{9}$", duplicate.holder)[0]
    things = (duplicate.asking, duplicate.asked, duplicate.holding)
    return (*(thing.removeprefix(BASE) for thing in things), holder, "yes" if duplicate.apis else "no")


def test_the_planted_ones_are_found_and_nothing_else(facts: Facts) -> None:
    found = {row(duplicate) for duplicate in every_duplicate(facts)}
    assert found == planted()
    assert len(found) == 6


def test_they_are_of_different_shape(facts: Facts) -> None:
    shapes = {(duplicate.shape, bool(duplicate.apis)) for duplicate in every_duplicate(facts)}
    assert shapes == {("evidence", True), ("evidence", False), ("collection", True)}


def test_the_near_misses_are_there(facts: Facts) -> None:
    services = {service for service, _ in facts.pairs(facts.own("requiresDataIn"))}
    assert f"{BASE}digdir/tjeneste/digitalt-dodsbo" in services
    collected = facts.subjects(
        "http://purl.org/dc/terms/provenance", "http://data.brreg.no/datakatalog/provinens/bruker"
    )
    assert f"{BASE}husbanken/datasett/soknader" in collected


def test_each_statement_that_one_rests_on_is_held(facts: Facts) -> None:
    for duplicate in every_duplicate(facts):
        assert duplicate.statements
        for statement in duplicate.statements:
            assert facts.holds(statement.subject[1:-1], statement.predicate[1:-1], statement.object[1:-1])
