"""The manifest: what a generation holds and how it was made, as one JSON file beside its store.

In and out: `Manifest` records. `STORE_FORMAT` counts up when the layout of a generation changes; a newer one than
this program knows is refused rather than misread.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from kg.build.archive import HarvestState, state_from
from kg.build.quad_file import Part
from kg.errors import BuildError, StoreTooNew

STORE_FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """One source as it is in a generation.

    Attributes:
        state: the files it was loaded from.
        kinds: file counts by kind of loader.
        triples: distinct triples in its graph.
        skipped: files and statements that were left out.
        resources: named members (datasets, concepts, organisations, …) described in it, for the loss check.
        kept: why its last good state was used instead of what it gives now; empty where it was not.
        changes: how often each rule of normalisation was used.
        rules: the fingerprint of the rules that it was read by.
    """

    state: HarvestState
    kinds: Mapping[str, int]
    triples: int
    skipped: int
    resources: int
    kept: str = ""
    changes: Mapping[str, int] = field(default_factory=dict)
    rules: str = ""

    @property
    def id(self) -> str:
        """The source's id."""
        return self.state.source_id


@dataclass(frozen=True, slots=True)
class Manifest:
    """What one generation holds.

    `created` is an xsd:dateTime in UTC, `graphs` counts triples by graph IRI, `identity` counts the aliases that each
    rule found. `parts` are those of the file of quads, and `drift` counts the quads that came and went since the store
    was last loaded as a whole. `licences` and `publishers` are IRIs by source, as far as its catalogues name them.
    """

    number: int
    created: str
    program: str
    base_iri: str
    raw: bool
    asserted: int
    inferred: int
    graphs: Mapping[str, int]
    sources: tuple[SourceEntry, ...]
    ontologies: tuple[str, ...]
    seconds: Mapping[str, float]
    peak_rss_mb: int
    store_format: int = STORE_FORMAT
    identity: Mapping[str, int] = field(default_factory=dict)
    licences: Mapping[str, Sequence[str]] = field(default_factory=dict)
    publishers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()
    drift: int = 0

    @property
    def quads(self) -> int:
        """All quads in the store."""
        return self.asserted + sum(self.graphs.values())

    def find_source(self, source_id: str) -> SourceEntry | None:
        """The entry of one source."""
        return next((entry for entry in self.sources if entry.id == source_id), None)


def write_manifest(path: Path, manifest: Manifest) -> None:
    """Write a manifest as JSON."""
    path.write_text(json.dumps(asdict(manifest), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def read_manifest(path: Path) -> Manifest:
    """Read a manifest.

    Raises:
        StoreTooNew: written by a newer version of this program.
        BuildError: not a manifest.
    """
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        if fields["store_format"] > STORE_FORMAT:
            raise StoreTooNew(
                f"has store format {fields['store_format']}; this program knows up to {STORE_FORMAT}",
                where=str(path.parent),
                hint="use the newer version of kg that wrote it, or another --home",
            )
        sources = tuple(
            SourceEntry(**{**entry, "state": state_from(entry["state"])}) for entry in fields.pop("sources")
        )
        parts = tuple(Part(**part) for part in fields.get("parts", ()))
        return Manifest(**{**fields, "sources": sources, "ontologies": tuple(fields["ontologies"]), "parts": parts})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BuildError(
            f"is not a readable manifest: {error}",
            where=str(path),
            hint="remove this generation's folder, or roll back",
        ) from error
