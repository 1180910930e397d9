"""A mailbox over IMAP: newsletters, press alerts and letters of readers, read where they arrive."""

import asyncio
from datetime import date
from typing import Any, get_args

from palabre.kit.mailbox import DEFAULT_PORTS, MailFailure, MailPlace, Security
from palabre.networks.contract import (
    Capability,
    Cursor,
    ItemKind,
    Manifest,
    Page,
    RemoteAuthor,
    RemoteItem,
    Session,
    Watch,
    WatchField,
    WatchKind,
    Words,
)
from palabre.networks.errors import AuthExpired, NetworkError, Rejected, Temporary
from palabre.networks.formats.mail import Mail, read_mail
from palabre.networks.formats.plain import clean, to_text
from palabre.networks.shapes import moment, table, web_address

AT_MOST = 50
WAIT = 300.0
_REFUSED_HERE = frozenset(
    ("forbidden_address", "forbidden_port", "mail_needs_tls", "mail_no_folder", "mail_no_starttls")
)

MANIFEST = Manifest(
    key="mailbox",
    label="E‑mail",
    icon="mail",
    capabilities=frozenset({Capability.COLLECT}),
    watches=(
        WatchKind(
            key="mailbox",
            label=Words(fr="Boîte aux lettres (IMAP)", en="Mailbox (IMAP)"),
            hint=Words(
                fr="Une boîte réservée aux lettres d’information et aux alertes : rien n’y est effacé "
                "ni marqué comme lu.",
                en="A mailbox kept for newsletters and alerts: nothing in it is deleted or marked as read.",
            ),
            placeholder="veille@exemple.fr",
            fields=(
                WatchField(key="host", label=Words(fr="Serveur IMAP", en="IMAP server")),
                WatchField(key="user", label=Words(fr="Identifiant", en="User name"), required=False),
                WatchField(key="password", label=Words(fr="Mot de passe", en="Password"), secret=True),
                WatchField(
                    key="security",
                    label=Words(fr="Chiffrement (tls ou starttls)", en="Encryption (tls or starttls)"),
                    required=False,
                    default="tls",
                ),
                WatchField(key="port", label=Words(fr="Port", en="Port"), required=False),
                WatchField(
                    key="folder", label=Words(fr="Dossier", en="Folder"), required=False, default="INBOX"
                ),
            ),
        ),
    ),
    source="https://www.rfc-editor.org/rfc/rfc3501",
    checked_on=date(2026, 11, 23),
    cannot=(
        Words(
            fr="Les pièces jointes ne sont pas lues.",
            en="Attachments are not read.",
        ),
    ),
)


class Mailbox:
    """Collects the mails of one folder, in the order of their UIDs."""

    async def fetch(self, session: Session, watch: Watch, cursor: Cursor | None) -> Page:
        """One visit of at most 50 mails. The cursor holds UIDVALIDITY and the last UID."""
        known = cursor or {}
        validity, last = _number(known.get("validity")), _number(known.get("uid"))
        now = session.now()
        try:
            batch = await session.mailboxes.read(
                _place(watch), now=now, uid_validity=validity, after_uid=last, at_most=AT_MOST
            )
        except MailFailure as failure:
            raise _error(failure) from None
        mails = await asyncio.to_thread(lambda: [read_mail(raw, now=now) for _, raw in batch.mails])
        reached = batch.mails[-1][0] if batch.mails else last if batch.uid_validity == validity else 0
        return Page(
            raw=tuple(_raw(mail) for mail in mails),
            cursor={"validity": batch.uid_validity, "uid": reached},
            more=batch.more,
            wait=WAIT,
            title=watch.target,
            unchanged=not mails,
        )

    def normalise(self, raw: Any, watch: Watch) -> RemoteItem | None:
        """A mail as an item; its author is a name, never an address."""
        mail = table(raw)
        subject, text = _plain(mail.get("subject")).replace("\n", " "), _plain(mail.get("text"))
        identity = " ".join(_plain(mail.get("id")).split())
        if not identity or not (subject or text):
            return None
        author_id, name = _plain(mail.get("author_id")), _plain(mail.get("author")).replace("\n", " ")
        reply = _plain(mail.get("reply_to"))
        return RemoteItem(
            remote_id=f"mail:{identity}"[:400],
            url=web_address(mail.get("url")),
            title=subject[:1000],
            text=text,
            kind=ItemKind.EMAIL,
            author=RemoteAuthor(remote_id=f"mail:{author_id}", name=name[:200]) if author_id else None,
            published_at=moment(mail.get("published")),
            reply_to=f"mail:{reply}"[:400] if reply else None,
        )


def _place(watch: Watch) -> MailPlace:
    options = watch.options
    security = options.get("security", "").strip().lower() or "tls"
    if security not in get_args(Security):
        raise Rejected("mail_odd_security", found=security[:20])
    kind: Security = "starttls" if security == "starttls" else "plain" if security == "plain" else "tls"
    port = options.get("port", "").strip()
    host = options.get("host", "").strip()
    if not host or (port and not (port.isdecimal() and len(port) <= 5)):
        raise Rejected("mail_no_server")
    return MailPlace(
        host=host,
        user=options.get("user", "").strip() or watch.target.strip(),
        password=options.get("password", ""),
        port=int(port) if port else DEFAULT_PORTS[kind],
        security=kind,
        folder=options.get("folder", "").strip() or "INBOX",
    )


def _error(failure: MailFailure) -> NetworkError:
    if failure.reason == "mail_login_refused":
        return AuthExpired(failure.reason, host=failure.host)
    if failure.reason in _REFUSED_HERE:
        return Rejected(failure.reason, host=failure.host, detail="")
    return Temporary(failure.reason, host=failure.host)


def _raw(mail: Mail) -> dict[str, Any]:
    return {
        "id": mail.id,
        "subject": mail.subject,
        "author": mail.author,
        "author_id": mail.author_id,
        "published": mail.published.isoformat() if mail.published else None,
        "text": mail.text,
        "reply_to": mail.reply_to,
        "url": mail.url,
    }


def _number(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def _plain(value: object) -> str:
    """Text that was made plain when the mail was read; markup that slipped through is taken out."""
    if not isinstance(value, str):
        return ""
    return to_text(value) if "</" in value else clean(value)


connector = Mailbox()
