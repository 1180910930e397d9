"""Telling people: what happened, to whom, how often."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AlertsConfig(AppConfig):
    """Rules, events, digests; e-mail, webhook, feed."""

    name = "palabre.alerts"
    verbose_name = _("Alerts")

    def ready(self) -> None:
        """Say what somebody who leaves had here."""
        from palabre.agency import belongings
        from palabre.alerts.belongings import KIND

        belongings.register(KIND)
