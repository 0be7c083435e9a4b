"""The list of AI projects: stable IRIs, nothing private, values in one form beside what was written."""

import csv
import io
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.errors import SourceError
from kg.namespaces import ADMS, DCAT, DCT, FOAF, RDF, XSD
from loaders.ai_projects import AiProjectsLoader
from tests.loaders.conftest import Load, Loaded

LOADER = AiProjectsLoader()
KI = "https://mint.example/ns/ki#"
HEADER = [
    "",
    "Prosjekteier",
    "Prosjekttittel",
    "Departement",
    "Eiertype",
    "Sektor (intern | ikke publisering)",
    "Beskrivelse av prosjekt",
    "Formål med prosjekt",
    "Prosjektstart",
    "Prosjektslutt",
    "Tilknyttede organisasjoner",
    "Bruk av innleide konsulenter",
    "Lenke til prosjekt",
    "Status",
    "Type data",
    "Datakilde",
    "Modellutvikling",
    "Klassifisering",
]
Project = dict[str, str]


def table(projects: Sequence[Project], header: Sequence[str] = HEADER, delimiter: str = ",") -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(header)
    for project in projects:
        writer.writerow([project.get(column, "") for column in header])
    return out.getvalue()


def project(title: str = "Tolking av kart", owner: str = "Kartkontoret", **cells: str) -> Project:
    names = {"description": "Beskrivelse av prosjekt", "number": "", "link": "Lenke til prosjekt"}
    return {
        "Prosjekteier": owner,
        "Prosjekttittel": title,
        **{names.get(column, column.capitalize()): text for column, text in cells.items()},
    }


def iris(loaded: Loaded) -> list[str]:
    return [str(quad.subject) for quad in loaded.quads if str(quad.object) == f"<{KI}Prosjekt>"]


def values(loaded: Loaded, predicate: str) -> list[str]:
    return [str(quad.object) for quad in loaded.quads if quad.predicate.value == predicate]


def one(load: Load, column: str, text: str) -> Loaded:
    return load(table([{**project(), column: text}]), "ki.csv", LOADER)


# IRIs

