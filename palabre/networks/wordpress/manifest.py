"""What is declared about WordPress."""

from datetime import date

from palabre.networks.contract import Budget, Capability, Manifest, SignInKind, WatchField, Words
from palabre.networks.rules import rules_of

_SITE = WatchField(key="server", label=Words(fr="Adresse du site", en="Address of the site"))

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
        )
    ),
    watches=(),
    sign_ins=(
        SignInKind(
            key="application_password",
            label=Words(fr="Mot de passe d’application", en="Application password"),
            hint=Words(
                fr="Créé sur le site, dans votre profil, « Mots de passe d’application ».",
                en="Made on the site, in your profile, “Application Passwords”.",
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
            label=Words(fr="Page de connexion du site", en="The site’s sign-in page"),
            hint=Words(
                fr="Le site crée lui-même le mot de passe et nous le rend. Palabre doit être en https.",
                en="The site makes the password itself and hands it back. Palabre must be on https.",
            ),
            fields=(_SITE,),
            redirect=True,
            server="server",
        ),
    ),
    rules=rules_of("wordpress"),
    source="https://developer.wordpress.org/rest-api/reference/posts/",
    checked_on=date(2026, 11, 23),
    scopes={
        Capability.PUBLISH: ("publish_posts", "upload_files"),
        Capability.EDIT: ("edit_posts",),
        Capability.DELETE: ("delete_posts",),
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
    ),
)
