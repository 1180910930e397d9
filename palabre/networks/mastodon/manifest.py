"""What is declared about Mastodon."""

from dataclasses import replace
from datetime import date
from typing import Any

from palabre.networks.contract import (
    Act,
    Acting,
    Budget,
    Capability,
    Ear,
    Instead,
    Manifest,
    Reach,
    SignInKind,
    WatchField,
    WatchKind,
    Words,
)
from palabre.networks.rules import answers_of, rules_of

_TOKEN_LABEL = Words(fr="Jeton d’accès", en="Access token")
_TOKEN = WatchField(
    key="token",
    label=Words(fr="Jeton d’accès", en="Access token"),
    secret=True,
    required=False,
)
_SERVER = WatchField(
    key="server", label=Words(fr="Serveur", en="Server"), required=False, default="mastodon.social"
)


def _kind(key: str, fr: str, en: str, hint_fr: str, hint_en: str, **more: Any) -> WatchKind:
    more = {"reach": Reach.RADAR, "fields": (_TOKEN,), "placeholder": "mastodon.social", **more}
    return WatchKind(key=key, label=Words(fr=fr, en=en), hint=Words(fr=hint_fr, en=hint_en), **more)


SCOPES = (
    "read:accounts",
    "read:statuses",
    "read:search",
    "read:notifications",
    "read:follows",
    "write:statuses",
    "write:media",
    "write:favourites",
    "write:mutes",
    "write:blocks",
    "write:reports",
)
"""What a sign-in asks for, and no more."""

