"""The command `kg search`.

In: words. Out: hits of the text index, best first.
"""

from typing import Annotated

import typer

from kg import console
from kg.build.generations import Home
from kg.commands.options import HomeOption, JsonOption, show
from kg.config import read_settings
from kg.errors import ParameterError, UsageError
from kg.per_generation import read_naming
from kg.search.searching import DEFAULT_LIMIT, MAX_LIMIT, SearchIndex, SearchQuery, read_publisher
from kg.search.vocabulary import KIND_NAMES, LANGUAGES


def search(
    words: Annotated[list[str], typer.Argument(help="What to look for.")],
    home: HomeOption = None,
    kind: Annotated[str, typer.Option("--type", help=f"One of {', '.join(KIND_NAMES)}.")] = "",
    publisher: Annotated[str, typer.Option(help="An IRI of an agency, or its number.")] = "",
    limit: Annotated[int, typer.Option(help="Hits to show.", min=1, max=MAX_LIMIT)] = DEFAULT_LIMIT,
    lang: Annotated[str, typer.Option(help=f"Language of labels: {', '.join(LANGUAGES)}.")] = "nb",
    as_json: JsonOption = False,
) -> None:
    """Find things of the current generation by words in their names, definitions and descriptions.

    Example: `kg search kommune nummer --type concept`
    """
    generation = Home(read_settings(home=home).home).get_current()
    if lang not in LANGUAGES:
        raise UsageError(
            f"{lang[:60]!r} is no language of labels", where="--lang", hint=f"one of {', '.join(LANGUAGES)}"
        )
    try:
        naming = read_naming(generation)
        agency = read_publisher(publisher, naming.names.prefixes(), naming.aliases)
        wanted = SearchQuery(" ".join(words), kind=kind, publisher=agency, limit=limit, language=lang)
        hits = SearchIndex.open(generation.search).search(wanted)
    except ParameterError as error:
        raise UsageError(error.what, where=error.where, hint=error.hint) from error
    show(hits.to_json(), as_json, lambda: console.show_hits(hits))
