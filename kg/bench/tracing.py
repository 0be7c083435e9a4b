"""Traces: `/trace` of this service, from elements, properties, concepts, datasets, models and words.

In: our running server. Out: what each answer took. No other server traces, so that there is nothing to compare with.
No element is asked for twice: an answer that was given before comes from the cache.
"""

import json
import random
from collections import defaultdict
from importlib.resources import files
from itertools import chain, zip_longest
from typing import Final
from urllib.parse import quote

from kg.bench.client import Connection
from kg.bench.kinds import BASE
from kg.bench.servers import Server
from kg.bench.text_search import search_texts
from kg.bench.trials import Trial, time_targets
from kg.errors import KgError

ASKED: Final = 240
"""Traces that are measured, a sixth of them of words; their 95th percentile needs many."""
_WORDS: Final = ASKED // 6
_WARM_UP: Final = 12


def time_traces(kg: Server) -> Trial:
    """Trace elements on our server.

    Raises:
        KgError: it gave no answer, or nothing was traced at all.
    """
    targets = (f"/trace?element={quote(element, safe='')}" for element in _elements(kg))
    trial, found = time_targets(kg, targets, b'"triples"', _WARM_UP)
    if not found:
        raise KgError("nothing was traced, so nothing is measured", where=kg.name, hint="use more triples")
    return trial


def _elements(kg: Server) -> list[str]:
    """What is traced: things of each kind and words in turn, always the same for the same data."""
    query = (files("kg.bench") / "traced.rq").read_text(encoding="utf-8")
    with Connection(kg.endpoint) as connection:
        rows = json.loads(connection.ask(query))["results"]["bindings"]
    of_kind: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        iri = row["thing"]["value"]
        if iri.startswith(BASE):  # codes are concepts as well
            of_kind["".join(each for each in iri if not each.isdigit())].append(iri)
    source = random.Random(1)  # noqa: S311 - repeatable is what is wanted
    each = (ASKED + _WARM_UP - _WORDS) // max(1, len(of_kind))
    chosen = [source.sample(sorted(things), min(each, len(things))) for _, things in sorted(of_kind.items())]
    words = list(dict.fromkeys(search_texts(4 * _WORDS)))[:_WORDS]
    return [element for element in chain.from_iterable(zip_longest(*chosen, words)) if element is not None]
