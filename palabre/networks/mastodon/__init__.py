"""Mastodon and the servers that speak its API: hashtags, public timelines, search, accounts, streaming.

Each server shows what it knows and what it wants to show. Ids of statuses are opaque text and belong
to one server; a status is known by its ActivityPub address, so that two servers showing it count once.
"""

from palabre.networks.mastodon.connecting import Connecting
from palabre.networks.mastodon.hearing import Hearing
from palabre.networks.mastodon.manifest import MANIFEST
from palabre.networks.mastodon.moderating import Moderating
from palabre.networks.mastodon.publishing import Publishing
from palabre.networks.mastodon.reading import Reading
from palabre.networks.mastodon.streaming import Streaming

__all__ = ["MANIFEST", "Mastodon", "connector"]


class Mastodon(Reading, Streaming, Hearing, Moderating, Connecting, Publishing):
    """See the package; remembers the addresses of recent statuses, bounded, in memory alone."""


connector = Mastodon()
