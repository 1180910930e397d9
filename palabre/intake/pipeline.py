"""The way in: collect → match → enrich → store → alert. This list is the path; read it first."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django_scopes import scope

from palabre.agency.erased import mark_of, marks_of
from palabre.agency.models import Brand
from palabre.alerts.events import raise_events
from palabre.enrichment import Analysis, Fingerprint, analyse, detect_all, fingerprint, hashtags
from palabre.intake.act import apply_rules
from palabre.intake.notices import notice_of
from palabre.listening.keeping import horizon
from palabre.listening.lessons import Learnt
from palabre.listening.matching import Matcher, TopicSettings, admits_analysis
from palabre.listening.models import Source
from palabre.listening.record import forget, record
from palabre.listening.sources import succeeded
from palabre.networks.contract import RemoteItem
from palabre.stream.incoming import Incoming
from palabre.stream.store import Stored, store
from palabre.stream.tidy import occurred

_learnt = Learnt()


@dataclass(frozen=True, kw_only=True)
class Batch:
    """What one call of one place brought, for every brand that looks at it.

    `filed`: put there by hand, no place was asked and none has to be told.
    """

    network: str
    sources: Sequence[Source]
    items: Sequence[RemoteItem]
    cursor: Mapping[str, Any]
    wait: float
    at: datetime
    filed: bool = False


@dataclass(kw_only=True)
class Passage:
    """A batch on its way in; each step adds what the next one needs."""

    batch: Batch
    matcher: Matcher
    items: list[RemoteItem] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    matches: list[list[TopicSettings]] = field(default_factory=list)
    wanted: dict[Brand, list[int]] = field(default_factory=dict)
    analyses: dict[int, Analysis] = field(default_factory=dict)
    fingerprints: dict[int, Fingerprint] = field(default_factory=dict)
    stored: dict[Brand, list[Stored]] = field(default_factory=dict)
    new_mentions: int = 0

    @property
    def brands(self) -> dict[int, Brand]:
        """The brands that look at this place, in the order of their ids (the order of their locks)."""
        found = {source.brand_id: source.brand for source in self.batch.sources}
        return dict(sorted(found.items()))


def sort_out(passage: Passage) -> None:
    """Keep what is said; what was deleted there is deleted here."""
    passage.items = [item for item in passage.batch.items if not item.deleted]


def name_languages(passage: Passage) -> None:
    """The language of what does not declare one, where the words of a topic ask for it."""
    passage.languages = [item.language or "" for item in passage.items]
    passage.matcher.refresh()
    if not passage.matcher.asks_language(passage.brands):
        return
    unknown = [i for i, language in enumerate(passage.languages) if not language]
    guessed = detect_all([_words(passage.items[i]) for i in unknown])
    for i, guess in zip(unknown, guessed, strict=True):
        passage.languages[i] = guess.language


def match(passage: Passage) -> None:
    """Which topics of which brands; a source that belongs to a topic needs no match."""
    passage.matches = passage.matcher.match(
        passage.items,
        network=passage.batch.network,
        brands=passage.brands.keys(),
        languages=passage.languages,
    )
    given = {source.topic_id for source in passage.batch.sources if source.topic_id}
    for settings in filter(None, map(passage.matcher.settings, given)):
        for found in passage.matches:
            if settings not in found:
                found.append(settings)


def enrich(passage: Passage) -> None:
    """Language, sentiment, toxicity, spam and near-duplicates, on what matched alone."""
    matched = [i for i, found in enumerate(passage.matches) if found]
    texts = [_words(passage.items[i]) for i in matched]
    analyses = analyse(texts, languages=[passage.items[i].language for i in matched])
    passage.analyses = dict(zip(matched, analyses, strict=True))
    passage.fingerprints = {i: fingerprint(text) for i, text in zip(matched, texts, strict=True)}
    if passage.batch.filed:
        # A person put it there under its topic: no setting argues with that.
        return
    for i in matched:
        analysis, country = passage.analyses[i], passage.items[i].country
        passage.matches[i] = [s for s in passage.matches[i] if admits_analysis(s, analysis, country=country)]


def address(passage: Passage) -> None:
    """Whom each item is for: nothing more is done for a brand that nothing is for."""
    found: dict[int, list[int]] = {}
    for i in passage.analyses:
        for brand_id in {settings.brand for settings in passage.matches[i]}:
            found.setdefault(brand_id, []).append(i)
    for id_, brand in passage.brands.items():
        if id_ in found and (kept := _admitted(passage, brand, found[id_])):
            passage.wanted[brand] = kept


def _admitted(passage: Passage, brand: Brand, wanted: Sequence[int]) -> list[int]:
    """Without what is past the brand's time already, and without whom it was asked to forget."""
    oldest = horizon(brand=brand, now=passage.batch.at)
    marks = marks_of(brand)
    kept = []
    for i in wanted:
        item = passage.items[i]
        author = item.author.remote_id if item.author else ""
        forgotten = marks and author and mark_of(passage.batch.network, author) in marks
        if not forgotten and occurred(item.published_at, passage.batch.at) >= oldest:
            kept.append(i)
    return kept


