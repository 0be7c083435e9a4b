"""Searching: what is found, in which order, and that nothing a user writes does harm."""

import re
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from kg.errors import BuildError, NotFound, ParameterError
from kg.namespaces import DCT, RDF, SKOS
from kg.search.folding import fold
from kg.search.index import write_index
from kg.search.searching import MAX_LIMIT, MAX_TEXT, SearchIndex, SearchQuery
from kg.search.vocabulary import KIND_NAMES
from tests.search.conftest import MakeIndex

X = "https://x.example/"


def concept(name: str, label: str, *, alternative: str = "", definition: str = "", language: str = "nb") -> list[str]:
    """The lines of a concept; its IRI is `X` and the name."""
    node = f"<{X}{name}>"
    made = [f"{node} <{RDF}type> <{SKOS}Concept>", f"{node} <{SKOS}prefLabel> {Literal(label, language=language)}"]
    if alternative:
        made.append(f"{node} <{SKOS}altLabel> {Literal(alternative, language=language)}")
    if definition:
        made.append(f"{node} <{SKOS}definition> {Literal(definition, language=language)}")
    return made


def found(index: SearchIndex, text: str) -> list[str]:
    """The names of the concepts that a text finds, in their order."""
    return [iri.removeprefix(X) for iri, _ in index.best(SearchQuery(text), 1_000).best]


# Order


def test_an_exact_label_comes_first_then_other_names_words_compounds_texts_beginnings(make_index: MakeIndex) -> None:
    index = make_index(
        [
            *concept("exact", "kommune"),
            *concept("other", "fylkeskommunens nabo", alternative="Kommune"),
            *concept("inflected", "kommuner"),
            *concept("word", "navnet på en kommune i landet"),
            *concept("compound", "fylkeskommune"),
            *concept("text", "sted", definition="det området som en kommune har"),
            *concept("beginning", "kommunestyre"),
            *concept("unrelated", "skatt"),
        ]
    )
    assert found(index, "kommune") == ["exact", "other", "inflected", "word", "compound", "text", "beginning"]
    scores = [score for _, score in index.best(SearchQuery("kommune"), 10).best]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] >= 0.9 > scores[1] >= 0.8 > scores[2] >= 0.7 > scores[3] > 0


def test_beginnings_rank_above_typing_errors_and_below_words(make_index: MakeIndex) -> None:
    index = make_index([*concept("a", "kommunestyre"), *concept("b", "kommun"), *concept("c", "kamune")])
    assert found(index, "kommunes") == ["b", "a"]  # "kommunes" is an inflection of "kommun"
    assert found(index, "komune") == ["c"]
    misspelt = make_index([*concept("near", "organisasjon"), *concept("text", "x", definition="orgonisasjon")])
    assert found(misspelt, "orgonisasjon") == ["text", "near"]


@pytest.mark.parametrize("typed", ["fodselsnummer", "fødselsnumer", "fødeslsnummer", "føødselsnummer", "fdøselsnummer"])
def test_one_typing_error_is_forgiven(make_index: MakeIndex, typed: str) -> None:
    index = make_index([*concept("right", "fødselsnummer"), *concept("wrong", "telefonliste")])
    assert found(index, typed) == ["right"]


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("fødselsnummer", "nummer"),
        ("fødselsnummer", "nummeret"),
        ("fødselsnummer", "fødsel"),
        ("fødselsnummer", "fødsels nummer"),
        ("fødselsnummer", "foedselsnummer"),
        ("fødselsnummer", "FØDSELSNUM"),
        ("kommunenummer", "kommune nummer"),
        ("kommune nummer", "kommunenummer"),
        ("nummer på kommune", "kommunenummer"),
        ("nummer for fødsel", "fødselsnummer"),
        ("organisasjonsnummer", "organisasjonsNummer"),
        ("organisasjonsNummer", "organisasjonsnummer"),
        ("organisasjonsNummer", "nummer"),
        ("organisasjons_nummer", "organisasjonsnummer"),
        ("orgNr", "nr"),
        ("Årsregnskap", "aarsregnskap"),
        ("aarsregnskap", "årsregnskapet"),
        ("Skatter og avgifter", "skatt"),
        ("eining", "einingane"),
        ("huseier", "eier"),
        ("huseieren", "eieren"),
        ("registerenhet", "enheten"),
        ("e-post", "epost"),
    ],
)
def test_compounds_inflections_and_spellings_find_each_other(make_index: MakeIndex, label: str, text: str) -> None:
    index = make_index([*concept("it", label), *concept("else", "båtplass"), *concept("more", "vindmølle")])
    assert found(index, text) == ["it"]


