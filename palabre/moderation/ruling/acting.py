"""What a rule does once it fires: ours at once, the network's by a decision.

Each action ends in a word that the rule's page shows (`DONE`, or why it was not done). In the brand's scope
and in the caller's transaction.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from palabre.agency.colleagues import colleagues_with
from palabre.agency.live import tell
from palabre.agency.models import Brand, Team, User
from palabre.agency.roles import Right
from palabre.inbox.assigning import Unable, assign, prioritise
from palabre.inbox.conversations import put
from palabre.inbox.models import Conversation, Label, Labelled, Message, Priority
from palabre.inbox.receiving import ROOM
from palabre.moderation.cases import Cause, take_in
from palabre.moderation.deciding import AlreadyDecided, Pointless, decide, way_of
from palabre.moderation.models import Article, Kind, Rule
from palabre.moderation.ruling.rules import Action, Do

DONE = "done"


@dataclass(kw_only=True)
class Firing:
    """A rule that fires for a message, and what it gathers: whom to write to once all is kept."""

    rule: Rule
    message: Message
    now: datetime
    replied: bool = False
    notify: set[int] = field(default_factory=set)

    @property
    def brand(self) -> Brand:
        return self.message.brand

    @property
    def conversation(self) -> Conversation:
        conversation = self.message.conversation
        assert conversation is not None
        return conversation


def carry_out(action: Action, firing: Firing) -> str:
    """Do one action; `DONE`, or the code of why not."""
    return _VERBS[action.do](action, firing)


def _assign(action: Action, firing: Firing) -> str:
    """To a person or a team, unless somebody has it already."""
    conversation = Conversation.objects.get(pk=firing.conversation.pk)
    if conversation.assigned_to_id is not None or conversation.team_id is not None:
        return "taken"
    kind, _, pk = action.to.partition(":")
    to: User | Team | None = (User if kind == "user" else Team).objects.filter(pk=pk or 0).first()
    if to is None:
        return "nobody"
    try:
        assign(brand=firing.brand, conversations=[conversation.pk], to=to, by=None, now=firing.now)
    except Unable:
        return "nobody"
    return DONE


def _label(action: Action, firing: Firing) -> str:
    label = Label.objects.filter(pk=action.to or 0).first()
    return put_label(label, firing.message, now=firing.now) if label else "no_label"


def put_label(label: Label, message: Message, *, now: datetime) -> str:
    """Put a label on the message's conversation, by nobody's hand."""
    _row, made = Labelled.objects.get_or_create(
        conversation=message.conversation,
        label=label,
        defaults={"brand_id": message.brand_id, "by": None, "at": now},
    )
    if made:
        tell(message.brand, ROOM, message.conversation_id or 0)
    return DONE if made else "already"


def _priority(action: Action, firing: Firing) -> str:
    changed = prioritise(
        brand=firing.brand,
        conversations=[firing.conversation.pk],
        priority=Priority(int(action.to)),
        by=None,
    )
    return DONE if changed else "already"


def _flag(action: Action, firing: Firing) -> str:
    cause = Cause(kind=Kind.RULE, label=firing.rule.name)
    return DONE if take_in(message=firing.message, causes=[cause], now=firing.now) else "already"


def _ask_network(act: str) -> Callable[[Action, Firing], str]:
    def verb(action: Action, firing: Firing) -> str:
        code = decide_or_queue(
            message=firing.message,
            act=act,
            label=firing.rule.name,
            article=firing.rule.article,
            kind=Kind.RULE,
            now=firing.now,
        )
        return code or DONE

    return verb


def decide_or_queue(
    *,
    message: Message,
    act: str,
    label: str,
    article: int | None,
    kind: Kind,
    now: datetime,
    text: str = "",
) -> str:
    """Let an act be carried out by the machine of decisions; where it cannot be, a person looks at it.

    "" when it was decided, else why not. `article` is the number of an article in force.
    """
    stands_on = Article.objects.filter(number=article, until=None).first() if article else None
    channel = message.thread.channel
    able = channel is not None and way_of(channel, act).by is not None
    if able and stands_on is not None:
        try:
            decide(message=message, act=act, by=None, now=now, article=stands_on, label=label, text=text)
        except (Pointless, AlreadyDecided):
            return "already"
        return ""
    take_in(message=message, causes=[Cause(kind=kind, label=label)], now=now)
    return "no_article" if able else "unable"


def _notify(action: Action, firing: Firing) -> str:
    """A mail to a colleague, once all is kept."""
    able = {user.pk for user in colleagues_with(firing.brand, Right.LOOK)}
    if not action.to.isdigit() or int(action.to) not in able:
        return "nobody"
    firing.notify.add(int(action.to))
    return DONE


def _done(action: Action, firing: Firing) -> str:
    moved = put(
        brand=firing.brand, conversations=[firing.conversation.pk], to="done", by=None, now=firing.now
    )
    return DONE if moved else "already"


def _stop(action: Action, firing: Firing) -> str:
    return DONE


_VERBS: Mapping[Do, Callable[[Action, Firing], str]] = {
    Do.ASSIGN: _assign,
    Do.LABEL: _label,
    Do.PRIORITY: _priority,
    Do.FLAG: _flag,
    Do.HIDE: _ask_network("hide"),
    Do.HOLD: _ask_network("hold"),
    Do.NOTIFY: _notify,
    Do.DONE: _done,
    Do.STOP: _stop,
}
