"""Forms that connect an account: what each network declares that it asks for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from palabre.channels.words import said
from palabre.networks.contract import SignInKind


class SignInForm(forms.Form):
    """What one way of signing in asks for; secrets are never shown again."""

    def __init__(self, *args: Any, kind: SignInKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        for field in kind.fields:
            widget = forms.PasswordInput({"autocomplete": "off"}) if field.secret else forms.TextInput()
            widget.attrs |= {"autocapitalize": "off", "spellcheck": "false"}
            self.fields[field.key] = forms.CharField(
                label=said(field.label),
                required=field.required,
                initial=field.default,
                max_length=2000,
                widget=widget,
            )

    def typed(self) -> dict[str, str]:
        """What was typed, by the kind's own names."""
        return {name: value.strip() for name, value in self.cleaned_data.items()}


class ByHandForm(forms.Form):
    """An account on a network where a person publishes."""

    handle = forms.CharField(
        label=_("Name of the account"),
        max_length=255,
        widget=forms.TextInput({"placeholder": "@", "autocapitalize": "off", "spellcheck": "false"}),
    )
    url = forms.URLField(
        label=_("Its address"),
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=_("Opened for you when it is time to publish."),
    )
