"""What the brand's own accounts said on the network itself, without Palabre, as far as listening saw it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Q

from palabre.channels.models import Channel
from palabre.publishing.calendar.entries import bounds
from palabre.publishing.models import Delivery
from palabre.stream.models import Author, Item

MOST = 500
"""Posts looked at in one period: a calendar is not an archive."""


@dataclass(frozen=True, kw_only=True)
class Native:
    """A post made on the network. `at` is in the brand's zone."""

    at: datetime
    text: str
    url: str
    network: str
    channel: int


def native_posts(channels: Sequence[Channel], *, first: date, last: date, zone: ZoneInfo) -> list[Native]:
    """Posts of these accounts between two days, included, by hour; answers and what Palabre sent left out."""
    mine = _authors(channels)
    if not mine:
        return []
    begins, ends = bounds(first, last, zone)
    items = Item.objects.filter(
        author__in=mine, occurred_at__gte=begins, occurred_at__lt=ends, reply_to=""
    ).order_by("occurred_at", "id")
    rows = list(
        items.values_list("author_id", "occurred_at", "title", "text", "url", "network", "remote_id")[:MOST]
    )
    sent = set(
        Delivery.objects.exclude(remote_id="")  # as the index is: it holds what stands
        .filter(channel__in=[channel.pk for channel in channels], remote_id__in=[row[-1] for row in rows])
        .values_list("remote_id", flat=True)
    )
    return [
        Native(
            at=at.astimezone(zone),
            text=" ".join((title or text)[:200].split()),
            url=url,
            network=network,
            channel=mine[author],
        )
        for author, at, title, text, url, network, remote_id in rows
        if remote_id not in sent
    ]


def _authors(channels: Sequence[Channel]) -> dict[int, int]:
    """The authors that are accounts of ours, with their channel: by the network's id or their address."""
    known = {
        (channel.network, name): channel.pk
        for channel in channels
        for name in (channel.account, channel.url)
        if name
    }
    if not known:
        return {}
    wanted = Q()
    for network in {network for network, _ in known}:
        names = [name for other, name in known if other == network]
        wanted |= Q(network=network, remote_id__in=names)
    rows = Author.objects.filter(wanted).values_list("pk", "network", "remote_id")
    return {pk: known[network, remote_id] for pk, network, remote_id in rows}
