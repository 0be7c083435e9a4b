"""Code and words held equal: what the README lists is what there is."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from kg.build.forms.rules import NORMALISATIONS
from kg.build.generations import Home
from kg.build.identity.aliases import IDENTITY_RULES
from kg.cli import make_app
from kg.config import Settings
from kg.errors import UsageError
from kg.reason.own_rules import OWN_RULES
from kg.reason.rules import OWL_RL, Status
from kg.sparql.protocol import SINGLE
from kg.sparql.rewrites.rewriting import RULE_NAMES
from loaders.registry import LOADERS

README = (Path(__file__).resolve().parents[1] / "README.md").read_text(encoding="utf-8")


def section(name: str) -> str:
    """What stands between the markers of a generated or checked table."""
    found = re.search(rf"<!-- {name} -->\n(.*?)<!-- /{name} -->", README, re.DOTALL)
    assert found, f"the README has no section {name}"
    return found[1]


def settings_table() -> str:
    """The settings as the README lists them."""
    rows = ["| variable | default | meaning |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        if name == "workers":
            default = "twice the cores, at least 4"
        else:
            value = field.get_default()
            default = f"`{'[]' if value in (frozenset(), ()) else value}`"
        rows.append(f"| `KG_{name.upper()}` | {default} | {field.description} |")
    return "\n".join(rows) + "\n"


def test_the_readme_lists_every_setting() -> None:
    assert section("settings") == settings_table()


def normalisations_table() -> str:
    """The rules of normalisation as the README lists them."""
    rows = ["| rule | what it does | because |", "|---|---|---|"]
    rows += [f"| `{rule.name}` | {rule.does} | {rule.required_by} |" for rule in NORMALISATIONS]
    return "\n".join(rows) + "\n"


def identities_table() -> str:
    """The rules of identity as the README lists them."""
    rows = ["| rule | taken to be the same | because |", "|---|---|---|"]
    rows += [f"| `{rule.name}` | {rule.does} | {rule.because} |" for rule in IDENTITY_RULES]
    return "\n".join(rows) + "\n"


def test_the_readme_lists_every_rule_of_normalisation_and_identity() -> None:
    assert section("normalisations") == normalisations_table()
    assert section("identities") == identities_table()


def own_rules_table() -> str:
    """Our own rules as the README lists them."""
    rows = ["| rule | norsk | English | source |", "|---|---|---|---|"]
    rows += [f"| `{rule.name}` | {rule.nb} | {rule.en} | {rule.source} |" for rule in OWN_RULES]
    return "\n".join(rows) + "\n"


def test_the_readme_lists_every_rule_of_ours_and_every_rule_of_owl_that_is_not_applied() -> None:
    assert section("own-rules") == own_rules_table()
    for rule in OWL_RL:
        if rule.status in {Status.LEFT_OUT, Status.NOT_WRITTEN}:
            assert f"`{rule.name}`" in README


def test_the_readme_lists_every_rewrite_and_every_parameter_of_sparql() -> None:
    assert set(re.findall(r"^\| `(\w+)`", section("rewrites"), re.MULTILINE)) == set(RULE_NAMES)
    for name in {*SINGLE} - {"query"}:
        assert f"`{name}`" in README


def test_the_readme_lists_every_command() -> None:
    commands = set(get_command(make_app()).commands)  # type: ignore[attr-defined]
    assert set(re.findall(r"^\| `kg ([\w-]+)`", section("commands"), re.MULTILINE)) == commands


def test_the_readme_lists_every_kind_of_source() -> None:
    assert set(re.findall(r"^\| `(\w+)`", section("loaders"), re.MULTILINE)) == {loader.kind for loader in LOADERS}


def test_the_example_in_the_readme_gives_what_it_shows(demo: Home) -> None:
    found = re.search(r"\$ kg query - --format csv <<'EOF'\n(.*?)EOF\n(.*?)```", README, re.DOTALL)
    assert found
    command = [sys.executable, "-P", "-m", "kg", "query", "-", "--format", "csv", "--home", str(demo.path)]
    done = subprocess.run(command, input=found[1], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.splitlines() == found[2].splitlines()


def test_every_command_has_help_with_an_example() -> None:
    def check(command: object, path: str) -> None:
        children = getattr(command, "commands", {})
        if not children:
            assert "Example:" in (getattr(command, "help", None) or ""), path
        for name, child in children.items():
            check(child, f"{path} {name}")

    check(get_command(make_app()), "kg")


def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from kg.config import read_settings

    for name, value in (
        ("KG_PORT", "x"),
        ("KG_BASE_IRI", "ftp://x/"),
        ("KG_BASE_IRI", "https://x"),
        ("KG_TIER", "tape"),
        ("KG_TRUSTED_PROXIES", "10.0.0.1"),
        ("KG_TRUSTED_PROXIES", '["10.0.0.1/8"]'),
        ("KG_CLIENT_RATE", "nan"),
    ):
        monkeypatch.setenv(name, value)
        with pytest.raises(UsageError) as caught:
            read_settings()
        assert caught.value.where == f"setting {name.removeprefix('KG_').lower()}"
        monkeypatch.delenv(name)
