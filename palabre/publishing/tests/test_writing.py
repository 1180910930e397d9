"""What helps to write: blocks, marks on links, words kept unsaved, versions, remarks."""

from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from palabre.agency.colleagues import named
from palabre.agency.models import Brand
from palabre.channels.models import Channel
from palabre.publishing.composing import cards
from palabre.publishing.composing.blocks import joined
from palabre.publishing.composing.cards import Told, told
from palabre.publishing.composing.compose import PostDraft, save_post
from palabre.publishing.composing.content import Content
from palabre.publishing.composing.marking import Marks, marks_for, worded
from palabre.publishing.composing.reading import read
from palabre.publishing.composing.remarks import remark
from palabre.publishing.composing.versions import difference
from palabre.publishing.delivery.outgoing import frozen, thawed
from palabre.publishing.models import Block, LinkMarks, Post, Unsaved
from palabre.publishing.tests.arranged import build_channel, build_delivery
from palabre.publishing.tests.drawn import picture
from palabre.stream.models import Author
from tests.builders import Cast

HOME = "/b/cafe-baobab/publish"


@pytest.fixture
def client(cast: Cast) -> Client:
    browser = Client(headers={"accept-language": "fr"})
    browser.force_login(cast.owner)
    return browser


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://baobab.example/menu", "https://baobab.example/menu?utm_source=s"),
        ("https://www.baobab.example/a?b=1#c", "https://www.baobab.example/a?b=1&utm_source=s#c"),
        ("https://press.example/a", "https://press.example/a"),
        ("https://notbaobab.example/", "https://notbaobab.example/"),
        ("https://baobab.example/?utm_source=x", "https://baobab.example/?utm_source=x"),
    ],
)
def test_links_towards_the_own_site_are_marked_once(url: str, expected: str) -> None:
    assert Marks(values={"utm_source": "s"}, site="baobab.example").on(url) == expected


def test_marks_are_seen_in_the_counter_and_leave_with_the_content(brand: Brand, channel: Channel) -> None:
    LinkMarks.objects.create(brand=brand, network="", source="{network}", medium="social")
    said = Content(text="Venez : https://cafe-baobab.example/menu !")
    (reading,) = read(said, [channel], {})
    marked = "https://cafe-baobab.example/menu?utm_source=mastodon&utm_medium=social"
    assert reading.outgoing.text == f"Venez : {marked} !"
    delivery = build_delivery(channel, said.text)
    with scopes_disabled():
        assert marked in frozen(delivery)["text"]
    assert delivery.variant.said.text == said.text, "the content itself stays as it was written"


def test_what_marks_fill_in_is_named_in_either_language_and_shown_in_the_readers(
    client: Client, brand: Brand, channel: Channel
) -> None:
    typed = {"source": "{réseau}", "medium": "{brand}", "campaign": "{MARQUE}-{reseau}-{autre}"}
    LinkMarks.objects.create(brand=brand, network="", **typed)
    marks = marks_for(brand, "mastodon", label="Mastodon")
    assert marks.values == {
        "utm_source": "mastodon",
        "utm_medium": "cafe-baobab",
        "utm_campaign": "cafe-baobab-mastodon-{autre}",
    }
    page = client.get(f"{HOME}/writing/").content.decode()
    assert "{réseau} · {marque} · {marque}-{réseau}-{autre}" in page
    assert 'value="{campagne}"' in page
    assert worded("{réseau}", "en") == "{network}"


def test_a_text_that_marks_make_too_long_is_told_before_it_leaves(brand: Brand) -> None:
    bluesky = build_channel(brand, "b", "bluesky")
    link = "https://cafe-baobab.example/menu"
    said = Content(text="é" * (300 - len(link) - 1) + " " + link)
    assert read(said, [bluesky], {})[0].problems == ()
    LinkMarks.objects.create(brand=brand, network="bluesky", source="bluesky")
    assert [problem.code for problem in read(said, [bluesky], {})[0].problems] == ["text_long"]


def test_a_block_is_put_in_with_what_is_known(brand: Brand) -> None:
    tags = Block(brand=brand, kind="hashtags", name="Ville", text="#Lyon #Café")
    sign = Block(brand=brand, kind="signature", name="Nous", text="L’équipe de {brand}, {prénom}")
    assert joined("Bonjour", tags, brand) == "Bonjour #Lyon #Café"
    assert joined("Bonjour", sign, brand) == "Bonjour\n\nL’équipe de Café Baobab, {prénom}"


def test_a_block_is_kept_once_and_put_in_from_the_composer(
    client: Client, brand: Brand, channel: Channel
) -> None:
    typed = {"act": "block", "block-kind": "hashtags", "block-name": "Ville", "block-text": "#Lyon"}
    client.post(f"{HOME}/writing/", typed)
    assert (
        "existe déjà" in client.post(f"{HOME}/writing/", typed).content.decode() or Block.objects.count() == 1
    )
    block = Block.objects.get()
    seen = client.post(f"{HOME}/new/", {"act": f"insert-{block.pk}", "text": "Oui"}).content.decode()
    assert "Oui #Lyon" in seen


