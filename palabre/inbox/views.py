"""The pages of the inbox: the list and one conversation beside it, answering, moving, news as they come."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from palabre.agency.access import BrandRequest, for_brand, may
from palabre.agency.colleagues import colleagues_with, teams_of
from palabre.agency.live import Reader
from palabre.agency.models import Team, User
from palabre.agency.roles import Right
from palabre.channels.models import Channel
from palabre.inbox import answering, attaching, presence
from palabre.inbox.assigning import Unable, assign, prioritise
from palabre.inbox.composing import attached, composer
from palabre.inbox.conversations import Stood, put, put_back
from palabre.inbox.finding import look_now, say_sent
from palabre.inbox.forms import MOST, AnswerForm, SleepForm, usual_hours
from palabre.inbox.gestures.liking import offer
from palabre.inbox.labelling import labels_of
from palabre.inbox.models import Conversation, Message, Note, Priority, Reply
from palabre.inbox.notes import add_note, drop_note
from palabre.inbox.saved.filling import offered
from palabre.inbox.saved.views import words_used
from palabre.inbox.selectors import (
    PAGE,
    SHOWN,
    TABS,
    Wanted,
    asked,
    card_of,
    counts,
    lines,
    opened,
    page_of,
    rest_of_thread,
    said_before,
    stuck,
)
from palabre.inbox.words import (
    ADDRESSES,
    KINDS,
    TAB_NAMES,
    problem_words,
    put_words,
    states_offered,
)
from palabre.kit.bodies import takes
from palabre.kit.states import Moved
from palabre.publishing.composing import media_fields
from palabre.publishing.composing.media_fields import Row
from palabre.publishing.library.assets import found as library
from palabre.publishing.library.receiving import AT_ONCE
from palabre.ui.toasts import toast

SALT = "palabre.inbox.undo"
RECENT = 24
"""Files of the library that are offered at once."""
UNDO_MOST = 200
"""Conversations an undo can carry."""


@for_brand(Right.LOOK)
def conversations(request: BrandRequest) -> HttpResponse:
    """The list; on a wide screen its first conversation beside it."""
    wanted = Wanted.of(request.GET)
    found = _list(request, wanted)
    first = found["rows"][0].pk if found["rows"] else None
    context = {**found, **(_open(request, first, wanted) if first else {}), "listing": True}
    return render(request, "inbox/conversations.html", context)


@for_brand(Right.LOOK)
def conversation(request: BrandRequest, pk: int) -> HttpResponse:
    """One conversation, with the list it was chosen from beside it."""
    wanted = Wanted.of(request.GET)
    context = {**_list(request, wanted), **_open(request, pk, wanted), "listing": False}
    if head := context["conversation"].merged_into_id:
        return redirect(_address(request, head, wanted))
    return render(request, "inbox/conversations.html", context)


@for_brand(Right.LOOK)
def listed(request: BrandRequest) -> HttpResponse:
    """The list alone: its next page, or as it stands now."""
    wanted = Wanted.of(request.GET)
    context = {**_rows(request, wanted), "chosen": request.GET.get("chosen", "")}
    template = "inbox/_rows.html" if "before" in request.GET else "inbox/_list.html"
    return render(request, template, context)


@for_brand(Right.LOOK)
def said(request: BrandRequest, pk: int) -> HttpResponse:
    """What was said in a conversation, as it stands now; what is being typed is not touched."""
    context = _open(request, pk, Wanted.of(request.GET))
    return render(request, "inbox/_said.html", {**context, "live": True})


@for_brand(Right.LOOK)
def thread(request: BrandRequest, pk: int) -> HttpResponse:
    """What others said in the same thread, a part at a time; with `before`, what was said here earlier."""
    found: Conversation = get_object_or_404(Conversation.objects.select_related("channel"), pk=pk)
    if place := _place(request.GET.get("before", "")):
        rows = said_before(found, place)
        more, rows = (rows[1], rows[1:]) if len(rows) > SHOWN else (None, rows)
        context = {"earlier_": more, "before": f"{more.at.isoformat()}~{more.pk}" if more else ""}
    else:
        rows = rest_of_thread(found, _place(request.GET.get("after", "")))
        more, rows = (rows[SHOWN - 1], rows[:SHOWN]) if len(rows) > SHOWN else (None, rows)
        context = {"after": f"{more.at.isoformat()}~{more.pk}" if more else ""}
    return render(request, "inbox/_thread.html", {**context, "messages_": rows, "conversation": found})


def _place(word: str) -> tuple[datetime, int] | None:
    """Where a page begins, from its address; None for what cannot be read."""
    at, _sep, pk = word.rpartition("~")
    try:
        moment = parse_datetime(at)
    except ValueError:
        moment = None
    return (moment, int(pk)) if moment and pk.isascii() and pk.isdigit() and len(pk) < 19 else None


@for_brand(Right.LOOK)
def live(request: BrandRequest) -> HttpResponseBase:
    """Server-sent events of an open page; `open` names the conversation it shows."""
    open_, user = request.GET.get("open", ""), request.user
    reader = None
    if open_.isascii() and open_.isdigit() and len(open_) < 19:
        acts = may(request.role, Right.ANSWER)
        reader = Reader(subject=int(open_), user=user.pk, name=str(user), acts=acts)
    stream = presence.events(brand=request.brand.pk, reader=reader, user=user.pk)
    response = StreamingHttpResponse(stream, content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"  # a proxy that gathers would keep the news to itself
    return response


@for_brand(Right.LOOK)
def accounts(request: BrandRequest) -> HttpResponse:
    """Which accounts are heard, and how they are."""
    channels = Channel.objects.exclude(state="removed")
    return render(request, "inbox/accounts.html", {"lines": lines(), "channels": channels, "tab": "accounts"})


def _rows(request: BrandRequest, wanted: Wanted) -> dict[str, Any]:
    """One page of the list, and where the next one begins."""
    rows = page_of(wanted, request.user, _place(request.GET.get("before", "")))
    more = rows[PAGE - 1] if len(rows) > PAGE else None
    query = wanted.query()
    return {
        "rows": rows[:PAGE],
        "before": f"{more.last_at.isoformat()}~{more.pk}" if more else "",
        "wanted": wanted,
        "here": urlencode(query),
        "filtered": bool(set(query) - {"tab"}),
    }


def _list(request: BrandRequest, wanted: Wanted) -> dict[str, Any]:
    numbers = counts(request.user)
    query = wanted.query()
    return {
        **_rows(request, wanted),
        "tabs": [
            (name, TAB_NAMES[name], numbers.get(name, 0), urlencode({**query, "tab": name})) for name in TABS
        ],
        "kinds": [(kind.value, KINDS[kind]) for kind in ADDRESSES],
        "channels": list(Channel.objects.exclude(state="removed")),
        "labels": labels_of(request.brand),
        "stuck": stuck(),
        "asked": asked(),
        "everything": Conversation.objects.exists(),
        "heard": any(line.heard_at for line in lines()),
    }


def _open(
    request: BrandRequest,
    pk: int,
    wanted: Wanted,
    form: AnswerForm | None = None,
    rows: Sequence[Row] | None = None,
    refusals: Sequence[str] = (),
) -> dict[str, Any]:
    try:
        found = opened(pk, request.user)
    except Conversation.DoesNotExist:
        raise Http404 from None
    form = form or AnswerForm(initial={"text": found.draft.text if found.draft else ""})
    if rows is None:
        rows = media_fields.stored(attaching.media_of(found.draft)) if found.draft else ()
    text = str(form["text"].value() or "")
    return {
        **composer(found.conversation, text=text, rows=rows, now=timezone.now(), refusals=refusals),
        "offered": offered(found.conversation, request.user) if "saved" in request.GET else None,
        "recent": library()[:RECENT] if "files" in request.GET else None,
        "opened": found,
        "conversation": found.conversation,
        "chosen": found.conversation.pk,
        "card": card_of(found.conversation),
        "form": form,
        "buttons": offer(found.conversation.channel, found.messages),
        "sent": found.sent,
        "hours": usual_hours(timezone.now()),
        "moves": states_offered(found.conversation),
        "colleagues": colleagues_with(request.brand, Right.ANSWER),
        "teams": teams_of(request.brand),
        "priorities": Priority.choices,
        "here": urlencode(wanted.query()),
    }


@for_brand(Right.ANSWER)
@require_POST
def writing(request: BrandRequest, pk: int) -> HttpResponse:
    """Keep what is being typed, and say how long it is by the network's own count."""
    presence.writes(brand=request.brand, pk=pk, user=request.user)
    found = _answered(pk)
    text, now = request.POST.get("text", "")[:MOST], timezone.now()
    rows = media_fields.typed(request.POST)
    media = [row.medium for row in rows]
    kept = answering.keep_draft(conversation=found, by=request.user, text=text, now=now, media=media)
    context = composer(found, text=text, rows=rows, now=now)
    return render(request, "inbox/_counted.html", {**context, "kept": kept is not None})


