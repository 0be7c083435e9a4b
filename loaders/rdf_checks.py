"""Checks on quads as they go by: what the lenient parser lets through, and what will need a name.

In: quads. Out: remarks; the quads themselves stay as they are. The loader says where something is wrong, and
`kg.build.normalise` repairs and counts it. This runs once per quad, so what is the rule (a known predicate, the same
subject as before, a plain string) costs one look-up each.
"""

from collections.abc import Callable
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple

from kg.namespaces import CPSV, CPSVNO, CV, DCAT, DCATNO, MODELLDCATNO, RDF, SKOS
from loaders.datatypes import LEXICAL_CHECKS, Check, is_unknown_xsd
from loaders.rdf_remarks import Remark, Remarks, excerpt

_TYPE: Final = NamedNode(f"{RDF}type")

# DCAT-AP-NO, ModellDCAT-AP-NO, SKOS-AP-NO and CPSV-AP-NO: what is in a catalogue, and by what property.
_MEMBERSHIPS: Final = frozenset(
    NamedNode(iri)
    for iri in (
        f"{DCAT}catalog",
        f"{DCAT}dataset",
        f"{DCAT}resource",
        f"{DCAT}service",
        f"{DCATNO}containsEvent",
        f"{DCATNO}containsService",
        f"{MODELLDCATNO}model",
        f"{SKOS}member",
    )
)
_RESOURCES: Final = frozenset(
    NamedNode(iri)
    for iri in (
        f"{CPSV}PublicService",
        f"{CPSVNO}Service",
        f"{CV}BusinessEvent",
        f"{CV}Event",
        f"{CV}LifeEvent",
        f"{DCAT}Catalog",
        f"{DCAT}DataService",
        f"{DCAT}Dataset",
        f"{DCAT}DatasetSeries",
        f"{MODELLDCATNO}InformationModel",
    )
)
_PREFIXES: Final = (
    ("cpsv", CPSV),
    ("cpsvno", CPSVNO),
    ("cv", CV),
    ("dcat", DCAT),
    ("dcatno", DCATNO),
    ("modelldcatno", MODELLDCATNO),
    ("skos", SKOS),
)
_REMEMBERED: Final = 50_000
"""Terms found valid that are kept in mind, to look at each only once."""
_SHORTEST_TELLING: Final = 4
_BY_HAND: Final = "mend it in the source; a space is written %20 in an IRI"


def _unseen(_text: str) -> bool:
    """Stands for the check of a datatype that has not been met before."""
    return True


