"""The feed reader: every dialect, every fault, and nothing refused that feedparser reads."""

import json
from datetime import UTC, datetime

import feedparser
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from palabre.networks.formats.feed import FeedDocument, FeedEntry, NotAFeed, read_feed
from tests.shared import SHARED, needs_shared

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
FEEDS = SHARED / "data" / "feeds"


def manifest() -> list[tuple[str, int]]:
    path = FEEDS / "manifest.json"
    if not path.exists():
        return []
    return [(entry["file"], entry["entries"]) for entry in json.loads(path.read_text())]


def read(text: str | bytes, **options: object) -> FeedDocument:
    body = text.encode() if isinstance(text, str) else text
    return read_feed(body, now=NOW, **options)  # type: ignore[arg-type]


def only(text: str | bytes, **options: object) -> FeedEntry:
    (entry,) = read(text, **options).entries
    return entry


def rss(item: str, channel: str = "") -> str:
    return (
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:a="http://www.w3.org/2005/Atom" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/">'
        f"<channel><title>T</title>{channel}{item}</channel></rss>"
    )


@needs_shared
@pytest.mark.parametrize(("file", "entries"), manifest())
def test_every_sample_gives_at_least_what_the_reference_reader_finds(file: str, entries: int) -> None:
    body = (FEEDS / file).read_bytes()
    try:
        found = read_feed(body, now=NOW).entries
    except NotAFeed:
        found = ()
        assert entries == 0
    # UTF-16 without a mark: the reference reader finds nothing, we find what is there.
    assert len(found) == (1 if file == "simplepie__feed-utf16le.xml" else entries)
    assert len({entry.id for entry in found}) == len(found)
    assert all(entry.url.startswith(("http://", "https://", "")) for entry in found)
    assert all("\x00" not in entry.text + entry.title for entry in found)


@needs_shared
@pytest.mark.parametrize("file", [file for file, n in manifest() if n and not file.endswith("json")])
def test_titles_dates_and_links_agree_with_the_reference_reader(file: str) -> None:
    body = (FEEDS / file).read_bytes()
    mine, reference = read_feed(body, now=NOW).entries, feedparser.parse(body).entries
    for entry, other in zip(mine, reference, strict=True):
        said = other.get("published_parsed") or other.get("updated_parsed")
        ours = entry.published or entry.updated
        if said and ours:
            assert ours.timetuple()[:5] == said[:5]
        else:
            assert ours or not said
        link = other.get("link", "")
        if link.startswith("http") and "feedproxy" not in link and "feeds.jn.pt" not in link:
            assert entry.url.partition("?")[0] == link.partition("?")[0].replace(" ", "%20")
        title = other.get("title", "")
        if title and title.isascii() and not set(title) & set("<&"):
            assert entry.title == " ".join(title.split())


