"""Feeds over the shared failure table: a page, a broken or an empty answer is not a feed, and says so."""

from palabre.networks.contract import Watch
from palabre.networks.errors import Rejected
from tests.contract.scene import Reply, Request, Scenes, Unlike, Walk

NOT_A_FEED = {
    name: Unlike(error=Rejected, reason="what comes from a wrong address is refused with what was found")
    for name in ("truncated", "html", "empty", "other_shape")
}

URL = "https://example.org/feed"
OLDER = "https://example.org/feed?page=2"

ITEM = """<item><title>{n} choses &amp;amp; d’autres</title><link>https://example.org/{n}?utm_source=rss</link>
<guid isPermaLink="false">{n}</guid><pubDate>Mon, 23 Nov 2026 0{n}:00:00 GMT</pubDate>
<dc:creator>Anne Beaulieu</dc:creator><description>&lt;p&gt;Un texte court.&lt;/p&gt;</description>
<media:thumbnail url="https://example.org/{n}.jpg"/></item>"""


def rss(*numbers: int, older: str = "") -> str:
    """An RSS document with these entries."""
    link = f'<atom:link rel="next" href="{older}"/>' if older else ""
    return (
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"'
        ' xmlns:media="http://search.yahoo.com/mrss/"><channel><title>Le journal</title>'
        f"<link>https://example.org/</link>{link}{''.join(ITEM.format(n=n) for n in numbers)}</channel></rss>"
    )


def answers(request: Request) -> Reply:
    """Two pages; the first knows its validators."""
    if request.url == OLDER:
        return Reply(body=rss(1, 2))
    if request.headers.get("if-none-match") == '"v1"':
        return Reply(status=304)
    return Reply(
        body=rss(4, 3, 2, older=OLDER), headers={"ETag": '"v1"', "Content-Type": "application/rss+xml"}
    )


SCENES = Scenes(
    key="feeds",
    walks=(
        Walk(
            name="feed",
            watch=Watch(kind="feed", target=URL),
            ids=tuple(f"example.org|{n}" for n in (1, 2, 3, 4)),
            answers=answers,
            unlike=NOT_A_FEED,
        ),
    ),
)