class Inspector:
    """Looks at the quads of one file in their order.

    Attributes:
        event: the number of the next quad or error, counted from 0.
        locate: finds the line of an event, and of a text near it, where that can be found at once.
    """

    def __init__(self, rdf_format: RdfFormat, remarks: Remarks) -> None:
        self.event = 0
        self.locate: Callable[[int, str], int] | None = None
        self._remarks = remarks
        self._is_json_ld = rdf_format == RdfFormat.JSON_LD
        self._valid: set[NamedNode | Literal] = set()
        self._tags: set[str] = set()
        self._checks: dict[NamedNode, Check | None] = dict(LEXICAL_CHECKS)
        self._subject: NamedNode | BlankNode | Triple | None = None

    def examine(self, quad: Quad) -> bool:
        """Look at a quad whose IRIs and language tags are valid; always true, so that it serves as a filter."""
        value = quad.object
        if type(value) is Literal:
            if value.language is None:
                check = self._checks.get(value.datatype, _unseen)
                if check is not None and value not in self._valid:
                    self._typed(value, check)
        elif type(value) is BlankNode:
            if quad.predicate in _MEMBERSHIPS:
                self._member(quad.subject, quad.predicate, value)
        elif type(value) is Triple:
            self._triple(value)
        elif value in _RESOURCES and type(quad.subject) is BlankNode and quad.predicate == _TYPE:
            self._blank(quad.subject, f"a {_curie(value)} is a blank node", "")
        self.event += 1
        return True

    def keeps(self, quad: Quad) -> bool:
        """Look at a quad of the lenient parser, and say whether it belongs to the file's triples.

        Only with a JSON-LD property that the context does not define it does not (JSON-LD 1.1 API, section 5.1.2):
        the lenient parser makes a relative IRI of it.
        """
        predicate, subject, value = quad.predicate, quad.subject, quad.object
        if predicate not in self._valid and not self._defines(predicate):
            self.event += 1
            return False
        if subject != self._subject:
            self._subject = subject
            if type(subject) is NamedNode:
                self._iri(subject)
        if type(value) is NamedNode and value not in self._valid:
            self._iri(value)
        elif type(value) is Literal and value.language is not None and value.language not in self._tags:
            self._tag(value.language)
        return self.examine(quad)

    def _remark(self, key: object, what: str, hint: str, needle: str = "", severity: str = "warning") -> None:
        line = self.locate(self.event, needle) if self.locate and self._remarks.wants(key) else 0
        self._remarks.add(key, Remark(self.event, what, hint, severity, needle, line))

    def _iri(self, iri: NamedNode) -> None:
        text = iri.value
        try:
            # The constructor applies the grammar that the lenient parser leaves out (RFC 3987).
            NamedNode(text)
        except ValueError as error:
            self._remark(("iri", text), f"<{excerpt(text)}> is not a valid IRI: {excerpt(str(error))}", _BY_HAND, text)
            return
        self._remember(iri)

    def _remember(self, term: NamedNode | Literal) -> None:
        if len(self._valid) >= _REMEMBERED:
            self._valid.clear()
        self._valid.add(term)

    def _defines(self, predicate: NamedNode) -> bool:
        text = predicate.value
        if self._is_json_ld and ":" not in text:
            what = f"the context does not define {excerpt(text)}, so it is left out"
            self._remark(("term", text), what, "define it in @context", text, "error")
            return False
        self._iri(predicate)
        return True

    def _typed(self, literal: Literal, check: Check) -> None:
        datatype, text = literal.datatype, literal.value
        if check is _unseen and not self._is_free(datatype):
            return
        if check is _unseen or check(text):
            self._remember(literal)
            return
        what = f'"{excerpt(text)}" is not a valid xsd:{datatype.value.rpartition("#")[2]}'
        self._remark(("literal", text, datatype), what, "mend the value or its datatype", self._near(text))

    def _near(self, text: str) -> str:
        """The text, or in JSON-LD, where nothing else tells the line, the subject of one that stands everywhere."""
        is_vague = self._is_json_ld and len(text) < _SHORTEST_TELLING
        return self._subject.value if is_vague and isinstance(self._subject, NamedNode) else text

    def _is_free(self, datatype: NamedNode) -> bool:
        """Whether a datatype that is met for the first time takes every text."""
        self._iri(datatype)
        text = datatype.value
        if is_unknown_xsd(text):
            what = f"<{excerpt(text)}> is not a datatype of XSD"
            self._remark(("datatype", text), what, "the names are case-sensitive", text)
            return False
        self._checks[datatype] = None
        return True

    def _tag(self, tag: str) -> None:
        try:
            Literal("", language=tag)
        except ValueError as error:
            what = f"@{excerpt(tag)} is not a valid language tag: {excerpt(str(error))}"
            self._remark(
                ("tag", tag),
                what,
                "write it as nb, nn, en, se and so on (BCP 47)",
                tag if self._is_json_ld else f"@{tag}",
            )
        else:
            self._tags.add(tag)

    def _member(self, subject: NamedNode | BlankNode | Triple, predicate: NamedNode, member: BlankNode) -> None:
        where = subject.value if isinstance(subject, NamedNode) else ""
        of = f" of <{excerpt(where)}>" if where else ""
        self._blank(member, f"{_curie(predicate)}{of} leads to a blank node", where if self._is_json_ld else "")

    def _blank(self, node: BlankNode, what: str, needle: str) -> None:
        # A member is seen twice, by its type and by the property that leads to it.
        if ("blank", node.value) not in self._remarks.kept:
            self._remark(("blank", node.value), what, "give it an IRI, so that others can refer to it", needle)

    def _triple(self, triple: Triple) -> None:
        for term in (triple.subject, triple.predicate, triple.object):
            if isinstance(term, NamedNode):
                self._iri(term)
            elif isinstance(term, Literal) and term.language is None:
                if check := self._checks.get(term.datatype, _unseen):
                    self._typed(term, check)
            elif isinstance(term, Triple):
                self._triple(term)


def _curie(iri: NamedNode) -> str:
    for prefix, namespace in _PREFIXES:
        if iri.value.startswith(namespace):
            return f"{prefix}:{iri.value[len(namespace) :]}"
    return f"<{iri.value}>"
