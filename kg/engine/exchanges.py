"""Exchanges: what a process of ours does with the frames that it is sent, and how errors of ours cross to the asker.

In: a socket and a way to reply. Out: a frame for each frame, until the other side hangs up. Nothing here waits for
several things at once, so that such a process need not import what does.
"""

import socket
from collections.abc import Callable
from dataclasses import asdict

from kg import errors
from kg.engine import frames
from kg.errors import KgError


def serve(connection: socket.socket, reply: Callable[[frames.Head, bytes], bytes]) -> None:
    """Reply to what comes, until the asker hangs up; errors of ours are replies too.

    Raises:
        TornFrame: what comes is no frame.
    """
    buffer = bytearray()
    while piece := connection.recv(1 << 16):
        buffer += piece
        frame, size = frames.decode(buffer)
        if frame is not None:
            del buffer[:size]
            try:
                replied = reply(*frame)
            except KgError as error:
                replied = frames.encode({"error": type(error).__name__, "fields": asdict(error)})
            connection.sendall(replied)


def refuse(head: frames.Head) -> None:
    """Raise the error that a reply tells of, if it does, with all that was said of it.

    Raises:
        KgError: whichever the process has found.
    """
    if "error" in head:
        raise getattr(errors, head["error"])(**head["fields"])
