"""Channels: the accounts a brand connected, with their secrets, health and budgets."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChannelsConfig(AppConfig):
    """Channel, its sign-in, and what its calls cost."""

    name = "palabre.channels"
    verbose_name = _("Channels")
