"""The pages of listening as a browser meets them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from palabre.listening.models import Rule, Source, Topic
from palabre.listening.sources import SourceDraft, add_source, kept_secrets
from palabre.stream.models import Tag
from tests.builders import Cast, build_cast, build_topic

OPML = """<?xml version="1.0"?><opml version="2.0"><body><outline text="Presse">
<outline type="rss" text="La Gazette" xmlUrl="https://gazette.example/rss"/>
<outline type="rss" text="L’Écho &lt;b&gt;" xmlUrl="https://echo.example/atom?a=1&amp;b=2"/></outline>
<outline type="rss" text="Encore" xmlUrl="https://gazette.example/rss"/></body></opml>"""


@pytest.fixture
def cast(db: None) -> Cast:
    return build_cast()


@pytest.fixture
def owner(cast: Cast, client: Client) -> Client:
    cast.owner.language = "en"
    cast.owner.save(update_fields=["language"])
    client.force_login(cast.owner)
    return client


def at(cast: Cast, name: str, *given: object) -> str:
    return reverse(f"listening:{name}", args=[cast.brand.slug, *given])


@pytest.mark.parametrize(
    ("query", "holds"),
    [
        ("baobab OR iroko", "baobab"),
        ('baobab "café', "field-error"),
        ("-publicité", "almost everything"),
        ("", ""),
    ],
)
def test_the_editor_answers_while_one_types(cast: Cast, owner: Client, query: str, holds: str) -> None:
    answer = owner.post(at(cast, "topic_check"), {"query": query}, headers={"hx-request": "true"})
    assert answer.status_code == 200
    assert holds in answer.content.decode()
    assert "<html" not in answer.content.decode(), "a fragment"


def test_a_hostile_query_stays_text(cast: Cast, owner: Client) -> None:
    typed = {"query": "<script>alert(1)</script>\x00" + "(" * 30_000}
    answer = owner.post(at(cast, "topic_check"), typed, headers={"hx-request": "true"})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()


def test_a_topic_is_made_changed_put_away_and_brought_back(cast: Cast, owner: Client) -> None:
    typed = {
        "name": "Baobab", "query": "baobab", "about": "ours", "languages_mode": "preferred",
        "regions_mode": "preferred", "quality": "all",
    }  # fmt: skip
    assert owner.post(at(cast, "topic_new"), typed).status_code == 302
    with scope(brand=cast.brand):
        topic = Topic.objects.get()
    assert owner.post(at(cast, "topic_edit", topic.pk), {**typed, "query": "iroko"}).status_code == 302
    owner.post(at(cast, "topic_pause", topic.pk))
    owner.post(at(cast, "topic_delete", topic.pk))
    assert owner.get(at(cast, "topic_edit", topic.pk)).status_code == 404
    owner.post(at(cast, "topic_restore", topic.pk))
    with scope(brand=cast.brand):
        kept = Topic.objects.get()
    assert (kept.query, kept.is_paused, kept.deleted_at) == ("iroko", True, None)
    assert owner.get(at(cast, "topics")).status_code == 200


def test_feeds_come_in_as_opml_once_and_go_out_again(cast: Cast, owner: Client) -> None:
    for _ in range(2):
        owner.post(at(cast, "opml_import"), {"file": SimpleUploadedFile("f.opml", OPML.encode())})
    with scope(brand=cast.brand):
        kept = {source.target: source.title for source in Source.objects.all()}
    assert kept == {
        "https://gazette.example/rss": "La Gazette",
        "https://echo.example/atom?a=1&b=2": "L’Écho",
    }
    answer = owner.get(at(cast, "opml_export"))
    assert "attachment" in answer["Content-Disposition"]
    again = SimpleUploadedFile("f.opml", answer.content)
    owner.post(reverse("listening:opml_import", args=[cast.brand.slug]), {"file": again})
    with scope(brand=cast.brand):
        assert Source.objects.count() == 2


@pytest.mark.parametrize("content", [b"", b"hello", b"\xff\xfe\x00", b"<opml><body/></opml>"])
def test_what_is_no_opml_is_said_to_be_none(cast: Cast, owner: Client, content: bytes) -> None:
    given = {"file": SimpleUploadedFile("f.opml", content)}
    answer = owner.post(at(cast, "opml_import"), given, follow=True)
    assert answer.status_code == 200
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]


def test_a_source_is_added_paused_and_looked_at(cast: Cast, owner: Client) -> None:
    assert owner.get(at(cast, "source_new", "feeds", "feed")).status_code == 200
    owner.post(at(cast, "source_new", "feeds", "feed"), {"target": "https://gazette.example/rss"})
    with scope(brand=cast.brand):
        source = Source.objects.get()
    for state in ("paused", "new"):
        owner.post(at(cast, "source_toggle", source.pk))
        source = Source._base_manager.get()
        assert source.state == state
    assert owner.post(at(cast, "source_look", source.pk)).status_code == 302
    assert owner.get(at(cast, "sources")).status_code == 200
    owner.post(at(cast, "source_remove", source.pk))
    assert not Source._base_manager.exists()


@pytest.mark.parametrize("kind", [("feeds", "telepathy"), ("telepathy", "feed"), ("sandbox", "live")])
def test_what_is_not_offered_cannot_be_added(cast: Cast, owner: Client, kind: tuple[str, str]) -> None:
    assert owner.get(at(cast, "source_new", *kind)).status_code == 404


def test_the_things_of_another_brand_do_not_exist(cast: Cast, owner: Client) -> None:
    theirs = build_topic(cast.other)
    for name in ("topic_pause", "topic_delete", "topic_restore"):
        assert owner.post(at(cast, name, theirs.pk)).status_code == 404
    assert owner.get(at(cast, "topic_edit", theirs.pk)).status_code == 404


def test_rules_are_moved_switched_and_taken_away(cast: Cast, owner: Client) -> None:
    for name in "abc":
        typed = {"name": name, "query": name, "read": "on"}
        assert owner.post(at(cast, "rule_new"), typed).status_code == 302
    with scope(brand=cast.brand):
        a, b, c = Rule.objects.all()

    def names() -> str:
        with scope(brand=cast.brand):
            return "".join(Rule.objects.values_list("name", flat=True))

    for rule, act, order in ((c, "up", "acb"), (a, "up", "acb"), (b, "down", "acb"), (a, "down", "cab")):
        owner.post(at(cast, "rule_move", rule.pk), {"act": act})
        assert names() == order
    owner.post(at(cast, "rule_move", a.pk), {"act": "toggle"})
    owner.post(at(cast, "rule_move", b.pk), {"act": "delete"})
    assert names() == "ca"
    assert not Rule._base_manager.get(pk=a.pk).is_active
    owner.post(at(cast, "rule_new"), {"name": "d", "query": "d", "read": "on"})
    assert names() == "cad", "a new rule comes last"


def test_a_dry_run_saves_nothing(cast: Cast, owner: Client) -> None:
    answer = owner.post(at(cast, "rule_new"), {"name": "a", "query": "a", "read": "on", "try": "1"})
    assert (answer.status_code, answer.context["found"].looked) == (200, 0)
    assert not Rule._base_manager.exists()


def test_a_source_is_changed_and_its_secret_is_never_shown(cast: Cast, owner: Client) -> None:
    typed = {"target": "v@x.example", "field_host": "imap.x.example", "field_password": "motus-secret"}
    owner.post(at(cast, "source_new", "mailbox", "mailbox"), typed)
    with scope(brand=cast.brand):
        source = Source.objects.get()
    page = owner.get(at(cast, "source_edit", source.pk)).content.decode()
    assert "imap.x.example" in page
    assert "motus-secret" not in page
    assert "motus-secret" not in owner.get(at(cast, "sources")).content.decode()
    typed |= {"field_password": "", "title": "Veille", "field_host": "mail.x.example"}
    assert owner.post(at(cast, "source_edit", source.pk), typed).status_code == 302
    with scope(brand=cast.brand):
        row = Source.objects.get()
    assert (row.pk, row.title, row.options["host"]) == (source.pk, "Veille", "mail.x.example")
    assert kept_secrets(row) == {"password": "motus-secret"}


def test_a_source_cannot_be_moved_to_where_another_looks(cast: Cast, owner: Client) -> None:
    for name in ("un", "deux"):
        owner.post(at(cast, "source_new", "feeds", "feed"), {"target": f"https://{name}.example/rss"})
    with scope(brand=cast.brand):
        first = Source.objects.order_by("pk")[0]
    answer = owner.post(at(cast, "source_edit", first.pk), {"target": "https://deux.example/rss"})
    assert answer.status_code == 200
    assert "looks there already" in answer.content.decode()


def test_the_sources_of_others_cannot_be_changed(cast: Cast, owner: Client) -> None:
    with scope(brand=cast.other):
        theirs = add_source(
            brand=cast.other,
            by=None,
            draft=SourceDraft(network="feeds", kind="feed", target="https://x.example"),
        )
    assert owner.get(at(cast, "source_edit", theirs.pk)).status_code == 404


def test_a_search_without_a_topic_says_what_it_waits_for(cast: Cast, owner: Client) -> None:
    owner.post(at(cast, "source_new", "hackernews", "search"), {"title": ""})
    assert "waits for a topic" in owner.get(at(cast, "sources")).content.decode()
    build_topic(cast.brand)
    assert "waits for a topic" not in owner.get(at(cast, "sources")).content.decode()


def test_tags_are_counted_renamed_and_deleted(cast: Cast, owner: Client) -> None:
    with scope(brand=cast.brand):
        kept, gone = (Tag.objects.create(brand=cast.brand, name=name) for name in ("Crise", "Presse"))
        Rule.objects.create(brand=cast.brand, name="R", actions={"tags": ["Crise", "Presse"]})
    shown = owner.get(at(cast, "tags")).content.decode()
    assert "Crise" in shown and "0 mentions" in shown and f"tags={kept.pk}" in shown
    owner.post(at(cast, "tag_rename", kept.pk), {"name": "  Grande   crise "})
    refused = owner.post(at(cast, "tag_rename", kept.pk), {"name": "Presse"}, follow=True)
    assert "no other tag has" in refused.content.decode()
    told = owner.post(at(cast, "tag_delete", gone.pk), follow=True).content.decode()
    assert "would make it again: R" in told
    with scope(brand=cast.brand):
        assert [tag.name for tag in Tag.objects.all()] == ["Grande crise"]
        assert Rule.objects.get().actions["tags"] == ["Grande crise", "Presse"]
