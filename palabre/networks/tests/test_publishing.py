"""What each network makes of a content, beyond the contract; independent clients on our fakes."""

import http.server
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from ipaddress import ip_network
from random import Random
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palabre.kit.http import Http
from palabre.kit.mailbox import Mailboxes
from palabre.networks import registry
from palabre.networks.bluesky.facets import facets, handles
from palabre.networks.bluesky.publishing import record_key
from palabre.networks.contract import Session, SignIn
from palabre.networks.errors import (
    AuthExpired,
    NotPermitted,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Temporary,
)
from palabre.networks.mastodon import connector as mastodon
from palabre.networks.mastodon.limits import read
from palabre.networks.outgoing import Media, Outgoing, Part
from palabre.networks.rules import MediaKind, narrowed, rules_of
from palabre.networks.sandbox import connector as sandbox
from palabre.networks.wordpress.publishing import paragraphs
from palabre.networks.wordpress.rest import site
from tests.contract.bluesky_server import DID, HANDLE, BlueskyServer
from tests.contract.mastodon_publishing import MastodonHome
from tests.contract.scene import NOW, SECRET, RecordedHttp, Reply, Request
from tests.contract.stage import PIXEL, Fault, drive
from tests.contract.stages import mastodon as mastodon_stages
from tests.shared import SHARED, needs_shared

# Bluesky: keys and facets.


def outgoing(key: str = "delivery-1", *, begun_at: datetime = NOW, text: str = "Bonjour") -> Outgoing:
    return Outgoing(key=key, begun_at=begun_at, parts=(Part(text=text),))


@given(
    st.from_regex(r"[A-Za-z0-9_-]{8,64}", fullmatch=True),
    st.datetimes(datetime(2020, 1, 1), datetime(2090, 1, 1)),
)
def test_a_record_key_is_a_tid_that_only_depends_on_the_delivery(key: str, begun: datetime) -> None:
    one = outgoing(key, begun_at=begun.replace(tzinfo=UTC))
    keys = [record_key(one, place) for place in range(20)]
    assert keys == [record_key(one, place) for place in range(20)]
    assert keys == sorted(set(keys)), "the parts of a thread are in order"
    for made in keys:
        assert len(made) == 13 and made[0] in "234567abcdefghij"
        assert set(made) <= set("234567abcdefghijklmnopqrstuvwxyz")


@pytest.mark.parametrize("key", ["", "court", "é" * 10, "a b c d e f", "x" * 65, "-->-->-->"])
def test_a_key_is_fit_for_a_header_and_a_comment(key: str) -> None:
    with pytest.raises(ValueError):
        outgoing(key)


def test_a_thousand_deliveries_of_one_second_have_a_thousand_keys() -> None:
    assert len({record_key(outgoing(f"delivery-{n}"), 0) for n in range(1000)}) == 1000


def test_facets_count_bytes_and_leave_strangers_as_text() -> None:
    text = "☕ @zoe.bsky.social et @personne.test sur tilleuls.com/é #été a@b.fr"
    assert handles(text) == ("zoe.bsky.social", "personne.test")
    found = facets(text, {"zoe.bsky.social": "did:plc:zoe"})
    raw = text.encode()
    shown = [
        (
            raw[f["index"]["byteStart"] : f["index"]["byteEnd"]].decode(),
            f["features"][0]["$type"].partition("#")[2],
        )
        for f in found
    ]
    assert shown == [("@zoe.bsky.social", "mention"), ("tilleuls.com/é", "link"), ("#été", "tag")]


@given(st.text(max_size=200))
def test_facets_of_any_text_stay_inside_it(text: str) -> None:
    size = len(text.encode("utf-8", "replace"))
    for facet in facets(text, {}):
        assert 0 <= facet["index"]["byteStart"] < facet["index"]["byteEnd"] <= size


def session(answers: Callable[[Request], Any], **credentials: str) -> Session:
    return Session(
        http=RecordedHttp(answers), mailboxes=Mailboxes(), now=lambda: NOW, credentials=credentials
    )


# Mastodon.


async def test_registering_falls_back_to_what_a_server_understands() -> None:
    for family, scopes in ((False, "write:statuses"), (True, "read write")):
        home = MastodonHome(family=family)
        told = await mastodon.register(session(home.answer), "tilleul.example", "https://p.example/back")
        assert scopes in told["scopes"] and told["server"] == "https://tilleul.example"
        sign_in = SignIn(kind="oauth", redirect_uri="https://p.example/back", state="s", registration=told)
        page = await mastodon.authorise_url(session(home.answer), sign_in)
        asked = parse_qs(urlsplit(page.url).query)
        assert asked["state"] == ["s"] and asked["scope"] == [told["scopes"]] and SECRET not in page.url
        grant = await mastodon.exchange(
            session(home.answer), sign_in, page.pending, {"code": SECRET, "state": "s"}
        )
        assert SECRET not in repr(grant) and grant.credentials["token"] == home.token


