"""Contact points: what tells of a person stays out of the graph."""

import doctest
import random
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

import kg.build.privacy.addresses
from kg.build.privacy.addresses import is_functional, is_organisational
from kg.build.privacy.contacts import Withheld, withhold
from kg.build.privacy.terms import EMAILS, LINKS, PERSONAL, PERSONAL_NAMES
from kg.build.skolem import skolemise
from kg.errors import UsageError
from kg.namespaces import FOAF, VCARD

SNAPSHOT = (
    Path(__file__).resolve().parents[3] / ".." / "shared" / "data" / "snapshots" / "difi-complete_2018-03-08.jsonld"
)

PREFIXES = """
PREFIX : <http://example.org/>
PREFIX adms: <http://www.w3.org/ns/adms#>
PREFIX cv: <http://data.europa.eu/m8g/>
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX schema: <http://schema.org/>
PREFIX vcard: <http://www.w3.org/2006/vcard/ns#>
"""


def turtle(text: str) -> list[Triple]:
    return [quad.triple for quad in parse(input=PREFIXES + text, format=RdfFormat.TURTLE)]


def reduced(text: str) -> Withheld:
    return withhold(turtle(text), "organisational")


def text_of(triples: list[Triple]) -> str:
    return "\n".join(map(str, triples))


def says_the_same(result: Withheld, text: str) -> bool:
    """Whether the triples are those of a Turtle text; blank nodes carry the same labels or stand alone."""

    def blanked(triples: list[Triple]) -> list[str]:
        return sorted(
            " ".join(term if not term.startswith("_:") else "_:" for term in str(t).split(" ")) for t in triples
        )

    return blanked(result.triples) == blanked(turtle(text))


def test_docstring_examples_hold() -> None:
    assert doctest.testmod(kg.build.privacy.addresses).failed == 0


@pytest.mark.parametrize(
    "address",
    [
        "post@brreg.no",
        "MAILTO:Postmottak@Brreg.no",
        "mailto:firmapost%40oslo.kommune.no",
        "data.norge@digdir.no",
        "it-support@ssb.no",
        "brukerstøtte@nav.no",
        "fellesdatakatalog@digdir.no",
        "nav.postmottak@nav.no",
        "brreg@brreg.no",
        "post+katalog@ssb.no",
        "post@a.no, info@b.no",
        "mailto:post@a.no?subject=Ola%20Nordmann",
        "https://a.no/kontakt",
    ],
)
def test_address_of_a_function_is_functional(address: str) -> None:
    assert is_functional(address)


@pytest.mark.parametrize(
    "address",
    [
        "ola.nordmann@brreg.no",
        "onordmann@brreg.no",
        "ola@brreg.no",
        "kari.post@brreg.no",
        "postmyr@brreg.no",
        "on1@brreg.no",
        "123@brreg.no",
        "post@a.no; ola@a.no",
        "post@ola@a.no",
        "@a.no",
        "post@",
        "",
        "mailto:",
        "Ola Nordmann",
        "a_b@c.no",
        "ola+post@brreg.no",
        "0f1e2d3c4b5a69788796a5b4c3d2e1f000000000",
    ],
)
def test_address_in_doubt_is_not_functional(address: str) -> None:
    assert not is_functional(address)


@pytest.mark.parametrize(
    "name",
    [
        "Avdeling for digitalisering",
        "Arbeidstilsynets postmottak",
        "Faggruppe geodata, Sørum kommune",
        "Support for ELMA",
        "Universitetet i Bergen - IT-avd",
        "Kundesenteret",
        "Contact information | (910258028)",
        "post@brreg.no",
        "NAV",
    ],
)
def test_name_of_an_organisation_is_organisational(name: str) -> None:
    assert is_organisational(name)


@pytest.mark.parametrize(
    "name",
    [
        "Ola Nordmann",
        "Kari N. Nordmann-Å",
        "ola nordmann",
        "Ola.Nordmann",
        "Webmaster, Ola Nordmann",
        "Support: Ola",
        "Ola Nordmann, Kari Nordmann",
        "Ola Nordmann, prosjektleder",
        "Ukjent",
        "OEP",
        "",
        "ola.nordmann@brreg.no",
    ],
)
def test_name_in_doubt_is_not_organisational(name: str) -> None:
    assert not is_organisational(name)


