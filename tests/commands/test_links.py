"""`kg links`, `kg tokens` and reviewing by keyboard."""

import io
import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from kg.build.generations import Home
from kg.commands.review import Review, review
from kg.linking.candidate import Candidate, Reason, Relation
from kg.linking.decision import Decision, Verdict
from kg.linking.decisions import DecisionLog
from kg.linking.elements import Description
from tests.command_line import kg, kg_anew

ONE = Decision(
    "https://a.example/x", "https://b.example/y", Verdict.ACCEPT, Relation.BROAD, "æ", "Kari", "2026-11-22T08:00:00Z"
)
SEVERAL = [
    ONE,
    Decision("https://a.example/x", "https://b.example/z", Verdict.REJECT, None, "", "Ola", "2026-11-22T08:00:01Z"),
    Decision("https://a.example/y", "https://b.example/z", Verdict.UNSURE, None, "", "Ola", "2026-11-22T08:00:02Z"),
]


@pytest.mark.parametrize("name", ["links.sssom.tsv", "links.ttl"])
def test_decisions_go_out_and_into_another_home_and_change_nothing_there_or_here(tmp_path: Path, name: str) -> None:
    here, there = Home(tmp_path / "here"), Home(tmp_path / "there")
    DecisionLog(here.decisions).append(SEVERAL)
    file = str(tmp_path / name)
    done = kg("links", "export", file, "--unsure", "--home", str(here.path), "--json")
    assert json.loads(done.stdout)["decisions"] == 3, done.stderr
    again = kg("links", "import", file, "--home", str(here.path), "--json")
    assert json.loads(again.stdout)["unchanged"] == 3
    assert len(DecisionLog(here.decisions).read().history) == 3
    taken = kg("links", "import", file, "--home", str(there.path), "--json")
    assert json.loads(taken.stdout)["recorded"] == {"accept": 1, "reject": 1, "unsure": 1}
    assert set(DecisionLog(there.decisions).read().history) == set(SEVERAL)
    refused = kg("links", "export", file, "--home", str(here.path))
    assert (refused.returncode, "exists already" in refused.stderr) == (2, True)


def test_a_file_without_authors_and_dates_changes_something_only_once(home: Home, tmp_path: Path) -> None:
    columns = "subject_id\tpredicate_id\tobject_id\tmapping_justification"
    row = "a:1\tskos:exactMatch\ta:2\tsemapv:ManualMappingCuration"
    (tmp_path / "x.tsv").write_text(f"#curie_map:\n#  a: https://a.example/\n{columns}\n{row}\n")
    command = ("links", "import", str(tmp_path / "x.tsv"), "--home", str(home.path), "--json")
    assert json.loads(kg(*command).stdout)["recorded"]["accept"] == 1
    time.sleep(1.1)
    assert json.loads(kg(*command, "--who", "Ola").stdout)["unchanged"] == 1
    assert len(DecisionLog(home.decisions).read().history) == 1


def test_what_cannot_be_taken_in_is_said(home: Home, tmp_path: Path) -> None:
    (tmp_path / "x.tsv").write_text("a\tb\n")
    done = kg("links", "import", str(tmp_path / "x.tsv"), "--home", str(home.path))
    assert (done.returncode, "subject_id" in done.stderr) == (1, True)
    assert "Traceback" not in done.stderr
    assert kg("links", "import", "/nowhere.tsv", "--home", str(home.path)).returncode == 2
    assert kg("links", "export", str(tmp_path / "y"), "--format", "tape", "--home", str(home.path)).returncode == 2
    assert not home.decisions.exists()


def test_a_token_is_made_listed_and_revoked(home: Home) -> None:
    made = json.loads(
        kg("tokens", "new", "Kari", "--for", "https://a.example/", "--home", str(home.path), "--json").stdout
    )
    assert made["token"].startswith("kgr_")
    assert kg("tokens", "new", "Kari", "--home", str(home.path)).returncode == 2
    (listed,) = json.loads(kg("tokens", "list", "--home", str(home.path), "--json").stdout)["tokens"]
    assert (listed["name"], listed["for"]) == ("Kari", ["https://a.example/"])
    assert kg("tokens", "revoke", "Kari", "--home", str(home.path)).returncode == 0
    assert json.loads(kg("tokens", "list", "--home", str(home.path), "--json").stdout) == {"tokens": []}
    assert kg("tokens", "revoke", "Kari", "--home", str(home.path)).returncode == 1


