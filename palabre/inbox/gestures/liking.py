"""A like or a repost of what somebody said, where the network has it; taken back too. Undone by its undoing.

The row is put down before the network is asked: a call that was cut off can be made again, for the act is
done once however often it is asked for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from palabre.agency.audit import record
from palabre.agency.live import tell
from palabre.agency.models import User
from palabre.channels.models import Channel
from palabre.channels.sessions import ask_now
from palabre.channels.words import manifest_of
from palabre.inbox.models import Conversation, Gesture, Message
from palabre.inbox.receiving import ROOM
from palabre.inbox.records import subject_of
from palabre.inbox.states import GESTURE
from palabre.kit.states import move
from palabre.networks.contract import Act, Moderates, Order, Session
from palabre.networks.errors import NetworkError
from palabre.networks.moderating import UNDONE_BY, acting
from palabre.networks.outgoing import Target
from palabre.networks.registry import connector

GESTURES: dict[Act, tuple[str | Promise, str | Promise, str]] = {
    Act.LIKE: (pgettext_lazy("act", "Like"), _("Take the like back"), "heart"),
    Act.REPOST: (pgettext_lazy("act", "Repost"), _("Take the repost back"), "repeat"),
}
"""What each is called, what taking it back is called, its icon."""


class CannotGesture(Exception):
    """The network, or the account, has no such gesture, or the message is gone."""


@dataclass(frozen=True, kw_only=True)
class Button:
    """One gesture as a page offers it; `row` is what was done so far."""

    act: str
    words: str | Promise
    icon: str
    done: bool
    row: Gesture | None


def gestures_of(channel: Channel) -> list[Act]:
    """What the account can do, and take back."""
    manifest = manifest_of(channel.network)
    if manifest is None or channel.by_hand or channel.state != "working":
        return []
    can = manifest.acts
    return [act for act in GESTURES if acting(can, act) and acting(can, UNDONE_BY[act])]


def offer(channel: Channel, messages: Sequence[Message]) -> dict[int, list[Button]]:
    """The buttons below each message that others said, by its key; one query for all of them."""
    acts = gestures_of(channel)
    theirs = [message for message in messages if not message.ours and message.gone_at is None]
    if not acts or not theirs:
        return {}
    rows = {(row.message_id, row.act): row for row in Gesture.objects.filter(message__in=theirs)}
    return {
        message.pk: [_button(act, rows.get((message.pk, act))) for act in acts]
        for message in theirs
        if not message.held
    }


def _button(act: Act, row: Gesture | None) -> Button:
    words, back, icon = GESTURES[act]
    done = row is not None and row.state == "done"
    return Button(act=act, words=back if done else words, icon=icon, done=done, row=row)


def make(*, message: Message, act: Act, by: User, now: datetime) -> None:
    """Like or repost it, at once. Raises CannotGesture; NetworkError, which is kept with the gesture."""
    conversation, row = _begun(message, act, by, now)
    if row.state == "done":
        return
    try:
        given = ask_now(conversation.channel, lambda session: _order(session, message, act, row))
    except NetworkError as error:
        move(row, GESTURE, to="failed", error_code=error.code, error_params=error.params)
        raise
    with transaction.atomic():
        move(row, GESTURE, to="done", given=dict(given), error_code="", error_params={})
        record(brand=row.brand, by=by, act=f"inbox.{act}", subject=subject_of(conversation))
        tell(row.brand, ROOM, conversation.pk)


def take_back(*, message: Message, act: Act, by: User) -> None:
    """Undo it. Raises CannotGesture, NetworkError, `kit.states.Moved`; it stands as long as that fails."""
    conversation = _conversation(message)
    row = Gesture.objects.select_related("brand").filter(message=message, act=act, state="done").first()
    if row is None:
        return
    undo = UNDONE_BY[act]
    try:
        ask_now(conversation.channel, lambda session: _order(session, message, undo, row))
    except NetworkError as error:
        Gesture.objects.filter(pk=row.pk).update(error_code=error.code, error_params=error.params)
        raise
    with transaction.atomic():
        move(row, GESTURE, to="undone", given={}, error_code="", error_params={})
        record(brand=row.brand, by=by, act=f"inbox.{undo}", subject=subject_of(conversation))
        tell(row.brand, ROOM, conversation.pk)


def _conversation(message: Message) -> Conversation:
    if message.conversation_id is None or message.gone_at is not None or message.ours:
        raise CannotGesture
    return Conversation.objects.select_related("channel__brand").get(pk=message.conversation_id)


@transaction.atomic
def _begun(message: Message, act: Act, by: User, now: datetime) -> tuple[Conversation, Gesture]:
    conversation = _conversation(message)
    if act not in gestures_of(conversation.channel):
        raise CannotGesture
    row, _made = Gesture.objects.get_or_create(
        message=message, act=act, defaults={"brand_id": message.brand_id, "by": by, "at": now}
    )
    row = Gesture.objects.select_for_update(of=("self",)).select_related("brand").get(pk=row.pk)
    if row.state in ("failed", "undone"):
        move(row, GESTURE, to="asked", by=by, at=now, error_code="", error_params={})
    return conversation, row


async def _order(session: Session, message: Message, act: Act, row: Gesture) -> dict[str, str]:
    moderates = connector(message.item.network)
    assert isinstance(moderates, Moderates)
    order = Order(
        act=act,
        target=Target(remote_id=message.item.remote_id, url=message.item.url),
        key=str(row.key),
        author_id=message.item.author.remote_id if message.item.author else "",
        root_id=message.thread.remote_id,
        given=row.given if act in UNDONE_BY.values() else {},
    )
    return dict(await moderates.moderate(session, order))
