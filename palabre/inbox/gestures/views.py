"""Likes and reposts, and the page on which an answer that was sent is changed or taken back."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST

from palabre.agency.access import BrandRequest, for_brand
from palabre.agency.roles import Right
from palabre.channels.words import language
from palabre.inbox.answering import Unfit, rules_of_answers
from palabre.inbox.forms import MOST
from palabre.inbox.gestures import afterwards, liking
from palabre.inbox.models import Message, Reply
from palabre.inbox.words import problem_words, unit_words
from palabre.kit.states import Moved
from palabre.networks.contract import Act
from palabre.networks.errors import NetworkError
from palabre.networks.text_length import measure

ACTS = {"like": Act.LIKE, "repost": Act.REPOST}
MOVED = pgettext_lazy("answer", "It stands elsewhere by now: here is how it stands.")


class WordsForm(forms.Form):
    """What a sent answer says instead."""

    text = forms.CharField(
        label=pgettext_lazy("noun", "Answer"), max_length=MOST, widget=forms.Textarea({"rows": 6})
    )


@for_brand(Right.ANSWER)
@require_POST
def gesture(request: BrandRequest, pk: int, act: str) -> HttpResponse:
    """Like or repost a message, or take it back (`back-like`, `back-repost`)."""
    back, _sep, name = act.rpartition("-")
    if name not in ACTS or back not in ("", "back"):
        raise Http404
    rows = Message.objects.select_related("item__author", "thread")
    found: Message = get_object_or_404(rows.exclude(conversation=None), pk=pk)
    try:
        if back:
            liking.take_back(message=found, act=ACTS[name], by=request.user)
        else:
            liking.make(message=found, act=ACTS[name], by=request.user, now=timezone.now())
    except liking.CannotGesture:
        messages.error(request, _("This cannot be done from here."))
    except NetworkError as error:
        messages.error(request, _("Not done: %(why)s") % {"why": error.message(language())})
    except Moved:
        messages.warning(request, MOVED)
    return redirect("inbox:conversation", brand=request.brand.slug, pk=found.conversation_id)


@for_brand(Right.ANSWER)
def sent(request: BrandRequest, pk: int) -> HttpResponse:
    """One sent answer: its words to change, or why they cannot be; and taking it back."""
    reply = _reply(pk)
    form = WordsForm(request.POST if request.method == "POST" else None, initial={"text": reply.text})
    if request.method == "POST" and form.is_valid() and _edited(request, reply, form):
        messages.success(request, _("Changed at the network."))
        return redirect("inbox:conversation", brand=request.brand.slug, pk=reply.conversation_id)
    rules = rules_of_answers(reply.conversation.channel)
    text = str(form["text"].value() or "")
    context: dict[str, Any] = {
        "reply": reply,
        "form": form,
        "no_edit": afterwards.why_not_edit(reply, request.user),
        "no_delete": afterwards.why_not_delete(reply),
        "length": measure(text, rules, with_media=bool(reply.media)) if rules else None,
        "unit": unit_words(rules) if rules else "",
    }
    return render(request, "inbox/sent.html", context)


def _edited(request: BrandRequest, reply: Reply, form: WordsForm) -> bool:
    try:
        afterwards.edit(reply=reply, by=request.user, text=form.cleaned_data["text"], now=timezone.now())
    except afterwards.NotAllowed as refused:
        form.add_error(None, refused.why)
    except Unfit as unfit:
        for problem in unfit.problems:
            form.add_error("text", problem_words(problem))
    except NetworkError as error:
        form.add_error(None, _("Not changed: %(why)s") % {"why": error.message(language())})
    except Moved:
        form.add_error(None, str(MOVED))
    return form.is_valid()


@for_brand(Right.ANSWER)
@require_POST
def take_back_sent(request: BrandRequest, pk: int) -> HttpResponse:
    """Take a sent answer back from the network."""
    reply = _reply(pk)
    try:
        afterwards.delete(reply=reply, by=request.user, now=timezone.now())
    except afterwards.NotAllowed as refused:
        messages.error(request, refused.why)
    except NetworkError as error:
        messages.error(request, _("Not taken back: %(why)s") % {"why": error.message(language())})
    except Moved:
        messages.warning(request, MOVED)
    else:
        messages.success(request, _("Your answer is taken back from the network."))
    return redirect("inbox:conversation", brand=request.brand.slug, pk=reply.conversation_id)


def _reply(pk: int) -> Reply:
    beside = (
        "brand",
        "to__item__author",
        "conversation__channel__brand",
        "conversation__thread",
        "conversation__author",
    )
    rows = Reply.objects.select_related(*beside)
    found: Reply = get_object_or_404(rows.filter(state__in=("sent", "deleted")), pk=pk)
    return found
