"""Pages of the way in: the first topic, the preview, sources found behind an address, a pasted item."""

from dataclasses import replace

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from palabre.agency.access import BrandRequest, for_brand
from palabre.agency.models import Brand
from palabre.agency.roles import Right
from palabre.intake.alerts_import import NotAnExport, bring_along, read_export
from palabre.intake.forms import PasteForm, StartForm
from palabre.intake.paste import paste
from palabre.intake.preview import Finding, find, preview
from palabre.intake.tasks import pull_soon
from palabre.listening.forms import TopicForm
from palabre.listening.keeping import horizon
from palabre.listening.matching import settings_of
from palabre.listening.models import About, Source, Topic
from palabre.listening.sources import SourceDraft, add_source
from palabre.listening.topics import TopicDraft, draft_of, save_topic, suggest_query
from palabre.listening.views.sources import source_rows, sources_page
from palabre.listening.views.topics import read_query
from palabre.networks.errors import NetworkError
from palabre.query import QueryError, parse
from palabre.ui.toasts import toast

IMPORT_MOST = 5_000_000
"""Bytes of an export: a thousand alerts are less than one million."""


@for_brand(Right.LISTEN)
def start(request: BrandRequest) -> HttpResponse:
    """First run, step three: what to listen for and where, with a preview before anything is saved."""
    brand = request.brand
    own = Topic.objects.filter(name=brand.name, deleted_at=None).first()
    initial = {"query": own.query if own else suggest_query(brand.name, website=brand.website)}
    form = StartForm(request.POST or None, initial=initial, brand=brand)
    troubles: list[tuple[str, NetworkError | None]] = []
    if request.method == "POST" and form.is_valid():
        drafts, troubles = _drafts(form)
        if not troubles or request.POST.get("anyway"):
            _begin(request, form.cleaned_data["query"], drafts)
            return redirect("insight:listen", brand=brand.slug)
    context = {
        "form": form,
        "step": 3,
        "troubles": troubles,
        "reading": read_query(form["query"].value() or ""),
    }
    return render(request, "intake/start.html", context)


@transaction.atomic
def _begin(request: BrandRequest, query: str, drafts: list[SourceDraft]) -> None:
    brand = request.brand
    known = {topic.name: topic for topic in Topic.objects.filter(deleted_at=None)}
    own = known.get(brand.name)
    first = TopicDraft(name=brand.name, query=query, languages=brand.languages)
    # Opened again, the page is about the topic it made: what is typed there is never dropped.
    typed = replace(draft_of(own), query=query) if own else first
    save_topic(brand=brand, by=request.user, draft=typed, topic=own)
    for name in request.session.pop("competitors", []):
        if name not in known and (words := suggest_query(name)):
            save_topic(
                brand=brand,
                by=request.user,
                draft=TopicDraft(name=name, query=words, about=About.COMPETITOR, languages=brand.languages),
            )
    for draft in drafts:
        add_source(brand=brand, by=request.user, draft=draft)
    pull_soon()


def _drafts(form: StartForm) -> tuple[list[SourceDraft], list[tuple[str, NetworkError | None]]]:
    """Every place chosen; and the addresses behind which nothing was found, with what was said."""
    drafts, troubles = form.radar_drafts(), []
    for typed in form.cleaned_data["sites"]:
        findings, error = find(typed)
        if findings and error is None:
            drafts.append(_draft(findings[0]))
        else:
            troubles.append((typed, error))
    return drafts, troubles


def _draft(finding: Finding) -> SourceDraft:
    watch = finding.suggestion.watch
    return SourceDraft(
        network=finding.network,
        kind=watch.kind,
        target=watch.target,
        title=finding.suggestion.title,
        options=watch.options,
    )


@for_brand(Right.LISTEN)
@require_POST
def preview_hits(request: BrandRequest) -> HttpResponse:
    """What the query finds right now on the chosen sources (a fragment)."""
    topic = _typed_topic(request)
    try:
        query = parse(request.POST.get("query", ""), topic.languages or ("fr", "en"))
    except QueryError:
        return render(request, "intake/_preview.html", {"preview": None})
    form = StartForm(request.POST, brand=request.brand)
    form.is_valid()
    drafts: list[SourceDraft] = []
    troubles: list[tuple[str, NetworkError | None]] = []
    if "radar" in form.cleaned_data and "sites" in form.cleaned_data:
        drafts, troubles = _drafts(form)
    if request.POST.get("own_sources"):
        drafts += [_draft_of(source) for source in Source.objects.filter(state__in=("new", "working"))[:20]]
    oldest = horizon(brand=request.brand, now=timezone.now())
    found = preview(query, drafts, settings_of(topic), oldest)
    return render(request, "intake/_preview.html", {"preview": found, "troubles": troubles})


