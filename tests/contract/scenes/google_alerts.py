"""One alert: redirects of Google become the articles they lead to."""

from palabre.networks.contract import Watch
from tests.contract.scene import Reply, Request, Scenes, Walk
from tests.contract.scenes.feeds import NOT_A_FEED

URL = "https://www.google.fr/alerts/feeds/04175468913983673025/4428013283581841004"

ENTRY = """<entry><id>tag:google.com,2013:googlealerts/feed:{n}</id>
<title type="html">La &lt;b&gt;Maison Tilleul&lt;/b&gt; ouvre ses portes ...</title>
<link href="https://www.google.com/url?rct=j&amp;sa=t&amp;url=https://journal.example/{n}%3Futm_source%3Dga&amp;ct=ga"/>
<published>2026-11-23T0{n}:00:00Z</published><updated>2026-11-23T0{n}:00:00Z</updated>
<content type="html">Un extrait sur la &lt;b&gt;Maison Tilleul&lt;/b&gt; &amp;nbsp;...</content>
<author><name></name></author></entry>"""


def answers(request: Request) -> Reply:
    """The feed, whatever is asked."""
    entries = "".join(ENTRY.format(n=n) for n in (3, 2, 1))
    return Reply(
        body='<feed xmlns="http://www.w3.org/2005/Atom"><title>Alerte Google – Maison Tilleul</title>'
        f"{entries}</feed>"
    )


SCENES = Scenes(
    key="google_alerts",
    walks=(
        Walk(
            name="alert",
            watch=Watch(kind="alert", target=URL),
            ids=tuple(f"https://journal.example/{n}" for n in (1, 2, 3)),
            answers=answers,
            unlike=NOT_A_FEED,
        ),
    ),
)
