"""Matrix: a homeserver in memory, signed in to by password and by token."""

from palabre.networks.contract import Act, Session, SignIn
from palabre.networks.matrix.places import place_of
from palabre.networks.outgoing import Target
from tests.contract.matrix_server import ALIAS, GUEST, SERVER, MatrixServer
from tests.contract.scene import RecordedHttp
from tests.contract.stage import Stage, Standing
from tests.contract.suite import failing

IMPOSSIBLE = {
    "refresh": "a token is not renewed",
    "media": "a room has no place for an alt text; that a file arrives is tested in tests/live/matrix",
}


def password() -> Stage:
    """With name and password."""
    server = MatrixServer()
    fields = {"server": "matrix.tilleuls.com", "name": "cafe", "password": server.password, "room": ALIAS}
    return _stage("password", server, SignIn(kind="password", fields=fields))


def token() -> Stage:
    """With a token."""
    server = MatrixServer()
    fields = {"server": SERVER, "token": server.token, "room": ALIAS}
    return _stage("token", server, SignIn(kind="token", fields=fields))


def _stage(name: str, server: MatrixServer, sign_in: SignIn) -> Stage:
    async def standing() -> list[Standing]:
        return server.standing()

    async def speak(text: str, above: str) -> Target:
        content = {"msgtype": "m.text", "body": text}
        if above:
            content |= {"m.relates_to": {"m.in_reply_to": {"event_id": place_of(above)[1]}}}  # type: ignore[dict-item]
        event = server.put(GUEST, "m.room.message", content)
        return Target(remote_id=f"{event['room_id']}/{event['event_id']}")

    async def said(text: str) -> Target:
        return await speak(text, "")

    async def unsay(target: Target) -> None:
        server.empty(place_of(target.remote_id)[1], GUEST)

    async def acted(act: Act, target: Target) -> bool:
        known = place_of(target.remote_id)[1]
        event = server.event(known)
        match act:
            case Act.DELETE:
                return not (event and event["content"])
            case Act.LIKE:
                return any(
                    one["type"] == "m.reaction"
                    and one["content"].get("m.relates_to", {}).get("event_id") == known
                    for one in server.events
                )
            case Act.KICK:
                return server.members[GUEST] == "leave"
        return server.members[GUEST] == "ban"

    async def powerless(session: Session) -> Session:
        server.moderates = False
        return session

    return Stage(
        name=name,
        key="matrix",
        sign_in=sign_in,
        http=lambda: RecordedHttp(server.answer),
        standing=standing,
        writes=lambda method, url: method == "PUT" and "/send/m.room.message/" in url,
        said_by_other=said,
        speak=speak,
        unsay=unsay,
        acted=acted,
        powerless=powerless,
        ear="rooms",
        own_ear="rooms",
        failing=lambda reply: RecordedHttp(failing(reply)),
        impossible=IMPOSSIBLE,
    )


STAGES = (password, token)
