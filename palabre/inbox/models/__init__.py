"""What people say to the brand and what it answers, what colleagues put on it, and what is promised.

The words themselves are items of `stream`, stored once whoever brought them; here stands what hangs
together, whose turn it is, and what leaves. Keys between rows of a brand are pairs in the database.
"""

from palabre.inbox.models.answers import Approves, Gesture, Reply
from palabre.inbox.models.handling import (
    AuthorCard,
    Colour,
    Label,
    Labelled,
    Note,
    SamePerson,
    SavedView,
    Watch,
)
from palabre.inbox.models.pace import Due, Escalated, Escalation, Kept, Promise, Rhythm
from palabre.inbox.models.saved import SavedReply, SavedText, Tone
from palabre.inbox.models.talk import Conversation, Line, Message, Priority, Thread

__all__ = [
    "Approves",
    "AuthorCard",
    "Colour",
    "Conversation",
    "Due",
    "Escalated",
    "Escalation",
    "Gesture",
    "Kept",
    "Label",
    "Labelled",
    "Line",
    "Message",
    "Note",
    "Priority",
    "Promise",
    "Reply",
    "Rhythm",
    "SamePerson",
    "SavedReply",
    "SavedText",
    "SavedView",
    "Thread",
    "Tone",
    "Watch",
]
