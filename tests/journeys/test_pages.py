"""Every page of the demo as a picture, in both languages, widths and lights; and the clicks that matter."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.journeys.conftest import SCREENSHOTS, WIDTHS
from tests.served import Served

OpenPage = Callable[..., Page]
Screenshot = Callable[[Page, str], Path]

EMAIL, PASSWORD = "demo@palabre.example", "palabre-demo"
"""As `palabre demo` says on the terminal."""

ROOM = "/b/cafe-baobab"
PAGES = {
    "today": "/",
    "mentions": f"{ROOM}/listen/",
    "mentions-none": f"{ROOM}/listen/?q=introuvable",
    "topics": f"{ROOM}/listen/topics/",
    "topic": f"{ROOM}/listen/topics/new/",
    "sources": f"{ROOM}/listen/sources/",
    "source": f"{ROOM}/listen/sources/new/mastodon/account/",
    "rules": f"{ROOM}/listen/rules/",
    "rule": f"{ROOM}/listen/rules/new/",
    "alerts": f"{ROOM}/alerts/",
    "alert": f"{ROOM}/alerts/new/",
    "calendar": f"{ROOM}/publish/",
    "lanes": f"{ROOM}/publish/?view=lanes",
    "composer": f"{ROOM}/publish/new/",
    "contents": f"{ROOM}/publish/contents/",
    "library": f"{ROOM}/publish/library/",
    "queue": f"{ROOM}/publish/queue/",
    "inbox": f"{ROOM}/answer/?tab=all",
    "heard": f"{ROOM}/answer/accounts/",
    "series": f"{ROOM}/publish/series/",
    "series-new": f"{ROOM}/publish/series/new/",
    "feeds": f"{ROOM}/publish/feeds/",
    "feeds-new": f"{ROOM}/publish/feeds/new/",
    "late": f"{ROOM}/publish/late/",
    "kits": f"{ROOM}/publish/by-hand/",
    "import": f"{ROOM}/publish/import/",
    "approval": f"{ROOM}/publish/approval/",
    "steps": f"{ROOM}/publish/approval/steps/",
    "writing": f"{ROOM}/publish/writing/",
    "days": f"{ROOM}/publish/days/",
    "standstill": f"{ROOM}/publish/standstill/",
    "channels": f"{ROOM}/channels/",
    "connect": f"{ROOM}/channels/new/bluesky/app_password/",
    "by-hand": f"{ROOM}/channels/by-hand/instagram/",
    "search": "/search/?q=brunch",
    "paste": f"{ROOM}/listen/paste/",
    "start": f"{ROOM}/listen/start/",
    "brand": "/brands/new/",
    "settings": "/settings/",
    "mail": "/settings/mail/",
}
OPENED = {"filters": "filters", "save-view": "save-view"}
"""Dialogs of the page of mentions."""

ENGLISH = re.compile(
    r"\b(Save|Cancel|Delete|Topics?|Rules|New alert|Filter|Unread|Settings|Password|Language|Tone|Name"
    r"|Followers|Today|Network|Search|Listen|Time zone|optional|Show more|Remove|Pause all|Period|Words)\b"
)
"""Words of our English pages that no French page may show."""

SAID_BY_US = """() => {
  const page = document.body.cloneNode(true);
  const others = 'script, svg, code, [lang], [data-item], a[rel~="noreferrer"]';
  for (const other of page.querySelectorAll(others)) other.remove();
  return page.textContent;
}"""
"""The text of a page without what other people said."""


@pytest.fixture(scope="module")
def palabre() -> Iterator[Served]:
    """The demo, two weeks of it."""
    served = Served()
    try:
        served.start()
        served.manage("demo", "--days", "14", "--language", "fr")
        yield served
    finally:
        served.close()


@pytest.fixture(scope="module")
def signed_in(palabre: Served, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state of a browser in which the demo's owner has signed in."""
    context = browser.new_context(base_url=palabre.url, locale="fr-FR")
    page = context.new_page()
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill(EMAIL)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    expect(page.locator("h1")).to_contain_text("Inès")
    state = tmp_path_factory.mktemp("browser") / "state.json"
    context.storage_state(path=state)
    context.close()
    return state


