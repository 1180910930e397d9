"""More like this: the brand's mentions nearest in meaning to one, and a topic that would catch them.

Nearness is the cosine of what the small model makes of two texts. Near-identical texts are one story and are
shown once; what the pages hide (spam, ignored, topics put away) is left out here too.
"""

# Statements are put together from constants of the code alone; every value is a parameter.
# ruff: noqa: S608

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from palabre.agency.models import Brand
from palabre.enrichment.themes import Gram, Said, contrast
from palabre.insight.selectors import names_of
from palabre.insight.stopwords import STOPWORDS
from palabre.kit.text import terms
from palabre.listening.filters import MentionFilter
from palabre.listening.narrow import narrow
from palabre.listening.reasons import ExplainedRow, explained_rows
from palabre.listening.selectors import rows_of
from palabre.query import QueryError, parse
from palabre.stream import vectors
from palabre.stream.models import Item

SHOWN = 20
LOOKED_AT = (300, 3_000)
"""The nearest ones looked at first, and then, when too few of them may be shown."""
BACKGROUND = 1_000
"""The newest mentions, against which the words of the near ones stand out."""
STEPS = (0.92, 0.89, 0.86)
"""Cosines from which two texts say nearly the same, are close, are related. See docs/develop/models.md."""


@dataclass(frozen=True, kw_only=True)
class Near:
    """Mentions about as near as one another, in words."""

    words: str
    rows: Sequence[ExplainedRow]


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """A topic that would catch such mentions: its name, its query, the words that set them apart."""

    name: str
    query: str
    grams: Sequence[Gram]

    @property
    def filled(self) -> str:
        """The form of a new topic with both in it, as a query string."""
        return urlencode({"name": self.name, "query": self.query})


@dataclass(frozen=True, kw_only=True)
class Similar:
    """What is like a mention; `is_read` False: the model has not come to it yet."""

    is_read: bool
    groups: Sequence[Near] = ()
    suggestion: Suggestion | None = None

    @property
    def shown(self) -> int:
        """How many mentions."""
        return sum(len(group.rows) for group in self.groups)


def similar_to(brand: Brand, item: Item, *, now: datetime) -> Similar:
    """The nearest mentions of a brand's item, nearest first, in up to three groups."""
    if not vectors.load(brand=brand, ids=[item.pk]):
        return Similar(is_read=False)
    near = _near(brand, item, now)
    rows = {row.item.pk: row for row in explained_rows(rows_of(brand=brand, ids=list(near)))}
    groups = []
    for words, low, high in zip(_words(), STEPS, (2.0, *STEPS), strict=False):
        found = [rows[id_] for id_, cosine in near.items() if low <= cosine < high and id_ in rows]
        if found:
            groups.append(Near(words=words, rows=found))
    return Similar(is_read=True, groups=groups, suggestion=_suggested(brand, item, list(near), now))


def _words() -> tuple[str, ...]:
    return _("Nearly the same thing"), _("Close: the same matter"), _("Further off: related matters")


def _near(brand: Brand, item: Item, now: datetime) -> dict[int, float]:
    """The nearest shown ones with their cosine, one a story."""
    kept: dict[int, float] = {}
    for most in LOOKED_AT:
        found = [(id_, cosine) for id_, cosine in vectors.nearest(brand=brand, item=item.pk, most=most)]
        close = [(id_, cosine) for id_, cosine in found if cosine >= STEPS[-1]]
        stories = _shown(brand, [id_ for id_, _cosine in close], now)
        kept, seen = {}, {item.story_id} - {None}
        for id_, cosine in close:
            if id_ in stories and stories[id_] not in seen:
                kept[id_] = cosine
                seen |= {stories[id_]} - {None}
        if len(kept) >= SHOWN or len(close) < most:
            break
    return dict(list(kept.items())[:SHOWN])


def _shown(brand: Brand, ids: Sequence[int], now: datetime) -> dict[int, int | None]:
    """Those of the items that the page of mentions would show, with their story."""
    narrowed = narrow(brand=brand, mentions=MentionFilter(days=None), now=now)
    if narrowed.is_empty or not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT card.item_id, card.story_id FROM listening_card AS card
                WHERE {narrowed.rows()} AND card.item_id = ANY(%(ids)s)""",
            {**narrowed.params, "ids": list(ids)},
        )
        return dict(cursor.fetchall())


def _suggested(brand: Brand, item: Item, near: Sequence[int], now: datetime) -> Suggestion | None:
    """Words that the near ones have to themselves, within the topic that found the item."""
    if len(near) < 3:
        return None
    inside, outside = _said(brand, [item.pk, *near]), _said(brand, _newest(brand, {item.pk, *near}, now))
    grams = contrast(inside, outside, own=names_of(brand), dull=STOPWORDS)
    if not grams:
        return None
    words = " OR ".join(_term(gram) for gram in grams)
    row = next(iter(rows_of(brand=brand, ids=[item.pk])), None)
    base = row.topics[0].query if row and row.topics else ""
    query = f"({base}) AND ({words})" if base else words
    try:
        parse(query)
    except QueryError:
        return None
    return Suggestion(name=" · ".join(gram.words for gram in grams)[:120], query=query, grams=grams)


def _term(gram: Gram) -> str:
    """The words as the query language writes them: a phrase in quotes, a word of letters as it is."""
    plain = gram.words.replace('"', " ")
    return plain if plain.islower() and plain.isalpha() and terms(plain) == [*gram.terms] else f'"{plain}"'


def _newest(brand: Brand, without: set[int], now: datetime) -> list[int]:
    narrowed = narrow(brand=brand, mentions=MentionFilter(days=None), now=now)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT card.item_id FROM listening_card AS card WHERE {narrowed.rows()}
                ORDER BY card.occurred_at DESC, card.item_id DESC LIMIT {BACKGROUND}""",
            narrowed.params,
        )
        return [id_ for (id_,) in cursor.fetchall() if id_ not in without]


def _said(brand: Brand, ids: Sequence[int]) -> list[Said]:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT left(concat_ws(E'\\n', nullif(title, ''), text), 1000), language, story_id
               FROM stream_item WHERE brand_id = %s AND id = ANY(%s) ORDER BY id""",
            [brand.pk, list(ids)],
        )
        return [
            Said(text=text, language=language, story=story) for text, language, story in cursor.fetchall()
        ]
