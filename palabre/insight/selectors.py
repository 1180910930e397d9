"""Figures beside the mentions, read only: voices, places, words, shares and the score, of one filter.

Everything comes from the same narrowed cards as the list, so that a figure and its rows agree.
"""

# Statements are put together from constants of the code alone; every value is a parameter.
# ruff: noqa: S608

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from palabre.agency.models import Brand
from palabre.insight import reputation as score
from palabre.insight.stopwords import STOPWORDS
from palabre.kit.text import tokens
from palabre.listening.counts import daily_table, items_of
from palabre.listening.filters import MentionFilter
from palabre.listening.models import About, Topic
from palabre.listening.narrow import Narrow, narrow

TOP = 6
WORDS = 12
LOOKED_AT = 5_000
"""Newest cards that decide whose mentions are counted."""
SAMPLED = 400
"""Texts read for the words of a period: the newest ones speak of what is said now."""


@dataclass(frozen=True, kw_only=True)
class TopAuthor:
    """An author and their mentions within the filter; followers None where the network does not tell."""

    id: int
    name: str
    followers: int | None
    items: int
    link: str


@dataclass(frozen=True, kw_only=True)
class TopOutlet:
    """A site or server and its mentions within the filter."""

    name: str
    items: int
    link: str


@dataclass(frozen=True, kw_only=True)
class TopWord:
    """A word of many mentions, with the tone that prevails around it ("" when none does)."""

    word: str
    items: int
    tone: str
    link: str


@dataclass(frozen=True, kw_only=True)
class VoiceCount:
    """How often one name was heard over the period."""

    name: str
    items: int
    is_ours: bool


def top_authors(brand: Brand, mentions: MentionFilter, *, now: datetime) -> list[TopAuthor]:
    """Who said most, at most `TOP`."""
    rows = _grouped(brand, mentions, now, "card.author_id", TOP)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, coalesce(nullif(name, ''), handle), followers FROM stream_author WHERE id = ANY(%s)",
            [[key for key, _ in rows]],
        )
        people = {id_: (name, followers) for id_, name, followers in cursor.fetchall()}
    return [
        TopAuthor(
            id=key,
            name=people[key][0],
            followers=people[key][1],
            items=items,
            link=mentions.but(author=key).query_string(),
        )
        for key, items in rows
        if key in people
    ]


def top_outlets(brand: Brand, mentions: MentionFilter, *, now: datetime) -> list[TopOutlet]:
    """Where most was said, at most `TOP`."""
    rows = [(key, items) for key, items in _grouped(brand, mentions, now, "card.outlet", TOP + 1) if key]
    return [
        TopOutlet(name=key, items=items, link=mentions.but(outlet=key).query_string())
        for key, items in rows[:TOP]
    ]


def _grouped(
    brand: Brand, mentions: MentionFilter, now: datetime, key: str, most: int
) -> list[tuple[Any, int]]:
    """The keys heard most, with their exact counts.

    Who is looked at is decided by the newest cards: reading them all would take a second for a million.
    """
    narrowed = narrow(brand=brand, mentions=mentions, now=now)
    if narrowed.is_empty:
        return []
    if mentions.is_counted:
        statement = f"""
            WITH newest AS MATERIALIZED (
                SELECT {key} AS key FROM {narrowed.source()} WHERE {narrowed.rows()}
                ORDER BY card.occurred_at DESC, card.item_id DESC LIMIT {LOOKED_AT}
            ), heard AS MATERIALIZED (
                SELECT key FROM newest WHERE key IS NOT NULL GROUP BY 1
                ORDER BY count(*) DESC, 1 LIMIT {3 * most}
            )
            SELECT key, (SELECT count(*) FROM {narrowed.source()}
                         WHERE {narrowed.rows(of_brand=key != "card.author_id")} AND {key} = heard.key)
            FROM heard ORDER BY 2 DESC, 1 LIMIT {most}"""
    else:
        statement = f"""
            SELECT {key}, count(*) FROM {narrowed.source()} WHERE {narrowed.rows()} AND {key} IS NOT NULL
            GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {most}"""
    with connection.cursor() as cursor:
        cursor.execute(statement, narrowed.params)
        return cursor.fetchall()