class TestDialects:
    def test_rss(self) -> None:
        entry = only(
            rss(
                "<item><title>Un &amp;amp; deux</title><link>https://e.fr/1</link><guid>g1</guid>"
                "<pubDate>Sat, 21 Nov 2026 10:00:00 +0100</pubDate><author>a@e.fr (Anne Beaulieu)</author>"
                "<description>&lt;p&gt;Un.&lt;/p&gt;&lt;p&gt;Deux.&lt;/p&gt;</description>"
                '<enclosure url="/son.mp3" type="audio/mpeg"/></item>',
                "<link>https://e.fr/</link>",
            )
        )
        assert (entry.id, entry.url, entry.title) == ("g1", "https://e.fr/1", "Un & deux")
        assert entry.published == datetime(2026, 11, 21, 9, tzinfo=UTC)
        assert entry.text == "Un.\nDeux."
        assert (entry.author, entry.enclosure) == ("Anne Beaulieu", "https://e.fr/son.mp3")
        assert entry.summary_only

    def test_rss_with_the_whole_article(self) -> None:
        entry = only(
            rss(
                "<item><title>T</title><link>https://e.fr/1</link><description>Court.</description>"
                "<content:encoded><![CDATA[<p>Long.</p><script>alert(1)</script>]]></content:encoded>"
                "<dc:creator>Anne</dc:creator><dc:date>2026-11-21</dc:date></item>"
            )
        )
        assert (entry.text, entry.summary_only, entry.author) == ("Long.", False, "Anne")
        assert entry.published == datetime(2026, 11, 21, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("feed", "address"),
        [
            ('<entry xml:base="https://b.fr/x/"><id>1</id><link href="un"/></entry>', "https://b.fr/x/un"),
            ('<list xml:base="/y/"><entry><id>1</id><link href="un"/></entry></list>', "https://e.fr/y/un"),
            ("<list><entry><id>1</id><link href='un'/></entry></list>", "https://e.fr/un"),
        ],
    )
    def test_an_address_is_completed_by_what_stands_nearest(self, feed: str, address: str) -> None:
        text = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>B</title>{feed}</feed>'
        document = read(text, url="https://e.fr/feed")
        assert document.entries[0].url == address

    def test_atom_with_its_kinds_of_text(self) -> None:
        document = read(
            '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://e.fr/blog/" '
            'xml:lang="fr"><title>B</title>'
            '<link rel="hub" href="https://hub.example/"/><link rel="next" href="?page=2"/>'
            '<entry><id>tag:e.fr,2026:1</id><title type="html">&lt;b&gt;Gras&lt;/b&gt;</title>'
            '<link rel="edit" href="x"/><link href="un"/><updated>2026-11-21T10:00:00Z</updated>'
            '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Un</p>'
            "<p>deux</p></div></content>"
            "<author><name>Anne</name><uri>/anne</uri></author></entry>"
            '<entry><id>2</id><title type="text">a &lt; b</title>'
            '<summary type="text">c &lt; d</summary></entry>'
            "</feed>"
        )
        first, second = document.entries
        assert (first.title, first.text, first.url) == ("Gras", "Un\ndeux", "https://e.fr/blog/un")
        assert (first.author, first.author_url) == ("Anne", "https://e.fr/anne")
        assert (second.title, second.text) == ("a < b", "c < d")
        assert (document.hub, document.next_page) == ("https://hub.example/", "https://e.fr/blog/?page=2")
        assert document.language == "fr"

    def test_an_author_without_parts_and_a_blank_title_before_the_real_one(self) -> None:
        entry = only(
            '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><title>T</title>'
            "<author>Anne (Nîmes)</author></entry></feed>"
        )
        assert entry.author == "Anne (Nîmes)"
        entry = only(
            rss(
                "<item><title> </title><title>T<b>i</b>tre</title><link/><link> https://e.fr/1 </link>"
                "<author>anne@e.fr</author><dc:creator>Anne B.</dc:creator></item>"
            )
        )
        assert (entry.title, entry.url, entry.author) == ("Titre", "https://e.fr/1", "Anne B.")

    def test_rdf_and_atom_of_old(self) -> None:
        entry = only(
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
            '<channel rdf:about="https://e.fr/"><title>C</title></channel>'
            '<item rdf:about="https://e.fr/1"><title>Un</title><link>https://e.fr/1</link></item></rdf:RDF>'
        )
        assert (entry.id, entry.title) == ("https://e.fr/1", "Un")
        entry = only(
            '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><id>i</id><title>T</title>'
            "<issued>2004-05-06T07:08:09+02:00</issued><modified>2004-05-07T00:00:00Z</modified></entry></feed>"
        )
        assert entry.published == datetime(2004, 5, 6, 5, 8, 9, tzinfo=UTC)

    def test_json(self) -> None:
        feed = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": "J",
            "home_page_url": "https://e.fr/",
            "hubs": [{"type": "WebSub", "url": "https://hub.example/"}],
            "items": [
                {
                    "id": 7,
                    "url": "/7",
                    "title": "Sept",
                    "content_html": "<p>Un</p>",
                    "date_published": "2026-11-21T10:00:00+01:00",
                    "authors": [{"name": "Anne"}],
                    "image": "/i.png",
                    "tags": "odd",
                },
                {"id": "x", "content_text": "a <b> c"},
                "no entry",
            ],
        }
        first, second = read(json.dumps(feed)).entries
        assert (first.id, first.url, first.author, first.text) == ("7", "https://e.fr/7", "Anne", "Un")
        assert first.image == "https://e.fr/i.png"
        assert (second.text, second.url) == ("a <b> c", "")

    def test_videos_tell_their_views_and_picture(self) -> None:
        entry = only(
            '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"><entry>'
            '<id>v</id><title>V</title><link href="https://v.example/1"/><media:group>'
            '<media:thumbnail url="https://v.example/1.jpg"/>'
            "<media:description>Ce qu’on voit.</media:description>"
            '<media:community><media:statistics views="1234"/></media:community></media:group></entry></feed>'
        )
        assert (entry.views, entry.image, entry.text) == (1234, "https://v.example/1.jpg", "Ce qu’on voit.")


