"""The clock of the way out: a row is the truth, a job is only a nudge."""

import asyncio
from collections.abc import Awaitable, Callable

from asgiref.sync import sync_to_async
from django.db.models import Q
from django.utils import timezone
from django_scopes import scope
from procrastinate.contrib.django import app

from palabre.agency.models import Brand
from palabre.publishing.approval.deciding import expire, let_go
from palabre.publishing.approval.mail import ask_people
from palabre.publishing.delivery.finding import find_unknown
from palabre.publishing.delivery.measuring import measure_due
from palabre.publishing.delivery.notices import tell_troubles
from palabre.publishing.delivery.nudge import ASK, TASK
from palabre.publishing.delivery.sending import send_due
from palabre.publishing.feeding.work import RELAY_TASK, due_relays, nudge_relay, serve_relay
from palabre.publishing.importing import tasks as importing_tasks  # noqa: F401 - its jobs are found here
from palabre.publishing.kit import hand_over_due, miss_unanswered
from palabre.publishing.library import tasks as library_tasks  # noqa: F401 - its jobs are found here
from palabre.publishing.recurring.work import SERIES_TASK, due_series, make_series, nudge_series

LOOK = "publishing.look"
_busy: set[str] = set()
"""What this process is at: a nudge that comes meanwhile finds its work being done."""


@app.task(name=TASK)
async def send(timestamp: int = 0) -> None:
    """Send what is due."""
    await _alone(TASK, _send)


@app.periodic(cron="* * * * * */10")
@app.task(name="publishing.clock", queueing_lock="publishing.clock")
async def clock(timestamp: int = 0) -> None:
    """Every ten seconds, whether a nudge came or not: send what is due, and look for what was lost.

    Beside each other: nobody waits for an answer's fate until the last of thousands has left.
    """
    await asyncio.gather(_alone(TASK, _send), _alone(LOOK, find_unknown))


async def _send() -> None:
    await sync_to_async(hand_over_due)(now=timezone.now())
    await send_due(timezone.now)


async def _alone(what: str, work: Callable[[], Awaitable[object]]) -> None:
    """Do it, unless this process is at it."""
    if what in _busy:
        return
    _busy.add(what)
    try:
        await work()
    finally:
        _busy.discard(what)


@app.periodic(cron="* * * * *")
@app.task(name="publishing.tell", queueing_lock="publishing.tell")
def tell(timestamp: int = 0) -> None:
    """Every minute: what is late or needs a person is told, once."""
    now = timezone.now()
    miss_unanswered(now=now)
    for brand in Brand.objects.filter(~Q(state="deleting")):
        with scope(brand=brand):
            tell_troubles(brand=brand, now=now)


@app.periodic(cron="* * * * *")
@app.task(name=ASK, queueing_lock=ASK, lock=ASK)
def ask(timestamp: int = 0) -> None:
    """Every minute, and when something is sent for approval: what is over expires, people are asked."""
    now = timezone.now()
    for brand in Brand.objects.filter(~Q(state="deleting")):
        with scope(brand=brand):
            expire(brand=brand, now=now)
            let_go(brand=brand, by=None, now=now)
            ask_people(brand=brand, now=now)


@app.periodic(cron="*/5 * * * *")
@app.task(name="publishing.measure", queueing_lock="publishing.measure")
async def measure(timestamp: int = 0) -> None:
    """Every five minutes: count what was published an hour, a day, a week or a month ago."""
    await measure_due(timezone.now)


@app.periodic(cron="*/30 * * * *")
@app.task(name="publishing.recur", queueing_lock="publishing.recur")
def recur(timestamp: int = 0) -> None:
    """Every half hour: series whose contents are no longer made far enough ahead get a job each."""
    for series in due_series(now=timezone.now()):
        nudge_series(series)


@app.task(name=SERIES_TASK)
def top_up_series(series: int) -> None:
    """Make what is missing of one series."""
    make_series(series, now=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="publishing.relays", queueing_lock="publishing.relays")
def relays(timestamp: int = 0) -> None:
    """Every minute: feeds that are due and become contents get a job each."""
    for relay in due_relays(now=timezone.now()):
        nudge_relay(relay)


@app.task(name=RELAY_TASK)
def ask_relay(relay: int) -> None:
    """Ask one feed what is new, and make contents of it."""
    serve_relay(relay, now=timezone.now())
