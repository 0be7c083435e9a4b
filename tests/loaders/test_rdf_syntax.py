"""The syntax is told by the content; the name only parts a family."""

import pytest
from pyoxigraph import RdfFormat

from kg.namespaces import RDF
from loaders.rdf_syntax import rdf_format_of

XML_ROOT = f'<rdf:RDF xmlns:rdf="{RDF}">'


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("@prefix dct: <http://purl.org/dc/terms/> .", RdfFormat.TRIG),
        ("\n# kommentar\n#\n  PREFIX dct: <http://purl.org/dc/terms/>", RdfFormat.TRIG),
        ("@base <https://a.example/> .", RdfFormat.TRIG),
        ("base<https://a.example/>", RdfFormat.TRIG),
        ("<https://a.example/1> a <https://a.example/T> ; <p> 5 .", RdfFormat.TRIG),
        ("[] a <https://a.example/T> .", RdfFormat.TRIG),
        ("[ <https://a.example/p> 1 ] <https://a.example/q> 2 .", RdfFormat.TRIG),
        ("GRAPH <https://a.example/g> { }", RdfFormat.TRIG),
        ("{ <https://a.example/1> <https://a.example/p> 1 }", RdfFormat.TRIG),
        ('<https://a.example/1> <https://a.example/p> "x"@nb .', RdfFormat.N_QUADS),
        ("_:a <https://a.example/p> _:b <https://a.example/g> .", RdfFormat.N_QUADS),
        ("# eksport\n_:a <https://a.example/p> _:b .", RdfFormat.N_QUADS),
        (XML_ROOT, RdfFormat.RDF_XML),
        (
            f'<?xml version="1.0"?>\n<!-- > --><!DOCTYPE rdf:RDF [<!ENTITY r "{RDF}">]>\n<x:RDF xmlns:x="&r;">',
            RdfFormat.RDF_XML,
        ),
        (f'\n <?xml version="1.0"?>{XML_ROOT}', RdfFormat.RDF_XML),
        (f'<f:Person xmlns:f="https://f.example/" xmlns:r="{RDF}" r:about="https://a.example/1"/>', RdfFormat.RDF_XML),
        ('<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-sy', RdfFormat.RDF_XML),
        ('{"@context": {}, "navn": 1}', RdfFormat.JSON_LD),
        ('[\n {"@graph" : [', RdfFormat.JSON_LD),
        ('[{"@id": "https://a.example/1", "@type": ["https://a.example/T"]}]', RdfFormat.JSON_LD),
        ('{"@type": "x", "http:\\/\\/purl.org\\/dc\\/terms\\/title": [{"@value": "a"}]}', RdfFormat.JSON_LD),
    ],
)
def test_rdf_is_recognised_without_a_telling_name(head: str, expected: RdfFormat) -> None:
    assert rdf_format_of(head.encode(), "fil") == expected
    assert rdf_format_of(head.encode("utf-8-sig"), "https://a.example/nedlasting") == expected


@pytest.mark.parametrize(
    "head",
    [
        "",
        " \n\t\n",
        "bare litt tekst",
        "# Overskrift\n\nTekst med <https://a.example/> se: der.",
        "```turtle\n@prefix dct: <http://purl.org/dc/terms/> .\n```",
        "navn,antall\nOla,3\n",
        "navn\tantall\nOla\t3\n",
        "---\nprefix: a\nbase: b\n",
        "prefix: a\n",
        "<!DOCTYPE html>\n<html><head><title>x</title>",
        "<html>\n<head>\n<title>x</title>",
        "<p>Merk: dette er <b>viktig</b></p>",
        '{"_embedded": {"enheter": [{"organisasjonsnummer": "984195796"}]}}',
        '{"tekst": "se \\"@context\\": der"}',
        '{"@id": "5", "navn": "fra XML"}',
        "[]",
        "[1, 2]",
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:rdf="{RDF}"><metadata><rdf:RDF/></metadata></svg>',
        '<feed xmlns="http://www.w3.org/2005/Atom"/>',
        "PK\x03\x04\x14\x00",
        "\x00\x01\x02",
    ],
)
def test_other_content_is_not_rdf(head: str) -> None:
    assert rdf_format_of(head.encode(), "fil") is None


@pytest.mark.parametrize(
    ("head", "name", "expected"),
    [
        ("", "tom.ttl", RdfFormat.TRIG),
        ("# bare en kommentar", "tom.TTL.gz", RdfFormat.TRIG),
        ("\n", "tom.nt", RdfFormat.N_QUADS),
        ("", "tom.rdf", None),
        ("<a> <b> <c> .", "kort.ttl", RdfFormat.TRIG),
        ("<https://a.example/1> <https://a.example/p> 'x' .", "a.ttl", RdfFormat.TRIG),
        ("<https://a.example/1> <https://a.example/p> <https://a.example/2> .", "a.ttl", RdfFormat.TRIG),
        ("<https://a.example/1> <https://a.example/p> <https://a.example/2> .\nfeil\n\n", "a.nt", RdfFormat.N_QUADS),
        ("@prefix dct: <http://purl.org/dc/terms/> .", "a.nt", RdfFormat.TRIG),
        ('{"@context": {}}', "a.ttl", RdfFormat.JSON_LD),
        (XML_ROOT, "a.ttl", RdfFormat.RDF_XML),
        ("søppel\n@prefix dct: <http://purl.org/dc/terms/> .", "a.ttl", RdfFormat.TRIG),
        ("<html>\n<head>\n<title>", "a.ttl", None),
        ("<!DOCTYPE html><html>", "a.ttl", None),
        ('{"feil": "ikke funnet"}', "a.ttl", None),
    ],
)
def test_the_name_decides_only_where_the_content_leaves_it_open(
    head: str, name: str, expected: RdfFormat | None
) -> None:
    assert rdf_format_of(head.encode(), name) == expected


def test_a_head_that_is_cut_within_a_line_is_enough() -> None:
    line = '<https://a.example/1> <https://a.example/p> "verdi" .\n'
    assert rdf_format_of((line * 2000)[:65_500].encode(), "fil") == RdfFormat.N_QUADS


def test_an_entity_bomb_in_the_head_is_refused_without_being_expanded() -> None:
    entities = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    head = f'<!DOCTYPE r [{entities}]><r xmlns:rdf="{RDF}" x="&a11;"/>'
    assert rdf_format_of(head.encode(), "fil") is None
