"""The demo agency: two invented brands and ninety days of what an invented town says of them.

Everything takes the real way, in and out, so that every page shows what it would show of a real brand.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone, translation
from django_scopes import scope

from palabre.agency.models import Brand, Organisation, User
from palabre.agency.people import create_brand, create_owner
from palabre.alerts.models import Frequency, Rule, Trigger
from palabre.alerts.subscriptions import save_rule
from palabre.intake import demo_moderation, demo_talk
from palabre.intake.pipeline import Batch, take_in
from palabre.listening.matching import Matcher
from palabre.listening.models import About, Source
from palabre.listening.sources import SourceDraft, add_source
from palabre.listening.topics import TopicDraft, save_topic, suggest_query
from palabre.networks.contract import RemoteItem
from palabre.networks.sandbox import demo_items
from palabre.networks.sandbox.invented.shape import Tongue, Trade
from palabre.publishing import demo as publishing

EMAIL, PASSWORD = "demo@palabre.example", "palabre-demo"
DAYS = 90


@dataclass(frozen=True, kw_only=True)
class House:
    """The demo's agency as its owner's language names it: the owner, the agency, each brand with its
    trade and its competitors."""

    owner: str
    agency: str
    brands: tuple[tuple[str, Trade, tuple[str, ...]], ...]


HOUSES: Mapping[Tongue, House] = {
    "fr": House(
        owner="Inès (démo)",
        agency="Agence Iroko (démonstration)",
        brands=(
            ("Café Baobab", "café", ("Torréfaction du Port", "Maison Iroko")),
            ("Musée d’Iroko", "museum", ("Musée du Fleuve",)),
        ),
    ),
    "en": House(
        owner="Ines (demo)",
        agency="Iroko Agency (demo)",
        brands=(
            ("Café Baobab", "café", ("Harbour Roasters", "Iroko House")),
            ("Iroko Museum", "museum", ("River Museum",)),
        ),
    ),
}


@transaction.atomic
def plant(*, now: datetime | None = None, days: int = DAYS, language: Tongue = "fr") -> None:
    """Make the agency, its brands, topics, sources and alerts, and let the invented mentions in.

    `language` is the owner's, and that of what the brands say. All of it or nothing.
    Raises OwnerExists where somebody is at home already.
    """
    now, house = now or timezone.now(), HOUSES[language]
    owner = create_owner(
        name=house.owner,
        email=EMAIL,
        password=PASSWORD,
        organisation=house.agency,
        language=language,
        time_zone="Europe/Paris",
    )
    organisation = Organisation.objects.get(members__user=owner)
    for number, (name, trade, competitors) in enumerate(house.brands, start=1):
        brand = create_brand(organisation=organisation, by=owner, name=name, is_demo=True)
        # What the demo names is named in its owner's language, whatever the terminal speaks.
        with scope(brand=brand), translation.override(owner.language):
            source = _furnish(brand, owner, competitors)
            publishing.plant(brand=brand, by=owner, trade=trade, now=now)
            demo_talk.plant(brand=brand, trade=trade, language=language, now=now)
            if number == 1:
                demo_moderation.plant(brand=brand, by=owner, language=language, now=now)
        fill(source, [name, *competitors], now=now, days=days, seed=number, first=language)


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


def fill(
    source: Source, names: Sequence[str], *, now: datetime, days: int, seed: int, first: Tongue = "fr"
) -> None:
    """Let in what is said of each name over `days`, oldest first, as if it had been read day by day.

    Of the first name it is said in both languages, of the others in `first`.
    """
    matcher = Matcher()
    said = sorted(
        _said(names, first, now=now, days=days, seed=seed), key=lambda item: item.published_at or now
    )
    for items in _chunks(said, 500):
        at = items[-1].published_at or now
        batch = Batch(network="sandbox", sources=(source,), items=items, cursor={}, wait=0, at=at, filed=True)
        take_in(batch, matcher)


def _said(
    names: Sequence[str], first: Tongue, *, now: datetime, days: int, seed: int
) -> Iterator[RemoteItem]:
    both: tuple[Tongue, ...] = ("fr", "en")
    for place, name in enumerate(names):
        for tongue in both if place == 0 else (first,):
            yield from demo_items([name], now - timedelta(days=days), now, seed * 100 + place, tongue)


def _chunks(items: Sequence[RemoteItem], size: int) -> Iterator[Sequence[RemoteItem]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
