"""The form of a feed: where it is, what its entries become, which of them."""

from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from palabre.channels.models import Channel
from palabre.channels.words import language
from palabre.publishing.feeding.keeping import RelayDraft
from palabre.publishing.feeding.models import Put
from palabre.publishing.feeding.rules import unknown_names
from palabre.publishing.fields import Filed
from palabre.publishing.models import Relay
from palabre.query import QueryError, parse

HOURS_MOST = 12


class HoursField(forms.CharField):
    """Hours of the clock between commas: 9:00, 17:30 (or 9h, 17h30)."""

    def prepare_value(self, value: Any) -> Any:
        """A list shows its hours."""
        return ", ".join(f"{hour:%H:%M}" for hour in value) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> tuple[time, ...]:  # type: ignore[override]
        """The hours, each once, in order. A fault names what cannot be read."""
        if isinstance(value, list | tuple):
            return tuple(value)
        found = set()
        for piece in (value or "").replace(";", ",").split(","):
            if not (said := piece.strip().lower().replace("h", ":")):
                continue
            hour, _colon, minute = said.partition(":")
            try:
                found.add(time(int(hour), int(minute or 0)))
            except ValueError:
                raise forms.ValidationError(
                    _("“%(said)s” is not an hour.") % {"said": piece.strip()}
                ) from None
        if len(found) > HOURS_MOST:
            raise forms.ValidationError(_("At most %(most)s hours.") % {"most": HOURS_MOST})
        return tuple(sorted(found))


class RelayForm(Filed):
    """Where the feed is may be a site: the feed behind it is found when the form is looked at or saved."""

    use_required_attribute = False

    url = forms.CharField(
        label=gettext_lazy("Feed or site"),
        max_length=2000,
        widget=forms.TextInput({"placeholder": "blog.example.org", "autocapitalize": "off"}),
        help_text=gettext_lazy("The address of a site or of its RSS, Atom or JSON feed."),
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120, required=False)
    channels = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Where"), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    template = forms.CharField(
        label=gettext_lazy("Template"),
        max_length=5000,
        strip=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy(
            "{title}, {summary}, {link}, {author}, {tags} and {source} come from the entry, {brand} and "
            "{date} from here. The summary is cut so that every account takes the text."
        ),
    )
    card = forms.BooleanField(label=gettext_lazy("With the card of the page"), required=False)
    put = forms.ChoiceField(label=gettext_lazy("A new entry becomes"), choices=Put.choices)
    hours = HoursField(
        label=gettext_lazy("Hours"),
        required=False,
        help_text=gettext_lazy("On the brand’s clock, such as 9:00, 17:30. One content at each."),
    )
    a_day = forms.IntegerField(
        label=gettext_lazy("At most a day"),
        min_value=1,
        max_value=50,
        help_text=gettext_lazy("What is more waits for the next days, a week at most."),
    )
    words = forms.CharField(
        label=gettext_lazy("Only entries about"),
        required=False,
        max_length=1000,
        help_text=gettext_lazy("Words as in topics: café AND NOT recette. Empty: all of them."),
    )
    first = forms.IntegerField(
        label=gettext_lazy("Of those that are there already"),
        min_value=0,
        max_value=10,
        required=False,
        help_text=gettext_lazy("0: only what is new from now on."),
    )

    def __init__(self, data: Any, *, relay: Relay | None) -> None:
        super().__init__(data, initial=_initial(relay))
        self.relay = relay
        self.brand_channels = {one.pk: one for one in Channel.objects.exclude(state="removed")}
        self.fields["channels"].choices = [(pk, str(one)) for pk, one in self.brand_channels.items()]  # type: ignore[attr-defined]
        self.fields["channels"].error_messages["required"] = _("Choose at least one account.")
        if relay is not None:
            del self.fields["first"]

    @property
    def chosen(self) -> list[Channel]:
        """The accounts ticked now."""
        ticked = {str(pk) for pk in self["channels"].value() or ()}
        return [one for pk, one in self.brand_channels.items() if str(pk) in ticked]

    def clean_words(self) -> str:
        """A query that can be read; a bad one is told with its place."""
        words: str = self.cleaned_data["words"].strip()
        if words:
            try:
                parse(words)
            except QueryError as error:
                raise forms.ValidationError(error.message(language())) from None
        return words

    def clean_template(self) -> str:
        """Names that mean something."""
        template: str = self.cleaned_data["template"].replace("\r\n", "\n")
        if unknown := unknown_names(template):
            said = _("“{%(name)s}” means nothing here: it would be published as it is.")
            raise forms.ValidationError(said % {"name": unknown[0]})
        return template

    def clean(self) -> dict[str, Any]:
        """Hours where they are needed."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("put") == Put.HOURS and "hours" not in self.errors and not cleaned.get("hours"):
            self.add_error("hours", _("Say at which hours."))
        return cleaned

    def draft(self, *, url: str, title: str) -> RelayDraft:
        """What to save; the form is valid and the feed was found."""
        cleaned = self.cleaned_data
        return RelayDraft(
            name=cleaned["name"] or title[:120] or url[:120],
            url=url,
            channels=cleaned["channels"],
            template=cleaned["template"],
            card=cleaned["card"],
            put=cleaned["put"],
            hours=cleaned["hours"],
            words=cleaned["words"],
            a_day=cleaned["a_day"],
            first=cleaned.get("first") or 0,
            campaign=cleaned["campaign"],
            pillar=cleaned["pillar"],
        )


def _initial(relay: Relay | None) -> dict[str, Any]:
    if relay is None:
        template = pgettext("template of a feed", "{title}\n\n{summary}")
        return {"template": template, "card": True, "put": Put.DRAFT, "a_day": 3, "first": 0}
    names = ("name", "url", "channels", "template", "card", "put", "hours", "a_day", "words")
    plain = {name: getattr(relay, name) for name in names}
    return plain | {"campaign": relay.campaign_id, "pillar": relay.pillar_id}
