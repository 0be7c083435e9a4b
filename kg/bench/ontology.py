"""A catalogue with an ontology over it: what `kg bench reason` reasons with, of any size, repeatable by seed.

In: how many triples, and a seed. Out: two files of N-Triples, the axioms of `ontology.ttl` and the generator's
catalogue with links in it that the axioms say something about: concepts that match each other in small groups, datasets
that are part of others, and a few agencies that stand there twice.
"""

import io
import random
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import BinaryIO, Final

from pyoxigraph import BlankNode, RdfFormat, parse

from kg.bench.generator import datasets_at_least, generate
from kg.bench.kinds import BASE
from kg.bench.vocabulary import Draw
from kg.namespaces import DCT, FOAF, RDF, SKOS

_SURE: Final = 0.9
"""Of the datasets that data of a size holds for certain, this share is certain after the links took their room."""
_GROUP: Final = 5
"""So many concepts that follow each other may become one group of matches."""
_PER_AGENCY: Final = 60
"""There is one agency to so many datasets."""
_TWICE: Final = 20
"""One agency of so many stands there twice; never one of the first, which publish most."""


def write_ontology(out: BinaryIO) -> int:
    """Write the axioms as N-Triples, always in the same order and under the same labels; how many triples they are."""
    text = (files("kg.bench") / "ontology.ttl").read_bytes()
    labels: dict[BlankNode, str] = {}
    written = 0
    for quad in parse(io.BytesIO(text), format=RdfFormat.TURTLE):
        subject, object_ = (
            labels.setdefault(term, f"_:axiom{len(labels)}") if isinstance(term, BlankNode) else str(term)
            for term in (quad.subject, quad.object)
        )
        out.write(f"{subject} {quad.predicate} {object_} .\n".encode())
        written += 1
    return written


def write_catalogue(out: BinaryIO, triples: int, seed: int) -> int:
    """Write close to so many triples as N-Triples, none twice; how many they are, which is within 2 %.

    Raises:
        UsageError: fewer triples than the generator makes.
    """
    links = list(_links(int(_SURE * datasets_at_least(triples)), random.Random(f"links {seed}").random))  # noqa: S311
    made = generate(out, triples - len(links), seed)
    out.write("".join(links).encode())
    return made + len(links)


def write_both(ontology: Path, catalogue: Path, triples: int, seed: int) -> int:
    """Write the axioms to one file and the catalogue to another; how many triples they are together."""
    with ontology.open("wb") as out:
        written = write_ontology(out)
    with catalogue.open("wb") as out:
        return written + write_catalogue(out, triples, seed)


def _links(datasets: int, draw: Draw) -> Iterator[str]:
    """Links between resources of which there are as many as datasets, and of agencies, of which there are fewer."""
    for number in range(datasets):
        dataset = f"<{BASE}dataset/{number}>"
        yield f"{dataset} <{BASE}ns#mainCatalogue> <{BASE}catalogue/0> .\n"
        if number >= 4 and draw() < 0.5:
            yield f"{dataset} <{DCT}isPartOf> <{BASE}dataset/{number // 4}> .\n"
        if number % _GROUP and draw() < 0.4:
            other = number - 1 - int(number % _GROUP * draw())
            yield f"<{BASE}concept/{number}> <{SKOS}exactMatch> <{BASE}concept/{other}> .\n"
    for number in range(1, datasets // _PER_AGENCY):
        agency, entry = f"<{BASE}agency/{number}>", f"<{BASE}register/{number}>"
        yield f"{entry} <{BASE}ns#holder> {agency} .\n"
        if number % _TWICE == _TWICE // 2:
            yield f"{entry} <{BASE}ns#holder> <{BASE}agency/{number}/again> .\n"
            yield f"<{BASE}agency/{number}/again> <{RDF}type> <{FOAF}Agent> .\n"
