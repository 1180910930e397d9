"""The page of mentions: figures first, then what was said; every figure and every row of one filter."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from palabre.agency.access import BrandRequest, for_brand
from palabre.agency.models import Brand
from palabre.agency.roles import Right
from palabre.alerts.models import Event, Trigger
from palabre.alerts.wording import line_of
from palabre.insight.panels import aside, panels
from palabre.listening.counts import tally
from palabre.listening.filters import MentionFilter, Read, from_query, one_line, stored
from palabre.listening.forms import FilterForm
from palabre.listening.models import About, SavedView, Source, Topic
from palabre.listening.reasons import explained_rows
from palabre.listening.selectors import page
from palabre.listening.themes import kept
from palabre.listening.voices import LEAST, MOST, called, shown, voices_of
from palabre.stream.models import Author

VOICES = 8
"""Authors offered while a name is typed."""
BURST_SHOWN = timedelta(hours=24)
"""How long a burst stands at the top of the page."""


@for_brand(Right.LOOK)
def listen(request: BrandRequest) -> HttpResponse:
    """What was said of the brand: the figures, then the mentions. `after` asks for the next rows alone."""
    brand = request.brand
    topics = list(Topic.objects.filter(deleted_at=None))
    mentions = from_query(request.GET)
    typed = one_line(request.GET.get("voice", ""))
    if typed and (voices := called(brand=brand, typed=typed)):
        return _said_by(request, mentions, voices)
    if typed:
        mentions = mentions.but(notes=(*mentions.notes, _nobody(typed)))
    if "topics" not in request.GET:
        # What is said of competitors is for comparison: it is shown when it is asked for.
        mentions = mentions.but(topics=_ours(topics))
    found = page(brand=brand, mentions=mentions, after=request.GET.get("after", ""))
    heard = voices_of(brand=brand, ids=mentions.authors)
    context = {
        "mentions": mentions,
        "found": found,
        "rows": explained_rows(found.rows),
        "heard": heard,
        "voices": dict.fromkeys(row.item.author for row in found.rows if row.item.author),
        "form": FilterForm(mentions=mentions, found=found.tally, voice=typed or ", ".join(map(shown, heard))),
        "here": mentions.query_string(),
    }
    if not found.total and mentions.between(timezone.localdate()) != (None, None):
        whenever = mentions.but(days=None, since=None, until=None)
        context["whenever"] = tally(brand=brand, mentions=whenever).total
        context["whenever_link"] = whenever.query_string()
    if request.htmx and request.GET.get("after"):
        return render(request, "insight/_rows.html", context)
    context |= _around(brand, mentions, topics)
    context |= {
        "panels": panels(brand, mentions, found.tally, now=timezone.now()),
        "views": SavedView.objects.filter(Q(owner=None) | Q(owner=request.user)),
        "topics": topics,
        "sources": Source.objects.count(),
    }
    return render(request, "insight/listen.html", context)


def _said_by(request: BrandRequest, mentions: MentionFilter, voices: Sequence[Author]) -> HttpResponse:
    """To the page of these authors: what was typed is an address from then on, and means them for good."""
    if len(voices) == MOST:
        messages.info(
            request,
            _("That is many people: the %(n)d heard last are shown. Type more of the name.") % {"n": MOST},
        )
    query = mentions.but(authors=tuple(voice.pk for voice in voices)).query_string()
    return redirect(f"{reverse('insight:listen', args=[request.brand.slug])}?{query}")


def _nobody(typed: str) -> str:
    return _("Nobody called “%(name)s” was heard yet: this was left out.") % {"name": typed}


@for_brand(Right.LOOK)
def voices(request: BrandRequest) -> HttpResponse:
    """Authors to choose from while a name is typed (a fragment)."""
    typed = one_line(request.GET.get("voice", ""))
    found = called(brand=request.brand, typed=typed, most=VOICES) if len(typed) >= LEAST else []
    return render(request, "insight/_voices.html", {"voices": found})


@for_brand(Right.LOOK)
def beside(request: BrandRequest) -> HttpResponse:
    """Voices, words and places of the page's filter: a fragment, or a page where there is no script."""
    context = {"aside": aside(request.brand, from_query(request.GET), now=timezone.now())}
    return render(request, "insight/_aside.html" if request.htmx else "insight/aside.html", context)


@for_brand(Right.LOOK)
def narrowing(request: BrandRequest) -> HttpResponse:
    """The filter of the page and its keeping, as a page of their own: no script is there to open them."""
    mentions = from_query(request.GET)
    found = tally(brand=request.brand, mentions=mentions)
    heard = voices_of(brand=request.brand, ids=mentions.authors)
    context = {
        "form": FilterForm(mentions=mentions, found=found, voice=", ".join(map(shown, heard))),
        "here": mentions.query_string(),
        "views": SavedView.objects.filter(Q(owner=None) | Q(owner=request.user)),
    }
    return render(request, "insight/filter.html", context)


def _ours(topics: Sequence[Topic]) -> tuple[int, ...]:
    return tuple(topic.pk for topic in topics if topic.about == About.OURS)


def _subjects(mentions: MentionFilter, topics: Sequence[Topic]) -> list[tuple[str, str, bool]]:
    """The topics one can look at: ours, everything, each alone; name, link, whether it is the present one."""
    offered = [(_("the brand"), _ours(topics)), (_("every topic"), tuple(topic.pk for topic in topics))]
    offered += [(topic.name, (topic.pk,)) for topic in topics]
    return [
        (name, mentions.but(topics=chosen).query_string(), set(chosen) == set(mentions.topics))
        for name, chosen in offered
        if chosen
    ]


def _around(brand: Brand, mentions: MentionFilter, topics: Sequence[Topic]) -> dict[str, Any]:
    """The links of the page: each is the present filter with one condition changed."""
    periods = [(7, _("7 d")), (30, _("30 d")), (90, _("90 d"))]
    toggled = Read.ANY if mentions.read is Read.UNREAD else Read.UNREAD
    lately = Event.objects.filter(trigger=Trigger.BURST, at__gte=timezone.now() - BURST_SHOWN)
    subjects = _subjects(mentions, topics)
    chosen = next((name for name, _link, current in subjects if current), _("a choice of topics"))
    return {
        "theme": kept(brand=brand, theme=mentions.theme) if mentions.theme else None,
        "subjects": subjects,
        "subject": _("Topic: %(name)s") % {"name": chosen},
        "periods": [
            (label, mentions.but(days=days, since=None, until=None).query_string(), mentions.days == days)
            for days, label in periods
        ],
        "unread_link": mentions.but(read=toggled).query_string(),
        "active": sum(1 for name in stored(mentions) if name not in ("days", "order", "topics")),
        "bursts": [line_of(event) for event in lately[:3]],
        "reputation_formula": _(
            "100 × the mean of positive (1), neutral (½) and negative (0) mentions, four average ones heard "
            "in advance; chance alone would stay within the interval 19 times out of 20."
        ),
    }
