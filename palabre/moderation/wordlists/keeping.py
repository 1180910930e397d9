"""Making, changing and switching word lists, each in the audit log. Writes only."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from palabre.agency.audit import record
from palabre.agency.models import User
from palabre.moderation.models import Word, WordList
from palabre.moderation.wordlists.exchange import Row

MOST = 100
"""Lists of a brand."""


@transaction.atomic
def save(wordlist: WordList, rows: Sequence[Row], *, article: int | None, by: User, now: datetime) -> None:
    """Keep a list with its entries, the old ones replaced; a new one sleeps until it is switched on."""
    new = wordlist.pk is None
    before = None if new else _said(WordList.objects.get(pk=wordlist.pk))
    wordlist.article, wordlist.changed_by, wordlist.changed_at = article, by, now
    wordlist.failed_at, wordlist.error_code = None, ""
    if new:
        wordlist.made_by, wordlist.made_at = by, now
    wordlist.save()
    Word.objects.filter(wordlist=wordlist).delete()
    Word.objects.bulk_create(
        Word(
            brand_id=wordlist.brand_id,
            wordlist=wordlist,
            text=row.text,
            replacement=row.replacement[:500],
            cased=row.cased,
        )
        for row in rows
    )
    _log(wordlist, by, "create" if new else "change", before=before, after=_said(wordlist))


@transaction.atomic
def switch(wordlist: WordList, *, on: bool, by: User, now: datetime) -> None:
    """Let a list live, or sleep."""
    wordlist.is_active, wordlist.changed_by, wordlist.changed_at = on, by, now
    if on:
        wordlist.failed_at, wordlist.error_code = None, ""
    wordlist.save(update_fields=["is_active", "changed_by", "changed_at", "failed_at", "error_code"])
    _log(wordlist, by, "on" if on else "off")


@transaction.atomic
def delete(wordlist: WordList, *, by: User) -> None:
    """Take a list away; what it did stays done."""
    _log(wordlist, by, "delete", before=_said(wordlist))
    wordlist.delete()


def _said(wordlist: WordList) -> dict[str, Any]:
    return {
        "name": wordlist.name,
        "act": wordlist.act,
        "channel": wordlist.channel_id,
        "article": wordlist.article,
        "words": Word.objects.filter(wordlist=wordlist).count(),
    }


def _log(wordlist: WordList, by: User, act: str, *, before: Any = None, after: Any = None) -> None:
    record(
        brand=wordlist.brand,
        by=by,
        act=f"moderation.words.{act}",
        subject=f"{wordlist.name} ({wordlist.pk})",
        before=before,
        after=after,
    )