@for_brand(Right.ANSWER)
@require_POST
@takes(AT_ONCE)
def compose(request: BrandRequest, pk: int) -> HttpResponse:
    """Put files or a saved reply into the answer that is being written, or take a file off; all is kept."""
    found, now = _answered(pk), timezone.now()
    data, rows, refusals = attached(request)
    text, (act, _sep, which) = data.get("text", "")[:MOST], data.get("act", "").partition("-")
    if act == "insert" and which.isascii() and which.isdigit():
        text = "\n\n".join(each for each in (text.rstrip(), words_used(request, found, int(which))) if each)
    # What was typed while a file was on its way is kept already: this request knows it as it was before.
    kept = None if request.htmx else text
    media = [row.medium for row in rows]
    answering.keep_draft(conversation=found, by=request.user, text=kept, now=now, media=media)
    if request.htmx:
        context = composer(found, text=text, rows=rows, now=now, refusals=refusals)
        return render(request, "inbox/_attached.html", {**context, "swapped": True})
    form = AnswerForm(initial={"text": text})
    return _again(request, found, Wanted.of(request.GET), form, rows, refusals)


@for_brand(Right.ANSWER)
@require_POST
@takes(AT_ONCE)
def send(request: BrandRequest, pk: int) -> HttpResponse:
    """Make an answer ready to leave; what stands against it is said above what was typed."""
    found, wanted = _answered(pk), Wanted.of(request.GET)
    data, rows, refusals = attached(request)
    form = AnswerForm(data, files=bool(rows))
    media = [row.medium for row in rows]
    if refusals or not form.is_valid():
        return _again(request, found, wanted, form, rows, refusals)
    given = form.cleaned_data
    to = Message.objects.filter(conversation=found, pk=given["to"]).select_related("item").first()
    try:
        reply = answering.answer(
            conversation=found,
            by=request.user,
            text=given["text"],
            seen=given["seen"],
            then=given["then"],
            now=timezone.now(),
            to=to,
            anyway="anyway" in request.POST,
            media=media,
        )
    except answering.Unfit:
        form.add_error(None, _("It does not fit as it is: see below what has to change."))
    except answering.CannotAnswer:
        form.add_error(None, _("This account cannot answer from here."))
    except answering.Newer as newer:
        return _again(request, found, wanted, form, rows, newer=newer.messages)
    except answering.AlreadyAnswering as other:
        return _again(request, found, wanted, form, rows, other=other.reply)
    else:
        return _sent(request, reply, wanted)
    return _again(request, found, wanted, form, rows)


