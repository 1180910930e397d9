"""The look of every page: base page, components, tokens, scripts; knows nothing of what it shows."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Templates, tags and static files shared by every room."""

    name = "palabre.ui"
