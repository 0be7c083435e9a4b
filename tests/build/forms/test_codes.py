"""Codes: what sources write for a code leads to it, and to no other."""

import random
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, Store, Triple, parse

from kg.build.forms.codes import Codes, code_files, read_code_files, read_codes
from kg.errors import BuildError
from kg.namespaces import ADMS, DCAT, DCT, DEFAULT_BASE_IRI, RDF, SKOS, WELL_KNOWN_PREFIXES, Names

REFERENCE = Path(__file__).resolve().parents[3] / ".." / "shared" / "data" / "reference"
NAMES = Names(DEFAULT_BASE_IRI)
TRIPLES = read_code_files(DEFAULT_BASE_IRI)
CODES = read_codes(TRIPLES, NAMES)
EU = "http://publications.europa.eu/resource/authority/"
IANA = "https://www.iana.org/assignments/media-types/"
BASE = "https://data.example/datasett/"

# Property, what real catalogues write, and the code; IRIs below BASE were relative ones.
CASES = [
    (f"{DCT}accessRights", f"{EU}dataset-access/PUBLIC", f"{EU}access-right/PUBLIC"),
    (f"{DCT}accessRights", "Offentlig", f"{EU}access-right/PUBLIC"),
    (f"{DCT}accessRights", "public", f"{EU}access-right/PUBLIC"),
    (f"{DCT}accessRights", "Begrenset offentlighet", f"{EU}access-right/RESTRICTED"),
    (f"{DCT}accessRights", "RESTRICTED", f"{EU}access-right/RESTRICTED"),
    (f"{DCT}accessRights", "Unntatt offentlighet", f"{EU}access-right/NON_PUBLIC"),
    (f"{DCT}accessRights", "ikkje-allmenn tilgang", f"{EU}access-right/NON_PUBLIC"),
    (f"{DCT}accessRights", "non-public", f"{EU}access-right/NON_PUBLIC"),
    (f"{DCT}accrualPeriodicity", "Yearly", f"{EU}frequency/ANNUAL"),
    (f"{DCT}accrualPeriodicity", "Annually", f"{EU}frequency/ANNUAL"),
    (f"{DCT}accrualPeriodicity", f"{EU}frequency/YEARLY", f"{EU}frequency/ANNUAL"),
    (f"{DCT}accrualPeriodicity", f"{BASE}annual", f"{EU}frequency/ANNUAL"),
    (f"{DCT}accrualPeriodicity", f"{BASE}threeTimesAYear", f"{EU}frequency/ANNUAL_3"),
    (f"{DCT}accrualPeriodicity", f"{BASE}continuous", f"{EU}frequency/CONT"),
    (f"{DCT}accrualPeriodicity", f"{BASE}irregular", f"{EU}frequency/IRREG"),
    (f"{DCT}accrualPeriodicity", f"{BASE}semimonthly", f"{EU}frequency/MONTHLY_2"),
    (f"{DCT}accrualPeriodicity", "http://purl.org/cld/freq/biennial", f"{EU}frequency/BIENNIAL"),
    (f"{DCT}accrualPeriodicity", "Every other year", f"{EU}frequency/BIENNIAL"),
    (f"{DCT}accrualPeriodicity", "Half year", f"{EU}frequency/ANNUAL_2"),
    (f"{DCT}accrualPeriodicity", "Other", f"{EU}frequency/OTHER"),
    (f"{DCT}language", f"{BASE}NOR", f"{EU}language/NOR"),
    (f"{DCT}language", f"{BASE}ENG", f"{EU}language/ENG"),
    (f"{DCT}language", "http://id.loc.gov/vocabulary/iso639-1/en", f"{EU}language/ENG"),
    (f"{DCT}language", "https://id.loc.gov/vocabulary/iso639-2/nob", f"{EU}language/NOB"),
    (f"{DCT}language", "nb", f"{EU}language/NOB"),
    (f"{DCT}language", "no", f"{EU}language/NOR"),
    (f"{DCT}language", "se", f"{EU}language/SME"),
    (f"{DCT}license", "http://creativecommons.org/licenses/by/4.0/deed.no", f"{EU}licence/CC_BY_4_0"),
    (f"{DCT}license", "https://creativecommons.org/licenses/by/4.0", f"{EU}licence/CC_BY_4_0"),
    (f"{DCT}license", f"{EU}licence/CC_BY", f"{EU}licence/CC_BY_4_0"),
    (f"{DCT}license", "CC BY 4.0", f"{EU}licence/CC_BY_4_0"),
    (f"{DCT}license", "https://creativecommons.org/licenses/by-nc-sa/4.0/", f"{EU}licence/CC_BYNCSA_4_0"),
    (f"{DCT}license", "https://creativecommons.org/publicdomain/zero/1.0/", f"{EU}licence/CC0"),
    (f"{DCT}license", "http://data.norge.no/nlod/no/1.0", f"{EU}licence/NLOD_1_0"),
    (f"{DCT}license", "https://data.norge.no/nlod/no/2.0/", f"{EU}licence/NLOD_2_0"),
    (f"{DCT}license", "NLOD20", f"{EU}licence/NLOD_2_0"),
    (f"{DCT}format", "csv", f"{EU}file-type/CSV"),
    (f"{DCT}format", "Txt", f"{EU}file-type/TXT"),
    (f"{DCT}format", "tif", f"{EU}file-type/TIFF"),
    (f"{DCT}format", "XML data (.xml)", f"{EU}file-type/XML"),
    (f"{DCT}format", "text/csv", f"{EU}file-type/CSV"),
    (f"{DCT}format", f"{BASE}text/csv", f"{EU}file-type/CSV"),
    (f"{DCT}format", "http://www.iana.org/assignments/media-types/application/xml", f"{EU}file-type/XML"),
    (f"{DCT}format", f"{IANA}application/rdf+xml", f"{EU}file-type/RDF_XML"),
    (f"{DCT}format", f"{BASE}application/x-wms", f"{EU}file-type/WMS_SRVC"),
    (f"{DCT}format", f"{BASE}application/x.yaml", f"{EU}file-type/YAML"),
    (f"{DCAT}mediaType", "application/json", f"{IANA}application/json"),
    (f"{DCAT}mediaType", "http://www.iana.org/assignments/media-types/text/turtle", f"{IANA}text/turtle"),
    (f"{DCAT}mediaType", f"{BASE}text/csv", f"{IANA}text/csv"),
    (f"{DCAT}mediaType", ".zip", f"{IANA}application/zip"),
    (f"{DCAT}mediaType", "application/x-zip-compressed", f"{IANA}application/zip"),
    (f"{DCAT}mediaType", "application/csv", f"{IANA}text/csv"),
    (f"{DCAT}mediaType", "text/json", f"{IANA}application/json"),
    (f"{DCAT}mediaType", "application/vnd.geo+json", f"{IANA}application/geo+json"),
    (f"{DCAT}mediaType", f"{IANA}application/vnd.geo+json", f"{IANA}application/geo+json"),
    (f"{DCAT}mediaType", "application/atom+xml; type=feed", f"{IANA}application/atom+xml"),
    (f"{DCAT}theme", "https://publications.europa.eu/resource/authority/data-theme/TRAN", f"{EU}data-theme/TRAN"),
    (f"{DCAT}theme", "Forvaltning og offentlig sektor", f"{EU}data-theme/GOVE"),
    (f"{DCAT}theme", "http://psi.norge.no/los/tema/bygg-og-eiendom", "https://psi.norge.no/los/tema/bygg-og-eiendom"),
    (f"{ADMS}status", "Fullført", "http://purl.org/adms/status/Completed"),
    (f"{ADMS}status", "Under development", "http://purl.org/adms/status/UnderDevelopment"),
    (f"{DCT}type", "Nedlastbar fil", f"{EU}distribution-type/DOWNLOADABLE_FILE"),
    (f"{DCT}type", "Testdata", f"{EU}dataset-type/TEST_DATA"),
    (f"{DCT}provenance", "vedtak", "http://data.brreg.no/datakatalog/provinens/vedtak"),
]

