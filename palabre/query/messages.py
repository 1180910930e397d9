"""What a refused query is told, in French and English; `{word}` and the like come from the error's params."""

from palabre.kit.told import Sentences, told

MESSAGES: Sentences = {
    "empty": {
        "fr": "La requête est vide\u00a0: écrivez au moins un mot.",
        "en": "The query is empty: write at least one word.",
    },
    "too_long": {
        "fr": "La requête compte plus de {most} caractères\u00a0: partagez-la en plusieurs sujets.",
        "en": "The query is longer than {most} characters: split it into several topics.",
    },
    "too_deep": {
        "fr": "Plus de {most} conditions emboîtées\u00a0: simplifiez les parenthèses ou partagez la requête.",
        "en": "More than {most} conditions inside one another: simplify the parentheses or split the query.",
    },
    "quote_open": {
        "fr": "Ce guillemet n’est pas refermé\u00a0: ajoutez «\u00a0{close}\u00a0» à la fin de l’expression.",
        "en": "This quotation mark is never closed: add {close} at the end of the phrase.",
    },
    "quote_extra": {
        "fr": "Ce guillemet ne ferme rien\u00a0: ôtez-le ou ouvrez avec «\u00a0{open}\u00a0».",
        "en": "This quotation mark closes a phrase that was never opened: remove it or open with {open}.",
    },
    "paren_open": {
        "fr": "Cette parenthèse n’est pas refermée\u00a0: ajoutez «\u00a0)\u00a0».",
        "en": "This parenthesis is never closed: add “)”.",
    },
    "paren_extra": {
        "fr": "Cette parenthèse ne ferme rien\u00a0: ôtez-la ou ajoutez «\u00a0(\u00a0» avant.",
        "en": "This parenthesis closes a group that was never opened: remove it or add “(” before.",
    },
    "group_empty": {
        "fr": "Il n’y a rien entre ces parenthèses\u00a0: un mot est attendu.",
        "en": "There is nothing between these parentheses: a word is expected.",
    },
    "operand_after": {
        "fr": 'Un mot est attendu après {word}. Pour chercher le mot lui-même, écrivez "{word}".',
        "en": 'A word is expected after {word}. To look for the word itself, write "{word}".',
    },
    "operand_before": {
        "fr": 'Un mot est attendu avant {word}. Pour chercher le mot lui-même, écrivez "{word}".',
        "en": 'A word is expected before {word}. To look for the word itself, write "{word}".',
    },
    "symbol": {
        "fr": "«\u00a0{word}\u00a0» n’est pas un opérateur\u00a0: écrivez {operator}, en capitales.",
        "en": "“{word}” is no operator: write {operator}, in capitals.",
    },
    "no_word": {
        "fr": "Il n’y a aucun mot à chercher dans «\u00a0{word}\u00a0».",
        "en": "There is no word to look for in “{word}”.",
    },
    "star_inside": {
        "fr": "«\u00a0*\u00a0» ne s’emploie qu’à la fin d’un mot\u00a0: restau*.",
        "en": "“*” only goes at the end of a word: restau*.",
    },
    "near_form": {
        "fr": "Écrivez NEAR/5 (cinq mots d’écart au plus) ou NEAR/5f (dans cet ordre), de 0 à {most}.",
        "en": "Write NEAR/5 (at most five words between) or NEAR/5f (in that order), from 0 to {most}.",
    },
    "near_operand": {
        "fr": "De chaque côté de NEAR il faut un mot, une expression ou un groupe de mots séparés par OR.",
        "en": "Each side of NEAR must be a word, a phrase or a group of words separated by OR.",
    },
    "near_negated": {
        "fr": "NEAR ne peut pas porter sur une négation\u00a0: un mot est attendu ici.",
        "en": "NEAR cannot be applied to a negation: a word is expected here.",
    },
    "field_unknown": {
        "fr": (
            "Le champ «\u00a0{word}:\u00a0» n’existe pas{hint}. Champs\u00a0: {fields}. "
            "Pour chercher ce texte, mettez-le entre guillemets."
        ),
        "en": "There is no field “{word}:”{hint}. Fields: {fields}. To look for this text, put it in quotes.",
    },
    "field_value": {
        "fr": "Une valeur est attendue juste après «\u00a0{word}\u00a0», sans espace.",
        "en": "A value is expected right after “{word}”, without a space.",
    },
    "field_nested": {
        "fr": "«\u00a0{word}\u00a0» ne peut pas se trouver à l’intérieur de «\u00a0{outer}\u00a0».",
        "en": "“{word}” cannot stand inside “{outer}”.",
    },
    "field_near": {
        "fr": "NEAR ne s’emploie pas dans «\u00a0{outer}\u00a0»\u00a0: ce champ n’a pas de mots.",
        "en": "NEAR has no use inside “{outer}”: this field has no words.",
    },
    "field_plain": {
        "fr": "«\u00a0{outer}\u00a0» attend une valeur simple, sans «\u00a0{word}\u00a0».",
        "en": "“{outer}” expects a plain value, without “{word}”.",
    },
    "lang_value": {
        "fr": "«\u00a0{word}\u00a0» n’est pas un code de langue\u00a0: écrivez par exemple lang:fr.",
        "en": "“{word}” is no language code: write for instance lang:fr or lang:en.",
    },
    "country_value": {
        "fr": "«\u00a0{word}\u00a0» n’est pas un code de pays\u00a0: écrivez par exemple country:FR.",
        "en": "“{word}” is no country code: write for instance country:FR or country:BE.",
    },
    "site_value": {
        "fr": "«\u00a0{word}\u00a0» n’est pas un nom de site\u00a0: écrivez par exemple site:lemonde.fr.",
        "en": "“{word}” is no site name: write for instance site:lemonde.fr.",
    },
    "mark_value": {
        "fr": "Un mot est attendu juste après «\u00a0{word}\u00a0», sans espace.",
        "en": "A word is expected right after “{word}”, without a space.",
    },
    "mark_clash": {
        "fr": "«\u00a0{word}\u00a0» et «\u00a0{other}\u00a0» ne s’emploient pas ensemble.",
        "en": "“{word}” and “{other}” cannot be used together.",
    },
    "unbounded": {
        "fr": (
            "Cette requête peut tout trouver\u00a0: ajoutez un mot que les publications doivent contenir, "
            "ou confirmez."
        ),
        "en": "This query can match everything: add a word that posts must contain, or confirm.",
    },
    "hint_close": {
        "fr": " (vouliez-vous dire «\u00a0{word}:\u00a0»\u202f?)",
        "en": " (did you mean “{word}:”?)",
    },
    "advice_operator": {
        "fr": "«\u00a0{word}\u00a0» en minuscules est un mot. Pour l’opérateur, écrivez {operator}.",
        "en": "“{word}” in lower case is a word like any other. For the operator, write {operator}.",
    },
    "no_line": {
        "fr": "ligne {line}\u00a0: {reason}",
        "en": "line {line}: {reason}",
    },
    "not_json": {
        "fr": "ce n’est pas un objet JSON",
        "en": "this is no JSON object",
    },
    "not_text": {
        "fr": "le champ «\u00a0{word}\u00a0» n’est pas un texte",
        "en": "the field “{word}” is not a text",
    },
    "no_tab": {
        "fr": "il faut un identifiant, une tabulation et une requête",
        "en": "an identifier, a tab and a query are needed",
    },
    "no_file": {
        "fr": "«\u00a0{word}\u00a0» ne peut pas être lu\u00a0: {reason}",
        "en": "“{word}” cannot be read: {reason}",
    },
    "one_of": {
        "fr": "donnez une requête, ou --many FICHIER.tsv",
        "en": "give a query, or --many FILE.tsv",
    },
    "posts_with": {"fr": "Sont retenues les publications avec\u00a0:", "en": "Posts are kept with:"},
    "all_of": {"fr": "tout à la fois\u00a0:", "en": "all of:"},
    "one_of_these": {"fr": "au moins un de\u00a0:", "en": "at least one of:"},
    "without": {"fr": "sans", "en": "without"},
    "in_title": {"fr": "dans le titre,", "en": "in the title,"},
    "in_author": {"fr": "dans le nom de l’auteur,", "en": "in the author’s name,"},
    "in_url": {"fr": "dans l’adresse,", "en": "in the address,"},
    "is_site": {
        "fr": "une adresse sur {value} ou un de ses sous-domaines",
        "en": "an address on {value} or one of its subdomains",
    },
    "is_lang": {"fr": "la langue {value}", "en": "the language {value}"},
    "is_network": {"fr": "le réseau {value}", "en": "the network {value}"},
    "is_country": {"fr": "le pays {value}", "en": "the country {value}"},
    "near": {"fr": "l’un près de l’autre\u00a0:", "en": "close to each other:"},
    "near_after": {
        "fr": "puis, {distance} mot(s) plus loin au plus,",
        "en": "then, at most {distance} word(s) later,",
    },
    "near_around": {
        "fr": "et, à {distance} mot(s) au plus avant ou après,",
        "en": "and, at most {distance} word(s) before or after,",
    },
    "a_word": {"fr": "le mot «\u00a0{text}\u00a0»", "en": "the word “{text}”"},
    "a_phrase": {"fr": "l’expression «\u00a0{text}\u00a0»", "en": "the phrase “{text}”"},
    "a_hashtag": {"fr": "le mot-dièse {text}", "en": "the hashtag {text}"},
    "a_handle": {"fr": "le compte {text}", "en": "the handle {text}"},
    "a_beginning": {
        "fr": "un mot qui commence par «\u00a0{text}\u00a0»",
        "en": "a word that begins with “{text}”",
    },
    "or_longer": {"fr": ", ou plus long", "en": ", or longer"},
    "in_any_form": {"fr": ", sous toutes ses formes", "en": ", in any form"},
    "spelt_so": {"fr": ", écrit exactement ainsi", "en": ", spelt exactly so"},
    "query_named": {"fr": "requête {word}", "en": "query {word}"},
}


def say(code: str, language: str, **params: object) -> str:
    """The message of a code, in French unless English is asked for."""
    return told(MESSAGES, code, "en" if language == "en" else "fr", params)
