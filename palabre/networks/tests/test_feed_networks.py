"""Feeds, alerts, channels, sitemaps and pages: what a visit asks, gives and remembers; what is found."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from palabre.kit.http import HttpFailure
from palabre.kit.mailbox import Mailboxes
from palabre.networks import feeds, google_alerts, sitemap, webpage, youtube
from palabre.networks.contract import Page, Session, Watch
from palabre.networks.errors import Gone, Rejected, Temporary
from palabre.networks.formats.article import extract_article, read_article
from palabre.networks.formats.rhythm import LONGEST, SHORTEST
from tests.contract.scene import NOW, RecordedHttp, Reply, Request

FEED = "https://e.fr/feed"
WATCH = Watch(kind="feed", target=FEED)


def rss(*items: str, channel: str = "") -> str:
    return f'<rss version="2.0"><channel><title>Le journal</title>{channel}{"".join(items)}</channel></rss>'


def item(n: int, *, text: str = "Texte") -> str:
    return (
        f"<item><guid>{n}</guid><title>Titre {n}</title><link>https://e.fr/{n}</link>"
        f"<pubDate>Mon, 23 Nov 2026 0{n % 10}:00:00 GMT</pubDate><description>{text}</description></item>"
    )


class Site(RecordedHttp):
    """Pages by address; anything else is not found."""

    def __init__(self, pages: Mapping[str, Any]) -> None:
        super().__init__(self.answer)
        self.pages = dict(pages)

    def answer(self, request: Request) -> Reply | HttpFailure:
        page = self.pages.get(request.url, Reply(status=404))
        return page if isinstance(page, (Reply, HttpFailure)) else Reply(body=page)


def session(pages: Mapping[str, Any]) -> Session:
    return Session(http=Site(pages), mailboxes=Mailboxes(), now=lambda: NOW)


def said(connector: Any, page: Page, watch: Watch = WATCH) -> list[str]:
    return [i.title for raw in page.raw if (i := connector.normalise(raw, watch))]


class TestFeeds:
    async def test_only_what_is_new_or_changed_is_given(self) -> None:
        there = session({FEED: rss(item(2), item(1))})
        first = await feeds.connector.fetch(there, WATCH, None)
        assert said(feeds.connector, first) == ["Titre 2", "Titre 1"] and first.title == "Le journal"
        same = await feeds.connector.fetch(there, WATCH, first.cursor)
        assert same.unchanged and same.raw == ()
        there.http.pages[FEED] = rss(item(3), item(2, text="Corrigé"), item(1))  # type: ignore[attr-defined]
        later = await feeds.connector.fetch(there, WATCH, same.cursor)
        assert said(feeds.connector, later) == ["Titre 3", "Titre 2"]
        json.dumps(later.cursor)

    async def test_validators_are_sent_back(self) -> None:
        reply = Reply(body=rss(item(1)), headers={"ETag": '"a"', "Last-Modified": "Mon"})
        there = session({FEED: reply})
        first = await feeds.connector.fetch(there, WATCH, None)
        there.http.pages[FEED] = Reply(status=304)  # type: ignore[attr-defined]
        second = await feeds.connector.fetch(there, WATCH, first.cursor)
        asked = there.http.asked[-1].headers  # type: ignore[attr-defined]
        assert (asked["if-none-match"], asked["if-modified-since"]) == ('"a"', "Mon")
        assert second.unchanged and second.cursor["calm"] == 1

    async def test_the_next_visit_follows_the_rhythm_within_bounds(self) -> None:
        busy = await feeds.connector.fetch(session({FEED: rss(item(9), item(8), item(7))}), WATCH, None)
        old = rss(item(1).replace("2026", "2019"))
        asleep = await feeds.connector.fetch(session({FEED: old}), WATCH, None)
        assert busy.wait is not None and asleep.wait is not None
        assert SHORTEST <= busy.wait < asleep.wait <= LONGEST

    async def test_a_feed_that_moved_for_good_says_where(self) -> None:
        there = session({FEED: Reply(body=rss(item(1)), moved_to="https://new.e.fr/feed")})
        assert (await feeds.connector.fetch(there, WATCH, None)).moved_to == "https://new.e.fr/feed"

    async def test_each_end_of_a_feed_has_its_type_and_its_sentence(self) -> None:
        for page, error, words in (
            (Reply(status=410), Gone, "supprimée"),
            (Reply(status=404), Rejected, "rien à cette adresse"),
            ("<html><body>Bonjour</body></html>", Rejected, "page web"),
            (b"", Rejected, "vide"),
            (HttpFailure("tls_expired", "e.fr"), Temporary, "expiré"),
        ):
            with pytest.raises(error) as failure:
                await feeds.connector.fetch(session({FEED: page}), WATCH, None)
            assert words in failure.value.message("fr")

    async def test_ids_that_were_found_repeated_are_never_trusted_again(self) -> None:
        twice = rss(item(1), item(1).replace("e.fr/1", "e.fr/other"))
        there = session({FEED: twice})
        first = await feeds.connector.fetch(there, WATCH, None)
        there.http.pages[FEED] = rss(item(1))  # type: ignore[attr-defined]
        second = await feeds.connector.fetch(there, WATCH, first.cursor)
        assert second.raw == ()

    async def test_older_pages_are_walked_once_and_only_on_the_same_site(self) -> None:
        link = '<a:link xmlns:a="http://www.w3.org/2005/Atom" rel="next" href="{}"/>'
        pages = {
            FEED: rss(item(3), channel=link.format("https://e.fr/feed?p=2")),
            "https://e.fr/feed?p=2": rss(item(2), channel=link.format("https://evil.example/feed")),
        }
        there = session(pages)
        first = await feeds.connector.fetch(there, WATCH, None)
        assert first.more
        second = await feeds.connector.fetch(there, WATCH, first.cursor)
        assert said(feeds.connector, second) == ["Titre 2"] and not second.more
        third = await feeds.connector.fetch(there, WATCH, second.cursor)
        assert third.unchanged and not third.more

    def test_an_entry_that_says_nothing_is_no_item(self) -> None:
        assert feeds.connector.normalise({"id": "x", "title": "", "text": ""}, WATCH) is None


class TestFinding:
    PAGE = '<html><head><link rel="alternate" type="application/rss+xml" href="/feed"></head></html>'

    async def found(self, typed: str, pages: Mapping[str, Any]) -> list[tuple[str, str]]:
        suggestions = await feeds.connector.suggest(session(pages), typed)
        return [(s.watch.target, s.title) for s in suggestions]

    async def test_behind_a_bare_host(self) -> None:
        pages = {"https://e.fr": self.PAGE, FEED: rss(item(1))}
        assert await self.found("e.fr", pages) == [(FEED, "Le journal")]

    async def test_at_its_own_address_and_under_its_new_one(self) -> None:
        assert await self.found(FEED, {FEED: rss(item(1))}) == [(FEED, "Le journal")]
        moved = Reply(body=rss(item(1)), moved_to="https://e.fr/rss")
        assert await self.found(FEED, {FEED: moved}) == [("https://e.fr/rss", "Le journal")]

    async def test_in_the_usual_places(self) -> None:
        pages = {"https://e.fr/blog": "<html><body>x</body></html>", "https://e.fr/rss.xml": rss(item(1))}
        assert await self.found("https://e.fr/blog", pages) == [("https://e.fr/rss.xml", "Le journal")]

    async def test_without_encryption_where_the_site_has_none(self) -> None:
        pages = {"https://e.fr": HttpFailure("connection_refused", "e.fr"), "http://e.fr": rss(item(1))}
        assert await self.found("e.fr", pages) == [("http://e.fr", "Le journal")]

    async def test_nothing_where_there_is_nothing_and_an_error_where_one_cannot_look(self) -> None:
        assert await self.found("https://e.fr/", {"https://e.fr/": "<html><body>x</body></html>"}) == []
        with pytest.raises(Temporary):
            await self.found("https://e.fr/", {"https://e.fr/": HttpFailure("name_not_found", "e.fr")})


class TestFindingWhatIsBroken:
    """A file that gives itself out as a feed and cannot be read is refused with its reason and its line."""

    CUT = "<?xml version='1.0'?>\n<rss version='2.0'>\n<channel><title>Casse</title>"
    CROSSED = "<?xml version='1.0'?>\n<rss>\n<channel>\n<title>Casse</link></channel></rss>"
    PAGE = "<!doctype html><title>Le journal</title><link rel=alternate type=application/rss+xml href=/feed>"

    @pytest.mark.parametrize(
        ("body", "code", "line"),
        [
            (CUT, "feed_stops", 3),
            (CROSSED, "feed_unclosed", 4),
            ("<?xml version='1.0'?>\n<<<<", "feed_broken", 2),
            ("<?xml version='1.0'?>\n", "feed_stops", 2),
            ("<rss", "feed_broken", 1),
        ],
    )
    async def test_at_the_address_itself_it_is_no_page_to_watch(
        self, body: str, code: str, line: int
    ) -> None:
        there = session({FEED: Reply(body=body.encode(), headers={"content-type": "text/html"})})
        with pytest.raises(Rejected) as refused:
            await feeds.connector.suggest(there, FEED)
        assert (refused.value.code, refused.value.params["line"]) == (code, line)
        assert f"ligne {line}" in refused.value.message("fr") and f"line {line}" in refused.value.message(
            "en"
        )
        assert await webpage.connector.suggest(there, FEED) == ()

    async def test_declared_by_a_page_it_is_told_and_the_page_may_be_watched(self) -> None:
        there = session({"https://e.fr/": self.PAGE + "<p>Ouvert le dimanche.", FEED: self.CUT})
        with pytest.raises(Rejected, match="feed_stops"):
            await feeds.connector.suggest(there, "https://e.fr/")
        (page,) = await webpage.connector.suggest(there, "https://e.fr/")
        assert page.second_best and page.title == "Le journal"

    async def test_another_feed_of_the_site_is_offered_instead(self) -> None:
        there = session({"https://e.fr/": self.PAGE, FEED: self.CUT, "https://e.fr/rss.xml": rss(item(1))})
        (found,) = await feeds.connector.suggest(there, "https://e.fr/")
        assert found.watch.target == "https://e.fr/rss.xml"

    async def test_a_visit_that_can_read_nothing_says_the_line_and_one_that_can_goes_on(self) -> None:
        with pytest.raises(Rejected, match="feed_stops"):
            await feeds.connector.fetch(session({FEED: self.CUT}), WATCH, None)
        cut = rss(item(1)).removesuffix("</channel></rss>")
        page = await feeds.connector.fetch(session({FEED: cut}), WATCH, None)
        assert said(feeds.connector, page) == ["Titre 1"]

    async def test_an_empty_feed_is_a_feed(self) -> None:
        (found,) = await feeds.connector.suggest(session({FEED: rss()}), FEED)
        assert found.title == "Le journal"

    @pytest.mark.parametrize(
        "page",
        [
            "<?xml version='1.0'?><!DOCTYPE html PUBLIC 'x' 'y'><html><p>Bonjour à tous</html>",
            "<!doctype html><p>Un <?xml ?> dans une page",
            "<!-- bonjour --><html><p>Un exemple\xa0: &lt;rss&gt;</html>",
        ],
    )
    async def test_a_page_is_a_page_whatever_it_quotes(self, page: str) -> None:
        sent = Reply(body=page.encode(), headers={"content-type": "application/xml"})
        assert await feeds.connector.suggest(session({FEED: sent}), FEED) == ()
        assert await webpage.connector.suggest(session({FEED: sent}), FEED)


class TestGoogleAlerts:
    URL = "https://www.google.com/alerts/feeds/123/456"

    def test_an_alert_is_known_by_its_address_and_its_query_by_its_title(self) -> None:
        assert google_alerts.is_alert(self.URL) and google_alerts.is_alert(
            "https://www.google.fr/alerts/feeds/1/2"
        )
        assert not google_alerts.is_alert("https://google.evil.example/alerts/feeds/1/2")
        assert not google_alerts.is_alert("https://www.google.com/alerts")
        for title in (
            "Google Alert - Tilleul",
            "Alerte Google – Tilleul",
            "Google Alerts: Tilleul",
            "Tilleul",
        ):
            assert google_alerts.query_of(title) == "Tilleul"
        assert google_alerts.query_of("Google Alert - Tilleul - Nîmes") == "Tilleul - Nîmes"

    def test_an_item_is_the_article_itself(self) -> None:
        raw = {
            "id": "tag:google.com,2013:googlealerts/feed:1",
            "url": "https://www.google.com/url?rct=j&url=https://journal.example/a%3Futm_source%3Dga&ct=ga",
            "title": "La Maison Tilleul ouvre ...",
            "text": "Un extrait\u00a0...",
        }
        found = google_alerts.connector.normalise(raw, Watch(kind="alert", target=self.URL))
        assert found is not None and found.summary_only
        assert found.url == found.remote_id == "https://journal.example/a"
        assert (found.outlet, found.title, found.text) == (
            "journal.example",
            "La Maison Tilleul ouvre…",
            "Un extrait…",
        )

    async def test_only_an_alerts_address_is_recognised(self) -> None:
        there = session(
            {self.URL: '<feed xmlns="http://www.w3.org/2005/Atom"><title>Google Alert - T</title></feed>'}
        )
        (suggestion,) = await google_alerts.connector.suggest(there, self.URL)
        assert suggestion.title == "T"
        assert await google_alerts.connector.suggest(there, "lemonde.fr") == ()


class TestYouTube:
    ID = "UC" + "a" * 22
    FEED = f"https://www.youtube.com/feeds/videos.xml?channel_id={ID}"
    DOCUMENT = '<feed xmlns="http://www.w3.org/2005/Atom"><title>Chaîne</title></feed>'

    @pytest.mark.parametrize(
        ("typed", "page"),
        [
            (ID, None),
            (f"https://www.youtube.com/channel/{ID}/videos", None),
            (
                "@arte",
                f'<html><head><link rel="canonical" href="https://www.youtube.com/channel/{ID}"></head></html>',
            ),
            ("youtube.com/@arte", f'<html><body><script>{{"externalId":"{ID}"}}</script></body></html>'),
            (
                "https://m.youtube.com/c/arte",
                f'<html><head><meta itemprop="identifier" content="{ID}"></head></html>',
            ),
        ],
    )
    async def test_a_channel_is_found_from_whatever_names_it(self, typed: str, page: str | None) -> None:
        pages: dict[str, Any] = {self.FEED: self.DOCUMENT}
        for address in ("https://www.youtube.com/%40arte", "https://youtube.com/@arte", typed):
            pages.setdefault(address, page or Reply(status=404))
        (suggestion,) = await youtube.connector.suggest(session(pages), typed)
        assert (suggestion.watch.target, suggestion.title) == (self.FEED, "Chaîne")

    async def test_other_sites_are_left_alone(self) -> None:
        assert await youtube.connector.suggest(session({}), "https://e.fr/@arte") == ()


class TestSitemaps:
    URL = "https://e.fr/sitemap.xml"
    SITEMAP = Watch(kind="sitemap", target=URL)

    def listing(self, **places: str) -> str:
        urls = "".join(
            f"<url><loc>https://e.fr/{name}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</url>"
            for name, day in places.items()
        )
        return f"<urlset>{urls}</urlset>"

    async def test_old_pages_are_known_and_new_ones_given_once(self) -> None:
        there = session({self.URL: self.listing(ancien="2019-01-01", sans_date="", hier_soir="2026-11-22")})
        first = await sitemap.connector.fetch(there, self.SITEMAP, None)
        assert said(sitemap.connector, first, self.SITEMAP) == ["Hier soir"]
        there.http.pages[self.URL] = self.listing(  # type: ignore[attr-defined]
            ancien="2019-01-01", sans_date="", hier_soir="2026-11-22", nouvelle="", du_jour="2026-11-23"
        )
        second = await sitemap.connector.fetch(there, self.SITEMAP, first.cursor)
        assert set(said(sitemap.connector, second, self.SITEMAP)) == {"Nouvelle", "Du jour"}
        assert (await sitemap.connector.fetch(there, self.SITEMAP, second.cursor)).raw == ()
        assert len(json.dumps(second.cursor)) < 1000

    async def test_the_sitemaps_a_site_declares_are_found(self) -> None:
        pages = {
            "https://e.fr/robots.txt": b"User-agent: *\nSitemap: https://e.fr/all.xml\nsitemap: https://e.fr/news.xml",
            "https://e.fr/all.xml": self.listing(un=""),
            "https://e.fr/news.xml": self.listing(un=""),
        }
        found = await sitemap.connector.suggest(session(pages), "e.fr")
        assert [s.watch.target for s in found] == ["https://e.fr/news.xml", "https://e.fr/all.xml"]

    async def test_too_many_undated_pages_are_refused_with_a_reason(self) -> None:
        many = self.listing(**{f"p{n}": "" for n in range(5001)})
        with pytest.raises(Rejected) as refused:
            await sitemap.connector.fetch(session({self.URL: many}), self.SITEMAP, None)
        assert "5001" in refused.value.message("fr")


class TestWebPages:
    URL = "https://e.fr/actus"
    PAGE = Watch(kind="page", target=URL)

    def page(self, *lines: str) -> str:
        return (
            f"<html lang='fr'><title>Actus</title><body>{''.join(f'<p>{x}</p>' for x in lines)}</body></html>"
        )

    async def test_what_is_added_becomes_an_item_and_nothing_else_does(self) -> None:
        there = session(
            {self.URL: self.page("La piscine rouvre ses portes au public.", "Mis à jour il y a 3 minutes")}
        )
        first = await webpage.connector.fetch(there, self.PAGE, None)
        assert first.raw == ()
        there.http.pages[self.URL] = self.page(  # type: ignore[attr-defined]
            "Le concert de ce soir est annulé.",
            "La piscine rouvre ses portes au public.",
            "Mis à jour il y a 9 minutes",
        )
        second = await webpage.connector.fetch(there, self.PAGE, first.cursor)
        (found,) = [webpage.connector.normalise(raw, self.PAGE) for raw in second.raw]
        assert found is not None and found.text == "Le concert de ce soir est annulé."
        assert found.published_at == NOW and found.title == "Actus"
        assert (await webpage.connector.fetch(there, self.PAGE, second.cursor)).raw == ()

    async def test_a_calm_page_is_visited_ever_more_rarely_up_to_a_day(self) -> None:
        there = session({self.URL: self.page("Une page qui ne change jamais du tout.")})
        cursor, waits = None, []
        for _ in range(40):
            page = await webpage.connector.fetch(there, self.PAGE, cursor)
            cursor, waits = page.cursor, [*waits, page.wait]
        assert waits == sorted(waits) and waits[-1] == LONGEST


class TestArticles:
    PARAGRAPH = "La médiathèque de la rue des Tilleuls ouvre désormais ses portes le dimanche matin. " * 4
    PAGE = f"""<html lang="fr-FR"><head><title>La médiathèque ouvre le dimanche</title>
    <meta name="author" content="Anne Beaulieu">
    <meta property="article:published_time" content="2026-11-21T10:00:00+01:00">
    <meta property="og:site_name" content="Le Journal"></head><body><nav>Accueil Sport Culture</nav>
    <article><h1>La médiathèque ouvre le dimanche</h1><p>{PARAGRAPH}</p><p>{PARAGRAPH}</p></article>
    <script>alert(1)</script><footer>Mentions légales</footer></body></html>"""

    async def test_the_main_text_its_author_and_its_moment_are_read(self) -> None:
        article = await read_article(session({"https://e.fr/a": self.PAGE}), "https://e.fr/a")
        assert "ouvre désormais ses portes" in article.text
        assert "alert" not in article.text and "Mentions légales" not in article.text
        assert (article.author, article.language, article.site) == ("Anne Beaulieu", "fr", "Le Journal")
        assert article.published == NOW - timedelta(days=2, hours=1)

    async def test_what_is_no_article_says_why(self) -> None:
        picture = Reply(body=b"\x89PNG", headers={"Content-Type": "image/png"})
        for page, code in ((picture, "article_not_a_page"), ("<html><body></body></html>", "article_empty")):
            with pytest.raises(Rejected, match=code):
                await read_article(session({"https://e.fr/a": page}), "https://e.fr/a")

    def test_an_article_of_2090_has_no_date(self) -> None:
        page = self.PAGE.replace("2026-11-21", "2090-11-21").encode()
        assert extract_article(page, url="https://e.fr/a", now=NOW).published is None
