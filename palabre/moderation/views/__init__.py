"""The pages of moderation."""

from palabre.moderation.views.queue import queue

__all__ = ["queue"]
