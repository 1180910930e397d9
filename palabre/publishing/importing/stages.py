"""Bulk import, step by step: a file is kept, read, shown with what is wrong, and only then saved.

The long work is a worker's (`work`): each batch is a transaction of its own, so that whoever is
stopped goes on where the last one ended. The rows' state is the truth, the job a nudge.
"""

import contextlib
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django_scopes import scope, scopes_disabled
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from palabre.agency.models import Brand, User
from palabre.channels.models import Channel
from palabre.kit.states import Moved, move
from palabre.publishing.importing.dates import Order, evidence
from palabre.publishing.importing.fetching import Fetcher
from palabre.publishing.importing.formats import (
    SAMPLE,
    NotATable,
    Table,
    Typed,
    opened,
    recognise,
    typed_rows,
)
from palabre.publishing.importing.mail import LONG, tell_end
from palabre.publishing.importing.models import IMPORT, WORKING, Import, ImportPiece, ImportRow
from palabre.publishing.importing.rows import Judge, Judged
from palabre.publishing.importing.saving import Stopped, beat, save_rows, undo_rows
from palabre.publishing.models import Post

TASK = "publishing.import"
PIECE = 1024 * 1024
LARGEST = 200 * 1024 * 1024
"""Bytes of a file: over a million rows."""
BATCH = 500
SILENT_AFTER = timedelta(minutes=2)
"""Whoever works on an import says so far more often: then it is taken up again."""


class TooLarge(ValueError):
    """More than `LARGEST` bytes."""


@transaction.atomic
def begin(*, brand: Brand, by: User, name: str, chunks: Iterable[bytes], channels: Sequence[int]) -> Import:
    """Keep a file, and let a worker read it. Raises TooLarge."""
    kept = Import.objects.create(brand=brand, by=by, name=name[:255], size=0, channels=list(channels))
    size, rest, place = 0, b"", 0
    for chunk in chunks:
        size += len(chunk)
        if size > LARGEST:
            raise TooLarge(size)
        rest += chunk
        while len(rest) >= PIECE:
            _keep_piece(kept, place, rest[:PIECE])
            rest, place = rest[PIECE:], place + 1
    _keep_piece(kept, place, rest)
    kept.size = size
    kept.total = 2 * size
    kept.save(update_fields=["size", "total"])
    nudge_import(kept.pk)
    return kept


def _keep_piece(source: Import, place: int, body: bytes) -> None:
    ImportPiece.objects.create(brand_id=source.brand_id, source=source, place=place, body=body)


@transaction.atomic
def read_again(*, source: Import, order: str, channels: Sequence[int]) -> None:
    """Read the same file otherwise: dates in the other order, for other accounts. Raises Moved."""
    again = {"order": order, "channels": list(channels), "done": 0, "total": 2 * source.size, "beat_at": None}
    move(source, IMPORT, to="reading", **again)
    nudge_import(source.pk)


@transaction.atomic
def save_import(*, source: Import, planning: bool, also_faulty: bool) -> None:
    """Let a worker save what is good, and what has a fault as drafts if that is wished. Raises Moved."""
    wanted = ("good", "faulty") if also_faulty else ("good",)
    total = source.rows.filter(state__in=[*wanted, "saved", "draft"]).count()
    done = source.rows.filter(state__in=["saved", "draft"]).count()
    changes = {"planning": planning, "also_faulty": also_faulty, "done": done, "total": total}
    move(source, IMPORT, to="saving", **changes, beat_at=None)
    nudge_import(source.pk)


@transaction.atomic
def stop_import(*, source: Import) -> None:
    """Cancel what is not saved yet; what is saved stays until it is undone. Raises Moved."""
    if source.state == "saving":
        move(source, IMPORT, to="stopped", ended_at=timezone.now())
        return
    move(source, IMPORT, to="cancelled", ended_at=timezone.now())
    source.rows.all().delete()
    source.pieces.all().delete()


@transaction.atomic
def undo_import(*, source: Import) -> None:
    """Let a worker take back all that the import saved; what has left stays. Raises Moved."""
    total = source.rows.filter(state__in=["saved", "draft"]).count()
    move(source, IMPORT, to="undoing", done=0, total=total, beat_at=None)
    nudge_import(source.pk)


def nudge_import(pk: int) -> None:
    """Let a worker begin once the caller's transaction stands."""
    job = app.configure_task(TASK, queueing_lock=f"{TASK}:{pk}")
    with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
        job.defer(source=pk)


def forgotten(*, now: datetime) -> list[int]:
    """Imports that somebody should be at work on and nobody is; crosses brands on purpose."""
    with scopes_disabled():
        rows = Import.objects.filter(state__in=WORKING).exclude(beat_at__gte=now - SILENT_AFTER)
        return list(rows.filter(begun_at__lt=now - timedelta(seconds=20)).values_list("pk", flat=True))


