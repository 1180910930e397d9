"""People named in what the brand writes: found, copied and struck out, whichever table of this room it is in.

Tables and columns are read from the models: what the room stores tomorrow is looked through too.
"""

# Statements are put together from the names of tables and columns alone; every value is a parameter.
# ruff: noqa: S608

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction
from django.utils import timezone

from palabre.agency.models import Brand, User
from palabre.kit.text import fold
from palabre.publishing.delivery.planning import unplan
from palabre.publishing.delivery.states import PLANNED
from palabre.publishing.models import Delivery, ImportPiece, PageCard, Post, Version

STRUCK = "[…]"
"""What stands where the name was."""
UNDER_WAY = ("sending", "unknown")
"""What was handed over is still compared with what stands there: its words cannot change now."""
_OURS = frozenset(
    {"path", "mime", "digest", "fingerprint", "token", "nonce", "remote_id", "remote_url"}
    | {"encoding", "separator", "layout", "order", "act", "state", "code", "error_code", "network"}
    | {"countries", "zones", "hidden"}
)
"""Columns of codes: neither a person nor a network puts words there."""
_ENCODINGS = ("utf-8", "cp1252", "utf-16-le", "utf-16-be")


class StillLeaving(Exception):
    """Contents that name the person are leaving right now, or their outcome is not known yet."""

    def __init__(self, posts: Sequence[Post]) -> None:
        super().__init__(len(posts))
        self.posts = list(posts)


@dataclass(frozen=True, kw_only=True)
class Naming:
    """What names somebody: the contents, planned or not, and how many rows of another kind."""

    contents: list[Post]
    others: int

    @property
    def count(self) -> int:
        """All of it."""
        return len(self.contents) + self.others


def pattern(words: Sequence[str]) -> str:
    """The words on their own, with and without their accents; the same for PostgreSQL and Python."""
    every = {each for word in words for each in (word, fold(word)) if each.strip()}
    return (
        r"(?<!\w)(" + "|".join(re.escape(word) for word in sorted(every, key=len, reverse=True)) + r")(?!\w)"
    )


def naming(*, brand: Brand, words: Sequence[str]) -> Naming:
    """What of the brand in scope names one of the words."""
    found = _found(brand, words)
    contents = _posts_of(found)
    own = {Post, *(model for model in found if _path_to_post(model))}
    others = sum(len(keys) for model, keys in found.items() if model not in own)
    return Naming(contents=list(Post.objects.filter(pk__in=contents).order_by("-changed_at")), others=others)


def texts(*, brand: Brand, words: Sequence[str]) -> list[dict[str, Any]]:
    """Each text of the brand in scope that names one of the words: where it stands, and what it says."""
    named = re.compile(pattern(words), re.IGNORECASE)
    told = []
    for model, keys in _found(brand, words).items():
        for row in _rows(model, keys):
            told += [
                {"in": f"{model._meta.model_name}.{field.name}", "text": text}
                for field in _columns(model)
                for text in _strings(getattr(row, field.name))
                if named.search(text)
            ]
    return told


@transaction.atomic
def strike(*, brand: Brand, by: User, words: Sequence[str]) -> int:
    """Take the words out of all the brand in scope wrote; how many rows changed. There is no way back.

    What was planned becomes a draft: nothing leaves with a hole. Raises StillLeaving before that.
    """
    found = _found(brand, words)
    posts = _posts_of(found)
    # Held until the end: none of them may begin to leave while its words change.
    rows = Delivery.objects.select_for_update(of=("self",)).filter(variant__post__in=posts)
    held = list(rows.select_related("variant").order_by("pk"))
    if leaving := {one.variant.post_id for one in held if one.state in UNDER_WAY}:
        raise StillLeaving(list(Post.objects.filter(pk__in=leaving)))
    unplan(deliveries=[one for one in held if one.state in (*PLANNED, "handed")], by=by)
    named = re.compile(pattern(words), re.IGNORECASE)
    changed = PageCard.objects.filter(pk__in=found.pop(PageCard, [])).delete()[0]
    for model, keys in found.items():
        unique = {name for rule in model._meta.constraints for name in getattr(rule, "fields", ())}
        for row in _rows(model, keys):
            for field in _columns(model):
                mark = f"[{row.pk}]" if field.name in unique else STRUCK
                setattr(row, field.name, _struck(getattr(row, field.name), named, mark))
            row.save(update_fields=[field.name for field in _columns(model)])
            changed += 1
    for post in Post.objects.filter(pk__in=posts).prefetch_related("variants"):
        _new_version(post, by)
    return changed + _strike_files(words)


