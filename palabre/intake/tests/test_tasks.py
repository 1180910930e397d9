"""The rounds of the clock that keep the house in order."""

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from django_scopes import scope
from procrastinate import JobContext
from procrastinate.contrib.django import app

from palabre.intake.paste import paste
from palabre.intake.tasks import recount, unstall
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


def test_a_job_whose_worker_died_is_done_again_and_old_ones_are_forgotten() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
        cursor.execute(
            """WITH worker AS (
                   INSERT INTO procrastinate_workers (last_heartbeat)
                   VALUES (now() - interval '10 minutes'), (now()) RETURNING id, last_heartbeat
               ), job AS (
                   INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, worker_id)
                   SELECT 'default', CASE WHEN last_heartbeat < now() THEN 'dead' ELSE 'alive' END, '{}',
                          'doing'::procrastinate_job_status, id FROM worker
               )
               INSERT INTO procrastinate_jobs (queue_name, task_name, args, status)
               VALUES ('default', 'old', '{}', 'succeeded'), ('default', 'new', '{}', 'succeeded')"""
        )
        cursor.execute("DELETE FROM procrastinate_events")
        cursor.execute(
            """INSERT INTO procrastinate_events (job_id, type, at)
               SELECT id, 'succeeded', now() - CASE task_name WHEN 'old' THEN interval '80 hours'
                                                    ELSE interval '1 hour' END
               FROM procrastinate_jobs WHERE status = 'succeeded'"""
        )
    _unstall()
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, status::text, attempts FROM procrastinate_jobs ORDER BY 1")
        assert cursor.fetchall() == [("alive", "doing", 0), ("dead", "todo", 1), ("new", "succeeded", 0)]


@pytest.mark.django_db(transaction=True)
def test_a_job_whose_worker_died_gives_way_to_the_same_work_that_waits() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
        cursor.execute(
            """WITH worker AS (
                   INSERT INTO procrastinate_workers (last_heartbeat)
                   VALUES (now() - interval '10 minutes') RETURNING id
               )
               INSERT INTO procrastinate_jobs (queue_name, task_name, args, queueing_lock, status, worker_id)
               SELECT 'default', name, '{}', lock, state::procrastinate_job_status, worker.id
               FROM worker, (VALUES ('a dead twin', 'pull', 'doing'), ('b waiting', 'pull', 'todo'),
                                    ('c dead alone', 'watch', 'doing')) AS job (name, lock, state)"""
        )
    _unstall()
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, status::text FROM procrastinate_jobs ORDER BY 1")
        assert cursor.fetchall() == [
            ("a dead twin", "failed"),
            ("b waiting", "todo"),
            ("c dead alone", "todo"),
        ]


def _unstall() -> None:
    context = JobContext(app=app, job=None, abort_reason=lambda: None, start_timestamp=0)  # type: ignore[arg-type]
    async_to_sync(unstall.func)(context, timestamp=0)
