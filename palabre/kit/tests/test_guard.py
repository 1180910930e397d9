"""The guard: what may be connected to, judged on the address itself, however it is written."""

from ipaddress import IPv4Network, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palabre.kit.guard import LOOPBACK, PRIVATE, Forbidden, Guard, is_public, safe_url, without_credentials


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.9.10", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254",
        "100.64.0.1", "224.0.0.1", "255.255.255.255", "240.0.0.1", "192.0.2.1", "198.18.0.1", "168.63.129.16",
        "::", "::1", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "fec0::1", "2001:db8::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::7f00:1",
        "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::", "2002:808:808::1",
        "2001:0:808:808::1", "2607:f8b0::5efe:10.0.0.1",
    ],
)  # fmt: skip
def test_no_near_address_is_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_addresses_of_the_open_internet_are_public(address: str) -> None:
    assert is_public(ip_address(address))


@given(st.ip_addresses(network="10.0.0.0/8") | st.ip_addresses(network="127.0.0.0/8"))
def test_no_embedding_hides_a_private_address(inner: object) -> None:
    number = int(inner)  # type: ignore[call-overload]
    for outer in (0xFFFF << 32 | number, 0x64FF9B << 96 | number, 0x2002 << 112 | number << 80):
        assert not is_public(ip_address(outer.to_bytes(16, "big")))


async def answers(*addresses: str) -> "object":
    async def resolve(host: str, port: int) -> list[str]:
        return list(addresses)

    return resolve


async def test_a_name_that_leads_inside_is_refused() -> None:
    guard = Guard(resolver=await answers("10.0.0.7"))  # type: ignore[arg-type]
    with pytest.raises(Forbidden, match="forbidden_address"):
        await guard.addresses("intranet.example", 80)


async def test_of_several_addresses_only_the_public_ones_are_used() -> None:
    guard = Guard(resolver=await answers("127.0.0.1", "8.8.8.8"))  # type: ignore[arg-type]
    assert await guard.addresses("mixed.example", 80) == ("8.8.8.8",)


@pytest.mark.parametrize("spelling", ["127.0.0.1", "127.1", "0x7f.1", "2130706433", "017700000001", "[::1]"])
async def test_no_spelling_of_loopback_passes_without_being_resolved(spelling: str) -> None:
    async def never(host: str, port: int) -> list[str]:
        pytest.fail("a literal is not resolved")

    with pytest.raises(Forbidden):
        await Guard(resolver=never).addresses(spelling, 80)


async def test_what_is_allowed_passes_and_nothing_beside_it() -> None:
    guard = Guard(allow=(IPv4Network("10.1.0.0/16"),))
    assert guard.permits(ip_address("10.1.2.3"))
    assert guard.permits(ip_address("::ffff:10.1.2.3"))
    assert not guard.permits(ip_address("10.2.0.1"))
    assert Guard(allow=LOOPBACK).permits(ip_address("::1"))
    assert not Guard(allow=PRIVATE).permits(ip_address("169.254.169.254"))


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://example.org/", "bad_scheme"),
        ("file:///etc/passwd", "bad_scheme"),
        ("javascript:alert(1)", "bad_scheme"),
        ("gopher://example.org/", "bad_scheme"),
        ("http://", "bad_url"),
        ("http://[::1", "bad_url"),
        ("http://exa\nmple.org/", "bad_url"),
        ("http://example.org\\@evil.example/", "bad_url"),
        ("http://example.org:99999/", "bad_url"),
        ("http://example.org:25/", "forbidden_port"),
        ("http://example.org:22/", "forbidden_port"),
        ("http://example.org:6379/", "forbidden_port"),
        ("http://" + "a" * 9000, "bad_url"),
    ],
)
def test_addresses_that_are_not_of_the_web_are_refused(url: str, reason: str) -> None:
    with pytest.raises(Forbidden) as refused:
        safe_url(url)
    assert refused.value.reason == reason


def test_an_address_is_kept_without_credentials_fragment_and_default_port() -> None:
    assert (
        safe_url("https://me:secret@Example.org:443/a b?x=1#top").geturl() == "https://example.org/a%20b?x=1"
    )
    assert safe_url("http://example.org:8080").geturl() == "http://example.org:8080/"
    assert safe_url("http://médiathèque.example/").hostname == "xn--mdiathque-53af.example"
    assert without_credentials("https://me:secret@example.org/") == "https://example.org/"
