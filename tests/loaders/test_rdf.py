"""What is wrong in an RDF file is told with its line, and the rest of the file loads."""

import gzip
import socket
import threading
import time
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Quad

from kg.errors import SourceError
from kg.namespaces import DCAT, RDF, XSD
from loaders.protocol import SourceFile
from loaders.rdf import RdfLoader
from tests.loaders.conftest import Load

PREFIXES = f"@prefix dcat: <{DCAT}> . @prefix e: <https://e.example/> . @prefix xsd: <{XSD}> .\n"
XML = f'<rdf:RDF xmlns:rdf="{RDF}" xmlns:e="https://e.example/">\n'


def e(name: str) -> str:
    return f"<https://e.example/{name}>"


# Turtle and its kin


def test_an_unclosed_quotation_mark_costs_its_own_statement_only(load: Load) -> None:
    loaded = load(f'{PREFIXES}e:a e:p 1 ;\n  e:q "uten slutt ;\n  e:r "x" .\ne:b e:p "y" .\n\ne:c e:p "z" .\n')
    assert loaded.triples == {
        f'{e("a")} {e("p")} "1"^^<{XSD}integer>',
        f'{e("b")} {e("p")} "y"',
        f'{e("c")} {e("p")} "z"',
    }
    assert [where for where, _ in loaded.told] == ["fil.ttl:3"]


def test_an_unclosed_quotation_mark_costs_its_own_line_of_n_triples(load: Load) -> None:
    lines = [f'{e(str(number))} {e("p")} "{number}" .' for number in range(1000)]
    lines[500] = f'{e("500")} {e("p")} "uten slutt .'
    loaded = load("\n".join(lines), "fil.nt")
    assert len(loaded.triples) == 999
    assert [where for where, _ in loaded.told] == ["fil.nt:501"]


def test_an_unclosed_iri_costs_its_own_statement_only(load: Load) -> None:
    loaded = load(f"{PREFIXES}e:a e:p <https://e.example/x .\ne:b e:p e:y .\n")
    assert loaded.triples == {f"{e('b')} {e('p')} {e('y')}"}
    assert [where for where, _ in loaded.told] == ["fil.ttl:2"]


def test_a_line_break_in_a_short_string_is_kept(load: Load) -> None:
    loaded = load(f'{PREFIXES}e:a e:p "to\nlinjer"@nb ; e:q "x" .\n')
    assert loaded.triples == {f'{e("a")} {e("p")} "to\\nlinjer"@nb', f'{e("a")} {e("q")} "x"'}


def test_a_missing_dot_costs_nothing_and_is_told(load: Load) -> None:
    loaded = load(f"{PREFIXES}e:a e:p 1 ;\n  e:q 2\ne:b e:p 3 .\ne:c e:p 4 .\n")
    assert len(loaded.triples) == 4
    assert [(problem.where, problem.severity) for problem in loaded.problems] == [("fil.ttl:3", "warning")]


def test_a_directive_without_its_dot_is_read_and_told(load: Load) -> None:
    loaded = load("@prefix e: <https://e.example/>\n\ne:a e:p e:b .\n")
    assert loaded.triples == {f"{e('a')} {e('p')} {e('b')}"}
    assert [(problem.where, problem.severity) for problem in loaded.problems] == [("fil.ttl:1", "warning")]


def test_a_missing_bracket_costs_its_own_statement_only(load: Load) -> None:
    loaded = load(f"{PREFIXES}e:a e:p [ e:q 1 .\ne:b e:p ( 1 2 .\ne:c e:p e:d .\n")
    assert f"{e('c')} {e('p')} {e('d')}" in loaded.triples
    assert [where for where, _ in loaded.told] == ["fil.ttl:2", "fil.ttl:3"]


def test_an_invalid_directive_costs_itself_and_the_statements_that_need_it(load: Load) -> None:
    loaded = load("@prefix e <https://e.example/> .\n@prefix f: <https://e.example/> .\ne:a f:p 1 .\nf:b f:p f:c .\n")
    assert loaded.triples == {f"{e('b')} {e('p')} {e('c')}"}
    assert [where for where, _ in loaded.told] == ["fil.ttl:1", "fil.ttl:3"]


def test_a_fault_within_a_named_graph_leaves_the_rest_of_the_graph(load: Load) -> None:
    loaded = load(f"{PREFIXES}e:g {{\n e:a e:p 1 .\n e:b ?? 2 .\n e:c e:p e:d .\n}}\ne:e e:p e:f .\n", "fil.trig")
    assert {f"{e('c')} {e('p')} {e('d')}", f"{e('e')} {e('p')} {e('f')}"} <= loaded.triples
    assert [where for where, _ in loaded.told] == ["fil.trig:4"]


