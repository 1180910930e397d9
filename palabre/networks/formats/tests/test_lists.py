"""Lists of feeds and of pages: OPML, sitemaps, and what a page says about its feeds."""

import gzip
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palabre.networks.formats.discovery import HtmlPage, common_places
from palabre.networks.formats.opml import NotOpml, Outline, read_opml, write_opml
from palabre.networks.formats.page_change import MAX_MARKS, added, marks_of, remembered
from palabre.networks.formats.rhythm import LONGEST, SHORTEST, gap, max_age, next_visit
from palabre.networks.formats.sitemap import NotASitemap, read_sitemap, title_from

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


class TestOpml:
    FEEDS = (
        Outline(url="https://e.fr/rss", title="Le « journal » & l’écho", site="https://e.fr", folders=()),
        Outline(url="https://f.fr/rss", title="F", folders=("Presse", "Régionale")),
        Outline(url="https://g.fr/rss", title="G", folders=("Presse",)),
    )

    def test_what_goes_out_comes_back(self) -> None:
        assert set(read_opml(write_opml(self.FEEDS, title="Mes flux"))) == set(self.FEEDS)

    def test_other_readers_spellings_and_folders_are_understood(self) -> None:
        body = (
            '<?xml version="1.0" encoding="ISO-8859-1"?><opml version="1.1"><body><outline text="Été">'
            '<outline text="A &amp; B" xmlurl="http://a.fr/rss" htmlUrl="http://a.fr"/>'
            '<OUTLINE title="C" XMLURL="feed://c.fr/rss"/></outline>'
            '<outline text="A encore" xmlUrl="http://a.fr/rss"/>'
            '<outline text="piège" xmlUrl="javascript:alert(1)"/></body></opml>'
        ).encode("latin-1")
        first, second = read_opml(body)
        assert (first.url, first.title, first.folders) == ("http://a.fr/rss", "A & B", ("Été",))
        assert (second.url, second.folders) == ("https://c.fr/rss", ("Été",))

    def test_depth_and_number_are_bounded(self) -> None:
        deep = '<outline text="x">' * 200 + '<outline xmlUrl="http://a.fr/"/>' + "</outline>" * 200
        (found,) = read_opml(f"<opml><body>{deep}</body></opml>".encode())
        assert len(found.folders) <= 20
        many = "".join(f'<outline xmlUrl="http://a.fr/{n}"/>' for n in range(12_000))
        assert len(read_opml(f"<opml><body>{many}</body></opml>".encode())) == 10_000

    @pytest.mark.parametrize("body", [b"", b"<rss/>", b"hello", b"<opml><body/></opml>"])
    def test_what_holds_no_list_says_so(self, body: bytes) -> None:
        with pytest.raises(NotOpml, match="opml_unreadable"):
            read_opml(body)

    @given(st.binary(max_size=300))
    def test_no_bytes_break_it(self, body: bytes) -> None:
        try:
            read_opml(b"<opml><outline" + body)
        except NotOpml as error:
            assert error.reason in ("opml_unreadable", "feed_entity_bomb")


class TestSitemaps:
    LIST = (
        b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc> https://e.fr/a </loc>'
        b"<lastmod>2026-11-22</lastmod></url><url><loc>javascript:alert(1)</loc></url>"
        b"<url><loc>https://e.fr/b</loc><lastmod>2090-01-01</lastmod></url></urlset>"
    )

    def test_a_list_packed_or_not(self) -> None:
        for body in (self.LIST, gzip.compress(self.LIST)):
            sitemap = read_sitemap(body, now=NOW)
            assert [place.url for place in sitemap.places] == ["https://e.fr/a", "https://e.fr/b"]
            assert sitemap.places[0].moment == datetime(2026, 11, 22, tzinfo=UTC)
            assert sitemap.places[1].moment is None

    def test_one_address_a_line(self) -> None:
        assert len(read_sitemap(b"https://e.fr/a\nhttps://e.fr/b\nnot one\n", now=NOW).places) == 2

    def test_a_packed_bomb_is_refused(self) -> None:
        with pytest.raises(NotASitemap, match="sitemap_too_large"):
            read_sitemap(gzip.compress(b"<urlset>" + b" " * 60_000_000), now=NOW)

    @pytest.mark.parametrize("body", [b"", b"<html><body/></html>", b"\x1f\x8bbroken", b"hello", b"<rss/>"])
    def test_what_is_no_list_says_so(self, body: bytes) -> None:
        with pytest.raises(NotASitemap):
            read_sitemap(body, now=NOW)

    def test_a_title_out_of_an_address(self) -> None:
        assert title_from("https://e.fr/2026/11/le-pont-est-ouvert-123.html") == "Le pont est ouvert 123"
        assert title_from("https://e.fr/caf%C3%A9_du_port/42") == "Café du port"
        assert title_from("https://e.fr/") == "e.fr"


