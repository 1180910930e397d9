"""Vectors of items: the table, made where the database has pgvector, the only writes, the reads.

On the path: stored → read by the small model (`listening.refine`) → here → themes and likenesses. One row
an item, its brand's, gone with it (the database sees to that, whoever deletes). See docs/decisions/0007.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum

import numpy as np
from django.db import DatabaseError, connection, transaction
from numpy.typing import NDArray

from palabre.agency.models import Brand

Vectors = NDArray[np.float32]
"""One row an item, of unit length."""

SIZE = 384
COMPARED = 100_000
"""The brand's newest vectors among which the nearest are looked for: all of them are compared."""

_HEADER = 4  # bytes before the numbers, as halfvec_send writes them (pgvector 0.8, src/halfvec.c)


class Store(StrEnum):
    """Whether this database can keep vectors: it does, it will, it could if told to, it cannot."""

    READY = "ready"
    UNMADE = "unmade"
    NOT_ENABLED = "not_enabled"
    ABSENT = "absent"


def store() -> Store:
    """What the database says of itself; halfvec came with pgvector 0.7."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT to_regclass('stream_vector') IS NOT NULL, to_regtype('halfvec') IS NOT NULL,
                      EXISTS (SELECT FROM pg_available_extension_versions
                              WHERE name = 'vector' AND string_to_array(version, '.')::int[] >= '{0,7}')"""
        )
        made, known, available = cursor.fetchone()
    if made:
        return Store.READY
    return Store.UNMADE if known else Store.NOT_ENABLED if available else Store.ABSENT


def prepare() -> bool:
    """Make the table if need be and if the database allows it; whether vectors can be kept. Idempotent."""
    found = store()
    if found is Store.NOT_ENABLED and _enabled():
        found = Store.UNMADE
    if found is Store.UNMADE:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_MAKING])
            cursor.execute(_TABLE)
        return True
    return found is Store.READY


def _enabled() -> bool:
    """Enable the extension; False where this role may not: an administrator must."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS vector")
    except DatabaseError:
        return False
    return True


_MAKING = 0x766563746F72
"""Advisory lock: two workers never make the table at once."""

_TABLE = f"""
    CREATE TABLE IF NOT EXISTS stream_vector (
        brand_id bigint NOT NULL,
        item_id bigint NOT NULL,
        vector halfvec({SIZE}) NOT NULL,
        PRIMARY KEY (brand_id, item_id),
        CONSTRAINT vector_item_in_brand FOREIGN KEY (brand_id, item_id)
            REFERENCES stream_item (brand_id, id) ON DELETE CASCADE
    );
    ALTER TABLE stream_vector ALTER COLUMN vector SET STORAGE PLAIN"""


def save(*, brand: Brand, ids: Sequence[int], vectors: Vectors) -> None:
    """Keep one vector an item, a later one in the place of an earlier; items gone meanwhile are left out."""
    if not ids:
        return
    written = ["[" + ",".join(map("{:.5g}".format, row)) + "]" for row in vectors.tolist()]
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO stream_vector (brand_id, item_id, vector)
               SELECT item.brand_id, item.id, given.vector::halfvec
               FROM unnest(%s::bigint[], %s::text[]) AS given (id, vector)
               JOIN stream_item AS item ON item.id = given.id AND item.brand_id + 0 = %s
               ORDER BY item.id FOR KEY SHARE OF item
               ON CONFLICT (brand_id, item_id) DO UPDATE SET vector = excluded.vector""",
            [list(ids), written, brand.pk],
        )


def load(*, brand: Brand, ids: Sequence[int]) -> Mapping[int, NDArray[np.float32]]:
    """The vectors of those of these items that have been read."""
    if store() is not Store.READY:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT item_id, halfvec_send(vector) FROM stream_vector
               WHERE brand_id = %s AND item_id = ANY(%s)""",
            [brand.pk, list(ids)],
        )
        rows = cursor.fetchall()
    numbers = np.frombuffer(b"".join(bytes(sent)[_HEADER:] for _, sent in rows), dtype=">f2")
    matrix = numbers.astype(np.float32).reshape(len(rows), SIZE)
    return {id_: row for (id_, _), row in zip(rows, matrix, strict=True)}


def nearest(*, brand: Brand, item: int, most: int) -> list[tuple[int, float]]:
    """The items nearest to one, nearest first, with their cosine; empty where it has not been read."""
    if store() is not Store.READY:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            """WITH asked AS MATERIALIZED (
                   SELECT vector FROM stream_vector WHERE brand_id = %(brand)s AND item_id = %(item)s
               ), oldest AS MATERIALIZED (
                   SELECT item_id FROM stream_vector WHERE brand_id = %(brand)s
                   ORDER BY item_id DESC OFFSET %(compared)s LIMIT 1
               )
               SELECT item_id, -(vector <#> (SELECT vector FROM asked)) FROM stream_vector
               WHERE brand_id = %(brand)s AND item_id > coalesce((SELECT item_id FROM oldest), 0)
                 AND item_id <> %(item)s AND EXISTS (SELECT FROM asked)
               ORDER BY vector <#> (SELECT vector FROM asked) LIMIT %(most)s""",
            {"brand": brand.pk, "item": item, "compared": COMPARED, "most": most},
        )
        return cursor.fetchall()
