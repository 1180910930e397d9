"""What a journey rides on: a running Palabre, a real Chromium, and eyes for what a page must not do.

A page may speak to its own server only, and may not complain on the console (a refused script or style
of the content security policy does): each page is watched, and its test fails at the end otherwise.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, Request, sync_playwright

from tests import needs
from tests.served import ROOT, Served

SCREENSHOTS = ROOT / "build" / "screenshots"
FLAGS = [
    "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-default-apps", "--no-first-run",
    "--disable-domain-reliability", "--disable-client-side-phishing-detection", "--metrics-recording-only",
    "--no-pings", "--proxy-server=direct://",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    "--disable-features=OptimizationHints,MediaRouter,Translate,AutofillServerCommunication,"
    "CertificateTransparencyComponentUpdater,NetworkTimeServiceQuerying",
]  # fmt: skip
"""A Chromium that speaks to nobody but the pages under test."""

WIDTHS = {"desk": (1440, 900), "phone": (390, 844)}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here is a journey."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("journey")


@pytest.fixture(scope="package")
def palabre(request: pytest.FixtureRequest) -> Iterator[Served]:
    """A running Palabre with an empty database; its mail goes to the test's own server where there is one."""
    environment = {}
    if os.geteuid() == 0:
        mail = request.getfixturevalue("mail_server")
        environment = {"PALABRE_EMAIL_URL": mail.url(), "SSL_CERT_FILE": str(mail.certificate)}
    served = Served(environment=environment)
    try:
        served.start()
        yield served
    finally:
        served.close()


@pytest.fixture(scope="package")
def playwright_driver() -> Iterator[Playwright]:
    """Playwright, for this package alone: while it lives no other event loop can run in this thread."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="package")
def browser(playwright_driver: Playwright) -> Iterator[Browser]:
    """Debian's Chromium."""
    path = needs.program("chromium", package="chromium")
    chromium = playwright_driver.chromium.launch(executable_path=path, headless=True, args=FLAGS)
    yield chromium
    chromium.close()


@dataclass
class Watch:
    """What the pages of a test did that they must not; a test that provokes it clears the list."""

    origin: str
    faults: list[str] = field(default_factory=list)

    def over(self, page: Page) -> None:
        """Watch a page."""
        page.on("request", self._request)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("data", "blob", "about"):
            return
        if f"{parts.scheme}://{parts.netloc}" != self.origin:
            self.faults.append(f"request to another host: {request.url}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.faults.append(f"console: {message.text} ({message.location.get('url')})")


@pytest.fixture
def watch(palabre: Served) -> Watch:
    """The list of what went wrong so far in this test's pages."""
    return Watch(palabre.url)


type_of_open = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, palabre: Served, watch: Watch) -> Iterator[type_of_open]:
    """Open a page of a new visitor: `open_page(locale="fr", width="desk", dark=False, state=None)`.

    `state` is a path written by `page.context.storage_state(path=…)`: a visitor who is signed in.
    """
    contexts = []

    def open_one(
        *, locale: str = "fr", width: str = "desk", dark: bool = False, state: Path | None = None
    ) -> Page:
        across, down = WIDTHS[width]
        context = browser.new_context(
            base_url=palabre.url,
            locale={"fr": "fr-FR", "en": "en-GB"}[locale],
            timezone_id="Europe/Paris",
            viewport={"width": across, "height": down},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            storage_state=state,
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        watch.over(page)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not watch.faults, "\n".join(watch.faults)


@pytest.fixture
def page(open_page: type_of_open) -> Page:
    """The page of a new French visitor at a desk, by day."""
    return open_page()


@pytest.fixture
def screenshot() -> Callable[[Page, str], Path]:
    """Keep a picture of the whole page: `screenshot(page, "mentions-fr-phone")`."""

    def keep(page: Page, name: str) -> Path:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        path = SCREENSHOTS / f"{name}.png"
        page.screenshot(path=path, full_page=True, animations="disabled")
        return path

    return keep


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """Fail on any accessibility violation axe finds on the page."""

    def check(page: Page) -> None:
        results = Axe().run(page)
        assert results.violations_count == 0, results.generate_report()

    return check
