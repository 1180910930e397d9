"""Which topics an item matches: one index of every brand's topics, kept fresh in each process.

The index crosses brands on purpose (a stream is read once for all of them); what it returns is
narrowed to the brands the item was collected for before anything is stored.
"""

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Max
from django_scopes import scopes_disabled

from palabre.agency.models import Brand
from palabre.enrichment import Analysis
from palabre.kit.memory import growing, settle
from palabre.listening.models import Quality, Strictness, Topic
from palabre.listening.preference import NONE, Preference
from palabre.networks.contract import RemoteItem, Sighting
from palabre.query import Document, Index, asks_language, parse

MANY = 1_000
"""Topics taken in at once that are worth settling down after."""
FRESH_FOR = 1.0
"""Seconds before asking the database again whether a topic changed."""
DOUBTFUL = 0.25
"""With "only the best", the score for spam or insult from which what is known to be in another language or
country than the preferred ones is left out; everything else is from a half on."""


@dataclass(frozen=True, kw_only=True)
class TopicSettings:
    """A topic without its query: what is checked after the words matched."""

    topic: int
    brand: int
    languages: frozenset[str]
    regions: frozenset[str]
    networks: frozenset[str]
    best_only: bool
    excluded_sites: tuple[str, ...]
    excluded_authors: frozenset[str]
    prefers: Preference = NONE


def document(item: RemoteItem, *, network: str, language: str | None = None) -> Document:
    """An item as the query language sees it."""
    author = item.author
    return Document(
        id=item.remote_id,
        title=item.title,
        text=item.text,
        author=" ".join(filter(None, (author.handle, author.name))) if author else "",
        url=item.url,
        network=network,
        lang=item.language or language or "",
        country=item.country or "",
    )


def admits(settings: TopicSettings, item: RemoteItem, *, network: str) -> bool:
    """Whether a topic's settings let an item through, before its text is analysed."""
    if settings.networks and network not in settings.networks:
        return False
    if settings.regions and (item.country or "").upper() not in settings.regions:
        return False
    host = item.outlet.casefold()
    if any(host == site or host.endswith("." + site) for site in settings.excluded_sites):
        return False
    if item.author and settings.excluded_authors:
        names = {item.author.handle.casefold().lstrip("@"), item.author.name.casefold()}
        return not names & settings.excluded_authors
    return True


def admits_analysis(settings: TopicSettings, analysis: Analysis, *, country: str | None = None) -> bool:
    """Whether a topic's settings let an item through, once its language and quality are known."""
    if settings.languages and analysis.language not in settings.languages:
        return False
    if not settings.best_only:
        return True
    if analysis.spam or analysis.toxic:
        return False
    doubt = max(analysis.spam_score, analysis.toxicity_score)
    return doubt < DOUBTFUL or settings.prefers.fit(analysis.language, country) >= 0


def preference_of(topic: Topic) -> Preference:
    """What a topic would rather have without demanding it."""
    languages = topic.languages if topic.languages_mode == Strictness.PREFERRED else ()
    regions = topic.regions if topic.regions_mode == Strictness.PREFERRED else ()
    return Preference(
        languages=frozenset(language.lower() for language in languages),
        regions=frozenset(region.upper() for region in regions),
    )


def settings_of(topic: Topic) -> TopicSettings:
    """What is asked of an item beside the topic's words; of a topic that is not saved too (id 0)."""
    strict_languages = topic.languages if topic.languages_mode == Strictness.STRICT else ()
    strict_regions = topic.regions if topic.regions_mode == Strictness.STRICT else ()
    return TopicSettings(
        topic=topic.pk or 0,
        brand=topic.brand_id,
        languages=frozenset(strict_languages),
        regions=frozenset(region.upper() for region in strict_regions),
        networks=frozenset(topic.networks),
        best_only=topic.quality == Quality.BEST,
        excluded_sites=tuple(site.casefold() for site in topic.excluded_sites),
        excluded_authors=frozenset(author.casefold().lstrip("@") for author in topic.excluded_authors),
        prefers=preference_of(topic),
    )


class Matcher:
    """Every live topic of every brand, or of `brand` alone, reloaded as they change."""

    def __init__(self, brand: Brand | None = None) -> None:
        self._brand = brand
        self._index: Index[int] = Index()
        self._settings: dict[int, TopicSettings] = {}
        self._asking: dict[int, int] = {}
        self._revision = 0
        self._asked_at = float("-inf")

    def refresh(self, *, at_once: bool = False) -> None:
        """Take in what changed since the last call; asks the database at most once a second."""
        now = time.monotonic()
        if not at_once and now - self._asked_at < FRESH_FOR:
            return
        self._asked_at = now
        with scopes_disabled():
            topics = Topic.objects.filter(brand=self._brand) if self._brand else Topic.objects.all()
            newest = topics.aggregate(newest=Max("revision"))["newest"] or 0
            if newest == self._revision:
                return
            taken = 0
            with growing():
                for topic in topics.filter(revision__gt=self._revision).order_by("revision"):
                    self._take(topic)
                    self._revision = topic.revision
                    taken += 1
            if taken >= MANY:
                settle()

    def _take(self, topic: Topic) -> None:
        if topic.pk in self._settings:
            self._index.remove(topic.pk)
            del self._settings[topic.pk]
            self._asking.pop(topic.pk, None)
        if topic.is_paused or topic.deleted_at:
            return
        query = parse(topic.query, topic.languages or ("fr", "en"))
        self._index.add(topic.pk, query)
        if asks_language(query):
            self._asking[topic.pk] = topic.brand_id
        self._settings[topic.pk] = settings_of(topic)

    def asks_language(self, brands: Collection[int]) -> bool:
        """Whether the words of a live topic of these brands match by the language of an item."""
        return any(brand in brands for brand in self._asking.values())

    def match(
        self, said: Sequence[Sighting], *, network: str, brands: Collection[int], languages: Sequence[str]
    ) -> dict[int, list[TopicSettings]]:
        """By place in the list, the settings of the topics of these brands whose words are in what was
        said; `admits` then looks at the whole item."""

        def document(place: int) -> Document:
            one, language = said[place], languages[place]
            return Document("", one.title, one.text, one.author, one.url, network, language, one.country)

        bodies = [f"{one.title}\n{one.text}" if one.title else one.text for one in said]
        found: dict[int, list[TopicSettings]] = {}
        for place, ids in enumerate(self._index.match_texts(bodies, languages, document)):
            if ids:
                settings = [self._settings[topic] for topic in ids]
                if ours := [s for s in settings if s.brand in brands]:
                    found[place] = ours
        return found

    def settings(self, topic: int) -> TopicSettings | None:
        """The settings of a live topic, None if it is paused or gone."""
        return self._settings.get(topic)
