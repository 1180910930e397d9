"""What is said to an account of a Mastodon server, and what it answers, beyond the contract."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest

from palabre.networks.contract import Address, Cursor, Said, Session
from palabre.networks.errors import NotPermitted, OutcomeUnknown
from palabre.networks.mastodon import connector as mastodon
from palabre.networks.mastodon.answering import addressed, as_visible, in_front
from palabre.networks.outgoing import Part, Target, Visibility
from palabre.networks.tests.test_publishing import _operation, served
from tests.contract.hearing import visit
from tests.contract.mastodon_publishing import MastodonHome
from tests.contract.mastodon_talk import NAME
from tests.contract.moderating import order_of, pairs
from tests.contract.scene import NOW, RecordedHttp, Reply, Request
from tests.contract.stage import Fault, Stage, drive
from tests.contract.stages import mastodon as stages
from tests.shared import SHARED, needs_shared


class Here:
    """An account signed in at a recorded server."""

    def __init__(self, *, family: bool = False, answers: Any = None) -> None:
        self.home = MastodonHome(family=family)
        self.http = RecordedHttp(answers or self.home.answer)
        self.stage: Stage = replace(stages.STAGES[int(family)](), http=lambda: self.http)
        self.stage.sign_in = replace(
            self.stage.sign_in, kind="token", fields={"server": self.home.base, "token": self.home.token}
        )

    async def session(self) -> Session:
        return await self.stage.signed(mastodon)

    async def heard(
        self, session: Session, ear: str = "notifications", cursor: Any = None
    ) -> dict[str, Said]:
        return (await self.visited(session, ear, cursor))[0]

    async def visited(
        self, session: Session, ear: str = "notifications", cursor: Any = None
    ) -> tuple[dict[str, Said], Cursor]:
        found, after = await visit(mastodon, session, ear, cursor)
        return {said.item.remote_id: said for said in found}, after

    def last(self) -> dict[str, Any]:
        return self.home.statuses[-1]


# What is said.


async def test_a_private_message_is_heard_twice_as_one_and_answered_in_private() -> None:
    here = Here()
    session = await here.session()
    address = here.home.talk.speak("Entre nous", "", direct=True)
    for ear in ("notifications", "conversations"):
        said = (await here.heard(session, ear))[address]
        assert said.address is Address.MESSAGE and said.item.thread_id == address
    await drive(mastodon, session, here.stage.content("Bien sûr", reply_to=Target(remote_id=address)))
    assert here.last()["visibility"] == "direct"
    assert here.home.sources[here.last()["id"]] == "@zoe Bien sûr"
    later = here.home.talk.speak("Merci", here.last()["uri"])
    said = (await here.heard(session, "conversations"))[later]
    assert [one.remote_id for one in said.above] == [address, said.item.reply_to]
    own = (await here.heard(session, "own"))[said.item.reply_to or ""]
    assert own.address is Address.OURS and own.counterpart is not None and own.counterpart.handle


async def test_a_private_message_that_begins_with_us_has_its_counterpart() -> None:
    here = Here()
    session = await here.session()
    status = here.home.status(3000, "<p>@zoe Bonjour</p>", name=NAME, visibility="direct")
    here.home.statuses.append({**status, "mentions": [here.home.talk.mention("zoe")]})
    own = (await here.heard(session, "own"))[status["uri"]]
    assert own.counterpart is not None and own.counterpart.remote_id == f"{here.home.base}/@zoe"


async def test_only_what_is_said_to_the_account_is_heard() -> None:
    here = Here(family=True)
    session = await here.session()
    talk, home = here.home.talk, here.home
    talk.speak("Bonjour", "")
    aside = home.status(2900, "<p>Il pleut</p>", name="zoe")
    named = home.status(2901, "<p>Avec @tilleuls</p>", name="zoe", mentions=[talk.mention(NAME)])
    for status in (aside, named):
        home.statuses.append(status)
        talk.notice(status, "status")
    talk.notices.append({"id": "f", "type": "follow", "account": home.account("zoe"), "created_at": "x"})
    talk.notices.append({"id": "g", "type": "pleroma:chat_mention", "chat_message": {"id": "1"}})
    heard = await here.heard(session)
    assert named["uri"] in heard and aside["uri"] not in heard and len(heard) == 2


@pytest.mark.parametrize("shape", ["mastodon", "akkoma", "pleroma"])
async def test_a_quote_of_ours_is_known_in_every_family(shape: str) -> None:
    here = Here()
    session = await here.session()
    ours = await drive(mastodon, session, here.stage.content("La carte d’été"))
    status = here.last()
    quoting = {
        "mastodon": {"quote": {"state": "accepted", "quoted_status": status}},
        "akkoma": {"quote": status, "quote_id": status["id"]},
        "pleroma": {"pleroma": {"quote": status, "quote_visible": True}},
    }[shape]
    quote = here.home.status(2950, "<p>À lire</p>", name="zoe", **quoting)
    here.home.statuses.append(quote)
    here.home.talk.notice(quote, "quote" if shape == "mastodon" else "mention")
    said = (await here.heard(session))[quote["uri"]]
    assert said.address is Address.QUOTE and said.item.thread_id == quote["uri"]
    assert [one.remote_id for one in said.above] == [ours.remote_id]


async def test_a_reply_below_ours_is_a_comment_and_one_below_our_reply_a_reply() -> None:
    here = Here()
    session = await here.session()
    post = await drive(mastodon, session, here.stage.content("Ouvert demain"))
    comment = here.home.talk.speak("Quand ?", post.remote_id)
    theirs = here.home.talk.speak("Je cherche un café", "")
    answer = await drive(mastodon, session, here.stage.content("Ici", reply_to=Target(remote_id=theirs)))
    below = here.home.talk.speak("J’arrive", answer.remote_id)
    heard = await here.heard(session)
    assert (heard[comment].address, heard[below].address) == (Address.COMMENT, Address.REPLY)
    assert [one.remote_id for one in heard[below].above] == [theirs, answer.remote_id]
    assert heard[below].item.thread_id == theirs


# What changes, and how far one looks.


async def test_an_edit_and_a_deletion_are_noticed_at_the_next_visit() -> None:
    here = Here()
    session = await here.session()
    talk = here.home.talk
    edited, gone, kept = (talk.speak(text, "") for text in ("Un", "Deux", "Trois"))
    heard, cursor = await here.visited(session)
    talk.rewrite(edited, "Un et demi")
    talk.unsay(gone)
    heard, cursor = await here.visited(session, cursor=cursor)
    assert heard[edited].item.text == "Un et demi" and heard[gone].item.deleted and kept not in heard
    assert heard[gone].item.text == ""
    assert await here.heard(session, cursor=cursor) == {}


async def test_a_server_that_gives_one_status_a_call_is_asked_once_an_hour() -> None:
    here = Here(family=True)
    session = await here.session()
    gone = here.home.talk.speak("Un", "")
    _, cursor = await here.visited(session)
    _, cursor = await here.visited(session, cursor=cursor)
    here.home.talk.unsay(gone)
    here.http.asked.clear()
    heard, cursor = await here.visited(session, cursor=cursor)
    assert heard == {} and len(here.http.asked) == 1
    later = replace(session, now=lambda: NOW + timedelta(hours=2))
    assert (await here.heard(later, cursor=cursor))[gone].item.deleted


async def test_what_a_server_will_not_say_is_not_taken_for_gone() -> None:
    here = Here()
    session = await here.session()
    here.home.talk.speak("Un", "")
    _, cursor = await here.visited(session)

    def shy(request: Request) -> Reply:
        """Gives none of them in a list, and all of them alone."""
        listed = request.path == "/api/v1/statuses" and request.method == "GET"
        return Reply(body=[]) if listed else here.home.answer(request)

    assert await here.heard(replace(session, http=RecordedHttp(shy)), cursor=cursor) == {}


async def test_much_that_was_said_in_between_is_climbed_page_by_page() -> None:
    here = Here()
    session = await here.session()
    first = here.home.talk.speak("Zéro", "")
    _, cursor = await here.visited(session)
    spoken = [here.home.talk.speak(str(number), "") for number in range(150)]
    heard, after = await here.visited(session, cursor=cursor)
    assert set(heard) - {first} == set(spoken)
    assert len(json.dumps(dict(after))) < 20_000, "what is remembered is bounded"


async def test_the_first_visit_goes_back_thirty_days_or_two_hundred_entries() -> None:
    here = Here()
    session = await here.session()
    for number in range(300):
        here.home.talk.speak(str(number), "")
    calls = len(here.http.asked)
    assert 150 <= len(await here.heard(session)) <= 220
    assert len(here.http.asked) - calls < 20


async def test_a_permission_that_was_not_asked_for_is_named() -> None:
    here = Here()
    session = await here.session()

    def narrow(request: Request) -> Reply:
        return Reply(status=403, body={"error": "This action is outside the authorized scopes"})

    with pytest.raises(NotPermitted) as told:
        await mastodon.hear(replace(session, http=RecordedHttp(narrow)), "notifications", None)
    assert told.value.params["scope"] == "read:notifications" and told.value.message("fr")
    here.home.talk.speak("Un", "")
    (said,) = (await here.heard(session)).values()
    here.home.talk.may_act = False
    for act, undo in pairs("mastodon"):
        with pytest.raises(NotPermitted) as told:
            await mastodon.moderate(session, order_of(act, said))
        assert told.value.code == "scope_missing" and str(told.value.params["scope"]).startswith("write:")
        assert undo is None or undo is not act


# Answering.


def test_whom_one_answers_is_named_once() -> None:
    target = {"account": {"id": "1", "acct": "zoe@loin.example"}, "mentions": [{"id": "2", "acct": "ana"}]}
    assert addressed("Merci", target, "9") == "@zoe@loin.example Merci"
    assert addressed("Merci @ZOE@loin.example !", target, "9") == "Merci @ZOE@loin.example !"
    assert addressed("Merci @zoe@loin.example.org", target, "9").startswith("@zoe@loin.example ")
    assert addressed("Nous ajoutons", target, "1") == "@ana Nous ajoutons", "to ourselves: whom we spoke to"
    assert addressed("", target, "9") == "" and addressed("Merci", {}, "9") == "Merci"
    assert in_front("@zoe@loin.example @ana Merci @leo") == "@zoe@loin.example @ana "
    assert in_front("Merci @zoe") == ""


@pytest.mark.parametrize(
    ("asked", "above", "shown"),
    [
        ("public", "public", "public"),
        ("public", "unlisted", "unlisted"),
        ("private", "unlisted", "private"),
        ("public", "direct", "direct"),
        ("unlisted", "private", "private"),
        ("public", "list", "direct"),
        ("public", "local", "local"),
        ("unlisted", "", "unlisted"),
    ],
)
def test_a_reply_is_seen_by_no_more_people_than_what_it_answers(asked: str, above: str, shown: str) -> None:
    assert as_visible(asked, {"visibility": above} if above else {}) == shown


async def test_an_answer_keeps_its_name_in_front_through_an_edit() -> None:
    here = Here()
    session = await here.session()
    address = here.home.talk.speak("Combien ?", "", visibility="unlisted")
    content = here.stage.content("Deux", reply_to=Target(remote_id=address), visibility=Visibility.PUBLIC)
    published = await drive(mastodon, session, content)
    assert here.last()["visibility"] == "unlisted"
    for _ in range(2):
        await mastodon.edit(session, replace(content, parts=(Part(text="Trois"),)), published.sent)
        assert here.home.sources[here.last()["id"]] == "@zoe Trois"


async def test_the_name_in_front_counts_against_the_limit() -> None:
    here = Here()
    session = await here.session()
    address = here.home.talk.speak("Racontez", "")
    content = here.stage.content("a" * 498, reply_to=Target(remote_id=address))
    (problem,) = await mastodon.check(session, content)
    assert (problem.code, problem.actual) == ("text_long", 503)


@pytest.mark.parametrize("family", [False, True])
async def test_a_lost_answer_to_what_was_taken_away_is_found_and_no_other_is_taken_for_it(
    family: bool,
) -> None:
    here = Here(family=family)
    session = await here.session()
    talk = here.home.talk
    one, two = talk.speak("Un", ""), talk.speak("Deux", "")
    await drive(mastodon, session, here.stage.content("Merci à vous", reply_to=Target(remote_id=one)))
    answer = here.stage.content("Merci à vous", reply_to=Target(remote_id=two))
    talk.unsay(two)
    assert await mastodon.find(session, answer) is None, "the same words to somebody else are not this answer"
    three = talk.speak("Trois", "")
    answer = here.stage.content("Avec joie et plaisir", reply_to=Target(remote_id=three))
    with pytest.raises(OutcomeUnknown):
        await mastodon.publish(here.stage.with_fault(session, Fault(lost=True)), answer)
    talk.unsay(three)
    found = await mastodon.find(session, answer)
    assert found is not None and found.remote_id == here.last()["uri"]


@needs_shared
async def test_what_the_fake_is_asked_and_answers_about_talk_is_as_the_official_description_says() -> None:
    import jsonschema

    spec = json.loads((SHARED / "data" / "specs" / "mastodon" / "openapi.json").read_text())
    here, seen = Here(), set()

    def checked(request: Request) -> Reply:
        reply = here.home.answer(request)
        named, operation = _operation(spec, urlsplit(request.url).path, request.method)
        known = {part["name"].removesuffix("[]") for part in operation.get("parameters", ())}
        asked = {name.removesuffix("[]") for name in request.params}
        assert asked <= known | {"types"}, f"{named}: {asked - known}"
        schema: Mapping[str, Any] = operation["responses"]["200"]["content"]["application/json"]["schema"]
        if reply.status == 200 and "instance" not in named and "verify" not in named:
            seen.add((request.method, named))
            jsonschema.validate(reply.body, {**schema, "components": spec["components"]})
        body = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if body and request.json is not None:
            jsonschema.validate(request.json, {**body["schema"], "components": spec["components"]})
        return reply

    here.http = RecordedHttp(checked)
    session = await here.session()
    address = here.home.talk.speak("Un", "", direct=True)
    here.home.talk.speak("Deux", address)
    for ear in ("notifications", "conversations", "own"):
        heard, cursor = await here.visited(session, ear)
        await here.visited(session, ear, cursor)
        if ear == "notifications":
            said = heard[address]
    for act, undo in pairs("mastodon"):
        for one in filter(None, (act, undo)):
            await mastodon.standing(session, order_of(one, said))
            await mastodon.moderate(session, order_of(one, said))
    paths = {path for _, path in seen}
    assert paths >= {
        "/api/v1/notifications",
        "/api/v1/conversations",
        "/api/v1/statuses",
        "/api/v1/statuses/{id}/context",
        "/api/v1/statuses/{id}/favourite",
        "/api/v1/statuses/{id}/unreblog",
        "/api/v1/accounts/{id}/mute",
        "/api/v1/accounts/{id}/unblock",
        "/api/v1/accounts/relationships",
        "/api/v1/reports",
        "/api/v2/search",
    }


def test_an_independent_client_hears_and_acts_at_the_server_of_the_scenes() -> None:
    from mastodon import Mastodon

    home = MastodonHome()
    with served(home.answer, lambda base: setattr(home, "base", base)) as base:
        home.talk.speak("Un", "", direct=True)
        first = home.talk.speak("Deux", "")
        home.talk.speak("Trois", first)
        client = Mastodon(api_base_url=base, access_token=home.token, version_check_mode="none")
        last, before, private = client.notifications(types=["mention"], limit=20)
        assert [one.type for one in (last, before, private)] == ["mention"] * 3
        assert [one.uri for one in client.status_context(last.status).ancestors] == [first]
        (conversation,) = client.conversations(limit=20)
        assert conversation.last_status.id == private.status.id
        assert client.status_favourite(last.status).favourited and client.status_reblog(last.status).reblogged
        assert client.account_mute(last.account).muting and not client.account_unmute(last.account).muting
        assert client.account_block(last.account).blocking
        (relation,) = client.account_relationships(last.account)
        assert relation.blocking and not relation.muting


async def test_a_registration_made_for_less_is_made_anew() -> None:
    made = await mastodon.register(
        await Here().session(), "https://tilleul.example", "https://p.example/back"
    )
    assert not mastodon.outgrown(made)
    assert mastodon.outgrown({**made, "scopes": "read:accounts write:statuses"})
    coarse = await mastodon.register(
        await Here(family=True).session(), "https://tilleul.example", "https://p.example/back"
    )
    assert coarse["scopes"] == "read write" and not mastodon.outgrown(coarse)
