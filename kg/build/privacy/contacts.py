"""Contact points without persons: what a catalogue tells of named people does not enter the graph.

In: the triples of one source. Out: those that may stay, and how much was withheld. The reason is data
minimisation (GDPR, article 5(1)(c)); DCAT-AP-NO asks for the organisation's contact point, not for an
employee. The rules of `organisational`, the default:

- A contact node is what a contact-point property leads to, what has a vCard class of contacts, or what has a
  vCard property that only people have.
- It is personal if it is typed as a person, has a property that only people have, has a name that is no
  organisation's although it is not typed as one, or has an e-mail address, in its IRI too, that is not
  functional. A node that is typed as an organisation is personal by its address only if that repeats a word
  of its name.
- Of a personal node stay the organisation, the unit, the web page, functional e-mail addresses, and
  vcard:Kind as its type. A value that repeats a word of a withheld name is withheld too, and an IRI that does
  gives way to a blank node. A node with another role, such as a dataset, keeps what is not contact
  information.
- An e-mail address stays only if it is functional, whatever node it is of. Other details stay unless the node
  is personal. A person who is no contact point, such as an author, keeps the name, as licences ask, but no
  details.
- A statement that quotes a withheld one is withheld.

`none` drops contact nodes and the links to them; `all` leaves everything as it is.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.build.privacy.addresses import is_functional, is_organisational, telling_words
from kg.build.privacy.survey import Survey, addresses_in_iri, mailbox_words
from kg.build.privacy.terms import (
    ANY_NAMES,
    CONTACT_TERMS,
    DETAILS,
    EMAILS,
    INDIVIDUALS,
    KIND,
    ORGANISATIONAL,
    PERSONAL_NAMES,
    TYPE,
)
from kg.errors import UsageError

MODES: Final = ("organisational", "all", "none")


@dataclass(frozen=True, slots=True)
class Withheld:
    """What stays.

    Attributes:
        triples: those that stay in the order in which they came, then the types of reduced contact points.
        contact_points: how many contact points were reduced or removed.
        emails: how many e-mail addresses of other nodes were withheld.
    """

    triples: list[Triple]
    contact_points: int = 0
    emails: int = 0


def withhold(triples: Sequence[Triple], mode: str) -> Withheld:
    """Withhold what is told of persons.

    Raises:
        UsageError: the mode is none of `MODES`.
    """
    if mode not in MODES:
        raise UsageError(f"{mode!r} is no way to treat contact points", hint=f"choose one of {', '.join(MODES)}")
    if mode == "all":
        return Withheld(list(triples))
    survey = Survey(triples)
    if not survey.has_found:
        return Withheld(list(triples))
    survey.read(triples)
    cut = _Cut(survey, triples)
    if mode == "none":
        cut.remove_all()
    else:
        cut.reduce_all()
    cut.drop_emails()
    cut.drop_details_of_persons()
    cut.drop_orphans()
    return Withheld(cut.remaining(), cut.contact_points, cut.emails)


class _Cut:
    """What is to go and what is to come in its place.

    Attributes:
        contact_points: how many contact points are reduced or removed.
        emails: how many e-mail addresses of other nodes are withheld.
    """

    def __init__(self, survey: Survey, triples: Sequence[Triple]) -> None:
        self.contact_points = 0
        self.emails = 0
        self._survey = survey
        self._triples = triples
        self._dropped: set[Triple] = set()
        self._cut: set[object] = set()  # contact nodes that are reduced or removed
        self._reduced: set[object] = set()
        self._kinds: dict[object, Triple] = {}  # the types of reduced nodes
        self._renamed: dict[object, BlankNode] = {}

    def remove_all(self) -> None:
        """Drop contact nodes and the links to them; one with another role keeps what belongs to that."""
        survey = self._survey
        self._dropped.update(survey.links)
        linked: Counter[object] = Counter(link.object for link in survey.links)
        pointing = self._pointing()
        for node in survey.contacts:
            other_role = survey.has_other_role(node) or pointing[node] > linked[node]
            said = survey.said.get(node, ())
            self._dropped.update(triple for triple in said if not other_role or triple.predicate in CONTACT_TERMS)
            self._cut.add(node)
            self.contact_points += 1 if linked[node] or not pointing[node] else 0  # no nodes of details
        self.contact_points += sum(isinstance(link.object, Literal) for link in survey.links)

    def reduce_all(self) -> None:
        """Reduce the personal contact nodes, and drop those given as text that may name a person."""
        for node in self._survey.contacts:
            if isinstance(node, NamedNode | BlankNode) and self._survey.is_personal(node):
                self._reduce(node)
        for link in self._survey.links:
            object_ = link.object
            if isinstance(object_, Literal) and not _is_contact_text(object_.value):
                self._dropped.add(link)
                self.contact_points += 1

    def _reduce(self, node: NamedNode | BlankNode) -> None:
        survey = self._survey
        person = not survey.types(node).isdisjoint(INDIVIDUALS)
        keeps_role = survey.has_other_role(node) and not person
        withheld: list[Triple] = []
        kept: list[Triple] = []
        for triple in survey.said.get(node, ()):
            predicate = triple.predicate
            stays = (
                survey.is_functional(triple)
                if predicate in EMAILS
                else predicate in ORGANISATIONAL or (keeps_role and predicate not in CONTACT_TERMS)
            )
            (kept if stays else withheld).append(triple)
        words = self._words(node, withheld)
        self._dropped.update(withheld)
        self._dropped.update(
            triple
            for triple in kept
            if triple.predicate in CONTACT_TERMS
            and any(words & telling_words(text) for text in [*survey.literals(triple), *_iri(triple.object)])
        )
        if any(words & telling_words(text) for text in _iri(node)) or addresses_in_iri(node):
            self._renamed[node] = BlankNode()
        if not keeps_role:
            self._kinds[node] = Triple(node, TYPE, KIND)
        self._cut.add(node)
        self._reduced.add(node)
        self.contact_points += 1

    def _words(self, node: object, withheld: Iterable[Triple]) -> frozenset[str]:
        """The words by which a person is known who is withheld."""
        survey = self._survey
        words = frozenset().union(*map(mailbox_words, addresses_in_iri(node)))
        for triple in withheld:
            if triple.predicate in ANY_NAMES | PERSONAL_NAMES:
                words = words.union(*map(telling_words, survey.literals(triple)))
            elif triple.predicate in EMAILS:
                words = words.union(*map(mailbox_words, survey.addresses(triple)))
        return words

    def drop_emails(self) -> None:
        """Drop the addresses that are not functional, with all that is said of them as nodes."""
        for email in self._survey.emails:
            if email in self._dropped or not self._survey.is_functional(email):
                if email not in self._dropped and email.subject not in self._cut:
                    self.emails += 1
                self._dropped.add(email)
                object_ = email.object
                if isinstance(object_, BlankNode) or any(not is_functional(iri) for iri in _iri(object_)):
                    self._dropped.update(self._survey.said.get(object_, ()))

    def drop_details_of_persons(self) -> None:
        """Drop what persons who are no contact points do not keep."""
        for person in self._survey.persons:
            if person not in self._cut:
                said = self._survey.said.get(person, ())
                self._dropped.update(triple for triple in said if triple.predicate in DETAILS)

    def drop_orphans(self) -> None:
        """Drop nodes of details that nothing leads to any more."""
        survey = self._survey
        left = self._pointing() if self._dropped else Counter()
        pending = list(self._dropped)
        for triple in pending:  # grows
            node = triple.object
            left[node] -= 1
            if left[node] or not self._is_detail(node):
                continue
            if node in self._reduced:  # a name, say, that is a node of its own
                self._reduced.remove(node)
                self._kinds.pop(node, None)
                self.contact_points -= 1
            further = [inner for inner in survey.said.get(node, ()) if inner not in self._dropped]
            self._dropped.update(further)
            pending.extend(further)

    def _pointing(self) -> Counter[object]:
        """How many triples lead to each node of which something is said that may go."""
        said = self._survey.said
        return Counter(object_ for triple in self._triples if (object_ := triple.object) in said)

    def _is_detail(self, node: object) -> bool:
        said = self._survey.said.get(node, ())
        if isinstance(node, BlankNode):
            return True
        return (node not in self._survey.contacts or node in self._cut) and all(
            triple.predicate in CONTACT_TERMS or triple.predicate == TYPE for triple in said
        )

    def remaining(self) -> list[Triple]:
        """The triples that stay, under the nodes that stay."""
        kept = [triple for triple in self._triples if triple not in self._dropped] if self._dropped else self._triples
        if self._survey.quotes:
            kept = [triple for triple in kept if not self._quotes(triple)]
        if not self._cut:
            return list(kept)
        kept = [*kept, *self._kinds.values()]
        return [self._with_new_names(triple) for triple in kept] if self._renamed else kept

    def _quotes(self, triple: Triple) -> bool:
        quoted = triple.object
        if not isinstance(quoted, Triple):
            return False
        return (
            quoted in self._dropped
            or quoted.subject in self._cut
            or (quoted.predicate in EMAILS and not self._survey.is_functional(quoted))
            or self._quotes(quoted)
        )

    def _with_new_names(self, triple: Triple) -> Triple:
        subject, predicate, object_ = triple
        if isinstance(object_, Triple):
            return Triple(self._renamed.get(subject, subject), predicate, self._with_new_names(object_))
        if subject in self._renamed or object_ in self._renamed:
            return Triple(self._renamed.get(subject, subject), predicate, self._renamed.get(object_, object_))
        return triple


def _is_contact_text(text: str) -> bool:
    return is_organisational(text) or ("@" not in text and is_functional(text))


def _iri(node: object) -> tuple[str, ...]:
    return (node.value,) if isinstance(node, NamedNode) else ()
