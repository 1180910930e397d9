"""Publishing: contents, their form on each network, and their deliveries."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PublishingConfig(AppConfig):
    """Post, Variant, Delivery."""

    name = "palabre.publishing"
    verbose_name = _("Publishing")

    def ready(self) -> None:
        """Say what somebody who leaves had here, and what waits for a reader."""
        from palabre.agency import belongings
        from palabre.publishing.approval.belongings import KIND as ASKED
        from palabre.publishing.belongings import KIND as OWN
        from palabre.publishing.waiting import counter
        from palabre.ui.navigation import count

        belongings.register(OWN)
        belongings.register(ASKED)
        count("publish", counter)
