"""From a content to what a network is handed: made once, frozen with the delivery, the same at every try."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from palabre.channels.words import label_of
from palabre.networks.outgoing import Article, Card, Media, Outgoing, Part, Sent, Visibility
from palabre.networks.rules import MediaKind
from palabre.publishing.composing.cards import frozen_card, thawed_card
from palabre.publishing.composing.content import Content
from palabre.publishing.composing.marking import Kept, marked, marks_for
from palabre.publishing.composing.media import opened, prepared
from palabre.publishing.models import Delivery

BESIDE = ("media", "card")
"""What the frozen form holds beside the content's own fields."""


def frozen(delivery: Delivery, kept: Kept | None = None) -> dict[str, Any]:
    """What the delivery is to hand over, as JSON: files are named by where they lie, not held.

    `kept`: the marks on links, where they were read for many.
    """
    channel, post = delivery.channel, delivery.variant.post
    campaign = post.campaign.name if post.campaign else ""
    label = label_of(channel.network)
    marks = marks_for(channel.brand, channel.network, label=label, campaign=campaign, kept=kept)
    said = marked(delivery.variant.said, marks)
    rules_media = prepared(said.media, channel=channel)
    card = frozen_card(channel.brand, delivery.variant.said.link)
    return {**said.written(), "media": rules_media, "card": card}


def thawed(delivery: Delivery) -> Outgoing:
    """The frozen form as the contract wants it. The delivery has begun: `begun_at` is set."""
    stored: Mapping[str, Any] = delivery.outgoing
    said = Content.read({name: value for name, value in stored.items() if name not in BESIDE})
    media = tuple(handed(file) for file in stored.get("media", ()))
    begun_at: datetime = delivery.begun_at  # type: ignore[assignment]
    card = thawed_card(said.link, stored.get("card"))
    return outgoing(said, media, key=str(delivery.key), begun_at=begun_at, card=card)


def outgoing(
    said: Content, media: tuple[Media, ...], *, key: str, begun_at: datetime, card: Card | None = None
) -> Outgoing:
    """A content as one call hands it over; also what a check before planning looks at."""
    card = card or thawed_card(said.link, None)
    first = Part(text=said.text, media=media, card=card)
    blog = said.title or said.excerpt or said.categories or said.tags
    article = Article(
        title=said.title,
        slug=said.slug,
        excerpt=said.excerpt,
        categories=said.categories,
        tags=said.tags,
    )
    return Outgoing(
        key=key,
        begun_at=begun_at,
        parts=(first, *(Part(text=text) for text in said.parts)),
        first_comment=said.first_comment,
        article=article if blog else None,
        language=said.language,
        visibility=Visibility(said.visibility) if said.visibility else Visibility.PUBLIC,
    )


def stood(delivery: Delivery) -> tuple[Sent, ...]:
    """What already stands at the network."""
    return tuple(
        Sent(**{**step, "at": datetime.fromisoformat(step["at"]) if step["at"] else None})
        for step in delivery.sent
    )


def stood_as_json(sent: tuple[Sent, ...]) -> list[dict[str, Any]]:
    """`stood`, to be stored."""
    return [
        {
            "step": step.step,
            "remote_id": step.remote_id,
            "url": step.url,
            "at": step.at.isoformat() if step.at else None,
            "extra": dict(step.extra),
        }
        for step in sent
    ]


def handed(file: Mapping[str, Any]) -> Media:
    """A file that was made ready (`composing.media.prepared`), as the contract wants it."""
    return Media(
        kind=MediaKind(file["kind"]),
        mime=file["mime"],
        size=file["size"],
        open=lambda: opened(file["path"]),
        name=file["name"],
        alt=file["alt"],
        width=file["width"],
        height=file["height"],
        seconds=file["seconds"],
    )
