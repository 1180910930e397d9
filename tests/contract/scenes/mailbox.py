"""A mailbox without a server: what `Mailboxes` would hand over."""

from datetime import datetime

from palabre.kit.mailbox import MailBatch, Mailboxes, MailPlace
from palabre.networks.contract import Watch
from tests.contract.scene import SECRET, Scenes, Walk

MAIL = """From: =?utf-8?q?L=C3=A9onie_Garrigue?= <leonie@exemple.fr>
To: veille@exemple.fr
Subject: =?utf-8?q?La_lettre_n=C2=B0{n}?=
Date: Mon, 23 Nov 2026 0{n}:00:00 +0100
Message-ID: <lettre-{n}@exemple.fr>
Content-Type: text/html; charset=utf-8

<p>La lettre num&eacute;ro {n} parle du march&eacute;.</p>
"""


class Recorded(Mailboxes):
    """Three mails, two at a time."""

    async def read(
        self, place: MailPlace, *, now: datetime, uid_validity: int = 0, after_uid: int = 0, at_most: int = 50
    ) -> MailBatch:
        """As the real one."""
        waiting = [n for n in (1, 2, 3) if n > after_uid]
        mails = tuple((n, MAIL.format(n=n).encode()) for n in waiting[:2])
        return MailBatch(uid_validity=7, mails=mails, more=len(waiting) > 2)


SCENES = Scenes(
    key="mailbox",
    walks=(
        Walk(
            name="mailbox",
            watch=Watch(
                kind="mailbox",
                target="veille@exemple.fr",
                options={"host": "imap.exemple.fr", "password": SECRET},
            ),
            ids=tuple(f"mail:lettre-{n}@exemple.fr" for n in (1, 2, 3)),
            mailboxes=Recorded,
        ),
    ),
    impossible={"http_failures": "a mailbox speaks IMAP; its failures are tested beside kit.mailbox"},
)
