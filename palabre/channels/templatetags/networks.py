"""What the pure rooms declare, in the reader's language."""

from typing import Any, Protocol

from django import template
from django.utils.translation import gettext as _

from palabre.channels import words
from palabre.networks.contract import Manifest

register = template.Library()
register.filter("said", words.said)
register.filter("explained", words.refused)


class Troubled(Protocol):
    """A row that keeps why a network refused: a source, a channel, a delivery."""

    error_code: str
    error_params: Any


@register.filter
def manifest(key: str) -> Manifest | None:
    """The manifest of a network, None for what was pasted by hand."""
    return words.manifest_of(key)


@register.filter
def network_label(key: str) -> str:
    """The name people know a network by."""
    try:
        return words.label_of(key)
    except KeyError:
        return _("Pasted by hand")


@register.filter
def network_icon(key: str) -> str:
    """The icon of a network."""
    return words.icon_of(key) if key else "clipboard-text"


@register.filter
def trouble(row: Troubled) -> str:
    """Why a network could not be read or refused, in words."""
    return words.explained(row.error_code, row.error_params)