def test_a_blank_node_label_names_one_node_in_a_whole_file_and_another_in_the_next(load: Load) -> None:
    def subjects(quads: list[Quad]) -> set[object]:
        return {quad.subject for quad in quads}

    whole = f"{PREFIXES}_:a e:p 1 .\n_:a e:q 2 .\n"
    broken = f"{PREFIXES}_:a e:p 1 .\nfeil her .\n_:a e:q 2 .\n"
    first, second, third = (subjects(load(content).quads) for content in (whole, whole, broken))
    assert [len(nodes) for nodes in (first, second, third)] == [1, 1, 1]
    assert len(first | second | third | {BlankNode("a")}) == 4


def test_relative_iris_are_resolved_against_the_base_of_the_file(load: Load) -> None:
    assert load("<1> <#p> <../2> .").triples == {
        "<https://base.example/katalog/1> <https://base.example/katalog/fil#p> <https://base.example/2>"
    }


def test_an_invalid_base_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "fil").write_text("<a> <b> <c> .")
    with pytest.raises(SourceError, match=r"fil\.ttl: Invalid base IRI"):
        RdfLoader().load(SourceFile("kilde", "fil.ttl", tmp_path / "fil", "ingen iri", "https://mint.example/"))


@pytest.mark.parametrize("content", ["", "\n", "# bare en kommentar\n", PREFIXES])
def test_a_file_without_statements_has_no_triples_and_no_problems(load: Load, content: str) -> None:
    loaded = load(content)
    assert (loaded.quads, loaded.problems) == ([], [])


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        ("hei på deg\n", "fil.ttl", r"fil.ttl:1: cannot be read as Turtle: hei is not a valid"),
        ("<a b\n" * 5, "fil.nt", r"fil.nt:1: cannot be read as N-Triples"),
        (f"{XML}<e:T", "fil.rdf", r"fil.rdf:2: cannot be read as RDF/XML: .*unclosed token"),
        ('{"@context": {}, ', "fil", r"fil:1: cannot be read as JSON-LD: Object keys"),
        ("navn,antall\n", "fil.csv", r"fil.csv: is RDF in no syntax"),
    ],
)
def test_a_file_without_one_readable_triple_is_an_error_with_its_first_line(
    load: Load, content: str, name: str, message: str
) -> None:
    with pytest.raises(SourceError, match=message):
        load(content, name)


# What is loaded as it stands


@pytest.mark.parametrize("end", ["", "feil .\n"], ids=["otherwise valid", "broken too"])
def test_the_line_is_that_of_the_ill_formed_term_whatever_else_is_wrong(load: Load, end: str) -> None:
    content = (
        f'{PREFIXES}e:a\n  e:p "x" ,\n    "31.12.2020"^^xsd:date ,\n    "7"^^xsd:Integer ;\n'
        f'  dcat:dataset\n    [ e:q\n      1 ] .\n"""\n""" e:p 1 .\n'.replace('"""\n""" e:p 1 .\n', "")
        + end
    )
    told = [pair for pair in load(content).told if "feil" not in pair[1]]
    assert told == [
        ("fil.ttl:4", '"31.12.2020" is not a valid xsd:date'),
        ("fil.ttl:5", f"<{XSD}Integer> is not a datatype of XSD"),
        ("fil.ttl:8", "dcat:dataset of <https://e.example/a> leads to a blank node"),
    ]


def test_the_same_fault_is_told_once_and_counted(load: Load) -> None:
    loaded = load(f"{PREFIXES}e:a e:p <https://e.example/x y> .\n" + "e:b e:p <https://e.example/x y> .\n" * 3)
    assert [where for where, _ in loaded.told] == ["fil.ttl:2"]
    assert "(4 times)" in loaded.told[0][1]


def test_problems_beyond_the_cap_are_counted(load: Load) -> None:
    content = PREFIXES + "".join(f'e:a e:p "{number}"^^xsd:date .\n' for number in range(50))
    loaded = load(content, loader=RdfLoader(problem_cap=10))
    assert len(loaded.quads) == 50
    assert (len(loaded.problems), loaded.problems[-1].what) == (11, "and 40 more problems")


def test_a_flood_of_errors_is_given_up_and_that_is_told(load: Load) -> None:
    content = f"{PREFIXES}e:a e:p 1 .\n" + "x .\n" * 20_000
    loaded = load(content, loader=RdfLoader(problem_cap=20_000))
    assert loaded.problems[-1].what == "was given up after 10000 errors"


@pytest.mark.parametrize(
    ("language", "is_valid"), [("nb", True), ("nb-NO", True), ("x-klart", True), ("norskbokmaal", False)]
)
def test_language_tags_are_checked(load: Load, language: str, is_valid: bool) -> None:
    loaded = load(f'{PREFIXES}e:a e:p "x"@{language} .')
    assert len(loaded.quads) == 1
    assert (loaded.problems == []) is is_valid


