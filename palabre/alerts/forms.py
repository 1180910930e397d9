"""Forms about alerts and about where mail leaves from."""

from email.utils import parseaddr
from typing import Any

from django import forms
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from palabre.agency.forms import LANGUAGES, zones
from palabre.alerts.models import Frequency, MailServer, Rule, Trigger
from palabre.alerts.rules import DEFAULT_INTERVAL
from palabre.kit.secrecy import Unreadable
from palabre.networks.registry import manifests
from palabre.ui.forms import AddressField

WEEKDAYS = [
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
    (5, _("Saturday")),
    (6, _("Sunday")),
]
HOURS = [(hour, f"{hour:02d}:00") for hour in range(24)]
TONES = [(-1, _("negative")), (0, _("neutral")), (1, _("positive"))]
MOST_RECIPIENTS = 50
MOST_MENTIONS = 200
INTERVALS = [
    (15, _("a quarter of an hour")),
    (30, _("half an hour")),
    (60, _("one hour")),
    (360, _("six hours")),
    (1440, _("one day")),
    (10080, _("one week")),
]
NEEDS = [("any", _("one of them is reached")), ("all", _("all of them are reached together"))]
CONDITIONS = ("tones", "networks", "languages", "reach_min", "story_min")
BARS = ("volume", "percent", "deviations", "interval", "needs")


def network_choices() -> list[tuple[str, str]]:
    """Every network something can be said on."""
    return [(key, manifest.label) for key, manifest in manifests().items() if manifest.watches]


class RuleForm(forms.ModelForm):
    """An alert: what sets it off, whom it tells, how often. Topic choices come from the caller."""

    topics = forms.TypedMultipleChoiceField(
        label=_("Topics"),
        help_text=_("None ticked means all of them, those to come too."),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    trigger = forms.ChoiceField(label=_("Tell me of"), choices=Trigger.choices, widget=forms.RadioSelect)
    frequency = forms.ChoiceField(label=_("How often"), choices=Frequency.choices, widget=forms.RadioSelect)
    hour = forms.TypedChoiceField(label=_("At what time"), choices=HOURS, coerce=int)
    weekday = forms.TypedChoiceField(label=_("On which day"), choices=WEEKDAYS, coerce=int)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zones)
    tones = forms.TypedMultipleChoiceField(
        label=_("Tone"), choices=TONES, coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    networks = forms.MultipleChoiceField(
        label=_("Network"), choices=network_choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    languages = forms.MultipleChoiceField(
        label=_("Language"), choices=LANGUAGES, required=False, widget=forms.CheckboxSelectMultiple
    )
    reach_min = forms.IntegerField(label=_("Followers, at least"), required=False, min_value=0)
    story_min = forms.IntegerField(label=_("Outlets of the story, at least"), required=False, min_value=1)
    volume = forms.IntegerField(label=_("Mentions, at least"), required=False, min_value=1)
    percent = forms.IntegerField(label=_("Rise over the period before, in %"), required=False, min_value=1)
    deviations = forms.FloatField(
        label=_("Standard deviations above the usual"), required=False, min_value=0.5
    )
    interval = forms.TypedChoiceField(
        label=_("Counted over"),
        choices=INTERVALS,
        coerce=int,
        required=False,
        empty_value=60,  # type: ignore[arg-type]
    )
    needs = forms.ChoiceField(
        label=_("Where several are given, tell me when"),
        choices=NEEDS,
        required=False,
        widget=forms.RadioSelect,
    )
    at_most = forms.IntegerField(
        label=_("Mentions per message"),
        help_text=_("The message says how many more there are."),
        min_value=1,
        max_value=MOST_MENTIONS,
    )
    webhook_url = AddressField(label=_("Webhook address"), required=False, max_length=200)
    recipients = forms.CharField(
        label=_("Email addresses"),
        help_text=_("One per line."),
        required=False,
        widget=forms.Textarea({"rows": 2, "inputmode": "email"}),
    )

    class Meta:
        model = Rule
        fields = [
            "name",
            "trigger",
            "topics",
            "frequency",
            "hour",
            "weekday",
            "time_zone",
            "language",
            "at_most",
            "webhook_url",
        ]

    def __init__(self, *args: Any, topic_choices: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topics"].choices = topic_choices  # type: ignore[attr-defined]
        rule: Rule = self.instance
        stored = {**rule.filter, **rule.threshold}
        for name in (*CONDITIONS, *BARS):
            self.initial.setdefault(name, stored.get(name))
        self.initial["needs"] = self.initial["needs"] or "any"
        self.initial["interval"] = self.initial["interval"] or DEFAULT_INTERVAL
        if rule.pk:
            addresses = rule.recipients.filter(unsubscribed_at=None).values_list("email", flat=True)
            self.initial["recipients"] = "\n".join(addresses)

    def clean_recipients(self) -> list[str]:
        """Addresses, each once, in small letters."""
        typed = self.cleaned_data["recipients"].replace(",", "\n").replace(";", "\n").splitlines()
        addresses = list(dict.fromkeys(address.strip().lower() for address in typed if address.strip()))
        for address in addresses:
            try:
                forms.EmailField().clean(address)
            except forms.ValidationError:
                raise forms.ValidationError(
                    _("“%(address)s” is not an email address."), params={"address": address}
                ) from None
        if len(addresses) > MOST_RECIPIENTS:
            raise forms.ValidationError(_("Fifty addresses at most for one alert."))
        return addresses

    def clean(self) -> dict[str, Any]:
        """A threshold names at least one bar."""
        cleaned = super().clean() or self.cleaned_data
        bars = (cleaned.get("volume"), cleaned.get("percent"), cleaned.get("deviations"))
        if cleaned.get("trigger") == Trigger.THRESHOLD and not any(bars):
            self.add_error("volume", _("Say from how many mentions, which rise or how many deviations on."))
        return cleaned

    def filter(self) -> dict[str, Any]:
        """The conditions, as `wants` reads them; a burst is of all mentions together and has none."""
        if self.cleaned_data["trigger"] == Trigger.BURST:
            return {}
        return {name: self.cleaned_data[name] for name in CONDITIONS if self.cleaned_data.get(name)}

    def threshold(self) -> dict[str, Any]:
        """The bars, as `palabre.alerts.rules` reads them."""
        if self.cleaned_data["trigger"] != Trigger.THRESHOLD:
            return {}
        return {name: self.cleaned_data[name] for name in BARS if self.cleaned_data.get(name)}


class MailServerForm(forms.ModelForm):
    """Where mail leaves from; an empty password keeps the one that is stored."""

    password = forms.CharField(
        label=_("Password"),
        required=False,
        help_text=_("Kept encrypted. Leave empty to keep the one that is stored."),
        widget=forms.PasswordInput({"autocomplete": "off"}),
    )

    class Meta:
        model = MailServer
        fields = ["host", "port", "security", "user", "password", "sender"]
        help_texts = {"sender": _("For example: alerts@your-domain.example")}

    def clean_sender(self) -> str:
        """An address, a name before it if one likes."""
        typed: str = self.cleaned_data["sender"]
        try:
            validate_email(parseaddr(typed)[1])
        except forms.ValidationError:
            message = _("This is not an email address. For example: alerts@your-domain.example")
            raise forms.ValidationError(message) from None
        return typed

    def clean_password(self) -> str:
        """The new one, or the old."""
        if typed := self.cleaned_data["password"]:
            return str(typed)
        try:
            return self.instance.password if self.instance.pk else ""
        except Unreadable:
            field = self.fields["password"]
            raise forms.ValidationError(field.error_messages["required"], code="required") from None
