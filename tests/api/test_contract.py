"""Random requests to every operation of the OpenAPI document, by schemathesis: no failure, nothing undocumented."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "unsupported_method",
    "allow_header_conformance",
)
NAMED = "^/queries/.*-"
"""The paths of named queries, which have a hyphen; one is served like another."""


def put_random_requests(address: str, folder: Path, *options: str) -> None:
    """Have schemathesis ask, and fail with its words where an answer is not as the document says."""
    pytest.importorskip("schemathesis", reason="schemathesis is not installed (pip install --group dev)")
    command = [sys.executable, "-P", "-m", "schemathesis.cli", "run", f"{address}openapi.json", "--no-color"]
    command += ["--checks", ",".join(CHECKS), "--continue-on-failure", *options]
    variables = {
        "SCHEMATHESIS_HOOKS": "tests.api.random_requests",
        "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path]),
    }
    done = subprocess.run(
        command, cwd=folder, env=os.environ | variables, capture_output=True, text=True, errors="replace", check=False
    )
    told = "\n".join(line[:500] for line in (done.stdout + done.stderr).splitlines())
    assert done.returncode == 0, told
    assert "0 passed" not in told.split("Test cases:")[1]


def test_the_examples_of_every_operation_are_answered_as_the_document_says(address: str, tmp_path: Path) -> None:
    put_random_requests(address, tmp_path, "--phases", "examples", "--generation-deterministic")


def test_random_requests_are_answered_as_the_document_says(address: str, tmp_path: Path) -> None:
    options = ("--exclude-path-regex", NAMED, "--max-examples", "5", "--generation-deterministic")
    put_random_requests(address, tmp_path, "--phases", "fuzzing", *options)


@pytest.mark.soak
def test_ten_minutes_of_random_requests_are_answered_as_the_document_says(address: str, tmp_path: Path) -> None:
    put_random_requests(address, tmp_path, "--phases", "coverage,fuzzing", "--max-time", "600")
