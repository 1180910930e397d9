"""What may be posted where: every limit as data with its unit, its source and the day it was read.

`rules.json` holds one entry a network, also for those that have no connector yet, so that the
composer, the import and the counter know them all. No limit is written anywhere else. A server or
a plan may allow other things: `narrowed` lays its answer over the network's own.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any


class TextUnit(StrEnum):
    """What a network counts.

    WEIGHTED: the weights of twitter-text. EMOJI_BYTES: characters, an emoji as its UTF-8 bytes.
    """

    CODE_POINTS = "code_points"
    GRAPHEMES = "graphemes"
    UTF16 = "utf16"
    WEIGHTED = "weighted"
    BYTES = "bytes"
    EMOJI_BYTES = "emoji_bytes"


class MediaKind(StrEnum):
    """The kinds of files that networks tell apart."""

    IMAGE = "image"
    GIF = "gif"
    VIDEO = "video"
    AUDIO = "audio"
    DOCUMENT = "document"


class LinkStyle(StrEnum):
    """What a network takes for a link in a text."""

    SCHEME = "scheme"
    """`http://` or `https://` is needed."""
    BARE = "bare"
    """`example.com` is one too."""
    NONE = "none"
    """Nothing can be clicked."""


@dataclass(frozen=True, kw_only=True)
class MediaRules:
    """One kind of file: at most `most` of it in a post, each within the limits; None: not known.

    `types` are MIME types ("image/*" for any). `sides` are the least and the most pixels of width
    and height, `pixels` the most of both multiplied, `ratios` the least and the most of width by
    height, `seconds` the shortest and the longest.
    """

    most: int
    max_bytes: int | None = None
    types: tuple[str, ...] = ()
    pixels: int | None = None
    sides: tuple[int | None, int | None] = (None, None)
    ratios: tuple[float | None, float | None] = (None, None)
    seconds: tuple[float | None, float | None] = (None, None)

    def takes(self, mime: str) -> bool:
        """Whether files of this MIME type are taken; nothing known means yes."""
        family = f"{mime.partition('/')[0]}/*"
        return not self.types or mime in self.types or family in self.types


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Where a group of limits was read, and when; `sure` is False for what no official page says."""

    source: str
    checked_on: date
    sure: bool = True


@dataclass(frozen=True, kw_only=True)
class Price:
    """What one call costs: `call` is "post", "post_with_link"…; `amount` in `currency`."""

    call: str
    amount: Decimal
    currency: str = "USD"


@dataclass(frozen=True, kw_only=True)
class PostingRules:
    """Everything a network asks of a content.

    Lengths are in `text_unit` unless they say otherwise; None means that no limit is known. `link_cost`
    is what any link counts for. `text_max_bytes` holds beside `text_max`, `text_max_with_media` in its
    place beside a file. `recommended` numbers are advice. `facts` tells by field where it was read
    ("text", "media.image", "hashtags"…).
    """

    key: str
    label: str
    facts: Mapping[str, Fact] = field(default_factory=dict)

    text_max: int | None = None
    text_min: int = 0
    text_unit: TextUnit = TextUnit.CODE_POINTS
    text_max_bytes: int | None = None
    text_max_with_media: int | None = None
    text_recommended: int | None = None
    text_required: bool = False
    link_cost: int | None = None
    links: LinkStyle = LinkStyle.SCHEME
    links_discouraged: bool = False
    links_max: int | None = None
    mentions_count_locally: bool = False
    mentions_max: int | None = None
    comment_max: int | None = None
    warning: bool = False

    title: bool = False
    title_required: bool = False
    title_max: int | None = None
    title_min: int = 0
    excerpt_max: int | None = None

    media: Mapping[MediaKind, MediaRules] = field(default_factory=dict)
    media_max: int | None = None
    media_required: bool = False
    media_mixed: bool = True
    media_public: bool = False
    alt_max: int | None = None
    alt: bool = True

    hashtags: bool = True
    hashtags_max: int | None = None
    hashtags_recommended: int | None = None
    hashtag_max: int | None = None

    threads: bool = False
    first_comment: bool = False
    reply: bool = True
    cards: bool = False
    edit: bool = False
    delete: bool = False
    schedules: bool = False
    visibilities: tuple[str, ...] = ("public",)
    languages: bool = False
    prices: tuple[Price, ...] = ()

    def price(self, call: str) -> Price | None:
        """What a call costs, None where it is free or not known."""
        return next((price for price in self.prices if price.call == call), None)


