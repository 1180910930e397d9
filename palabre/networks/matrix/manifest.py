"""What is declared about Matrix."""

from datetime import date

from palabre.networks.contract import (
    Act,
    Acting,
    Budget,
    Capability,
    Ear,
    Instead,
    Manifest,
    SignInKind,
    WatchField,
    Words,
)
from palabre.networks.rules import answers_of, rules_of

_SERVER = WatchField(key="server", label=Words(fr="Serveur", en="Server"))
_ROOM = WatchField(key="room", label=Words(fr="Salon où publier", en="Room to publish in"))

MANIFEST = Manifest(
    key="matrix",
    label="Matrix",
    icon="brand-matrix",
    capabilities=frozenset(
        (
            Capability.CONNECT,
            Capability.PUBLISH,
            Capability.EDIT,
            Capability.DELETE,
            Capability.HEAR,
            Capability.REPLY,
            Capability.MODERATE,
        )
    ),
    watches=(),
    sign_ins=(
        SignInKind(
            key="password",
            label=Words(fr="Avec un mot de passe", en="With a password"),
            hint=Words(
                fr="Il vous faut : le serveur (ce qui suit « : » dans votre identifiant), votre identifiant, "
                "votre mot de passe, qui n’est pas gardé, et l’adresse du salon (#salon:serveur).",
                en="What you need: the server (what follows “:” in your id), your id, your password, which "
                "is not kept, and the address of the room (#room:server).",
            ),
            fields=(
                _SERVER,
                WatchField(key="name", label=Words(fr="Identifiant", en="User name")),
                WatchField(key="password", label=Words(fr="Mot de passe", en="Password"), secret=True),
                _ROOM,
            ),
            server="server",
        ),
        SignInKind(
            key="token",
            label=Words(fr="Avec un jeton d’accès", en="With an access token"),
            hint=Words(
                fr="Il vous faut : le serveur, un jeton d’accès et l’adresse du salon (#salon:serveur). Dans "
                "Element : « Tous les paramètres », « Aide et à propos », « Jeton d’accès ».",
                en="What you need: the server, an access token and the address of the room (#room:server). "
                "In Element: “All settings”, “Help & About”, “Access Token”.",
            ),
            fields=(
                _SERVER,
                WatchField(key="token", label=Words(fr="Jeton d’accès", en="Access token"), secret=True),
                _ROOM,
            ),
            server="server",
        ),
    ),
    rules=rules_of("matrix"),
    answers=answers_of("matrix"),
    ears=(
        Ear(
            key="rooms",
            label=Words(fr="Salons", en="Rooms"),
            hint=Words(
                fr="Tout ce qui est dit dans les salons où le compte est entré, et ses échanges privés.",
                en="All that is said in the rooms the account has joined, and its private conversations.",
            ),
            every=20.0,
        ),
    ),
    acts=(
        Acting(
            act=Act.DELETE,
            on="message",
            note=Words(
                fr="Le message est vidé pour tout le monde et ne revient pas. Il faut modérer le salon.",
                en="The message is emptied for everybody and does not come back. It takes a moderator of "
                "the room.",
            ),
        ),
        Acting(
            act=Act.KICK,
            on="author",
            note=Words(
                fr="La personne sort du salon ; elle peut y revenir si le salon est ouvert.",
                en="The person leaves the room; they can come back where the room is open.",
            ),
        ),
        Acting(
            act=Act.BAN,
            on="author",
            note=Words(
                fr="De ce salon, jusqu’à ce que le bannissement soit levé.",
                en="From this room, until the ban is lifted.",
            ),
        ),
        Acting(act=Act.UNBAN, on="author", undoes=Act.BAN),
        Acting(act=Act.LIKE, on="message"),
        Acting(act=Act.UNLIKE, on="message", undoes=Act.LIKE),
    ),
    instead={
        Act.REPORT: Instead(
            fr="Dans votre messagerie Matrix : le menu du message, « Signaler ».",
            en="In your Matrix program: the menu of the message, “Report”.",
            where="{url}",
        ),
        Act.MUTE: Instead(
            fr="Dans votre messagerie Matrix : le profil de la personne, « Ignorer ».",
            en="In your Matrix program: the profile of the person, “Ignore”.",
            where="{author}",
        ),
        Act.BLOCK: Instead(
            fr="Bannissez la personne de chaque salon, ou ignorez-la dans votre messagerie Matrix.",
            en="Ban the person from each room, or ignore them in your Matrix program.",
            where="{author}",
        ),
        Act.HIDE: Instead(
            fr="Matrix ne masque pas : supprimez le message.",
            en="Matrix does not hide: delete the message.",
        ),
    },
    budgets=(Budget(calls=60, seconds=60),),
    cannot=(
        Words(
            fr="Pas de salons chiffrés de bout en bout : Palabre n’en a pas les clés.",
            en="No rooms with end-to-end encryption: Palabre does not have their keys.",
        ),
        Words(
            fr="Un compte publie dans un salon. Une invitation s’accepte dans votre messagerie Matrix.",
            en="An account publishes in one room. An invitation is accepted in your Matrix program.",
        ),
        Words(
            fr="Pas de chiffres ni de texte alternatif : Matrix n’en a pas.",
            en="No figures and no alt text: Matrix has none.",
        ),
    ),
    scopes={
        Capability.PUBLISH: ("events_default",),
        Capability.EDIT: ("events_default",),
        Capability.DELETE: ("events_default",),
        Capability.HEAR: ("join",),
        Capability.REPLY: ("events_default",),
        Capability.MODERATE: ("redact", "kick", "ban"),
    },
    source="https://spec.matrix.org/v1.16/client-server-api/",
    checked_on=date(2026, 11, 23),
)
