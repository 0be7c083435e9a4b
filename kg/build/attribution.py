"""Attribution: whose the data of a source is, and under which licence, as far as its catalogues say.

In: the store of a generation. Out: for each source, the licences and publishers of the catalogues described in its
graph (DCAT-AP-NO 2.2, Catalog: dct:license and dct:publisher). A source that describes no catalogue has neither: what
is not said is not guessed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Store, Triple

from kg.namespaces import DCAT, DCT, RDF, Names

_TYPE: Final = NamedNode(f"{RDF}type")
_CATALOG: Final = NamedNode(f"{DCAT}Catalog")


@dataclass(frozen=True, slots=True)
class Attribution:
    """The IRIs of licences and of publishers, under the names that the source uses."""

    licences: tuple[str, ...]
    publishers: tuple[str, ...]


def read_attributions(store: Path, source_ids: Iterable[str], names: Names) -> dict[str, Attribution]:
    """The attribution of each source of a store on disk."""
    opened = Store.read_only(str(store))
    return {source_id: _read(opened, NamedNode(names.source(source_id))) for source_id in source_ids}


def _read(store: Store, graph: NamedNode) -> Attribution:
    catalogues = [quad.subject for quad in store.quads_for_pattern(None, _TYPE, _CATALOG, graph)]

    def values(name: str) -> tuple[str, ...]:
        found = {
            quad.object.value
            for catalogue in catalogues
            if not isinstance(catalogue, Triple)
            for quad in store.quads_for_pattern(catalogue, NamedNode(DCT + name), None, graph)
            if isinstance(quad.object, NamedNode)
        }
        return tuple(sorted(found))

    return Attribution(values("license"), values("publisher"))
