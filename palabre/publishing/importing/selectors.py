"""What the page of an import shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.utils.functional import Promise

from palabre.channels.models import Channel
from palabre.publishing.composing.content import Content
from palabre.publishing.importing.models import Import, ImportRow
from palabre.publishing.importing.words import (
    ENCODINGS,
    FAILURES,
    LAYOUTS,
    SEPARATORS,
    fault_sentence,
)

SHOWN = {
    "faulty": ("faulty", "draft", "dropped"),
    "double": ("double",),
    "good": ("good", "saved", "undone", "left"),
}
"""The tabs of the rows, and the states of each."""


@dataclass(frozen=True, kw_only=True)
class Counted:
    """How many rows are good, have a fault, are there already; and what became of them."""

    good: int
    faulty: int
    double: int
    saved: int
    drafts: int
    undone: int
    left: int
    dropped: int

    @property
    def all(self) -> int:
        """Every row."""
        return self.good + self.faulty + self.double + self.saved + self.drafts + self.undone + self.left


@dataclass(frozen=True, kw_only=True)
class Review:
    """An import as its page shows it."""

    counted: Counted
    show: str
    rows: QuerySet[ImportRow]
    channels: Sequence[Channel]
    chosen: frozenset[int]
    layout: str | Promise
    encoding: str
    separator: str | Promise
    failure: str | Promise


def review(source: Import, show: str) -> Review:
    """Everything about one import; `show` names a tab, else the first that has something to say."""
    by_state = dict(source.rows.order_by().values_list("state").annotate(n=Count("pk")))
    counted = Counted(
        good=by_state.get("good", 0),
        faulty=by_state.get("faulty", 0),
        double=by_state.get("double", 0),
        saved=by_state.get("saved", 0),
        drafts=by_state.get("draft", 0),
        undone=by_state.get("undone", 0),
        left=by_state.get("left", 0),
        dropped=by_state.get("dropped", 0),
    )
    if show not in SHOWN:
        show = next((tab for tab, states in SHOWN.items() if any(by_state.get(s) for s in states)), "good")
    return Review(
        counted=counted,
        show=show,
        rows=source.rows.filter(state__in=SHOWN[show]).order_by("line"),
        channels=list(Channel.objects.exclude(state="removed")),
        chosen=frozenset(source.channels),
        layout=LAYOUTS.get(source.layout, ""),
        encoding=ENCODINGS.get(source.encoding, source.encoding),
        separator=SEPARATORS.get(source.separator, ""),
        failure=FAILURES.get(source.error_code, ""),
    )


def text_of(row: ImportRow) -> str:
    """What the row says."""
    said = Content.read(row.said.get("content", {}))
    return said.text or said.title or said.link


def faults_of(row: ImportRow) -> list[tuple[int | None, str]]:
    """What is wrong with a row: the channel's key where one network says so, and the sentence."""
    return [(fault["channel"], fault_sentence(fault)) for fault in row.faults]
