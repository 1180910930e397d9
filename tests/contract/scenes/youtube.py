"""One channel's feed, with its views and pictures."""

from palabre.networks.contract import Watch
from tests.contract.scene import Reply, Request, Scenes, Walk
from tests.contract.scenes.feeds import NOT_A_FEED

URL = "https://www.youtube.com/feeds/videos.xml?channel_id=UCaaaaaaaaaaaaaaaaaaaaaa"

ENTRY = """<entry><id>yt:video:{n}</id><yt:videoId>{n}</yt:videoId><title>Vidéo {n}</title>
<link rel="alternate" href="https://www.youtube.com/watch?v={n}"/>
<author><name>Maison Tilleul</name><uri>https://www.youtube.com/channel/UCaaaaaaaaaaaaaaaaaaaaaa</uri></author>
<published>2026-11-2{n}T10:00:00+00:00</published><updated>2026-11-2{n}T11:00:00+00:00</updated>
<media:group><media:title>Vidéo {n}</media:title>
<media:thumbnail url="https://i2.ytimg.com/vi/{n}/hqdefault.jpg" width="480" height="360"/>
<media:description>Ce que montre la vidéo {n}.</media:description>
<media:community><media:starRating count="7" average="5.00" min="1" max="5"/>
<media:statistics views="12{n}"/></media:community></media:group></entry>"""


def answers(request: Request) -> Reply:
    """The feed, whatever is asked."""
    entries = "".join(ENTRY.format(n=n) for n in (2, 1))
    return Reply(
        body='<feed xmlns="http://www.w3.org/2005/Atom" xmlns:yt="http://www.youtube.com/xml/schemas/2015"'
        f' xmlns:media="http://search.yahoo.com/mrss/"><title>Maison Tilleul</title>{entries}</feed>'
    )


SCENES = Scenes(
    key="youtube",
    walks=(
        Walk(
            name="channel",
            watch=Watch(kind="channel", target=URL),
            ids=("youtube.com|yt:video:1", "youtube.com|yt:video:2"),
            answers=answers,
            unlike=NOT_A_FEED,
        ),
    ),
)
