"""The wheel: it carries its data, and `kg` works from it in a folder that is not the checkout."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the wheel was unpacked into."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder / "dist")]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    (wheel,) = (folder / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


@pytest.mark.parametrize("name", ["demo", "ontologies", "queries"])
def test_the_wheel_carries_the_folders_of_data(installed: Path, name: str) -> None:
    here = {path.relative_to(ROOT / name) for path in (ROOT / name).rglob("*") if path.is_file()}
    there = {path.relative_to(installed / "kg/share" / name) for path in (installed / "kg/share" / name).rglob("*")}
    assert here <= there


def test_kg_builds_and_asks_from_the_wheel_elsewhere(installed: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(installed), "KG_HOME": str(tmp_path / "home")}

    def kg(*arguments: str) -> str:
        command = [sys.executable, "-P", "-m", "kg", *arguments]
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    where = subprocess.run(
        [sys.executable, "-P", "-c", "import kg; print(kg.__file__)"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(where.stdout.strip()).is_relative_to(installed)
    kg("build", "--config", str(installed / "kg/share/demo/sources.toml"))
    (tmp_path / "ask.rq").write_text("ASK { ?s a cv:LifeEvent }")
    assert '"boolean":true' in kg("query", "ask.rq")
