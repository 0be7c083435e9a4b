"""Whatever the bytes, a loader gives quads and problems, or a SourceError, and soon."""

import gzip
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.errors import SourceError
from loaders.registry import LOADERS
from tests.loaders.conftest import Load
from tests.loaders.test_examples import inputs

INPUTS = [path for kind in ("rdf", "ai_projects", "organisations") for path in inputs(kind)]
NAMES = ["fil.ttl", "fil.nt", "fil.trig", "fil.rdf", "fil.jsonld", "fil.csv", "fil"]
LOADERS_BY_KIND = {loader.kind: loader for loader in LOADERS}
# One example takes a few milliseconds; what hangs is over this by far.
limits = settings(
    max_examples=80, deadline=2000, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def check(load: Load, content: bytes, name: str, kind: str) -> None:
    loader = LOADERS_BY_KIND[kind]
    loader.recognises(content, name)
    try:
        loaded = load(content, name, loader)
    except SourceError as error:
        assert error.where.startswith(name)
        return
    for problem in loaded.problems:
        assert problem.where.startswith(name)
        assert problem.what.isprintable()
        assert problem.severity in {"error", "warning"}


@st.composite
def mutations(draw: st.DrawFn) -> tuple[bytes, str]:
    """A good file with some bytes cut, changed, doubled or put in, and its name."""
    path: Path = draw(st.sampled_from(INPUTS))
    content = bytearray(path.read_bytes())
    is_packed = path.suffix == ".gz"
    if is_packed and draw(st.booleans()):
        content = bytearray(gzip.decompress(bytes(content)))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(content)))
        end = min(len(content), start + draw(st.integers(0, 60)))
        piece = content[start:end]
        content[start:end] = draw(
            st.sampled_from(
                [
                    b"",
                    piece * 2,
                    piece[::-1],
                    b"\xff",
                    b"\x00",
                    b'"',
                    b"<",
                    b">",
                    b"{",
                    b"}",
                    b"]",
                    b".\n",
                    b"\\u",
                    b"&b;",
                ]
            )
        )
        if draw(st.integers(0, 9)) == 0:
            del content[start:]
    return bytes(content), draw(st.sampled_from([path.name, *NAMES]))


@pytest.mark.parametrize("kind", LOADERS_BY_KIND)
@limits
@given(st.binary(max_size=300), st.sampled_from(NAMES))
def test_random_bytes_end_well(load: Load, kind: str, content: bytes, name: str) -> None:
    check(load, content, name, kind)


@pytest.mark.parametrize("kind", LOADERS_BY_KIND)
@limits
@given(mutations())
def test_damaged_files_end_well(load: Load, kind: str, damaged: tuple[bytes, str]) -> None:
    content, name = damaged
    check(load, content, name, kind)


@limits
@given(
    st.lists(
        st.sampled_from(
            [
                '"',
                "'",
                '"""',
                "<",
                ">",
                "a",
                "e:a",
                "<b>",
                ".",
                ";",
                ",",
                "[",
                "]",
                "(",
                ")",
                "{",
                "}",
                "\n",
                "@prefix",
                "e:",
                "1",
                "@nb",
                "^^",
                "#",
                "_:x",
            ]
        ),
        max_size=40,
    )
)
def test_turtle_of_any_tokens_ends_well(load: Load, tokens: list[str]) -> None:
    check(load, ("@prefix e: <urn:e:> .\n" + " ".join(tokens)).encode(), "fil.ttl", "rdf")