# What catalogues write that may mean several things, or nothing that the lists have.
UNCERTAIN = [
    (f"{DCT}accrualPeriodicity", "12"),
    (f"{DCT}accrualPeriodicity", "N/A"),
    (f"{DCT}accrualPeriodicity", f"{EU}frequency"),
    (f"{DCT}accrualPeriodicity", f"{EU}frequency/annual"),
    (f"{DCT}accrualPeriodicity", f"{BASE}annual?year=2020"),
    (f"{DCT}license", "http://data.norge.no/nlod/"),
    (f"{DCT}license", "https://data.norge.no/nlod/no"),
    (f"{DCT}license", "http://creativecommons.org/licenses/by/3.0/no/"),
    (f"{DCT}license", "http://lovdata.no/dokument/NL/lov/1961-05-12-2"),
    (f"{DCT}license", "CC BY"),
    (f"{DCT}format", "Excel"),
    (f"{DCT}format", "CSV JSON JSONP YAML XML"),
    (f"{DCT}format", "application/xml, application/json"),
    (f"{DCT}format", f"{BASE}csv"),
    (f"{DCT}format", f"{BASE}application/vnd.sealed-xls"),
    (f"{DCAT}mediaType", "https://www.iana.org/assignments/media-types/Dan%20B%C3%B8rge"),
    (f"{DCAT}mediaType", f"{EU}file-type/CSV"),
    (f"{DCAT}theme", "https://www.barentswatch.no/om/apnedata/"),
    (f"{DCT}type", "Antall"),
    (f"{DCT}type", "Virksomhet"),
    (f"{DCT}title", "public"),
]


