"""Acts in a room: emptying a message, putting somebody out of it, banning them; a thumb as a gesture.

Read on 2026-11-23: https://spec.matrix.org/v1.16/client-server-api/#leaving-rooms,
https://spec.matrix.org/v1.16/client-server-api/#redactions
"""

from collections.abc import Mapping
from typing import Any

from palabre.networks.answers import gone_where_missing
from palabre.networks.contract import Act, Order, Session
from palabre.networks.errors import Gone, Rejected
from palabre.networks.matrix.calls import asked, host, of
from palabre.networks.matrix.places import PERSON, place_of
from palabre.networks.matrix.publishing import redact, send, standing_event
from palabre.networks.shapes import rows, table, word

THUMB = "👍"
_PATHS = {Act.KICK: "kick", Act.BAN: "ban", Act.UNBAN: "unban"}


class Moderating:
    """See the module."""

    async def moderate(self, session: Session, order: Order) -> Mapping[str, str]:
        """Done once: what stands is looked at first."""
        with gone_where_missing("message_gone", host=host(session)):
            if await self.standing(session, order):
                return {}
            room, event = place_of(order.target.remote_id)
            if order.act is Act.DELETE:
                await redact(session, room, event, f"{order.key}-empty", why=order.text)
            elif order.act is Act.LIKE:
                about = {"rel_type": "m.annotation", "event_id": event, "key": THUMB}
                made = await send(session, room, "m.reaction", order.key, {"m.relates_to": about})
                return {"event": word(made.get("event_id"))}
            elif order.act is Act.UNLIKE:
                for thumb in await _thumbs(session, room, event):
                    await redact(session, room, thumb, f"{order.key}-{thumb}")
            else:
                said = {"user_id": order.author_id} | ({"reason": order.text} if order.text else {})
                await asked(session, "POST", f"/rooms/{of(room)}/{_PATHS[order.act]}", json=said)
            return {}

    async def standing(self, session: Session, order: Order) -> bool | None:
        """As the room is."""
        with gone_where_missing("message_gone", host=host(session)):
            room, event = place_of(order.target.remote_id)
            match order.act:
                case Act.DELETE:
                    return await _emptied(session, room, event)
                case Act.LIKE | Act.UNLIKE:
                    if await standing_event(session, room, event) is None:
                        raise Gone("message_gone", host=host(session))
                    return bool(await _thumbs(session, room, event)) == (order.act is Act.LIKE)
                case Act.KICK | Act.BAN | Act.UNBAN:
                    membership = await _membership(session, room, order.author_id)
                    if order.act is Act.KICK:
                        return membership in ("leave", "ban")
                    return (membership == "ban") == (order.act is Act.BAN)
        raise Rejected("act_unknown", host=host(session), act=order.act)


async def _emptied(session: Session, room: str, event: str) -> bool:
    """Whether nothing is left of a message; one that never was is `Gone`."""
    if not room:
        raise Gone("message_gone", host=host(session))
    told = await asked(session, "GET", f"/rooms/{of(room)}/event/{of(event)}")
    return not table(told.get("content"))


async def _membership(session: Session, room: str, user: str) -> str:
    """ "join", "leave", "ban"…; "" for who was never there."""
    if not room or not PERSON.fullmatch(user):
        raise Gone("message_gone", host=host(session))
    told = await asked(session, "GET", f"/rooms/{of(room)}/state/m.room.member/{of(user)}")
    return word(told.get("membership"))


async def _thumbs(session: Session, room: str, event: str) -> list[str]:
    """The reactions of the account to a message."""
    path = f"/rooms/{of(room)}/relations/{of(event)}/m.annotation/m.reaction"
    told: Mapping[str, Any] = await asked(
        session, "GET", path, params={"limit": "100"}, base="/_matrix/client/v1"
    )
    found = []
    for made in map(table, rows(told.get("chunk"))):
        about = table(table(made.get("content")).get("m.relates_to"))
        if made.get("sender") == session.account and about.get("key") == THUMB:
            found.append(word(made.get("event_id")))
    return found
