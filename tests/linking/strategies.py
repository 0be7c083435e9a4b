"""Random decisions, for property tests."""

from datetime import UTC, datetime

from hypothesis import strategies as st

from kg.linking.candidate import Relation
from kg.linking.decision import Decision, Verdict
from kg.terms import writable_iri

LETTERS = "abzAZ09æøåß漢😀 \t\n\"|\\#,';:=-~.()é\u00a0"
IRIS = st.one_of(
    st.sampled_from([f"https://a.example/{name}" for name in ("x", "y", "modell#Enhet", "æ/ø", "a/", "b#", "%7C")]),
    st.sampled_from(["urn:isbn:1", "urn:x:y/z#", "http://b.example", "tag:b.example,2026:n1:x", "x:y"]),
    st.text("abZ09æøå._~()'*+,;=:@/-#", max_size=12).map(lambda text: f"https://b.example/{text.replace('#', '', 1)}"),
).filter(lambda iri: writable_iri(iri) == iri)
TEXTS = st.text(LETTERS, max_size=60).map(str.strip)
NAMES = TEXTS.map(lambda text: " ".join(text.split())).filter(bool)
TIMES = st.integers(0, 4_000_000_000).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
)


@st.composite
def decisions(draw: st.DrawFn) -> Decision:
    """Any decision that may be recorded."""
    left = draw(IRIS)
    right = draw(IRIS.filter(lambda iri: iri != left))
    verdict = draw(st.sampled_from(list(Verdict)))
    relations = st.sampled_from(list(Relation))
    relation = draw(relations if verdict is Verdict.ACCEPT else st.none() | relations)
    confidence = draw(st.none() | st.floats(0, 1).map(lambda number: round(number, 6)))
    justification = draw(st.sampled_from(["semapv:ManualMappingCuration", "semapv:LexicalMatching"]))
    comment, who, when = draw(TEXTS), draw(NAMES), draw(TIMES)
    return Decision(left, right, verdict, relation, comment, who, when, justification, confidence)
