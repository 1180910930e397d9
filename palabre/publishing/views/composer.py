"""The composer: written once, read on every channel as one types, saved, planned or sent."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from palabre.agency.access import BrandRequest, for_brand
from palabre.agency.models import Brand
from palabre.agency.roles import Right
from palabre.channels.models import Channel
from palabre.channels.words import language
from palabre.kit.bodies import takes
from palabre.kit.states import Moved
from palabre.publishing.composing import media_fields
from palabre.publishing.composing.blocks import joined
from palabre.publishing.composing.cards import read_card
from palabre.publishing.composing.compose import Leaving, Stale, delete_post, duplicate_post, save_post
from palabre.publishing.composing.forms import ComposerForm, HourForm
from palabre.publishing.composing.reading import Reading, read, shown_on
from palabre.publishing.delivery.planning import PastHour, TooSoon, plan
from palabre.publishing.delivery.states import EDITABLE, PLANNED
from palabre.publishing.library.assets import found
from palabre.publishing.library.fitting import SHAPES
from palabre.publishing.library.receiving import AT_ONCE
from palabre.publishing.library.rights import limits_said
from palabre.publishing.models import Asset, Block, Campaign, Delivery, Post, Unsaved
from palabre.publishing.queue.filling import NoSlot, hold, put_in_queue
from palabre.publishing.queue.slots import Coming, next_for
from palabre.publishing.queue.words import lacking, placed_words
from palabre.publishing.views.library import received

_SIGNS = (
    "😀 😂 😊 😍 🥰 😎 🤩 🤔 😉 😅 😢 🙏 👏 🙌 👍 👋 💪 🤝 ❤️ 💚 💙 ✨ 🔥 🎉 🎁 🏆 ⭐ ☀️ 🌈 🌍 "
    "🌱 🌸 🍂 ❄️ ☕ 🍰 🍽️ 🥂 🎶 🎨 📸 🎬 📚 📣 📍 📅 ⏰ 🔗 👉 ✅ ❗ ❓ 💡 🛒 🚀 🏠 🚲 🚆 ♻️ 💬"
)
EMOJI = _SIGNS.split()
"""What community managers use most; the device's own keyboard has the others."""
RECENT = 24
"""Files of the library that the composer offers at once."""
LEAVES = ("plan", "now", "queue")
"""The buttons after which it leaves by itself."""


@for_brand(Right.PUBLISH)
@takes(AT_ONCE)
def compose(request: BrandRequest, pk: int | None = None) -> HttpResponse:
    """Write or change a content; `act` says what the button meant."""
    post: Post | None = None
    if pk is not None:
        post = get_object_or_404(Post.objects.filter(deleted_at=None), pk=pk)
    act = request.POST.get("act", "")
    data, refusals = None, []
    if request.method == "POST":
        data = _edited(request.POST, act)
        refusals = _attached(request, data, act)
    unsaved = Unsaved.objects.filter(by=request.user, post=post).first()
    if act == "forget" and unsaved:
        unsaved.delete()
        return redirect(request.path)
    if request.method == "GET" and unsaved and "unsaved" in request.GET:
        data = _typed_before(unsaved)
    form = ComposerForm(data, channels=_channels(post), post=post)
    if post is None:
        form.initial = {**form.initial, **_asked_for(request)}
    hours = HourForm(
        data if act == "plan" else None, zone=request.brand.time_zone, initial=_hours(request, post)
    )
    day = _day(data)
    campaign = _campaign(form)
    card_missing = act == "card" and not _card_read(request, form)
    readings = read(form.content(), form.chosen, form.changes(), day, campaign)
    if data is not None and act.startswith("apply-"):
        form = ComposerForm(_applied(data, readings, act), channels=_channels(post), post=post)
        readings = read(form.content(), form.chosen, form.changes(), day, campaign)
    if request.method == "POST" and act in ("save", *LEAVES):
        saved = _save(request, form, hours, readings, post, act)
        if saved is not None:
            return saved
    if request.method == "POST":
        _keep_typed(request, post, data)
    context = {
        "unsaved": unsaved if request.method == "GET" and "unsaved" not in request.GET else None,
        "card_missing": card_missing,
        "emoji": EMOJI,
        "blocks": Block.objects.all(),
        "form": form,
        "hours": hours,
        "coming": _coming(request.brand, form, post),
        "post": post,
        "readings": readings,
        "refusals": refusals,
        "shapes": [name for name in SHAPES if name],
        "recent": found(words=request.POST.get("pick-words", ""))[:RECENT],
    }
    if request.htmx and act == "read":
        return render(request, "publishing/_read.html", context)
    if request.htmx:
        return render(request, "publishing/_composer.html", context)
    return render(request, "publishing/composer.html", context)


