"""A trace on a terminal: what it says in words, then who has the element, where, and by which law.

In: the JSON of a trace. Out: what rich prints. Text from a source may hold anything, so control characters are escaped
and nothing in it is read as markup. A list that is too long for a screen is cut, and says by how many.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from kg.explain.tree import plain
from kg.trace.web import FindingKind

_UNFOLDED: Final = 100_000
_MOST: Final[Mapping[FindingKind, int]] = MappingProxyType({FindingKind.DUPLICATE_COLLECTION: 6})
"""So many findings of a kind are told; three of the others."""
_MOST_AGENCIES: Final = 9
_MOST_OF_ONE: Final = 4
_MOST_LAWS: Final = 4
_MOST_CHOICES: Final = 8
_HOLDING: Final = frozenset({"P1", "P1b", "P1c", "P6"})
_MODEL_OF: Final = "P2"
_ACCESS: Final = frozenset({"P7", "P7b"})

_STYLES: Final[Mapping[FindingKind, str]] = MappingProxyType(
    {
        FindingKind.AUTHORITY: "green",
        FindingKind.SHARED: "cyan",
        FindingKind.DUPLICATE_COLLECTION: "bold red",
        FindingKind.FORK: "magenta",
        FindingKind.GAP: "yellow",
        FindingKind.BROKEN: "yellow",
    }
)
_WORDS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        FindingKind.AUTHORITY: ("Autoritativ kilde", "Authoritative source"),
        FindingKind.SHARED: ("Delt", "Shared"),
        FindingKind.DUPLICATE_COLLECTION: ("Samles inn på nytt", "Collected again"),
        FindingKind.FORK: ("Ulike definisjoner", "Different definitions"),
        FindingKind.GAP: ("Mangler", "Gaps"),
        FindingKind.BROKEN: ("Brudd i kjeden", "Broken chain"),
        "has": ("Hvem har opplysningen", "Who holds it"),
        "law": ("Hjemmel", "Legal basis"),
        "suggested": ("Foreslått, fordi navnene er like", "Suggested, because names are equal"),
        "choices": ("Mente du", "Did you mean"),
        "more": ("og {} til", "and {} more"),
        "total": ("{} ting og {} steg", "{} things and {} steps"),
        "part": ("minst {} ting; begrens med --agency, --paths eller --depth", "at least {} things; narrow it down"),
        "nothing": ("ingenting heter det", "nothing is called that"),
    }
)


def print_trace(found: Mapping[str, Any], language: str, console: Console) -> None:
    """Print a trace: folded to the width of a terminal, one line for each line of the tree elsewhere."""
    width = console.width if console.is_terminal else _UNFOLDED
    for line in console.render_lines(trace_tree(found, language), console.options.update(width=width)):
        text = Text.assemble(*((segment.text, segment.style or "") for segment in line if not segment.control))
        text.rstrip()
        console.print(text, no_wrap=True, overflow="ignore", crop=False)


def trace_tree(found: Mapping[str, Any], language: str) -> Tree:
    """The tree of a trace, in Norwegian or English."""
    words = _Words(1 if language == "en" else 0)
    names = {agency["iri"]: agency["name"] for agency in found["agencies"]}
    tree = Tree(_heading(found, names))
    for kind in FindingKind:
        told = [finding["text"][words.language] for finding in found["findings"] if finding["kind"] == kind]
        _add(tree, words, kind, told, _MOST.get(kind, 3), _STYLES[kind])
    _add(tree, words, "has", _holders(found, names), _MOST_AGENCIES, "bold")
    laws = [node["label"] for node in found["nodes"] if node["kind"] == "law"]
    _add(tree, words, "law", list(dict.fromkeys(laws)), _MOST_LAWS, "dim")
    labels = {node["iri"]: node for node in found["nodes"]}
    reasons = [
        f"{_called(labels[edge['to']], names)}: {edge['reason'][words.language]}"
        for edge in found["edges"]
        if edge["evidence"] == "suggested"
    ]
    _add(tree, words, "suggested", reasons, 3, "yellow")
    if not found["nodes"]:
        tree.add(Text(words["nothing"], style="yellow"))
        choices = [f"{choice['label']}  ({choice['kind']})  {choice['iri']}" for choice in found["choices"]]
        _add(tree, words, "choices", choices, _MOST_CHOICES, "bold")
        return tree
    total = found["total"]
    counted = words["total"].format(total["nodes"], total["edges"])
    tree.add(Text(counted if total["complete"] else words["part"].format(total["nodes"]), style="dim"))
    return tree


class _Words:
    """The words of the tree in one language."""

    def __init__(self, place: int) -> None:
        self._place = place
        self.language = ("nb", "en")[place]

    def __getitem__(self, name: str) -> str:
        return _WORDS[name][self._place]


def _heading(found: Mapping[str, Any], names: Mapping[str, str]) -> Text:
    text = Text(plain(found["element"]), style="bold")
    starts = set(found["starts"])
    called = [_called(node, names) for node in found["nodes"] if node["iri"] in starts]
    if called:
        text.append("  " + _joined(called, 2), style="dim")
    return text


def _called(node: Mapping[str, Any], names: Mapping[str, str]) -> str:
    agency = names.get(node["agency"] or "", "")
    return plain(f"{node['label']} ({node['kind']}{', ' if agency else ''}{agency})")


def _holders(found: Mapping[str, Any], names: Mapping[str, str]) -> list[str]:
    """The agencies that have the element, each with where: in datasets, with their APIs, and in models."""
    nodes = {node["iri"]: node for node in found["nodes"]}
    models = {edge["to"]: edge["from"] for edge in found["edges"] if edge["path"] == _MODEL_OF}
    apis: dict[str, list[str]] = {}
    for edge in found["edges"]:
        if edge["path"] in _ACCESS:
            dataset, api = (edge["to"], edge["from"]) if edge["path"] == "P7" else (edge["from"], edge["to"])
            apis.setdefault(dataset, []).append(nodes[api]["label"])
    of_agency: dict[str, dict[str, None]] = {}
    for holder in _holding(found):
        node = nodes[holder]
        where = nodes.get(models.get(holder, holder), node)
        access = list(dict.fromkeys(apis.get(holder, ())))
        told = where["label"] + (f" [API: {', '.join(access)}]" if access else "")
        of_agency.setdefault(names.get(node["agency"] or "", ""), {})[told] = None
    return [
        f"{agency or '?'}: {_joined(list(things), _MOST_OF_ONE)}"
        for agency, things in sorted(of_agency.items(), key=lambda item: (-len(item[1]), item[0]))
    ]


def _holding(found: Mapping[str, Any]) -> Iterable[str]:
    """What has the concept, and of what was asked for itself what holds data."""
    kinds = {node["iri"]: node["kind"] for node in found["nodes"]}
    starts = (iri for iri in found["starts"] if kinds.get(iri) in {"element", "dataset"})
    return dict.fromkeys((*starts, *(edge["from"] for edge in found["edges"] if edge["path"] in _HOLDING)))


def _joined(texts: Sequence[str], most: int) -> str:
    return ", ".join(texts[:most]) + (f" +{len(texts) - most}" if len(texts) > most else "")


def _add(tree: Tree, words: _Words, name: str, lines: Sequence[str], most: int, style: str) -> None:
    """A branch with its lines, if it has any."""
    if not lines:
        return
    branch = tree.add(Text(words[name], style=style))
    for line in lines[:most]:
        branch.add(Text(plain(line)))
    if len(lines) > most:
        branch.add(Text(words["more"].format(len(lines) - most), style="dim"))
