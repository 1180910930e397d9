"""Who approves the answers of an account, and what waits for whom. Reads only, in the brand's scope.

Who is meant by a role, a team or a person is as for contents (`publishing.approval.rules`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from palabre.agency.models import Brand, User
from palabre.channels.models import Channel
from palabre.inbox.models import Approves, Reply
from palabre.publishing.approval.queues import people_of
from palabre.publishing.approval.rules import Approver, Person, Turn, turn

Rows = Mapping[int | None, Approves]
"""Who approves, by account; None holds the brand's."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """An answer that waits, and who may decide on it; `stuck`: nobody who is named can, an owner does."""

    reply: Reply
    turn: Turn


def rows_of_brand() -> Rows:
    """All that is set for the brand in scope."""
    return {row.channel_id: row for row in Approves.objects.select_related("person", "team")}


def approver_of(channel: Channel, rows: Rows | None = None) -> Approves | None:
    """Who approves what this account answers; None: nobody has to."""
    rows = rows_of_brand() if rows is None else rows
    own = rows.get(channel.pk) or rows.get(None)
    return None if own is None or own.kind == "nobody" else own


def as_rule(row: Approves) -> Approver:
    """As the rules of approval know it."""
    who = {"role": row.role, "person": row.person_id, "team": row.team_id}[row.kind]
    return Approver(kind=row.kind, who="" if who is None else str(who))


def waiting() -> "QuerySet[Reply]":
    """Every answer that waits, the longest first."""
    rows = Reply.objects.filter(state="asked").order_by("asked_at", "pk")
    return rows.select_related(
        "by", "brand", "to__item", "conversation__author", "conversation__channel__brand"
    )


def asked(brand: Brand, replies: Iterable[Reply] | None = None) -> list[Asked]:
    """What waits, or these, with whose turn it is."""
    found = list(waiting() if replies is None else replies)
    if not found:
        return []
    rows, people = rows_of_brand(), people_of(brand)
    return [Asked(reply=one, turn=turn_of(one, rows, people)) for one in found]


def turn_of(reply: Reply, rows: Rows, people: list[Person]) -> Turn:
    """Who may decide on an answer: never who wrote it."""
    own = approver_of(reply.conversation.channel, rows)
    return turn([as_rule(own)] if own else [], 0, people, [reply.by_id] if reply.by_id else [])


def mine(found: Iterable[Asked], user: User) -> list[Asked]:
    """Those on which this person may decide."""
    return [one for one in found if user.pk in one.turn.people]


def may_change_sent(reply: Reply, user: User) -> bool:
    """Whether a person may change a sent answer: where answers are approved, who could approve it."""
    if approver_of(reply.conversation.channel) is None:
        return True
    return user.pk in turn_of(reply, rows_of_brand(), people_of(reply.brand)).people
