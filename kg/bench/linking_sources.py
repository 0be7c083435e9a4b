"""Real models and concepts whose links are known, as sources of a build from which those links are taken away.

In: a folder of data, laid out as the table `FILES` says. Out: files for a build, and what is right: pairs of IRIs as
the sources write them. The links are taken out of the text that is loaded, so that nothing that looks at the
generation can have seen them.
"""

import csv
import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, Triple, serialize

from kg.errors import UsageError
from kg.identities import find_brreg_concept, find_concept
from kg.namespaces import DCT, MODELLDCATNO, OWL, RDF, RDFS, SKOS

FILES: Final = {
    "gaps": "concepts/felles-begrepskatalog-excerpt.tsv",
    "concepts": "concepts/felles-begrepskatalog-excerpt.ttl",
    "concepts-brreg": "concepts/data.brreg.no_begrep.ttl",
    "digdir": "infomodels/digdir-model-catalog.ttl",
    "brreg": "infomodels/derived-brreg-modellkatalog.ttl",
    "kartverket": "infomodels/derived-kartverket-modellkatalog.ttl",
    "samt": "linkml-yaml/samt-bu-schema.yaml",
    "fint-utdanning": "ontology/owl-fint-utdanning-ontology.ttl",
    "ngr-person": "ontology/owl-ngr-person-ontology.ttl",
}
BASE: Final = "https://bench.example/linking/"
_OWL_MODELS: Final = ("fint-utdanning", "ngr-person")
_OBJECT_TYPE, _MODEL = NamedNode(f"{MODELLDCATNO}ObjectType"), NamedNode(f"{MODELLDCATNO}InformationModel")
_TYPE, _TITLE, _SUBJECT = NamedNode(f"{RDF}type"), NamedNode(f"{DCT}title"), NamedNode(f"{DCT}subject")
_DESCRIPTION, _DEFINITION = NamedNode(f"{DCT}description"), NamedNode(f"{SKOS}definition")
_LABEL, _CONTAINS = NamedNode(f"{RDFS}label"), NamedNode(f"{MODELLDCATNO}containsModelElement")
_HAS_PROPERTY, _ATTRIBUTE = NamedNode(f"{MODELLDCATNO}hasProperty"), NamedNode(f"{MODELLDCATNO}Attribute")
_NAME: Final = re.compile(r"[^\W\d_]\w*")

Links = Mapping[str, frozenset[str]]
"""From a thing to those that it is right to link it with."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """Files to build from, and what was taken out of them.

    Attributes:
        sources: path of each, by id.
        gaps: classes to the concepts that were found for them by hand; references: elements of Digdir to concepts;
            confirmed: classes of SAMT to concepts.
        hidden: copy of a model whose classes have lost their names, by the model; classes by their copies likewise.
    """

    sources: Mapping[str, Path]
    gaps: Links
    references: Links
    confirmed: Links
    hidden: Mapping[str, str]


def missing(data: Path) -> list[str]:
    """The files that a folder lacks."""
    return [name for name in FILES.values() if not (data / name).is_file()]


def prepare(data: Path, folder: Path) -> Prepared:
    """Write the sources into a folder.

    Raises:
        UsageError: a file is missing, or is not what it was taken for.
    """
    if lacking := missing(data):
        raise UsageError(f"{lacking[0]} is missing", where=str(data), hint="name the folder of data with --data")
    stores = {name: _load(data / FILES[name]) for name in ("digdir", "brreg", "kartverket", *_OWL_MODELS)}
    try:
        gaps = list(csv.DictReader((data / FILES["gaps"]).read_text(encoding="utf-8").splitlines(), delimiter="\t"))
        schema = yaml.safe_load((data / FILES["samt"]).read_text(encoding="utf-8"))
        references = _taken_out(stores["digdir"])
        classes, more = _gap_models(gaps, stores)
        confirmed, samt = _samt(schema)
    except (KeyError, TypeError, AttributeError, yaml.YAMLError) as error:
        raise UsageError(f"a file is not what it was taken for: {error!r}", where=str(data)) from error
    hidden, copies = _without_names({name: stores[name] for name in ("brreg", "kartverket")})
    written = {
        "digdir": (quad.triple for quad in stores["digdir"]),
        "brreg": (quad.triple for quad in stores["brreg"]),
        "kartverket": (quad.triple for quad in stores["kartverket"]),
        "gaps": more,
        "samt": samt,
        "hidden": copies,
    }
    sources = {name: _write(folder / f"{name}.ttl", triples) for name, triples in written.items()}
    sources |= {name: data / FILES[name] for name in ("concepts", "concepts-brreg")}
    wanted: defaultdict[str, set[str]] = defaultdict(set)
    for row in gaps:
        wanted[classes[row["model"], row["class"]]].add(_concept_iri(row["orgnr"], row["uuid"]))
    return Prepared(sources, _frozen(wanted), references, confirmed, hidden)


def _load(path: Path) -> Store:
    store = Store()
    try:
        store.load(path=str(path), base_iri=BASE)
    except (SyntaxError, ValueError, OSError) as error:
        raise UsageError(f"cannot be read: {error}", where=str(path)) from error
    return store


def _write(path: Path, triples: Iterable[Triple]) -> Path:
    serialize(triples, str(path), RdfFormat.TURTLE)
    return path


def _frozen(links: Mapping[str, set[str]]) -> Links:
    return {left: frozenset(rights) for left, rights in links.items()}


def _concept_iri(number: str, uuid: str) -> str:
    return f"https://concept-catalog.fellesdatakatalog.digdir.no/collections/{number}/concepts/{uuid}"


def concept_key(iri: str) -> str | None:
    """What all forms of a concept's IRI have in common, None where it is not of the catalogues that are read here."""
    form = find_concept(iri) or find_brreg_concept(iri)
    return form.key if form else None


