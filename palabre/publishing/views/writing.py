"""What helps to write: blocks and link marks, the versions of a content, the remarks beside it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from palabre.agency.access import BrandRequest, for_brand
from palabre.agency.roles import Right
from palabre.channels.models import Channel
from palabre.channels.words import label_of, language
from palabre.networks.rules import all_rules
from palabre.publishing.composing.compose import Leaving
from palabre.publishing.composing.marking import worded
from palabre.publishing.composing.models import BlockKind
from palabre.publishing.composing.remarks import remark
from palabre.publishing.composing.versions import changes, go_back
from palabre.publishing.models import Block, LinkMarks, Post, Unsaved, Version
from palabre.stream.models import Author


class BlockForm(forms.ModelForm):
    """A template, a signature or a group of hashtags."""

    class Meta:
        model = Block
        fields = ("kind", "name", "text")
        widgets = {"text": forms.Textarea({"rows": 4})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = BlockKind.choices  # type: ignore[attr-defined]


class MarksForm(forms.ModelForm):
    """The marks of one network, or of all."""

    network = forms.ChoiceField(label=gettext_lazy("Network"), required=False)

    class Meta:
        model = LinkMarks
        fields = ("network", "source", "medium", "campaign")
        labels = {"source": "utm_source", "medium": "utm_medium", "campaign": "utm_campaign"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        used = set(Channel.objects.exclude(state="removed").values_list("network", flat=True))
        named = [(key, label_of(key)) for key in all_rules() if key in used]
        self.fields["network"].choices = [("", _("Every network")), *named]  # type: ignore[attr-defined]


@for_brand(Right.PUBLISH)
def writing(request: BrandRequest) -> HttpResponse:
    """Blocks and link marks: what there is, and one form for each."""
    block, marks = BlockForm(prefix="block"), MarksForm(prefix="marks", initial=_usual())
    if request.method == "POST":
        if request.POST.get("act") == "marks":
            marks = MarksForm(request.POST, prefix="marks")
            if marks.is_valid():
                given = dict(marks.cleaned_data)
                LinkMarks.objects.update_or_create(
                    brand=request.brand, network=given.pop("network"), defaults=given
                )
                messages.success(request, _("Saved."))
                return redirect("publishing:writing", brand=request.brand.slug)
        elif _kept(request, block := BlockForm(request.POST, prefix="block")):
            return redirect("publishing:writing", brand=request.brand.slug)
    context = {
        "block_form": block,
        "marks_form": marks,
        "blocks": Block.objects.all(),
        "marks": [
            (
                label_of(row.network) if row.network else "",
                row,
                " · ".join(
                    worded(said, language()) for said in (row.source, row.medium, row.campaign) if said
                ),
            )
            for row in LinkMarks.objects.all()
        ],
    }
    return render(request, "publishing/writing.html", context)


def _usual() -> dict[str, str]:
    usual = {"source": "{network}", "medium": "social", "campaign": "{campaign}"}
    return {name: worded(said, language()) for name, said in usual.items()}


def _kept(request: BrandRequest, form: BlockForm) -> bool:
    if not form.is_valid():
        return False
    form.instance.brand = request.brand
    try:
        with transaction.atomic():
            form.save()
    except IntegrityError:
        form.add_error("name", _("There is one of this name already."))
        return False
    messages.success(request, _("Saved."))
    return True


@for_brand(Right.PUBLISH)
@require_POST
def drop_block(request: BrandRequest, pk: int) -> HttpResponse:
    """Take a block away."""
    get_object_or_404(Block.objects.all(), pk=pk).delete()
    return redirect("publishing:writing", brand=request.brand.slug)


@for_brand(Right.PUBLISH)
@require_POST
def drop_marks(request: BrandRequest, pk: int) -> HttpResponse:
    """Take the marks of a network away."""
    get_object_or_404(LinkMarks.objects.all(), pk=pk).delete()
    return redirect("publishing:writing", brand=request.brand.slug)


@for_brand(Right.PUBLISH)
def people(request: BrandRequest) -> JsonResponse:
    """Whom `q` may name on the networks of the ticked accounts: those the brand has heard, as JSON."""
    words = request.GET.get("q", "").lstrip("@")[:60]
    ticked = [int(key) for key in request.GET.getlist("channels") if key.isdigit() and len(key) < 19]
    networks = list(Channel.objects.filter(pk__in=ticked).values_list("network", flat=True).distinct())
    rows = Author.objects.filter(Q(handle__istartswith=words) | Q(name__istartswith=words))
    rows = rows.filter(network__in=networks).exclude(handle="") if len(words) > 1 else Author.objects.none()
    found = [
        {"handle": f"@{row.handle.lstrip('@')}", "name": row.name, "network": label_of(row.network)}
        for row in rows.order_by("-last_seen_at")[:8]
    ]
    return JsonResponse({"people": found})


@for_brand(Right.LOOK)
def versions(request: BrandRequest, pk: int) -> HttpResponse:
    """Every version of a content, newest first, each with what changed from the one before."""
    post: Post = get_object_or_404(Post.objects.all(), pk=pk)
    rows = list(post.versions.select_related("by")[:200])
    told = [(row, changes(before, row)) for row, before in zip(rows, [*rows[1:], None], strict=True)]
    names = {channel.pk: str(channel) for channel in Channel.objects.all()}
    return render(request, "publishing/versions.html", {"post": post, "versions": told, "names": names})


@for_brand(Right.PUBLISH)
@require_POST
def back(request: BrandRequest, pk: int, revision: int) -> HttpResponse:
    """Save the content again as it was in that version."""
    post: Post = get_object_or_404(Post.objects.filter(deleted_at=None), pk=pk)
    version: Version = get_object_or_404(Version.objects.all(), post=post, revision=revision)
    try:
        go_back(post=post, version=version, by=request.user)
    except Leaving:
        messages.error(
            request, _("It is leaving right now or has left: what was said there can no longer change.")
        )
        return redirect("publishing:versions", brand=request.brand.slug, pk=pk)
    Unsaved.objects.filter(post=post, by=request.user).delete()
    messages.success(request, _("Version %(n)s is back, as a new one: nothing is lost.") % {"n": revision})
    return redirect("publishing:compose_post", brand=request.brand.slug, pk=pk)


@for_brand(Right.PUBLISH)
@require_POST
def remarks(request: BrandRequest, pk: int) -> HttpResponse:
    """Say something of a content to one's colleagues."""
    post: Post = get_object_or_404(Post.objects.filter(deleted_at=None), pk=pk)
    if text := request.POST.get("text", "").strip()[:5000]:
        remark(post=post, by=request.user, text=text)
    answer = redirect("publishing:post", brand=request.brand.slug, pk=pk)
    answer["Location"] += "#remarks"
    return answer
