"""Pages about topics: the list, the editor that explains itself, pause, delete and undo."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from palabre.agency.access import BrandRequest, for_brand
from palabre.agency.roles import Right
from palabre.kit.language import Language
from palabre.listening.forms import TopicForm
from palabre.listening.models import About, Topic
from palabre.listening.selectors import topic_rows
from palabre.listening.topics import (
    UnboundedQuery,
    check,
    delete_topic,
    pause_topic,
    restore_topic,
    save_topic,
)
from palabre.query import Piece, QueryError, explain, highlight, parse


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What the editor says of a query while it is typed."""

    source: str
    pieces: tuple[Piece, ...]
    words: str = ""
    error: str = ""
    start: int | None = None
    length: int = 0
    unbounded: bool = False
    confirmed: bool = False


def read_query(source: str, *, confirmed: bool = False) -> Reading:
    """Colour it, explain it, or point at what is wrong; an empty one is no error yet.

    `confirmed`: the person ticked that it may match everything.
    """
    language: Language = "en" if get_language() == "en" else "fr"
    pieces = tuple(highlight(source))
    if not source.strip():
        return Reading(source=source, pieces=pieces)
    try:
        check(source)
    except QueryError as error:
        return Reading(
            source=source,
            pieces=pieces,
            error=error.message(language),
            start=error.start,
            length=error.length,
        )
    except UnboundedQuery:
        words = explain(parse(source), language)
        return Reading(source=source, pieces=pieces, words=words, unbounded=True, confirmed=confirmed)
    return Reading(source=source, pieces=pieces, words=explain(parse(source), language))


@for_brand(Right.LOOK)
def topics(request: BrandRequest) -> HttpResponse:
    """Every topic with what it brought in thirty days."""
    return render(request, "listening/topics.html", {"topics": topic_rows(request.brand)})


def _suggested(request: BrandRequest) -> dict[str, str]:
    """What the address says of a new topic: its name, its query, whom it is about."""
    given = {name: request.GET.get(name, "").replace("\x00", "")[:10_000] for name in ("name", "query")}
    return {**given, "about": request.GET.get("about", About.OURS)}


@for_brand(Right.LISTEN)
def topic_edit(request: BrandRequest, pk: int | None = None) -> HttpResponse:
    """Make or change a topic."""
    topic: Topic | None = get_object_or_404(Topic.objects.filter(deleted_at=None), pk=pk) if pk else None
    initial = {} if topic else {"languages": request.brand.languages, **_suggested(request)}
    form = TopicForm(request.POST or None, instance=topic or Topic(brand=request.brand), initial=initial)
    if request.method == "POST" and form.is_valid():
        # The form has put its values on the instance already: read the row again, so that the
        # audit log sees what it was.
        before = Topic.objects.get(pk=pk) if pk else None
        saved = save_topic(brand=request.brand, by=request.user, draft=form.draft(), topic=before)
        messages.success(
            request, _("“%(topic)s” is saved; new mentions are matched from now on.") % {"topic": saved.name}
        )
        return redirect("listening:topics", brand=request.brand.slug)
    source = form["query"].value() or ""
    reading = read_query(source, confirmed=bool(form["unbounded_confirmed"].value()))
    context = {"form": form, "topic": topic, "reading": reading}
    return render(request, "listening/topic_form.html", context)


@for_brand(Right.LOOK)
@require_POST
def topic_check(request: BrandRequest) -> HttpResponse:
    """The editor's words while a query is typed (a fragment); `confirm` where a tick may be asked for."""
    posted = request.POST
    reading = read_query(posted.get("query", "")[:20_000], confirmed="unbounded_confirmed" in posted)
    context = {"reading": reading, "confirm": "confirm" in request.GET}
    return render(request, "listening/_reading.html", context)


@for_brand(Right.LISTEN)
@require_POST
def topic_pause(request: BrandRequest, pk: int) -> HttpResponse:
    """Stop or resume a topic."""
    topic: Topic = get_object_or_404(Topic.objects.filter(deleted_at=None), pk=pk)
    pause_topic(topic=topic, by=request.user, paused=not topic.is_paused)
    return redirect("listening:topics", brand=request.brand.slug)


@for_brand(Right.LISTEN)
@require_POST
def topic_delete(request: BrandRequest, pk: int) -> HttpResponse:
    """Put a topic away; the message offers to undo it."""
    topic: Topic = get_object_or_404(Topic.objects.filter(deleted_at=None), pk=pk)
    delete_topic(topic=topic, by=request.user)
    restore = reverse("listening:topic_restore", args=[request.brand.slug, topic.pk])
    messages.success(
        request,
        _("“%(topic)s” is deleted; its mentions are kept.") % {"topic": topic.name},
        extra_tags=f"undo:{restore}",
    )
    return redirect("listening:topics", brand=request.brand.slug)


@for_brand(Right.LISTEN)
@require_POST
def topic_restore(request: BrandRequest, pk: int) -> HttpResponse:
    """Undo a deletion."""
    topic: Topic = get_object_or_404(Topic.objects.exclude(deleted_at=None), pk=pk)
    restore_topic(topic=topic, by=request.user)
    return redirect("listening:topics", brand=request.brand.slug)
