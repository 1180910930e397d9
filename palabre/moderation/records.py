"""What this room holds of one person, how long, and taking it all away: words and names go, counts stay."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from palabre.agency.models import AuditEntry, Brand
from palabre.moderation.cases import subject_of
from palabre.moderation.models import Appeal, Case, Decision, Evidence, Picture
from palabre.moderation.states import DECISION
from palabre.stream.models import Author

_UNDER_WAY = tuple(state for state, to in DECISION.moves.items() if "dropped" in to)
_EMPTY: dict[str, Any] = {
    "target_id": "",
    "author_id_there": "",
    "root_id": "",
    "text": "",
    "why": "",
    "told": "",
    "answer": {},
    "error_params": {},
    "reply": None,
}


def decided_about(author: Author) -> list[Any]:
    """What was decided about this person, on what evidence, and what they said to it, as JSON. In scope."""
    found = []
    rows = Decision.objects.filter(author=author).select_related("article", "evidence").order_by("pk")
    for one in rows.prefetch_related("appeals"):
        evidence = getattr(one, "evidence", None)
        found.append(
            {
                "act": one.act,
                "at": one.at,
                "until": one.until,
                "state": one.state,
                "article": f"{one.article.number}. {one.article.title}" if one.article else None,
                "reasons": one.kinds,
                "why": one.why,
                "told": one.told,
                "said": evidence.text if evidence else None,
                "said_at": evidence.said_at if evidence else None,
                "pictures": [row.url for row in evidence.pictures.only("url")] if evidence else [],
                "appeals": list(one.appeals.values("words", "received_at", "state", "answer")),
            }
        )
    return found


def forget(*, brand: Brand, author: Author, items: Sequence[int] = (), pattern: str = "") -> None:
    """Take this person out of what was decided: evidence, pictures, words, appeals; the counts stay.

    `items`: what others said that goes with them. `pattern`: a regular expression of what names them in the
    evidence of others. In the caller's transaction, in scope, before the author is deleted.
    """
    cases = Case.objects.filter(Q(message__item__author=author) | Q(message__item__in=list(items)))
    flagged = [subject_of(case) for case in cases.only("pk")]
    AuditEntry.objects.filter(brand=brand, act="moderation.flag", subject__in=flagged).update(why="")
    about = Q(author=author) | Q(message__item__in=list(items))
    if pattern:
        about |= Q(evidence__text__iregex=pattern) | Q(evidence__title__iregex=pattern)
    _empty(brand, Decision.objects.filter(about))
    if pattern:
        naming = Q(words__iregex=pattern) | Q(answer__iregex=pattern)
        Appeal.objects.filter(naming).update(words="", answer="")
        for field in ("why", "told", "text"):
            Decision.objects.filter(**{f"{field}__iregex": pattern}).update(**{field: ""})


@transaction.atomic
def forget_before(*, brand: Brand, before: datetime, most: int) -> int:
    """Empty at most `most` decisions that are past the brand's time; how many. Call until 0. In scope."""
    old = Evidence.objects.filter(decision__at__lt=before).values_list("decision", flat=True)[:most]
    ids = list(old)
    _empty(brand, Decision.objects.filter(pk__in=ids))
    return len(ids)


def _empty(brand: Brand, rows: "QuerySet[Decision]") -> None:
    ids = list(rows.values_list("pk", flat=True))
    Picture.objects.filter(evidence__decision__in=ids).delete()
    Evidence.objects.filter(decision__in=ids).delete()
    Appeal.objects.filter(decision__in=ids).update(words="", answer="")
    Decision.objects.filter(pk__in=ids, state__in=_UNDER_WAY).update(state="dropped")
    Decision.objects.filter(pk__in=ids).update(**_EMPTY, author=None)
    subjects = [f"#{pk}" for pk in ids]
    told = AuditEntry.objects.filter(brand=brand, act__startswith="moderation.", subject__in=subjects)
    told.update(before=None, after=None, why="")