class TestIdentity:
    def test_without_a_guid_the_address_identifies_and_without_both_the_words(self) -> None:
        entries = read(
            rss(
                "<item><link>https://e.fr/1</link></item><item><title>Un</title></item>"
                "<item><title>Deux</title></item>"
            )
        ).entries
        again = read(rss("<item><title>Deux</title></item><item><title>Neuf</title></item>")).entries
        assert entries[0].id == "https://e.fr/1"
        assert entries[2].id == again[0].id != entries[1].id

    def test_a_guid_that_two_entries_share_is_not_trusted(self) -> None:
        document = read(
            rss(
                "<item><guid>g</guid><link>https://e.fr/1</link></item>"
                "<item><guid>g</guid><link>https://e.fr/2</link></item>"
            )
        )
        assert document.unreliable_ids
        assert [entry.id for entry in document.entries] == ["https://e.fr/1", "https://e.fr/2"]
        alone = read(rss("<item><guid>g</guid><link>https://e.fr/2</link></item>"), trust_ids=False)
        assert alone.entries[0].id == "https://e.fr/2"

    def test_the_same_entry_twice_is_one(self) -> None:
        item = "<item><guid>g</guid><link>https://e.fr/1</link><title>T</title></item>"
        assert len(read(rss(item + item)).entries) == 1

    def test_a_guid_is_an_address_only_where_it_says_so(self) -> None:
        assert only(rss("<item><guid>https://e.fr/1</guid></item>")).url == "https://e.fr/1"
        assert only(rss('<item><guid isPermaLink="false">https://e.fr/1</guid></item>')).url == ""

    def test_the_article_itself_is_preferred_to_a_redirect_that_counts_clicks(self) -> None:
        entry = only(
            '<rss xmlns:f="http://rssnamespace.org/feedburner/ext/1.0"><channel><item>'
            "<link>http://feeds.example/~r/1</link><f:origLink>https://e.fr/1</f:origLink></item></channel></rss>"
        )
        assert entry.url == "https://e.fr/1"


class TestFaults:
    def test_html_entities_bare_ampersands_and_controls(self) -> None:
        entry = only(
            rss("<item><title>Caf&eacute; & cie \x07&nbsp;!</title><link>https://e.fr/?a=1&b=2</link></item>")
        )
        assert entry.title == "Café & cie \u00a0!"
        assert entry.url == "https://e.fr/?a=1&b=2"

    def test_an_undeclared_prefix_and_an_unclosed_tag(self) -> None:
        text = rss("<item><title>Un</title><odd:x>1</odd:x><guid>1</guid></item><item><title>Deux</title>")
        assert [entry.title for entry in read(text).entries] == ["Un", "Deux"]

    def test_a_document_cut_in_the_middle_gives_what_came(self) -> None:
        text = rss("".join(f"<item><title>N{n}</title><guid>{n}</guid></item>" for n in range(9)))
        assert len(read(text[: text.index("N7") + 4]).entries) >= 7

    def test_junk_before_the_prolog(self) -> None:
        text = "\n\n Warning: mysql \n" + '<?xml version="1.0"?>' + rss("<item><title>Un</title></item>")
        assert only(text).title == "Un"

    def test_html_left_unescaped_in_a_description(self) -> None:
        entry = only(rss("<item><title>T</title><description><p>Un <b>gras</b></p>fin</description></item>"))
        assert entry.text == "Un gras\nfin"

    def test_entities_of_its_own_are_read_and_bombs_are_refused(self) -> None:
        simple = '<!DOCTYPE rss [<!ENTITY site "Le journal">]>' + rss("<item><title>&site;</title></item>")
        assert only(simple).title == "Le journal"
        bomb = (
            '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
            '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>' + rss("<item><title>&c;</title></item>")
        )
        long = f'<!DOCTYPE rss [<!ENTITY a "{"a" * 1900}">]>' + rss(
            f"<item><title>{'&a;' * 2000}</title></item>"
        )
        for text in (bomb, long):
            with pytest.raises(NotAFeed, match="feed_entity_bomb"):
                read(text)

    def test_an_article_about_entities_is_an_article(self) -> None:
        said = "<![CDATA[<p>On écrit <code>&lt;!ENTITY a 'b'&gt;</code> ou <!ENTITY a 'b'></p>]]>"
        entry = only(rss(f"<item><title>T</title><description>{said}</description></item>"))
        assert entry.text.startswith("On écrit <!ENTITY")

    def test_a_bomb_behind_a_long_comment_stays_small(self) -> None:
        bomb = '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;">]>'
        text = f"<!--{'x' * 9000}-->{bomb}" + rss('<item x="&b;&b;"><title>&b;</title><y>&b;</y></item>')
        with pytest.raises(NotAFeed, match="feed_entity_bomb"):
            read(text)

    @pytest.mark.parametrize("before", ["<?a <rss>?>", "<?a ? <rss ?>", "<!-- <rss> -->", "\ufeff<?a b?>\n"])
    def test_a_bomb_behind_what_looks_like_the_root_stays_small(self, before: str) -> None:
        bomb = '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;">]>'
        with pytest.raises(NotAFeed, match="feed_entity_bomb"):
            read(before + bomb + rss('<item x="&b;"><title>&b;</title></item>'))

    def test_external_entities_are_never_opened(self) -> None:
        text = '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + rss(
            "<item><title>&x;</title></item>"
        )
        assert "root:" not in only(text).title

    def test_a_nest_of_ten_thousand_elements_does_not_fell_us(self) -> None:
        text = rss("<item><title>Un</title></item>" + "<a>" * 10_000)
        assert len(read(text).entries) >= 1

    @pytest.mark.parametrize(
        ("body", "reason"),
        [
            (b"", "feed_empty"),
            (b" \n\t", "feed_empty"),
            (b"<!doctype html><html><head><title>x</title></head><body>404</body></html>", "feed_is_a_page"),
            (b"<catalog><book/></catalog>", "feed_other_xml"),
            (b'{"error": "no"}', "feed_other_json"),
            (b'{"items": [', "feed_bad_json"),
            (b"\x89PNG\r\n\x1a\n\0\0\0", "not_a_feed"),
            (b"just words", "not_a_feed"),
        ],
    )
    def test_what_is_no_feed_says_what_it_is(self, body: bytes, reason: str) -> None:
        with pytest.raises(NotAFeed) as refused:
            read(body)
        assert refused.value.reason == reason

    @settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(st.binary(max_size=400) | st.text(max_size=200).map(lambda t: rss(t).encode()))
    def test_no_bytes_break_the_reader(self, body: bytes) -> None:
        try:
            document = read_feed(body, now=NOW)
        except NotAFeed:
            return
        for entry in document.entries:
            assert isinstance(entry.text, str) and entry.id


