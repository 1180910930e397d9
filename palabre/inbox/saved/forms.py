"""What a person types of a saved reply: its title, where it stands, and each of its wordings."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from palabre.agency.forms import LANGUAGES
from palabre.inbox.models import SavedReply, Tone
from palabre.inbox.saved import rules
from palabre.inbox.saved.keeping import Draft, Wording
from palabre.inbox.saved.words import ANY, unknown_words

WORDINGS_MOST = 40


class SavedForm(forms.Form):
    """The reply itself."""

    title = forms.CharField(label=lazy("Title"), max_length=80)
    shortcut = forms.CharField(
        label=lazy("Shortcut"),
        required=False,
        max_length=40,
        help_text=lazy("Typed behind a / in an answer: /hours. Letters and figures."),
    )
    category = forms.CharField(
        label=lazy("Category"),
        required=False,
        max_length=60,
        widget=forms.TextInput({"list": "categories", "autocomplete": "off"}),
    )
    whose = forms.ChoiceField(
        label=lazy("Who has it"),
        choices=[("all", lazy("Every colleague")), ("me", lazy("Me alone"))],
        widget=forms.RadioSelect,
    )

    def clean_title(self) -> str:
        """On one line."""
        return " ".join(self.cleaned_data["title"].split())

    def clean_category(self) -> str:
        """On one line."""
        return " ".join(self.cleaned_data["category"].split())

    def clean_shortcut(self) -> str:
        """As it is typed in an answer."""
        typed = self.cleaned_data["shortcut"]
        kept = rules.shortcut(typed)
        if typed.strip(" /") and not kept:
            raise forms.ValidationError(_("A shortcut has letters or figures."))
        return kept


class WordingForm(forms.Form):
    """One wording; an empty one is none."""

    language = forms.ChoiceField(label=lazy("Language"), required=False, choices=[("", ANY), *LANGUAGES])
    tone = forms.ChoiceField(label=lazy("Tone"), choices=Tone.choices, initial=Tone.PLAIN)
    text = forms.CharField(
        label=lazy("Text"), required=False, max_length=10_000, widget=forms.Textarea({"rows": 4})
    )

    def clean_text(self) -> str:
        """Every pair of braces holds a variable that there is."""
        text: str = self.cleaned_data["text"].strip()
        if found := rules.unknown(text):
            raise forms.ValidationError([unknown_words(one) for one in found[:5]])
        return text


class Wordings(forms.BaseFormSet):  # type: ignore[type-arg]
    """All of them: at least one, none twice."""

    def clean(self) -> None:
        """Told at the field that has to change."""
        if any(self.errors):
            return
        seen: set[tuple[str, str]] = set()
        for form in self.forms:
            if not form.cleaned_data.get("text"):
                continue
            key = (form.cleaned_data["language"], form.cleaned_data["tone"])
            if key in seen:
                form.add_error("tone", _("There is a wording in this language and tone already."))
            seen.add(key)
        if not seen and self.forms:
            self.forms[0].add_error("text", _("Write at least one wording."))

    def kept(self) -> list[Wording]:
        """Those that say something."""
        rows = [form.cleaned_data for form in self.forms if form.cleaned_data.get("text")]
        return [Wording(language=row["language"], tone=row["tone"], text=row["text"]) for row in rows]


_Formset = forms.formset_factory(
    WordingForm, formset=Wordings, extra=0, max_num=WORDINGS_MOST, absolute_max=WORDINGS_MOST
)


def wordings(saved: SavedReply | None, language: str) -> Wordings:
    """The wordings as they are kept, else an empty one in this language."""
    stored = list(saved.texts.all()) if saved else []
    initial = [{"language": one.language, "tone": one.tone, "text": one.text} for one in stored]
    return _formset(initial or [{"language": language}])


def typed(data: Any) -> Wordings:
    """The wordings as they are sent."""
    return _Formset(data, prefix="wording")  # type: ignore[return-value]


def one_more(data: Any) -> Wordings:
    """The wordings as they are sent and an empty one below, nothing judged yet."""
    count = data.get("wording-TOTAL_FORMS", "")
    many = min(int(count), WORDINGS_MOST - 1) if count.isascii() and count.isdigit() else 1
    rows = [
        {name: data.get(f"wording-{place}-{name}", "") for name in ("language", "tone", "text")}
        for place in range(many)
    ]
    return _formset([*rows, {}])


def _formset(initial: list[dict[str, str]]) -> Wordings:
    return _Formset(prefix="wording", initial=initial)  # type: ignore[return-value]


def draft_of(form: SavedForm, texts: Wordings) -> Draft:
    """What both say together, once valid."""
    given = form.cleaned_data
    return Draft(
        title=given["title"],
        shortcut=given["shortcut"],
        category=given["category"],
        shared=given["whose"] == "all",
        wordings=texts.kept(),
    )
