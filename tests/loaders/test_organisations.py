"""Enhetsregisteret: organisations under canonical IRIs, streamed, and never a person."""

import csv
import gzip
import io
import json
import re
import tracemalloc
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from kg.errors import SourceError
from kg.namespaces import DCT, FOAF, RDF, WELL_KNOWN_PREFIXES
from kg.organisation_numbers import is_organisation_number
from loaders.organisation_json import json_records
from loaders.organisation_records import Notes
from loaders.organisations import OrganisationsLoader
from loaders.protocol import SourceFile
from loaders.rdf import RdfLoader
from loaders.reading import head
from loaders.registry import LOADERS
from tests.loaders.conftest import Load, Loaded

LOADER = OrganisationsLoader()
ORG = WELL_KNOWN_PREFIXES["org"]
ROV = WELL_KNOWN_PREFIXES["rov"]
CATALOGUE = (
    "https://raw.githubusercontent.com/Informasjonsforvaltning/organization-catalog/main/src/main/resources/ontology"
)
BR = f"{CATALOGUE}/organization-catalog.owl#"
BASE = "https://data.norge.no/organizations/"
REAL = (Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "organizations").resolve()

Entity = dict[str, Any]


def entity(number: str = "974760673", name: str = "REGISTERENHETEN", form: str = "ORGL", **fields: Any) -> Entity:
    return {"organisasjonsnummer": number, "navn": name, "organisasjonsform": {"kode": form}, **fields}


def load_json(load: Load, *entities: object) -> Loaded:
    return load(json.dumps(list(entities)), "enheter.json", LOADER)


def objects(loaded: Loaded, predicate: str) -> list[str]:
    return [str(quad.object) for quad in loaded.quads if quad.predicate.value == predicate]


def numbers(loaded: Loaded) -> list[str]:
    return [quad.object.value for quad in loaded.quads if quad.predicate.value == f"{DCT}identifier"]  # type: ignore[union-attr]


def once(loaded: Loaded) -> set[tuple[str, str]]:
    """The problems without where and how often: some forms have one line for all entities."""
    return {(problem.severity, re.sub(r" \(\d+ times\)$", "", problem.what)) for problem in loaded.problems}


