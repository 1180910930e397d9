"""The way in: collect → match → enrich → store → alert. This list is the path; read it first.

A batch is matched on sightings, and what matched is made whole. All brands share the statements that write
it; where those fail, each brand is written alone, so that a fault in one is no fault of the others.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import DatabaseError, OperationalError, transaction
from django_scopes import scope

from palabre.agency.erased import mark_of, marks_of_all
from palabre.agency.models import Brand
from palabre.alerts.events import Notice, raise_all
from palabre.enrichment import Analysis, Fingerprint, analyse, detect_all, fingerprints, hashtags
from palabre.intake.act import Told, apply_rules
from palabre.intake.notices import notice_of
from palabre.kit.memory import growing
from palabre.listening.found import Found
from palabre.listening.keeping import horizon
from palabre.listening.lessons import Learnt
from palabre.listening.matching import Matcher, TopicSettings, admits, admits_analysis
from palabre.listening.models import Source
from palabre.listening.preference import NONE
from palabre.listening.record import forget, record_all, who_holds
from palabre.listening.rule_runs import active_rules
from palabre.listening.sources import failed, succeeded
from palabre.networks.contract import RemoteItem, Sighting
from palabre.networks.errors import Temporary
from palabre.networks.sightings import sighting_of
from palabre.stream.incoming import Incoming
from palabre.stream.lock import hold_all
from palabre.stream.store import Stored, store_all
from palabre.stream.tidy import occurred

log = logging.getLogger(__name__)
_learnt = Learnt()

FAULTS = (DatabaseError, ValueError, TypeError, LookupError, ArithmeticError)
"""What one brand's rows can bring about: a rule that cannot be read, a value that a column refuses."""


@dataclass(frozen=True, kw_only=True)
class Batch:
    """What one call of one place brought, for every brand that looks at it; a stream brings sightings.

    `filed`: put there by hand, no place was asked and none has to be told.
    """

    network: str
    sources: Sequence[Source]
    items: Sequence[RemoteItem | Sighting]
    cursor: Mapping[str, Any]
    wait: float
    at: datetime
    filed: bool = False


@dataclass(kw_only=True)
class Passage:
    """A batch on its way in; each step adds what the next one needs."""

    batch: Batch
    matcher: Matcher
    said: list[Sighting] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    matches: dict[int, list[TopicSettings]] = field(default_factory=dict)
    items: dict[int, RemoteItem] = field(default_factory=dict)
    analyses: dict[int, Analysis] = field(default_factory=dict)
    fingerprints: dict[int, Fingerprint] = field(default_factory=dict)
    wanted: dict[Brand, list[int]] = field(default_factory=dict)
    forgetting: list[Brand] = field(default_factory=list)
    stored: dict[Brand, list[Stored]] = field(default_factory=dict)
    new_mentions: int = 0
    failed: list[Source] = field(default_factory=list)

    @property
    def brands(self) -> dict[int, Brand]:
        """The brands that look at this place, in the order of their ids (the order of their locks)."""
        found = {source.brand_id: source.brand for source in self.batch.sources}
        return dict(sorted(found.items()))


def sort_out(passage: Passage) -> None:
    """What is said, at a glance; and the ids of what was deleted there, which is deleted here."""
    for one in passage.batch.items:
        seen = one if isinstance(one, Sighting) else sighting_of(one)
        if not seen.deleted:
            passage.said.append(seen)
        elif (item := seen.whole()) is not None:
            passage.gone.append(item.remote_id)


def name_languages(passage: Passage) -> None:
    """The language of what does not declare one, where the words of a topic ask for it."""
    passage.languages = [one.language for one in passage.said]
    passage.matcher.refresh()
    if not passage.matcher.asks_language(passage.brands):
        return
    unknown = [i for i, language in enumerate(passage.languages) if not language]
    guessed = detect_all([_words(passage.said[i]) for i in unknown])
    for i, guess in zip(unknown, guessed, strict=True):
        passage.languages[i] = guess.language


def match(passage: Passage) -> None:
    """Which topics of which brands have their words there."""
    passage.matches = passage.matcher.match(
        passage.said,
        network=passage.batch.network,
        brands=passage.brands.keys(),
        languages=passage.languages,
    )


def complete(passage: Passage) -> None:
    """What matched, whole, for the topics whose settings let it through; a source that belongs to a topic
    needs no match."""
    given = {source.topic_id for source in passage.batch.sources if source.topic_id}
    theirs = [own for topic in given if (own := passage.matcher.settings(topic)) is not None]
    by_words, passage.matches = passage.matches, {}
    for i in range(len(passage.said)) if theirs else by_words:
        item = passage.said[i].whole()
        if item is None:
            continue
        network = passage.batch.network
        found = [one for one in by_words.get(i, ()) if admits(one, item, network=network)]
        found += [one for one in theirs if one not in found]
        if found:
            passage.items[i], passage.matches[i] = item, found


def enrich(passage: Passage) -> None:
    """Language, sentiment, toxicity, spam and near-duplicates, on what matched alone."""
    matched = sorted(passage.items)
    texts = [_words(passage.items[i]) for i in matched]
    analyses = analyse(texts, languages=[passage.items[i].language for i in matched])
    passage.analyses = dict(zip(matched, analyses, strict=True))
    passage.fingerprints = dict(zip(matched, fingerprints(texts), strict=True))
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
    concerned = [brand for id_, brand in passage.brands.items() if id_ in found]
    marks = marks_of_all(concerned) if concerned else {}
    for brand in concerned:
        if kept := _admitted(passage, brand, found[brand.pk], marks.get(brand.pk)):
            passage.wanted[brand] = kept