ORGANISATION = """
    :dataset dcat:contactPoint [ a vcard:Organization ; vcard:fn "Brønnøysundregistrene"@nb ;
        vcard:hasEmail <mailto:postmottak@brreg.no> ; vcard:hasTelephone <tel:+4775007500> ;
        vcard:hasURL <https://www.brreg.no/kontakt> ] .
    :service cv:hasContactPoint :desk . :desk a schema:ContactPoint ; schema:name "Kundesenteret" ;
        schema:email "post@example.org" ; schema:telephone "75 00 75 00" .
    :concept dcat:contactPoint [ a vcard:Kind ;
        vcard:hasEmail [ a vcard:Work ; vcard:hasValue <mailto:info@ssb.no> ] ] .
"""


def test_contact_point_of_an_organisation_stays() -> None:
    result = reduced(ORGANISATION)
    assert says_the_same(result, ORGANISATION)
    assert (result.contact_points, result.emails) == (0, 0)


@pytest.mark.parametrize("link", sorted(LINKS, key=str), ids=str)
def test_each_contact_property_leads_to_a_contact_point(link: NamedNode) -> None:
    result = reduced(f':dataset {link} :c . :c foaf:name "Ola Sentinel" .')
    assert "Sentinel" not in text_of(result.triples)
    assert result.contact_points == 1


PERSON = """
    :dataset dcat:contactPoint :c . :c a vcard:Individual ; vcard:fn "Kari Sentinel" ; vcard:given-name "Kari" ;
        vcard:family-name "Sentinel" ; vcard:role "Rådgiver" ; vcard:organization-name "Brønnøysundregistrene" ;
        vcard:organization-unit "Avdeling datafangst" ; vcard:hasURL <https://www.brreg.no/> ;
        vcard:hasTelephone <tel:+4799999999> ; vcard:hasEmail <mailto:kari.sentinel@brreg.no>, <mailto:post@brreg.no> ;
        vcard:hasName [ a vcard:Name ; vcard:given-name "Kari" ; vcard:hasAdditionalName [ vcard:value "Sentinel" ] ] ;
        vcard:hasAddress [ vcard:street-address "Sentinelveien 1" ;
            vcard:hasCountryName [ vcard:value "Sentinelland" ] ] .
"""


def test_of_a_person_stays_only_the_organisation() -> None:
    result = reduced(PERSON)
    assert says_the_same(
        result,
        """
        :dataset dcat:contactPoint :c . :c a vcard:Kind ; vcard:organization-name "Brønnøysundregistrene" ;
        vcard:organization-unit "Avdeling datafangst" ; vcard:hasURL <https://www.brreg.no/> ;
        vcard:hasEmail <mailto:post@brreg.no> .
        """,
    )
    assert (result.contact_points, result.emails) == (1, 0)


@pytest.mark.parametrize("personal", sorted(PERSONAL - EMAILS, key=str), ids=str)
def test_each_personal_property_makes_a_contact_point_personal(personal: NamedNode) -> None:
    result = reduced(
        f':d dcat:contactPoint [ {personal} "Sentinel" ; vcard:tel "Sentinel" ; vcard:fn "Avdeling data" ] .'
    )
    assert says_the_same(result, ":d dcat:contactPoint [ a vcard:Kind ] .")