def flat(value: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    """The cells that the register's table has for an entity."""
    for key, field in value.items():
        if isinstance(field, dict):
            yield from flat(field, f"{prefix}{key}.")
        else:
            yield prefix + key, str(field).lower() if isinstance(field, bool) else str(field)


def table(entities: Sequence[Entity], delimiter: str) -> str:
    rows = [dict(flat(entity)) for entity in entities]
    out = io.StringIO()
    columns = list(dict.fromkeys(column for row in rows for column in row))
    writer = csv.DictWriter(out, columns, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


# The forms that the files have

names = st.text(st.characters(categories=("Lu", "Zs", "Po", "Nd")), min_size=1, max_size=20).filter(
    lambda text: text.strip()
)
flags = st.booleans()
any_entity: st.SearchStrategy[Any] = st.fixed_dictionaries(
    {
        "organisasjonsnummer": st.sampled_from(["974760673", "991825827", "974760674", "971040238"]),
        "navn": names,
        "organisasjonsform": st.fixed_dictionaries({"kode": st.sampled_from(["ORGL", "STAT", "ENK", "KOMM"])}),
    },
    optional={
        "hjemmeside": st.sampled_from(["www.brreg.no", "https://www.nav.no/", "ingen", "post@brreg.no"]),
        "overordnetEnhet": st.sampled_from(["912660680", "912660681", "9126"]),
        "konkurs": flags,
        "underAvvikling": flags,
        "underTvangsavviklingEllerTvangsopplosning": flags,
        "maalform": st.sampled_from(["Bokmål", "Nynorsk"]),
        "registreringsdatoEnhetsregisteret": st.sampled_from(["1995-08-09", "1995-02-30"]),
    },
)
entities = st.lists(any_entity, min_size=1, max_size=5).filter(
    lambda drawn: any(entity["organisasjonsform"]["kode"] != "ENK" for entity in drawn)
)


@settings(max_examples=60, deadline=2000, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(entities)
def test_every_form_of_a_file_gives_the_same_organisations(load: Load, drawn: list[Entity]) -> None:
    page = {"_embedded": {"enheter": drawn}, "_links": {}, "page": {"size": len(drawn)}}
    reordered = {"page": {"size": 1}, "_embedded": {"enheter": drawn[1:], "underenheter": drawn[:1]}}
    expected = load_json(load, *drawn)
    in_order = {
        "page": json.dumps(page, indent=2),
        "lines": "\n".join(map(json.dumps, drawn)),
        "gzip": gzip.compress(json.dumps(drawn).encode()),
        "comma": table(drawn, ","),
        "semicolon": "\ufeff" + table(drawn, ";").replace("\n", "\r\n"),
    }
    for form, content in in_order.items():
        loaded = load(content, "fil", LOADER)
        assert loaded.triples == expected.triples, form
        assert once(loaded) == once(expected), form
    assert load(json.dumps(reordered), "fil", LOADER).triples == expected.triples
    everything = "\n".join(str(quad) for quad in expected.quads)
    assert all(f"/{number}>" in everything for number in numbers(expected))


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (json.dumps([entity()]), "enheter_alle.json"),
        (json.dumps(entity(), indent=1), "974760673.json"),
        (json.dumps({"_embedded": {"underenheter": [entity(form="BEDR")]}}), "side.json"),
        (json.dumps(entity()) + "\n" + json.dumps(entity()), "linjer"),
        (json.dumps([entity()] * 1000)[:60_000], "kuttet.json"),
        (table([entity()], ","), "enheter_alle.csv"),
        ("\n" + table([entity()], ";").replace("organisasjonsnummer", "Organisasjonsnummer"), "enheter"),
    ],
)
def test_the_content_is_recognised_by_this_kind_alone(content: str, name: str) -> None:
    assert [loader.kind for loader in LOADERS if loader.recognises(content.encode(), name)] == ["organisations"]


@pytest.mark.parametrize(
    "content",
    [
        "[]",
        "{}",
        '{"organisasjonsnummer": "974760673", "datasett": []}',
        '{"utgiver": {"organisasjonsnummer": "974760673", "navn": "X", "organisasjonsform": {"kode": "ORGL"}}}',
        '[{"organisasjonsnummer": "974760673", "rollegrupper": [{"person": {"navn": {"fornavn": "Prøve"}}}]}]',
        "organisasjonsnummer,navn\n974760673,X\n",
        '"organisasjonsnummer,navn',
        '{"@context": {}, "organisasjonsnummer": "974760673", "navn": "X", "organisasjonsform": {"kode": "ORGL"}}',
    ],
)
def test_what_is_no_file_of_the_register_is_not_recognised(content: str) -> None:
    assert not LOADER.recognises(content.encode(), "fil")


def test_rdf_of_this_kind_is_read_as_rdf(load: Load) -> None:
    turtle = f"<{BASE}974760673> a <{ORG}Organization> ."
    assert load(turtle, "katalog.ttl", LOADER).triples == load(turtle, "katalog.ttl", RdfLoader()).triples
    assert not LOADER.recognises(turtle.encode(), "katalog.ttl")


def test_a_page_without_hits_holds_nothing_and_is_no_fault(load: Load) -> None:
    loaded = load('{"_links": {}, "page": {"size": 20, "totalElements": 0}}', "side.json", LOADER)
    assert (loaded.quads, loaded.problems) == ([], [])


def test_another_table_is_refused_with_what_is_missing(load: Load) -> None:
    with pytest.raises(SourceError, match=r"is no file of Enhetsregisteret") as caught:
        load("\n\nnavn;antall\nX;3\n", "tabell.csv", LOADER)
    assert caught.value.where == "tabell.csv:3"
    assert "organisasjonsform.kode" in caught.value.hint


# What is said of an organisation


def test_an_organisation_has_the_shape_of_the_organisation_catalogue(load: Load) -> None:
    whole = entity(
        hjemmeside="www.brreg.no",
        overordnetEnhet="912660680",
        naeringskode1={"kode": "84.110"},
        institusjonellSektorkode={"kode": "6100"},
        registreringsdatoEnhetsregisteret="1995-08-09",
        konkurs=False,
        underAvvikling=False,
        underTvangsavviklingEllerTvangsopplosning=False,
        orgPath="/STAT/912660680/974760673",
        maalform="Bokmål",
    )
    loaded = load_json(load, whole)
    said = {quad.predicate.value: str(quad.object) for quad in loaded.quads}
    assert said[f"{ROV}legalName"] == '"REGISTERENHETEN"'
    assert said[f"{FOAF}name"] == '"REGISTERENHETEN"@nb'
    assert said[f"{ROV}orgType"] == f"<{CATALOGUE}/org-type.ttl#ORGL>"
    assert said[f"{ROV}orgStatus"] == f"<{CATALOGUE}/org-status.ttl#NormalAktivitet>"
    assert (said[f"{BR}nace"], said[f"{BR}sectorCode"]) == ('"84.110"', '"6100"')
    assert said[f"{BR}orgPath"] == '"/STAT/912660680/974760673"'
    assert said[f"{BR}norwegianRegistry"] == "<https://data.brreg.no/enhetsregisteret/api/enheter/974760673>"
    assert said[f"{ORG}subOrganizationOf"] == f"<{BASE}912660680>"
    assert said[f"{FOAF}homepage"] == "<http://www.brreg.no>"
    assert said[f"{DCT}issued"] == '"1995-08-09"^^<http://www.w3.org/2001/XMLSchema#date>'
    types = {quad.object for quad in loaded.quads if quad.predicate.value == f"{RDF}type"}
    assert {
        NamedNode(f"{ROV}RegisteredOrganization"),
        NamedNode(f"{FOAF}Agent"),
        NamedNode(f"{ORG}Organization"),
    } < types
    assert loaded.problems == []


@pytest.mark.skipif(not REAL.exists(), reason=f"the real files are not in {REAL}")
def test_the_real_files_give_the_statements_of_the_real_catalogue() -> None:
    def said(name: str) -> set[str]:
        path = REAL / name
        file = SourceFile("ekte", name, path, "http://localhost:5050/", "https://mint.example/")
        quads = OrganisationsLoader().load(file).quads
        return {quad.predicate.value for quad in quads}

    catalogue = said("getBrreg.ttl")
    ours = said("download_123456789.json") | said("download_stat_sub.json")
    # Neither is in the register's files; the catalogue looks them up elsewhere.
    assert catalogue - ours == {f"{BR}municipality", f"{BR}orgPath"}
    assert ours - catalogue == set()
    for path in sorted(REAL.glob("*.json")):
        assert [loader.kind for loader in LOADERS if loader.recognises(head(path), path.name)] == ["organisations"]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, []),
        ({"konkurs": False, "underAvvikling": False}, []),
        (
            dict.fromkeys(("konkurs", "underAvvikling", "underTvangsavviklingEllerTvangsopplosning"), False),
            ["NormalAktivitet"],
        ),
        ({"konkurs": True}, []),
        ({"slettedato": "2015-08-09", "konkurs": False}, ["Avviklet"]),
    ],
)
def test_the_status_is_stated_only_where_the_register_says_it(load: Load, fields: Entity, status: list[str]) -> None:
    loaded = load_json(load, entity(**fields))
    assert objects(loaded, f"{ROV}orgStatus") == [f"<{CATALOGUE}/org-status.ttl#{code}>" for code in status]


