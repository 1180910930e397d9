"""A network in memory: invented people, invented newspapers, every protocol of the contract.

Read this first when adding a network. What comes out depends on the words, the seed and the clock
alone, so that demos and tests see the same things twice. A watch can ask it to misbehave.
"""

from palabre.networks.sandbox.hearing import Hearing
from palabre.networks.sandbox.manifest import MANIFEST, Behaviour
from palabre.networks.sandbox.moderating import Moderating
from palabre.networks.sandbox.publishing import Connecting, Publishing
from palabre.networks.sandbox.reading import PAST, Reading, demo_items
from palabre.networks.sandbox.world import BRAND, PACE, World

__all__ = ["BRAND", "MANIFEST", "PACE", "PAST", "Behaviour", "Sandbox", "World", "connector", "demo_items"]


class Sandbox(Reading, Hearing, Moderating, Connecting, Publishing):
    """See the package; every protocol, no socket."""


connector = Sandbox()
