"""Signing in and out with a code, a recovery code and a passkey; the password that was forgotten."""

import hashlib
import hmac
import os
import re
import struct
import time
from base64 import b32decode
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.live.mail import MailServer
from tests.served import Served

OpenPage = Callable[..., Page]
EMAIL, PASSWORD, NEXT = "ada@palabre.test", "a baobab in the yard", "two baobabs in the yard"


@pytest.fixture(scope="module")
def palabre(request: pytest.FixtureRequest) -> Iterator[Served]:
    """An installation opened by a name: browsers let no passkey belong to an address of figures."""
    served = Served()
    served.url = f"http://localhost:{served.port}"
    served.environment["PALABRE_URL"] = served.url
    if os.geteuid() == 0:
        mail = request.getfixturevalue("mail_server")
        served.environment |= {"PALABRE_EMAIL_URL": mail.url(), "SSL_CERT_FILE": str(mail.certificate)}
    try:
        served.start()
        yield served
    finally:
        served.close()


def code(secret: str, at: float) -> str:
    """The six digits of an authenticator app (RFC 6238)."""
    digest = hmac.new(b32decode(secret), struct.pack(">Q", int(at // 30)), hashlib.sha1).digest()
    place = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[place : place + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def young_code(secret: str, used: str = "") -> str:
    """A code with time left to arrive, and never the one that was taken already."""
    while (now := time.time()) % 30 > 12 or code(secret, now) == used:
        time.sleep(0.5)
    return code(secret, now)


def sign_out(page: Page) -> None:
    page.goto("/settings/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/accounts/login/**")


def sign_in(page: Page, password: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email address").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def confirm(page: Page) -> None:
    """Where the page asks who one is before what guards an account changes."""
    if "/reauthenticate/" in page.url:
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Confirm").click()


def test_codes_passkeys_and_a_forgotten_password(
    open_page: OpenPage, palabre: Served, mail_server: MailServer, screenshot: Callable, axe: Callable
) -> None:
    page = open_page(locale="en")
    page.goto("/")
    page.get_by_label("Your name").fill("Ada")
    page.get_by_label("Your email address").fill(EMAIL)
    page.get_by_label("Choose a password").fill(PASSWORD)
    page.get_by_label("Your organisation").fill("Studio Ada")
    page.get_by_role("button", name="Create my account").click()
    page.wait_for_url("**/brands/new/")

    # A second step: the wrong code is refused, the right one gives recovery codes.
    page.goto("/accounts/2fa/totp/activate/")
    confirm(page)
    axe(page)
    screenshot(page, "two-steps-en")
    secret = page.get_by_label("Secret").input_value()
    first = code(secret, time.time())
    page.get_by_label("Code", exact=True).fill("000000" if first != "000000" else "000001")
    page.get_by_role("button", name="Turn on").click()
    expect(page.get_by_text("Incorrect code")).to_be_visible()
    first = young_code(secret)
    page.get_by_label("Code", exact=True).fill(first)
    page.get_by_role("button", name="Turn on").click()
    page.wait_for_url("**/recovery-codes/")
    axe(page)
    recovery = re.findall(r"\b\d{8}\b", page.get_by_role("main").inner_text())
    assert len(recovery) == 10

    # Signed in by a recovery code, which works once, then by the app.
    for given, welcome in ((recovery[0], True), (recovery[0], False), (None, True)):
        if "/2fa/authenticate/" not in page.url:  # there still: the code before was refused
            sign_out(page)
            sign_in(page, PASSWORD)
            page.wait_for_url("**/2fa/authenticate/")
        page.get_by_label("Code").fill(given or young_code(secret, first))
        page.get_by_role("button", name="Sign in", exact=True).click()
        if welcome:
            page.wait_for_url(lambda url: "/accounts/" not in url)
        else:
            expect(page.get_by_text("Incorrect code")).to_be_visible()
            axe(page)
            screenshot(page, "second-step-wrong-en")

    a_passkey_alone(page, axe, screenshot)
    a_forgotten_password(page, mail_server)


def a_passkey_alone(page: Page, axe: Callable, screenshot: Callable) -> None:
    """Added with the device's own check, then enough to come in."""
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    kind = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    device.send("WebAuthn.addVirtualAuthenticator", {"options": kind})
    page.goto("/accounts/2fa/webauthn/add/")
    confirm(page)
    page.get_by_label("Name").fill("Laptop")
    page.get_by_label("Sign in with it alone").check()
    axe(page)
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_text("Passkey added.")).to_be_visible()
    page.get_by_role("link", name="Manage").click()
    expect(page.get_by_text("Laptop").first).to_be_visible()
    axe(page)
    screenshot(page, "passkeys-en")
    sign_out(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(lambda url: "/accounts/" not in url)


def a_forgotten_password(page: Page, mail_server: MailServer) -> None:
    """A link comes by mail; the new password opens the second step, the old one nothing."""
    sign_out(page)
    page.get_by_role("link", name="Forgotten?").click()
    page.get_by_label("Email address").fill(EMAIL)
    page.get_by_role("button", name="Send the link").click()
    page.goto(link_in(mail_server))
    for field in page.locator("input[type=password]").all():
        field.fill(NEXT)
    page.get_by_role("button", name="Keep this password").click()
    page.wait_for_url("**/key/done/")
    sign_in(page, PASSWORD)
    expect(page.get_by_text("not correct")).to_be_visible()
    sign_in(page, NEXT)
    page.wait_for_url("**/2fa/authenticate/")


def link_in(mail_server: MailServer) -> str:
    """The link of the letter; others told of the second step before it."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for letter in mail_server.inbox(EMAIL):
            body = letter.get_body(preferencelist=("plain",))
            if body and (found := re.search(r"http://localhost:\S+/reset/key/\S+", str(body.get_content()))):
                return found[0]
        time.sleep(0.2)
    raise TimeoutError("no letter with a link came")
