"""Pages about models as view values: facts, and tables whose cells may lead somewhere.

In: the JSON of coverage, gaps, impact and comparison, a language. Out: what the template `model.html` shows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from kg.models.impact import STEPS

_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "concept": ("begrep", "concept"),
    "definition": ("definisjon", "definition"),
    "owner": ("eier", "owner"),
    "type": ("type", "type"),
    "iri": ("samme IRI", "same IRI"),
    "link": ("kobling", "link"),
    "name": ("navn", "name"),
    "added": ("ny", "added"),
    "removed": ("borte", "removed"),
    "label": ("navn", "name"),
    "kind": ("slag", "kind"),
    "minimum": ("minst", "minimum"),
    "maximum": ("høyst", "maximum"),
    "model": ("informasjonsmodell", "information model"),
    "element": ("modellelement", "model element"),
    "property": ("egenskap", "property"),
    "codelist": ("kodeliste", "code list"),
    "dataset": ("datasett", "dataset"),
    "distribution": ("distribusjon", "distribution"),
    "dataservice": ("API", "API"),
    "service": ("tjeneste", "service"),
    "event": ("hendelse", "event"),
    "other": ("annet", "other"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A text, and the address that it leads to; empty where it leads nowhere."""

    text: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `marked` are the rows that want attention."""

    heading: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    marked: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class View:
    """A page.

    Attributes:
        facts: what is to be seen first, name and value.
        links: other pages about the same.
    """

    title: str
    facts: Sequence[tuple[str, Cell]]
    tables: Sequence[Table]
    links: Sequence[Cell] = field(default_factory=tuple)


def coverage_view(told: Mapping[str, Any], language: str) -> View:
    """The page of a model's coverage."""
    say = _speaker(language)
    counts, percent = told["counts"], told["percent"]
    facts = [
        (say("Informasjonsmodell", "Information model"), _thing(told["model"], told["label"])),
        (say("Eier", "Owner"), _owner(told)),
        (say("Deler", "Parts"), Cell(str(counts["parts"]))),
    ]
    for name in ("concept", "definition", "owner", "type"):
        share = percent[f"with_{name}"]
        value = f"{counts[f'with_{name}']}" + (f" ({share} %)" if share is not None else "")
        facts.append((f"{say('Med', 'With')} {_word(name, language)}", Cell(value)))
    facts.append((say("Med kodeliste", "With code list"), Cell(str(counts["with_code_list"]))))
    columns = [
        say("Del", "Part"), say("Slag", "Kind"), say("Begrep", "Concept"), say("Definisjon", "Definition"),
        say("Type", "Type"), say("Antall", "Multiplicity"),
    ]  # fmt: skip
    rows = [_part_row(part) for part in told["parts"]]
    marked = frozenset(number for number, part in enumerate(told["parts"]) if not part["concepts"])
    title = f"{say('Dekning', 'Coverage')}: {told['label'] or told['model']}"
    return View(title, facts, [Table(say("Deler", "Parts"), columns, rows, marked)], _links(told["model"], say))


def gaps_view(told: Mapping[str, Any], language: str) -> View:
    """The page of what a model lacks."""
    say = _speaker(language)
    facts = [
        (say("Informasjonsmodell", "Information model"), _thing(told["model"], told["label"])),
        (say("Mangler", "Gaps"), Cell(str(told["total"]))),
    ]
    if told.get("candidates_missing"):
        facts.append((say("Uten kandidater", "Without candidates"), Cell(told["candidates_missing"])))
    rows = []
    for gap in told["gaps"]:
        lacks = ", ".join(_word(name, language) for name in gap["lacks"])
        first = [_thing(gap["iri"], gap["label"]), Cell(lacks)]
        for place, each in enumerate(gap["candidates"] or [None]):
            start = first if place == 0 else [Cell(""), Cell("")]
            rows.append([*start, *(_candidate_cells(each, language) if each else [Cell("")] * 4)])
    columns = [
        say("Del", "Part"), say("Mangler", "Lacks"), say("Kandidat", "Candidate"), say("Definisjon", "Definition"),
        say("Treff", "Score"), say("Fordi", "Because"),
    ]  # fmt: skip
    title = f"{say('Mangler', 'Gaps')}: {told['label'] or told['model']}"
    return View(title, facts, [Table(say("Mangler", "Gaps"), columns, rows)], _links(told["model"], say))


