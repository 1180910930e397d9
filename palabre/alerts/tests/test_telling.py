"""From an event to a message that left: once, to those who asked, and honestly when it did not."""

import json
import smtplib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from django.core import mail
from django.test import Client
from django_scopes import scope
from procrastinate.contrib.django.models import ProcrastinateJob

from palabre.alerts.events import Notice, raise_events
from palabre.alerts.feeds import events_of
from palabre.alerts.gather import gather_due
from palabre.alerts.mail import MailNotConfigured
from palabre.alerts.models import Digest, Event, Frequency, Rule, Trigger
from palabre.alerts.send import due_digests, send_digest
from palabre.alerts.subscriptions import save_rule, send_again
from palabre.alerts.wants import Facts
from palabre.alerts.webhook import signature
from tests.builders import NOON, Cast, build_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return build_cast()


def rule_of(cast: Cast, *recipients: str, **settings: object) -> Rule:
    given = {"name": "Tout", "frequency": Frequency.INSTANT, **settings}
    with scope(brand=cast.brand):
        return save_rule(rule=Rule(brand=cast.brand, **given), by=cast.owner, recipients=recipients)


def tell(cast: Cast, *keys: str, **given: object) -> list[Event]:
    notices = [
        Notice(
            key=key,
            at=NOON,
            topic=1,
            topic_name="Café Baobab",
            title=f"Une heure au Baobab ({key})",
            excerpt="Quarante minutes d’attente, quelle honte !",
            url="https://gazette.example/1",
            facts=Facts(network="feeds", tone=-1, author="Aïcha K.", outlet="gazette.example"),
            **given,  # type: ignore[arg-type]
        )
        for key in keys
    ]
    with scope(brand=cast.brand):
        return raise_events(brand=cast.brand, notices=notices, now=NOON)


def states(cast: Cast) -> list[str]:
    with scope(brand=cast.brand):
        return list(Digest.objects.order_by("pk").values_list("state", flat=True))


def test_an_event_is_told_once_to_each_recipient(cast: Cast) -> None:
    rule_of(cast, "ines@iroko.example", "malo@iroko.example")
    tell(cast, "a")
    tell(cast, "a")
    for digest in gather_due(now=NOON):
        assert send_digest(digest, now=NOON) == "sent"
        assert send_digest(digest, now=NOON) == "sent"
    assert gather_due(now=NOON) == []
    assert sorted(message.to[0] for message in mail.outbox) == ["ines@iroko.example", "malo@iroko.example"]
    message = mail.outbox[0]
    assert "Une heure au Baobab" in message.subject
    assert "gazette.example" in message.body
    html = str(message.alternatives[0][0])  # type: ignore[attr-defined]
    assert "https://gazette.example/1" in html
    assert "List-Unsubscribe" in message.extra_headers


def test_several_events_make_one_digest_cut_at_its_length(cast: Cast) -> None:
    rule_of(cast, "ines@iroko.example", at_most=2)
    tell(cast, "a", "b", "c")
    (digest,) = gather_due(now=NOON)
    send_digest(digest, now=NOON)
    (message,) = mail.outbox
    assert message.body.count("https://gazette.example/1") == 2
    assert "3" in message.subject


