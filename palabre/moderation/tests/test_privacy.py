"""Who asks to be forgotten is found nowhere afterwards; what was decided is still counted."""

from datetime import datetime, timedelta

from django.db import connection

from palabre.agency.models import AuditEntry
from palabre.inbox.models import Message
from palabre.moderation.appeals import appeal
from palabre.moderation.cases import flag
from palabre.moderation.deciding import decide
from palabre.moderation.models import Article, Decision, Evidence
from palabre.moderation.records import decided_about, forget, forget_before
from palabre.moderation.telling import told_by_hand
from tests.builders import Cast

TABLES = ("decision", "evidence", "picture", "appeal", "reason")


def dumped() -> str:
    """Every row of the room, as text."""
    found = []
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT moderation_{table}::text FROM moderation_{table}")
            found += [row[0] for row in cursor.fetchall()]
    return "\n".join(found)


def test_a_copy_holds_what_was_decided_and_an_erasure_leaves_counts_alone(
    cast: Cast, message: Message, article: Article, now: datetime
) -> None:
    message.item.image_urls = ["https://images.example/aicha.png"]
    message.item.save(update_fields=["image_urls"])
    flag(message=message, by=cast.owner, note="encore Aïcha", now=now)
    decision = decide(
        message=message, act="hide", by=cast.owner, article=article, why="Aïcha insiste", now=now
    )
    told_by_hand(decision=decision, by=cast.owner, text="Bonjour Aïcha", now=now)
    appeal(decision=decision, by=cast.owner, words="Moi, Aïcha, je conteste", received_at=now)
    author = message.item.author
    assert author is not None
    (held,) = decided_about(author)
    assert held["said"] == message.item.text
    assert held["appeals"][0]["words"] == "Moi, Aïcha, je conteste"
    forget(brand=cast.brand, author=author)
    message.conversation.delete()
    assert "icha" not in dumped().replace("moderation", "")
    assert not AuditEntry.objects.filter(act__startswith="moderation.", why__contains="Aïcha").exists()
    decision.refresh_from_db()
    assert (decision.act, decision.article, decision.state) == ("hide", article, "dropped")


def test_what_others_wrote_that_names_them_goes_too(
    cast: Cast, message: Message, article: Article, now: datetime
) -> None:
    other = message.item.author
    assert other is not None
    decide(message=message, act="keep", by=cast.owner, now=now)
    Evidence.objects.update(text="@gaston est un voleur")
    decision = Decision.objects.get()
    Decision.objects.update(author=None)
    forget(brand=cast.brand, author=other, pattern=r"(^|[^\w])(gaston)([^\w]|$)")
    assert not Evidence.objects.exists()
    assert Decision.objects.get() == decision


def test_evidence_past_its_time_goes_and_the_count_stays(
    cast: Cast, message: Message, article: Article, now: datetime
) -> None:
    decide(message=message, act="hide", by=cast.owner, article=article, now=now)
    assert forget_before(brand=cast.brand, before=now - timedelta(days=1), most=10) == 0
    assert forget_before(brand=cast.brand, before=now + timedelta(days=1), most=10) == 1
    assert not Evidence.objects.exists()
    assert Decision.objects.count() == 1