def described(predicate: str) -> dict[str, list[Literal | NamedNode]]:
    """The objects of a predicate in our files, by subject."""
    found: dict[str, list[Literal | NamedNode]] = {}
    for triple in TRIPLES:
        if triple.predicate.value == predicate:
            assert isinstance(triple.subject, NamedNode)
            assert isinstance(triple.object, Literal | NamedNode)
            found.setdefault(triple.subject.value, []).append(triple.object)
    return found


KINDS = described(f"{RDF}type")
ALL_CODES = sorted(subject for subject, kinds in KINDS.items() if NamedNode(f"{SKOS}Concept") in kinds)
SCHEMES = sorted(subject for subject, kinds in KINDS.items() if NamedNode(f"{SKOS}ConceptScheme") in kinds)
SCHEME_OF = described(f"{SKOS}inScheme")
VALUE_OF = described(f"{NAMES.ns}valueOf")
PREFERRED = described(f"{SKOS}prefLabel")


def spellings() -> Iterator[tuple[str, str, str]]:
    """Property, spelling and code, for all that the files say of lists whose words are looked up."""
    by_iri_only = described(f"{NAMES.ns}onlyByIri")
    variants = described(f"{NAMES.ns}variant")
    words = [described(f"{SKOS}{name}") for name in ("notation", "prefLabel", "altLabel", "hiddenLabel")]
    for code in ALL_CODES:
        (scheme,) = SCHEME_OF[code]
        texts = [] if scheme.value in by_iri_only else [word for label in words for word in label.get(code, [])]
        for property_node in VALUE_OF[scheme.value]:
            for spelling in (*texts, *variants.get(code, [])):
                yield property_node.value, spelling.value, code


ALL_SPELLINGS = sorted(spellings())


def codes_of(turtle: str) -> Codes:
    prefixes = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in WELL_KNOWN_PREFIXES.items())
    quads = parse(input=prefixes + turtle, format=RdfFormat.TURTLE, base_iri=DEFAULT_BASE_IRI)
    return read_codes([quad.triple for quad in quads], NAMES)


@pytest.mark.parametrize(("property_iri", "value", "code"), CASES)
def test_what_catalogues_write_leads_to_the_code(property_iri: str, value: str, code: str) -> None:
    assert CODES.find(property_iri, value) == code


@pytest.mark.parametrize(("property_iri", "value"), UNCERTAIN)
def test_what_is_not_certain_leads_nowhere(property_iri: str, value: str) -> None:
    assert CODES.find(property_iri, value) is None


def test_every_spelling_in_the_files_leads_to_its_code() -> None:
    assert len(ALL_SPELLINGS) > 1000
    for property_iri, spelling, code in ALL_SPELLINGS:
        assert CODES.find(property_iri, spelling) == code, (property_iri, spelling)


