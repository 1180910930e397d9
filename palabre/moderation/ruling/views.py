"""Pages about rules: their list in order, the form with its lines, the try on the past, what each did."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from palabre.agency.access import BrandRequest, for_brand
from palabre.agency.models import AuditEntry
from palabre.agency.roles import Right
from palabre.moderation.models import Rule, RuleRun
from palabre.moderation.ruling import keeping
from palabre.moderation.ruling.forms import RuleForm, Said, actions_in_words, conditions_in_words
from palabre.moderation.ruling.rows import MOST as LINES
from palabre.moderation.ruling.rules import compiled
from palabre.moderation.ruling.trying import DAYS, Tried, try_rule
from palabre.moderation.ruling.words import ASKS, CODES, DOES
from palabre.moderation.selectors import numbers
from palabre.query import QueryError

SHOWN = 20


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A rule of the list, in words."""

    rule: Rule
    conditions: list[Said]
    actions: list[Said]


@for_brand(Right.LOOK)
def rules(request: BrandRequest) -> HttpResponse:
    """Every rule, in the order in which they are asked."""
    rows = [
        Shown(rule=rule, conditions=conditions_in_words(rule), actions=actions_in_words(rule))
        for rule in Rule.objects.select_related("changed_by", "brand")
    ]
    return render(request, "moderation/rules.html", {"rows": rows, **_frame()})


@for_brand(Right.LOOK)
def rule(request: BrandRequest, pk: int) -> HttpResponse:
    """What a rule says, what it did lately, who made and changed it."""
    found: Rule = get_object_or_404(Rule.objects.select_related("brand", "made_by", "changed_by"), pk=pk)
    runs = RuleRun.objects.filter(rule=found).select_related(
        "message__item", "message__conversation__author", "message__thread__channel"
    )
    log = AuditEntry.objects.filter(
        brand=request.brand, act__startswith="moderation.rule.", subject__endswith=f"({found.pk})"
    )
    context = {
        "rule": found,
        "conditions": conditions_in_words(found),
        "actions": actions_in_words(found),
        "runs": [
            (
                run,
                [(DOES[one["do"]][0], CODES.get(one["code"], one["code"]), one["code"]) for one in run.done],
            )
            for run in runs.order_by("-at", "-pk")[:SHOWN]
        ],
        "log": log.select_related("by").order_by("-pk")[:SHOWN],
        **_frame(),
    }
    return render(request, "moderation/rule.html", context)


@for_brand(Right.ADMINISTER)
def rule_edit(request: BrandRequest, pk: int | None = None) -> HttpResponse:
    """Make or change a rule; `try` asks it of the past instead, `add` and `drop` change its lines."""
    if pk is None and Rule.objects.count() >= keeping.MOST:
        messages.error(request, _("There are as many rules as there may be: delete one first."))
        return redirect("moderation:rules", brand=request.brand.slug)
    instance = (
        get_object_or_404(Rule.objects.select_related("brand"), pk=pk) if pk else Rule(brand=request.brand)
    )
    if request.method != "POST":
        return _form(request, RuleForm(instance=instance))
    act, _sep, what = request.POST.get("act", "").partition(":")
    if act in ("add", "drop"):
        data = _changed(request, act, what)
        return _form(request, RuleForm(data, instance=instance, keep=True))
    form = RuleForm(request.POST, instance=instance)
    if not form.is_valid():
        return _form(request, form)
    if act == "try":
        tried = try_rule(form.compiled(), brand=request.brand, now=timezone.now(), days=_days(request))
        return _form(request, form, tried=tried)
    conditions, actions = form.stored()
    article = form.cleaned_data["article"]
    kept = form.save(commit=False)
    keeping.save(
        kept,
        conditions=conditions,
        actions=actions,
        article=article,
        by=request.user,
        now=timezone.now(),
    )
    if not kept.is_active:
        messages.success(request, _("The rule is kept. Try it on the past, then switch it on."))
        return redirect("moderation:rule_live", brand=request.brand.slug, pk=kept.pk)
    messages.success(request, _("The rule is kept; it is asked of whatever is said from now on."))
    return redirect("moderation:rule", brand=request.brand.slug, pk=kept.pk)


@for_brand(Right.ADMINISTER)
def rule_live(request: BrandRequest, pk: int) -> HttpResponse:
    """What a rule would have done, before it is switched on."""
    found: Rule = get_object_or_404(Rule.objects.select_related("brand"), pk=pk)
    if request.method == "POST":
        keeping.switch(found, on=True, by=request.user, now=timezone.now())
        messages.success(request, _("“%(rule)s” is asked of whatever is said from now on.") % {"rule": found})
        return redirect("moderation:rules", brand=request.brand.slug)
    try:
        ready = compiled(found.pk, found.conditions, found.actions)
    except (QueryError, ValueError):
        messages.error(request, _("This rule cannot be read any more: open it and put it right."))
        return redirect("moderation:rule_edit", brand=request.brand.slug, pk=found.pk)
    tried = try_rule(ready, brand=request.brand, now=timezone.now(), days=_days(request))
    context = {
        "rule": found,
        "tried": tried,
        "outcomes": _in_words(tried),
        "spans": DAYS,
        "days": _days(request),
        **_frame(),
    }
    return render(request, "moderation/rule_live.html", context)


@for_brand(Right.ADMINISTER)
@require_POST
def rule_act(request: BrandRequest, pk: int) -> HttpResponse:
    """One place up or down, to sleep, or away: as the pressed button says."""
    found: Rule = get_object_or_404(Rule.objects.select_related("brand"), pk=pk)
    act = request.POST.get("act", "")
    if act == "delete":
        keeping.delete(found, by=request.user)
        messages.success(request, _("The rule is deleted; what it did stays done."))
    elif act == "off":
        keeping.switch(found, on=False, by=request.user, now=timezone.now())
    elif act in ("up", "down"):
        keeping.shift(found, up=act == "up", by=request.user)
    return redirect("moderation:rules", brand=request.brand.slug)


def _form(request: BrandRequest, form: RuleForm, tried: Tried | None = None) -> HttpResponse:
    context = {
        "form": form,
        "rule": form.instance,
        "asks": [(ask.value, words) for ask, (words, _icon) in ASKS.items()],
        "does": [(do.value, words) for do, (words, _icon) in DOES.items()],
        "full": len(form.conditions) >= LINES or len(form.actions) >= LINES,
        "tried": tried,
        "outcomes": _in_words(tried) if tried else (),
        "spans": DAYS,
        "days": _days(request),
        **_frame(),
    }
    return render(request, "moderation/rule_form.html", context)


def _changed(request: BrandRequest, act: str, what: str) -> Any:
    """What was sent, with one line more (`what`: its letter) or less (its place)."""
    data = request.POST.copy()
    if act == "drop":
        data.pop(f"{what}-kind", None)
    elif what in ("c", "a"):
        places = [int(name[1:].partition("-")[0]) for name in data if name[1:].partition("-")[0].isdigit()]
        data[f"{what}{max(places, default=-1) + 1}-kind"] = request.POST.get(f"new-{what}", "")
    return data


def _in_words(tried: Tried) -> list[tuple[Any, Any]]:
    return [(outcome, DOES[outcome.action.do]) for outcome in tried.outcomes]


def _days(request: BrandRequest) -> int:
    wanted = request.POST.get("days") or request.GET.get("days") or ""
    return int(wanted) if wanted in {str(days) for days in DAYS} else 30


def _frame() -> dict[str, Any]:
    return {"tab": "rules", "numbers": numbers()}
