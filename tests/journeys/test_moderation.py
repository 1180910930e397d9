"""A hard word is reviewed, hidden at the network by an article of the charter, and its author told."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.served import Served

OpenPage = Callable[..., Page]
ROOM = "/b/cafe-baobab/moderation/"
MARKED = """
from django.conf import settings
from django.utils import timezone
from palabre.networks.registry import connector
store = connector("sandbox").store(str(settings.ENV.home / "demo-network.sqlite"))
found = [one for one in store.of("noe-pimprenelle") if one.said["text"].startswith("Espèce")]
print("HIDDEN", [store.marked("cafe-baobab", "hide", one.id, timezone.now()) for one in found])
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


def test_a_hard_word_is_hidden_by_an_article_and_its_author_told(
    open_page: OpenPage, palabre: Served, axe: Callable[[Page], None], screenshot: Callable[[Page, str], Path]
) -> None:
    page = open_page()
    enter(page)
    page.goto(ROOM)
    axe(page)
    page.locator(".talk-link", has_text="Espèce de").click()
    expect(page.get_by_text("Vous avez lu")).to_be_visible()
    screenshot(page, "moderation-fr-case")
    page.locator("#decide-article").select_option(index=1)
    page.locator("input[name=why]").fill("insulte")
    page.locator("#decide").get_by_role("button", name="Masquer").click()
    expect(page.get_by_text("Décidé")).to_be_visible()
    expect(page.locator(".talk-link", has_text="Espèce de")).to_have_count(0)

    page.goto(f"{ROOM}decisions/")
    axe(page)
    page.get_by_role("link", name="masqué").first.click()
    axe(page)
    page.get_by_role("button", name="Je l’ai informé moi-même").click()
    expect(page.get_by_text("l’auteur est informé")).to_be_visible()
    screenshot(page, "moderation-fr-decision")
    for _ in range(30):
        if "HIDDEN [True]" in palabre.manage("shell", "-c", MARKED):
            break
    else:
        pytest.fail("it was never hidden at the network")


@pytest.mark.parametrize("part", ["", "appeals/", "charter/", "settings/", "coverage/", "report/"])
def test_every_page_holds_on_a_phone(
    part: str,
    open_page: OpenPage,
    palabre: Served,
    axe: Callable[[Page], None],
    screenshot: Callable[[Page, str], Path],
) -> None:
    page = open_page(width="phone")
    enter(page)
    page.goto(ROOM + part)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    axe(page)
    screenshot(page, f"moderation-fr-phone-{part.strip('/') or 'queue'}")
