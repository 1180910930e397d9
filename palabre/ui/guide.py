"""The style guide (`/ui/`, only with PALABRE_DEBUG=1): every component on one page, to look at."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

SENTENCE = "45 minutes d’attente pour un thé au Café Baobab ce matin. Dommage, j’adorais."
QUERY = '"café baobab" OU (baobab ET ~torréfaction) SAUF #jardin network:bluesky restau* NEAR/5 thé'
COLOURS = (
    ("--act", "--green", "--green-soft", "--clay", "--clay-soft", "--amber", "--amber-soft"),
    ("--ink", "--ink-2", "--muted", "--paper", "--card", "--line", "--edge"),
)


@dataclass(frozen=True)
class Piece:
    """A piece of a query, as the editor is given it."""

    kind: str
    start: int
    end: int


class Sample(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=_("Name"), help_text=_("Only your team sees it."), initial="La marque")
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")
    cadence = forms.ChoiceField(
        label=_("Frequency"),
        choices=[("now", _("As it happens")), ("daily", _("Daily")), ("weekly", _("Weekly"))],
    )
    quality = forms.ChoiceField(
        label=_("Quality"),
        widget=forms.RadioSelect,
        choices=[("all", _("Everything")), ("best", _("Best only"))],
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        widget=forms.CheckboxSelectMultiple,
        choices=[("fr", "Français"), ("en", "English"), ("wo", "Wolof")],
        required=False,
    )
    note = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    strict = forms.BooleanField(
        label=_("Only these languages"), required=False, help_text=_("Otherwise they are merely preferred.")
    )


def _pieces() -> list[Piece]:
    marks = [
        ('"café baobab"', "phrase"), ("OU", "operator"), ("(", "paren"), ("baobab ", "word"),
        ("ET", "operator"),
        ("~", "mark"), ("torréfaction", "word"), (")", "paren"), ("SAUF", "operator"), ("#jardin", "tag"),
        ("network:", "field"), ("bluesky", "word"), ("restau*", "prefix"),
        ("NEAR/5", "operator"), ("thé", "word"),
    ]  # fmt: skip
    pieces, at = [], 0
    for text, kind in marks:
        at = QUERY.index(text, at)
        pieces.append(Piece(kind, at, at + len(text)))
        at += len(text)
    return pieces


def _volume(now: datetime) -> list[dict[str, Any]]:
    rows = []
    for index in range(30):
        day = (now - timedelta(days=29 - index)).date().isoformat()
        burst = 38 * math.exp(-(((index - 26) / 1.3) ** 2))
        amounts = (
            ("negative", 5 + index % 3 + burst),
            ("neutral", 22 + 8 * math.sin(index / 5 + 1) + index % 4),
            ("positive", 14 + 6 * math.sin(index / 4) + index % 5),
        )
        rows += [{"day": day, "sentiment": name, "mentions": round(amount)} for name, amount in amounts]
    return rows


def _chart(rows: list[dict[str, Any]]) -> dict[str, Any]:
    names = ["positive", "neutral", "negative"]
    return {
        "data": {"values": rows},
        "height": 150,
        "mark": {"type": "area", "tooltip": True},
        "encoding": {
            "x": {
                "field": "day",
                "type": "temporal",
                "axis": {"title": None, "format": "%-d %b", "tickCount": 6},
            },
            "y": {"field": "mentions", "type": "quantitative", "axis": {"title": None, "tickCount": 4}},
            "color": {
                "field": "sentiment",
                "type": "nominal",
                "scale": {"domain": names, "range": ["--pos", "--neu", "--neg"]},
                "legend": None,
            },
            "order": {"field": "sentiment", "sort": "ascending"},
        },
    }


def page(request: HttpRequest) -> HttpResponse:
    """Every component once."""
    now = datetime.now(UTC)
    rows = _volume(now)
    bound = Sample(data={"name": "", "website": "pas une adresse", "cadence": "now", "quality": "all"})
    if "toast" in request.GET:
        messages.success(request, _("The topic is archived."), extra_tags="undo:/ui/theme")
        messages.error(request, _("The feed could not be read."))
    context = {
        "sentence": SENTENCE,
        "spans": [(SENTENCE.index("Café"), SENTENCE.index(" ce matin"))],
        "reasons": ["attente", "dommage"],
        "recent": now - timedelta(minutes=12),
        "rising": [3, 4, 4, 5, 4, 6, 5, 7, 9],
        "falling": [9, 9, 8, 9, 8, 8, 8, 7, 6],
        "shares": [
            ("Café Baobab", 38, "38\u00a0%"),
            ("Torréfaction du Port", 29, "29\u00a0%"),
            ("Maison Iroko", 21, "21\u00a0%"),
            ("Le Grain", 12, "12\u00a0%"),
        ],
        "parts": [("pos", 31), ("neu", 48), ("neg", 21)],
        "spec": _chart(rows),
        "head": [_("Day"), _("Sentiment"), _("Mentions")],
        "rows": [(row["day"], row["sentiment"], row["mentions"]) for row in rows[-9:]],
        "form": Sample(),
        "bound": bound,
        "steps": [_("Account"), _("Brand"), _("Topic"), _("Sources"), _("Preview")],
        "query": QUERY,
        "pieces": _pieces(),
        "colours": COLOURS,
    }
    return render(request, "ui/guide.html", context)
