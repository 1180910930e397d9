"""Which characters a publisher's bytes stand for, whatever is declared.

Declarations are often wrong, so the bytes are asked too: a byte order mark wins; bytes that are
valid UTF-8 beyond ASCII are UTF-8 (chance makes it practically impossible otherwise); then come
the charset of the HTTP header, of the XML prolog or the HTML meta, and a guess.
"""

import codecs
import re

from charset_normalizer import from_bytes

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UNMARKED = (
    (b"<\x00?\x00", "utf-16-le"),
    (b"\x00<\x00?", "utf-16-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)
_CHARSET = re.compile(rb"""(?:encoding|charset)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
_HEADER = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
# What browsers read for the name: the larger set its writers really used.
_WIDER = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030",
          "shift_jis": "cp932", "euc_kr": "cp949", "iso8859-9": "cp1254", "tis-620": "cp874",
          "iso8859-11": "cp874", "big5": "big5hkscs"}  # fmt: skip
_STATEFUL = frozenset(("iso2022_jp", "iso2022_kr", "hz", "utf-7"))
_GUESS_BYTES = 60_000
_ASCII = bytes(range(128))
_ACCENTED = re.compile("[ÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒÆàâäçéèêëîïôöùûüÿœæñÑáíóúÁÍÓÚãõÃÕßåÅøØìòªº«»“”‘’–—…€°·¡¿\u00a0]")
_BESIDE = re.compile("[À-ÿ](?=[À-ÿ])")
_FOREIGN = re.compile("[\x80-\x9f¢-§©¬-¯±-¶¸¹¼-¾ÐÞðþ÷×ƒ„†‡ˆ‰‹›˜™šŠžŽ•‚]")


def decode(body: bytes, content_type: str = "") -> str:
    """The text of a document; unreadable bytes become U+FFFD rather than an error."""
    for mark, name in _MARKS:
        if body.startswith(mark):
            return body.decode(name, "replace")
    head = body[:4]
    for start, name in _UNMARKED:
        if head.startswith(start):
            return body.decode(name, "replace")
    declared = _declared(body, content_type)
    if not declared or declared[0] not in _STATEFUL:
        try:
            return body.decode("utf-8")
        except UnicodeDecodeError as error:
            # Only where good UTF-8 came before the fault can the fault be the exception.
            cut_at_the_end = error.start > len(body) - 4
            if not body[: error.start].isascii() and (cut_at_the_end or _mostly_utf8(body)):
                return body.decode("utf-8", "replace")
    for name in declared:
        try:
            return body.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    if _reads_western(body):
        return body.decode("cp1252")
    guess = from_bytes(body[:_GUESS_BYTES]).best()
    return body.decode(guess.encoding if guess is not None else "cp1252", "replace")


def _reads_western(body: bytes) -> bool:
    """Whether cp1252 makes letters that stand alone among plain ones, as accents do in western Europe.

    Cyrillic, Greek or Hebrew bytes would read as whole words of accented letters.
    """
    try:
        text = body.decode("cp1252")
    except UnicodeDecodeError:
        return False
    accented = len(_ACCENTED.findall(text))
    foreign = len(_FOREIGN.findall(text))
    beside = len(_BESIDE.findall(text))
    return foreign * 20 <= accented and beside * 4 <= accented


def _declared(body: bytes, content_type: str) -> list[str]:
    """Python's names of the charsets that are claimed, the header's first; unknown names left out."""
    claims = [m.group(1) for m in [_HEADER.search(content_type)] if m]
    claims += [m.group(1).decode("ascii") for m in [_CHARSET.search(body[:2048])] if m]
    names = []
    for claim in claims:
        try:
            name = codecs.lookup(claim).name
        except LookupError:
            continue
        if name.startswith(("utf-16", "utf-32")) or name in ("utf-8", "idna", "punycode"):
            continue  # the bytes have already said no
        names.append(_WIDER.get(name, name))
    return names


def _mostly_utf8(body: bytes) -> bool:
    """Whether only a few bytes keep the text from being UTF-8: one bad excerpt among good ones."""
    text = body[:_GUESS_BYTES].decode("utf-8", "replace")
    bad = text.count("\ufffd")
    beyond_ascii = len(body[:_GUESS_BYTES].translate(None, _ASCII))
    return beyond_ascii > 40 * bad