@pytest.mark.parametrize(
    ("text", "iri"),
    [
        ("www.brreg.no", "http://www.brreg.no"),
        ("HTTPS://www.brreg.no/a?b#c", "HTTPS://www.brreg.no/a?b#c"),
        ("www.blåbær.no:8080/søk", "http://www.blåbær.no:8080/søk"),
    ],
)
def test_a_homepage_without_a_scheme_gets_one(load: Load, text: str, iri: str) -> None:
    loaded = load_json(load, entity(hjemmeside=text))
    assert (objects(loaded, f"{FOAF}homepage"), loaded.problems) == ([f"<{iri}>"], [])


@pytest.mark.parametrize(
    "text",
    ["ingen", "www.a.no og www.b.no", "post@a.no", "bruker@www.a.no/x", "ftp://a.no", "javascript:x.y", "www.a.no/<x>"],
)
def test_what_is_no_homepage_is_left_out_and_said(load: Load, text: str) -> None:
    loaded = load_json(load, entity(hjemmeside=text))
    assert objects(loaded, f"{FOAF}homepage") == []
    (problem,) = loaded.problems
    assert ("e-mail" in problem.what) == ("@" in text)
    assert "@" not in problem.what


def test_a_wrong_check_digit_is_loaded_and_said(load: Load) -> None:
    loaded = load_json(load, entity("974760674", overordnetEnhet="912660681"))
    assert {quad.subject.value for quad in loaded.quads if isinstance(quad.subject, NamedNode)} == {f"{BASE}974760674"}
    assert [problem.severity for problem in loaded.problems] == ["warning", "warning"]
    assert not is_organisation_number("974760674")


