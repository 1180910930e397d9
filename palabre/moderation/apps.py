"""Moderation: a queue to review, decisions that name their reason, appeals."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ModerationConfig(AppConfig):
    """Case, Decision, Appeal, Article."""

    name = "palabre.moderation"
    verbose_name = _("Moderation")
