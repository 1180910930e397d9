"""Fields that forms of this room share."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from palabre.publishing.models import Campaign, Pillar

_NONE = pgettext_lazy("campaign or pillar", "none")


class TagsField(forms.CharField):
    """Words between commas."""

    def prepare_value(self, value: Any) -> Any:
        """A list shows its words."""
        return ", ".join(value) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> tuple[str, ...]:  # type: ignore[override]
        """The words, each once, in order."""
        words = value if isinstance(value, list | tuple) else (value or "").split(",")
        return tuple(dict.fromkeys(word.strip() for word in words if word.strip()))


class Filed(forms.Form):
    """Under which campaign and which pillar of the brand in scope a content is filed, if any."""

    campaign: Any = forms.ModelChoiceField(
        label=gettext_lazy("Campaign"), queryset=None, required=False, empty_label=_NONE
    )
    pillar: Any = forms.ModelChoiceField(
        label=gettext_lazy("Pillar"), queryset=None, required=False, empty_label=_NONE
    )

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        for name, kind in (("campaign", Campaign), ("pillar", Pillar)):
            self.fields[name].queryset = kind.objects.filter(archived_at=None)  # type: ignore[attr-defined]
