"""The calendar of a brand with 2,000 contents this month, among 50,000 stored: the page, and a drag."""

import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from palabre.kit.memory import settle
from tests.bench.database import own_database
from tests.bench.report import Row

IN_THE_MONTH = 2_000
STORED = 50_000
RUNS = 40
PAGE_BAR, DRAG_BAR = 150, 100
"""Milliseconds, at the 95th percentile, from the request to the whole answer."""


def run() -> list[Row]:
    """Every view in turn, warm, through Django's own client; then a content moved again and again."""
    with own_database():
        from django_scopes import scopes_disabled

        with scopes_disabled():
            brand, user = _furnish()
        return [*_pages(user), _drag(brand, user)]


def _furnish() -> tuple[Any, Any]:
    """A brand with five accounts, four pillars, and contents spread over two years."""
    from palabre.agency.models import Brand, Member, Organisation, User
    from palabre.agency.roles import Role
    from palabre.channels.models import Channel
    from palabre.publishing.models import Pillar

    organisation = Organisation.objects.create(name="Bench")
    user = User.objects.create_user("bench@palabre.example", None, name="Bench")
    Member.objects.create(user=user, organisation=organisation, role=Role.OWNER)
    brand = Brand.objects.create(organisation=organisation, name="Bench", slug="bench")
    networks = ("bluesky", "mastodon", "wordpress", "facebook_page", "linkedin_page")
    channels = [
        Channel.objects.create(brand=brand, network=key, account=key, handle=f"bench.{key}")
        for key in networks
    ]
    pillars = [Pillar.objects.create(brand=brand, name=name, target=25) for name in "ABCD"]
    first = _month()
    month = [first + timedelta(minutes=n * 21) for n in range(IN_THE_MONTH)]
    before = [first - timedelta(minutes=(n + 1) * 21) for n in range(STORED - IN_THE_MONTH)]
    _store(brand, user, channels, pillars, month, "scheduled")
    _store(brand, user, channels, pillars, before, "published")
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return brand, user


def _month() -> datetime:
    """The first of the month after this one: all of it may still move."""
    now = datetime.now(UTC)
    following = (now.replace(day=1) + timedelta(days=32)).replace(day=1)
    return following.replace(hour=0, minute=0, second=0, microsecond=0)


def _store(brand: Any, user: Any, channels: Any, pillars: Any, hours: list[datetime], state: str) -> None:
    from palabre.publishing.models import Delivery, Post, Variant

    words = "Une tasse fumante sur le zinc, et la semaine commence. Racontez-nous la vôtre ! "
    for start in range(0, len(hours), 5_000):
        some = hours[start : start + 5_000]
        posts = Post.objects.bulk_create(
            Post(
                brand=brand,
                author=user,
                content={"text": f"{n} {words * 3}"},
                pillar=pillars[n % len(pillars)],
            )
            for n in range(len(some))
        )
        variants = Variant.objects.bulk_create(
            Variant(brand=brand, post=post, channel=channels[n % len(channels)])
            for n, post in enumerate(posts)
        )
        Delivery.objects.bulk_create(
            Delivery(
                brand=brand,
                variant=variant,
                channel_id=variant.channel_id,
                state=state,
                due_at=at,
                try_at=at,
                published_at=at if state == "published" else None,
                remote_id=f"{state}-{start + n}" if state == "published" else "",
            )
            for n, (variant, at) in enumerate(zip(variants, some, strict=True))
        )


def _client(user: Any) -> Any:
    from django.test import Client

    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user)
    return client


def _pages(user: Any) -> list[Row]:
    client, on = _client(user), f"{_month():%Y-%m-%d}"

    def ask(view: str) -> Callable[[], None]:
        def asked() -> None:
            answer = client.get("/b/bench/publish/", {"view": view, "on": on})
            assert answer.status_code == 200

        return asked

    bars = {"month": PAGE_BAR}
    return [
        _row(f"page: {view}", ask(view), bars.get(view)) for view in ("month", "week", "day", "lanes", "list")
    ]


def _drag(brand: Any, user: Any) -> Row:
    from django_scopes import scope

    from palabre.publishing.models import Delivery

    client = _client(user)
    with scope(brand=brand):
        rows = list(Delivery.objects.filter(state="scheduled").order_by("due_at")[500 : 500 + RUNS + 1])
    waiting = iter(rows)

    def asked() -> None:
        row = next(waiting)
        to = row.due_at + timedelta(days=1)
        answer = client.post(
            "/b/bench/publish/calendar/move/",
            {
                "parts": row.pk,
                "seen": row.due_at.isoformat(),
                "day": f"{to:%Y-%m-%d}",
                "hour": "12:34",
            },
            headers={"accept": "application/json"},
        )
        assert answer.json()["moved"], answer.content

    return _row("a content dragged to another day", asked, DRAG_BAR)


def _row(work: str, ask: Callable[[], None], bar: int | None) -> Row:
    ask()  # What a process reads once (holidays, templates) is not what a page costs.
    settle()  # as the web process does
    took = []
    for _ in range(RUNS):
        began = time.perf_counter()
        ask()
        took.append(1000 * (time.perf_counter() - began))
    p95 = statistics.quantiles(took, n=20, method="inclusive")[-1]
    return Row(
        work=work,
        figure=round(p95, 1),
        unit="ms p95",
        bar=f"< {bar} ms" if bar else "",
        met=p95 < bar if bar else None,
        note=f"p50 {statistics.median(took):.1f} ms, {IN_THE_MONTH} contents in the month of {STORED} stored",
    )
