"""Everything the environment may set, read in one place; docs/operate/settings.md lists the same."""

import os
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit


def _home() -> Path:
    """All data lives here: the system's place for root, the user's data folder for anyone else."""
    if given := os.environ.get("PALABRE_HOME"):
        return Path(given).expanduser().resolve()
    if os.geteuid() == 0:
        return Path("/var/lib/palabre")
    base = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(base).expanduser() / "palabre"


def _networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())


@dataclass(frozen=True, kw_only=True)
class Env:
    """The settings an operator may choose; every one has a default that is safe on one machine."""

    home: Path
    database_url: str
    host: str
    port: int
    public_url: str
    allowed_hosts: tuple[str, ...]
    email_url: str
    email_from: str
    allowed_networks: tuple[IPv4Network | IPv6Network, ...]
    debug: bool


def read() -> Env:
    """Read the environment. Raises ValueError naming the variable that cannot be understood."""
    get = os.environ.get
    host, port = get("PALABRE_HOST", "127.0.0.1"), int(get("PALABRE_PORT", "8000"))
    public_url = get("PALABRE_URL", f"http://{host}:{port}").rstrip("/")
    hosts = {host, "127.0.0.1", "localhost", urlsplit(public_url).hostname or host}
    return Env(
        home=_home(),
        database_url=get("DATABASE_URL", ""),
        host=host,
        port=port,
        public_url=public_url,
        allowed_hosts=tuple(sorted(hosts)),
        email_url=get("PALABRE_EMAIL_URL", ""),
        email_from=get("PALABRE_EMAIL_FROM", "Palabre <palabre@localhost>"),
        allowed_networks=_networks(get("PALABRE_ALLOWED_NETWORKS", "")),
        debug=get("PALABRE_DEBUG", "") == "1",
    )
