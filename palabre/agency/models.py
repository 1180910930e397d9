"""Who: the organisation, its brands (the wall between tenants), its members, and what they did."""

import secrets
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from palabre.agency.roles import IN_A_BRAND, Role
from palabre.agency.states import BRAND

KEEP_MONTHS = 25
"""Months a brand keeps what was said unless it chooses otherwise: two years and the month they began with."""


class UserManager(BaseUserManager["User"]):
    """Users are known by their e-mail address, compared without regard to case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A user with a hashed password."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """Sign-in by e-mail, whatever its case."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in; rights come from memberships alone."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    language = models.CharField(
        _("language"), max_length=2, choices=[("fr", "Français"), ("en", "English")], default="fr"
    )
    time_zone = models.CharField(_("time zone"), max_length=64, default="Europe/Paris")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()

    def __str__(self) -> str:
        return self.name or self.email


class Organisation(models.Model):
    """An agency, a company or a freelancer: what has members and brands."""

    name = models.CharField(_("organisation"), max_length=120)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Brands(models.QuerySet["Brand"]):
    """The brands, by what may happen in them."""

    def live(self) -> "Brands":
        """Those that listen: neither archived nor on their way out."""
        return self.filter(state="live")


class Brand(models.Model):
    """One client or brand. Every row a brand owns carries it; nothing crosses this wall.

    `keep_months`: how long what was said is kept, counted from when it was said. `wanted_zone`: the time
    zone it moves to, "" once its counts are those of `time_zone`.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="brands")
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    website = models.URLField(_("website"), blank=True)
    languages = ArrayField(models.CharField(max_length=8), verbose_name=_("languages"), default=list)
    country = models.CharField(_("country"), max_length=2, blank=True, default="FR")
    time_zone = models.CharField(_("time zone"), max_length=64, default="Europe/Paris")
    wanted_zone = models.CharField(max_length=64, blank=True, default="")
    is_demo = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=[(s, s) for s in BRAND.moves], default=BRAND.first)
    keep_months = models.PositiveSmallIntegerField(_("keep mentions for"), default=KEEP_MONTHS)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = Brands.as_manager()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Member(models.Model):
    """A user's place in an organisation: a role in all its brands, and grants in some of them."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="members")
    role = models.CharField(_("role"), max_length=12, choices=Role.choices, default=Role.MEMBER)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "organisation"], name="one_membership_per_organisation")
        ]


class Grant(models.Model):
    """A member's role in one brand, where it is more than their role in the organisation gives."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="grants")
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(_("role"), max_length=12, choices=[(r.value, r.label) for r in IN_A_BRAND])

    class Meta:
        ordering = ("brand__name",)
        constraints = [models.UniqueConstraint(fields=["member", "brand"], name="one_grant_per_brand")]


class Team(models.Model):
    """Some members of an organisation under one name, to be asked together."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="teams")
    name = models.CharField(_("name"), max_length=80)
    members = models.ManyToManyField(Member, blank=True, related_name="teams")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name",)
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="team_once")]

    def __str__(self) -> str:
        return self.name


def new_nonce() -> str:
    """What makes one link of an invitation differ from the next."""
    return secrets.token_urlsafe(18)


class Invitation(models.Model):
    """A place kept for an address. The link holds `nonce`, signed: a new nonce kills the old link.

    `role` is the one in the organisation; `brands` and `brand_role` are the grants that come with it.
    """

    LASTS = timedelta(days=7)

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail address"))
    role = models.CharField(_("role"), max_length=12, choices=Role.choices)
    brand_role = models.CharField(max_length=12, blank=True)
    brands = models.ManyToManyField(Brand, blank=True, related_name="+")
    invited_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    language = models.CharField(max_length=2, default="fr")
    nonce = models.CharField(max_length=40, default=new_nonce)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    mail_error = models.CharField(max_length=300, blank=True)
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("email",)
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "email"],
                condition=models.Q(accepted_at=None, revoked_at=None),
                name="one_open_invitation",
            )
        ]

    def is_good(self, now: datetime) -> bool:
        """Whether its link still opens the door."""
        return self.accepted_at is None and self.revoked_at is None and now < self.expires_at


class AuditEntry(models.Model):
    """Who did what, when, to what, and why: written in the transaction of the act, never changed.

    `brand` None is an act on the organisation itself; `by` None is Palabre, or an account that is gone.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="audit")
    brand = models.ForeignKey(Brand, null=True, on_delete=models.CASCADE, related_name="audit")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    act = models.CharField(max_length=60)
    subject = models.CharField(max_length=200)
    why = models.TextField(blank=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    objects = ScopedManager(brand="brand")

    class Meta:
        ordering = ("-at",)
        indexes = [
            models.Index(fields=["brand", "-at"], name="audit_brand_at"),
            models.Index(fields=["organisation", "-at", "-id"], name="audit_organisation_at"),
        ]


class Erased(models.Model):
    """Somebody whose words were erased on request: a keyed digest, by which they are not collected again."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+")
    mark = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager(brand="brand")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "mark"], name="erased_once")]
