"""Coverage and gaps: which parts of a model have a concept, a definition, an owner, a code list, and which lack what.

In: a model, and candidates for what lacks a concept. Out: counts and lists, as JSON and as a table. Nothing is chosen:
a gap is shown with what could fill it, and why.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from kg.models.model import Model, Part

MAX_CANDIDATES: Final = 5
CONCEPT, DEFINITION, OWNER, TYPE = "concept", "definition", "owner", "type"
GAP_COLUMNS: Final = (
    "part", "kind", "label", "element", "lacks", "reference", "candidate", "candidate_label", "candidate_definition",
    "score", "link", "reasons_nb", "reasons_en",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Gap:
    """A part that lacks something: a concept, a definition, an owner, or (a property) a type."""

    part: Part
    lacks: tuple[str, ...]


def lacks_of(part: Part) -> tuple[str, ...]:
    """What a part lacks."""
    lacks = []
    if not part.concepts:
        lacks.append(CONCEPT)
    if not part.definition:
        lacks.append(DEFINITION)
    if not part.owner:
        lacks.append(OWNER)
    if part.is_property and not part.types:
        lacks.append(TYPE)
    return tuple(lacks)


def gaps_of(model: Model) -> list[Gap]:
    """The parts that lack something, in the order of the model."""
    return [Gap(part, lacks) for part in model.parts if (lacks := lacks_of(part))]


def coverage_json(model: Model) -> dict[str, Any]:
    """How much of a model has what; the percentages are of all its parts, that of types of its properties."""
    parts, properties = len(model.parts), sum(part.is_property for part in model.parts)
    lacks = [lacks_of(part) for part in model.parts]
    having = {name: parts - sum(name in each for each in lacks) for name in (CONCEPT, DEFINITION, OWNER)}
    typed = properties - sum(TYPE in each for each in lacks)
    counts = {
        "parts": parts,
        "elements": parts - properties,
        "properties": properties,
        **{f"with_{name}": count for name, count in having.items()},
        "with_type": typed,
        "with_code_list": sum(bool(part.code_lists) for part in model.parts),
    }
    percent = {f"with_{name}": _percent(count, parts) for name, count in having.items()}
    return {
        **_head(model),
        "counts": counts,
        "percent": {**percent, "with_type": _percent(typed, properties)},
        "parts": [part_json(model, part) for part in model.parts],
    }


def gaps_json(model: Model, found: Mapping[str, Any]) -> dict[str, Any]:
    """What is missing in a model, and candidates for the concepts as `/links/candidates` gives them."""
    by_part, things = _candidates(found)
    gaps = []
    for gap in gaps_of(model):
        offered = by_part[gap.part.iri] if CONCEPT in gap.lacks else []
        gaps.append(
            {
                **part_json(model, gap.part),
                "lacks": list(gap.lacks),
                "candidates": [{**each, **things.get(each["right"], {})} for each in offered],
            }
        )
    return {**_head(model), "total": len(gaps), "gaps": gaps}


def gaps_tsv(gaps: Mapping[str, Any]) -> str:
    """The same as a table: a line for each candidate of a gap, one without where there is none."""
    out = io.StringIO()
    table = csv.writer(out, delimiter="\t", lineterminator="\n")
    table.writerow(GAP_COLUMNS)
    for gap in gaps["gaps"]:
        references = " ".join(gap["references"])
        common = (gap["iri"], gap["kind"], gap["label"], gap["element"], ",".join(gap["lacks"]), references)
        for each in gap["candidates"] or [None]:
            table.writerow((*common, *(_candidate_cells(each) if each else ("",) * 7)))
    return out.getvalue()


def part_json(model: Model, part: Part) -> dict[str, Any]:
    """A part as JSON."""
    return {
        "iri": part.iri,
        "kind": part.kind,
        "label": part.label or None,
        "element": part.element or None,
        "definition": part.definition or None,
        "concepts": [model.about(each).to_json(each) for each in part.concepts],
        "references": list(part.references),
        "owner": part.owner or None,
        "types": [{"iri": each, "label": model.about(each).label or None} for each in part.types],
        "code_lists": list(part.code_lists),
        "minimum": part.minimum or None,
        "maximum": part.maximum or None,
        "links": list(part.matches),
    }


def _head(model: Model) -> dict[str, Any]:
    owner = {"iri": model.owner, "label": model.about(model.owner).label or None} if model.owner else None
    return {"model": model.iri, "label": model.label or None, "owner": owner}


def _candidates(found: Mapping[str, Any]) -> tuple[Mapping[str, list[dict[str, Any]]], Mapping[str, dict[str, Any]]]:
    by_part: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for each in found.get("candidates", ()):
        if len(by_part[each["left"]]) < MAX_CANDIDATES:
            by_part[each["left"]].append({name: each[name] for name in ("id", "right", "score", "relation", "reasons")})
    things = {
        iri: {"label": thing.get("label"), "definition": thing.get("definition")}
        for iri, thing in found.get("things", {}).items()
    }
    return by_part, things


def _candidate_cells(candidate: Mapping[str, Any]) -> Sequence[object]:
    reasons = candidate["reasons"]
    return (
        candidate["right"],
        candidate.get("label") or "",
        candidate.get("definition") or "",
        candidate["score"],
        candidate["id"],
        "; ".join(reason["nb"] for reason in reasons),
        "; ".join(reason["en"] for reason in reasons),
    )


def _percent(count: int, of: int) -> int | None:
    return round(100 * count / of) if of else None
