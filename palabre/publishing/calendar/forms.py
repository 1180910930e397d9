"""The forms of the calendar's own pages."""

from typing import Any

from babel import Locale
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from palabre.channels.words import language
from palabre.publishing.calendar.days.holidays import COUNTRIES
from palabre.publishing.calendar.days.school import ZONES
from palabre.publishing.models import Campaign, Pillar


def _day(**options: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), **options)


class NoteForm(forms.Form):
    """A note, or a day of the brand's own."""

    text = forms.CharField(label=gettext_lazy("What is to be known"), max_length=300)
    first_day = _day(label=gettext_lazy("Day"))
    last_day = _day(label=gettext_lazy("Up to"), required=False)
    yearly = forms.BooleanField(label=gettext_lazy("Comes back each year"), required=False)

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first, and a year is enough."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and last < first:
            raise ValidationError({"last_day": _("This is before the first day.")})
        if first and last and (last - first).days > 366:
            raise ValidationError({"last_day": _("A note lasts a year at most.")})
        return cleaned


class DaysForm(forms.Form):
    """Which days the calendar shows."""

    countries = forms.MultipleChoiceField(
        label=gettext_lazy("Public holidays and marronniers of"),
        required=False,
        widget=forms.SelectMultiple({"size": 8}),
    )
    zones = forms.MultipleChoiceField(
        label=gettext_lazy("French school holidays of zones"),
        choices=[(zone, zone) for zone in ZONES],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    marronniers = forms.BooleanField(label=gettext_lazy("World days, sales and feasts"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = Locale(language()).territories
        named = sorted(((code, str(names.get(code, code))) for code in COUNTRIES), key=lambda row: row[1])
        self.fields["countries"].choices = named  # type: ignore[attr-defined]


class PillarForm(forms.ModelForm):  # type: ignore[type-arg]
    """A line of the editorial policy."""

    target = forms.IntegerField(
        label=gettext_lazy("Share aimed at, in %"), required=False, min_value=0, max_value=100
    )

    class Meta:
        model = Pillar
        fields = ("name", "target")


class CampaignForm(forms.ModelForm):  # type: ignore[type-arg]
    """An operation with a beginning and an end."""

    starts_on = _day(label=gettext_lazy("First day"), required=False)
    ends_on = _day(label=gettext_lazy("Last day"), required=False)
    note = forms.CharField(label=gettext_lazy("Note"), required=False, widget=forms.Textarea({"rows": 2}))

    class Meta:
        model = Campaign
        fields = ("name", "starts_on", "ends_on", "note")

    def clean(self) -> dict[str, Any]:
        """It does not end before it begins."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            raise ValidationError({"ends_on": _("This is before the first day.")})
        return cleaned


class StandstillForm(forms.Form):
    """Why everything stops."""

    why = forms.CharField(
        label=gettext_lazy("Reason"), max_length=500, required=False, widget=forms.Textarea({"rows": 2})
    )
