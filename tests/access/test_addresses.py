"""Whose request it is: nobody can be somebody else, and nobody can be many."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.access.addresses import TrustedProxies, client_name, read_address

PROXIES = TrustedProxies.parse(["10.0.0.0/8", "192.0.2.10", "2001:db8:f::/48"])
PEER = "10.0.0.1"
ADDRESSES = st.one_of(st.ip_addresses().map(str), st.text(max_size=30), st.sampled_from(("10.9.9.9", "192.0.2.10", "")))


def name(peer: str, *, forwarded_for: list[str] | None = None, forwarded: list[str] | None = None) -> str:
    return client_name(PROXIES.client(peer, forwarded_for or [], forwarded or []))


@pytest.mark.parametrize(
    ("headers", "client"),
    [
        (["198.51.100.7"], "198.51.100.7"),
        (["198.51.100.7:51234"], "198.51.100.7"),
        (["203.0.113.9, 198.51.100.7"], "198.51.100.7"),  # the left one is what the client claims
        (["203.0.113.9", "198.51.100.7"], "198.51.100.7"),  # the same in two headers
        (["198.51.100.7, 10.3.3.3, 192.0.2.10"], "198.51.100.7"),  # two proxies of ours
        (["10.3.3.3"], "10.3.3.3"),  # a request from a proxy itself
        (["203.0.113.9, unknown"], PEER),
        (["203.0.113.9, <script>, 10.3.3.3"], "10.3.3.3"),
        (["203.0.113.9, "], PEER),
        ([""], PEER),
        ([], PEER),
        (["::ffff:198.51.100.7"], "198.51.100.7"),
        (["[2001:db8:1:2::5]:443"], "2001:db8:1:2::/64"),
        (["2001:db8:1:2:ffff::9"], "2001:db8:1:2::/64"),
        (["fe80::1%eth0"], "fe80::/64"),
        (["1.2.3.4.5"], PEER),
        (["01.2.3.4"], PEER),
        (["203.0.113.9," * 5_000 + "10.3.3.3," * 40 + "10.3.3.4"], "10.3.3.3"),
    ],
)
def test_the_rightmost_address_that_is_no_proxy_is_the_client(headers: list[str], client: str) -> None:
    assert name(PEER, forwarded_for=headers) == client


@pytest.mark.parametrize(
    ("headers", "client"),
    [
        (["for=198.51.100.7"], "198.51.100.7"),
        (['For="198.51.100.7:4711";proto=https;by=10.0.0.1'], "198.51.100.7"),
        (['for="[2001:db8:1:2::5]:443"'], "2001:db8:1:2::/64"),
        (["for=203.0.113.9, for=198.51.100.7; host=x"], "198.51.100.7"),
        (["for=203.0.113.9", "by=x;for=198.51.100.7"], "198.51.100.7"),
        (['for=203.0.113.9;x=", for=198.51.100.8;", for=198.51.100.7'], "198.51.100.7"),
        (["for=unknown"], PEER),
        (['for="_hidden"'], PEER),
        (["for=203.0.113.9, proto=https"], PEER),
        (["for=203.0.113.9;for=198.51.100.7"], PEER),
        (['for=203.0.113.9;x=", for=198.51.100.7'], PEER),
        (["xfor=203.0.113.9"], PEER),
    ],
)
def test_forwarded_is_read_as_its_standard_says(headers: list[str], client: str) -> None:
    assert name(PEER, forwarded=headers) == client


@given(st.lists(st.text()), st.lists(st.text()))
def test_headers_of_a_stranger_are_not_read(forwarded_for: list[str], forwarded: list[str]) -> None:
    assert name("198.51.100.7", forwarded_for=forwarded_for, forwarded=forwarded) == "198.51.100.7"


@given(st.lists(ADDRESSES, max_size=5), st.lists(ADDRESSES, max_size=5))
def test_nothing_that_a_client_writes_changes_who_it_is(written: list[str], forwarded: list[str]) -> None:
    """A proxy appends the address of whom it hears to X-Forwarded-For, and may pass Forwarded through as it is."""
    appended = [*written, "198.51.100.7"]
    assert name(PEER, forwarded_for=appended) == "198.51.100.7"
    assert name(PEER, forwarded_for=[",".join(appended)]) == "198.51.100.7"
    assert name(PEER, forwarded_for=appended, forwarded=[f"for={node}" for node in forwarded]) in {"198.51.100.7", PEER}


@given(st.lists(ADDRESSES, max_size=5), st.lists(st.text(alphabet='for=";, 1.:[]\\x', max_size=40), max_size=3))
def test_the_same_holds_for_a_proxy_that_writes_the_other_header(written: list[str], forwarded: list[str]) -> None:
    appended = [*forwarded, "for=198.51.100.7"]
    assert name(PEER, forwarded=appended) in {"198.51.100.7", PEER}  # a quote left open spoils the row, and no more
    assert name(PEER, forwarded=appended, forwarded_for=written) in {"198.51.100.7", PEER}


def test_two_headers_that_agree_are_believed() -> None:
    both = {"forwarded_for": ["198.51.100.7"], "forwarded": ["for=198.51.100.7"]}
    assert name(PEER, **both) == "198.51.100.7"


@given(st.ip_addresses(v=6), st.integers(0, (1 << 64) - 1))
def test_a_network_of_one_subscriber_is_one_client(address: object, host: int) -> None:
    network = int(address) >> 64  # type: ignore[call-overload]
    if network >> 32 == 0:
        return  # the ranges that hold IPv4
    other = read_address(str(type(address)((network << 64) | host)))  # type: ignore[call-arg]
    assert client_name(other) == client_name(read_address(str(address)))
    assert client_name(other) != client_name(read_address(str(type(address)((network + 1) % (1 << 64) << 64))))  # type: ignore[call-arg]


@given(st.text())
def test_any_text_is_an_address_or_none(text: str) -> None:
    address = read_address(text)
    assert address is None or read_address(str(address)) == address


def test_no_proxy_is_trusted_unless_it_is_set() -> None:
    assert client_name(TrustedProxies().client("127.0.0.1", ["203.0.113.9"], [])) == "127.0.0.1"
    assert client_name(TrustedProxies().client("", ["203.0.113.9"], [])) == ""
    with pytest.raises(ValueError, match="has host bits set"):
        TrustedProxies.parse(["10.0.0.1/8"])
