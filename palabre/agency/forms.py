"""Forms about who works here and for whom."""

import re
from collections.abc import Sequence
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.validators import validate_email
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from palabre.agency.acts import rooms
from palabre.agency.audit import AuditFilter
from palabre.agency.invitations import AT_ONCE
from palabre.agency.models import Brand, Organisation, User
from palabre.agency.roles import IN_A_BRAND, MEANS, Role
from palabre.ui.forms import AddressField

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
        label=_("Your email address"), widget=forms.EmailInput({"autocomplete": "email"})
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


def spoken() -> list[str]:
    """The language of whoever reads the page, as a first guess of those a brand is spoken of in."""
    return ["en" if get_language() == "en" else "fr"]


class BrandForm(forms.ModelForm):
    """A brand: who it is, where it speaks, whom it is compared with."""

    languages = forms.MultipleChoiceField(
        label=_("Languages people use to talk about it"),
        choices=LANGUAGES,
        initial=spoken,
        widget=forms.CheckboxSelectMultiple,
    )
    website = AddressField(label=_("Website"), required=False)
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


def _named(roles: Sequence[Role]) -> list[tuple[str, str]]:
    return [(role.value, str(role.label).capitalize()) for role in roles]


def explained(field: forms.BoundField) -> list[tuple[Any, str]]:
    """The radio buttons of roles, each with what it may do."""
    return [(radio, str(MEANS[Role(radio.data["value"])])) for radio in field]


def _brand_roles() -> list[tuple[str, str]]:
    return _named(tuple(reversed(IN_A_BRAND)))


