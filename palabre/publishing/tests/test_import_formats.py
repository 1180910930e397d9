"""Files of contents are read whoever wrote them, and what cannot be known is not guessed."""

import io
import tracemalloc
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palabre.publishing.importing.dates import NoDate, Order, evidence, read_hour
from palabre.publishing.importing.formats import (
    Layout,
    NotATable,
    Row,
    opened,
    recognise,
    rows_of,
    typed_rows,
    written,
)

FRENCH = (
    "date;heure;texte;lien\r\n"
    "03/04/2027;09:00;Été à la plage, c’est déjà demain… où ça ? À Nîmes;https://baobab.example\r\n"
)
HOOTSUITE = '03/25/2027 09:00,"Bonjour, le quartier",https://baobab.example\n03/26/2027 10:30,Bonsoir,\n'
SPROUT = (
    "date,time_24hr,message_text,link,image,tags\n2027-03-25,09:00,Hello,https://a.example,,spring|shop\n"
)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "mac_roman", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_a_french_spreadsheet_is_read_whatever_its_encoding(encoding: str) -> None:
    file = FRENCH.encode(encoding)
    table = recognise(file, whole=True)
    assert (table.layout, table.separator) == (Layout.PALABRE, ";")
    (row,) = typed_rows(opened(io.BytesIO(file), table.encoding), table)
    assert row.text == "Été à la plage, c’est déjà demain… où ça ? À Nîmes"
    assert (row.date, row.time, row.link, row.faults) == ("03/04/2027", "09:00", "https://baobab.example", ())


def test_three_columns_without_names_are_hootsuites() -> None:
    table = recognise(HOOTSUITE.encode(), whole=True)
    assert (table.layout, table.headed) == (Layout.HOOTSUITE, False)
    rows = list(typed_rows(io.StringIO(HOOTSUITE, newline=""), table))
    assert [(row.line, row.text, row.link) for row in rows] == [
        (1, "Bonjour, le quartier", "https://baobab.example"),
        (2, "Bonsoir", ""),
    ]


def test_sprouts_tags_are_labels_that_no_blog_prints() -> None:
    table = recognise(SPROUT.encode(), whole=True)
    (row,) = typed_rows(io.StringIO(SPROUT, newline=""), table)
    assert table.layout is Layout.SPROUT
    assert (row.time, row.labels, row.tags) == ("09:00", ("spring", "shop"), ())


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n", "empty"),
        (b"PK\x03\x04\x14\x00\x06\x00sheet", "binary"),
        (b"Just words\nand more words\n", "no_columns"),
    ],
)
def test_what_is_no_table_is_refused_with_its_reason(file: bytes, code: str) -> None:
    with pytest.raises(NotATable) as refused:
        recognise(file, whole=True)
    assert refused.value.code == code


def test_a_quotation_mark_that_is_never_closed_costs_its_line_alone() -> None:
    lines = "a,b\n" + '1,"open\n' + "".join(f"{n},row\n" for n in range(2, 20_000))
    rows = list(rows_of(io.StringIO(lines, newline=""), ","))
    assert rows[1] == Row(line=2, fault="quotes")
    assert [row.line for row in rows[2:]] == list(range(3, 20_001))


def test_a_comma_that_nobody_quoted_is_told() -> None:
    table = recognise(SPROUT.encode(), whole=True)
    text = SPROUT + "2027-03-25,09:00,Hello, you,https://a.example,,,more\n"
    assert list(typed_rows(io.StringIO(text, newline=""), table))[1].faults == ("columns_over",)


@given(
    st.lists(
        st.lists(
            st.text(st.characters(exclude_categories=["Cs", "Cc"]))
            | st.sampled_from(["\n", '"', ";", "a\nb"]),
            min_size=2,
            max_size=4,
        ).filter(lambda row: any(cell.strip() for cell in row)),
        max_size=6,
    )
)
def test_what_is_written_is_read_back(rows: list[list[str]]) -> None:
    read = rows_of(io.StringIO(written(rows, separator=";").removeprefix("\ufeff"), newline=""), ";")
    assert [list(row.cells) for row in read] == rows


@pytest.mark.parametrize(
    ("day", "hour", "order", "meant"),
    [
        ("03/04/2027 09:05", "", Order.DAY, "2027-04-03 09:05"),
        ("03/04/2027 09:05", "", Order.MONTH, "2027-03-04 09:05"),
        ("3/4/27", "9:05 PM", Order.MONTH, "2027-03-04 21:05"),
        ("2027-03-04T09:05:30", "", None, "2027-03-04 09:05:30"),
        ("2027/03/04 9:05", "", None, "2027-03-04 09:05"),
        ("03.04.2027", "9h05", Order.MONTH, "2027-04-03 09:05"),
        ("03/04/2027 00:00:00", "18h", Order.DAY, "2027-04-03 18:00"),
        ("12/25/2027 12:00 am", "", Order.MONTH, "2027-12-25 00:00"),
    ],
)
def test_dates_are_read_in_their_formats(day: str, hour: str, order: Order | None, meant: str) -> None:
    assert read_hour(day, hour, order) == datetime.fromisoformat(meant)


@pytest.mark.parametrize(
    ("day", "hour", "code"),
    [
        ("", "09:00", "no_date"),
        ("next Monday", "09:00", "date"),
        ("31/02/2027", "09:00", "date"),
        ("25/12/2027", "", "no_hour"),
        ("25/12/2027", "25:00", "hour"),
        ("25/12/2027", "9", "hour"),
    ],
)
def test_what_is_no_date_is_told(day: str, hour: str, code: str) -> None:
    with pytest.raises(NoDate) as wrong:
        read_hour(day, hour, Order.DAY)
    assert wrong.value.code == code


def test_one_date_of_the_file_decides_for_all_and_without_one_a_person_does() -> None:
    assert evidence(["03/04/2027", "25/04/2027"]).order is Order.DAY
    assert evidence(["03/04/2027", "04/25/2027 09:00"]).order is Order.MONTH
    unclear = evidence(["03/03/2027", "03/04/2027 09:00"])
    assert (unclear.order, unclear.to_ask, unclear.example) == (None, True, "03/04/2027 09:00")
    assert evidence(["25/04/2027", "04/25/2027"]).to_ask
    assert not evidence(["2027-04-03", "03.04.2027", "03/03/2027"]).to_ask


def test_fifty_thousand_rows_with_ten_faults_are_read_one_at_a_time() -> None:
    broken = set(range(0, 50_000, 5_000))
    lines = (f"2027-03-25,09:00,{chr(34) * (n in broken)}Number {n},\n" for n in range(50_000))
    file = io.BytesIO(("date,time,text,link\n" + "".join(lines)).encode())
    table = recognise(file.read(200_000), whole=False)
    file.seek(0)
    tracemalloc.start()
    faults = good = 0
    for row in typed_rows(opened(file, table.encoding), table):
        faults, good = faults + bool(row.faults), good + (not row.faults)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (good, faults) == (49_990, 10)
    assert peak < 3_000_000
