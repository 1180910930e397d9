"""What is moderated in the demo: hard words, spam, a decision of every kind, an appeal to look at again.

Heard, decided and carried out the way any brand's is; the same visitor cannot answer the appeal, because
they took the decision: that is what the page shows.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from asgiref.sync import async_to_sync
from django.utils import timezone

from palabre.agency.models import Brand, User
from palabre.channels.models import Channel
from palabre.inbox.models import Message
from palabre.intake.demo_talk import store_of
from palabre.intake.hear import hear_due
from palabre.moderation.acting import act_on_due
from palabre.moderation.appeals import appeal
from palabre.moderation.cases import flag
from palabre.moderation.charter import begin, in_force
from palabre.moderation.deciding import decide
from palabre.moderation.models import Case
from palabre.moderation.telling import statement, told_by_hand
from palabre.networks.sandbox.invented.shape import Tongue

HARD: Mapping[Tongue, Sequence[tuple[str, str, int]]] = {
    "fr": (
        ("noe-pimprenelle", "Espèce de connard, tu oses servir ça à des gens ? Va te faire voir.", 55),
        ("lilou-oseille", "GAGNEZ 500 € EN CLIQUANT ICI >>> http://promo-cadeau.example VITE !!!", 80),
        ("leonie-verveine", "La patronne habite 12 rue des Lilas, allez donc lui dire en face.", 140),
        ("lilou-oseille", "Encore une offre : http://promo-cadeau.example, abonnez-vous à ma chaîne !", 3000),
        ("noe-pimprenelle", "Ferme-la, pauvre idiote, personne ne t’a demandé ton avis.", 4200),
        ("malo-pimprenelle", "Franchement, c’était mieux avant.", 4400),
    ),
    "en": (
        ("noe-pimprenelle", "You stupid asshole, how dare you serve this to people? Get lost.", 55),
        ("lilou-oseille", "WIN £500 NOW, click here >>> http://free-prize.example HURRY!!!", 80),
        ("leonie-verveine", "The owner lives at 12 Lilac Road, go and tell her to her face.", 140),
        ("lilou-oseille", "One more offer: http://free-prize.example, subscribe to my channel!", 3000),
        ("noe-pimprenelle", "Shut up, you idiot bitch, nobody asked for your opinion.", 4200),
        ("malo-pimprenelle", "Frankly, it was better before.", 4400),
    ),
}
"""Who, what, how many minutes ago. The first three wait to be reviewed, the others were."""
WORDS: Mapping[Tongue, tuple[str, str, str, str]] = {
    "fr": (
        "Une adresse privée, à retirer vite ?",
        "insulte",
        "lien d’arnaque",
        "J’étais en colère, mais je ne visais personne : remettez mon message, s’il vous plaît.",
    ),
    "en": (
        "A private address: take it down soon?",
        "an insult",
        "a scam link",
        "I was angry but meant nobody: please put my message back.",
    ),
}


def plant(*, brand: Brand, by: User, language: Tongue, now: datetime) -> None:
    """Speak hard words to the brand's first account, hear them, and decide on the older ones. In scope."""
    channel = Channel.objects.filter(network="sandbox", by_hand=False).order_by("pk").first()
    if channel is None:
        return
    begin(brand=brand, by=by, language=language, now=now - timedelta(days=20))
    store = store_of()
    post = next((one.id for one in reversed(store.of(channel.account)) if not one.reply_to), "")
    for author, text, minutes in sorted(HARD[language], key=lambda one: -one[2]):
        at = now - timedelta(minutes=minutes)
        store.say(channel.account, author, text, at=at, reply_to=post)
    channel.lines.update(next_at=now)
    async_to_sync(hear_due)(timezone.now)
    _decide(by, language, now)
    async_to_sync(act_on_due)(timezone.now)


def _decide(by: User, language: Tongue, now: datetime) -> None:
    """What was decided a while ago: a spam, an insult hidden and appealed against, a grumble left alone."""
    note, insult, scam, plea = WORDS[language]
    _first, _win, private, offer, rude, grumble = (_said(text) for _, text, _ in HARD[language])
    flag(message=private, by=by, note=note, now=now - timedelta(minutes=100))
    for one in (offer, rude, grumble):
        flag(message=one, by=by, note="", now=one.at)
        Case.objects.filter(message=one).update(opened_at=one.at)
    at = now - timedelta(hours=40)
    articles = {article.number: article for article in in_force()}
    decide(message=offer, act="spam", by=by, article=articles[4], why=scam, now=at)
    decide(message=grumble, act="keep", by=by, now=at)
    hidden = decide(message=rude, act="hide", by=by, article=articles[1], why=insult, now=at)
    told_by_hand(decision=hidden, by=by, text=statement(hidden, language), now=at + timedelta(minutes=9))
    appeal(decision=hidden, by=by, words=plea, received_at=now - timedelta(hours=5))


def _said(text: str) -> Message:
    found: Message = Message.objects.select_related("item__author", "brand").filter(item__text=text)[:1].get()
    return found
