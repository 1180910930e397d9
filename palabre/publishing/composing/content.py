"""What a content says, before any network has a word in it: one value, stored as JSON.

A post holds the whole; a variant holds only what it says differently (`changes`), so that a
correction of the post reaches every channel that did not choose its own words.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Self


@dataclass(frozen=True, kw_only=True)
class Crop:
    """The part of a picture to keep: left, top, width, height as shares of it, 0 to 1."""

    left: float = 0.0
    top: float = 0.0
    width: float = 1.0
    height: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Medium:
    """A file of the library as this content shows it; `alt` replaces the library's own."""

    asset: int
    alt: str = ""
    crop: Crop | None = None


@dataclass(frozen=True, kw_only=True)
class Content:
    """The words, links and media of a content.

    `parts` are what follows `text` in a thread, in order. `link` gets a card where the network makes
    one. `title`, `excerpt`, `slug`, `categories` and `tags` are for blogs. `language` is a code of two
    letters; `visibility` one of the network's own, empty for its default.
    """

    text: str = ""
    parts: tuple[str, ...] = ()
    first_comment: str = ""
    link: str = ""
    title: str = ""
    excerpt: str = ""
    slug: str = ""
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    language: str = ""
    visibility: str = ""
    media: tuple[Medium, ...] = field(default=())

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Self:
        """From what `written` made. Raises TypeError for a field it does not know."""
        return replace(cls(), **_typed(stored))

    def written(self) -> dict[str, Any]:
        """As JSON, without what is empty."""
        return {name: value for name, value in _plain(self).items() if value}

    @property
    def opening(self) -> str:
        """What tells this content from others: the beginning of its text, else of its title.

        At most 60 code points, cut after a word.
        """
        words = self.text or self.title
        return words if len(words) <= 60 else words[:59].rsplit(" ", 1)[0].rstrip() + "…"

    def with_changes(self, changes: Mapping[str, Any]) -> Self:
        """This content as a channel says it: `changes` holds whole fields, empty ones included."""
        return replace(self, **_typed(changes))


def _typed(stored: Mapping[str, Any]) -> dict[str, Any]:
    known = {each.name for each in fields(Content)}
    if unknown := stored.keys() - known:
        raise TypeError(f"a content has no {sorted(unknown)}")
    typed = {name: tuple(value) if isinstance(value, list) else value for name, value in stored.items()}
    if "media" in typed:
        typed["media"] = tuple(_medium(each) for each in typed["media"])
    return typed


def _medium(stored: Mapping[str, Any]) -> Medium:
    crop = stored.get("crop")
    return Medium(asset=stored["asset"], alt=stored.get("alt", ""), crop=Crop(**crop) if crop else None)


def _plain(content: Content) -> dict[str, Any]:
    plain = {each.name: getattr(content, each.name) for each in fields(content)}
    plain |= {name: list(value) for name, value in plain.items() if isinstance(value, tuple)}
    plain["media"] = [_medium_plain(each) for each in content.media]
    return plain


def _medium_plain(medium: Medium) -> dict[str, Any]:
    crop = {each.name: getattr(medium.crop, each.name) for each in fields(Crop)} if medium.crop else None
    return {"asset": medium.asset, "alt": medium.alt, "crop": crop}