def keep(passage: Passage) -> None:
    """Store each item once per brand it concerns."""
    taught = _learnt.brands(passage.wanted)
    for brand, wanted in passage.wanted.items():
        with scope(brand=brand):
            analyses = _as_taught(passage, brand) if brand.pk in taught else passage.analyses
            items = [_incoming(passage, i, analyses[i]) for i in wanted]
            passage.stored[brand] = store(brand=brand, items=items)


def file(passage: Passage) -> None:
    """Mentions and their rollups; the rules of the brand; the notices of what is new."""
    for brand, wanted in passage.wanted.items():
        pairs = [
            (stored.id, settings.topic)
            for i, stored in zip(wanted, passage.stored[brand], strict=True)
            for settings in passage.matches[i]
            if settings.brand == brand.pk
        ]
        with scope(brand=brand):
            mentions = record(brand=brand, matches=pairs)
            told = apply_rules(brand=brand, mentions=mentions)
            notices = [notice_of(one.mention, urgent=one.urgent) for one in told]
            raise_events(brand=brand, notices=notices, now=passage.batch.at)
        passage.new_mentions += len(mentions)


def forget_deleted(passage: Passage) -> None:
    """What its author deleted leaves every page and every count."""
    gone = [item.remote_id for item in passage.batch.items if item.deleted]
    for brand in passage.brands.values() if gone else ():
        with scope(brand=brand):
            forget(brand=brand, network=passage.batch.network, remote_ids=gone)


def put_down(passage: Passage) -> None:
    """The cursor moves with what it brought, or not at all."""
    if passage.batch.filed:
        return
    succeeded(
        passage.batch.sources,
        now=passage.batch.at,
        cursor=passage.batch.cursor,
        wait=passage.batch.wait,
        found=len(passage.items),
    )


Step = Callable[[Passage], None]
COMPUTED: tuple[Step, ...] = (sort_out, name_languages, match, enrich, address)
COMMITTED: tuple[Step, ...] = (forget_deleted, keep, file, put_down)


def take_in(batch: Batch, matcher: Matcher) -> Passage:
    """Bring a batch in: computed first, then committed together. A failure leaves nothing behind
    and the cursor where it was, so that the same batch comes again."""
    passage = Passage(batch=batch, matcher=matcher)
    for step in COMPUTED:
        step(passage)
    with transaction.atomic():
        for step in COMMITTED:
            step(passage)
    return passage


def _words(item: RemoteItem) -> str:
    return f"{item.title}\n{item.text}" if item.title else item.text


def _as_taught(passage: Passage, brand: Brand) -> Mapping[int, Analysis]:
    """The guesses as this brand's corrections taught them."""
    wanted = passage.wanted[brand]
    texts = [_words(passage.items[i]) for i in wanted]
    declared = [passage.items[i].language for i in wanted]
    adjustment = _learnt.of(brand)
    return dict(zip(wanted, analyse(texts, languages=declared, adjustment=adjustment), strict=True))


def _incoming(passage: Passage, i: int, analysis: Analysis) -> Incoming:
    item = passage.items[i]
    return Incoming(
        network=passage.batch.network,
        item=item,
        analysis=analysis,
        fingerprint=passage.fingerprints[i],
        hashtags=tuple(hashtags(item.text)),
        collected_at=passage.batch.at,
    )
