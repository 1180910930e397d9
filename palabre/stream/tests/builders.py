"""Incoming items for tests: only what a test says matters is given."""

from datetime import UTC, datetime
from typing import Any

from palabre.enrichment.analysis import Analysis
from palabre.enrichment.neardup import Fingerprint, fingerprint
from palabre.networks.contract import RemoteAuthor, RemoteItem
from palabre.stream.incoming import Incoming

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SCORES = {"negative": (0.8, 0.1, 0.1), "neutral": (0.1, 0.8, 0.1), "positive": (0.1, 0.1, 0.8)}


def guess(
    sentiment: str = "neutral", *, language: str = "fr", toxic: bool = False, spam: bool = False
) -> Analysis:
    """What the models would have said."""
    return Analysis(
        language=language,
        language_score=0.9,
        sentiment=sentiment,  # type: ignore[arg-type]
        sentiment_scores=SCORES[sentiment],
        toxic=toxic,
        toxicity_score=0.9 if toxic else 0.1,
        spam=spam,
        spam_score=0.9 if spam else 0.1,
    )


def said(
    remote_id: str,
    text: str = "Bonjour",
    *,
    network: str = "bluesky",
    by: str | RemoteAuthor | None = "ada",
    analysis: Analysis | None = None,
    fingerprinted: bool = False,
    collected_at: datetime = NOON,
    hashtags: tuple[str, ...] = (),
    followers: int | None = None,
    **fields: Any,
) -> Incoming:
    """An incoming item, published when it was collected unless said otherwise."""
    author = RemoteAuthor(remote_id=by, handle=by, followers=followers) if isinstance(by, str) else by
    fields.setdefault("published_at", collected_at)
    fields.setdefault("url", f"https://example.org/{len(remote_id)}")
    return Incoming(
        network=network,
        item=RemoteItem(remote_id=remote_id, text=text, author=author, **fields),
        analysis=analysis or guess(),
        fingerprint=fingerprint(text) if fingerprinted else Fingerprint(),
        hashtags=hashtags,
        collected_at=collected_at,
    )
