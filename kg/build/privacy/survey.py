"""Survey of contact information: where a source tells of people (a step of `kg.build.privacy.contacts`).

In: the triples of one source. Out: its contact points, persons and e-mail addresses, what is said of them,
and which of the contact points are personal.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Final
from urllib.parse import unquote

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.build.privacy.addresses import is_functional, is_organisational, telling_words
from kg.build.privacy.terms import (
    ANY_NAMES,
    CONTACT_CLASSES,
    CONTACT_TERMS,
    EMAILS,
    INDIVIDUALS,
    LINKS,
    NEUTRAL_CLASSES,
    ORGANISATIONS,
    PERSONAL,
    PERSONAL_IN_VCARD,
    TYPE,
)

_PARTS_OF_IRI: Final = re.compile(r"[/?#&=:;,]")
_MAILTO: Final = ("mailto:", "Mailto:", "MAILTO:")
_LOOKED_AT: Final = LINKS | CONTACT_TERMS | {TYPE}


class Survey:
    """Where contact information is, and what is said there.

    Attributes:
        contacts: contact nodes, in the order in which they come.
        links: triples that lead to a contact point.
        persons: nodes typed as persons.
        emails: triples that give an e-mail address.
        said: the triples of contacts, persons, blank nodes and nodes of details.
        quotes: whether there are triple terms.
    """

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.contacts: dict[object, None] = {}
        self.links: list[Triple] = []
        self.persons: dict[object, None] = {}
        self.emails: list[Triple] = []
        self.said: dict[object, list[Triple]] = defaultdict(list)
        self.quotes = False
        self._details: set[object] = set()
        for triple in triples:
            predicate, object_ = triple.predicate, triple.object
            if predicate in _LOOKED_AT:
                self._look_at(triple)
            if isinstance(object_, NamedNode):
                if object_.value.startswith(_MAILTO) and predicate not in LINKS:
                    self.emails.append(triple)
                    self._details.add(object_)
            elif isinstance(object_, Triple):
                self.quotes = True

    def _look_at(self, triple: Triple) -> None:
        subject, predicate, object_ = triple
        if predicate == TYPE:
            if object_ in CONTACT_CLASSES:
                self.contacts[subject] = None
            if object_ in INDIVIDUALS:
                self.persons[subject] = None
            return
        if predicate in LINKS:
            self.links.append(triple)
            if isinstance(object_, NamedNode | BlankNode):
                self.contacts[object_] = None
            return
        if predicate in PERSONAL_IN_VCARD:
            self.contacts[subject] = None
        if predicate in EMAILS:
            self.emails.append(triple)  # a second time where it is a mailto: IRI, which does no harm
        if isinstance(object_, NamedNode | BlankNode):
            self._details.add(object_)

    @property
    def has_found(self) -> bool:
        """Whether there is anything that could be withheld."""
        return bool(self.contacts or self.links or self.persons or self.emails or self.quotes)

    def read(self, triples: Iterable[Triple]) -> None:
        """Collect what is said of the nodes that were found."""
        followed = self._details.union(self.contacts, self.persons)
        for triple in triples:
            subject = triple.subject
            if isinstance(subject, BlankNode) or subject in followed:
                self.said[subject].append(triple)

    def types(self, node: object) -> set[object]:
        """The classes of a node."""
        return {triple.object for triple in self.said.get(node, ()) if triple.predicate == TYPE}

    def has_other_role(self, node: object) -> bool:
        """Whether a node is something beside a contact point: by its classes, or by a contact point."""
        said = self.said.get(node, ())
        return not self.types(node) <= NEUTRAL_CLASSES or any(triple.predicate in LINKS for triple in said)

    def literals(self, triple: Triple) -> list[str]:
        """The text of a triple's literal, or the texts of the node of details that it leads to."""
        told = [triple.object, *(inner.object for inner in self.said.get(triple.object, ()))]
        return [value.value for value in told if isinstance(value, Literal)]

    def addresses(self, triple: Triple) -> list[str]:
        """The e-mail addresses that a triple gives, itself or through a node of details.

        What is given in place of an address counts as one: it is in doubt.
        """
        object_ = triple.object
        nested = [inner.object for inner in self.said.get(object_, ()) if inner.predicate != TYPE]
        told = [value.value for value in nested if isinstance(value, Literal | NamedNode) and "@" in value.value]
        if isinstance(object_, Literal) or (isinstance(object_, NamedNode) and not told):
            told.append(object_.value)
        return told

    def is_functional(self, email: Triple) -> bool:
        """Whether all addresses that a triple gives are functional."""
        return all(map(is_functional, self.addresses(email)))

    def is_personal(self, node: object) -> bool:
        """Whether a contact node tells of a person, or may do so."""
        types, said = self.types(node), self.said.get(node, ())
        if types & INDIVIDUALS or any(triple.predicate in PERSONAL for triple in said):
            return True
        if self.has_other_role(node):
            return False
        names = [text for triple in said if triple.predicate in ANY_NAMES for text in self.literals(triple)]
        addresses = [text for triple in said if triple.predicate in EMAILS for text in self.addresses(triple)]
        doubtful = {*addresses_in_iri(node), *(text for text in addresses if not is_functional(text))}
        if types & ORGANISATIONS:
            return any(mailbox_words(address) & telling_words(name) for address in doubtful for name in names)
        return bool(doubtful) or not all(map(is_organisational, names))


def addresses_in_iri(node: object) -> list[str]:
    """The e-mail addresses in a node's IRI that are not functional."""
    parts = map(unquote, _PARTS_OF_IRI.split(node.value)) if isinstance(node, NamedNode) else ()
    return [part for part in parts if "@" in part and not is_functional(part)]


def mailbox_words(address: str) -> frozenset[str]:
    """The words of an e-mail address before the @ by which a person could be known."""
    return telling_words(unquote(address).casefold().removeprefix("mailto:").rpartition("@")[0])
