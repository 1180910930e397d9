"""Writing contents: one post, a variant for each channel that is to say it, its versions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from palabre.agency.audit import record
from palabre.agency.models import Brand, User
from palabre.channels.models import Channel
from palabre.publishing.approval.asking import ask_again
from palabre.publishing.composing.content import Content
from palabre.publishing.delivery.planning import cancel
from palabre.publishing.delivery.states import EDITABLE
from palabre.publishing.delivery.steps import put_down
from palabre.publishing.models import Campaign, Delivery, Pillar, Post, Variant, Version


class Stale(Exception):
    """Somebody saved the post since it was opened: `version` is what stands there now."""

    def __init__(self, version: Version) -> None:
        super().__init__(version.revision)
        self.version = version


class Leaving(Exception):
    """A delivery of the post has left or is leaving: what it said can no longer change here."""

    def __init__(self, delivery: Delivery) -> None:
        super().__init__(delivery.pk)
        self.delivery = delivery


@dataclass(frozen=True, kw_only=True)
class PostDraft:
    """What a person typed. `channels`: what each chosen channel says differently, whole fields."""

    content: Content
    channels: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    name: str = ""
    campaign: Campaign | None = None
    pillar: Pillar | None = None
    note: str = ""


@transaction.atomic
def save_post(
    *, brand: Brand, by: User | None, draft: PostDraft, post: Post | None = None, revision: int | None = None
) -> Post:
    """Create or change a content, its variants and their deliveries (drafts), and keep the version.

    `revision` is the one the writer began from. Raises Stale if somebody saved since, Leaving if a
    channel that is taken away has already been served or the words of one under way would change.
    """
    if post is None:
        post = Post(brand=brand, author=by, revision=0)
    else:
        post = Post.objects.select_for_update().get(pk=post.pk)
        if revision is not None and revision != post.revision:
            raise Stale(post.versions.get(revision=post.revision))
    for name in ("name", "campaign", "pillar", "note"):
        setattr(post, name, getattr(draft, name))
    before = post.content
    post.content = draft.content.written()
    post.revision += 1
    post.changed_at = timezone.now()
    post.save()
    altered = _write_variants(post, draft.channels, changed=before != post.content)
    Version.objects.create(
        brand=brand,
        post=post,
        revision=post.revision,
        by=by,
        content=post.content,
        channels={str(channel): dict(changes) for channel, changes in draft.channels.items()},
    )
    ask_again(deliveries=altered, by=by, now=post.changed_at)
    return post


def _write_variants(
    post: Post, channels: Mapping[int, Mapping[str, Any]], *, changed: bool
) -> list[Delivery]:
    """The variants as they are wanted; hands back the open deliveries that say something else now."""
    altered: list[Delivery] = []
    known = {variant.channel_id: variant for variant in post.variants.all()}
    # Held until the end: none of them may begin to leave while its words change.
    open_ = {
        delivery.variant_id: delivery
        for delivery in Delivery.objects.select_for_update()
        .filter(variant__post=post)
        .exclude(state__in=["deleted", "cancelled"])
    }
    allowed = set(Channel.objects.filter(pk__in=channels.keys()).values_list("pk", flat=True))
    for channel, variant in known.items():
        delivery = open_.get(variant.pk)
        wanted = channels.get(channel)
        different = wanted is None or dict(wanted) != variant.changes or changed
        if delivery and different:
            if wanted is not None and delivery.state == "published":
                continue  # What was said was said: the proof keeps it, the post may go on.
            if delivery.state not in EDITABLE or delivery.sent:
                raise Leaving(delivery)
            # Nothing of it left: the next try hands over the new words.
            Delivery.objects.filter(pk=delivery.pk).update(outgoing=None, begun_at=None)
            if wanted is not None:
                altered.append(delivery)
        if wanted is None:
            variant.delete()
        elif dict(wanted) != variant.changes:
            variant.changes = dict(wanted)
            variant.save(update_fields=["changes"])
    for channel in channels.keys() - known.keys():
        if channel not in allowed:
            raise Channel.DoesNotExist(channel)
        variant = Variant.objects.create(
            brand=post.brand, post=post, channel_id=channel, changes=dict(channels[channel])
        )
        delivery = Delivery.objects.create(brand=post.brand, variant=variant, channel_id=channel)
        put_down([delivery], act="created", by=post.author)
    return altered


@transaction.atomic
def delete_post(*, post: Post, by: User) -> None:
    """Put a content away; what is planned of it is cancelled, what left stays proved.

    Raises Leaving if one of its deliveries is under way.
    """
    under_way = post.deliveries().filter(state__in=["sending", "unknown"]).first()
    if under_way:
        raise Leaving(under_way)
    cancel(deliveries=list(post.deliveries().filter(state__in=EDITABLE)), by=by)
    post.deleted_at = timezone.now()
    post.save(update_fields=["deleted_at"])
    record(brand=post.brand, by=by, act="post.delete", subject=str(post))


@transaction.atomic
def duplicate_post(*, post: Post, by: User) -> Post:
    """A new content with the same words, channels and media, nothing planned."""
    return save_post(
        brand=post.brand,
        by=by,
        draft=PostDraft(
            content=post.said,
            channels={variant.channel_id: variant.changes for variant in post.variants.all()},
            name=post.name,
            campaign=post.campaign,
            pillar=post.pillar,
            note=post.note,
        ),
    )