def test_a_number_may_be_written_as_one(load: Load) -> None:
    assert numbers(load_json(load, {**entity(), "organisasjonsnummer": 974760673})) == ["974760673"]


def test_an_entity_without_number_or_name_is_an_error_and_the_rest_loads(load: Load) -> None:
    nameless = {"organisasjonsnummer": "991825827", "organisasjonsform": {"kode": "ORGL"}}
    loaded = load_json(load, entity(number=""), nameless, None, entity())
    assert numbers(loaded) == ["974760673"]
    assert [problem.severity for problem in loaded.problems] == ["error"] * 3


def test_problems_over_the_cap_are_counted(load: Load) -> None:
    loaded = load(
        json.dumps([entity("", str(n)) for n in range(7)] + [entity()], indent=0),
        "x.json",
        OrganisationsLoader(problem_cap=5),
    )
    assert [problem.what for problem in loaded.problems[5:]] == ["and 2 more problems"]
    assert loaded.problems[5].severity == "error"


def test_the_agencies_of_the_demo_are_loaded_without_a_problem(load: Load) -> None:
    demo = Path(__file__).resolve().parents[2] / "demo"
    loaded = load((demo / "enhetsregisteret.json").read_bytes(), "enhetsregisteret.json", LOADER)
    assert loaded.problems == []
    assert len(set(numbers(loaded))) == 14
    assert all(map(is_organisation_number, numbers(loaded)))
    parents = {
        (quad.subject.value.removeprefix(BASE), quad.object.value.removeprefix(BASE))
        for quad in loaded.quads
        if quad.predicate.value == f"{ORG}subOrganizationOf"
        and isinstance(quad.subject, NamedNode)
        and isinstance(quad.object, NamedNode)
    }
    readme = (demo / "README.md").read_text(encoding="utf-8")
    assert parents == set(re.findall(r"^\| (\d{9}) \| (\d{9}) \|$", readme, re.MULTILINE))
    assert {parent for _, parent in parents} < set(numbers(loaded))


# Persons

PERSON = "PRØVE EKSEMPELSEN"


@pytest.mark.parametrize("form", ["ENK", "PERS", "BO", "KBO", "KTRF", "TVAM", "SAM", "OPMV", "PRE", "", "XYZ", "enk"])
def test_nothing_of_a_person_is_loaded_or_told(load: Load, form: str) -> None:
    person = entity("100000016", PERSON, form, hjemmeside="www.eksempelsen.example")
    loaded = load_json(load, person, entity())
    everything = f"{loaded.quads} {loaded.problems}"
    assert numbers(loaded) == ["974760673"]
    assert not any(text in everything for text in (PERSON, "100000016", "eksempelsen"))
    (problem,) = loaded.problems
    # A form that is known to be of persons is counted; one that may be is a fault.
    assert (problem.severity == "error") == (form in {"", "XYZ", "enk"})


def test_a_subunit_is_loaded_only_where_its_main_unit_is_no_person(load: Load) -> None:
    people = (entity("100000016", PERSON, "ENK"), entity("100000032", PERSON, "BEDR", overordnetEnhet="100000016"))
    stray = entity("100000040", PERSON, "AAFY", overordnetEnhet="912660680")
    ours = entity("100000024", "REGISTERENHETEN AVD OSLO", "BEDR", overordnetEnhet="974760673")
    loaded = load_json(load, *people, stray, entity(), ours)
    assert numbers(loaded) == ["974760673", "100000024"]
    assert PERSON not in f"{loaded.quads} {loaded.problems}"
    assert [problem.what.rpartition(": ")[2] for problem in loaded.problems] == ["1", "2"]
    assert "<https://data.brreg.no/enhetsregisteret/api/underenheter/100000024>" in objects(
        loaded, f"{BR}norwegianRegistry"
    )


def test_only_persons_make_an_empty_file_and_no_fault(load: Load) -> None:
    loaded = load_json(load, entity("100000016", PERSON, "ENK"))
    assert (loaded.quads, [problem.severity for problem in loaded.problems]) == ([], ["warning"])


