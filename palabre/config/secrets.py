"""The two keys of an installation: made once, in files only the owner may read, outside the database."""

import os
import secrets
import tempfile
from pathlib import Path

from cryptography.fernet import Fernet


def _once(path: Path, fresh: str) -> str:
    """The content of `path`; `fresh` becomes it if nobody was first. Processes may race: one wins."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "w") as file:
            file.write(fresh)
        try:
            os.link(name, path)
        except FileExistsError:
            pass
        finally:
            Path(name).unlink()
    return path.read_text().strip()


def signing_key(home: Path) -> str:
    """Django's key for sessions and signed links."""
    return os.environ.get("PALABRE_SIGNING_KEY") or _once(
        home / "keys" / "signing", secrets.token_urlsafe(64)
    )


def encryption_key(home: Path) -> str:
    """The key secrets are encrypted with at rest; losing it means signing in everywhere again."""
    return os.environ.get("PALABRE_ENCRYPTION_KEY") or _once(
        home / "keys" / "encryption", Fernet.generate_key().decode()
    )
