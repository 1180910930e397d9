"""A content is sent for approval, refused on a phone, changed, approved by the mail's link, and leaves."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.served import Served

OpenPage = Callable[..., Page]
ROOM = "/b/cafe-baobab/publish"
PASSWORD = "palabre-demo"

PLANT = """
from palabre.agency.models import Brand, Member, User
brand = Brand.objects.get(slug="cafe-baobab")
lea = User.objects.create_user("lea@palabre.example", "palabre-demo", name="Léa")
Member.objects.create(user=lea, organisation=brand.organisation, role="manager")
"""

LINK = """
from datetime import timedelta
from django.utils import timezone
from django_scopes import scope
from palabre.agency.models import Brand, User
from palabre.publishing.approval.mail import address
from palabre.publishing.models import ApprovalLink, Post
brand = Brand.objects.get(slug="cafe-baobab")
with scope(brand=brand):
    link = ApprovalLink.objects.create(
        brand=brand, user=User.objects.get(email="lea@palabre.example"), post=Post.objects.latest("pk"),
        expires_at=timezone.now() + timedelta(hours=1))
    print("LINK", address(link))
"""


@pytest.fixture(scope="module")
def palabre() -> Iterator[Served]:
    served = Served()
    try:
        served.start()
        served.manage("demo", "--days", "1", "--language", "fr")
        served.manage("shell", "-c", PLANT)
        yield served
    finally:
        served.close()


def enter(page: Page, email: str) -> None:
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    expect(page.locator("h1")).to_be_visible()


def until_seen(page: Page, text: str) -> None:
    """Reload until the page shows it."""
    for _ in range(60):
        if page.get_by_text(text).first.is_visible():
            return
        page.wait_for_timeout(1_000)
        page.reload()
    raise AssertionError(f"“{text}” was not seen")


def test_a_content_is_refused_on_a_phone_changed_and_approved_by_the_link_of_a_mail(
    open_page: OpenPage, palabre: Served, axe: Callable[[Page], None], screenshot: Callable[[Page, str], Path]
) -> None:
    owner, lea, anybody = open_page(), open_page(width="phone"), open_page(width="phone")
    enter(owner, "demo@palabre.example")
    enter(lea, "lea@palabre.example")

    # An account, and the step: Léa approves.
    owner.goto("/b/cafe-baobab/channels/new/sandbox/name/")
    owner.locator("input[name=name]").fill("comptoir")
    owner.get_by_role("button", name="Connecter").click()
    owner.goto(f"{ROOM}/approval/steps/")
    owner.locator("select[name=brand-step1]").select_option(label="Léa")
    axe(owner)
    owner.get_by_role("button", name="Enregistrer les étapes").first.click()
    expect(owner.get_by_text("Les étapes sont enregistrées.")).to_be_visible()

    # Written, and sent for approval.
    owner.goto(f"{ROOM}/new/")
    owner.locator(".channel-choice", has_text="Comptoir").click()
    owner.locator("textarea[name=text]").fill("Le brunch de dimanche est prét")
    day = owner.evaluate("new Date(Date.now() + 3 * 864e5).toISOString().slice(0, 10)")
    owner.locator("input[name=day]").fill(day)
    owner.locator("input[name=hour]").fill("09:30")
    owner.get_by_role("button", name="Programmer", exact=True).click()
    expect(owner.get_by_text("Envoyé en validation.")).to_be_visible()
    post = owner.url

    # Refused on a phone, with a word.
    lea.goto(f"{ROOM}/approval/")
    expect(lea.get_by_text("Le brunch de dimanche est prét").first).to_be_visible()
    assert lea.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    axe(lea)
    screenshot(lea, "approval-fr-phone")
    lea.get_by_label("Un mot avec votre décision").first.fill("prêt, avec un accent circonflexe")
    lea.get_by_role("button", name="Refuser", exact=True).click()
    expect(lea.get_by_text("Refusé")).not_to_have_count(0)

    # Changed, and asked again.
    owner.goto(post)
    expect(owner.get_by_text("accent circonflexe").first).to_be_visible()
    owner.get_by_role("link", name="Modifier", exact=True).click()
    owner.locator("textarea[name=text]").fill("Le brunch de dimanche est prêt")
    owner.locator("input[name=day]").fill(day)
    owner.locator("input[name=hour]").fill("09:30")
    owner.get_by_role("button", name="Programmer", exact=True).click()
    expect(owner.get_by_text("Envoyé en validation.")).to_be_visible()

    # The link of the mail shows it to whoever holds it; one click decides.
    link = re.search(r"LINK (\S+)", palabre.manage("shell", "-c", LINK))
    assert link
    anybody.goto("/approve/" + link[1].split("/approve/")[1])
    expect(anybody.get_by_text("est prêt").first).to_be_visible()
    axe(anybody)
    screenshot(anybody, "approval-link-fr-phone")
    anybody.get_by_role("button", name="Valider", exact=True).click()
    expect(anybody.get_by_role("heading", name=re.compile("Merci"))).to_be_visible()

    # Approved once, it may leave at once.
    owner.goto(post)
    owner.get_by_role("button", name="Publier maintenant").click()
    until_seen(owner, "publié")
    owner.get_by_text("Preuve").first.click()
    expect(owner.get_by_text(re.compile("refusé · Léa")).first).to_be_visible()
    expect(owner.get_by_text(re.compile("validé · Léa")).first).to_be_visible()
