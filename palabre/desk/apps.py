"""Home: what needs me now."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    """Today, search, what crosses apps."""

    name = "palabre.desk"
    verbose_name = _("Desk")
