"""The proof's only writer: every move of a delivery leaves a step, in the transaction of the move."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models.expressions import RawSQL
from django.utils import timezone

from palabre.agency.models import User
from palabre.kit.states import move_all
from palabre.publishing.delivery.states import DELIVERY
from palabre.publishing.models import Delivery, Step


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
    each: Mapping[int, Mapping[str, Any]] | None = None,
    **changes: Any,
) -> None:
    """Move deliveries of one brand along their graph and put the step down; all or none.

    Call it in a transaction. Raises as `kit.states.move`: ValueError for a move the graph does not
    know, Moved if one of them is elsewhere by now.
    """
    move_all(deliveries, DELIVERY, to=to, **changes)
    put_down(deliveries, act=act, by=by, code=code, params=params, note=note, at=at, each=each)


def put_down(
    deliveries: Sequence[Delivery],
    *,
    act: str,
    by: User | None = None,
    code: str = "",
    params: Mapping[str, Any] | None = None,
    note: str = "",
    at: datetime | None = None,
    each: Mapping[int, Mapping[str, Any]] | None = None,
) -> None:
    """A step that moves nothing: an attempt began, somebody looked. `each`: a delivery's own `params`."""
    Step.objects.bulk_create(
        Step(
            brand_id=delivery.brand_id,
            delivery=delivery,
            by=by,
            act=act,
            state=delivery.state,
            attempt=delivery.tries,
            code=code,
            params=dict((each or {}).get(delivery.pk) or params or {}),
            note=note,
            at=at or timezone.now(),
        )
        for delivery in deliveries
    )


def own(values: Mapping[int, Any], kind: Literal["jsonb", "text", "timestamptz"]) -> RawSQL:
    """A change that is another one for each delivery, by its key: one UPDATE writes them all."""
    found = "->" if kind == "jsonb" else "->>"
    told = json.dumps(values, cls=DjangoJSONEncoder)
    return RawSQL(f'((%s::jsonb {found} "publishing_delivery"."id"::text)::{kind})', [told])  # noqa: S611 - the values are bound
