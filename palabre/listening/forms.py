"""Forms about what to listen for and where."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from palabre.agency.forms import LANGUAGES
from palabre.channels.words import said
from palabre.listening.bands import REACH_STEPS
from palabre.listening.counts import Tally
from palabre.listening.filters import TONES, MentionFilter
from palabre.listening.models import About, Quality, Source, Strictness, Topic
from palabre.listening.sources import SourceDraft, kept_secrets
from palabre.listening.topics import TopicDraft, UnboundedQuery, check
from palabre.networks.contract import Manifest, WatchKind
from palabre.networks.registry import manifests
from palabre.query import QueryError
from palabre.stream.models import Tag


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
        typed = str(value or "").replace("\x00", "")
        parts = (part.strip() for line in typed.splitlines() for part in line.split(","))
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
        label=_("Keep to these languages"),
        help_text=_(
            "“Preferably” leaves nothing out: these languages come first in the preview, and in alerts that "
            "hold more than fits. With “only the best”, the other languages are kept where nothing in them "
            "looks like spam or insult."
        ),
        choices=Strictness.choices,
        widget=forms.RadioSelect,
    )
    regions = LinesField(label=_("Countries"), help_text=_("Two-letter codes: FR, BE, CA…"), required=False)
    regions_mode = forms.ChoiceField(
        label=_("Keep to these countries"),
        help_text=_(
            "“Preferably” works as for languages. “Strictly” also leaves out what does not tell its country, "
            "which is most of it."
        ),
        choices=Strictness.choices,
        widget=forms.RadioSelect,
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
    unbounded_confirmed = forms.BooleanField(label=_("Yes, I want everything this finds"), required=False)

    class Meta:
        model = Topic
        fields = list(TopicDraft.__dataclass_fields__)
        widgets = {"query": forms.Textarea({"rows": 3, "spellcheck": "false", "autocapitalize": "off"})}

    def clean_regions(self) -> list[str]:
        """Country codes, in capitals."""
        regions = list(dict.fromkeys(region.upper() for region in self.cleaned_data["regions"]))
        if wrong := [region for region in regions if len(region) != 2 or not region.isalpha()]:
            raise forms.ValidationError(
                _("“%(code)s” is not a country code of two letters, such as FR."), params={"code": wrong[0]}
            )
        return regions

    def clean_excluded_sites(self) -> list[str]:
        """Hosts, whether an address or a host was typed."""
        typed: list[str] = self.cleaned_data["excluded_sites"]
        hosts = (site.rpartition("//")[2].partition("/")[0].casefold() for site in typed)
        return list(dict.fromkeys(host.removeprefix("www.") for host in hosts if host))

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

    def draft(self) -> TopicDraft:
        """What was typed, ready for `save_topic`."""
        return TopicDraft(**{name: self.cleaned_data[name] for name in TopicDraft.__dataclass_fields__})


def _everything_of(topic: Topic) -> str:
    return _("Everything, as “%(topic)s”") % {"topic": topic.name}


class SourceForm(forms.Form):
    """A source of one declared kind: its target, and what else the kind asks for.

    With a `source` it changes that one: a secret that is kept is never shown, and stays when left empty.
    """

    target = forms.CharField(max_length=2000)
    title = forms.CharField(label=_("Name"), max_length=300, required=False)
    topic: Any = forms.ModelChoiceField(
        label=_("What to keep"),
        queryset=Topic.objects.none(),
        required=False,
        empty_label=_("What matches one of my topics"),
    )

    def __init__(
        self, *args: Any, manifest: Manifest, kind: WatchKind, source: Source | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.manifest, self.kind = manifest, kind
        kept = kept_secrets(source) if source else {}
        self.fields["topic"].queryset = Topic.objects.filter(deleted_at=None)  # type: ignore[attr-defined]
        self.fields["topic"].label_from_instance = _everything_of  # type: ignore[attr-defined]
        if kind.needs_topic:
            del self.fields["target"]
        else:
            target = self.fields["target"]
            target.label, target.help_text = said(kind.label), said(kind.hint)
            target.widget.attrs["placeholder"] = kind.placeholder
        for field in kind.fields:
            is_kept = field.key in kept
            self.fields[f"field_{field.key}"] = forms.CharField(
                label=said(field.label),
                help_text=_("Kept encrypted. Leave empty to keep the one that is stored.") if is_kept else "",
                required=field.required and not is_kept,
                initial=field.default,
                max_length=2000,
                widget=forms.PasswordInput({"autocomplete": "off"}) if field.secret else forms.TextInput(),
            )
        if source:
            self.initial = {"target": source.target, "title": source.title, "topic": source.topic_id}
            self.initial |= {f"field_{key}": value for key, value in source.options.items()}

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


class FilterForm(forms.Form):
    """The mentions page's filter as fields; it is sent by GET, so that a filter is an address.

    `voice` is who the filter's authors are, in words.
    """

    q = forms.CharField(
        label=_("Words"), required=False, widget=forms.TextInput({"type": "search", "data-key": "/"})
    )
    days = forms.ChoiceField(label=_("Period"), required=False)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput({"type": "date"}))
    topics = forms.TypedMultipleChoiceField(
        label=_("Topics"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    tones = forms.MultipleChoiceField(label=_("Tone"), required=False, widget=forms.CheckboxSelectMultiple)
    networks = forms.MultipleChoiceField(
        label=_("Network"), required=False, widget=forms.CheckboxSelectMultiple
    )
    languages = forms.MultipleChoiceField(
        label=_("Language"), required=False, widget=forms.CheckboxSelectMultiple
    )
    voice = forms.CharField(
        label=_("Author"),
        help_text=_("A name or a handle, or a part of one."),
        required=False,
        widget=forms.TextInput({"list": "voices", "autocomplete": "off", "autocapitalize": "off"}),
    )
    reach_min = forms.ChoiceField(label=_("Reach, at least"), required=False)
    tags = forms.TypedMultipleChoiceField(
        label=_("Tags"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    read = forms.ChoiceField(label=_("Read or unread"), required=False)
    spam = forms.ChoiceField(label=_("Spam"), required=False)
    ignored = forms.ChoiceField(label=_("Ignored"), required=False)
    order = forms.ChoiceField(label=_("Order"), required=False)

    def __init__(self, *, mentions: MentionFilter, found: Tally, voice: str = "") -> None:
        values = {name: getattr(mentions, name) for name in self.base_fields if name != "voice"}
        values["voice"] = voice
        values["days"] = "all" if mentions.days is None and not mentions.since else str(mentions.days or "")
        values["tones"] = [name for name, tone in TONES.items() if tone in mentions.tones]
        super().__init__(initial=values)
        shown = {
            "days": [
                ("7", _("7 days")),
                ("30", _("30 days")),
                ("90", _("90 days")),
                ("all", _("all the time")),
                ("", _("between two days")),
            ],
            "tones": [("positive", _("positive")), ("neutral", _("neutral")), ("negative", _("negative"))],
            "topics": [(topic.pk, topic.name) for topic in Topic.objects.filter(deleted_at=None)],
            "networks": _known(mentions.networks, found.networks, dict(network_choices())),
            "languages": _known(
                mentions.languages, found.languages, {code: str(name) for code, name in LANGUAGES}
            ),
            "reach_min": [
                ("", _("any")),
                *((str(step), f"{step:,}".replace(",", "\u202f")) for step in REACH_STEPS if step),
            ],
            "tags": [(tag.pk, tag.name) for tag in Tag.objects.all()],
            "read": [("", _("read or not")), ("unread", _("unread")), ("read", _("read"))],
            "spam": [("hidden", _("left out")), ("shown", _("shown")), ("only", _("only"))],
            "ignored": [("hidden", _("left out")), ("shown", _("shown")), ("only", _("only"))],
            "order": [
                ("newest", _("newest first")),
                ("reach", _("furthest reach first")),
                ("negative", _("most negative first")),
            ],
        }
        for name, choices in shown.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        if not shown["tags"]:
            del self.fields["tags"]


def _known(
    chosen: Sequence[str], counted: Mapping[str, int], names: Mapping[str, str]
) -> list[tuple[str, str]]:
    """What is chosen and what occurs, most frequent first, under names people know."""
    return [(key, names.get(key, key)) for key in dict.fromkeys([*chosen, *counted]) if key]
