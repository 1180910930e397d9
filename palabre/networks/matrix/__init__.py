"""Rooms of Matrix: what is said in those the account has joined is heard, answered and moderated.

What an account publishes goes into the room chosen at its sign-in. Encrypted rooms cannot be read.
"""

from palabre.networks.matrix.connecting import Connecting
from palabre.networks.matrix.hearing import Hearing
from palabre.networks.matrix.manifest import MANIFEST
from palabre.networks.matrix.moderating import Moderating
from palabre.networks.matrix.publishing import Publishing

__all__ = ["MANIFEST", "Matrix", "connector"]


class Matrix(Hearing, Moderating, Connecting, Publishing):
    """See the package."""


connector = Matrix()
