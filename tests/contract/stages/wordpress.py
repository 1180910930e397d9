"""WordPress: a site in memory."""

from palabre.networks.contract import Act, Session, SignIn
from palabre.networks.outgoing import Target
from tests.contract.moderating import WORDS
from tests.contract.scene import RecordedHttp
from tests.contract.stage import Stage, Standing
from tests.contract.suite import failing
from tests.contract.wordpress_server import SITE, WordPressServer


def application_password() -> Stage:
    """Signed in by application password."""
    server = WordPressServer()

    async def standing() -> list[Standing]:
        return server.standing()

    async def speak(text: str, above: str) -> Target:
        return Target(remote_id=server.talk.speak(text, above))

    async def said(text: str) -> Target:
        return await speak(text, "")

    async def unsay(target: Target) -> None:
        server.talk.unsay(target.remote_id)

    async def acted(act: Act, target: Target) -> bool:
        comment = server.talk.comments[int(target.remote_id.rpartition("-")[2])]
        if act is Act.REWRITE:
            return bool(comment["content"]["raw"] == WORDS)
        return bool(comment["status"] == {Act.DELETE: "trash"}.get(act, act.value))

    async def powerless(session: Session) -> Session:
        server.moderates = False
        return session

    return Stage(
        name="application password",
        key="wordpress",
        sign_in=SignIn(
            kind="application_password",
            fields={"server": SITE, "user": "ana", "app_password": server.password},
        ),
        http=lambda: RecordedHttp(server.answer),
        standing=standing,
        writes=lambda method, url: method == "POST" and url.endswith(("/wp/v2/posts", "/wp/v2/comments")),
        said_by_other=said,
        speak=speak,
        unsay=unsay,
        acted=acted,
        powerless=powerless,
        ear="comments",
        own_ear="comments",
        failing=lambda reply: RecordedHttp(failing(reply)),
        impossible={"refresh": "an application password does not end by itself and is not renewed"},
    )


STAGES = (application_password,)
