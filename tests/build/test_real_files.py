"""Builds of the real catalogue files, where they lie beside the checkout."""

import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from kg.aliases import read_aliases
from kg.build.forms.legacy import find_current
from kg.build.generations import Home
from kg.build.identity.identify import under_canonical_iris
from kg.build.pipeline import BuildPlan, build
from kg.build.report import Report
from kg.build.sources import Source
from kg.namespaces import FOAF, ORG, RDF, ROV, Names
from tests.build.conftest import DATA, FOLDERS

BASE = "https://kunnskapsgraf.example/"
NAMES = Names(BASE)
TYPE = NamedNode(f"{RDF}type")
FORMATS = {".ttl": RdfFormat.TURTLE, ".owl": RdfFormat.RDF_XML, ".rdf": RdfFormat.RDF_XML, ".jsonld": RdfFormat.JSON_LD}

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the real catalogue files are not beside this checkout")


def in_graphs(report: Report, *graphs: str) -> dict[str, set[str]]:
    """Named resources by class, in some graphs of a generation."""
    found: dict[str, set[str]] = defaultdict(set)
    store = Store.read_only(str(report.generation.store))
    for graph in graphs:
        for quad in store.quads_for_pattern(None, TYPE, None, NamedNode(graph)):
            assert isinstance(quad.subject, NamedNode)
            if isinstance(quad.object, NamedNode) and not quad.subject.value.startswith(NAMES.genid):
                found[quad.object.value].add(quad.subject.value)
    return found


def parsed_plainly(folder: str) -> dict[str, set[str]]:
    """Named resources by class, in the files of a folder as a parser gives them, but for white space and old names.

    Files of Enhetsregisteret are JSON; each organisation in them has a number of its own.
    """
    found: dict[str, set[str]] = defaultdict(set)
    for path in (DATA / folder).glob("*.json"):
        for number in re.findall(r'"organisasjonsnummer": "([0-9]{9})"', path.read_text(encoding="utf-8")):
            for class_ in (f"{ROV}RegisteredOrganization", f"{FOAF}Agent", f"{ORG}Organization"):
                found[class_].add(f"https://data.norge.no/organizations/{number}")
    for path in sorted((DATA / folder).rglob("*")):
        if path.suffix in FORMATS:
            base = f"{BASE}source/{folder}/"
            for quad in parse(path=str(path), format=FORMATS[path.suffix], base_iri=base, lenient=True):
                if (
                    quad.predicate == TYPE
                    and isinstance(quad.subject, NamedNode)
                    and isinstance(quad.object, NamedNode)
                ):
                    found[today(quad.object.value)].add(today(quad.subject.value.strip().replace(" ", "%20")))
    return found


def today(iri: str) -> str:
    """The IRI under which normalisation writes a class of a former namespace, or a renamed code."""
    current = find_current(iri)
    return current[0] if current else iri


# The AI projects have no IRIs in their file, and one contact point of the snapshots is a person's and is withheld.
@pytest.mark.parametrize("folder", [folder for folder in FOLDERS if folder not in {"ki", "snapshots"}])
def test_named_resources_per_class_are_those_of_a_plain_parse(real: Report, folder: str) -> None:
    built, plain = in_graphs(real, NAMES.source(folder)), parsed_plainly(folder)
    assert {cls: len(members) for cls, members in built.items()} == {
        cls: len(members) for cls, members in plain.items()
    }


def test_all_ai_projects_are_there_and_nothing_that_is_marked_internal(real: Report) -> None:
    projects = in_graphs(real, NAMES.source("ki"))[f"{BASE}ns/ki#Prosjekt"]
    assert len(projects) == 179
    assert b"INTERN-" not in real.generation.quads.read_bytes()


def test_problems_are_reported_with_file_and_line(real: Report) -> None:
    by_source = {source.entry.id: source for source in real.sources}
    assert any("space-in-uri.jsonld:" in problem.where for problem in by_source["datasets"].problems)
    assert Counter(problem.severity for problem in by_source["concepts"].problems)["error"] == 1
    assert sum(source.entry.triples for source in real.sources) > 100_000


def test_what_the_files_say_of_types_is_in_the_default_graph_too(real: Report) -> None:
    store = Store.read_only(str(real.generation.store))
    counted = sum(1 for _ in store.quads_for_pattern(None, None, None, DefaultGraph()))
    assert counted == real.generation.manifest.asserted
    mapping = {
        NamedNode(alias): NamedNode(canonical) for alias, canonical in read_aliases(real.generation.aliases).items()
    }
    for folder in FOLDERS:
        for quad in store.quads_for_pattern(None, TYPE, None, NamedNode(NAMES.source(folder))):
            triple = under_canonical_iris(quad.triple, mapping)
            assert triple is not None
            assert Quad(triple.subject, triple.predicate, triple.object, DefaultGraph()) in store


def test_the_two_national_snapshots_are_two_generations(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    reports = [
        build(
            [Source("norge", str(DATA / "snapshots" / f"difi-complete_{day}.jsonld"))],
            BuildPlan(BASE),
            home,
            lambda *_: None,
        )
        for day in ("2017-10-25", "2018-03-08")
    ]
    counts = [len(in_graphs(report, NAMES.source("norge"))["http://www.w3.org/ns/dcat#Dataset"]) for report in reports]
    assert counts == [484, 550]
    assert [generation.number for generation in home.list_generations()] == [1, 2]
    records = in_graphs(reports[1], NAMES.records)["http://www.w3.org/ns/dcat#CatalogRecord"]
    assert len(records) >= 550
