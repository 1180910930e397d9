"""The page of mentions: every figure agrees with every row, to the unit."""

import csv
import io
import re
import zipfile
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from asgiref.sync import async_to_sync
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from palabre.insight import selectors
from palabre.intake.pipeline import Batch, take_in
from palabre.listening.bulk import tag
from palabre.listening.counts import tally
from palabre.listening.filters import from_query
from palabre.listening.matching import Matcher
from palabre.listening.models import About, Mention
from palabre.listening.selectors import page
from palabre.listening.sources import SourceDraft, add_source
from palabre.networks.contract import RemoteAuthor, RemoteItem
from palabre.stream.models import Item
from tests.builders import Cast, build_cast, build_topic

TEXTS = (
    "Quelle attente au café Baobab, une honte, je ne reviendrai jamais",
    "Merci au café Baobab, un accueil magnifique et un gâteau délicieux",
    "Le café Baobab ouvre lundi à neuf heures",
    "Le thé Iroko et le café Baobab partagent la place du marché",
    "Le thé Iroko change de carte",
    "Waiting forty minutes at the cafe baobab was a terrible experience",
)
FILTERS = (
    "",
    "days=7",
    "days=90&tones=negative",
    "networks=sandbox&languages=fr",
    "read=unread&order=reach",
    "reach_min=1000",
    "q=attente",
    "spam=shown&ignored=shown&days=all",
    "order=negative&days=90",
)


@pytest.fixture
def cast(db: None) -> Cast:
    """A brand of which a hundred and twenty things are said over forty days, and its rival."""
    cast = build_cast()
    cast.owner.language = "en"
    cast.owner.save(update_fields=["language"])
    build_topic(cast.brand)
    build_topic(cast.brand, query='"thé Iroko"', name="Thé Iroko", about=About.COMPETITOR)
    now = timezone.now()
    people = [
        RemoteAuthor(remote_id=f"a{n}", handle=f"a{n}", name=f"@A{n}", followers=500 * n) for n in range(7)
    ]
    items = [
        RemoteItem(
            remote_id=str(n),
            url=f"https://reseau.example/{n}",
            title="=1+1" if n == 0 else "",
            text=TEXTS[n % 6],
            outlet=("gazette.example", "echo.example", "")[n % 3],
            author=people[n % 7],
            published_at=now - timedelta(hours=8 * n + 1),
        )
        for n in range(120)
    ]  # fmt: skip
    with scope(brand=cast.brand):
        source = add_source(brand=cast.brand, by=None, draft=SourceDraft(network="sandbox", kind="search"))
        batch = Batch(network="sandbox", sources=[source], items=items, cursor={}, wait=0, at=now, filed=True)
        take_in(batch, Matcher())
        some = list(Item.objects.order_by("pk").values_list("pk", flat=True)[:5])
        tag(brand=cast.brand, ids=some, names=["service"], by=cast.owner)
    return cast


@pytest.fixture
def owner(cast: Cast, client: Client) -> Client:
    client.force_login(cast.owner)
    return client


async def whole(answer: Any) -> bytes:
    """A streamed answer, read as the server reads it."""
    return b"".join([piece async for piece in answer.streaming_content])


def rows_of_csv(client: Client, cast: Cast, query: str) -> list[list[str]]:
    answer = client.get(reverse("listening:export", args=[cast.brand.slug, "csv"]) + f"?{query}")
    content = async_to_sync(whole)(answer)
    assert content.startswith(b"\xef\xbb\xbf"), "spreadsheets need the mark to show accents"
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.mark.parametrize("query", FILTERS)
def test_total_bars_rows_of_all_pages_and_export_agree(cast: Cast, owner: Client, query: str) -> None:
    now = timezone.now()
    mentions = from_query(QueryDict(query))
    with scope(brand=cast.brand), timezone.override(cast.brand.time_zone):
        counted = tally(brand=cast.brand, mentions=mentions, now=now)
        ids: list[int] = []
        after: str | None = ""
        while after is not None:
            found = page(brand=cast.brand, mentions=mentions, after=after, now=now)
            ids += [row.item.pk for row in found.rows]
            after = found.next
    assert counted.total == sum(bar.total for bar in counted.bars) == sum(counted.tones.values())
    assert counted.total == sum(counted.networks.values()) == sum(counted.languages.values())
    assert len(ids) == len(set(ids)) == counted.total > 0
    assert len(rows_of_csv(owner, cast, query)) - 1 == counted.total


def test_the_page_shows_these_figures(cast: Cast, owner: Client) -> None:
    answer = owner.get(reverse("insight:listen", args=[cast.brand.slug]))
    shown = answer.context["panels"]
    assert shown.total == sum(row[-1] for row in shown.table) == answer.context["found"].total
    assert len(rows_of_csv(owner, cast, answer.context["here"])) - 1 == shown.total
    values = shown.chart["data"]["values"]
    assert sum(value["items"] for value in values) == shown.total


