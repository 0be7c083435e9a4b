"""Addresses: which client a request is from, behind proxies that are trusted and others.

In: the address of the connection and the headers X-Forwarded-For and Forwarded (RFC 7239). Out: the client's address,
and the name that it is counted under. Anybody can write these headers, so they are read only if the connection comes
from a trusted proxy, from the right, as far as trusted proxies have written: the first address from the right that is
no trusted proxy is the client. Where both headers are there and name different clients, one of them may be the
client's own, which the proxy passed through; then neither is believed, and the request is the proxy's.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

MAX_HOPS: Final = 32
"""So many entries are read from the right; a longer row of trusted proxies is none of ours."""
IPV6_CLIENT_BITS: Final = 64
"""One subscriber's network: within it a client takes another address whenever it likes (RFC 6177)."""

_PORT: Final = re.compile(r"(?:\[(?P<six>[^\[\]]*)\]|(?P<four>[0-9.]+))(?::[0-9]{1,5})?")
# The pairs of one element of Forwarded; a quoted string may hold commas and semicolons (RFC 7239, section 4).
_QUOTED: Final = r'"(?:[^"\\]|\\.)*+"'
_ELEMENT: Final = re.compile(rf'(?:{_QUOTED}|[^",])++')
_FOR: Final = re.compile(rf"(?:^|;)[ \t]*+for=(?P<node>{_QUOTED}|[^;\s\"]*+)[ \t]*+(?=;|$)", re.IGNORECASE)


def read_address(text: str) -> Address | None:
    """An address, perhaps with a port or in brackets; None if it is none. IPv4 in IPv6 is IPv4.

    >>> read_address("[2001:db8::1]:443"), read_address("::ffff:192.0.2.1"), read_address("unknown")
    (IPv6Address('2001:db8::1'), IPv4Address('192.0.2.1'), None)
    """
    text = text.strip()
    if found := _PORT.fullmatch(text):
        text = found["six"] if found["six"] is not None else found["four"]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return address.ipv4_mapped or address if isinstance(address, IPv6Address) else address


def client_name(address: Address | None) -> str:
    """What a client is counted under: its address, or its network where that is IPv6.

    >>> client_name(read_address("2001:db8:1:2:3:4:5:6"))
    '2001:db8:1:2::/64'
    """
    if isinstance(address, IPv6Address):
        return str(IPv6Network((address, IPV6_CLIENT_BITS), strict=False))
    return str(address or "")


@dataclass(frozen=True, slots=True)
class TrustedProxies:
    """The proxies in front of the service."""

    networks: tuple[Network, ...] = ()

    @classmethod
    def parse(cls, texts: Iterable[str]) -> "TrustedProxies":
        """Addresses and networks.

        Raises:
            ValueError: one of them is neither.

        >>> TrustedProxies.parse(["10.0.0.0/8"]).trusts(read_address("10.1.2.3"))
        True
        """
        return cls(tuple(ip_network(text) for text in sorted(texts)))

    def trusts(self, address: Address | None) -> bool:
        """Whether an address is one of theirs."""
        return address is not None and any(address in network for network in self.networks)

    def client(self, peer: str, forwarded_for: Sequence[str], forwarded: Sequence[str]) -> Address | None:
        """The client's address; None where the connection has none, as on a Unix socket.

        Args:
            peer: the address of the connection.
            forwarded_for: the values of all X-Forwarded-For headers, in order.
            forwarded: those of all Forwarded headers.
        """
        address = read_address(peer)
        if not self.trusts(address):
            return address
        told = {self._walk(address, hops) for hops in (_forwarded_for(forwarded_for), _forwarded(forwarded)) if hops}
        return told.pop() if len(told) == 1 else address

    def _walk(self, peer: Address | None, hops: Sequence[str]) -> Address | None:
        """The first address from the right that is not trusted; what cannot be read ends the row before it."""
        last = peer
        for hop in reversed(hops):
            address = read_address(hop)
            if address is None:
                return last
            last = address
            if not self.trusts(address):
                return address
        return last


def _forwarded_for(values: Sequence[str]) -> list[str]:
    return ",".join(values).rsplit(",", MAX_HOPS)[-MAX_HOPS:] if values else []


def _forwarded(values: Sequence[str]) -> list[str]:
    return list(_nodes(",".join(values)))[-MAX_HOPS:]


def _nodes(text: str) -> Iterator[str]:
    """The node of each element; an element without one, or that is malformed, is no address."""
    if text and not re.fullmatch(rf"(?:{_QUOTED}|[^\"])*+", text):
        yield ""  # a quote that is not closed: nothing here can be told apart
        return
    for element in _ELEMENT.findall(text):
        if element.strip():
            found = _FOR.findall(element.strip())
            yield re.sub(r"\\(.)", r"\1", found[0].strip('"')) if len(found) == 1 else ""
