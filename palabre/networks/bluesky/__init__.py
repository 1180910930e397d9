"""Bluesky and every AT Protocol network: search for the past, an account's posts, two streams for now.

Jetstream is light JSON from a few public servers; a server's own repository stream is the full
protocol and exists everywhere. Both resume from a cursor.
"""

from palabre.networks.bluesky.connecting import Connecting
from palabre.networks.bluesky.hearing import Hearing
from palabre.networks.bluesky.manifest import MANIFEST
from palabre.networks.bluesky.moderating import Moderating
from palabre.networks.bluesky.publishing import Publishing
from palabre.networks.bluesky.reading import Reading
from palabre.networks.bluesky.streaming import Streaming

__all__ = ["MANIFEST", "Bluesky", "connector"]


class Bluesky(Reading, Streaming, Hearing, Moderating, Connecting, Publishing):
    """See the package; holds open sessions and known profiles, both bounded, in memory alone."""

    def __init__(self) -> None:
        Reading.__init__(self)
        Streaming.__init__(self)


connector = Bluesky()
