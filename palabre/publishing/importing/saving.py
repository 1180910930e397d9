"""The rows of an import become contents, or are taken back: batch by batch, each all or nothing."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from palabre.agency.audit import record
from palabre.agency.models import Brand
from palabre.channels.models import Channel
from palabre.kit.states import move
from palabre.publishing.delivery.planning import cancel, plan
from palabre.publishing.delivery.states import EDITABLE
from palabre.publishing.delivery.steps import put_down
from palabre.publishing.importing.models import IMPORT, Import, ImportRow
from palabre.publishing.models import Campaign, Delivery, Pillar, Post, Variant, Version

BATCH = 200


class Stopped(Exception):
    """A person stopped it, or it is elsewhere by now."""


def beat(source: Import, state: str, done: int) -> None:
    """A sign of life, and how far it is. Raises Stopped when it should not go on.

    Also for a worker that was silent so long that another took the import up: its last sign is not ours.
    """
    now = timezone.now()
    rows = Import.objects.filter(pk=source.pk, state=state, beat_at=source.beat_at)
    if not rows.update(done=done, beat_at=now):
        raise Stopped
    source.beat_at, source.done = now, done


def save_rows(source: Import, clock: Callable[[], datetime]) -> None:
    """Save what is asked for, to the end."""
    done = source.done
    beat(source, "saving", done)
    while saved := _save_batch(source, clock()):
        done += saved
        beat(source, "saving", done)
    with transaction.atomic():
        move(source, IMPORT, to="done", ended_at=clock())
        source.pieces.all().delete()
        record(
            brand=source.brand,
            by=source.by,
            act="import.save",
            subject=source.name,
            after={"saved": source.rows.filter(state__in=["saved", "draft"]).count()},
        )


@transaction.atomic
def _save_batch(source: Import, now: datetime) -> int:
    """The next rows; how many were done with."""
    # One import of a brand saves at a time: nothing gets in twice between the look and the writing.
    Brand.objects.select_for_update(no_key=True).get(pk=source.brand_id)
    wanted = ["good", "faulty"] if source.also_faulty else ["good"]
    rows = list(source.rows.select_for_update().filter(state__in=wanted).order_by("line")[:BATCH])
    prints = [row.fingerprint for row in rows]
    taken = set(
        ImportRow.objects.filter(fingerprint__in=prints, state__in=["saved", "draft"]).values_list(
            "fingerprint", flat=True
        )
    )
    channels = set(Channel.objects.exclude(state="removed").values_list("pk", flat=True))
    fresh: list[ImportRow] = []
    for row in rows:
        if row.fingerprint in taken or not row.said["content"]:
            row.state = "double" if row.said["content"] else "dropped"
            continue
        taken.add(row.fingerprint)
        if row.state == "good" and row.due_at and row.due_at < now:
            row.faults, row.state = [{"code": "past", "params": {}, "channel": None}], "faulty"
        row.said["channels"] = [pk for pk in row.said["channels"] if pk in channels]
        fresh.append(row)
    _write(source, fresh, now)
    ImportRow.objects.bulk_update(rows, ["state", "faults", "post"])
    return len(rows)


def _write(source: Import, rows: Sequence[ImportRow], now: datetime) -> None:
    campaigns = _named(Campaign, source.brand, {row.said["campaign"] for row in rows})
    pillars = _named(Pillar, source.brand, {row.said["pillar"] for row in rows})
    posts = Post.objects.bulk_create(
        Post(
            brand=source.brand,
            author=source.by,
            name=row.said["name"],
            note=row.said["note"],
            content=row.said["content"],
            campaign_id=campaigns.get(row.said["campaign"]),
            pillar_id=pillars.get(row.said["pillar"]),
        )
        for row in rows
    )
    Version.objects.bulk_create(
        Version(
            brand=source.brand,
            post=post,
            revision=post.revision,
            by=source.by,
            content=post.content,
            channels={str(pk): {} for pk in row.said["channels"]},
        )
        for post, row in zip(posts, rows, strict=True)
    )
    pairs = [(row, post, pk) for row, post in zip(rows, posts, strict=True) for pk in row.said["channels"]]
    variants = Variant.objects.bulk_create(
        Variant(brand=source.brand, post=post, channel_id=pk) for _row, post, pk in pairs
    )
    deliveries = Delivery.objects.bulk_create(
        Delivery(
            brand=source.brand,
            variant=variant,
            channel_id=variant.channel_id,
            due_at=row.due_at if row.due_at and row.due_at >= now else None,
        )
        for (row, _post, _pk), variant in zip(pairs, variants, strict=True)
    )
    put_down(deliveries, act="created", by=source.by, note=source.name)
    planned = [
        delivery
        for (row, _post, _pk), delivery in zip(pairs, deliveries, strict=True)
        if source.planning and row.state == "good" and delivery.due_at
    ]
    plan(deliveries=planned, at=None, by=source.by, now=now)
    for row, post in zip(rows, posts, strict=True):
        row.post, row.state = post, "saved" if row.state == "good" else "draft"


def _named(kind: type[Campaign] | type[Pillar], brand: Brand, names: set[str]) -> dict[str, int]:
    """The key of each campaign or pillar by its name; those that are not there yet are made."""
    found = {}
    for name in sorted(names - {""}):
        one = kind.objects.filter(name__iexact=name).first() or kind.objects.create(brand=brand, name=name)
        found[name] = one.pk
    return found


def undo_rows(source: Import, clock: Callable[[], datetime]) -> None:
    """Take back what was saved, to the end: contents put away, what is planned of them cancelled."""
    done = source.done
    beat(source, "undoing", done)
    while undone := _undo_batch(source, clock()):
        done += undone
        beat(source, "undoing", done)
    with transaction.atomic():
        move(source, IMPORT, to="undone", ended_at=clock())
        record(
            brand=source.brand,
            by=source.by,
            act="import.undo",
            subject=source.name,
            after={state: source.rows.filter(state=state).count() for state in ("undone", "left")},
        )


@transaction.atomic
def _undo_batch(source: Import, now: datetime) -> int:
    rows = list(source.rows.select_for_update().filter(state__in=["saved", "draft"]).order_by("line")[:BATCH])
    posts = [row.post_id for row in rows if row.post_id]
    deliveries = list(Delivery.objects.select_for_update().filter(variant__post__in=posts).order_by("pk"))
    to_cancel = [one for one in deliveries if one.state in EDITABLE and not one.sent]
    cancel(deliveries=to_cancel, by=source.by)
    kept = {one.pk for one in deliveries} - {one.pk for one in to_cancel}
    left = set(
        Delivery.objects.filter(pk__in=kept)
        .exclude(state__in=["cancelled", "deleted"])
        .values_list("variant__post", flat=True)
    )
    Post.objects.filter(pk__in=posts, deleted_at=None).exclude(pk__in=left).update(deleted_at=now)
    for row in rows:
        row.state = "left" if row.post_id in left else "undone"
    ImportRow.objects.bulk_update(rows, ["state"])
    return len(rows)
