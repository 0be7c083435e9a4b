"""The id of a link is that of its pair."""

from hypothesis import given
from hypothesis import strategies as st

from kg.linking.candidate import Candidate, Reason, Relation, candidate_id

IRIS = st.text(alphabet="abc/:#.", min_size=1, max_size=8)


@given(IRIS, IRIS)
def test_the_id_is_the_same_both_ways_round(one: str, other: str) -> None:
    assert candidate_id(one, other) == candidate_id(other, one)
    assert len(candidate_id(one, other)) == 20


@given(IRIS, IRIS, IRIS, IRIS)
def test_other_pairs_have_other_ids(a: str, b: str, c: str, d: str) -> None:
    assert (candidate_id(a, b) == candidate_id(c, d)) == ({a, b} == {c, d})


def test_the_id_of_a_pair_never_changes() -> None:
    # Decisions are kept by it, for years.
    assert candidate_id("https://a.example/x", "https://b.example/y") == "f86d0cc360ed60f4c487"


def test_relations_are_turned_round() -> None:
    assert [relation.inverse for relation in Relation] == ["exact", "close", "narrow", "broad", "related"]


def test_json_has_what_the_contract_says() -> None:
    reason = Reason("same-name", 1.0, "likt", "alike")
    told = Candidate("l", "r", 0.5, (reason,), Relation.EXACT).to_json()
    assert told["reasons"] == [{"nb": "likt", "en": "alike"}]
    assert {"id", "left", "right", "score", "reasons"} <= told.keys()
