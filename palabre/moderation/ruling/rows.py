"""The lines of the form of a rule: a condition or an action each, with the fields of its kind.

Works without a script: a button sends the whole form, and it comes back with one line more or less.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from palabre.agency.colleagues import colleagues, colleagues_with, teams_of
from palabre.agency.forms import LANGUAGES
from palabre.agency.models import Brand
from palabre.agency.roles import Right
from palabre.channels.models import Channel
from palabre.channels.words import label_of
from palabre.inbox.models import Label, Priority
from palabre.moderation.ruling.rules import Ask, Do
from palabre.moderation.ruling.words import ASKS, DOES, DOES_HELP, HELP, KINDS, SIGNS, TRUSTS, Text
from palabre.query import QueryError, parse
from palabre.stream.models import Sentiment

MOST = 20
"""Lines of each kind."""
Choices = list[tuple[str, Any]]
_MEASURED: Mapping[Ask, tuple[int, int]] = {
    Ask.SHORT: (1, 500),
    Ask.TOXICITY: (1, 100),
    Ask.SPAM: (1, 100),
    Ask.FOLLOWERS: (0, 1_000_000_000),
}


class Line(forms.Form):
    """One line; `kind` says which."""

    def __init__(self, *args: Any, kind: str, brand: Brand, **kwargs: Any) -> None:
        super().__init__(*args, **{"use_required_attribute": False, "label_suffix": "", **kwargs})
        self.kind, self.brand = kind, brand

    @property
    def shown(self) -> Iterator[forms.BoundField]:
        """The fields that hold its value."""
        return (self[name] for name in self.fields if name not in ("kind", "isnt"))

    def typed(self) -> dict[str, Any]:
        """What was typed, to be shown again without being judged."""
        return {
            name: field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
            for name, field in self.fields.items()
        }


class ConditionLine(Line):
    """What is asked of a message."""

    isnt = forms.TypedChoiceField(
        label=_("holds or not"),
        choices=[("", _("is so")), ("1", _("is not so"))],
        coerce=bool,
        empty_value=False,  # type: ignore[arg-type]
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask = Ask(self.kind)
        field = self._field()
        if field is not None:
            field.label, field.help_text = self.title, HELP.get(self.ask, "")  # type: ignore[assignment]
            self.fields["value"] = field

    @property
    def title(self) -> Text:
        return ASKS[self.ask][0]

    @property
    def icon(self) -> str:
        return ASKS[self.ask][1]

    @property
    def help(self) -> Text:
        """Said under a line that has no field of its own."""
        return HELP.get(self.ask, "") if "value" not in self.fields else ""

    def _field(self) -> forms.Field | None:
        if self.ask in _MEASURED:
            low, high = _MEASURED[self.ask]
            return forms.IntegerField(min_value=low, max_value=high)
        if self.ask is Ask.WORDS:
            return forms.CharField(
                max_length=10_000, widget=forms.Textarea({"rows": 2, "spellcheck": "false"})
            )
        choices = self._choices()
        if choices is None:
            return None
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple)

    def _choices(self) -> Choices | None:
        match self.ask:
            case Ask.ADDRESS:
                return [(key.value, words) for key, words in KINDS.items()]
            case Ask.ACCOUNT:
                return [(str(one.pk), str(one)) for one in Channel.objects.filter(brand=self.brand)]
            case Ask.NETWORK:
                used = Channel.objects.filter(brand=self.brand).values_list("network", flat=True)
                return [(key, label_of(key)) for key in sorted(set(used))]
            case Ask.LANGUAGE:
                return list(LANGUAGES)
            case Ask.SIGNS:
                return [(key.value, words) for key, words in SIGNS.items()]
            case Ask.TONE:
                return [(str(value), label) for value, label in Sentiment.choices]
            case Ask.TRUST:
                return [(key.value, words) for key, words in TRUSTS.items()]
            case _:
                return None

    def clean_value(self) -> Any:
        """A query that can be read."""
        value = self.cleaned_data["value"]
        if self.ask is Ask.WORDS:
            try:
                parse(value)
            except QueryError as error:
                raise forms.ValidationError(error.message("en" if get_language() == "en" else "fr")) from None
        return value

    def stored(self) -> dict[str, Any]:
        """As the row keeps it."""
        row = {"ask": self.ask.value, "isnt": self.cleaned_data.get("isnt", False)}
        return row | ({"value": self.cleaned_data["value"]} if "value" in self.fields else {})


class ActionLine(Line):
    """What a rule does."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.do = Do(self.kind)
        choices = self._choices()
        if choices is not None:
            self.fields["to"] = forms.ChoiceField(
                label=self.title,  # type: ignore[arg-type]
                choices=[("", _("Choose…")), *choices],
                help_text=DOES_HELP.get(self.do, ""),  # type: ignore[arg-type]
            )

    @property
    def title(self) -> Text:
        return DOES[self.do][0]

    @property
    def icon(self) -> str:
        return DOES[self.do][1]

    @property
    def help(self) -> Text:
        """Said under a line that has no field of its own."""
        return DOES_HELP.get(self.do, "") if "to" not in self.fields else ""

    def _choices(self) -> Choices | None:
        match self.do:
            case Do.ASSIGN:
                people = [(f"user:{one.pk}", str(one)) for one in colleagues_with(self.brand, Right.ANSWER)]
                return people + [(f"team:{one.pk}", str(one)) for one in teams_of(self.brand)]
            case Do.LABEL:
                return [(str(one.pk), one.name) for one in Label.objects.filter(brand=self.brand)]
            case Do.PRIORITY:
                return [(str(value), label) for value, label in Priority.choices]
            case Do.NOTIFY:
                return [(str(one.pk), str(one)) for one in colleagues(self.brand)]
            case _:
                return None

    def stored(self) -> dict[str, Any]:
        """As the row keeps it."""
        given: dict[str, Any] = {
            name: self.cleaned_data[name] for name in ("to", "days") if name in self.fields
        }
        return {"do": self.do.value, **given}


def lines_of(data: Mapping[str, Any], letter: str, form: type[Line], brand: Brand) -> list[Any]:
    """The lines that were sent, in their order, as forms; `letter` begins their names."""
    pattern = re.compile(rf"{letter}(\d{{1,4}})-kind")
    places = sorted(int(found[1]) for name in data if (found := pattern.fullmatch(name)))
    kinds = ASKS if form is ConditionLine else DOES
    known = {kind.value for kind in kinds}
    made = []
    for place in places[:MOST]:
        prefix = f"{letter}{place}"
        if data.get(f"{prefix}-kind") in known:
            made.append(form(data, kind=data[f"{prefix}-kind"], brand=brand, prefix=prefix))
    return made


def label_by(choices: Choices, value: str) -> str:
    """The words of a choice, or a dash for what is no more."""
    return next((str(label) for key, label in choices if str(key) == value), "–")