def _new_version(post: Post, by: User) -> None:
    """Somebody who has the content open is told that it changed, and does not bring the name back."""
    post.revision, post.changed_at = post.revision + 1, timezone.now()
    post.save(update_fields=["revision", "changed_at"])
    channels = {str(variant.channel_id): variant.changes for variant in post.variants.all()}
    Version.objects.create(
        brand_id=post.brand_id,
        post=post,
        revision=post.revision,
        by=by,
        content=post.content,
        channels=channels,
    )


def _columns(model: type[models.Model]) -> list[Any]:
    """The columns that hold words."""
    kinds = (models.CharField, models.TextField, models.JSONField, ArrayField)
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, kinds)
        and not (field.choices or field.unique or field.name in _OURS)
        and not (isinstance(field, ArrayField) and not isinstance(field.base_field, models.CharField))
    ]


def _found(brand: Brand, words: Sequence[str]) -> dict[type[models.Model], list[int]]:
    """The keys of the rows that name one of the words, by table."""
    if not words:
        return {}
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_app_config("publishing").get_models():
            if columns := ", ".join(f'"{field.column}"::text' for field in _columns(model)):
                cursor.execute(
                    f"""SELECT "{model._meta.pk.column}" FROM "{model._meta.db_table}"
                        WHERE brand_id = %s AND concat_ws(E'\\n', {columns}) ~* %s""",
                    [brand.pk, pattern(words)],
                )
                if keys := [row[0] for row in cursor.fetchall()]:
                    found[model] = keys
    return found


def _rows(model: type[models.Model], keys: Sequence[int]) -> Iterator[Any]:
    rows = model._default_manager.filter(pk__in=keys).order_by("pk")
    return rows.iterator(chunk_size=500)


def _path_to_post(model: type[models.Model]) -> str:
    """How a row of this table leads to the content it is a part of; "" where it is not."""
    paths = {
        "Variant": "post",
        "Version": "post",
        "Delivery": "variant__post",
        "Step": "delivery__variant__post",
    }
    return paths.get(model.__name__, "")


def _posts_of(found: dict[type[models.Model], list[int]]) -> set[int]:
    posts = set(found.get(Post, ()))
    for model, keys in found.items():
        if path := _path_to_post(model):
            posts |= set(model._default_manager.filter(pk__in=keys).values_list(path, flat=True))
    return posts


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _strings(each)


def _struck(value: Any, named: re.Pattern[str], mark: str) -> Any:
    """The value with the names out of its words; what its parts are called stays."""
    if isinstance(value, str):
        return named.sub(mark, value)
    if isinstance(value, dict):
        return {key: _struck(each, named, mark) for key, each in value.items()}
    return [_struck(each, named, mark) for each in value] if isinstance(value, list) else value


def _strike_files(words: Sequence[str]) -> int:
    """Out of the files of imports that are not saved yet: bytes for bytes, whatever their encoding."""
    cases: tuple[Callable[[str], str], ...] = (str, str.lower, str.upper, str.title, fold)
    wanted = {case(word).encode(code, "ignore") for word in words for case in cases for code in _ENCODINGS}
    raw = re.compile(
        b"|".join(re.escape(each) for each in sorted(wanted, key=len, reverse=True)), re.IGNORECASE
    )
    changed = 0
    for source in set(ImportPiece.objects.values_list("source", flat=True)):
        pieces = list(ImportPiece.objects.filter(source=source).order_by("place"))
        whole = b"".join(bytes(piece.body) for piece in pieces)
        struck = raw.sub(lambda match: re.sub(rb"[^\x00]", b"-", match[0]), whole)
        at = 0
        for piece in pieces:
            length = len(piece.body)
            piece.body, at = struck[at : at + length], at + length
        if struck != whole:
            ImportPiece.objects.bulk_update(pieces, ["body"])
            changed += 1
    return changed
