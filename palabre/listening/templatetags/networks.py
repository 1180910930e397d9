"""What the pure rooms declare, in the reader's language."""

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from palabre.listening.forms import said as _said
from palabre.listening.models import Source
from palabre.networks.contract import Manifest
from palabre.networks.errors import NetworkError
from palabre.networks.registry import manifests

register = template.Library()
register.filter("said", _said)


@register.filter
def manifest(key: str) -> Manifest | None:
    """The manifest of a network, None for what was pasted by hand."""
    return manifests().get(key)


@register.filter
def network_label(key: str) -> str:
    """The name people know a network by."""
    found = manifests().get(key)
    return found.label if found else _("Pasted by hand")


@register.filter
def network_icon(key: str) -> str:
    """The icon of a network."""
    found = manifests().get(key)
    return found.icon if found else "clipboard-text"


@register.filter
def trouble(source: Source) -> str:
    """Why a source could not be read, in words."""
    error = NetworkError(source.error_code, **source.error_params)
    return error.message("en" if get_language() == "en" else "fr")


@register.filter
def explained(error: NetworkError) -> str:
    """A network's error, in words."""
    return error.message("en" if get_language() == "en" else "fr")