def _channels(post: Post | None) -> list[Channel]:
    """Those that work, and those the content already names."""
    rows = list(Channel.objects.exclude(state="removed"))
    if post:
        named = {variant.channel_id for variant in post.variants.all()} - {channel.pk for channel in rows}
        rows += Channel.objects.filter(pk__in=named)
    return rows


UNKEPT = ("csrfmiddlewaretoken", "act", "pick", "pick-words", "files")
"""What a form holds beside the words."""


def _asked_for(request: BrandRequest) -> dict[str, Any]:
    """What a link to a new content ticks: an account, a pillar."""
    asked = {name: request.GET.get(name, "") for name in ("channel", "pillar")}
    known = {name: int(key) for name, key in asked.items() if key.isdecimal() and len(key) < 19}
    channels = {"channels": [known.pop("channel")]} if "channel" in known else {}
    return {**known, **channels}


def _keep_typed(request: BrandRequest, post: Post | None, data: QueryDict | None) -> None:
    """What is typed is kept at every look: nothing is lost when the browser dies."""
    typed = {name: values for name, values in (data or QueryDict()).lists() if name not in UNKEPT}
    if any(value for name in ("text", "title", "part", "medium") for value in typed.get(name, ())):
        Unsaved.objects.update_or_create(
            brand=request.brand, by=request.user, post=post, defaults={"typed": typed, "at": timezone.now()}
        )


def _typed_before(unsaved: Unsaved) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, values in unsaved.typed.items():
        data.setlist(name, values)
    return data


def _card_read(request: BrandRequest, form: ComposerForm) -> bool:
    """Read the card of the link that is typed; whether the page shows one."""
    link = form.content().link
    return bool(link) and read_card(brand=request.brand, url=link).told


def _campaign(form: ComposerForm) -> str:
    """The name of the campaign that is chosen, for the marks of links."""
    chosen = str(form["campaign"].value() or "")
    found = Campaign.objects.filter(pk=chosen).first() if chosen.isdigit() else None
    return found.name if found else ""


def _day(data: QueryDict | None) -> date | None:
    """The day that is typed, for what is true on that day alone; None without one."""
    try:
        return date.fromisoformat(data.get("day", "")) if data is not None else None
    except ValueError:
        return None


def _edited(typed: QueryDict, act: str) -> QueryDict:
    """The typed form with what a small button does to it: a part more or less, a suggestion taken."""
    data = typed.copy()
    match act.split("-"):
        case ["add", *where]:
            data.appendlist("-".join([*where, "part"]) if where else "part", "")
        case ["media", ("up" | "down" | "drop") as verb, place, *where] if place.isdigit():
            media_fields.shift(data, verb, int(place), "-".join([*where, ""]) if where else "")
        case ["insert", pk] if pk.isdigit():
            if block := Block.objects.filter(pk=pk).first():
                data["text"] = joined(data.get("text", ""), block, block.brand)
        case ["drop", *where, place] if place.isdigit():
            name = "-".join([*where, "part"]) if where else "part"
            parts = data.getlist(name)
            data.setlist(name, parts[: int(place)] + parts[int(place) + 1 :])
    return data


def _attached(request: BrandRequest, data: QueryDict, act: str) -> list[str]:
    """Put what was picked and uploaded into the form; why some of it was refused."""
    if act == "read":
        return []
    taken, refusals = received(request)
    for pk in data.getlist("channels"):
        prefix = f"own-{pk}-"
        if data.get(f"own-{pk}-pictures") and f"{prefix}medium" not in data and act == f"own-{pk}":
            # It begins with what the others show.
            media_fields.fill(data, media_fields.typed(data), prefix)
        media_fields.add(data, _keys(data.getlist(f"{prefix}pick")), prefix)
        data.setlist(f"{prefix}pick", [])
    media_fields.add(data, [*(asset.pk for asset in taken), *_keys(data.getlist("pick"))])
    data.setlist("pick", [])
    return refusals