cells = st.sampled_from(["", "a", "A ", "b", "æ\nø", 'Kart, og "terreng"'])
projects = st.lists(
    st.fixed_dictionaries(
        {
            "Prosjekteier": st.sampled_from(["Kartkontoret", "KARTKONTORET ", "Målestedet"]),
            "Prosjekttittel": st.sampled_from(["Kart", " kart", "Lyd", "Lys"]),
            "Beskrivelse av prosjekt": cells,
            "Lenke til prosjekt": cells,
            "Prosjektstart": cells,
        }
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(projects, st.randoms(use_true_random=False))
def test_order_and_numbers_do_not_change_the_iris(load: Load, listed: list[Project], random: object) -> None:
    numbered = [{**item, "": str(number)} for number, item in enumerate(listed, 1)]
    shuffled = [{**item, "": str(number)} for number, item in enumerate(listed, 50)]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    before, after = (load(table(rows), "ki.csv", LOADER) for rows in (numbered, shuffled))
    assert set(iris(before)) == set(iris(after))
    untold = {triple for triple in before.triples if f"{DCT}identifier" not in triple}
    assert untold == {triple for triple in after.triples if f"{DCT}identifier" not in triple}


def test_case_width_and_spaces_do_not_change_the_iri(load: Load) -> None:
    ways = [
        ("Tolking av kart", "Kartkontoret"),
        (" tolking  AV kart\n", "KARTKONTORET"),
        ("Tolking av ｋart", "Kartkontoret "),
    ]
    found = {iris(load(table([project(*way)]), "ki.csv", LOADER))[0] for way in ways}
    assert len(found) == 1


def test_projects_that_share_owner_and_title_are_told_apart_by_what_differs(load: Load) -> None:
    first, second = project(description="Den ene", number="1"), project(description="Den andre", number="2")
    both = load(table([first, second]), "ki.csv", LOADER)
    assert len(set(iris(both))) == 2
    assert both.told == [
        ("ki.csv:3", "has the owner and title of the project on line 2, told apart by «beskrivelse av prosjekt»")
    ]
    turned = load(table([{**second, "": "1"}, {**first, "": "2"}]), "ki.csv", LOADER)
    assert iris(turned) == iris(both)[::-1]


def test_projects_that_no_single_column_tells_apart_are_told_apart_by_all(load: Load) -> None:
    listed = [project(description=text, link=link) for text, link in (("x", "a"), ("x", "b"), ("y", "a"))]
    loaded = load(table(listed), "ki.csv", LOADER)
    assert len(set(iris(loaded))) == 3
    assert sum("told apart by all columns" in what for _, what in loaded.told) == 2


def test_rows_that_differ_in_their_number_only_are_one_project(load: Load) -> None:
    loaded = load(table([project(number="1"), project(number="2")]), "ki.csv", LOADER)
    assert len(set(iris(loaded))) == 1
    assert sorted(values(loaded, f"{DCT}identifier")) == ['"1"', '"2"']
    assert loaded.told == [("ki.csv:3", "is the same project as the one on line 2")]


# What is never loaded


def test_private_columns_are_loaded_in_no_form(load: Load) -> None:
    header = [*HEADER, "Kontaktperson", "Intern merknad", "E-post", "kontakt (telefon)"]
    secret = dict.fromkeys(header[-4:], "HEMMELIG") | {"Sektor (intern | ikke publisering)": "HEMMELIG"}
    loaded = load(
        table([{**project(description="x"), **secret}, {**project("Annet"), **secret}], header), "ki.csv", LOADER
    )
    assert "HEMMELIG" not in f"{loaded.triples}{loaded.problems}"
    without = load(table([project(description="x"), project("Annet")]), "ki.csv", LOADER)
    assert loaded.triples == without.triples


@pytest.mark.parametrize("moved", ["1,Kartkontoret,Kart, med komma", "1,Kartkontoret"])
def test_a_row_whose_cells_may_have_moved_is_left_out(load: Load, moved: str) -> None:
    row = f"{moved},,Annet,HEMMELIG{',' * 12}\n"
    loaded = load(table([project("Hel")]) + row, "ki.csv", LOADER)
    assert "HEMMELIG" not in f"{loaded.triples}{loaded.problems}"
    assert (len(iris(loaded)), loaded.told[0][0]) == (1, "ki.csv:3")
    assert loaded.problems[0].severity == "error"


# Values


@pytest.mark.parametrize(
    ("column", "text", "predicate", "scheme", "notations"),
    [
        ("Eiertype", "Statlig virksmhet", f"{KI}eiertype", "eiertype", ["statlig-virksomhet"]),
        ("Eiertype", " STATLIG  virksomhet ", f"{KI}eiertype", "eiertype", ["statlig-virksomhet"]),
        ("Status", "i bruk", f"{ADMS}status", "status", ["i-bruk"]),
        ("Type data", "Bilder, fritekst;Lyd", f"{KI}typeData", "type-data", ["bilder", "fritekst", "lyd"]),
        (
            "Datakilde",
            "Syntetiske, brukergenerert",
            f"{KI}datakilde",
            "datakilde",
            ["syntetiske-data", "brukergenererte-data"],
        ),
        (
            "Klassifisering",
            "AI Ethics\nmachine learning\n",
            f"{KI}teknikk",
            "teknikk",
            ["ai-ethics", "machine-learning"],
        ),
        ("Klassifisering", "Searching;Chatbot;", f"{KI}teknikk", "teknikk", ["searching", "chatbot"]),
    ],
)
def test_codes_become_concepts_and_their_text_stays(
    load: Load, column: str, text: str, predicate: str, scheme: str, notations: list[str]
) -> None:
    loaded = one(load, column, text)
    assert values(loaded, predicate) == [f"<https://mint.example/ki/{scheme}/{notation}>" for notation in notations]
    assert any(
        quad.predicate.value.endswith("Kildetekst") and quad.object.value == text
        for quad in loaded.quads
        if hasattr(quad.object, "value")
    )
    assert loaded.problems == []


@pytest.mark.parametrize(
    ("column", "text"),
    [("Status", "Kanskje"), ("Eiertype", "Privat"), ("Modellutvikling", "delvis"), ("Klassifisering", "x" * 80)],
)
def test_a_value_that_is_not_known_stays_text_and_is_told(load: Load, column: str, text: str) -> None:
    loaded = one(load, column, text)
    assert "/ki/" not in "".join(values(loaded, f"{RDF}type")).replace("/ns/ki#Prosjekt", "")
    assert any(f'"{text}"' in triple and "Kildetekst" in triple for triple in loaded.triples)
    assert loaded.told[0][0] == "ki.csv:2"


def test_a_new_technique_gets_a_concept_and_is_told(load: Load) -> None:
    loaded = one(load, "Klassifisering", "Dyp læring")
    assert values(loaded, f"{KI}teknikk") == ["<https://mint.example/ki/teknikk/dyp-laering>"]
    assert loaded.told == [("ki.csv:2", '"Dyp læring" is a new value of KI-teknikk; added as it is')]


@pytest.mark.parametrize(("text", "expected"), [("Ja", "true"), ("ja ", "true"), ("NEI", "false")])
def test_yes_and_no_become_booleans(load: Load, text: str, expected: str) -> None:
    assert values(one(load, "Modellutvikling", text), f"{KI}egenModellutvikling") == [f'"{expected}"^^<{XSD}boolean>']


def test_years_become_a_period(load: Load) -> None:
    loaded = load(table([{**project(), "Prosjektstart": " 2021", "Prosjektslutt": "2023"}]), "ki.csv", LOADER)
    assert values(loaded, f"{DCAT}startDate") == [f'"2021"^^<{XSD}gYear>']
    assert values(loaded, f"{DCAT}endDate") == [f'"2023"^^<{XSD}gYear>']
    assert len(values(loaded, f"{DCT}temporal")) == 1


@pytest.mark.parametrize("text", ["ca. 2020", "20", "20222", "2020-01", "٢٠٢٠", "0202"])
def test_what_is_no_year_stays_text_and_is_told(load: Load, text: str) -> None:
    loaded = one(load, "Prosjektstart", text)
    assert values(loaded, f"{KI}startKildetekst") == [f'"{text}"']
    assert values(loaded, f"{DCT}temporal") == []
    assert "is not a year" in loaded.told[0][1]


def test_an_end_before_the_start_is_told_and_kept(load: Load) -> None:
    loaded = load(table([{**project(), "Prosjektstart": "2024", "Prosjektslutt": "2019"}]), "ki.csv", LOADER)
    assert len(values(loaded, f"{DCAT}endDate")) == 1
    assert loaded.told == [("ki.csv:2", "the project ends in 2019, before it starts in 2024")]


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("https://a.example/x", ["https://a.example/x"]),
        ("https://a.example/å?b=c,d http://b.example", ["https://a.example/å?b=c,d", "http://b.example"]),
        ("https://a.example\nhttps://b.example/", ["https://a.example", "https://b.example/"]),
    ],
)
def test_links_become_pages(load: Load, text: str, links: list[str]) -> None:
    loaded = one(load, "Lenke til prosjekt", text)
    assert values(loaded, f"{FOAF}page") == [f"<{link}>" for link in links]
    assert loaded.problems == []


