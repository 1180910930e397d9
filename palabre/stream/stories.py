"""Which story a new item belongs to: near-identical texts of one brand within a fortnight.

Called by `store` under the brands' locks, so two batches never found the same story twice. Candidates
share a band (an index finds them); the signatures then decide. Brands come together, and stay apart.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from palabre.enrichment.neardup import SAME_STORY, Fingerprint, similar
from palabre.stream import tidy

WINDOW = timedelta(days=14)
"""How far apart two tellings of one story may be."""

TITLE_MAX = 200


@dataclass(frozen=True, kw_only=True)
class Telling:
    """What an item brings to a story of its brand."""

    brand: int
    title: str
    at: datetime
    fingerprint: Fingerprint


@dataclass(kw_only=True)
class Known:
    """A story as this batch knows and changes it; `told` counts what the batch adds."""

    id: int
    brand: int
    title: str
    first_at: datetime
    last_at: datetime
    fingerprint: Fingerprint
    is_new: bool
    told: int = 0

    def tell(self, at: datetime) -> None:
        self.told += 1
        self.first_at, self.last_at = min(self.first_at, at), max(self.last_at, at)

    def is_near(self, at: datetime) -> bool:
        return self.first_at - WINDOW <= at <= self.last_at + WINDOW


def assign(tellings: Sequence[Telling], new_ids: Iterable[int]) -> list[int | None]:
    """The story of each telling, in order, new ones made; None for a text too short to compare.

    `new_ids` are for the new ones, one a telling at most.
    """
    told = [telling for telling in tellings if telling.fingerprint.bands]
    if not told:
        return [None] * len(tellings)
    by_band: ByBand = defaultdict(list)
    for story in _candidates(told):
        _index(by_band, story)
    touched: dict[int, Known] = {}
    ids = iter(new_ids)
    answers: list[int | None] = []
    for telling in tellings:
        if not telling.fingerprint.bands:
            answers.append(None)
            continue
        found = _nearest(by_band, telling)
        if found is None:
            found = Known(
                id=next(ids),
                brand=telling.brand,
                title=telling.title[:TITLE_MAX],
                first_at=telling.at,
                last_at=telling.at,
                fingerprint=telling.fingerprint,
                is_new=True,
            )
            _index(by_band, found)
        found.tell(telling.at)
        touched[found.id] = found
        answers.append(found.id)
    _insert([story for story in touched.values() if story.is_new])
    _update([story for story in touched.values() if not story.is_new])
    return answers


ByBand = dict[tuple[int, int], list[Known]]
"""Stories by brand and band."""


def _index(by_band: ByBand, story: Known) -> None:
    for band in story.fingerprint.bands:
        by_band[story.brand, band].append(story)


def _nearest(by_band: ByBand, telling: Telling) -> Known | None:
    """The most similar story that shares a band and is near enough in time."""
    best, likeness = None, SAME_STORY
    seen: set[int] = set()
    for band in telling.fingerprint.bands:
        for story in by_band.get((telling.brand, band), ()):
            if story.id in seen or not story.is_near(telling.at):
                continue
            seen.add(story.id)
            found = similar(story.fingerprint, telling.fingerprint)
            if found >= likeness:
                best, likeness = story, found
    return best


def _candidates(told: Sequence[Telling]) -> list[Known]:
    """Every story near in time that shares a band with one of the tellings: one search of the index each."""
    times = [telling.at for telling in told]
    given = tidy.rows({"brand_id": one.brand, "bands": one.fingerprint.bands} for one in told)
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT DISTINCT ON (story.id) story.id, story.brand_id, title, first_at, last_at, story.bands,
                      signature
               FROM json_to_recordset(%s::json) AS told (brand_id bigint, bands bigint[]),
                    LATERAL (SELECT * FROM stream_story AS one
                             WHERE one.bands && told.bands OFFSET 0) AS story
               WHERE story.brand_id = told.brand_id AND last_at >= %s AND first_at <= %s""",
            [given, min(times) - WINDOW, max(times) + WINDOW],
        )
        return [
            Known(
                id=id_,
                brand=brand,
                title=title,
                first_at=first_at,
                last_at=last_at,
                fingerprint=Fingerprint(bands=tuple(found), signature=bytes(signature)),
                is_new=False,
            )
            for id_, brand, title, first_at, last_at, found, signature in cursor.fetchall()
        ]


def _insert(stories: Sequence[Known]) -> None:
    if not stories:
        return
    with (
        connection.cursor() as cursor,
        cursor.copy(
            "COPY stream_story (id, brand_id, title, size, first_at, last_at, bands, signature) FROM STDIN"
        ) as copy,
    ):
        for story in stories:
            bands, signature = tidy.numbers(story.fingerprint.bands), story.fingerprint.signature
            copy.write_row(
                (
                    story.id,
                    story.brand,
                    story.title,
                    story.told,
                    story.first_at,
                    story.last_at,
                    bands,
                    signature,
                )
            )


def _update(stories: Sequence[Known]) -> None:
    if not stories:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE stream_story AS story
               SET size = story.size + more.told, first_at = more.first_at, last_at = more.last_at
               FROM unnest(%s::bigint[], %s::int[], %s::timestamptz[], %s::timestamptz[])
                    AS more (id, told, first_at, last_at)
               WHERE story.id = more.id""",
            [
                [story.id for story in stories],
                [story.told for story in stories],
                [story.first_at for story in stories],
                [story.last_at for story in stories],
            ],
        )
