"""Approval of answers as people meet it: what waits, deciding on one, and who is asked."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from palabre.agency.access import BrandRequest, for_brand, may
from palabre.agency.models import User
from palabre.agency.roles import Right
from palabre.channels.models import Channel
from palabre.inbox import answering, attaching
from palabre.inbox.approval.deciding import NotTheirs, approve, send_back, set_approver
from palabre.inbox.approval.forms import WhoForm
from palabre.inbox.approval.steps import Asked, asked, rows_of_brand, waiting
from palabre.inbox.models import Message, Reply
from palabre.inbox.words import problem_words
from palabre.kit.states import Moved
from palabre.kit.text import fold
from palabre.publishing.composing import media_fields
from palabre.publishing.models import Asset

A_PAGE = 30
BEFORE = 3
"""Messages shown above an answer, beside all that came after it was written."""


@dataclass(kw_only=True)
class Shown:
    """An answer that waits, as its card shows it. `newer` came after it was written."""

    asked: Asked
    names: list[str]
    mine: bool
    before: list[Message]
    newer: list[Message]
    files: list[Asset]
    seen: int
    text: str
    note: str = ""
    told: str = ""
    over: bool = False


@for_brand(Right.LOOK)
def queue(request: BrandRequest) -> HttpResponse:
    """What waits: mine to decide first."""
    return _page(request)


@for_brand(Right.LOOK)
@require_POST
def decide(request: BrandRequest, pk: int) -> HttpResponse:
    """Approve an answer, as it is or as it was changed here, or send it back with a word."""
    reply = Reply.objects.select_related("brand").filter(pk=pk).first()
    choice, note = request.POST.get("choice", ""), request.POST.get("note", "").strip()[:2000]
    if choice not in ("approve", "back"):
        raise Http404
    if reply is None or reply.state != "asked":
        messages.warning(request, _("It stands elsewhere by now: here is how it stands."))
        return redirect("inbox:approvals", brand=request.brand.slug)
    seen = request.POST.get("seen", "")
    try:
        if choice == "back":
            if not note:
                return _page(request, reply, told=_("Say in a word what has to change."))
            send_back(reply=reply, by=request.user, note=note, now=timezone.now())
            messages.success(request, _("Sent back: whoever wrote it sees why."))
        else:
            approve(
                reply=reply,
                by=request.user,
                seen=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 19 else 0,
                now=timezone.now(),
                text=request.POST.get("text", reply.text)[:100_000],
                anyway="anyway" in request.POST,
            )
            messages.success(request, _("Approved: the answer is on its way."))
    except NotTheirs:
        raise PermissionDenied from None
    except Moved:
        messages.warning(request, _("It stands elsewhere by now: here is how it stands."))
    except answering.CannotAnswer:
        return _page(request, reply, told=_("This account cannot answer from here."))
    except answering.Unfit as unfit:
        return _page(request, reply, told=" ".join(problem_words(one) for one in unfit.problems))
    except answering.Newer:
        told = _("Something was said since you opened this page: read it, then decide again.")
        return _page(request, reply, told=told, status=409)
    except answering.AlreadyAnswering:
        told = _("Another answer to this conversation is on its way. Approve this one as well?")
        return _page(request, reply, told=told, over=True, status=409)
    return redirect("inbox:approvals", brand=request.brand.slug)


def _page(
    request: BrandRequest,
    about: Reply | None = None,
    *,
    told: str = "",
    over: bool = False,
    status: int = 200,
) -> HttpResponse:
    """The queue; what was typed of the answer it is `about` is there again, with what stands against it."""
    rows = waiting()
    found = asked(request.brand, rows[:A_PAGE])
    shown = [_shown(one, request.user) for one in found]
    shown.sort(key=lambda card: not card.mine)
    for card in shown:
        if about is not None and card.asked.reply.pk == about.pk:
            card.text = request.POST.get("text", card.text)
            card.note, card.told, card.over = request.POST.get("note", ""), told, over
    context = {
        "cards": shown,
        "more": rows.count() - len(shown),
        "any": bool(rows_of_brand()),
        "may_administer": may(request.role, Right.ADMINISTER),
    }
    return render(request, "inbox/approvals.html", context, status=status)


def _shown(one: Asked, user: User) -> Shown:
    reply = one.reply
    talk = list(
        Message.objects.filter(conversation=reply.conversation, gone_at=None)
        .select_related("item__author")
        .order_by("-at", "-pk")[:50]
    )[::-1]
    newer = [message for message in talk if message.pk > (reply.seen or 0)]
    before = [message for message in talk if message not in newer][-BEFORE:]
    people = User.objects.filter(pk__in=one.turn.people)
    return Shown(
        asked=one,
        names=sorted((str(person) for person in people), key=fold),
        mine=user.pk in one.turn.people,
        before=before,
        newer=newer,
        files=[row.asset for row in media_fields.stored(attaching.media_of(reply))],
        seen=max((message.pk for message in talk), default=0),
        text=reply.text,
    )


@for_brand(Right.ADMINISTER)
def who(request: BrandRequest) -> HttpResponse:
    """Who approves: for the brand, and for the accounts that differ."""
    stored, given = rows_of_brand(), request.POST.get("of")
    channels: list[Channel | None] = [None, *Channel.objects.exclude(state="removed")]
    scopes: list[dict[str, Any]] = []
    for channel in channels:
        name = f"channel-{channel.pk}" if channel else "brand"
        row = stored.get(channel.pk if channel else None)
        data = request.POST if given == name else None
        form = WhoForm(data, brand=request.brand, row=row, account=channel is not None, prefix=name)
        if form.is_bound and form.is_valid():
            set_approver(brand=request.brand, channel=channel, by=request.user, **form.chosen())
            messages.success(request, _("Saved."))
            return redirect("inbox:approvers", brand=request.brand.slug)
        scopes.append({"channel": channel, "name": name, "row": row, "form": form})
    context = {"scopes": scopes, "waiting": waiting().count()}
    return render(request, "inbox/approvers.html", context)
