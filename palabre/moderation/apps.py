"""Moderation: a queue to review, decisions that name their reason, appeals."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ModerationConfig(AppConfig):
    """Case, Decision, Appeal, Article."""

    name = "palabre.moderation"
    verbose_name = _("Moderation")

    def ready(self) -> None:
        """Say what somebody who leaves had here."""
        from palabre.agency import belongings
        from palabre.moderation.belongings import KIND

        belongings.register(KIND)
