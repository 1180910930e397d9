"""The form of a rule: its conditions, which all hold, and what it then does."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from palabre.agency.forms import LANGUAGES
from palabre.listening.bands import REACH_STEPS
from palabre.listening.forms import LinesField, network_choices
from palabre.listening.models import Rule, Topic
from palabre.listening.rules import CompiledRule, compiled_from
from palabre.query import QueryError, parse

TONES = [("-1", _("negative")), ("0", _("neutral")), ("1", _("positive"))]
CONDITIONS = ("query", "topics", "networks", "languages", "tones", "authors", "reach_min", "story_min")
ACTIONS = ("tags", "read", "alert", "ignore", "tone", "stop")


class RuleForm(forms.ModelForm):
    """If all of this holds, do all of that."""

    query = forms.CharField(
        label=_("Query"),
        help_text=_("As in a topic; leave it empty to ask nothing of the words."),
        required=False,
        max_length=10_000,
        widget=forms.Textarea({"rows": 2, "spellcheck": "false"}),
    )
    topics = forms.TypedMultipleChoiceField(
        label=_("Topics"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    networks = forms.MultipleChoiceField(
        label=_("Network"), choices=network_choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    languages = forms.MultipleChoiceField(
        label=_("Language"), choices=LANGUAGES, required=False, widget=forms.CheckboxSelectMultiple
    )
    tones = forms.TypedMultipleChoiceField(
        label=_("Tone"), choices=TONES, coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    authors = LinesField(label=_("Authors"), required=False)
    reach_min = forms.TypedChoiceField(
        label=_("Reach, at least"),
        choices=[("", _("any")), *((step, str(step)) for step in REACH_STEPS)],
        coerce=int,
        empty_value=None,
        required=False,
    )
    story_min = forms.IntegerField(label=_("Outlets of the story, at least"), min_value=2, required=False)
    tags = LinesField(label=_("Put these tags on"), required=False)
    read = forms.BooleanField(label=_("Mark read"), required=False)
    alert = forms.BooleanField(label=_("Alert at once"), required=False)
    ignore = forms.BooleanField(label=_("Ignore it"), required=False)
    tone = forms.TypedChoiceField(
        label=_("Say its tone is"),
        choices=[("", _("as guessed")), *TONES],
        coerce=int,
        empty_value=None,
        required=False,
    )
    stop = forms.BooleanField(label=_("Then ask no further rule"), required=False)

    class Meta:
        model = Rule
        fields = ["name"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        topics = Topic.objects.filter(deleted_at=None)
        self.fields["topics"].choices = [(topic.pk, topic.name) for topic in topics]  # type: ignore[attr-defined]
        for name, value in {**self.instance.conditions, **self.instance.actions}.items():
            self.initial.setdefault(name, value)

    def clean_query(self) -> str:
        """A query that can be read, or none."""
        query: str = self.cleaned_data["query"].strip()
        if query:
            try:
                parse(query)
            except QueryError as error:
                raise forms.ValidationError(error.message("en" if get_language() == "en" else "fr")) from None
        return query

    def clean(self) -> dict[str, Any]:
        """A rule asks something and does something."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not self._given(CONDITIONS):
            self.add_error(
                None, _("Give at least one condition: a rule without any would fire on everything.")
            )
        if not self.errors and not self._given(ACTIONS):
            self.add_error(None, _("Say what the rule does."))
        return cleaned

    def _given(self, names: tuple[str, ...]) -> dict[str, Any]:
        values = {name: self.cleaned_data.get(name) for name in names}
        return {name: value for name, value in values.items() if value or (value == 0 and value is not False)}

    def compiled(self) -> CompiledRule:
        """The rule as typed, ready for a dry run."""
        return compiled_from(self.instance.pk or 0, self._given(CONDITIONS), self._given(ACTIONS))

    def save(self, commit: bool = True) -> Rule:
        """The conditions and actions as the row keeps them."""
        self.instance.conditions, self.instance.actions = self._given(CONDITIONS), self._given(ACTIONS)
        rule: Rule = super().save(commit)
        return rule
