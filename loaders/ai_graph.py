"""The quads of one AI project, under our vocabulary where the application profiles have no word.

In: the cells of a project and the last segment of its IRI. Out: quads. A cell whose value is not certain stays as it
was written, in a property that ends in `Kildetekst`, and is reported; so does the text of every code and of every
yes or no, because their values are our reading of it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from kg.namespaces import ADMS, CV, DCAT, DCT, FOAF, RDF, SKOS, XSD
from loaders.ai_values import (
    DATA_ORIGINS,
    DATA_TYPES,
    OWNER_TYPES,
    STATUSES,
    TECHNIQUES,
    Code,
    CodeList,
    find_boolean,
    find_code,
    find_year,
    language,
    slug,
    split_links,
    split_list,
    split_names,
)
from loaders.rdf_remarks import excerpt

Report = Callable[[int, str], None]
"""Is told the line of a cell that stays as it was written, and why."""

_TYPE: Final = NamedNode(f"{RDF}type")


@dataclass(frozen=True, slots=True)
class Row:
    """One project: the text of its cells by column, and the line that it begins on."""

    line: int
    cells: dict[str, str]

    def text(self, column: str) -> str:
        """The text of a cell without space around it."""
        return self.cells.get(column, "").strip()


class ProjectGraph:
    """Makes quads of projects."""

    def __init__(self, mint_iri: str, report: Report) -> None:
        self._base = f"{mint_iri}ki/"
        self._vocabulary = f"{mint_iri}ns/ki#"
        self._report = report

    def quads(self, key: str, row: Row) -> Iterator[Quad]:
        """Everything about one project, its organisations and codes included."""
        project = NamedNode(f"{self._base}prosjekt/{key}")
        yield Quad(project, _TYPE, self._ki("Prosjekt"))
        if number := row.text("number"):
            yield Quad(project, NamedNode(f"{DCT}identifier"), Literal(number))
        for column, predicate in (
            ("title", NamedNode(f"{DCT}title")),
            ("description", NamedNode(f"{DCT}description")),
            ("purpose", self._ki("formaal")),
        ):
            if text := row.text(column):
                yield Quad(project, predicate, Literal(text, language=language(text)))
        yield from self._organisations(project, row)
        yield from self._period(project, key, row)
        yield from self._code(project, row, "owner_type", OWNER_TYPES, self._ki("eiertype"), "eiertype")
        yield from self._code(project, row, "status", STATUSES, NamedNode(f"{ADMS}status"), "status")
        yield from self._code(project, row, "data_types", DATA_TYPES, self._ki("typeData"), "typeData")
        yield from self._code(project, row, "data_origins", DATA_ORIGINS, self._ki("datakilde"), "datakilde")
        yield from self._code(project, row, "techniques", TECHNIQUES, self._ki("teknikk"), "klassifisering")
        yield from self._boolean(project, row, "own_models", "egenModellutvikling", "modellutvikling")
        yield from self._boolean(project, row, "consultants", "innleideKonsulenter", "innleideKonsulenter")
        yield from self._links(project, row)

    def _ki(self, name: str) -> NamedNode:
        return NamedNode(f"{self._vocabulary}{name}")

    def _as_written(self, project: NamedNode, row: Row, column: str, name: str) -> Quad:
        return Quad(project, self._ki(f"{name}Kildetekst"), Literal(row.cells[column]))

    def _organisations(self, project: NamedNode, row: Row) -> Iterator[Quad]:
        if owner := row.text("owner"):
            yield from self._agent(project, NamedNode(f"{DCT}publisher"), owner)
        else:
            self._report(row.line, "the project has no owner; its IRI will change when it gets one")
        for column, predicate, name in (
            ("department", NamedNode(f"{CV}hasCompetentAuthority"), "departement"),
            ("partners", NamedNode(f"{DCT}contributor"), "tilknyttedeOrganisasjoner"),
        ):
            text = row.text(column)
            if not text:
                continue
            names = split_names(text)
            if names is None:
                self._report(row.line, f'"{excerpt(text)}" may name one organisation or several; kept as text')
            if names != [text]:
                yield self._as_written(project, row, column, name)
            for organisation in names or ():
                yield from self._agent(project, predicate, organisation)

    def _agent(self, project: NamedNode, predicate: NamedNode, name: str) -> Iterator[Quad]:
        agent = NamedNode(f"{self._base}virksomhet/{slug(name)}")
        yield Quad(project, predicate, agent)
        yield Quad(agent, _TYPE, NamedNode(f"{FOAF}Agent"))
        yield Quad(agent, NamedNode(f"{FOAF}name"), Literal(name))

    def _period(self, project: NamedNode, key: str, row: Row) -> Iterator[Quad]:
        years: list[tuple[str, int]] = []
        for column, predicate, name in (("start", "startDate", "start"), ("end", "endDate", "slutt")):
            text = row.text(column)
            if not text:
                continue
            year = find_year(text)
            if year is None:
                self._report(row.line, f'"{excerpt(text)}" is not a year; kept as text')
                yield self._as_written(project, row, column, name)
            else:
                years.append((predicate, year))
        if not years:
            return
        if len(years) > 1 and years[1][1] < years[0][1]:
            self._report(row.line, f"the project ends in {years[1][1]}, before it starts in {years[0][1]}")
        period = BlankNode(f"periode{key}")
        yield Quad(project, NamedNode(f"{DCT}temporal"), period)
        yield Quad(period, _TYPE, NamedNode(f"{DCT}PeriodOfTime"))
        for predicate, year in years:
            yield Quad(period, NamedNode(DCAT + predicate), Literal(str(year), datatype=NamedNode(f"{XSD}gYear")))

    def _code(
        self, project: NamedNode, row: Row, column: str, codes: CodeList, predicate: NamedNode, name: str
    ) -> Iterator[Quad]:
        text = row.text(column)
        if not text:
            return
        yield self._as_written(project, row, column, name)
        for part in split_list(text) if codes.is_open else (text,):
            code = find_code(codes, part)
            if code is None:
                self._report(row.line, f'"{excerpt(part)}" is no {codes.title} that is known; kept as text')
                continue
            if codes.codes and code not in codes.codes:
                self._report(row.line, f'"{excerpt(part)}" is a new value of {codes.title}; added as it is')
            concept = NamedNode(f"{self._base}{codes.name}/{code.notation}")
            yield Quad(project, predicate, concept)
            yield from self._concept(concept, code, codes)

    def _concept(self, concept: NamedNode, code: Code, codes: CodeList) -> Iterator[Quad]:
        scheme = NamedNode(f"{self._base}{codes.name}")
        yield Quad(concept, _TYPE, NamedNode(f"{SKOS}Concept"))
        yield Quad(concept, NamedNode(f"{SKOS}inScheme"), scheme)
        yield Quad(concept, NamedNode(f"{SKOS}notation"), Literal(code.notation))
        yield Quad(concept, NamedNode(f"{SKOS}prefLabel"), Literal(code.nb, language="nb"))
        if code.en:
            yield Quad(concept, NamedNode(f"{SKOS}prefLabel"), Literal(code.en, language="en"))
        yield Quad(scheme, _TYPE, NamedNode(f"{SKOS}ConceptScheme"))
        yield Quad(scheme, NamedNode(f"{DCT}title"), Literal(codes.title, language="nb"))

    def _boolean(self, project: NamedNode, row: Row, column: str, name: str, source_name: str) -> Iterator[Quad]:
        text = row.text(column)
        if not text:
            return
        yield self._as_written(project, row, column, source_name)
        value = find_boolean(text)
        if value is None:
            self._report(row.line, f'"{excerpt(text)}" is neither ja nor nei; kept as text')
        else:
            yield Quad(project, self._ki(name), Literal(value))

    def _links(self, project: NamedNode, row: Row) -> Iterator[Quad]:
        links, others = split_links(row.text("link"))
        for link in links:
            yield Quad(project, NamedNode(f"{FOAF}page"), NamedNode(link))
        for other in others:
            self._report(row.line, f'"{excerpt(other)}" is no web address; kept as text')
        if others:
            yield self._as_written(project, row, "link", "lenke")
