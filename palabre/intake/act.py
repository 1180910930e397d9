"""The brand's own rules on what just came in: decided by `listening.rules`, carried out here."""

from collections.abc import Sequence

from palabre.agency.models import Brand
from palabre.listening.bulk import ignore, mark_read, set_tone, tag
from palabre.listening.models import Mention, Rule
from palabre.listening.rules import Act, Subject, compiled_from, decide
from palabre.query import Document


def apply_rules(*, brand: Brand, mentions: Sequence[Mention]) -> list[Mention]:
    """Apply every active rule, in order; the mentions that are still to be told.

    In the caller's transaction: a mention is never seen before its rules were applied.
    """
    active = Rule.objects.filter(is_active=True)
    rules = [compiled_from(rule.pk, rule.conditions, rule.actions) for rule in active]
    if not rules:
        return list(mentions)
    told = []
    for mention in mentions:
        act = decide(rules, subject_of(mention))
        _carry_out(brand, mention, act)
        if not act.silent:
            told.append(mention)
    return told


def _carry_out(brand: Brand, mention: Mention, act: Act) -> None:
    ids = [mention.item_id]
    if act.tags:
        tag(brand=brand, ids=ids, names=act.tags, by=None)
    if act.read:
        mark_read(brand=brand, ids=ids, by=None)
    if act.tone is not None:
        set_tone(brand=brand, ids=ids, tone=act.tone, by=None)
    if act.ignore:
        ignore(brand=brand, ids=ids, by=None)


def subject_of(mention: Mention) -> Subject:
    """A mention as the rules see it; its item, author and story are loaded."""
    item, author, story = mention.item, mention.item.author, mention.item.story
    name = " ".join(filter(None, (author.handle, author.name))) if author else ""
    return Subject(
        document=Document(
            id=str(item.pk),
            title=item.title,
            text=item.text,
            author=name,
            url=item.url,
            network=item.network,
            lang=item.language,
            country=item.country,
        ),
        topic=mention.topic_id,
        network=item.network,
        language=item.language,
        tone=item.tone,
        author=author.handle if author else "",
        reach=item.reach,
        story_size=story.size if story else 1,
    )
