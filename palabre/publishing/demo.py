"""What the demo's brands publish: accounts of the sandbox network, contents that left and that will.

They are written, planned, handed over and counted by the same functions as anybody's.
"""

import io
from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import cycle, islice
from zoneinfo import ZoneInfo

from asgiref.sync import async_to_sync
from django.conf import settings
from PIL import Image, ImageDraw

from palabre.agency.models import Brand, User
from palabre.channels.connecting import add_by_hand, keep_accounts, sign_in_typed
from palabre.channels.models import Channel
from palabre.channels.sessions import credentials_of, plain_session, rules_for
from palabre.kit.http import Http
from palabre.networks.contract import Measures, Publishes, Session
from palabre.networks.registry import connector, manifests
from palabre.networks.sandbox.invented.shape import Trade
from palabre.publishing.composing.compose import PostDraft, save_post
from palabre.publishing.composing.content import Content, Medium
from palabre.publishing.delivery.measuring import AGES, put_down_figures
from palabre.publishing.delivery.outgoing import frozen, stood, thawed
from palabre.publishing.delivery.planning import plan
from palabre.publishing.delivery.sending import Answered, keep_all
from palabre.publishing.delivery.steps import advance
from palabre.publishing.library.assets import Facts, describe, take_in
from palabre.publishing.models import Asset, Campaign, Delivery, Pillar
from palabre.publishing.queue.keeping import add_slots

PILLARS = {
    "fr": (("Coulisses", 30), ("Rendez-vous", 50), ("Questions", 20)),
    "en": (("Backstage", 30), ("What’s on", 50), ("Questions", 20)),
}
CAMPAIGN = {"fr": "Fêtes de fin d’année", "en": "End of the year"}
PICTURE = {
    "fr": ("Un disque ocre sur un fond vert et crème", "Démonstration"),
    "en": ("An ochre disc on a ground of green and cream", "Demo"),
}
"""What the drawing shows, and whose it is."""
PAST, COMING = 10, 8
"""Contents that left, one every other day, and contents to come."""
TEXTS = {
    ("café", "fr"): (
        "Ce matin, on torréfie. Passez sentir, la porte est ouverte jusqu’à midi. #café",
        "Brunch de dimanche\u00a0: galettes, œufs brouillés et confiture de bissap. Réservez au comptoir.",
        "Long ou serré\u202f? Dites-nous comment vous le prenez, on prépare une nouvelle carte.",
        "Atelier latte art samedi à 15\u00a0h\u00a0: six places, tabliers prêtés.",
        "Derrière le comptoir\u00a0: Awa règle le moulin trois fois par jour. Voici pourquoi.",
    ),
    ("café", "en"): (
        "We roast this morning. Come and smell it, the door is open until noon. #coffee",
        "Sunday brunch: pancakes, scrambled eggs and bissap jam. Book at the counter.",
        "Long or short? Tell us how you take it, a new menu is in the making.",
        "Latte art on Saturday at 3 pm: six places, aprons lent.",
        "Behind the counter: Awa sets the grinder three times a day. Here is why.",
    ),
    ("museum", "fr"): (
        "Le masque de retour de restauration est en salle 3. Venez le saluer.",
        "Nocturne jeudi\u00a0: visite à la lampe, à 20\u00a0h, sur réservation. #nocturne",
        "Quelle œuvre aimeriez-vous voir commentée la semaine prochaine\u202f?",
        "Visite en famille dimanche à 11\u00a0h\u00a0: le carnet du petit explorateur est offert.",
        "Dans l’atelier\u00a0: comment on nettoie un bois de deux cents ans.",
    ),
    ("museum", "en"): (
        "The mask is back from the restorers, in room 3. Come and greet it.",
        "Open late on Thursday: a visit by lamplight, at 8 pm, on booking. #museumlate",
        "Which work would you like us to talk about next week?",
        "Families on Sunday at 11 am: the little explorer’s notebook is on us.",
        "In the workshop: how one cleans a piece of wood two hundred years old.",
    ),
}
"""By trade and by the language of the demo's owner."""


