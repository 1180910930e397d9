"""Approval as people meet it: the queues, the steps, and the page a mail leads to."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django_scopes import scope

from palabre.agency.access import BrandRequest, for_anyone, for_brand, may
from palabre.agency.models import Brand, User
from palabre.agency.roles import Right
from palabre.channels.models import Channel
from palabre.kit.text import fold
from palabre.publishing.approval.deciding import Choice, Decided, decide, save_steps
from palabre.publishing.approval.mail import found, readings
from palabre.publishing.approval.models import ROLES, Approval, ApprovalLink, ApprovalTier
from palabre.publishing.approval.queues import AskedPost, asked, by_post, mine, people_of, steps_of_brand
from palabre.publishing.approval.rules import MOST_STEPS, Approver, named
from palabre.publishing.delivery.planning import standstill
from palabre.publishing.library.pictures import small
from palabre.publishing.library.rights import over
from palabre.publishing.models import Asset
from palabre.publishing.words import until

A_PAGE = 20
NO_RIGHTS = gettext_lazy(
    "Not approved: “%(name)s” may be published until %(until)s only. Choose an earlier day or another file."
)
QUEUES = ("mine", "waiting", "refused", "expired")


@for_brand(Right.LOOK)
def queue(request: BrandRequest) -> HttpResponse:
    """What waits for me, for others, and what came back; `show` chooses."""
    show = request.GET.get("show", "mine")
    show = show if show in QUEUES else "mine"
    waiting = asked(request.brand)
    own = mine(waiting, request.user)
    others = [one for one in waiting if one not in own]
    others.sort(key=lambda one: one.approval.asked_by_id != request.user.pk)
    groups = {"mine": by_post(own), "waiting": by_post(others)}
    back = {state: _back(state) for state in ("refused", "expired")}
    counts = {name: len(group) for name, group in groups.items()}
    counts |= {name: rows.count() for name, rows in back.items()}
    rows: Any = groups[show] if show in groups else back[show]
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "show": show,
        "counts": counts,
        "page": page,
        "shown": [_shown(group) for group in page] if show in groups else [],
        "standstill": standstill(),
        "may_administer": may(request.role, Right.ADMINISTER),
        "may_write": may(request.role, Right.PUBLISH),
        "has_steps": ApprovalTier.objects.exists(),
        "failed": ApprovalLink.objects.exclude(mail_error="").filter(
            used_at=None, expires_at__gt=timezone.now(), post__in=[group.post.pk for group in groups[show]]
        )
        if show in groups
        else (),
    }
    return render(request, "publishing/approval.html", context)


def _back(state: str) -> "QuerySet[Approval]":
    """What was refused or expired and still stands so, the last decided first."""
    rows = Approval.objects.filter(state=state, delivery__state=state).order_by("delivery", "-pk")
    last = rows.distinct("delivery").values("pk")
    wanted = Approval.objects.filter(pk__in=last).order_by("-decided_at")
    return wanted.select_related("decided_by", "asked_by", "delivery__channel", "delivery__variant__post")


def _shown(group: AskedPost) -> dict[str, Any]:
    """A card: the content as each account shows it, and who decides."""
    people = {pk for one in group.asked for pk in one.turn.people}
    names = sorted((str(user) for user in User.objects.filter(pk__in=people)), key=fold)
    lines = list(zip(group.asked, readings(group), strict=True))
    late = over(brand=group.post.brand, deliveries=[one.delivery for one in group.asked])
    return {
        "group": group,
        "lines": lines,
        "names": names,
        "late": group.ends_at <= timezone.now(),
        "no_rights": {asset for assets in late.values() for asset in assets},
    }


@for_brand(Right.LOOK)
@require_POST
def answer(request: BrandRequest) -> HttpResponse:
    """Decide on one content (`decide` names it: choice:post:stamps) or on those that are ticked."""
    choice, _colon, rest = request.POST.get("decide", "").partition(":")
    post, _colon, stamps = rest.partition(":")
    ticked = stamps.split() if stamps else [s for each in request.POST.getlist("stamp") for s in each.split()]
    note = request.POST.get(f"note-{post}" if stamps else "note", "")
    if choice not in (Choice.APPROVE, Choice.REFUSE):
        raise Http404
    if not ticked:
        messages.info(request, _("Tick what you decide on first."))
    elif choice == Choice.REFUSE and not note.strip():
        messages.error(
            request, _("Say in a word why you refuse: whoever wrote it has to know what to change.")
        )
    else:
        done = decide(
            brand=request.brand,
            stamps=ticked,
            by=request.user,
            choice=Choice(choice),
            note=note,
            now=timezone.now(),
        )
        for level, sentence in sentences(done):
            messages.add_message(request, level, sentence)
    return redirect("publishing:approval", brand=request.brand.slug)


def sentences(done: Decided) -> list[tuple[int, str]]:
    """What a decision did, in words, with the level of each."""
    told = []
    leaving = len(done.approved) - len(done.late) - len(done.paused)
    if leaving:
        text = ngettext(
            "Approved: it leaves at its hour.", "%(n)d approved: they leave at their hour.", leaving
        )
        told.append((messages.SUCCESS, text % {"n": leaving}))
    if done.passed_on:
        told.append((messages.SUCCESS, _("Approved: the next step is asked now.")))
    if done.paused:
        text = _("Approved, and paused like the rest: everything is stopped. It leaves once taken up again.")
        told.append((messages.WARNING, text))
    if done.late:
        text = _("Approved after its hour: it does not leave before somebody chooses a new one.")
        told.append((messages.WARNING, text))
    for asset in done.no_rights:
        told.append((messages.ERROR, NO_RIGHTS % {"name": asset.name, "until": until(asset)}))
    if done.refused:
        told.append((messages.SUCCESS, _("Refused: whoever wrote it sees why and can ask again.")))
    if done.lost:
        text = ngettext(
            "One changed meanwhile or is not yours to decide: it is as it was.",
            "%(n)d changed meanwhile or are not yours to decide: they are as they were.",
            done.lost,
        )
        told.append((messages.WARNING, text % {"n": done.lost}))
    return told


class StepsForm(forms.Form):
    """Up to three steps, each asks somebody or nobody."""

    def __init__(self, *args: Any, choices: list[Any], tiers: "list[ApprovalTier]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {value for _group, options in choices[1:] for value, _label in options}
        gone = [(value, tier.words) for tier in tiers if (value := _value(tier.approver)) not in known]
        every = [*choices, (_("No longer here"), gone)] if gone else choices
        for place in range(MOST_STEPS):
            self.fields[f"step{place + 1}"] = forms.ChoiceField(
                label=_("Step %(n)d") % {"n": place + 1},
                choices=every,
                required=False,
                initial=_value(tiers[place].approver) if place < len(tiers) else "",
            )

    def approvers(self) -> list[Approver]:
        """In order, without the empty places."""
        chosen = [self.cleaned_data[f"step{place + 1}"] for place in range(MOST_STEPS)]
        pairs = [value.partition(":") for value in chosen if value]
        return [Approver(kind=kind, who=who) for kind, _colon, who in pairs]


def _value(approver: Approver) -> str:
    return f"{approver.kind}:{approver.who}"


def _choices(brand: Brand) -> list[Any]:
    users = User.objects.filter(pk__in=[person.pk for person in people_of(brand)])
    people = sorted(((f"person:{user.pk}", str(user)) for user in users), key=lambda row: fold(row[1]))
    teams = [(f"team:{team.pk}", team.name) for team in brand.organisation.teams.all()]
    roles = [(f"role:{role}", words) for role, words in ROLES.items()]
    return [("", _("nobody")), (_("Roles"), roles), (_("Teams"), teams), (_("People"), people)]


@for_brand(Right.ADMINISTER)
def steps(request: BrandRequest) -> HttpResponse:
    """Who decides: for the brand, and for the accounts that differ."""
    stored, choices, people = steps_of_brand(), _choices(request.brand), people_of(request.brand)
    channels: list[Channel | None] = [None, *Channel.objects.exclude(state="removed")]
    given = request.POST.get("of")
    scopes = []
    for channel in channels:
        name = f"channel-{channel.pk}" if channel else "brand"
        tiers = list(stored.get(channel.pk if channel else None, ()))
        form = StepsForm(request.POST if given == name else None, choices=choices, tiers=tiers, prefix=name)
        if form.is_bound and form.is_valid():
            return _saved(request, channel, form)
        empty = [tier for tier in tiers if not named(tier.approver, people)]
        scopes.append({"channel": channel, "name": name, "tiers": tiers, "form": form, "empty": empty})
    context = {"scopes": scopes, "waiting": len(by_post(asked(request.brand)))}
    return render(request, "publishing/approval_steps.html", context)


def _saved(request: BrandRequest, channel: Channel | None, form: StepsForm) -> HttpResponse:
    gone = save_steps(
        brand=request.brand,
        channel=channel,
        approvers=form.approvers(),
        by=request.user,
        now=timezone.now(),
    )
    messages.success(request, _("The steps are saved."))
    if gone:
        text = ngettext(
            "%(n)d content had no step left: it goes on to its hour.",
            "%(n)d contents had no step left: they go on to their hour.",
            len(gone),
        )
        messages.warning(request, text % {"n": len(gone)})
    return redirect("publishing:approval_steps", brand=request.brand.slug)


@for_anyone
@never_cache
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The page of a mail's link: it shows the content to whoever holds the link; only a POST decides."""
    link = found(token)
    if link is None:
        return render(request, "publishing/approval_over.html", {"link": None}, status=404)
    brand = link.brand
    with scope(brand=brand), translation.override(link.user.language), timezone.override(brand.time_zone):
        answer = (
            _decided_by_link(request, link) if request.method == "POST" else _page_of(request, link, token)
        )
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def _group(link: ApprovalLink) -> AskedPost | None:
    """What its person may decide on now."""
    able = mine(asked(link.brand), link.user)
    return next((group for group in by_post(able) if group.post.pk == link.post_id), None)


