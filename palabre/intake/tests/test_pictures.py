"""The picture of an alert mail is drawn on the server, and only when there is something to see."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone, translation
from django_scopes import scope

from palabre.insight.pictures import volume_picture
from palabre.intake.pipeline import Batch, take_in
from palabre.listening.matching import Matcher
from palabre.listening.sources import SourceDraft, add_source
from palabre.networks.contract import RemoteItem
from tests.builders import build_cast, build_topic

pytestmark = pytest.mark.django_db


def test_a_picture_needs_a_few_days_and_says_what_it_shows() -> None:
    cast = build_cast()
    topic = build_topic(cast.brand, query="baobab")
    now = timezone.now()
    said = RemoteItem(remote_id="0", url="", text="Le baobab du port est superbe, merci.", published_at=now)
    with scope(brand=cast.brand):
        assert volume_picture(cast.brand, [topic.pk]) is None
        source = add_source(
            brand=cast.brand, by=None, draft=SourceDraft(network="sandbox", kind="outlet", target="a.example")
        )
    days = [replace(said, remote_id=str(n), published_at=now - timedelta(days=n)) for n in range(5)]
    take_in(
        Batch(network="sandbox", sources=[source], items=days, cursor={}, wait=900, at=now, filed=True),
        Matcher(),
    )
    with scope(brand=cast.brand), translation.override("fr"):
        picture = volume_picture(cast.brand, [topic.pk])
    assert picture is not None
    assert picture.png.startswith(b"\x89PNG")
    assert picture.words.startswith("5")
    with scope(brand=cast.brand), translation.override("en"):
        english = volume_picture(cast.brand, [topic.pk])
    assert english is not None and english.png != picture.png, "its dates speak the reader's language"
