"""Vectors: kept where the database can, a brand's own, gone with their item; elsewhere said to be absent."""

from datetime import timedelta

import numpy as np
import pytest
from django.db import connection, transaction
from django_scopes import scope

from palabre.agency.models import Brand
from palabre.intake.pipeline import Batch, take_in
from palabre.listening.matching import Matcher
from palabre.listening.record import forget
from palabre.listening.sources import SourceDraft, add_source
from palabre.networks.contract import RemoteItem
from palabre.stream import vectors
from palabre.stream.models import Item
from palabre.stream.vectors import Store
from tests.builders import NOON, Cast, build_cast, build_topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return build_cast()


def say(brand: Brand, number: int) -> list[int]:
    """So many items of a brand; their ids, oldest first."""
    build_topic(brand, query="baobab", name="b")
    said = [
        RemoteItem(
            remote_id=str(n),
            url="",
            text=f"le baobab numéro {n} ombrage la rue {n}",
            published_at=NOON - timedelta(hours=n),
        )
        for n in range(number)
    ]
    with scope(brand=brand):
        source = add_source(
            brand=brand, by=None, draft=SourceDraft(network="sandbox", kind="outlet", target="a.example")
        )
        take_in(
            Batch(network="sandbox", sources=[source], items=said, cursor={}, wait=1, at=NOON, filed=True),
            Matcher(),
        )
        return list(Item.objects.order_by("pk").values_list("pk", flat=True))


def around(number: int) -> vectors.Vectors:
    """Unit vectors, each a little further from the first."""
    rows = np.zeros((number, vectors.SIZE), dtype=np.float32)
    angles = np.linspace(0, 1.2, number)
    rows[:, 0], rows[:, 1] = np.cos(angles), np.sin(angles)
    return rows


def kept() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM stream_vector")
        return int(cursor.fetchone()[0])


def test_the_table_is_made_once_where_the_database_can() -> None:
    assert vectors.store() is Store.UNMADE
    assert vectors.prepare() and vectors.prepare()
    assert vectors.store() is Store.READY


def test_what_is_kept_comes_back_nearly_as_it_was_and_nearest_first(cast: Cast) -> None:
    ids = say(cast.brand, 6)
    vectors.prepare()
    vectors.save(brand=cast.brand, ids=ids, vectors=around(6))
    found = vectors.load(brand=cast.brand, ids=[*ids, 10**9])
    assert set(found) == set(ids)
    np.testing.assert_allclose(np.stack([found[id_] for id_ in ids]), around(6), atol=1e-3)
    near = vectors.nearest(brand=cast.brand, item=ids[0], most=3)
    assert [id_ for id_, _ in near] == ids[1:4]
    assert near[0][1] == pytest.approx(float(around(6)[0] @ around(6)[1]), abs=2e-3)


def test_a_later_vector_takes_the_place_of_an_earlier(cast: Cast) -> None:
    ids = say(cast.brand, 2)
    vectors.prepare()
    for turn in (around(2), around(2)[::-1]):
        vectors.save(brand=cast.brand, ids=ids, vectors=turn)
    assert kept() == 2
    np.testing.assert_allclose(vectors.load(brand=cast.brand, ids=ids)[ids[0]], around(2)[1], atol=1e-3)


def test_a_brand_neither_sees_nor_writes_the_vectors_of_another(cast: Cast) -> None:
    ours, theirs = say(cast.brand, 3), say(cast.other, 3)
    vectors.prepare()
    vectors.save(brand=cast.brand, ids=[*ours, *theirs], vectors=around(6))
    vectors.save(brand=cast.other, ids=theirs, vectors=around(3))
    assert kept() == 6
    assert vectors.load(brand=cast.other, ids=ours) == {}
    assert {id_ for id_, _ in vectors.nearest(brand=cast.other, item=theirs[0], most=9)} == set(theirs[1:])
    assert vectors.nearest(brand=cast.other, item=ours[0], most=9) == []


def test_a_vector_goes_with_its_item_whoever_deletes_it(cast: Cast) -> None:
    ids = say(cast.brand, 4)
    vectors.prepare()
    vectors.save(brand=cast.brand, ids=ids, vectors=around(4))
    with scope(brand=cast.brand):
        forget(brand=cast.brand, network="sandbox", remote_ids=["0"])
        assert kept() == 3
        Item.objects.all().delete()
    assert kept() == 0


def test_what_was_deleted_while_it_was_read_is_left_out(cast: Cast) -> None:
    ids = say(cast.brand, 2)
    vectors.prepare()
    vectors.save(brand=cast.brand, ids=[ids[0], 10**9], vectors=around(2))
    assert kept() == 1


def test_without_the_table_everything_is_empty_and_nothing_fails(cast: Cast) -> None:
    ids = say(cast.brand, 1)
    assert vectors.load(brand=cast.brand, ids=ids) == {}
    assert vectors.nearest(brand=cast.brand, item=ids[0], most=5) == []


def test_a_database_in_which_the_extension_is_not_enabled_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    # The application's role may not drop what the superuser made: look where there is no such type.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL search_path = pg_catalog")
        assert vectors.store() is Store.NOT_ENABLED
        cursor.execute("SET LOCAL search_path = public, pg_catalog")
    monkeypatch.setattr(vectors, "store", lambda: Store.NOT_ENABLED)
    monkeypatch.setattr(vectors, "_enabled", lambda: False)
    assert not vectors.prepare()


def test_a_server_without_pgvector_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "store", lambda: Store.ABSENT)
    assert not vectors.prepare()
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('stream_vector')")
        assert cursor.fetchone() == (None,)
