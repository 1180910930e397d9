"""Charts as Vega-Lite definitions: the same picture on screen, in mail and on paper.

Definitions are made once with Altair, which checks them; each page only puts its figures in.
"""

from collections.abc import Sequence
from copy import deepcopy
from functools import cache
from typing import Any

import altair as alt
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from palabre.listening.counts import Bar, Step

TONES = {1: "positive", 0: "neutral", -1: "negative"}
COLOURS = {"positive": "--pos", "neutral": "--neu", "negative": "--neg"}
"""Tokens of the sheet: the browser and `ui.palette` know their colours in each theme."""
FORMATS = {Step.HOUR: "%H:%M", Step.DAY: "%-d %b", Step.WEEK: "%-d %b"}


def tone_words() -> dict[str, str]:
    """The three tones in the reader's language."""
    return {"positive": _("positive"), "neutral": _("neutral"), "negative": _("negative")}


def volume_chart(bars: Sequence[Bar], step: Step) -> dict[str, Any]:
    """Mentions over time, stacked by tone; bars in order of time."""
    spec = deepcopy(_volume(get_language() or "fr", FORMATS[step]))
    words = tone_words()
    spec["data"] = {
        "values": [
            {"at": bar.at.isoformat(), "tone": words[name], "order": tone, "items": bar.tones.get(tone, 0)}
            for bar in bars
            for tone, name in TONES.items()
        ]
    }
    return spec


@cache
def _volume(language: str, time_format: str) -> dict[str, Any]:
    """The definition without its figures; `language` only keeps the two apart."""
    words = tone_words()
    area = (
        alt.Chart(alt.Data(values=[]))
        .mark_area(interpolate="monotone", line=False, opacity=0.92)
        .encode(
            x=alt.X("at:T", title=None, axis=alt.Axis(format=time_format, tickCount=7, grid=False)),
            y=alt.Y("items:Q", title=None, stack="zero", axis=alt.Axis(tickCount=4)),
            color=alt.Color(
                "tone:N",
                legend=None,
                scale=alt.Scale(domain=list(words.values()), range=[COLOURS[name] for name in words]),
            ),
            order=alt.Order("order:Q"),
            tooltip=[
                alt.Tooltip("at:T", title=_("When"), format=time_format),
                alt.Tooltip("tone:N", title=_("Tone")),
                alt.Tooltip("items:Q", title=_("Mentions")),
            ],
        )
        .properties(width="container", height=170)
    )
    spec: dict[str, Any] = area.to_dict()
    return spec
