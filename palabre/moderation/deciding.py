"""A person decides: an act, the article it stands on, why. On the path: case → here → `acting` → `telling`.

Validate, then write, in one transaction: the decision, its evidence, the audit row. The network is asked
afterwards, by `acting`. Everything here runs in the brand's scope.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from palabre.agency.audit import record
from palabre.agency.live import tell
from palabre.agency.models import User
from palabre.channels.models import Channel
from palabre.inbox.models import Message
from palabre.inbox.receiving import ROOM
from palabre.kit.states import move
from palabre.moderation import evidence
from palabre.moderation.cases import settle, weigh
from palabre.moderation.charter import policy_of
from palabre.moderation.models import Article, Case, Decision
from palabre.moderation.nudge import wake
from palabre.moderation.rules import (
    KEEP,
    ON_AUTHOR,
    Standing,
    after,
    makes_sense,
    needs_article,
    needs_second,
)
from palabre.moderation.states import DECISION, STANDS
from palabre.networks.contract import Act, Acting, Instead, Manifest
from palabre.networks.moderating import UNDONE_BY, acting, place_of
from palabre.networks.outgoing import Target
from palabre.networks.registry import manifests

BACK = (Act.UNHIDE, Act.UNSPAM, Act.RESTORE)
"""Acts that only take back what was decided here: what others hid or took away is not ours to show."""


@dataclass
class Unfounded(Exception):
    """The act takes something from somebody and names no article of the charter."""


@dataclass
class Pointless(Exception):
    """The act changes nothing for a message that stands so: it was taken away, or is hidden already."""


@dataclass
class AlreadyDecided(Exception):
    """The same act was decided already, and stands."""

    decision: Decision


class SamePerson(Exception):
    """Somebody else has to agree, or to look at it again."""


class CannotUndo(Exception):
    """The network does not take this act back."""


@dataclass(frozen=True, kw_only=True)
class Way:
    """How an act is carried out at one account: by the network (`by`), else by hand as `instead` says."""

    by: Acting | None = None
    instead: Instead | None = None


def way_of(channel: Channel, act: str) -> Way:
    """How this account does an act."""
    manifest = manifests().get(channel.network)
    if manifest is None or act == KEEP:
        return Way()
    wanted = Act(act)
    can = None if channel.by_hand else acting(manifest.acts, wanted)
    return Way(by=can, instead=manifest.instead.get(wanted))


def can_undo(decision: Decision) -> bool:
    """Whether what was done can be taken back from here."""
    if decision.state != "done" or decision.act == KEEP or decision.undoes_id:
        return False
    back = UNDONE_BY.get(Act(decision.act))
    return back is not None and way_of(decision.channel, back).by is not None


def standing_of(message: Message) -> Standing:
    """How a message stands now."""
    return Standing(held=message.held, hidden=message.hidden, gone=message.gone_at is not None)


@transaction.atomic
def decide(
    *,
    message: Message,
    act: str,
    by: User | None,
    now: datetime,
    article: Article | None = None,
    why: str = "",
    until: datetime | None = None,
    text: str = "",
    label: str = "",
) -> Decision:
    """Decide on a message, or on who wrote it, and keep the evidence.

    `by` None: a rule or a word list, which `label` names. Raises Unfounded, Pointless, AlreadyDecided.
    """
    message = (
        Message.objects.select_for_update(of=("self",))
        .select_related("item__author", "thread__channel", "brand")
        .get(pk=message.pk)
    )
    if needs_article(act) and article is None:
        raise Unfounded
    stood = standing_of(message)
    back = stands_against(message).get(act)
    if act != KEEP and (not makes_sense(act, stood) or (act in BACK and back is None)):
        raise Pointless
    _refuse_twice(message, act)
    channel = message.thread.channel
    if channel is None:
        raise Pointless  # it was brought from elsewhere: no account of ours can act there
    second = by is not None and needs_second(act, four_eyes=policy_of(message.brand).four_eyes)
    case = Case.objects.filter(message=message).first()
    decision = Decision(
        brand=message.brand,
        channel=channel,
        case=case,
        message=message,
        author=message.item.author,
        act=act,
        on_author=act in ON_AUTHOR,
        target_id=message.item.remote_id,
        author_id_there=message.item.author.remote_id if message.item.author else "",
        root_id=message.thread.remote_id,
        text=text,
        until=until,
        article=article,
        kinds=case.kinds if case else [],
        why=why,
        by=by,
        label=label,
        at=now,
        waited=now - (case.opened_at if case and case.state == "open" else message.at),
        before=asdict(stood),
        undoes=back,
        state="waiting" if second else _first_state(channel, act),
        try_at=now,
    )
    if act == KEEP:
        decision.done_at, decision.after = now, asdict(stood)
    decision.save(force_insert=True)
    evidence.keep(decision=decision, message=message)
    if case is not None:
        settle(case=case, now=now)
    _put_down(decision, by=by)
    return decision


def stands_against(message: Message) -> dict[str, Decision]:
    """What was decided on a message and is so on the network, by the act that would take it back."""
    rows = Decision.objects.filter(message=message, state="done", on_author=False).exclude(act=KEEP)
    gentle = [one for one in rows.order_by("pk") if UNDONE_BY.get(Act(one.act)) in (*BACK, Act.APPROVE)]
    given = set(Decision.objects.filter(undoes__in=gentle).values_list("undoes", flat=True))
    return {UNDONE_BY[Act(one.act)]: one for one in gentle if one.pk not in given}


def _refuse_twice(message: Message, act: str) -> None:
    """Two clicks, or two colleagues, are one decision; what was undone can be decided anew."""
    if act == KEEP:
        return
    same = Decision.objects.filter(message=message, act=act, state__in=[s for s in STANDS if s != "done"])
    if (other := same.first()) is not None:
        raise AlreadyDecided(other)


def _first_state(channel: Channel, act: str) -> str:
    if act == KEEP:
        return "done"
    return "asked" if way_of(channel, act).by is not None else "by_hand"


def _put_down(decision: Decision, *, by: User | None) -> None:
    """The audit row, the news to open pages, the nudge to a worker."""
    record(
        brand=decision.brand,
        by=by,
        act=f"moderation.{decision.act}",
        subject=subject_of(decision),
        why=decision.why,
        before=decision.before,
        after={
            "state": decision.state,
            "article": decision.article.number if decision.article else None,
            **({"until": decision.until.isoformat()} if decision.until else {}),
            **({"rule": decision.label} if decision.label else {}),
        },
    )
    told(decision)
    if decision.state == "asked":
        wake()


def subject_of(decision: Decision) -> str:
    """How the log names a decision: by number, so that who asks to be forgotten is not named there."""
    return f"#{decision.pk}"


def told(decision: Decision) -> None:
    """Tell open pages that something changed: those of the inbox listen too."""
    talk = decision.message.conversation_id if decision.message is not None else None
    tell(decision.brand, ROOM, talk or 0)


@transaction.atomic
def agree(*, decision: Decision, by: User, now: datetime) -> None:
    """A second person agrees. Raises SamePerson for who decided, `kit.states.Moved` when it was settled."""
    if decision.by_id == by.pk:
        raise SamePerson
    to = _first_state(decision.channel, decision.act)
    move(decision, DECISION, to=to, second_by=by, second_at=now, try_at=now)
    _log(decision, by, "moderation.agree")
    wake()


@transaction.atomic
def drop(*, decision: Decision, by: User, now: datetime, why: str = "") -> None:
    """Give a decision up that was not carried out: a second person says no, or it cannot be done."""
    second = {"second_by": by, "second_at": now} if decision.state == "waiting" else {}
    # What was given up takes nothing back: it may be asked for anew.
    move(decision, DECISION, to="dropped", undoes=None, **second)
    _log(decision, by, "moderation.drop", why=why)
    _open_again(decision, now=now)


@transaction.atomic
def did_by_hand(*, decision: Decision, by: User, now: datetime) -> None:
    """Somebody did on the network what the instruction says."""
    carried_out(decision, answer={}, now=now)
    _log(decision, by, "moderation.by_hand")


@transaction.atomic
def try_again(*, decision: Decision, by: User, now: datetime) -> None:
    """Ask the network once more, with the same key."""
    move(decision, DECISION, to="asked", try_at=now, tries=0, error_code="", error_params={})
    _log(decision, by, "moderation.retry")
    wake()


@transaction.atomic
def undo(*, decision: Decision, by: User | None, now: datetime, why: str = "", label: str = "") -> Decision:
    """Take back what was done, by a decision of its own. Raises CannotUndo, AlreadyDecided.

    What was not carried out yet is given up instead, and is itself what comes back.
    """
    decision = (
        Decision.objects.select_for_update(of=("self",))
        .select_related("channel", "brand", "message")
        .get(pk=decision.pk)
    )
    if decision.state in ("waiting", "asked", "by_hand", "refused", "failed"):
        move(decision, DECISION, to="dropped", undoes=None)
        _log(decision, by, "moderation.drop", why=why)
        return decision
    other = Decision.objects.filter(undoes=decision).exclude(state="dropped").first()
    if other is not None:
        raise AlreadyDecided(other)
    back = UNDONE_BY.get(Act(decision.act)) if decision.act != KEEP else None
    way = way_of(decision.channel, back) if back else Way()
    if back is None or (way.by is None and way.instead is None):
        raise CannotUndo
    copied = ("channel", "case", "message", "author", "on_author", "target_id", "author_id_there", "root_id")
    undoing = Decision(
        brand=decision.brand,
        **{name: getattr(decision, name) for name in copied},
        act=back.value,
        why=why,
        by=by,
        label=label,
        at=now,
        before=decision.after,
        undoes=decision,
        state=_first_state(decision.channel, back),
        try_at=now,
    )
    undoing.save(force_insert=True)
    _put_down(undoing, by=by)
    return undoing


def carried_out(decision: Decision, *, answer: Mapping[str, str], now: datetime, gone: bool = False) -> None:
    """It is so on the network now: the message shows it, and what it takes back is undone."""
    message = decision.message
    stands = (
        Standing(**decision.before) if decision.before else Standing(held=False, hidden=False, gone=False)
    )
    if message is not None:
        stands = after(decision.act, standing_of(message))
        if gone:
            stands = Standing(held=False, hidden=stands.hidden, gone=True)
        changes: dict[str, Any] = {"held": stands.held, "hidden": stands.hidden}
        if stands.gone != (message.gone_at is not None):
            changes["gone_at"] = now if stands.gone else None
        Message.objects.filter(pk=message.pk).update(**changes)
        for name, value in changes.items():
            setattr(message, name, value)
        for case in Case.objects.filter(message=message, state="open"):
            weigh(case, message)
            case.save(update_fields=["harm", "kinds"])
    left: dict[str, Any] = {"leased_until": None, "error_code": "", "error_params": {}}
    move(decision, DECISION, to="done", done_at=now, answer=dict(answer), after=asdict(stands), **left)
    if decision.undoes_id is not None:
        undone = Decision.objects.get(pk=decision.undoes_id)
        if undone.state == "done":
            move(undone, DECISION, to="undone")
    told(decision)


def instruction_of(decision: Decision) -> tuple[Instead | None, str]:
    """What a person does where the network offers no way, and the page where it is done ("" for none)."""
    way = way_of(decision.channel, decision.act)
    if way.instead is None:
        return None, ""
    url = decision.message.item.url if decision.message else ""
    author = decision.author.url if decision.author else ""
    return way.instead, place_of(way.instead, url=url, author=author, server=decision.channel.server)


def target_of(decision: Decision) -> Target:
    """The message, as the network knows it."""
    url = decision.message.item.url if decision.message else ""
    return Target(remote_id=decision.target_id, url=url)


def _open_again(decision: Decision, *, now: datetime) -> None:
    if decision.case is not None and decision.case.state == "settled":
        standing = decision.case.decisions.filter(state__in=STANDS).exists()
        if not standing:
            Case.objects.filter(pk=decision.case.pk).update(state="open", settled_at=None, opened_at=now)


def _log(decision: Decision, by: User | None, act: str, *, why: str = "") -> None:
    record(
        brand=decision.brand,
        by=by,
        act=act,
        subject=subject_of(decision),
        why=why,
        after={"act": decision.act, "state": decision.state},
    )
    told(decision)


def manifest_of(channel: Channel) -> Manifest | None:
    """What is declared about an account's network."""
    return manifests().get(channel.network)
