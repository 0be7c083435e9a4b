"""The cache keeps its bound, drops what was asked for longest ago, and never mixes two answers up."""

import tempfile
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.engine.cache import ENTRY_BYTES, LARGEST_SHARE, AnswerCache, key_of
from kg.engine.orders import Answer, Job, QueryDataset
from kg.sparql.formats import FORMATS
from kg.sparql.normal import Fingerprint

CSV = next(row for row in FORMATS if row.name == "csv")
JSON = next(row for row in FORMATS if row.name == "json")
ROOM = 1 << 20


def job(query: str = "ASK {}", **fields: object) -> Job:
    asked = Job(query, CSV, fingerprint=Fingerprint(query, query), client="192.0.2.1", spent=0.5)
    return replace(asked, **fields)  # type: ignore[arg-type]


def answer(text: bytes = b"true", generation: int = 1) -> Answer:
    return Answer(CSV, len(text), 0.25, generation, text)


def get(cache: AnswerCache, asked: Job, generation: int) -> Answer | None:
    return cache.get(key_of(asked, generation), asked.query)


def test_an_answer_is_kept_for_its_generation_and_for_all_that_it_depends_on() -> None:
    cache = AnswerCache(ROOM)
    cache.put(job(), answer())
    kept = get(cache, job(client="192.0.2.2", seconds=3.0), 1)
    assert kept is not None
    assert (kept.inline, kept.generation, kept.seconds) == (b"true", 1, 0.0)
    others: list[dict[str, object]] = [
        {"answer_format": JSON}, {"infer": False}, {"strict": True}, {"dataset": QueryDataset((), ())},
        {"dataset": QueryDataset(("x:y",), ())}, {"fingerprint": Fingerprint("ASK {}", "another")},
    ]  # fmt: skip
    for fields in others:
        assert get(cache, replace(job(), **fields), 1) is None, fields  # type: ignore[arg-type]
    assert get(cache, job(), 2) is None
    assert (cache.hits, cache.misses) == (1, len(others) + 1)


def test_nothing_is_kept_of_who_asked() -> None:
    cache = AnswerCache(ROOM)
    cache.put(job(), answer())
    get(cache, job(), 1)
    (favourite,) = cache.favourites(10)
    assert favourite.job.client == ""
    assert "192.0.2.1" not in repr(favourite)


def test_what_is_large_or_lies_in_a_file_is_not_kept() -> None:
    cache = AnswerCache(ROOM)
    cache.put(job(), answer(b"x" * (ROOM // LARGEST_SHARE)))
    assert len(cache) == 0
    cache.put(job("#" * (ROOM // LARGEST_SHARE)), answer())
    assert len(cache) == 0
    with tempfile.TemporaryFile() as file:
        cache.put(job(), Answer(CSV, 0, 0.0, 1, file=file))
    assert (len(cache), cache.bytes) == (0, 0)
    cache = AnswerCache(0)
    cache.put(job(), answer())
    assert len(cache) == 0


def test_what_was_asked_for_longest_ago_goes_first() -> None:
    size = 1000
    cache = AnswerCache(LARGEST_SHARE * (size + ENTRY_BYTES + 10))
    names = [f"q{number}" for number in range(LARGEST_SHARE)]
    for name in names:
        cache.put(job(name), answer(b"x" * size))
    assert get(cache, job("q0"), 1) is not None
    cache.put(job("new"), answer(b"x" * size))
    assert cache.dropped == 1
    assert get(cache, job("q1"), 1) is None
    assert all(key_of(job(name), 1) in cache for name in ("q0", "new", *names[2:]))


def test_the_favourites_are_what_was_asked_again_most_often() -> None:
    cache = AnswerCache(ROOM)
    for name, uses in (("once", 0), ("often", 5), ("twice", 1)):
        cache.put(job(name), answer())
        for _ in range(uses):
            get(cache, job(name), 1)
    assert [(favourite.job.query, favourite.uses) for favourite in cache.favourites(10)] == [("often", 5), ("twice", 1)]
    assert [favourite.job.query for favourite in cache.favourites(1)] == ["often"]
    cache.touch(key_of(job("once"), 1))
    cache.touch(key_of(job("never"), 1))
    assert [favourite.job.query for favourite in cache.favourites(10)] == ["often", "twice", "once"]
    assert cache.hits == 6
    cache.put(job("often"), answer(generation=2), 2)
    cache.keep_only(2)
    assert len(cache) == 1
    assert cache.favourites(10)[0].uses == 2


@given(
    st.lists(
        st.tuples(
            st.sampled_from(("put", "get", "keep")),
            st.sampled_from("abcdefgh"),
            st.integers(0, 9_000),
            st.integers(1, 3),
        ),
        max_size=60,
    ),
    st.integers(0, 100_000),
)
def test_the_bound_holds_whatever_is_put_and_what_comes_out_is_what_went_in(
    steps: list[tuple[str, str, int, int]], room: int
) -> None:
    cache, put = AnswerCache(room), dict[tuple[str, int], bytes]()
    for step, name, size, generation in steps:
        if step == "put":
            text = name.encode() * size
            cache.put(job(name), answer(text, generation))
            put[name, generation] = text
        elif step == "get":
            kept = get(cache, job(name), generation)
            assert kept is None or kept.inline == put[name, generation]
        else:
            cache.keep_only(generation)
        assert 0 <= cache.bytes <= room
        assert cache.bytes >= len(cache) * ENTRY_BYTES
    cache.keep_only(99)
    assert (len(cache), cache.bytes) == (0, 0)


def test_a_job_that_must_not_be_shared_has_no_key() -> None:
    with pytest.raises(ValueError, match="fingerprint"):
        key_of(job(fingerprint=None), 1)
    for fields in ({"query": "ASK { ?s ?p ?o }"}, {"kind": "plan"}):
        with pytest.raises(ValueError, match="fingerprint"):
            key_of(replace(job(), **fields), 1)  # type: ignore[arg-type]


def test_an_answer_that_speaks_of_places_suits_its_own_text_alone() -> None:
    cache = AnswerCache(ROOM)
    cache.put(job(fingerprint=Fingerprint("ASK {}", "f")), replace(answer(), hints=({"line": 1},)))
    assert get(cache, job("ASK  {}", fingerprint=Fingerprint("ASK  {}", "f")), 1) is None
    assert get(cache, job(fingerprint=Fingerprint("ASK {}", "f")), 1) is not None
