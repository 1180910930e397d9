"""The author is told: what was done, by which article, why, and how to object. On the path: after a decision.

The text comes from the brand's template in the author's language; a person reads it before it leaves. It goes
out as an answer of the inbox where the network allows one, else it is copied by hand.
"""

import re
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format

from palabre.agency.audit import record
from palabre.agency.models import User
from palabre.inbox.answering import answer, rules_of_answers
from palabre.moderation.deciding import subject_of
from palabre.moderation.models import Decision, Wording
from palabre.moderation.words import done_words

USUAL: Mapping[str, str] = {
    "fr": "Bonjour {auteur},\n\n"
    "votre message du {date} a été modéré (mesure prise\u00a0: {mesure}). Il va contre notre charte, "
    "article {article}. {motif}\n\n"
    "Vous pouvez contester cette mesure en nous répondant\u00a0: une autre personne la réexaminera.\n\n"
    "{marque}",
    "en": "Hello {author},\n\n"
    "your message of {date} was moderated (what was done: {act}). It goes against our charter, "
    "article {article}. {reason}\n\n"
    "You may object by answering us: somebody else will look at it again.\n\n"
    "{brand}",
}
"""What is written where a brand has no wording of its own."""
VARIABLES: Mapping[str, tuple[str, ...]] = {
    "fr": ("auteur", "date", "mesure", "article", "règle", "motif", "message", "marque", "fin"),
    "en": ("author", "date", "act", "article", "rule", "reason", "message", "brand", "end"),
}
"""What may stand between braces, in either language, in the same order."""


class NoWay(Exception):
    """The statement cannot leave as an answer: the network or the account allows none, or it is gone."""


def language_of(decision: Decision) -> str:
    """The language to write in: French to who wrote in French, else the brand's first, else English."""
    said = decision.evidence.language if hasattr(decision, "evidence") else ""
    first = said or next(iter(decision.brand.languages), "fr")
    return "fr" if first.startswith("fr") else "en"


def template_of(language: str) -> str:
    """The brand's wording, or the usual one. In the brand's scope."""
    own = Wording.objects.filter(language=language).values_list("text", flat=True).first()
    return own or USUAL[language]


def statement(decision: Decision, language: str | None = None) -> str:
    """The statement of reasons, filled in; a variable nobody knows stays as it is written."""
    spoken = language or language_of(decision)
    values = dict(zip(VARIABLES[spoken], _values(decision, spoken), strict=True))
    # In one pass: a brace in what somebody said is no variable.
    filled = re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], found[0]), template_of(spoken))
    return re.sub(r"\n{3,}", "\n\n", filled).strip()


def _values(decision: Decision, spoken: str) -> tuple[str, ...]:
    """What each of `VARIABLES` stands for, in their order."""
    article, evidence = decision.article, getattr(decision, "evidence", None)
    author = (evidence.author_name or evidence.author_handle) if evidence else ""
    quoted = "«\u00a0{}\u00a0»" if spoken == "fr" else "“{}”"
    named = f"{article.number} ({quoted.format(article.title)})" if article else ""
    with translation.override(spoken):
        day = date_format(timezone.localtime(evidence.said_at if evidence else decision.at), "DATE_FORMAT")
        until = date_format(timezone.localtime(decision.until), "DATE_FORMAT") if decision.until else ""
        done = str(done_words(decision.act))
    rule, said = article.text if article else "", evidence.text if evidence else ""
    return (author, day, done, named, rule, _sentence(decision.why), said, decision.brand.name, until)


def _sentence(words: str) -> str:
    """A word in haste as a sentence: a capital, a full stop."""
    text = words.strip()
    whole = text[:1].upper() + text[1:]
    return whole if not whole or whole.endswith((".", "!", "?", "…")) else whole + "."


def can_answer(decision: Decision) -> bool:
    """Whether the statement can leave as an answer to the message."""
    message = decision.message
    return bool(
        message
        and message.conversation_id
        and message.gone_at is None
        and rules_of_answers(decision.channel) is not None
    )


@transaction.atomic
def send(*, decision: Decision, by: User, text: str, now: datetime) -> None:
    """Tell the author by an answer. Raises NoWay, and as `inbox.answering.answer` does."""
    if not can_answer(decision) or decision.message is None or decision.message.conversation is None:
        raise NoWay
    seen = decision.message.conversation.messages.order_by("-pk").values_list("pk", flat=True).first() or 0
    reply = answer(
        conversation=decision.message.conversation,
        by=by,
        text=text,
        seen=seen,
        then="waiting",
        now=now,
        to=decision.message,
        anyway=True,
    )
    _put_down(decision, by=by, text=text, now=now, reply_id=reply.pk)


@transaction.atomic
def told_by_hand(*, decision: Decision, by: User, text: str, now: datetime) -> None:
    """Somebody told the author on the network, by mail or otherwise, with these words."""
    _put_down(decision, by=by, text=text, now=now, reply_id=None)


def _put_down(decision: Decision, *, by: User, text: str, now: datetime, reply_id: int | None) -> None:
    changes = {"told": text, "told_at": now, "told_by": by, "reply_id": reply_id}
    Decision.objects.filter(pk=decision.pk).update(**changes)
    for name, value in changes.items():
        setattr(decision, name, value)
    how = "answer" if reply_id else "by hand"
    subject = subject_of(decision)
    after = {"text": text, "how": how}
    record(brand=decision.brand, by=by, act="moderation.tell", subject=subject, after=after)
