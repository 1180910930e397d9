"""Pictures named by their address come into the library through the guard; long work tells its end."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from pathlib import Path
from socket import socket
from threading import Thread

import pytest
from django.conf import settings
from django.core import mail

from palabre.agency.models import Brand
from palabre.channels.models import Channel
from palabre.publishing.importing import fetching, stages
from palabre.publishing.importing.models import Import
from palabre.publishing.importing.stages import begin, save_import, work
from palabre.publishing.importing.words import fault_sentence
from palabre.publishing.models import Asset, Post
from palabre.publishing.tests.drawn import picture
from tests.builders import Cast

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
ASKED: list[str] = []


class Pictures(BaseHTTPRequestHandler):
    """Somebody's server."""

    def do_GET(self) -> None:
        ASKED.append(self.path)
        body = {"/plage.jpg": picture(), "/page": b"<!doctype html><p>Bonjour"}.get(self.path)
        self.send_response(200 if body else 404)
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path)
    monkeypatch.setattr(settings, "ENV", replace(settings.ENV, allowed_networks=(ip_network("127.0.0.0/8"),)))
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pictures)
    Thread(target=server.serve_forever, daemon=True).start()
    ASKED.clear()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def bring(brand: Brand, cast: Cast, channel: Channel, *images: str) -> Import:
    rows = "".join(f"2027-03-2{n};09:00;Bonjour {n};{image}\n" for n, image in enumerate(images))
    text = "date;heure;texte;image\n" + rows
    kept = begin(brand=brand, by=cast.owner, name="mars.csv", chunks=[text.encode()], channels=[channel.pk])
    work(kept.pk, lambda: AT)
    return Import.objects.select_related("brand", "by").get(pk=kept.pk)


def closed() -> str:
    """An address where nobody answers."""
    with socket() as held:
        held.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{held.getsockname()[1]}/"


def faults(source: Import) -> list[str]:
    return [fault["code"] for row in source.rows.all() for fault in row.faults]


def test_a_picture_named_by_its_address_is_fetched_once_into_the_library(
    brand: Brand, cast: Cast, channel: Channel, elsewhere: str
) -> None:
    source = bring(brand, cast, channel, f"{elsewhere}/plage.jpg", f"{elsewhere}/plage.jpg")
    assert (faults(source), ASKED) == ([], ["/plage.jpg"])
    asset = Asset.objects.get()
    assert (asset.name, asset.mime, asset.added_by) == ("plage.jpg", "image/jpeg", cast.owner)
    save_import(source=source, planning=False, also_faulty=False)
    work(source.pk, lambda: AT)
    assert [post.said.media[0].asset for post in Post.objects.all()] == [asset.pk, asset.pk]


def test_what_cannot_be_had_or_is_no_picture_is_a_fault_of_its_row(
    brand: Brand, cast: Cast, channel: Channel, elsewhere: str
) -> None:
    source = bring(
        brand, cast, channel,
        f"{elsewhere}/rien.jpg", f"{elsewhere}/page", closed(), "http://10.1.2.3/secret.jpg",
    )  # fmt: skip
    assert faults(source) == ["image_gone", "image_refused", "image_unreachable", "image_forbidden"]
    told = [fault_sentence(fault) for row in source.rows.all() for fault in row.faults]
    assert ("page" in told[1] and "programme" in told[1]) or "program" in told[1]
    assert not Asset.objects.exists()


def test_an_address_is_never_taken_for_a_file_of_the_same_name(
    brand: Brand, cast: Cast, channel: Channel, elsewhere: str
) -> None:
    source = bring(brand, cast, channel, f"{elsewhere}/plage.jpg", "C:\\Photos\\plage.jpg", "plage.jpg")
    assert faults(source) == ["image_unknown", "image_unknown"], "what is fetched now was not there by name"
    again = bring(brand, cast, channel, f"{elsewhere}/autre/plage.jpg", "C:\\Photos\\plage.jpg")
    assert faults(again) == ["image_gone"]


def test_a_file_of_contents_fetches_no_more_than_it_may(
    brand: Brand, cast: Cast, channel: Channel, elsewhere: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "MOST", 1)
    monkeypatch.setattr(fetching, "HEAVIEST", 100)
    source = bring(brand, cast, channel, f"{elsewhere}/plage.jpg", f"{elsewhere}/autre.jpg")
    assert faults(source) == ["image_heavy", "images_many"]
    assert ASKED == ["/plage.jpg"]


@pytest.mark.parametrize(("long", "mails"), [(stages.LONG, 0), (timedelta(0), 1)])
def test_a_long_import_tells_by_mail_that_it_is_over(
    long: timedelta, mails: int, brand: Brand, cast: Cast, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stages, "LONG", long)
    text = "date;heure;texte\n2027-03-25;09:00;Bonjour\n2027-02-31;09:00;Jamais\n"
    kept = begin(brand=brand, by=cast.owner, name="mars.csv", chunks=[text.encode()], channels=[channel.pk])
    work(kept.pk, lambda: AT)
    assert len(mail.outbox) == mails
    for message in mail.outbox:
        assert message.to == [cast.owner.email]
        assert "mars.csv" in message.subject and f"/import/{kept.pk}/" in message.body
        assert message.body.count(" 1\n") == 2, "one that is good, one that has a fault"