def test_a_full_message_and_a_full_feed_keep_what_is_preferred(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = rule_of(cast, "ines@iroko.example", at_most=2)
    fits = {"new-elsewhere": -1, "old-preferred": 1, "oldest-preferred": 1}
    with scope(brand=cast.brand):
        notices = [
            Notice(key=key, at=NOON - timedelta(hours=age), title=key, facts=Facts(fit=fit))
            for age, (key, fit) in enumerate(fits.items())
        ]
        raise_events(brand=cast.brand, notices=notices, now=NOON)
    (digest,) = gather_due(now=NOON)
    send_digest(digest, now=NOON)
    assert "new-elsewhere" not in mail.outbox[0].body
    assert "3" in mail.outbox[0].subject
    with scope(brand=cast.brand):
        assert [event.key for event in events_of(rule)] == list(fits), "all fit in: newest first"
        monkeypatch.setattr("palabre.alerts.feeds.LENGTH", 2)
        assert [event.key for event in events_of(rule)] == ["old-preferred", "oldest-preferred"]


def test_a_message_with_room_for_all_begins_with_what_is_preferred(cast: Cast) -> None:
    rule_of(cast, "ines@iroko.example")
    with scope(brand=cast.brand):
        notices = [
            Notice(key=key, at=NOON - timedelta(hours=age), title=key, facts=Facts(fit=fit))
            for age, (key, fit) in enumerate((("elsewhere", -1), ("unknown", 0), ("preferred", 1)))
        ]
        raise_events(brand=cast.brand, notices=notices, now=NOON)
    (digest,) = gather_due(now=NOON)
    send_digest(digest, now=NOON)
    body = mail.outbox[0].body
    assert body.index("preferred") < body.index("unknown") < body.index("elsewhere")


def test_the_feed_of_a_threshold_holds_its_own_crossings_alone(cast: Cast) -> None:
    ours, other = (rule_of(cast, trigger=Trigger.THRESHOLD, filter={"tones": [-1]}) for _ in range(2))
    with scope(brand=cast.brand):
        notices = [
            Notice(key=f"threshold:{rule.pk}:1:0", at=NOON, trigger=Trigger.THRESHOLD, rules=(rule.pk,))
            for rule in (ours, other)
        ]
        raise_events(brand=cast.brand, notices=notices, now=NOON)
        assert [event.key for event in events_of(ours)] == [f"threshold:{ours.pk}:1:0"]


def test_nothing_new_means_no_message(cast: Cast) -> None:
    rule_of(cast, "ines@iroko.example")
    assert gather_due(now=NOON) == []
    assert mail.outbox == []


def test_a_daily_alert_keeps_its_events_for_its_hour(cast: Cast) -> None:
    rule = rule_of(cast, "ines@iroko.example", frequency=Frequency.DAILY, hour=8, time_zone="Europe/Paris")
    tell(cast, "a")
    assert gather_due(now=NOON) == []
    rule.refresh_from_db()
    assert len(gather_due(now=rule.next_at)) == 1


def test_hostile_words_stay_words_in_a_mail(cast: Cast) -> None:
    rule_of(cast, "ines@iroko.example")
    with scope(brand=cast.brand):
        notice = Notice(
            key="x", at=NOON, title="<script>alert(1)</script>\r\nBcc: all@example", url="https://e.example"
        )
        raise_events(brand=cast.brand, notices=[notice], now=NOON)
    (digest,) = gather_due(now=NOON)
    assert send_digest(digest, now=NOON) == "sent"
    (message,) = mail.outbox
    assert "<script" not in str(message.alternatives[0][0])  # type: ignore[attr-defined]
    assert "\n" not in message.subject
    assert message.recipients() == ["ines@iroko.example"]


class Broken:
    """A way out that fails as told."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def send(self) -> None:
        raise self.error


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (MailNotConfigured(), "ready"),
        (smtplib.SMTPRecipientsRefused({}), "ready"),
        (ConnectionRefusedError(), "ready"),
        (smtplib.SMTPServerDisconnected("gone"), "unknown"),
    ],
)
def test_a_message_that_did_not_leave_waits_or_asks(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, error: Exception, state: str
) -> None:
    rule_of(cast, "ines@iroko.example")
    tell(cast, "a")
    (digest,) = gather_due(now=NOON)
    monkeypatch.setattr("palabre.alerts.send.digest_message", lambda *a, **k: Broken(error))
    assert send_digest(digest, now=NOON) == state
    assert due_digests(now=NOON) == []


def test_a_refusal_that_lasts_ends_and_a_person_can_send_again(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule_of(cast, "ines@iroko.example")
    tell(cast, "a")
    (digest,) = gather_due(now=NOON)
    monkeypatch.setattr(
        "palabre.alerts.send.digest_message", lambda *a, **k: Broken(smtplib.SMTPDataError(554, b"no"))
    )
    now = NOON
    for _ in range(8):
        send_digest(digest, now=now)
        now += timedelta(days=1)
    assert states(cast) == ["failed"]
    monkeypatch.undo()
    with scope(brand=cast.brand):
        send_again(digest=Digest.objects.get(), by=cast.owner, brand=cast.brand)
    assert send_digest(digest, now=now) == "sent"


def test_a_sender_that_died_leaves_a_question_not_a_repeat(cast: Cast) -> None:
    rule_of(cast, "ines@iroko.example")
    tell(cast, "a")
    (digest,) = gather_due(now=NOON)
    with scope(brand=cast.brand):
        Digest.objects.update(state="sending", claimed_at=NOON)
    assert due_digests(now=NOON + timedelta(minutes=1)) == []
    assert due_digests(now=NOON + timedelta(minutes=10)) == []
    assert states(cast) == ["unknown"]
    assert send_digest(digest, now=NOON) == "unknown"


@pytest.fixture
def receiver() -> Iterator[HTTPServer]:
    """A receiver of webhooks that keeps what it got."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            server.got.append((dict(self.headers), body))  # type: ignore[attr-defined]
            self.send_response(server.answer)  # type: ignore[attr-defined]
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.got, server.answer = [], 204  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def allow_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace
    from ipaddress import ip_network

    from django.conf import settings

    monkeypatch.setattr(settings, "ENV", replace(settings.ENV, allowed_networks=(ip_network("127.0.0.0/8"),)))


def test_a_webhook_is_signed_so_that_its_receiver_can_tell(
    cast: Cast, receiver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow_loopback(monkeypatch)
    rule = rule_of(cast, webhook_url=f"http://127.0.0.1:{receiver.server_port}/hook")
    tell(cast, "a")
    (digest,) = gather_due(now=NOON)
    assert send_digest(digest, now=NOON) == "sent"
    ((headers, body),) = receiver.got  # type: ignore[attr-defined]
    given = {name.lower(): value for name, value in headers.items()}
    expected = signature(
        rule.webhook_secret,
        identity=given["webhook-id"],
        timestamp=int(given["webhook-timestamp"]),
        body=body,
    )
    assert given["webhook-signature"] == expected
    assert json.loads(body)["data"]["events"][0]["id"] == "a"


def test_a_webhook_refused_is_tried_again(
    cast: Cast, receiver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow_loopback(monkeypatch)
    receiver.answer = 503  # type: ignore[attr-defined]
    rule_of(cast, webhook_url=f"http://127.0.0.1:{receiver.server_port}/hook")
    tell(cast, "a")
    (digest,) = gather_due(now=NOON)
    assert send_digest(digest, now=NOON) == "ready"
    receiver.answer = 200  # type: ignore[attr-defined]
    assert due_digests(now=NOON) == []
    assert due_digests(now=NOON + timedelta(minutes=1)) == [digest]
    assert send_digest(digest, now=NOON + timedelta(minutes=1)) == "sent"


def test_a_webhook_never_reaches_into_the_machine(cast: Cast, receiver: HTTPServer) -> None:
    rule_of(cast, webhook_url=f"http://127.0.0.1:{receiver.server_port}/hook")
    tell(cast, "a")
    (digest,) = gather_due(now=NOON)
    assert send_digest(digest, now=NOON) == "ready"
    assert receiver.got == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("form", ["rss", "atom", "json"])
def test_the_private_feed_holds_what_the_rule_tells(cast: Cast, form: str) -> None:
    rule = rule_of(cast, filter={"tones": [-1]})
    tell(cast, "a")
    answer = Client().get(f"/alerts/feed/{rule.feed_token}.{form}")
    assert answer.status_code == 200
    assert "Une heure au Baobab (a)" in answer.content.decode()
    assert Client().get(f"/alerts/feed/{'x' * 32}.{form}").status_code == 404


def test_a_burst_has_its_own_rule_and_its_own_words(cast: Cast) -> None:
    rule_of(cast, "tout@iroko.example")
    rule_of(cast, "crise@iroko.example", trigger=Trigger.BURST, name="Crise")
    with scope(brand=cast.brand):
        details = {
            "kind": "bad_buzz",
            "ratio": 6.2,
            "stories": [{"key": "45 minutes d’attente"}],
            "authors": [],
        }
        notice = Notice(
            key="burst:1", at=NOON, trigger=Trigger.BURST, topic=1, topic_name="Baobab", details=details
        )
        raise_events(brand=cast.brand, notices=[notice], now=NOON)
    (digest,) = gather_due(now=NOON)
    send_digest(digest, now=NOON)
    (message,) = mail.outbox
    assert message.to == ["crise@iroko.example"]
    assert "6,2" in message.subject or "6.2" in message.subject
    assert "45 minutes d’attente" in message.body


def test_one_click_unsubscribes_and_says_so(cast: Cast) -> None:
    rule = rule_of(cast, "ines@iroko.example", "malo@iroko.example")
    with scope(brand=cast.brand):
        token = rule.recipients.get(email="ines@iroko.example").token
    assert Client().get(f"/alerts/leave/{token}/").status_code == 200
    tell(cast, "a")
    assert Client(enforce_csrf_checks=True).post(f"/alerts/leave/{token}/").status_code == 200
    for digest in gather_due(now=NOON):
        send_digest(digest, now=NOON)
    assert [message.to for message in mail.outbox] == [["malo@iroko.example"]]


def test_what_is_to_be_told_at_once_does_not_wait_for_the_clock(
    cast: Cast, django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[list[object]]]
) -> None:
    rule = rule_of(cast, "lea@example.org", frequency=Frequency.DAILY)
    with django_capture_on_commit_callbacks(execute=True):
        tell(cast, "a")
    assert not ProcrastinateJob.objects.filter(task_name="alerts.tick").exists()
    Rule._base_manager.filter(pk=rule.pk).update(frequency=Frequency.INSTANT)
    for key in ("b", "c"):
        with django_capture_on_commit_callbacks(execute=True):
            tell(cast, key)
    assert ProcrastinateJob.objects.filter(task_name="alerts.tick", status="todo").count() == 1
