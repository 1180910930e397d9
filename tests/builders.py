"""The people and things most tests need: three people, two brands, a topic, an item."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django_scopes import scope

from palabre.agency.models import Brand, Member, Organisation, User
from palabre.agency.people import create_brand
from palabre.agency.roles import Role
from palabre.listening.models import Topic
from palabre.listening.topics import TopicDraft, save_topic

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Cast:
    """An owner and a colleague who only reads, of one agency; a stranger of another."""

    owner: User
    colleague: User
    stranger: User
    brand: Brand
    other: Brand


def build_user(email: str, organisation: Organisation, role: str, name: str = "") -> User:
    """A member of an organisation."""
    # No password: hashing one costs more than all the rest of a test, and force_login needs none.
    user = User.objects.create_user(email, None, name=name or email.split("@")[0].title())
    Member.objects.create(user=user, organisation=organisation, role=role)
    return user


def build_cast() -> Cast:
    """Two organisations with a brand each."""
    home, away = (
        Organisation.objects.create(name="Agence Iroko"),
        Organisation.objects.create(name="Ailleurs"),
    )
    owner = build_user("ines@iroko.example", home, Role.OWNER, "Inès")
    colleague = build_user("malo@iroko.example", home, Role.READER, "Malo")
    stranger = build_user("zoe@ailleurs.example", away, Role.OWNER, "Zoé")
    brand = create_brand(
        organisation=home, by=owner, name="Café Baobab", website="https://cafe-baobab.example"
    )
    other = create_brand(organisation=away, by=stranger, name="Vélo Fleuve")
    return Cast(owner=owner, colleague=colleague, stranger=stranger, brand=brand, other=other)


def build_topic(
    brand: Brand, query: str = '"café baobab" OR #CafeBaobab', name: str = "Café Baobab", **settings: Any
) -> Topic:
    """A topic of a brand, saved as a person would."""
    with scope(brand=brand):
        return save_topic(brand=brand, by=None, draft=TopicDraft(name=name, query=query, **settings))
