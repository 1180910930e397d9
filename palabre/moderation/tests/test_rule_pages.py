"""The pages of rules and word lists, as a person without a script uses them."""

from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django_scopes import scope

from palabre.agency.models import AuditEntry
from palabre.moderation.models import Article, Rule, Word, WordList
from tests.builders import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(cast: Cast, client: Client) -> Iterator[Client]:
    client.force_login(cast.owner)
    yield client


@pytest.fixture
def place(cast: Cast) -> str:
    return f"/b/{cast.brand.slug}/moderation"


LINES = {
    "name": "Emoji seuls",
    "any": "",
    "c0-kind": "signs",
    "c0-value": ["only_emoji"],
    "a0-kind": "done",
}


def test_lines_are_added_and_taken_away_without_a_script_and_nothing_is_judged_yet(
    client: Client, place: str
) -> None:
    page = client.post(f"{place}/rules/new/", {"act": "add:c", "new-c": "words", "name": ""})
    assert page.status_code == 200
    assert [line.kind for line in page.context["form"].conditions] == ["words"]
    assert not page.context["form"].errors
    sent = {"c0-kind": "words", "c0-value": "arnaque", "c4-kind": "first", "act": "drop:c4"}
    page = client.post(f"{place}/rules/new/", sent)
    (line,) = page.context["form"].conditions
    assert "arnaque" in str(line["value"])


def test_a_rule_is_kept_asleep_tried_and_switched_on(client: Client, place: str, cast: Cast) -> None:
    kept = client.post(f"{place}/rules/new/", {**LINES, "act": "save"})
    with scope(brand=cast.brand):
        rule = Rule.objects.get()
    assert kept["Location"] == f"{place}/rules/{rule.pk}/live/"
    assert rule.conditions["rows"] == [{"ask": "signs", "isnt": False, "value": ["only_emoji"]}]
    assert (rule.actions, rule.is_active, rule.made_by) == ([{"do": "done"}], False, cast.owner)
    assert client.get(kept["Location"]).context["tried"].fired == 0
    client.post(kept["Location"])
    with scope(brand=cast.brand):
        assert Rule.objects.get().is_active
        log = AuditEntry.objects.filter(act__startswith="moderation.rule").order_by("pk")
        assert [entry.act for entry in log] == ["moderation.rule.create", "moderation.rule.on"]
    assert client.get(f"{place}/rules/{rule.pk}/").status_code == 200
    assert client.get(f"{place}/rules/{rule.pk}/edit/").status_code == 200


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"name": ""}, "name"),
        ({"c0-kind": ""}, "__all__"),
        ({"a0-kind": ""}, "__all__"),
        ({"c0-kind": "words", "c0-value": "(arnaque"}, "__all__"),
        ({"a0-kind": "hide"}, "article"),
    ],
)
def test_a_rule_that_cannot_be_is_kept_on_the_page_with_words(
    client: Client, place: str, cast: Cast, change: dict[str, str], where: str
) -> None:
    page = client.post(f"{place}/rules/new/", {**LINES, **change, "act": "save"})
    assert where in page.context["form"].errors
    with scope(brand=cast.brand):
        assert not Rule.objects.exists()


def test_rules_are_moved_put_to_sleep_and_deleted(client: Client, place: str, cast: Cast) -> None:
    for name in ("Une", "Deux"):
        client.post(f"{place}/rules/new/", {**LINES, "name": name, "act": "save"})
    with scope(brand=cast.brand):
        first, second = Rule.objects.all()
        client.post(f"{place}/rules/{second.pk}/act/", {"act": "up"})
        assert [rule.name for rule in Rule.objects.all()] == ["Deux", "Une"]
        client.post(f"{place}/rules/{first.pk}/act/", {"act": "delete"})
        assert [rule.name for rule in Rule.objects.all()] == ["Deux"]


WORDS = {"name": "Insultes", "act": "flag", "words": "crétin\nMLM,,true\n", "disguised": "on"}


def test_a_list_is_typed_brought_and_given_out(
    client: Client, place: str, cast: Cast, article: Article
) -> None:
    file = SimpleUploadedFile("words.csv", "word,replacement\nabruti,\ncrétin,\n".encode())
    kept = client.post(f"{place}/words/new/", {**WORDS, "file": file, "act_on": "save"})
    with scope(brand=cast.brand):
        found = WordList.objects.get()
        assert list(Word.objects.values_list("text", "cased")) == [
            ("crétin", False),
            ("MLM", True),
            ("abruti", False),
        ]
    assert kept["Location"] == f"{place}/words/{found.pk}/live/"
    assert client.get(kept["Location"]).status_code == 200
    client.post(kept["Location"])
    assert client.get(f"{place}/words/{found.pk}/words.txt").content.decode() == "crétin\nMLM\nabruti\n"
    assert "MLM,,true" in client.get(f"{place}/words/{found.pk}/words.csv").content.decode()
    assert client.get(f"{place}/words/{found.pk}/words.exe").status_code == 404
    for page in (f"{place}/words/", f"{place}/words/{found.pk}/", f"{place}/words/{found.pk}/edit/"):
        assert client.get(page).status_code == 200


@pytest.mark.parametrize(
    ("change", "where", "said"),
    [
        ({"words": "bon\n*\n"}, "words", "2"),
        ({"words": "@jeanne"}, "words", "@jeanne"),
        ({"words": ""}, "words", ""),
        ({"act": "replace", "words": "un"}, "words", "1"),
        ({"act": "tag", "label": ""}, "label", ""),
        ({"act": "block"}, "article", ""),
    ],
)
def test_a_list_that_cannot_be_says_which_line_and_why(
    client: Client, place: str, change: dict[str, str], where: str, said: str
) -> None:
    page = client.post(f"{place}/words/new/", {**WORDS, **change, "act_on": "save"})
    assert said in str(page.context["form"].errors[where])


def test_a_list_is_tried_before_it_is_kept(client: Client, place: str, cast: Cast) -> None:
    page = client.post(f"{place}/words/new/", {**WORDS, "act_on": "try"})
    assert page.context["tried"].looked == 0
    with scope(brand=cast.brand):
        assert not WordList.objects.exists()


def test_a_colleague_reads_and_changes_nothing(client: Client, place: str, cast: Cast) -> None:
    client.force_login(cast.colleague)
    assert client.get(f"{place}/rules/").status_code == 200
    assert client.get(f"{place}/words/").status_code == 200
    assert client.post(f"{place}/rules/new/", {**LINES, "act": "save"}).status_code == 403
    assert client.post(f"{place}/words/new/", {**WORDS, "act_on": "save"}).status_code == 403
    client.force_login(cast.stranger)
    assert client.get(f"{place}/rules/").status_code == 404
