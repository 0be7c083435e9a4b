"""The kinds of resource that the generator makes: for each, the triples that catalogues have about it.

In: what has been made so far, and the next random numbers. Out: lines of N-Triples. The properties are those
that DCAT-AP-NO, SKOS-AP-NO and ModellDCAT-AP-NO ask for or recommend.
"""

from dataclasses import dataclass, field
from typing import Final

from kg.bench.vocabulary import Draw, Vocabulary
from kg.namespaces import DCAT, DCT, FOAF, MODELLDCATNO, RDF, SKOS, VCARD, XSD

BASE: Final = "https://bench.example/"

_EU: Final = "http://publications.europa.eu/resource/authority/"
_THEMES: Final = (
    "AGRI",
    "ECON",
    "EDUC",
    "ENER",
    "ENVI",
    "GOVE",
    "HEAL",
    "INTR",
    "JUST",
    "REGI",
    "SOCI",
    "TECH",
    "TRAN",
)
_FILE_TYPES: Final = (
    "CSV",
    "CSV",
    "CSV",
    "JSON",
    "JSON",
    "XML",
    "XML",
    "XLSX",
    "GML",
    "GEOJSON",
    "PDF",
    "RDF_TURTLE",
)
_RIGHTS: Final = ("PUBLIC",) * 17 + ("RESTRICTED",) * 2 + ("NON_PUBLIC",)
_FREQUENCIES: Final = ("ANNUAL", "MONTHLY", "DAILY", "QUARTERLY", "CONT", "IRREG")
_LICENCES: Final = ("CC_BY_4_0", "CC_BY_4_0", "CC0", "NLOD_2_0")
_SIMPLE_TYPES: Final = ("string", "date", "integer", "boolean", "decimal")

_TYPE: Final = f"<{RDF}type>"
_TITLE, _DESCRIPTION, _IDENTIFIER = f"<{DCT}title>", f"<{DCT}description>", f"<{DCT}identifier>"
_PUBLISHER, _SUBJECT, _FORMAT = f"<{DCT}publisher>", f"<{DCT}subject>", f"<{DCT}format>"
_THEME, _CONTACT = f"<{DCAT}theme>", f"<{DCAT}contactPoint>"
_CONCEPT_ROOTS: Final = 6


@dataclass(slots=True)
class Catalogues:
    """What has been made so far: how many of each kind, and the means to make more."""

    draw: Draw
    words: Vocabulary
    agencies: int = 0
    concepts: int = 0
    collections: int = 0
    catalogues: int = 0
    datasets: int = 0
    distributions: int = 0
    services: int = 0
    models: int = 0
    elements: int = 0
    lines: list[str] = field(default_factory=list)

    def any_agency(self) -> str:
        """An agency; the first ones publish most."""
        return f"<{BASE}agency/{int(self.agencies * self.draw() ** 3)}>"

    def any_concept(self) -> str:
        """A concept."""
        return f"<{BASE}concept/{int(self.concepts * self.draw())}>"

    def any_code(self, codes: tuple[str, ...], kind: str) -> str:
        """One of the codes, of an authority table of the EU."""
        return f"<{_EU}{kind}/{codes[int(len(codes) * self.draw())]}>"


def add_agency(made: Catalogues) -> None:
    """An agency under an earlier one."""
    number, draw = made.agencies, made.draw
    made.agencies += 1
    agency = f"<{BASE}agency/{number}>"
    name = made.words.place(draw)
    made.lines += (
        f"{agency} {_TYPE} <{FOAF}Agent> .\n",
        f'{agency} <{FOAF}name> "{name} {made.words.term(draw)}etat {number}"@nb .\n',
        f'{agency} {_IDENTIFIER} "{800_000_000 + number}" .\n',
        f"{agency} {_TYPE} <http://www.w3.org/ns/org#Organization> .\n",
    )
    if number:
        above = f"<{BASE}agency/{int((number // 4 + 1) * draw())}>"
        made.lines.append(f"{agency} <http://www.w3.org/ns/org#subOrganizationOf> {above} .\n")


def add_collection(made: Catalogues) -> None:
    """A collection that the concepts after it belong to."""
    number = made.collections
    made.collections += 1
    collection = f"<{BASE}collection/{number}>"
    made.lines += (
        f"{collection} {_TYPE} <{SKOS}Collection> .\n",
        f'{collection} {_TITLE} "Begreper om {made.words.term(made.draw)} {number}"@nb .\n',
        f"{collection} {_PUBLISHER} {made.any_agency()} .\n",
    )


