"""The sentences about contents to publish: problems at a field, suggestions, sign-ins. See `messages`."""

from collections.abc import Mapping

from palabre.kit.language import Language

POSTING: Mapping[str, Mapping[Language, str]] = {
    # Problems, at their field.
    "text_long": {
        "fr": "Trop long : {actual} pour {limit} au plus.",
        "en": "Too long: {actual} where {limit} is the most.",
    },
    "text_heavy": {
        "fr": "Trop lourd : {actual} octets pour {limit} au plus.",
        "en": "Too heavy: {actual} bytes where {limit} is the most.",
    },
    "text_short": {
        "fr": "Trop court : {actual} pour {limit} au moins.",
        "en": "Too short: {actual} where {limit} is the least.",
    },
    "text_missing": {
        "fr": "Il n’y a rien à publier : écrivez un texte ou ajoutez un fichier.",
        "en": "There is nothing to publish: write a text or add a file.",
    },
    "text_odd": {
        "fr": "Ce texte contient un caractère que le réseau refuse.",
        "en": "This text holds a character that the network refuses.",
    },
    "title_missing": {"fr": "Il faut un titre.", "en": "A title is needed."},
    "title_long": {
        "fr": "Titre trop long : {actual} caractères pour {limit} au plus.",
        "en": "Title too long: {actual} characters where {limit} is the most.",
    },
    "title_short": {
        "fr": "Titre trop court : {actual} caractères pour {limit} au moins.",
        "en": "Title too short: {actual} characters where {limit} is the least.",
    },
    "excerpt_long": {
        "fr": "Extrait trop long : {actual} caractères pour {limit} au plus.",
        "en": "Excerpt too long: {actual} characters where {limit} is the most.",
    },
    "hashtags_over": {
        "fr": "{actual} mots-dièse pour {limit} au plus.",
        "en": "{actual} hashtags where {limit} is the most.",
    },
    "hashtag_long": {
        "fr": "{detail} est trop long : {actual} caractères pour {limit} au plus.",
        "en": "{detail} is too long: {actual} characters where {limit} is the most.",
    },
    "mentions_over": {
        "fr": "{actual} personnes nommées pour {limit} au plus.",
        "en": "{actual} people named where {limit} is the most.",
    },
    "links_over": {
        "fr": "{actual} liens pour {limit} au plus.",
        "en": "{actual} links where {limit} is the most.",
    },
    "mention_unknown": {
        "fr": "{detail} n’est le nom de personne ici : il restera du simple texte.",
        "en": "{detail} is nobody’s name here: it will stay plain text.",
    },
    "no_threads": {
        "fr": "Ce réseau ne connaît pas les fils : une seule publication.",
        "en": "This network knows no threads: one post alone.",
    },
    "no_first_comment": {
        "fr": "Palabre ne peut pas commenter ici.",
        "en": "Palabre cannot comment here.",
    },
    "no_warning": {
        "fr": "Ce réseau ne connaît pas les avertissements.",
        "en": "This network knows no content warnings.",
    },
    "no_such_visibility": {
        "fr": "Ce réseau ne connaît pas cette visibilité ({detail}).",
        "en": "This network does not know this visibility ({detail}).",
    },
    "no_replies": {
        "fr": "On ne peut pas répondre ici à une publication.",
        "en": "A post cannot be answered here.",
    },
    "no_schedule": {
        "fr": "Ce réseau ne publie pas de lui-même à une date.",
        "en": "This network does not publish by itself at a date.",
    },
    "media_missing": {
        "fr": "Il faut une image ou une vidéo.",
        "en": "An image or a video is needed.",
    },
    "media_over": {
        "fr": "{actual} fichiers pour {limit} au plus.",
        "en": "{actual} files where {limit} is the most.",
    },
    "media_mixed": {
        "fr": "Des fichiers d’une seule sorte par publication.",
        "en": "Files of one kind alone in a post.",
    },
    "kind_over": {
        "fr": "{actual} fichiers de cette sorte ({detail}) pour {limit} au plus.",
        "en": "{actual} files of this kind ({detail}) where {limit} is the most.",
    },
    "kind_refused": {
        "fr": "Ce réseau ne prend pas les fichiers de cette sorte ({detail}).",
        "en": "This network takes no files of this kind ({detail}).",
    },
    "type_refused": {
        "fr": "Ce réseau ne prend pas le format {detail}.",
        "en": "This network does not take the format {detail}.",
    },
    "file_heavy": {
        "fr": "Fichier trop lourd : {actual} Mo pour {limit} au plus.",
        "en": "File too heavy: {actual} MB where {limit} is the most.",
    },
    "file_refused": {
        "fr": "Le réseau a refusé ce fichier ({detail}).",
        "en": "The network refused this file ({detail}).",
    },
    "pixels_over": {
        "fr": "Image trop grande : {actual} pixels pour {limit} au plus.",
        "en": "Image too large: {actual} pixels where {limit} is the most.",
    },
    "side_under": {
        "fr": "Image trop petite : {actual} pixels de côté pour {limit} au moins.",
        "en": "Image too small: {actual} pixels a side where {limit} is the least.",
    },
    "side_over": {
        "fr": "Image trop grande : {actual} pixels de côté pour {limit} au plus.",
        "en": "Image too large: {actual} pixels a side where {limit} is the most.",
    },
    "ratio_under": {
        "fr": "Image trop haute : rapport {actual} pour {limit} au moins. Recadrez-la.",
        "en": "Image too tall: ratio {actual} where {limit} is the least. Crop it.",
    },
    "ratio_over": {
        "fr": "Image trop large : rapport {actual} pour {limit} au plus. Recadrez-la.",
        "en": "Image too wide: ratio {actual} where {limit} is the most. Crop it.",
    },
    "seconds_under": {
        "fr": "Trop court : {actual} s pour {limit} au moins.",
        "en": "Too short: {actual} s where {limit} is the least.",
    },
    "seconds_over": {
        "fr": "Trop long : {actual} s pour {limit} au plus.",
        "en": "Too long: {actual} s where {limit} is the most.",
    },
    "alt_long": {
        "fr": "Texte alternatif trop long : {actual} caractères pour {limit} au plus.",
        "en": "Alt text too long: {actual} characters where {limit} is the most.",
    },
    "media_lost": {
        "fr": "Ce fichier n’est plus dans la médiathèque, ou ne s’ouvre plus.",
        "en": "This file is no longer in the library, or does not open any more.",
    },
    "rights_over": {
        "fr": "Les droits de « {detail} » ne valent plus ce jour-là.",
        "en": "The rights of “{detail}” no longer hold that day.",
    },
    "refused_by_network": {
        "fr": "Le réseau a refusé : « {detail} ».",
        "en": "The network refused: “{detail}”.",
    },
    "reply_target_missing": {
        "fr": "La publication à laquelle vous répondez n’est plus là.",
        "en": "The post you answer is no longer there.",
    },
    "reply_target_held": {
        "fr": "Ce commentaire attend d’être approuvé : on ne peut pas encore y répondre.",
        "en": "This comment waits to be approved: it cannot be answered yet.",
    },
    "replies_closed": {
        "fr": "Les réponses sont fermées à cet endroit.",
        "en": "Replies are closed there.",
    },
    "term_refused": {
        "fr": "Ce compte ne peut pas créer « {detail} » sur le site. Choisissez-en un qui existe.",
        "en": "This account cannot create “{detail}” on the site. Choose one that exists.",
    },
    # Suggestions, beside the text.
    "split_thread": {
        "fr": "En faire un fil de {count} publications.",
        "en": "Make it a thread of {count} posts.",
    },
    "shorten_links": {
        "fr": "Raccourcir les liens ({count}) : ici chacun de leurs caractères compte.",
        "en": "Shorten the links ({count}): each of their characters counts here.",
    },
    "shorten_text": {
        "fr": "Couper le texte à {limit}.",
        "en": "Cut the text at {limit}.",
    },
    "link_to_comment": {
        "fr": "Mettre le lien dans le premier commentaire.",
        "en": "Move the link to the first comment.",
    },
    "link_dead": {
        "fr": "Un lien ne s’ouvre pas d’ici. Mettez-le dans votre profil ou dites où le trouver.",
        "en": "A link does not open from here. Put it in your profile or say where to find it.",
    },
    "link_price": {
        "fr": "Avec un lien, cet envoi coûte {price} {currency} ; sans lien, {plain}.",
        "en": "With a link this post costs {price} {currency}; without, {plain}.",
    },
    "hashtags_many": {
        "fr": "{actual} mots-dièse : {limit} suffisent ici.",
        "en": "{actual} hashtags: {limit} are enough here.",
    },
    "hashtags_none": {
        "fr": "Aucun mot-dièse. Jusqu’à {limit} aident à être trouvé ici.",
        "en": "No hashtag. Up to {limit} help to be found here.",
    },
    "text_folded": {
        "fr": "Au-delà de {limit} caractères, le texte est replié : l’essentiel d’abord.",
        "en": "Beyond {limit} characters the text is folded: the essential first.",
    },
    "alt_missing": {
        "fr": "Il manque un texte alternatif ({count}). Sans lui, une personne aveugle n’a pas l’image.",
        "en": "An alt text is missing ({count}). Without it a blind person does not get the image.",
    },
    # Sign-ins and deliveries.
    "sign_in_refused": {
        "fr": "{host} refuse l’identifiant ou le mot de passe d’application. Vérifiez-les.",
        "en": "{host} refuses the name or the app password. Check them.",
    },
    "sign_in_cancelled": {
        "fr": "La connexion a été annulée sur {host}. Recommencez quand vous voulez : rien n’a changé.",
        "en": "The sign-in was cancelled at {host}. Start again when you like: nothing changed.",
    },
    "sign_in_mismatch": {
        "fr": "La réponse de {host} n’est pas celle de cette connexion. Recommencez.",
        "en": "The answer of {host} does not belong to this sign-in. Start again.",
    },
    "sign_in_kind_unknown": {
        "fr": "Ce réseau ne connaît pas cette façon de se connecter (« {kind} »).",
        "en": "This network does not know this way to sign in (“{kind}”).",
    },
    "scope_missing": {
        "fr": "Il manque un droit : {scope}. Reconnectez le compte et acceptez-le.",
        "en": "A permission is missing: {scope}. Connect the account again and accept it.",
    },
    "site_has_no_api": {
        "fr": "{host} ne répond pas comme un site WordPress, ou son interface REST est fermée.",
        "en": "{host} does not answer like a WordPress site, or its REST interface is shut.",
    },
    "server_closed": {
        "fr": "{host} n’accepte pas d’applications. Choisissez un autre serveur.",
        "en": "{host} does not accept applications. Choose another server.",
    },
    "content_refused": {
        "fr": "{host} refuse ce contenu : « {detail} ».",
        "en": "{host} refuses this content: “{detail}”.",
    },
    "problems_found": {
        "fr": "Ce contenu ne peut pas partir tel quel ({count}) : voyez les champs signalés.",
        "en": "This content cannot go as it is ({count}): see the fields that are marked.",
    },
    "media_not_ready": {
        "fr": "{host} prépare encore le fichier. Nouvel essai prévu.",
        "en": "{host} is still preparing the file. It will be tried again.",
    },
    "cannot_tell": {
        "fr": "{host} ne permet pas de savoir si la publication est partie. Vérifiez sur le réseau.",
        "en": "{host} does not let us know whether the post went out. Look on the network.",
    },
    "cannot_edit": {
        "fr": "Ce changement n’est pas possible sur {host}.",
        "en": "This change is not possible at {host}.",
    },
    "unsafe_address": {
        "fr": "{host} n’est pas chiffré : le mot de passe serait lisible en chemin. Utilisez https.",
        "en": "{host} is not encrypted: the password could be read on the way. Use https.",
    },
    "room_unknown": {
        "fr": "Le compte ne peut pas entrer dans le salon « {room} ». Vérifiez son adresse et "
        "que le compte y est invité.",
        "en": "The account cannot enter the room “{room}”. Check its address, and that the account "
        "is invited there.",
    },
    "no_homeserver": {
        "fr": "{host} ne répond pas comme un serveur Matrix. Écrivez le serveur qui est à la fin de "
        "l’identifiant du compte.",
        "en": "{host} does not answer like a Matrix server. Write the server at the end of the account’s id.",
    },
    "password_not_taken": {
        "fr": "{host} ne prend pas de mot de passe ici. Connectez-vous avec un jeton d’accès.",
        "en": "{host} takes no password here. Sign in with an access token.",
    },
    "room_left": {
        "fr": "Le compte n’est plus dans le salon. Faites-le inviter de nouveau, puis reconnectez-le.",
        "en": "The account is in the room no more. Have it invited again, then connect it again.",
    },
}
