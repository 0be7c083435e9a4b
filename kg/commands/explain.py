"""The command `kg explain`.

In: a triple as text. Out: its proof, as a tree or JSON.
"""

import io
import json
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from kg import console
from kg.aliases import read_aliases
from kg.api.statement import read_statement
from kg.build.generations import Home
from kg.commands.options import HomeOption, JsonOption, show
from kg.config import read_settings
from kg.engine.once import answer_once
from kg.engine.orders import explanation
from kg.errors import ParameterError, UsageError
from kg.explain.tree import print_proof
from kg.namespaces import Names
from kg.services import engine_plan

EXPLAIN_SECONDS = 30.0
"""For an explanation to be found and written, so that only the search's own limits end it."""


def explain(
    subject: Annotated[str, typer.Argument(help="An IRI, <IRI> or CURIE.")],
    predicate: Annotated[str, typer.Argument(help="An IRI, <IRI> or CURIE.")],
    object_: Annotated[str, typer.Argument(metavar="OBJECT", help='The same, or a literal: "text"@nb.')],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say why a triple of the current generation holds: the rules, down to what sources have said.

    Example: `kg explain https://data.norge.no/organizations/974760673 rdf:type foaf:Agent`
    """
    settings = read_settings(home=home)
    generation = Home(settings.home).get_current()
    names = Names(generation.manifest.base_iri)
    try:
        triple = read_statement((subject, predicate, object_), names.prefixes(), read_aliases(generation.aliases))
    except ParameterError as error:
        raise UsageError(error.what, where=error.where, hint=error.hint) from error
    answer = io.BytesIO()
    with tempfile.TemporaryDirectory(prefix="kg-") as spool:
        answer_once(generation, explanation(triple, EXPLAIN_SECONDS), engine_plan(settings, Path(spool)), answer)
    proof = json.loads(answer.getvalue())
    show(proof, as_json, lambda: print_proof(proof, names, console.stdout()))