def _taken_out(store: Store) -> Links:
    """The concept references of a catalogue's elements, which are then no longer in it."""
    references: defaultdict[str, set[str]] = defaultdict(set)
    models = {quad.subject for quad in store.quads_for_pattern(None, _TYPE, _MODEL)}
    for quad in list(store.quads_for_pattern(None, _SUBJECT, None)):
        store.remove(quad)
        if quad.subject not in models and isinstance(quad.subject, NamedNode):
            references[quad.subject.value].add(getattr(quad.object, "value", ""))
    return _frozen(references)


def _gap_models(
    rows: Iterable[Mapping[str, str]], stores: Mapping[str, Store]
) -> tuple[dict[tuple[str, str], str], list[Triple]]:
    """The class that each row is about: one of a model that is loaded anyway, or one of a model made for it."""
    known = {}
    for name in ("brreg", "kartverket"):
        for quad in stores[name].quads_for_pattern(None, _TYPE, _OBJECT_TYPE):
            assert isinstance(quad.subject, NamedNode)
            model, class_ = quad.subject.value.rsplit("/", 2)[1:]
            known[model, class_] = quad.subject.value
    made: list[Triple] = []
    for name in _OWL_MODELS:
        for class_, iri in _from_owl(name, stores[name], made):
            known[name, class_] = iri
    for row in rows:
        pair = (row["model"], row["class"])
        if pair not in known:
            known[pair] = f"{BASE}{pair[0]}/{pair[1]}"
            made += _class_triples(pair[0], known[pair], pair[1], "")
    return known, made


def _class_triples(model: str, iri: str, name: str, description: str) -> Iterator[Triple]:
    node, whole = NamedNode(iri), NamedNode(f"{BASE}{model}")
    yield Triple(whole, _TYPE, _MODEL)
    yield Triple(whole, _TITLE, Literal(model, language="nb"))
    yield Triple(whole, _CONTAINS, node)
    yield Triple(node, _TYPE, _OBJECT_TYPE)
    yield Triple(node, _TITLE, Literal(name, language="nb"))
    if description:
        yield Triple(node, _DESCRIPTION, Literal(description, language="nb"))


def _property_triples(class_: str, name: str, description: str) -> Iterator[Triple]:
    node = NamedNode(f"{class_}/{name}")
    yield Triple(NamedNode(class_), _HAS_PROPERTY, node)
    yield Triple(node, _TYPE, _ATTRIBUTE)
    yield Triple(node, _TITLE, Literal(name, language="nb"))
    if description:
        yield Triple(node, _DESCRIPTION, Literal(description, language="nb"))


