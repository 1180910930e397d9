"""Who works here, for whom, and with which rights."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AgencyConfig(AppConfig):
    """Organisations, brands, members, roles, the audit log."""

    name = "palabre.agency"
    verbose_name = _("Agency")
