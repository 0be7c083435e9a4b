"""Statistics: how many triples, things, properties and classes a generation has, exactly.

In: what `kg.build.statistics` counted. Out: `Statistics` records and the JSON file that keeps them beside the store.
They are counted at build, so that VoID, totals and hints cost a lookup instead of a scan.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import BuildError


@dataclass(frozen=True, slots=True)
class PropertyUse:
    """How one property is used: in how many triples, of how many distinct subjects, with how many distinct objects."""

    triples: int
    subjects: int
    objects: int


@dataclass(frozen=True, slots=True)
class GraphStatistics:
    """What one set of triples holds; IRIs are bare.

    Attributes:
        triples: distinct triples.
        subjects: distinct subjects; `objects` likewise.
        properties: the use of each property.
        classes: the instances of each class that is an IRI.
        class_properties: for each class, the triples of each property whose subject is an instance of the class. A
            class that is in `classes` and not here was not counted by property, as there were too many of them.
    """

    triples: int
    subjects: int
    objects: int
    properties: Mapping[str, PropertyUse]
    classes: Mapping[str, int]
    class_properties: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Statistics:
    """The statistics of the default graph, and of that and the inferred graph together."""

    asserted: GraphStatistics
    together: GraphStatistics

    def of(self, *, infer: bool) -> GraphStatistics:
        """Those of the dataset that a query reads with this value of `infer`."""
        return self.together if infer else self.asserted


def write_statistics(path: Path, statistics: Statistics) -> None:
    """Write statistics as JSON."""
    body = {"asserted": _as_json(statistics.asserted), "together": _as_json(statistics.together)}
    path.write_text(json.dumps(body, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


def read_statistics(path: Path) -> Statistics | None:
    """Read statistics; None where the generation has none.

    Raises:
        BuildError: the file is damaged.
    """
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
        return Statistics(_from_json(body["asserted"]), _from_json(body["together"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BuildError(
            f"is not a readable file of statistics: {error}",
            where=str(path),
            hint="build again, or roll back",
        ) from error


def _as_json(statistics: GraphStatistics) -> dict[str, Any]:
    return {
        "triples": statistics.triples,
        "subjects": statistics.subjects,
        "objects": statistics.objects,
        "properties": {
            iri: [use.triples, use.subjects, use.objects] for iri, use in sorted(statistics.properties.items())
        },
        "classes": dict(sorted(statistics.classes.items())),
        "class_properties": {
            iri: dict(sorted(counts.items())) for iri, counts in sorted(statistics.class_properties.items())
        },
    }


def _from_json(body: Mapping[str, Any]) -> GraphStatistics:
    return GraphStatistics(
        triples=body["triples"],
        subjects=body["subjects"],
        objects=body["objects"],
        properties={iri: PropertyUse(*counts) for iri, counts in body["properties"].items()},
        classes=body["classes"],
        class_properties=body["class_properties"],
    )