@pytest.mark.parametrize(
    "text",
    [
        "NA",
        "www.a.example/",
        "Project (icgi.no)",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://a.example@b.example/",
        "https://a b.example",
        "https://",
        "ftp://a.example/",
        'https://a.example/"><script>',
    ],
)
def test_an_odd_link_stays_text_and_is_told(load: Load, text: str) -> None:
    loaded = one(load, "Lenke til prosjekt", text)
    assert values(loaded, f"{FOAF}page") == []
    assert [
        literal.value
        for quad in loaded.quads
        if quad.predicate.value == f"{KI}lenkeKildetekst"
        if hasattr(literal := quad.object, "value")
    ] == [text]
    assert "is no web address" in loaded.told[0][1]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Helse Sør-Øst", ["helse-soer-oest"]),
        ("St. Olavs hospital", ["st-olavs-hospital"]),
        ("St.Olavs Hospital", ["st-olavs-hospital"]),
        ("UiB, UiO; NTNU", ["uib", "uio", "ntnu"]),
        (
            "Direktoratet for forvaltning og økonomistyring, Digdir",
            ["direktoratet-for-forvaltning-og-oekonomistyring", "digdir"],
        ),
        ("Kartverket, Norkart AS og Universitetet i Agder", []),
        ("Møre og Romsdal fylkeskommune", []),
        ("Samarbeid med Airmine AS", []),
        ("NTNU (Gjøvik, Trondheim)", []),
        ("Kartverket, divisjon sjø", []),
    ],
)
def test_a_list_of_names_is_split_only_where_that_is_certain(load: Load, text: str, names: list[str]) -> None:
    loaded = one(load, "Tilknyttede organisasjoner", text)
    assert values(loaded, f"{DCT}contributor") == [f"<https://mint.example/ki/virksomhet/{name}>" for name in names]
    assert values(loaded, f"{KI}tilknyttedeOrganisasjonerKildetekst") == (
        [] if names and len(names) == 1 else [f'"{text}"']
    )
    assert bool(loaded.problems) is (not names)


