"""Pages about alerts: the list, the editor, what was told and how it went, unsubscribing, the mail server."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from palabre.agency.access import (
    BrandRequest,
    MemberRequest,
    for_anyone,
    for_brand,
    for_members,
    may_set_up,
)
from palabre.agency.roles import Right
from palabre.alerts import topics
from palabre.alerts.forms import MailServerForm, RuleForm
from palabre.alerts.mail import MailNotConfigured, is_configured
from palabre.alerts.models import Digest, Event, MailServer, Rule
from palabre.alerts.subscriptions import (
    delete_rule,
    pause_rule,
    recipient_of,
    renew_feed,
    save_rule,
    send_again,
    unsubscribe,
)
from palabre.alerts.trial import Trouble, send_trial
from palabre.alerts.wording import line_of
from palabre.kit.states import Moved


@for_brand(Right.LOOK)
def rules(request: BrandRequest) -> HttpResponse:
    """Every alert, what was told lately, and what could not be sent."""
    context = {
        "rules": Rule.objects.prefetch_related("recipients"),
        "lines": [line_of(event) for event in Event.objects.all()[:30]],
        "troubles": Digest.objects.filter(state__in=("failed", "unknown")).select_related(
            "rule", "recipient"
        )[:20],
        "mail_ready": is_configured(),
    }
    return render(request, "alerts/rules.html", context)


@for_brand(Right.LISTEN)
def rule_edit(request: BrandRequest, pk: int | None = None) -> HttpResponse:
    """Make or change an alert."""
    rule: Rule = get_object_or_404(Rule.objects.all(), pk=pk) if pk else _new_rule(request)
    form = RuleForm(request.POST or None, instance=rule, topic_choices=topics.choices(request.brand))
    if not pk and request.method == "GET":
        form.initial["recipients"] = request.user.email
    if request.method == "POST" and form.is_valid():
        saved = form.save(commit=False)
        saved.filter, saved.threshold = form.filter(), form.threshold()
        save_rule(rule=saved, by=request.user, recipients=form.cleaned_data["recipients"])
        messages.success(request, _("The alert “%(rule)s” is saved.") % {"rule": saved.name})
        return redirect("alerts:rules", brand=request.brand.slug)
    return render(
        request, "alerts/rule_form.html", {"form": form, "rule": rule, "mail_ready": is_configured()}
    )


def _new_rule(request: BrandRequest) -> Rule:
    brand = request.brand
    return Rule(brand=brand, name=brand.name, time_zone=brand.time_zone, language=request.user.language)


@for_brand(Right.LISTEN)
@require_POST
def rule_pause(request: BrandRequest, pk: int) -> HttpResponse:
    """Stop or resume an alert."""
    rule: Rule = get_object_or_404(Rule.objects.all(), pk=pk)
    pause_rule(rule=rule, by=request.user, paused=not rule.is_paused)
    return redirect("alerts:rules", brand=request.brand.slug)


@for_brand(Right.LISTEN)
@require_POST
def rule_readdress(request: BrandRequest, pk: int) -> HttpResponse:
    """Give the private feed of an alert another address."""
    rule: Rule = get_object_or_404(Rule.objects.all(), pk=pk)
    renew_feed(rule=rule, by=request.user)
    messages.success(request, _("The feed has another address; copy it again where it is read."))
    return redirect("alerts:rules", brand=request.brand.slug)


@for_brand(Right.LISTEN)
@require_POST
def rule_delete(request: BrandRequest, pk: int) -> HttpResponse:
    """Remove an alert."""
    delete_rule(rule=get_object_or_404(Rule.objects.all(), pk=pk), by=request.user)
    messages.success(request, _("The alert is deleted."))
    return redirect("alerts:rules", brand=request.brand.slug)


@for_brand(Right.LISTEN)
@require_POST
def digest_again(request: BrandRequest, pk: int) -> HttpResponse:
    """Send a digest again that failed or whose fate is unknown."""
    digest: Digest = get_object_or_404(Digest.objects.select_related("rule"), pk=pk)
    try:
        send_again(digest=digest, by=request.user, brand=request.brand)
    except (Moved, ValueError):
        messages.info(request, _("It is on its way already."))
    else:
        messages.success(request, _("It will be sent within a minute."))
    return redirect("alerts:rules", brand=request.brand.slug)


@csrf_exempt
@for_anyone
def unsubscribe_link(request: HttpRequest, token: str) -> HttpResponse:
    """Leave an alert. A mail program posts here by itself (RFC 8058); a person is asked once."""
    recipient = recipient_of(token)
    if recipient is None:
        return render(request, "alerts/unsubscribe.html", {"recipient": None}, status=404)
    if request.method == "POST":
        unsubscribe(recipient)
        return render(request, "alerts/unsubscribe.html", {"recipient": recipient, "done": True})
    return render(request, "alerts/unsubscribe.html", {"recipient": recipient, "done": False})


@for_members
def mail_server(request: MemberRequest) -> HttpResponse:
    """Where mail leaves from, and a test message to oneself."""
    if not may_set_up(request.user):
        raise PermissionDenied
    form = MailServerForm(request.POST or None, instance=MailServer.objects.first())
    if request.method == "POST" and form.is_valid():
        form.save()
        try:
            trouble = send_trial(request.user.email)
        except MailNotConfigured:
            trouble = Trouble(field="host", words=_("Type the name of your mail server first."))
        if trouble is None:
            said = _("Saved. A test message is on its way to %(email)s.")
            messages.success(request, said % {"email": request.user.email})
            return redirect("alerts:mail_server")
        form.add_error(trouble.field, trouble.words)
    return render(request, "alerts/mail_server.html", {"form": form, "mail_ready": is_configured()})
