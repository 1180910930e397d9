"""Approval: the steps a brand or one of its accounts asks for, one row a time they are gone through."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from palabre.agency.models import Brand, Team, User, new_nonce
from palabre.agency.roles import Role
from palabre.channels.models import Channel
from palabre.kit.states import Graph
from palabre.publishing.approval.rules import Approver

if TYPE_CHECKING:
    from palabre.publishing.models import Delivery, Post

APPROVAL = Graph(
    first="pending",
    moves={
        "pending": frozenset({"approved", "refused", "expired", "withdrawn"}),
        "approved": frozenset(),
        "refused": frozenset(),
        "expired": frozenset(),
        "withdrawn": frozenset(),
    },
)
"""withdrawn: no longer asked for (a draft again, cancelled, or other words, which are asked for anew)."""

ROLES: dict[str, str | Promise] = {
    Role.OWNER.value: _("the owners"),
    Role.MANAGER.value: _("the managers and the owners"),
    Role.MEMBER.value: _("any member, manager or owner"),
    Role.READER.value: _("anybody who sees the brand"),
}
"""The roles a step can ask, in words."""


class ApprovalTier(models.Model):
    """One step: who decides at it. The steps of an account stand in for those of its brand (no account).

    The person or the team may be gone: then the step names nobody, and says so.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    channel = models.ForeignKey(
        Channel, null=True, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=6, choices=[(kind, kind) for kind in ("role", "person", "team")])
    role = models.CharField(max_length=12, blank=True)
    person = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    team = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = ScopedManager(brand="brand")

    class Meta:
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(
                fields=["brand", "channel", "position"], name="tier_once", nulls_distinct=False
            ),
            models.CheckConstraint(condition=Q(position__gte=1, position__lte=3), name="tier_up_to_three"),
        ]

    @property
    def approver(self) -> Approver:
        """As the rules know it."""
        who = {"role": self.role, "person": self.person_id, "team": self.team_id}[self.kind]
        return Approver(kind=self.kind, who="" if who is None else str(who))

    @property
    def words(self) -> str:
        """Who is asked."""
        match self.kind:
            case "role":
                return str(ROLES[self.role])
            case "person":
                return str(self.person or _("somebody who is no longer here"))
        return str(self.team.name if self.team else _("a team that is no longer there"))


class Approval(models.Model):
    """One time a delivery is put to approval. `passed` steps were passed; `digest` is what is asked about.

    `turn_at`: since when the step it stands at has been asked.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+")
    delivery: "models.ForeignKey[Delivery]" = models.ForeignKey(
        "publishing.Delivery", on_delete=models.CASCADE, related_name="approvals", db_constraint=False
    )
    state = models.CharField(max_length=10, choices=[(s, s) for s in APPROVAL.moves], default=APPROVAL.first)
    passed = models.PositiveSmallIntegerField(default=0)
    digest = models.CharField(max_length=64)
    asked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    turn_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)

    objects = ScopedManager(brand="brand")

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(
                fields=["delivery"], condition=Q(state="pending"), name="approval_one_pending"
            ),
        ]
        indexes = [models.Index(fields=["brand"], condition=Q(state="pending"), name="approval_pending")]

    @property
    def stamp(self) -> str:
        """What a decision is about, as the page showed it: this approval, this step, these words."""
        return f"{self.pk}.{self.passed}.{self.digest[:16]}"


class ApprovalLink(models.Model):
    """The mail that asks one person about one content, and its link: good once, until `expires_at`.

    A row is the truth: what is not sent yet is found again. `nonce` is in the link, signed.
    """

    LASTS = timedelta(days=30)

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+")
    post: "models.ForeignKey[Post]" = models.ForeignKey(
        "publishing.Post", on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    nonce = models.CharField(max_length=40, default=new_nonce)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    mail_error = models.CharField(max_length=300, blank=True)
    used_at = models.DateTimeField(null=True)

    objects = ScopedManager(brand="brand")

    def is_good(self, now: datetime) -> bool:
        """Whether it can still decide."""
        return self.used_at is None and now < self.expires_at
