"""What a message is made of, whatever it says: only emoji, only mentions, a link, a number… Pure."""

import re
from enum import StrEnum

import phonenumbers
import regex

from palabre.kit.text import tokens

READ = 20_000
"""Characters of a text that are looked at."""
HOME = "FR"
"""Numbers without their country are read as those of this one."""


class Sign(StrEnum):
    """What can be asked of a text beside its words."""

    ONLY_EMOJI = "only_emoji"
    ONLY_MENTIONS = "only_mentions"
    LINK = "link"
    EMAIL = "email"
    PHONE = "phone"


_LINK = re.compile(
    r"https?://\S|\bwww\.\S|(?<![@\w.])[\w-]{2,63}\.(?:com|net|org|info|biz|fr|be|ch|ca|eu|io|co|me|ly|gl|"
    r"shop|store|online|site|xyz|top|app|dev|link)(?![\w@])(?:/\S*)?",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"(?<![@\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,4}[a-z]{2,24}\b", re.IGNORECASE)
_DIGITS = re.compile(r"(?:\d[\s.\-/()\u00a0\u202f]{0,3}){7}\d")
_EMOJI = regex.compile(r"(?V1)[\p{Extended_Pictographic}--[©®‼⁉〰〽ℹ]]|\p{RI}|[0-9#*]\ufe0f?\u20e3")
_BESIDE_EMOJI = regex.compile(r"[\s\p{M}\p{Cf}\u20e3\ufe0f\U0001f3fb-\U0001f3ff\p{Po}]*")


def signs(text: str, asked: frozenset[Sign] = frozenset(Sign)) -> frozenset[Sign]:
    """Which of those asked for the text bears."""
    text = text[:READ]
    return frozenset(sign for sign in asked if _BEARS[sign](text))


def has_link(text: str) -> bool:
    """An address of the web, also without its https."""
    return "." in text and _LINK.search(_EMAIL.sub(" ", text) if "@" in text else text) is not None


def has_email(text: str) -> bool:
    """An e-mail address."""
    return "@" in text and _EMAIL.search(text) is not None


def has_phone(text: str) -> bool:
    """A telephone number that could be dialled: French without its country, any other with it."""
    for found in _DIGITS.finditer(text):
        beside = text[max(0, found.start() - 6) : found.end() + 12]
        if phonenumbers.PhoneNumberMatcher(beside, HOME, max_tries=20).has_next():
            return True
    return False


def is_only_emoji(text: str) -> bool:
    """At least one emoji, and nothing else but spaces and exclamation."""
    return _EMOJI.search(text) is not None and _BESIDE_EMOJI.fullmatch(_EMOJI.sub("", text)) is not None


def is_only_mentions(text: str) -> bool:
    """At least one @name, and not a word beside names."""
    found = tokens(text) if "@" in text or "＠" in text else []
    named = {rank for token in found if token.term[0] == "@" for rank in range(token.first, token.last + 1)}
    return bool(named) and all(token.first in named for token in found)


_BEARS = {
    Sign.ONLY_EMOJI: is_only_emoji,
    Sign.ONLY_MENTIONS: is_only_mentions,
    Sign.LINK: has_link,
    Sign.EMAIL: has_email,
    Sign.PHONE: has_phone,
}