def _text(store: Store, subject: Any, *predicates: NamedNode) -> str:
    quads = (quad for each in predicates for quad in store.quads_for_pattern(subject, each, None))
    return min((quad.object.value for quad in quads if isinstance(quad.object, Literal)), default="")


def _from_owl(model: str, store: Store, made: list[Triple]) -> Iterator[tuple[str, str]]:
    """An ontology as a model: its classes, and as their properties those that they restrict."""
    on_property, above = NamedNode(f"{OWL}onProperty"), NamedNode(f"{RDFS}subClassOf")
    for quad in store.quads_for_pattern(None, _TYPE, NamedNode(f"{OWL}Class")):
        name = _text(store, quad.subject, _LABEL)
        if not isinstance(quad.subject, NamedNode) or not _NAME.fullmatch(name):
            continue
        iri = f"{BASE}{model}/{name}"
        made += _class_triples(model, iri, name, _text(store, quad.subject, _DEFINITION, _DESCRIPTION))
        restrictions: Iterator[Any] = (each.object for each in store.quads_for_pattern(quad.subject, above, None))
        parts = {part.object for each in restrictions for part in store.quads_for_pattern(each, on_property, None)}
        for part in sorted(parts, key=str):
            if _NAME.fullmatch(label := _text(store, part, _LABEL)):
                made += _property_triples(iri, label, _text(store, part, _DEFINITION, _DESCRIPTION))
        yield name, iri


def _samt(schema: Mapping[str, Any]) -> tuple[Links, list[Triple]]:
    """A LinkML schema as a model, and the concepts that its classes were confirmed to be."""
    confirmed: dict[str, set[str]] = {}
    made: list[Triple] = []
    for name, class_ in schema["classes"].items():
        iri = f"{BASE}samt-bu/{name}"
        made += _class_triples("samt-bu", iri, name, class_.get("description", ""))
        for slot in class_.get("slots", ()):
            made += _property_triples(iri, slot, (schema["slots"].get(slot) or {}).get("description", ""))
        if concept := (class_.get("annotations") or {}).get("begrepsidentifikator"):
            confirmed[iri] = {concept}
    return _frozen(confirmed), made


def _without_names(stores: Mapping[str, Store]) -> tuple[dict[str, str], list[Triple]]:
    """Copies of models whose classes have neither title nor telling IRI; definitions and properties stay.

    They show what is found of things that two agencies have given different names.
    """
    copies: dict[str, str] = {}
    made: list[Triple] = []
    for store in stores.values():
        for quad in store.quads_for_pattern(None, _TYPE, None):
            if quad.object in {_MODEL, _OBJECT_TYPE} and isinstance(quad.subject, NamedNode):
                digest = hashlib.sha256(quad.subject.value.encode()).hexdigest()[:12]
                copies[quad.subject.value] = f"{BASE}hidden/{int(digest, 16)}"
        made += (renamed for quad in store if (renamed := _renamed(quad, copies)) is not None)
    return copies, made


def _renamed(quad: Quad, copies: Mapping[str, str]) -> Triple | None:
    """A triple of a copy; None where it is about something that is not copied, or a title."""
    subject = quad.subject.value if isinstance(quad.subject, NamedNode) else ""
    if subject not in copies:
        return _copied_property(quad, copies)
    if quad.predicate == _TITLE:
        return None
    object_ = quad.object
    if isinstance(object_, NamedNode):
        whole = object_.value.rpartition("/")[0]
        if object_.value in copies:
            object_ = NamedNode(copies[object_.value])
        elif whole in copies and quad.predicate == _HAS_PROPERTY:
            object_ = NamedNode(f"{copies[whole]}/{object_.value.rpartition('/')[2]}")
    return Triple(NamedNode(copies[subject]), quad.predicate, object_)


def _copied_property(quad: Quad, copies: Mapping[str, str]) -> Triple | None:
    """The same of a property, whose IRI is that of its class and its name."""
    whole, _, name = quad.subject.value.rpartition("/") if isinstance(quad.subject, NamedNode) else ("", "", "")
    if whole not in copies:
        return None
    object_ = quad.object
    if isinstance(object_, NamedNode) and object_.value in copies:
        object_ = NamedNode(copies[object_.value])
    return Triple(NamedNode(f"{copies[whole]}/{name}"), quad.predicate, object_)
