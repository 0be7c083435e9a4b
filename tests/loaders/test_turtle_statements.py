"""A broken text is split into statements as a reader would."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from loaders.turtle_statements import Statement, joined, split


def texts(text: str) -> list[str]:
    return [statement.text.strip() for statement in split(text)]


@pytest.mark.parametrize(
    "statement",
    [
        "e:a e:p 1.5 .",
        "e:a.b e:p e:c.d, 1.0e5 .",
        'e:a e:p "en. to" , """tre.\n"fire". """ , \'fem.\' .',
        "e:a e:p <https://e.example/a.b> , <#c> .",
        "e:a e:p e:b\\,c\\.d .",
        "e:a e:p [ e:q 1 ; e:r ( 2 e:b ) ] .",
        'e:a e:p "x"@nb, "y"^^xsd:date .',
        "e:a e:p 1 # en kommentar. med punktum\n .",
        "e:g { e:a e:p 1 . e:b e:p 2 . }",
        "GRAPH e:g { e:a e:p 1 }",
        "e:a e:p e:b {| e:q 1 |} .",
        "<<( e:a e:p e:b )>> e:q 1 .",
        "@prefix e: <https://e.example/#> .",
        "PREFIX e: <https://e.example/#>",
        "BASE <https://e.example/>",
    ],
)
def test_valid_statements_are_whole(statement: str) -> None:
    assert texts(f"e:x e:p e:y .\n{statement}\n# slutt.\ne:z e:p e:y .") == [
        "e:x e:p e:y .",
        statement,
        "e:z e:p e:y .",
    ]


def test_lines_are_those_of_the_first_tokens() -> None:
    assert [statement.line for statement in split('\n# x\n\ne:a e:p """\n\n""" .\ne:b e:p 1 . e:c e:p 2 .')] == [
        4,
        7,
        7,
    ]


def test_directives_are_marked() -> None:
    text = "@prefix a: <urn:a> . prefix b: <urn:b>\n@BASE <urn:c> .\nprefix:x a prefix:y ."
    assert [statement.is_directive for statement in split(text)] == [True, True, True, False]


def test_a_stray_quotation_mark_ends_with_the_next_line_that_begins_a_statement() -> None:
    assert texts('e:a e:p "x ;\n  e:q "y" ;\n  e:r "z" .\ne:b e:p 1 .') == [
        'e:a e:p "x ;\n  e:q "y" ;\n  e:r "z" .',
        "e:b e:p 1 .",
    ]


def test_a_statement_in_an_indented_text_begins_after_a_dot_at_the_end_of_a_line() -> None:
    assert texts('  e:a e:p "x .\n  e:b e:p 1 .') == ['e:a e:p "x .', "e:b e:p 1 ."]


def test_seams_are_where_a_dot_may_be_missing_and_nowhere_else() -> None:
    (statement,) = split("e:a e:p 1 ;\ne:q\n2 ,\n3\ne:b e:p 4 .")
    assert [part.text for part in statement.parts()] == ["e:a e:p 1 ;\ne:q\n2 ,\n3\n", "e:b e:p 4 ."]
    assert [part.line for part in statement.parts()] == [1, 5]


def test_joined_statements_keep_their_lines() -> None:
    statements = list(split("\ne:a e:p 1 .\n# x\n\ne:b e:p 2 . e:c\n e:p 3 .\n"))
    assert list(split("\n" + joined(statements).text)) == statements
    assert joined(statements).line == 2


def test_a_directive_fits_on_one_line() -> None:
    assert Statement("@prefix e: # x\n <urn:#a>\n.", 1, is_directive=True).on_one_line() == "@prefix e: <urn:#a> ."


@given(st.text(alphabet="ab:<>\"'\\.;,[](){}|^@# \n", max_size=80))
@example("#:\n:")
def test_no_text_is_lost_but_space_and_comments(text: str) -> None:
    position = 0
    for statement in split(text):
        # A comment before it may hold the same text, so it is looked for from its own line on.
        line_start = sum(len(line) + 1 for line in text.split("\n")[: statement.line - 1])
        start = text.index(statement.text, max(position, line_start))
        assert all(
            not line.strip() or line.lstrip().startswith("#") or "#" in line
            for line in text[position:start].split("\n")
        )
        assert statement.line == 1 + text.count("\n", 0, start)
        assert "".join(part.text for part in statement.parts()) == statement.text
        position = start + len(statement.text)
