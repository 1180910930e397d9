"""From an empty installation to the first alert e-mail, as a newcomer walks it."""

import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.live.mail import MailServer
from tests.served import Served
from tests.sites import Site, running_site

ADDRESS = "ines@palabre.test"


@pytest.fixture(scope="module")
def gazette() -> Iterator[Site]:
    with running_site() as site:
        yield site


def now() -> str:
    return format_datetime(datetime.now(UTC))


def until_seen(page: Page, text: str, seconds: float = 90) -> None:
    """Reload until the page shows it: what comes in comes in its own time."""
    deadline = time.monotonic() + seconds
    while not page.get_by_text(text).first.is_visible():
        assert time.monotonic() < deadline, f"“{text}” was not seen within {seconds} s"
        page.wait_for_timeout(1_000)
        page.reload()


def test_a_newcomer_reaches_a_real_mention_and_a_received_alert(
    open_page: Callable[..., Page],
    palabre: Served,
    gazette: Site,
    mail_server: MailServer,
    screenshot: Callable[[Page, str], Path],
    axe: Callable[[Page], None],
) -> None:
    first = ("un", "Le Café Baobab rouvre", "Le café Baobab a rouvert samedi, et c’est une merveille.", now())
    gazette.publish("La Gazette du port", [first, ("deux", "Météo", "Il pleuvra demain.", now())])
    page = open_page()

    # The owner's account.
    page.goto("/")
    expect(page).to_have_url(re.compile("/start/$"))
    axe(page)
    screenshot(page, "start-owner-fr")
    page.get_by_label("Votre nom").fill("Inès")
    page.get_by_label("Votre adresse e‑mail").fill(ADDRESS)
    page.get_by_label("Choisissez un mot de passe").fill("court")
    page.get_by_label("Votre organisation").fill("Agence Iroko")
    page.get_by_role("button", name="Créer mon compte").click()
    expect(page.get_by_text("trop court")).to_be_visible()
    expect(page.get_by_label("Votre nom")).to_have_value("Inès")
    page.get_by_label("Choisissez un mot de passe").fill("un baobab dans la cour")
    page.get_by_role("button", name="Créer mon compte").click()

    # The brand and its competitors.
    expect(page).to_have_url(re.compile("/brands/new/$"))
    axe(page)
    screenshot(page, "start-brand-fr")
    page.get_by_label("Nom de la marque").fill("Café Baobab")
    page.get_by_label("Concurrents").fill("Torréfaction du Port\nMaison Iroko")
    page.get_by_role("button", name="Continuer").click()

    # What to listen for, with a preview before anything is saved.
    query = page.get_by_label("Que faut-il écouter")
    expect(query).to_have_value(re.compile('"Café Baobab"'))
    for box in page.get_by_role("group", name="Écouter largement").get_by_role("checkbox").all():
        box.uncheck()
    page.get_by_label("Les sites et les flux qui comptent pour vous").fill(gazette.url)
    query.fill('"café baobab" ET (')
    expect(page.locator(".field-error")).to_contain_text("parenthèse")
    query.fill('"café baobab" OU #CafeBaobab')
    page.get_by_role("button", name="Aperçu").click()
    expect(page.locator("#preview mark").first).to_have_text("Café Baobab")
    axe(page)
    screenshot(page, "start-listen-fr")
    page.get_by_role("button", name="Commencer à écouter").click()

    # The first mention.
    expect(page).to_have_url(re.compile("/b/cafe-baobab/listen/"))
    until_seen(page, "a rouvert samedi")
    expect(page.get_by_text("Il pleuvra demain")).to_have_count(0)
    axe(page)
    screenshot(page, "mentions-first-fr")

    # An alert as it happens.
    page.goto("/b/cafe-baobab/alerts/new/")
    expect(page.get_by_label("Adresses e‑mail")).to_have_value(ADDRESS)
    page.get_by_label("Nom", exact=True).fill("Tout de suite")
    page.get_by_label("dès que cela arrive").check()
    axe(page)
    screenshot(page, "alert-new-fr")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Tout de suite").first).to_be_visible()

    # Something new is said, and told once.
    second = (
        "trois",
        "Une heure au Café Baobab",
        "Quarante minutes d’attente au café Baobab, quelle honte !",
        now(),
    )
    gazette.publish("La Gazette du port", [second, first])
    page.goto("/b/cafe-baobab/listen/sources/")
    screenshot(page, "sources-fr")
    page.get_by_role("button", name="Vérifier").first.click()
    (mail,) = mail_server.wait_for(ADDRESS, seconds=120)
    assert "Une heure au Café Baobab" in str(mail["Subject"])
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "Quarante minutes d’attente" in part(mail, "plain")
    assert "a rouvert samedi" not in part(mail, "plain"), "what was known before the alert is not news"
    look_at_mail(open_page, mail, screenshot)

    # One click leaves the alert.
    leave = str(mail["List-Unsubscribe"]).strip().strip("<>")
    assert leave.startswith(palabre.url)
    stranger = open_page()
    stranger.goto(leave)
    axe(stranger)
    stranger.get_by_role("button", name="Quitter").click()
    expect(stranger.get_by_text(ADDRESS)).to_be_visible()
    page.goto("/b/cafe-baobab/alerts/")
    expect(page.get_by_text("désinscrit")).to_be_visible()


def part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body(preferencelist=(kind,))
    assert body is not None
    return str(body.get_content())


def look_at_mail(
    open_page: Callable[..., Page], mail: EmailMessage, screenshot: Callable[[Page, str], Path]
) -> None:
    """The HTML part as a picture, and no script in it."""
    html = part(mail, "html")
    assert "<script" not in html
    page = open_page()
    page.set_content(html)
    expect(page.get_by_role("link", name="Une heure au Café Baobab")).to_be_visible()
    screenshot(page, "mail-digest-fr")
