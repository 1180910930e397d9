"""What the pure rooms declare about networks, in the reader's language."""

from collections.abc import Mapping

from django.utils.translation import get_language, gettext

from palabre.kit.language import Language
from palabre.networks.contract import Manifest, Words
from palabre.networks.errors import NetworkError
from palabre.networks.messages import AGAIN
from palabre.networks.registry import manifests
from palabre.networks.rules import rules_of
from palabre.ui.icons import NETWORKS


def language() -> Language:
    """The reader's language, as the pure rooms name it."""
    return "en" if get_language() == "en" else "fr"


def said(words: Words) -> str:
    """A label of the pure rooms in the reader's language."""
    return words.en if language() == "en" else words.fr


def explained(code: str, params: Mapping[str, str | int | float]) -> str:
    """A stored failure in words; one that an older Palabre stored may have no sentence any more."""
    try:
        return NetworkError(code, **params).message(language())
    except KeyError:
        return gettext("The network gave a reason that Palabre has no words for: %(code)s.") % {"code": code}


def refused(error: NetworkError) -> str:
    """Why a network refused what a person asks of it now, in words: nobody else will try again."""
    return error.message(language()).replace(AGAIN[language()], gettext("Try again in a moment."))


def manifest_of(network: str) -> Manifest | None:
    """The manifest of a network that has a connector."""
    return manifests().get(network)


def label_of(network: str) -> str:
    """The name people know a network by, with or without a connector. KeyError for an unknown one."""
    found = manifest_of(network)
    return found.label if found else rules_of(network).label


def icon_of(network: str) -> str:
    """The icon of a network."""
    found = manifest_of(network)
    return found.icon if found else NETWORKS.get(network, "clipboard-text")
