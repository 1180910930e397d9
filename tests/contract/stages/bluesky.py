"""Bluesky: an account server in memory."""

from palabre.networks.contract import SignIn
from palabre.networks.outgoing import Target
from tests.contract.bluesky_server import BlueskyServer
from tests.contract.scene import SECRET, RecordedHttp
from tests.contract.stage import Stage, Standing
from tests.contract.suite import failing


def app_password() -> Stage:
    """Signed in by app password."""
    server = BlueskyServer()

    async def standing() -> list[Standing]:
        return server.standing()

    async def said(text: str) -> Target:
        return Target(remote_id=server.say(text))

    async def speak(text: str, above: str) -> Target:
        return Target(remote_id=server.say(text, above))

    async def unsay(target: Target) -> None:
        del server.records[target.remote_id]

    return Stage(
        name="app password",
        key="bluesky",
        sign_in=SignIn(
            kind="app_password",
            fields={
                "identifier": "@tilleuls.bsky.social",
                "app_password": SECRET,
                "server": "https://pds.example",
            },
        ),
        http=lambda: RecordedHttp(server.answer),
        standing=standing,
        writes=lambda method, url: url.endswith("com.atproto.repo.putRecord"),
        failing=lambda reply: RecordedHttp(failing(reply)),
        said_by_other=said,
        speak=speak,
        unsay=unsay,
        ear="notifications",
        own_ear="own",
        known="zoe.bsky.social",
    )


STAGES = (app_password,)
