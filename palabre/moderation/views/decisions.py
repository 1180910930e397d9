"""Decisions: the log, one of them with its evidence, telling the author, appeals."""

from datetime import datetime, time
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from palabre.agency.access import BrandRequest, for_brand
from palabre.agency.roles import Right
from palabre.inbox.answering import CannotAnswer, Unfit
from palabre.inbox.words import problem_words
from palabre.kit.states import Moved
from palabre.moderation import telling
from palabre.moderation.appeals import AlreadyAppealed, appeal, handle, may_handle
from palabre.moderation.deciding import (
    AlreadyDecided,
    CannotUndo,
    SamePerson,
    agree,
    can_undo,
    did_by_hand,
    drop,
    instruction_of,
    try_again,
    undo,
)
from palabre.moderation.forms import AppealForm, HandleForm, TellForm
from palabre.moderation.models import Appeal, Decision, Picture
from palabre.moderation.selectors import DECIDED, PAGE, decisions, numbers
from palabre.moderation.words import TABS


@for_brand(Right.LOOK)
def decided(request: BrandRequest) -> HttpResponse:
    """The log of decisions, newest first."""
    shown = request.GET.get("tab", "")
    shown = shown if shown in DECIDED else "all"
    number = request.GET.get("article", "")
    rows = decisions(shown, article=int(number) if number.isascii() and number.isdigit() else None)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "shown": shown, "lists": [(name, TABS[name]) for name in DECIDED]}
    return render(request, "moderation/decisions.html", {**context, "tab": "decisions", "numbers": numbers()})


@for_brand(Right.LOOK)
def appealed(request: BrandRequest) -> HttpResponse:
    """Appeals: those to look at again first."""
    beside = ("decision__article", "decision__by", "decision__channel", "decision__evidence", "handled_by")
    rows = Appeal.objects.select_related(*beside)
    waiting = [(one, may_handle(one, request.user)) for one in rows.filter(state="open")]
    past = rows.exclude(state="open").order_by("-handled_at")[:PAGE]
    context = {"waiting": waiting, "past": past, "tab": "appeals", "numbers": numbers()}
    return render(request, "moderation/appeals.html", context)


@for_brand(Right.LOOK)
def decision(request: BrandRequest, pk: int) -> HttpResponse:
    """One decision, whole."""
    return _shown(request, _found(pk))


def _found(pk: int) -> Decision:
    beside = (
        "article",
        "by",
        "second_by",
        "channel",
        "evidence",
        "message__item",
        "author",
        "undoes",
        "told_by",
    )
    found: Decision = get_object_or_404(
        Decision.objects.select_related("brand", "message__conversation", *beside), pk=pk
    )
    return found


def _shown(request: BrandRequest, found: Decision, **forms: Any) -> HttpResponse:
    instead, place = instruction_of(found) if found.state == "by_hand" else (None, "")
    tell = found.article_id is not None and found.told_at is None and found.state != "dropped"
    evidence = getattr(found, "evidence", None)
    open_one = found.appeals.filter(state="open").first()
    context = {
        "decision": found,
        "evidence": evidence,
        "pictures": list(evidence.pictures.defer("content")) if evidence else [],
        "instead": instead,
        "place": place,
        "can_undo": can_undo(found),
        "can_agree": found.state == "waiting" and found.by_id != request.user.pk,
        "can_answer": telling.can_answer(found),
        "tell": TellForm(initial={"text": telling.statement(found)}) if tell else None,
        "appeal": AppealForm(initial={"received_on": timezone.localdate()}) if not open_one else None,
        "handle": HandleForm() if open_one and may_handle(open_one, request.user) else None,
        "open_appeal": open_one,
        "appeals": list(found.appeals.select_related("by", "handled_by")),
        "undone_by": Decision.objects.filter(undoes=found).exclude(state="dropped").first(),
        "tab": "decisions",
        "numbers": numbers(),
    }
    return render(request, "moderation/decision.html", {**context, **forms})


