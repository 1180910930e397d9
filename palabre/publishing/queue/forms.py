"""The form that gives an account slots."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from palabre.publishing.models import Pillar
from palabre.publishing.queue.words import DAYS


class SlotForm(forms.Form):
    """An hour on some days of the week, for everything or for one pillar."""

    days = forms.TypedMultipleChoiceField(
        label=_("Days"),
        coerce=int,
        choices=list(enumerate(DAYS)),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one day.")},
    )
    hour = forms.TimeField(label=_("Hour"), widget=forms.TimeInput({"type": "time"}, format="%H:%M"))
    pillar: Any = forms.ModelChoiceField(
        label=_("Kept for the pillar"),
        queryset=None,
        required=False,
        empty_label=_("every content"),
        help_text=_("It then takes the contents of this pillar alone."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pillar"].queryset = Pillar.objects.filter(archived_at=None)  # type: ignore[attr-defined]
