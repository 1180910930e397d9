"""Fields that forms of this room share."""

from typing import Any

from django import forms


class TagsField(forms.CharField):
    """Words between commas."""

    def prepare_value(self, value: Any) -> Any:
        """A list shows its words."""
        return ", ".join(value) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> tuple[str, ...]:  # type: ignore[override]
        """The words, each once, in order."""
        words = value if isinstance(value, list | tuple) else (value or "").split(",")
        return tuple(dict.fromkeys(word.strip() for word in words if word.strip()))