def _page_of(request: HttpRequest, link: ApprovalLink, token: str, error: str = "") -> HttpResponse:
    now = timezone.now()
    group = _group(link) if link.is_good(now) else None
    if group is None:
        return render(request, "publishing/approval_over.html", {"link": link, "now": now}, status=410)
    context = {
        "link": link,
        "token": token,
        "asking": link.brand,
        "shown": _shown(group),
        "standstill": standstill(),
        "error": error,
        "note": request.POST.get("note", ""),
    }
    return render(request, "publishing/approval_link.html", context)


def _decided_by_link(request: HttpRequest, link: ApprovalLink) -> HttpResponse:
    token = request.path.rstrip("/").rpartition("/")[2]
    choice, note = request.POST.get("choice", ""), request.POST.get("note", "")
    if choice not in (Choice.APPROVE, Choice.REFUSE):
        raise Http404
    if choice == Choice.REFUSE and not note.strip():
        error = _("Say in a word why you refuse: whoever wrote it has to know what to change.")
        return _page_of(request, link, token, error)
    with transaction.atomic():
        link = (
            ApprovalLink.objects.select_for_update(of=("self",))
            .select_related("brand", "user")
            .get(pk=link.pk)
        )
        now = timezone.now()
        if not link.is_good(now) or not link.user.is_active:
            return _page_of(request, link, token)
        done = decide(
            brand=link.brand,
            stamps=request.POST.getlist("stamp"),
            by=link.user,
            choice=Choice(choice),
            note=note,
            now=now,
        )
        if not (done.approved or done.passed_on or done.refused):
            lasting = [NO_RIGHTS % {"name": asset.name, "until": until(asset)} for asset in done.no_rights]
            error = " ".join(lasting) or _(
                "It changed since you opened this page: here is what is asked now."
            )
            return _page_of(request, link, token, error)
        link.used_at = now
        link.save(update_fields=["used_at"])
    context = {"link": link, "told": [sentence for _level, sentence in sentences(done)], "choice": choice}
    return render(request, "publishing/approval_done.html", context)


@for_anyone
def picture(request: HttpRequest, token: str, pk: int) -> HttpResponseBase:
    """A little picture of the content a link asks about, and no other file of the brand."""
    link = found(token)
    if link is None or not link.is_good(timezone.now()):
        raise Http404
    with scope(brand=link.brand):
        variants = link.post.variants.all()
        shown = {medium.asset for variant in variants for medium in variant.said.media}
        place = small(get_object_or_404(Asset.objects.all(), pk=pk)) if pk in shown else None
    if place is None:
        raise Http404
    return HttpResponse(place.read_bytes(), content_type="image/webp")
