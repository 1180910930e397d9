"""The rounds of the clock that keep the house in order."""

import pytest
from django.db import connection
from django_scopes import scope

from palabre.intake.paste import paste
from palabre.intake.tasks import recount
from palabre.listening.checks import check_rollups
from palabre.listening.models import HourlyCount
from tests.builders import NOON, build_cast, build_topic

pytestmark = pytest.mark.django_db


def test_counts_that_drifted_are_counted_again_at_night() -> None:
    cast = build_cast()
    topic = build_topic(cast.brand, query="baobab")
    with scope(brand=cast.brand):
        for text in ("Le baobab du port est superbe.", "Le baobab ferme à midi."):
            paste(
                brand=cast.brand,
                by=cast.owner,
                topic=topic,
                text=text,
                url="",
                author="Zoé",
                published_at=NOON,
            )
        assert check_rollups(brand=cast.brand) == []
        assert HourlyCount.objects.exists()
        with connection.cursor() as cursor:
            cursor.execute("UPDATE listening_hourlycount SET items = items + 7")
        assert check_rollups(brand=cast.brand)
    recount.func(timestamp=0)
    with scope(brand=cast.brand):
        assert check_rollups(brand=cast.brand) == []
