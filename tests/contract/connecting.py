"""What holds for every network that is signed in to: `ConnectsContract` reads a `connector` and a `stage`."""

import json
from dataclasses import replace
from typing import Any

import pytest

from palabre.networks.contract import Connects, Deletes, Grant, Names, Session
from palabre.networks.errors import AuthExpired, Rejected
from tests.contract.stage import Stage, drive


class ConnectsContract:
    """Needs fixtures `connector` and `stage`."""

    @pytest.fixture
    async def session(self, connector: Any, stage: Stage) -> Session:
        return await stage.signed(connector)

    async def test_a_sign_in_gives_an_account_and_keeps_its_secrets(
        self, connector: Connects, stage: Stage
    ) -> None:
        session = stage.stranger()
        grant = await connector.exchange(session, stage.sign_in, stage.pending, stage.answer)
        assert all(isinstance(value, str) for value in grant.credentials.values())
        assert json.loads(json.dumps(dict(grant.credentials))) == dict(grant.credentials)
        signed = replace(session, credentials=grant.credentials)
        (account,) = await connector.accounts(signed)
        assert account.remote_id and account.handle and account.name
        assert account.url.startswith(("https://", "http://"))
        for secret in _secrets(grant):
            assert secret not in repr(grant) + repr(signed) + repr(account) + repr(stage.sign_in)

    async def test_without_a_sign_in_nothing_works(self, connector: Any, stage: Stage) -> None:
        for asked in (
            connector.accounts(stage.stranger()),
            connector.publish(stage.stranger(), stage.content()),
        ):
            with pytest.raises(AuthExpired):
                await asked

    async def test_a_wrong_password_is_refused(self, connector: Connects, stage: Stage) -> None:
        if "refused_sign_in" in stage.impossible:
            return
        wrong = {
            name: "nobody" if name in ("name", "app_password", "token") else value
            for name, value in stage.sign_in.fields.items()
        }
        sign_in = replace(stage.sign_in, fields=wrong)
        with pytest.raises((AuthExpired, Rejected)):
            grant = await connector.exchange(stage.stranger(), sign_in, {}, {})
            await connector.accounts(replace(stage.stranger(), credentials=grant.credentials))

    async def test_an_unknown_way_in_is_refused(self, connector: Connects, stage: Stage) -> None:
        with pytest.raises(Rejected):
            await connector.exchange(stage.stranger(), replace(stage.sign_in, kind="?"), {}, {})

    async def test_a_sign_in_is_renewed_or_asks_for_a_person(
        self, connector: Any, stage: Stage, session: Session
    ) -> None:
        if "refresh" in stage.impossible:
            with pytest.raises(AuthExpired):
                await connector.refresh(session)
            return
        grant = await connector.refresh(session)
        renewed = replace(session, credentials=grant.credentials)
        published = await drive(connector, renewed, stage.content())
        assert published.complete
        if isinstance(connector, Deletes):
            await connector.delete(renewed, published.sent)

    async def test_people_are_known_by_the_beginning_of_their_name(
        self, connector: Any, stage: Stage, session: Session
    ) -> None:
        if not isinstance(connector, Names):
            return
        for typed in ("", "@", "\x00", "personne de ce nom"):
            assert await connector.people(session, typed) == ()
        found = await connector.people(session, f"@{stage.known[:3]}")
        assert stage.known in {person.handle for person in found} and len(found) <= 10


def _secrets(grant: Grant) -> list[str]:
    names = ("token", "access", "refresh", "app_password", "client_secret", "dpop_key")
    return [grant.credentials[name] for name in names if grant.credentials.get(name)]