def impact_view(told: Mapping[str, Any], language: str) -> View:
    """The page of what a change reaches."""
    say = _speaker(language)
    start = told["start"]
    labels = {start["iri"]: start["label"], **{each["iri"]: each["label"] for each in told["reached"]}}
    counted = ", ".join(f"{count} {_word(kind, language)}" for kind, count in told["counts"].items())
    facts = [
        (say("Endres", "Changes"), _thing(start["iri"], start["label"])),
        (say("Når", "Reaches"), Cell(counted or "–")),
    ]
    if not told["complete"]:
        facts.append((say("Avkortet", "Cut short"), Cell(say("det finnes mer", "there is more"))))
    rows = [
        [
            _thing(each["iri"], each["label"]),
            Cell(_word(each["kind"], language)),
            Cell(_path_text(each["path"], labels, language)),
        ]
        for each in told["reached"]
    ]
    tables = [Table(say("Berørt", "Reached"), [say("Hva", "What"), say("Slag", "Kind"), say("Vei", "Way")], rows)]
    named = [
        [Cell(each["name"], f"../queries/{each['name']}?format=html"), _thing(each["iri"], labels.get(each["iri"]))]
        for each in told["queries"]
    ]
    if named:
        columns = [say("Spørsmål", "Query"), say("Nevner", "Names")]
        tables.append(Table(say("Ferdige spørsmål", "Named queries"), columns, named))
    return View(f"{say('Virkning', 'Impact')}: {start['label'] or start['iri']}", facts, tables)


def comparison_view(told: Mapping[str, Any], language: str) -> View:
    """The page of two models side by side."""
    say = _speaker(language)
    left, right = (_thing(told[side]["iri"], told[side]["label"]) for side in ("left", "right"))
    counts = told["counts"]
    facts = [
        (say("Venstre", "Left"), left),
        (say("Høyre", "Right"), right),
        (say("I begge", "In both"), Cell(str(counts["paired"]))),
        (say("Bare til venstre", "Only left"), Cell(str(counts["only_left"]))),
        (say("Bare til høyre", "Only right"), Cell(str(counts["only_right"]))),
        (say("Bryter", "Breaking"), Cell(str(counts["breaking"]))),
    ]
    rows = [
        [
            *(_thing(pair[side]["iri"], pair[side]["label"]) if pair[side] else Cell("") for side in ("left", "right")),
            Cell(_word(pair["paired_by"], language) if pair["paired_by"] else ""),
            Cell("; ".join(_difference_text(each, language) for each in pair["differences"])),
        ]
        for pair in told["pairs"]
    ]
    marked = frozenset(number for number, pair in enumerate(told["pairs"]) if pair["breaking"])
    columns = [left.text, right.text, say("Funnet ved", "Found by"), say("Forskjeller", "Differences")]
    table = Table(say("Side ved side", "Side by side"), columns, rows, marked)
    return View(f"{left.text} – {right.text}", facts, [table])


def _speaker(language: str) -> Any:
    return lambda nb, en: en if language == "en" else nb


def _word(name: str, language: str) -> str:
    nb, en = _WORDS.get(name, (name, name))
    return en if language == "en" else nb


def _thing(iri: str, label: str | None) -> Cell:
    return Cell(label or iri, f"../resource?{urlencode({'iri': iri, 'format': 'html'})}")


def _owner(told: Mapping[str, Any]) -> Cell:
    return _thing(told["owner"]["iri"], told["owner"]["label"]) if told["owner"] else Cell("–")


def _part_row(part: Mapping[str, Any]) -> list[Cell]:
    concept = part["concepts"][0] if part["concepts"] else None
    kind = part["types"][0] if part["types"] else None
    name = _thing(part["iri"], part["label"])
    indented = Cell(f"· {name.text}", name.address) if part["element"] else name
    many = "..".join(filter(None, (part["minimum"], part["maximum"])))
    return [
        indented,
        Cell(part["kind"]),
        _thing(concept["iri"], concept["label"]) if concept else Cell(""),
        Cell(part["definition"] or ""),
        _thing(kind["iri"], kind["label"]) if kind else Cell(""),
        Cell(many),
    ]


def _candidate_cells(candidate: Mapping[str, Any], language: str) -> list[Cell]:
    reasons = "; ".join(reason["en" if language == "en" else "nb"] for reason in candidate["reasons"])
    return [
        _thing(candidate["right"], candidate.get("label")),
        Cell(candidate.get("definition") or ""),
        Cell(f"{candidate['score']:.2f}"),
        Cell(reasons),
    ]


def _path_text(path: Sequence[Mapping[str, str]], labels: Mapping[str, str | None], language: str) -> str:
    parts = [labels.get(path[0]["from"]) or path[0]["from"]] if path else []
    for step in path:
        nb, en = STEPS[step["step"]]
        parts += [en if language == "en" else nb, labels.get(step["to"]) or step["to"]]
    return " → ".join(parts)


def _difference_text(difference: Mapping[str, Any], language: str) -> str:
    word = _word(difference["field"], language)
    if difference["left"] is None and difference["right"] is None:
        return word
    return f"{word}: {difference['left'] or '–'} → {difference['right'] or '–'}"


def _links(model: str, say: Any) -> list[Cell]:
    query = urlencode({"model": model, "format": "html"})
    of_element = urlencode({"element": model, "format": "html"})
    return [
        Cell(say("Dekning", "Coverage"), f"coverage?{query}"),
        Cell(say("Mangler", "Gaps"), f"gaps?{query}"),
        Cell(say("Mangler som tabell", "Gaps as a table"), f"gaps?{urlencode({'model': model, 'format': 'tsv'})}"),
        Cell(say("Virkning av en endring", "Impact of a change"), f"impact?{of_element}"),
    ]
