"""What a brand's corrections have taught, ready for the next guesses; learnt again when one is added."""

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import Count, Max

from palabre.agency.models import Brand
from palabre.enrichment import Adjustment, learn
from palabre.enrichment import Lesson as Taught
from palabre.listening.models import Lesson
from palabre.stream.models import Sentiment
from palabre.stream.tidy import numbers

NEWEST = 500
"""Corrections that are learnt from, the newest: they are minutes of a person's work each."""
NAMES = {Sentiment.NEGATIVE: "negative", Sentiment.NEUTRAL: "neutral", Sentiment.POSITIVE: "positive"}


class Learnt:
    """Every brand's adjustment, kept in this process until its lessons change."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Any, Adjustment | None]] = {}

    def brands(self, brands: Iterable[Brand]) -> set[int]:
        """The ids of those of these brands that corrected anything; crosses brands on purpose."""
        with connection.cursor() as cursor:
            cursor.execute(
                """SELECT brand.id FROM unnest(%s::bigint[]) AS brand (id)
                   WHERE EXISTS (SELECT FROM listening_lesson AS lesson WHERE lesson.brand_id = brand.id)""",
                [numbers(brand.pk for brand in brands)],
            )
            return {id_ for (id_,) in cursor.fetchall()}

    def of(self, brand: Brand) -> Adjustment | None:
        """The brand's adjustment, None while nobody corrected anything; in the brand's own scope."""
        stamp = Lesson.objects.filter(brand=brand).aggregate(last=Max("at"), many=Count("pk"))
        known = self._known.get(brand.pk)
        if known is None or known[0] != stamp:
            known = self._known[brand.pk] = (stamp, _learn(brand) if stamp["many"] else None)
        return known[1]


def _learn(brand: Brand) -> Adjustment:
    newest = Lesson.objects.filter(brand=brand).select_related("item").order_by("-at", "-pk")[:NEWEST]
    return learn(
        [
            Taught(
                text=f"{lesson.item.title}\n{lesson.item.text}" if lesson.item.title else lesson.item.text,
                language=lesson.item.language,
                label=NAMES[Sentiment(lesson.tone)],
            )
            for lesson in reversed(newest)
        ]
    )
