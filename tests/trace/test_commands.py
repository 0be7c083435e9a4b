"""`kg once-only` and `kg project`: as over HTTP, from files and addresses, and refusals in words."""

import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from kg.build.generations import Home
from kg.resources import folder
from kg.trace.project import MAX_BYTES
from tests.command_line import kg

DODSBO = folder("demo") / "projects" / "digitalt-dodsbo.toml"


class _Files(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = {"/p.toml": DODSBO.read_bytes(), "/large": b"#" * (MAX_BYTES + 1)}.get(self.path)
        self.send_response(200 if body else 404)
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture(scope="module")
def files() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Files) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def test_the_overview_is_that_of_the_server(demo: Home, client: httpx.Client) -> None:
    done = kg("once-only", "--agency", "889640782", "--limit", "5", "--json", "--home", str(demo.path))
    assert done.returncode == 0, done.stderr
    served = client.get("/once-only", params={"agency": "889640782", "limit": "5"}).json()
    del served["next"]
    assert json.loads(done.stdout) == served


def test_a_project_from_an_address_is_that_of_the_file_and_of_the_server(
    demo: Home, files: str, client: httpx.Client
) -> None:
    home = ["--home", str(demo.path)]
    from_file, from_address = kg("project", str(DODSBO), *home), kg("project", f"{files}/p.toml", *home)
    assert from_file.returncode == from_address.returncode == 0, from_file.stderr + from_address.stderr
    assert from_file.stdout == from_address.stdout
    headers = {"Content-Type": "application/toml", "Accept-Language": "nb"}
    served = client.post("/once-only/project", content=DODSBO.read_bytes(), headers=headers).json()
    assert served["findings"] == json.loads(from_file.stdout)["findings"]
    assert served["counts"] == {"authority": 5, "shared": 3, "duplicate-collection": 4, "gap": 1, "fork": 1}


def test_a_project_is_written_as_a_report_that_needs_no_server(demo: Home) -> None:
    done = kg("project", str(DODSBO), "--format", "html", "--home", str(demo.path))
    assert done.returncode == 0, done.stderr
    assert "<h1>Digitalt dødsbo</h1>" in done.stdout
    assert done.stdout.count("<svg") == 4
    assert "<script" not in done.stdout
    links = re.findall(r'href="([^"]*)"', done.stdout)
    assert all(link.startswith("https://kunnskapsgraf.example/") for link in links)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["project", "README.md"], 2, "no title"),
        (["project", "{files}/none"], 1, "404"),
        (["project", "{files}/large"], 1, "limit of 65,536"),
        (["project", "{dodsbo}", "--format", "pdf"], 2, "pdf"),
        (["once-only", "--agency", "nav"], 2, "nav"),
    ],
)
def test_what_is_wrong_is_said_in_words(
    demo: Home, files: str, tmp_path: Path, arguments: list[str], code: int, said: str
) -> None:
    (tmp_path / "README.md").write_text("# no project", encoding="utf-8")
    named = {"{files}": files, "{dodsbo}": str(DODSBO), "README.md": str(tmp_path / "README.md")}
    written = []
    for argument in arguments:
        for name, value in named.items():
            argument = argument.replace(name, value)
        written.append(argument)
    done = kg(*written, "--home", str(demo.path), COLUMNS="200")
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
