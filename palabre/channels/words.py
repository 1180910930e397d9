"""What the pure rooms declare about networks, in the reader's language."""

from django.utils.translation import get_language

from palabre.kit.language import Language
from palabre.networks.contract import Manifest, Words
from palabre.networks.registry import manifests
from palabre.networks.rules import rules_of


def language() -> Language:
    """The reader's language, as the pure rooms name it."""
    return "en" if get_language() == "en" else "fr"


def said(words: Words) -> str:
    """A label of the pure rooms in the reader's language."""
    return words.en if language() == "en" else words.fr


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
    return found.icon if found else ICONS.get(network, "clipboard-text")


ICONS = {
    "x": "brand-x",
    "facebook_page": "brand-facebook",
    "instagram": "brand-instagram",
    "threads": "brand-threads",
    "linkedin_page": "brand-linkedin",
    "youtube": "brand-youtube",
    "tiktok": "brand-tiktok",
    "pinterest": "brand-pinterest",
    "reddit": "brand-reddit",
    "google_business_profile": "brand-google",
    "telegram": "brand-telegram",
    "discord": "brand-discord",
    "slack": "brand-slack",
    "discourse": "messages",
    "ghost": "ghost-2",
    "matrix": "brand-matrix",
    "peertube": "player-play",
    "twitch": "brand-twitch",
}
"""Icons of networks that Palabre has rules for and no connector."""