class TestDiscovery:
    PAGE = b"""<html lang="fr-FR"><head><title>Le journal</title><base href="https://e.fr/blog/">
    <link rel="alternate" type="application/rss+xml" title="Commentaires" href="/comments/feed">
    <link rel="alternate" type="application/atom+xml" href="atom.xml">
    <link rel="alternate" type="application/json" href="feed.json">
    <link rel="alternate" hreflang="en" href="/en"><link rel="canonical" href="/blog/">
    <meta property="article:published_time" content="2026-11-21"></head>
    <body><a href="/rss.xml">RSS</a><a href="javascript:x">no</a><a href="/feedback">no</a></body></html>"""

    def test_declared_feeds_come_first_and_comments_after_them(self) -> None:
        page = HtmlPage(self.PAGE, url="https://e.fr/")
        assert page.feeds() == (
            "https://e.fr/blog/atom.xml",
            "https://e.fr/blog/feed.json",
            "https://e.fr/comments/feed",
            "https://e.fr/rss.xml",
        )
        assert (page.title, page.language, page.canonical()) == ("Le journal", "fr-FR", "https://e.fr/blog/")
        assert page.meta("datePublished", "article:published_time") == "2026-11-21"

    def test_the_usual_places_are_of_the_same_site(self) -> None:
        assert all(place.startswith("https://e.fr/") for place in common_places("https://e.fr/a/b?c"))

    @given(st.binary(max_size=300))
    def test_no_bytes_break_it(self, body: bytes) -> None:
        page = HtmlPage(body, url="https://e.fr/")
        assert isinstance(page.title + page.language, str) and isinstance(page.feeds(), tuple)


class TestChange:
    BEFORE = "Les horaires de la médiathèque changent lundi.\nLe marché a lieu le samedi matin.\nMenu"

    def test_what_is_added_is_told_and_nothing_else(self) -> None:
        after = "Une nouvelle ligne de bus dessert le port.\n" + self.BEFORE
        assert added(after, marks_of(self.BEFORE)) == "Une nouvelle ligne de bus dessert le port."

    def test_dates_counters_and_small_change_are_no_news(self) -> None:
        one = "Il y a 3 heures, 1 204 personnes ont lu cet article de la mairie"
        two = "Il y a 2 jours, 98 personnes ont lu cet article de la mairie"
        assert added(two, marks_of(one)) == ""
        assert added("23 novembre 2026\nAccueil\n42", []) == ""

    def test_what_goes_and_comes_back_is_not_new(self) -> None:
        first = marks_of(self.BEFORE)
        other = "Une tout autre annonce a pris la place de la première."
        kept = remembered(other, first)
        assert added(self.BEFORE, kept) == ""

    def test_what_is_remembered_stays_small(self) -> None:
        letters = [chr(97 + n % 26) + chr(97 + n // 26 % 26) + chr(97 + n // 676) for n in range(5000)]
        long = "\n".join(f"ligne {word} tout à fait différente" for word in letters)
        assert len(marks_of(long)) == 5000 and len(remembered(long, [])) == MAX_MARKS


class TestRhythm:
    def wait(self, **given: object) -> float:
        usual: dict[str, object] = {"now": NOW, "usual_gap": None, "newest": None, "calm": 0}
        return next_visit(**{**usual, **given})  # type: ignore[arg-type]

    def test_a_busy_feed_is_visited_often_and_a_sleeping_one_seldom(self) -> None:
        busy = self.wait(usual_gap=1800.0, newest=NOW - timedelta(minutes=10))
        daily = self.wait(usual_gap=86_400.0, newest=NOW - timedelta(hours=10))
        asleep = self.wait(usual_gap=86_400.0, newest=NOW - timedelta(days=400))
        assert SHORTEST == busy < daily < asleep == LONGEST

    def test_without_dates_calm_makes_visits_rarer(self) -> None:
        waits = [self.wait(calm=calm) for calm in range(15)]
        assert waits == sorted(waits) and waits[0] == 3600 and waits[-1] == LONGEST

    def test_the_publishers_wish_is_heeded_within_an_hour(self) -> None:
        assert self.wait(newest=NOW, usual_gap=60.0, asked=1800.0) == 1800
        assert self.wait(newest=NOW, usual_gap=60.0, asked=10**9) == 3600

    def test_hours_of_rest_are_kept(self) -> None:
        assert self.wait(newest=NOW, usual_gap=60.0, skip_hours=frozenset({12, 13})) == 7200
        assert self.wait(newest=NOW, usual_gap=60.0, skip_hours=frozenset(range(24))) == SHORTEST

    @given(st.floats(0, 1e12), st.integers(0, 10**6), st.floats(0, 1e12), st.integers(0, 400))
    def test_it_is_always_within_the_bounds(self, usual: float, calm: int, asked: float, days: int) -> None:
        newest = NOW - timedelta(days=days)
        assert SHORTEST <= self.wait(usual_gap=usual, calm=calm, asked=asked, newest=newest) <= LONGEST

    def test_the_usual_gap_is_the_middle_one(self) -> None:
        moments = [NOW - timedelta(hours=hour) for hour in (0, 1, 2, 3, 99)]
        assert gap(moments) == 3600 and gap(moments[:2]) is None and gap([None]) is None

    def test_freshness_is_read_from_the_headers(self) -> None:
        assert max_age({"cache-control": "public, Max-Age=600"}) == 600
        assert max_age({"cache-control": "no-store"}) == max_age({}) == 0
