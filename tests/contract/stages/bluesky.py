"""Bluesky: an account server in memory."""

from palabre.networks.contract import Act, Session, SignIn
from palabre.networks.outgoing import Target
from tests.contract.bluesky_server import DID, OTHER, BlueskyServer
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

    async def beneath(text: str) -> Target:
        ours = f"at://{DID}/app.bsky.feed.post/3kznkz2222222"
        server.records.setdefault(ours, {"text": "Ouvert", "createdAt": "2026-11-23T08:00:00.000Z"})
        return await speak(text, ours)

    async def acted(act: Act, target: Target) -> bool:
        uri = target.remote_id
        match act:
            case Act.HIDE:
                return server.hidden(uri)
            case Act.MUTE:
                return OTHER in server.muted
            case Act.BLOCK:
                return bool(server.record_about("app.bsky.graph.block", OTHER))
            case Act.REPORT:
                return uri in [told["subject"]["uri"] for told in server.reports]
            case _:
                return bool(server.record_about(f"app.bsky.feed.{act.value}", uri))

    async def powerless(session: Session) -> Session:
        server.may_act = False
        return session

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
        beneath=beneath,
        acted=acted,
        powerless=powerless,
        tells=("between",),
        ear="notifications",
        own_ear="own",
        known="zoe.bsky.social",
    )


STAGES = (app_password,)