async def test_a_server_that_takes_no_applications_says_so() -> None:
    for status in (401, 403, 404, 422):
        closed = session(lambda request, status=status: Reply(status=status, body={"error": "no"}))
        with pytest.raises(NotPermitted) as refused:
            await mastodon.register(closed, "tilleul.example", "https://p.example/back")
        assert refused.value.code == "server_closed"


def test_limits_come_from_the_server_in_either_version() -> None:
    rules = narrowed(rules_of("mastodon"), read(MastodonHome(family=True).instance()))
    assert (rules.text_max, rules.link_cost, rules.media_max) == (5000, 25, 6)
    assert rules.media[MediaKind.IMAGE].most == 6 and not rules.media[MediaKind.IMAGE].takes("image/avif")
    assert read({"max_toot_chars": 3000}) == {"text_max": 3000}
    assert read({}) == {} and read({"configuration": "?"}) == {}


async def test_two_deliveries_with_one_text_are_not_taken_for_each_other() -> None:
    stage = mastodon_stages.STAGES[1]()
    signed = await stage.signed(mastodon)
    first = await drive(mastodon, signed, stage.content("Encore !"))
    second = stage.content("Encore !")
    assert await mastodon.find(signed, second, taken=frozenset({first.remote_id})) is None
    assert await mastodon.find(signed, second) is not None, "without that word, they are alike"


async def test_a_lost_answer_is_looked_for_with_few_calls() -> None:
    home = MastodonHome()
    http = RecordedHttp(home.answer)
    stage = replace(mastodon_stages.STAGES[0](), http=lambda: http)
    stage.sign_in = SignIn(kind="token", fields={"server": home.base, "token": home.token})
    signed = await stage.signed(mastodon)
    said = [f"Le plat du jour numéro {n} est servi au comptoir jusqu’à midi" for n in range(8)]
    for text in [*said, "Demain, la boutique reste fermée toute la journée"]:
        await drive(mastodon, signed, stage.content(text))

    async def sources(text: str) -> tuple[bool, int]:
        http.asked.clear()
        found = await mastodon.find(signed, stage.content(text))
        return found is not None, sum(request.path.endswith("/source") for request in http.asked)

    assert await sources(said[7]) == (True, 1), "what its page says comes first, however many are alike"
    assert await sources("Une exposition de cartes postales anciennes ouvre jeudi") == (False, 0)
    assert await sources("Le plat du jour numéro 9 est servi au comptoir jusqu’à midi") == (False, 8)


@needs_shared
async def test_what_the_fake_answers_and_is_asked_is_as_the_official_description_says() -> None:
    import jsonschema

    spec = json.loads((SHARED / "data" / "specs" / "mastodon" / "openapi.json").read_text())
    home, seen = MastodonHome(), set()

    def answers(request: Request) -> Reply:
        reply = home.answer(request)
        path = urlsplit(request.url).path
        named, operation = _operation(spec, path, request.method)
        schema = operation["responses"].get(str(reply.status), {}).get("content", {}).get("application/json")
        # Who the server and the account are is told in part alone; statuses and files are whole.
        if schema and reply.status == 200 and "instance" not in named and "verify" not in named:
            seen.add((request.method, named))
            jsonschema.validate(reply.body, {**schema["schema"], "components": spec["components"]})
        body = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if body and request.json is not None:
            jsonschema.validate(request.json, {**body["schema"], "components": spec["components"]})
        return reply

    stage = replace(mastodon_stages.STAGES[0](), http=lambda: RecordedHttp(answers))
    stage.sign_in = SignIn(kind="token", fields={"server": home.base, "token": home.token})
    signed = await stage.signed(mastodon)
    content = stage.content("Un", "Deux", language="fr", warning="Attention")
    published = await drive(mastodon, signed, content)
    await mastodon.find(signed, content)
    await mastodon.edit(
        signed, replace(content, parts=(Part(text="Trois"), Part(text="Quatre"))), published.sent
    )
    await mastodon.measure(signed, published.sent)
    await mastodon.delete(signed, published.sent)
    assert {path for _, path in seen} >= {
        "/api/v1/statuses",
        "/api/v1/statuses/{id}",
        "/api/v1/statuses/{id}/source",
        "/api/v1/accounts/{id}/statuses",
    }


