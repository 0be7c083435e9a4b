"""Broken files: every fault, with its file and line."""

from pathlib import Path

import pytest

from kg.engine.limits import GuardLimits
from kg.errors import UsageError
from kg.named.checking import RESERVED, check_folders
from kg.named.fault import Fault, refuse
from kg.named.folders import our_folder
from kg.named.front_matter import FrontMatter
from kg.named.types import PARAMETER_TYPES
from tests.named.conftest import head

LIMITS = GuardLimits()
SELECT = "SELECT ?a WHERE { ?a ?b ?c } ORDER BY ?a\n"
EXAMPLE = "examples: [{params: {}}]\n"


def check(tmp_path: Path, text: str | bytes, name: str = "q.rq") -> list[Fault]:
    (tmp_path / "group").mkdir(exist_ok=True)
    (tmp_path / "group" / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return check_folders([tmp_path], LIMITS)[1]


def parameter(line: str) -> str:
    return head(f"parameters:\n  p: {{title: {{nb: P, en: P}}, {line}}}\n{EXAMPLE}")


def test_the_queries_of_the_package_have_no_faults() -> None:
    queries, faults = check_folders([our_folder()], LIMITS)
    assert faults == []
    assert len(queries) >= 3


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (SELECT, 1, "no front matter"),
        ("#+ - a\n" + SELECT, 1, "no mapping"),
        ("#+ title: {nb: T, en: T}\n#+ description: {nb: T\n" + SELECT, 2, "not YAML"),
        ("#+ title: &a {nb: T, en: T}\n#+ description: *a\n" + SELECT, 1, "anchors"),
        ("#+ title: {nb: T, en: T}\n#+ description: {nb: T, en: T, nb: U}\n" + SELECT, 2, "'nb' twice"),
        ("#+ title: {nb: T, en: T}\n#+ description: \x07\n" + SELECT, 1, "not YAML"),
        ("#+ title: {nb: T}\n#+ description: {nb: T, en: T}\n" + SELECT, 1, "title.en is missing"),
        (head("titel: x") + SELECT, 3, "titel is not known"),
        (head("infer: perhaps") + SELECT, 3, "infer"),
        (head("timeout: -1") + SELECT, 3, "timeout"),
        (head(EXAMPLE) + "SELECT ?a WHERE { ?a ?b ?c \n", 4, "not closed"),
        (head(EXAMPLE) + "SELECT ?a WHERE {\n ?a ?b }", 5, "not SPARQL"),
        (head(EXAMPLE) + "SELECT ?a WHERE { ?a\n dct:title ?c }\n", 5, "prefix is not declared"),
        (head(EXAMPLE) + "DELETE WHERE { ?a ?b ?c }\n", 4, "update"),
        (head(EXAMPLE) + "SELECT ?a { SERVICE <http://127.0.0.1:1/> { ?a ?b ?c } }\n", 4, "does not ask"),
        (head(EXAMPLE) + "SELECT * { ?a ?b ?c }\n", 4, "leaves open"),
        (head(EXAMPLE) + "SELECT ?a { ?a ?b ?c .\n VALUES ?b { UNDEF } }\n", 5, "belongs to no parameter"),
        (parameter("type: text") + SELECT, 4, "'p' has no block"),
        (parameter("type: tekst") + SELECT, 4, "parameters.p.type"),
        (parameter("type: enum") + "SELECT ?a { ?a ?b ?c VALUES ?p { UNDEF } }", 4, "lists no values"),
        (parameter("type: integer, default: x") + "SELECT ?a { ?a ?b ?c VALUES ?p { UNDEF } }", 4, "no whole number"),
        (parameter("type: integer, default: 5") + "SELECT ?a {\n ?a ?b ?c VALUES ?p { 6 } }", 7, "not its default"),
        (parameter("type: integer") + "SELECT ?a {\n ?a ?b ?c VALUES ?p { 6 } }", 7, "not its default"),
        (parameter("type: text, required: true") + "SELECT ?a {\n ?a ?b ?c VALUES ?p { UNDEF } }", 7, "no value"),
        (parameter("type: text, required: true") + "SELECT ?a { ?a ?b ?c VALUES ?p { 'x' } }", 5, "'p' is missing"),
        (parameter("type: iri, languages: [nb]") + "SELECT ?a { VALUES ?p { UNDEF } }", 4, "no text"),
        (parameter("type: text, languages: ['n b']") + "SELECT ?a { VALUES ?p { UNDEF } }", 4, "no language tag"),
        (parameter("type: text, required: true, default: x") + "SELECT ?a { VALUES ?p { 'x' } }", 4, "has a default"),
        (parameter("type: text, default: z, enum: [x]") + "SELECT ?a { VALUES ?p { 'z' } }", 4, "not one of"),
        (
            head("parameters:\n  format: {type: text, title: {nb: F, en: F}}")
            + "SELECT ?a { VALUES ?format { UNDEF } }",
            4,
            "of the service itself",
        ),
        (head("paging: {key: [a]}") + "SELECT ?a { ?a ?b ?c }", 3, "ORDER BY ?a"),
        (head("paging: {key: [a]}") + "SELECT ?a { ?a ?b ?c } ORDER BY ?b", 3, "ORDER BY ?a"),
        (head("paging: {key: [b]}") + "SELECT ?a { ?a ?b ?c } ORDER BY ?b", 3, "no column"),
        (head("paging: {key: [a]}") + "SELECT ?a { ?a ?b ?c } ORDER BY ?a LIMIT 3", 3, "LIMIT"),
        (head("paging: {key: [a]}") + "SELECT ?a FROM <a:b> { ?a ?b ?c } ORDER BY ?a", 3, "FROM"),
        (head("paging: {key: [a]}") + "ASK { ?a ?b ?c }", 3, "only the rows"),
        (head("columns: {z: {type: iri}}") + SELECT, 3, "'z' is no column"),
        (head("examples:\n  - params: {z: 1}") + SELECT, 4, "'z' is no parameter"),
        (head("examples:\n  - expect: {columns: [z]}") + SELECT, 4, "has the columns a"),
        (b"#+ title: \xff\n", 1, "not UTF-8"),
        ("", 1, "empty"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_line(tmp_path: Path, text: str | bytes, line: int, said: str) -> None:
    faults = [fault for fault in check(tmp_path, text) if fault.serious]
    assert any(said in str(fault) and fault.line == line for fault in faults), "\n".join(map(str, faults))


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    check(tmp_path, head("titel: x") + SELECT, "one.rq")
    check(tmp_path, head(EXAMPLE) + "SELECT ?a { ?a ?b }", "two.rq")
    faults = check(tmp_path, SELECT, "Tre to.rq")
    with pytest.raises(UsageError) as caught:
        refuse(faults)
    for said in ("one.rq:3: ", "two.rq:4: ", "Tre to.rq:1: the name 'Tre to'", "Tre to.rq:1: has no front matter"):
        assert said in caught.value.what
    assert "4 faults" in caught.value.what


def test_a_name_that_is_taken_is_a_fault_in_any_group_and_folder(tmp_path: Path) -> None:
    name = next(iter(check_folders([our_folder()], LIMITS)[0]))
    (tmp_path / f"{name}.rq").write_text(head(EXAMPLE) + SELECT, encoding="utf-8")
    queries, faults = check_folders([our_folder(), tmp_path], LIMITS)
    assert [fault.path for fault in faults] == [tmp_path / f"{name}.rq"]
    assert "is taken by" in faults[0].what
    assert queries[name].path.is_relative_to(our_folder())


def test_a_folder_that_is_none_is_a_fault(tmp_path: Path) -> None:
    assert "no folder" in check_folders([tmp_path / "x"], LIMITS)[1][0].what


def test_a_query_that_ends_the_engine_is_a_fault_and_those_behind_it_are_read(tmp_path: Path) -> None:
    from kg.named.parsing import ask_engine

    bomb = f"SELECT * WHERE {'{' * 50_000}{'}' * 50_000}"
    verdicts = ask_engine(["ASK { }", bomb, "SELECT ?x { VALUES ?x { 1 UNDEF } }"])
    assert [bool(verdict.error) for verdict in verdicts] == [False, True, False]
    assert "engine stops" in verdicts[1].error
    assert verdicts[2].rows == (('"1"^^<http://www.w3.org/2001/XMLSchema#integer>',), (None,))


def test_the_decorators_of_grlc_are_read_and_those_without_effect_told(tmp_path: Path) -> None:
    text = """\
#+ summary: Datasets of an organisation
#+ endpoint: http://example.org/sparql
#+ method: GET
#+ pagination: 50
#+ tags:
#+   - datasets
#+ enumerate:
#+   - type:
#+     - a
#+     - b
#+   - other
#+ defaults:
#+   - type: a
#+ parameters: {type: {type: enum, title: {nb: Type, en: Type}}}
#+ paging: {key: [a]}
#+ examples: [{params: {type: b}}]
SELECT ?a WHERE { ?a ?b ?c VALUES ?type { "a" } } ORDER BY ?a
"""
    faults = check(tmp_path, text)
    assert [fault for fault in faults if fault.serious] == []
    assert {fault.line: fault.what for fault in faults}.keys() == {1, 2, 3, 7}
    query = check_folders([tmp_path], LIMITS)[0]["q"]
    assert query.front.title.nb == query.front.title.en == "Datasets of an organisation"
    assert query.front.parameters["type"].enum == ("a", "b")
    assert query.front.parameters["type"].default == ("a",)
    assert query.front.paging is not None
    assert query.front.paging.limit == 50
    assert query.front.tags == ("datasets",)


def test_the_example_in_the_readme_of_the_queries_has_no_faults(tmp_path: Path) -> None:
    readme = (our_folder() / "README.md").read_text(encoding="utf-8")
    text = readme.partition("```sparql\n")[2].partition("```")[0]
    assert check(tmp_path, text) == []
    for key in FrontMatter.model_fields:
        assert f"`{key}`" in readme
    for name in PARAMETER_TYPES:
        assert f"| `{name}` |" in readme
    for name in RESERVED:
        assert f"`{name}`" in readme