def test_english_inflections_find_each_other(make_index: MakeIndex) -> None:
    index = make_index([*concept("it", "municipalities", language="en"), *concept("else", "boat", language="en")])
    assert found(index, "municipality") == ["it"]


def test_a_hit_has_all_words_that_mean_something_or_else_as_many_as_anything_has(make_index: MakeIndex) -> None:
    index = make_index([*concept("both", "skatt for person"), *concept("one", "skatt på båt"), *concept("no", "fjell")])
    assert found(index, "skatt på person") == ["both"]
    relaxed = index.search(SearchQuery("skatt romskip"))
    assert (relaxed.words, relaxed.required, relaxed.total) == (2, 1, 2)
    assert found(index, "for") == ["both"]


# Against a naive oracle, on the demo


def labels_of(store: Path, index: SearchIndex) -> dict[str, list[str]]:
    """The names of each thing that the index holds, read from the store."""
    query = f"""SELECT ?thing ?label {{ ?thing <{SKOS}prefLabel>|<{DCT}title>|<{SKOS}altLabel>|<{SKOS}hiddenLabel>|
        <http://xmlns.com/foaf/0.1/name> ?label }}"""
    solutions = Store.read_only(str(store)).query(query)
    assert isinstance(solutions, QuerySolutions)
    names: dict[str, list[str]] = {}
    for thing, label in solutions:
        assert isinstance(thing, NamedNode)
        assert isinstance(label, Literal)
        names.setdefault(thing.value, []).append(label.value)
    searcher = index.index.searcher
    return {iri: labels for iri, labels in names.items() if searcher.doc_freq("iri", iri)}


def naive_key(label: str) -> str:
    """What two labels have in common that are the same but for case, accents and signs between words."""
    return " ".join(map(fold, re.findall(r"[^\W_]+", label)))


def test_every_label_of_the_demo_finds_its_thing_before_all_that_are_called_otherwise(
    demo_store: Path, demo_index: SearchIndex
) -> None:
    names = labels_of(demo_store, demo_index)
    assert len(names) > 200
    keys = {iri: set(map(naive_key, labels)) for iri, labels in names.items()}
    for iri, labels in names.items():
        for label in labels:
            key = naive_key(label)
            ranked = [hit for hit, _ in demo_index.best(SearchQuery(label[:MAX_TEXT]), 1_000).best]
            above = ranked[: ranked.index(iri)]
            assert all(key in keys[other] for other in above), (label, above)


def test_every_word_of_every_label_of_the_demo_finds_its_thing(demo_store: Path, demo_index: SearchIndex) -> None:
    things: dict[str, set[str]] = {}
    for iri, labels in labels_of(demo_store, demo_index).items():
        for word in {word for name in labels for word in re.findall(r"[^\W_]+", name)}:
            things.setdefault(word, set()).add(iri)
    assert len(things) > 300
    for word, expected in things.items():
        best = {iri for iri, _ in demo_index.best(SearchQuery(word), 10_000).best}
        assert expected <= best, word


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    labels=st.lists(st.text("aåbø nK1", min_size=1, max_size=8).filter(str.strip), min_size=1, max_size=12),
    pick=st.integers(0, 11),
)
def test_whatever_things_are_called_the_whole_label_finds_them_first(
    make_index: MakeIndex, labels: list[str], pick: int
) -> None:
    index = make_index([line for number, label in enumerate(labels) for line in concept(str(number), label)])
    wanted = labels[pick % len(labels)]

    def key(label: str) -> str:
        return " ".join(map(fold, label.split()))

    same = {str(number) for number, label in enumerate(labels) if key(label) == key(wanted)}
    assert set(found(index, wanted)[: len(same)]) == same


