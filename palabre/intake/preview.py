"""A look before anything is saved: what a query would find on chosen sources, and on what is stored."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from palabre.enrichment import analyse, detect_all
from palabre.intake.out import session
from palabre.listening.matching import TopicSettings, admits, admits_analysis, document
from palabre.listening.sources import SourceDraft, watch_kind
from palabre.networks.contract import (
    Capability,
    Collects,
    RemoteAuthor,
    RemoteItem,
    Session,
    Suggestion,
    Suggests,
    Watch,
)
from palabre.networks.errors import NetworkError, Rejected, Temporary
from palabre.networks.registry import connector, manifests
from palabre.query import Query, Span, matched_terms, matches, search_phrases
from palabre.stream.models import Item

PATIENCE = 12.0
"""Seconds a preview waits for one source."""
SHOWN = 20
STORED = 2_000
"""Stored items a preview looks at."""
EXCERPT = 400
"""Characters of a hit that are shown."""


@dataclass(frozen=True, kw_only=True)
class Hit:
    """An item that matches, and why; `fit` as in `listening.preference`. `is_too_old`: it is not kept, for
    it was said before what the brand keeps."""

    network: str
    item: RemoteItem
    spans: tuple[Span, ...]
    fit: int = 0
    is_too_old: bool = False

    @property
    def text(self) -> str:
        """The beginning of what was said, long enough to judge it."""
        return self.item.text[:EXCERPT]

    @property
    def title_spans(self) -> list[tuple[int, int]]:
        """What matched in the title."""
        return [(span.start, span.end) for span in self.spans if span.field == "title"]

    @property
    def text_spans(self) -> list[tuple[int, int]]:
        """What matched in the part of the text that is shown."""
        return [(s.start, s.end) for s in self.spans if s.field == "text" and s.end <= EXCERPT]


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What one source answered: how many items were read, how many matched, or what went wrong."""

    draft: SourceDraft
    read: int = 0
    matched: int = 0
    error: NetworkError | None = None


@dataclass(frozen=True, kw_only=True)
class Preview:
    """The hits, what is preferred first, then newest first, and what became of each source; `stored` is
    what is kept already."""

    hits: tuple[Hit, ...]
    looked: tuple[Looked, ...]
    stored_read: int = 0
    stored_matched: int = 0


def preview(
    query: Query,
    drafts: Sequence[SourceDraft],
    settings: TopicSettings | None = None,
    oldest: datetime | None = None,
) -> Preview:
    """Ask every source once, together, and keep what matches and the topic's settings let through.

    What was said before `oldest` is shown, and counted as not kept. Nothing is stored. A stream has no
    past to show and is left out. What the brand has stored is looked at too, the newest `STORED` of it.
    """
    found = asyncio.run(_preview(query, drafts, settings, oldest))
    read, hits = _stored(query, settings)
    together = sorted([*found.hits, *hits], key=_rank, reverse=True)
    return replace(found, hits=tuple(together[:SHOWN]), stored_read=read, stored_matched=len(hits))


def _sifted(hits: list[Hit], settings: TopicSettings | None) -> list[Hit]:
    """Those that the settings of the topic let through, each with how well it keeps to what is preferred."""
    if settings is None:
        return hits
    hits = [hit for hit in hits if admits(settings, hit.item, network=hit.network)]
    words = [f"{hit.item.title}\n{hit.item.text}" for hit in hits]
    declared = [hit.item.language for hit in hits]
    if settings.languages or settings.best_only:
        analyses = analyse(words, languages=declared)
        kept = [
            (hit, analysis.language)
            for hit, analysis in zip(hits, analyses, strict=True)
            if admits_analysis(settings, analysis, country=hit.item.country)
        ]
    else:
        guesses = detect_all(words, declared)
        kept = [(hit, guess.language) for hit, guess in zip(hits, guesses, strict=True)]
    return [replace(hit, fit=settings.prefers.fit(language, hit.item.country)) for hit, language in kept]


def _stored(query: Query, settings: TopicSettings | None) -> tuple[int, list[Hit]]:
    """How many stored items were looked at, and those that match, newest first; the brand's own scope."""
    read, hits = 0, []
    newest = Item.objects.select_related("author").defer("search").order_by("-occurred_at", "-pk")[:STORED]
    for item in newest.iterator(chunk_size=500):
        read += 1
        remote = _remote(item)
        seen = document(remote, network=item.network)
        if matches(query, seen):
            hits.append(Hit(network=item.network, item=remote, spans=tuple(matched_terms(query, seen))))
    return read, _sifted(hits, settings)


