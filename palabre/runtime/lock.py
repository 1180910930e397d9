"""One supervisor at most per home: a lock the kernel lets go of however its holder ends."""

import fcntl
import os
from pathlib import Path
from types import TracebackType

from palabre.runtime.messages import RuntimeFault


class HomeLock:
    """Held by whoever may start and stop the processes of a home."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._handle = -1

    def __enter__(self) -> "HomeLock":
        """Take the lock. Raises RuntimeFault `already_running` (naming the holder) or `home_unwritable`."""
        try:
            if not self.home.exists():
                self.home.mkdir(parents=True)
                self.home.chmod(0o711 if os.geteuid() == 0 else 0o700)
            self._handle = os.open(self.home / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise RuntimeFault("home_unwritable", home=self.home, why=error.strerror) from error
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid = os.read(self._handle, 20).decode().strip() or "?"
            os.close(self._handle)
            raise RuntimeFault("already_running", home=self.home, pid=pid) from None
        os.ftruncate(self._handle, 0)
        os.pwrite(self._handle, f"{os.getpid()}\n".encode(), 0)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._handle)