def plant(*, brand: Brand, by: User, trade: Trade, now: datetime) -> None:
    """Give a brand of the demo its accounts and its contents, in the language of `by`. Call it in the
    brand's scope."""
    first, second = _accounts(brand, by)
    handle = brand.slug.replace("-", ".")  # another name than the first account’s: an import finds it by name
    add_by_hand(brand=brand, by=by, network="instagram", handle=handle, url="")
    pillars = [
        Pillar.objects.create(brand=brand, name=name, target=target, position=place)
        for place, (name, target) in enumerate(PILLARS[by.language])
    ]
    campaign = Campaign.objects.create(brand=brand, name=CAMPAIGN[by.language])
    add_slots(channel=first, weekdays=range(5), hour=time(9), pillar=None, by=by)
    picture = _picture(brand, by)
    today = now.astimezone(ZoneInfo(brand.time_zone))
    texts = list(islice(cycle(TEXTS[trade, by.language]), PAST + COMING + 1))
    for number, text in enumerate(texts):
        # One every other day at ten past nine; the last one stays a draft.
        at = (today + timedelta(days=2 * (number - PAST) + 1)).replace(
            hour=9, minute=10, second=0, microsecond=0
        )
        media = (Medium(asset=picture.pk),) if number % 3 == 0 else ()
        draft = PostDraft(
            content=Content(text=text, media=media, language=by.language),
            channels={channel.pk: {} for channel in ((first, second) if number % 2 == 0 else (first,))},
            pillar=pillars[number % len(pillars)],
            campaign=campaign if number >= PAST else None,
        )
        deliveries = list(save_post(brand=brand, by=by, draft=draft).deliveries())
        if number == len(texts) - 1:
            continue
        plan(deliveries=deliveries, at=at, by=by, now=min(at, now))
        if at <= now:
            for delivery in deliveries:
                _leave(delivery, at=at, now=now)


def _accounts(brand: Brand, by: User) -> list[Channel]:
    """Two accounts; what they publish stands in a file of the demo's home, for every process to find."""
    kind = manifests()["sandbox"].sign_ins[0]
    store = str(settings.ENV.home / "demo-network.sqlite")
    found = []
    for name in (brand.slug, f"{brand.slug}-bis"):
        typed = {"name": name, "store": store}
        granted = sign_in_typed(network="sandbox", kind=kind, typed=typed)
        found += keep_accounts(brand=brand, by=by, granted=granted)
    return found


def _picture(brand: Brand, by: User) -> Asset:
    """A drawing in the brand's library: a disc on a ground of two colours."""
    image = Image.new("RGB", (1200, 900), (244, 236, 222))
    drawing = ImageDraw.Draw(image)
    drawing.rectangle((0, 560, 1200, 900), fill=(11, 107, 93))
    drawing.ellipse((380, 230, 820, 670), fill=(201, 122, 43))
    held = io.BytesIO()
    image.save(held, "PNG")
    asset = take_in(brand=brand, by=by, name="illustration.png", chunks=[held.getvalue()])
    alt, rights = PICTURE[by.language]
    facts = Facts(name=asset.name, alt=alt, rights=rights)
    return describe(asset=asset, facts=facts)


def _leave(delivery: Delivery, *, at: datetime, now: datetime) -> None:
    """Hand it over as of then, and count it at each age it has reached since."""
    delivery.refresh_from_db()
    delivery.outgoing, delivery.begun_at, delivery.tries = frozen(delivery), at, 1
    changes = {"outgoing": delivery.outgoing, "begun_at": at, "tries": 1}
    advance([delivery], to="sending", act="trying", at=at, **changes)
    network = connector(delivery.channel.network)
    assert isinstance(network, Publishes) and isinstance(network, Measures)
    published = async_to_sync(network.publish)(
        _session(delivery.channel, at), thawed(delivery), stood(delivery)
    )
    keep_all([Answered(delivery, published)], now=at)
    for age in AGES:
        if at + age <= now:
            then = _session(delivery.channel, at + age)
            figures = async_to_sync(network.measure)(then, stood(delivery)[:1])
            put_down_figures([(delivery, int(age.total_seconds()))], figures, at + age)


def _session(channel: Channel, at: datetime) -> Session:
    """A session whose clock stands still. The sandbox asks nothing of the way out."""
    http = Http(allow=settings.ENV.allowed_networks, user_agent="Palabre")
    session = plain_session(http, credentials_of(channel))
    return replace(session, account=channel.account, rules=rules_for(channel), now=lambda: at)
