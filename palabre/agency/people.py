"""Who works here: the first owner, the brands, the members. Writes only."""

from collections.abc import Sequence

from django.db import connection, transaction
from django.utils.text import slugify
from django_scopes import scope

from palabre.agency.audit import record
from palabre.agency.models import Brand, Member, Organisation, User
from palabre.agency.roles import Role

FIRST_RUN_LOCK = 0x70616C6F
"""Advisory lock of the first run: of two that come at once, the second sees the first's owner."""


class OwnerExists(Exception):
    """Somebody else was first: this installation has its owner already."""


def has_owner() -> bool:
    """Whether the first run is over."""
    return User.objects.exists()


@transaction.atomic
def create_owner(
    *, name: str, email: str, password: str, organisation: str, language: str, time_zone: str
) -> User:
    """The first account, and its organisation. Raises OwnerExists, also when two come at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FIRST_RUN_LOCK])
    if has_owner():
        raise OwnerExists
    home = Organisation.objects.create(name=organisation)
    user = User.objects.create_user(email, password, name=name, language=language, time_zone=time_zone)
    Member.objects.create(user=user, organisation=home, role=Role.OWNER)
    return user


@transaction.atomic
def create_brand(
    *,
    organisation: Organisation,
    by: User | None,
    name: str,
    website: str = "",
    languages: Sequence[str] = ("fr",),
    country: str = "FR",
    time_zone: str = "Europe/Paris",
    is_demo: bool = False,
) -> Brand:
    """A new client or brand, with an address word of its own."""
    brand = Brand.objects.create(
        organisation=organisation,
        name=name,
        slug=_free_slug(name),
        website=website,
        languages=list(languages),
        country=country,
        time_zone=time_zone,
        is_demo=is_demo,
    )
    with scope(brand=brand):
        record(brand=brand, by=by, act="brand.create", subject=name)
    return brand


def _free_slug(name: str) -> str:
    base = slugify(name)[:48] or "brand"
    taken = set(Brand.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    candidates = (base if n == 1 else f"{base}-{n}" for n in range(1, len(taken) + 2))
    return next(slug for slug in candidates if slug not in taken)
