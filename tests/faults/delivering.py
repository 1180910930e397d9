"""A sender that dies: the process that `test_deliveries` starts, kills and starts again.

    python -m tests.faults.delivering seed STORE DELIVERIES
    python -m tests.faults.delivering work STORE SEED      # kills itself with -9 at some step
    python -m tests.faults.delivering work STORE unharmed
    python -m tests.faults.delivering report STORE         # what became of all, as JSON

It sends through the sandbox network, whose posts stand in the file STORE, whoever dies; what is sent
twice stands there twice. Waiting times are shortened, nothing else is changed.
"""
# ruff: noqa: E402 - the rooms are imported once Django is set up

import asyncio
import json
import os
import random
import sys
from collections import Counter
from datetime import timedelta
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "palabre.config.settings")
import django

django.setup()

from django.db import OperationalError, close_old_connections, connection
from django.db.models import Q
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from palabre.agency.models import Organisation
from palabre.agency.people import create_brand
from palabre.channels import outcomes
from palabre.channels.connecting import keep_accounts, sign_in_typed
from palabre.networks.registry import connector, manifests
from palabre.networks.sandbox.manifest import Behaviour
from palabre.networks.sandbox.store import Store
from palabre.publishing.composing.compose import PostDraft, save_post
from palabre.publishing.composing.content import Content
from palabre.publishing.delivery import claims, finding, sending
from palabre.publishing.delivery.planning import plan
from palabre.publishing.models import Delivery
from tests.faults.dying import Chance, forgetful, mortal, mortal_call

ACCOUNTS = 20
MISDEEDS = (
    Behaviour.CUT_AFTER,
    Behaviour.OUTCOME_UNKNOWN,
    Behaviour.TEMPORARY,
    Behaviour.SLOW,
    Behaviour.HALF_THREAD,
    Behaviour.RATE_LIMITED,
    Behaviour.CUT_AFTER,
    Behaviour.EXPIRES,
)
STEPS = (
    (claims, "claim_due"),
    (claims, "sweep"),
    (sending, "_begin"),
    (sending, "keep"),
    (sending, "put_down_failure"),
    (sending, "advance"),
    (finding, "_found"),
    (finding, "_not_seen"),
)
"""Where a process may die: before each of these, after it, and (`advance`) in the middle of a commit."""


def seed(store: str, deliveries: int) -> None:
    """Accounts at the sandbox, contents of one to three parts, all due now; a plan of misdeeds."""
    chance = random.Random(7)
    house = Organisation.objects.create(name="Agence Iroko")
    brand = create_brand(organisation=house, by=None, name="Café Baobab", is_demo=True)
    kind = manifests()["sandbox"].sign_ins[0]
    with scope(brand=brand):
        channels = [
            keep_accounts(
                brand=brand,
                by=None,
                granted=sign_in_typed(
                    network="sandbox", kind=kind, typed={"name": f"compte-{n}", "store": store}
                ),
            )[0]
            for n in range(ACCOUNTS)
        ]
        now = timezone.now()
        for n in range(deliveries):
            parts = tuple(f"Suite {n}.{part}" for part in range(chance.choice((0, 0, 0, 1, 2))))
            draft = PostDraft(
                content=Content(text=f"Contenu {n}", parts=parts),
                channels={channels[n % ACCOUNTS].pk: {}},
            )
            post = save_post(brand=brand, by=None, draft=draft)
            plan(deliveries=list(post.deliveries()), at=now, by=None, now=now)
    kept = Store(store)
    for channel in channels:
        kept.plan(
            channel.account, *(chance.choice((Behaviour.WELL, Behaviour.WELL, *MISDEEDS)) for _ in range(60))
        )


def work(store: str, chance: Chance | None) -> None:
    """Send and look until all is settled; whatever happens to the database is waited for."""
    forgetful(Store)
    claims.LEASE = timedelta(seconds=4)
    finding.SETTLE, finding.NEXT_LOOKS = timedelta(seconds=2), (1, 1, 1, 1, 1)
    outcomes.RETRIES, outcomes.FIRST_LOOK = (0.02,) * 40, timedelta(seconds=0.3)
    if chance is not None:
        for module, name in STEPS:
            setattr(module, name, mortal(getattr(module, name), chance))
        sandbox: Any = connector("sandbox")
        type(sandbox).publish = mortal_call(type(sandbox).publish, chance)
    while True:
        try:
            close_old_connections()
            asyncio.run(sending.send_due())
            asyncio.run(finding.find_unknown())
            if not under_way():
                return
        except OperationalError:
            connection.close()
        asyncio.run(asyncio.sleep(0.2))


def under_way() -> bool:
    """Whether something is left that does not wait for a person."""
    with scopes_disabled():
        open_ = Q(state__in=("scheduled", "sending")) | Q(state="unknown", try_at__isnull=False)
        return Delivery.objects.filter(open_, channel__state="working").exists()


def report(store: str) -> dict[str, Any]:
    """States, what stands twice at the network, what is said published but is not there whole."""
    kept = Store(store)
    standing: Counter[tuple[str, str]] = Counter()
    for n in range(ACCOUNTS):
        standing.update((post.key, post.step) for post in kept.of(f"compte-{n}"))
    with scopes_disabled():
        rows = list(Delivery.objects.select_related("variant__post"))
    wanted = {
        (str(row.key), f"part-{place}")
        for row in rows
        if row.state == "published"
        for place in range(1 + len(row.variant.post.said.parts))
    }
    return {
        "states": Counter(row.state for row in rows),
        "twice": [list(key) for key, times in standing.items() if times > 1],
        "absent": [list(key) for key in wanted - standing.keys()],
        "unproved": sum(1 for row in rows if row.state == "published" and not row.remote_id),
    }


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["seed", path, count]:
            seed(path, int(count))
        case ["work", path, number]:
            work(path, None if number == "unharmed" else random.Random(int(number)))
        case ["report", path]:
            print(json.dumps(report(path)))
        case _:
            sys.exit(__doc__)
