"""Text search beside a filter: `/search` of this service, and CONTAINS over the same texts on the oxigraph server.

In: the two running servers. Out: what each answer took. The two do not find the same: the index knows inflections and
compounds and ranks, the filter finds the letters anywhere. What is compared is how long one who looks for a word waits.
"""

import time
import tomllib
from importlib.resources import files
from itertools import cycle, islice
from typing import Final
from urllib.parse import quote

from pyoxigraph import Literal

from kg.bench.client import Connection
from kg.bench.measuring import tree_cpu_seconds
from kg.bench.servers import Server
from kg.bench.trials import SETTLE_SECONDS, Trial, time_targets
from kg.errors import KgError

ASKED: Final = 200
"""Searches that are measured; their 95th percentile needs many."""
FILTERED: Final = 5
_WARM_UP: Final = 20


def search_texts(count: int) -> list[str]:
    """What is searched for: words, compounds, two words, and words half typed, in turn."""
    words = tomllib.loads((files("kg.bench") / "words.toml").read_text(encoding="utf-8"))
    matters, forms = words["matters"], words["forms"]
    texts = (
        text
        for matter, form in zip(matters, cycle(forms), strict=False)
        for text in (matter, matter + form, f"{matter} {form}", f"{matter}{form}"[:-2])
    )
    return list(islice(cycle(texts), count))


def compare_search(kg: Server, oxigraph: Server) -> tuple[Trial, Trial]:
    """Search for words on our server, and filter for some of them on the other.

    Raises:
        KgError: a server gave no answer, or nothing was found at all.
    """
    texts = search_texts(ASKED)
    _search(kg, texts[:_WARM_UP])
    ours = _search(kg, texts)
    query = (files("kg.bench") / "mentions.rq").read_text(encoding="utf-8")
    words = [text for text in texts if " " not in text]
    _filter(oxigraph, query, words[:1])
    return ours, _filter(oxigraph, query, words[1 : 1 + FILTERED])


def _search(server: Server, texts: list[str]) -> Trial:
    trial, found = time_targets(server, (f"/search?q={quote(text)}" for text in texts), b'"iri"')
    if not found:
        raise KgError("no text was found, so nothing is compared", where=server.name, hint="use more triples")
    return trial


def _filter(server: Server, query: str, words: list[str]) -> Trial:
    latencies = []
    before = tree_cpu_seconds(server.pid)
    with Connection(server.endpoint) as connection:
        for word in words:
            asked = query.replace('"fjord"', str(Literal(word)))
            started = time.perf_counter()
            connection.ask(asked)
            latencies.append(time.perf_counter() - started)
    time.sleep(SETTLE_SECONDS)
    return Trial(tuple(latencies), tree_cpu_seconds(server.pid) - before, sum(latencies))
