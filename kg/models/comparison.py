"""Comparison: two models, or two versions of one, side by side.

In: two models. Out: their parts in pairs, how each pair was found, what differs, and whether that breaks what was made
for the left one. Parts are paired by the surest ground first: the same IRI, a link, the same concept, the same name
within paired elements. A ground that fits several parts pairs them in the order of the models, one with one.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from kg.models.coverage import part_json
from kg.models.model import Model, Part

GROUNDS: Final = ("iri", "link", "concept", "name")


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs between two parts, and whether data made for the left one may not fit the right one."""

    field: str
    left: str
    right: str
    breaking: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """Two parts that stand beside each other, or one alone."""

    left: Part | None
    right: Part | None
    ground: str = ""

    @property
    def differences(self) -> list[Difference]:
        """What differs."""
        if self.left is None:
            required = self.right is not None and self.right.is_property and _number(self.right.minimum) > 0
            return [Difference("added", "", "", required)]
        if self.right is None:
            return [Difference("removed", "", "", breaking=True)]
        return list(_differences(self.left, self.right))


def compare(left: Model, right: Model) -> list[Pair]:
    """The parts of two models in pairs: those paired in the order of the left model, then what is only in the right."""
    partner: dict[str, tuple[Part, str]] = {}
    taken: set[str] = set()
    for ground in GROUNDS:
        for one in left.parts:
            if one.iri in partner:
                continue
            fits = _fits(ground, one, partner)
            other = next(
                (part for part in right.parts if part.iri not in taken and _alike(one, part) and fits(part)), None
            )
            if other is not None:
                partner[one.iri] = other, ground
                taken.add(other.iri)
    pairs = [Pair(part, *partner.get(part.iri, (None, ""))) for part in left.parts]
    return [*pairs, *(Pair(None, part) for part in right.parts if part.iri not in taken)]


def comparison_json(left: Model, right: Model) -> dict[str, Any]:
    """Two models side by side as JSON."""
    pairs = compare(left, right)
    told = []
    for pair in pairs:
        differences = pair.differences
        told.append(
            {
                "left": part_json(left, pair.left) if pair.left else None,
                "right": part_json(right, pair.right) if pair.right else None,
                "paired_by": pair.ground or None,
                "differences": [
                    {
                        "field": each.field,
                        "left": each.left or None,
                        "right": each.right or None,
                        "breaking": each.breaking,
                    }
                    for each in differences
                ],
                "breaking": any(each.breaking for each in differences),
            }
        )
    return {
        "left": {"iri": left.iri, "label": left.label or None},
        "right": {"iri": right.iri, "label": right.label or None},
        "counts": {
            "paired": sum(pair.left is not None and pair.right is not None for pair in pairs),
            "only_left": sum(pair.right is None for pair in pairs),
            "only_right": sum(pair.left is None for pair in pairs),
            "breaking": sum(each["breaking"] for each in told),
        },
        "pairs": told,
    }


def _alike(one: Part, other: Part) -> bool:
    return one.is_property == other.is_property


def _fits(ground: str, one: Part, partner: dict[str, tuple[Part, str]]) -> Callable[[Part], bool]:
    """Whether a part of the right model is beside one of the left on a ground."""
    if ground == "iri":
        return lambda other: other.iri == one.iri
    if ground == "link":
        return lambda other: other.iri in one.matches or one.iri in other.matches
    if ground == "concept":
        return lambda other: bool({*one.concepts} & {*other.concepts})
    name = _folded(one.label)
    element = partner[one.element][0].iri if one.element in partner else ""
    return lambda other: (
        bool(name) and _folded(other.label) == name and (not one.is_property or other.element == element)
    )


def _differences(one: Part, other: Part) -> Iterator[Difference]:
    if _folded(one.label) != _folded(other.label):
        yield Difference("label", one.label, other.label, breaking=False)
    if one.kind != other.kind:
        yield Difference("kind", one.kind, other.kind, breaking=True)
    if {*one.concepts} != {*other.concepts}:
        yield Difference("concept", _joined(one.concepts), _joined(other.concepts), breaking=False)
    if {*one.types} != {*other.types}:
        yield Difference("type", _joined(one.types), _joined(other.types), breaking=one.iri == other.iri)
    if one.minimum != other.minimum:
        breaking = _number(other.minimum) > _number(one.minimum)
        yield Difference("minimum", one.minimum, other.minimum, breaking)
    if one.maximum != other.maximum:
        yield Difference("maximum", one.maximum, other.maximum, _most(other.maximum) < _most(one.maximum))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0


def _most(text: str) -> float:
    return int(text) if text.isascii() and text.isdigit() else float("inf")


def _joined(iris: Iterable[str]) -> str:
    return " ".join(iris)


def _folded(label: str) -> str:
    return " ".join(label.casefold().split())
