"""What the words of the sandbox are made of: tongues, trades and moods; how one talks, what one tells."""

from dataclasses import dataclass
from typing import Literal

Tongue = Literal["fr", "en"]
Trade = Literal["café", "museum"]
Mood = Literal["positive", "neutral", "negative", "crisis"]


def each(words: str) -> tuple[str, ...]:
    """Parts written one after the other, a bar between them."""
    return tuple(" ".join(part.split()) for part in words.split("|"))


@dataclass(frozen=True, kw_only=True)
class Talk:
    """How one speaks in one mood: an opening with `{brand}`, what is claimed of a thing, an aside, a close.

    Clear cases on purpose: in a demo nobody should wonder at a tone.
    """

    openings: tuple[str, ...]
    claims: tuple[str, ...]
    closes: tuple[str, ...]
    asides: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class News:
    """One event as an agency tells it: a title and its paragraphs."""

    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Tale:
    """What there is to talk about in one trade: its things, those that are asked about rather than judged,
    what is done on the bad day, its news."""

    things: tuple[str, ...]
    matters: tuple[str, ...]
    outrages: tuple[str, ...]
    news: tuple[News, ...]
    scandal: News
