"""What a person types into the inbox: an answer, the hour until which a conversation sleeps."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

MOST = 100_000
"""Characters an answer may have before any network's rules are asked."""


class AnswerForm(forms.Form):
    """An answer. `seen` is the last message that stood before its writer, `to` the one it answers."""

    text = forms.CharField(
        label=pgettext_lazy("noun", "Answer"),
        max_length=MOST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "data-key": "r", "data-autosize": ""}),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    to = forms.IntegerField(widget=forms.HiddenInput, min_value=1, required=False)
    then = forms.ChoiceField(choices=[("waiting", ""), ("done", "")], required=False)

    def __init__(self, *args: Any, files: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._files = files

    def clean_text(self) -> str:
        """Words, unless files speak for themselves."""
        text: str = self.cleaned_data["text"]
        if not text.strip() and not self._files:
            raise forms.ValidationError(_("Write something to send."), code="required")
        return text

    def clean_then(self) -> str:
        """What becomes of the conversation: unless said otherwise, the author's turn."""
        return self.cleaned_data["then"] or "waiting"


class SleepForm(forms.Form):
    """Until when a conversation sleeps: one of the usual hours, or any hour to come."""

    until = forms.DateTimeField(
        label=gettext_lazy("Until"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def clean_until(self) -> datetime:
        """An hour to come."""
        until: datetime = self.cleaned_data["until"]
        if until <= timezone.now():
            raise forms.ValidationError(_("This hour is over: choose one to come."), code="past")
        return until


def usual_hours(now: datetime) -> list[tuple[Any, datetime]]:
    """The hours that are proposed, in the brand's zone: a moment later, tomorrow, next Monday at nine."""
    today = timezone.localtime(now)

    def at(days: int, hour: int) -> datetime:
        day = today.date() + timedelta(days=days)
        return timezone.make_aware(datetime.combine(day, time(hour)))

    monday = 7 - today.weekday()
    chosen = [(_("In three hours"), (today + timedelta(hours=3)).replace(second=0, microsecond=0))]
    chosen.append((_("Tomorrow at 9"), at(1, 9)))
    if monday > 1:
        chosen.append((_("Monday at 9"), at(monday, 9)))
    return chosen
