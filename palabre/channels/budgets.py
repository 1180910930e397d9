"""How much of a network's budgets an account has used: counted as calls are made, shown before they end."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Sum

from palabre.channels.models import CallCount, Channel
from palabre.channels.words import manifest_of
from palabre.networks.contract import Budget, Capability


@dataclass(frozen=True, kw_only=True)
class Spent:
    """A budget, and what of it was used in the period that ends now."""

    budget: Budget
    calls: int

    @property
    def share(self) -> float:
        """Used, in percent of the budget."""
        return 100 * self.calls / self.budget.calls if self.budget.calls else 0.0


def count_call(channel: Channel, capability: Capability, *, now: datetime) -> None:
    """Put one call down, in the hour it was made."""
    count_calls([channel], capability, now=now)


def count_calls(channels: Iterable[Channel], capability: Capability, *, now: datetime) -> None:
    """Put a call of each of these down, in the hour they were made; an account may be there more than once.

    Always in the order of the accounts, so that two processes never wait for each other.
    """
    calls = Counter((channel.pk, channel.brand_id) for channel in channels)
    if not calls:
        return
    rows = sorted((*whose, spent) for whose, spent in calls.items())
    accounts, brands, spent = (list(column) for column in zip(*rows, strict=True))
    hour = now.replace(minute=0, second=0, microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO channels_callcount (brand_id, channel_id, hour, budget, spent) "
            "SELECT brand, channel, %s, %s, spent "
            "FROM unnest(%s::bigint[], %s::bigint[], %s::int[]) AS calls (brand, channel, spent) "
            "ON CONFLICT (channel_id, hour, budget) "
            "DO UPDATE SET spent = channels_callcount.spent + excluded.spent",
            [hour, capability.value, brands, accounts, spent],
        )


def budgets_of(channel: Channel, *, now: datetime) -> list[Spent]:
    """Every budget its network declares for an account, with what was used of it.

    Hours are counted whole: of a budget of five minutes the last hour is shown.
    """
    manifest = manifest_of(channel.network)
    found = []
    for budget in manifest.budgets if manifest else ():
        since = now - max(timedelta(seconds=budget.seconds), timedelta(hours=1))
        rows = CallCount.objects.filter(channel=channel, hour__gt=since - timedelta(hours=1))
        if budget.capability:
            rows = rows.filter(budget=budget.capability.value)
        found.append(Spent(budget=budget, calls=rows.aggregate(total=Sum("spent"))["total"] or 0))
    return found
