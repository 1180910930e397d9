"""A reply that left becomes a message like any other: an item of the stream, known again when heard."""

from datetime import datetime

from palabre.channels.models import Channel
from palabre.enrichment import analyse, fingerprint, hashtags
from palabre.inbox.models import Message, Reply
from palabre.networks.items import Address, ItemKind, RemoteAuthor, RemoteItem
from palabre.stream.incoming import Incoming
from palabre.stream.store import store


def kept_message(reply: Reply, *, at: datetime, now: datetime) -> Message:
    """The message of what was sent, made once. In the caller's transaction and under the brand's lock."""
    conversation = reply.conversation
    channel = conversation.channel
    said = RemoteItem(
        remote_id=reply.remote_id,
        url=reply.remote_url,
        text=reply.text,
        kind=ItemKind.COMMENT if conversation.address == Address.COMMENT else ItemKind.REPLY,
        author=account_of(channel),
        published_at=at,
        outlet=channel.server,
        thread_id=conversation.thread.remote_id,
        reply_to=reply.target_id,
    )
    (analysis,) = analyse([reply.text], languages=[None])
    incoming = Incoming(
        network=channel.network,
        item=said,
        analysis=analysis,
        fingerprint=fingerprint(reply.text),
        hashtags=tuple(hashtags(reply.text)),
        collected_at=now,
    )
    (stored,) = store(brand=reply.brand, items=[incoming])
    message, _ = Message.objects.update_or_create(
        thread=conversation.thread,
        item_id=stored.id,
        defaults={
            "brand_id": reply.brand_id,
            "conversation": conversation,
            "address": Address.OURS,
            "ours": True,
            "at": at,
        },
    )
    return message


def account_of(channel: Channel) -> RemoteAuthor:
    """The account as an author of its own words."""
    return RemoteAuthor(
        remote_id=channel.account,
        handle=channel.handle,
        name=channel.name,
        url=channel.url,
        avatar_url=channel.avatar_url,
    )
