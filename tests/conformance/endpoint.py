"""An endpoint on 127.0.0.1 whose data changes from test to test.

In: N-Quads. Out: an HTTP client of a server that serves exactly these, built as `kg build --raw` builds. It runs
in a thread of this process and is told of each new generation at once, where a server of its own looks twice a second.
"""

import asyncio
import socket
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from kg.api.app import create_app
from kg.build.generations import Home
from kg.build.pipeline import BuildPlan, build
from kg.build.sources import Source
from kg.config import read_settings
from kg.services import Services, open_services


@dataclass
class Endpoint:
    """A server, and the home whose generations it serves."""

    client: httpx.Client
    home: Home
    base: str
    services: Services
    loop: asyncio.AbstractEventLoop

    def load(self, data: bytes) -> None:
        """Serve these quads and no others from now on."""
        _build(self.home, self.base, data)
        self._await(self.services.keeper.look())

    def _await(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self.loop).result(timeout=30)


def _build(home: Home, base: str, data: bytes) -> None:
    path = home.path.parent / "data.nq"
    path.write_bytes(data)
    plan = BuildPlan(base, raw=True, keep_generations=1)
    build([Source("data", str(path))], plan, home, lambda *_: None)


@contextmanager
def endpoint(folder: Path, base: str) -> Iterator[Endpoint]:
    """An endpoint without data; it ends with the context."""
    home = Home(folder / "home")
    _build(home, base, b"")
    started: list[tuple[Services, asyncio.AbstractEventLoop, uvicorn.Server]] = []
    ready, faults = threading.Event(), list[BaseException]()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        async def serve() -> None:
            settings = read_settings(home=home.path, workers=2, tier="disk", base_iri=base)
            async with open_services(settings) as services:
                server = uvicorn.Server(uvicorn.Config(create_app(services), log_level="error", lifespan="off"))
                started.append((services, asyncio.get_running_loop(), server))
                ready.set()
                await server.serve(sockets=[listening])

        def run() -> None:
            try:
                asyncio.run(serve())
            except BaseException as error:
                faults.append(error)
                raise
            finally:
                ready.set()

        thread = threading.Thread(target=run)
        thread.start()
        ready.wait()
        assert not faults, faults
        services, loop, server = started[0]
        try:
            address = f"http://127.0.0.1:{listening.getsockname()[1]}"
            with httpx.Client(base_url=address, timeout=30) as client:
                yield Endpoint(client, home, base, services, loop)
        finally:
            server.should_exit = True
            thread.join(timeout=30)