# Restrictions, pages, facets


def test_restrictions_pages_and_facets_agree_with_counting(demo_index: SearchIndex) -> None:
    everything = demo_index.best(SearchQuery("nummer"), 10_000)
    assert everything.total == len(everything.best) > 20
    paged = [
        (hit.iri, hit.score)
        for offset in range(0, everything.total, 7)
        for hit in demo_index.search(SearchQuery("nummer", limit=7, offset=offset)).hits
    ]
    assert paged == list(everything.best)
    hits = demo_index.search(SearchQuery("nummer", limit=MAX_LIMIT))
    assert hits.total <= MAX_LIMIT, "else the counts below are of one page only"
    assert {value.value: value.count for value in hits.facets["type"]} == Counter(hit.kind for hit in hits.hits)
    counted = Counter(hit.publisher for hit in hits.hits if hit.publisher)
    assert {value.value: value.count for value in hits.facets["publisher"]} == counted
    agency = counted.most_common(1)[0][0]
    restricted = demo_index.search(SearchQuery("nummer", kind="concept", publisher=agency, limit=MAX_LIMIT))
    expected = {hit.iri for hit in hits.hits if hit.kind == "concept" and hit.publisher == agency}
    assert {hit.iri for hit in restricted.hits} == expected
    of_agency = Counter(hit.kind for hit in hits.hits if hit.publisher == agency)
    assert {value.value: value.count for value in restricted.facets["type"]} == of_agency
    of_concepts = Counter(hit.publisher for hit in hits.hits if hit.kind == "concept" and hit.publisher)
    assert {value.value: value.count for value in restricted.facets["publisher"]} == of_concepts


def test_labels_and_snippets_are_in_the_language_that_is_wanted(make_index: MakeIndex) -> None:
    node = f"<{X}d>"
    index = make_index(
        [
            f"{node} <{RDF}type> <http://www.w3.org/ns/dcat#Dataset>",
            f'{node} <{DCT}title> "Enheter"@nb',
            f'{node} <{DCT}title> "Einingar"@nn',
            f'{node} <{DCT}title> "Units"@en',
            f'{node} <{DCT}description> "Alle enheter i registeret."@nb',
            f'{node} <{DCT}description> "All units of the register."@en',
        ]
    )
    shown = {
        language: index.search(SearchQuery("register", language=language)).hits[0] for language in ("nb", "nn", "en")
    }
    assert [shown[language].label for language in ("nb", "nn", "en")] == ["Enheter", "Einingar", "Units"]
    assert shown["nb"].snippet == shown["nn"].snippet == "Alle enheter i registeret."
    assert shown["en"].snippet == "All units of the register."


def test_a_snippet_shows_the_word_that_was_found_and_stays_plain_and_short(make_index: MakeIndex) -> None:
    text = "fyll " * 80 + "her <b>står</b> &lt;b&gt;personen & \x1b[31m <img src=x onerror=y> nevnt " + "fyll " * 80
    index = make_index(concept("x", "et begrep", definition=text))
    [hit] = index.search(SearchQuery("person")).hits
    assert "her står <b>personen & [31m nevnt" in hit.snippet
    assert "onerror" not in hit.snippet
    assert "\x1b" not in hit.snippet
    assert hit.snippet.startswith("…")
    assert hit.snippet.endswith("…")
    assert len(hit.snippet) <= 202


def test_a_thing_found_by_another_name_shows_that_name(make_index: MakeIndex) -> None:
    index = make_index(concept("x", "fødselsnummer", alternative="personnummer"))
    assert index.search(SearchQuery("personnummer")).hits[0].snippet == "personnummer"


# Hostile input


