"""The forms of moderation."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from palabre.moderation.charter import in_force
from palabre.moderation.models import Article, Policy
from palabre.moderation.rules import KEEP, OFFERED, needs_article

DURATIONS = (1, 7, 30)
"""Days that a mute or a ban can be given, where the network ends it by itself."""


class DecideForm(forms.Form):
    """One decision: the act is the button that was pressed."""

    act = forms.ChoiceField(choices=[(act, act) for act in (KEEP, *OFFERED)])
    article: Any = forms.ModelChoiceField(
        Article.objects.none(), required=False, label=_("Article"), empty_label=_("Choose an article…")
    )
    why = forms.CharField(required=False, max_length=2000, label=_("Why"), widget=forms.Textarea({"rows": 2}))
    days = forms.TypedChoiceField(
        required=False, coerce=int, empty_value=None, choices=[("", "")] + [(d, d) for d in DURATIONS]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["article"].queryset = in_force()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """An act that takes something from somebody names its article."""
        given = super().clean() or {}
        if needs_article(given.get("act", KEEP)) and given.get("article") is None:
            self.add_error("article", _("Name the article of the charter that this stands on."))
        days = given.get("days")
        given["until"] = timezone.now() + timedelta(days=days) if days else None
        return given


class FlagForm(forms.Form):
    """A colleague's word."""

    note = forms.CharField(required=False, max_length=500)


class ArticleForm(forms.Form):
    """One article."""

    title = forms.CharField(max_length=120, label=_("Title"))
    text = forms.CharField(max_length=3000, label=_("Text"), widget=forms.Textarea({"rows": 3}))


class WordingForm(forms.Form):
    """The statement of reasons in one language."""

    text = forms.CharField(required=False, max_length=5000, widget=forms.Textarea({"rows": 9}))


class TellForm(forms.Form):
    """What is said to the author."""

    text = forms.CharField(max_length=5000, label=_("To the author"), widget=forms.Textarea({"rows": 8}))


class AppealForm(forms.Form):
    """What the author says against it."""

    words = forms.CharField(
        max_length=5000, label=_("What the author says"), widget=forms.Textarea({"rows": 4})
    )
    received_on = forms.DateField(
        label=_("Received on"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )


class HandleForm(forms.Form):
    """What becomes of an appeal."""

    answer = forms.CharField(max_length=5000, label=_("Your reasons"), widget=forms.Textarea({"rows": 3}))
    verdict = forms.ChoiceField(choices=[("upheld", ""), ("overturned", "")])


class PolicyForm(forms.ModelForm):
    """How the brand moderates; thresholds in per cent steps that were measured."""

    class Meta:
        model = Policy
        fields = ("toxicity_at", "spam_at", "four_eyes", "blur", "break_after")
        labels = {
            "toxicity_at": _("Hurtful from a score of"),
            "spam_at": _("Spam from a score of"),
            "four_eyes": _("A ban or a block needs a second person"),
            "blur": _("Pictures are blurred until asked"),
            "break_after": _("Suggest a break after this many hard messages in a day"),
        }
        widgets = {
            "toxicity_at": forms.NumberInput({"min": 0.05, "max": 0.95, "step": 0.05}),
            "spam_at": forms.NumberInput({"min": 0.05, "max": 0.95, "step": 0.05}),
            "break_after": forms.NumberInput({"min": 1, "max": 1000}),
        }


class PeriodForm(forms.Form):
    """A period of the report, both days included."""

    since = forms.DateField(label=_("From"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    until = forms.DateField(label=_("To"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))

    def clean(self) -> dict[str, Any]:
        """From before to."""
        given = super().clean() or {}
        if given.get("since") and given.get("until") and given["since"] > given["until"]:
            self.add_error("until", _("The period ends before it begins."))
        return given