def add_concept(made: Catalogues) -> None:
    """A concept under an earlier one."""
    number, draw, words = made.concepts, made.draw, made.words
    made.concepts += 1
    concept = f"<{BASE}concept/{number}>"
    label = words.term(draw)
    made.lines += (
        f"{concept} {_TYPE} <{SKOS}Concept> .\n",
        f'{concept} <{SKOS}prefLabel> "{label} {number}"@nb .\n',
        f'{concept} <{SKOS}prefLabel> "{label} {number}"@nn .\n',
        f'{concept} <{SKOS}definition> "{words.description(2, draw)}"@nb .\n',
        f"{concept} {_PUBLISHER} {made.any_agency()} .\n",
        f"<{BASE}collection/{made.collections - 1}> <{SKOS}member> {concept} .\n",
    )
    if number >= _CONCEPT_ROOTS:
        made.lines.append(f"{concept} <{SKOS}broader> <{BASE}concept/{int((number // 3) * draw())}> .\n")
    if draw() < 0.4 and number:
        made.lines.append(f"{concept} <{SKOS}related> <{BASE}concept/{int(number * draw())}> .\n")


def add_catalogue(made: Catalogues) -> None:
    """A catalogue without its datasets."""
    number, draw = made.catalogues, made.draw
    made.catalogues += 1
    catalogue = f"<{BASE}catalogue/{number}>"
    made.lines += (
        f"{catalogue} {_TYPE} <{DCAT}Catalog> .\n",
        f'{catalogue} {_TITLE} "Katalog over {made.words.term(draw)} {number}"@nb .\n',
        f'{catalogue} {_DESCRIPTION} "{made.words.description(3, draw)}"@nb .\n',
        f"{catalogue} {_PUBLISHER} {made.any_agency()} .\n",
    )


def add_dataset(made: Catalogues) -> None:
    """A dataset in a catalogue, with contact point and distributions."""
    number, draw, words = made.datasets, made.draw, made.words
    made.datasets += 1
    dataset, lines = f"<{BASE}dataset/{number}>", made.lines
    title, issued = words.title(draw), 2008 + int(17 * draw())
    changed = issued + int((2026 - issued) * draw())
    catalogue = int(made.catalogues * draw() ** 2)
    lines += (
        f"<{BASE}catalogue/{catalogue}> <{DCAT}dataset> {dataset} .\n",
        f"{dataset} {_TYPE} <{DCAT}Dataset> .\n",
        f'{dataset} {_TITLE} "{title}"@nb .\n',
        f'{dataset} {_DESCRIPTION} "{words.description(2 + int(6 * draw()), draw)}"@nb .\n',
        f'{dataset} {_IDENTIFIER} "{BASE}dataset/{number}" .\n',
        f"{dataset} {_PUBLISHER} {made.any_agency()} .\n",
        f"{dataset} <{DCT}spatial> <{BASE}municipality/{301 + int(350 * draw())}> .\n",
        f'{dataset} <{DCT}issued> "{issued}-{_day(draw)}"^^<{XSD}date> .\n',
        f'{dataset} <{DCT}modified> "{changed}-{_day(draw)}T{_time(draw)}"^^<{XSD}dateTime> .\n',
        f"{dataset} <{DCT}accessRights> {made.any_code(_RIGHTS, 'access-right')} .\n",
        f"{dataset} <{DCT}accrualPeriodicity> {made.any_code(_FREQUENCIES, 'frequency')} .\n",
        f"{dataset} <{DCAT}landingPage> <{BASE}page/{number}> .\n",
    )
    if number % 2:
        lines.append(f'{dataset} {_TITLE} "{title}"@nn .\n')
    if number % 3 == 0:
        lines.append(f'{dataset} {_TITLE} "{title} (dataset)"@en .\n')
    first = int(len(_THEMES) * draw())
    for theme in range(first, first + 1 + int(2 * draw())):
        lines.append(f"{dataset} {_THEME} <{_EU}data-theme/{_THEMES[theme % len(_THEMES)]}> .\n")
    for keyword in words.distinct_terms(1 + int(5 * draw()), draw):
        lines.append(f'{dataset} <{DCAT}keyword> "{keyword}"@nb .\n')
    if draw() < 0.7:
        lines.append(f"{dataset} {_SUBJECT} {made.any_concept()} .\n")
    if number and draw() < 0.2:
        lines.append(f"{dataset} <{DCT}references> <{BASE}dataset/{int(number * draw())}> .\n")
    if made.models and draw() < 0.1:
        lines.append(f"{dataset} <{DCT}conformsTo> <{BASE}model/{int(made.models * draw())}> .\n")
    _add_contact(made, dataset, f"_:d{number}")
    for _ in range(1 if number == 0 else int(4.5 * draw() ** 1.4)):
        _add_distribution(made, dataset)


def _add_contact(made: Catalogues, resource: str, contact: str) -> None:
    """A contact point without an IRI, as most publishers write them."""
    unit = made.words.place(made.draw)
    made.lines += (
        f"{resource} {_CONTACT} {contact} .\n",
        f"{contact} {_TYPE} <{VCARD}Organization> .\n",
        f'{contact} <{VCARD}fn> "Postmottak {unit}"@nb .\n',
        f"{contact} <{VCARD}hasEmail> <mailto:post@{int(900 * made.draw())}.bench.example> .\n",
    )


