"""Plain text, dates, encodings and addresses: what every reader here leans on."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palabre.networks.formats.addresses import site_of, typed_address, unwrapped, without_tracking
from palabre.networks.formats.dates import credible, parse_date
from palabre.networks.formats.encoding import decode
from palabre.networks.formats.plain import clean, one_line, to_text


class TestPlain:
    @pytest.mark.parametrize(
        ("html", "text"),
        [
            ("Bonjour", "Bonjour"),
            ("<p>Un</p><p>deux<br>trois</p>", "Un\ndeux\ntrois"),
            ("<ul><li>a<li>b</ul>", "a\nb"),
            ("<p>12&nbsp;000&#8239;€</p>", "12\u00a0000\u202f€"),
            ("Tom &amp;amp; Jerry", "Tom & Jerry"),
            ("&lt;p&gt;Un&lt;/p&gt;&lt;p&gt;deux&lt;/p&gt;", "Un\ndeux"),
            ("a < b & c", "a < b & c"),
            ("<script>alert(1)</script>x<style>p{}</style>", "x"),
            ("<p>caf&eacute;", "café"),
            ("<div><p>mal<b>for</div>mé", "malfor\nmé"),
            ("a\u202eb\x07c", "abc"),
            ("<img src=x onerror=alert(1)>", ""),
            ("", ""),
        ],
    )
    def test_markup_becomes_what_one_reads(self, html: str, text: str) -> None:
        assert to_text(html) == text

    def test_a_title_is_one_line(self) -> None:
        assert one_line("<b>Un</b>\n <br> titre") == "Un titre"

    @pytest.mark.parametrize(
        "html",
        [
            "Le <b>gras</b>",
            "<EM>H<sub>2</sub>O</EM> &amp; co",
            "<b>un<b>deux</b>",
            "a<i>b</i>c &eacute;",
            "</b>x",
        ],
    )
    def test_a_title_with_bare_tags_reads_as_the_parser_reads_it(self, html: str) -> None:
        assert one_line(html) == one_line(f"<span class=x>{html}</span>")

    def test_tags_that_leave_a_tag_when_taken_out_are_read_by_the_parser(self) -> None:
        assert "<" not in one_line("<scr<b>ipt>alert(1)</scr</b>ipt>")

    @given(st.text())
    def test_no_text_breaks_it_and_no_control_character_is_left(self, text: str) -> None:
        for made in (to_text(text), to_text(f"<p>{text}</p>"), clean(text)):
            assert "\x00" not in made and made == made.strip()

    @given(st.text(alphabet="<>/pbscript\"'= &;x\n", max_size=60))
    def test_no_arrangement_of_tags_leaves_a_script(self, text: str) -> None:
        assert "alert(1)" not in to_text(f"{text}<script>alert(1)</script>") or "<" in text


class TestDates:
    @pytest.mark.parametrize(
        ("text", "moment"),
        [
            ("2026-11-21T10:00:00Z", (2026, 11, 21, 10, 0, 0)),
            ("2026-11-21T10:00:00.25+01:00", (2026, 11, 21, 9, 0, 0)),
            ("2026-11-21 10:00", (2026, 11, 21, 10, 0, 0)),
            ("20261121T100000Z", (2026, 11, 21, 10, 0, 0)),
            ("2026-11", (2026, 11, 1, 0, 0, 0)),
            ("Sat, 21 Nov 2026 10:00:00 +0130", (2026, 11, 21, 8, 30, 0)),
            ("Sat, 21 Nov 2026 10:00:00 GMT", (2026, 11, 21, 10, 0, 0)),
            ("21 Nov 26 10:00 EST", (2026, 11, 21, 15, 0, 0)),
            ("Saturday, 21-Nov-26 08:00:00 CEST", (2026, 11, 21, 6, 0, 0)),
            ("Sat Nov 21 10:00:00 2026", (2026, 11, 21, 10, 0, 0)),
            ("sam., 21 nov. 2026 10:00:00 +0100", (2026, 11, 21, 9, 0, 0)),
            ("21 février 2025", (2025, 2, 21, 0, 0, 0)),
            ("2026-11-21T24:00:00Z", (2026, 11, 22, 0, 0, 0)),
            ("Sat, 21 Nov 2026 23:59:60 GMT", (2026, 11, 21, 23, 59, 59)),
        ],
    )
    def test_every_form_is_read_as_utc(self, text: str, moment: tuple[int, ...]) -> None:
        found = parse_date(text)
        assert found is not None
        assert found.replace(microsecond=0) == datetime(*moment, tzinfo=UTC)  # type: ignore[misc,arg-type]

    @pytest.mark.parametrize("text", ["", "hier", "2026-13-45", "Mon, 31 Feb 2026 10:00:00 GMT", "x" * 5000])
    def test_what_is_no_date_is_none(self, text: str) -> None:
        assert parse_date(text) is None

    @given(st.text(max_size=60))
    def test_no_text_breaks_it(self, text: str) -> None:
        found = parse_date(text, patient=False)
        assert found is None or found.tzinfo is not None

    @given(st.datetimes(timezones=st.just(UTC)))
    def test_what_is_believed_is_neither_of_1970_nor_of_2090(self, moment: datetime) -> None:
        now = datetime(2026, 11, 23, tzinfo=UTC)
        kept = credible(moment, now=now)
        assert kept is None or 1990 <= kept.year <= 2026


class TestEncoding:
    def test_western_accents_are_told_from_other_scripts(self) -> None:
        assert decode("Déjà vu à Nîmes, près de l’été".encode("cp1252")) == "Déjà vu à Nîmes, près de l’été"
        hebrew = "שלום עולם, זהו משפט ארוך מספיק כדי לזהות את הקידוד שלו בלי טעות אחת"
        assert decode(hebrew.encode("cp1255")) == hebrew

    def test_one_bad_byte_does_not_turn_utf8_into_latin(self) -> None:
        text = "é" * 500
        assert decode(text.encode() + b"\xff" + text.encode()) == text + "\ufffd" + text

    @given(st.binary(max_size=300), st.text(max_size=40))
    def test_no_bytes_break_it(self, body: bytes, header: str) -> None:
        assert isinstance(decode(body, header), str)


class TestAddresses:
    @pytest.mark.parametrize(
        ("typed", "address"),
        [
            ("lemonde.fr", "https://lemonde.fr"),
            (" https://e.fr/x ", "https://e.fr/x"),
            ("feed://e.fr/rss", "https://e.fr/rss"),
            ("feed:https://e.fr/rss", "https://e.fr/rss"),
            ("médiathèque.fr/actu", "https://médiathèque.fr/actu"),
            ("127.0.0.1:8080/x", "https://127.0.0.1:8080/x"),
        ],
    )
    def test_what_a_person_types_becomes_whole(self, typed: str, address: str) -> None:
        assert typed_address(typed) == address

    @pytest.mark.parametrize(
        "typed",
        [
            "",
            "@anne",
            "#tilleul",
            "deux mots",
            "javascript:alert(1)",
            "mailto:a@b.fr",
            "mot",
            "http://[",
            "\x00",
        ],
    )
    def test_what_is_no_address_is_nothing(self, typed: str) -> None:
        assert typed_address(typed) == ""

    def test_redirects_of_search_engines_are_unwrapped_and_tracking_removed(self) -> None:
        wrapped = (
            "https://www.google.fr/url?rct=j&sa=t&url=https://e.fr/a%3Fid%3D3%26utm_source%3Dx&ct=ga&usg=A"
        )
        assert unwrapped(wrapped) == "https://e.fr/a?id=3"
        assert unwrapped("https://e.fr/?utm_medium=rss&b=2&fbclid=9#xtor=RSS-1") == "https://e.fr/?b=2"
        assert unwrapped("https://www.google.com/url?url=javascript:alert(1)").startswith(
            "https://www.google.com"
        )
        assert without_tracking("https://e.fr/?q=a+b%20c") == "https://e.fr/?q=a+b%20c"

    def test_a_site_is_its_host(self) -> None:
        assert site_of("https://www.E.fr:8080/x") == "e.fr"
        assert site_of("http://[") == "" and site_of("") == ""
