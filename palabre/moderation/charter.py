"""What a brand stands by: its articles, how it moderates, what it writes to an author.

An article is never changed: a new wording is a new version, and what was decided by the old one says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max, QuerySet

from palabre.agency.audit import record
from palabre.agency.models import Brand, User
from palabre.moderation.models import Article, Policy, Wording


@dataclass(frozen=True, kw_only=True)
class Draft:
    """An article before it is one."""

    title: str
    text: str


USUAL: Mapping[str, tuple[Draft, ...]] = {
    "fr": (
        Draft(
            title="Respect des personnes",
            text="Ni insulte, ni menace, ni harcèlement, ni moquerie sur ce qu’une personne est.",
        ),
        Draft(
            title="Ni haine ni discrimination",
            text="Aucun propos raciste, sexiste, homophobe, ni appel à la haine ou à la violence : la loi "
            "l’interdit aussi.",
        ),
        Draft(
            title="Vie privée",
            text="Ne publiez ni adresse, ni numéro de téléphone, ni photo d’une personne sans son accord.",
        ),
        Draft(
            title="Publicité et arnaques",
            text="Ni publicité non demandée, ni faux concours, ni lien trompeur, ni message répété.",
        ),
        Draft(
            title="Vérité et identité",
            text="Ne vous faites pas passer pour quelqu’un d’autre ; n’accusez personne de faits inventés.",
        ),
        Draft(
            title="Le sujet de la page",
            text="La critique est bienvenue. Ce qui n’a aucun rapport avec le sujet peut être masqué.",
        ),
    ),
    "en": (
        Draft(
            title="Respect for people",
            text="No insult, threat or harassment, no mockery of what a person is.",
        ),
        Draft(
            title="No hate, no discrimination",
            text="Nothing racist, sexist or homophobic, no call to hatred or violence: "
            "the law forbids it too.",
        ),
        Draft(
            title="Private life",
            text="Publish no address, telephone number or picture of a person without their consent.",
        ),
        Draft(
            title="Advertising and scams",
            text="No advertising nobody asked for, no false contest, misleading link or repeated message.",
        ),
        Draft(
            title="Truth and identity",
            text="Do not pretend to be somebody else; accuse nobody of invented facts.",
        ),
        Draft(
            title="What the page is about",
            text="Criticism is welcome. What has nothing to do with the subject may be hidden.",
        ),
    ),
}
"""A charter to begin with, in either language."""


def policy_of(brand: Brand) -> Policy:
    """How a brand moderates; the usual way where it never said. Not saved."""
    return Policy.objects.filter(brand=brand).first() or Policy(brand=brand)


def in_force() -> "QuerySet[Article]":
    """The articles that hold now, in their order. In the brand's scope."""
    return Article.objects.filter(until=None)


@transaction.atomic
def begin(*, brand: Brand, by: User, language: str, now: datetime) -> None:
    """Take the usual charter up, where the brand has none yet."""
    Brand.objects.select_for_update().get(pk=brand.pk)
    if in_force().exists():
        return
    for draft in USUAL["fr" if language.startswith("fr") else "en"]:
        write(brand=brand, by=by, title=draft.title, text=draft.text, now=now)


@transaction.atomic
def write(
    *, brand: Brand, by: User, title: str, text: str, now: datetime, number: int | None = None
) -> Article:
    """Add an article, or word the one with this number anew; the same words change nothing."""
    Brand.objects.select_for_update().get(pk=brand.pk)
    rows = Article.objects.filter(brand=brand)
    if number is None:
        number = (rows.aggregate(last=Max("number"))["last"] or 0) + 1
    old = rows.filter(number=number).order_by("-version").first()
    if old is not None and old.until is None and (old.title, old.text) == (title, text):
        return old
    rows.filter(number=number, until=None).update(until=now)
    version = old.version + 1 if old else 1
    article: Article = Article.objects.create(
        brand=brand, number=number, version=version, title=title, text=text, by=by, since=now
    )
    before = {"title": old.title, "text": old.text} if old else None
    words = {"title": title, "text": text}
    record(brand=brand, by=by, act="moderation.article", subject=f"§ {number}", before=before, after=words)
    return article


@transaction.atomic
def repeal(*, article: Article, by: User, now: datetime) -> None:
    """An article no longer holds; what was decided by it still names it."""
    if Article.objects.filter(pk=article.pk, until=None).update(until=now):
        before = {"title": article.title, "text": article.text}
        subject = f"§ {article.number}"
        record(brand=article.brand, by=by, act="moderation.repeal", subject=subject, before=before)


_SETTINGS = ("toxicity_at", "spam_at", "four_eyes", "blur", "break_after")


@transaction.atomic
def set_policy(*, brand: Brand, by: User, policy: Policy) -> None:
    """Change how a brand moderates; the same again changes nothing."""
    old = Policy.objects.select_for_update().filter(brand=brand).first()
    before = {name: getattr(old or Policy(), name) for name in _SETTINGS}
    after = {name: getattr(policy, name) for name in _SETTINGS}
    if before == after:
        return
    Policy.objects.update_or_create(brand=brand, defaults=after)
    record(brand=brand, by=by, act="moderation.policy", subject=brand.name, before=before, after=after)


@transaction.atomic
def word(*, brand: Brand, by: User, language: str, text: str) -> None:
    """Change the statement of reasons in one language; an empty text takes the usual one up again."""
    old = Wording.objects.filter(brand=brand, language=language).first()
    before = old.text if old else ""
    if before == text.strip():
        return
    if text.strip():
        Wording.objects.update_or_create(brand=brand, language=language, defaults={"text": text.strip()})
    else:
        Wording.objects.filter(brand=brand, language=language).delete()
    record(brand=brand, by=by, act="moderation.wording", subject=language, before=before, after=text.strip())