class InviteForm(forms.Form):
    """Whom to invite, as what, to which brands, in which language."""

    emails = forms.CharField(
        label=_("Email addresses"),
        help_text=_("One or several, on lines of their own or with commas."),
        widget=forms.Textarea({"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
    )
    role = forms.ChoiceField(label=_("Role in the organisation"), widget=forms.RadioSelect)
    brands = forms.TypedMultipleChoiceField(
        label=_("In these brands"),
        help_text=_("For a guest: what they see. For the others: where they may do more than elsewhere."),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    brand_role = forms.ChoiceField(label=_("Role in these brands"), required=False)
    language = forms.ChoiceField(
        label=_("Language of the invitation"), choices=[("fr", "Français"), ("en", "English")]
    )

    def __init__(
        self, *args: Any, roles: Sequence[Role], brands: Sequence[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = _named(roles)  # type: ignore[attr-defined]
        self.fields["role"].initial = Role.MEMBER
        self.fields["brands"].choices = brands  # type: ignore[attr-defined]
        self.fields["brand_role"].choices = _brand_roles()  # type: ignore[attr-defined]

    def clean_emails(self) -> list[str]:
        """The addresses, each once; the first that is none is named."""
        found = [word for word in re.split(r"[\s,;]+", self.cleaned_data["emails"]) if word]
        if len(found) > AT_ONCE:
            raise forms.ValidationError(gettext("At most %(most)d addresses at once.") % {"most": AT_ONCE})
        for word in found:
            try:
                validate_email(word)
            except forms.ValidationError as error:
                message = gettext("“%(word)s” is not an email address.") % {"word": word[:80]}
                raise forms.ValidationError(message) from error
        return list(dict.fromkeys(word.lower() for word in found))

    def clean(self) -> dict[str, Any]:
        """A guest sees something; a role goes with brands."""
        cleaned = super().clean() or {}
        if cleaned.get("role") == Role.GUEST and not cleaned.get("brands"):
            self.add_error("brands", gettext("Choose at least one brand for a guest."))
        if cleaned.get("brands") and not cleaned.get("brand_role"):
            cleaned["brand_role"] = Role.READER.value
        return cleaned


class RoleForm(forms.Form):
    """A member's role in the organisation."""

    role = forms.ChoiceField(label=_("Role in the organisation"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, roles: Sequence[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = _named(roles)  # type: ignore[attr-defined]


class GrantForm(forms.Form):
    """One role for several brands at once; "none" takes it away."""

    NONE = "none"

    brands = forms.TypedMultipleChoiceField(coerce=int, widget=forms.CheckboxSelectMultiple)
    brand_role = forms.ChoiceField(
        label=_("Role in these brands"), widget=forms.Select({"class": "input-sm"})
    )

    def __init__(self, *args: Any, brands: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["brands"].choices = brands  # type: ignore[attr-defined]
        self.fields["brand_role"].choices = [  # type: ignore[attr-defined]
            *_brand_roles(),
            (self.NONE, gettext("No role of its own")),
        ]

    def clean_brand_role(self) -> str:
        """The role, "" for none."""
        role: str = self.cleaned_data["brand_role"]
        return "" if role == self.NONE else role


class TeamForm(forms.Form):
    """A team: its name, and who is in it."""

    name = forms.CharField(label=_("Name of the team"), max_length=80)
    members = forms.TypedMultipleChoiceField(
        label=_("Who is in it"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, *args: Any, people: Sequence[tuple[int, str]], taken: Sequence[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["members"].choices = people  # type: ignore[attr-defined]
        self.taken = {name.casefold() for name in taken}

    def clean_name(self) -> str:
        """Free in the organisation, whatever its case."""
        name = " ".join(self.cleaned_data["name"].split())
        if name.casefold() in self.taken:
            raise forms.ValidationError(gettext("Another team has this name."))
        return name


class JoinForm(forms.Form):
    """The account of somebody invited; the address is the invitation's."""

    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"})
    )
    password = forms.CharField(
        label=_("Choose a password"),
        help_text=_("At least ten characters; a short sentence is easy to remember."),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zones, initial="Europe/Paris")

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        """The password is judged beside the name and address it must not resemble."""
        cleaned = super().clean() or {}
        if password := cleaned.get("password"):
            try:
                validate_password(password, User(email=self.email, name=cleaned.get("name", "")))
            except forms.ValidationError as error:
                self.add_error("password", error)
        return cleaned


class GoodbyeForm(forms.Form):
    """The password once more, before an account goes for good."""

    password = forms.CharField(
        label=_("Your password"), widget=forms.PasswordInput({"autocomplete": "current-password"})
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        """It is theirs."""
        password: str = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise forms.ValidationError(gettext("This is not your password."))
        return password


class OrganisationForm(forms.ModelForm):
    """The organisation's name."""

    class Meta:
        model = Organisation
        fields = ["name"]
        labels = {"name": _("Name of the organisation")}


class BrandChangeForm(forms.ModelForm):
    """What can be changed of a brand at once; its time zone, in which days are counted, has its own page."""

    languages = forms.MultipleChoiceField(
        label=_("Languages people use to talk about it"),
        choices=LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
    )
    website = AddressField(label=_("Website"), required=False)

    class Meta:
        model = Brand
        fields = ["name", "website", "languages"]
        labels = {"name": _("Name of the brand")}


class BrandDeleteForm(forms.Form):
    """The brand's name, typed, so that nobody deletes another one."""

    name = forms.CharField(label=_("Name of the brand"), widget=forms.TextInput({"autocomplete": "off"}))

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wanted = name

    def clean_name(self) -> str:
        """It is this one's."""
        typed = " ".join(self.cleaned_data["name"].split())
        if typed != " ".join(self.wanted.split()):
            raise forms.ValidationError(gettext("This is not the name of the brand."))
        return typed


class AuditForm(forms.Form):
    """What to look for in the log."""

    by = forms.TypedChoiceField(label=_("Who"), coerce=int, empty_value=None, required=False)
    brand = forms.TypedChoiceField(label=_("Brand"), coerce=int, empty_value=None, required=False)
    room = forms.ChoiceField(label=_("What"), required=False)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput({"type": "date"}))

    def __init__(
        self,
        *args: Any,
        people: Sequence[tuple[int, str]],
        brands: Sequence[tuple[int, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["by"].choices = [("", gettext("Everybody")), *people]  # type: ignore[attr-defined]
        self.fields["brand"].choices = [("", gettext("All brands")), *brands]  # type: ignore[attr-defined]
        self.fields["room"].choices = [("", gettext("Everything")), *rooms()]  # type: ignore[attr-defined]

    def wanted(self) -> AuditFilter:
        """As the log understands it; what cannot be read asks for everything."""
        asked = self.cleaned_data if self.is_bound and self.is_valid() else {}
        return AuditFilter(
            by=asked.get("by"),
            brand=asked.get("brand"),
            room=asked.get("room") or "",
            since=asked.get("since"),
            until=asked.get("until"),
        )
