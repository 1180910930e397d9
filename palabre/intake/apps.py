"""The way in, as one list."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntakeConfig(AppConfig):
    """Pipeline, pull, listeners, schedule."""

    name = "palabre.intake"
    verbose_name = _("Intake")
