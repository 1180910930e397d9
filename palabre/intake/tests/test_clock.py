"""The periodic tasks come as often as their docstrings say."""

from datetime import UTC, datetime

import pytest
from croniter import croniter
from procrastinate.contrib.django import app

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "seconds"), [("intake.pull", 15), ("intake.watch", 300), ("alerts.tick", 10)]
)
def test_a_task_comes_at_its_pace(name: str, seconds: int) -> None:
    (crons,) = [task.cron for task in app.periodic_registry.periodic_tasks.values() if task.task.name == name]
    times = croniter(crons, NOON)
    first, second = times.get_next(datetime), times.get_next(datetime)
    assert (second - first).total_seconds() == seconds
