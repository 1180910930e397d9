"""What the composer's templates say often: a small button's act, and how a network looks."""

from collections.abc import Mapping

from django import template
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from palabre.networks.outgoing import Part
from palabre.publishing.composing.looks import Look, look_of

register = template.Library()


@register.simple_tag
def act(*pieces: object) -> SafeString:
    """The attributes of a small button: what it does to the form, with or without a script.

    Its id brings the focus back to it once the form is here again; several buttons may attach.
    """
    name = "-".join(str(piece) for piece in pieces if str(piece))
    return format_html(
        '{1}name="act" value="{0}" hx-post="" hx-target="#composer" hx-swap="outerHTML" '
        'hx-vals=\'{{"act": "{0}"}}\'',
        name,
        "" if name == "attach" else format_html('id="act-{}" ', name),
    )


@register.filter
def look(network: str) -> Look:
    """How the network shows a content."""
    return look_of(network)


@register.filter
def seen(text: str, shown: Look) -> tuple[str, str]:
    """What is seen of a text at once, and what is folded away."""
    return shown.folded(text)


@register.filter
def grid(part: Part) -> str:
    """The grid of a part's pictures: one, two, three, four or many."""
    names = ("none", "one", "two", "three", "four")
    return names[len(part.media)] if len(part.media) < len(names) else "many"


FIELDS: dict[str, str | Promise] = {
    "text": _("Text"),
    "parts": _("Thread"),
    "first_comment": _("First comment"),
    "link": _("Link with a card"),
    "title": _("Title"),
    "excerpt": _("Excerpt"),
    "slug": _("Address of the page"),
    "categories": _("Categories"),
    "tags": _("Tags"),
    "language": _("Language"),
    "visibility": _("Who sees it"),
    "media": _("Files"),
}
"""The fields of a content in words."""


@register.filter
def field_words(name: str) -> str | Promise:
    """A field of a content in words."""
    return FIELDS[name]


@register.filter
def at(values: Mapping[int, str], key: int) -> str:
    """What a mapping holds there, "" for nothing."""
    return values.get(key, "")


@register.filter
def host(url: str) -> str:
    """The site of an address, as cards name it."""
    return url.split("://", 1)[-1].split("/", 1)[0].removeprefix("www.")
