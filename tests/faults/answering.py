"""Syncs and senders of the inbox that die: the process that `test_answers` starts.

    python -m tests.faults.answering STORE LIFE...

Each life is a process of its own, the next one begins when it ended: `seed:300` says so much to the
accounts, `hear` and `send` work until nothing is left to do, `answer` makes an answer to everybody ready,
`report` prints what became of all, as JSON. `send:publish:after:9` is to kill itself with -9 after the
ninth call of that step. The exit code is 1 if one ended otherwise than it should.

As in `delivering`: the sandbox, whose posts stand in the file STORE; what is sent twice stands there twice.
The last account's network cannot tell what stands there. Waiting times are shortened, nothing else.
"""
# ruff: noqa: E402 - the rooms are imported once Django is set up

import asyncio
import json
import os
import random
import signal
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import cycle
from multiprocessing import get_context
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "palabre.config.settings")
import django

django.setup()

from django.db.models import Q
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from palabre.agency.models import AuditEntry, Brand, Member, Organisation
from palabre.agency.people import create_brand
from palabre.agency.roles import Role
from palabre.channels import outcomes
from palabre.channels.models import Channel
from palabre.enrichment import analyse
from palabre.inbox import finding, sending
from palabre.inbox.answering import answer
from palabre.inbox.models import Conversation, Line, Message, Reply
from palabre.inbox.selectors import stuck
from palabre.intake import hear as hearing
from palabre.networks.registry import connector
from palabre.networks.sandbox.manifest import Behaviour
from palabre.networks.sandbox.store import Store
from tests.builders import build_user
from tests.faults.dying import Chance, Fated, forgetful, mortal, mortal_call

NAMES = ("baobab", "iroko", "neem", "ronier", "kola")
"""The accounts; the last one's network cannot tell."""
VISITED = 8
"""Visits of each account that are planned to go wrong, or so that nothing must come of it."""
MORE = 3
"""Said to each account before each life of the sync."""
VISITS = (
    Behaviour.OLD_CURSOR,
    Behaviour.REPEATED_PAGE,
    Behaviour.DUPLICATES,
    Behaviour.TEMPORARY,
    Behaviour.WELL,
)
WRITES = (
    Behaviour.CUT_AFTER,
    Behaviour.TEMPORARY,
    Behaviour.OUTCOME_UNKNOWN,
    Behaviour.WELL,
    Behaviour.WELL,
)
HEAR = {
    "claim": hearing,
    "commit": hearing,
    "_store": hearing,
    "receive": hearing,
    "put_down_failure": hearing,
}
SEND = {
    "claim": sending,
    "sweep": sending,
    "count_call": sending,
    "proved": sending,
    "kept_message": sending,
    "put_down_failure": sending,
    "_absent": finding,
}
"""Where each may die: before these or after them; `kept_message` is in the middle of the proof."""


class Never:
    """A chance that never comes."""

    def random(self) -> float:
        """Never deadly."""
        return 1.0


