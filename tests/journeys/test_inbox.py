"""Somebody comments; it appears on the open page, is answered from there, and stands at the network once."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.served import Served

OpenPage = Callable[..., Page]
ROOM = "/b/cafe-baobab/answer/"

SPEAK = """
from asgiref.sync import async_to_sync
from django.conf import settings
from django.utils import timezone
from django_scopes import scopes_disabled
from palabre.inbox.models import Line
from palabre.intake.hear import hear_due
from palabre.networks.registry import connector
store = connector("sandbox").store(str(settings.ENV.home / "demo-network.sqlite"))
post = [one for one in store.of("cafe-baobab") if not one.reply_to][-1]
store.say("cafe-baobab", "titouan-tournesol", {text!r}, at=timezone.now(), reply_to=post.id)
with scopes_disabled():
    Line.objects.update(next_at=timezone.now(), leased_until=None)
async_to_sync(hear_due)(timezone.now)
"""

STANDS = """
from django.conf import settings
from palabre.networks.registry import connector
store = connector("sandbox").store(str(settings.ENV.home / "demo-network.sqlite"))
said = [one.said["text"] for one in store.of("cafe-baobab") if one.reply_to]
print("STANDS", said.count({text!r}))
"""


@pytest.fixture(scope="module")
def palabre() -> Iterator[Served]:
    served = Served()
    try:
        served.start()
        served.manage("demo", "--days", "1", "--language", "fr")
        yield served
    finally:
        served.close()


def enter(page: Page) -> None:
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill("demo@palabre.example")
    page.locator("input[name=password]").fill("palabre-demo")
    page.locator("input[name=password]").press("Enter")
    expect(page.locator("h1")).to_be_visible()


def test_what_is_said_appears_on_the_open_page_and_is_answered_from_it(
    open_page: OpenPage, palabre: Served, axe: Callable[[Page], None], screenshot: Callable[[Page, str], Path]
) -> None:
    page = open_page()
    enter(page)
    page.goto(ROOM)
    axe(page)
    chosen = page.locator(".talk-on b")
    expect(chosen).to_have_text("Awa Nénuphar")

    # Somebody else writes while an answer is being typed: the list shows it, what is typed stays.
    page.locator("#id_text").fill("Bonjour Awa, nous sommes désolés")
    expect(page.locator("#counted")).to_contain_text("brouillon gardé")
    palabre.manage("shell", "-c", SPEAK.format(text="Vous livrez aussi le dimanche ?"))
    expect(page.locator("#inbox-list").get_by_text("Vous livrez aussi le dimanche ?")).to_be_visible()
    expect(page.locator("#id_text")).to_have_value("Bonjour Awa, nous sommes désolés")
    screenshot(page, "inbox-fr-live")

    # Sent; its proof comes by itself, and it stands there once.
    page.get_by_role("button", name="Envoyer", exact=True).click()
    expect(page.get_by_text("Votre réponse est en route.")).to_be_visible()
    expect(page.locator(".said-ours:not(.said-leaving)")).to_contain_text(
        "Bonjour Awa, nous sommes désolés", timeout=60_000
    )
    told = palabre.manage("shell", "-c", STANDS.format(text="Bonjour Awa, nous sommes désolés"))
    assert "STANDS 1" in told


def test_on_a_phone_one_chooses_answers_and_comes_back(
    open_page: OpenPage, palabre: Served, axe: Callable[[Page], None], screenshot: Callable[[Page, str], Path]
) -> None:
    page = open_page(width="phone")
    enter(page)
    page.goto(ROOM)
    axe(page)
    page.get_by_text("Gaspard Tournesol").first.click()
    expect(page.locator("h2", has_text="Gaspard Tournesol")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    axe(page)
    screenshot(page, "inbox-fr-phone")
    page.get_by_role("button", name="Terminé").click()
    expect(page.get_by_text("1 conversation terminée.")).to_be_visible()
    page.goto(ROOM)
    expect(page.get_by_text("Gaspard Tournesol")).to_have_count(0)
