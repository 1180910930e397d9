"""Approval from the plan to the hour: every way a content can go through its steps, or not."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from palabre.agency.models import AuditEntry, Brand, Grant, Member, User
from palabre.agency.roles import Role
from palabre.agency.team import remove
from palabre.agency.teams import delete_team, save_team
from palabre.channels.models import Channel
from palabre.publishing.approval.deciding import Choice, Decided, decide, expire, let_go, save_steps
from palabre.publishing.approval.queues import asked, by_post, mine, pending, waits_for
from palabre.publishing.approval.rules import Approver
from palabre.publishing.composing.compose import PostDraft, delete_post, save_post
from palabre.publishing.composing.content import Content
from palabre.publishing.delivery.planning import TooSoon, cancel, plan, stop_everything, take_up, unplan
from palabre.publishing.models import Approval, Delivery, Post, Step
from palabre.publishing.tests.arranged import build_channel, kept
from tests.builders import Cast, build_user

MANAGERS = Approver(kind="role", who=Role.MANAGER)


@pytest.fixture
def noe(cast: Cast) -> User:
    """A member: writes, and may be asked."""
    return build_user("noe@iroko.example", cast.brand.organisation, Role.MEMBER, "Noé")


@pytest.fixture
def lea(cast: Cast) -> User:
    """A manager."""
    return build_user("lea@iroko.example", cast.brand.organisation, Role.MANAGER, "Léa")


@pytest.fixture
def later(now: datetime) -> datetime:
    return now + timedelta(days=2)


def person(user: User) -> Approver:
    return Approver(kind="person", who=str(user.pk))


def steps(cast: Cast, *approvers: Approver, channel: Channel | None = None) -> list[Delivery]:
    return save_steps(
        brand=cast.brand, channel=channel, approvers=approvers, by=cast.owner, now=timezone.now()
    )


def written(channel: Channel, by: User, text: str = "Bonjour") -> Delivery:
    draft = PostDraft(content=Content(text=text), channels={channel.pk: {}})
    return save_post(brand=channel.brand, by=by, draft=draft).deliveries().get()


def sent(channel: Channel, by: User, at: datetime, text: str = "Bonjour") -> Delivery:
    delivery = written(channel, by, text)
    plan(deliveries=[delivery], at=at, by=by, now=timezone.now())
    return kept(delivery)


def stamps(deliveries: Sequence[Delivery]) -> list[str]:
    return [row.stamp for row in pending().filter(delivery__in=deliveries)]


def answer(
    delivery: Delivery, by: User, choice: Choice = Choice.APPROVE, note: str = "", now: datetime | None = None
) -> Decided:
    return decide(
        brand=delivery.channel.brand,
        stamps=stamps([delivery]),
        by=by,
        choice=choice,
        note=note,
        now=now or timezone.now(),
    )


def acts(delivery: Delivery) -> list[str]:
    return list(Step.objects.filter(delivery=delivery).values_list("act", flat=True))


def test_without_steps_a_content_is_planned_at_once(channel: Channel, noe: User, later: datetime) -> None:
    assert sent(channel, noe, later).state == "scheduled"
    assert not Approval.objects.exists()


def test_a_content_waits_for_its_step_and_leaves_at_its_hour_once_approved(
    cast: Cast, channel: Channel, noe: User, lea: User, later: datetime
) -> None:
    steps(cast, MANAGERS)
    delivery = sent(channel, noe, later)
    assert delivery.state == "awaiting"
    done = answer(delivery, lea, note="Parfait")
    assert [one.pk for one in done.approved] == [delivery.pk]
    assert (kept(delivery).state, kept(delivery).due_at) == ("scheduled", later)
    assert acts(delivery) == ["created", "planned", "asked", "approved"]
    last = Step.objects.filter(delivery=delivery).last()
    assert last is not None
    assert (last.by, last.note, last.state) == (lea, "Parfait", "scheduled")
    log = AuditEntry.objects.get(act="approval.approve")
    assert (log.by, log.why) == (lea, "Parfait")


def test_nobody_approves_their_own_nor_what_they_changed(
    cast: Cast, channel: Channel, lea: User, later: datetime
) -> None:
    steps(cast, MANAGERS)
    delivery = sent(channel, lea, later)
    assert answer(delivery, lea).lost == 1
    post = delivery.variant.post
    draft = PostDraft(content=Content(text="Bonjour à tous"), channels={channel.pk: {}})
    save_post(brand=cast.brand, by=cast.owner, draft=draft, post=post)
    assert answer(delivery, cast.owner).lost == 1, "the owner changed it: it is theirs too"
    assert kept(delivery).state == "awaiting"


def test_steps_are_passed_in_turn_by_those_they_name(
    cast: Cast, channel: Channel, noe: User, lea: User, later: datetime
) -> None:
    team = save_team(
        organisation=cast.brand.organisation,
        by=cast.owner,
        name="Cliente",
        members=[Member.objects.get(user=cast.colleague)],
    )
    steps(cast, person(lea), Approver(kind="team", who=str(team.pk)), Approver(kind="role", who=Role.OWNER))
    delivery = sent(channel, noe, later)
    assert answer(delivery, cast.colleague).lost == 1, "not their turn yet"
    assert [one.pk for one in answer(delivery, lea).passed_on] == [delivery.pk]
    assert answer(delivery, lea).lost == 1, "her step is behind"
    assert answer(delivery, cast.colleague).passed_on
    assert kept(delivery).state == "awaiting"
    assert answer(delivery, cast.owner).approved
    assert kept(delivery).state == "scheduled"
    assert acts(delivery)[-3:] == ["approved_step", "approved_step", "approved"]


def test_an_account_has_its_own_steps_or_those_of_its_brand(
    cast: Cast, channel: Channel, noe: User, lea: User, later: datetime
) -> None:
    other = build_channel(cast.brand, handle="autre")
    steps(cast, person(lea), channel=other)
    assert sent(channel, noe, later).state == "scheduled"
    assert sent(other, noe, later).state == "awaiting"
    steps(cast, person(cast.colleague))
    assert mine(asked(cast.brand), lea), "its own steps stand in for the brand's"


def test_a_refusal_says_why_and_the_content_is_changed_and_asked_again(
    cast: Cast, channel: Channel, noe: User, lea: User, later: datetime
) -> None:
    steps(cast, MANAGERS)
    delivery = sent(channel, noe, later)
    with pytest.raises(ValueError, match="says why"):
        answer(delivery, lea, Choice.REFUSE, note="  ")
    assert answer(delivery, lea, Choice.REFUSE, note="Trop long").refused
    assert kept(delivery).state == "refused"
    assert Approval.objects.get().note == "Trop long"
    draft = PostDraft(content=Content(text="Court"), channels={channel.pk: {}})
    save_post(brand=cast.brand, by=noe, draft=draft, post=delivery.variant.post)
    plan(deliveries=[delivery], at=later, by=noe, now=timezone.now())
    assert kept(delivery).state == "awaiting"
    assert answer(delivery, lea).approved


def test_words_changed_after_the_approval_are_asked_again_others_are_not(
    cast: Cast, channel: Channel, noe: User, lea: User, later: datetime
) -> None:
    steps(cast, MANAGERS)
    delivery = sent(channel, noe, later)
    answer(delivery, lea)
    post = delivery.variant.post
    same = PostDraft(content=Content(text="Bonjour"), channels={channel.pk: {}}, note="vu avec Léa")
    save_post(brand=cast.brand, by=noe, draft=same, post=post)
    assert kept(delivery).state == "scheduled"
    plan(deliveries=[delivery], at=later + timedelta(hours=1), by=noe, now=timezone.now())
    assert kept(delivery).state == "scheduled", "another hour is not another content"
    changed = PostDraft(content=Content(text="Bonsoir"), channels={channel.pk: {}})
    save_post(brand=cast.brand, by=noe, draft=changed, post=post)
    assert kept(delivery).state == "awaiting"
    assert "changed" in acts(delivery)


def test_words_changed_while_somebody_reads_them_are_not_approved_by_that_reading(
    cast: Cast, channel: Channel, noe: User, lea: User, later: datetime
) -> None:
    steps(cast, person(lea), MANAGERS)
    delivery = sent(channel, noe, later)
    answer(delivery, lea)
    seen = stamps([delivery])
    changed = PostDraft(content=Content(text="Autre chose"), channels={channel.pk: {}})
    save_post(brand=cast.brand, by=noe, draft=changed, post=delivery.variant.post)
    done = decide(brand=cast.brand, stamps=seen, by=cast.owner, choice=Choice.APPROVE, now=timezone.now())
    assert (done.lost, done.approved) == (1, [])
    assert pending().get().passed == 0, "other words begin at the first step"


def test_two_who_decide_at_once_count_once(
    cast: Cast, channel: Channel, noe: User, lea: User, later: datetime
) -> None:
    steps(cast, MANAGERS, MANAGERS)
    delivery = sent(channel, noe, later)
    seen = stamps([delivery])
    for by in (lea, cast.owner):
        decide(brand=cast.brand, stamps=seen, by=by, choice=Choice.APPROVE, now=timezone.now())
    assert kept(delivery).state == "awaiting"
    assert pending().get().passed == 1


def test_what_nobody_answers_expires_at_its_hour_or_after_ninety_days(
    cast: Cast, channel: Channel, noe: User, later: datetime
) -> None:
    steps(cast, MANAGERS)
    soon = sent(channel, noe, later)
    far = sent(channel, noe, later + timedelta(days=200), text="Loin")
    assert expire(brand=cast.brand, now=later - timedelta(minutes=1)) == []
    assert [one.pk for one in expire(brand=cast.brand, now=later)] == [soon.pk]
    assert (kept(soon).state, kept(soon).error_code) == ("expired", "approval_hour")
    assert [one.pk for one in expire(brand=cast.brand, now=later + timedelta(days=91))] == [far.pk]
    assert kept(far).error_code == "approval_days"
    assert AuditEntry.objects.filter(act="approval.expire", by=None).count() == 2


def test_an_approval_after_the_hour_asks_for_a_new_one_and_keeps(
    cast: Cast, channel: Channel, noe: User, lea: User, later: datetime
) -> None:
    steps(cast, MANAGERS)
    delivery = sent(channel, noe, later)
    done = answer(delivery, lea, now=later + timedelta(minutes=5))
    assert [one.pk for one in done.late] == [delivery.pk]
    assert (kept(delivery).state, kept(delivery).error_code) == ("missed", "approved_late")
    again = later + timedelta(days=1)
    plan(deliveries=[delivery], at=again, by=noe, now=later + timedelta(minutes=6))
    assert kept(delivery).state == "scheduled", "it was approved: it need not be again"


def test_what_is_approved_while_everything_is_stopped_is_paused(
    cast: Cast, channel: Channel, noe: User, lea: User, later: datetime
) -> None:
    steps(cast, MANAGERS)
    stop_everything(brand=cast.brand, by=cast.owner, why="incendie", now=timezone.now())
    delivery = sent(channel, noe, later)
    assert delivery.state == "awaiting"
    assert answer(delivery, lea).paused
    assert kept(delivery).state == "paused"
    take_up(brand=cast.brand, by=cast.owner, now=timezone.now())
    assert kept(delivery).state == "scheduled"


def test_an_hour_that_leaves_no_time_to_approve_is_refused_before(
    cast: Cast, channel: Channel, noe: User
) -> None:
    steps(cast, MANAGERS)
    delivery = written(channel, noe)
    now = timezone.now()
    with pytest.raises(TooSoon):
        plan(deliveries=[delivery], at=now, by=noe, now=now)
    assert kept(delivery).state == "draft"


@pytest.mark.parametrize("way_back", [unplan, cancel])
def test_what_is_taken_back_is_asked_no_more(
    way_back: object, cast: Cast, channel: Channel, noe: User, later: datetime
) -> None:
    steps(cast, MANAGERS)
    delivery = sent(channel, noe, later)
    way_back(deliveries=[delivery], by=noe)
    assert Approval.objects.get().state == "withdrawn"
    assert not pending().exists()


def test_a_content_put_away_is_asked_no_more(
    cast: Cast, channel: Channel, noe: User, later: datetime
) -> None:
    steps(cast, MANAGERS)
    delivery = sent(channel, noe, later)
    delete_post(post=Post.objects.get(pk=delivery.variant.post_id), by=noe)
    assert not pending().exists()


def test_when_nobody_named_is_left_an_owner_decides_and_the_pages_know(
    cast: Cast, channel: Channel, noe: User, lea: User, later: datetime
) -> None:
    team = save_team(
        organisation=cast.brand.organisation,
        by=cast.owner,
        name="Relecture",
        members=[Member.objects.get(user=lea)],
    )
    steps(cast, Approver(kind="team", who=str(team.pk)))
    delivery = sent(channel, noe, later)
    assert waits_for(cast.owner, cast.brand).mine == 0
    remove(member=Member.objects.get(user=lea), by=cast.owner)
    (one,) = asked(cast.brand)
    assert one.turn.stuck
    assert waits_for(cast.owner, cast.brand).mine == 1
    assert waits_for(noe, cast.brand).stuck == 1
    delete_team(team=team, by=cast.owner)
    assert asked(cast.brand)[0].turn.stuck, "a team that is gone does not open the door"
    assert answer(delivery, cast.owner).approved


def test_a_content_that_only_its_writer_could_decide_on_is_said_hopeless(
    cast: Cast, channel: Channel, later: datetime
) -> None:
    steps(cast, person(cast.owner))
    sent(channel, cast.owner, later)
    (group,) = by_post(asked(cast.brand))
    assert group.stuck
    assert group.hopeless


def test_somebody_who_leaves_decides_no_more_and_a_guest_of_the_brand_can(
    cast: Cast, channel: Channel, noe: User, later: datetime
) -> None:
    guest = build_user("cliente@boulange.example", cast.brand.organisation, Role.GUEST)
    steps(cast, person(guest))
    delivery = sent(channel, noe, later)
    assert answer(delivery, guest).lost == 1, "she does not reach the brand"
    grant = Grant.objects.create(member=guest.memberships.get(), brand=cast.brand, role=Role.READER)
    assert mine(asked(cast.brand), guest)
    grant.delete()
    assert answer(delivery, guest).lost == 1


def test_when_the_steps_change_what_waits_goes_on_from_the_first_that_changed(
    cast: Cast, channel: Channel, noe: User, lea: User, later: datetime
) -> None:
    steps(cast, person(lea), person(cast.colleague))
    delivery = sent(channel, noe, later)
    answer(delivery, lea)
    assert steps(cast, person(lea), MANAGERS) == []
    assert pending().get().passed == 1, "what Léa said still holds"
    assert "steps_changed" in acts(delivery)
    steps(cast, person(cast.colleague), MANAGERS)
    assert pending().get().passed == 0


def test_when_no_step_is_left_what_waits_goes_on(
    cast: Cast, channel: Channel, noe: User, later: datetime
) -> None:
    steps(cast, MANAGERS)
    delivery = sent(channel, noe, later)
    assert [one.pk for one in steps(cast)] == [delivery.pk]
    assert kept(delivery).state == "scheduled"
    assert acts(delivery)[-1] == "released"
    assert let_go(brand=cast.brand, by=None, now=timezone.now()) == []


def test_many_are_decided_at_once_and_what_is_not_mine_is_left(
    cast: Cast, channel: Channel, noe: User, lea: User, later: datetime
) -> None:
    steps(cast, MANAGERS)
    theirs = [sent(channel, noe, later, text=f"Texte {n}") for n in range(3)]
    own = sent(channel, lea, later, text="À moi")
    done = decide(
        brand=cast.brand,
        stamps=stamps([*theirs, own]),
        by=lea,
        choice=Choice.APPROVE,
        now=timezone.now(),
    )
    assert ({one.pk for one in done.approved}, done.lost) == ({one.pk for one in theirs}, 1)
    assert kept(own).state == "awaiting"


def test_at_most_three_steps(cast: Cast, brand: Brand) -> None:
    with pytest.raises(ValueError, match="at most 3"):
        steps(cast, MANAGERS, MANAGERS, MANAGERS, MANAGERS)
