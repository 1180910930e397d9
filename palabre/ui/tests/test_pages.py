"""The shell's pages and headers; no page of the project carries an inline script or style."""

import asyncio
import json
import re
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.template import engines
from django.test import RequestFactory
from django.urls import reverse

from palabre.ui import addresses, toasts, views
from palabre.ui.middleware import POLICY, SecurityHeaders
from tests.builders import build_cast

PACKAGE = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(
    path for path in PACKAGE.glob("*/templates/**/*") if path.suffix in {".html", ".txt"} and path.is_file()
)
# Mail and paper have no policy to keep: nothing runs there, and styles stand in the page.
ELSEWHERE = {"email", "paper"}
PAGES = [path for path in TEMPLATES if path.suffix == ".html" and not ELSEWHERE & set(path.parts[:-1])]
FORBIDDEN = {
    "style attribute": re.compile(r"\sstyle\s*=", re.I),
    "style element": re.compile(r"<style\b", re.I),
    "event attribute": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.I),
    "htmx script": re.compile(r"\b(?:hx-on|hx-vals=[\"']js:|hx-headers=[\"']js:|hx-vars)", re.I),
    "inline script": re.compile(r"<script(?![^>]*\b(?:src=|type=\"application/json\"))", re.I),
    "javascript address": re.compile(r"javascript:", re.I),
    "address elsewhere": re.compile(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=[\"']https?://", re.I),
}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_page_carries_what_the_policy_refuses(path):
    text = path.read_text("utf-8")
    found = [name for name, pattern in FORBIDDEN.items() if pattern.search(text)]
    assert found == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_template_compiles(path):
    engines["django"].from_string(path.read_text("utf-8"))


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere():
    assert "unsafe" not in POLICY
    assert "http" not in POLICY
    assert "default-src 'none'" in POLICY
    assert "frame-ancestors 'none'" in POLICY


def test_every_answer_carries_the_headers():
    answer = SecurityHeaders(lambda request: HttpResponse("x"))(RequestFactory().get("/"))
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "Permissions-Policy" in answer.headers


def test_a_view_may_set_its_own_headers():
    own = HttpResponse("x", headers={"Cache-Control": "public, max-age=60"})
    answer = SecurityHeaders(lambda request: own)(RequestFactory().get("/"))
    assert answer.headers["Cache-Control"] == "public, max-age=60"


def test_the_headers_come_on_asynchronous_answers_too():
    async def view(request):
        return HttpResponse("x")

    answer = asyncio.run(SecurityHeaders(view)(RequestFactory().get("/")))
    assert answer.headers["Content-Security-Policy"] == POLICY


def test_the_theme_is_kept_and_only_a_known_one():
    post = RequestFactory().post("/theme", {"theme": "dark", "next": "/x"})
    answer = views.theme(post)
    assert answer.cookies["palabre_theme"].value == "dark"
    assert answer.url == "/x"
    strange = views.theme(
        RequestFactory().post("/theme", {"theme": "neon", "next": "https://elsewhere.example/"})
    )
    assert strange.cookies["palabre_theme"].value == "system"
    assert strange.url == "/"


def test_the_page_of_a_broken_server_needs_nothing():
    answer = views.server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert b"<h1>" in answer.content


def test_the_manifest_names_icons_that_exist():
    request = RequestFactory().get(reverse("ui:manifest"))
    manifest = json.loads(views.manifest(request).content)
    assert manifest["display"] == "standalone"
    for size in ("192", "512"):
        assert (PACKAGE / "ui" / "static" / "ui" / f"icon-{size}.png").read_bytes()[:4] == b"\x89PNG"
    assert len(manifest["icons"]) == 4


def test_a_notice_joins_the_events_already_asked_for():
    answer = HttpResponse(headers={"HX-Trigger": '{"refresh": true}'})
    toasts.toast(answer, "Archivé", undo="/undo")
    events = json.loads(answer.headers["HX-Trigger"])
    assert events == {"refresh": True, "toast": {"text": "Archivé", "level": "success", "undo": "/undo"}}


class TestPasskeys:
    """Browsers let a passkey belong to a name alone: at an address of figures none is offered."""

    def asked(self, host):
        return RequestFactory(headers={"host": host}).get("/accounts/login/")

    @pytest.mark.parametrize(
        ("host", "figures", "by_name"),
        [
            ("127.0.0.1:8000", "127.0.0.1", "http://localhost:8000/accounts/login/"),
            ("[::1]:8000", "::1", "http://localhost:8000/accounts/login/"),
            ("192.168.1.7", "192.168.1.7", ""),
            ("localhost:8000", "", ""),
            ("palabre.example", "", ""),
        ],
    )
    def test_the_way_a_page_was_opened_is_known(self, settings, host, figures, by_name):
        settings.ALLOWED_HOSTS = ["*"]
        asked = self.asked(host)
        assert (addresses.figures(asked), addresses.by_name(asked)) == (figures, by_name)

    @pytest.mark.django_db
    @pytest.mark.parametrize(("host", "offered"), [("127.0.0.1", False), ("localhost", True)])
    def test_the_sign_in_page_offers_what_works_and_else_says_where(self, client, host, offered):
        build_cast()
        words = client.get("/accounts/login/", headers={"host": host}).content.decode()
        assert ("data-passkey=" in words) == offered
        assert ("http://localhost/accounts/login/" in words) != offered

    @pytest.mark.django_db
    def test_the_second_step_waits_for_no_mail_which_may_have_no_way_out(self, client):
        cast = build_cast()
        cast.owner.set_password("un baobab dans la cour")
        cast.owner.save()
        typed = {"login": cast.owner.email, "password": "un baobab dans la cour"}
        assert client.post("/accounts/login/", typed).status_code == 302
        assert client.get("/accounts/email/").status_code == 200  # from then on an address is to be verified
        answer = client.get("/accounts/2fa/totp/activate/", follow=True)
        assert answer.request["PATH_INFO"] != "/accounts/2fa/", "sent back, for the address is not verified"
