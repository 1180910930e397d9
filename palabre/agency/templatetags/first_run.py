"""The steps of the first run, the same on its three pages."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

register = template.Library()


@register.inclusion_tag("ui/parts/steps.html")
def first_run(current: int) -> dict[str, Any]:
    """`{% first_run 2 %}`: account, brand, what to listen for."""
    labels = [_("Your account"), _("Your brand"), _("What to listen for")]
    return {"steps": list(enumerate(labels, start=1)), "current": current}
