"""Secrets at rest: encrypted with a key that lives outside the database, never printed."""

from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import models
from django.db.models.query_utils import DeferredAttribute


class Unreadable(Exception):
    """The secret was written with another key: it must be typed again."""

    silent_variable_failure = True
    """A page that would show it shows nothing in its place (a convention of Django's templates)."""


def seal(plain: str) -> str:
    """Encrypt and authenticate; another call gives another text."""
    return Fernet(settings.ENCRYPTION_KEY).encrypt(plain.encode()).decode()


def unseal(sealed: str) -> str:
    """The plain text. Raises Unreadable if the key changed or the text was altered."""
    try:
        return Fernet(settings.ENCRYPTION_KEY).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise Unreadable from None


class Sealed(str):
    """A secret as the database holds it."""

    __slots__ = ()


class _Unsealing(DeferredAttribute):
    """Opens a secret when somebody asks for it, and not before: rows are listed without their key."""

    field: Any

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        return unseal(value) if isinstance(value, Sealed) else value

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class SecretField(models.TextField):  # type: ignore[type-arg]
    """A column that is plain in Python and sealed in the database; it cannot be searched.

    Reading the attribute raises Unreadable if the key changed; loading and saving the row does not.
    """

    descriptor_class = _Unsealing

    def get_prep_value(self, value: Any) -> Any:
        """Seal on the way to the database."""
        return str(value) if isinstance(value, Sealed) else seal(value) if value else value

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        """Still sealed: the attribute opens it."""
        return Sealed(value) if value else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """What was not touched is written back as it was."""
        return model_instance.__dict__.get(self.attname, self.get_default())

    def value_from_object(self, obj: models.Model) -> Any:
        """A form never shows a secret again."""
        return ""