@pytest.mark.parametrize(
    "text",
    [
        "\0", "\ud800", "a\ud800b", "🦆", "👩\u200d👧", '"', "'", "\\", '"" \\"', "title:kommune", "AND", "OR NOT", "(",
        ")", "[a TO b]", "*", "?", "a*", "kommune~2", "^5", "+kommune -nummer", "/.*/", "kommune\0nummer",
        "a" * MAX_TEXT, "e\u0301" * 200, "\u202egnukommok", "\ufdfa" * 100, "ss\u00df" * 100, "\u0661\u0662", "数据",
        "a b c d e f g h i j k l m n o p q r s t u v w x y z",
    ],
)  # fmt: skip
def test_no_text_is_a_syntax_error_or_takes_long(demo_index: SearchIndex, text: str) -> None:
    started = time.perf_counter()
    hits = demo_index.search(SearchQuery(text, limit=MAX_LIMIT))
    assert time.perf_counter() - started < 2
    assert len(hits.hits) == min(hits.total, MAX_LIMIT)


@given(st.text(max_size=MAX_TEXT), st.sampled_from(["", *KIND_NAMES]), st.text(max_size=20))
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_gets_hits_with_scores_in_order_or_an_error_that_names_it(
    demo_index: SearchIndex, text: str, kind: str, publisher: str
) -> None:
    query = SearchQuery(text, kind=kind, publisher=publisher.encode("utf-8", "replace").decode(), limit=MAX_LIMIT)
    try:
        hits = demo_index.search(query)
    except ParameterError as error:
        assert error.parameter == "q"
        return
    scores = [hit.score for hit in hits.hits]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert len(scores) <= hits.total
    assert not kind or {hit.kind for hit in hits.hits} <= {kind}


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        (SearchQuery(""), "q"),
        (SearchQuery(" \t\n"), "q"),
        (SearchQuery("a" * 100_000), "q"),
        (SearchQuery("a " * 41), "q"),
        (SearchQuery("a", kind="Dataset"), "type"),
        (SearchQuery("a", limit=-1), "limit"),
        (SearchQuery("a", limit=MAX_LIMIT + 1), "limit"),
        (SearchQuery("a", offset=-1), "offset"),
        (SearchQuery("a", offset=10_001), "offset"),
    ],
)
def test_what_is_over_a_limit_is_named(demo_index: SearchIndex, query: SearchQuery, parameter: str) -> None:
    with pytest.raises(ParameterError) as caught:
        demo_index.search(query)
    assert caught.value.parameter == parameter


def test_several_threads_get_the_answers_that_one_gets(demo_index: SearchIndex) -> None:
    texts = ["kommune", "nummer", "skatt person", "fodselsnummer", "organisasjonsNummer", "inntekt"] * 8
    alone = [demo_index.search(SearchQuery(text)) for text in texts]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(lambda text: demo_index.search(SearchQuery(text)), texts)) == alone


# The folder


def test_no_index_another_format_and_a_damaged_one_are_said(tmp_path: Path, demo_index: SearchIndex) -> None:
    with pytest.raises(NotFound, match="no text index"):
        SearchIndex.open(tmp_path / "nowhere")
    write_index([], tmp_path / "empty")
    empty = SearchIndex.open(tmp_path / "empty")
    assert empty.search(SearchQuery("kommune")).total == 0
    entry = tmp_path / "empty" / "kg.json"
    entry.write_text('{"format": 0}', encoding="utf-8")
    with pytest.raises(NotFound, match="another version"):
        SearchIndex.open(tmp_path / "empty")
    entry.write_text("{", encoding="utf-8")
    with pytest.raises(BuildError, match="cannot be read"):
        SearchIndex.open(tmp_path / "empty")
    write_index([], tmp_path / "broken")
    (tmp_path / "broken" / "meta.json").write_text("{}", encoding="utf-8")
    with pytest.raises(BuildError, match="cannot be read"):
        SearchIndex.open(tmp_path / "broken")
    assert demo_index.search(SearchQuery("person")).total > 0