def test_every_code_gives_itself() -> None:
    for code in ALL_CODES:
        (scheme,) = SCHEME_OF[code]
        for property_node in VALUE_OF[scheme.value]:
            assert CODES.find(property_node.value, code) == code


def test_a_list_says_what_it_is_and_where_it_comes_from() -> None:
    titles, sources = described(f"{DCT}title"), described(f"{DCT}source")
    for scheme in SCHEMES:
        assert {title.language for title in titles[scheme] if isinstance(title, Literal)} == {"nb", "nn", "en"}, scheme
        assert len(sources[scheme]) == 1, scheme
        assert VALUE_OF[scheme], scheme


def test_a_code_has_one_list_one_notation_and_one_label_a_language() -> None:
    notations = described(f"{SKOS}notation")
    seen = set()
    for code in ALL_CODES:
        (scheme,) = SCHEME_OF[code]
        (notation,) = notations[code]
        assert scheme.value in SCHEMES
        assert (scheme, notation) not in seen, code
        seen.add((scheme, notation))
        languages = sorted(label.language or "" for label in PREFERRED[code] if isinstance(label, Literal))
        assert languages == ["en", "nb", "nn"], code


def test_every_text_is_written_in_one_form() -> None:
    for triple in TRIPLES:
        if isinstance(triple.object, Literal):
            text = triple.object.value
            assert text == unicodedata.normalize("NFC", " ".join(text.split())), triple


def test_every_file_names_its_source_and_stands_in_the_readme() -> None:
    (folder,) = {path.parent for path in code_files()}
    readme = (folder / "README.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([a-z-]+\.ttl)` \| ([0-9]+) \|", readme, flags=re.MULTILINE))
    counts = {}
    for path in code_files():
        text = path.read_text(encoding="utf-8")
        assert text.startswith("# "), path.name
        counts[path.name] = str(text.count(" a skos:Concept ;"))
    assert rows == counts


def test_which_properties_have_lists_is_known() -> None:
    assert f"{DCT}language" in CODES.properties
    assert CODES.is_closed(f"{DCT}language")
    assert f"{DCAT}theme" in CODES.properties
    assert not CODES.is_closed(f"{DCAT}theme")  # Los words and EuroVoc are themes as well
    assert f"{DCT}title" not in CODES.properties
    assert CODES.closed < CODES.properties


def test_variants_are_known_without_a_property() -> None:
    annual = f"{EU}frequency/ANNUAL"
    assert CODES.variants[f"{EU}frequency/YEARLY"] == annual
    assert CODES.variants["https://purl.org/cld/freq/annual"] == annual
    assert CODES.variants[annual.replace("http:", "https:")] == annual
    assert not CODES.variants.keys() & set(ALL_CODES)
    assert set(CODES.variants.values()) <= set(ALL_CODES)


def test_the_order_of_triples_and_the_base_change_nothing() -> None:
    shuffled = list(TRIPLES)
    random.Random(3).shuffle(shuffled)
    assert read_codes(shuffled, NAMES) == CODES
    elsewhere = Names("https://graf.example/a/")
    assert read_codes(read_code_files(elsewhere.base), elsewhere) == CODES


@given(st.sampled_from(ALL_SPELLINGS), st.randoms(use_true_random=False))
@settings(max_examples=200)
def test_case_white_space_and_unicode_form_make_no_difference(case: tuple[str, str, str], draw: random.Random) -> None:
    property_iri, spelling, code = case
    if "://" in spelling:
        _, rest = spelling.split("://", 1)
        host, slash, path = rest.partition("/")
        written = draw.choice(["http://", "HTTPS://"]) + draw.choice([host, host.upper()]) + slash + path
        written = written.removesuffix("/") + draw.choice(["", "/"])
    else:
        written = unicodedata.normalize(draw.choice(["NFC", "NFD"]), draw.choice([spelling, spelling.upper()]))
        written = written.replace(" ", draw.choice([" ", "  ", "\n"]))
    assert CODES.find(property_iri, f"{draw.choice(['', ' ', chr(9)])}{written} ") == code


