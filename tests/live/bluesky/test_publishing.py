"""The contract of publishing, played on a real Bluesky network; what stands is asked by plain XRPC."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import ip_network
from typing import Any

import pytest

from palabre.kit.http import Http
from palabre.networks.bluesky import connector as bluesky
from palabre.networks.contract import SignIn
from palabre.networks.errors import AuthExpired, Rejected
from palabre.networks.outgoing import Card, Media, Outgoing, Part, Published, Target
from palabre.networks.rules import MediaKind
from tests.contract.publishing import PublishesContract
from tests.contract.stage import PIXEL, Stage, Standing, drive
from tests.live.bluesky.network import Account, Network

pytestmark = pytest.mark.live

LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))


@pytest.fixture(scope="module")
def ana(bluesky_network: Network) -> Account:
    return bluesky_network.account("ana")


@pytest.fixture(scope="module")
def ben(bluesky_network: Network) -> Account:
    return bluesky_network.account("ben")


@pytest.fixture(scope="module")
def password(ana: Account) -> str:
    return ana.app_password()


@pytest.fixture
async def http() -> AsyncIterator[Http]:
    async with Http(allow=LOOPBACK) as client:
        yield client


@pytest.fixture
def connector() -> Any:
    return bluesky


@pytest.fixture
def stage(bluesky_network: Network, ana: Account, ben: Account, password: str, http: Http) -> Stage:
    async def standing() -> list[Standing]:
        found, cursor = [], ""
        while True:
            asked = {"repo": ana.did, "collection": "app.bsky.feed.post", "limit": 100, "reverse": True}
            page = ana.call("com.atproto.repo.listRecords", **asked, **({"cursor": cursor} if cursor else {}))
            found += [_standing(record) for record in page["records"]]
            cursor = page.get("cursor", "")
            if not cursor:
                return found

    async def said(text: str) -> Target:
        uri = ben.post(text)
        bluesky_network.wait_for(uri)
        return Target(remote_id=uri)

    async def settle(published: Published) -> None:
        bluesky_network.wait_for(published.remote_id)

    return Stage(
        name="live",
        key="bluesky",
        sign_in=SignIn(
            kind="app_password",
            fields={"identifier": ana.handle, "app_password": password, "server": bluesky_network.pds},
        ),
        http=lambda: http,
        standing=standing,
        writes=lambda method, url: url.endswith("com.atproto.repo.putRecord"),
        said_by_other=said,
        known=ben.handle,
        settle=settle,
        now=lambda: datetime.now(UTC),
    )


def _standing(record: dict[str, Any]) -> Standing:
    value = record["value"]
    return Standing(
        id=record["uri"],
        text=value["text"],
        above=value.get("reply", {}).get("parent", {}).get("uri", ""),
        alts=tuple(image["alt"] for image in value.get("embed", {}).get("images", ())),
    )


class TestPublishesLive(PublishesContract):
    """Every scene of the contract."""


def _with(stage: Stage, part: Part) -> Outgoing:
    return replace(stage.content(), parts=(part,), language="fr")


async def test_the_view_understands_links_people_and_hashtags(
    bluesky_network: Network, stage: Stage, ana: Account, ben: Account
) -> None:
    session = await stage.signed(bluesky)
    text = f"☕ Merci @{ben.handle}, lire tilleuls.com/é ou https://tilleuls.com #café @personne.test"
    published = await drive(bluesky, session, _with(stage, Part(text=text)))
    bluesky_network.wait_for(published.remote_id)
    post = ben.call("app.bsky.feed.getPosts", uris=published.remote_id)["posts"][0]
    raw = post["record"]["text"].encode()
    said = {
        raw[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode(): facet["features"][0]
        for facet in post["record"]["facets"]
    }
    assert set(said) == {f"@{ben.handle}", "tilleuls.com/é", "https://tilleuls.com", "#café"}
    assert said[f"@{ben.handle}"]["did"] == ben.did and said["#café"]["tag"] == "café"
    assert said["tilleuls.com/é"]["uri"] == "https://tilleuls.com/é"
    assert post["record"]["langs"] == ["fr"]
    told = ben.call("app.bsky.notification.listNotifications")["notifications"]
    assert published.remote_id in {notice["uri"] for notice in told if notice["reason"] == "mention"}


async def test_a_card_and_its_image_are_shown(bluesky_network: Network, stage: Stage, ana: Account) -> None:
    session = await stage.signed(bluesky)
    image = Media.of(PIXEL, kind=MediaKind.IMAGE, mime="image/png")
    card = Card(url="https://tilleuls.com/menu", title="Le menu", description="Du jour", image=image)
    published = await drive(bluesky, session, _with(stage, Part(text="À table", card=card)))
    bluesky_network.wait_for(published.remote_id)
    shown = ana.call("app.bsky.feed.getPosts", uris=published.remote_id)["posts"][0]["embed"]["external"]
    assert (shown["uri"], shown["title"]) == ("https://tilleuls.com/menu", "Le menu") and shown["thumb"]


async def test_what_the_server_refuses_is_said_at_its_field(stage: Stage) -> None:
    session = await stage.signed(bluesky)
    assert session.rules is not None
    loose = replace(session, rules=replace(session.rules, text_max=None, text_max_bytes=None))
    with pytest.raises(Rejected) as refused:
        await bluesky.publish(loose, stage.content("é" * 301))
    (problem,) = refused.value.problems
    assert problem.field == "text" and "300" in problem.message("fr")


async def test_the_same_key_sent_at_once_by_two_workers_is_one_post(stage: Stage, ana: Account) -> None:
    import asyncio

    session = await stage.signed(bluesky)
    outgoing = stage.content("Deux à la fois")
    both = await asyncio.gather(*(bluesky.publish(session, outgoing) for _ in range(4)))
    assert len({published.remote_id for published in both}) == 1
    assert [post.text for post in await stage.standing()].count("Deux à la fois") == 1


async def test_a_revoked_session_asks_for_a_new_sign_in(stage: Stage) -> None:
    session = await stage.signed(bluesky)
    await bluesky.revoke(session)
    dead = replace(session, credentials={**session.credentials, "app_password": "aaaa-bbbb-cccc-dddd"})
    with pytest.raises(AuthExpired):
        await bluesky.refresh(dead)


async def test_the_server_takes_our_authorisation_request(
    bluesky_network: Network, stage: Stage, ana: Account
) -> None:
    sign_in = SignIn(
        kind="oauth",
        fields={"identifier": ana.handle, "server": bluesky_network.pds},
        redirect_uri="http://127.0.0.1:8000/channels/back",
        state="un-mot-imprévisible",
    )
    page = await bluesky.authorise_url(stage.stranger(), sign_in)
    assert page.url.startswith(f"{bluesky_network.pds}/oauth/authorize?") and "request_uri" in page.url
    assert page.pending["did"] == ana.did
    with pytest.raises((Rejected, AuthExpired)):
        answer = {"code": "faux", "state": "un-mot-imprévisible", "iss": page.pending["issuer"]}
        await bluesky.exchange(stage.stranger(), sign_in, page.pending, answer)


async def test_the_independent_client_reads_what_was_published(
    bluesky_network: Network, stage: Stage, ana: Account
) -> None:
    from atproto import Client

    session = await stage.signed(bluesky)
    published = await drive(bluesky, session, stage.content("Fil lu : un", "Fil lu : deux"))
    bluesky_network.wait_for(published.sent[-1].remote_id)
    client = Client(base_url=bluesky_network.pds)
    client.login(ana.handle, ana.password)
    thread: Any = client.get_post_thread(published.remote_id).thread
    assert thread.post.record.text == "Fil lu : un"
    assert [reply.post.record.text for reply in thread.replies] == ["Fil lu : deux"]
