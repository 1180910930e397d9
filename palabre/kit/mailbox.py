"""The only way to a mailbox: IMAP behind the same address guard as HTTP, read only, within limits.

The library blocks, so each visit runs in a thread of its own on a socket the guard has opened; time
and size are counted where every byte passes, in `_Bounded`.
"""

import asyncio
import base64
import imaplib
import re
import socket
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from palabre.kit.guard import Forbidden, Guard, Network, Resolver, system_resolver
from palabre.kit.http import TLS_REASONS, trusted

Security = Literal["tls", "starttls", "plain"]
DEFAULT_PORTS = {"tls": 993, "starttls": 143, "plain": 143}
FIRST_DAYS = timedelta(days=30)
"""How far back the first visit goes."""
_PORTS = frozenset((143, 993))
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class MailFailure(Exception):
    """The mailbox could not be read; `reason` is a stable code, never a secret."""

    def __init__(self, reason: str, host: str = "") -> None:
        super().__init__(reason, host)
        self.reason = reason
        self.host = host


@dataclass(frozen=True, kw_only=True)
class MailPlace:
    """Where a mailbox is and how it opens; `plain` is taken only on networks of one's own."""

    host: str
    user: str
    password: str = field(repr=False)
    port: int = 993
    security: Security = "tls"
    folder: str = "INBOX"


@dataclass(frozen=True, kw_only=True)
class MailBatch:
    """Mails by ascending UID, as the bytes they are; `more`: others wait behind them.

    `uid_validity` differing from the one asked with means that the server numbered all anew, and
    that these are the mails of a first visit.
    """

    uid_validity: int
    mails: tuple[tuple[int, bytes], ...]
    more: bool


@dataclass(frozen=True, kw_only=True)
class MailLimits:
    """Seconds for connecting, between two bytes and in all; bytes of a mail and of a whole visit."""

    connect: float = 10.0
    read: float = 20.0
    total: float = 120.0
    mail_bytes: int = 2_000_000
    visit_bytes: int = 50_000_000


