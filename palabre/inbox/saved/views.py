"""The pages of saved replies: the list, one of them, CSV in and out, and what a conversation is offered."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from palabre.agency.access import BrandRequest, for_brand
from palabre.agency.roles import Right
from palabre.inbox.models import Conversation, SavedReply, SavedText
from palabre.inbox.saved import forms, sheet
from palabre.inbox.saved.filling import Offered, filled_text, offered
from palabre.inbox.saved.keeping import Taken, drop, note_use, save
from palabre.inbox.saved.selectors import categories, found, of
from palabre.inbox.saved.words import variables, wording_words
from palabre.publishing.importing.formats import NotATable

LISTED = 200
OFFERED_BY_KEY = 8
"""Rows of the menu that opens behind a /."""


@for_brand(Right.LOOK)
def listed(request: BrandRequest) -> HttpResponse:
    """All the reader has, found by words and category."""
    words, category = request.GET.get("q", "").strip()[:200], request.GET.get("category", "")
    rows = list(found(request.user, words=words, category=category)[: LISTED + 1])
    context = {
        "rows": rows[:LISTED],
        "more": len(rows) > LISTED,
        "words": words,
        "category": category,
        "categories": categories(request.user),
        "any": bool(rows) or of(request.user).exists(),
        "variables": variables(),
    }
    return render(request, "inbox/saved.html", context)


@for_brand(Right.ANSWER)
def one(request: BrandRequest, pk: int = 0) -> HttpResponse:
    """Write one (`pk` 0), or change it; `act` more asks for room for another wording."""
    saved: SavedReply | None = get_object_or_404(of(request.user), pk=pk) if pk else None
    more = request.POST.get("act") == "more"
    if request.method == "POST" and not more:
        form, texts = forms.SavedForm(request.POST), forms.typed(request.POST)
        if (form.is_valid() & texts.is_valid()) and _kept(request, form, texts, saved):
            messages.success(request, _("Saved."))
            return redirect("inbox:saved", brand=request.brand.slug)
    elif more:
        form, texts = forms.SavedForm(initial=request.POST.dict()), forms.one_more(request.POST)
    else:
        form = forms.SavedForm(initial=_initial(request, saved))
        texts = forms.wordings(saved, next(iter(request.brand.languages), ""))
    context = {
        "saved": saved,
        "form": form,
        "texts": texts,
        "variables": variables(),
        "categories": categories(request.user),
    }
    return render(request, "inbox/saved_one.html", context)


def _kept(
    request: BrandRequest, form: forms.SavedForm, texts: forms.Wordings, saved: SavedReply | None
) -> bool:
    draft = forms.draft_of(form, texts)
    try:
        save(brand=request.brand, by=request.user, draft=draft, now=timezone.now(), saved=saved)
    except Taken:
        form.add_error("shortcut", _("Another saved reply has this shortcut."))
        return False
    return True


def _initial(request: BrandRequest, saved: SavedReply | None) -> dict[str, Any]:
    if saved is None:
        return {"whose": "all"}
    return {
        "title": saved.title,
        "shortcut": saved.shortcut,
        "category": saved.category,
        "whose": "all" if saved.private_to_id is None else "me",
    }


@for_brand(Right.ANSWER)
@require_POST
def let_go(request: BrandRequest, pk: int) -> HttpResponse:
    """Delete one."""
    drop(saved=get_object_or_404(of(request.user), pk=pk), by=request.user)
    messages.success(request, _("The saved reply is deleted; answers sent with it stay as they are."))
    return redirect("inbox:saved", brand=request.brand.slug)


@for_brand(Right.LOOK)
def exported(request: BrandRequest) -> HttpResponseBase:
    """All the reader has, as CSV."""
    rows = found(request.user).iterator(chunk_size=200)
    response = StreamingHttpResponse(sheet.as_csv(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="palabre-saved-replies.csv"'
    return response


@for_brand(Right.ANSWER)
@require_POST
def imported(request: BrandRequest) -> HttpResponse:
    """Take a CSV in, or say what is wrong with it, line by line."""
    faults: list[str] = []
    file = request.FILES.get("file")
    if file is None:
        faults = [_("Choose a file first.")]
    elif file.file is None or file.size is None or file.size > sheet.BYTES_MOST:
        faults = [_("The file has more than %(n)d MB.") % {"n": sheet.BYTES_MOST // 1_000_000}]
    else:
        try:
            new, changed = sheet.take_in(
                brand=request.brand, by=request.user, file=file.file, now=timezone.now()
            )
        except NotATable:
            faults = [_("This is no file in columns: save it as CSV first.")]
        except sheet.Unreadable as unreadable:
            faults = unreadable.faults
        except Taken as taken:
            faults = [_("The shortcut /%(word)s is taken.") % {"word": taken}]
        else:
            told = ngettext("%(n)d saved reply is new", "%(n)d saved replies are new", new) % {"n": new}
            also = ngettext("%(n)d was changed", "%(n)d were changed", changed) % {"n": changed}
            messages.success(request, f"{told}, {also}.")
            return redirect("inbox:saved", brand=request.brand.slug)
    context = {"faults": faults, "rows": [], "any": True, "categories": categories(request.user)}
    return render(request, "inbox/saved.html", {**context, "variables": variables()}, status=422)


@for_brand(Right.ANSWER)
def for_conversation(request: BrandRequest, pk: int) -> HttpResponse:
    """What one conversation is offered: the list below its composer, or the menu behind a / as JSON."""
    talk = _conversation(pk)
    words = request.GET.get("q", "").strip()[:200]
    if request.GET.get("as") == "json":
        shown = offered(talk, request.user, words)[:OFFERED_BY_KEY]
        return JsonResponse({"saved": [_as_json(each, request.brand.slug, pk) for each in shown]})
    context = {"offered": offered(talk, request.user, words), "conversation": talk, "words": words}
    return render(request, "inbox/_saved_offered.html", context)


def _as_json(each: Offered, slug: str, pk: int) -> dict[str, Any]:
    text, words = each.wordings[0]
    return {
        "address": reverse("inbox:saved_used", args=[slug, pk, text.pk]),
        "title": each.saved.title,
        "shortcut": each.saved.shortcut,
        "wording": wording_words(text),
        "words": words,
    }


@for_brand(Right.ANSWER)
@require_POST
def used(request: BrandRequest, pk: int, text: int) -> HttpResponse:
    """One wording, filled in for a conversation, to be put where the caret is; its use is counted."""
    return JsonResponse({"words": words_used(request, _conversation(pk), text)})


def words_used(request: BrandRequest, talk: Conversation, text: int) -> str:
    """A wording that the reader has, filled in; its use is counted. 404 for any other."""
    mine = of(request.user).values("pk")
    found: SavedText = get_object_or_404(SavedText.objects.select_related("saved"), pk=text, saved__in=mine)
    note_use(saved=found.saved, now=timezone.now())
    return filled_text(found, talk, request.user)


def _conversation(pk: int) -> Conversation:
    rows = Conversation.objects.select_related("author", "channel__brand")
    found: Conversation = get_object_or_404(rows, pk=pk)
    return found
