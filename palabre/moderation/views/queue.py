"""The queue, and one case beside it: read, take on, decide, one by one or many at once."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from palabre.agency.access import BrandRequest, for_brand, may, role_in
from palabre.agency.roles import Right
from palabre.channels.models import Channel
from palabre.inbox.models import Message
from palabre.moderation import care
from palabre.moderation.bulk import MOST, decide_many
from palabre.moderation.cases import claim, flag
from palabre.moderation.charter import in_force, policy_of
from palabre.moderation.deciding import AlreadyDecided, Pointless, decide
from palabre.moderation.evidence import Unfetched, fetch_one
from palabre.moderation.forms import DURATIONS, DecideForm, FlagForm
from palabre.moderation.models import Case, Kind
from palabre.moderation.rules import SEVERITY, TRUST
from palabre.moderation.selectors import PAGE, Wanted, choices_for, next_of, numbers, opened, page_of
from palabre.moderation.words import DONE, KEPT

BULK = ("keep", "approve", "hide", "spam", "delete")
"""Acts offered for many cases at once: those on a message, never those on its author."""


@for_brand(Right.LOOK)
def queue(request: BrandRequest) -> HttpResponse:
    """What waits to be reviewed, the most harmful first; on a wide screen the first free one beside it."""
    wanted, now = Wanted.of(request.GET), timezone.now()
    found = _list(request, wanted)
    first = next_of(wanted, None, request.user, now=now)
    context = {**found, **(_open(request, first.pk) if first else {}), "listing": True}
    return render(request, "moderation/queue.html", context)


@for_brand(Right.LOOK)
def case(request: BrandRequest, pk: int) -> HttpResponse:
    """One case, with the queue beside it."""
    wanted = Wanted.of(request.GET)
    context = {**_list(request, wanted), **_open(request, pk), "listing": False}
    return render(request, "moderation/queue.html", context)


@for_brand(Right.LOOK)
def listed(request: BrandRequest) -> HttpResponse:
    """The queue alone: its next page, or as it stands now."""
    context = {**_list(request, Wanted.of(request.GET)), "chosen": request.GET.get("chosen", "")}
    return render(request, "moderation/_rows.html", context)


def _list(request: BrandRequest, wanted: Wanted) -> dict[str, Any]:
    harm, _sep, pk = request.GET.get("after", "").partition("~")
    try:
        after = (float(harm), int(pk)) if harm else None
    except ValueError:
        after = None
    now = timezone.now()
    rows = page_of(wanted, now=now, after=after)
    more = rows[PAGE - 1] if len(rows) > PAGE else None
    return {
        "rows": rows[:PAGE],
        "after": f"{more.harm}~{more.pk}" if more else "",
        "wanted": wanted,
        "filtered": bool(wanted.query()),
        "here": urlencode(wanted.query()),
        "kinds": Kind.choices,
        "channels": list(Channel.objects.exclude(state="removed")),
        "numbers": numbers(),
        "now": now,
        "bulk": BULK,
        "articles": list(in_force()),
        "everything": Case.objects.exists(),
        "severity": [(Kind(kind).label, weight) for kind, weight in SEVERITY.items()],
        "trust": [(Kind(kind).label, share) for kind, share in TRUST.items()],
        "tab": "queue",
    }


def _open(request: BrandRequest, pk: int, form: DecideForm | None = None) -> dict[str, Any]:
    try:
        found = opened(pk)
    except Case.DoesNotExist:
        raise Http404 from None
    now = timezone.now()
    claimed = found.case.claimed_by_id if (found.case.claimed_until or now) > now else None
    return {
        "opened": found,
        "case": found.case,
        "message": found.message,
        "channel": found.message.thread.channel,
        "chosen": pk,
        "form": form or DecideForm(),
        "durations": DURATIONS,
        "durable": any(choice.way.by and choice.way.by.durations for choice in found.choices),
        "theirs": found.case.claimed_by if claimed and claimed != request.user.pk else None,
        "policy": policy_of(request.brand),
        "is_hard": care.is_hard(found.case),
    }


@for_brand(Right.MODERATE)
@require_POST
def take(request: BrandRequest, pk: int) -> HttpResponse:
    """Take a case on while one looks at it; says whose it is, and when a break would do good."""
    found: Case = get_object_or_404(Case.objects.select_related("claimed_by", "brand"), pk=pk)
    now = timezone.now()
    new = found.claimed_by_id != request.user.pk
    ours = claim(case=found, by=request.user, now=now)
    seen = None
    if ours and new and care.is_hard(found):
        seen = care.saw(brand=request.brand, user=request.user, now=now, texts=1)
    found.refresh_from_db()
    context = {
        "theirs": None if ours or found.state != "open" else found.claimed_by,
        "settled": found.state != "open",
        "seen": seen or care.seen_today(brand=request.brand, user=request.user, now=now),
    }
    return render(request, "moderation/_taken.html", context)


@for_brand(Right.MODERATE)
@require_POST
def decide_one(request: BrandRequest, pk: int) -> HttpResponse:
    """Decide on one case, then open the next that no colleague looks at."""
    found: Case = get_object_or_404(Case.objects.select_related("message"), pk=pk)
    wanted, now = Wanted.of(request.GET), timezone.now()
    following = next_of(wanted, found, request.user, now=now)
    form = DecideForm(request.POST)
    if not form.is_valid():
        context = {**_list(request, wanted), **_open(request, pk, form), "listing": False}
        return render(request, "moderation/queue.html", context)
    _decide(request, found.message, form)
    return redirect(_address(request, following, wanted))


@for_brand(Right.MODERATE)
@require_POST
def decide_message(request: BrandRequest, pk: int) -> HttpResponse:
    """Decide on a message that no case brought, from its conversation."""
    found: Message = get_object_or_404(Message.objects.exclude(conversation=None), pk=pk)
    form = DecideForm(request.POST)
    if form.is_valid():
        _decide(request, found, form)
    else:
        messages.error(request, _("Name the article of the charter that this stands on."))
    return redirect("inbox:conversation", brand=request.brand.slug, pk=found.conversation_id)


def _decide(request: BrandRequest, message: Message, form: DecideForm) -> None:
    given = form.cleaned_data
    try:
        decision = decide(
            message=message,
            act=given["act"],
            by=request.user,
            article=given["article"],
            why=given["why"],
            until=given["until"],
            now=timezone.now(),
        )
    except AlreadyDecided:
        messages.info(request, _("A colleague decided the same a moment ago: it is on its way."))
    except Pointless:
        messages.info(request, _("This would change nothing any more: it was taken away, or is so already."))
    else:
        told = {
            "waiting": _("Decided: %(done)s, once a second person agrees."),
            "by_hand": _("Decided: %(done)s. It has to be done by hand: see the decision."),
        }
        said = told.get(decision.state, _("Decided: %(done)s."))
        messages.success(request, said % {"done": DONE[decision.act]})


@for_brand(Right.MODERATE)
@require_POST
def decide_ticked(request: BrandRequest) -> HttpResponse:
    """One decision on the ticked cases; what was done and what was kept is listed."""
    chosen = [int(pk) for pk in request.POST.getlist("pick") if pk.isascii() and pk.isdigit()][:MOST]
    wanted = Wanted.of(request.GET)
    form = DecideForm(request.POST)
    if not form.is_valid() or form.cleaned_data["act"] not in BULK:
        messages.error(request, _("Name the article of the charter that this stands on."))
        return redirect(_address(request, None, wanted))

    def allowed() -> bool:
        role = role_in(request.user, request.brand)
        return role is not None and may(role, Right.MODERATE)

    outcome = decide_many(
        cases=chosen,
        act=form.cleaned_data["act"],
        by=request.user,
        article=form.cleaned_data["article"],
        why=form.cleaned_data["why"],
        allowed=allowed,
        now=timezone.now(),
    )
    kept = [(one, KEPT[one.why]) for one in outcome.kept]
    context = {"outcome": outcome, "kept": kept, "here": urlencode(wanted.query()), "tab": "queue"}
    return render(request, "moderation/ticked.html", {**context, "numbers": numbers()})


@for_brand(Right.ANSWER)
@require_POST
def flag_one(request: BrandRequest, pk: int) -> HttpResponse:
    """Ask the reviewers to look at a message, with a word."""
    found: Message = get_object_or_404(Message.objects.select_related("item__author", "brand"), pk=pk)
    form = FlagForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    if found.conversation_id is None or found.ours:
        raise Http404
    if flag(message=found, by=request.user, note=note, now=timezone.now()):
        messages.success(request, _("Brought to the reviewers."))
    else:
        messages.info(request, _("You brought it to the reviewers already."))
    return redirect("inbox:conversation", brand=request.brand.slug, pk=found.conversation_id)


@for_brand(Right.LOOK)
def acts(request: BrandRequest, pk: int) -> HttpResponse:
    """What can be done about one message: asked for by its conversation, where it unfolds."""
    rows = Message.objects.select_related("thread__channel", "conversation", "brand")
    heard = rows.exclude(conversation=None).filter(ours=False, thread__channel__isnull=False)
    found: Message = get_object_or_404(heard, pk=pk)
    context = {
        "message": found,
        "choices": choices_for(found),
        "articles": list(in_force()),
        "case": Case.objects.filter(message=found).first(),
    }
    whole = "moderation/_acts.html" if request.htmx else "moderation/acts.html"
    return render(request, whole, {**context, "tab": "queue", "numbers": {} if request.htmx else numbers()})


@for_brand(Right.MODERATE)
def picture(request: BrandRequest, pk: int, place: int) -> HttpResponse:
    """One picture of a message under review, fetched by us when somebody asks to see it, and counted."""
    found: Case = get_object_or_404(Case.objects.select_related("message__item"), pk=pk)
    urls = found.message.item.image_urls
    if not 0 <= place < len(urls):
        raise Http404
    try:
        body, mime = fetch_one(urls[place])
    except Unfetched:
        raise Http404 from None
    care.saw(brand=request.brand, user=request.user, now=timezone.now(), pictures=1)
    response = HttpResponse(body, content_type=mime)
    response["Cache-Control"] = "private, max-age=600"
    return response


def _address(request: BrandRequest, following: Case | None, wanted: Wanted) -> str:
    slug = request.brand.slug
    path = (
        reverse("moderation:case", args=[slug, following.pk])
        if following
        else reverse("moderation:queue", args=[slug])
    )
    query = urlencode(wanted.query())
    return f"{path}?{query}" if query else path
