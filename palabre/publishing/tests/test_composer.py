"""The composer as a person uses it: written once, read on every account, saved, planned, protected."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from palabre.agency.models import Brand
from palabre.channels.models import Channel
from palabre.publishing.composing.compose import Leaving, PostDraft, Stale, save_post
from palabre.publishing.composing.content import Content
from palabre.publishing.models import Post
from palabre.publishing.tests.arranged import build_channel, build_delivery, change, kept, planned
from tests.builders import Cast

LONG = "Et si vous passiez goûter le nouveau café ? " * 9


@pytest.fixture
def client(cast: Cast) -> Client:
    browser = Client(headers={"accept-language": "fr"})
    browser.force_login(cast.owner)
    return browser


@pytest.fixture
def bluesky(brand: Brand) -> Channel:
    return build_channel(brand, handle="baobab.example", network="bluesky")


def page(client: Client, **typed: object) -> str:
    return client.post("/b/cafe-baobab/publish/new/", typed).content.decode()


def test_a_text_is_counted_and_judged_on_each_account_as_it_is_typed(
    client: Client, channel: Channel, bluesky: Channel
) -> None:
    seen = page(client, act="read", text=LONG, channels=[channel.pk, bluesky.pk])
    assert "Trop long" in seen
    assert re.search(rf"{len(LONG)}\D+300", seen), "counted in the unit of Bluesky, beside its limit"
    assert seen.count("Trop long") == 1, "Mastodon takes it"
    assert Post._base_manager.count() == 0


def test_nothing_is_said_to_who_listens_before_a_file_is_chosen(client: Client, channel: Channel) -> None:
    seen = client.get("/b/cafe-baobab/publish/new/").content.decode()
    assert "Lecture de vos fichiers" in seen
    live = re.findall(r'<span role="status"><span id="[\w-]+" class="htmx-indicator sm">', seen)
    assert len(live) == 2, "the words stand inside the live region, where they are not displayed until then"
    assert not re.search(r'class="htmx-indicator[^"]*" role="status"', seen)


def test_without_a_script_saving_is_asked_for_beside_the_words(client: Client, channel: Channel) -> None:
    seen = client.get("/b/cafe-baobab/publish/new/").content.decode()
    told = seen.split('class="no-js line advice sm"')[1].split("</div>")[0]
    assert "n’est gardé qu’une fois enregistré" in told
    assert 'name="act" value="save"' in told


def test_a_suggestion_taken_changes_the_words_of_that_account_alone(
    client: Client, channel: Channel, bluesky: Channel
) -> None:
    seen = page(client, act=f"apply-{bluesky.pk}-split_thread", text=LONG, channels=[channel.pk, bluesky.pk])
    assert f'name="own-{bluesky.pk}" value="1" checked' in seen
    assert f'name="own-{bluesky.pk}-part"' in seen
    assert "Trop long" not in seen
    (text,) = re.findall(r'name="text"[^>]*>\s*([^<]*)</textarea>', seen)
    assert text.strip() == LONG.strip(), "what the others say is left as it was"


def test_a_part_is_added_and_taken_away_without_a_script(client: Client, channel: Channel) -> None:
    more = page(client, act="add", text="Un", part=["Deux"], channels=[channel.pk])
    assert more.count('name="part"') == 2
    fewer = page(client, act="drop-0", text="Un", part=["Deux", "Trois"], channels=[channel.pk])
    assert fewer.count('name="part"') == 1
    assert "Trois" in fewer


def test_a_content_is_saved_then_planned_on_the_clock_of_the_brand(
    client: Client, brand: Brand, channel: Channel
) -> None:
    day = timezone.localdate() + timedelta(days=3)
    client.post(
        "/b/cafe-baobab/publish/new/",
        {
            "act": "plan",
            "text": "Bonjour",
            "part": ["Et au revoir", ""],
            "channels": [channel.pk],
            "day": day.isoformat(),
            "hour": "09:30",
        },
    )
    delivery = Post.objects.get().deliveries().get()
    assert delivery.state == "scheduled"
    assert timezone.localtime(delivery.due_at, timezone.zoneinfo.ZoneInfo(brand.time_zone)).hour == 9
    assert delivery.variant.said.parts == ("Et au revoir",), "an empty part is none"


@pytest.mark.parametrize(
    ("day", "hour", "said"),
    [
        ("2027-03-28", "02:30", "n’existe pas"),
        ("2020-01-01", "10:00", "est passée"),
        ("", "", "Choisissez le jour"),
    ],
)
def test_an_hour_that_cannot_be_is_refused_at_its_field(
    client: Client, channel: Channel, day: str, hour: str, said: str
) -> None:
    seen = page(client, act="plan", text="Bonjour", channels=[channel.pk], day=day, hour=hour)
    assert said in seen
    assert "Bonjour" in seen, "nothing typed is lost"
    assert Post._base_manager.count() == 0


def test_what_a_network_would_refuse_is_not_planned(client: Client, bluesky: Channel) -> None:
    seen = page(client, act="now", text=LONG, channels=[bluesky.pk])
    assert "refuseraient" in seen
    assert Post._base_manager.count() == 0


def test_two_people_never_overwrite_each_other(
    cast: Cast, brand: Brand, channel: Channel, client: Client
) -> None:
    post = save_post(brand=brand, by=cast.owner, draft=PostDraft(content=Content(text="Un")))
    save_post(
        brand=brand, by=cast.owner, draft=PostDraft(content=Content(text="Deux")), post=post, revision=1
    )
    with pytest.raises(Stale) as stale:
        save_post(brand=brand, by=None, draft=PostDraft(content=Content(text="3")), post=post, revision=1)
    assert stale.value.version.content == {"text": "Deux"}
    seen = client.post(
        f"/b/cafe-baobab/publish/contents/{post.pk}/edit/",
        {"act": "save", "text": "Le mien", "revision": "1"},
    ).content.decode()
    assert "a enregistré ce contenu" in seen
    assert "Le mien" in seen


def test_words_that_are_leaving_can_no_longer_change(brand: Brand, channel: Channel) -> None:
    delivery = planned(channel)
    change(delivery, state="sending")
    post = delivery.variant.post
    with pytest.raises(Leaving):
        save_post(
            brand=brand,
            by=None,
            draft=PostDraft(content=Content(text="Autre chose"), channels={channel.pk: {}}),
            post=post,
        )


def test_words_changed_after_a_failure_are_those_that_leave_next(brand: Brand, channel: Channel) -> None:
    delivery = planned(channel)
    change(delivery, state="rejected", outgoing={"text": "Trop long"})
    save_post(
        brand=brand,
        by=None,
        draft=PostDraft(content=Content(text="Plus court"), channels={channel.pk: {}}),
        post=delivery.variant.post,
    )
    assert kept(delivery).outgoing is None


def test_an_account_keeps_its_own_words_when_the_others_change(brand: Brand, channel: Channel) -> None:
    post = build_delivery(channel, "Pour tous").variant.post
    own = {"text": "Pour ici"}
    save_post(
        brand=brand,
        by=None,
        draft=PostDraft(
            content=Content(text="Pour tous, mieux", link="https://a.example"), channels={channel.pk: own}
        ),
        post=post,
    )
    with scope(brand=brand):
        said = Post.objects.get(pk=post.pk).variants.get().said
    assert (said.text, said.link) == ("Pour ici", "https://a.example")


def test_a_content_holds_its_shape_through_the_database() -> None:
    content = Content(text="Un", parts=("Deux",), tags=("café",), title="T")
    assert Content.read(content.written()) == content
    assert Content(text="Un", link="https://a.example").with_changes(content.written()).title == "T"
    with pytest.raises(TypeError):
        Content.read({"texte": "?"})


def test_the_list_of_contents_opens_and_names_each_by_whole_words(client: Client, channel: Channel) -> None:
    planned(channel, "Et si vous passiez goûter le nouveau café, celui du Kivu, ce samedi ?")
    shown = client.get("/b/cafe-baobab/publish/contents/").content.decode()
    assert "Et si vous passiez goûter le nouveau café, celui du Kivu,…<" in shown
    assert Content(text="x" * 80).opening == "x" * 59 + "…"


def test_all_that_is_missing_is_said_at_once(client: Client, channel: Channel) -> None:
    shown = page(client, act="plan", text="Bonjour")
    assert "Choisissez au moins un compte" in shown and "Choisissez le jour" in shown