def test_voices_places_words_and_shares_count_the_same_rows(cast: Cast) -> None:
    now, mentions = timezone.now(), from_query(QueryDict("days=90"))
    with scope(brand=cast.brand):
        said = Item.objects.all()
        for author in selectors.top_authors(cast.brand, mentions, now=now):
            assert author.items == said.filter(author=author.id, is_spam=False).count()
        for outlet in selectors.top_outlets(cast.brand, mentions, now=now):
            assert outlet.items == said.filter(outlet=outlet.name, is_spam=False).count()
            linked = tally(brand=cast.brand, mentions=from_query(QueryDict(outlet.link)), now=now)
            assert linked.total == outlet.items, "a figure leads to its rows"
        voices = {voice.name: voice for voice in selectors.comparison(cast.brand, mentions, now=now).voices}
        for name, voice in voices.items():
            of = Mention.objects.filter(item__is_spam=False, topic__name=name)
            assert voice.items == of.count()
        assert voices["Café Baobab"].is_ours and not voices["Thé Iroko"].is_ours
        words = {word.word: word for word in selectors.distinctive_words(cast.brand, mentions, now=now)}
    assert "baobab" not in words and "iroko" not in words, "the names looked for say nothing"
    assert words["attente"].items == 20 and words["attente"].tone == "negative"


def test_the_reputation_is_made_of_our_own_mentions_alone(cast: Cast) -> None:
    now, mentions = timezone.now(), from_query(QueryDict("days=90"))
    with scope(brand=cast.brand):
        ours = Mention.objects.filter(topic__about=About.OURS, item__is_spam=False)
        beside = selectors.comparison(cast.brand, mentions, now=now)
        found, known = beside.tones, beside.reputation
        for tone, counted in ((1, found["sandbox"].positive), (-1, found["sandbox"].negative)):
            assert counted == ours.filter(item__tone=tone).count()
    assert known.low is not None and known.high is not None and known.low <= known.high


def test_strangers_formulas_stay_text_in_both_exports(cast: Cast, owner: Client) -> None:
    head, *rows = rows_of_csv(owner, cast, "days=90")
    assert head[0] == "Date"
    titles = {row[head.index("Title")] for row in rows}
    assert "'=1+1" in titles and "=1+1" not in titles
    assert all(row[head.index("Author")].startswith("'@A") for row in rows)
    answer = owner.get(reverse("listening:export", args=[cast.brand.slug, "xlsx"]) + "?days=90")
    with zipfile.ZipFile(io.BytesIO(async_to_sync(whole)(answer))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    tags = [re.sub(r"\{.*\}", "", element.tag) for element in ElementTree.fromstring(sheet).iter()]
    assert tags.count("row") == len(rows) + 1


def test_who_said_it_leads_to_all_they_said(cast: Cast, owner: Client) -> None:
    listen = reverse("insight:listen", args=[cast.brand.slug])
    links = re.findall(rf'href="({listen}\?author=\d+)&amp;days=all"', owner.get(listen).content.decode())
    assert links
    page = owner.get(f"{links[0]}&days=all")
    assert len({explained.item.author_id for explained in page.context["rows"]}) == 1


def test_further_rows_come_alone(cast: Cast, owner: Client) -> None:
    address = reverse("insight:listen", args=[cast.brand.slug])
    after = owner.get(address + "?days=90").context["found"].next
    rows = owner.get(address, {"days": "90", "after": after}, headers={"hx-request": "true"})
    assert "<html" not in rows.content.decode()


def test_a_brand_of_which_nothing_is_said_has_a_page(cast: Cast, client: Client) -> None:
    client.force_login(cast.stranger)
    address = reverse("insight:listen", args=[cast.other.slug])
    for query in ("", "?days=90&tones=negative", "?q=x", "?since=nonsense&days=-3&topics=abc&after=%00"):
        answer = client.get(address + query)
        assert (answer.status_code, answer.context["found"].total) == (200, 0)
    assert len(rows_of_csv(client, Cast(**{**vars(cast), "brand": cast.other}), "")) == 1


def test_what_stands_beside_comes_after_the_page(cast: Cast, owner: Client) -> None:
    address = reverse("insight:aside", args=[cast.brand.slug])
    page, fragment = owner.get(address), owner.get(address, headers={"hx-request": "true"})
    assert "<html" in page.content.decode()
    assert "<html" not in fragment.content.decode()
    assert page.context["aside"].authors == fragment.context["aside"].authors != []
