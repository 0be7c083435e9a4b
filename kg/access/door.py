"""The door: who a request is from, and whether it may come in now.

In: the connection's address and the request's headers. Out: the client's name, under which it is counted everywhere, or
an error. Without a key the client is its address; with one it is the key, wherever it comes from. A key that is not
known is an error, and costs the address a token, so that guessing is slow. A reviewer's token is no key, and let in.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from kg.access.addresses import Address, TrustedProxies, client_name
from kg.access.keys import Keys
from kg.access.rates import Rate, Rates
from kg.access.tokens import TokenFile
from kg.errors import KeyUnknown


@dataclass(frozen=True, slots=True)
class Headers:
    """What a request says of where it comes from; the values of all headers of a name, in order."""

    forwarded_for: Sequence[str] = ()
    forwarded: Sequence[str] = ()
    authorization: str = ""
    api_key: str = ""

    @property
    def secret(self) -> str:
        """The key that the request shows: X-API-Key, or a bearer token (RFC 6750, section 2.1)."""
        scheme, _, credentials = self.authorization.partition(" ")
        return self.api_key.strip() or (credentials.strip() if scheme.lower() == "bearer" else "")


@dataclass(frozen=True, slots=True)
class Door:
    """What the operator has set, and the buckets of all clients."""

    proxies: TrustedProxies = field(default_factory=TrustedProxies)
    keys: Keys = field(default_factory=Keys)
    rate: Rate = field(default_factory=Rate)
    rates: Rates = field(default_factory=Rates)
    tokens: TokenFile | None = None

    def address(self, peer: str, headers: Headers) -> Address | None:
        """The client's address."""
        return self.proxies.client(peer, headers.forwarded_for, headers.forwarded)

    def admit(self, address: Address | None, headers: Headers) -> str:
        """Let a request in, and say whose it is.

        Raises:
            RateLimited: its client has asked too often.
            KeyUnknown: it shows a key that is none.
        """
        name = client_name(address)
        secret = headers.secret if self.keys.by_hash else ""
        if not secret:
            self.rates.take(name, self.rate)
            return name
        key = self.keys.find(secret)
        if key is None and self.tokens is not None and (token := self.tokens.find(secret)) is not None:
            name = f"token {token.name}"
            self.rates.take(name, self.rate)
            return name
        if key is None:
            self.rates.take(name, self.rate)
            raise KeyUnknown(
                "the API key is not known", hint="leave it out to be counted by address, or ask the operator for one"
            )
        name = f"key {key.name}"
        self.rates.take(name, self.rate if key.rate is None else key.rate)
        return name
