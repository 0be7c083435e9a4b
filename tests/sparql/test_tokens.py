"""The tokeniser: what it tells apart, that it never fails, and that it takes time in proportion to the text."""

import re
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kg.sparql.tokens import (
    KEYWORDS,
    excerpt,
    excerpt_at,
    is_keyword,
    line_column,
    tokens,
    unescape_codepoints,
)
from tests.sparql.engine import CORPUS, ask_engine, engine_keywords

GAP = re.compile(r"(?:[ \t\r\n]|#[^\r\n]*)*")
SPARQL_LETTERS = "{}()[]<>\"'?$:;.,*+/|^!&=@#\\%~_- \n\r\tabeEnuU0159SERVICEæ·\u0301\ud7ff\ufffd😀"
sparql_like = st.text(st.sampled_from(SPARQL_LETTERS), max_size=120) | st.text(max_size=60)
pieces = st.lists(
    st.sampled_from(
        [
            *"{}()[]<>\"'#.;,:?\\\n ", '"""', "'''", "<a>", "<a#b>", "?x", "ex:a", "_:b", "5.", "1e3", "@nb",
            "^^", "true", "SELECT", "SERVICE", "a.b", "a-b", "\\u0041", "\\U0001F600", "\\uD800", "<<", "<<(", ")>>",
            "{|", "|}",
        ]
    ),
    max_size=30,
).map("".join)  # fmt: skip


def kinds(text: str) -> list[tuple[str, str]]:
    return [(token.kind, text[token.start : token.end]) for token in tokens(text)]


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        ("iri", ["<>", "<a>", "<http://x/#æ?q='1'&r=(2)>", r"<\u00e6>", r"<a\U0001F600b>", "<\u00a0>"]),
        ("var", ["?x", "$x", "?1", "?_", "?æ·1", "?\u0301"[:1] + "a\u0301"]),
        (
            "pname",
            [
                ":",
                ":a",
                "ex:",
                "ex:a",
                "a.b-c:x",
                "ex:a.b.c",
                "ex::",
                "ex:1",
                r"ex:\,\-%41a\(",
                "æ:ø",
                "ex:a:b",
                "ex:_",
            ],
        ),
        ("word", ["select", "SELECT", "a", "group_concat", "MD5", "true"]),
        (
            "string",
            ['""', "''", '"a\'b"', "'a\"b'", r'"\"\\\t"', '"\\u0041"', '"""a"b""c\n"""', "'''it's\r\n'''", '""""""'],
        ),
        ("number", ["1", "-1", "+1", "1.5", ".5", "-.5", "1e5", "1.e5", "1.5E-3", ".5e+3"]),
        ("blank", ["_:a", "_:1", "_:a.b", "_:a-b"]),
        ("language", ["@nb", "@nb-NO", "@ar--rtl", "@zh-Hans-1"]),
        ("nil", ["()", "( \t\r\n)"]),
        ("anon", ["[]", "[ \n]"]),
        ("open", ["(", "[", "{", "{|", "<<", "<<("]),
        ("close", [")", "]", "}", "|}", ">>", ")>>"]),
        ("operator", ["^^", "&&", "||", "!=", "<=", ">=", "=", "<", ">", "!", "+", "-", "*", "/", "^", "|", "?", "~"]),
        ("separator", [".", ";", ","]),
        ("unknown", ["SELCT", "a_", "xSERVICE", "A", "\ufeff", "é"]),
        ("unclosed", ['"a', "'a", '"""a""', "'''a\n''", r'"\q"', r'"\uD800"', r'"\U00110000"', '"""a\\x"""']),
        ("invalid", ["@", "\\", "&", "%", "$", "_", "\x00", "\u00a0", "·", "\x0b", "\x85"]),
    ],
)
def test_each_text_is_one_token_of_its_kind(kind: str, texts: list[str]) -> None:
    for text in texts:
        assert kinds(text) == [(kind, text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("?a<?b&&?c>?d", "?a <?b&&?c> ?d"),
        ("?a < ?b", "?a < ?b"),
        ("<x y>", "< unknown:x unknown:y >"),
        ("1.5.", "1.5 ."),
        ("5.a", "5 . a"),
        ("?s.5", "?s .5"),
        ("true.ex:a", "true.ex:a"),
        ("true.a", "true . a"),
        ("true.FILTER", "true . FILTER"),
        ("ex:a.", "ex:a ."),
        ("ex:a..b", "ex:a..b"),
        ("_:a.", "_:a ."),
        ("ex:-a", "ex: - a"),
        ("LIMIT10OFFSET5", "LIMIT 10 OFFSET 5"),
        ("ORDERBY", "ORDER BY"),
        ("SELECTDISTINCT*", "SELECT DISTINCT *"),
        ("trueSERVICE", "true SERVICE"),
        ("5SERVICE<a>", "5 SERVICE <a>"),
        ("'''a''''b'", "'''a''' 'b'"),
        ('"a"@nb-', '"a" @nb -'),
        ("<<<a>", "<< <a>"),
        ("{||}", "{| |}"),
        ("#a\n#b\r?x#c", "?x"),
        ("<a#b>#c", "<a#b>"),
        ("true-1", "true -1"),
    ],
)
def test_the_longest_token_wins_where_keywords_are_not_glued(text: str, expected: str) -> None:
    got = [f"{kind}:{part}" if kind in {"unknown", "invalid"} else part for kind, part in kinds(text)]
    assert " ".join(got) == expected


