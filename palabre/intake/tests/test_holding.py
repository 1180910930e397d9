"""A stream is held by one process, and by another as soon as that one is gone."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from django.db import connection

from palabre.intake.holding import Holds

pytestmark = pytest.mark.django_db

ONE, TWO = "1f" * 24, "2e" * 24


@pytest.fixture
def process() -> Iterator[Callable[[], Holds]]:
    """What each process would have: a connection of its own."""
    with ExitStack() as ended:

        def begin() -> Holds:
            holds = Holds()
            ended.callback(holds.close)
            return holds

        yield begin


def test_one_process_holds_a_stream(process: Callable[[], Holds]) -> None:
    first, second = process(), process()
    assert first.take([ONE]) == {ONE}
    assert second.take([ONE, TWO]) == {TWO}
    assert first.take([ONE, TWO]) == {ONE}


def test_what_is_wanted_no_more_is_free(process: Callable[[], Holds]) -> None:
    first, second = process(), process()
    first.take([ONE, TWO])
    first.take([TWO])
    assert second.take([ONE, TWO]) == {ONE}


def test_another_takes_over_when_the_holder_ends(process: Callable[[], Holds]) -> None:
    first, second = process(), process()
    first.take([ONE])
    first.close()
    assert second.take([ONE]) == {ONE}


def test_who_lost_its_connection_knows_and_lets_go(process: Callable[[], Holds]) -> None:
    first, second = process(), process()
    first.take([ONE])
    assert first._own is not None
    pid = first._own.connection.info.backend_pid  # type: ignore[union-attr]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 10000)", [pid])
    assert second.take([ONE]) == {ONE}
    assert first.take([ONE]) == frozenset(), "it may be somebody else's by now"
    assert first.take([ONE]) == frozenset()
    second.close()
    assert first.take([ONE]) == {ONE}
