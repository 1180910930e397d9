"""Signing in by OAuth: the server’s own pages in a real Chromium, then publishing with its grant."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.async_api import Request, async_playwright

from palabre.kit.http import Http
from palabre.kit.mailbox import Mailboxes
from palabre.networks.bluesky import connector as bluesky
from palabre.networks.contract import Authorisation, Grant, Session, SignIn
from palabre.networks.errors import AuthExpired, NotPermitted
from palabre.networks.outgoing import Outgoing, Part
from tests.journeys.conftest import FLAGS
from tests.live.bluesky.network import Account, Network
from tests.live.bluesky.test_publishing import LOOPBACK
from tests.needs import program

pytestmark = pytest.mark.live
BACK = "http://127.0.0.1:9/channels/back/bluesky/"
"""Nobody listens there: what the browser would ask for is enough."""
PATIENCE = 60_000
"""Milliseconds a page of the server may take on a loaded machine."""


@pytest.fixture
async def session() -> AsyncIterator[Session]:
    async with Http(allow=LOOPBACK) as http:
        yield Session(http=http, mailboxes=Mailboxes(allow=LOOPBACK), now=lambda: datetime.now(UTC))


async def say_yes(authorisation: Authorisation, account: Account, *, button: str) -> dict[str, str]:
    """What the server sends back once the person signed in on its page and pressed `button`."""
    came_back: list[str] = []

    def watch(request: Request) -> None:
        if request.url.startswith(BACK):
            came_back.append(request.url)

    async with async_playwright() as driver:
        browser = await driver.chromium.launch(
            executable_path=program("chromium", package="chromium"), args=FLAGS
        )
        page = await browser.new_page(locale="en-GB")
        page.set_default_timeout(PATIENCE)
        page.on("request", watch)
        await page.goto(authorisation.url)
        await page.locator("input[type=password]").fill(account.password)
        await page.keyboard.press("Enter")
        async with page.expect_request(lambda request: request.url.startswith(BACK)):
            await page.get_by_role("button", name=button, exact=True).click()
        await browser.close()
    return dict(parse_qsl(urlsplit(came_back[0]).query))


def oauth(network: Network, account: Account) -> SignIn:
    return SignIn(
        kind="oauth",
        fields={"identifier": account.handle, "server": network.pds},
        redirect_uri=BACK,
        state="un-mot-imprévisible",
    )


def signed(session: Session, grant: Grant, account: Account) -> Session:
    return replace(session, credentials=grant.credentials, account=account.did)


async def test_the_account_says_yes_publishes_is_renewed_and_signs_out(
    bluesky_network: Network, session: Session
) -> None:
    ana = bluesky_network.account("ana")
    sign_in = oauth(bluesky_network, ana)
    asked = await bluesky.authorise_url(session, sign_in)
    answer = await say_yes(asked, ana, button="Authorize")
    grant = await bluesky.exchange(session, sign_in, asked.pending, answer)
    assert "atproto" in grant.scopes and grant.expires_at and grant.expires_at > datetime.now(UTC)
    here = signed(session, grant, ana)
    (account,) = await bluesky.accounts(here)
    assert (account.remote_id, account.handle) == (ana.did, ana.handle)

    renewed = signed(session, await bluesky.refresh(here), ana)
    assert renewed.credentials["access"] != here.credentials["access"]
    content = Outgoing(key="oauth-0001", begun_at=session.now(), parts=(Part(text="Signé par OAuth"),))
    published = await bluesky.publish(renewed, content)
    record = ana.call(
        "com.atproto.repo.getRecord",
        repo=ana.did,
        collection="app.bsky.feed.post",
        rkey=published.remote_id.rpartition("/")[2],
    )
    assert record["value"]["text"] == "Signé par OAuth"

    await bluesky.revoke(renewed)
    with pytest.raises(AuthExpired):
        await bluesky.refresh(renewed)


async def test_who_says_no_is_told(bluesky_network: Network, session: Session) -> None:
    ben = bluesky_network.account("ben")
    sign_in = oauth(bluesky_network, ben)
    asked = await bluesky.authorise_url(session, sign_in)
    answer = await say_yes(asked, ben, button="Deny access")
    with pytest.raises(NotPermitted) as refused:
        await bluesky.exchange(session, sign_in, asked.pending, answer)
    assert refused.value.code == "sign_in_cancelled"
