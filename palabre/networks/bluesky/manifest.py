"""What is declared about Bluesky."""

from dataclasses import replace
from datetime import date

from palabre.networks.bluesky.lines import JETSTREAM, RELAY
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

VIEW = "https://public.api.bsky.app"
SIGN_IN = "https://bsky.social"
SCOPE = "atproto transition:generic"

_SERVER = WatchField(
    key="server",
    label=Words(fr="Serveur (vide : le réseau public)", en="Server (empty: the public network)"),
    required=False,
)
_ACCOUNT = (
    WatchField(
        key="identifier",
        label=Words(fr="Votre identifiant Bluesky", en="Your Bluesky handle"),
        required=False,
    ),
    WatchField(
        key="app_password",
        label=Words(fr="Mot de passe d’application", en="App password"),
        secret=True,
        required=False,
    ),
)
_HOME = WatchField(
    key="server",
    label=Words(fr="Serveur (vide : celui du compte)", en="Server (empty: that of the account)"),
    required=False,
)
_VIEW = WatchField(
    key="view",
    label=Words(fr="Serveur qui connaît les profils", en="Server that knows the profiles"),
    required=False,
    default=VIEW,
)

MANIFEST = Manifest(
    key="bluesky",
    label="Bluesky",
    icon="brand-bluesky",
    capabilities=frozenset(
        (
            Capability.COLLECT,
            Capability.STREAM,
            Capability.CONNECT,
            Capability.PUBLISH,
            Capability.DELETE,
            Capability.MEASURE,
            Capability.HEAR,
            Capability.REPLY,
            Capability.MODERATE,
        )
    ),
    sign_ins=(
        SignInKind(
            key="app_password",
            label=Words(fr="Avec un mot de passe d’application", en="With an app password"),
            hint=Words(
                fr="Il vous faut : le nom du compte (lebaobab.bsky.social, par exemple) et un mot de passe "
                "d’application, un second mot de passe qui ne sert qu’à Palabre. Dans Bluesky : "
                "Paramètres, « Confidentialité et sécurité », « Mots de passe d’application », "
                "« Ajouter ». Vous pouvez l’y retirer à tout moment.",
                en="What you need: the name of the account (lebaobab.bsky.social, for example) and an app "
                "password, a second password that serves Palabre alone. In Bluesky: Settings, “Privacy "
                "and security”, “App passwords”, “Add”. You can take it back there at any time.",
            ),
            where="https://bsky.app/settings/app-passwords",
            fields=(
                replace(_ACCOUNT[0], required=True),
                replace(_ACCOUNT[1], required=True),
                _HOME,
            ),
            server="server",
        ),
        SignInKind(
            key="oauth",
            label=Words(fr="En vous connectant chez Bluesky", en="By signing in at Bluesky"),
            hint=Words(
                fr="Il vous faut : le nom du compte. Bluesky vous demande votre accord sur sa propre page ; "
                "Palabre ne voit aucun mot de passe.",
                en="What you need: the name of the account. Bluesky asks for your agreement on its own page; "
                "Palabre sees no password.",
            ),
            fields=(replace(_ACCOUNT[0], required=True), _HOME),
            redirect=True,
            server="server",
        ),
    ),
    rules=rules_of("bluesky"),
    answers=answers_of("bluesky"),
    ears=(
        Ear(
            key="notifications",
            label=Words(fr="Réponses, mentions et citations", en="Replies, mentions and quotes"),
            hint=Words(
                fr="Ce qui est dit au compte, avec la publication à laquelle on répond.",
                en="What is said to the account, with the post that is answered.",
            ),
            every=30.0,
        ),
        Ear(
            key="own",
            label=Words(fr="Ce que le compte dit lui-même", en="What the account itself says"),
            hint=Words(
                fr="Une réponse faite dans Bluesky compte aussi.",
                en="An answer given in Bluesky counts too.",
            ),
            every=120.0,
        ),
    ),
    scopes={
        Capability.PUBLISH: ("atproto", "transition:generic"),
        Capability.DELETE: ("atproto", "transition:generic"),
        Capability.MEASURE: ("atproto", "transition:generic"),
        Capability.HEAR: ("atproto", "transition:generic"),
        Capability.REPLY: ("atproto", "transition:generic"),
        Capability.MODERATE: ("atproto", "transition:generic"),
    },
    acts=(
        Acting(
            act=Act.HIDE,
            on="message",
            note=Words(
                fr="Seulement sous une publication du compte, au plus 300 réponses par publication ; qui "
                "ouvre « réponses masquées » les voit encore.",
                en="Only below a post of the account, 300 replies a post at the most; who opens “hidden "
                "replies” still sees them.",
            ),
        ),
        Acting(act=Act.UNHIDE, on="message", undoes=Act.HIDE),
        Acting(act=Act.MUTE, on="author"),
        Acting(act=Act.UNMUTE, on="author", undoes=Act.MUTE),
        Acting(
            act=Act.BLOCK,
            on="author",
            note=Words(
                fr="Un blocage est public : chacun peut voir qui bloque qui.",
                en="A block is public: anybody can see who blocks whom.",
            ),
        ),
        Acting(act=Act.UNBLOCK, on="author", undoes=Act.BLOCK),
        Acting(
            act=Act.REPORT,
            on="message",
            note=Words(
                fr="Un signalement ne se reprend pas.",
                en="A report cannot be taken back.",
            ),
        ),
        Acting(act=Act.LIKE, on="message"),
        Acting(act=Act.UNLIKE, on="message", undoes=Act.LIKE),
        Acting(act=Act.REPOST, on="message"),
        Acting(act=Act.UNREPOST, on="message", undoes=Act.REPOST),
    ),
    instead={
        Act.DELETE: Instead(
            fr="Seul son auteur supprime une réponse. Masquez-la sous votre publication, ou signalez-la.",
            en="Only its author deletes a reply. Hide it below your post, or report it.",
            where="{url}",
        ),
        Act.BAN: Instead(
            fr="Un compte ne se bannit pas d’un fil : bloquez-le, il ne pourra plus vous répondre.",
            en="An account is not banned from a thread: block it, it can answer you no more.",
            where="{author}",
        ),
        Act.SPAM: Instead(
            fr="Signalez la publication : le motif se précise dans le texte.",
            en="Report the post: the text says why.",
            where="{url}",
        ),
    },
    watches=(
        WatchKind(
            key="search",
            label=Words(fr="Recherche", en="Search"),
            hint=Words(
                fr="Les mots de vos sujets, dans tout le réseau, passé compris. Le réseau public demande "
                "un compte : créez un mot de passe d’application dans ses réglages.",
                en="The words of your topics, in the whole network, the past included. The public network "
                "asks for an account: create an app password in its settings.",
            ),
            reach=Reach.RADAR,
            needs_topic=True,
            fields=(_SERVER, *_ACCOUNT),
        ),
        WatchKind(
            key="author",
            label=Words(fr="Publications d’un compte", en="Posts of an account"),
            hint=Words(fr="Son identifiant ou l’adresse de son profil.", en="Its handle or profile address."),
            placeholder="@nom.bsky.social",
            fields=(_SERVER,),
        ),
        WatchKind(
            key="jetstream",
            label=Words(fr="Tout le réseau, en direct", en="The whole network, live"),
            hint=Words(
                fr="Chaque publication passe devant vos sujets, à la seconde. Vide : le serveur public.",
                en="Every post passes before your topics, within the second. Empty: the public server.",
            ),
            placeholder=JETSTREAM,
            reach=Reach.RADAR,
            capability=Capability.STREAM,
            fields=(_VIEW,),
        ),
        WatchKind(
            key="repos",
            label=Words(fr="Un serveur, en direct", en="One server, live"),
            hint=Words(
                fr="Le flux complet d’un serveur ou d’un relais du protocole AT.",
                en="The full stream of a server or relay of the AT Protocol.",
            ),
            placeholder=RELAY,
            reach=Reach.RADAR,
            capability=Capability.STREAM,
            fields=(_VIEW,),
        ),
    ),
    source="https://github.com/bluesky-social/atproto/tree/main/lexicons",
    checked_on=date(2026, 11, 23),
    budgets=(
        Budget(calls=3000, seconds=300),
        # 5,000 points an hour and 35,000 a day, of which a new record takes three.
        Budget(calls=1666, seconds=3600, per="account", capability=Capability.PUBLISH),
        Budget(calls=11_666, seconds=86_400, per="account", capability=Capability.PUBLISH),
    ),
    cannot=(
        Words(
            fr="Une publication envoyée ne se modifie plus : elle se supprime.",
            en="A post that was sent cannot be changed: it can be deleted.",
        ),
        Words(
            fr="Pas de portée ni de vues : le réseau ne les compte pas.",
            en="No reach and no views: the network does not count them.",
        ),
        Words(
            fr="La recherche publique demande un compte ; le direct n’en demande pas.",
            en="The public search asks for an account; the live streams do not.",
        ),
        Words(
            fr="Un compte supprimé n’annonce pas la suppression de chacune de ses publications.",
            en="A deleted account does not announce the deletion of each of its posts.",
        ),
        Words(
            fr="Pas de messages privés : ils passent par un service à part, que Palabre ne lit pas.",
            en="No private messages: they go through a service apart, which Palabre does not read.",
        ),
        Words(
            fr="Une réponse que son auteur supprime n’est annoncée à personne : Palabre le remarque en "
            "revenant voir les 25 dernières à chaque visite, les cent dernières chaque heure.",
            en="A reply that its author deletes is announced to nobody: Palabre notices by looking again at "
            "the last 25 at each visit, at the last hundred each hour.",
        ),
    ),
)