def distinctive_words(brand: Brand, mentions: MentionFilter, *, now: datetime) -> list[TopWord]:
    """What the newest mentions speak of beside the names looked for, most frequent first."""
    narrowed = narrow(brand=brand, mentions=mentions, now=now)
    if narrowed.is_empty:
        return []
    own = _names(brand)
    seen: Counter[str] = Counter()
    tones: Counter[str] = Counter()
    spelt: dict[str, Counter[str]] = {}
    for title, text, tone in _texts(narrowed):
        said = f"{title}\n{text}"
        words: dict[str, str] = {}
        for token in tokens(said):
            if _speaks(token.term, own):
                words.setdefault(token.term, said[token.start : token.end])
        for term, shown in words.items():
            seen[term] += 1
            tones[term] += tone
            spelt.setdefault(term, Counter())[shown.lower()] += 1
    least = 3 if sum(seen.values()) > 200 else 2
    return [
        TopWord(
            word=spelt[term].most_common(1)[0][0],
            items=items,
            tone=_prevailing(tones[term], items),
            link=mentions.but(q=spelt[term].most_common(1)[0][0]).query_string(),
        )
        for term, items in seen.most_common(WORDS)
        if items >= least
    ]


def _speaks(term: str, own: frozenset[str]) -> bool:
    return len(term) > 3 and term.isalpha() and term not in STOPWORDS and term not in own


def _prevailing(balance: int, items: int) -> str:
    """A tone prevails when it outweighs the other by a third of the mentions."""
    return "positive" if balance > items / 3 else "negative" if balance < -items / 3 else ""


def _texts(narrowed: Narrow) -> list[tuple[str, str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT said.title, left(said.text, 1000), said.tone FROM (
                    SELECT card.item_id FROM {narrowed.source()} WHERE {narrowed.rows()}
                    ORDER BY card.occurred_at DESC, card.item_id DESC LIMIT {SAMPLED}) AS newest
                JOIN stream_item AS said ON said.id = newest.item_id""",
            narrowed.params,
        )
        return cursor.fetchall()


def _names(brand: Brand) -> frozenset[str]:
    """The folded words of the brand's and its topics' names, and each name as one word: all say them."""
    names = [brand.name, *Topic.objects.filter(brand=brand).values_list("name", flat=True)]
    words = [[token.term for token in tokens(name)] for name in names]
    return frozenset([term for terms in words for term in terms] + ["".join(terms) for terms in words])


def share_of_voice(brand: Brand, mentions: MentionFilter, *, now: datetime | None = None) -> list[VoiceCount]:
    """Ours together and each competitor, most heard first; over the filter's period, whatever its topics."""
    now = now or timezone.now()
    live = Topic.objects.filter(brand=brand, deleted_at=None)
    ours = tuple(live.filter(about=About.OURS).values_list("pk", flat=True))
    rivals = list(live.filter(about=About.COMPETITOR))
    if not ours or not rivals:
        return []
    named = [(brand.name, ours, True), *((topic.name, (topic.pk,), False) for topic in rivals)]
    items = items_of(brand=brand, mentions=mentions, groups=[topics for _, topics, _ in named], now=now)
    heard = [
        VoiceCount(name=name, items=count, is_ours=is_ours)
        for (name, _, is_ours), count in zip(named, items, strict=True)
    ]
    return sorted(heard, key=lambda voice: -voice.items)


def reputation_of(brand: Brand, mentions: MentionFilter, *, now: datetime) -> score.Reputation:
    """The score of the period from what is said of our own topics, by network, against the one before."""
    ours = tuple(
        Topic.objects.filter(brand=brand, deleted_at=None, about=About.OURS).values_list("pk", flat=True)
    )
    own = mentions if mentions.topics or not ours else mentions.but(topics=ours)
    before = own.previous(now.date())
    return score.reputation(
        _tones_by_network(brand, own, now), _tones_by_network(brand, before, now) if before else None
    )


def _tones_by_network(brand: Brand, mentions: MentionFilter, now: datetime) -> dict[str, score.Tally]:
    narrowed = narrow(brand=brand, mentions=mentions, now=now)
    if narrowed.is_empty:
        return {}
    counted = (
        f"SELECT facet_id, sum(items) AS items FROM listening_{daily_table(narrowed)} AS count "
        f"WHERE {narrowed.counted('day')} GROUP BY 1"
        if mentions.is_counted
        else f"SELECT card.coarse_id AS facet_id, count(*) AS items FROM {narrowed.source()} "
        f"WHERE {narrowed.rows()} GROUP BY 1"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT facet.network, facet.tone, sum(cell.items)::int FROM ({counted}) AS cell
                JOIN listening_facet AS facet ON facet.id = cell.facet_id GROUP BY 1, 2""",
            narrowed.params,
        )
        found: dict[str, Counter[int]] = {}
        for network, tone, items in cursor.fetchall():
            found.setdefault(network, Counter())[tone] += items
    return {
        network: score.Tally(positive=by[1], neutral=by[0], negative=by[-1]) for network, by in found.items()
    }
