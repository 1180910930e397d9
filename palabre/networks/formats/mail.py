"""A mail from bytes to what its author said: the text alone, without quotes, signatures or attachments.

Mails are the worst-formed documents there are; whatever a part holds, the others are still read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime
from hashlib import blake2b

from palabre.networks.formats.dates import credible, parse_date
from palabre.networks.formats.encoding import decode
from palabre.networks.formats.plain import clean, to_text

MAX_PARTS = 100
MAX_TEXT = 200_000
_MIN_PLAIN = 120
"""Characters of the plain version below which the HTML one is read: "see this mail in your browser"."""

_QUOTE_HEADS = re.compile(
    r"^\s*(?:"
    r"(?:Le|On|Am|El|Il|Em|Op)\s.{5,120}(?:a écrit|wrote|schrieb|escribió|ha scritto|escreveu|schreef)\s*:?"
    r"|-{2,}\s*(?:Message d.origine|Message transféré|Original Message|Forwarded message|"
    r"Ursprüngliche Nachricht)\s*-{2,}"
    r"|_{10,}"
    r"|(?:De|From|Von)\s*:\s.*@.*"
    r")\s*$",
    re.IGNORECASE | re.MULTILINE,
)
_SIGNATURE = re.compile(r"^-- ?$", re.MULTILINE)
_QUOTED_LINE = re.compile(r"^\s*>")


@dataclass(frozen=True, kw_only=True)
class Mail:
    """What a mail says. `author` is a name, or the domain where none is given: never an address.

    `author_id` is the same for all mails of one address and does not give it away.
    """

    id: str
    subject: str = ""
    author: str = ""
    author_id: str = ""
    published: datetime | None = None
    text: str = ""
    reply_to: str = ""
    url: str = ""


def read_mail(raw: bytes, *, now: datetime) -> Mail:
    """Read any bytes as a mail; what cannot be read is empty. Pure, never raises."""
    message = message_from_bytes(raw, policy=policy.compat32)
    name, address = parseaddr(_header(message, "From"))
    identity = _line(_header(message, "Message-ID")).strip("<> ")
    name = _line(name).strip("\"' ")
    domain = address.rpartition("@")[2].lower()
    url = _line(_header(message, "Archived-At")).strip("<> ")
    return Mail(
        id=identity[:300] or blake2b(raw[:20_000], digest_size=16).hexdigest(),
        subject=_line(_header(message, "Subject"))[:1000],
        author=(name if name and "@" not in name else domain)[:200],
        author_id=blake2b(address.lower().encode("utf-8", "replace"), digest_size=12).hexdigest()
        if address
        else "",
        published=credible(_date(_header(message, "Date")), now=now),
        text=_without_quotes(_text(message)[:MAX_TEXT]),
        reply_to=_line(_header(message, "In-Reply-To")).strip("<> ")[:300],
        url=url if url.startswith(("http://", "https://")) else "",
    )


def _line(text: str) -> str:
    return clean(text).replace("\n", " ")


def _header(message: Message, name: str) -> str:
    """A header's text, encoded words and raw bytes of any charset understood."""
    try:
        value = message.get(name)
        if value is None:
            return ""
        pieces = decode_header(value)
    except (ValueError, LookupError, IndexError):
        return _readable(str(message.get(name, "")))
    text = ""
    for piece, charset in pieces:
        if isinstance(piece, str):
            text += _readable(piece)
        else:
            text += decode(piece, f"charset={charset}" if charset and charset != "unknown-8bit" else "")
    return text.replace("\r", " ").replace("\n", " ")


def _readable(text: str) -> str:
    """Raw bytes that the parser kept as lone surrogates, read for what they are."""
    if any("\ud800" <= character <= "\udfff" for character in text):
        return decode(text.encode("utf-8", "surrogateescape"))
    return text


def _text(message: Message) -> str:
    plain: list[str] = []
    html: list[str] = []
    for part in _parts(message):
        kind = part.get_content_type()
        try:
            payload = part.get_payload(decode=True)
        except (ValueError, LookupError, AssertionError):
            continue
        if not isinstance(payload, bytes) or not payload.strip():
            continue
        charset = part.get_param("charset")
        text = decode(payload, f"charset={charset}" if isinstance(charset, str) else "")
        (plain if kind == "text/plain" else html).append(text)
    said = clean("\n".join(plain))
    if html and len(said) < _MIN_PLAIN:
        return to_text("\n".join(html)) or said
    return said


def _parts(message: Message) -> Iterator[Message]:
    """The parts that are text to be read: no attachment, no forwarded mail."""
    waiting = [message]
    looked = 0
    while waiting and looked < MAX_PARTS:
        part = waiting.pop(0)
        looked += 1
        if part.get_content_disposition() == "attachment" or part.get_content_type() == "message/rfc822":
            continue
        payload = part.get_payload()
        if part.is_multipart() and isinstance(payload, list):
            waiting = [p for p in payload if isinstance(p, Message)] + waiting
        elif part.get_content_type() in ("text/plain", "text/html"):
            yield part


def _without_quotes(text: str) -> str:
    """What the author wrote: up to the quoted mail, the signature left out; all of it if nothing is left."""
    kept = text
    for pattern in (_QUOTE_HEADS, _SIGNATURE):
        found = pattern.search(kept)
        if found and kept[: found.start()].strip():
            kept = kept[: found.start()]
    lines = kept.split("\n")
    own = [line for line in lines if not _QUOTED_LINE.match(line)]
    return "\n".join(own if any(line.strip() for line in own) else lines).strip()


def _date(text: str) -> datetime | None:
    if not text:
        return None
    moment = parse_date(text.strip(), patient=False)
    if moment is None:
        try:
            moment = parsedate_to_datetime(text)
        except (TypeError, ValueError, IndexError):
            return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
