"""The server: the application on a socket, until it is told to stop.

In: settings. Out: an address that answers; the caller is told it as soon as it does.
"""

import asyncio
import errno
import gc
import os
import signal
import socket
from collections.abc import Callable
from importlib import import_module
from types import FrameType

import uvicorn

from kg.api.wire import Protocol
from kg.config import Settings
from kg.errors import UsageError
from kg.services import open_services

GRACE_SECONDS = 5
CONNECTIONS = 2000


def serve(settings: Settings, announce: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM; `announce` is called with the address when it answers.

    Raises:
        UsageError: the address cannot be listened on.
        KgError: there is nothing to serve.
    """
    # The web server passes a signal on when it has shut down; the default would then end us before the engine has.
    signal.signal(signal.SIGTERM, _end)
    with listen(settings.host, settings.port) as listening:
        loop_factory = uvicorn.Config("", log_config=None).get_loop_factory()
        with asyncio.Runner(loop_factory=loop_factory) as runner:
            runner.run(_serve(settings, listening, announce))


def _end(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


async def _serve(settings: Settings, listening: socket.socket, announce: Callable[[str], None]) -> None:
    # The application takes half a second to import, in which the engine comes up in its own process.
    importing = asyncio.ensure_future(asyncio.to_thread(import_module, "kg.api.app"))
    async with open_services(settings) as services:
        config = uvicorn.Config(
            (await importing).create_app(services),
            http=Protocol,
            access_log=False,
            log_config=None,
            server_header=False,
            proxy_headers=False,  # who the client is, kg.access decides: uvicorn would believe anybody on this machine
            timeout_graceful_shutdown=GRACE_SECONDS,
            limit_concurrency=CONNECTIONS,
        )
        # What is there now stays. The collector need not look through it again and again, which holds up every answer
        # for 10 to 70 ms.
        gc.freeze()
        await _Server(config, lambda: announce(_address(listening))).serve(sockets=[listening])


def listen(host: str, port: int) -> socket.socket:
    """A listening socket.

    Raises:
        UsageError: the address is wrong or taken.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(CONNECTIONS)
    except OSError as error:
        listening.close()
        taken = error.errno == errno.EADDRINUSE
        hint = "another server uses the port: choose one with --port" if taken else "check --host and --port"
        raise UsageError(
            f"cannot be listened on: {os.strerror(error.errno or 0)}", where=f"{host}:{port}", hint=hint
        ) from error
    return listening


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}/"


class _Server(uvicorn.Server):
    """Uvicorn's server that says when it has started."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._announce()
