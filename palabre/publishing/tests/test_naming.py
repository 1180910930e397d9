"""Privacy on the way out: a name is struck out wherever it was written; who leaves takes theirs along."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django_scopes import scope

from palabre.agency import belongings
from palabre.agency.audit import record
from palabre.agency.models import AuditEntry, Brand, Invitation
from palabre.agency.team import delete_account
from palabre.agency.teams import save_team
from palabre.channels.models import Channel
from palabre.desk.person import copy_of
from palabre.publishing.approval.deciding import Choice, decide, save_steps
from palabre.publishing.approval.models import Approval
from palabre.publishing.approval.rules import Approver
from palabre.publishing.composing.compose import PostDraft, save_post
from palabre.publishing.composing.content import Content
from palabre.publishing.composing.models import Remark, Unsaved
from palabre.publishing.composing.remarks import remark
from palabre.publishing.delivery.planning import plan
from palabre.publishing.models import (
    ApprovalLink,
    Asset,
    CalendarFeed,
    CalendarNote,
    Campaign,
    Delivery,
    Import,
    ImportPiece,
    ImportRow,
    PageCard,
    Post,
    Step,
    Version,
)  # fmt: skip
from palabre.publishing.naming import STRUCK, StillLeaving, naming, strike, texts
from palabre.publishing.tests.arranged import build_delivery, change, kept, planned
from palabre.stream.models import Author
from tests.builders import NOON, Cast, build_user

WORDS = ["aicha.kone.example", "Aïcha Koné"]
TRACES = ("aicha", "Aïcha", "AÏCHA", "kone", "Koné", "KON")


def dump() -> str:
    """Every row of every table, as text; the pieces of files as what they say."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        texts = []
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT row_to_json("{table}")::text FROM "{table}"')
            texts += [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT body FROM publishing_importpiece")
        texts += [bytes(row[0]).decode("latin-1") for row in cursor.fetchall()]
    return "\n".join(texts)


def write_everywhere(brand: Brand, channel: Channel, cast: Cast) -> Delivery:
    """A content with their name in each of its fields, and whatever else of this room can name them."""
    text = "Merci à @aicha.kone.example (AÏCHA KONÉ, aicha kone) pour la photo"
    content = Content(text=text, parts=("Suivez aicha.kone.example,aicha.kone.example",), title="Aïcha Koné")
    campaign = Campaign.objects.create(brand=brand, name="Avec Aïcha Koné", note=text)
    draft = PostDraft(
        content=content,
        channels={channel.pk: {"tags": ["Aïcha Koné"]}},
        name=text,
        campaign=campaign,
        note=text,
    )
    post = save_post(brand=brand, by=cast.owner, draft=draft)
    delivery = post.deliveries().get()
    plan(deliveries=[delivery], at=timezone.now(), by=cast.owner, now=timezone.now())
    change(
        delivery,
        outgoing={"parts": [{"text": text}]},
        problems=[{"detail": text}],
        error_params={"why": text},
    )
    Step.objects.create(
        brand=brand, delivery=delivery, act="noted", state="scheduled", note=text, params={"a": text}
    )
    remark(post=post, by=cast.owner, text=text)
    Unsaved.objects.create(brand=brand, by=cast.owner, typed={"text": [text]})
    CalendarNote.objects.create(
        brand=brand, text="Aïcha Koné vient", first_day="2026-11-23", last_day="2026-11-23"
    )
    Asset.objects.create(
        brand=brand, name="aicha.kone.example.jpg", kind="image", mime="image/jpeg", path="1/ab/ab.jpg",
        digest="ab", size=3, alt=text, tags=["Aïcha Koné", "photo"], rights="© Aïcha Koné",
        folded="aicha kone",
    )  # fmt: skip
    PageCard.objects.create(
        brand=brand, digest="d", url="https://x.example/@aicha.kone.example", title="Aïcha Koné"
    )
    source = Import.objects.create(brand=brand, name="Aïcha Koné.csv", size=9)
    ImportRow.objects.create(
        brand=brand, source=source, line=1, state="good", said={"text": text}, fingerprint="f"
    )
    for place, part in enumerate((text[:12], text[12:] + "\n")):
        ImportPiece.objects.create(brand=brand, source=source, place=place, body=part.encode())
    ImportPiece.objects.create(brand=brand, source=source, place=2, body="Aïcha Koné".encode("cp1252"))
    record(brand=brand, by=cast.owner, act="post.delete", subject="adieu", why=text)
    return delivery


@pytest.fixture
def delivery(brand: Brand, channel: Channel, cast: Cast) -> Delivery:
    return write_everywhere(brand, channel, cast)


def erase_by_the_page(client: Client, cast: Cast, **ticked: str) -> Any:
    author = Author._base_manager.create(
        brand=cast.brand, network="bluesky", remote_id="did:plc:xylophone", handle="aicha.kone.example",
        name="Aïcha Koné", url="https://reseau.example/@aicha.kone.example",
        first_seen_at=NOON, last_seen_at=NOON,
    )  # fmt: skip
    client.force_login(cast.owner)
    page = reverse("desk:person", args=[cast.brand.slug, author.pk])
    shown = client.get(page)
    assert shown.context["held"].written.count > 5
    return client.post(page, ticked, follow=True)


def test_after_an_erasure_a_dump_does_not_know_whom_the_brand_wrote_about(
    delivery: Delivery, cast: Cast, client: Client
) -> None:
    for trace in TRACES:
        assert trace in dump()
    erase_by_the_page(client, cast, written="1")
    after = dump()
    assert [trace for trace in (*TRACES, "xylophone") if trace in after] == []
    with scope(brand=cast.brand):
        post = Post.objects.get()
        assert post.said.text == f"Merci à @{STRUCK} ({STRUCK}, {STRUCK}) pour la photo"
        assert post.said.parts == (f"Suivez {STRUCK},{STRUCK}",)
        assert Asset.objects.get().tags == [STRUCK, "photo"]
        assert sum(len(piece.body) for piece in ImportPiece.objects.all()) > 60, "the rest of the file stays"


def test_what_was_planned_is_a_draft_again_and_whoever_has_it_open_is_told(
    delivery: Delivery, brand: Brand, cast: Cast
) -> None:
    before = Post.objects.get().revision
    strike(brand=brand, by=cast.owner, words=WORDS)
    assert (kept(delivery).state, kept(delivery).due_at) == ("draft", None)
    assert Step.objects.filter(delivery=delivery).last().act == "unplanned"
    post = Post.objects.get()
    assert post.revision == before + 1
    assert Version.objects.get(post=post, revision=post.revision).content == post.content


def test_nothing_is_struck_while_a_content_that_names_them_is_leaving(
    delivery: Delivery, cast: Cast, client: Client
) -> None:
    change(delivery, state="sending")
    answer = erase_by_the_page(client, cast, written="1")
    (told,) = answer.context["messages"]
    assert "Merci à @aicha" in str(told)
    assert "aicha.kone.example" in dump()
    with scope(brand=cast.brand):
        assert Author.objects.exists()
        with pytest.raises(StillLeaving):
            strike(brand=cast.brand, by=cast.owner, words=WORDS)


def test_what_the_brand_wrote_stays_unless_it_was_asked_for(
    delivery: Delivery, cast: Cast, client: Client
) -> None:
    erase_by_the_page(client, cast)
    with scope(brand=cast.brand):
        assert "@aicha.kone.example" in Post.objects.get().said.text
        assert Delivery.objects.get().state == "scheduled"


def test_a_copy_for_them_holds_what_the_brand_wrote_of_them(
    delivery: Delivery, brand: Brand, cast: Cast
) -> None:
    told = texts(brand=brand, words=WORDS)
    assert {"in": "asset.rights", "text": "© Aïcha Koné"} in told
    assert {"post.content", "remark.text", "importrow.said"} <= {row["in"] for row in told}
    author = Author.objects.create(
        brand=brand, network="bluesky", remote_id="did:x", handle="aicha.kone.example", name="Aïcha",
        first_seen_at=NOON, last_seen_at=NOON,
    )  # fmt: skip
    assert "© Aïcha" not in copy_of(brand=brand, by=cast.owner, author=author), (
        "a first name alone is many people"
    )
    assert "Merci à @aicha.kone.example" in copy_of(brand=brand, by=cast.owner, author=author)


def test_a_name_is_looked_for_as_a_word_and_a_word_like_a_field_breaks_nothing(
    brand: Brand, channel: Channel, cast: Cast
) -> None:
    build_delivery(channel, "Le contexte du text, et un autre")
    assert naming(brand=brand, words=["contex"]).count == 0
    assert [str(post) for post in naming(brand=brand, words=["text"]).contents] == [
        "Le contexte du text, et un autre"
    ]
    strike(brand=brand, by=cast.owner, words=["text"])
    assert Post.objects.get().said.text == f"Le contexte du {STRUCK}, et un autre"


def test_another_brand_is_left_alone(delivery: Delivery, cast: Cast) -> None:
    with scope(brand=cast.other):
        CalendarNote.objects.create(
            brand=cast.other, text="Aïcha Koné", first_day="2026-11-23", last_day="2026-11-23"
        )
    with scope(brand=cast.brand):
        strike(brand=cast.brand, by=cast.owner, words=WORDS)
    assert CalendarNote._base_manager.get(brand=cast.other).text == "Aïcha Koné"


def test_who_leaves_a_brand_is_told_what_goes_and_it_goes(brand: Brand, channel: Channel, cast: Cast) -> None:
    Unsaved.objects.create(brand=brand, by=cast.colleague, typed={"text": ["zut"]})
    CalendarFeed.objects.create(brand=brand, user=cast.colleague)
    post = build_delivery(channel).variant.post
    ApprovalLink.objects.create(brand=brand, post=post, user=cast.colleague, expires_at=timezone.now())
    with translation.override("en"):
        told = " ".join(belongings.told(cast.colleague, [brand]))
    assert "1 content typed and never saved is deleted." in told and "calendar" in told
    belongings.drop(cast.colleague, [brand])
    assert not Unsaved.objects.exists() and not CalendarFeed.objects.exists()
    assert not ApprovalLink.objects.exists()


def test_after_somebody_deleted_their_account_a_dump_does_not_know_them(
    brand: Brand, channel: Channel, cast: Cast
) -> None:
    organisation = brand.organisation
    gone = build_user("quetzal@iroko.example", organisation, "manager", "Quetzalcoatl Dupont")
    now = timezone.now()
    Invitation.objects.create(
        organisation=organisation, email=gone.email, role="manager", expires_at=now, accepted_at=now
    )
    team = save_team(
        organisation=organisation, by=cast.owner, name="Relecture", members=[gone.memberships.get()]
    )
    save_steps(
        brand=brand,
        channel=None,
        approvers=[Approver(kind="person", who=str(gone.pk))],
        by=cast.owner,
        now=now,
    )
    asked = planned(channel, at=now + timedelta(days=1))
    remark(post=asked.variant.post, by=gone, text="Très bien")
    ApprovalLink.objects.create(
        brand=brand,
        post=asked.variant.post,
        user=gone,
        expires_at=now,
        mail_error="550 <quetzal@iroko.example>",
    )
    CalendarFeed.objects.create(brand=brand, user=gone)
    Unsaved.objects.create(brand=brand, by=gone, typed={"text": ["zut"]})
    stamp = Approval.objects.get(state="pending").stamp
    done = decide(brand=brand, stamps=[stamp], by=gone, choice=Choice.APPROVE, now=now)
    assert done.approved
    save_team(organisation=organisation, by=cast.owner, name="Relecture", members=[], team=team)
    save_steps(brand=brand, channel=None, approvers=[], by=cast.owner, now=now)
    assert "quetzal" in dump() and "Quetzal" in dump()
    delete_account(user=gone)
    lines = [line for line in dump().splitlines() if "quetzal" in line.lower()]
    assert lines == []
    assert kept(asked).state == "scheduled" and Remark.objects.get().by is None
    assert AuditEntry.objects.filter(act="approval.approve").count() == 1
