"""A trace on a terminal."""

import io
import os
import re
import subprocess
import sys
from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from kg.build.generations import Home
from kg.trace.tree import print_trace
from kg.trace.web import FindingKind


def printed(found: Mapping[str, object], width: int = 100, language: str = "nb") -> str:
    out = io.StringIO()
    console = Console(file=out, width=width, force_terminal=True, highlight=False, soft_wrap=True)
    print_trace(found, language, console)
    return out.getvalue()


def test_the_demo_says_on_one_screen_who_has_it_who_is_the_authority_and_whom_to_ask(demo: Home) -> None:
    command = [sys.executable, "-P", "-m", "kg", "trace", "fødselsnummer", "--home", str(demo.path)]
    environment = {"COLUMNS": "100", "FORCE_COLOR": "1", "TERM": "xterm-256color"}
    shown = subprocess.run(command, check=True, capture_output=True, env={**os.environ, **environment}).stdout
    lines = re.sub("\x1b\\[[0-9;]*m", "", shown.decode()).splitlines()
    assert len(lines) <= 40
    assert max(map(len, lines)) <= 100
    told = " ".join(" ".join(line.strip("│├└─ ") for line in lines).split())
    assert "Autoritativ kilde for «fødselsnummer» er Folkeregisteret hos Skatteetaten" in told
    assert "Domstoladministrasjonen ber om «Opplysninger om arvingene»" in told
    assert "Spør API-et Folkeregisterets API i stedet" in told
    for agency in ("Skatteetaten", "Brønnøysundregistrene", "Husbanken", "Kartverket", "Lånekassen"):
        assert any(line.strip("│├└─ ").startswith(f"{agency}:") for line in lines)
    assert "\x1b[" in shown.decode()


def test_a_word_that_nothing_has_as_a_name_gets_choices(demo: Home) -> None:
    command = [sys.executable, "-P", "-m", "kg", "trace", "skatt", "--lang", "en", "--home", str(demo.path)]
    shown = subprocess.run(command, check=True, capture_output=True, env={**os.environ}).stdout.decode()
    assert "nothing is called that" in shown
    assert "Did you mean" in shown


HOSTILE = st.text(max_size=40) | st.sampled_from(["\x1b[31mred", "[bold]x[/]", "[/]", "\u202eabc", "\x07", "a\nb\r\nc"])


@given(texts=st.lists(HOSTILE, min_size=4, max_size=4), language=st.sampled_from(["nb", "nn", "en"]))
def test_nothing_that_a_source_says_steers_the_terminal(texts: list[str], language: str) -> None:
    word, label, name, sentence = texts
    node = {"iri": "x:a", "kind": "element", "label": label, "agency": "x:o"}
    found = {
        "element": word,
        "starts": ["x:a"],
        "choices": [{"iri": "x:a", "kind": "element", "label": label}],
        "nodes": [node, {**node, "iri": "x:b"}],
        "edges": [
            {
                "from": "x:a",
                "to": "x:b",
                "path": "P21",
                "evidence": "suggested",
                "triples": [],
                "reason": {"nb": sentence, "en": sentence},
            }
        ],
        "agencies": [{"iri": "x:o", "name": name}],
        "findings": [{"kind": str(FindingKind.GAP), "text": {"nb": sentence, "en": sentence}, "edges": []}] * 5,
        "total": {"nodes": 2, "edges": 1, "complete": True},
    }
    shown = re.sub("\x1b\\[[0-9;]*m", "", printed(found, language=language))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)
    for text in (word, sentence):
        if text.isascii() and text.isprintable() and 0 < len(text.strip()) < 20 and "  " not in text:
            assert text.strip() in " ".join(shown.split())
    printed({**found, "nodes": [], "edges": [], "starts": []}, language=language)


def test_a_long_list_is_cut_and_says_by_how_many() -> None:
    findings = [{"kind": "gap", "text": {"nb": f"hull {n}", "en": f"gap {n}"}, "edges": []} for n in range(10)]
    found = {
        "element": "x",
        "starts": [],
        "choices": [],
        "nodes": [{"iri": "x:a", "kind": "element", "label": "x", "agency": None}],
        "edges": [],
        "agencies": [],
        "findings": findings,
        "total": {"nodes": 900, "edges": 1, "complete": False},
    }
    shown = printed(found)
    assert "hull 2" in shown
    assert "hull 3" not in shown
    assert "og 7 til" in shown
    assert "minst 900 ting" in shown
