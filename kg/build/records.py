"""Records: when each resource was first seen, changed and removed.

In: the normalised triples of all sources and the records of the generation before. Out: triples of the records graph:
a dcat:CatalogRecord per named member under its canonical IRI (DCAT 3, section 6.5), a prov:Activity per harvest, and a
tombstone (prov:invalidatedAtTime) for a resource that no source describes any more. Entries of code lists get none.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from kg.build.archive import HarvestState
from kg.build.identity.kinds import CONCEPT, code_entries
from kg.build.identity.sightings import TYPE, Sightings
from kg.identities import catalogue_id
from kg.namespaces import CPSV, CPSVNO, CV, DCAT, DCT, FOAF, MODELLDCATNO, PROV, ROV, SKOS, XSD, Names

MEMBER_CLASSES: Final = frozenset(
    {
        f"{DCAT}Dataset",
        f"{DCAT}DatasetSeries",
        f"{DCAT}DataService",
        f"{MODELLDCATNO}InformationModel",
        f"{SKOS}Concept",
        f"{CPSV}PublicService",
        f"{CPSVNO}Service",
        f"{CV}Event",
        f"{CV}BusinessEvent",
        f"{CV}LifeEvent",
    }
)
"""The types of resource that catalogues list (the same as data.norge.no harvests), to which AI projects are added."""

_ORGANISATION = NamedNode(f"{ROV}RegisteredOrganization")
_DISTRIBUTION = NamedNode(f"{DCAT}distribution")


@dataclass(frozen=True, slots=True)
class Record:
    """What is remembered of one resource; times are xsd:dateTime texts, `removed` is empty while it is described."""

    resource: str
    sources: tuple[str, ...]
    issued: str
    modified: str
    checksum: str
    removed: str = ""


def members(seen: Sightings, names: Names) -> set[str]:
    """The IRIs of the named members that a source describes; former blank nodes are not named."""
    classes = {NamedNode(iri) for iri in (*MEMBER_CLASSES, f"{names.base}ns/ki#Prosjekt")}
    codes = code_entries(seen)
    return {
        subject.value
        for subject, class_ in seen.of(TYPE)
        if class_ in classes
        and not (class_ == CONCEPT and subject in codes)
        and not subject.value.startswith(names.genid)
    }


def organisations(seen: Sightings) -> int:
    """How many registered organisations a source describes; they are no members of catalogues and get no record."""
    return len({subject for subject, class_ in seen.of(TYPE) if class_ == _ORGANISATION})


def checksums(triples: Sequence[Triple], resources: set[str], names: Names) -> dict[str, str]:
    """SHA-256 of each resource's description: its own triples, its former blank nodes' and its distributions'."""
    described: dict[str, list[Triple]] = defaultdict(list)
    for triple in triples:
        if isinstance(triple.subject, NamedNode):
            described[triple.subject.value].append(triple)
    return {resource: _checksum(resource, described, names.genid) for resource in resources}


def _checksum(resource: str, described: Mapping[str, list[Triple]], genid: str) -> str:
    pending, seen, lines = [resource], {resource}, []
    while pending:
        for triple in described.get(pending.pop(), ()):
            lines.append(str(triple))
            node = triple.object
            if (
                isinstance(node, NamedNode)
                and node.value not in seen
                and (node.value.startswith(genid) or triple.predicate == _DISTRIBUTION)
            ):
                seen.add(node.value)
                pending.append(node.value)
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def by_canonical_iri(checksums: Mapping[str, str], aliases: Mapping[str, str]) -> dict[str, str]:
    """Checksums under canonical IRIs; a resource that a source describes under several gets one of them all."""
    parts: dict[str, list[str]] = defaultdict(list)
    for resource, checksum in checksums.items():
        parts[aliases.get(resource, resource)].append(checksum)
    return {resource: _joined(several) for resource, several in parts.items()}


def renamed_records(before: Mapping[str, Record], aliases: Mapping[str, str]) -> dict[str, Record]:
    """Earlier records under the canonical IRIs of today, so that a thing whose IRI changed keeps its history.

    Of several records of what is one thing now, the one first issued is kept.
    """
    records: dict[str, Record] = {}
    for record in sorted(before.values(), key=lambda each: (bool(each.removed), each.issued, each.resource)):
        resource = aliases.get(record.resource, record.resource)
        records.setdefault(resource, replace(record, resource=resource))
    return records