def _operation(spec: dict[str, Any], path: str, method: str) -> tuple[str, dict[str, Any]]:
    parts = path.split("/")
    exact = {path: spec["paths"][path]} if path in spec["paths"] else {}
    for named, operations in {**exact, **spec["paths"]}.items():
        names = named.split("/")
        fits = len(names) == len(parts) and all(
            n == p or n.startswith("{") for n, p in zip(names, parts, strict=True)
        )
        if fits and method.lower() in operations:
            return named, operations[method.lower()]
    raise AssertionError(f"the official description knows no {method} {path}")


@contextmanager
def served(answer: Callable[[Request], Reply], use: Callable[[str], None]) -> Iterator[str]:
    """A server of the scenes on a loopback port."""

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            kind = headers.get("content-type", "")
            request = Request(
                method=self.command,
                url=self.path,
                params=dict(parse_qsl(urlsplit(self.path).query)),
                headers=headers,
                json=json.loads(body) if "json" in kind and body else None,
                form=dict(parse_qsl(body.decode())) if "urlencoded" in kind else None,
                content=body,
            )
            reply = answer(request).answer(self.path)
            self.send_response(reply.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        do_GET = do_POST = do_PUT = do_DELETE = _any

        def log_message(self, *args: object) -> None:
            return

    listener = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=listener.serve_forever, daemon=True)
    thread.start()
    try:
        base = f"http://127.0.0.1:{listener.server_port}"
        use(base)
        yield base
    finally:
        listener.shutdown()
        listener.server_close()
        thread.join()


def test_an_independent_client_posts_to_the_mastodon_of_the_scenes() -> None:
    from mastodon import Mastodon

    home = MastodonHome()
    with served(home.answer, lambda base: setattr(home, "base", base)) as base:
        client = Mastodon(api_base_url=base, access_token=home.token, version_check_mode="none")
        first = client.status_post("Par un autre client", idempotency_key="une-clé")
        again = client.status_post("Par un autre client", idempotency_key="une-clé")
        reply = client.status_post("La suite", in_reply_to_id=first)
        assert first.id == again.id and reply.in_reply_to_id == first.id
        assert client.status_source(first).text == "Par un autre client"
        client.status_delete(reply)
    assert [post.text for post in home.standing()] == ["Par un autre client"]


async def test_a_file_and_its_alt_text_go_over_a_real_socket() -> None:
    home = MastodonHome()
    image = Media.of(PIXEL, kind=MediaKind.IMAGE, mime="image/png", name="point.png")
    part = Part(text="Avec une image", media=(replace(image, alt="Un point « é »\n noir"),))
    with served(home.answer, lambda base: setattr(home, "base", base)) as base:
        async with Http(allow=[ip_network("127.0.0.0/8")]) as client:
            credentials = {"server": base, "token": home.token}
            signed = replace(session(home.answer, **credentials), http=client, rest=_at_once)
            published = await drive(mastodon, signed, replace(outgoing(), parts=(part,)))
    assert published.complete and home.standing()[0].alts == ("Un point « é »\n noir",)


async def _at_once(seconds: float) -> None:
    """The file is prepared at once."""


def test_an_independent_client_posts_to_the_bluesky_of_the_scenes() -> None:
    from atproto import Client, models

    home = BlueskyServer()
    with served(home.answer, lambda base: None) as base:
        client = Client(base_url=base)
        told = client.com.atproto.server.create_session({"identifier": HANDLE, "password": SECRET})
        assert told.did == DID
        headers = {"Authorization": f"Bearer {told.access_jwt}"}
        record = {
            "$type": "app.bsky.feed.post",
            "text": "Par un autre client",
            "createdAt": "2026-11-23T10:00:00Z",
        }
        asked = {"repo": DID, "collection": "app.bsky.feed.post", "rkey": "3kznkz2abcdef", "record": record}
        made = client.com.atproto.repo.put_record(
            models.ComAtprotoRepoPutRecord.Data(**asked), headers=headers
        )
        read_back = client.com.atproto.repo.get_record(
            {"repo": DID, "collection": "app.bsky.feed.post", "rkey": "3kznkz2abcdef"}, headers=headers
        )
    assert made.uri == read_back.uri and [post.text for post in home.standing()] == ["Par un autre client"]


# WordPress.


