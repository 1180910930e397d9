"""What people said, stored once."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StreamConfig(AppConfig):
    """Authors, items, threads, stories, and the only upsert of them."""

    name = "palabre.stream"
    verbose_name = _("Stream")
