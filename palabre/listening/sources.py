"""Writing sources: added, found behind an address, paused, removed, and what became of a call."""

import hashlib
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from palabre.agency.audit import record
from palabre.agency.models import Brand, User
from palabre.kit.secrecy import Unreadable
from palabre.kit.states import move, move_all
from palabre.listening.models import Source, Topic
from palabre.listening.states import SOURCE
from palabre.networks.contract import Manifest, Watch, WatchKind
from palabre.networks.errors import (
    AuthExpired,
    Gone,
    NetworkError,
    NotPermitted,
    RateLimited,
    Rejected,
    Temporary,
    UnexpectedAnswer,
)
from palabre.networks.registry import manifests

FIRST_RETRY, LAST_RETRY = timedelta(minutes=2), timedelta(hours=12)


@dataclass(frozen=True, kw_only=True)
class SourceDraft:
    """A place to look, as a form or a discovery found it."""

    network: str
    kind: str
    target: str = ""
    title: str = ""
    options: Mapping[str, str] | None = None
    secrets: Mapping[str, str] | None = None
    topic: Topic | None = None


class AlreadyThere(Exception):
    """The brand looks at this place with these rights already, by another source."""


def offered(brand: Brand) -> list[Manifest]:
    """The networks this brand may listen to: an invented one is for demos and for developers."""
    invented = brand.is_demo or settings.DEBUG
    return [manifest for manifest in manifests().values() if invented or not manifest.invented]


def watch_kind(network: str, kind: str) -> WatchKind:
    """The declared kind. Raises KeyError if the network has none of this name."""
    for declared in manifests()[network].watches:
        if declared.key == kind:
            return declared
    raise KeyError(kind)


def line_of(draft: SourceDraft, *, brand: Brand) -> str:
    """The same text for the same place looked at with the same rights, whichever brand asks.

    A search asks for the brand's own words: it is shared with nobody.
    """
    own = brand.pk if watch_kind(draft.network, draft.kind).needs_topic else None
    parts = [draft.network, draft.kind, draft.target, own, sorted((draft.options or {}).items())]
    if draft.secrets:
        # Keyed: nobody who reads the table alone can try passwords against it.
        secrets = json.dumps(sorted(draft.secrets.items()))
        parts.append(salted_hmac("palabre.line", secrets, algorithm="sha256").hexdigest())
    return hashlib.blake2b(json.dumps(parts).encode(), digest_size=24).hexdigest()


@transaction.atomic
def add_source(*, brand: Brand, by: User | None, draft: SourceDraft) -> Source:
    """Start looking at a place; adding it twice returns the first, working again.

    Raises KeyError for a kind that no network declares.
    """
    source, created = Source.objects.get_or_create(
        brand=brand,
        line=line_of(draft, brand=brand),
        defaults={
            "network": draft.network,
            "kind": draft.kind,
            "target": draft.target,
            "title": draft.title[:300],
            "options": dict(draft.options or {}),
            "secrets": json.dumps(dict(draft.secrets)) if draft.secrets else "",
            "topic": draft.topic,
        },
    )
    if created:
        record(brand=brand, by=by, act="source.add", subject=source.title or source.target)
        return source
    if draft.secrets:
        # Typed again: what is kept may have been sealed with a key that is lost.
        source.secrets = json.dumps(dict(draft.secrets))
        source.save(update_fields=["secrets"])
    resume_source(source=source, by=by)
    return source


@transaction.atomic
def change_source(*, source: Source, by: User | None, draft: SourceDraft) -> None:
    """Change what a source is called, what it keeps, where it looks and with which rights.

    A secret that the draft leaves out is kept as it is. A place that changed is asked afresh; with another
    password alone it goes on from where it stood, and a stopped source is tried again. Raises AlreadyThere.
    """
    _held(source)
    place = (draft.target, dict(draft.options or {}))
    has_moved = place != (source.target, source.options)
    source.title, source.topic = draft.title[:300], draft.topic
    if has_moved or draft.secrets:
        secrets = {**kept_secrets(source), **(draft.secrets or {})}
        source.target, source.options = place
        source.secrets = json.dumps(secrets) if secrets else ""
        source.line = line_of(replace(draft, secrets=secrets), brand=source.brand)
        if Source.objects.filter(brand=source.brand, line=source.line).exclude(pk=source.pk).exists():
            raise AlreadyThere
        source.leased_until = None
    if has_moved:
        source.cursor = None
    source.save(
        update_fields=[
            "title", "topic", "target", "options", "secrets", "line", "leased_until", "cursor",
        ]
    )  # fmt: skip
    if (has_moved or draft.secrets) and source.state in ("working", "failing", "stopped"):
        fresh: dict[str, object] = {
            "failures": 0,
            "failing_since": None,
            "error_code": "",
            "error_params": {},
        }
        move(source, SOURCE, to="new", next_at=timezone.now(), **fresh)
    record(brand=source.brand, by=by, act="source.change", subject=source.title or source.target)


