"""The sentences about acts on what others said. See `messages`."""

from collections.abc import Mapping

from palabre.kit.language import Language

MODERATING: Mapping[str, Mapping[Language, str]] = {
    "act_unknown": {
        "fr": "{host} ne permet pas cet acte par un programme. Faites-le sur le réseau lui-même.",
        "en": "{host} lets no program do this. Do it on the network itself.",
    },
    "message_gone": {
        "fr": "Ce message n’est plus sur {host} : il n’y a plus rien à faire.",
        "en": "This message is no longer at {host}: there is nothing left to do.",
    },
    "author_gone": {
        "fr": "Ce compte n’existe plus sur {host} : il n’y a plus rien à faire.",
        "en": "This account no longer exists at {host}: there is nothing left to do.",
    },
    "not_our_thread": {
        "fr": "{host} ne laisse faire cela que sous une publication du compte lui-même.",
        "en": "{host} allows this only below a post of the account itself.",
    },
    "not_our_message": {
        "fr": "Sur {host}, seul l’auteur d’un message peut le supprimer.",
        "en": "At {host} only the author of a message can delete it.",
    },
    "not_yourself": {
        "fr": "C’est le compte lui-même qui a dit cela.",
        "en": "It is the account itself that said this.",
    },
    "hidden_full": {
        "fr": "{host} ne cache pas plus de {limit} réponses sous une publication.",
        "en": "{host} hides no more than {limit} replies below a post.",
    },
    "no_bin": {
        "fr": "{host} n’a pas de corbeille : ce qu’on y supprime l’est pour de bon. Faites-le sur le site.",
        "en": "{host} has no bin: what is deleted there is gone for good. Do it on the site.",
    },
    "moderation_missing": {
        "fr": "Sur {host}, ce compte n’a pas le droit de modérer. Donnez-le-lui, ou connectez un compte "
        "qui l’a.",
        "en": "At {host} this account may not moderate. Give it that right, or connect an account that "
        "has it.",
    },
    "words_missing": {
        "fr": "Il n’y a pas de texte à montrer à la place.",
        "en": "There is no text to show instead.",
    },
}
