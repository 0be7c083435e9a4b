"""Decisions as RDF: out and in again changes nothing, and only what is accepted is stated."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import OWL, RDF, Graph, URIRef
from rdflib.namespace import SKOS

from kg.errors import SourceError
from kg.linking.decision import Decision, Verdict
from kg.linking.graph import FORMATS, read_links, write_links
from kg.linking.statement import Importer
from kg.namespaces import DEFAULT_BASE_IRI, Names
from tests.linking.strategies import decisions
from tests.linking.test_sssom import once_each

NAMES = Names(DEFAULT_BASE_IRI)
IMPORTER = Importer("importør", "2026-01-01T00:00:00Z", Verdict.ACCEPT)


@given(several=st.lists(decisions(), max_size=5).map(once_each), rdf_format=st.sampled_from(sorted(FORMATS)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_out_and_in_again_changes_nothing(tmp_path: Path, several: list[Decision], rdf_format: str) -> None:
    path = tmp_path / "links"
    path.write_bytes(write_links(several, NAMES, rdf_format))
    read = read_links(path, rdf_format, IMPORTER, NAMES)
    assert not read.problems
    assert sorted(read.decisions, key=repr) == sorted(several, key=repr)


@given(several=st.lists(decisions(), max_size=5).map(once_each))
def test_only_what_is_accepted_is_stated_and_each_pair_has_its_axiom(several: list[Decision]) -> None:
    graph = Graph().parse(data=write_links(several, NAMES, "ntriples"), format="nt")
    matches = [triple for triple in graph if str(triple[1]).startswith(str(SKOS))]
    stated = {(str(s), str(p), str(o)) for s, p, o in matches}
    accepted = [each for each in several if each.verdict is Verdict.ACCEPT]
    assert stated == {(each.left, f"{SKOS}{each.relation}Match", each.right) for each in accepted}
    assert set(graph.subjects(RDF.type, OWL.Axiom)) == {URIRef(NAMES.link(each.id)) for each in several}


def test_plain_matches_of_another_file_come_in_as_the_importer_says(tmp_path: Path) -> None:
    path = tmp_path / "x.ttl"
    path.write_text(
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> . <a:a> skos:broadMatch <a:b> ; skos:note 'x' ."
    )
    (decision,) = read_links(path, "turtle", IMPORTER, NAMES).decisions
    assert (decision.left, decision.right, decision.verdict, decision.who) == ("a:a", "a:b", Verdict.ACCEPT, "importør")


def test_what_is_no_rdf_is_said_to_be_none(tmp_path: Path) -> None:
    path = tmp_path / "x.ttl"
    path.write_text("<a:a> <a:b")
    with pytest.raises(SourceError):
        read_links(path, "turtle", IMPORTER, NAMES)