def test_long_and_foreign_names_get_distinct_iris(load: Load) -> None:
    names = ["東京", "大阪", "Kontoret " * 20, "Kontoret " * 20 + "x", "!!!"]
    loaded = load(table([project(f"Tittel {number}", name) for number, name in enumerate(names)]), "ki.csv", LOADER)
    assert len(set(values(loaded, f"{DCT}publisher"))) == len(names)


def test_html_in_a_text_stays_text(load: Load) -> None:
    assert values(one(load, "Beskrivelse av prosjekt", "<script>alert(1)</script>"), f"{DCT}description") == [
        '"<script>alert(1)</script>"@nb'
    ]


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("Maskinlæring i kartet", "nb"),
        ("Segmenting lymph nodes", "nb"),
        ("The detection of leaks", "en"),
        ("Prosjektet heter «The detection of leaks» og er ferdig", "nb"),
    ],
)
def test_a_text_is_english_only_where_that_is_certain(load: Load, text: str, tag: str) -> None:
    assert values(load(table([project(text)]), "ki.csv", LOADER), f"{DCT}title") == [f'"{text}"@{tag}']


# Tables


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_delimiter_and_mark_do_not_matter(load: Load, delimiter: str, encoding: str) -> None:
    content = table([project(description="a,b;c\td")], delimiter=delimiter)
    plain = load(table([project(description="a,b;c\td")]), "ki.csv", LOADER)
    assert load(content.encode(encoding), "ki.csv", LOADER).triples == plain.triples


def test_headers_may_differ_in_case_and_space_and_order(load: Load) -> None:
    content = "prosjektTITTEL , PROSJEKTEIER\nTolking av kart,Kartkontoret\n"
    assert iris(load(content, "ki.csv", LOADER)) == iris(load(table([project()]), "ki.csv", LOADER))


def test_lines_count_the_line_breaks_within_cells(load: Load) -> None:
    listed = [project("En", description="to\nlinjer\n"), {**project("To"), "Status": "Kanskje"}]
    assert load("\n" + table(listed), "ki.csv", LOADER).told[0][0] == "ki.csv:6"


@pytest.mark.parametrize(
    ("row", "message"), [(',Eier,"uten "slutt\n', "cannot be read"), (",Eier,,\n", "cells"), ("1,Eier,\n", "no title")]
)
def test_a_bad_row_costs_itself_only(load: Load, row: str, message: str) -> None:
    loaded = load(f",Prosjekteier,Prosjekttittel\n,Eier,Første\n{row},Eier,Siste\n", "ki.csv", LOADER)
    assert len(iris(loaded)) == 2
    assert loaded.told[0][0] == "ki.csv:3"
    assert message in loaded.told[0][1]


def test_a_column_that_is_not_known_or_comes_twice_is_told(load: Load) -> None:
    loaded = load("Prosjekteier,Prosjekttittel,Farge,prosjekttittel\nEier,En,rød,To\n", "ki.csv", LOADER)
    assert values(loaded, f"{DCT}title") == ['"En"@nb']
    assert [where for where, _ in loaded.told] == ["ki.csv:1", "ki.csv:1"]


def test_problems_beyond_the_cap_are_counted(load: Load) -> None:
    content = table([{**project(str(number)), "Status": "Kanskje"} for number in range(30)])
    loaded = load(content, "ki.csv", AiProjectsLoader(problem_cap=10))
    assert (len(loaded.problems), loaded.problems[-1].what) == (11, "and 20 more problems")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (table([project("Søk")]).encode("latin-1"), r"ki\.csv:1: has bytes that are not UTF-8"),
        (b"navn,antall\nOla,3\n", r"ki\.csv:1: is not the list"),
        (b"", r"ki\.csv:1: is not the list"),
        (b",Prosjekteier,Prosjekttittel\n1,Eier\n", r"ki\.csv:2: holds no project that can be read"),
        (b"x" * 200_000, r"is not the list"),
    ],
)
def test_a_file_that_is_no_list_is_an_error(load: Load, content: bytes, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        load(content, "ki.csv", LOADER)


def test_a_list_without_rows_has_no_triples_and_no_problems(load: Load) -> None:
    loaded = load(table([]), "ki.csv", LOADER)
    assert (loaded.quads, loaded.problems) == ([], [])
