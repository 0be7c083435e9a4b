"""What the tests of named queries share: queries from text, and a folder of files."""

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.named.query import NamedQuery, read_text

HEAD = """\
#+ title: {nb: Tittel, en: Title}
#+ description: {nb: Beskrivelse, en: Description}
"""

Make = Callable[[str], NamedQuery]


def head(more: str = "") -> str:
    """A front matter, with more entries."""
    return HEAD + textwrap.indent(textwrap.dedent(more).strip("\n"), "#+ ", lambda _: True) + "\n"


@pytest.fixture
def make() -> Make:
    """A query from the text of its file, which has no fault that its text alone shows."""

    def read(text: str) -> NamedQuery:
        query, faults = read_text(text, Path("folder/group/query.rq"), "group")
        assert query is not None, faults
        return query

    return read
