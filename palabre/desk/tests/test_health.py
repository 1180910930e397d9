"""Health for a watch outside: red as soon as anything is late, and silent about whose it is."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from palabre.publishing.delivery.lateness import LATE_AFTER
from palabre.publishing.models import Delivery
from palabre.publishing.tests.arranged import build_channel, planned
from tests.builders import build_cast


def test_what_is_late_turns_it_red_without_a_name(db: None) -> None:
    delivery = planned(build_channel(build_cast().brand))
    hour = timezone.now() - LATE_AFTER
    rows = Delivery._base_manager.filter(pk=delivery.pk)
    rows.update(due_at=hour + timedelta(minutes=1))
    assert Client().get("/health/").status_code == 200
    rows.update(due_at=hour - timedelta(seconds=1))
    answer = Client().get("/health/")
    assert (answer.status_code, answer.json()) == (503, {"status": "late", "late": 1})
    rows.update(state="published")
    assert Client().get("/health/").json() == {"status": "ok"}
