"""The generator: N-Triples shaped like the public sector's catalogues, of any size, repeatable by seed.

In: how many triples, and a seed. Out: agencies, concepts in a hierarchy, catalogues, datasets with
distributions and contact points, data services and information models, linked with each other as DCAT-AP-NO,
SKOS-AP-NO and ModellDCAT-AP-NO link them. A resource refers to those before it only, so that the data is
written as it is made. No triple is written twice.
"""

import random
from collections.abc import Callable
from typing import BinaryIO, Final

from kg.bench.kinds import (
    BASE,
    Catalogues,
    add_agency,
    add_catalogue,
    add_collection,
    add_concept,
    add_dataset,
    add_model,
    add_service,
)
from kg.bench.vocabulary import compose
from kg.errors import UsageError

SMALLEST: Final = 1000
"""Fewer triples do not hold one resource of each kind."""
LARGEST_STEP: Final = 600
"""No step of the generation writes more triples than this."""

_STEPS: Final[tuple[tuple[int, Callable[[Catalogues], None]], ...]] = (
    (60, add_agency),
    (200, add_collection),
    (2, add_concept),
    (200, add_catalogue),
    (1, add_dataset),
    (10, add_service),
    (40, add_model),
)
"""In every n-th step, one resource of that kind; the first step makes one of each."""


def generate(out: BinaryIO, triples: int, seed: int) -> int:
    """Write close to so many triples as N-Triples, and say how many; the difference is below 1 %.

    Raises:
        UsageError: fewer triples than one resource of each kind takes.
    """
    if triples < SMALLEST:
        raise UsageError(f"{triples:,} triples are too few", where="size", hint=f"{SMALLEST:,} or more hold every kind")
    source = random.Random(seed)  # noqa: S311 - repeatable is what is wanted
    made = Catalogues(source.random, compose(source.random))
    written = 0
    step = 0
    while written < triples:
        if triples - written > LARGEST_STEP:
            for every, make in _STEPS:
                if step % every == 0:
                    make(made)
        else:
            add_concept(made)  # the smallest resource fills what is left
        out.write("".join(made.lines).encode())
        written += len(made.lines)
        made.lines.clear()
        step += 1
    return written


def dataset_iri(number: int) -> str:
    """The IRI of a dataset; number 0 is in the data whatever its size."""
    return f"{BASE}dataset/{number}"


def datasets_at_least(triples: int) -> int:
    """How many datasets data of this size holds at the very least; they are numbered from 0."""
    return max(1, (triples - LARGEST_STEP) // 100)