@pytest.mark.parametrize(
    "contact",
    [
        '[ a vcard:Kind ; vcard:fn "Kari Sentinel" ; vcard:hasTelephone <tel:+47SENTINEL> ]',
        '[ vcard:fn "Support, Kari Sentinel" ]',
        '[ a schema:ContactPoint ; schema:name "Kari Sentinel" ; schema:email "post@brreg.no" ]',
        '[ a cv:ContactPoint ; cv:email "sentinel@brreg.no" ; cv:telephone "SENTINEL" ]',
        '[ a vcard:Kind ; vcard:hasEmail "sentinel@brreg.no" ; vcard:hasTelephone "SENTINEL" ]',
        '[ a vcard:Organization ; vcard:fn "Kari Sentinel" ; vcard:hasEmail <mailto:kari.sentinel@brreg.no> ]',
        '[ a vcard:Organization, vcard:Individual ; vcard:fn "Sentinel" ]',
        '[ a vcard:Kind ; vcard:fn "Kari Sentinel" ; vcard:hasURL <https://brreg.no/ansatte/kari-sentinel> ]',
        '[ a vcard:Kind ; vcard:fn "Kari Sentinel" ; vcard:organization-name "Sentinel ENK" ]',
        '[ a vcard:Kind ; vcard:fn "Kari Sentinel" ; vcard:hasEmail <mailto:post@sentinel.no> ]',
        "<http://example.org/contacts/kari.sentinel@brreg.no>",
        "<http://example.org/contacts/kari.sentinel%40brreg.no>",
        "<mailto:kari.sentinel@brreg.no>",
        "<MAILTO:Kari.Sentinel@brreg.no>",
        '"Kari Sentinel, tlf. 75007500"',
        '"kari.sentinel@brreg.no"',
        '[ a vcard:Kind ; vcard:hasEmail [ vcard:hasValue "sentinel@brreg.no" ] ]',
        "[ a vcard:Kind ; vcard:hasEmail [ vcard:hasValue <mailto:sentinel@brreg.no> ] ]",
        "[ a vcard:Kind ; vcard:hasURL <mailto:sentinel@brreg.no> ]",
        '[ <http://www.w3.org/2001/vcard-rdf/3.0#FN> "Kari Sentinel" ]',
    ],
)
def test_whatever_may_name_a_person_is_withheld(contact: str) -> None:
    result = reduced(f":dataset dct:title 'Data'@nb ; dcat:contactPoint {contact} .")
    assert "sentinel" not in text_of(result.triples).casefold()
    assert result.contact_points + result.emails >= 1
    assert turtle(":dataset dct:title 'Data'@nb .")[0] in result.triples


def test_iri_that_names_the_person_gives_way_to_a_blank_node_everywhere() -> None:
    result = reduced(
        """
        PREFIX who: <http://example.org/people/>
        :dataset dcat:contactPoint who:kari-sentinel ; dct:creator who:kari-sentinel .
        who:kari-sentinel a vcard:Individual ; vcard:fn "Kari Sentinel" .
        """
    )
    (contact,) = {triple.object for triple in result.triples if isinstance(triple.object, BlankNode)}
    assert {triple.subject for triple in result.triples} == {NamedNode("http://example.org/dataset"), contact}
    assert "entinel" not in text_of(result.triples)


def test_iri_that_says_nothing_stays() -> None:
    result = reduced(':dataset dcat:contactPoint :c17 . :c17 a vcard:Individual ; vcard:fn "Kari Sentinel" .')
    assert says_the_same(result, ":dataset dcat:contactPoint :c17 . :c17 a vcard:Kind .")


def test_e_mail_address_of_any_node_stays_only_if_functional() -> None:
    result = reduced(
        """
        :agency a foaf:Agent ; foaf:name "Etaten" ; foaf:mbox <mailto:ola.sentinel@etat.no>, <mailto:post@etat.no> .
        :dataset dct:creator <mailto:ola.sentinel@etat.no> . <mailto:ola.sentinel@etat.no> foaf:name "Ola Sentinel" .
        """
    )
    assert says_the_same(result, ':agency a foaf:Agent ; foaf:name "Etaten" ; foaf:mbox <mailto:post@etat.no> .')
    assert (result.contact_points, result.emails) == (0, 2)


def test_author_keeps_the_name_and_nothing_else() -> None:
    result = reduced(
        """
        :dataset dct:creator :kari . :kari a foaf:Person ; foaf:name "Kari Nordmann" ; foaf:phone <tel:+4799999999> ;
            foaf:mbox <mailto:kari@etat.no> ; foaf:birthday "04-01" ; foaf:homepage <https://etat.no/> .
        """
    )
    assert says_the_same(
        result,
        """
        :dataset dct:creator :kari .
        :kari a foaf:Person ; foaf:name "Kari Nordmann" ; foaf:homepage <https://etat.no/> .
        """,
    )


