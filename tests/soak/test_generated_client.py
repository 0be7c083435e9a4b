"""A client that a public generator makes of `/openapi.json` works against the service."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest

GENERATOR = "openapi-python-client"
# It knows bodies that are JSON, a form or bytes; a query or a project as the body itself is bytes to it.
CONFIGURATION = """content_type_overrides:
  application/sparql-query: application/octet-stream
  application/toml: application/octet-stream
"""


@pytest.mark.soak
def test_a_generated_client_lists_and_runs_queries_and_reads_errors(client: httpx.Client, tmp_path: Path) -> None:
    program = shutil.which(GENERATOR)
    if program is None:
        pytest.skip(f"{GENERATOR} is not on the PATH (`make soak` installs it beside the environment)")
    address = str(client.base_url)
    (tmp_path / "configuration.yaml").write_text(CONFIGURATION)
    options = ("--meta", "none", "--output-path", "stranger_client", "--config", "configuration.yaml")
    command = [program, "generate", "--url", f"{address}openapi.json", *options]
    made = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert made.returncode == 0, made.stderr[-2000:]
    assert "WARNING" not in made.stdout + made.stderr
    told = run_stranger(Path(program).parent / "python", address, tmp_path)
    listed = client.get("queries").json()["queries"]
    assert told["queries"] == [entry["name"] for entry in listed]
    rows = client.get("queries/datasett-per-utgiver", params={"publisher": "974760673"}).json()["rows"]
    assert told["published"] == told["posted"] == rows
    assert told["concepts"] >= 1
    assert told["found"] >= 1
    assert len(told["titles"]) == 3
    assert told["titles"] == told["by_form"]
    assert told["wrong"][:2] == [422, "publisher"]
    assert "nine digits" in told["wrong"][2]
    assert told["broken"] == [400, 1]


def run_stranger(python: Path, address: str, folder: Path) -> dict[str, Any]:
    """What the stranger prints."""
    script = Path(__file__).with_name("stranger.py")
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | {
        "PYTHONPATH": str(folder)
    }
    done = subprocess.run(
        [python, script, address], env=variables, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told: dict[str, Any] = json.loads(done.stdout)
    return told