@pytest.mark.parametrize("iri", ["https://e.example/a b", "https://e.example/%zz", "https://e.example:port/", "a{b}:x"])
def test_an_invalid_iri_is_kept_and_told_in_every_place(load: Load, iri: str) -> None:
    for content in (f"<{iri}> e:p 1 .", f"e:a <{iri}> 1 .", f"e:a e:p <{iri}> .", f'e:a e:p "1"^^<{iri}> .'):
        loaded = load(PREFIXES + content)
        assert len(loaded.quads) == 1
        assert [where for where, _ in loaded.told] == ["fil.ttl:2"]
        assert iri in loaded.told[0][1]


def test_triple_terms_and_directions_are_kept(load: Load) -> None:
    loaded = load(f'{PREFIXES}e:a e:p <<( e:s e:q "x"@ar--rtl )>> .')
    assert loaded.triples == {f'{e("a")} {e("p")} <<( {e("s")} {e("q")} "x"@ar--rtl )>>'}


# RDF/XML


def test_rdf_xml_is_read_up_to_its_first_fault(load: Load) -> None:
    loaded = load(
        f'{XML}<e:T rdf:about="1">\n<e:p>x</e:p>\n<e:q>y</e:feil>\n</e:T>\n<e:T rdf:about="2"/></rdf:RDF>', "a.rdf"
    )
    assert len(loaded.quads) == 2
    assert loaded.told == [("a.rdf:4", "is not well-formed XML: mismatched tag; what follows is left out")]


def test_a_fault_against_the_rules_of_rdf_xml_has_its_line(load: Load) -> None:
    loaded = load(f'{XML}<e:T rdf:about="1"/>\n\n<e:T rdf:ID="a b"/>\n<e:T rdf:about="2"/>\n</rdf:RDF>', "a.rdf")
    assert len(loaded.quads) == 1
    assert loaded.told == [("a.rdf:4", "a b is not a valid rdf:ID value; what follows is left out")]


def test_space_before_the_xml_declaration_does_no_harm(load: Load) -> None:
    loaded = load(f'\n\n<?xml version="1.0"?>\n{XML}<e:T rdf:about="1"/>\n<feil></rdf:RDF>', "a.rdf")
    assert (len(loaded.quads), loaded.told[0][0]) == (1, "a.rdf:6")


@pytest.mark.parametrize(
    "prologue",
    [
        '<!ENTITY a "x"><!ENTITY b "' + "&a;" * 2000 + '">',
        '<!ENTITY b "' + "x" * 2000 + '">',
        '<!ENTITY b "&a;&a;"><!ENTITY a "x">',
        '<!ENTITY b SYSTEM "file:///etc/passwd">',
        '<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;',
    ],
    ids=["nested", "long", "forward", "file", "parameter"],
)
def test_entities_that_grow_or_lead_elsewhere_are_refused(load: Load, prologue: str) -> None:
    content = f'<!DOCTYPE rdf:RDF [\n{prologue}]>\n{XML}<e:T rdf:about="1"><e:p>&b;</e:p></e:T></rdf:RDF>'
    with pytest.raises(SourceError, match=r"a\.rdf:2: cannot be read as RDF/XML: declares the"):
        load(content, "a.rdf")


def test_an_entity_that_is_used_without_end_stops_the_reading(load: Load) -> None:
    uses = "&a;" * 200_000
    used = f'<e:T rdf:about="2"><e:p>{uses}</e:p></e:T></rdf:RDF>'
    content = f'<!DOCTYPE rdf:RDF [<!ENTITY a "{"x" * 900}">]>\n{XML}<e:T rdf:about="1"/>\n{used}'
    loaded = load(content, "a.rdf")
    assert sum(len(str(quad)) for quad in loaded.quads) < 10_000
    assert "amplification" in loaded.told[0][1]


@pytest.mark.parametrize(
    "element",
    [
        "<e:a><e:b>" * 2000,
        "<e:a " + " ".join(f'e:a{number}="1"' for number in range(2000)) + "/>",
        "<e:a " + " ".join(f'xmlns:a{number}="urn:{number}"' for number in range(2000)) + "/>",
    ],
    ids=["deep", "attributes", "namespaces"],
)
def test_xml_that_takes_time_with_the_square_of_its_size_is_cut(load: Load, element: str) -> None:
    loaded = load(f'{XML}<e:T rdf:about="1"/>\n{element}</rdf:RDF>', "a.rdf")
    assert len(loaded.quads) < 300
    assert loaded.told[0][0] == "a.rdf:3"


# JSON-LD