def test_quoted_statement_about_a_person_is_withheld() -> None:
    result = reduced(
        """
        :dataset dcat:contactPoint :c . :c a vcard:Individual ; vcard:fn "Kari Sentinel" .
        :said dct:subject <<( :c vcard:fn "Kari Sentinel" )>>,
            <<( :x dct:subject <<( :c vcard:nickname "Sentinel" )>> )>>,
            <<( :y foaf:mbox <mailto:sentinel@etat.no> )>>, <<( :dataset dcat:contactPoint :c )>> .
        """
    )
    assert says_the_same(
        result,
        ":dataset dcat:contactPoint :c . :c a vcard:Kind . :said dct:subject <<( :dataset dcat:contactPoint :c )>> .",
    )


def test_dataset_given_as_contact_point_is_not_reduced() -> None:
    text = ':d dcat:contactPoint :e . :e a dcat:Dataset ; dct:title "Ola Nordmann" ; dct:description "Om ham" .'
    assert says_the_same(reduced(text), text)
    assert reduced(text).contact_points == 0
    text = ':d dcat:contactPoint :d ; dct:title "Ola Nordmann" .'
    assert says_the_same(reduced(text), text)


def test_dataset_with_personal_properties_loses_only_those() -> None:
    result = reduced(':e a dcat:Dataset ; dct:title "Data" ; vcard:given-name "Sentinel" ; vcard:tel "Sentinel" .')
    assert says_the_same(result, ':e a dcat:Dataset ; dct:title "Data" .')


def test_organisation_shared_with_a_withheld_node_stays() -> None:
    result = reduced(
        """
        :dataset dct:publisher _:agency ; dcat:contactPoint [ a vcard:Individual ; schema:address _:agency ] .
        _:agency a foaf:Agent ; foaf:name "Etaten" .
        """
    )
    assert says_the_same(
        result,
        ':dataset dct:publisher _:a ; dcat:contactPoint [ a vcard:Kind ] . _:a a foaf:Agent ; foaf:name "Etaten" .',
    )


def test_none_removes_contact_points_and_links() -> None:
    text = ORGANISATION + PERSON + ':text dcat:contactPoint "post@etat.no" . :dataset dct:title "Data" .'
    result = withhold(turtle(text), "none")
    assert result.triples == turtle(':dataset dct:title "Data" .')
    assert result.contact_points == 5


def test_none_leaves_a_publisher_what_is_not_contact_information() -> None:
    text = """:d dct:publisher :o ; dcat:contactPoint :o .
        :o a vcard:Organization ; foaf:name "Etaten" ; vcard:hasEmail <mailto:post@etat.no> ."""
    result = withhold(turtle(text), "none")
    assert says_the_same(result, ':d dct:publisher :o . :o a vcard:Organization ; foaf:name "Etaten" .')


def test_all_leaves_everything() -> None:
    triples = turtle(PERSON)
    assert withhold(triples, "all") == Withheld(triples, 0, 0)


def test_unknown_mode_is_refused_before_anything_is_read() -> None:
    with pytest.raises(UsageError, match="some"):
        withhold([], "some")


@given(st.text())
def test_any_text_is_judged(text: str) -> None:
    assert is_functional(text) in {True, False}
    assert is_organisational(text) in {True, False}


def test_long_texts_cost_no_more_than_their_length() -> None:
    long, many = "a" * 300_000, "a@" * 100_000
    started = time.process_time()
    result = reduced(
        f""":d dcat:contactPoint <http://example.org/{long}/@>, <http://example.org/{long}>, "{long}", "{many}" .
        <http://example.org/{long}> vcard:fn "{"a, " * 100_000}" ; vcard:hasEmail "{"a@b," * 50_000}" ."""
    )
    assert result.contact_points == 4
    assert time.process_time() - started < 2


