"""Forms of the way in: the first topic with its sources, and an item pasted by hand."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from palabre.agency.models import Brand
from palabre.channels.words import said
from palabre.listening.forms import LinesField
from palabre.listening.models import Topic
from palabre.listening.sources import SourceDraft, offered, watch_kind
from palabre.listening.topics import UnboundedQuery, check
from palabre.networks.contract import Reach
from palabre.query import QueryError
from palabre.ui.forms import AddressField


def open_kinds(brand: Brand) -> list[tuple[str, str]]:
    """The ways to listen widely that need no account: `network:kind` and its label."""
    found = []
    for manifest in offered(brand):
        for kind in manifest.watches:
            needs = kind.needs_account or any(field.required and not field.default for field in kind.fields)
            if kind.reach is Reach.RADAR and not needs and kind.needs_topic:
                found.append((f"{manifest.key}:{kind.key}", f"{manifest.label} · {said(kind.label)}"))
    return found


def _may_ask_for_an_account(choice: str) -> bool:
    """Whether a kind (`network:kind`) takes a secret: some servers answer strangers, some do not."""
    network, _colon, kind = choice.partition(":")
    return any(field.secret for field in watch_kind(network, kind).fields)


class StartForm(forms.Form):
    """The first topic and where to look for it, on one page."""

    query = forms.CharField(
        label=_("What to listen for"),
        widget=forms.Textarea({"rows": 3, "spellcheck": "false", "autocapitalize": "off"}),
    )
    radar = forms.MultipleChoiceField(
        label=_("Listen widely on"), required=False, widget=forms.CheckboxSelectMultiple
    )
    sites = LinesField(
        label=_("Sites and feeds that matter to you"),
        help_text=_("Local papers, blogs, forums, your Google Alerts feeds: one address per line."),
        required=False,
        widget=forms.Textarea({"rows": 3, "placeholder": "ouest-saveurs.example"}),
    )

    def __init__(self, *args: Any, brand: Brand, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = open_kinds(brand)
        self.fields["radar"].choices = choices  # type: ignore[attr-defined]
        # What may ask for an account is offered, not ticked: a first look should meet no closed door.
        self.fields["radar"].initial = [key for key, _label in choices if not _may_ask_for_an_account(key)]

    def clean_query(self) -> str:
        """A good query with bounds."""
        query: str = self.cleaned_data["query"]
        try:
            check(query)
        except QueryError as error:
            raise forms.ValidationError(error.message("en" if get_language() == "en" else "fr")) from None
        except UnboundedQuery:
            raise forms.ValidationError(
                _("This can match almost everything. Add a word it must hold.")
            ) from None
        return query

    def clean_sites(self) -> list[str]:
        """At most thirty addresses at a time."""
        sites: list[str] = self.cleaned_data["sites"]
        if len(sites) > 30:
            raise forms.ValidationError(
                _("Thirty addresses at most here; import the others as OPML afterwards.")
            )
        return sites

    def radar_drafts(self) -> list[SourceDraft]:
        """The open streams and searches that were ticked."""
        pairs = (choice.split(":", 1) for choice in self.cleaned_data["radar"])
        return [SourceDraft(network=network, kind=kind) for network, kind in pairs]


class PasteForm(forms.Form):
    """Something said where no connector reaches: pasted by hand."""

    url = AddressField(label=_("Its address"), required=False, max_length=2000)
    author = forms.CharField(label=_("Who said it"), required=False, max_length=200)
    text = forms.CharField(label=_("What was said"), max_length=50_000, widget=forms.Textarea({"rows": 5}))
    published_at = forms.DateTimeField(
        label=_("When"), required=False, widget=forms.DateTimeInput({"type": "datetime-local"})
    )
    topic: Any = forms.ModelChoiceField(label=_("Topic"), queryset=Topic.objects.none(), empty_label=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A paused topic takes nothing in.
        live = Topic.objects.filter(deleted_at=None, is_paused=False)
        self.fields["topic"].queryset = live  # type: ignore[attr-defined]
