"""The first thing anybody sees of a new Palabre."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page


@pytest.mark.parametrize("locale", ["fr", "en"])
@pytest.mark.parametrize("width", ["desk", "phone"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_first_page_is_whole_and_accessible(
    open_page: Callable[..., Page],
    screenshot: Callable[[Page, str], Path],
    axe: Callable[[Page], None],
    locale: str,
    width: str,
    dark: bool,
) -> None:
    page = open_page(locale=locale, width=width, dark=dark)
    page.goto("/")
    assert page.locator("html").get_attribute("lang") == locale
    assert page.locator("h1").is_visible()
    screenshot(page, f"first-{locale}-{width}-{'dark' if dark else 'light'}")
    axe(page)
