"""Writing topics: refused with a pointed message when the query is bad, seen by every process within 2 s."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from palabre.agency.audit import record
from palabre.agency.models import Brand, User
from palabre.listening.models import About, Quality, Source, Strictness, Topic
from palabre.listening.record import recount_topics
from palabre.networks.registry import manifests
from palabre.query import is_unbounded, parse, search_phrases

REVISION_LOCK = 0x70616C61
"""Advisory lock of topic changes: revisions are committed in their order, so that a process that
has read up to N never misses one below N."""

SEARCHES = 12
"""Searches a brand asks of one network in a round: each is a call."""


class UnboundedQuery(Exception):
    """The query can match everything and nobody confirmed that this is meant."""


@dataclass(frozen=True, kw_only=True)
class TopicDraft:
    """What a person typed about a topic, already cleaned by the form."""

    name: str
    query: str
    about: str = About.OURS
    languages: Sequence[str] = ()
    languages_mode: str = Strictness.PREFERRED
    regions: Sequence[str] = ()
    regions_mode: str = Strictness.PREFERRED
    networks: Sequence[str] = ()
    quality: str = Quality.ALL
    excluded_sites: Sequence[str] = field(default=())
    excluded_authors: Sequence[str] = field(default=())
    unbounded_confirmed: bool = False


def draft_of(topic: Topic) -> TopicDraft:
    """A topic as a person would type it again."""
    return TopicDraft(**{name: getattr(topic, name) for name in TopicDraft.__dataclass_fields__})


def check(query: str, *, unbounded_confirmed: bool = False) -> None:
    """Raises `palabre.query.QueryError` for a bad query, UnboundedQuery for one without bounds."""
    parsed = parse(query)
    if is_unbounded(parsed) and not unbounded_confirmed:
        raise UnboundedQuery


@transaction.atomic
def save_topic(*, brand: Brand, by: User | None, draft: TopicDraft, topic: Topic | None = None) -> Topic:
    """Create or change a topic. Raises as `check`."""
    check(draft.query, unbounded_confirmed=draft.unbounded_confirmed)
    before = _settings(topic) if topic else None
    topic = topic or Topic(brand=brand)
    for name, value in vars(draft).items():
        setattr(topic, name, list(value) if isinstance(value, tuple | list) else value)
    topic.revision = _next_revision()
    topic.save()
    wake_searches(brand=brand)
    record(
        brand=brand,
        by=by,
        act="topic.change" if before else "topic.create",
        subject=topic.name,
        before=before,
        after=_settings(topic),
    )
    return topic


@transaction.atomic
def pause_topic(*, topic: Topic, by: User, paused: bool) -> None:
    """Stop or resume matching; what was found stays."""
    topic.is_paused = paused
    topic.revision = _next_revision()
    topic.save(update_fields=["is_paused", "revision"])
    wake_searches(brand=topic.brand)
    record(brand=topic.brand, by=by, act="topic.pause" if paused else "topic.resume", subject=topic.name)


@transaction.atomic
def delete_topic(*, topic: Topic, by: User) -> None:
    """Put away: its mentions leave the pages at once; `restore_topic` brings all of it back."""
    topic.deleted_at = timezone.now()
    topic.revision = _next_revision()
    topic.save(update_fields=["deleted_at", "revision"])
    recount_topics(brand=topic.brand)
    record(brand=topic.brand, by=by, act="topic.delete", subject=topic.name)


@transaction.atomic
def restore_topic(*, topic: Topic, by: User) -> None:
    """Undo `delete_topic`; if its name was given to another meanwhile, a number follows it."""
    taken = set(Topic.objects.filter(brand=topic.brand, deleted_at=None).values_list("name", flat=True))
    names = [topic.name, *(f"{topic.name[:110]} ({n})" for n in range(2, len(taken) + 3))]
    topic.name = next(name for name in names if name not in taken)
    topic.deleted_at = None
    topic.revision = _next_revision()
    topic.save(update_fields=["name", "deleted_at", "revision"])
    wake_searches(brand=topic.brand)
    recount_topics(brand=topic.brand)
    record(brand=topic.brand, by=by, act="topic.restore", subject=topic.name)


def search_words(brand: Brand) -> tuple[str, ...]:
    """What to ask a network that searches: phrases such that every match of a live topic holds one of its
    topic's; the brand's own scope.

    Topics without such a phrase (only prefixes, only fields) ask for nothing.
    """
    words: dict[str, None] = {}
    for topic in Topic.objects.filter(brand=brand, deleted_at=None, is_paused=False).order_by("pk"):
        words.update(dict.fromkeys(search_phrases(parse(topic.query))))
    return tuple(words)[:SEARCHES]


def wake_searches(*, brand: Brand) -> None:
    """The words have changed: the searches of the brand are asked at the next round."""
    searches = Q()
    for network, manifest in manifests().items():
        kinds = [kind.key for kind in manifest.watches if kind.needs_topic]
        searches |= Q(network=network, kind__in=kinds)
    Source.objects.filter(searches, brand=brand, state__in=("new", "working")).update(next_at=timezone.now())


def suggest_query(name: str, *, website: str = "") -> str:
    """A first query for a brand: its name as a phrase, as one hashtag, and links to its site."""
    cleaned = " ".join(name.replace('"', " ").split())
    if not cleaned:
        return ""
    phrase = f'"{cleaned}"' if " " in cleaned else cleaned
    parts = [phrase]
    compact = "".join(character for character in cleaned if character.isalnum())
    if compact and compact.casefold() != phrase.casefold():
        parts.append(f"#{compact}")
    host = website.split("//")[-1].split("/")[0].removeprefix("www.")
    if host and host.count("."):
        parts.append(f'"{host}"')
    return " OR ".join(parts)


def _settings(topic: Topic) -> dict[str, object]:
    return {name: getattr(topic, name) for name in TopicDraft.__dataclass_fields__}


def _next_revision() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [REVISION_LOCK])
        cursor.execute("SELECT coalesce(max(revision), 0) + 1 FROM listening_topic")
        return int(cursor.fetchone()[0])
