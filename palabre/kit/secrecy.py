"""Secrets at rest: encrypted with a key that lives outside the database, never printed."""

from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import models


class Unreadable(Exception):
    """The secret was written with another key: it must be typed again."""


def seal(plain: str) -> str:
    """Encrypt and authenticate; another call gives another text."""
    return Fernet(settings.ENCRYPTION_KEY).encrypt(plain.encode()).decode()


def unseal(sealed: str) -> str:
    """The plain text. Raises Unreadable if the key changed or the text was altered."""
    try:
        return Fernet(settings.ENCRYPTION_KEY).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise Unreadable from None


class SecretField(models.TextField):  # type: ignore[type-arg]
    """A column that is plain in Python and sealed in the database; it cannot be searched."""

    def get_prep_value(self, value: Any) -> Any:
        """Seal on the way to the database."""
        return seal(value) if value else value

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        """Unseal on the way back."""
        return unseal(value) if value else value