def _keys(typed: list[str]) -> list[int]:
    keys = [int(key) for key in typed if key.isdigit() and len(key) < 19]
    there = set(Asset.objects.filter(pk__in=keys, deleted_at=None).values_list("pk", flat=True))
    return [key for key in keys if key in there]


def _applied(data: QueryDict, readings: list[Reading], act: str) -> QueryDict:
    """The typed form with a suggestion taken: in the channel's own words, or in all where it is alone."""
    _, channel, code = act.split("-", 2)
    for reading in readings:
        taken = next((one for one in reading.advice if one.code == code), None)
        if str(reading.channel.pk) != channel or taken is None:
            continue
        prefix = "" if len(readings) == 1 else f"own-{channel}-"
        text, parts, comment = reading.said.text, list(reading.said.parts), reading.said.first_comment
        if taken.parts is not None:
            text, parts = taken.parts[0], list(taken.parts[1:])
        data[f"{prefix}text"] = text if taken.text is None else taken.text
        data.setlist(f"{prefix}part", parts)
        data[f"{prefix}first_comment"] = comment if taken.comment is None else taken.comment
        if prefix:
            data[f"own-{channel}"] = "1"
    return data


def _save(
    request: BrandRequest,
    form: ComposerForm,
    hours: HourForm,
    readings: list[Reading],
    post: Post | None,
    act: str,
) -> HttpResponse | None:
    """Save, and plan if that was asked; None when something on the form has to be put right first."""
    if not _ready(form, hours, readings, act):
        return None
    try:
        # Together: an hour that is refused must not leave a second content behind.
        with transaction.atomic():
            if act == "queue":
                hold(request.brand)
            kept = save_post(
                brand=request.brand,
                by=request.user,
                draft=form.draft(),
                post=post,
                revision=form.cleaned_data["revision"],
            )
            if act in LEAVES:
                _let_leave(request, kept, hours, act)
    except Stale as stale:
        _overtaken(request, form, stale)
    except (Leaving, Moved):
        form.add_error(
            None, _("It is leaving right now or has left: what was said there can no longer change.")
        )
    except NoSlot as refused:
        for sentence in lacking(refused.lacks):
            form.add_error(None, sentence)
    except TooSoon:
        form.add_error(
            None, _("Somebody has to approve it first, and this hour leaves no time to: choose a later one.")
        )
    except PastHour:
        hours.add_error("hour", _("This hour is over: choose one to come, or publish now."))
    else:
        return _after(request, kept, act)
    return None


def _ready(form: ComposerForm, hours: HourForm, readings: list[Reading], act: str) -> bool:
    """Whether nothing has to be put right first; all that has is said at once, each at its place."""
    ready = form.is_valid()
    if act == "plan":
        ready = hours.is_valid() and ready
    if act not in LEAVES:
        return ready
    if not readings:
        form.add_error("channels", _("Choose at least one account."))
    elif any(reading.problems for reading in readings):
        form.add_error(None, _("Some accounts would refuse it as it is: see what is marked beside each."))
    return ready and not form.errors


def _overtaken(request: BrandRequest, form: ComposerForm, stale: Stale) -> None:
    """Somebody saved meanwhile: said, and the next save replaces what they saved."""
    form.add_error(
        None,
        _(
            "%(who)s saved this content while you were writing. Your words are still here: compare "
            "with the saved version, then save again to replace it."
        )
        % {"who": stale.version.by or _("Somebody")},
    )
    data = request.POST.copy()
    data["revision"] = str(stale.version.revision)
    form.data = data


def _let_leave(request: BrandRequest, post: Post, hours: HourForm, act: str) -> None:
    due, now = list(post.deliveries().filter(state__in=EDITABLE)), timezone.now()
    if act == "queue":
        put_in_queue(deliveries=due, category=post.pillar, by=request.user, now=now)
    else:
        plan(deliveries=due, at=hours.cleaned_data["at"] if act == "plan" else now, by=request.user, now=now)


