"""Publishing: contents, their form on each network, and their deliveries."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PublishingConfig(AppConfig):
    """Post, Variant, Delivery."""

    name = "palabre.publishing"
    verbose_name = _("Publishing")

    def ready(self) -> None:
        """Say where somebody who leaves was asked to approve."""
        from palabre.agency import belongings
        from palabre.publishing.approval.belongings import KIND

        belongings.register(KIND)
