"""Reviewers' tokens: who may decide on links.

In: a file under the home, which `kg tokens` writes: names, hashes and what each token extends to. Out: the token that a
secret is. The secrets themselves are nowhere. They are 256 random bits, so that their SHA-256 cannot be turned round by
trying, and a slow hash would only slow down whoever has the right one; they are compared in constant time.
"""

import fcntl
import hashlib
import hmac
import json
import os
import secrets
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from kg.errors import NotFound, UsageError

PREFIX: Final = "kgr_"
"""What every secret begins with, so that one that was published by mistake is recognised."""
MAX_NAME_LENGTH: Final = 100
_MAX_SECRET: Final = 512


@dataclass(frozen=True, slots=True)
class Token:
    """A token that was given out.

    Attributes:
        name: whose it is; published as the author of the decisions taken with it.
        sha256: of the secret, in hexadecimal.
        created: xsd:dateTime in UTC.
        extends_to: what one of the two IRIs of a link has to begin with; empty for links between any things.
    """

    name: str
    sha256: str
    created: str
    extends_to: tuple[str, ...] = ()

    def covers(self, left: str, right: str) -> bool:
        """Whether its holder may decide on a link."""
        return not self.extends_to or left.startswith(self.extends_to) or right.startswith(self.extends_to)


@dataclass(slots=True)
class TokenFile:
    """The file of tokens; what was read is kept until the file is another."""

    path: Path
    _seen: tuple[int, int, int] = (0, 0, 0)
    _tokens: tuple[Token, ...] = field(default_factory=tuple)

    def read(self) -> tuple[Token, ...]:
        """All tokens; none where there is no file.

        Raises:
            UsageError: the file is not one of ours.
        """
        try:
            status = self.path.stat()
            seen = (status.st_ino, status.st_mtime_ns, status.st_size)
            if seen != self._seen:
                self._tokens, self._seen = _parsed(self.path), seen
        except FileNotFoundError:
            self._tokens, self._seen = (), (0, 0, 0)
        except OSError as error:
            raise UsageError(f"cannot be read: {error.strerror}", where=str(self.path)) from error
        return self._tokens

    def find(self, secret: str) -> Token | None:
        """The token of a secret, or None; how long that takes does not depend on the secret.

        Raises:
            UsageError: the file is not one of ours.
        """
        given = _hash(secret[:_MAX_SECRET])
        found = None
        for token in self.read():
            if hmac.compare_digest(token.sha256, given):
                found = token
        return found

    def new(self, name: str, extends_to: Sequence[str], now: str) -> str:
        """Make a token and return its secret, which is not to be had again.

        Raises:
            UsageError: the name cannot be one or is taken, or the file is not one of ours.
        """
        if not name.strip() or name != name.strip() or not name.isprintable() or len(name) > MAX_NAME_LENGTH:
            raise UsageError(f"{name[:60]!r} cannot be a name", hint=f"one line, at most {MAX_NAME_LENGTH} characters")
        secret = PREFIX + secrets.token_urlsafe(32)
        with self._writing() as tokens:
            if any(token.name == name for token in tokens):
                raise UsageError(f"there is a token for {name!r} already", hint="revoke it, or take another name")
            tokens.append(Token(name, _hash(secret), now, tuple(extends_to)))
        return secret

    def revoke(self, name: str) -> None:
        """Take a token back; whoever shows it from now on is refused.

        Raises:
            NotFound: there is none of that name.
            UsageError: the file is not one of ours.
        """
        with self._writing() as tokens:
            kept = [token for token in tokens if token.name != name]
            if len(kept) == len(tokens):
                known = ", ".join(token.name for token in tokens) or "none"
                raise NotFound(f"there is no token for {name!r}", hint=f"there are: {known}")
            tokens[:] = kept

    @contextmanager
    def _writing(self) -> Iterator[list[Token]]:
        """The tokens, to be changed; written as a whole, one writer at a time."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.with_suffix(".lock").open("w", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            tokens = list(self.read())
            yield tokens
            _write(self.path, tokens)


def _write(path: Path, tokens: Sequence[Token]) -> None:
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".tokens-")  # for its owner's eyes only
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        json.dump({"tokens": [asdict(token) for token in tokens]}, out, ensure_ascii=False, indent=1)
        out.write("\n")
        out.flush()
        os.fsync(out.fileno())
    Path(temporary).replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _parsed(path: Path) -> tuple[Token, ...]:
    try:
        content: Any = json.loads(path.read_text(encoding="utf-8"))
        return tuple(Token(**{**each, "extends_to": tuple(each["extends_to"])}) for each in content["tokens"])
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(
            f"is no file of tokens: {error}", where=str(path), hint="mend it, or remove it and make new tokens"
        ) from error


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
