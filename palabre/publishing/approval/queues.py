"""What waits for approval, whose turn it is, and what was decided: reads for pages, mails and writes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from palabre.agency.models import Brand, Member, User
from palabre.agency.roles import Role
from palabre.agency.rules import stronger
from palabre.publishing.approval.models import Approval, ApprovalTier
from palabre.publishing.approval.rules import Person, Turn, digest, ends_at, turn, writers
from palabre.publishing.models import Delivery, Post, Version

Steps = Mapping[int | None, Sequence[ApprovalTier]]
"""The steps by channel; None holds the brand's."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A pending approval as it stands: its steps, whose turn it is, and when it is over."""

    approval: Approval
    steps: Sequence[ApprovalTier]
    turn: Turn
    ends_at: datetime

    @property
    def delivery(self) -> Delivery:
        """What is to leave."""
        return self.approval.delivery

    @property
    def number(self) -> int:
        """The step it stands at, from 1."""
        return self.approval.passed + 1

    @property
    def step(self) -> ApprovalTier | None:
        """The step it stands at; None when the brand asks for none any more."""
        return self.steps[self.approval.passed] if self.approval.passed < len(self.steps) else None


@dataclass(frozen=True, kw_only=True)
class AskedPost:
    """What of one content is asked together, its accounts in the order they leave."""

    post: Post
    asked: Sequence[Asked]

    @property
    def stamps(self) -> str:
        """All of them in one word, for a tick box."""
        return " ".join(one.approval.stamp for one in self.asked)

    @property
    def stuck(self) -> bool:
        """Whether nobody that a step names can decide."""
        return any(one.turn.stuck for one in self.asked)

    @property
    def hopeless(self) -> bool:
        """Whether nobody at all can."""
        return any(not one.turn.people for one in self.asked)

    @property
    def ends_at(self) -> datetime:
        """When the first of them is over."""
        return min(one.ends_at for one in self.asked)


def steps_of_brand() -> Steps:
    """Every step of the brand in scope, in order."""
    found: dict[int | None, list[ApprovalTier]] = defaultdict(list)
    for tier in ApprovalTier.objects.select_related("person", "team").order_by("position"):
        found[tier.channel_id].append(tier)
    return found


def steps_for(steps: Steps, channel: int) -> Sequence[ApprovalTier]:
    """An account's own steps, else its brand's."""
    return steps.get(channel) or steps.get(None) or ()


def people_of(brand: Brand) -> list[Person]:
    """Everybody who reaches the brand and can sign in."""
    reach = Q(grants__brand=brand) | ~Q(role=Role.GUEST)
    rows = Member.objects.filter(reach, organisation=brand.organisation_id, user__is_active=True)
    found = []
    for member in rows.distinct().prefetch_related("grants", "teams"):
        granted = next((grant.role for grant in member.grants.all() if grant.brand_id == brand.pk), None)
        teams = frozenset(team.pk for team in member.teams.all())
        found.append(Person(pk=member.user_id, role=stronger(member.role, granted), teams=teams))
    return found


def writers_of(posts: Iterable[Post]) -> dict[int, frozenset[int]]:
    """Who wrote each of the contents."""
    authors = {post.pk: post.author_id for post in posts}
    saved: dict[int, list[tuple[int | None, object]]] = defaultdict(list)
    rows = Version.objects.filter(post__in=authors).order_by("revision")
    for post, by, content, channels in rows.values_list("post", "by", "content", "channels"):
        saved[post].append((by, (content, channels)))
    return {pk: writers(author, saved[pk]) for pk, author in authors.items()}


def digests(deliveries: Iterable[Delivery]) -> dict[int, str]:
    """What each delivery would say now, as an approval knows it."""
    rows = Delivery.objects.filter(pk__in=[delivery.pk for delivery in deliveries])
    return {row.pk: digest(row.variant.said.written()) for row in rows.select_related("variant__post")}


def to_ask(deliveries: Sequence[Delivery]) -> list[Delivery]:
    """Those of one brand that may not leave before somebody approves what they say now."""
    steps = steps_of_brand()
    bound = [delivery for delivery in deliveries if steps_for(steps, delivery.channel_id)]
    if not bound:
        return []
    said = digests(bound)
    given = Approval.objects.filter(delivery__in=[delivery.pk for delivery in bound], state="approved")
    approved = set(given.values_list("delivery", "digest"))
    return [delivery for delivery in bound if (delivery.pk, said[delivery.pk]) not in approved]


def pending() -> "QuerySet[Approval]":
    """What waits in the brand in scope, the first to leave first."""
    rows = Approval.objects.filter(state="pending").order_by("delivery__due_at", "pk")
    return rows.select_related("asked_by", "delivery__channel", "delivery__variant__post__author")


def asked(brand: Brand, rows: Iterable[Approval] | None = None) -> list[Asked]:
    """Everything that waits in the brand in scope, or the given rows of it, with whose turn it is."""
    found = list(pending() if rows is None else rows)
    if not found:
        return []
    steps, people = steps_of_brand(), people_of(brand)
    wrote = writers_of({row.delivery.variant.post for row in found})
    result = []
    for row in found:
        own = steps_for(steps, row.delivery.channel_id)
        approvers = [tier.approver for tier in own]
        due_at = row.delivery.due_at or row.asked_at
        result.append(
            Asked(
                approval=row,
                steps=own,
                turn=turn(approvers, row.passed, people, wrote[row.delivery.variant.post_id]),
                ends_at=ends_at(asked_at=row.asked_at, due_at=due_at),
            )
        )
    return result


def by_post(found: Iterable[Asked]) -> list[AskedPost]:
    """Grouped by content, in the order given."""
    groups: dict[int, list[Asked]] = defaultdict(list)
    for one in found:
        groups[one.delivery.variant.post_id].append(one)
    return [AskedPost(post=group[0].delivery.variant.post, asked=group) for group in groups.values()]


def mine(found: Iterable[Asked], user: User) -> list[Asked]:
    """Those on which this person may decide now."""
    return [one for one in found if user.pk in one.turn.people]


@dataclass(frozen=True, kw_only=True)
class Waits:
    """A brand's approvals for one person, in contents: theirs to decide, which nobody named can decide on,
    and what they wrote that came back, refused or expired."""

    mine: int = 0
    stuck: int = 0
    refused: int = 0
    expired: int = 0


def waits_for(user: User, brand: Brand) -> Waits:
    """What the home page and the side bar say; one small query where nothing waits."""
    found = asked(brand)
    stuck = [one for one in found if one.turn.stuck and user.pk not in one.turn.people]
    back = Delivery.objects.filter(state__in=("refused", "expired"), variant__post__author=user)
    posts = list(back.values_list("state", "variant__post").distinct())
    return Waits(
        mine=len(by_post(mine(found, user))),
        stuck=len(by_post(stuck)),
        refused=sum(state == "refused" for state, _post in posts),
        expired=sum(state == "expired" for state, _post in posts),
    )
