"""The sentences of `errors.py`, in both languages; each tells what happened and what comes next."""

from collections.abc import Mapping

from palabre.kit.language import Language
from palabre.kit.told import told
from palabre.networks.messages_moderating import MODERATING
from palabre.networks.messages_posting import POSTING

AGAIN: Mapping[Language, str] = {"fr": "Nouvel essai prévu.", "en": "It will be tried again."}
"""What sentences end with at the line of a source, which is asked again by itself."""

SENTENCES: dict[str, Mapping[Language, str]] = {
    **POSTING,
    **MODERATING,
    # HTTP, whichever network: the reasons of kit.http and the statuses of answers.py.
    "bad_url": {
        "fr": "L’adresse n’est pas valable. Corrigez-la pour reprendre.",
        "en": "The address is not valid. Correct it to go on.",
    },
    "bad_scheme": {
        "fr": (
            "L’adresse doit commencer par http:// ou https:// (trouvé : « {detail} »). Corrigez-la pour "
            "reprendre."
        ),
        "en": ("The address must start with http:// or https:// (found “{detail}”). Correct it to go on."),
    },
    "forbidden_port": {
        "fr": "Le port {detail} n’est pas un port du web. Corrigez l’adresse pour reprendre.",
        "en": "Port {detail} is not a port of the web. Correct the address to go on.",
    },
    "forbidden_address": {
        "fr": (
            "« {host} » mène à une adresse privée ou réservée, que ce serveur n’ouvre pas. Pour "
            "l’autoriser, ajoutez son réseau aux réglages."
        ),
        "en": (
            "“{host}” leads to a private or reserved address, which this server does not open. To allow "
            "it, add its network to the settings."
        ),
    },
    "name_not_found": {
        "fr": ("Le nom {host} n’existe pas ou n’est pas joignable en ce moment. Nouvel essai prévu."),
        "en": ("The name {host} does not exist or cannot be found right now. It will be tried again."),
    },
    "connection_refused": {
        "fr": "{host} refuse la connexion. Nouvel essai prévu.",
        "en": "{host} refuses the connection. It will be tried again.",
    },
    "connect_timeout": {
        "fr": "{host} ne répond pas. Nouvel essai prévu.",
        "en": "{host} does not answer. It will be tried again.",
    },
    "tls_expired": {
        "fr": "Le certificat de {host} a expiré : rien n’a été lu. Nouvel essai prévu.",
        "en": "The certificate of {host} has expired: nothing was read. It will be tried again.",
    },
    "tls_not_yet_valid": {
        "fr": ("Le certificat de {host} n’est pas encore valable : rien n’a été lu. Nouvel essai prévu."),
        "en": ("The certificate of {host} is not valid yet: nothing was read. It will be tried again."),
    },
    "tls_self_signed": {
        "fr": (
            "Le certificat de {host} est signé par lui-même : rien ne prouve que c’est le bon site, rien "
            "n’a été lu. Nouvel essai prévu."
        ),
        "en": (
            "The certificate of {host} is self-signed: nothing proves it is the right site, nothing was "
            "read. It will be tried again."
        ),
    },
    "tls_wrong_host": {
        "fr": ("Le certificat présenté n’est pas celui de {host} : rien n’a été lu. Nouvel essai prévu."),
        "en": ("The certificate shown is not that of {host}: nothing was read. It will be tried again."),
    },
    "tls_untrusted": {
        "fr": (
            "Le certificat de {host} vient d’une autorité inconnue : rien n’a été lu. Nouvel essai prévu."
        ),
        "en": (
            "The certificate of {host} comes from an unknown authority: nothing was read. It will be "
            "tried again."
        ),
    },
    "tls_failed": {
        "fr": "La connexion chiffrée avec {host} a échoué. Nouvel essai prévu.",
        "en": "The encrypted connection with {host} failed. It will be tried again.",
    },
    "timeout": {
        "fr": "{host} est trop lent : la lecture a été arrêtée. Nouvel essai prévu.",
        "en": "{host} is too slow: reading was stopped. It will be tried again.",
    },
    "too_large": {
        "fr": (
            "La réponse dépasse la taille permise ({detail} octets) : elle n’a pas été lue. Nouvel essai "
            "prévu."
        ),
        "en": (
            "The answer is larger than allowed ({detail} bytes): it was not read. It will be tried again."
        ),
    },
    "too_many_redirects": {
        "fr": "{host} renvoie d’adresse en adresse sans fin. Nouvel essai prévu.",
        "en": "{host} sends from address to address without end. It will be tried again.",
    },
    "redirect_loop": {
        "fr": "{host} renvoie toujours à la même adresse. Nouvel essai prévu.",
        "en": "{host} keeps sending back to the same address. It will be tried again.",
    },
    "broken_answer": {
        "fr": ("La réponse de {host} s’est arrêtée au milieu : rien n’a été gardé. Nouvel essai prévu."),
        "en": ("The answer of {host} stopped in the middle: nothing was kept. It will be tried again."),
    },
    "bad_content_encoding": {
        "fr": "La réponse de {host} est mal compressée et illisible. Nouvel essai prévu.",
        "en": ("The answer of {host} is badly compressed and cannot be read. It will be tried again."),
    },
    "not_kept": {
        "fr": "Ce qui est arrivé n’a pas pu être enregistré (le journal dit pourquoi). "
        "Nouvel essai prévu ; rien n’est perdu.",
        "en": "What came could not be kept (the log says why). It will be tried again; nothing is lost.",
    },
    "stream_ended": {
        "fr": "Le flux de {host} s’est interrompu. Il reprendra là où il s’est arrêté.",
        "en": "The stream of {host} broke off. It will resume where it stopped.",
    },
    "stream_refused": {
        "fr": "{host} refuse d’ouvrir le flux. Nouvel essai prévu.",
        "en": "{host} refuses to open the stream. It will be tried again.",
    },
    "sign_in_needed": {
        "fr": ("{host} demande une connexion ou ne reconnaît plus la nôtre. Reconnectez le compte."),
        "en": "{host} asks for a sign-in or no longer knows ours. Connect the account again.",
    },
    "secret_unreadable": {
        "fr": (
            "La clé de chiffrement a changé : le mot de passe gardé ici ne peut plus être lu. "
            "Ajoutez de nouveau cette source avec son mot de passe."
        ),
        "en": "The encryption key changed: the password kept here can no longer be read. "
        "Add this source again with its password.",
    },
    "payment_needed": {
        "fr": ("{host} réserve cela à une offre payante. Changez d’offre ou retirez cette source."),
        "en": "{host} keeps this for a paid plan. Change the plan or remove this source.",
    },
    "forbidden": {
        "fr": "{host} nous refuse l’accès. Vérifiez les droits du compte ou l’adresse.",
        "en": "{host} refuses us access. Check the account’s rights or the address.",
    },
    "legally_blocked": {
        "fr": (
            "{host} bloque cette page pour des raisons légales. Retirez cette source ou changez d’adresse."
        ),
        "en": ("{host} blocks this page for legal reasons. Remove this source or change its address."),
    },
    "not_found": {
        "fr": "Il n’y a rien à cette adresse de {host}. Corrigez l’adresse.",
        "en": "There is nothing at this address of {host}. Correct the address.",
    },
    "gone": {
        "fr": ("{host} indique que cette adresse a été supprimée pour de bon. La source est fermée."),
        "en": "{host} says this address was removed for good. The source is closed.",
    },
    "too_many_requests": {
        "fr": "Le site demande d’attendre : la reprise est prévue dans {retry_after:.0f} s.",
        "en": "The site asks us to wait: it will go on in {retry_after:.0f} s.",
    },
    "server_trouble": {
        "fr": "{host} est en panne (réponse {status}). Nouvel essai prévu.",
        "en": "{host} is in trouble (answer {status}). It will be tried again.",
    },
    "request_refused": {
        "fr": "{host} refuse la demande (réponse {status}). Vérifiez l’adresse ou les réglages.",
        "en": "{host} refuses the request (answer {status}). Check the address or the settings.",
    },
    "unexpected_status": {
        "fr": (
            "{host} a donné une réponse inattendue ({status}). La lecture est suspendue, "
            "l’administrateur est prévenu."
        ),
        "en": (
            "{host} gave an unexpected answer ({status}). Reading is suspended and the administrator is told."
        ),
    },
    "not_json": {
        "fr": (
            "{host} a répondu autre chose que prévu : « {excerpt} ». La lecture est suspendue, "
            "l’administrateur est prévenu."
        ),
        "en": (
            "{host} answered something else than expected: “{excerpt}”. Reading is suspended and the "
            "administrator is told."
        ),
    },
    "outcome_unknown": {
        "fr": (
            "La réponse de {host} s’est perdue : l’action a peut-être eu lieu. Elle sera vérifiée avant "
            "tout nouvel essai."
        ),
        "en": (
            "The answer of {host} was lost: the action may have happened. It will be checked before any "
            "new attempt."
        ),
    },
    # Feeds and articles.
    "feed_empty": {
        "fr": "Le document de {host} est vide. Vérifiez l’adresse ; nouvel essai prévu.",
        "en": "The document of {host} is empty. Check the address; it will be tried again.",
    },
    "not_a_feed": {
        "fr": "{host} n’a pas envoyé un flux, mais un document illisible. Vérifiez l’adresse.",
        "en": ("{host} did not send a feed but a document that cannot be read. Check the address."),
    },
    "feed_broken": {
        "fr": (
            "Le flux de {host} est cassé : ligne {line}, ce n’est plus du XML. Prévenez l’éditeur du "
            "site, ou vérifiez l’adresse."
        ),
        "en": (
            "The feed of {host} is broken: from line {line} on it is not XML. Tell the site’s publisher, "
            "or check the address."
        ),
    },
    "feed_unclosed": {
        "fr": (
            "Le flux de {host} est cassé : ligne {line}, un élément est fermé par un autre. Prévenez "
            "l’éditeur du site, ou vérifiez l’adresse."
        ),
        "en": (
            "The feed of {host} is broken: at line {line} one element is closed by another. Tell the "
            "site’s publisher, or check the address."
        ),
    },
    "feed_stops": {
        "fr": (
            "Le flux de {host} est cassé : il s’arrête ligne {line}, avant sa fin. Prévenez l’éditeur du "
            "site, ou vérifiez l’adresse."
        ),
        "en": (
            "The feed of {host} is broken: it stops at line {line}, before its end. Tell the site’s "
            "publisher, or check the address."
        ),
    },
    "feed_is_a_page": {
        "fr": (
            "{host} a envoyé une page web et non un flux. Donnez l’adresse du flux, ou cherchez-le "
            "depuis la page."
        ),
        "en": (
            "{host} sent a web page, not a feed. Give the address of the feed, or look for it from the page."
        ),
    },
    "feed_other_xml": {
        "fr": ("{host} a envoyé du XML qui n’est pas un flux (élément « {found} »). Vérifiez l’adresse."),
        "en": "{host} sent XML that is not a feed (element “{found}”). Check the address.",
    },
    "feed_other_json": {
        "fr": "{host} a envoyé du JSON qui n’est pas un flux JSON Feed. Vérifiez l’adresse.",
        "en": "{host} sent JSON that is not a JSON Feed. Check the address.",
    },
    "feed_bad_json": {
        "fr": ("{host} a envoyé du JSON mal formé. Prévenez l’éditeur du site, ou vérifiez l’adresse."),
        "en": "{host} sent malformed JSON. Tell the site’s publisher, or check the address.",
    },
    "feed_entity_bomb": {
        "fr": (
            "Le document de {host} déclare des entités faites pour saturer son lecteur : il a été "
            "refusé. Retirez cette source."
        ),
        "en": (
            "The document of {host} declares entities made to choke its reader: it was refused. Remove "
            "this source."
        ),
    },
    "article_not_a_page": {
        "fr": ("L’adresse mène à autre chose qu’une page ({found}) : le résumé est gardé tel quel."),
        "en": ("The address leads to something else than a page ({found}): the summary is kept as it is."),
    },
    "article_empty": {
        "fr": ("Aucun texte n’a été trouvé dans la page de {host} : le résumé est gardé tel quel."),
        "en": "No text was found in the page of {host}: the summary is kept as it is.",
    },
    "file_unreadable": {
        "fr": ("Le fichier « {host} » ne peut pas être ouvert. Vérifiez ses droits."),
        "en": "The file “{host}” cannot be opened. Check its permissions.",
    },
    # Files named on the command line.
    "file_missing": {
        "fr": "Le fichier « {host} » n’existe pas. Vérifiez son nom.",
        "en": "There is no file “{host}”. Check its name.",
    },
    # What a watch asks for, whichever network.
    "unknown_watch": {
        "fr": "Ce réseau ne sait pas lire ainsi (« {kind} »). Supprimez cette source et recréez-la.",
        "en": "This network cannot be read that way (“{kind}”). Remove this source and create it again.",
    },
    "no_words": {
        "fr": "Il n’y a rien à chercher : ajoutez un sujet qui contient au moins un mot.",
        "en": "There is nothing to look for: add a topic with at least one word.",
    },
    "bad_account": {
        "fr": "« {typed} » n’est pas l’adresse d’un compte de ce réseau. Corrigez-la pour reprendre.",
        "en": "“{typed}” is not the address of an account of this network. Correct it to go on.",
    },
    "bad_tag": {
        "fr": "« {typed} » n’est pas un mot-dièse : des lettres et des chiffres, sans espace.",
        "en": "“{typed}” is not a hashtag: letters and digits, without spaces.",
    },
    "other_shape": {
        "fr": (
            "La réponse de {host} n’a plus la forme attendue ({excerpt}). La lecture est suspendue et "
            "l’administrateur est prévenu."
        ),
        "en": (
            "The answer of {host} no longer has the expected shape ({excerpt}). Reading is suspended and the "
            "administrator is told."
        ),
    },
    # Bluesky.
    "bluesky_account_needed": {
        "fr": (
            "{host} ne répond à cette recherche que pour un compte : ajoutez à la source votre identifiant "
            "et un mot de passe d’application. L’écoute en direct n’en demande pas."
        ),
        "en": (
            "{host} only answers this search for an account: add your handle and an app password to the "
            "source. Listening live needs none."
        ),
    },
    # Mastodon.
    "mastodon_closed": {
        "fr": (
            "{host} ne montre cela qu’à ses membres : ajoutez un jeton d’accès de ce serveur, ou "
            "choisissez-en un autre."
        ),
        "en": "{host} only shows this to its members: add an access token of this server, or choose another.",
    },
    "mastodon_disabled": {
        "fr": "{host} a désactivé ce fil public. Suivez des mots-dièse, des comptes ou un autre serveur.",
        "en": "{host} has switched this public timeline off. Follow hashtags, accounts or another server.",
    },
    # The sandbox.
    "unknown_behaviour": {
        "fr": "Le bac à sable ne connaît pas le comportement « {typed} ».",
        "en": "The sandbox does not know the behaviour “{typed}”.",
    },
    # Lists of feeds, sitemaps and watched pages.
    "opml_too_large": {
        "fr": "Ce fichier OPML est trop gros : 20 Mo au plus. Rien n’a été importé.",
        "en": "This OPML file is too large: 20 MB at most. Nothing was imported.",
    },
    "opml_unreadable": {
        "fr": "Ce fichier ne contient aucune liste de flux OPML. Rien n’a été importé.",
        "en": "This file holds no OPML list of feeds. Nothing was imported.",
    },
    "not_a_sitemap": {
        "fr": "{host} n’a pas envoyé de plan de site. Vérifiez l’adresse.",
        "en": "{host} did not send a sitemap. Check the address.",
    },
    "sitemap_too_large": {
        "fr": (
            "Le plan de {host} dépasse 50 Mo une fois décompressé : il n’a pas été lu. Choisissez un "
            "plan plus petit."
        ),
        "en": (
            "The sitemap of {host} is larger than 50 MB once unpacked: it was not read. Choose a smaller one."
        ),
    },
    "sitemap_undated": {
        "fr": (
            "Ce plan liste {count} pages sans date : les nouvelles ne s’y distinguent pas. Choisissez un "
            "plan d’actualités ou un flux."
        ),
        "en": (
            "This sitemap lists {count} pages without dates: new ones cannot be told apart. Choose a "
            "news sitemap or a feed."
        ),
    },
    "page_not_text": {
        "fr": ("L’adresse mène à un fichier ({found}) et non à une page. Choisissez une page de texte."),
        "en": "The address leads to a file ({found}), not to a page. Choose a page of text.",
    },
    "page_empty": {
        "fr": (
            "La page de {host} ne contient aucun texte lisible (elle est peut-être dessinée par un "
            "script). Choisissez une autre page."
        ),
        "en": (
            "The page of {host} holds no readable text (it may be drawn by a script). Choose another page."
        ),
    },
    # Mailboxes.
    "mail_login_refused": {
        "fr": (
            "{host} refuse l’identifiant ou le mot de passe. Corrigez-les, ou créez un mot de passe "
            "d’application."
        ),
        "en": (
            "{host} refuses the user name or the password. Correct them, or create an application password."
        ),
    },
    "mail_needs_tls": {
        "fr": (
            "{host} n’est pas sur votre réseau : sans chiffrement, le mot de passe serait lisible en "
            "chemin. Choisissez tls ou starttls."
        ),
        "en": (
            "{host} is not on your network: without encryption the password could be read on the way. "
            "Choose tls or starttls."
        ),
    },
    "mail_no_starttls": {
        "fr": (
            "{host} ne passe pas au chiffrement (STARTTLS) : le mot de passe n’a pas été envoyé. "
            "Choisissez tls, ou demandez à qui tient ce serveur."
        ),
        "en": (
            "{host} does not switch to encryption (STARTTLS): the password was not sent. "
            "Choose tls, or ask whoever keeps this server."
        ),
    },
    "mail_no_folder": {
        "fr": "{host} ne connaît pas ce dossier. Corrigez son nom.",
        "en": "{host} does not know this folder. Correct its name.",
    },
    "mail_odd_answer": {
        "fr": "{host} n’a pas répondu comme un serveur IMAP. Nouvel essai prévu.",
        "en": "{host} did not answer like an IMAP server. It will be tried again.",
    },
    "mail_too_large": {
        "fr": "{host} envoie plus que demandé : la lecture a été arrêtée. Nouvel essai prévu.",
        "en": ("{host} sends more than was asked for: reading was stopped. It will be tried again."),
    },
    "mail_odd_security": {
        "fr": "Chiffrement inconnu : « {found} ». Choisissez tls ou starttls.",
        "en": "Unknown encryption: “{found}”. Choose tls or starttls.",
    },
    "mail_no_server": {
        "fr": "Le serveur IMAP ou son port manque ou n’est pas valable. Complétez les réglages.",
        "en": "The IMAP server or its port is missing or not valid. Complete the settings.",
    },
}


def sentence(code: str, params: Mapping[str, object], language: Language) -> str:
    """The sentence for `code`; KeyError for an unknown one, so that tests catch it."""
    return told(SENTENCES, code, language, params)