def _joined(checksums: Iterable[str]) -> str:
    whole = sorted(set(checksums))
    return whole[0] if len(whole) == 1 else hashlib.sha256(" ".join(whole).encode()).hexdigest()


def update_records(before: Mapping[str, Record], described: Mapping[str, Mapping[str, str]], time: str) -> list[Record]:
    """The records of this generation from those before and the checksums of each source's resources.

    `modified` moves only when a description changed, as data.norge.no does it; a resource that comes back keeps the
    time it was first issued.
    """
    sources: dict[str, list[str]] = defaultdict(list)
    parts: dict[str, list[str]] = defaultdict(list)
    for source_id in sorted(described):
        for resource, checksum in described[source_id].items():
            sources[resource].append(source_id)
            parts[resource].append(checksum)
    records = []
    for resource, checksum_parts in parts.items():
        checksum = _joined(checksum_parts)
        known = before.get(resource)
        issued = known.issued if known else time
        unchanged = known is not None and known.checksum == checksum and not known.removed
        modified = known.modified if known and unchanged else time
        records.append(Record(resource, tuple(sources[resource]), issued, modified, checksum))
    for resource, known in before.items():
        if resource not in parts:
            records.append(known if known.removed else replace(known, removed=time))
    return sorted(records, key=lambda record: record.resource)


def record_triples(records: Iterable[Record], names: Names) -> Iterator[Triple]:
    """The records as triples."""
    for record in records:
        identifier = catalogue_id(record.resource)
        node = NamedNode(f"{names.base}record/{identifier}")
        yield Triple(node, TYPE, NamedNode(f"{DCAT}CatalogRecord"))
        yield Triple(node, NamedNode(f"{DCT}identifier"), Literal(identifier))
        yield Triple(node, NamedNode(f"{FOAF}primaryTopic"), NamedNode(record.resource))
        yield Triple(node, NamedNode(f"{DCT}issued"), _time(record.issued))
        yield Triple(node, NamedNode(f"{DCT}modified"), _time(record.modified))
        yield Triple(node, NamedNode(f"{names.ns}checksum"), Literal(record.checksum))
        for source_id in record.sources:
            yield Triple(node, NamedNode(f"{DCT}source"), NamedNode(names.source(source_id)))
        if record.removed:
            yield Triple(node, NamedNode(f"{PROV}invalidatedAtTime"), _time(record.removed))


def harvest_triples(state: HarvestState, number: int, names: Names) -> Iterator[Triple]:
    """The harvest that a source's graph was made from, as a prov:Activity."""
    node = NamedNode(f"{names.base}harvest/{state.source_id}/{number}")
    yield Triple(node, TYPE, NamedNode(f"{PROV}Activity"))
    yield Triple(node, NamedNode(f"{PROV}endedAtTime"), _time(state.harvested))
    yield Triple(node, NamedNode(f"{PROV}generated"), NamedNode(names.source(state.source_id)))
    for sha256 in sorted({file.sha256 for file in state.files}):
        yield Triple(node, NamedNode(f"{PROV}used"), NamedNode(f"urn:sha256:{sha256}"))


def read_records(triples: Iterable[Triple], names: Names) -> dict[str, Record]:
    """Records back from the triples of a records graph, by resource."""
    by_record: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for triple in triples:
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | Literal):
            by_record[triple.subject.value][triple.predicate.value].append(triple.object.value)
    prefix = names.source("")
    records = {}
    for fields in by_record.values():
        if f"{DCAT}CatalogRecord" not in fields[TYPE.value]:
            continue
        record = Record(
            resource=fields[f"{FOAF}primaryTopic"][0],
            sources=tuple(sorted(source.removeprefix(prefix) for source in fields[f"{DCT}source"])),
            issued=fields[f"{DCT}issued"][0],
            modified=fields[f"{DCT}modified"][0],
            checksum=fields[f"{names.ns}checksum"][0],
            removed=next(iter(fields[f"{PROV}invalidatedAtTime"]), ""),
        )
        records[record.resource] = record
    return records


def _time(text: str) -> Literal:
    return Literal(text, datatype=NamedNode(f"{XSD}dateTime"))
