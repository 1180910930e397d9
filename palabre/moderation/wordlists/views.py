"""Pages about word lists: all of them, the form, what one would do and did, its way in and out."""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from palabre.agency.access import BrandRequest, for_brand
from palabre.agency.models import AuditEntry
from palabre.agency.roles import Right
from palabre.channels.models import Channel
from palabre.moderation.models import WordHit, WordList
from palabre.moderation.selectors import numbers
from palabre.moderation.wordlists import keeping
from palabre.moderation.wordlists.acts import WordAct
from palabre.moderation.wordlists.exchange import as_csv, as_text
from palabre.moderation.wordlists.forms import WordListForm
from palabre.moderation.wordlists.running import rows_in
from palabre.moderation.wordlists.trying import Place, Tried, places, try_list
from palabre.moderation.wordlists.words import ACTS, CODES, happens

SHOWN = 20


@for_brand(Right.LOOK)
def wordlists(request: BrandRequest) -> HttpResponse:
    """Every list, and what each act comes to on each account."""
    rows = WordList.objects.select_related("channel").annotate(entries=Count("words"))
    channels = _channels(request)
    context = {
        "rows": [(row, ACTS[WordAct(row.act)]) for row in rows],
        "channels": channels,
        "coverage": [
            (words, icon, [happens(act, place.way) for place in places(act, channels)])
            for act, (words, icon) in ACTS.items()
        ],
        **_frame(),
    }
    return render(request, "moderation/wordlists.html", context)


@for_brand(Right.LOOK)
def wordlist(request: BrandRequest, pk: int) -> HttpResponse:
    """What a list holds, where it was met lately, who made and changed it."""
    found: WordList = get_object_or_404(
        WordList.objects.select_related("brand", "channel", "changed_by"), pk=pk
    )
    hits = WordHit.objects.filter(wordlist=found).select_related(
        "message__item", "message__conversation__author", "message__thread__channel"
    )
    log = AuditEntry.objects.filter(
        brand=request.brand, act__startswith="moderation.words.", subject__endswith=f"({found.pk})"
    )
    act = WordAct(found.act)
    context = {
        "wordlist": found,
        "act": ACTS[act],
        "entries": rows_in(found),
        "places": _places(places(act, _reached(request, found)), act),
        "hits": [(hit, CODES.get(hit.code, hit.code)) for hit in hits.order_by("-at", "-pk")[:SHOWN]],
        "log": log.select_related("by").order_by("-pk")[:SHOWN],
        **_frame(),
    }
    return render(request, "moderation/wordlist.html", context)


@for_brand(Right.ADMINISTER)
def wordlist_edit(request: BrandRequest, pk: int | None = None) -> HttpResponse:
    """Make or change a list; `try` looks for it in the past instead."""
    if pk is None and WordList.objects.count() >= keeping.MOST:
        messages.error(request, _("There are as many lists as there may be: delete one first."))
        return redirect("moderation:wordlists", brand=request.brand.slug)
    rows = WordList.objects.select_related("brand")
    instance = get_object_or_404(rows, pk=pk) if pk else WordList(brand=request.brand)
    sent = request.method == "POST"
    form = WordListForm(request.POST if sent else None, request.FILES if sent else None, instance=instance)
    tried = None
    if sent and form.is_valid():
        kept = form.save(commit=False)
        if request.POST.get("act_on") == "try":
            tried = _tried(request, kept, form.rows)
        else:
            article = form.cleaned_data["article"]
            keeping.save(kept, form.rows, article=article, by=request.user, now=timezone.now())
            if kept.is_active:
                messages.success(request, _("The list is kept."))
                return redirect("moderation:wordlist", brand=request.brand.slug, pk=kept.pk)
            messages.success(request, _("The list is kept. See what it would have met, then switch it on."))
            return redirect("moderation:wordlist_live", brand=request.brand.slug, pk=kept.pk)
    context = {"form": form, "wordlist": instance, **_try_context(tried, instance), **_frame()}
    return render(request, "moderation/wordlist_form.html", context)


@for_brand(Right.ADMINISTER)
def wordlist_live(request: BrandRequest, pk: int) -> HttpResponse:
    """What a list would have met in the last thirty days, before it is switched on."""
    found: WordList = get_object_or_404(WordList.objects.select_related("brand", "channel"), pk=pk)
    if request.method == "POST":
        keeping.switch(found, on=True, by=request.user, now=timezone.now())
        messages.success(request, _("“%(list)s” is looked for from now on.") % {"list": found})
        return redirect("moderation:wordlists", brand=request.brand.slug)
    try:
        tried = _tried(request, found, rows_in(found))
    except ValueError:
        messages.error(request, _("An entry of this list cannot be looked for any more: put it right."))
        return redirect("moderation:wordlist_edit", brand=request.brand.slug, pk=found.pk)
    context = {"wordlist": found, **_try_context(tried, found), **_frame()}
    return render(request, "moderation/wordlist_live.html", context)


@for_brand(Right.ADMINISTER)
@require_POST
def wordlist_act(request: BrandRequest, pk: int) -> HttpResponse:
    """To sleep, or away: as the pressed button says."""
    found: WordList = get_object_or_404(WordList.objects.select_related("brand"), pk=pk)
    act = request.POST.get("act", "")
    if act == "delete":
        keeping.delete(found, by=request.user)
        messages.success(request, _("The list is deleted; what it did stays done."))
    elif act == "off":
        keeping.switch(found, on=False, by=request.user, now=timezone.now())
    return redirect("moderation:wordlists", brand=request.brand.slug)


@for_brand(Right.LOOK)
def wordlist_out(request: BrandRequest, pk: int, form: str) -> HttpResponse:
    """The entries, a word a line or as CSV."""
    found: WordList = get_object_or_404(WordList.objects.all(), pk=pk)
    if form not in ("csv", "txt"):
        raise Http404
    rows = rows_in(found)
    text, mime = (as_csv(rows), "text/csv") if form == "csv" else (as_text(rows), "text/plain")
    name = f"{slugify(found.name) or 'words'}.{form}"
    return HttpResponse(
        text,
        content_type=f"{mime}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _tried(request: BrandRequest, wordlist: WordList, rows: Any) -> Tried:
    return try_list(
        rows,
        act=WordAct(wordlist.act),
        disguised=wordlist.disguised,
        channels=_reached(request, wordlist),
        only=wordlist.channel_id,
        now=timezone.now(),
    )


def _try_context(tried: Tried | None, wordlist: WordList) -> dict[str, Any]:
    act = WordAct(wordlist.act)
    return {"tried": tried, "places": _places(tried.places, act) if tried else ()}


def _places(found: Any, act: WordAct) -> list[tuple[Place, Any]]:
    return [(place, happens(act, place.way)) for place in found]


def _channels(request: BrandRequest) -> list[Channel]:
    return list(Channel.objects.filter(brand=request.brand).exclude(state="removed"))


def _reached(request: BrandRequest, wordlist: WordList) -> list[Channel]:
    return [one for one in _channels(request) if wordlist.channel_id in (None, one.pk)]


def _frame() -> dict[str, Any]:
    return {"tab": "words", "numbers": numbers()}
