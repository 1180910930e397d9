"""The second look: least certain first, never over a person's word, and counted at once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from django_scopes import scope

from palabre.enrichment import Analysis, analyse, quality
from palabre.intake.pipeline import Batch, take_in
from palabre.listening.corrections import correct_tone
from palabre.listening.counts import tally
from palabre.listening.filters import MentionFilter
from palabre.listening.lessons import Learnt
from palabre.listening.matching import Matcher
from palabre.listening.refine import refine
from palabre.listening.sources import SourceDraft, add_source
from palabre.networks.contract import RemoteItem
from palabre.stream.models import Item
from tests.builders import NOON, build_cast, build_topic

pytestmark = pytest.mark.django_db


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

    def sure(texts: Sequence[str], languages: object = None, *, adjustment: object = None) -> list[Analysis]:
        scores = (0.9, 0.05, 0.05)
        return [replace(a, sentiment="negative", sentiment_scores=scores) for a in analyse(texts)]

    monkeypatch.setattr(quality, "analyse", sure)
    with scope(brand=cast.brand):
        corrected = Item.objects.get(remote_id="2")
        correct_tone(brand=cast.brand, item=corrected.pk, tone=1, by=cast.owner)
        given = {"brand": cast.brand, "learnt": Learnt(), "now": NOON}
        assert refine(**given, most=1) == 1
        assert refine(**given, most=10) == 1
        assert refine(**given, most=10) == 0
        tones = dict(Item.objects.values_list("remote_id", "tone"))
        counted = tally(brand=cast.brand, mentions=MentionFilter(days=None), now=NOON)
    assert tones == {"0": -1, "1": -1, "2": 1}
    assert (counted.tones[-1], counted.tones[1]) == (2, 1)