def test_a_plain_text_becomes_paragraphs_lines_and_links() -> None:
    assert paragraphs("Un <b>\ndeux\n\n\nVoir tilleuls.com/a?b=1&c.") == (
        '<p>Un &lt;b&gt;<br>deux</p>\n\n<p>Voir <a href="https://tilleuls.com/a?b=1&amp;c">'
        "tilleuls.com/a?b=1&amp;c</a>.</p>"
    )
    assert paragraphs("") == ""


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("blog.tilleuls.com", "https://blog.tilleuls.com"),
        (" https://tilleuls.com/blog/wp-admin/ ", "https://tilleuls.com/blog"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://localhost/wp-login.php", "http://localhost"),
        ("https://ana:secret@tilleuls.com", "https://tilleuls.com"),
    ],
)
def test_the_address_of_a_site_is_read_as_people_type_it(typed: str, address: str) -> None:
    assert site(typed) == address


@pytest.mark.parametrize(
    "typed", ["", "http://tilleuls.com", "ftp://tilleuls.com", "http://[", "http://8.8.8.8"]
)
def test_a_password_goes_to_no_address_that_is_not_safe(typed: str) -> None:
    with pytest.raises(Rejected):
        site(typed)


# The sandbox.


async def _sandbox(name: str, **fields: str) -> Session:
    sign_in = SignIn(kind="name", fields={"name": name, **fields})
    grant = await sandbox.exchange(session(lambda request: Reply()), sign_in, {}, {})
    return replace(session(lambda request: Reply()), credentials=grant.credentials, account=name)


@pytest.mark.parametrize(
    ("behaviour", "error"),
    [
        ("rate_limited", RateLimited),
        ("temporary", Temporary),
        ("rejected", Rejected),
        ("cut_after", OutcomeUnknown),
        ("outcome_unknown", OutcomeUnknown),
        ("expires", AuthExpired),
    ],
)
async def test_the_sandbox_misbehaves_once_as_planned(behaviour: str, error: type[Exception]) -> None:
    signed = await _sandbox(f"plan-{behaviour}")
    sandbox.store().plan(signed.account, behaviour)
    with pytest.raises(error):
        await sandbox.publish(signed, outgoing())
    there = await sandbox.find(
        replace(signed, credentials=(await sandbox.refresh(signed)).credentials), outgoing()
    )
    assert (there is not None) == (behaviour == "cut_after")


async def test_a_half_thread_of_the_sandbox_goes_on_once_it_behaves() -> None:
    signed = await _sandbox("half", behaviour="half_thread")
    content = Outgoing(key="half-thread", begun_at=NOW, parts=(Part(text="un"), Part(text="deux")))
    first = await sandbox.publish(signed, content)
    with pytest.raises(Temporary):
        await sandbox.publish(signed, content, first.sent)
    sandbox.store().plan("half", "well")
    assert (await sandbox.publish(signed, content, first.sent)).complete


async def test_a_file_of_the_sandbox_outlives_the_process(tmp_path: Any) -> None:
    path = str(tmp_path / "sandbox.db")
    signed = await _sandbox("file", store=path)
    published = await drive(sandbox, signed, outgoing())
    from palabre.networks.sandbox.store import Store

    assert [post.id for post in Store(path).of("file")] == [published.remote_id]


async def test_figures_of_the_sandbox_grow_with_time() -> None:
    signed = await _sandbox("grow")
    published = await drive(sandbox, signed, outgoing())
    views = []
    for hours in (0, 1, 24, 48, 720):
        later = replace(signed, now=lambda hours=hours: NOW + timedelta(hours=hours))
        views.append((await sandbox.measure(later, published.sent))[published.remote_id].views)
    assert views == sorted(views) and views[0] == 0 and views[-1] == views[-2] > 40


# Any accident, at any write.


@pytest.mark.parametrize("stages", ["bluesky", "mastodon", "sandbox", "wordpress"])
async def test_a_hundred_contents_and_their_accidents_leave_one_post_each(stages: str) -> None:
    places = import_module(f"tests.contract.stages.{stages}").STAGES
    for stage in [make() for make in places]:
        connector: Any = registry.connector(stage.key)
        signed, random, sent = await stage.signed(connector), Random(7), []
        for number in range(100):
            texts = (f"Contenu {number}", f"Suite {number}")[: 2 if rules_of(stage.key).threads else 1]
            content = stage.content(*texts)
            fault = Fault(at=random.randrange(len(texts)), lost=random.random() < 0.5, cut=True)
            broken = stage.with_fault(signed, fault)
            if stage.faulty is None and random.random() < 0.5:  # a second accident behind the first
                broken = stage.with_fault(broken, Fault(at=random.randrange(3), lost=True))
            published = await drive(connector, broken, content)
            assert published.complete
            sent += texts
        assert sorted(post.text for post in await stage.standing()) == sorted(sent), stage.name
