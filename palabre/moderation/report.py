"""The transparency report of a period: how much was reviewed, what was decided and by what, how fast, and
what came of appeals. Counts alone: no word and no name of anybody stands in it.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from palabre.channels.words import label_of
from palabre.moderation.models import Appeal, Article, Case, Decision, Kind
from palabre.moderation.words import done_words

BOM = "\ufeff"
"""Without it Excel takes UTF-8 for the machine's old encoding."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One count, by its name."""

    name: str
    n: int


@dataclass(frozen=True, kw_only=True)
class Report:
    """One period, `since` included, `until` not. Delays are medians, None where nothing was measured.

    `waited`: from the queue to the decision; `carried`: from the decision to the network's yes;
    `answered`: from the appeal to its answer.
    """

    since: datetime
    until: datetime
    reviewed: int
    open: int
    decisions: int
    automatic: int
    untouched: int
    told: int
    owed: int
    undone: int
    waited: timedelta | None
    carried: timedelta | None
    acts: Sequence[Line]
    articles: Sequence[Line]
    kinds: Sequence[Line]
    networks: Sequence[Line]
    appeals: int
    upheld: int
    overturned: int
    unanswered: int
    answered: timedelta | None

    @property
    def last_day(self) -> datetime:
        """The last moment of the period, for its words."""
        return self.until - timedelta(seconds=1)


def report(*, since: datetime, until: datetime) -> Report:
    """Reckon a period. In the brand's scope."""
    taken = Decision.objects.filter(at__gte=since, at__lt=until).exclude(state="dropped")
    first = taken.filter(undoes=None)
    acted = first.exclude(act="keep")
    owed = first.filter(article__isnull=False)
    appeals = Appeal.objects.filter(received_at__gte=since, received_at__lt=until)
    by_state = _counted(appeals, "state")
    return Report(
        since=since,
        until=until,
        reviewed=first.values("case").exclude(case=None).distinct().count(),
        open=Case.objects.filter(state="open", opened_at__lt=until).count(),
        decisions=first.count(),
        automatic=first.filter(by=None).exclude(label="").count(),
        untouched=first.filter(act="keep").count(),
        told=owed.exclude(told_at=None).count(),
        owed=owed.count(),
        undone=acted.filter(state="undone").count(),
        waited=_median(first.filter(label="").exclude(waited=None).values_list("waited", flat=True)),
        carried=_median(acted.exclude(done_at=None).values_list(F("done_at") - F("at"), flat=True)),
        acts=_lines({str(done_words(act)): n for act, n in _counted(taken, "act").items()}),
        articles=_articles(owed),
        kinds=_kinds(first),
        networks=_lines({label_of(key): n for key, n in _counted(first, "channel__network").items()}),
        appeals=sum(by_state.values()),
        upheld=by_state.get("upheld", 0),
        overturned=by_state.get("overturned", 0),
        unanswered=by_state.get("open", 0),
        answered=_median(
            appeals.filter(~Q(handled_at=None)).values_list(F("handled_at") - F("received_at"), flat=True)
        ),
    )


def _counted(rows: Any, field: str) -> dict[Any, int]:
    return dict(rows.order_by().values_list(field).annotate(n=Count("pk")))


def _median(delays: Any) -> timedelta | None:
    known = list(delays)
    return median(known) if known else None


def _lines(counts: Mapping[str, int]) -> list[Line]:
    rows = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return [Line(name=name, n=n) for name, n in rows]


def _articles(rows: Any) -> list[Line]:
    """By article and wording: what was decided by an old one is counted under the old one."""
    numbers = _counted(rows, "article")
    found = Article.objects.filter(pk__in=numbers).order_by("number", "version")
    return [Line(name=f"{one.number}. {one.title}", n=numbers[one.pk]) for one in found]


def _kinds(rows: Any) -> list[Line]:
    """By reason for the review; a message with two reasons counts under both."""
    counts: dict[str, int] = {}
    for kinds in rows.values_list("kinds", flat=True).iterator():
        for kind in kinds:
            counts[kind] = counts.get(kind, 0) + 1
    return _lines({str(Kind(kind).label): n for kind, n in counts.items()})


def hours(delay: timedelta | None) -> str:
    """A delay for a spreadsheet: hours, "" where nothing was measured."""
    return f"{delay.total_seconds() / 3600:.2f}" if delay is not None else ""


def lines(found: Report) -> Iterator[tuple[str, str, str]]:
    """The report as rows: section, name, figure; the heading first. Delays in hours."""
    yield _("Section"), _("Name"), _("Figure")
    whole = _("All")
    for name, figure in (
        (_("reviewed"), found.reviewed),
        (_("still to review"), found.open),
        (_("decisions"), found.decisions),
        (_("of these, by a rule or a word list"), found.automatic),
        (_("of these, left as they were"), found.untouched),
        (_("taken back"), found.undone),
        (_("authors to tell"), found.owed),
        (_("authors told"), found.told),
    ):
        yield whole, name, str(figure)
    yield _("Delays"), _("to the decision, median in hours"), hours(found.waited)
    yield _("Delays"), _("to the network, median in hours"), hours(found.carried)
    yield _("Delays"), _("of an appeal, median in hours"), hours(found.answered)
    for section, rows in (
        (_("Acts"), found.acts),
        (_("Articles"), found.articles),
        (_("Reasons for the review"), found.kinds),
        (_("Networks"), found.networks),
    ):
        for row in rows:
            yield section, row.name, str(row.n)
    section = _("Appeals")
    yield section, _("received"), str(found.appeals)
    yield section, _("upheld"), str(found.upheld)
    yield section, _("overturned"), str(found.overturned)
    yield section, _("without an answer yet"), str(found.unanswered)


def as_csv(found: Report) -> str:
    """The rows as CSV; what a spreadsheet would take for a formula stays text."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    for row in lines(found):
        writer.writerow([f"'{cell}" if cell[:1] in "=+-@\t\r" and cell else cell for cell in row])
    return BOM + buffer.getvalue()
