"""Figures beside the mentions, read only: voices, places, words, shares and the score, of one filter.

Everything comes from the same narrowed cards as the list, so that a figure and its rows agree.
"""

# Statements are put together from constants of the code alone; every value is a parameter.
# ruff: noqa: S608

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from palabre.agency.models import Brand
from palabre.insight import reputation as score
from palabre.insight.stopwords import STOPWORDS
from palabre.kit.text import tokens
from palabre.listening.counts import Cell, compared
from palabre.listening.filters import MentionFilter
from palabre.listening.models import About, Topic
from palabre.listening.narrow import Narrow, adding_up, narrow

TOP = 6
WORDS = 12
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
            link=mentions.but(authors=(key,)).query_string(),
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
    """The keys heard most, with their counts."""
    narrowed = narrow(brand=brand, mentions=mentions, now=now)
    if narrowed.is_empty:
        return []
    with adding_up(counts=False) as cursor:
        cursor.execute(
            f"""SELECT {key}, count(*) FROM listening_card AS card
                WHERE {narrowed.rows(of_brand=key != "card.author_id")} AND {key} IS NOT NULL
                GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {most}""",
            narrowed.params,
        )
        return cursor.fetchall()


def distinctive_words(brand: Brand, mentions: MentionFilter, *, now: datetime) -> list[TopWord]:
    """What the newest mentions speak of beside the names looked for, most frequent first."""
    narrowed = narrow(brand=brand, mentions=mentions, now=now)
    if narrowed.is_empty:
        return []
    own = names_of(brand)
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
                    SELECT card.item_id FROM listening_card AS card WHERE {narrowed.rows()}
                    ORDER BY card.occurred_at DESC, card.item_id DESC LIMIT {SAMPLED}) AS newest
                JOIN stream_item AS said ON said.id = newest.item_id""",
            narrowed.params,
        )
        return cursor.fetchall()


def names_of(brand: Brand) -> frozenset[str]:
    """The folded words of the brand's and its topics' names, and each name as one word: all say them."""
    names = [brand.name, *Topic.objects.filter(brand=brand).values_list("name", flat=True)]
    words = [[token.term for token in tokens(name)] for name in names]
    return frozenset([term for terms in words for term in terms] + ["".join(terms) for terms in words])


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """A filter's period beside the one before: the voices, the sums, the tones by network.

    `items` and `reach` are of the period before; None where there is no before.
    """

    voices: tuple[VoiceCount, ...]
    items: int | None
    reach: int | None
    tones: dict[str, score.Tally]
    tones_before: dict[str, score.Tally] | None

    @property
    def reputation(self) -> score.Reputation:
        """The score of the period from what is said of our own topics, against the one before."""
        return score.reputation(self.tones, self.tones_before)


def comparison(brand: Brand, mentions: MentionFilter, *, now: datetime) -> Comparison:
    """All of it from one reading.

    Voices are ours together and each competitor, most heard first, whatever the filter's topics; the score
    is that of the filter's topics, of ours where it has none.
    """
    live = list(Topic.objects.filter(brand=brand, deleted_at=None).exclude(about=About.MARKET))
    ours = frozenset(topic.pk for topic in live if topic.about == About.OURS)
    rivals = [topic for topic in live if topic.about == About.COMPETITOR]
    cells = compared(brand=brand, mentions=mentions, topics=[topic.pk for topic in live], now=now)
    scored = [cell for cell in cells if (cell.topics & ours if ours and not mentions.topics else cell.is_own)]
    past = [cell for cell in cells if cell.is_own and not cell.is_now]
    has_past = mentions.previous(now.date()) is not None
    named = [(brand.name, ours, True), *((topic.name, frozenset({topic.pk}), False) for topic in rivals)]
    heard = [
        VoiceCount(
            name=name,
            items=sum(cell.items for cell in cells if cell.is_now and cell.topics & topics),
            is_ours=is_ours,
        )
        for name, topics, is_ours in named
    ]
    return Comparison(
        voices=tuple(sorted(heard, key=lambda voice: -voice.items)) if ours and rivals else (),
        items=sum(cell.items for cell in past) if has_past else None,
        reach=sum(cell.reach for cell in past) if has_past else None,
        tones=_by_network(cell for cell in scored if cell.is_now),
        tones_before=_by_network(cell for cell in scored if not cell.is_now) if has_past else None,
    )


def _by_network(cells: Iterable[Cell]) -> dict[str, score.Tally]:
    found: dict[str, Counter[int]] = {}
    for cell in cells:
        found.setdefault(cell.network, Counter())[cell.tone] += cell.items
    return {
        network: score.Tally(positive=by[1], neutral=by[0], negative=by[-1]) for network, by in found.items()
    }
