"""Who holds which stream: one process each, another one as soon as that process is gone.

On the path: `listen` asks here before it opens a line. A hold is an advisory lock of a connection kept for
nothing else: it ends with its process, however that ends, and nobody has to notice.
"""

import logging
from collections.abc import Collection

from django.db import InterfaceError, OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper

log = logging.getLogger(__name__)

_SOON_GONE = "SET tcp_keepalives_idle = 20; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3"
"""A machine that vanished without a word is given up within half a minute (a socket file needs none)."""


class Holds:
    """The lines that this process holds; used from one thread."""

    def __init__(self) -> None:
        self._own: BaseDatabaseWrapper | None = None
        self._held: dict[str, int] = {}

    def take(self, wanted: Collection[str]) -> frozenset[str]:
        """Let go of what is wanted no more, take what is free; those of the wanted lines that are ours now.

        None are where the database cannot be reached: somebody else may hold them by then.
        """
        try:
            self._let_go([line for line in self._held if line not in wanted])
            self._try([line for line in wanted if line not in self._held])
        except (OperationalError, InterfaceError):
            log.warning("the connection that holds the streams was lost; they are taken up again")
            self.close()
        return frozenset(self._held)

    def close(self) -> None:
        """Let go of everything."""
        if self._own is not None:
            self._own.close()
        self._own, self._held = None, {}

    def _try(self, lines: Collection[str]) -> None:
        """Asked even when nothing is new: this is how a lost connection is noticed."""
        keys = {line: int(line[:16], 16) - 2**63 for line in lines}
        if self._own is None:
            self._own = connection.copy()
            # One of the pool would go back to it with its locks, and end nothing.
            self._own.settings_dict["OPTIONS"].pop("pool", None)
            with self._own.cursor() as cursor:
                cursor.execute(_SOON_GONE)
        with self._own.cursor() as cursor:
            cursor.execute("SELECT key, pg_try_advisory_lock(key) FROM unnest(%s::bigint[]) AS key",
                           [list(keys.values())])  # fmt: skip
            ours = {key for key, is_ours in cursor.fetchall() if is_ours}
        self._held |= {line: key for line, key in keys.items() if key in ours}

    def _let_go(self, lines: Collection[str]) -> None:
        if self._own is None or not lines:
            return
        with self._own.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(key) FROM unnest(%s::bigint[]) AS key",
                           [[self._held[line] for line in lines]])  # fmt: skip
        for line in lines:
            del self._held[line]