def test_nothing_is_fetched_for_a_document(load: Load) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        callers: list[object] = []

        def listen() -> None:
            try:
                callers.append(server.accept())
            except TimeoutError:
                return

        listener = threading.Thread(target=listen)
        listener.start()
        address = f"http://127.0.0.1:{server.getsockname()[1]}/context.jsonld"
        loaded = load(
            f'[{{"@id": "urn:a", "urn:p": "x"}},\n {{"@context": "{address}",\n "@id": "urn:b", "urn:p": "y"}}]',
            "a.jsonld",
        )
        xml = load(f'<!DOCTYPE rdf:RDF SYSTEM "{address}">\n{XML}<e:T rdf:about="1"/></rdf:RDF>', "a.rdf")
        listener.join()
    assert callers == []
    assert [problem.where for problem in loaded.problems] == ["a.jsonld:2"]
    assert "context" in loaded.problems[0].what
    assert (len(xml.quads), xml.problems) == (1, [])


def test_terms_that_the_context_does_not_define_are_left_out_and_told(load: Load) -> None:
    loaded = load('{"@context": {"navn": "urn:navn"},\n "@id": "urn:a",\n "navn": "x",\n "alder": 3}', "a.jsonld")
    assert loaded.triples == {'<urn:a> <urn:navn> "x"'}
    assert loaded.told == [("a.jsonld:4", "the context does not define alder, so it is left out")]


def test_a_wrong_value_costs_itself_only(load: Load) -> None:
    loaded = load(
        '[\n{"@id": "urn:a", "urn:p": {"@value": []}, "urn:q": 1},\n{"@id": "urn:b", "urn:q": "x"}\n]', "a.jsonld"
    )
    assert f'<urn:a> <urn:q> "1"^^<{XSD}integer>' in loaded.triples
    assert '<urn:b> <urn:q> "x"' in loaded.triples
    assert [where for where, _ in loaded.told] == ["a.jsonld:2"]


def test_of_a_broken_list_of_nodes_what_precedes_the_fault_is_loaded(load: Load) -> None:
    loaded = load(
        '[\n{"@id": "urn:a", "urn:p": "x"},\n{"@id": "urn:b" "urn:p": "y"},\n{"@id": "urn:c", "urn:p": "z"}]',
        "a.jsonld",
    )
    assert loaded.triples == {'<urn:a> <urn:p> "x"'}
    assert [where for where, _ in loaded.told] == ["a.jsonld:3"]


def test_faults_before_the_break_of_a_document_are_told_too(load: Load) -> None:
    loaded = load('{"@context": {},\n"@graph": [\n{"@id": "urn:a b",\n"urn:p": "x"},\n{"@id": ', "a.jsonld")
    assert [where for where, _ in loaded.told] == ["a.jsonld:3", "a.jsonld:5"]


# Sizes


def test_a_file_over_the_limit_is_an_error(load: Load) -> None:
    content = f'{e("a")} {e("p")} "x" .\n' * 10_000
    with pytest.raises(SourceError, match=r"fil\.nt\.gz: holds more than 100,000 bytes"):
        load(gzip.compress(content.encode()), "fil.nt.gz", RdfLoader(size_limit=100_000))


def test_a_gzip_stream_that_is_cut_gives_what_was_whole(load: Load) -> None:
    packed = gzip.compress("".join(f'{e(str(number))} {e("p")} "{number}" .\n' for number in range(20_000)).encode())
    loaded = load(packed[: len(packed) // 2], "fil.nt.gz")
    assert 1000 < len(loaded.quads) < 20_000
    line = len(loaded.quads) + 1
    assert loaded.told[0][0] == f"fil.nt.gz:{line}"
    assert "gzip stream is broken" in loaded.told[0][1]


def test_a_file_too_large_to_hold_is_read_twice_with_the_same_result(
    load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = PREFIXES + "".join(f'e:a e:p "{number}"^^xsd:date , [ e:q {number} ] .\n' for number in range(30))
    held = load(content)
    monkeypatch.setattr("loaders.rdf._MOST_HELD", 10)
    again = load(content)
    assert (len(again.quads), again.problems) == (len(held.quads), held.problems)
    broken = load(f"{content}feil .")
    assert len(broken.quads) == len(held.quads)


@pytest.mark.parametrize(
    "content", ["(" * 50_000, "[" * 50_000, "{" * 50_000, '"\n' * 50_000, "<\n" * 50_000, "." * 50_000]
)
def test_hostile_turtle_ends_soon(load: Load, content: str) -> None:
    started = time.monotonic()
    loaded = load(f"{PREFIXES}e:a e:p e:b .\ne:c e:p {content}")
    assert f"{e('a')} {e('p')} {e('b')}" in loaded.triples
    assert time.monotonic() - started < 10