@given(sparql_like | pieces)
@example("\ud800")
@example('"""' * 3)
def test_tokens_and_the_gaps_between_them_are_the_text(text: str) -> None:
    place = 0
    for token in tokens(text):
        assert token.start >= place
        assert GAP.fullmatch(text[place : token.start])
        assert token.end > token.start
        place = token.end
    assert GAP.fullmatch(text[place:])


@given(st.sampled_from(CORPUS), st.data())
@settings(max_examples=50)
def test_white_space_between_tokens_changes_no_token(query: str, data: st.DataObject) -> None:
    spaced = data.draw(st.sampled_from([" ", "\n", "\t#x\r\n", " # ' \" \n"]))
    parts = kinds(query)
    assert kinds(spaced.join(text for _, text in parts)) == parts


def test_every_query_of_the_corpus_is_read_by_the_engine_and_cut_into_known_tokens() -> None:
    assert set(ask_engine(CORPUS)) <= {"ok", "other"}
    for query in CORPUS:
        assert not [text for kind, text in kinds(query) if kind in {"invalid", "unclosed", "unknown"}]


def test_the_keywords_are_those_of_the_engine() -> None:
    assert engine_keywords() | {"A"} == KEYWORDS


def test_a_keyword_may_have_any_case_but_not_the_verb_a() -> None:
    assert is_keyword("Select")
    assert is_keyword("a")
    assert not is_keyword("A")


@pytest.mark.parametrize("head", ["", '"""', "'", "ex:", "(", "<"])
def test_time_is_in_proportion_to_the_text(head: str) -> None:
    repeated = (
        "a.", "a-", "a:", "<", "<a", "<a#", "'''", '"""', "\\'''x", '"', '"a', '"a\n', "'\"", "( ", "[\n", " ",
        "1.", "1e", "ex:a.", "ex:a..", "@a-", "_:a.", "ex:%4", "\\", "#", '"\\u00', "<\\U0000", "æ", "\x01", "-",
        "+5", '""a', '\\"', "\\u0041", "·", "{", "<<", "?", "aSELECT", "SELECT", "a" * 70 + " ", "\r", "ex:\\,",
    )  # fmt: skip
    for text in repeated:
        hostile = head + text * (20_000 // len(text))
        started = time.process_time()
        sum(1 for _ in tokens(hostile))
        # 0.02 s is usual; a second look at the rest for each token would be 5 s and more.
        assert time.process_time() - started < 0.5, text


def test_codepoint_escapes_are_replaced_wherever_they_stand() -> None:
    assert unescape_codepoints(r"\u0053ERV\U00000049CE \uD800 \u12 \U00110000") == r"SERVICE \uD800 \u12 \U00110000"


@given(st.text(st.sampled_from("ab\r\n"), max_size=30), st.data())
def test_line_and_column_count_lines_as_python_does(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    line, column = line_column(text, offset)
    starts = [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", text))]
    start = max(place for place in starts if place <= offset)
    assert (line, column) == (starts.index(start) + 1, offset - start + 1)


@given(st.text(st.characters() | st.sampled_from("\r\n\t\x00\u202e"), max_size=300), st.data())
def test_the_caret_of_an_excerpt_stands_under_the_place(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    line, _, caret = excerpt(text, offset).rpartition("\n")
    assert len(line) <= 82
    assert caret == " " * (len(caret) - 1) + "^"
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]", line)
    if offset < len(text) and text[offset].isalnum():
        assert line[len(caret) - 1] == text[offset]


@given(st.text(max_size=60), st.integers(-3, 100), st.integers(-3, 100))
def test_an_excerpt_of_a_line_and_column_never_fails(text: str, line: int, column: int) -> None:
    assert excerpt_at(text, line, column).endswith("^")


def test_an_excerpt_of_a_line_and_column_is_that_of_the_place() -> None:
    text = "SELECT *\r\n{ ?s ?p\t}\n"
    assert excerpt_at(text, 2, 8) == "{ ?s ?p }\n       ^" == excerpt(text, 17)
    assert excerpt("x" * 200, 100).splitlines()[0] == "…" + "x" * 80 + "…"
