"""Publishing: contents, their form on each network, and their deliveries."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PublishingConfig(AppConfig):
    """Post, Variant, Delivery."""

    name = "palabre.publishing"
    verbose_name = _("Publishing")