def _admitted(
    passage: Passage, brand: Brand, wanted: Sequence[int], marks: frozenset[str] | None
) -> list[int]:
    """Without what is past the brand's time already, and without whom it was asked to forget."""
    oldest = horizon(brand=brand, now=passage.batch.at)
    kept = []
    for i in wanted:
        item = passage.items[i]
        author = item.author.remote_id if item.author else ""
        forgotten = marks and author and mark_of(passage.batch.network, author) in marks
        if not forgotten and occurred(item.published_at, passage.batch.at) >= oldest:
            kept.append(i)
    return kept


def hold_brands(passage: Passage) -> None:
    """The locks of every brand that is written to, in the order of their ids, before anything is."""
    if passage.gone:
        network, brands = passage.batch.network, passage.brands.values()
        passage.forgetting = who_holds(brands=brands, network=network, remote_ids=passage.gone)
    hold_all({*passage.wanted, *passage.forgetting})


def forget_deleted(passage: Passage) -> None:
    """What its author deleted leaves every page and every count."""
    for brand in passage.forgetting:
        with scope(brand=brand):
            forget(brand=brand, network=passage.batch.network, remote_ids=passage.gone)


def keep(passage: Passage) -> None:
    """Store each item once per brand it concerns."""
    taught = _learnt.brands(passage.wanted)
    given = {}
    for brand, wanted in passage.wanted.items():
        analyses: Mapping[int, Analysis] = passage.analyses
        if brand.pk in taught:
            with scope(brand=brand):
                analyses = _as_taught(passage, brand)
        given[brand] = [_incoming(passage, i, analyses[i]) for i in wanted]
    passage.stored = store_all(given)


def file(passage: Passage) -> None:
    """Mentions and their rollups; the rules of the brand; the notices of what is new."""
    matches = {
        brand: [
            (stored.id, settings.topic)
            for i, stored in zip(wanted, passage.stored[brand], strict=True)
            for settings in passage.matches[i]
            if settings.brand == brand.pk
        ]
        for brand, wanted in passage.wanted.items()
    }
    mentions = record_all(matches)
    passage.new_mentions = len(mentions)
    by_brand: dict[int, list[Found]] = {}
    for mention in mentions:
        by_brand.setdefault(mention.brand, []).append(mention)
    rules = active_rules(passage.wanted) if mentions else {}
    notices = {}
    for brand in passage.wanted:
        told = [Told(mention) for mention in by_brand.get(brand.pk, ())]
        if told and brand.pk in rules:
            with scope(brand=brand):
                told = apply_rules(brand=brand, rules=rules[brand.pk], mentions=by_brand[brand.pk])
        notices[brand] = [_notice(passage, one) for one in told]
    raise_all(notices, now=passage.batch.at)


def put_down(passage: Passage) -> None:
    """The cursor moves with what it brought, or not at all."""
    if passage.batch.filed:
        return
    succeeded(
        passage.batch.sources,
        now=passage.batch.at,
        cursor=passage.batch.cursor,
        wait=passage.batch.wait,
        found=len(passage.said),
    )


Step = Callable[[Passage], None]
COMPUTED: tuple[Step, ...] = (sort_out, name_languages, match, complete, enrich, address)
COMMITTED: tuple[Step, ...] = (hold_brands, forget_deleted, keep, file, put_down)


def take_in(batch: Batch, matcher: Matcher) -> Passage:
    """Bring a batch in: computed first, then committed together. A failure leaves nothing behind
    and the cursor where it was, so that the same batch comes again.

    A fault in what is one brand's own leaves that brand where it was, and says so at its sources (`failed`
    of the passage); the others go on. What was filed by hand fails before the eyes of who filed it.
    """
    with growing():  # thousands of small values, none of which outlives its page
        return _taken_in(Passage(batch=batch, matcher=matcher))


def _taken_in(passage: Passage) -> Passage:
    for step in COMPUTED:
        step(passage)
    try:
        _commit(passage)
    except OperationalError:
        raise  # the database itself: no brand's fault
    except FAULTS:
        if passage.batch.filed:
            raise
        log.exception("%s: a batch could not be kept, each brand is tried alone", passage.batch.network)
        return _one_by_one(passage)
    return passage


def _commit(passage: Passage) -> None:
    with transaction.atomic():
        for step in COMMITTED:
            step(passage)


def _one_by_one(passage: Passage) -> Passage:
    """Each brand in a transaction of its own, in the order of their ids."""
    together = replace(passage, stored={}, new_mentions=0)
    for brand in passage.brands.values():
        sources = [source for source in passage.batch.sources if source.brand_id == brand.pk]
        alone = replace(
            passage,
            batch=replace(passage.batch, sources=sources),
            wanted={brand: passage.wanted[brand]} if brand in passage.wanted else {},
            forgetting=[brand] if brand in passage.forgetting else [],
        )
        try:
            _commit(alone)
        except OperationalError:
            raise
        except FAULTS:
            log.exception("%s: nothing was kept for the brand %s", passage.batch.network, brand.slug)
            # As they stand now: what the transaction made of those in hand was taken back.
            standing = Source._base_manager.filter(pk__in=[source.pk for source in sources])
            failed(list(standing), now=passage.batch.at, error=Temporary("not_kept"))
            together.failed += sources
            continue
        together.stored |= alone.stored
        together.new_mentions += alone.new_mentions
    return together


def _notice(passage: Passage, told: Told) -> Notice:
    settings = passage.matcher.settings(told.mention.topic)
    return notice_of(told.mention, prefers=settings.prefers if settings else NONE, urgent=told.urgent)


def _words(item: RemoteItem | Sighting) -> str:
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
