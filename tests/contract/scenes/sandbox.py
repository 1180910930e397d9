"""The sandbox has no server: its walks are what its world says of the week before the scenes' clock."""

from datetime import timedelta

from palabre.networks.contract import Watch
from palabre.networks.sandbox import BRAND, PACE, PAST, World
from palabre.networks.sandbox.invented.names import OUTLETS
from tests.contract.scene import NOW, Listening, Scenes, Walk

_SAID = tuple(World((BRAND,), 1, "fr").said(NOW - PAST, NOW))
_WEEK = tuple(post["id"] for post in _SAID)
_HOST = OUTLETS["fr"][0][1]
_PRINTED = tuple(post["id"] for post in _SAID if post["outlet"] == _HOST)
_BEAT = int((NOW - timedelta(minutes=5)).timestamp()) // PACE
_BEATS = tuple(World((BRAND,), 1, "fr").beat(_BEAT + 1 + n)["id"] for n in range(300 // PACE))

_NO_HTTP = "the sandbox lives in memory and asks nothing over HTTP; its behaviours are tested beside it"

SCENES = Scenes(
    key="sandbox",
    walks=(
        Walk(name="search", watch=Watch(kind="search", target="", words=(BRAND,)), ids=_WEEK),
        Walk(name="outlet", watch=Watch(kind="outlet", target=_HOST), ids=_PRINTED),
    ),
    listenings=(
        Listening(
            name="live",
            watch=Watch(kind="live", target="", options={"behaviour": "broken_stream"}),
            ids=_BEATS,
            cursor={"beat": _BEAT},
        ),
    ),
    plain_text=True,
    impossible={"http_failures": _NO_HTTP, "stream_failures": _NO_HTTP},
)