def _answered(pk: int) -> Conversation:
    rows = Conversation.objects.select_related("author", "channel__brand")
    found: Conversation = get_object_or_404(rows, pk=pk)
    return found


def _sent(request: BrandRequest, reply: Reply, wanted: Wanted) -> HttpResponse:
    if reply.state == "asked":
        messages.success(request, _("Your answer is sent for approval: it leaves once it is approved."))
    else:
        messages.success(request, _("Your answer is on its way."))
    return redirect(_address(request, reply.conversation_id, wanted))


def _again(
    request: BrandRequest,
    found: Conversation,
    wanted: Wanted,
    form: AnswerForm,
    rows: Sequence[Row],
    refusals: Sequence[str] = (),
    **told: Any,
) -> HttpResponse:
    """The page once more, with what was typed and all that is new: it is seen when the form is sent again."""
    shown = _open(request, found.pk, wanted, form, rows, refusals)
    context = {**_list(request, wanted), **shown, **told, "listing": False}
    return render(request, "inbox/conversations.html", context, status=409 if told else 200)


@for_brand(Right.ANSWER)
@require_POST
def put_one(request: BrandRequest, pk: int) -> HttpResponse:
    """Move one conversation, then open the next of the list."""
    found: Conversation = get_object_or_404(Conversation, pk=pk)
    wanted = Wanted.of(request.GET)
    following = presence.next_free(brand=request.brand, wanted=wanted, reader=request.user, after=found)
    try:
        moved = _put(request, [pk])
    except ValueError:
        messages.error(request, _("Choose an hour to come."))
        return redirect(_address(request, pk, wanted))
    _offer_undo(request, moved)
    onward = following.pk if following and following.pk != pk else None
    return redirect(_address(request, onward, wanted))


