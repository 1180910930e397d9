"""A site whose index names a list of news and one of everything."""

from palabre.networks.contract import Watch
from tests.contract.scene import Reply, Request, Scenes, Walk
from tests.contract.scenes.feeds import NOT_A_FEED

URL = "https://example.org/sitemap.xml"

INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>https://example.org/all.xml</loc><lastmod>2026-11-23</lastmod></sitemap>
<sitemap><loc>https://example.org/news.xml</loc></sitemap>
<sitemap><loc>https://example.org/2009.xml</loc><lastmod>2009-01-01</lastmod></sitemap></sitemapindex>"""

NEWS = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>https://example.org/la-fete-du-village?utm_source=sitemap</loc><news:news><news:publication>
<news:name>Le journal</news:name><news:language>fr</news:language></news:publication>
<news:publication_date>2026-11-23T08:00:00+01:00</news:publication_date>
<news:title>La fête du village &amp;amp; son marché</news:title></news:news></url></urlset>"""

ALL = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>https://example.org/le-pont-est-ouvert.html</loc><lastmod>2026-11-22</lastmod></url>
<url><loc>https://example.org/une-vieille-page</loc><lastmod>2011-05-05</lastmod></url>
<url><loc>https://example.org/sans-date</loc></url></urlset>"""


def answers(request: Request) -> Reply:
    """The index and its lists."""
    return Reply(body={"/sitemap.xml": INDEX, "/news.xml": NEWS, "/all.xml": ALL}[request.path])


SCENES = Scenes(
    key="sitemap",
    walks=(
        Walk(
            name="sitemap",
            watch=Watch(kind="sitemap", target=URL),
            ids=("https://example.org/la-fete-du-village", "https://example.org/le-pont-est-ouvert.html"),
            answers=lambda request: (
                answers(request) if request.path != "/2009.xml" else Reply(body=ALL.replace("sans-date", "x"))
            ),
            unlike=NOT_A_FEED,
        ),
    ),
    raw=(
        (
            {"url": "https://example.org/a-b-c", "title": "", "published": None, "language": "fr"},
            Watch(kind="sitemap", target=URL),
        ),
    ),
)