MANIFEST = Manifest(
    key="mastodon",
    label="Mastodon",
    icon="brand-mastodon",
    capabilities=frozenset(Capability),
    sign_ins=(
        SignInKind(
            key="oauth",
            label=Words(fr="En vous connectant sur votre serveur", en="By signing in on your server"),
            hint=Words(
                fr="Il vous faut : le nom de votre serveur, la fin de l’adresse du compte (mastodon.social "
                "pour @baobab@mastodon.social). Le serveur vous demande votre accord sur sa propre page ; "
                "Palabre ne voit aucun mot de passe.",
                en="What you need: the name of your server, the end of the account’s address "
                "(mastodon.social for @baobab@mastodon.social). The server asks for your agreement on its "
                "own page; Palabre sees no password.",
            ),
            fields=(replace(_SERVER, required=True),),
            redirect=True,
            server="server",
        ),
        SignInKind(
            key="token",
            label=Words(fr="Avec un jeton d’accès", en="With an access token"),
            hint=Words(
                fr="Pour un serveur dont la page de connexion ne convient pas. Il vous faut : son nom et un "
                "jeton, une longue clé qu’il vous donne. Sur le serveur : Préférences, « Développement », "
                "« Nouvelle application » ; cochez read et write, enregistrez, rouvrez l’application et "
                "copiez « Votre jeton d’accès ».",
                en="For a server whose sign-in page does not do. What you need: its name and a token, a long "
                "key that it gives you. On the server: Preferences, “Development”, “New application”; "
                "tick read and write, save, open the application again and copy “Your access token”.",
            ),
            fields=(replace(_SERVER, required=True), replace(_TOKEN, label=_TOKEN_LABEL, required=True)),
            server="server",
        ),
    ),
    rules=rules_of("mastodon"),
    answers=answers_of("mastodon"),
    watches=(
        _kind(
            "tag",
            "Mot-dièse",
            "Hashtag",
            "Ce que le serveur connaît de ce mot-dièse, dans tout le fédivers qui l’atteint.",
            "What the server knows of this hashtag, in all of the fediverse that reaches it.",
            placeholder="#patrimoine",
            fields=(_SERVER, _TOKEN),
        ),
        _kind(
            "public",
            "Tout ce qu’un serveur voit",
            "All that a server sees",
            "Le fil public fédéré. Beaucoup de serveurs le réservent à leurs membres.",
            "The federated public timeline. Many servers keep it for their members.",
        ),
        _kind(
            "local",
            "Les membres d’un serveur",
            "The members of a server",
            "Le fil public de ce serveur seul.",
            "The public timeline of this server alone.",
        ),
        _kind(
            "search",
            "Recherche",
            "Search",
            "Les mots de vos sujets, parmi les auteurs qui ont accepté d’être trouvés. Demande un compte.",
            "The words of your topics, among authors who agreed to be found. Asks for an account.",
            needs_topic=True,
            needs_account=True,
            placeholder="",
            fields=(
                _SERVER,
                WatchField(key="token", label=Words(fr="Jeton d’accès", en="Access token"), secret=True),
            ),
        ),
        _kind(
            "account",
            "Publications d’un compte",
            "Posts of an account",
            "Son adresse, comme @nom@serveur, ou celle de son profil.",
            "Its address, such as @name@server, or that of its profile.",
            reach=Reach.TARGETED,
            placeholder="@nom@mastodon.social",
        ),
        _kind(
            "live",
            "Tout ce qu’un serveur voit, en direct",
            "All that a server sees, live",
            "À la seconde. La plupart des serveurs demandent un compte.",
            "Within the second. Most servers ask for an account.",
            capability=Capability.STREAM,
        ),
        _kind(
            "live_local",
            "Les membres d’un serveur, en direct",
            "The members of a server, live",
            "À la seconde, ce serveur seul.",
            "Within the second, this server alone.",
            capability=Capability.STREAM,
        ),
        _kind(
            "live_tag",
            "Mot-dièse, en direct",
            "Hashtag, live",
            "À la seconde, ce mot-dièse sur ce serveur.",
            "Within the second, this hashtag on this server.",
            capability=Capability.STREAM,
            placeholder="#patrimoine",
            fields=(_SERVER, _TOKEN),
        ),
    ),
    source="https://docs.joinmastodon.org/methods/timelines/",
    checked_on=date(2026, 11, 23),
    scopes={
        Capability.COLLECT: ("read:statuses", "read:search"),
        Capability.STREAM: ("read:statuses",),
        Capability.CONNECT: ("read:accounts",),
        Capability.PUBLISH: ("write:statuses", "write:media", "read:search"),
        Capability.EDIT: ("write:statuses",),
        Capability.DELETE: ("write:statuses",),
        Capability.MEASURE: ("read:statuses",),
        Capability.HEAR: ("read:notifications", "read:statuses"),
        Capability.REPLY: ("write:statuses", "read:search"),
        Capability.MODERATE: ("write:mutes", "write:blocks", "write:reports", "write:favourites"),
    },
    ears=(
        Ear(
            key="notifications",
            label=Words(fr="Mentions, réponses et citations", en="Mentions, replies and quotes"),
            hint=Words(
                fr="Ce qui est dit au compte, avec ce à quoi on répond.",
                en="What is said to the account, with what it answers.",
            ),
            every=60.0,
        ),
        Ear(
            key="conversations",
            label=Words(fr="Messages privés", en="Private messages"),
            hint=Words(
                fr="Les publications que seules voient les personnes nommées.",
                en="The posts that only the people named in them can see.",
            ),
            every=120.0,
            private=True,
        ),
        Ear(
            key="own",
            label=Words(fr="Ce que le compte dit lui-même", en="What the account itself says"),
            hint=Words(
                fr="Une réponse faite dans Mastodon compte aussi.",
                en="An answer given in Mastodon counts too.",
            ),
            every=180.0,
        ),
    ),
    acts=(
        Acting(act=Act.MUTE, on="author"),
        Acting(act=Act.UNMUTE, on="author", undoes=Act.MUTE),
        Acting(
            act=Act.BLOCK,
            on="author",
            note=Words(
                fr="La personne ne voit plus le compte et ne peut plus lui répondre ; chacun cesse de suivre "
                "l’autre.",
                en="The person sees the account no more and cannot answer it; each stops following the "
                "other.",
            ),
        ),
        Acting(act=Act.UNBLOCK, on="author", undoes=Act.BLOCK),
        Acting(
            act=Act.REPORT,
            on="message",
            note=Words(
                fr="Aux modérateurs du serveur, et à ceux du serveur de l’auteur. Un signalement ne se "
                "reprend pas.",
                en="To the moderators of the server, and to those of the author’s. A report cannot be taken "
                "back.",
            ),
        ),
        Acting(act=Act.LIKE, on="message"),
        Acting(act=Act.UNLIKE, on="message", undoes=Act.LIKE),
        Acting(act=Act.REPOST, on="message"),
        Acting(act=Act.UNREPOST, on="message", undoes=Act.REPOST),
    ),
    instead={
        Act.HIDE: Instead(
            fr="Aucun serveur ne cache la réponse d’un autre : bloquez la personne, ou signalez la réponse.",
            en="No server hides somebody else’s reply: block the person, or report the reply.",
            where="{url}",
        ),
        Act.DELETE: Instead(
            fr="Seul son auteur, ou un modérateur de son serveur, supprime une réponse : signalez-la.",
            en="Only its author, or a moderator of their server, deletes a reply: report it.",
            where="{url}",
        ),
        Act.SPAM: Instead(
            fr="Signalez la publication : le motif se précise dans le texte.",
            en="Report the post: the text says why.",
            where="{url}",
        ),
        Act.BAN: Instead(
            fr="Seuls les modérateurs d’un serveur suspendent un compte : bloquez-le, ou signalez-le.",
            en="Only the moderators of a server suspend an account: block it, or report it.",
            where="{author}",
        ),
    },
    budgets=(
        Budget(calls=300, seconds=300),
        Budget(calls=300, seconds=300, per="account"),
        Budget(calls=30, seconds=1800, per="account", capability=Capability.DELETE),
    ),
    cannot=(
        Words(
            fr="Aucun serveur ne connaît tout le fédivers : choisissez ceux de votre public.",
            en="No server knows the whole fediverse: choose those of your audience.",
        ),
        Words(
            fr="La recherche ne trouve que les auteurs qui l’ont accepté.",
            en="Search only finds authors who agreed to it.",
        ),
        Words(
            fr="Ni portée ni vues ; une suppression n’est connue que pendant l’écoute en direct.",
            en="No reach and no views; a deletion is only known while listening live.",
        ),
        Words(
            fr="Ce qui est dit au compte est revu pour ce qui s’y modifie ou s’y supprime : les vingt "
            "derniers messages à chaque visite, les soixante derniers chaque heure.",
            en="What is said to the account is looked at again for what was edited or deleted: the last "
            "twenty messages at each visit, the last sixty each hour.",
        ),
    ),
)
