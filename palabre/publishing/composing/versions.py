"""The versions of a content: what changed from one to the next, and the way back."""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass, fields

from palabre.agency.models import User
from palabre.publishing.composing.compose import PostDraft, save_post
from palabre.publishing.composing.content import Content
from palabre.publishing.models import Post, Version

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True, kw_only=True)
class Change:
    """A field that differs. `pieces` are ("", "ins" or "del", words), in order."""

    field: str
    channel: int | None
    pieces: Sequence[tuple[str, str]]


def changes(before: Version | None, after: Version) -> list[Change]:
    """What `after` says otherwise, field by field, the common content first, then each channel's own."""
    found = _fields(_said(before), _said(after), None)
    old = before.channels if before else {}
    for key in sorted({*old, *after.channels}, key=int):
        was, now = old.get(key, {}), after.channels.get(key, {})
        if was != now:
            found += _fields(Content.read(was), Content.read(now), int(key))
    return found


def _said(version: Version | None) -> Content:
    return Content.read(version.content) if version else Content()


def _fields(before: Content, after: Content, channel: int | None) -> list[Change]:
    return [
        Change(field=each.name, channel=channel, pieces=difference(_words(was), _words(now)))
        for each in fields(Content)
        if (was := getattr(before, each.name)) != (now := getattr(after, each.name))
    ]


def _words(value: object) -> str:
    if isinstance(value, tuple):
        return "\n".join(str(getattr(each, "asset", each)) for each in value)
    return str(value)


def difference(before: str, after: str) -> list[tuple[str, str]]:
    """The words of both texts, each marked "", "ins" or "del"."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    pieces: list[tuple[str, str]] = []
    for act, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if act == "equal":
            pieces.append(("", "".join(old[a:b])))
            continue
        if b > a:
            pieces.append(("del", "".join(old[a:b])))
        if d > c:
            pieces.append(("ins", "".join(new[c:d])))
    return pieces


def go_back(*, post: Post, version: Version, by: User) -> Post:
    """Save the content as it was: a new version, so that nothing is lost. Raises as `save_post`."""
    there = {variant.channel_id for variant in post.variants.all()}
    channels = {int(key): value for key, value in version.channels.items() if int(key) in there}
    return save_post(
        brand=post.brand,
        by=by,
        post=post,
        draft=PostDraft(
            content=Content.read(version.content),
            channels={**{key: {} for key in there}, **channels},
            name=post.name,
            campaign=post.campaign,
            pillar=post.pillar,
            note=post.note,
        ),
    )
