"""A saved reply as it would be said in one conversation. Reads only, in the brand's scope."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone, translation

from palabre.agency.models import User
from palabre.channels.words import label_of
from palabre.inbox.models import Conversation, SavedReply, SavedText
from palabre.inbox.saved import rules
from palabre.inbox.saved.selectors import found
from palabre.ui import moments


@dataclass(frozen=True, kw_only=True)
class Offered:
    """A saved reply for one conversation: its wordings filled in, the best first."""

    saved: SavedReply
    wordings: Sequence[tuple[SavedText, str]]

    @property
    def best(self) -> str:
        """What is put in where nobody chooses."""
        return self.wordings[0][1]


def filled(saved_reply: SavedReply, conversation: Conversation, by: User | None, tone: str = "") -> str:
    """The wording for this conversation, in its language, with all that is known filled in; "" without any.

    `by` signs it; None: Palabre answers by a rule, and the brand does.
    """
    texts = rules.in_order(list(saved_reply.texts.all()), languages_of(conversation), tone)
    return filled_text(texts[0], conversation, by) if texts else ""


def filled_text(text: SavedText, conversation: Conversation, by: User | None) -> str:
    """One wording, chosen by a person."""
    return rules.filled(text.text, _in_language(known(conversation, by), text.language))


def offered(conversation: Conversation, by: User, words: str = "") -> list[Offered]:
    """What the person has that these words find, ready to be put into an answer; the most used first."""
    languages, values = languages_of(conversation), known(conversation, by)
    result = []
    for saved in found(by, words=words).order_by("-used", "title", "pk"):
        texts = rules.in_order(list(saved.texts.all()), languages)
        if texts:
            wordings = [
                (text, rules.filled(text.text, _in_language(values, text.language))) for text in texts
            ]
            result.append(Offered(saved=saved, wordings=wordings))
    return result


def languages_of(conversation: Conversation) -> list[str]:
    """The language somebody writes to us in, then those of the brand."""
    theirs = conversation.messages.filter(ours=False, gone_at=None).exclude(item__language="")
    spoken = theirs.order_by("-at", "-pk").values_list("item__language", flat=True).first()
    return [*([spoken[:2]] if spoken else []), *(one[:2] for one in conversation.channel.brand.languages)]


def known(conversation: Conversation, by: User | None) -> dict[str, str]:
    """What each variable stands for here."""
    author, channel = conversation.author, conversation.channel
    brand = channel.brand
    handle = rules.plain(author.handle.lstrip("@"))
    name = rules.plain(author.name) or handle
    return {
        "name": name,
        "first_name": rules.first_name(author.name) or handle,
        "handle": handle,
        "brand": brand.name,
        "site": brand.website,
        "network": label_of(channel.network),
        "account": str(channel),
        # Never an address: what is filled in is published.
        "me": rules.plain(by.name) if by is not None and by.name else brand.name,
        "date": moments.day(timezone.localtime()),
        "year": str(timezone.localtime().year),
    }


def _in_language(values: dict[str, str], language: str) -> dict[str, str]:
    """A day is said in the language of what is written, whatever that of its writer's pages."""
    if language not in dict(settings.LANGUAGES):
        return values
    with translation.override(language):
        return values | {"date": moments.day(timezone.localtime())}
