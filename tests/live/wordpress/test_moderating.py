"""Acts on comments, played on a real WordPress, by who may moderate and by who may no longer."""

from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from palabre.networks.contract import Act, Order, Session
from palabre.networks.errors import NotPermitted
from palabre.networks.outgoing import Target
from palabre.networks.wordpress import connector as wordpress
from tests.contract.moderating import WORDS, ModeratesContract
from tests.contract.stage import Stage
from tests.live.wordpress import test_hearing
from tests.live.wordpress.site import Site
from tests.live.wordpress.talk import Talk

pytestmark = pytest.mark.live

http, connector, talk, plain_stage, session = (
    getattr(test_hearing, name) for name in ("http", "connector", "talk", "stage", "session")
)
_names = count(1)


@pytest.fixture
def stage(plain_stage: Stage, wordpress_site: Site) -> Stage:
    async def acted(act: Act, target: Target) -> bool:
        path = f"/wp/v2/comments/{target.remote_id.rpartition('-')[2]}"
        comment = wordpress_site.call("GET", path, params={"context": "edit"}).json()
        if act is Act.REWRITE:
            return bool(comment["content"]["raw"] == WORDS)
        return bool(comment["status"] == {Act.DELETE: "trash"}.get(act, act.value))

    async def powerless(session: Session) -> Session:
        return await dismissed(wordpress_site, plain_stage)

    return replace(plain_stage, acted=acted, powerless=powerless)


async def dismissed(site: Site, stage: Stage) -> Session:
    """An editor who signed in, and is none any more."""
    session, number = await editor(site, stage)
    assert site.call("POST", f"/wp/v2/users/{number}", json={"roles": ["subscriber"]}).is_success
    return session


async def editor(site: Site, stage: Stage) -> tuple[Session, int]:
    """A colleague who may moderate, signed in, and their number."""
    name, password, number = colleague(site)
    fields = {"server": site.address, "user": name, "app_password": password}
    signing = replace(stage, sign_in=replace(stage.sign_in, fields=fields))
    return await signing.signed(wordpress), number


def colleague(site: Site) -> tuple[str, str, int]:
    """An editor of the site: the name, an application password, the number."""
    name = f"editor{next(_names)}"
    made = site.call(
        "POST",
        "/wp/v2/users",
        json={"username": name, "email": f"{name}@x.test", "password": f"long {name}", "roles": ["editor"]},
    ).json()
    path = f"/wp/v2/users/{made['id']}/application-passwords"
    password = site.call("POST", path, json={"name": "palabre"}).json()["password"]
    return name, str(password), int(made["id"])


class TestModeratesLive(ModeratesContract):
    """Every scene of the contract."""


async def test_a_right_that_is_taken_away_in_between_leaves_the_rest_undone(
    wordpress_site: Site, stage: Stage, talk: Talk
) -> None:
    session, number = await editor(wordpress_site, stage)
    assert stage.acted is not None
    targets = [await talk.speak("À trier") for _ in range(4)]
    orders = [Order(act=Act.SPAM, target=target, key=f"order-{target.remote_id}") for target in targets]
    for order in orders[:2]:
        await wordpress.moderate(session, order)
    wordpress_site.call("POST", f"/wp/v2/users/{number}", json={"roles": ["author"]})
    for order in orders[2:]:
        with pytest.raises(NotPermitted) as told:
            await wordpress.moderate(session, order)
        assert told.value.code == "moderation_missing"
    assert [await stage.acted(Act.SPAM, target) for target in targets] == [True, True, False, False]


async def test_a_held_comment_of_a_visitor_is_approved_and_its_words_changed_with_care(
    wordpress_site: Site, stage: Stage, session: Session, talk: Talk
) -> None:
    text = 'Un <a href="https://pub.example/offre">lien</a>\n\n& deux <strong>mots</strong>'
    made = talk.visitor(text)
    before = made["content"]["raw"]
    path, key = f"/wp/v2/comments/{made['id']}", "order-visitor"
    target = Target(remote_id=talk.id_of(made))
    await wordpress.moderate(session, Order(act=Act.APPROVE, target=target, key=key))

    def stands() -> dict[str, Any]:
        found: dict[str, Any] = wordpress_site.call("GET", path, params={"context": "edit"}).json()
        return found

    assert stands()["status"] == "approved"
    order = Order(act=Act.REWRITE, target=target, key=key, text="[modéré : <b>publicité</b> & lien]")
    given = await wordpress.moderate(session, order)
    assert "&lt;b&gt;" in stands()["content"]["raw"] and stands()["status"] == "approved"
    assert await wordpress.standing(session, order)
    assert await wordpress.moderate(session, order) == {}
    await wordpress.moderate(session, replace(order, given=given))
    assert stands()["content"]["raw"] == before


async def test_what_was_held_goes_back_to_being_held_out_of_the_bin_and_out_of_spam(
    wordpress_site: Site, stage: Stage, session: Session, talk: Talk
) -> None:
    made = talk.visitor("Encore un mot")
    target = Target(remote_id=talk.id_of(made))
    for act in (Act.SPAM, Act.UNSPAM, Act.DELETE, Act.RESTORE):
        await wordpress.moderate(session, Order(act=act, target=target, key="order-held"))
    assert wordpress_site.call("GET", f"/wp/v2/comments/{made['id']}").json()["status"] == "hold"