class Mailboxes:
    """Opens guarded IMAP connections, one a visit."""

    def __init__(
        self,
        *,
        allow: Sequence[Network] = (),
        limits: MailLimits = MailLimits(),
        resolver: Resolver = system_resolver,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """`allow`: networks of one's own that may be reached; `tls`: further trusted authorities."""
        self._guard = Guard(allow=tuple(allow), resolver=resolver)
        self._limits = limits
        self._tls = tls

    async def read(
        self, place: MailPlace, *, now: datetime, uid_validity: int = 0, after_uid: int = 0, at_most: int = 50
    ) -> MailBatch:
        """The mails after a UID, or of the last 30 days at the first visit. Nothing is marked as read.

        A mail is cut at `MailLimits.mail_bytes`: its text comes first, its attachments last.
        Raises `MailFailure`.
        """
        if place.port not in _PORTS and not 1024 <= place.port <= 65535:
            raise MailFailure("forbidden_port", place.host)
        try:
            sock = await self._guard.connect(place.host, place.port, timeout=self._limits.connect)
            if place.security == "plain" and not self._is_own(sock):
                sock.close()
                raise MailFailure("mail_needs_tls", place.host)
        except Forbidden as error:
            raise MailFailure(error.reason, place.host) from None
        except socket.gaierror:
            raise MailFailure("name_not_found", place.host) from None
        except TimeoutError:
            raise MailFailure("connect_timeout", place.host) from None
        except (OSError, ValueError):
            raise MailFailure("connection_refused", place.host) from None
        visit = _Visit(place, self._limits, self._tls or trusted())
        return await asyncio.to_thread(visit.read, sock, now, uid_validity, after_uid, at_most)

    def _is_own(self, sock: socket.socket) -> bool:
        from ipaddress import ip_address

        address = ip_address(sock.getpeername()[0])
        return any(address.version == network.version and address in network for network in self._guard.allow)


class _Visit:
    """One connection from greeting to logout, in a thread."""

    def __init__(self, place: MailPlace, limits: MailLimits, tls: ssl.SSLContext) -> None:
        self._place = place
        self._limits = limits
        self._tls = tls

    def read(
        self, sock: socket.socket, now: datetime, uid_validity: int, after_uid: int, at_most: int
    ) -> MailBatch:
        with _told_apart(self._place.host):
            connection = self._open(sock)
            try:
                self._sign_in(connection)
                validity = self._select(connection)
                first = validity != uid_validity or not after_uid
                uids = self._search(connection, 0 if first else after_uid, now)
                wanted = uids[-at_most:] if first else uids[:at_most]
                mails = []
                for uid in wanted:
                    body = self._fetch(connection, uid)
                    if body:
                        mails.append((uid, body))
                return MailBatch(
                    uid_validity=validity, mails=tuple(mails), more=not first and len(uids) > len(wanted)
                )
            finally:
                connection.shutdown()

    def _open(self, sock: socket.socket) -> "_Bounded":
        sock.settimeout(self._limits.read)
        try:
            if self._place.security == "tls":
                sock = self._tls.wrap_socket(sock, server_hostname=self._place.host)
            connection = _Bounded(sock, self._place.host, self._limits)
        except BaseException:
            sock.close()
            raise
        if self._place.security == "starttls":
            try:
                self._encrypt(connection)
            except BaseException:
                connection.sock.close()
                raise
        return connection

    def _encrypt(self, connection: "_Bounded") -> None:
        """Switch to TLS before anything of ours is said; a server that will not is left."""
        try:
            if "STARTTLS" in connection.capabilities:
                connection.starttls(self._tls)
                return
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error:
            pass
        raise MailFailure("mail_no_starttls", self._place.host)

    def _sign_in(self, connection: "_Bounded") -> None:
        user, password = self._place.user, self._place.password
        try:
            if "AUTH=PLAIN" in connection.capabilities:
                connection.authenticate("PLAIN", lambda _: f"\0{user}\0{password}".encode())
            else:
                connection.login(user, password)
        except (imaplib.IMAP4.error, UnicodeEncodeError) as error:
            if isinstance(error, imaplib.IMAP4.abort):
                raise
            raise MailFailure("mail_login_refused", self._place.host) from None

    def _select(self, connection: "_Bounded") -> int:
        status, _ = connection.select(f'"{folder_name(self._place.folder)}"', readonly=True)
        if status != "OK":
            raise MailFailure("mail_no_folder", self._place.host)
        told = connection.response("UIDVALIDITY")[1]
        return int(told[0]) if told and told[0] and bytes(told[0]).isdigit() else 0

    def _search(self, connection: "_Bounded", after_uid: int, now: datetime) -> list[int]:
        if after_uid:
            criteria = ["UID", f"{after_uid + 1}:*"]
        else:
            since = now - FIRST_DAYS
            criteria = ["SINCE", f"{since.day:02}-{_MONTHS[since.month - 1]}-{since.year}"]
        status, found = connection.uid("SEARCH", *criteria)
        if status != "OK":
            raise MailFailure("mail_odd_answer", self._place.host)
        words = b" ".join(part for part in found if isinstance(part, bytes)).split()
        # `n:*` gives the last mail even where its UID is lower than n.
        return sorted({uid for word in words if word.isdigit() and (uid := int(word)) > after_uid})

    def _fetch(self, connection: "_Bounded", uid: int) -> bytes:
        status, parts = connection.uid("FETCH", str(uid), f"(BODY.PEEK[]<0.{self._limits.mail_bytes}>)")
        if status != "OK":
            raise MailFailure("mail_odd_answer", self._place.host)
        return next((bytes(part[1]) for part in parts if isinstance(part, tuple)), b"")


class _TooMuch(Exception):
    """The server sends more than was asked for; no error of imaplib, which would wrap and rename it."""


class _Bounded(imaplib.IMAP4):
    """imaplib on a socket that is open already, every byte and second counted."""

    def __init__(self, sock: socket.socket, host: str, limits: MailLimits) -> None:
        self._given = sock
        self._left = limits.visit_bytes
        self._most = limits.mail_bytes + 1000
        self._until = time.monotonic() + limits.total
        super().__init__(host)

    def open(self, host: str = "", port: int = 143, timeout: float | None = None) -> None:
        """Use the guard's socket instead of opening one."""
        self.host, self.port = host, port
        self.sock = self._given
        self.file = self.sock.makefile("rb")

    def read(self, size: int) -> bytes:
        """A literal of the size the server announced."""
        self._count(size)
        if size > self._most:
            raise _TooMuch("too large")
        return super().read(size)

    def readline(self) -> bytes:
        """One line of the dialogue."""
        line = super().readline()
        self._count(len(line))
        return line

    def _count(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise _TooMuch("too large")
        if time.monotonic() > self._until:
            raise TimeoutError("too slow")


def folder_name(name: str) -> str:
    """A folder's name as IMAP writes it (modified UTF-7, RFC 3501 5.1.3), quotes and controls left out."""

    def coded(found: re.Match[str]) -> str:
        packed = base64.b64encode(found.group().encode("utf-16-be")).decode().rstrip("=").replace("/", ",")
        return f"&{packed}-"

    plain = re.sub(r'[\x00-\x1f\x7f"\\]', "", name)
    return re.sub(r"[^\x20-\x7e]+", coded, plain.replace("&", "&-"))


@contextmanager
def _told_apart(host: str) -> Iterator[None]:
    """The stable reason behind whatever the library or the socket raises."""
    try:
        yield
    except _TooMuch:
        raise MailFailure("mail_too_large", host) from None
    except ssl.SSLCertVerificationError as error:
        raise MailFailure(TLS_REASONS.get(error.verify_code, "tls_untrusted"), host) from None
    except ssl.SSLError:
        raise MailFailure("tls_failed", host) from None
    except TimeoutError:
        raise MailFailure("timeout", host) from None
    except (imaplib.IMAP4.abort, OSError, EOFError):
        raise MailFailure("broken_answer", host) from None
    except (imaplib.IMAP4.error, ValueError, IndexError, TypeError):
        raise MailFailure("mail_odd_answer", host) from None
