"""Labels in the pages: put on one conversation or on the ticked ones; the page that keeps them in order."""

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from palabre.agency.access import BrandRequest, for_brand
from palabre.agency.roles import Right
from palabre.inbox import labelling
from palabre.inbox.addresses import address_of, chosen
from palabre.inbox.models import Colour, Conversation, Label


@for_brand(Right.ANSWER)
@require_POST
def label_one(request: BrandRequest, pk: int) -> HttpResponse:
    """Put a label on a conversation (`label`, a word) or take one off (`off`, its number)."""
    found: Conversation = get_object_or_404(Conversation, pk=pk)
    if off := request.POST.get("off", ""):
        row = _label(off)
        labelling.unlabel(brand=request.brand, conversations=[found.pk], label=row, by=request.user)
    else:
        _put(request, [found.pk])
    return redirect(address_of(request, pk))


@for_brand(Right.ANSWER)
@require_POST
def label_many(request: BrandRequest) -> HttpResponse:
    """Put a label on the ticked conversations."""
    if (done := _put(request, chosen(request))) is not None:
        text = ngettext("%(n)d conversation labelled.", "%(n)d conversations labelled.", done) % {"n": done}
        messages.success(request, text)
    return redirect(address_of(request, None))


@for_brand(Right.LOOK)
def labels(request: BrandRequest) -> HttpResponse:
    """The brand's labels, in order, with how many conversations have each."""
    rows = Label.objects.annotate(had=Count("labelled"))
    return render(request, "inbox/labels.html", {"labels": list(rows), "colours": Colour.choices})


@for_brand(Right.ANSWER)
@require_POST
def label_new(request: BrandRequest) -> HttpResponse:
    """Make a label before anything has it."""
    try:
        labelling.named(brand=request.brand, name=request.POST.get("name", ""))
    except labelling.Taken:
        messages.error(request, _("Give the label a name."))
    return redirect("inbox:labels", brand=request.brand.slug)


@for_brand(Right.ANSWER)
@require_POST
def label_act(request: BrandRequest, pk: int, act: str) -> HttpResponse:
    """Change, move, merge or delete a label."""
    row: Label = get_object_or_404(Label.objects.select_related("brand"), pk=pk)
    match act:
        case "change":
            _change(request, row)
        case "up" | "down":
            labelling.shift(label=row, by=-1 if act == "up" else 1)
        case "merge":
            into = _label(request.POST.get("into", ""))
            if into.pk == row.pk:
                raise Http404
            labelling.merge(label=row, into=into, by=request.user)
            told = _("“%(name)s” is “%(into)s” now.") % {"name": row.name, "into": into.name}
            messages.success(request, told)
        case "delete":
            labelling.delete(label=row, by=request.user)
            messages.success(request, _("The label “%(name)s” is deleted.") % {"name": row.name})
        case _:
            raise Http404
    return redirect("inbox:labels", brand=request.brand.slug)


def _change(request: BrandRequest, row: Label) -> None:
    name, colour = request.POST.get("name", ""), request.POST.get("colour", row.colour)
    try:
        labelling.change(label=row, by=request.user, name=name, colour=colour)
    except labelling.Taken:
        messages.error(request, _("A label needs a name of its own: merge two that mean the same."))


def _put(request: BrandRequest, conversations: list[int]) -> int | None:
    try:
        return labelling.label(
            brand=request.brand,
            conversations=conversations,
            label=request.POST.get("label", ""),
            by=request.user,
            now=timezone.now(),
        )
    except labelling.Taken:
        messages.error(request, _("Give the label a name."))
        return None


def _label(number: str) -> Label:
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise Http404
    found: Label = get_object_or_404(Label, pk=int(number))
    return found
