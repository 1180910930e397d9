"""Under which account the embedded PostgreSQL runs: it refuses root, and no mode may be opened for it.

An ordinary user runs it as themselves. Root hands it to an account that exists already. Where that
account cannot walk to the data or to the binaries (a 0700 folder on the way), the process alone is
given one capability, to search folders, and no folder changes.
"""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from palabre.runtime.messages import RuntimeFault

PREFERRED = ("palabre", "postgres", "nobody")
CAPABILITIES = {"dac_read_search": 2, "dac_override": 1}
"""Tried in this order, the weaker first; the numbers are Linux's (capability.h)."""


@dataclass(frozen=True)
class Account:
    """Whom the server runs as; `uid` is None when it is simply the current user."""

    name: str
    uid: int | None
    gid: int | None

    def owns(self, path: Path) -> None:
        """Hand `path`, which the caller has just made, to this account."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)

    def command(self, *, must_reach: list[Path]) -> list[str]:
        """The words to put before a server's command line, so that it runs as this account.

        The server is also told to stop (SIGINT, its fast shutdown) should its parent vanish.
        Raises RuntimeFault `unreachable` when no way leads to one of `must_reach`.
        """
        setpriv = shutil.which("setpriv")
        if setpriv is None:
            if self.uid is None:
                return []
            raise RuntimeFault("unreachable", account=self.name, path="setpriv (util-linux)")
        words = [setpriv, "--pdeathsig", "INT"]
        if self.uid is None:
            return words
        words += [f"--reuid={self.uid}", f"--regid={self.gid}", "--clear-groups"]
        if _reaches(words, must_reach):
            return words
        for capability in _held():
            # access(2), by which PostgreSQL looks for its own binary, forgets the capabilities of
            # whoever is not root unless the uid fix-up is off; exec then keeps the one asked for.
            wider = [
                *words,
                "--securebits=+no_setuid_fixup",
                f"--inh-caps=-all,+{capability}",
                f"--ambient-caps=+{capability}",
            ]
            if _reaches(wider, must_reach):
                return wider
        barred = next(path for path in must_reach if not _reaches(words, [path]))
        raise RuntimeFault("unreachable", account=self.name, path=barred)


def server_account(folder: Path) -> Account:
    """The account for a cluster in `folder`: its owner if it exists, else the first that suits.

    Raises RuntimeFault `wrong_owner` or `no_account`.
    """
    me = os.geteuid()
    owner = folder.stat().st_uid if folder.exists() else None
    if me != 0:
        if owner not in (None, me):
            raise RuntimeFault("wrong_owner", folder=folder, owner=_name(owner))
        return Account(_name(me), None, None)
    if owner:
        return Account(_name(owner), owner, folder.stat().st_gid)
    for name in PREFERRED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(name, entry.pw_uid, entry.pw_gid)
    raise RuntimeFault("no_account")


def _name(uid: int | None) -> str:
    try:
        return pwd.getpwuid(uid if uid is not None else os.geteuid()).pw_name
    except KeyError:
        return str(uid)


def _reaches(words: list[str], paths: list[Path]) -> bool:
    """Whether a process started with `words` can read or enter each of `paths`."""
    return all(
        subprocess.run(  # noqa: S603
            [*words, "/usr/bin/test", "-r", str(path), "-a", "-x", str(path)],
            stdin=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        ).returncode
        == 0
        for path in paths
    )


def _held() -> list[str]:
    """Which of CAPABILITIES this process may pass on (a container may have taken some away)."""
    status = Path("/proc/self/status").read_text()
    mask = next((int(line.split()[1], 16) for line in status.splitlines() if line.startswith("CapEff")), 0)
    return [name for name, bit in CAPABILITIES.items() if mask >> bit & 1]
