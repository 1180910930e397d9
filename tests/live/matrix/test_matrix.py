"""Publishing, hearing, answering and moderating in rooms, played on a real homeserver."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import ip_network
from typing import Any
from urllib.parse import quote

import pytest

from palabre.kit.http import Http
from palabre.networks.contract import Act, Address, Session, SignIn
from palabre.networks.errors import AuthExpired, NotPermitted, Rejected
from palabre.networks.matrix import connector as matrix
from palabre.networks.matrix.places import place_of
from palabre.networks.outgoing import Media, Part, Target
from palabre.networks.rules import MediaKind
from tests.contract.hearing import HearsContract, visit
from tests.contract.moderating import ModeratesContract
from tests.contract.publishing import PublishesContract
from tests.contract.stage import PIXEL, Stage, Standing, drive
from tests.live.matrix.synapse import Homeserver, Room

pytestmark = pytest.mark.live
LOOPBACK = (ip_network("127.0.0.0/8"),)


@pytest.fixture
async def http() -> AsyncIterator[Http]:
    async with Http(allow=LOOPBACK) as client:
        yield client


@pytest.fixture
def connector() -> Any:
    return matrix


@pytest.fixture(scope="module")
def opened(matrix_homeserver: Homeserver) -> Room:
    """One room for all scenes: each asks for what it said there itself."""
    owner, host, guest = (matrix_homeserver.person(name) for name in ("Ana", "Cafe", "Zoe"))
    return Room.of(owner, host, guest)


@pytest.fixture
def room(opened: Room) -> Iterator[Room]:
    yield opened
    if not opened.moderated():
        opened.let_moderate(True)


@pytest.fixture
def stage(room: Room, http: Http) -> Stage:
    async def standing() -> list[Standing]:
        return room.standing()

    async def said(text: str) -> Target:
        return await room.speak(text)

    async def acted(act: Act, target: Target) -> bool:
        return _acted(room, act, place_of(target.remote_id)[1])

    async def powerless(session: Session) -> Session:
        room.let_moderate(False)
        return session

    fields = {
        "server": room.host.server,
        "name": room.host.name,
        "password": room.host.password,
        "room": room.alias,
    }
    return Stage(
        name="live",
        key="matrix",
        sign_in=SignIn(kind="password", fields=fields),
        http=lambda: http,
        standing=standing,
        writes=lambda method, url: method == "PUT" and "/send/m.room.message/" in url,
        said_by_other=said,
        speak=room.speak,
        unsay=room.unsay,
        acted=acted,
        powerless=powerless,
        ear="rooms",
        own_ear="rooms",
        many=60,
        now=lambda: datetime.now(UTC),
        impossible={
            "refresh": "a token is not renewed",
            "media": "a room has no place for an alt text",
            "failures": "this server does not fail when asked to; the one in memory plays them",
        },
    )


def _acted(room: Room, act: Act, event: str) -> bool:
    member = f"/rooms/{quote(room.id)}/state/m.room.member/{quote(room.guest.user)}"
    match act:
        case Act.DELETE:
            path = f"/rooms/{quote(room.id)}/event/{quote(event, safe='')}"
            return not room.guest.done("GET", path)["content"]
        case Act.LIKE:
            path = f"/rooms/{quote(room.id)}/relations/{quote(event, safe='')}/m.annotation"
            return bool(room.guest.done("GET", f"/../v1{path}")["chunk"])
        case Act.KICK:
            return bool(room.host.done("GET", member)["membership"] == "leave")
    return bool(room.host.done("GET", member)["membership"] == "ban")


@pytest.fixture
async def session(stage: Stage) -> Session:
    return await stage.signed(matrix)


class TestPublishesLive(PublishesContract):
    """Every scene of the contract."""


class TestHearsLive(HearsContract):
    """Every scene of the contract."""


class TestModeratesLive(ModeratesContract):
    """Every scene of the contract."""


async def test_a_file_goes_out_with_its_words_below(stage: Stage, session: Session, room: Room) -> None:
    image = Media.of(PIXEL, kind=MediaKind.IMAGE, mime="image/png", name="point.png")
    image = replace(image, width=1, height=1)
    outgoing = replace(stage.content(), parts=(Part(text="Le point du jour", media=(image,)),))
    await drive(matrix, session, outgoing)
    (said,) = [one["content"] for one in room.events() if one["content"].get("msgtype") == "m.image"]
    assert (said["body"], said["filename"], said["info"]["w"]) == ("Le point du jour", "point.png", 1)
    where = said["url"].removeprefix("mxc://")
    found = room.guest.call("GET", f"/../v1/media/download/{where}")
    assert found.content == PIXEL


async def test_what_is_said_in_private_is_a_message_with_whom_we_talk(room: Room, session: Session) -> None:
    alone = Room.between(room.host, room.guest)
    target = await alone.speak("Entre nous")
    alone.put(room.host, "m.room.message", {"msgtype": "m.text", "body": "Oui, dites"})
    heard, _ = await visit(matrix, session, "rooms")
    by_text = {said.item.text: said for said in heard}
    theirs, ours = by_text["Entre nous"], by_text["Oui, dites"]
    assert theirs.item.remote_id == target.remote_id and theirs.address is Address.MESSAGE
    assert theirs.item.author is not None and theirs.item.author.name == "Zoe"
    assert ours.address is Address.OURS and ours.counterpart == theirs.item.author
    assert theirs.above[0].title == "Zoe"


async def test_words_that_were_changed_or_taken_away_are_heard_so(room: Room, session: Session) -> None:
    target = await room.speak("Fermé le lundi ?")
    _, cursor = await visit(matrix, session, "rooms")
    event = place_of(target.remote_id)[1]
    words = {"msgtype": "m.text", "body": "Ouvert le lundi ?"}
    change = {**words, "m.new_content": words, "m.relates_to": {"rel_type": "m.replace", "event_id": event}}
    room.put(room.guest, "m.room.message", change)
    heard, cursor = await visit(matrix, session, "rooms", cursor)
    assert [(said.item.remote_id, said.item.text) for said in heard] == [
        (target.remote_id, "Ouvert le lundi ?")
    ]
    room.put(room.host, "m.room.message", change)  # nobody changes the words of somebody else
    assert (await visit(matrix, session, "rooms", cursor))[0] == []
    await room.unsay(target)
    heard, _ = await visit(matrix, session, "rooms", cursor)
    assert [said.item.remote_id for said in heard if said.item.deleted] == [target.remote_id]


async def test_naming_the_account_or_answering_it_is_told_apart(room: Room, session: Session) -> None:
    ours = room.put(room.host, "m.room.message", {"msgtype": "m.text", "body": "Bonjour à tous"})
    await room.speak(f"Merci {room.host.user}")
    await room.speak("Bonjour !", f"{room.id}/{ours}")
    heard, _ = await visit(matrix, session, "rooms")
    why = {said.item.text: said.address for said in heard}
    assert why[f"Merci {room.host.user}"] is Address.MENTION and why["Bonjour !"] is Address.REPLY


async def test_an_answer_stays_in_its_thread(room: Room, stage: Stage, session: Session) -> None:
    root = await room.speak("Le fil du jour")
    below = {"rel_type": "m.thread", "event_id": place_of(root.remote_id)[1], "is_falling_back": True}
    said = room.put(
        room.guest, "m.room.message", {"msgtype": "m.text", "body": "Et ici ?", "m.relates_to": below}
    )
    target = Target(remote_id=f"{room.id}/{said}")
    published = await drive(matrix, session, stage.content("Ici aussi", reply_to=target))
    made = next(one for one in room.events() if f"{room.id}/{one['event_id']}" == published.remote_id)
    assert made["content"]["m.relates_to"]["event_id"] == below["event_id"]


async def test_who_was_put_out_of_the_room_is_told(
    matrix_homeserver: Homeserver, opened: Room, stage: Stage
) -> None:
    other = Room.of(opened.owner, matrix_homeserver.person("Cafe"), opened.guest)
    fields = {**stage.sign_in.fields, "name": other.host.name, "room": other.alias}
    session = await replace(stage, sign_in=replace(stage.sign_in, fields=fields)).signed(matrix)
    other.host.done("POST", f"/rooms/{quote(other.id)}/leave", json={})
    with pytest.raises(NotPermitted) as told:
        await matrix.publish(session, stage.content())
    assert told.value.message("fr")


async def test_a_room_or_a_server_that_is_none_is_said(stage: Stage, session: Session) -> None:
    for field, value, code in (
        ("room", "comptoir", "room_unknown"),
        ("room", "#ailleurs:tilleuls.test", "room_unknown"),
        ("server", "http://matrix.tilleuls.com", "unsafe_address"),
    ):
        sign_in = replace(stage.sign_in, fields={**stage.sign_in.fields, field: value})
        with pytest.raises(Rejected) as refused:
            await matrix.exchange(stage.stranger(), sign_in, {}, {})
        assert refused.value.code == code


async def test_a_token_that_was_given_back_asks_for_a_new_sign_in(stage: Stage, session: Session) -> None:
    await matrix.revoke(session)
    await matrix.revoke(session)
    with pytest.raises(AuthExpired):
        await matrix.publish(session, stage.content())
