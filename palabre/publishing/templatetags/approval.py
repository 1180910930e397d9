"""What pages say of an approval: what waits for the reader, who decides, what was said so far."""

from django import template
from django.db.models import QuerySet

from palabre.channels.models import Channel
from palabre.publishing.approval.queues import (
    Asked,
    Steps,
    asked,
    by_post,
    mine,
    pending,
    steps_for,
    steps_of_brand,
)
from palabre.publishing.models import Approval, Delivery, Step

register = template.Library()


@register.simple_tag(takes_context=True)
def approvals_waiting(context: template.Context) -> int:
    """How many contents of the brand the reader may decide on now."""
    request = context["request"]
    return len(by_post(mine(asked(request.brand), request.user)))


@register.filter
def heard(one: Asked) -> "QuerySet[Step]":
    """What was said at the steps before, and at the last refusal, in order."""
    said = Step.objects.filter(delivery=one.delivery, act__in=("approved_step", "refused")).exclude(note="")
    return said.select_related("by")


@register.filter
def standing(delivery: Delivery) -> Asked | None:
    """The approval a delivery waits for."""
    found = asked(delivery.brand, pending().filter(delivery=delivery))
    return found[0] if found else None


@register.filter
def refusal(delivery: Delivery) -> Approval | None:
    """The decision that stopped a delivery."""
    rows = Approval.objects.filter(delivery=delivery, state="refused").select_related("decided_by")
    return rows.order_by("-pk").first()


@register.simple_tag(takes_context=True)
def asks(context: template.Context, channel: Channel) -> str:
    """Who has to approve what leaves on this account, in order; "" for nobody. Read once a page."""
    kept: Steps | None = context.render_context.get("approval_steps")
    if kept is None:
        kept = context.render_context["approval_steps"] = steps_of_brand()
    return ", ".join(tier.words for tier in steps_for(kept, channel.pk))
