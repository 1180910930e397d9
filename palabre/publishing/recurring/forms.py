"""The form of a series: what is said, where, and when it comes back, plainly or by any RRULE."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from palabre.agency.models import Brand
from palabre.channels.models import Channel
from palabre.channels.sessions import rules_for
from palabre.publishing.composing.content import Content
from palabre.publishing.composing.media_fields import Row, stored, typed
from palabre.publishing.fields import Filed
from palabre.publishing.library.rights import Limit
from palabre.publishing.models import Recurring
from palabre.publishing.recurring.making import limit_said
from palabre.publishing.recurring.plain import DAYS, Every, Plain, plain_of
from palabre.publishing.recurring.rules import LONGEST, BadRule, Rule, adjacent, read_rule
from palabre.publishing.recurring.series import SeriesDraft
from palabre.publishing.recurring.words import NTH, fault_sentence, month_day_words
from palabre.publishing.words import until

WORDINGS_MOST = 50
ADVANCED = "rule"
_EVERY = [
    (Every.DAY, pgettext_lazy("every so many", "days")),
    (Every.WEEK, pgettext_lazy("every so many", "weeks")),
    (Every.MONTH, pgettext_lazy("every so many", "months")),
    (Every.YEAR, pgettext_lazy("every so many", "years")),
    (ADVANCED, gettext_lazy("by a rule of my own (RRULE)")),
]
_ENDS = [
    ("never", gettext_lazy("never: an evergreen content")),
    ("until", gettext_lazy("on a day")),
    ("count", gettext_lazy("after a number of times")),
]


@dataclass(frozen=True, kw_only=True)
class Own:
    """What an account says in its own words, as the form shows it; `dropped`: no more, once it is saved."""

    channel: Channel
    changes: Mapping[str, Any]
    dropped: bool = False

    @property
    def text(self) -> str | None:
        """Its own text; None where it says that of the others."""
        return self.changes.get("text")

    @property
    def beside(self) -> list[str]:
        """What else is its own."""
        found = []
        if parts := len(self.changes.get("parts", ())):
            found.append(ngettext("%(n)s part of a thread", "%(n)s parts of a thread", parts) % {"n": parts})
        if self.changes.get("first_comment"):
            found.append(_("a first comment"))
        if "media" in self.changes:
            files = len(self.changes["media"])
            found.append(ngettext("%(n)s file", "%(n)s files", files) % {"n": files})
        return found


class SeriesForm(Filed):
    """Wordings come as repeated `wording` fields, files as the composer's rows, an account's own words as
    `own-<id>-text`, with `own-<id>-drop` where it is to say again what the others say.

    `base` is what is kept of the content beside what the form shows (a thread, a first comment…), `own`
    what its accounts say differently.
    """

    use_required_attribute = False

    name = forms.CharField(label=gettext_lazy("Name of the series"), max_length=120)
    channels = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Where"), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    link = forms.URLField(
        label=gettext_lazy("Link with a card"), required=False, max_length=2000, assume_scheme="https"
    )
    title = forms.CharField(label=gettext_lazy("Title"), required=False, max_length=500)
    starts_on = forms.DateField(
        label=gettext_lazy("Begins on"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    hour = forms.TimeField(label=gettext_lazy("At"), widget=forms.TimeInput({"type": "time"}, format="%H:%M"))
    interval = forms.IntegerField(label=gettext_lazy("Interval"), min_value=1, max_value=999, required=False)
    every = forms.ChoiceField(label=gettext_lazy("Counted in"), choices=_EVERY)
    days = forms.TypedMultipleChoiceField(
        label=gettext_lazy("On these days"),
        coerce=int,
        required=False,
        choices=list(WEEKDAYS.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    month_day = forms.ChoiceField(label=gettext_lazy("Day of the month"), required=False)
    ends = forms.ChoiceField(label=gettext_lazy("It ends"), choices=_ENDS, required=False)
    until = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    count = forms.IntegerField(
        label=gettext_lazy("Number of times"), required=False, min_value=1, max_value=999
    )
    rule = forms.CharField(
        label=gettext_lazy("Rule (RRULE, RFC 5545)"),
        required=False,
        max_length=LONGEST,
        widget=forms.TextInput(
            {"placeholder": "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "class": "mono"}
        ),
    )

    def __init__(
        self,
        data: QueryDict | None,
        *,
        brand: Brand,
        now: datetime,
        series: Recurring | None = None,
        base: Content | None = None,
        own: Mapping[int, Mapping[str, Any]] | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        self.zone = ZoneInfo(brand.time_zone)
        today = now.astimezone(self.zone).date()
        super().__init__(data, initial=(_initial(series) if series else _usual(today)) | (initial or {}))
        self.now, self.series, self.brand = now, series, brand
        self.base = base or (Content.read(series.content) if series else Content())
        stored_own = {int(pk): changes for pk, changes in series.changes.items()} if series else {}
        self.kept_own: Mapping[int, Mapping[str, Any]] = own or stored_own
        self.brand_channels = {one.pk: one for one in Channel.objects.exclude(state="removed")}
        self.fields["channels"].choices = [(pk, str(one)) for pk, one in self.brand_channels.items()]  # type: ignore[attr-defined]
        self.fields["channels"].error_messages["required"] = _("Choose at least one account.")
        ordinal = [f"{nth}{day}" for nth in NTH for day in DAYS]
        shown = [*map(str, range(1, 32)), "-1", *ordinal]
        self.fields["month_day"].choices = [(on, month_day_words(on)) for on in shown]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> list[Channel]:
        """The accounts ticked now."""
        ticked = {str(pk) for pk in self["channels"].value() or ()}
        return [one for pk, one in self.brand_channels.items() if str(pk) in ticked]

    @property
    def owns(self) -> list[Own]:
        """What ticked accounts say in their own words, also where that is to end."""
        found = [self._own(channel) for channel in self.chosen]
        return [own for own in found if own]

    @property
    def changes(self) -> dict[int, Mapping[str, Any]]:
        """What accounts say in their own words, those too that are not ticked now: nothing is forgotten."""
        kept = {pk: changes for pk, changes in self.kept_own.items() if changes}
        for channel in self.chosen:
            own = self._own(channel)
            if own and not own.dropped:
                kept[channel.pk] = own.changes
            else:
                kept.pop(channel.pk, None)
        return kept

    def _own(self, channel: Channel) -> Own | None:
        changes = dict(self.kept_own.get(channel.pk, {}))
        typed = self.data.get(f"own-{channel.pk}-text") if self.is_bound else None
        if typed is not None:
            changes["text"] = typed.replace("\r\n", "\n")
        dropped = self.is_bound and bool(self.data.get(f"own-{channel.pk}-drop"))
        return Own(channel=channel, changes=changes, dropped=dropped) if changes else None

    @property
    def alike(self) -> list[Channel]:
        """Ticked accounts that say what all say."""
        own = {one.channel.pk for one in self.owns}
        return [channel for channel in self.chosen if channel.pk not in own]

    @property
    def wordings(self) -> list[str]:
        """What was written, empty ones too; at least one."""
        if self.is_bound:
            data: Any = self.data
            found = [words.replace("\r\n", "\n") for words in data.getlist("wording")[:WORDINGS_MOST]]
        else:
            found = list(self.series.wordings) if self.series else [self.base.text]
        return found or [""]

    @property
    def written(self) -> list[str]:
        """The wordings that say something."""
        return [words for words in self.wordings if words.strip()]

    @property
    def pictures_shown(self) -> list[Row]:
        """The files, in order."""
        return typed(self.data) if self.is_bound else stored(self.base.media)  # type: ignore[arg-type]

    @property
    def for_blog(self) -> bool:
        """Whether one of the chosen accounts asks for a title."""
        return any(rules_for(channel).title for channel in self.chosen)

    @property
    def content(self) -> Content:
        """What all occurrences share, as typed."""
        return replace(
            self.base,
            text="",
            link=(self["link"].value() or "").strip(),
            title=self["title"].value() or "",
            media=tuple(row.medium for row in self.pictures_shown),
        )

    @property
    def limit(self) -> Limit | None:
        """Until when all that is shown may be published; None where no right ends."""
        content, changes = self.content, self.changes
        return limit_said(
            self.brand, [content.with_changes(changes.get(one.pk, {})) for one in self.chosen] or [content]
        )

    @cached_property
    def follows(self) -> Rule | None:
        """The rule as typed, also while the rest of the form is not fit to be saved; None for a bad one."""
        if not self.is_bound:
            return self._read(
                {name: self.get_initial_for_field(field, name) for name, field in self.fields.items()}
            )
        self.is_valid()
        return self._rule

    _rule: Rule | None = None

    def clean(self) -> dict[str, Any]:
        """The rule, the wordings."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.written and not self.content.media:
            self.add_error(None, _("Write at least one wording."))
        if len(self.written) > 1 and adjacent(self.written):
            self.add_error(None, _("Two wordings that follow each other say the same."))
        self._rule = self._read(cleaned)
        first = next(self._rule.occurrences(self.now), None) if self._rule else None
        limit = self.limit if first else None
        if first and limit and first.at >= limit.ends:
            said = _("“%(name)s” may be published until %(until)s, and every date of this series is later.")
            self.add_error(None, said % {"name": limit.asset.name, "until": until(limit.asset)})
        return cleaned

    def _read(self, given: dict[str, Any]) -> Rule | None:
        if given.get("starts_on") is None or given.get("hour") is None or not given.get("every"):
            return None
        advanced = given["every"] == ADVANCED
        try:
            text = given.get("rule", "") if advanced else self._plain(given).written(given["starts_on"])
            start = datetime.combine(given["starts_on"], given["hour"])
            return read_rule(text, start=start, zone=self.zone, now=self.now)
        except BadRule as wrong:
            if self.is_bound:
                self.add_error("rule" if advanced else _at_field(wrong, given), fault_sentence(wrong))
        return None

    def _plain(self, given: dict[str, Any]) -> Plain:
        ends = given.get("ends")
        if self.is_bound and ends in ("until", "count") and not given.get(ends) and ends not in self.errors:
            said = _("Say on which day.") if ends == "until" else _("Say how many times.")
            self.add_error(ends, said)
        return Plain(
            every=Every(given["every"]),
            interval=given.get("interval") or 1,
            days=tuple(given.get("days") or ()),
            month_day=given.get("month_day") or "",
            until=given.get("until") if ends == "until" else None,
            count=given.get("count") if ends == "count" else None,
        )

    def clean_starts_on(self) -> date:
        """Not years away: what is foreseen ends after five."""
        day: date = self.cleaned_data["starts_on"]
        today = self.now.astimezone(self.zone).date()
        if not date(2000, 1, 1) <= day <= today + timedelta(days=5 * 365):
            raise forms.ValidationError(_("Choose a day within the next five years."))
        return day

    def draft(self) -> SeriesDraft:
        """What to save; the form is valid."""
        assert self._rule is not None
        cleaned = self.cleaned_data
        return SeriesDraft(
            name=cleaned["name"],
            content=replace(self.content, link=cleaned["link"], title=cleaned["title"]),
            wordings=self.written or [""],
            channels=cleaned["channels"],
            changes=self.changes,
            rule=self._rule.text,
            starts_on=cleaned["starts_on"],
            hour=cleaned["hour"],
            campaign=cleaned["campaign"],
            pillar=cleaned["pillar"],
        )


