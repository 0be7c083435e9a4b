"""Sources from URLs, tested against a local server."""

import gzip
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from kg.build.generations import Home
from kg.build.harvest import HarvestLimits, harvest
from kg.build.pipeline import BuildPlan, build
from kg.build.sources import Source
from kg.errors import SourceError

BASE = "https://kunnskapsgraf.example/"
TURTLE = b"<item> <https://x.example/p> <other> ."
LIMITS = HarvestLimits(file_bytes=100_000, url_seconds=1.0, redirects=3)


class _Catalogue(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        routes = {"/ok.ttl": (200, TURTLE), "/gz.ttl.gz": (200, gzip.compress(TURTLE)), "/big": (200, b"#" * 200_000)}
        if self.path == "/moved":
            self._send(302, b"", Location="/folder/ok.ttl")
        elif self.path == "/folder/ok.ttl":
            self._send(200, TURTLE)
        elif self.path == "/loop":
            self._send(302, b"", Location="/loop")
        elif self.path == "/to-a-file":
            self._send(302, b"", Location="file:///etc/passwd")
        elif self.path == "/slow":
            self.send_response(200)
            self.end_headers()
            for _ in range(30):
                self.wfile.write(b"# a comment\n")
                time.sleep(0.1)
        elif self.path == "/cut":
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(TURTLE)
        else:
            status, body = routes.get(self.path, (404, b"not here"))
            self._send(status, body)

    def _send(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name is the base class's
        """Quiet."""

    def handle(self) -> None:
        try:
            super().handle()
        except (BrokenPipeError, ConnectionResetError):
            return  # the harvester hung up, as some of these tests want it to


@pytest.fixture(scope="module")
def catalogue() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Catalogue) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def test_a_url_is_archived_and_is_the_base_of_its_relative_iris(home: Home, catalogue: str) -> None:
    state = harvest(Source("x", f"{catalogue}/ok.ttl"), home.archive, BASE, LIMITS)
    (file,) = state.files
    assert file.base_iri == f"{catalogue}/ok.ttl"
    assert home.archive.path(file.sha256).read_bytes() == TURTLE
    assert home.archive.history("x") == [state]


def test_after_a_redirect_the_base_is_where_it_led(home: Home, catalogue: str) -> None:
    state = harvest(Source("x", f"{catalogue}/moved"), home.archive, BASE, LIMITS)
    assert state.files[0].base_iri == f"{catalogue}/folder/ok.ttl"


def test_a_base_that_is_configured_holds(home: Home, catalogue: str) -> None:
    source = Source("x", f"{catalogue}/ok.ttl", base_iri="https://y.example/")
    assert harvest(source, home.archive, BASE, LIMITS).files[0].base_iri == "https://y.example/"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/none", "404"),
        ("/big", "limit of 100,000 bytes"),
        ("/loop", "redirects"),
        ("/to-a-file", "cannot be fetched"),
        ("/slow", "not read within 1 s"),
        ("/cut", "cannot be fetched"),
    ],
)
def test_what_cannot_be_fetched_is_an_error_that_says_why(home: Home, catalogue: str, path: str, said: str) -> None:
    with pytest.raises(SourceError) as caught:
        harvest(Source("x", f"{catalogue}{path}"), home.archive, BASE, LIMITS)
    assert said in caught.value.what
    assert path in caught.value.where
    assert not (home.archive.folder / "sources" / "x.jsonl").exists()


@pytest.mark.parametrize("location", ["http://127.0.0.1:1/", "http://", "http://[::1", "https://x.invalid./a b"])
def test_addresses_that_lead_nowhere_are_errors_of_the_source(home: Home, location: str) -> None:
    with pytest.raises(SourceError):
        harvest(Source("x", location), home.archive, BASE, LIMITS)


def test_a_zipped_catalogue_from_a_url_is_built(home: Home, catalogue: str) -> None:
    report = build([Source("x", f"{catalogue}/gz.ttl.gz")], BuildPlan(BASE, limits=LIMITS), home, lambda *_: None)
    assert report.sources[0].entry.triples == 1
    assert f"<{catalogue}/item>" in report.generation.quads.read_text()
