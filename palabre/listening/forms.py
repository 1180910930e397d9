"""Forms about what to listen for and where."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from palabre.agency.forms import LANGUAGES
from palabre.listening.models import About, Quality, Strictness, Topic
from palabre.listening.sources import SourceDraft
from palabre.listening.topics import TopicDraft, UnboundedQuery, check
from palabre.networks.contract import Manifest, WatchKind, Words
from palabre.networks.registry import manifests
from palabre.query import QueryError


def said(words: Words) -> str:
    """A label of the pure rooms in the reader's language."""
    return words.en if get_language() == "en" else words.fr


class LinesField(forms.CharField):
    """A list typed one per line (commas will do)."""

    widget = forms.Textarea({"rows": 2})

    def prepare_value(self, value: Any) -> Any:
        """A list shows one per line."""
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        """The entries, each once, in order."""
        if isinstance(value, list):
            return value
        parts = (part.strip() for line in (value or "").splitlines() for part in line.split(","))
        return list(dict.fromkeys(part for part in parts if part))


def network_choices() -> list[tuple[str, str]]:
    """Every network that can be listened to."""
    return [(key, manifest.label) for key, manifest in manifests().items() if manifest.watches]


class TopicForm(forms.ModelForm):
    """A topic; a bad query is refused with its place, one without bounds unless confirmed."""

    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=LANGUAGES, required=False, widget=forms.CheckboxSelectMultiple
    )
    languages_mode = forms.ChoiceField(
        label=_("Keep to these languages"), choices=Strictness.choices, widget=forms.RadioSelect
    )
    regions = LinesField(label=_("Countries"), help_text=_("Two-letter codes: FR, BE, CA…"), required=False)
    regions_mode = forms.ChoiceField(
        label=_("Keep to these countries"), choices=Strictness.choices, widget=forms.RadioSelect
    )
    networks = forms.MultipleChoiceField(
        label=_("Kinds of sources"),
        help_text=_("None ticked means all of them."),
        choices=network_choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    quality = forms.ChoiceField(label=_("How much"), choices=Quality.choices, widget=forms.RadioSelect)
    about = forms.ChoiceField(label=_("About"), choices=About.choices, widget=forms.RadioSelect)
    excluded_sites = LinesField(label=_("Sites to leave out"), required=False)
    excluded_authors = LinesField(label=_("Authors to leave out"), required=False)
    unbounded_confirmed = forms.BooleanField(
        label=_("Yes, I want everything this finds"), required=False
    )

    class Meta:
        model = Topic
        fields = list(TopicDraft.__dataclass_fields__)
        widgets = {
            "query": forms.Textarea({"rows": 3, "spellcheck": "false", "autocapitalize": "off"})
        }

    def clean_regions(self) -> list[str]:
        """Country codes, in capitals."""
        regions = [region.upper() for region in self.cleaned_data["regions"]]
        if wrong := [region for region in regions if len(region) != 2 or not region.isalpha()]:
            raise forms.ValidationError(
                _("“%(code)s” is not a country code of two letters, such as FR."), params={"code": wrong[0]}
            )
        return regions

    def clean(self) -> dict[str, Any]:
        """The query, judged with its confirmation."""
        cleaned = super().clean() or self.cleaned_data
        query = cleaned.get("query")
        if query:
            try:
                check(query, unbounded_confirmed=cleaned.get("unbounded_confirmed", False))
            except QueryError as error:
                self.add_error("query", error.message("en" if get_language() == "en" else "fr"))
            except UnboundedQuery:
                self.needs_confirmation = True
                self.add_error(
                    "query", _("This can match almost everything. Add a word it must hold, or confirm below.")
                )
        return cleaned

    def clean_name(self) -> str:
        """One topic of a name."""
        name = " ".join(self.cleaned_data["name"].split())
        same = Topic.objects.filter(name=name, deleted_at=None).exclude(pk=self.instance.pk)
        if same.exists():
            raise forms.ValidationError(_("You have a topic of this name already."))
        return name

    needs_confirmation = False

    def draft(self) -> TopicDraft:
        """What was typed, ready for `save_topic`."""
        return TopicDraft(**{name: self.cleaned_data[name] for name in TopicDraft.__dataclass_fields__})


class SourceForm(forms.Form):
    """A source of one declared kind: its target, and what else the kind asks for."""

    target = forms.CharField(max_length=2000)
    title = forms.CharField(label=_("Name (optional)"), max_length=300, required=False)
    topic = forms.ModelChoiceField(
        label=_("What to keep"),
        queryset=Topic.objects.none(),
        required=False,
        empty_label=_("What matches one of my topics"),
    )

    def __init__(self, *args: Any, manifest: Manifest, kind: WatchKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.manifest, self.kind = manifest, kind
        self.fields["topic"].queryset = Topic.objects.filter(deleted_at=None)  # type: ignore[attr-defined]
        self.fields["topic"].label_from_instance = lambda topic: _("Everything, as “%(topic)s”") % {"topic": topic.name}  # type: ignore[attr-defined]
        if kind.needs_topic:
            del self.fields["target"]
        else:
            target = self.fields["target"]
            target.label, target.help_text = said(kind.label), said(kind.hint)
            target.widget.attrs["placeholder"] = kind.placeholder
        for field in kind.fields:
            self.fields[f"field_{field.key}"] = forms.CharField(
                label=said(field.label),
                required=field.required,
                initial=field.default,
                max_length=2000,
                widget=forms.PasswordInput({"autocomplete": "off"}) if field.secret else forms.TextInput(),
            )

    def draft(self) -> SourceDraft:
        """What was typed, ready for `add_source`; secrets apart."""
        typed: Mapping[str, str] = self.cleaned_data
        values = {field.key: typed[f"field_{field.key}"] for field in self.kind.fields}
        hidden = {field.key for field in self.kind.fields if field.secret}
        return SourceDraft(
            network=self.manifest.key,
            kind=self.kind.key,
            target=typed.get("target", "").strip(),
            title=typed["title"],
            options={key: value for key, value in values.items() if value and key not in hidden},
            secrets={key: value for key, value in values.items() if value and key in hidden},
            topic=self.cleaned_data["topic"],
        )
