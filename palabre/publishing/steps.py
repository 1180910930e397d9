"""The proof's only writer: every move of a delivery leaves a step, in the transaction of the move."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from palabre.agency.models import User
from palabre.kit.states import move_all
from palabre.publishing.models import Delivery, Step
from palabre.publishing.states import DELIVERY


def advance(
    deliveries: Sequence[Delivery],
    *,
    to: str,
    act: str,
    by: User | None = None,
    code: str = "",
    params: Mapping[str, Any] | None = None,
    note: str = "",
    at: datetime | None = None,
    **changes: Any,
) -> None:
    """Move deliveries of one brand along their graph and put the step down; all or none.

    Call it in a transaction. Raises as `kit.states.move`: ValueError for a move the graph does not
    know, Moved if one of them is elsewhere by now.
    """
    move_all(deliveries, DELIVERY, to=to, **changes)
    put_down(deliveries, act=act, by=by, code=code, params=params, note=note, at=at)


def put_down(
    deliveries: Sequence[Delivery],
    *,
    act: str,
    by: User | None = None,
    code: str = "",
    params: Mapping[str, Any] | None = None,
    note: str = "",
    at: datetime | None = None,
) -> None:
    """A step that moves nothing: an attempt began, somebody looked."""
    Step.objects.bulk_create(
        Step(
            brand_id=delivery.brand_id,
            delivery=delivery,
            by=by,
            act=act,
            state=delivery.state,
            attempt=delivery.tries,
            code=code,
            params=dict(params or {}),
            note=note,
            at=at or timezone.now(),
        )
        for delivery in deliveries
    )
