"""Mastodon, and a server of its family: other limits, no idempotency, ids that are text."""

from datetime import timedelta

from palabre.networks.contract import Act, Session, SignIn
from palabre.networks.outgoing import Target
from tests.contract.mastodon_publishing import MastodonHome
from tests.contract.scene import NOW, SECRET, RecordedHttp
from tests.contract.stage import Stage, Standing
from tests.contract.suite import failing


def _stage(name: str, *, family: bool, kind: str) -> Stage:
    server = MastodonHome(family=family)

    async def standing() -> list[Standing]:
        return server.standing()

    async def said(text: str) -> Target:
        return Target(remote_id=server.say(text))

    async def speak(text: str, above: str) -> Target:
        return Target(remote_id=server.talk.speak(text, above))

    async def unsay(target: Target) -> None:
        server.talk.unsay(target.remote_id)

    async def acted(act: Act, target: Target) -> bool:
        return server.talk.acted(act.value, target.remote_id)

    async def powerless(session: Session) -> Session:
        server.talk.may_act = False
        return session

    registration = {
        "server": server.base,
        "client_id": "client",
        "client_secret": f"secret-{SECRET}",
        "scopes": "read write",
    }
    return Stage(
        name=name,
        key="mastodon",
        sign_in=SignIn(
            kind=kind,
            fields={"server": server.base, "token": server.token if kind == "token" else ""},
            redirect_uri="https://palabre.example/back",
            registration=registration if kind == "oauth" else {},
        ),
        answer={"code": SECRET, "state": "state"} if kind == "oauth" else {},
        pending={"state": "state", "verifier": "verifier"} if kind == "oauth" else {},
        http=lambda: RecordedHttp(server.answer),
        standing=standing,
        writes=lambda method, url: method == "POST" and url.endswith("/api/v1/statuses"),
        failing=lambda reply: RecordedHttp(failing(reply)),
        said_by_other=said,
        speak=speak,
        unsay=unsay,
        acted=acted,
        powerless=powerless,
        tells=("between",),
        ear="notifications",
        own_ear="own",
        known="zoe",
        now=lambda: NOW + timedelta(seconds=1),
        impossible={"refresh": "a token of this API does not end by itself and cannot be renewed"},
    )


STAGES = (
    lambda: _stage("Mastodon", family=False, kind="oauth"),
    lambda: _stage("family, forgetful of keys", family=True, kind="token"),
)