def rules_of(key: str) -> PostingRules:
    """The rules of a network. KeyError for one that is not listed."""
    return all_rules()[key]


def answers_of(key: str) -> PostingRules | None:
    """The rules of a reply there, None where nothing can be answered. KeyError for one not listed."""
    return answering(rules_of(key))


def answering(rules: PostingRules) -> PostingRules | None:
    """The rules of a network, narrowed or not, as they are for a reply; None where there are no replies.

    A reply is one post without a title, at once, and a comment where the network has comments
    (`comment_max`); what `rules.json` says under `answers` takes the place of the rest.
    """
    own = _answers().get(rules.key)
    if own is None and not rules.reply:
        return None
    told = {name: value for name, value in (own or {}).items() if name != "media"}
    most = rules.text_max if rules.comment_max is None else rules.comment_max
    alone = replace(
        rules,
        reply=True,
        text_max=most,
        title=False,
        title_required=False,
        threads=False,
        first_comment=False,
        schedules=False,
    )
    media = alone.media if own is None or "media" not in own else MappingProxyType({})
    return narrowed(replace(alone, **_typed(told), media=media), {"media": (own or {}).get("media")})


@cache
def all_rules() -> Mapping[str, PostingRules]:
    """Every network's rules by key, in the order of the data."""
    return MappingProxyType({key: _rules(key, entry) for key, entry in _told().items()})


def narrowed(rules: PostingRules, told: Mapping[str, Any]) -> PostingRules:
    """The rules with what a server or a plan says instead: JSON, by the names of the fields.

    `media` is laid over kind by kind. Names that are not of a rule are left out: what was stored by an
    older version must not stop anything.
    """
    known = {part.name for part in fields(PostingRules)} - {"key", "label", "facts", "prices"}
    plain = {name: value for name, value in told.items() if name in known and name != "media"}
    media = dict(rules.media)
    for name, limits in dict(told.get("media") or {}).items():
        if name in set(MediaKind):
            kind = MediaKind(name)
            media[kind] = _media(limits, over=media.get(kind))
    return replace(rules, **_typed(plain), media=MappingProxyType(media))


@cache
def _told() -> Mapping[str, Any]:
    text = files("palabre.networks").joinpath("rules.json").read_text(encoding="utf-8")
    return MappingProxyType(json.loads(text))


def _answers() -> Mapping[str, Mapping[str, Any]]:
    """What replies ask for beside the rules of a post, by network."""
    return {key: entry["answers"] for key, entry in _told().items() if "answers" in entry}


def _rules(key: str, entry: Mapping[str, Any]) -> PostingRules:
    apart = ("label", "facts", "media", "prices", "answers")
    own = {name: value for name, value in entry.items() if name not in apart}
    unknown = (set(own) | set(entry.get("answers", ()))) - {part.name for part in fields(PostingRules)}
    if unknown:
        raise ValueError(f"rules.json, {key}: unknown {sorted(unknown)}")
    facts = {
        name: Fact(
            source=fact["source"],
            checked_on=date.fromisoformat(fact["checked_on"]),
            sure=fact.get("sure", True),
        )
        for name, fact in entry["facts"].items()
    }
    prices = tuple(
        Price(call=call, amount=Decimal(amount)) for call, amount in entry.get("prices", {}).items()
    )
    bare = PostingRules(key=key, label=entry["label"], facts=MappingProxyType(facts), prices=prices)
    return narrowed(bare, {**own, "media": entry.get("media", {})})


def _typed(plain: Mapping[str, Any]) -> dict[str, Any]:
    typed: dict[str, Any] = dict(plain)
    if "text_unit" in typed:
        typed["text_unit"] = TextUnit(typed["text_unit"])
    if "links" in typed:
        typed["links"] = LinkStyle(typed["links"])
    if "visibilities" in typed:
        typed["visibilities"] = tuple(typed["visibilities"])
    return typed


def _media(limits: Mapping[str, Any], *, over: MediaRules | None) -> MediaRules:
    known = {part.name for part in fields(MediaRules)}
    told: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in limits.items()
        if name in known
    }
    return replace(over or MediaRules(most=1), **told)
