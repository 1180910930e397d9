"""The form of a rule: its name, its lines, the article it stands on; and a rule said in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from palabre.agency.models import Brand
from palabre.moderation.charter import in_force
from palabre.moderation.models import Rule
from palabre.moderation.ruling.rows import ActionLine, ConditionLine, Line, label_by, lines_of
from palabre.moderation.ruling.rules import CompiledRule, Do, compiled
from palabre.moderation.ruling.words import ASKS, DOES, Text

ON_ARTICLE = (Do.HIDE, Do.HOLD)


def article_field(brand: Brand) -> forms.TypedChoiceField:
    """The articles in force, by number."""
    numbers = [(article.number, f"{article.number}. {article.title}") for article in in_force()]
    return forms.TypedChoiceField(
        label=_("Article of the charter"),
        choices=[("", _("none")), *numbers],
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("Whatever takes something from somebody names the article it stands on."),
    )


class RuleForm(forms.ModelForm):
    """If all (or one) of this holds, do all of that."""

    any = forms.TypedChoiceField(
        label=_("It fires when"),
        choices=[("", _("all of these hold")), ("1", _("one of these holds"))],
        coerce=bool,
        empty_value=False,  # type: ignore[arg-type]
        required=False,
    )

    class Meta:
        model = Rule
        fields = ("name",)

    def __init__(self, data: Any = None, *, instance: Rule, keep: bool = False) -> None:
        """`keep`: show again what was sent, without judging it."""
        self.brand = instance.brand
        initial = {"any": "1" if instance.conditions.get("any") else "", "article": instance.article}
        super().__init__(None if keep else data, instance=instance, initial=initial)
        self.use_required_attribute = False
        self.fields["article"] = article_field(self.brand)
        if keep:
            self.initial.update({name: data.get(name, "") for name in ("name", "any", "article")})
        if data is None:
            self.conditions, self.actions = self._stored()
        else:
            self.conditions = lines_of(data, "c", ConditionLine, self.brand)
            self.actions = lines_of(data, "a", ActionLine, self.brand)
        if keep:
            self.conditions = [_again(line, "c", place) for place, line in enumerate(self.conditions)]
            self.actions = [_again(line, "a", place) for place, line in enumerate(self.actions)]

    def _stored(self) -> tuple[list[ConditionLine], list[ActionLine]]:
        conditions = [
            ConditionLine(
                kind=row["ask"],
                brand=self.brand,
                prefix=f"c{place}",
                initial={"value": row.get("value"), "isnt": "1" if row.get("isnt") else ""},
            )
            for place, row in enumerate(self.instance.conditions.get("rows") or ())
            if row.get("ask") in {ask.value for ask in ASKS}
        ]
        actions = [
            ActionLine(kind=row["do"], brand=self.brand, prefix=f"a{place}", initial=row)
            for place, row in enumerate(self.instance.actions)
            if row.get("do") in {do.value for do in DOES}
        ]
        return conditions, actions

    def clean(self) -> dict[str, Any]:
        """A rule asks something, does something, and stands on an article where it takes something away."""
        cleaned = super().clean() or self.cleaned_data
        lines: Sequence[Line] = [*self.conditions, *self.actions]
        good = [line.is_valid() for line in lines]
        if not all(good):
            self.add_error(None, _("Put the lines marked below right."))
        elif not self.conditions:
            self.add_error(None, _("Add a condition: a rule without any would fire on everything."))
        elif not self.actions:
            self.add_error(None, _("Add what the rule does."))
        if not cleaned.get("article") and any(line.do in ON_ARTICLE for line in self.actions):
            self.add_error("article", _("Name the article: this rule hides or holds back what people say."))
        return cleaned

    def stored(self) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """Conditions and actions as the row keeps them."""
        conditions = {"any": self.cleaned_data["any"], "rows": [line.stored() for line in self.conditions]}
        return conditions, [line.stored() for line in self.actions]

    def compiled(self) -> CompiledRule:
        """The rule as typed, ready to be tried."""
        return compiled(self.instance.pk or 0, *self.stored())


def _again(line: Any, letter: str, place: int) -> Any:
    return type(line)(kind=line.kind, brand=line.brand, prefix=f"{letter}{place}", initial=line.typed())


@dataclass(frozen=True, kw_only=True)
class Said:
    """One line of a rule in words."""

    title: Text
    icon: str
    value: str = ""
    isnt: bool = False


def conditions_in_words(rule: Rule) -> list[Said]:
    """What a rule asks."""
    form = RuleForm(instance=rule)
    said = []
    for line in form.conditions:
        value = line.initial.get("value")
        choices = getattr(line.fields.get("value"), "choices", None)
        if choices is not None:
            value = ", ".join(label_by(list(choices), str(one)) for one in value or ())
        said.append(
            Said(
                title=line.title,
                icon=line.icon,
                value="" if value is None else str(value),
                isnt=bool(line.initial.get("isnt")),
            )
        )
    return said


def actions_in_words(rule: Rule) -> list[Said]:
    """What a rule does."""
    said = []
    for line in RuleForm(instance=rule).actions:
        choices = getattr(line.fields.get("to"), "choices", None)
        value = label_by(list(choices), str(line.initial.get("to"))) if choices is not None else ""
        said.append(Said(title=line.title, icon=line.icon, value=value))
    return said