@pytest.fixture(scope="module", params=["fr", "en"])
def language(request: pytest.FixtureRequest, palabre: Served, signed_in: Path, browser: Browser) -> str:
    """The language of the owner's pages, chosen in the settings."""
    chosen = str(request.param)
    context = browser.new_context(base_url=palabre.url, storage_state=signed_in)
    page = context.new_page()
    page.goto("/settings/")
    page.locator("select[name=language]").select_option(chosen)
    page.locator("form:has(select[name=language]) .btn-act").click()
    expect(page.locator("html")).to_have_attribute("lang", chosen)
    context.close()
    return chosen


@pytest.fixture
def page(open_page: OpenPage, signed_in: Path) -> Page:
    """A page of the demo's owner."""
    return open_page(state=signed_in)


FITS = "document.documentElement.scrollWidth <= window.innerWidth"
STICKS_OUT = """[...document.querySelectorAll("body *")]
  .filter((element) => element.getBoundingClientRect().right > window.innerWidth)
  .map((element) => `${element.tagName}.${element.className} “${element.textContent.trim().slice(0, 30)}”`)
  .slice(0, 5)"""


def look(page: Page, name: str, language: str, axe: Callable[[Page], None]) -> None:
    """One page in both widths and lights, its top as far as two screens; axe judges each light in French."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for light in ("light", "dark"):
        page.emulate_media(color_scheme=light)
        for width, (across, down) in WIDTHS.items():
            page.set_viewport_size({"width": across, "height": 2 * down})
            try:
                page.wait_for_function(FITS)  # fonts and figures settle after a change of width
            except PlaywrightTimeout:
                pytest.fail(f"{name} at {across} px is too wide: {page.evaluate(STICKS_OUT)}")
            path = SCREENSHOTS / f"{name}-{language}-{width}-{light}.png"
            page.screenshot(path=path, animations="disabled")
        if language == "fr":
            axe(page)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole_in_every_light(
    name: str, language: str, page: Page, axe: Callable[[Page], None]
) -> None:
    answer = page.goto(PAGES[name])
    assert answer is not None
    assert answer.status == 200
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator("h1").count() == 1
    if page.locator(".chart-canvas").count():
        expect(page.locator(".chart-canvas canvas, .chart-canvas svg").first).to_be_visible()
    if language == "fr":
        stray = ENGLISH.findall(page.evaluate(SAID_BY_US))
        assert not stray, f"English words on the French page: {stray}"
    look(page, name, language, axe)


@pytest.mark.parametrize("name", OPENED)
def test_a_dialog_is_whole_in_every_light(
    name: str, language: str, page: Page, axe: Callable[[Page], None]
) -> None:
    page.goto(PAGES["mentions"])
    page.evaluate("name => document.querySelector(`[data-dialog=${name}]`).click()", OPENED[name])
    expect(page.locator(f"dialog#{OPENED[name]}")).to_be_visible()
    look(page, f"mentions-{name}", language, axe)


@pytest.fixture
def french(page: Page) -> Page:
    """The owner's page of mentions, in French whatever came before."""
    page.goto("/settings/")
    page.locator("select[name=language]").select_option("fr")
    page.locator("form:has(select[name=language]) .btn-act").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    page.goto(PAGES["mentions"])
    return page


def test_a_filter_narrows_the_list_and_can_be_kept(french: Page) -> None:
    french.set_default_timeout(45_000)
    french.locator("[data-dialog=filters]").click()
    french.get_by_label("Mots").fill("brunch")
    french.get_by_role("button", name="Afficher", exact=True).click()
    expect(french).to_have_url(re.compile("q=brunch"))
    for text in french.locator("[data-item]").all_inner_texts()[:5]:
        assert "brunch" in text.lower()
    french.locator("summary", has_text="Vues").click()
    french.get_by_role("button", name="Garder ce filtre").click()
    french.get_by_label("Nom", exact=True).fill("Le brunch")
    french.get_by_role("button", name="Enregistrer").click()
    expect(french.get_by_text("La vue « Le brunch » est enregistrée.")).to_be_visible()
    french.locator("summary", has_text="Vues").click()
    expect(french.get_by_role("link", name="Le brunch")).to_be_visible()


