"""Files of an answer: as its writer chose them, as the network would get them, as they are handed over.

They lie in the brand's library (`publishing.library`). Once an answer is ready they are frozen beside it, so
that every try is the same try.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from palabre.channels.models import Channel
from palabre.inbox.models import Reply
from palabre.networks.errors import Problem
from palabre.networks.outgoing import Media
from palabre.networks.rules import PostingRules
from palabre.publishing.composing.content import Content, Medium
from palabre.publishing.composing.media import foreseen, not_allowed, prepared
from palabre.publishing.models import Asset

MOST = 20
"""Files an answer may have before any network's rules are asked."""
LEAVING = ("ready", "sending", "unknown", "refused", "failed")
"""States in which an answer may be handed over with the files that were frozen."""


def media_of(reply: Reply) -> tuple[Medium, ...]:
    """The files of an answer as its writer chose them."""
    return Content.read({"media": reply.media}).media


def written(media: Sequence[Medium]) -> list[dict[str, Any]]:
    """The same, to be stored."""
    stored: list[dict[str, Any]] = Content(media=tuple(media)).written().get("media", [])
    return stored


def as_sent(media: Sequence[Medium], rules: PostingRules) -> tuple[Media, ...]:
    """The files as the network would get them, none of them made yet: what the rules look at."""
    assets = Asset.objects.in_bulk([medium.asset for medium in media])
    return tuple(foreseen(assets[one.asset], one, rules) for one in media if one.asset in assets)


def forbidden(media: Sequence[Medium], channel: Channel, now: datetime) -> list[Problem]:
    """Files that are lost, or whose rights are over today."""
    if not media:
        return []
    assets = Asset.objects.in_bulk([medium.asset for medium in media])
    return not_allowed(media, assets, now.astimezone(ZoneInfo(channel.brand.time_zone)).date())


def frozen(media: Sequence[Medium], channel: Channel, rules: PostingRules) -> list[dict[str, Any]]:
    """The files cut and scaled for this account, as JSON. Raises `networks.errors.Rejected`."""
    return prepared(media, channel=channel, rules=rules) if media else []


def in_hand() -> set[str]:
    """Where the files lie of answers that may still leave. In the brand's scope."""
    rows = Reply.objects.filter(state__in=LEAVING).exclude(files=[])
    return {file["path"] for files in rows.values_list("files", flat=True) for file in files}
