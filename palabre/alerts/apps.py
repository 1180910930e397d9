"""Telling people: what happened, to whom, how often."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AlertsConfig(AppConfig):
    """Rules, events, digests; e-mail, webhook, feed."""

    name = "palabre.alerts"
    verbose_name = _("Alerts")