@for_brand(Right.ANSWER)
@require_POST
def put_many(request: BrandRequest) -> HttpResponse:
    """Move the ticked conversations."""
    chosen = [int(pk) for pk in request.POST.getlist("pick") if pk.isascii() and pk.isdigit()][:1000]
    wanted = Wanted.of(request.GET)
    try:
        moved = _put(request, chosen)
    except ValueError:
        messages.error(request, _("Choose an hour to come."))
        return redirect(_address(request, None, wanted))
    _offer_undo(request, moved)
    return redirect(_address(request, None, wanted))


def _put(request: BrandRequest, chosen: list[int]) -> list[Stood]:
    to, until = request.POST.get("to", ""), None
    if to == "snoozed":
        form = SleepForm(request.POST)
        if not form.is_valid():
            raise ValueError("no hour to come")
        until = form.cleaned_data["until"]
    return put(
        brand=request.brand, conversations=chosen, to=to, by=request.user, now=timezone.now(), until=until
    )


def _offer_undo(request: BrandRequest, moved: list[Stood]) -> None:
    if not moved:
        return
    text = put_words(request.POST["to"], len(moved))
    if len(moved) > UNDO_MOST:
        messages.success(request, text)
        return
    stood = [(one.pk, one.state, one.snoozed_until.isoformat() if one.snoozed_until else "") for one in moved]
    request.session["inbox-undo"] = signing.dumps(stood, salt=SALT, compress=True)
    messages.success(request, text, extra_tags=f"undo:{reverse('inbox:back', args=[request.brand.slug])}")


@for_brand(Right.ANSWER)
@require_POST
def back(request: BrandRequest) -> HttpResponse:
    """Undo the last move."""
    try:
        kept = signing.loads(request.session.pop("inbox-undo", ""), salt=SALT, max_age=3600)
    except signing.BadSignature:
        kept = []
    stood = [
        Stood(pk=pk, state=state, snoozed_until=parse_datetime(until) if until else None)
        for pk, state, until in kept
    ]
    done = put_back(brand=request.brand, stood=stood, by=request.user, now=timezone.now())
    if done:
        text = ngettext("%(n)d conversation is back.", "%(n)d conversations are back.", done) % {"n": done}
    else:
        text = _("There is nothing to undo any more.")
    if request.htmx:
        return toast(HttpResponse(status=204), text)
    messages.info(request, text)
    return redirect("inbox:conversations", brand=request.brand.slug)


