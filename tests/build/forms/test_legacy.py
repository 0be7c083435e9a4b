"""Legacy names: each former name leads to the one of today, and none of today is touched."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.build.forms.legacy import NAMESPACES, PERIOD_TERMS, PREFIXES, TERMS, find_current
from kg.namespaces import WELL_KNOWN_PREFIXES

REFERENCE = Path(__file__).resolve().parents[3] / ".." / "shared" / "reference"
EVERY_TABLE = {**NAMESPACES, **PREFIXES, **TERMS, **PERIOD_TERMS}


@pytest.mark.parametrize(
    ("written", "today"),
    [
        ("https://rdf-vocabulary.ddialliance.org/xkos/next", "http://rdf-vocabulary.ddialliance.org/xkos#next"),
        ("https://www.w3.org/ns/dx/prof/isProfileOf", "http://www.w3.org/ns/dx/prof/isProfileOf"),
        ("http://difi.no/dcatno#objective", "https://data.norge.no/vocabulary/dcatno#objective"),
        ("http://difi.no/dcatno#informationModel", "http://purl.org/dc/terms/conformsTo"),
        ("http://difi.no/skosno#Definisjon", "https://data.norge.no/vocabulary/skosno#Definisjon"),
        (
            "http://difi.no/skosno#assisiativRelasjon",
            "https://data.norge.no/vocabulary/skosno#assosiativRelasjon",
        ),
        ("http://www.w3.org/ns/dqvNS#inDimension", "http://www.w3.org/ns/dqv#inDimension"),
        ("http://www.w3c.org/2004/02/skos/core#prefLabel", "http://www.w3.org/2004/02/skos/core#prefLabel"),
        ("http://www.w3.org/TR/owl-time/hasBeginning", "http://www.w3.org/2006/time#hasBeginning"),
        ("http://www.w3.org/TR/vcard-rdf/fn", "http://www.w3.org/2006/vcard/ns#fn"),
        ("https://schema.org/ContactPoint", "http://schema.org/ContactPoint"),
        ("http://purl.org/dc/identifier", "http://purl.org/dc/terms/identifier"),
        ("http://purl.org/dc/terms/location", "http://purl.org/dc/terms/Location"),
        ("http://purl.org/dc/terms/landingPage", "http://www.w3.org/ns/dcat#landingPage"),
        ("http://www.w3.org/2001/XMLSchema#seeAlso", "http://www.w3.org/2000/01/rdf-schema#seeAlso"),
        ("http://www.w3.org/2004/02/skos/core#inSchema", "http://www.w3.org/2004/02/skos/core#inScheme"),
        ("http://data.europa.eu/m8g/hasContactPoint", "http://data.europa.eu/m8g/contactPoint"),
        ("http://data.europa.eu/m8g/hasCriterion", "http://data.europa.eu/m8g/holdsRequirement"),
        ("http://dcat.no/dcatapi/endpointDescription", "http://www.w3.org/ns/dcat#endpointDescription"),
        (
            "https://raw.githubusercontent.com/Informasjonsforvaltning/organization-catalog/master/src/main/resources"
            "/ontology/organization-catalog.owl#orgPath",
            "https://raw.githubusercontent.com/Informasjonsforvaltning/organization-catalog/main/src/main/resources"
            "/ontology/organization-catalog.owl#orgPath",
        ),
        (
            "https://publications.europa.eu/resource/authority/language/NOB",
            "http://publications.europa.eu/resource/authority/language/NOB",
        ),
        (
            "http://www.iana.org/assignments/media-types/text/csv",
            "https://www.iana.org/assignments/media-types/text/csv",
        ),
        ("http://psi.norge.no/los/tema/energi", "https://psi.norge.no/los/tema/energi"),
    ],
)
def test_former_name_leads_to_that_of_today(written: str, today: str) -> None:
    found = find_current(written)
    assert found is not None
    assert found[0] == today


@pytest.mark.parametrize(
    "iri",
    [
        "http://purl.org/dc/elements/1.1/identifier",  # another vocabulary, with a range of its own
        "http://purl.org/dc/terms",
        "http://purl.org/dc/terms/identifier",
        "http://www.w3.org/TR/owl-time/",  # the specification, not a term
        "https://schema.org/",
        "https://schema.org/docs/faq.html",
        "https://www.w3.org/TR/vocab-dcat-2/",
        "http://purl.org/vocab/cpsv#hasInput",  # version 1.0 says something else than 1.1
        "http://purl.org/vocab/cpsv#produces",
        "https://data.norge.no/vocabulary/cpsvno#mayInitiate",
        "https://fellesdatakatalog.digdir.no/ontology/internal/themePath",
        "http://schema.org/startDate",  # of an event, say
        "",
        "#",
        "urn:x",
    ],
)
def test_what_is_no_former_name_stays(iri: str) -> None:
    assert find_current(iri) is None


@pytest.mark.parametrize("today", sorted(set(EVERY_TABLE.values())))
def test_no_name_of_today_is_a_former_one(today: str) -> None:
    assert find_current(today) is None
    assert find_current(f"{today}x") is None


@given(st.sampled_from(sorted(EVERY_TABLE)), st.text(max_size=8))
def test_a_name_is_of_today_after_one_step(start: str, rest: str) -> None:
    found = find_current(start + rest)
    assert found is None or find_current(found[0]) is None


def test_namespaces_that_queries_predeclare_are_of_today() -> None:
    for namespace in WELL_KNOWN_PREFIXES.values():
        assert find_current(f"{namespace}anything") is None


@pytest.mark.skipif(not REFERENCE.is_dir(), reason="the trace paths are not beside this checkout")
def test_trace_paths_lose_no_form_that_they_look_for() -> None:
    """Each name that a path gives is of today, or its name of today is in the same path."""
    prefixes = (REFERENCE / "trace_prefixes.rq").read_text(encoding="utf-8").split("PREFIX ")[1:]
    namespaces = {name.strip(): iri.strip(" <>\n") for name, _, iri in (prefix.partition(":") for prefix in prefixes)}
    replaced = {}
    for line in (REFERENCE / "trace_paths.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        pattern = line.split("\t")[2]
        for word in pattern.replace("(", " ").replace(")", " ").replace("|", " ").replace("/", " ").split():
            prefix, colon, name = word.strip("^*?").partition(":")
            found = find_current(namespaces[prefix] + name) if colon and prefix in namespaces else None
            if found is not None:
                replaced[word] = found[0]
                assert any(f"{key}:{found[0].removeprefix(iri)}" in pattern for key, iri in namespaces.items())
    assert set(replaced) == {"difi:informationModel", "cv:hasCriterion"}
