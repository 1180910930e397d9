"""WordPress: a site in memory."""

from palabre.networks.contract import SignIn
from tests.contract.scene import RecordedHttp
from tests.contract.stage import Stage, Standing
from tests.contract.suite import failing
from tests.contract.wordpress_server import SITE, WordPressServer


def application_password() -> Stage:
    """Signed in by application password."""
    server = WordPressServer()

    async def standing() -> list[Standing]:
        return server.standing()

    return Stage(
        name="application password",
        key="wordpress",
        sign_in=SignIn(
            kind="application_password",
            fields={"server": SITE, "user": "ana", "app_password": server.password},
        ),
        http=lambda: RecordedHttp(server.answer),
        standing=standing,
        writes=lambda method, url: method == "POST" and url.endswith("/wp/v2/posts"),
        failing=lambda reply: RecordedHttp(failing(reply)),
        impossible={"refresh": "an application password does not end by itself and is not renewed"},
    )


STAGES = (application_password,)
