"""The wire: what is no HTTP, or has an address that is too long, is refused with a problem as all else is.

In: bytes of a connection, which uvicorn reads. Out: the same but for the answer to what cannot be read, which uvicorn
gives as plain text.
"""

from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from kg.api.problems import problem_response
from kg.errors import RequestError

LONGEST_TARGET: Final = 65_535
"""Bytes of a path and query string that the parser of addresses takes."""


class Protocol(HttpToolsProtocol):
    """Uvicorn's protocol with our problems."""

    def send_400_response(self, msg: str) -> None:
        """Refuse what cannot be read, and hang up."""
        error = RequestError(msg, hint=f"an address has at most {LONGEST_TARGET:,} bytes; POST takes longer values")
        response = problem_response(error)
        lines = [b"HTTP/1.1 400 Bad Request", b"connection: close"]
        lines += [name + b": " + value for name, value in response.raw_headers]
        self.transport.write(b"\r\n".join([*lines, b"", bytes(response.body)]))
        self.transport.close()