def candidate(name: str) -> Candidate:
    reason = Reason("label", 1.0, "samme navn", "same name")
    return Candidate("https://a.example/x", f"https://b.example/{name}", 0.5, (reason,), Relation.EXACT)


def session(home: Home, keys: str, lines: str = "") -> tuple[Review, io.StringIO]:
    left: Iterator[str] = iter(keys)
    out = io.StringIO()
    console = Console(file=out, width=100)
    line = io.StringIO(lines).readline
    now = "2026-11-22T08:00:00Z"
    return Review(DecisionLog(home.decisions), "Kari", lambda: now, lambda: next(left, ""), line, console), out


CANDIDATES = [candidate(name) for name in "abcdefg"]
THINGS = {"https://a.example/x": Description("", "class", "Person [red]\x1b[2J", "et menneske", "", "")}


def test_each_key_takes_its_decision(home: Home) -> None:
    work, out = session(home, "ecbnrxu")
    tally = review(CANDIDATES, THINGS, work)
    taken = [(each.verdict, each.relation) for each in DecisionLog(home.decisions).read().history]
    assert taken == [
        *((Verdict.ACCEPT, relation) for relation in Relation),
        (Verdict.REJECT, None),
        (Verdict.UNSURE, None),
    ]
    assert (tally.accepted, tally.rejected, tally.unsure, tally.skipped) == (5, 1, 1, 0)
    assert "Person [red]" in out.getvalue()
    assert "\x1b" not in out.getvalue()
    assert "same name" in out.getvalue()


def test_one_may_go_back_comment_skip_and_end(home: Home) -> None:
    work, _ = session(home, "?xzksexq", "nesten likt\n")
    tally = review(CANDIDATES, THINGS, work)
    # x rejects a, z goes back to it, k comments on it and s skips it; e accepts b, x rejects c, q ends.
    newest = DecisionLog(home.decisions).read()
    assert [newest.status("https://a.example/x", f"https://b.example/{name}") for name in "abcd"] == [
        "rejected",
        "accepted",
        "rejected",
        "open",
    ]
    assert {each.comment for each in newest.history} == {""}, "a comment belongs to the candidate that it was made at"
    assert (tally.accepted, tally.rejected, tally.skipped) == (1, 2, 1)


def test_a_comment_is_recorded_with_its_decision_and_a_bad_one_is_refused(home: Home) -> None:
    work, out = session(home, "kekeq", f"{'x' * 5000}\nnesten likt\n")
    review(CANDIDATES, THINGS, work)
    (decision,) = DecisionLog(home.decisions).read().history
    assert decision.comment == "nesten likt"
    assert "4,000" in out.getvalue()


def test_what_was_rejected_by_keyboard_never_comes_back(demo: Home, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    shutil.copytree(demo.path, home.path, symlinks=True)
    model = "https://demo.kunnskapsgraf.example/brreg/modell/enhet"
    options = ("--concepts", "--least", "0", "--home", str(home.path))
    found = json.loads(kg("match", model, *options, "--json").stdout)["candidates"]
    assert found
    done = kg("match", model, *options, "--review", "--as", "Kari", stdin="x\n" * len(found))
    assert f"{len(found)} rejected" in done.stdout, done.stderr
    assert json.loads(kg("match", model, *options, "--json").stdout)["candidates"] == []
    known = DecisionLog(home.decisions).read()
    assert {each.who for each in known.history} == {"Kari"}
    assert {each.id for each in known.history} == {each["id"] for each in found}
    refused = kg("match", model, *options, "--review", "--json")
    assert (refused.returncode, "--review" in refused.stderr) == (2, True)


def test_the_owner_of_a_model_is_told_the_same_without_a_server(demo: Home) -> None:
    model = "https://demo.kunnskapsgraf.example/brreg/modell/enhet"
    at = ("--home", str(demo.path))
    told = json.loads(kg_anew("model", "coverage", model, *at, "--json").stdout)
    assert told["counts"]["parts"] == 27
    lines = kg("model", "gaps", model, *at, "--tsv").stdout.splitlines()
    assert lines[0].startswith("part\tkind\t")
    assert len(lines) > 5
    reached = json.loads(kg("model", "impact", f"{model}#Adresse", *at, "--json").stdout)
    assert {"model", "dataset"} <= reached["counts"].keys()
    beside = kg("model", "compare", model, model, *at)
    assert (beside.returncode, "removed" in beside.stdout) == (0, False)
    missing = kg("model", "coverage", "https://borte.example/", *at)
    assert (missing.returncode, "no information model" in missing.stderr) == (1, True)
    assert kg("model", "coverage", "nonsense", *at).returncode == 2
