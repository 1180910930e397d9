"""Saved replies in words: the variables and what they give, languages, tones, what is wrong."""

from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from palabre.agency.forms import LANGUAGES
from palabre.inbox.models import SavedText
from palabre.inbox.saved.rules import VARIABLES, Unknown
from palabre.ui.texts import quote

_GIVES = {
    "name": lazy("the name of whoever wrote, else their handle"),
    "first_name": lazy("the first word of their name"),
    "handle": lazy("their handle, without the @"),
    "brand": lazy("the name of the brand"),
    "site": lazy("the brand’s address on the web"),
    "network": lazy("the network the conversation is on"),
    "account": lazy("the account that answers"),
    "me": lazy("your name; the brand’s where a rule answers"),
    "date": lazy("today’s date"),
    "year": lazy("this year"),
}
ANY = pgettext_lazy("language of a saved reply", "any language")


def variables() -> list[tuple[str, object]]:
    """Every variable as it is written in the reader's language, and what it gives."""
    place = -1 if get_language() == "fr" else 0
    return [(f"{{{words[place]}}}", _GIVES[key]) for key, words in VARIABLES.items()]


def unknown_words(one: Unknown) -> str:
    """What is wrong between these braces, and where."""
    return _("Line %(line)d, character %(column)d: %(name)s is no variable. There are: %(all)s.") % {
        "line": one.line,
        "column": one.column,
        "name": quote(f"{{{one.name}}}"),
        "all": ", ".join(name for name, _gives in variables()),
    }


def language_words(code: str) -> str:
    """A language of a wording."""
    return str(dict(LANGUAGES).get(code, code)) if code else str(ANY)


def wording_words(text: SavedText) -> str:
    """A wording named: its language and its tone."""
    return f"{language_words(text.language)} · {text.get_tone_display()}"
