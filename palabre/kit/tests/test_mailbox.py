"""The way to a mailbox, against a small IMAP server that speaks, lies, stalls and refuses as it is told."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from palabre.kit.guard import LOOPBACK
from palabre.kit.mailbox import MailBatch, Mailboxes, MailFailure, MailLimits, MailPlace, folder_name
from palabre.kit.tests.servers import certificate, trusting

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
QUICK = MailLimits(connect=2.0, read=0.5, total=2.0, mail_bytes=10_000, visit_bytes=60_000)


class Imap:
    """A mailbox of mails by UID; every line it hears is kept."""

    def __init__(self, mails: Mapping[int, bytes], *, validity: int = 7, **odd: object) -> None:
        self.mails = dict(mails)
        self.validity = validity
        self.odd = odd
        self.heard: list[str] = []

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.odd.get("silent"):
            await asyncio.sleep(10)
        writer.write(self.odd.get("greeting", b"* OK ready\r\n"))  # type: ignore[arg-type]
        while line := (await reader.readline()).decode("latin-1").rstrip("\r\n"):
            self.heard.append(line)
            tag, _, rest = line.partition(" ")
            for answer in self._answers(rest):
                writer.write(answer)
            if rest.upper().startswith("AUTHENTICATE"):
                writer.write(b"+ \r\n")
                await writer.drain()
                self.heard.append((await reader.readline()).decode())
            refused = self.odd.get("refuses", "never") in rest.upper()  # type: ignore[operator]
            writer.write(f"{tag} {'NO [ALERT] refused s3cr3t' if refused else 'OK done'}\r\n".encode())
            await writer.drain()

    def _answers(self, asked: str) -> list[bytes]:
        upper = asked.upper()
        if upper.startswith("CAPABILITY"):
            return [b"* CAPABILITY IMAP4rev1 " + self.odd.get("capabilities", b"AUTH=PLAIN") + b"\r\n"]  # type: ignore[operator]
        if upper.startswith("EXAMINE"):
            return [b"* 1 EXISTS\r\n", f"* OK [UIDVALIDITY {self.validity}] valid\r\n".encode()]
        if upper.startswith("UID SEARCH"):
            after = re.search(r"UID (\d+):\*", upper.removeprefix("UID SEARCH"))
            uids = [uid for uid in self.mails if not after or uid >= int(after.group(1))]
            uids = uids or sorted(self.mails)[-1:]  # `n:*` always gives the last one
            return [f"* SEARCH {' '.join(map(str, uids))}\r\n".encode()]
        fetched = re.search(r"UID FETCH (\d+) .*<0\.(\d+)>", upper)
        if fetched:
            body = self.mails[int(fetched.group(1))][: int(fetched.group(2))]
            size = int(self.odd.get("claims", len(body)))  # type: ignore[call-overload]
            head = f"* 1 FETCH (UID {fetched.group(1)} BODY[]<0> {{{size}}}\r\n"
            return [head.encode() + body + b")\r\n"]
        return []


@asynccontextmanager
async def serving(imap: Imap, tls: object = None) -> AsyncIterator[MailPlace]:
    server = await asyncio.start_server(imap.talk, "127.0.0.1", 0, ssl=tls)  # type: ignore[arg-type]
    port = server.sockets[0].getsockname()[1]
    security = "tls" if tls else "plain"
    try:
        yield MailPlace(host="localhost", user="anne", password="s3cr3t é", port=port, security=security)  # type: ignore[arg-type]
    finally:
        server.close()


async def read(imap: Imap, limits: MailLimits = QUICK, **asked: int) -> MailBatch:
    async with serving(imap) as place:
        return await Mailboxes(allow=LOOPBACK, limits=limits).read(place, now=NOW, **asked)


async def failure(imap: Imap) -> str:
    with pytest.raises(MailFailure) as failed:
        await read(imap)
    assert "s3cr3t" not in repr(failed.value) + str(failed.value)
    return failed.value.reason


MAILS = {uid: f"Subject: {uid}\r\n\r\nBonjour {uid}".encode() for uid in (3, 5, 8)}


async def test_the_first_visit_reads_the_last_month_and_marks_nothing_as_read() -> None:
    imap = Imap(MAILS)
    batch = await read(imap)
    assert batch.mails == tuple(sorted(MAILS.items())) and batch.uid_validity == 7 and not batch.more
    said = "\n".join(imap.heard)
    assert "SINCE 24-Oct-2026" in said and "EXAMINE" in said and "BODY.PEEK" in said
    assert "SELECT" not in said and "STORE" not in said


async def test_later_visits_go_on_where_the_last_one_stopped() -> None:
    assert [uid for uid, _ in (await read(Imap(MAILS), uid_validity=7, after_uid=3)).mails] == [5, 8]
    assert (await read(Imap(MAILS), uid_validity=7, after_uid=8)).mails == ()
    few = await read(Imap(MAILS), uid_validity=7, after_uid=1, at_most=2)
    assert [uid for uid, _ in few.mails] == [3, 5] and few.more


async def test_a_mailbox_numbered_anew_is_read_as_at_first() -> None:
    batch = await read(Imap(MAILS, validity=9), uid_validity=7, after_uid=8)
    assert [uid for uid, _ in batch.mails] == [3, 5, 8] and batch.uid_validity == 9


async def test_a_giant_mail_is_cut_and_a_lying_server_is_left() -> None:
    imap = Imap({1: b"Subject: x\r\n\r\n" + b"y" * 50_000})
    assert len((await read(imap)).mails[0][1]) == 10_000
    assert await failure(Imap(MAILS, claims=2_000_000_000)) == "mail_too_large"


async def test_each_refusal_has_its_reason() -> None:
    assert await failure(Imap(MAILS, refuses="AUTHENTICATE")) == "mail_login_refused"
    assert await failure(Imap(MAILS, refuses="EXAMINE")) == "mail_no_folder"
    assert await failure(Imap(MAILS, refuses="UID SEARCH")) == "mail_odd_answer"
    assert await failure(Imap(MAILS, greeting=b"HTTP/1.1 400 Bad Request\r\n")) in (
        "mail_odd_answer",
        "broken_answer",
    )
    assert await failure(Imap(MAILS, silent=True)) == "timeout"
    assert await failure(Imap(MAILS, capabilities=b"", refuses="LOGIN")) == "mail_login_refused"


async def test_loopback_is_refused_unless_allowed_and_plain_text_beyond_it() -> None:
    async with serving(Imap(MAILS)) as place:
        with pytest.raises(MailFailure, match="forbidden_address"):
            await Mailboxes().read(place, now=NOW)

    async def elsewhere(host: str, port: int) -> list[str]:
        raise OSError("no such name")

    for port, reason in ((25, "forbidden_port"), (143, "connection_refused")):
        with pytest.raises(MailFailure, match=reason):
            unknown = MailPlace(host="imap.example", user="a", password="b", port=port)
            await Mailboxes(resolver=elsewhere).read(unknown, now=NOW)


async def test_over_tls_the_certificate_is_verified(tmp_path: Path) -> None:
    tls = certificate(tmp_path)
    async with serving(Imap(MAILS), tls) as place:
        boxes = Mailboxes(allow=LOOPBACK, limits=QUICK, tls=trusting(tmp_path))
        assert len((await boxes.read(place, now=NOW)).mails) == 3
        with pytest.raises(MailFailure, match="tls_self_signed"):
            await Mailboxes(allow=LOOPBACK, limits=QUICK).read(place, now=NOW)


@pytest.mark.parametrize(
    ("odd", "reason"),
    [
        ({}, "mail_no_starttls"),
        ({"capabilities": b"STARTTLS AUTH=PLAIN", "refuses": "STARTTLS"}, "mail_no_starttls"),
        ({"capabilities": b"STARTTLS", "greeting": b"* PREAUTH at once\r\n"}, "mail_no_starttls"),
        ({"capabilities": b"STARTTLS AUTH=PLAIN"}, "timeout"),  # says yes and does not do it
    ],
)
async def test_a_password_is_never_said_before_the_line_is_encrypted(
    odd: Mapping[str, object], reason: str
) -> None:
    imap = Imap(MAILS, **odd)
    async with serving(imap) as place:
        with pytest.raises(MailFailure, match=reason):
            await Mailboxes(allow=LOOPBACK, limits=QUICK).read(replace(place, security="starttls"), now=NOW)
    assert not any(word in line.upper() for line in imap.heard for word in ("AUTHENTICATE", "LOGIN"))


def test_folders_are_named_as_imap_names_them() -> None:
    assert folder_name("INBOX/Veille") == "INBOX/Veille"
    assert folder_name("Boîte") == "Bo&AO4-te"
    assert folder_name("A&B") == "A&-B"
    assert folder_name('x"\r\ny') == "xy"


def test_a_password_is_not_in_what_is_printed() -> None:
    assert "s3cr3t" not in repr(MailPlace(host="h", user="u", password="s3cr3t"))
