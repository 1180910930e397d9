"""Saved replies made, changed, let go, used. Writes only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F

from palabre.agency.audit import record
from palabre.agency.models import Brand, User
from palabre.inbox.models import SavedReply, SavedText


@dataclass(frozen=True, kw_only=True)
class Wording:
    """One text of a saved reply; `language` is two letters or "" for any."""

    language: str
    tone: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What a person says of a saved reply. `shared`: every colleague has it, else its writer alone."""

    title: str
    wordings: Sequence[Wording]
    shortcut: str = ""
    category: str = ""
    shared: bool = True


class Taken(ValueError):
    """Another saved reply has this shortcut."""


class NotYours(Exception):
    """A private reply is for its owner to change."""


@transaction.atomic
def save(
    *, brand: Brand, by: User | None, draft: Draft, now: datetime, saved: SavedReply | None = None
) -> SavedReply:
    """Make a saved reply, or change one. Raises Taken, NotYours; ValueError without a wording."""
    if not draft.wordings:
        raise ValueError("a saved reply says something")
    if saved is not None:
        saved = SavedReply.objects.select_for_update(of=("self",)).get(pk=saved.pk)
        if saved.private_to_id not in (None, by.pk if by else None):
            raise NotYours
    owner = None if draft.shared else by
    twins = SavedReply.objects.filter(shortcut__iexact=draft.shortcut, private_to=owner)
    others = twins.exclude(pk=saved.pk) if saved else twins
    if draft.shortcut and others.exists():
        raise Taken(draft.shortcut)
    before = _told(saved) if saved else None
    row = saved or SavedReply(brand=brand, by=by)
    row.title, row.shortcut, row.category = draft.title, draft.shortcut, draft.category
    row.private_to, row.changed_at = owner, now
    row.save()
    row.texts.all().delete()
    SavedText.objects.bulk_create(
        SavedText(brand=brand, saved=row, language=one.language, tone=one.tone, text=one.text)
        for one in draft.wordings
    )
    after = _told(row)
    if draft.shared or before:
        # What somebody keeps to themselves is nobody else's to read in the log.
        told = (before, after) if draft.shared else (None, None)
        act = "saved.change" if saved else "saved.make"
        record(brand=brand, by=by, act=act, subject=f"saved:{row.pk}", before=told[0], after=told[1])
    return row


@transaction.atomic
def drop(*, saved: SavedReply, by: User) -> None:
    """Let one go with its wordings. Raises NotYours."""
    if saved.private_to_id not in (None, by.pk):
        raise NotYours
    if saved.private_to_id is None:
        record(brand=saved.brand, by=by, act="saved.drop", subject=f"saved:{saved.pk}", before=_told(saved))
    saved.delete()


def note_use(*, saved: SavedReply, now: datetime) -> None:
    """It was put into an answer."""
    SavedReply.objects.filter(pk=saved.pk).update(used=F("used") + 1, used_at=now)


def _told(saved: SavedReply) -> dict[str, object]:
    texts = [{"language": one.language, "tone": one.tone, "text": one.text} for one in saved.texts.all()]
    return {"title": saved.title, "shortcut": saved.shortcut, "shared": saved.private_to_id is None} | {
        "texts": texts
    }
