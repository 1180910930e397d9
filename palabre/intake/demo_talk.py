"""What people say to the demo's accounts: comments, questions, a private word, in the sandbox network.

They are heard the way any account is; the answers a visitor of the demo sends go out the same way.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from asgiref.sync import async_to_sync
from django.conf import settings
from django.utils import timezone

from palabre.agency.models import Brand
from palabre.channels.models import Channel
from palabre.intake.hear import hear_due
from palabre.networks.registry import connector
from palabre.networks.sandbox.invented.shape import Tongue, Trade
from palabre.networks.sandbox.store import Store


@dataclass(frozen=True, kw_only=True)
class Word:
    """One thing one of the sandbox's invented people said, `minutes` ago, under the account's post number
    `under` from the last (None: in a post of its own). `then`: what the account itself answered on the
    network, half an hour later."""

    author: str
    text: str
    minutes: int
    under: int | None = None
    private: bool = False
    held: bool = False
    then: str = ""


CAFE = (
    Word(
        author="awa-nenuphar",
        minutes=12,
        under=0,
        text="45 minutes d’attente pour un thé ce matin, et personne pour s’excuser. Dommage, j’adorais.",
    ),
    Word(author="gaspard-tournesol", minutes=38, under=1, text="Vos grains viennent d’où, exactement ?"),
    Word(author="malo-pimprenelle", minutes=125, text="@cafe-baobab vous êtes ouverts le 11 novembre ?"),
    Word(
        author="salome-aubepine",
        minutes=190,
        private=True,
        text="Bonjour, peut-on privatiser la salle du fond un samedi soir, pour quarante personnes ?",
    ),
    Word(
        author="noe-pimprenelle",
        minutes=250,
        under=0,
        held=True,
        text="Bande de voleurs, votre café est infect et vos serveurs sont des incapables.",
    ),
    Word(
        author="romy-bergamote",
        minutes=1500,
        under=2,
        text="Passée hier avec ma mère : accueil adorable, et ce gâteau au sésame… on revient !",
    ),
    Word(
        author="nour-quenouille",
        minutes=2950,
        under=3,
        text="Is there a vegan option for brunch?",
        then="Hello Nour! Yes: the galette and the bissap jam are both vegan.",
    ),
    Word(
        author="awa-nenuphar",
        minutes=9000,
        under=4,
        text="Merci pour la dégustation de samedi, quel plaisir.",
        then="Merci à vous d’être venue !",
    ),
)
MUSEUM = (
    Word(
        author="titouan-tournesol", minutes=25, under=0, text="La nocturne est-elle accessible en fauteuil ?"
    ),
    Word(
        author="leonie-verveine",
        minutes=70,
        under=0,
        text="Complet dès l’ouverture de la billetterie, vraiment ?",
    ),
    Word(
        author="lilou-oseille",
        minutes=410,
        private=True,
        text="Bonjour, je suis enseignant : avez-vous un dossier pédagogique sur les masques ?",
    ),
    Word(
        author="maiwenn-fougeray", minutes=4300, under=2, text="La salle 3 est magnifique depuis les travaux."
    ),
)
CAFE_EN = (
    Word(
        author="awa-nenuphar",
        minutes=12,
        under=0,
        text="45 minutes for a tea this morning, and nobody said sorry. A pity, I loved this place.",
    ),
    Word(author="gaspard-tournesol", minutes=38, under=1, text="Where do your beans come from, exactly?"),
    Word(author="malo-pimprenelle", minutes=125, text="@cafe-baobab are you open on November 11?"),
    Word(
        author="salome-aubepine",
        minutes=190,
        private=True,
        text="Hello, can one book the back room on a Saturday night, for forty people?",
    ),
    Word(
        author="noe-pimprenelle",
        minutes=250,
        under=0,
        held=True,
        text="Bunch of thieves, your coffee is disgusting and your waiters are useless.",
    ),
    Word(
        author="romy-bergamote",
        minutes=1500,
        under=2,
        text="Came by yesterday with my mother: a lovely welcome, and that sesame cake… we’ll be back!",
    ),
    Word(
        author="nour-quenouille",
        minutes=2950,
        under=3,
        text="Y a-t-il une formule végane au brunch\u202f?",
        then="Bonjour Nour\u202f! Oui\u00a0: la galette et la confiture de bissap sont véganes.",
    ),
    Word(
        author="awa-nenuphar",
        minutes=9000,
        under=4,
        text="Thanks for Saturday’s tasting, what a pleasure.",
        then="Thank you for coming!",
    ),
)
MUSEUM_EN = (
    Word(author="titouan-tournesol", minutes=25, under=0, text="Is the late opening wheelchair accessible?"),
    Word(author="leonie-verveine", minutes=70, under=0, text="Sold out the minute booking opened, really?"),
    Word(
        author="lilou-oseille",
        minutes=410,
        private=True,
        text="Hello, I am a teacher: do you have notes for classes on the masks?",
    ),
    Word(author="maiwenn-fougeray", minutes=4300, under=2, text="Room 3 is magnificent since the works."),
)
SAID: Mapping[tuple[Trade, Tongue], Sequence[Word]] = {
    ("café", "fr"): CAFE,
    ("café", "en"): CAFE_EN,
    ("museum", "fr"): MUSEUM,
    ("museum", "en"): MUSEUM_EN,
}


def plant(*, brand: Brand, trade: Trade, language: Tongue, now: datetime) -> None:
    """Make people speak to the brand's first account, and hear them. Call it in the brand's scope."""
    channel = Channel.objects.filter(network="sandbox", by_hand=False).order_by("pk").first()
    if channel is None:
        return
    store = store_of()
    posts = [post for post in reversed(store.of(channel.account)) if not post.reply_to]
    for word in sorted(SAID[trade, language], key=lambda one: -one.minutes):
        at = now - timedelta(minutes=word.minutes)
        under = posts[word.under].id if word.under is not None and word.under < len(posts) else ""
        said = store.say(
            channel.account,
            word.author,
            word.text,
            at=at,
            reply_to=under,
            private=word.private,
            held=word.held,
        )
        if word.then:
            later = at + timedelta(minutes=30)
            store.say(channel.account, channel.account, word.then, at=later, reply_to=said)
    async_to_sync(hear_due)(timezone.now)


def store_of() -> Store:
    """What stands at the demo's network."""
    sandbox = connector("sandbox")
    return sandbox.store(str(settings.ENV.home / "demo-network.sqlite"))  # type: ignore[attr-defined,no-any-return]