def _coming(brand: Brand, form: ComposerForm, post: Post | None) -> list[Coming]:
    """The next free slot of each ticked account, for the pillar and the files that are chosen."""
    pillar = str(form["pillar"].value() or "")
    own = list(post.deliveries().values_list("pk", flat=True)) if post else []
    return next_for(
        channels=form.chosen,
        category=int(pillar) if pillar.isdecimal() and len(pillar) < 19 else None,
        now=timezone.now(),
        besides=own,
        limits=limits_said(brand, {own.channel.pk: own.said for own in form.owns}),
    )


def _after(request: BrandRequest, post: Post, act: str) -> HttpResponse:
    # What was typed of it, whether it had a row of its own by then or not.
    Unsaved.objects.filter(Q(post=post) | Q(post=None), by=request.user).delete()
    words = {"plan": _("Planned."), "now": _("On its way: it leaves within seconds."), "queue": _queued(post)}
    if post.deliveries().filter(state="awaiting").exists():
        asked = _("Sent for approval.")
        words = {"plan": asked, "now": asked, "queue": f"{asked} {words['queue']}"}
        if act not in words:
            messages.info(request, _("It waits for approval: what changed is asked again."))
    messages.success(request, words.get(act, _("Saved as a draft.")))
    if act in words:
        return redirect("publishing:post", brand=request.brand.slug, pk=post.pk)
    return redirect("publishing:compose_post", brand=request.brand.slug, pk=post.pk)


def _queued(post: Post) -> str:
    """Where each account's delivery stands in the queue."""
    rows = post.deliveries().filter(state__in=PLANNED).exclude(due_at=None).select_related("channel")
    where = [(row.channel, row.due_at) for row in rows.order_by("due_at", "pk") if row.due_at]
    return _("In the queue: %(where)s.") % {"where": placed_words(where)}


def _hours(request: BrandRequest, post: Post | None) -> dict[str, Any]:
    """The hour the form begins with: the planned one, or the day that was clicked in the calendar."""
    first = post.deliveries().exclude(due_at=None).order_by("due_at").first() if post else None
    if first and first.due_at:
        local = timezone.localtime(first.due_at)
        return {"day": local.date(), "hour": local.time()}
    return {"day": request.GET.get("day", ""), "hour": request.GET.get("hour", "")}


@for_brand(Right.LOOK)
def post(request: BrandRequest, pk: int) -> HttpResponse:
    """One content: how it stands on each channel, and the proof of what became of it."""
    found: Post = get_object_or_404(Post.objects.select_related("author", "campaign", "pillar"), pk=pk)
    deliveries = (
        Delivery.objects.filter(variant__post=found)
        .select_related("channel", "variant__post")
        .prefetch_related("steps__by", "measures")
        .order_by("due_at", "pk")
    )
    said = [found.said, *(delivery.variant.said for delivery in deliveries)]
    assets = Asset.objects.in_bulk({medium.asset for each in said for medium in each.media})
    context = {
        "post": found,
        "rows": [
            (delivery, shown_on(delivery.variant.said, delivery.channel, assets)) for delivery in deliveries
        ],
        "files": [assets[medium.asset] for medium in found.said.media if medium.asset in assets],
        "language": language(),
    }
    return render(request, "publishing/post.html", context)


@for_brand(Right.PUBLISH)
@require_POST
def delete(request: BrandRequest, pk: int) -> HttpResponse:
    """Put a content away; what left stays proved."""
    found: Post = get_object_or_404(Post.objects.filter(deleted_at=None), pk=pk)
    try:
        delete_post(post=found, by=request.user)
    except Leaving:
        messages.error(request, _("It is leaving right now: wait for what becomes of it."))
        return redirect("publishing:post", brand=request.brand.slug, pk=pk)
    messages.success(request, _("The content is put away; what was published stays published."))
    return redirect("publishing:contents", brand=request.brand.slug)


@for_brand(Right.PUBLISH)
@require_POST
def duplicate(request: BrandRequest, pk: int) -> HttpResponse:
    """A copy to work on."""
    found: Post = get_object_or_404(Post.objects.all(), pk=pk)
    copy = duplicate_post(post=found, by=request.user)
    messages.success(request, _("Here is the copy: nothing of it is planned."))
    return redirect("publishing:compose_post", brand=request.brand.slug, pk=copy.pk)
