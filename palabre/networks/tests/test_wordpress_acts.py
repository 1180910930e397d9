"""Acts on the comments of a site, beyond the contract."""

from dataclasses import replace
from typing import Any

import pytest

from palabre.networks.contract import Act, Order, Session
from palabre.networks.errors import Gone, NotPermitted, Rejected
from palabre.networks.outgoing import Target
from palabre.networks.wordpress import connector as wordpress
from tests.contract.scene import RecordedHttp
from tests.contract.stages import wordpress as stages
from tests.contract.wordpress_server import WordPressServer


@pytest.fixture
def server() -> WordPressServer:
    return WordPressServer()


@pytest.fixture
async def session(server: WordPressServer) -> Session:
    stage = replace(stages.application_password(), http=lambda: RecordedHttp(server.answer))
    return await stage.signed(wordpress)


def order(act: Act, comment: str, **more: Any) -> Order:
    return Order(act=act, target=Target(remote_id=comment), key="order-1", **more)


async def test_a_site_without_a_bin_deletes_nothing_for_good(
    server: WordPressServer, session: Session
) -> None:
    comment = server.talk.speak("Un", "")
    server.bin = False
    with pytest.raises(Rejected) as told:
        await wordpress.moderate(session, order(Act.DELETE, comment))
    assert told.value.code == "no_bin" and told.value.message("fr")
    assert [one.text for one in server.standing() if one.id == comment] == ["Un"]


async def test_what_is_in_the_bin_is_gone_for_all_but_the_bin(
    server: WordPressServer, session: Session
) -> None:
    comment = server.talk.speak("Un", "")
    await wordpress.moderate(session, order(Act.DELETE, comment))
    for act in (Act.APPROVE, Act.HOLD, Act.SPAM, Act.REWRITE):
        with pytest.raises(Gone):
            await wordpress.moderate(session, order(act, comment, text="Rien"))
    await wordpress.moderate(session, order(Act.RESTORE, comment))
    await wordpress.moderate(session, order(Act.HOLD, comment))


@pytest.mark.parametrize(
    "place", ["{site}/?p=1", "{site}/?p=999#comment-2", "https://ailleurs.example/?p=1#comment-2"]
)
async def test_an_order_for_another_place_touches_nothing(
    server: WordPressServer, session: Session, place: str
) -> None:
    server.talk.speak("Un", "")
    target = place.replace("{site}", session.credentials["server"])
    with pytest.raises(Gone):
        await wordpress.moderate(session, order(Act.SPAM, target))
    assert {one["status"] for one in server.talk.comments.values()} == {"approved"}


async def test_who_may_not_moderate_is_told_which_right_is_missing(
    server: WordPressServer, session: Session
) -> None:
    comment = server.talk.speak("Un", "")
    server.moderates = False
    for act in (Act.HOLD, Act.REWRITE):
        with pytest.raises(NotPermitted) as told:
            await wordpress.moderate(session, order(act, comment, text="Rien"))
        assert told.value.code == "moderation_missing"
        assert "droit" in told.value.message("fr") and "right" in told.value.message("en")
