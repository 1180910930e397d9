"""Where outgoing traffic may go: every connection of `kit.http` and `kit.mailbox` asks here first.

What is judged is the address really connected to, not the name: a name is resolved once, its
addresses are judged, and the socket is opened to one of those that passed. A name that answers
differently the second time (DNS rebinding) and a redirect to an inner address gain nothing.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit, urlunsplit

import idna

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address
Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
"""A name and a port to addresses as text, best first; OSError when there are none."""

LOOPBACK: tuple[Network, ...] = (IPv4Network("127.0.0.0/8"), IPv6Network("::1/128"))
PRIVATE: tuple[Network, ...] = (*LOOPBACK, IPv4Network("10.0.0.0/8"), IPv4Network("172.16.0.0/12"),
                                IPv4Network("192.168.0.0/16"), IPv6Network("fc00::/7"))  # fmt: skip

_NAT64 = IPv6Network("64:ff9b::/96")
_EMBEDDING = tuple(
    IPv6Network(network)
    for network in (
        "::/96",  # IPv4-compatible, obsolete
        "64:ff9b:1::/48",  # NAT64 of a local operator
        "2001::/32",  # Teredo
        "2002::/16",  # 6to4
    )
)
_METADATA = (IPv4Address("168.63.129.16"),)  # Azure's platform address lies in public space

# Ports of services that are not the web and would take a request for commands: those of
# https://fetch.spec.whatwg.org/#port-blocking (read 2026-11-23), databases and caches. Below 1024
# only the web's own two are open at all.
_FORBIDDEN_PORTS = frozenset(
    {1719, 1720, 1723, 2049, 3306, 3659, 4045, 4190, 5060, 5061, 5432, 6000, 6379, 6566, 9200, 10080}
    | {6665, 6666, 6667, 6668, 6669, 6679, 6697, 11211, 27017}
)
_DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}


class Forbidden(Exception):
    """The guard said no; `reason` is a stable code of `kit.http.HttpFailure`, `detail` names no secret."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail


async def system_resolver(host: str, port: int) -> Sequence[str]:
    """The addresses the machine's own resolver gives, in its order of preference, without repeats."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[4][0]) for address in found))


def is_public(address: Address) -> bool:
    """Whether an address belongs to somebody on the open internet, and to nothing nearer."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped
        if inner is None and address in _NAT64:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        if any(address in network for network in _EMBEDDING) or address.is_site_local:
            return False
        # ISATAP hides an IPv4 address behind any prefix.
        if (int(address) >> 32) & 0xFDFFFFFF == 0x5EFE:
            return False
    elif address in _METADATA:
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


@dataclass(frozen=True, kw_only=True)
class Guard:
    """Judges addresses; `allow` are the networks of one's own that may be reached all the same."""

    allow: tuple[Network, ...] = ()
    resolver: Resolver = system_resolver

    def permits(self, address: Address) -> bool:
        """Whether a socket may be opened to `address`."""
        plain = address.ipv4_mapped if isinstance(address, IPv6Address) else None
        candidates = (address, plain) if plain is not None else (address,)
        allowed = any(a.version == n.version and a in n for a in candidates for n in self.allow)
        return allowed or is_public(address)

    async def addresses(self, host: str, port: int) -> tuple[str, ...]:
        """The permitted addresses of `host`, best first. Raises `Forbidden`, or OSError for no such name."""
        literal = _literal(host)
        if literal is not None:
            found: Sequence[str] = [str(literal)]
        else:
            found = await self.resolver(host, port)
        permitted = tuple(text for text in found if self.permits(ip_address(text.partition("%")[0])))
        if not permitted:
            raise Forbidden("forbidden_address", host)
        return permitted

    async def connect(self, host: str, port: int, *, timeout: float) -> socket.socket:
        """A connected, non-blocking TCP socket to a permitted address; the addresses are tried in turn."""
        permitted = await self.addresses(host, port)
        loop = asyncio.get_running_loop()
        last: OSError = OSError("no address")
        for text in permitted[:4]:
            family = socket.AF_INET6 if ":" in text else socket.AF_INET
            sock = socket.socket(family, socket.SOCK_STREAM)
            sock.setblocking(False)
            try:
                async with asyncio.timeout(timeout / min(len(permitted), 4)):
                    await loop.sock_connect(sock, (text, port))
            except OSError as error:  # TimeoutError is one
                sock.close()
                last = error
            except BaseException:
                sock.close()
                raise
            else:
                return sock
        raise last


def safe_url(url: str, *, schemes: Sequence[str] = ("http", "https")) -> SplitResult:
    """Split an address a stranger gave, without its fragment and credentials.

    Raises `Forbidden`: `bad_url`, `bad_scheme` or `forbidden_port`. What a name resolves to is
    judged later, at connect time.
    """
    url = url.strip().replace(" ", "%20")
    if len(url) > 8000 or any(ord(c) < 0x20 or ord(c) == 0x7F or c == "\\" for c in url):
        raise Forbidden("bad_url")
    try:
        parts = urlsplit(url)
        port = parts.port
        host = parts.hostname or ""
        if not host.isascii():
            host = idna.encode(host, uts46=True).decode()
    except ValueError:  # idna's own errors are ValueErrors too
        raise Forbidden("bad_url") from None
    scheme = parts.scheme.lower()
    if scheme not in schemes:
        raise Forbidden("bad_scheme", scheme[:20])
    if not host or len(host) > 253:
        raise Forbidden("bad_url")
    if port is not None and (port in _FORBIDDEN_PORTS or (port < 1024 and port not in (80, 443))):
        raise Forbidden("forbidden_port", str(port))
    netloc = f"[{host}]" if ":" in host else host
    if port is not None and port != _DEFAULT_PORTS[scheme]:
        netloc += f":{port}"
    return SplitResult(scheme, netloc, parts.path or "/", parts.query, "")


def without_credentials(url: str) -> str:
    """The address without `user:password@`, for showing and storing; unchanged if it cannot be split."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _literal(host: str) -> Address | None:
    """The address a host spells, in any of the ways the C library would read it (`0x7f.1`, `2130706433`)."""
    try:
        return ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        pass
    try:
        return IPv4Address(socket.inet_aton(host))
    except (OSError, ValueError):
        return None
