"""Commands that tests fork: the same as those of an interpreter of their own, and apart from each other."""

import multiprocessing
import os
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from kg.build.generations import Home
from tests.command_line import fork_server, kg, kg_anew

ITS_NAME = ("python -m kg", "kg")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["query", "-", "--format", "csv"], 0),
        (["query", "-", "--format", "turtle"], 1),
        (["query", "-", "--nonsense"], 2),
        (["serve"], 1),
        (["tokens", "nonsense"], 2),
    ],
)
def test_a_forked_command_does_and_says_what_one_in_its_own_interpreter_does(
    demo: Home, tmp_path: Path, arguments: list[str], code: int
) -> None:
    home = str(tmp_path if arguments == ["serve"] else demo.path)
    query = "SELECT ?title WHERE { ?dataset dct:title ?title } ORDER BY ?title LIMIT 3 # æøå"
    done = kg(*arguments, stdin=query, KG_HOME=home, COLUMNS="100")
    anew = kg_anew(*arguments, stdin=query, KG_HOME=home, COLUMNS="100")
    assert (done.returncode, done.stdout, done.stderr) == (anew.returncode, anew.stdout, anew.stderr.replace(*ITS_NAME))
    assert done.returncode == code


def test_a_forked_command_changes_nothing_of_this_process_or_the_next_command(
    home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = dict(os.environ), Path.cwd()
    assert "x.example" in kg("build", "--source", "x=y", KG_BASE_IRI="nonsense://x.example", COLUMNS="200").stderr
    assert (dict(os.environ), Path.cwd()) == before
    assert "x.example" not in kg("build", "--source", "x=y", KG_HOME=str(home.path), COLUMNS="200").stderr
    monkeypatch.chdir(tmp_path)
    (tmp_path / "her.ttl").write_text("<a:a> <a:b> <a:c> .")
    assert kg("build", "--source", "x=her.ttl", KG_HOME="kg-home").returncode == 0
    assert (tmp_path / "kg-home" / "generations").is_dir()


def count_threads_of_parent(told: Connection) -> None:
    told.send(len(list(Path(f"/proc/{os.getppid()}/task").iterdir())))


def test_what_forks_has_no_second_thread() -> None:
    ours, theirs = multiprocessing.Pipe()
    process = fork_server().Process(target=count_threads_of_parent, args=(theirs,))
    process.start()
    assert ours.recv() == 1
    process.join()