SECRET = "HEMMELIG"
secret = st.sampled_from(
    [SECRET, [SECRET], {"adresse": SECRET, "kode": SECRET}, f"{SECRET}@x.no", f"{SECRET} 22 22 22 22"]
)
others = st.dictionaries(
    st.sampled_from(
        [
            "epostadresse",
            "telefon",
            "mobil",
            "postadresse",
            "forretningsadresse",
            "aktivitet",
            "kapital",
            "beliggenhetsadresse",
            "vedtektsfestetFormaal",
            "rollegrupper",
            "Navn",
            "hjemmeside.x",
        ]
    ),
    secret,
)


@settings(max_examples=60, deadline=2000, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(others)
def test_no_other_field_is_loaded(load: Load, fields: Entity) -> None:
    loaded = load_json(load, entity(**fields))
    assert loaded.triples == load_json(load, entity()).triples
    assert SECRET not in str(loaded.problems)
    text = table([entity(**fields)], ";")
    assert load(text, "enheter.csv", LOADER).triples == loaded.triples


# Faults

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*entity(), "_embedded", "enheter", "kode"]), inner, max_size=4)
    ),
    max_leaves=12,
)
limits = settings(
    max_examples=150, deadline=2000, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def check(load: Load, content: bytes | str, name: str = "fil.json") -> Loaded | None:
    """Load content that may be anything; only a SourceError is allowed to come of it."""
    LOADER.recognises(content.encode() if isinstance(content, str) else content, name)
    try:
        loaded = load(content, name, LOADER)
    except SourceError as error:
        assert error.where.startswith(name)
        return None
    for problem in loaded.problems:
        assert problem.where.startswith(name)
        assert problem.what.isprintable()
    for number in numbers(loaded):
        assert len(number) == 9
        assert number.isdigit()
    return loaded


@limits
@given(json_values)
def test_any_json_ends_well(load: Load, value: object) -> None:
    check(load, json.dumps(value))
    check(load, json.dumps([value, entity(), value]))
    check(load, json.dumps({"_embedded": {"enheter": [value]}}))


@limits
@given(st.binary(max_size=40), st.integers(0, 400), st.integers(0, 30), st.sampled_from("[{o"))
def test_damaged_files_end_well(load: Load, noise: bytes, at: int, cut: int, form: str) -> None:
    whole = [entity(), entity("991825827", form="STAT", hjemmeside="www.a.no"), entity("971040238", PERSON, "ENK")]
    text = {"[": json.dumps(whole), "{": "\n".join(map(json.dumps, whole)), "o": table(whole, ",")}[form].encode()
    loaded = check(load, text[:at] + noise + text[at + cut :])
    if loaded is not None:
        assert f'"{PERSON}"' not in str(loaded.quads) or b"ENK" not in text[:at] + noise + text[at + cut :]


@limits
@given(st.integers(0, 2), st.integers(0, 90))
def test_a_fault_costs_no_more_than_its_entity(load: Load, which: int, at: int) -> None:
    texts = [json.dumps(entity(number)) for number in ("974760673", "991825827", "971040238")]
    at = min(at, len(texts[which]) - 1)
    texts[which] = texts[which][:at] + "\x01" + texts[which][at + 1 :]
    loaded = check(load, "[" + ",\n".join(texts) + "]")
    assert loaded is not None
    others = [number for place, number in enumerate(["974760673", "991825827", "971040238"]) if place != which]
    assert [number for number in numbers(loaded) if number in others] == others
    assert [problem.where for problem in loaded.problems if "broken" in problem.what] == [f"fil.json:{which + 1}"]


GOOD = json.dumps(entity("991825827"))
ODD = {
    "deep": '{"organisasjonsnummer": ' + "[" * 200_000,
    "deep and whole": '{"organisasjonsnummer": ' + "[" * 50_000 + "]" * 50_000 + "}",
    "huge integer": '{"organisasjonsnummer": ' + "9" * 1_000_000 + "}",
    "huge exponent": '{"organisasjonsnummer": 1e999999999}',
    "not a number": '{"organisasjonsnummer": NaN, "navn": Infinity}',
    "half a character": '{"organisasjonsnummer": "\\ud800", "navn": "\\udfff", "organisasjonsform": {"kode": "A"}}',
    "double keys": '{"organisasjonsnummer": "1", "organisasjonsnummer": "100000016", "navn": 1, "navn": []}',
    "long string": '{"organisasjonsnummer": "100000016", "organisasjonsform": {"kode": "AS"}, "navn": "'
    + "A" * 10_000_000
    + '"}',
    "zero bytes": "\0" * 1000,
    "no end of a string": '{"organisasjonsnummer": "' + "x" * 600_000,
}


class Drops(io.StringIO):
    """Text that comes a few characters at a time."""

    def read(self, size: int | None = -1) -> str:
        return super().read(3)


def test_it_does_not_matter_where_the_reading_of_a_text_pauses() -> None:
    # Longer than what is read before a value is looked at.
    tokens: list[object] = [None, -12.5e-17, {}, "\U0001f600\\", True, "x" * 20] * 20
    whole = json.dumps([entity(name='"\U0001f600" \\ \n', x=tokens), entity("991825827", x=tokens)])
    for text in (whole, whole.replace(", ", " ,\n  ")):
        notes = Notes(100)
        slow = list(json_records(Drops(text), notes))
        assert slow == list(json_records(io.StringIO(text), notes))
        assert [record.text("number") for record in slow] == ["974760673", "991825827"]
        assert notes.problems("x") == []


def test_not_a_number_is_no_name(load: Load) -> None:
    loaded = load(
        f"[{GOOD}, {json.dumps(entity()).replace(chr(34) + 'REGISTERENHETEN' + chr(34), 'NaN')}]", "x", LOADER
    )
    assert numbers(loaded) == ["991825827"]
    assert [problem.what for problem in loaded.problems] == ["entity 2 has no name; it is left out"]


@pytest.mark.parametrize("odd", ODD)
def test_odd_json_leaves_what_follows_alone(load: Load, odd: str) -> None:
    loaded = check(load, f"[{ODD[odd]},\n{GOOD}]")
    assert loaded is not None
    assert numbers(loaded) == ["991825827"]
    assert loaded.problems


def test_faults_within_faults_are_given_up(load: Load) -> None:
    with pytest.raises(SourceError) as caught:
        load('[{"organisasjonsnummer":' * 300_000, "fil.json", LOADER)
    assert "nested too deeply" in caught.value.what
    loaded = load(f"[{GOOD}, " + '{"organisasjonsnummer":' * 300_000, "fil.json", LOADER)
    assert numbers(loaded) == ["991825827"]
    assert "too many places" in loaded.problems[-1].what


@pytest.mark.parametrize("text", ["9" * 300_000, '"' + "x" * 300_000, '"' + "x\n" * 300_000, ";" * 300_000])
def test_odd_tables_end_well(load: Load, text: str) -> None:
    loaded = check(load, table([entity()], ",") + text, "fil.csv")
    assert loaded is not None
    assert numbers(loaded) == ["974760673"]
    assert loaded.problems


def test_a_broken_gzip_stream_is_told_and_what_came_is_loaded(load: Load) -> None:
    content = gzip.compress(json.dumps([entity(name=str(n)) for n in range(8_000)]).encode())
    loaded = load(content[: len(content) * 3 // 4], "enheter_alle.json.gz", LOADER)
    assert numbers(loaded)
    assert any("gzip" in problem.what for problem in loaded.problems)


def test_bytes_that_are_not_utf_8_are_told(load: Load) -> None:
    loaded = load(table([entity(name="BRØNNØY")], ",").encode("latin-1"), "enheter.csv", LOADER)
    assert "BR\ufffdNN\ufffdY" in {quad.object.value for quad in loaded.quads if isinstance(quad.object, Literal)}
    assert [problem.where for problem in loaded.problems] == ["enheter.csv:2"]


def test_a_file_over_the_limit_is_refused(load: Load) -> None:
    with pytest.raises(SourceError, match="more than 1,000 bytes"):
        load(json.dumps([entity()] * 100), "enheter.json", OrganisationsLoader(size_limit=1000))


@pytest.mark.parametrize("form", ["json", "csv"])
def test_the_register_is_streamed(tmp_path: Path, form: str) -> None:
    path = tmp_path / "enheter_alle"
    padded = [entity(f"{n:09}", aktivitet="x" * 6000) for n in range(1000)]
    path.write_text(json.dumps(padded, indent=1) if form == "json" else table(padded, ","), encoding="utf-8")
    del padded
    size = path.stat().st_size
    assert size > 6_000_000
    tracemalloc.start()
    harvest = OrganisationsLoader().load(SourceFile("x", path.name, path, "https://b.example/", "https://m.example/"))
    count = sum(quad.predicate.value == f"{DCT}identifier" for quad in harvest.quads)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 1000
    assert peak < size / 2
