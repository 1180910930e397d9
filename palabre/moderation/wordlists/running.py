"""Word lists on what was just heard: on the path after `cases.review`, before the rules, in one transaction.

A list meets a message once, and again only when its author changed it. Several lists that change words do so
in one go. A list that fails keeps no message from coming: its page says so.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db import transaction
from django.db.models import F

from palabre.agency.models import Brand
from palabre.inbox.models import Label, Message
from palabre.moderation.cases import Cause, take_in
from palabre.moderation.models import Decision, Kind, Word, WordHit, WordList
from palabre.moderation.ruling.acting import decide_or_queue, put_label
from palabre.moderation.ruling.subjects import Row as Heard
from palabre.moderation.ruling.subjects import rows_of, said_to_us
from palabre.moderation.wordlists.acts import REVIEWED, TAKES_TEXT, WordAct
from palabre.moderation.wordlists.exchange import Row
from palabre.moderation.wordlists.rules import Hit, Matcher
from palabre.moderation.wordlists.trying import becomes, can, matcher_of
from palabre.networks.moderating import Act

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Ready:
    """A list with its words, ready to be looked for."""

    wordlist: WordList
    rows: tuple[Row, ...]
    matcher: Matcher

    @property
    def act(self) -> WordAct:
        return WordAct(self.wordlist.act)


@dataclass(frozen=True, kw_only=True)
class Met:
    """A list that met a message."""

    ready: Ready
    hits: tuple[Hit, ...]
    row: WordHit


def run_lists(*, brand: Brand, messages: Sequence[int], now: datetime) -> int:
    """Look for the brand's words in these messages; how often a list met one. In the brand's scope."""
    lists = _ready(brand, now) if messages else []
    if not lists:
        return 0
    count = 0
    for row in rows_of(said_to_us().filter(pk__in=messages)):
        met = [
            found
            for ready in lists
            if ready.wordlist.channel_id in (None, row.channel)
            and (found := _meet(ready, row, now=now)) is not None
        ]
        count += len(met)
        if met:
            _carry_out(met, row.pk, now=now)
    return count


def rows_in(wordlist: WordList) -> tuple[Row, ...]:
    """The entries of a list, in their order."""
    return tuple(
        Row(text=text, replacement=replacement, cased=cased)
        for text, replacement, cased in Word.objects.filter(wordlist=wordlist).values_list(
            "text", "replacement", "cased"
        )
    )


def _ready(brand: Brand, now: datetime) -> list[Ready]:
    found = []
    for wordlist in WordList.objects.filter(brand=brand, is_active=True):
        rows = rows_in(wordlist)
        try:
            matcher = _matcher(rows, wordlist.disguised)
        except ValueError as error:  # WordError is one: an entry of an older version means nothing now
            _failed(wordlist, error, now=now)
            continue
        found.append(Ready(wordlist=wordlist, rows=rows, matcher=matcher))
    return found


@lru_cache(maxsize=100)
def _matcher(rows: tuple[Row, ...], disguised: bool) -> Matcher:
    return matcher_of(rows, disguised=disguised)


def _meet(ready: Ready, row: Heard, *, now: datetime) -> Met | None:
    hits = ready.matcher.find(row.words)
    if not hits:
        return None
    words = [ready.rows[entry].text for entry in sorted({hit.entry for hit in hits})]
    kept, made = WordHit.objects.get_or_create(
        wordlist=ready.wordlist,
        message_id=row.pk,
        defaults={"brand_id": ready.wordlist.brand_id, "at": now, "words": words},
    )
    if not made and not _is_said_anew(kept, row):
        return None
    kept.at, kept.words = now, words
    return Met(ready=ready, hits=hits, row=kept)


def _is_said_anew(kept: WordHit, row: Heard) -> bool:
    """Whether its author changed the message since, and not we ourselves."""
    if not Message.objects.filter(pk=row.pk, edited_at__gt=kept.at).exists():
        return False
    ours = Decision.objects.filter(message_id=row.pk, act=Act.REWRITE.value).order_by("-pk")
    text = ours.values_list("text", flat=True).first()
    return text is None or text.split() != row.text.split()


def _carry_out(met: Sequence[Met], pk: int, *, now: datetime) -> None:
    """Everything the lists that met one message come to; what fails is told at its list."""
    rows = Message.objects.select_related("brand", "thread__channel", "item__author", "conversation")
    message = rows.get(pk=pk)
    rewriting = [one for one in met if _asked(message, one) is Act.REWRITE]
    for group in [rewriting, *([one] for one in met if one not in rewriting)]:
        if not group:
            continue
        try:
            with transaction.atomic():
                if group is rewriting:
                    _rewrite(group, message, now=now)
                else:
                    _act(group[0], message, now=now)
                for one in group:
                    _put_down(one, message, now=now)
        except Exception as error:  # whatever it is, what people say has to come in: told at the list
            log.exception("word lists failed on message %s", pk)
            for one in group:
                _failed(one.ready.wordlist, error, now=now)


def _asked(message: Message, met: Met) -> Act | None:
    """What the list asks of the message's network, None where it can do nothing."""
    channel = message.thread.channel
    return can(channel, met.ready.act).act if channel is not None else None


def _rewrite(met: Sequence[Met], message: Message, *, now: datetime) -> None:
    """One change of words for all lists; each after what those before it left."""
    text = message.item.text
    for one in met:
        text = becomes(text, one.ready.matcher.find(text), one.ready.act, one.ready.rows)
    article = next((one.ready.wordlist.article for one in met if one.ready.wordlist.article), None)
    code = decide_or_queue(
        message=message,
        act=Act.REWRITE.value,
        label=", ".join(one.ready.wordlist.name for one in met),
        article=article,
        kind=Kind.WORD,
        now=now,
        text=text,
    )
    for one in met:
        one.row.act, one.row.code = Act.REWRITE.value, code


def _act(met: Met, message: Message, *, now: datetime) -> None:
    wordlist = met.ready.wordlist
    act = _asked(message, met)
    if met.ready.act is WordAct.TAG:
        label, _made = Label.objects.get_or_create(
            brand_id=wordlist.brand_id, name__iexact=wordlist.label, defaults={"name": wordlist.label}
        )
        put_label(label, message, now=now)
    elif act is not None:
        met.row.act = act.value
        met.row.code = decide_or_queue(
            message=message,
            act=act.value,
            label=wordlist.name,
            article=wordlist.article,
            kind=Kind.WORD,
            now=now,
        )
    elif met.ready.act is not WordAct.FLAG:
        met.row.code = "unable"


def _put_down(met: Met, message: Message, *, now: datetime) -> None:
    """A person looks at what was done, and at what could not be; the list's page counts it."""
    wordlist = met.ready.wordlist
    if met.ready.act in REVIEWED or (met.ready.act in TAKES_TEXT and met.row.code):
        cause = Cause(kind=Kind.WORD, label=wordlist.name, words=tuple(met.row.words))
        take_in(message=message, causes=[cause], now=now)
    met.row.save(update_fields=["at", "words", "act", "code"])
    WordList.objects.filter(pk=wordlist.pk).update(fired=F("fired") + 1, fired_at=now)


def _failed(wordlist: WordList, error: Exception, *, now: datetime) -> None:
    WordList.objects.filter(pk=wordlist.pk).update(failed_at=now, error_code=type(error).__name__[:60])
