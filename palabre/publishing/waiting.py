"""What of the way out waits for a reader: the number beside “Publish” in the side bar. Every page asks."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils import timezone
from django_scopes import scope

from palabre.agency.access import may, role_in
from palabre.agency.models import Brand, User
from palabre.agency.roles import Right
from palabre.publishing.approval.models import Approval
from palabre.publishing.approval.queues import asked, by_post, mine
from palabre.publishing.delivery.lateness import late
from palabre.publishing.delivery.states import STUCK
from palabre.publishing.models import Delivery


def waiting_for(user: User, brand: Brand) -> int:
    """Contents they are asked to approve; for who may publish also what is stuck or late. Each once."""
    with scope(brand=brand):
        posts: set[int] = set()
        if Approval.objects.filter(state="pending").exists():
            posts |= {group.post.pk for group in by_post(mine(asked(brand), user))}
        role = role_in(user, brand)
        if role and may(role, Right.PUBLISH):
            stuck = Delivery.objects.filter(state__in=STUCK, variant__post__deleted_at=None)
            posts |= set(stuck.values_list("variant__post", flat=True))
            posts |= set(late(now=timezone.now()).values_list("variant__post", flat=True))
        return len(posts)


def counter(request: HttpRequest, brand: Any) -> int:
    """For the side bar; 0 for who is not signed in or has no place in the brand."""
    user = request.user
    return 0 if isinstance(user, AnonymousUser) else waiting_for(user, brand)
