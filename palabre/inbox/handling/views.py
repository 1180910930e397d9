"""Watching, merging and splitting conversations from the pages."""

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from palabre.agency.access import BrandRequest, for_brand
from palabre.agency.roles import Right
from palabre.inbox import merging, watching
from palabre.inbox.addresses import address_of, chosen
from palabre.inbox.models import Conversation
from palabre.ui.toasts import toast

SALT = "palabre.inbox.merged"


@for_brand(Right.LOOK)
@require_POST
def watch(request: BrandRequest, pk: int) -> HttpResponse:
    """Watch a conversation, or watch it no longer (`off`)."""
    found: Conversation = get_object_or_404(Conversation.objects.select_related("brand"), pk=pk)
    if "off" in request.POST:
        watching.unwatch(conversation=found, user=request.user)
    else:
        watching.watch(conversation=found, users=[request.user], now=timezone.now())
    return redirect(address_of(request, pk))


@for_brand(Right.ANSWER)
@require_POST
def merge(request: BrandRequest) -> HttpResponse:
    """Make one of the ticked conversations."""
    try:
        done = merging.merge(
            brand=request.brand, conversations=chosen(request), by=request.user, now=timezone.now()
        )
    except merging.Unmergeable:
        messages.error(
            request, _("Tick between two and %(most)d conversations to merge them.") % {"most": merging.MOST}
        )
        return redirect(address_of(request, None))
    request.session["inbox-merged"] = signing.dumps([done.head, *done.parts], salt=SALT, compress=True)
    n = len(done.parts) + 1
    text = ngettext("%(n)d conversation is one now.", "%(n)d conversations are one now.", n) % {"n": n}
    messages.success(request, text, extra_tags=f"undo:{reverse('inbox:unmerge', args=[request.brand.slug])}")
    return redirect(address_of(request, done.head))


@for_brand(Right.ANSWER)
@require_POST
def unmerge(request: BrandRequest) -> HttpResponse:
    """Take the last merge of this session back."""
    try:
        head, *parts = signing.loads(request.session.pop("inbox-merged", ""), salt=SALT, max_age=3600)
    except signing.BadSignature:
        head, parts = 0, []
    merged = merging.Merged(head=head, parts=tuple((pk, state, was) for pk, state, was in parts))
    n = merging.unmerge(brand=request.brand, merged=merged, by=request.user, now=timezone.now())
    if n:
        text = ngettext("%(n)d conversation stands alone again.", "%(n)d conversations stand alone again.", n)
        text %= {"n": n}
    else:
        text = _("There is nothing to undo any more.")
    if request.htmx:
        return toast(HttpResponse(status=204), text)
    messages.info(request, text)
    return redirect("inbox:conversations", brand=request.brand.slug)


@for_brand(Right.ANSWER)
@require_POST
def take_apart(request: BrandRequest, pk: int) -> HttpResponse:
    """Let one that was merged stand alone again."""
    rows = Conversation.objects.select_related("brand", "merged_into__brand")
    found: Conversation = get_object_or_404(rows, pk=pk)
    merging.take_apart(conversation=found, by=request.user, now=timezone.now())
    return redirect(address_of(request, pk))


@for_brand(Right.ANSWER)
@require_POST
def split(request: BrandRequest, pk: int) -> HttpResponse:
    """Take the ticked messages into a conversation of their own, and open it."""
    found: Conversation = get_object_or_404(Conversation.objects.select_related("brand"), pk=pk)
    try:
        made = merging.split(
            conversation=found, messages=chosen(request), by=request.user, now=timezone.now()
        )
    except merging.Unmergeable:
        messages.error(
            request, _("Choose some of what the author said; something has to stay in this conversation.")
        )
        return redirect(address_of(request, pk))
    messages.success(request, _("This is a conversation of its own now."))
    return redirect(address_of(request, made.pk))