@for_brand(Right.MODERATE)
@require_POST
def step(request: BrandRequest, pk: int, verb: str) -> HttpResponse:
    """Agree, give up, say it was done by hand, ask again, take back."""
    found, now, by = _found(pk), timezone.now(), request.user
    try:
        match verb:
            case "agree":
                agree(decision=found, by=by, now=now)
                said = _("Agreed.")
            case "drop":
                drop(decision=found, by=by, now=now, why=request.POST.get("why", "")[:2000])
                said = _("Given up: nothing was done.")
            case "by-hand":
                did_by_hand(decision=found, by=by, now=now)
                said = _("Noted: it was done by hand.")
            case "again":
                try_again(decision=found, by=by, now=now)
                said = _("Asked of the network once more.")
            case "undo":
                undo(decision=found, by=by, now=now, why=request.POST.get("why", "")[:2000])
                said = _("It is being taken back.")
            case _:
                raise Http404
    except SamePerson:
        messages.error(request, _("Somebody else than who decided has to agree."))
    except CannotUndo:
        messages.error(request, _("The network cannot take this back."))
    except (Moved, AlreadyDecided, ValueError):
        messages.info(request, _("A colleague or the network was first: this is how it stands now."))
    else:
        messages.success(request, said)
    return _back(request, found)


@for_brand(Right.MODERATE)
@require_POST
def tell(request: BrandRequest, pk: int) -> HttpResponse:
    """Tell the author, by an answer or by hand."""
    found, now = _found(pk), timezone.now()
    form = TellForm(request.POST)
    if not form.is_valid():
        return _shown(request, found, tell=form)
    text = form.cleaned_data["text"]
    if "by_hand" in request.POST:
        telling.told_by_hand(decision=found, by=request.user, text=text, now=now)
        messages.success(request, _("Noted: the author was told."))
        return _back(request, found)
    try:
        telling.send(decision=found, by=request.user, text=text, now=now)
    except (telling.NoWay, CannotAnswer):
        form.add_error(None, _("No answer can leave from here: copy the text and tell the author yourself."))
    except Unfit as unfit:
        for problem in unfit.problems:
            form.add_error("text", problem_words(problem))
    else:
        messages.success(request, _("The statement of reasons is on its way."))
        return _back(request, found)
    return _shown(request, found, tell=form)


@for_brand(Right.ANSWER)
@require_POST
def object_to(request: BrandRequest, pk: int) -> HttpResponse:
    """Put down that the author objects."""
    found = _found(pk)
    form = AppealForm(request.POST)
    if not form.is_valid():
        return _shown(request, found, appeal=form)
    now = timezone.now()
    day: datetime = timezone.make_aware(datetime.combine(form.cleaned_data["received_on"], time(12)))
    try:
        appeal(decision=found, by=request.user, words=form.cleaned_data["words"], received_at=min(day, now))
    except AlreadyAppealed:
        messages.info(request, _("An appeal against this decision is open already."))
    else:
        messages.success(request, _("Noted: somebody else than who decided looks at it again."))
    return _back(request, found)


@for_brand(Right.MODERATE)
@require_POST
def answer_appeal(request: BrandRequest, pk: int) -> HttpResponse:
    """Settle an appeal."""
    found: Appeal = get_object_or_404(Appeal.objects.select_related("decision__channel", "brand"), pk=pk)
    form = HandleForm(request.POST)
    if not form.is_valid():
        return _shown(request, _found(found.decision_id), handle=form)
    given = form.cleaned_data
    overturn = given["verdict"] == "overturned"
    try:
        undone = handle(
            found=found, by=request.user, overturn=overturn, answer=given["answer"], now=timezone.now()
        )
    except SamePerson:
        messages.error(request, _("Somebody else than who decided has to look at it again."))
    except (Moved, ValueError):
        messages.info(request, _("A colleague was first: this is how it stands now."))
    except AlreadyDecided:
        messages.info(request, _("It is being taken back already."))
    else:
        if undone:
            messages.success(request, _("The appeal is answered."))
        else:
            messages.error(
                request, _("Overturned, but the network cannot take it back: see what can be done there.")
            )
    return redirect("moderation:decision", brand=request.brand.slug, pk=found.decision_id)


@for_brand(Right.MODERATE)
def evidence_picture(request: BrandRequest, pk: int) -> HttpResponse:
    """A picture of the evidence, as it was kept."""
    found = get_object_or_404(Picture, pk=pk)
    if found.content is None:
        raise Http404
    response = HttpResponse(bytes(found.content), content_type=found.mime)
    response["Cache-Control"] = "private, max-age=600"
    return response


def _back(request: BrandRequest, found: Decision) -> HttpResponse:
    return redirect("moderation:decision", brand=request.brand.slug, pk=found.pk)