def _add_distribution(made: Catalogues, dataset: str) -> None:
    number, draw, lines = made.distributions, made.draw, made.lines
    made.distributions += 1
    distribution = f"<{BASE}distribution/{number}>"
    lines += (
        f"{dataset} <{DCAT}distribution> {distribution} .\n",
        f"{distribution} {_TYPE} <{DCAT}Distribution> .\n",
        f'{distribution} {_TITLE} "{made.words.title(draw)}"@nb .\n',
        f"{distribution} <{DCAT}accessURL> <{BASE}file/{number}> .\n",
        f"{distribution} {_FORMAT} {made.any_code(_FILE_TYPES, 'file-type')} .\n",
        f"{distribution} <{DCT}license> {made.any_code(_LICENCES, 'licence')} .\n",
    )
    if number % 2:
        lines.append(f"{distribution} <{DCAT}downloadURL> <{BASE}file/{number}/whole> .\n")
    else:
        lines.append(f'{distribution} <{DCAT}byteSize> "{1000 + int(10**9 * draw())}"^^<{XSD}integer> .\n')


def add_service(made: Catalogues) -> None:
    """A data service of an earlier dataset."""
    number, draw, words = made.services, made.draw, made.words
    made.services += 1
    service = f"<{BASE}service/{number}>"
    made.lines += (
        f"<{BASE}catalogue/{int(made.catalogues * draw())}> <{DCAT}service> {service} .\n",
        f"{service} {_TYPE} <{DCAT}DataService> .\n",
        f'{service} {_TITLE} "API for {words.term(draw)} {number}"@nb .\n',
        f'{service} {_DESCRIPTION} "{words.description(3, draw)}"@nb .\n',
        f"{service} {_PUBLISHER} {made.any_agency()} .\n",
        f"{service} <{DCAT}endpointURL> <{BASE}api/{number}> .\n",
        f"{service} <{DCAT}endpointDescription> <{BASE}api/{number}/openapi> .\n",
        f"{service} {_THEME} {made.any_code(_THEMES, 'data-theme')} .\n",
        f"{service} {_FORMAT} {made.any_code(_FILE_TYPES, 'file-type')} .\n",
        f"{service} <{DCAT}servesDataset> <{BASE}dataset/{int(made.datasets * draw())}> .\n",
    )
    _add_contact(made, service, f"_:s{number}")


def add_model(made: Catalogues) -> None:
    """An information model with its elements."""
    number, draw, words = made.models, made.draw, made.words
    made.models += 1
    model = f"<{BASE}model/{number}>"
    made.lines += (
        f"<{BASE}catalogue/{int(made.catalogues * draw())}> <{MODELLDCATNO}model> {model} .\n",
        f"{model} {_TYPE} <{MODELLDCATNO}InformationModel> .\n",
        f'{model} {_TITLE} "Informasjonsmodell for {words.term(draw)} {number}"@nb .\n',
        f'{model} {_DESCRIPTION} "{words.description(3, draw)}"@nb .\n',
        f"{model} {_PUBLISHER} {made.any_agency()} .\n",
        f"{model} {_THEME} {made.any_code(_THEMES, 'data-theme')} .\n",
    )
    for _ in range(2 + int(7 * draw())):
        _add_element(made, model)


def _add_element(made: Catalogues, model: str) -> None:
    """An object type with its attributes and, after the first, an association to the one before it."""
    number, draw, words, lines = made.elements, made.draw, made.words, made.lines
    made.elements += 1
    element = f"<{BASE}element/{number}>"
    lines += (
        f"{model} <{MODELLDCATNO}containsModelElement> {element} .\n",
        f"{element} {_TYPE} <{MODELLDCATNO}ObjectType> .\n",
        f'{element} {_TITLE} "{words.term(draw).capitalize()}"@nb .\n',
        f"{element} {_SUBJECT} {made.any_concept()} .\n",
    )
    for position, name in enumerate(words.distinct_terms(1 + int(5 * draw()), draw)):
        attribute = f"<{BASE}element/{number}/attribute/{position}>"
        simple = _SIMPLE_TYPES[int(len(_SIMPLE_TYPES) * draw())]
        lines += (
            f"{element} <{MODELLDCATNO}hasProperty> {attribute} .\n",
            f"{attribute} {_TYPE} <{MODELLDCATNO}Attribute> .\n",
            f'{attribute} {_TITLE} "{name}"@nb .\n',
            f"{attribute} <{MODELLDCATNO}hasSimpleType> <{XSD}{simple}> .\n",
            f'{attribute} <{XSD}minOccurs> "{int(2 * draw())}"^^<{XSD}integer> .\n',
            f'{attribute} <{XSD}maxOccurs> "1" .\n',
        )
    if number:
        association = f"<{BASE}element/{number}/association>"
        lines += (
            f"{element} <{MODELLDCATNO}hasProperty> {association} .\n",
            f"{association} {_TYPE} <{MODELLDCATNO}Association> .\n",
            f"{association} <{MODELLDCATNO}refersTo> <{BASE}element/{number - 1}> .\n",
        )


def _day(draw: Draw) -> str:
    return f"{1 + int(12 * draw()):02d}-{1 + int(28 * draw()):02d}"


def _time(draw: Draw) -> str:
    second = int(86_400 * draw())
    return f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}Z"
