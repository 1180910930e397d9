"""Mails: what their author said, out of the worst-formed documents there are."""

from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palabre.networks.formats.mail import Mail, read_mail

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def read(raw: bytes | str) -> Mail:
    return read_mail(raw.encode() if isinstance(raw, str) else raw, now=NOW)


def plain(text: str, **headers: str) -> Mail:
    lines = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in headers.items())
    return read(f"From: Anne <anne@e.fr>\nMessage-ID: <1@e.fr>\n{lines}\n{text}")


def test_a_newsletter_is_read_from_its_html_and_its_attachments_are_not() -> None:
    mail = EmailMessage()
    mail["From"] = "La Gazette <lettre@gazette.example>"
    mail["Subject"] = "L’été à Nîmes"
    mail["Message-ID"] = "<42@gazette.example>"
    mail["Date"] = "Sat, 21 Nov 2026 10:00:00 +0100"
    mail["Archived-At"] = "<https://gazette.example/42>"
    mail.set_content("Voir en ligne")
    mail.add_alternative("<style>p{}</style><p>Première nouvelle.</p><p>Seconde.</p>", subtype="html")
    mail.add_attachment(b"secret", maintype="text", subtype="plain", filename="note.txt")
    read_back = read(bytes(mail))
    assert (read_back.subject, read_back.author) == ("L’été à Nîmes", "La Gazette")
    assert read_back.text == "Première nouvelle.\nSeconde."
    assert read_back.published == datetime(2026, 11, 21, 9, tzinfo=UTC)
    assert (read_back.id, read_back.url) == ("42@gazette.example", "https://gazette.example/42")


def test_a_good_plain_version_is_preferred() -> None:
    mail = EmailMessage()
    mail.set_content("Un texte assez long pour être lu. " * 6)
    mail.add_alternative("<p>La version HTML</p>", subtype="html")
    assert read(bytes(mail)).text.startswith("Un texte assez long")


def test_no_address_is_shown_but_the_author_is_known_again() -> None:
    one, two = read("From: anne@e.fr\n\nUn"), read("From: Anne B <ANNE@e.fr>\n\nDeux")
    assert one.author == "e.fr" and two.author == "Anne B"
    assert one.author_id == two.author_id and "anne" not in one.author_id
    trick = read('From: "anne@e.fr" <anne@e.fr>\n\nUn')
    assert trick.author == "e.fr"


@pytest.mark.parametrize(
    "quote",
    [
        "Le lun. 23 nov. 2026 à 10:00, Paul <paul@e.fr> a écrit :\n> Bonjour",
        "On Mon, Nov 23, 2026 at 10:00 AM Paul <paul@e.fr> wrote:\n> Hello",
        "-----Message d'origine-----\nDe : Paul",
        "________________________________\nDe : Paul <paul@e.fr>",
        "> Bonjour\n> à tous",
        "-- \nAnne Beaulieu\nResponsable",
    ],
)
def test_quoted_mails_and_signatures_are_cut(quote: str) -> None:
    assert plain(f"Merci, c’est parfait.\n\n{quote}").text == "Merci, c’est parfait."


def test_a_mail_that_is_only_a_quote_keeps_it() -> None:
    assert "Bonjour" in plain("> Bonjour").text


@pytest.mark.parametrize(
    ("header", "subject"),
    [
        ("=?utf-8?B?w6l0w6k=?=", "été"),
        ("=?iso-8859-1?Q?=E9t=E9?= =?utf-8?Q?_=C3=A0?=", "été à"),
        ("=?no-such?Q?x=E9?=", "xé"),
        ("=?utf-8?B?%%%?= vide", "vide"),
        ("plain <b>", "plain <b>"),
    ],
)
def test_subjects_of_every_writing(header: str, subject: str) -> None:
    assert plain("x", Subject=header).subject == subject


def test_raw_accents_in_headers_and_bodies_are_read() -> None:
    raw = "From: Zoé <z@e.fr>\nSubject: été\nContent-Type: text/plain; charset=utf-8\n\nDéjà là"
    for encoding in ("utf-8", "latin-1"):
        mail = read(raw.encode(encoding))
        assert (mail.author, mail.subject, mail.text) == ("Zoé", "été", "Déjà là")


def test_a_part_that_lies_about_itself_does_not_hide_the_others() -> None:
    raw = (
        'From: a@e.fr\nContent-Type: multipart/mixed; boundary="b"\n\n--b\n'
        "Content-Type: text/plain\n"
        "Content-Transfer-Encoding: base64\n\n%%%not base64%%%\n--b\n"
        "Content-Type: text/plain; charset=x-odd\n\n"
        "Ceci se lit.\n--b--\n"
    )
    assert "Ceci se lit." in read(raw).text


def test_an_impossible_date_is_none() -> None:
    assert plain("x", Date="Fri, 1 Jan 2090 00:00:00 +0000").published is None
    assert plain("x", Date="nonsense").published is None


def test_without_a_message_id_the_mail_identifies_itself() -> None:
    assert read("From: a@e.fr\n\nUn").id == read("From: a@e.fr\n\nUn").id != read("From: a@e.fr\n\nDeux").id


@given(st.binary(max_size=500))
def test_no_bytes_break_it(raw: bytes) -> None:
    for body in (raw, b'Content-Type: multipart/mixed; boundary="b"\n\n--b\n' + raw, b"Subject: " + raw):
        mail = read_mail(body, now=NOW)
        assert mail.id and isinstance(mail.text, str)