def kept_secrets(source: Source) -> dict[str, str]:
    """The secrets of a source by the field they were typed in; none where their key is lost."""
    try:
        return dict(json.loads(source.secrets)) if source.secrets else {}
    except Unreadable:
        return {}


@transaction.atomic
def pause_source(*, source: Source, by: User | None) -> None:
    """Look no more until told otherwise; the cursor stays, so that nothing is missed."""
    _held(source)
    if source.state == "paused":
        return
    move(source, SOURCE, to="paused")
    record(brand=source.brand, by=by, act="source.pause", subject=source.title or source.target)


@transaction.atomic
def resume_source(*, source: Source, by: User | None) -> None:
    """Look again, from where it stood."""
    _held(source)
    if source.state not in ("paused", "stopped"):
        return
    if source.state == "stopped":
        move(source, SOURCE, to="new", failures=0, next_at=timezone.now())
    else:
        move(source, SOURCE, to="new", next_at=timezone.now())
    record(brand=source.brand, by=by, act="source.resume", subject=source.title or source.target)


def _held(source: Source) -> None:
    """The state as it is now, and until the end of the transaction: a visit may have moved it."""
    source.refresh_from_db(fields=["state"], from_queryset=Source.objects.select_for_update())


def look_now(*, source: Source) -> None:
    """Be asked at the next round instead of in its own time; what is under way goes on."""
    Source.objects.filter(pk=source.pk).update(next_at=timezone.now())


@transaction.atomic
def remove_source(*, source: Source, by: User) -> None:
    """Stop looking for good; what was found stays."""
    record(brand=source.brand, by=by, act="source.remove", subject=source.title or source.target)
    source.delete()


def watch_of(source: Source, words: Sequence[str]) -> Watch:
    """The source stripped of everything its network need not know; secrets unsealed."""
    secrets = json.loads(source.secrets) if source.secrets else {}
    return Watch(
        kind=source.kind, target=source.target, words=tuple(words), options={**source.options, **secrets}
    )


def succeeded(
    sources: Sequence[Source], *, now: datetime, cursor: Mapping[str, object], wait: float, found: int
) -> None:
    """Put down a good call for every brand that looks at this place; in the caller's transaction."""
    changes: dict[str, object] = {
        "cursor": dict(cursor),
        "failures": 0,
        "failing_since": None,
        "error_code": "",
        "error_params": {},
        "last_seen_at": now,
        "next_at": now + timedelta(seconds=wait * random.uniform(0.9, 1.1)),  # noqa: S311 (jitter)
    }
    if found:
        changes |= {"last_item_at": now, "items_found": F("items_found") + found}
    move_all(sources, SOURCE, to="working", **changes)


def failed(sources: Sequence[Source], *, now: datetime, error: NetworkError) -> None:
    """Put down a failed call: retried later, or stopped until a person acts; said at the source's line."""
    for source in sources:
        wait, to = _next_try(error, source.failures)
        counted = not isinstance(error, RateLimited)
        move(
            source,
            SOURCE,
            to=to,
            failures=source.failures + counted,
            failing_since=source.failing_since or now,
            error_code=error.code,
            error_params=error.params,
            next_at=now + wait,
            leased_until=None,
        )


def _next_try(error: NetworkError, failures: int) -> tuple[timedelta, str]:
    backoff = min(FIRST_RETRY * 2 ** min(failures, 12), LAST_RETRY) * random.uniform(0.8, 1.2)  # noqa: S311 (jitter)
    if isinstance(error, RateLimited):
        return _asked(error.retry_after), "failing"
    if isinstance(error, Temporary):
        return max(backoff, _asked(error.retry_after or 0)), "failing"
    if isinstance(error, Rejected | UnexpectedAnswer) and failures < 5:
        # A page that is not a feed today may be a bad hour of its site: a few calm tries first.
        return max(backoff, timedelta(minutes=30)), "failing"
    if isinstance(error, AuthExpired | NotPermitted | Gone | Rejected | UnexpectedAnswer):
        return LAST_RETRY, "stopped"
    return backoff, "failing"


def _asked(seconds: float) -> timedelta:
    """What a server asked for, within reason: a week is as long as for ever."""
    return timedelta(seconds=min(max(seconds, 0.0), 7 * 86_400.0))


def postponed(sources: Sequence[Source], *, until: datetime) -> None:
    """Put off a visit that was not made: its host rests. Nothing failed, the lease is given back."""
    Source.objects.filter(pk__in=[source.pk for source in sources]).update(next_at=until, leased_until=None)


def moved(sources: Sequence[Source], *, target: str | None, title: str) -> None:
    """Follow a place that moved for good, and learn its own name where nobody gave it one."""
    for source in sources:
        changes: dict[str, str] = {}
        if target and target != source.target:
            changes["target"] = target
        if title and not source.title:
            changes["title"] = title[:300]
        if changes:
            Source.objects.filter(pk=source.pk).update(**changes)
