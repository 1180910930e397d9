"""A site made with WordPress, through its own REST interface: articles, their files, figures and comments.

Each article carries the key of its delivery in a comment of its source, by which it is found again.
"""

from palabre.networks.wordpress.connecting import Connecting
from palabre.networks.wordpress.hearing import Hearing
from palabre.networks.wordpress.manifest import MANIFEST
from palabre.networks.wordpress.moderating import Moderating
from palabre.networks.wordpress.publishing import Publishing

__all__ = ["MANIFEST", "WordPress", "connector"]


class WordPress(Hearing, Moderating, Connecting, Publishing):
    """See the package."""


connector = WordPress()
