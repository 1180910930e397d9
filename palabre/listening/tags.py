"""A tag that is no longer wanted: off every item, then gone.

Tags are put on and taken off in `bulk`; an item keeps them as ids, which no key of the database guards.
"""

from django.db import connection, transaction

from palabre.agency import audit
from palabre.agency.models import Brand, User
from palabre.listening.record import refresh
from palabre.stream.lock import hold
from palabre.stream.models import Tag


@transaction.atomic
def delete_tag(*, brand: Brand, tag: Tag, by: User | None) -> int:
    """Delete the tag, off every item that has it; how many had it. Cannot be undone."""
    hold(brand)
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE stream_item SET tags = array_remove(tags, %s)
               WHERE brand_id = %s AND tags @> ARRAY[%s]::bigint[] RETURNING id""",
            [tag.pk, brand.pk, tag.pk],
        )
        ids = [row[0] for row in cursor.fetchall()]
    refresh(brand=brand, ids=ids)
    audit.record(brand=brand, by=by, act="tag.delete", subject=tag.name, before=len(ids))
    tag.delete()
    return len(ids)
