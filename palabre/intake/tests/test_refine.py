"""The second look: least certain first, never over a person's word, and counted at once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from django_scopes import scope

from palabre.enrichment import Analysis, analyse, quality
from palabre.enrichment.weights import Scores
from palabre.intake.pipeline import Batch, take_in
from palabre.listening.corrections import correct_tone
from palabre.listening.counts import tally
from palabre.listening.filters import MentionFilter
from palabre.listening.lessons import Learnt
from palabre.listening.matching import Matcher
from palabre.listening.refine import refine
from palabre.listening.sources import SourceDraft, add_source
from palabre.networks.contract import RemoteItem
from palabre.stream import vectors
from palabre.stream.models import Item
from tests.builders import NOON, build_cast, build_topic

pytestmark = pytest.mark.django_db


def standing_in(texts: Sequence[str]) -> Scores:
    """Vectors of a model that is not needed here: all alike."""
    return np.eye(1, quality.SIZE, dtype=np.float32).repeat(len(texts), axis=0)


def test_the_second_look_moves_guesses_and_counts_and_no_correction(monkeypatch: pytest.MonkeyPatch) -> None:
    cast = build_cast()
    build_topic(cast.brand, query="baobab")
    with scope(brand=cast.brand):
        source = add_source(
            brand=cast.brand, by=None, draft=SourceDraft(network="sandbox", kind="outlet", target="a.example")
        )
    said = [
        RemoteItem(remote_id=str(n), url="", text=text, published_at=NOON - timedelta(hours=1))
        for n, text in enumerate(("Le baobab est ouvert.", "Le baobab ferme à midi.", "Le baobab, oui."))
    ]
    take_in(
        Batch(network="sandbox", sources=[source], items=said, cursor={}, wait=1, at=NOON, filed=True),
        Matcher(),
    )

    def sure(texts: Sequence[str], *_: object, **__: object) -> list[Analysis]:
        scores = (0.9, 0.05, 0.05)
        return [replace(a, sentiment="negative", sentiment_scores=scores) for a in analyse(texts)]

    monkeypatch.setattr(quality, "analyse", sure)
    monkeypatch.setattr(quality, "vectors", standing_in)
    with scope(brand=cast.brand):
        corrected = Item.objects.get(remote_id="2")
        correct_tone(brand=cast.brand, item=corrected.pk, tone=1, by=cast.owner)
        given = {"brand": cast.brand, "learnt": Learnt(), "now": NOON}
        assert refine(**given, most=1) == 1
        assert refine(**given, most=10) == 2, "the doubtful one, then the corrected one for its meaning alone"
        assert refine(**given, most=10) == 0
        tones = dict(Item.objects.values_list("remote_id", "tone"))
        counted = tally(brand=cast.brand, mentions=MentionFilter(days=None), now=NOON)
    assert tones == {"0": -1, "1": -1, "2": 1}
    assert (counted.tones[-1], counted.tones[1]) == (2, 1)


def test_time_left_goes_to_what_was_not_read_newest_first(monkeypatch: pytest.MonkeyPatch) -> None:
    cast = build_cast()
    build_topic(cast.brand, query="baobab")
    with scope(brand=cast.brand):
        source = add_source(
            brand=cast.brand, by=None, draft=SourceDraft(network="sandbox", kind="outlet", target="a.example")
        )
    said = [
        RemoteItem(
            remote_id=str(days), url="", text=f"Le baobab {days}", published_at=NOON - timedelta(days=days)
        )
        for days in (200, 80, 40, 20, 1)
    ]
    for item in said:
        at = item.published_at or NOON
        batch = Batch(network="sandbox", sources=[source], items=[item], cursor={}, wait=1, at=at, filed=True)
        take_in(batch, Matcher())
    monkeypatch.setattr(quality, "vectors", standing_in)
    with scope(brand=cast.brand):
        ids = dict(Item.objects.values_list("remote_id", "pk"))
        before = dict(Item.objects.values_list("pk", "model_version"))
        Item.objects.filter(pk=ids["40"]).update(is_ignored=True)
        given = {"brand": cast.brand, "learnt": Learnt(), "now": NOON}
        read = []
        while refine(**given, most=1):
            read.append(set(vectors.load(brand=cast.brand, ids=list(ids.values()))))
        after = dict(Item.objects.values_list("pk", "model_version"))
    assert read == [{ids["1"]}, {ids["1"], ids["20"]}, {ids["1"], ids["20"], ids["80"]}]
    changed = {pk for pk in after if after[pk] != before[pk]}
    assert changed == {ids["1"]}, "an old guess stays as it was told"


def test_a_database_without_vectors_still_gets_its_second_look(monkeypatch: pytest.MonkeyPatch) -> None:
    cast = build_cast()
    build_topic(cast.brand, query="baobab")
    with scope(brand=cast.brand):
        source = add_source(
            brand=cast.brand, by=None, draft=SourceDraft(network="sandbox", kind="outlet", target="a.example")
        )
    said = [RemoteItem(remote_id="1", url="", text="Le baobab", published_at=NOON)]
    take_in(
        Batch(network="sandbox", sources=[source], items=said, cursor={}, wait=1, at=NOON, filed=True),
        Matcher(),
    )
    monkeypatch.setattr(quality, "vectors", standing_in)
    monkeypatch.setattr(vectors, "prepare", lambda: False)
    with scope(brand=cast.brand):
        given = {"brand": cast.brand, "learnt": Learnt(), "now": NOON}
        assert [refine(**given, most=5), refine(**given, most=5)] == [1, 0]