def test_source_without_contact_information_is_untouched() -> None:
    triples = turtle(':d a dcat:Dataset ; dct:title "Ola Nordmann" ; dcat:landingPage <https://etat.no/ola@nordmann> .')
    result = withhold(triples, "organisational")
    assert all(before is after for before, after in zip(triples, result.triples, strict=True))


SENTINELS = st.sampled_from(
    [
        Literal("Kari Sentinel"),
        Literal("sentinel", language="nb"),
        NamedNode("http://example.org/sentinel"),
        NamedNode("mailto:k.sentinel@etat.no"),
        Literal("k.sentinel@etat.no"),
        NamedNode("tel:+47SENTINEL"),
    ]
)
PLAIN = st.sampled_from(
    [Literal("Avdeling for data"), NamedNode("mailto:post@etat.no"), NamedNode("http://example.org/c"), BlankNode("n")]
)
WORDS = [
    NamedNode(VCARD + name)
    for name in ("fn", "hasTelephone", "hasAddress", "hasURL", "organization-name", "note", "hasNote")
]
OF_CONTACT = st.builds(
    Triple,
    st.sampled_from(
        [BlankNode("c"), NamedNode("http://example.org/c"), NamedNode("http://example.org/people/sentinel")]
    ),
    st.sampled_from([*WORDS, *sorted(PERSONAL_NAMES | EMAILS, key=str), NamedNode(f"{FOAF}name")]),
    st.one_of(SENTINELS, PLAIN),
)


@given(st.lists(OF_CONTACT, max_size=8), st.integers())
def test_no_word_of_a_named_person_survives(said: list[Triple], seed: int) -> None:
    individual = turtle(
        """
        :d dcat:contactPoint _:c, :c, <http://example.org/people/sentinel> .
        _:c a vcard:Individual ; vcard:fn "Kari Sentinel" . :c a vcard:Individual ; vcard:fn "Kari Sentinel" .
        <http://example.org/people/sentinel> a vcard:Individual ; vcard:fn "Kari Sentinel" .
        """
    )
    node = individual[0].object
    assert isinstance(node, BlankNode)
    told = [
        Triple(node, triple.predicate, triple.object) if triple.subject == BlankNode("c") else triple for triple in said
    ]
    triples = [*individual, *told]
    random.Random(seed).shuffle(triples)
    result = withhold(triples, "organisational")
    assert "sentinel" not in text_of(result.triples).casefold()
    assert result.contact_points == 3


@given(st.lists(OF_CONTACT, max_size=10, unique=True), st.sampled_from(["organisational", "none"]), st.integers())
def test_what_stays_does_not_depend_on_order(said: list[Triple], mode: str, seed: int) -> None:
    left, right = (withhold(triples, mode) for triples in (said, random.Random(seed).sample(said, len(said))))
    names = [set(skolemise("source", list(dict.fromkeys(kept.triples)), "urn:x-").triples) for kept in (left, right)]
    assert names[0] == names[1]
    assert (left.contact_points, left.emails) == (right.contact_points, right.emails)


@given(st.lists(OF_CONTACT, max_size=10, unique=True), st.sampled_from(["organisational", "none"]))
def test_what_stays_stays_again(said: list[Triple], mode: str) -> None:
    once = withhold(said, mode).triples
    assert set(withhold(once, mode).triples) == set(once)


@pytest.mark.skipif(not SNAPSHOT.exists(), reason="the real catalogue of 2018 is not beside this checkout")
def test_named_people_of_the_national_catalogue_are_withheld() -> None:
    fn = NamedNode(f"{VCARD}fn")
    triples = [quad.triple for quad in parse(path=str(SNAPSHOT), format=RdfFormat.JSON_LD)]
    names = {triple.object.value for triple in triples if triple.predicate == fn and isinstance(triple.object, Literal)}
    assert len(names) > 100
    result = withhold(triples, "organisational")
    assert not any(triple.predicate == fn for triple in result.triples)
    people = [name for name in names if not is_organisational(name) and name.count(" ") and name.isprintable()]
    remaining = text_of(result.triples)
    assert [name for name in people if f'"{name}"' in remaining] == []
