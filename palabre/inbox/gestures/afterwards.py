"""An answer after it was sent: changed or taken back where the network allows it, told plainly where not."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from palabre.agency.audit import record
from palabre.agency.live import tell
from palabre.agency.models import User
from palabre.channels.sessions import ask_now
from palabre.channels.words import label_of, manifest_of
from palabre.inbox import attaching
from palabre.inbox.answering import Unfit, problems_of, rules_of_answers
from palabre.inbox.approval.steps import may_change_sent
from palabre.inbox.models import Message, Reply
from palabre.inbox.proving import kept_message
from palabre.inbox.receiving import ROOM, settle
from palabre.inbox.records import subject_of
from palabre.inbox.sending import outgoing_of
from palabre.inbox.states import REPLY
from palabre.kit.states import Moved, move
from palabre.networks.contract import Capability, Deletes, Edits, Session
from palabre.networks.outgoing import Sent
from palabre.networks.registry import connector
from palabre.stream.lock import hold
from palabre.stream.models import Item


class NotAllowed(Exception):
    """It cannot be done from here; `why` is a sentence for whoever asked."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def why_not_edit(reply: Reply, user: User) -> str:
    """Why what stands at the network cannot be changed from here by this person; "" where it can."""
    if why := _why_not(reply, Capability.EDIT):
        return why
    if not may_change_sent(reply, user):
        return _("Answers are approved here: only who may approve this one changes it.")
    return ""


def why_not_delete(reply: Reply) -> str:
    """Why it cannot be taken back from here; "" where it can."""
    return _why_not(reply, Capability.DELETE)


def _why_not(reply: Reply, capability: Capability) -> str:
    channel = reply.conversation.channel
    manifest = manifest_of(channel.network)
    if reply.state != "sent" or not reply.sent:
        return _("Palabre does not know where this answer stands: do it on the network.")
    if manifest is None or capability not in manifest.capabilities or channel.by_hand:
        words = (
            _("%(network)s lets nobody change what was sent: take it back and answer again.")
            if capability is Capability.EDIT
            else _("%(network)s lets no program take back what was sent: do it there.")
        )
        return words % {"network": label_of(channel.network)}
    if channel.state == "removed":
        return _("This account is not connected any more.")
    return ""


def edit(*, reply: Reply, by: User, text: str, now: datetime) -> None:
    """Make what stands at the network say this instead. Raises NotAllowed, Unfit, Moved, NetworkError."""
    if why := why_not_edit(reply, by):
        raise NotAllowed(why)
    channel, before = reply.conversation.channel, reply.text
    rules = rules_of_answers(channel)
    if rules is None:
        raise NotAllowed(_("This account cannot answer from here."))
    # The files stay what they are: whether their rights are over by now is no matter of words.
    found = problems_of(channel, rules, text=text, media=attaching.media_of(reply), now=reply.sent_at or now)
    if found:
        raise Unfit(found)
    if text == before:
        return
    edits = connector(channel.network)
    assert isinstance(edits, Edits)
    reply.text = text

    async def change(session: Session) -> tuple[Sent, ...]:
        return await edits.edit(session, outgoing_of(reply), stood(reply))

    sent = ask_now(channel, change)
    with transaction.atomic():
        hold(reply.brand)
        changed = Reply.objects.filter(pk=reply.pk, state="sent").update(
            text=text, sent=[_stored(one) for one in sent], edited_at=now
        )
        if not changed:
            raise Moved("no longer sent")
        message = kept_message(reply, at=reply.sent_at or now, now=now)
        Message.objects.filter(pk=message.pk).update(edited_at=now)
        settle(reply.conversation, now=now)
        record(
            brand=reply.brand,
            by=by,
            act="inbox.edit",
            subject=subject_of(reply.conversation),
            before={"text": before},
            after={"text": text},
        )
        tell(reply.brand, ROOM, reply.conversation_id)


def delete(*, reply: Reply, by: User, now: datetime) -> None:
    """Take it back from the network; that it stood there stays known. Raises as `edit` does."""
    if why := why_not_delete(reply):
        raise NotAllowed(why)
    channel = reply.conversation.channel
    deletes = connector(channel.network)
    assert isinstance(deletes, Deletes)

    async def take_back(session: Session) -> None:
        await deletes.delete(session, stood(reply))

    ask_now(channel, take_back)
    with transaction.atomic():
        hold(reply.brand)
        move(reply, REPLY, to="deleted", leased_until=None)
        gone = Message.objects.filter(
            conversation=reply.conversation_id, ours=True, item__remote_id=reply.remote_id, gone_at=None
        )
        items = list(gone.values_list("item_id", flat=True))
        gone.update(gone_at=now)
        Item.objects.filter(pk__in=items).update(title="", text="", image_urls=[])
        settle(reply.conversation, now=now)
        record(
            brand=reply.brand,
            by=by,
            act="inbox.delete",
            subject=subject_of(reply.conversation),
            before={"text": reply.text, "url": reply.remote_url},
        )
        tell(reply.brand, ROOM, reply.conversation_id)


def stood(reply: Reply) -> tuple[Sent, ...]:
    """What the network gave for each step."""
    return tuple(
        Sent(step=one["step"], remote_id=one["remote_id"], url=one["url"], extra=one["extra"])
        for one in reply.sent
    )


def _stored(one: Sent) -> dict[str, object]:
    return {"step": one.step, "remote_id": one.remote_id, "url": one.url, "extra": dict(one.extra)}
