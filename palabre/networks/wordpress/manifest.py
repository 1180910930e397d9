"""What is declared about WordPress."""

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

_SITE = WatchField(key="server", label=Words(fr="Adresse du site", en="Address of the site"))
_BLOCKED = Instead(
    fr="Sur le site : « Réglages », « Commentaires », « Mots interdits dans les commentaires » ; ajoutez le "
    "nom, l’adresse e-mail ou l’adresse IP de cette personne, un par ligne.",
    en="On the site: “Settings”, “Discussion”, “Disallowed Comment Keys”; add the name, the e-mail address "
    "or the IP address of this person, one a line.",
    where="https://{server}/wp-admin/options-discussion.php",
)

MANIFEST = Manifest(
    key="wordpress",
    label="WordPress",
    icon="brand-wordpress",
    capabilities=frozenset(
        (
            Capability.CONNECT,
            Capability.PUBLISH,
            Capability.EDIT,
            Capability.DELETE,
            Capability.MEASURE,
            Capability.HEAR,
            Capability.REPLY,
            Capability.MODERATE,
        )
    ),
    watches=(),
    sign_ins=(
        SignInKind(
            key="application_password",
            label=Words(fr="Avec un mot de passe d’application", en="With an application password"),
            hint=Words(
                fr="Il vous faut : l’adresse du site, votre identifiant et un mot de passe d’application, un "
                "second mot de passe qui ne sert qu’à Palabre. Sur le site, dans le tableau de bord : "
                "« Comptes », « Profil », tout en bas « Mots de passe d’application » ; écrivez Palabre, "
                "puis « Ajouter ».",
                en="What you need: the address of the site, your user name and an application password, a "
                "second password that serves Palabre alone. On the site, in the dashboard: “Users”, "
                "“Profile”, at the very bottom “Application Passwords”; write Palabre, then “Add”.",
            ),
            fields=(
                _SITE,
                WatchField(key="user", label=Words(fr="Identifiant", en="User name")),
                WatchField(
                    key="app_password",
                    label=Words(fr="Mot de passe d’application", en="Application password"),
                    secret=True,
                ),
            ),
            server="server",
        ),
        SignInKind(
            key="page",
            label=Words(fr="En vous connectant sur le site", en="By signing in on the site"),
            hint=Words(
                fr="Il vous faut : l’adresse du site. Vous y acceptez Palabre, et le site crée lui-même le "
                "mot de passe. Palabre doit avoir une adresse en https.",
                en="What you need: the address of the site. You accept Palabre there, and the site makes the "
                "password itself. Palabre must have an address in https.",
            ),
            fields=(_SITE,),
            redirect=True,
            server="server",
        ),
    ),
    rules=rules_of("wordpress"),
    answers=answers_of("wordpress"),
    ears=(
        Ear(
            key="comments",
            label=Words(fr="Commentaires", en="Comments"),
            hint=Words(
                fr="Ceux qui sont affichés et ceux qui attendent d’être approuvés. Le compte doit pouvoir "
                "modérer les commentaires.",
                en="Those that are shown and those that wait to be approved. The account must be allowed "
                "to moderate comments.",
            ),
            every=60.0,
        ),
    ),
    source="https://developer.wordpress.org/rest-api/reference/posts/",
    checked_on=date(2026, 11, 23),
    scopes={
        Capability.PUBLISH: ("publish_posts", "upload_files"),
        Capability.EDIT: ("edit_posts",),
        Capability.DELETE: ("delete_posts",),
        Capability.HEAR: ("moderate_comments",),
        Capability.REPLY: ("moderate_comments",),
        Capability.MODERATE: ("moderate_comments",),
    },
    acts=(
        Acting(act=Act.APPROVE, on="message", undoes=Act.HOLD),
        Acting(act=Act.HOLD, on="message"),
        Acting(act=Act.SPAM, on="message"),
        Acting(act=Act.UNSPAM, on="message", undoes=Act.SPAM),
        Acting(
            act=Act.DELETE,
            on="message",
            note=Words(
                fr="Le commentaire va à la corbeille du site, qui le garde d’ordinaire trente jours.",
                en="The comment goes to the bin of the site, which usually keeps it for thirty days.",
            ),
        ),
        Acting(act=Act.RESTORE, on="message", undoes=Act.DELETE),
        Acting(
            act=Act.REWRITE,
            on="message",
            note=Words(
                fr="Le site ne dit à personne que le texte a été changé : dites-le dans le texte.",
                en="The site tells nobody that the text was changed: say so in the text.",
            ),
        ),
    ),
    instead={
        Act.HIDE: Instead(
            fr="Remettez le commentaire en attente : il n’est alors montré à personne.",
            en="Put the comment on hold: it is then shown to nobody.",
        ),
        Act.MUTE: Instead(
            fr="Un site ne connaît pas ce geste. Mettez en attente ce que cette personne écrit.",
            en="A site does not know this gesture. Put on hold what this person writes.",
        ),
        Act.REPORT: Instead(
            fr="Marquez-le comme indésirable : l’antispam du site, s’il en a un, en est averti.",
            en="Mark it as spam: the antispam of the site, if it has one, is told.",
        ),
        Act.BLOCK: _BLOCKED,
        Act.BAN: _BLOCKED,
    },
    budgets=(Budget(calls=60, seconds=60),),
    cannot=(
        Words(
            fr="Ni vues ni partages : un site n’en dit rien sans une extension.",
            en="No views and no shares: a site tells nothing of them without a plugin.",
        ),
        Words(
            fr="Pas de fil ni de premier commentaire : un article est un tout.",
            en="No threads and no first comment: an article is one whole.",
        ),
        Words(
            fr="Un commentaire modifié, approuvé ou mis à la corbeille sur le site est revu dans l’heure ; "
            "vieux de plus de trente jours, il ne l’est pas. Effacé pour de bon, il est remarqué parmi les "
            "cent derniers.",
            en="A comment that was edited, approved or binned on the site is seen again within the hour; one "
            "older than thirty days is not. One that was erased is noticed among the last hundred.",
        ),
        Words(
            fr="Une réponse est du texte seul ; pas de réponse à un commentaire qui attend d’être approuvé.",
            en="A reply is text alone; a comment that waits to be approved cannot be answered.",
        ),
    ),
)
