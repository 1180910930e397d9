"""After publication: changed or taken back where the network allows it, told plainly where not."""

from django.db import transaction
from django.utils import timezone

from palabre.agency.models import User
from palabre.channels.sessions import ask_now
from palabre.channels.words import manifest_of
from palabre.networks.contract import Capability, Deletes, Edits, Session
from palabre.networks.registry import connector
from palabre.publishing.delivery.outgoing import frozen, stood, stood_as_json, thawed
from palabre.publishing.delivery.steps import advance, put_down
from palabre.publishing.models import Delivery


def may_edit(delivery: Delivery) -> bool:
    """Whether what stands at the network can be changed from here."""
    return _can(delivery, Capability.EDIT)


def may_delete(delivery: Delivery) -> bool:
    """Whether what stands at the network can be taken back from here."""
    return _can(delivery, Capability.DELETE)


def edit_published(*, delivery: Delivery, by: User) -> None:
    """Make what stands at the network say what the content says now.

    Both what is handed over and what the network gave are kept. Idempotent. Raises NetworkError.
    """
    edits = connector(delivery.channel.network)
    assert isinstance(edits, Edits)
    before = delivery.outgoing
    delivery.outgoing = frozen(delivery)

    async def change(session: Session) -> list[dict[str, object]]:
        return stood_as_json(await edits.edit(session, thawed(delivery), stood(delivery)))

    sent = ask_now(delivery.channel, change)
    with transaction.atomic():
        Delivery.objects.filter(pk=delivery.pk).update(outgoing=delivery.outgoing, sent=sent)
        was = str(before.get("text", "")) if before else ""
        put_down([delivery], act="edited", by=by, params={"was": was})


def delete_published(*, delivery: Delivery, by: User) -> None:
    """Take it back from the network; the proof stays. Raises NetworkError, Moved."""
    deletes = connector(delivery.channel.network)
    assert isinstance(deletes, Deletes)

    async def take_back(session: Session) -> None:
        await deletes.delete(session, stood(delivery))

    ask_now(delivery.channel, take_back)
    with transaction.atomic():
        advance([delivery], to="deleted", act="deleted", by=by, at=timezone.now())


def _can(delivery: Delivery, capability: Capability) -> bool:
    manifest = manifest_of(delivery.channel.network)
    known = manifest is not None and capability in manifest.capabilities
    return known and delivery.state == "published" and bool(delivery.sent) and not delivery.channel.by_hand
