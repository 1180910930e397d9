"""Who comes first, who may enter, and what is put down of it."""

import threading
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django_scopes import scope
from pytest_django import Settings

from palabre.agency.access import brands_of, membership
from palabre.agency.models import AuditEntry, Brand, Grant, Member, Organisation, User
from palabre.agency.people import OwnerExists, create_brand, create_owner
from palabre.agency.roles import Role
from tests.builders import Cast, build_cast, build_user

TYPED = {
    "name": "Inès",
    "email": "Ines@Iroko.example",
    "password": "une phrase facile à retenir",
    "organisation": "Agence Iroko",
    "time_zone": "Europe/Paris",
}


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def cast(db: None) -> Cast:
    return build_cast()


def test_the_first_person_becomes_the_owner_and_the_door_closes(db: None, client: Client) -> None:
    answer = client.post(reverse("agency:start_owner"), TYPED)
    assert answer["Location"] == reverse("agency:brand_new")
    owner = User.objects.get()
    assert owner.email == "ines@iroko.example"
    assert owner.memberships.get().role == Role.OWNER
    second = Client().post(reverse("agency:start_owner"), {**TYPED, "email": "autre@iroko.example"})
    assert second.status_code == 302
    assert User.objects.count() == 1
    with pytest.raises(OwnerExists):
        create_owner(**TYPED, language="fr")
    # A fixed number would have made the next organisation collide.
    assert Organisation.objects.create(name="Une autre").pk


def test_a_weak_password_is_refused_at_its_field(db: None, client: Client) -> None:
    answer = client.post(reverse("agency:start_owner"), {**TYPED, "password": "ines"})
    assert "password" in answer.context["form"].errors
    assert not User.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_come_at_once_one_owns_the_place() -> None:
    start, ended = threading.Barrier(2), []

    def come(email: str) -> None:
        start.wait()
        try:
            create_owner(**{**TYPED, "email": email}, language="fr")
            ended.append("owner")
        except OwnerExists:
            ended.append("too late")
        finally:
            connection.close()

    people = [threading.Thread(target=come, args=(f"{n}@iroko.example",)) for n in range(2)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert sorted(ended) == ["owner", "too late"]
    assert (User.objects.count(), Organisation.objects.count(), Member.objects.count()) == (1, 1, 1)


def test_every_brand_has_an_address_of_its_own(cast: Cast) -> None:
    names = ["Café Baobab", "Café Baobab", "cafe-baobab", "百度", "", "L" * 120]
    home = cast.brand.organisation
    slugs = [create_brand(organisation=home, by=cast.owner, name=name).slug for name in names]
    assert slugs == ["cafe-baobab-2", "cafe-baobab-3", "cafe-baobab-4", "brand", "brand-2", "l" * 48]


def test_a_brand_is_put_down_with_who_made_it(cast: Cast) -> None:
    with scope(brand=cast.brand):
        entry = AuditEntry.objects.get()
    assert (entry.act, entry.subject, entry.by) == ("brand.create", "Café Baobab", cast.owner)


def test_a_member_of_some_brands_enters_no_other(cast: Cast) -> None:
    home = cast.brand.organisation
    second = create_brand(organisation=home, by=cast.owner, name="Musée")
    guest = build_user("ana@iroko.example", home, Role.GUEST)
    Grant.objects.create(member=guest.memberships.get(), brand=second, role=Role.READER)
    assert membership(guest, cast.brand) is None
    assert membership(guest, second) is not None
    assert brands_of(guest) == [second]
    assert brands_of(cast.owner) == [cast.brand, second]
    assert membership(cast.stranger, cast.brand) is None


def page_of(brand: Brand) -> str:
    return reverse("listening:topic_new", args=[brand.slug])


@pytest.mark.parametrize(("who", "status"), [("owner", 200), ("colleague", 403), ("stranger", 404)])
def test_the_door_tells_strangers_nothing(cast: Cast, client: Client, who: str, status: int) -> None:
    client.force_login(getattr(cast, who))
    assert client.get(page_of(cast.brand)).status_code == status


def test_the_door_asks_who_one_is(cast: Cast, client: Client) -> None:
    assert reverse("account_login") in client.get(page_of(cast.brand))["Location"]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_brand_is_first_thought_to_be_spoken_of_as_its_owner_speaks(
    cast: Cast, client: Client, language: str
) -> None:
    User.objects.filter(pk=cast.owner.pk).update(language=language, time_zone="America/Montreal")
    client.force_login(cast.owner)
    form = client.get(reverse("agency:brand_new")).context["form"]
    assert form["languages"].value() == [language]
    assert form["time_zone"].value() == "America/Montreal"


def test_a_reader_makes_no_brand(cast: Cast, client: Client) -> None:
    client.force_login(cast.colleague)
    typed = {"name": "Intrus", "languages": ["fr"], "time_zone": "Europe/Paris"}
    assert client.post(reverse("agency:brand_new"), typed).status_code == 403
    assert not Brand.objects.filter(name="Intrus").exists()


@pytest.fixture
def english(cast: Cast) -> Iterator[User]:
    cast.owner.language = "en"
    cast.owner.save(update_fields=["language"])
    yield cast.owner


def test_the_readers_own_language_wins_over_browser_and_cookie(
    english: User, client: Client, settings: Settings
) -> None:
    client.force_login(english)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "fr"
    answer = client.get(reverse("agency:profile"), headers={"accept-language": "fr"})
    assert answer["Content-Language"] == "en"


def test_a_chosen_language_is_kept_for_the_next_visit(cast: Cast, client: Client) -> None:
    client.force_login(cast.owner)
    typed = {"name": "Inès", "language": "en", "time_zone": "Europe/Paris"}
    client.post(reverse("agency:profile"), typed)
    cast.owner.refresh_from_db()
    assert cast.owner.language == "en"
    assert client.get(reverse("agency:profile"))["Content-Language"] == "en"