def test_what_is_ticked_is_marked_read_and_taken_back(french: Page) -> None:
    first = french.locator("[data-item]").first
    name = first.get_attribute("id")
    expect(first).to_have_class(re.compile("unread"))
    first.get_by_role("checkbox").check()
    french.locator("[data-bulk]").get_by_role("button", name="Marquer lu").click()
    expect(french.get_by_text("1 mention modifiée.")).to_be_visible()
    expect(french.locator(f"#{name}")).not_to_have_class(re.compile("unread"))
    french.get_by_role("button", name="Annuler").click()
    expect(french.get_by_text("1 mention est comme avant.")).to_be_visible()
    expect(french.locator(f"#{name}")).to_have_class(re.compile("unread"))


def test_a_tone_is_corrected(french: Page) -> None:
    french.goto(PAGES["mentions"] + "?tones=negative")
    first = french.locator("[data-item]").first
    name = first.get_attribute("id")
    first.locator("summary").click()
    first.get_by_role("button", name="C’est positif").click()
    french.goto(PAGES["mentions"] + "?tones=positive")
    corrected = french.locator(f"#{name}")
    expect(corrected.get_by_text("corrigé")).to_be_visible()
    expect(corrected.get_by_text("positif", exact=True).first).to_be_visible()


def test_the_mentions_leave_as_a_table(french: Page) -> None:
    french.locator("summary", has_text="Exporter").click()
    with french.expect_download() as download:
        french.get_by_role("link", name="CSV").click()
    lines = download.value.path().read_text("utf-8-sig").splitlines()
    assert lines[0].split(lines[0][4])[0] == "Date"
    assert "Tonalité" in lines[0]
    assert len(lines) > 20


def test_a_rule_is_tried_on_the_past(french: Page) -> None:
    french.goto(PAGES["rule"])
    french.get_by_label("Nom", exact=True).fill("Brunch")
    french.get_by_label("Requête").fill("brunch")
    french.get_by_role("button", name="Essayer sur le passé").click()
    expect(french.get_by_text("Dites ce que fait la règle.")).to_be_visible()
    french.get_by_label("Poser ces étiquettes").fill("brunch")
    french.get_by_role("button", name="Essayer sur le passé").click()
    expect(french.get_by_role("heading", name=re.compile("Elle aurait agi sur [1-9]"))).to_be_visible()
    expect(french.get_by_text("Rien n’a changé")).to_be_visible()


def test_a_query_that_cannot_be_read_says_so_while_it_is_typed(french: Page, screenshot: Screenshot) -> None:
    french.goto(PAGES["topic"])
    query = french.get_by_label("Requête")
    query.fill("café (baobab")
    expect(french.locator("#query-reading .field-error")).to_be_visible()
    screenshot(french, "topic-error-fr")
    query.fill("café baobab")
    expect(french.locator("#query-reading")).to_contain_text("baobab")
    expect(french.locator("#query-reading .field-error")).to_have_count(0)


def test_an_alert_asks_only_what_its_kind_needs(french: Page, screenshot: Screenshot) -> None:
    french.goto(PAGES["alert"])
    expect(french.get_by_label("Mentions, au moins")).to_be_hidden()
    expect(french.get_by_label("Quel jour")).to_be_hidden()
    french.get_by_label("un seuil franchi").check()
    french.get_by_label("au plus une fois par semaine").check()
    expect(french.get_by_label("Mentions, au moins")).to_be_visible()
    expect(french.get_by_label("Quel jour")).to_be_visible()
    expect(french.get_by_text("Seulement certaines")).to_be_visible()
    screenshot(french, "alert-threshold-fr")
    french.get_by_label("un bad buzz").check()
    expect(french.get_by_text("Seulement certaines")).to_be_hidden()
    french.get_by_label("un seuil franchi").check()
    french.get_by_role("button", name="Enregistrer").click()
    expect(french.get_by_text("Dites à partir de combien de mentions")).to_be_visible()
