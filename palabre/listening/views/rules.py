"""Pages about rules: their list in order, the editor with its dry run on the past."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from palabre.agency.access import BrandRequest, for_brand
from palabre.agency.audit import record
from palabre.agency.roles import Right
from palabre.listening.models import Rule
from palabre.listening.rule_form import RuleForm
from palabre.listening.rule_runs import dry_run, renumbered


@for_brand(Right.LOOK)
def rules(request: BrandRequest) -> HttpResponse:
    """Every rule in the order they are asked."""
    return render(request, "listening/rules.html", {"rules": Rule.objects.all()})


@for_brand(Right.LISTEN)
def rule_edit(request: BrandRequest, pk: int | None = None) -> HttpResponse:
    """Make or change a rule; `try` runs it dry on the past instead of saving."""
    last = Rule.objects.count()
    rule = get_object_or_404(Rule.objects.all(), pk=pk) if pk else Rule(brand=request.brand, position=last)
    form = RuleForm(request.POST or None, instance=rule)
    found = None
    if request.method == "POST" and form.is_valid():
        if "try" in request.POST:
            found = dry_run(form.compiled())
        else:
            with transaction.atomic():
                form.save()
                act = "rule.change" if pk else "rule.create"
                record(brand=request.brand, by=request.user, act=act, subject=rule.name, after=rule.actions)
            messages.success(
                request,
                _("The rule “%(rule)s” is saved; it is asked of every new mention.") % {"rule": rule.name},
            )
            return redirect("listening:rules", brand=request.brand.slug)
    return render(request, "listening/rule_form.html", {"form": form, "rule": rule, "found": found})


@for_brand(Right.LISTEN)
@require_POST
def rule_move(request: BrandRequest, pk: int) -> HttpResponse:
    """One place up or down, on or off, or away: as the pressed button says."""
    rule: Rule = get_object_or_404(Rule.objects.all(), pk=pk)
    act = request.POST.get("act", "")
    with transaction.atomic():
        if act == "delete":
            record(brand=request.brand, by=request.user, act="rule.delete", subject=rule.name)
            rule.delete()
            messages.success(request, _("The rule is deleted; what it did stays done."))
        elif act == "toggle":
            rule.is_active = not rule.is_active
            rule.save(update_fields=["is_active"])
        elif act in ("up", "down"):
            ordered = list(Rule.objects.all())
            at = ordered.index(rule)
            ordered.insert(max(0, at + (-1 if act == "up" else 1)), ordered.pop(at))
            renumbered(ordered)
    return redirect("listening:rules", brand=request.brand.slug)