def _at_field(wrong: BadRule, given: dict[str, Any]) -> str:
    """Where the plain form says what is wrong."""
    if wrong.code == "over":
        return str(given["ends"])
    return "month_day" if given["every"] == Every.MONTH else "starts_on"


def _usual(today: date) -> dict[str, Any]:
    return {
        "starts_on": today + timedelta(days=1),
        "hour": time(10),
        "interval": 1,
        "every": Every.WEEK,
        "days": [(today + timedelta(days=1)).weekday()],
        "month_day": str((today + timedelta(days=1)).day),
        "ends": "never",
    }


def _initial(series: Recurring) -> dict[str, Any]:
    plain = plain_of(series.rule)
    said = Content.read(series.content)
    first = series.starts_on
    ends = (
        "never" if plain is None or not (plain.until or plain.count) else "until" if plain.until else "count"
    )
    return {
        "name": series.name,
        "channels": series.channels,
        "link": said.link,
        "title": said.title,
        "campaign": series.campaign_id,
        "pillar": series.pillar_id,
        "starts_on": first,
        "hour": series.hour,
        "every": plain.every if plain else ADVANCED,
        "interval": plain.interval if plain else 1,
        "days": list(plain.days) if plain and plain.days else [first.weekday()],
        "month_day": plain.month_day if plain and plain.month_day else str(first.day),
        "ends": ends,
        "until": plain.until if plain else None,
        "count": plain.count if plain else None,
        "rule": series.rule,
    }