def test_what_is_typed_survives_the_browser_and_goes_when_it_is_saved(
    client: Client, brand: Brand, channel: Channel
) -> None:
    client.post(f"{HOME}/new/", {"act": "read", "text": "À moitié", "channels": [channel.pk]})
    assert Unsaved.objects.count() == 1
    assert "unsaved=1" in client.get(f"{HOME}/new/").content.decode()
    assert "À moitié" in client.get(f"{HOME}/new/?unsaved=1").content.decode()
    client.post(f"{HOME}/new/", {"act": "save", "text": "Entier", "channels": [channel.pk]})
    assert Unsaved.objects.count() == 0


def test_versions_are_compared_and_brought_back_as_new_ones(
    client: Client, cast: Cast, brand: Brand, channel: Channel
) -> None:
    post = save_post(
        brand=brand,
        by=cast.owner,
        draft=PostDraft(content=Content(text="Un café"), channels={channel.pk: {}}),
    )
    said = PostDraft(content=Content(text="Un thé"), channels={channel.pk: {"text": "Ici, un thé"}})
    save_post(brand=brand, by=cast.owner, draft=said, post=post)
    seen = client.get(f"{HOME}/contents/{post.pk}/versions/").content.decode()
    assert "<del>café</del><ins>thé</ins>" in seen
    client.post(f"{HOME}/contents/{post.pk}/versions/1/back/")
    with scope(brand=brand):
        again = Post.objects.get()
        assert (again.said.text, again.revision) == ("Un café", 3)
        assert again.variants.get().changes == {}
        assert again.versions.count() == 3


def test_a_difference_puts_both_texts_together() -> None:
    pieces = difference("Le café ouvre à 9 h", "Le bar ouvre à 10 h")
    assert "".join(words for mark, words in pieces if mark != "ins") == "Le café ouvre à 9 h"
    assert "".join(words for mark, words in pieces if mark != "del") == "Le bar ouvre à 10 h"


def test_a_colleague_named_in_a_remark_is_told(
    cast: Cast, brand: Brand, channel: Channel, django_capture_on_commit_callbacks: object
) -> None:
    post = build_delivery(channel).variant.post
    assert named("Qu’en dis-tu @malo ? et @zoe", brand) == [cast.colleague]
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        remark(post=post, by=cast.owner, text="Qu’en dis-tu, @Malo ?")
    assert [message.to for message in mail.outbox] == [[cast.colleague.email]]
    assert f"/contents/{post.pk}/" in mail.outbox[0].body


def test_remarks_stand_beside_the_content(client: Client, channel: Channel) -> None:
    post = build_delivery(channel).variant.post
    client.post(f"{HOME}/contents/{post.pk}/remarks/", {"text": "À revoir <b>"})
    assert "À revoir &lt;b&gt;" in client.get(f"{HOME}/contents/{post.pk}/").content.decode()


PAGE = """<!doctype html><html><head><title>Menu</title>
<meta property="og:title" content="La carte  d’été"><meta name="description" content="Des jus frais.">
<meta property="og:image" content="/carte.jpg"></head><body>Oui</body></html>"""


def test_a_page_tells_its_card() -> None:
    said = told(PAGE, "https://cafe-baobab.example/menu")
    assert said == Told(
        title="La carte d’été", description="Des jus frais.", image="https://cafe-baobab.example/carte.jpg"
    )
    assert told("", "https://a.example/") == Told()
    assert told("<title>Simple</title>", "https://a.example/").title == "Simple"


def test_a_card_that_was_read_is_shown_and_leaves(
    client: Client, brand: Brand, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path

    async def fetched(url: str) -> tuple[Told, bytes]:
        return told(PAGE, url), picture(3000, 1500)

    monkeypatch.setattr(cards, "_fetch", fetched)
    bluesky = build_channel(brand, "b", "bluesky")
    link = "https://cafe-baobab.example/menu"
    seen = client.post(
        f"{HOME}/new/", {"act": "card", "text": "Oui", "link": link, "channels": [bluesky.pk]}
    ).content.decode()
    assert "La carte d’été" in seen
    assert "/cards/" in seen
    draft = PostDraft(content=Content(text="Oui", link=link), channels={bluesky.pk: {}})
    delivery = save_post(brand=brand, by=None, draft=draft).deliveries().get()
    delivery.outgoing, delivery.begun_at = frozen(delivery), delivery.created_at
    card = thawed(delivery).parts[0].card
    assert card is not None
    assert (card.title, card.url) == ("La carte d’été", link)
    assert card.image is not None
    assert (card.image.width, len(card.image.open().read())) == (1200, card.image.size)


def test_people_the_brand_has_heard_are_offered_on_their_network(
    client: Client, brand: Brand, channel: Channel
) -> None:
    now = timezone.now()
    for network, handle in (("mastodon", "awa@piaille.example"), ("bluesky", "awa.example")):
        Author.objects.create(
            brand=brand, network=network, remote_id=handle, handle=handle, first_seen_at=now, last_seen_at=now
        )
    answer = client.get(f"{HOME}/writing/people/?q=aw&channels={channel.pk}").json()
    assert [person["handle"] for person in answer["people"]] == ["@awa@piaille.example"]