class TestEncodings:
    TITLE = "Un été à Nîmes"

    @pytest.mark.parametrize(
        ("encoding", "declared", "header"),
        [
            ("utf-8", "utf-8", ""),
            ("utf-8", "iso-8859-1", ""),
            ("utf-8", "", "text/xml; charset=iso-8859-1"),
            ("utf-8-sig", "windows-1252", ""),
            ("iso-8859-1", "iso-8859-1", ""),
            ("iso-8859-1", "utf-8", ""),
            ("iso-8859-1", "", ""),
            ("iso-8859-1", "no-such-charset", ""),
            ("windows-1252", "", "application/rss+xml; charset=windows-1252"),
            ("utf-16", "utf-16", ""),
            ("utf-16-le", "utf-8", ""),
        ],
    )
    def test_a_wrong_declaration_survives(self, encoding: str, declared: str, header: str) -> None:
        prolog = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
        body = (prolog + rss(f"<item><title>{self.TITLE}</title></item>")).encode(encoding)
        assert only(body, content_type=header).title == self.TITLE

    def test_cyrillic_and_japanese(self) -> None:
        text = '<?xml version="1.0" encoding="{}"?>' + rss("<item><title>{}</title></item>")
        assert only(text.format("windows-1251", "Привет, мир").encode("cp1251")).title == "Привет, мир"
        assert only(text.format("Shift_JIS", "記事投稿").encode("cp932")).title == "記事投稿"
        assert only(text.format("ISO-2022-JP", "記事").encode("iso2022_jp")).title == "記事"


class TestDates:
    @pytest.mark.parametrize("year", [1905, 1970, 2027, 2090, 9999])
    def test_a_date_nobody_can_have_meant_is_none(self, year: int) -> None:
        item = f"<item><title>T</title><pubDate>{year}-12-31T00:00:00Z</pubDate></item>"
        assert only(rss(item)).published is None

    def test_a_clock_a_few_hours_ahead_is_borne(self) -> None:
        assert only(rss("<item><title>T</title><pubDate>2026-11-24T01:00:00Z</pubDate></item>")).published


def test_the_publishers_wishes_for_rest_are_read() -> None:
    document = read(
        rss(
            "<item><title>T</title></item>",
            "<ttl>30</ttl><skipHours><hour>1</hour><hour>24</hour></skipHours>"
            "<skipDays><day>Sunday</day></skipDays><a:link rel='self' href='https://e.fr/rss'/>",
        )
    )
    assert document.every == 1800 and document.own_url == "https://e.fr/rss"
    assert (document.skip_hours, document.skip_days) == (frozenset({0, 1}), frozenset({6}))
