"""A proof on a terminal: a tree whose branches are the premises.

In: the JSON of a proof. Out: what rich prints. Text from a source may hold anything, so control characters are escaped
and nothing in it is read as markup.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from kg.explain.rulebook import meanings
from kg.explain.wording import abbreviation
from kg.namespaces import Names

_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_UNFOLDED: Final = 100_000
_STYLES: Final = {"asserted": "green", "inferred": "cyan", "not-held": "red", "supposed": "yellow"}


def print_proof(proof: Mapping[str, Any], names: Names, console: Console) -> None:
    """Print a proof: folded to the width of a terminal, one line for each line of the tree elsewhere."""
    width = None if console.is_terminal else _UNFOLDED
    for line in console.render_lines(proof_tree(proof, names), console.options.update(width=width or console.width)):
        text = Text.assemble(*((segment.text, segment.style or "") for segment in line if not segment.control))
        text.rstrip()
        console.print(text, no_wrap=True, overflow="ignore", crop=False)


def proof_tree(proof: Mapping[str, Any], names: Names) -> Tree:
    """The tree of a proof."""
    write, means = abbreviation(names.prefixes()), meanings(names)

    def branch(step: Mapping[str, Any]) -> Text:
        triple = " ".join(write(step["triple"][place]) for place in ("subject", "predicate", "object"))
        text = Text(plain(triple))
        text.append(f"\n{step['status']}", style=_STYLES[step["status"]])
        if step["rule"]:
            text.append(f" by {plain(step['rule'].rpartition('#')[2])}")
            if step["rule"] in means:
                text.append(f": {means[step['rule']][1]}")
        else:
            graphs = [graph.removeprefix(names.base) for graph in step["graphs"]]
            text.append(plain(f" in {', '.join(graphs)}") if graphs else "")
        for condition in step["conditions"]:
            text.append(f"\nas {plain(condition)}", style="dim")
        return text

    def grow(tree: Tree, step: Mapping[str, Any]) -> None:
        for premise in step["premises"]:
            grow(tree.add(branch(premise)), premise)

    tree = Tree(branch(proof))
    grow(tree, proof)
    return tree


def plain(text: str) -> str:
    """A text in which nothing steers the terminal."""
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04X}", text)
