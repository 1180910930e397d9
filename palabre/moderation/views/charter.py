"""The charter, how the brand moderates, what can be done where, the transparency report."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from palabre.agency.access import BrandRequest, for_brand
from palabre.agency.roles import Right
from palabre.enrichment.risks import at, curve
from palabre.moderation.charter import begin, in_force, policy_of, repeal, set_policy, word, write
from palabre.moderation.coverage import covered
from palabre.moderation.forms import ArticleForm, PeriodForm, PolicyForm, WordingForm
from palabre.moderation.models import Article
from palabre.moderation.paper import NoPrinter, as_pdf
from palabre.moderation.report import Report, as_csv, report
from palabre.moderation.selectors import numbers
from palabre.moderation.telling import USUAL, VARIABLES, template_of


@for_brand(Right.LOOK)
def charter(request: BrandRequest) -> HttpResponse:
    """The articles in force, those that were, and the statement of reasons."""
    return _charter(request)


def _charter(request: BrandRequest, **forms: Any) -> HttpResponse:
    wordings = [
        (language, WordingForm(initial={"text": template_of(language)}, prefix=language), VARIABLES[language])
        for language in USUAL
    ]
    context = {
        "articles": [
            (one, ArticleForm(initial={"title": one.title, "text": one.text})) for one in in_force()
        ],
        "former": Article.objects.exclude(until=None).order_by("number", "-version"),
        "new": ArticleForm(),
        "wordings": wordings,
        "tab": "charter",
        "numbers": numbers(),
    }
    return render(request, "moderation/charter.html", {**context, **forms})


@for_brand(Right.ADMINISTER)
@require_POST
def take_usual(request: BrandRequest) -> HttpResponse:
    """Begin with the usual charter, in either language."""
    begin(brand=request.brand, by=request.user, language=request.POST.get("language", ""), now=timezone.now())
    messages.success(request, _("Your charter begins with the usual articles: change them as you like."))
    return redirect("moderation:charter", brand=request.brand.slug)


@for_brand(Right.ADMINISTER)
@require_POST
def write_article(request: BrandRequest) -> HttpResponse:
    """Add an article, or word one anew."""
    form = ArticleForm(request.POST)
    number = request.POST.get("number", "")
    if not form.is_valid():
        messages.error(request, _("An article has a title and a text."))
        return _charter(request, **({} if number else {"new": form}))
    known = int(number) if number.isascii() and number.isdigit() else None
    if known is not None and not Article.objects.filter(number=known).exists():
        raise Http404
    write(brand=request.brand, by=request.user, now=timezone.now(), number=known, **form.cleaned_data)
    messages.success(request, _("The charter is changed; what was decided before keeps its wording."))
    return redirect("moderation:charter", brand=request.brand.slug)


@for_brand(Right.ADMINISTER)
@require_POST
def repeal_article(request: BrandRequest, pk: int) -> HttpResponse:
    """An article no longer holds."""
    repeal(article=get_object_or_404(Article, pk=pk), by=request.user, now=timezone.now())
    messages.success(request, _("This article no longer holds; what was decided by it still names it."))
    return redirect("moderation:charter", brand=request.brand.slug)


@for_brand(Right.ADMINISTER)
@require_POST
def set_wording(request: BrandRequest, language: str) -> HttpResponse:
    """Change the statement of reasons in one language."""
    form = WordingForm(request.POST, prefix=language)
    if language not in USUAL:
        raise Http404
    if form.is_valid():
        text = form.cleaned_data["text"].replace("\r\n", "\n")
        kept = "" if text.strip() == USUAL[language] else text
        word(brand=request.brand, by=request.user, language=language, text=kept)
        messages.success(request, _("The statement of reasons is changed."))
    return redirect("moderation:charter", brand=request.brand.slug)


@for_brand(Right.LOOK)
def settings(request: BrandRequest) -> HttpResponse:
    """How the brand moderates, with what each threshold costs."""
    return _settings(request, PolicyForm(instance=policy_of(request.brand)))


@for_brand(Right.ADMINISTER)
@require_POST
def set_settings(request: BrandRequest) -> HttpResponse:
    """Change how the brand moderates; `look` only shows what the thresholds would bring up."""
    form = PolicyForm(request.POST, instance=policy_of(request.brand))
    if form.is_valid() and "look" not in request.POST:
        set_policy(brand=request.brand, by=request.user, policy=form.save(commit=False))
        messages.success(request, _("Saved. What is heard from now on is held against it."))
        return redirect("moderation:settings", brand=request.brand.slug)
    return _settings(request, form)


def _settings(request: BrandRequest, form: PolicyForm) -> HttpResponse:
    policy = form.instance
    context = {
        "form": form,
        "risks": [
            ("toxicity", form["toxicity_at"], at("toxicity", policy.toxicity_at), curve("toxicity")),
            ("spam", form["spam_at"], at("spam", policy.spam_at), curve("spam")),
        ],
        "tab": "settings",
        "numbers": numbers(),
    }
    return render(request, "moderation/settings.html", context)


@for_brand(Right.LOOK)
def coverage(request: BrandRequest) -> HttpResponse:
    """What can be done where."""
    context = {"rows": covered(), "tab": "coverage", "numbers": numbers()}
    return render(request, "moderation/coverage.html", context)


@for_brand(Right.LOOK)
def transparency(request: BrandRequest) -> HttpResponse:
    """The transparency report of a period, as page, PDF or CSV."""
    today = timezone.localdate()
    usual = {"since": today.replace(day=1), "until": today}
    form = PeriodForm(request.GET if "since" in request.GET else usual)
    chosen = form.cleaned_data if form.is_valid() else usual
    found = report(since=_midnight(chosen["since"]), until=_midnight(chosen["until"] + timedelta(days=1)))
    match request.GET.get("as"):
        case "csv":
            return _file(request, as_csv(found).encode(), found, "csv", "text/csv; charset=utf-8")
        case "pdf":
            try:
                return _file(request, as_pdf(found, request.brand), found, "pdf", "application/pdf")
            except NoPrinter:
                sorry = _(
                    "This machine cannot draw PDF files: Pango has to be installed on it. The CSV works."
                )
                messages.error(request, sorry)
    query = f"since={chosen['since']:%Y-%m-%d}&until={chosen['until']:%Y-%m-%d}"
    context = {"form": form, "report": found, "query": query, "last": chosen["until"], "tab": "report"}
    return render(request, "moderation/report.html", {**context, "numbers": numbers()})


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _file(request: BrandRequest, body: bytes, found: Report, kind: str, mime: str) -> HttpResponse:
    response = HttpResponse(body, content_type=mime)
    name = f"moderation-{slugify(request.brand.name)}-{timezone.localtime(found.since):%Y-%m-%d}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