@for_brand(Right.ANSWER)
@require_POST
def assign_one(request: BrandRequest, pk: int) -> HttpResponse:
    """Give one conversation to somebody, with a word if wanted."""
    get_object_or_404(Conversation, pk=pk)
    kind, _sep, number = request.POST.get("to", "").partition(":")
    to: User | Team | None = None
    if kind in ("person", "team") and number.isascii() and number.isdigit():
        rows: Any = User.objects if kind == "person" else Team.objects
        to = get_object_or_404(rows, pk=int(number))
    elif kind != "nobody":
        raise Http404
    note = request.POST.get("note", "")[:5000]
    try:
        assign(brand=request.brand, conversations=[pk], to=to, by=request.user, now=timezone.now(), note=note)
    except Unable:
        messages.error(request, _("This colleague cannot answer for this brand."))
    else:
        said = _("Given to %(who)s.") % {"who": to} if to else _("Given to nobody.")
        messages.success(request, said)
    return redirect(_address(request, pk, Wanted.of(request.GET)))


@for_brand(Right.ANSWER)
@require_POST
def prioritise_one(request: BrandRequest, pk: int) -> HttpResponse:
    """Say how pressing one conversation is."""
    get_object_or_404(Conversation, pk=pk)
    try:
        priority = Priority(int(request.POST.get("priority", "")))
    except ValueError:
        raise Http404 from None
    prioritise(brand=request.brand, conversations=[pk], priority=priority, by=request.user)
    return redirect(_address(request, pk, Wanted.of(request.GET)))


@for_brand(Right.ANSWER)
@require_POST
def note_one(request: BrandRequest, pk: int) -> HttpResponse:
    """Say something beside a conversation, to colleagues alone."""
    found: Conversation = get_object_or_404(Conversation.objects.select_related("brand"), pk=pk)
    text = request.POST.get("note", "").strip()
    if not text or len(text) > 5000:
        messages.error(request, _("A note has between one and 5,000 characters."))
    else:
        add_note(conversation=found, by=request.user, text=text, now=timezone.now())
        messages.success(request, _("Noted, for your colleagues alone."))
    return redirect(_address(request, pk, Wanted.of(request.GET)))


@for_brand(Right.ANSWER)
@require_POST
def drop_one_note(request: BrandRequest, pk: int) -> HttpResponse:
    """Take one's own note back."""
    found: Note = get_object_or_404(Note.objects.select_related("brand"), pk=pk)
    if not drop_note(note=found, by=request.user):
        raise PermissionDenied
    return redirect(_address(request, found.conversation_id, Wanted.of(request.GET)))


@for_brand(Right.ANSWER)
@require_POST
def reply(request: BrandRequest, pk: int, act: str) -> HttpResponse:
    """What a person decides of an answer that did not leave, or whose fate is unknown."""
    found: Reply = get_object_or_404(Reply.objects.select_related("conversation__author", "brand"), pk=pk)
    now = timezone.now()
    acts = {
        "again": lambda: answering.try_again(reply=found, by=request.user, now=now),
        "back": lambda: answering.take_back(reply=found, by=request.user, now=now),
        "drop": lambda: answering.drop(reply=found, by=request.user),
        "look": lambda: look_now(reply=found, by=request.user, now=now),
        "sent": lambda: say_sent(reply=found, by=request.user, now=now),
    }
    if act not in acts:
        raise Http404
    try:
        acts[act]()
    except answering.Unfit as unfit:
        messages.error(request, " ".join(problem_words(problem) for problem in unfit.problems))
    except (Moved, ValueError):
        messages.warning(request, _("It stands elsewhere by now: here is how it stands."))
    return redirect(_address(request, found.conversation_id, Wanted.of(request.GET)))


def _address(request: BrandRequest, pk: int | None, wanted: Wanted) -> str:
    slug = request.brand.slug
    path = (
        reverse("inbox:conversation", args=[slug, pk]) if pk else reverse("inbox:conversations", args=[slug])
    )
    query = urlencode(wanted.query())
    return f"{path}?{query}" if query else path