def work(pk: int, clock: Callable[[], datetime] = timezone.now) -> None:
    """Do what an import waits for, to the end or until somebody stops it."""
    with scopes_disabled():
        now = timezone.now()
        # One worker at a time; one that was killed is silent, and its import is taken up.
        free = Q(beat_at=None) | Q(beat_at__lt=now - SILENT_AFTER)
        if not Import.objects.filter(free, pk=pk, state__in=WORKING).update(beat_at=now):
            return
        source = Import.objects.select_related("brand", "by").get(pk=pk)
    with scope(brand=source.brand), contextlib.suppress(Stopped, Moved):
        match source.state:
            case "reading":
                _read(source, clock)
            case "saving":
                save_rows(source, clock)
            case "undoing":
                undo_rows(source, clock)
        if timezone.now() - now >= LONG:
            tell_end(source)


class _Pieces(io.RawIOBase):
    """The file's bytes, piece by piece; `told` is how many were handed out."""

    def __init__(self, source: Import) -> None:
        super().__init__()
        self._bodies = iter(self._fetched(source))
        self._rest = b""
        self.told = 0

    @staticmethod
    def _fetched(source: Import) -> Iterator[bytes]:
        place = 0
        while piece := ImportPiece.objects.filter(source=source, place=place).first():
            yield bytes(piece.body)
            place += 1

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Some of the next bytes."""
        if not self._rest:
            self._rest = next(self._bodies, b"")
        some, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(some)] = some
        self.told += len(some)
        return len(some)


def _rows(source: Import, table: Table, *, already: int) -> Iterator[Typed]:
    """The rows, with a sign of life now and then; `already` bytes were read before."""
    pieces = _Pieces(source)
    text = opened(io.BufferedReader(pieces, 65536), table.encoding)  # type: ignore[arg-type]
    for place, typed in enumerate(typed_rows(text, table)):
        if place % BATCH == 0:
            beat(source, "reading", already + pieces.told)
        yield typed


def _read(source: Import, clock: Callable[[], datetime]) -> None:
    """Read the file into rows; ask for the order of its dates if nothing tells."""
    source.rows.all().delete()
    first = _Pieces(source).read(SAMPLE) or b""
    try:
        table = recognise(first, whole=len(first) == source.size)
    except NotATable as wrong:
        move(source, IMPORT, to="failed", error_code=wrong.code, ended_at=clock())
        return
    found = {"encoding": table.encoding, "separator": table.separator, "layout": table.layout}
    seen = evidence(typed.date for typed in _rows(source, table, already=0))
    order = Order(source.order) if source.order else seen.order
    if order is None and seen.to_ask:
        move(source, IMPORT, to="asking", example=seen.example[:60], **found)
        return
    judge = Judge(
        zone=ZoneInfo(source.brand.time_zone),
        now=clock(),
        layout=table.layout,
        order=order,
        channels=list(Channel.objects.select_related("brand").exclude(state="removed")),
        chosen=source.channels,
        pictures="image" in table.columns,
        fetch=Fetcher(brand=source.brand, by=source.by, alive=lambda: beat(source, "reading", source.done)),
    )
    judged = (judge.judge(typed) for typed in _rows(source, table, already=source.size))
    while some := list(islice(judged, BATCH)):
        _put_down(source, some)
    move(source, IMPORT, to="ready", order=order or "", done=source.total, example=seen.example[:60], **found)


@transaction.atomic
def _put_down(source: Import, judged: Sequence[Judged]) -> None:
    """Keep a batch of rows; those that are there already are told apart."""
    prints = [each.fingerprint for each in judged]
    before = {row.fingerprint: row for row in _saved_before(source.brand_id, prints)}
    here = dict(source.rows.filter(fingerprint__in=prints).values_list("fingerprint", "line"))
    rows = []
    for each, fingerprint in zip(judged, prints, strict=True):
        state = "faulty" if each.faults else "good"
        faults: list[dict[str, Any]] = [asdict(fault) for fault in each.faults]
        if fingerprint in before:
            saved = before[fingerprint].source
            params: dict[str, Any] = {"file": saved.name, "at": saved.begun_at.isoformat()}
            state, faults = "double", [{"code": "saved_before", "params": params, "channel": None}]
        elif fingerprint in here and (each.content.text or each.content.media):
            params = {"line": here[fingerprint]}
            state, faults = "double", [{"code": "same_line", "params": params, "channel": None}]
        here.setdefault(fingerprint, each.line)
        rows.append(
            ImportRow(
                brand_id=source.brand_id,
                source=source,
                line=each.line,
                state=state,
                said=each.said,
                due_at=each.due_at,
                faults=faults,
                fingerprint=fingerprint,
            )
        )
    ImportRow.objects.bulk_create(rows)


def _saved_before(brand: int, prints: Sequence[str]) -> list[ImportRow]:
    """Rows of earlier imports that say the same and are still there; those put away since count no more."""
    saved = ImportRow.objects.filter(brand=brand, fingerprint__in=prints, state__in=["saved", "draft"])
    gone = Post.objects.exclude(deleted_at=None).filter(pk__in=saved.values("post"))
    saved.filter(post__in=gone).update(state="undone")
    return list(saved.select_related("source"))
