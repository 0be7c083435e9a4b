"""Repair: the terms of a source in the one form that the store holds (a step of `kg.build.normalise`).

In: the quads of one source. Out: triples in canonical terms, IRIs in the form of today and objects in the form that
their property asks for. IRIs, and objects of properties with forms, are remembered, so that the common case, in
which nothing changes, costs a look-up for each term and makes no new one.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from kg.build.forms.legacy import find_current
from kg.build.forms.rules import ENCODE, FOLD, LITERAL, MAX_QUOTING, QUOTING, REJECT, TAG, Rule, Uses
from kg.build.forms.values import Values
from kg.namespaces import RDF, SKOS
from kg.terms import STRING, CanonicalLiterals, writable_iri, writable_language_tag

_Term = NamedNode | BlankNode | Literal | Triple
_TYPE: Final = NamedNode(f"{RDF}type")
_CONCEPT: Final = NamedNode(f"{SKOS}Concept")


class Repair:
    """Brings terms into canonical form.

    Without `values`, forms stay as they are written. `said` has a list for each property of which the triples are
    to be gathered beside, in their final form; under rdf:type it gathers the types of concepts only.
    """

    def __init__(
        self,
        canonical: CanonicalLiterals,
        uses: Uses,
        values: Values | None = None,
        said: Mapping[NamedNode, list[Triple]] | None = None,
    ) -> None:
        self._canonical = canonical
        self._uses = uses
        self._values = values
        self._settled: Mapping[NamedNode, set[object]] = values.settled if values else {}
        self._concepts = said.get(_TYPE) if said else None
        self._gathered = {property_: told for property_, told in said.items() if property_ != _TYPE} if said else {}
        # IRIs that need no look whatever they stand for, and language tags. Properties with forms and those that are
        # gathered are none of them, nor is skos:Concept if it is: so they cost nothing where they do not stand.
        self._fine: set[object] = set()
        self._looked_at = {*self._settled, *self._gathered}
        if self._concepts is not None:
            self._looked_at.add(_CONCEPT)
        # All other IRIs, with the rules that they need.
        self._changed: dict[NamedNode, tuple[NamedNode | None, tuple[Rule, ...]]] = {}

    def triples(self, quads: Iterable[Quad]) -> list[Triple]:
        """The triples of all quads that can be written."""
        triples: list[Triple] = []
        fine, settled, gathered, folded = self._fine, self._settled, self._gathered, 0
        for quad in quads:
            triple = quad.triple
            subject, predicate, object_ = triple
            if not isinstance(quad.graph_name, DefaultGraph):
                folded += 1
            # The common case, in which nothing changes, makes no new term.
            if subject in fine or self._is_fine(subject):
                if predicate in fine:
                    if object_ in fine or self._is_fine(object_):
                        triples.append(triple)
                        continue
                elif (stay := settled.get(predicate)) is not None:
                    if object_ in stay or self._stays(predicate, object_, stay):
                        triples.append(triple)
                        continue
                elif (gather := gathered.get(predicate)) is not None:
                    if object_ in fine or self._is_fine(object_):
                        triples.append(triple)
                        gather.append(triple)
                        continue
                elif self._is_fine(predicate) and (object_ in fine or self._is_fine(object_)):
                    triples.append(triple)
                    continue
            for statement in self._statements(triple):
                triples.append(statement)
                self._gather(statement)
        self._uses.counts[FOLD.name] = folded
        return triples

    def _gather(self, triple: Triple) -> None:
        predicate = triple.predicate
        if predicate in self._gathered:
            self._gathered[predicate].append(triple)
        elif self._concepts is not None and predicate == _TYPE and triple.object == _CONCEPT:
            self._concepts.append(triple)

    def _is_fine(self, term: _Term) -> bool:
        """Whether a term is canonical as it is; skos:Concept, if it is gathered, never is."""
        if isinstance(term, NamedNode):
            if term in self._looked_at:
                return term != _CONCEPT
            text = term.value
            fine = writable_iri(text) == text and (self._values is None or find_current(text) is None)
            if fine:
                self._fine.add(term)
            return fine
        if isinstance(term, Literal):
            language = term.language
            if language is None:
                datatype = term.datatype
                return datatype == STRING or (
                    (datatype in self._fine or self._is_fine(datatype)) and self._canonical.canonical(term) == term
                )
            if language not in self._fine and writable_language_tag(language) == language:
                self._fine.add(language)
            return language in self._fine
        return isinstance(term, BlankNode)

    def _stays(self, predicate: NamedNode, object_: _Term, stay: set[object]) -> bool:
        """Whether an object of a property with forms stays as it is; remembered in `stay`."""
        if self._values is None or not (object_ in self._fine or self._is_fine(object_)):
            return False
        if not self._values.stays(predicate, object_):
            return False
        if not isinstance(object_, BlankNode):
            stay.add(object_)
        return True

    def _statements(self, triple: Triple) -> Iterable[Triple]:
        repaired = self._triple(triple, MAX_QUOTING)
        if repaired is None:
            return ()
        if self._values is None or repaired.predicate not in self._settled:
            return (repaired,)
        return self._values.statements(repaired)

    def _triple(self, triple: Triple, levels: int) -> Triple | None:
        """A triple in canonical terms; the same object where it is so already, None where it cannot be."""
        subject, object_ = triple.subject, triple.object
        new_subject = self._iri(subject) if isinstance(subject, NamedNode) else subject
        new_predicate = self._iri(triple.predicate)
        new_object = self._object(object_, levels)
        if new_subject is None or new_predicate is None or new_object is None:
            return None
        if new_subject == subject and new_predicate == triple.predicate and new_object is object_:
            return triple
        return Triple(new_subject, new_predicate, new_object)

    def _object(self, term: _Term, levels: int) -> _Term | None:
        if isinstance(term, Literal):
            return self._literal(term)
        if isinstance(term, NamedNode):
            return self._iri(term)
        if isinstance(term, Triple):
            if not levels:
                self._uses.note(QUOTING, "")
                return None
            quoted = self._triple(term, levels - 1)
            return quoted if quoted is None or self._values is None else self._values.quoted(quoted)
        return term

    def _iri(self, node: NamedNode) -> NamedNode | None:
        if node in self._fine:
            return node
        if node not in self._changed:
            if self._is_fine(node):
                return node
            self._changed[node] = self._repaired(node)
        written, rules = self._changed[node]
        for rule in rules:
            if rule in (REJECT, ENCODE):
                self._uses.note(rule, node.value)
            else:
                self._uses.counts[rule.name] += 1
        return written

    def _repaired(self, node: NamedNode) -> tuple[NamedNode | None, tuple[Rule, ...]]:
        text = writable_iri(node.value)
        if text is None:
            return None, (REJECT,)
        rules: tuple[Rule, ...] = () if text == node.value else (ENCODE,)
        current = find_current(text) if self._values is not None else None
        if current is not None:
            text, rules = current[0], (*rules, *current[1])
        written = NamedNode(text)
        self._is_fine(written)
        return written, rules

    def _literal(self, literal: Literal) -> Literal | None:
        """The canonical form; the same object where the literal has it already."""
        language = literal.language
        if language is None:
            datatype = self._iri(literal.datatype)
            if datatype is None:
                return None
            if datatype != literal.datatype:
                literal = Literal(literal.value, datatype=datatype)
        canonical = self._canonical.canonical(literal)
        if canonical == literal:
            return literal
        if language is not None and canonical.language != language.lower():
            if canonical.language is None and language:  # an empty tag says that there is no language
                self._uses.note(TAG, language)
            else:
                self._uses.counts[TAG.name] += 1
        else:
            self._uses.counts[LITERAL.name] += 1
        return canonical