@given(
    st.sampled_from([*sorted(CODES.properties), "", "urn:x"]),
    st.one_of(
        st.text(),
        st.text(alphabet=st.characters()).map(lambda text: f"http://{text}"),
        st.text(alphabet="/%?#ab:.[]@ \ud800\x00").map(lambda text: f"https://x/{text}"),
        st.sampled_from(ALL_SPELLINGS).map(lambda case: f"{BASE}{case[1]}"),
        st.sampled_from([case[1] for case in ALL_SPELLINGS]),
    ),
)
@settings(max_examples=400)
def test_anything_leads_to_a_code_of_the_property_or_nowhere_and_no_further(property_iri: str, value: str) -> None:
    code = CODES.find(property_iri, value)
    if code is not None:
        (scheme,) = SCHEME_OF[code]
        assert NamedNode(property_iri) in VALUE_OF[scheme.value]
        assert CODES.find(property_iri, code) == code


def test_an_endless_value_is_no_burden() -> None:
    for value in ("a" * 5_000_000, "https://x/" + "a/" * 1_000_000, "https://" + "%41" * 1_000_000):
        assert CODES.find(f"{DCAT}mediaType", value) is None


LIST = "<l> a skos:ConceptScheme ; <ns#valueOf> dct:format . "
WRONG = {
    "stands for": LIST + "<a> a skos:Concept ; skos:inScheme <l> ; skos:notation 'X' . "
    "<b> a skos:Concept ; skos:inScheme <l> ; skos:hiddenLabel ' x ' .",
    "of two lists": LIST + "<m> a skos:ConceptScheme ; <ns#valueOf> dct:format . "
    "<a> a skos:Concept ; skos:inScheme <l> ; skos:notation 'x' . "
    "<b> a skos:Concept ; skos:inScheme <m> ; skos:notation 'x' .",
    "the same IRI": LIST + "<a> a skos:Concept ; skos:inScheme <l> ; <ns#variant> <http://x/1> . "
    "<b> a skos:Concept ; skos:inScheme <l> ; <ns#variant> <https://X/1/> .",
    "a variant that is a code": LIST + "<a> a skos:Concept ; skos:inScheme <l> ; <ns#variant> <b> . "
    "<b> a skos:Concept ; skos:inScheme <m> . <m> a skos:ConceptScheme ; <ns#valueOf> dct:language .",
    "a variant of codes of two properties": LIST + "<m> a skos:ConceptScheme ; <ns#valueOf> dct:language . "
    "<a> a skos:Concept ; skos:inScheme <l> ; <ns#variant> <x> . "
    "<b> a skos:Concept ; skos:inScheme <m> ; <ns#variant> <x> .",
    "no list": "<a> a skos:Concept ; skos:notation 'x' .",
    "a list that is not described": "<a> a skos:Concept ; skos:inScheme <l> .",
    "segments": "<l> a skos:ConceptScheme ; <ns#valueOf> dct:format ; <ns#segments> 'all' .",
}


@pytest.mark.parametrize("turtle", WRONG.values(), ids=WRONG)
def test_files_that_are_not_certain_stop_the_build_and_say_where(turtle: str) -> None:
    with pytest.raises(BuildError) as caught:
        codes_of(turtle)
    assert caught.value.where.startswith(DEFAULT_BASE_IRI)


def test_the_same_word_may_stand_for_codes_of_two_properties_or_of_a_list_that_is_found_by_iri_only() -> None:
    codes = codes_of(
        LIST + "<m> a skos:ConceptScheme ; <ns#valueOf> dct:language . "
        "<n> a skos:ConceptScheme ; <ns#valueOf> dct:format ; <ns#onlyByIri> true . "
        "<a> a skos:Concept ; skos:inScheme <l> ; skos:notation 'x' . "
        "<b> a skos:Concept ; skos:inScheme <m> ; skos:notation 'x' . "
        "<c> a skos:Concept ; skos:inScheme <n> ; skos:notation 'x' . "
    )
    assert codes.find(f"{DCT}format", "x") == f"{DEFAULT_BASE_IRI}a"
    assert codes.find(f"{DCT}language", "X") == f"{DEFAULT_BASE_IRI}b"
    assert codes.find(f"{DCT}format", f"{DEFAULT_BASE_IRI}c") == f"{DEFAULT_BASE_IRI}c"


