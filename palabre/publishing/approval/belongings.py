"""What somebody who leaves a brand had here: the steps of approval that ask them by name."""

from collections.abc import Sequence

from django.utils.translation import ngettext
from django_scopes import scopes_disabled

from palabre.agency.belongings import Kind
from palabre.agency.models import Brand, User
from palabre.publishing.approval.models import ApprovalTier


def tell(user: User, brands: Sequence[Brand]) -> str:
    """How many steps ask them. Crosses brands on purpose: one person leaves several at once."""
    with scopes_disabled():
        steps = ApprovalTier.objects.filter(brand__in=list(brands), person=user).count()
    sentence = ngettext(
        "%(n)d step of approval asks them: an owner answers it until you name somebody else.",
        "%(n)d steps of approval ask them: an owner answers those until you name somebody else.",
        steps,
    )
    return sentence % {"n": steps} if steps else ""


def drop(user: User, brands: Sequence[Brand]) -> None:
    """Nothing: the step stays, so that contents do not leave unseen; its page says in red who is missing."""


KIND = Kind(tell=tell, drop=drop)
