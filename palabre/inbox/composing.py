"""The composer of an answer as a page shows it: its files, its length, what stands against it. Reads only."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from palabre.agency.access import BrandRequest
from palabre.inbox import attaching
from palabre.inbox.answering import problems_of, rules_of_answers
from palabre.inbox.approval.steps import approver_of
from palabre.inbox.approval.words import who_words
from palabre.inbox.models import Conversation
from palabre.inbox.words import problem_words, unit_words
from palabre.networks.errors import Problem
from palabre.networks.text_length import measure
from palabre.publishing.composing import media_fields
from palabre.publishing.composing.media_fields import Row
from palabre.publishing.models import Asset
from palabre.publishing.views.library import received

SILENT = frozenset(("text_missing",))
"""What is not said while somebody has not begun to write."""


def attached(request: BrandRequest) -> tuple[QueryDict, list[Row], list[str]]:
    """What was typed with the files that were picked or sent with it; their rows; why others were refused."""
    data = request.POST.copy()
    taken, refusals = received(request)
    picked = [int(key) for key in data.getlist("pick") if key.isascii() and key.isdigit() and len(key) < 19]
    there = set(Asset.objects.filter(pk__in=picked, deleted_at=None).values_list("pk", flat=True))
    media_fields.add(data, [*(asset.pk for asset in taken), *(key for key in picked if key in there)])
    act, _sep, place = data.get("act", "").partition("-")
    if act == "drop" and place.isascii() and place.isdigit():
        media_fields.shift(data, "drop", int(place))
    return data, media_fields.typed(data)[: attaching.MOST], refusals


def composer(
    conversation: Conversation,
    *,
    text: str,
    rows: Sequence[Row],
    now: datetime,
    refusals: Sequence[str] = (),
) -> dict[str, Any]:
    """What the templates of the composer are given beside its form."""
    channel = conversation.channel
    rules = rules_of_answers(channel)
    approver = approver_of(channel)
    if rules is None:
        return {"rules": None, "length": None, "unit": "", "attached_rows": rows, "refusals": refusals}
    media = [row.medium for row in rows]
    found = problems_of(channel, rules, text=text, media=media, now=now) if text.strip() or media else ()
    types = [mime for limits in rules.media.values() if limits.most for mime in limits.types]
    return {
        "rules": rules,
        "length": measure(text, rules, with_media=bool(media)),
        "unit": unit_words(rules),
        "attached_rows": rows,
        "refusals": [*refusals, *(sentences(found, rows, media=True))],
        "problems": sentences([one for one in found if one.code not in SILENT], rows, media=False),
        "takes_files": any(limits.most for limits in rules.media.values()) and rules.media_max != 0,
        "accept": ",".join(types),
        "approved_by": who_words(approver) if approver else "",
    }


def sentences(found: Sequence[Problem], rows: Sequence[Row], *, media: bool) -> list[str]:
    """What stands against the files, or against the rest, in words; a file is named."""
    told = []
    for problem in found:
        if (problem.field in ("media", "alt")) is not media:
            continue
        words = problem_words(problem)
        place = problem.place
        if media and place is not None and place < len(rows):
            words = _("“%(name)s”: %(why)s") % {"name": rows[place].asset.name, "why": words}
        told.append(words)
    return told
