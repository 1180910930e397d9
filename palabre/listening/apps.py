"""Topics and sources: what a brand listens for, and where."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ListeningConfig(AppConfig):
    """Topic, Source, Mention, and their rollups."""

    name = "palabre.listening"
    verbose_name = _("Listening")

    def ready(self) -> None:
        """Tell the alerts which topics there are, and the agency what somebody who leaves had here."""
        from palabre.agency import belongings
        from palabre.alerts.topics import register
        from palabre.listening.belongings import KIND
        from palabre.listening.selectors import topic_choices

        register(topic_choices)
        belongings.register(KIND)
