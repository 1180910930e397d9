"""What a content is on each channel before it leaves: its length, what is wrong, what would help."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from palabre.channels.models import Channel
from palabre.channels.sessions import rules_for
from palabre.networks.advice import Advice, advice
from palabre.networks.checks import problems
from palabre.networks.errors import Problem
from palabre.networks.outgoing import Media, Outgoing
from palabre.networks.rules import MediaKind, PostingRules
from palabre.networks.text_length import Length, measure
from palabre.publishing.content import Content
from palabre.publishing.models import Asset
from palabre.publishing.outgoing import outgoing


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One channel's view of a content. `lengths` has one length a part, in the network's own unit."""

    channel: Channel
    said: Content
    rules: PostingRules
    outgoing: Outgoing
    lengths: tuple[Length, ...]
    problems: tuple[Problem, ...]
    advice: tuple[Advice, ...]
    own: bool

    @property
    def parts(self) -> list[tuple[str, Length]]:
        """Each part's text with its length."""
        return [(part.text, length) for part, length in zip(self.outgoing.parts, self.lengths, strict=True)]

    def problems_of(self, field: str) -> list[Problem]:
        """What is wrong at one field."""
        return [problem for problem in self.problems if problem.field == field]


def read(
    content: Content, channels: Sequence[Channel], changes: Mapping[int, Mapping[str, Any]]
) -> list[Reading]:
    """The content on each of the channels, in their order."""
    assets = Asset.objects.in_bulk([medium.asset for medium in content.media])
    return [_read(content, channel, changes.get(channel.pk, {}), assets) for channel in channels]


def _read(
    content: Content, channel: Channel, changes: Mapping[str, Any], assets: Mapping[int, Asset]
) -> Reading:
    said, rules = content.with_changes(changes), rules_for(channel)
    media = tuple(_seen(assets[medium.asset], medium.alt) for medium in said.media if medium.asset in assets)
    would_leave = outgoing(said, media, key="not-planned-yet", begun_at=timezone.now())
    first = would_leave.parts[0]
    return Reading(
        channel=channel,
        said=said,
        rules=rules,
        outgoing=would_leave,
        lengths=tuple(measure(part.text, rules, with_media=bool(part.media)) for part in would_leave.parts),
        problems=problems(would_leave, rules),
        advice=advice(first, rules, first_comment=said.first_comment),
        own=bool(changes),
    )


def _seen(asset: Asset, alt: str) -> Media:
    return Media(
        kind=MediaKind(asset.kind),
        mime=asset.mime,
        size=asset.size,
        read=bytes,
        name=asset.name,
        alt=alt or asset.alt,
        width=asset.width,
        height=asset.height,
        seconds=asset.seconds,
    )
