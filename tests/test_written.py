"""Written answers: kept within a bound, the one asked for longest ago goes first."""

from hypothesis import given
from hypothesis import strategies as st

from kg.written import ENTRY_BYTES, LARGEST_SHARE, Written, WrittenAnswers


def written(size: int) -> Written:
    return Written(b"x" * size, {"X-Total-Count": "1"}, ())


def test_what_was_asked_for_longest_ago_goes_first() -> None:
    answers = WrittenAnswers(LARGEST_SHARE * (ENTRY_BYTES + 10))
    for number in range(LARGEST_SHARE):
        answers.put(str(number), written(10))
    assert answers.get("0") == written(10)
    answers.put("new", written(10))
    assert answers.get("1") is None
    assert answers.get("0") is not None
    assert answers.get("new") is not None


def test_what_would_drive_out_too_many_is_not_kept_and_nothing_is_where_nothing_may_be() -> None:
    answers = WrittenAnswers(LARGEST_SHARE * (ENTRY_BYTES + 10))
    answers.put("a", written(11))
    assert (answers.get("a"), len(answers), answers.bytes) == (None, 0, 0)
    none = WrittenAnswers(0)
    none.put("a", written(0))
    assert none.get("a") is None


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 12_000))), st.integers(0, 300_000))
def test_the_bound_is_kept_whatever_comes(puts: list[tuple[int, int]], most: int) -> None:
    answers = WrittenAnswers(most)
    for tag, size in puts:
        answers.put(str(tag), written(size))
        assert 0 <= answers.bytes <= most
        if ENTRY_BYTES + size <= most // LARGEST_SHARE:
            assert answers.get(str(tag)) == written(size)
    assert answers.bytes == sum(
        ENTRY_BYTES + len(found.content) for tag in range(31) if (found := answers.get(str(tag)))
    )
