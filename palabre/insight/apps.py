"""Figures and series, read only."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InsightConfig(AppConfig):
    """What the mentions say when they are counted."""

    name = "palabre.insight"
    verbose_name = _("Insight")

    def ready(self) -> None:
        """Draw the pictures of the alerts."""
        from palabre.alerts.pictures import register
        from palabre.insight.pictures import volume_picture

        register(volume_picture)
