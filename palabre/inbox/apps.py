"""The inbox: what people say to the brand, and what it answers."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InboxConfig(AppConfig):
    """Line, Thread, Conversation, Message, Reply."""

    name = "palabre.inbox"
    verbose_name = _("Inbox")

    def ready(self) -> None:
        """Say what waits for a reader, and what somebody who leaves had here."""
        from palabre.agency import belongings
        from palabre.inbox.attaching import in_hand
        from palabre.inbox.belongings import KIND
        from palabre.inbox.selectors import counter
        from palabre.publishing.library.sweeping import IN_HAND
        from palabre.ui.navigation import count

        belongings.register(KIND)
        IN_HAND.append(in_hand)
        count("answer", counter)