# The reference files that hold a list of ours, whole or in part, and our codes that are newer than the file.
FILES = {
    "eu-access-right-skos-ap-act.rdf": (f"{EU}access-right", {"NORMAL"}),
    "eu-data-theme-skos-ap-act.rdf": (f"{EU}data-theme", set()),
    "eu-frequencies-skos.rdf": (
        f"{EU}frequency",
        {"1MIN", "5MIN", "10MIN", "15MIN", "30MIN", "12HRS", "AS_NEEDED", "NOT_PLANNED"},
    ),
    "filetypes-sparql-result.ttl": (f"{EU}file-type", set()),
    "licences-sparql-result.ttl": (f"{EU}licence", set()),
    "los.rdf": ("https://psi.norge.no/los/struktur", set()),
}


@pytest.mark.parametrize("name", [*FILES, "eu-filetypes-skos-ap-act.rdf"])
def test_our_codes_are_in_the_published_lists_with_the_same_labels(name: str) -> None:
    if not REFERENCE.is_dir():
        pytest.skip("the published lists are not beside the checkout")
    published = Store()
    published_format = RdfFormat.TURTLE if name.endswith(".ttl") else RdfFormat.RDF_XML
    published.load(path=REFERENCE / name, format=published_format, base_iri="http://unknown.example/")
    scheme, newer = FILES.get(name, (f"{EU}file-type", None))
    compared = 0
    for code in ALL_CODES:
        if SCHEME_OF[code] != [NamedNode(scheme)]:
            continue
        is_there = next(published.quads_for_pattern(NamedNode(code), None, None), None) is not None
        if newer is not None:
            assert is_there == (code.rsplit("/", 1)[1] not in newer), code
        labels = published_labels(published, code)
        for label in PREFERRED[code]:
            assert isinstance(label, Literal)
            if label.language in labels:
                assert labels[label.language] == label.value, code
                compared += 1
    assert compared or name == "filetypes-sparql-result.ttl"  # which has no labels


def published_labels(published: Store, code: str) -> dict[str | None, str]:
    labels = {}
    for quad in published.quads_for_pattern(NamedNode(code), NamedNode(f"{SKOS}prefLabel"), None):
        assert isinstance(quad.object, Literal)
        labels[quad.object.language] = quad.object.value
    if "no" in labels:
        labels.setdefault("nb", labels["no"])
    return labels


def test_matches_of_los_to_data_themes_are_those_published() -> None:
    if not REFERENCE.is_dir():
        pytest.skip("the published lists are not beside the checkout")
    published = Store()
    published.load(path=REFERENCE / "los.rdf", format=RdfFormat.RDF_XML, base_iri="http://unknown.example/")
    for name in ("exactMatch", "closeMatch", "broadMatch"):
        ours = {triple for triple in TRIPLES if triple.predicate.value == f"{SKOS}{name}"}
        theirs = set()
        for quad in published.quads_for_pattern(None, NamedNode(f"{SKOS}{name}"), None):
            assert isinstance(quad.subject, NamedNode)
            assert isinstance(quad.object, NamedNode)
            if quad.subject.value in ALL_CODES:  # one match of theirs has its scheme twice
                target = NamedNode(quad.object.value.replace("http://http://", "http://"))
                theirs.add(Triple(quad.subject, quad.predicate, target))
        assert ours == theirs


def test_our_media_types_are_registered() -> None:
    if not REFERENCE.is_dir():
        pytest.skip("the published lists are not beside the checkout")
    registered = {
        str(quad.subject.value)
        for quad in parse(path=REFERENCE / "media-types.ttl", format=RdfFormat.TURTLE)
        if isinstance(quad.subject, NamedNode)
    }
    # The file holds most of the types of application/ only, as they were before RFC 9512.
    ours = {code for code in ALL_CODES if code.startswith(f"{IANA}application/")}
    assert ours - registered == {f"{IANA}application/yaml"}
