"""What a content is on each channel before it leaves: its length, what is wrong, what would help."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from palabre.channels.models import Channel
from palabre.channels.sessions import rules_for
from palabre.channels.words import label_of
from palabre.networks.advice import Advice, advice
from palabre.networks.checks import problems
from palabre.networks.errors import Problem
from palabre.networks.outgoing import Media, Outgoing
from palabre.networks.rules import PostingRules
from palabre.networks.text_length import Length, measure
from palabre.publishing.composing.cards import card_of, kept_card, thawed_card
from palabre.publishing.composing.content import Content, Medium
from palabre.publishing.composing.marking import marked, marks_for
from palabre.publishing.composing.media import fit_of, foreseen, not_allowed
from palabre.publishing.delivery.outgoing import outgoing
from palabre.publishing.library.fitting import Fit
from palabre.publishing.models import Asset, PageCard


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A file of the content as the channel gets it; `fit` says what is done to a picture for it."""

    asset: Asset
    medium: Medium
    leaves: Media
    fit: Fit | None

    @property
    def alt(self) -> str:
        """What is said to who cannot see it."""
        return self.leaves.alt

    @property
    def crop(self) -> str:
        """The chosen part, for an address."""
        crop = self.medium.crop
        return f"{crop.left},{crop.top},{crop.width},{crop.height}" if crop else ""


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
    marked: bool = False
    page: PageCard | None = None
    media: tuple[Shown, ...] = ()

    @property
    def parts(self) -> list[tuple[str, Length]]:
        """Each part's text with its length."""
        return [(part.text, length) for part, length in zip(self.outgoing.parts, self.lengths, strict=True)]

    @property
    def over(self) -> bool:
        """Whether a text is longer than the network takes."""
        return any(length.left is not None and length.left < 0 for length in self.lengths)


def read(
    content: Content,
    channels: Sequence[Channel],
    changes: Mapping[int, Mapping[str, Any]],
    day: date | None = None,
    campaign: str = "",
) -> list[Reading]:
    """The content on each of the channels, in their order; `day` is when it is to leave, else today."""
    said = [content.with_changes(changes.get(channel.pk, {})) for channel in channels]
    assets = Asset.objects.in_bulk({medium.asset for each in (content, *said) for medium in each.media})
    return [
        _read(each, channel, assets, day or timezone.localdate(), campaign, own=bool(changes.get(channel.pk)))
        for channel, each in zip(channels, said, strict=True)
    ]


def shown_on(said: Content, channel: Channel, assets: Mapping[int, Asset]) -> tuple[Shown, ...]:
    """The files of a content as a channel gets them, without those that are not in the library any more."""
    rules = rules_for(channel)
    return tuple(
        Shown(
            asset=assets[medium.asset],
            medium=medium,
            leaves=foreseen(assets[medium.asset], medium, rules),
            fit=fit_of(assets[medium.asset], medium, rules),
        )
        for medium in said.media
        if medium.asset in assets
    )


def _read(
    said: Content, channel: Channel, assets: Mapping[int, Asset], day: date, campaign: str, *, own: bool
) -> Reading:
    rules = rules_for(channel)
    shown = shown_on(said, channel, assets)
    media = tuple(one.leaves for one in shown)
    marks = marks_for(channel.brand, channel.network, label=label_of(channel.network), campaign=campaign)
    shown_link = marked(said, marks)
    page = card_of(channel.brand, said.link) if said.link else None
    card = thawed_card(shown_link.link, kept_card(page))
    would_leave = outgoing(shown_link, media, key="not-planned-yet", begun_at=timezone.now(), card=card)
    first = would_leave.parts[0]
    return Reading(
        channel=channel,
        said=said,
        rules=rules,
        outgoing=would_leave,
        lengths=tuple(measure(part.text, rules, with_media=bool(part.media)) for part in would_leave.parts),
        problems=(*problems(would_leave, rules), *not_allowed(said.media, dict(assets), day)),
        advice=advice(first, rules, first_comment=said.first_comment),
        own=own,
        marked=shown_link != said,
        page=page,
        media=shown,
    )
