"""Rules in words, and what is wrong with one."""

from datetime import date, time

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from palabre.publishing.recurring.plain import DAYS, Every, plain_of
from palabre.publishing.recurring.rules import BadRule

FAULTS: dict[str, str | Promise] = {
    "empty": gettext_lazy("Write a rule, such as FREQ=WEEKLY;BYDAY=MO,TH."),
    "long": gettext_lazy("This rule is too long: at most %(most)s characters."),
    "unreadable": gettext_lazy("This cannot be read as a rule: “%(said)s”."),
    "part": gettext_lazy("“%(name)s” is not a part of a rule that a content can follow."),
    "twice": gettext_lazy("“%(name)s” stands there twice."),
    "frequency": gettext_lazy(
        "FREQ must be HOURLY, DAILY, WEEKLY, MONTHLY or YEARLY: nobody reads more than that."
    ),
    "number": gettext_lazy("%(name)s must be a whole number from 1 to 9999."),
    "both_ends": gettext_lazy("A rule ends by COUNT or by UNTIL, not by both."),
    "until": gettext_lazy("“%(said)s” is not a day: write it as 20271231."),
    "never": gettext_lazy("This rule has no date in the next five years."),
    "over": gettext_lazy("All dates of this rule are past."),
    "flood": gettext_lazy("That is a flood: at most %(most)s contents in %(days)s days."),
}
"""What is wrong with a rule, by its code."""

NTH = {
    "1": pgettext_lazy("weekday of a month", "first"),
    "2": pgettext_lazy("weekday of a month", "second"),
    "3": pgettext_lazy("weekday of a month", "third"),
    "4": pgettext_lazy("weekday of a month", "fourth"),
    "-1": pgettext_lazy("weekday of a month", "last"),
}


def fault_sentence(wrong: BadRule) -> str:
    """Why a rule is refused, in the reader's language."""
    return str(FAULTS[wrong.code]) % wrong.params


def month_day_words(on: str) -> str:
    """A day of the month as RRULE writes it, in words."""
    if on == "-1":
        return _("the last day")
    if on.isdigit():
        return _("day %(n)s") % {"n": on}
    return _("the %(nth)s %(day)s") % {"nth": NTH[on[:-2]], "day": weekday(DAYS.index(on[-2:]))}


def weekday(day: int) -> str:
    """A day of the week inside a sentence."""
    return str(WEEKDAYS[day])


def rule_words(rule: str, start: date, hour: time) -> str:
    """A rule as a sentence without its full stop; one that the plain form cannot say is quoted."""
    plain = plain_of(rule)
    if plain is None:
        return _("by the rule %(rule)s") % {"rule": rule}
    n, words = plain.interval, {"n": plain.interval}
    if plain.every is Every.DAY:
        said = ngettext("every day", "every %(n)s days", n) % words
    elif plain.every is Every.WEEK:
        days = get_text_list([weekday(day) for day in plain.days], _("and"))
        said = ngettext("every week on %(days)s", "every %(n)s weeks on %(days)s", n) % {
            **words,
            "days": days,
        }
    elif plain.every is Every.MONTH:
        on = month_day_words(plain.month_day)
        said = ngettext("every month, %(on)s", "every %(n)s months, %(on)s", n) % {**words, "on": on}
    else:
        on = date_format(start, "j F")
        said = ngettext("every year on %(on)s", "every %(n)s years on %(on)s", n) % {**words, "on": on}
    said = _("%(said)s at %(hour)s") % {"said": said, "hour": f"{hour:%H:%M}"}
    if plain.count:
        times = ngettext("%(n)s time", "%(n)s times", plain.count) % {"n": plain.count}
        return f"{said}, {times}"
    if plain.until:
        return _("%(said)s, until %(day)s") % {"said": said, "day": date_format(plain.until, "j F Y")}
    return said
