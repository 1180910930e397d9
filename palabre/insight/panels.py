"""What stands above and beside the mentions: figures with their interval, their past and their formula."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from palabre.agency.models import Brand
from palabre.insight import reputation as score
from palabre.insight import selectors
from palabre.insight.charts import tone_words, volume_chart
from palabre.listening.counts import Bar, Step, Tally
from palabre.listening.filters import TONES, MentionFilter
from palabre.ui import typography


@dataclass(frozen=True, kw_only=True)
class Panels:
    """One page's figures. Changes are against as many days before; None where there is no before."""

    total: int
    change: float | None
    reach: int
    reach_change: float | None
    series: Sequence[int]
    parts: Sequence[tuple[str, str, str]]
    reputation: score.Reputation
    shares: Sequence[tuple[str, float, str]]
    own_share: score.Share | None
    chart: dict[str, Any]
    table_head: Sequence[str]
    table: Sequence[Sequence[Any]]

    @property
    def reach_words(self) -> str:
        """412 k."""
        return typography.compact(self.reach)

    @property
    def own_share_words(self) -> str:
        """38 %."""
        share = self.own_share.share if self.own_share else None
        return typography.percent(None if share is None else 100 * share)

    @property
    def rivals_words(self) -> str:
        """Against how many."""
        rivals = len(self.shares) - 1
        return ngettext("against %(n)d competitor", "against %(n)d competitors", rivals) % {"n": rivals}

    @property
    def reputation_mentions(self) -> int:
        """The effective number of mentions the score stands on, as a whole one."""
        return round(self.reputation.n)

    @property
    def reputation_interval(self) -> str:
        """± 3 / 100."""
        known = self.reputation
        if known.low is None or known.high is None:
            return ""
        return f"±\u202f{round((known.high - known.low) / 2)}\u202f/\u202f100"


def panels(brand: Brand, mentions: MentionFilter, now_tally: Tally, *, now: datetime) -> Panels:
    """The figures of a filter, all from the same counts as its list."""
    beside = selectors.comparison(brand, mentions, now=now)
    shares = score.share_of_voice({voice.name: voice.items for voice in beside.voices})
    own = next((shares[voice.name] for voice in beside.voices if voice.is_ours), None)
    return Panels(
        total=now_tally.total,
        change=_change(now_tally.total, beside.items),
        reach=now_tally.reach,
        reach_change=_change(now_tally.reach, beside.reach),
        series=[bar.total for bar in now_tally.bars],
        parts=[_part(name, tone, now_tally, mentions) for name, tone in TONES.items()],
        reputation=beside.reputation,
        shares=[
            (name, 100 * share.share, typography.percent(100 * share.share))
            for name, share in shares.items()
            if share.share is not None
        ],
        own_share=own,
        chart=volume_chart(now_tally.bars, now_tally.step),
        table_head=[_("When"), _("Positive"), _("Neutral"), _("Negative"), _("Total")],
        table=[
            (
                _moment(bar, now_tally.step),
                bar.tones.get(1, 0),
                bar.tones.get(0, 0),
                bar.tones.get(-1, 0),
                bar.total,
            )
            for bar in now_tally.bars
        ],
    )


@dataclass(frozen=True, kw_only=True)
class Aside:
    """What stands beside the mentions; it comes after the page, which never waits for it."""

    authors: Sequence[selectors.TopAuthor]
    outlets: Sequence[selectors.TopOutlet]
    words: Sequence[selectors.TopWord]


def aside(brand: Brand, mentions: MentionFilter, *, now: datetime) -> Aside:
    """Voices, places and words of a filter."""
    return Aside(
        authors=selectors.top_authors(brand, mentions, now=now),
        outlets=selectors.top_outlets(brand, mentions, now=now),
        words=selectors.distinctive_words(brand, mentions, now=now),
    )


def _part(name: str, tone: int, counted: Tally, mentions: MentionFilter) -> tuple[str, str, str]:
    """The tone, its part in words, and the filter that shows it alone."""
    share = 100 * counted.tones.get(tone, 0) / max(counted.total, 1)
    words = f"{tone_words()[name]} {typography.percent(share)}"
    return name, words, mentions.but(tones=(tone,)).query_string()


def _moment(bar: Bar, step: Step) -> str:
    """The bar's moment as the page writes dates."""
    return date_format(bar.at, "H:i" if step is Step.HOUR else "j M Y")


def _change(now: float, before: float | None) -> float | None:
    """In percent; None without a past to compare with."""
    return 100 * (now - before) / before if before else None
