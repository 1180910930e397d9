"""Deleting a brand: every row it owns in every table, in batches, children before parents.

Which tables those are is read from the models, so that a room added tomorrow is emptied too.
"""

# Statements are put together from names of models alone; every value is a parameter.
# ruff: noqa: S608

from dataclasses import dataclass

from django.apps import apps
from django.db import connection, models, transaction

from palabre.agency.models import Brand

BATCH = 5_000
"""Rows a statement deletes: each is a transaction of its own, short enough that nobody waits."""


@dataclass(frozen=True, kw_only=True)
class Owned:
    """A table with rows of brands: `where` finds those of one brand (its id is the only parameter).

    `loose` are columns that point at rows which go earlier, or at rows of this same table: emptied first.
    """

    table: str
    where: str
    loose: tuple[str, ...] = ()


def owned_tables() -> list[Owned]:
    """Every table whose rows belong to a brand, by a column or through a row that does; children first."""
    found: dict[type[models.Model], str] = {}
    while True:
        new = {model: where for model in _models() if model not in found and (where := _where(model, found))}
        if not new:
            break
        found |= new
    ordered: list[type[models.Model]] = []
    seen: set[type[models.Model]] = set()

    def visit(model: type[models.Model]) -> None:
        if model in seen:
            return
        seen.add(model)
        for other in found:
            if model in _parents(other):
                visit(other)
        ordered.append(model)

    for model in found:
        visit(model)
    return [
        Owned(table=model._meta.db_table, where=found[model], loose=_loose(model, ordered[: place + 1]))
        for place, model in enumerate(ordered)
    ]


def _loose(model: type[models.Model], gone: list[type[models.Model]]) -> tuple[str, ...]:
    keys = [f for f in model._meta.local_fields if isinstance(f, models.ForeignKey) and f.null]
    return tuple(key.column for key in keys if key.remote_field.model in gone)


def _models() -> list[type[models.Model]]:
    every = apps.get_models(include_auto_created=True)
    return [model for model in every if model is not Brand and model._meta.managed and not model._meta.proxy]


def _links(model: type[models.Model]) -> list[models.ForeignKey]:  # type: ignore[type-arg]
    fields = model._meta.local_fields
    return [field for field in fields if isinstance(field, models.ForeignKey) and not field.null]


def _parents(model: type[models.Model]) -> set[type[models.Model]]:
    fields = model._meta.local_fields
    return {f.remote_field.model for f in fields if isinstance(f, models.ForeignKey)} - {model}


def _where(model: type[models.Model], found: dict[type[models.Model], str]) -> str:
    """By its own brand, null or not; else by what it cannot be without."""
    for field in model._meta.local_fields:
        if isinstance(field, models.ForeignKey) and field.remote_field.model is Brand:
            return f"{field.column} = %s"
    for field in _links(model):
        parent = field.remote_field.model
        if parent in found:
            table, key = parent._meta.db_table, parent._meta.pk.column
            return f"{field.column} IN (SELECT {key} FROM {table} WHERE {found[parent]})"
    return ""


def empty(brand_id: int, *, batch: int = BATCH) -> int:
    """Delete every row of a brand, then the brand; how many rows went. Goes on where it was stopped."""
    tables = owned_tables()
    for owned in tables:
        for column in owned.loose:
            some = f"SELECT ctid FROM {owned.table} WHERE {column} IS NOT NULL AND {owned.where} LIMIT %s"
            change = f"UPDATE {owned.table} SET {column} = NULL WHERE ctid = ANY(ARRAY({some}))"
            _until_done(change, brand_id, batch)
    gone = 0
    for owned in tables:
        some = f"SELECT ctid FROM {owned.table} WHERE {owned.where} LIMIT %s"
        gone += _until_done(f"DELETE FROM {owned.table} WHERE ctid = ANY(ARRAY({some}))", brand_id, batch)
    Brand.objects.filter(pk=brand_id, state="deleting").delete()
    return gone


def _until_done(statement: str, brand_id: int, batch: int) -> int:
    done = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [brand_id, batch])
            changed = cursor.rowcount
        done += changed
        if not changed:
            return done


def empty_leaving() -> int:
    """Empty every brand that is to go; how many rows went."""
    leaving = Brand.objects.filter(state="deleting").values_list("pk", flat=True)
    return sum(empty(brand) for brand in list(leaving))