def _typed_topic(request: BrandRequest) -> Topic:
    """The topic as it stands in the form, whatever is wrong in it still; never saved."""
    if "languages_mode" not in request.POST:
        return Topic(brand=request.brand, languages=request.brand.languages)
    form = TopicForm(request.POST, instance=Topic(brand=request.brand))
    form.is_valid()
    topic: Topic = form.instance
    return topic


def _draft_of(source: Source) -> SourceDraft:
    return SourceDraft(
        network=source.network,
        kind=source.kind,
        target=source.target,
        title=source.title,
        options=source.options,
    )


@for_brand(Right.LISTEN)
@require_POST
def source_find(request: BrandRequest) -> HttpResponse:
    """Whatever was typed: the feeds and places behind it, each with its button; a fragment for htmx."""
    typed = request.POST.get("address", "").strip()[:2000]
    findings, error = find(typed) if typed else ([], None)
    context = {"findings": findings, "error": error, "typed": typed}
    if not request.htmx:
        return sources_page(request, **context)
    return render(request, "intake/_found.html", context)


@for_brand(Right.LISTEN)
@require_POST
def source_add(request: BrandRequest) -> HttpResponse:
    """Add a place that was found; with htmx the others stay in sight and the list below is drawn anew."""
    posted = request.POST
    draft = SourceDraft(
        network=posted.get("network", ""),
        kind=posted.get("kind", ""),
        target=posted.get("target", "")[:2000],
        title=posted.get("title", ""),
        topic=Topic.objects.filter(pk=posted["topic"]).first() if posted.get("topic", "").isdigit() else None,
    )
    try:
        source = add_source(brand=request.brand, by=request.user, draft=draft)
    except KeyError:
        messages.error(request, _("This kind of source does not exist."))
        return redirect("listening:sources", brand=request.brand.slug)
    pull_soon()
    said = _("Palabre is looking at “%(source)s” now.") % {"source": source.title or source.target}
    if request.htmx:
        context = {"source": source, "rows": source_rows(request.brand)}
        return toast(render(request, "intake/_followed.html", context), said)
    messages.success(request, said)
    return redirect("listening:sources", brand=request.brand.slug)


@for_brand(Right.LISTEN)
def paste_item(request: BrandRequest) -> HttpResponse:
    """An item pasted by hand."""
    form = PasteForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and not _past_its_time(request.brand, form):
        typed = form.cleaned_data
        paste(
            brand=request.brand,
            by=request.user,
            topic=typed["topic"],
            text=typed["text"],
            url=typed["url"],
            author=typed["author"],
            published_at=typed["published_at"] or timezone.now(),
        )
        messages.success(request, _("The mention is filed."))
        return redirect("insight:listen", brand=request.brand.slug)
    return render(request, "intake/paste.html", {"form": form})


def _past_its_time(brand: Brand, form: PasteForm) -> bool:
    """Whether the brand no longer keeps what was said then: it would be gone by tomorrow."""
    said = form.cleaned_data["published_at"]
    past = said is not None and said < horizon(brand=brand, now=timezone.now())
    if past:
        form.add_error("published_at", _("This brand does not keep what was said so long ago."))
    return past


@for_brand(Right.LISTEN)
@require_POST
def alerts_import(request: BrandRequest) -> HttpResponse:
    """Bring along the alerts of a Google Alerts export."""
    file = request.FILES.get("file")
    try:
        if file is None or (file.size or 0) > IMPORT_MOST:
            raise NotAnExport
        outcome = bring_along(brand=request.brand, by=request.user, alerts=read_export(file.read()))
    except NotAnExport:
        messages.error(
            request,
            _(
                "This is not an export of Google Alerts. Ask Google for your data, choose Alerts, "
                "and take the JSON file."
            ),
        )
        return redirect("alerts:rules", brand=request.brand.slug)
    made = len(outcome.made)
    messages.success(
        request, ngettext("%(n)d alert brought along.", "%(n)d alerts brought along.", made) % {"n": made}
    )
    if known := len(outcome.known):
        messages.info(
            request, ngettext("%(n)d was here already.", "%(n)d were here already.", known) % {"n": known}
        )
    for name, why in outcome.refused:
        messages.error(
            request,
            _("“%(name)s” was left out: %(why)s")
            % {"name": name, "why": why or _("it would match everything.")},
        )
    return redirect("alerts:rules", brand=request.brand.slug)
