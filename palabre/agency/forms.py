"""Forms about who works here and for whom."""

from zoneinfo import available_timezones

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from palabre.agency.models import Brand, User

LANGUAGES = [
    ("fr", _("French")),
    ("en", _("English")),
    ("es", _("Spanish")),
    ("de", _("German")),
    ("it", _("Italian")),
    ("pt", _("Portuguese")),
    ("nl", _("Dutch")),
    ("ar", _("Arabic")),
]
USUAL_ZONES = [
    "Europe/Paris", "Europe/Brussels", "Europe/Zurich", "Europe/London",
    "America/Montreal", "America/New_York", "America/Martinique", "America/Guadeloupe",
    "Indian/Reunion", "Pacific/Noumea", "Pacific/Tahiti",
    "Africa/Dakar", "Africa/Abidjan", "Africa/Casablanca", "Africa/Tunis", "UTC",
]  # fmt: skip


def zones() -> list[tuple[str, str]]:
    """The usual zones of our readers first, then all of them."""
    rest = sorted(available_timezones() - set(USUAL_ZONES))
    return [(zone, zone.replace("_", " ")) for zone in [*USUAL_ZONES, *rest]]


class OwnerForm(forms.Form):
    """The first page of the first run."""

    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("Your e-mail address"), widget=forms.EmailInput({"autocomplete": "email"})
    )
    password = forms.CharField(
        label=_("Choose a password"),
        help_text=_("At least ten characters; a short sentence is easy to remember."),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    organisation = forms.CharField(
        label=_("Your organisation"),
        help_text=_("Your agency, your company, or your own name if you work alone."),
        max_length=120,
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zones, initial="Europe/Paris")

    def clean(self) -> dict[str, object]:
        """The password is judged beside the name and address it must not resemble."""
        cleaned = super().clean() or {}
        if password := cleaned.get("password"):
            user = User(email=cleaned.get("email", ""), name=cleaned.get("name", ""))
            try:
                validate_password(password, user)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return cleaned


class BrandForm(forms.ModelForm):
    """A brand: who it is, where it speaks, whom it is compared with."""

    languages = forms.MultipleChoiceField(
        label=_("Languages people use to talk about it"),
        choices=LANGUAGES,
        initial=["fr"],
        widget=forms.CheckboxSelectMultiple,
    )
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")
    competitors = forms.CharField(
        label=_("Competitors"),
        help_text=_("One per line. Each gets a topic, so that you can compare your share of voice."),
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zones, initial="Europe/Paris")

    class Meta:
        model = Brand
        fields = ["name", "website", "languages", "time_zone"]
        labels = {"name": _("Name of the brand")}

    def clean_competitors(self) -> list[str]:
        """Names, each once, in the order typed."""
        lines = self.cleaned_data["competitors"].splitlines()
        return list(dict.fromkeys(" ".join(line.split())[:120] for line in lines if line.strip()))[:20]


class ProfileForm(forms.ModelForm):
    """What a person says of themselves."""

    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zones)

    class Meta:
        model = User
        fields = ["name", "language", "time_zone"]
