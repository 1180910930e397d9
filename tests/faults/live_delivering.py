"""A sender that dies while it speaks to a real server: what `test_deliveries_live` starts and kills.

    python -m tests.faults.live_delivering seed NETWORK DELIVERIES PROXY   # a sign-in, as JSON, on stdin
    python -m tests.faults.live_delivering work NETWORK STEP               # kills itself with -9 at that step
    python -m tests.faults.live_delivering work NETWORK unharmed
    python -m tests.faults.live_delivering report                          # what became of all, as JSON

As `delivering`, but the network is real; it is reached through PROXY, which misbehaves. STEP counts
the steps of all deliveries, each before and after it: the sender is certain to die there.
"""

import asyncio
import json
import sys
from datetime import timedelta
from typing import Any

from tests.faults import delivering  # sets Django up, for what follows

# isort: split
from django.db import close_old_connections
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from palabre.agency.models import Organisation
from palabre.agency.people import create_brand
from palabre.channels import outcomes
from palabre.channels.connecting import keep_accounts, sign_in_typed
from palabre.networks.registry import connector, manifests
from palabre.publishing.composing.compose import PostDraft, save_post
from palabre.publishing.composing.content import Content
from palabre.publishing.delivery import claims, finding, sending
from palabre.publishing.delivery.planning import plan
from palabre.publishing.models import Delivery
from tests.faults.dying import Fated, mortal, mortal_call


def seed(network: str, deliveries: int, proxy: str, sign_in: dict[str, Any]) -> None:
    """One account, contents all due now; threads where the network has them."""
    house = Organisation.objects.create(name="Agence Iroko")
    brand = create_brand(organisation=house, by=None, name="Café Baobab")
    kind = next(one for one in manifests()[network].sign_ins if one.key == sign_in["kind"])
    threads = network != "wordpress"
    with scope(brand=brand):
        granted = sign_in_typed(network=network, kind=kind, typed=sign_in["fields"])
        (channel, *_) = keep_accounts(brand=brand, by=None, granted=granted)
        server, kept = sign_in["fields"]["server"], json.loads(channel.credentials)
        kept = {name: value.replace(server, proxy) for name, value in kept.items()}
        channel.credentials = json.dumps(kept)
        channel.save(update_fields=["credentials"])
        now = timezone.now()
        for n in range(deliveries):
            parts = tuple(f"Suite {n}.{part}." for part in range(n % 3 if threads else 0))
            title = "" if threads else f"Titre {n}"
            content = Content(text=f"Contenu {n}.", title=title, parts=parts)
            post = save_post(
                brand=brand, by=None, draft=PostDraft(content=content, channels={channel.pk: {}})
            )
            plan(deliveries=list(post.deliveries()), at=now, by=None, now=now)


def work(network: str, chance: Any) -> None:
    """Send and look until nothing more will happen by itself."""
    claims.LEASE = timedelta(seconds=5)
    # A server that was cut off goes on writing for a while, on a loaded machine for longer.
    finding.SETTLE, finding.NEXT_LOOKS = timedelta(seconds=10), (1,) * 60
    outcomes.RETRIES, outcomes.FIRST_LOOK = (0.02,) * 40, timedelta(seconds=0.3)
    if chance is not None:
        for module, name in delivering.STEPS:
            setattr(module, name, mortal(getattr(module, name), chance))
        kind: Any = type(connector(network))
        kind.publish = mortal_call(kind.publish, chance)
    while True:
        close_old_connections()
        asyncio.run(sending.send_due())
        asyncio.run(finding.find_unknown())
        with scopes_disabled():
            waiting = Delivery.objects.filter(state__in=("scheduled", "sending"))
            sought = Delivery.objects.filter(state="unknown", try_at__isnull=False)
            if not waiting.exists() and not sought.exists():
                return
        asyncio.run(asyncio.sleep(0.2))


def report() -> list[dict[str, Any]]:
    """Each delivery: where it stands, what it said, what it left there."""
    with scopes_disabled():
        return [
            {
                "state": row.state,
                "texts": [row.variant.post.said.text, *row.variant.post.said.parts],
                "ids": [step["remote_id"] for step in row.sent],
            }
            for row in Delivery.objects.select_related("variant__post")
        ]


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["seed", key, count, address]:
            seed(key, int(count), address, json.load(sys.stdin))
        case ["work", key, number]:
            work(key, None if number == "unharmed" else Fated(int(number)))
        case ["report"]:
            print(json.dumps(report()))
        case _:
            sys.exit(__doc__)
