"""The demo agency: two invented brands and ninety days of what an invented town says of them.

Everything takes the real way, in and out, so that every page shows what it would show of a real brand.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone, translation
from django_scopes import scope

from palabre.agency.models import Brand, Organisation, User
from palabre.agency.people import create_brand, create_owner
from palabre.alerts.models import Frequency, Rule, Trigger
from palabre.alerts.subscriptions import save_rule
from palabre.intake import demo_talk
from palabre.intake.pipeline import Batch, take_in
from palabre.listening.matching import Matcher
from palabre.listening.models import About, Source
from palabre.listening.sources import SourceDraft, add_source
from palabre.listening.topics import TopicDraft, save_topic, suggest_query
from palabre.networks.contract import RemoteItem
from palabre.networks.sandbox import demo_items
from palabre.publishing import demo as publishing

EMAIL, PASSWORD = "demo@palabre.example", "palabre-demo"
DAYS = 90
BRANDS = (
    ("Café Baobab", ("Torréfaction du Port", "Maison Iroko")),
    ("Musée d’Iroko", ("Musée du Fleuve",)),
)


@transaction.atomic
def plant(*, now: datetime | None = None, days: int = DAYS) -> None:
    """Make the agency, its brands, topics, sources and alerts, and let the invented mentions in.

    All of it or nothing. Raises OwnerExists where somebody is at home already.
    """
    now = now or timezone.now()
    owner = create_owner(
        name="Inès (démo)",
        email=EMAIL,
        password=PASSWORD,
        organisation="Agence Iroko (démonstration)",
        language="fr",
        time_zone="Europe/Paris",
    )
    organisation = Organisation.objects.get(members__user=owner)
    for number, (name, competitors) in enumerate(BRANDS, start=1):
        brand = create_brand(organisation=organisation, by=owner, name=name, is_demo=True)
        # What the demo names is named in its owner's language, whatever the terminal speaks.
        with scope(brand=brand), translation.override(owner.language):
            source = _furnish(brand, owner, competitors)
            publishing.plant(brand=brand, by=owner, now=now)
            demo_talk.plant(brand=brand, now=now)
        fill(source, [name, *competitors], now=now, days=days, seed=number)


def _furnish(brand: Brand, owner: User, competitors: Sequence[str]) -> Source:
    topics = [(brand.name, About.OURS), *((name, About.COMPETITOR) for name in competitors)]
    for name, about in topics:
        draft = TopicDraft(name=name, query=suggest_query(name), about=about, languages=["fr", "en"])
        save_topic(brand=brand, by=owner, draft=draft)
    for trigger, frequency in ((Trigger.MENTION, Frequency.DAILY), (Trigger.BURST, Frequency.INSTANT)):
        name = f"{brand.name} · {trigger.label}"
        rule = Rule(brand=brand, name=name, trigger=trigger, frequency=frequency, language=owner.language)
        save_rule(rule=rule, by=owner, recipients=[])
    add_source(brand=brand, by=owner, draft=SourceDraft(network="sandbox", kind="live"))
    return add_source(brand=brand, by=owner, draft=SourceDraft(network="sandbox", kind="search"))


def fill(source: Source, names: Sequence[str], *, now: datetime, days: int, seed: int) -> None:
    """Let in what is said of each name over `days`, oldest first, as if it had been read day by day."""
    matcher = Matcher()
    said = sorted(_said(names, now=now, days=days, seed=seed), key=lambda item: item.published_at or now)
    for items in _chunks(said, 500):
        at = items[-1].published_at or now
        batch = Batch(network="sandbox", sources=(source,), items=items, cursor={}, wait=0, at=at, filed=True)
        take_in(batch, matcher)


def _said(names: Sequence[str], *, now: datetime, days: int, seed: int) -> Iterator[RemoteItem]:
    for place, name in enumerate(names):
        for tongue in ("fr", "en") if place == 0 else ("fr",):
            yield from demo_items([name], now - timedelta(days=days), now, seed * 100 + place, tongue)


def _chunks(items: Sequence[RemoteItem], size: int) -> Iterator[Sequence[RemoteItem]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