def _remote(item: Item) -> RemoteItem:
    author = item.author
    return RemoteItem(
        remote_id=item.remote_id,
        url=item.url,
        text=item.text,
        title=item.title,
        author=RemoteAuthor(remote_id=author.remote_id, handle=author.handle, name=author.name)
        if author
        else None,
        published_at=item.occurred_at,
        language=item.language,
        country=item.country,
        outlet=item.outlet,
    )


def _aged(hits: list[Hit], oldest: datetime | None) -> list[Hit]:
    """The hits, told which were said before `oldest`."""
    if oldest is None:
        return hits
    return [
        replace(hit, is_too_old=hit.item.published_at is not None and hit.item.published_at < oldest)
        for hit in hits
    ]


def _rank(hit: Hit) -> tuple[bool, int, float]:
    return not hit.is_too_old, hit.fit, hit.item.published_at.timestamp() if hit.item.published_at else 0.0


async def _preview(
    query: Query, drafts: Sequence[SourceDraft], settings: TopicSettings | None, oldest: datetime | None
) -> Preview:
    words = tuple(search_phrases(query))
    async with session() as out:
        answers = await asyncio.gather(*(_look(out, query, draft, words) for draft in drafts))
    kept = [_aged(_sifted(found, settings), oldest) for _, found in answers]
    looked = [
        replace(one, matched=sum(not hit.is_too_old for hit in found))
        for (one, _), found in zip(answers, kept, strict=True)
    ]
    return Preview(hits=tuple(hit for found in kept for hit in found), looked=tuple(looked))


async def _look(
    out: Session, query: Query, draft: SourceDraft, words: tuple[str, ...]
) -> tuple[Looked, list[Hit]]:
    kind = watch_kind(draft.network, draft.kind)
    collects = connector(draft.network)
    if kind.capability is Capability.STREAM or not isinstance(collects, Collects):
        return Looked(draft=draft), []
    options = {**(draft.options or {}), **(draft.secrets or {})}
    watch = Watch(kind=draft.kind, target=draft.target, words=words, options=options)
    try:
        page = await asyncio.wait_for(collects.fetch(out, watch, None), PATIENCE)
    except NetworkError as error:
        return Looked(draft=draft, error=error), []
    except TimeoutError:
        return Looked(draft=draft, error=Temporary("timeout", host=draft.target or draft.network)), []
    items = [item for raw in page.raw if (item := collects.normalise(raw, watch)) is not None]
    hits = []
    for item in items:
        seen = document(item, network=draft.network)
        if draft.topic is not None or matches(query, seen):
            hits.append(Hit(network=draft.network, item=item, spans=tuple(matched_terms(query, seen))))
    return Looked(draft=draft, read=len(items), matched=len(hits)), hits


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A watch some network offers for what a person typed."""

    network: str
    suggestion: Suggestion


def find(typed: str) -> tuple[list[Finding], NetworkError | None]:
    """Ask every network that can what it knows at this address, best first; the first error if none
    knows anything, and what was refused there if all that is known is second best."""
    return asyncio.run(_find(typed))


async def _find(typed: str) -> tuple[list[Finding], NetworkError | None]:
    finders = [(key, found) for key in manifests() if isinstance(found := connector(key), Suggests)]
    async with session() as out:
        answers = await asyncio.gather(*(_ask(out, key, finder, typed) for key, finder in finders))
    findings = [finding for found, _ in answers for finding in found]
    findings.sort(key=lambda finding: finding.suggestion.second_best)
    errors = [error for _, error in answers if error is not None]
    if not findings:
        return findings, next(iter(errors), None)
    refused = (error for error in errors if isinstance(error, Rejected))
    return findings, next(refused, None) if findings[0].suggestion.second_best else None


async def _ask(
    out: Session, key: str, finder: Suggests, typed: str
) -> tuple[list[Finding], NetworkError | None]:
    try:
        suggestions = await asyncio.wait_for(finder.suggest(out, typed), PATIENCE)
    except NetworkError as error:
        return [], error
    except TimeoutError:
        return [], Temporary("timeout", host=typed[:100])
    return [Finding(network=key, suggestion=suggestion) for suggestion in suggestions], None
