"""The composer answers while somebody goes on: what is typed, ticked and looked at meanwhile stays."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from tests.served import Served

OpenPage = Callable[..., Page]
ROOM = "/b/cafe-baobab"


@pytest.fixture(scope="module")
def palabre() -> Iterator[Served]:
    """The demo, one day of it."""
    served = Served()
    try:
        served.start()
        served.manage("demo", "--days", "1", "--language", "fr")
        yield served
    finally:
        served.close()


@pytest.fixture
def composer(open_page: OpenPage) -> Page:
    """The composer of the demo's owner, with two accounts to tick."""
    page = open_page()
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill("demo@palabre.example")
    page.locator("input[name=password]").fill("palabre-demo")
    page.locator("input[name=password]").press("Enter")
    expect(page.locator("h1")).to_be_visible()
    for name in ("Comptoir", "Terrasse"):
        page.goto(f"{ROOM}/channels/new/sandbox/name/")
        page.locator("main input[name=name]").fill(name)
        page.locator("main .btn-act").click()
        expect(page.locator("h1")).to_have_text(name)
    page.goto(f"{ROOM}/publish/new/")
    return page


def hold(page: Page) -> list[Route]:
    """The composer's next question, which waits until the test lets it go."""
    held: list[Route] = []
    page.route("**/publish/new/", lambda route: route.continue_() if held else held.append(route))
    return held


def until_held(page: Page, held: list[Route]) -> None:
    """Wait until the composer asked."""
    for _ in range(100):
        if held:
            return
        page.wait_for_timeout(100)
    raise AssertionError("the composer asked nothing")


def test_what_is_typed_and_ticked_before_an_answer_comes_stays(composer: Page) -> None:
    words = composer.locator("textarea[name=text]")
    first, second = (composer.get_by_label(name, exact=True) for name in ("Comptoir", "Terrasse"))
    held = hold(composer)
    first.check(force=True)
    until_held(composer, held)
    second.check(force=True)
    words.fill("Bonjour le quartier")
    held[0].continue_()
    expect(composer.locator("#readings .reading")).to_have_count(2)
    expect(words).to_have_value("Bonjour le quartier")
    expect(composer.locator("#readings .reading").last).to_contain_text("Bonjour le quartier")
    assert first.is_checked() and second.is_checked()


def test_the_focus_stays_on_what_was_asked(composer: Page) -> None:
    box = composer.get_by_label("Comptoir", exact=True)
    box.focus()
    composer.keyboard.press("Space")
    expect(composer.locator("#readings .reading")).to_have_count(1)
    expect(composer.get_by_label("Comptoir", exact=True)).to_be_focused()
    more = composer.locator("#act-add")
    more.focus()
    composer.keyboard.press("Enter")
    expect(composer.locator("#part-1")).to_be_visible()
    expect(composer.locator("#act-add")).to_be_focused()
