"""What the names of a query stand for: its tokens in, IRIs out.

Only what is beyond doubt is resolved. A query with BASE, with escapes in a name or with a dot in one has no certain
IRIs here, because the engine resolves and reads these by rules of its own (`kg.engine.readings`). Nor has a relative
IRI, or one with a segment of dots, which is resolved away (RFC 3986, section 5.2.4).
"""

import re
from collections.abc import Mapping
from typing import Final

from kg.namespaces import RDF
from kg.sparql.syntax.tree import Tree
from kg.sparql.tokens import Token

RDF_TYPE: Final = f"{RDF}type"
_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_DOTS: Final = "/."
_ONLY_AUTHORITY: Final = re.compile(r"(?:[^:/?#]*:)?//[^/?#]*")


class Naming:
    """The prefixes of one query.

    Attributes:
        certain: whether every name of the query is read by the engine as it is here.
    """

    def __init__(self, tree: Tree, predeclared: Mapping[str, str]) -> None:
        self._tree = tree
        self._prefixes = dict(predeclared)
        self.certain = True
        prologue = tree.root.nodes("prologue")[0].parts
        for place, token in enumerate(prologue):
            word = tree.word(token) if isinstance(token, Token) and token.kind == "word" else ""
            if word in {"BASE", "VERSION"}:
                self.certain = False
            elif word == "PREFIX":
                iri = tree.of(prologue[place + 2])[1:-1]
                self._prefixes[tree.of(prologue[place + 1])[:-1]] = iri
                if "\\" in iri or _DOTS in iri or _ONLY_AUTHORITY.fullmatch(iri) or not _ABSOLUTE.match(iri):
                    self.certain = False
        for token in tree.root.leaves():
            if token.kind == "pname" and any(sign in tree.of(token) for sign in ".\\"):
                self.certain = False

    def iri(self, token: object) -> str | None:
        """The IRI that a token stands for; None if it is none or not certain."""
        if not isinstance(token, Token) or not self.certain:
            return None
        text = self._tree.of(token)
        if token.kind == "iri":
            certain = "\\" not in text and _DOTS not in text and _ABSOLUTE.match(text, 1)
            return text[1:-1] if certain else None
        if token.kind == "pname":
            prefix, _, local = text.partition(":")
            return self._prefixes[prefix] + local if prefix in self._prefixes else None
        return RDF_TYPE if token.kind == "word" and text == "a" else None