def seed(store: str, messages: int) -> None:
    """A brand with its accounts, what each published, and what people said of it."""
    house = Organisation.objects.create(name=name_of(store))
    build_user(f"{name_of(store)}@iroko.example", house, Role.OWNER)
    brand = create_brand(organisation=house, by=None, name=name_of(store), is_demo=True)
    kept, chance = Store(store), random.Random(7)
    with scope(brand=brand):
        for place, name in enumerate(NAMES):
            kept.grant(f"{name}-0", name)
            secrets = {"name": name, "store": store, "token": f"{name}-0"}
            if name == NAMES[-1]:
                secrets["behaviour"] = Behaviour.CANNOT_TELL
            Channel.objects.create(
                brand=brand,
                network="sandbox",
                account=name,
                handle=name,
                server="sandbox.example",
                credentials=json.dumps(secrets),
            )
            kept.say(name, name, f"La carte de {name}", at=timezone.now() - timedelta(hours=1))
            kept.plan(f"{name}@ear", *(VISITS[(place + n) % len(VISITS)] for n in range(VISITED)))
            kept.plan(name, *(chance.choice(WRITES) for _ in range(40)))
    say(kept, messages // len(NAMES))


def say(kept: Store, messages: int) -> None:
    """So many people more say something to each account, each for the first time."""
    for name in NAMES:
        root, *_ = (post.id for post in kept.of(name) if not post.key)
        there = max(one.place for one in kept.heard(name, since=0, most=1_000_000))
        for n in range(messages):
            said = f"Le thé {there + n} ?"
            kept.say(name, f"{name}-{there + n}", said, at=timezone.now(), reply_to=root)


def hear(store: str, fate: Sequence[str]) -> None:
    """Hear until all that was said is heard; a little more is said first, while there is a fate."""
    hearing.LEASE = timedelta(seconds=1)
    doom(HEAR, fate)
    kept = Store(store)
    if fate:
        say(kept, MORE)
    while True:
        with scope(brand=brand_of(store)):
            hearing.hear_again(brand_of(store), now=timezone.now())
        asyncio.run(hearing.hear_due())
        if heard_all(kept, brand_of(store)):
            return
        asyncio.run(asyncio.sleep(0.1))


def heard_all(kept: Store, brand: Brand) -> bool:
    """Whether every line of the brand stands at the end of what there is to hear."""
    with scope(brand=brand):
        lines = {line.channel.account: line for line in Line.objects.select_related("channel")}
    last = {name: kept.heard(name, since=0, most=1_000_000)[-1].place for name in NAMES}
    return lines.keys() == last.keys() and all(
        line.leased_until is None and (line.cursor or {}).get("place") == last[name]
        for name, line in lines.items()
    )


def answer_all(store: str) -> None:
    """An answer to everybody."""
    brand = brand_of(store)
    owner = Member.objects.get(organisation=brand.organisation).user
    with scope(brand=brand):
        for conversation, then in zip(Conversation.objects.order_by("pk"), cycle(("waiting", "done"))):
            seen = conversation.messages.latest("pk").pk
            text = f"Réponse {conversation.pk}"
            answer(conversation=conversation, by=owner, text=text, seen=seen, then=then, now=timezone.now())


def send(store: str, fate: Sequence[str]) -> None:
    """Send and look until nothing more will happen by itself."""
    forgetful(Store)
    sending.LEASE, sending.MOST = timedelta(seconds=1), 24
    finding.SETTLE, finding.NEXT_LOOKS = timedelta(seconds=1), (1, 1, 1, 1, 1)
    outcomes.RETRIES, outcomes.FIRST_LOOK = (0.005,) * 40, timedelta(seconds=0.2)
    doom(SEND, fate)
    while True:
        asyncio.run(sending.send_due())
        asyncio.run(finding.find_unknown())
        with scopes_disabled():
            under_way = Q(state__in=("ready", "sending")) | Q(state="unknown", try_at__isnull=False)
            if not Reply.objects.filter(under_way, brand=brand_of(store)).exists():
                return
        asyncio.run(asyncio.sleep(0.1))


def doom(steps: dict[str, Any], fate: Sequence[str]) -> None:
    """Let the process die at a step: its name, "before" or "after" it, and the how many-th time."""
    if not fate:
        return
    name, side, times = fate
    never: Chance = Never()
    fated: Chance = Fated(int(times))
    chances = (fated, never) if side == "before" else (never, fated)
    if name == "publish":
        sandbox: Any = type(connector("sandbox"))
        sandbox.publish = mortal_call(sandbox.publish, *chances)
    else:
        setattr(steps[name], name, mortal(getattr(steps[name], name), *chances))


def report(store: str) -> dict[str, Any]:
    """Of what was said and what was answered: what is twice, what is absent, what a person has to look at."""
    kept, brand = Store(store), brand_of(store)
    said = {(name, one.post.id) for name in NAMES for one in kept.heard(name, since=0, most=1_000_000)}
    standing = Counter(post.key for name in NAMES for post in kept.of(name) if post.key)
    with scope(brand=brand):
        rows = Message.objects.values_list("thread__channel__account", "item__remote_id")
        filed = Counter(rows)
        counted = sum(Conversation.objects.values_list("counted", flat=True))
        in_talk = Message.objects.filter(conversation__isnull=False).count()
        replies = list(Reply.objects.select_related("conversation__channel"))
        sent = [reply for reply in replies if reply.state == "sent"]
        unknown = [reply for reply in replies if reply.state == "unknown"]
        ours = Counter(Message.objects.filter(ours=True).values_list("conversation_id", flat=True))
        told = AuditEntry.objects.filter(brand=brand, act="inbox.reply").count()
        return {
            "messages": sum(filed.values()),
            "messages twice": [list(one) for one, times in filed.items() if times > 1],
            "messages absent": [list(one) for one in sorted(said - filed.keys())],
            "messages miscounted": counted - in_talk,
            "states": Counter(reply.state for reply in replies),
            "twice": [key for key, times in standing.items() if times > 1],
            "absent": [str(reply.key) for reply in sent if not standing[str(reply.key)]],
            "unproved": [r.pk for r in sent if not r.remote_id or ours[r.conversation_id] != 1],
            "proved twice": told - len(sent),
            "unknown elsewhere": [r.pk for r in unknown if r.conversation.channel.account != NAMES[-1]],
            "unseen": len(unknown) - stuck(),
        }


def brand_of(store: str) -> Brand:
    """The brand that speaks through this store."""
    return Brand.objects.get(name=name_of(store))


def name_of(store: str) -> str:
    """Its name, for several to live in one database."""
    return Path(store).stem


def live(store: str, told: str) -> bool:
    """One life; whether it ended as it should."""
    work, *fate = told.split(":")
    lives: dict[str, Callable[[], None]] = {
        "seed": lambda: seed(store, int(fate[0])),
        "hear": lambda: hear(store, fate),
        "answer": lambda: answer_all(store),
        "send": lambda: send(store, fate),
        "report": lambda: print(json.dumps(report(store)), flush=True),
    }
    # Forked: all that is loaded is loaded once. No connection is open here, each life opens its own.
    process = get_context("fork").Process(target=lives[work])
    process.start()
    process.join()
    return process.exitcode == (-signal.SIGKILL if len(fate) == 3 else 0)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    analyse(["Le thé est servi."], languages=[None])
    for asked in sys.argv[2:]:
        if not live(sys.argv[1], asked):
            sys.exit(f"{asked} ended otherwise than it should")
