"""Pages, counts and charts mean the same items, whatever was done to them."""

import random
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_scopes import scopes_disabled

from palabre.agency.models import AuditEntry, Brand, Organisation, User
from palabre.listening import bulk
from palabre.listening.bands import REACH_STEPS
from palabre.listening.checks import check_rollups
from palabre.listening.counts import Step, compared, tally
from palabre.listening.filters import DAYS, MentionFilter, Order, Read, Show
from palabre.listening.models import Card, DailyCount, HourlyCount, Lesson, Mention, Topic
from palabre.listening.record import forget, rebuild, record, recount_topics, refresh
from palabre.listening.selectors import ids_of, page
from palabre.listening.tags import delete_tag, tag_rows
from palabre.stream.models import Item, Story, Tag
from palabre.stream.store import store
from palabre.stream.tests.builders import NOON, guess, said

pytestmark = pytest.mark.django_db

WORDS = ("livraison", "livraisons", "retard", "accueil", "delivery", "deliveries", "ÉTÉ", "garde-fou")


@pytest.fixture(autouse=True)
def unscoped():
    with scopes_disabled():
        yield


@pytest.fixture
def brand():
    home = Organisation.objects.create(name="Iroko")
    return Brand.objects.create(organisation=home, name="Baobab", slug="baobab", time_zone="Europe/Paris")


@pytest.fixture
def person():
    return User.objects.create_user("ines@iroko.example", "un baobab dans la cour")


def topics(brand, count=3):
    return [Topic.objects.create(brand=brand, name=f"T{i}", query="x", revision=i) for i in range(count)]


def bring(brand, items, *topics):
    """Store items and record them on these topics."""
    stored = store(brand=brand, items=items)
    return record(brand=brand, matches=[(s.id, topic.pk) for s in stored for topic in topics])


def total(brand, **fields):
    return tally(brand=brand, mentions=MentionFilter(**fields), now=NOON).total


def test_only_new_mentions_come_back_with_what_their_readers_need(brand, django_assert_num_queries):
    one, two = topics(brand, 2)
    assert len(bring(brand, [said("a"), said("b")], one)) == 2
    (again,) = bring(brand, [said("a")], one, two)
    assert (again.topic, again.item) == (two.pk, Item.objects.get(remote_id="a").pk)
    assert not bring(brand, [said("a"), said("b")], one)
    with django_assert_num_queries(0):
        assert (again.handle, again.topic_name) == ("ada", two.name)


def test_an_item_of_several_topics_counts_once(brand):
    one, two, three = topics(brand)
    bring(brand, [said("a"), said("b")], one, two)
    bring(brand, [said("c")], two)
    assert total(brand) == 3
    assert total(brand, topics=(one.pk, two.pk)) == 3
    assert total(brand, topics=(one.pk,)) == 2
    assert total(brand, topics=(three.pk,)) == 0
    assert check_rollups(brand=brand) == []


def test_a_topic_matched_later_moves_the_unit(brand):
    one, two, _ = topics(brand)
    bring(brand, [said("a")], one)
    bring(brand, [said("a")], two)
    assert total(brand) == total(brand, topics=(one.pk,)) == total(brand, topics=(two.pk,)) == 1
    assert check_rollups(brand=brand) == []


def test_what_a_put_away_topic_brought_leaves_until_it_is_back(brand):
    one, two, _ = topics(brand)
    bring(brand, [said("a")], one)
    bring(brand, [said("b")], one, two)
    for deleted_at, expected in ((NOON, 1), (None, 2)):
        Topic.objects.filter(pk=one.pk).update(deleted_at=deleted_at)
        recount_topics(brand=brand)
        assert total(brand) == len(ids_of(brand=brand, mentions=MentionFilter(), now=NOON)) == expected
        assert total(brand, topics=(one.pk,)) == (0 if deleted_at else 2)
        assert check_rollups(brand=brand) == []


def test_mentions_of_a_topic_of_another_brand_are_refused(brand):
    other = Brand.objects.create(organisation=brand.organisation, name="Fleuve", slug="fleuve")
    (stranger,) = topics(other, 1)
    (stored,) = store(brand=brand, items=[said("a")])
    with pytest.raises(IntegrityError), transaction.atomic():
        record(brand=brand, matches=[(stored.id, stranger.pk)])
    assert record(brand=other, matches=[(stored.id, stranger.pk)]) == []


def test_what_was_deleted_leaves_every_count(brand):
    (one,) = topics(brand, 1)
    bring(brand, [said("a"), said("b")], one)
    assert forget(brand=brand, network="bluesky", remote_ids=["a", "unknown"]) == 1
    assert forget(brand=brand, network="bluesky", remote_ids=["a"]) == 0
    assert total(brand) == Mention.objects.count() == Card.objects.count() == Item.objects.count() == 1
    assert check_rollups(brand=brand) == []


def test_a_story_shrinks_and_goes_with_what_told_it(brand):
    (one,) = topics(brand, 1)
    text = "Le conseil municipal a voté mardi soir la rénovation complète du marché couvert."
    bring(brand, [said("a", text, fingerprinted=True), said("b", text, fingerprinted=True)], one)
    forget(brand=brand, network="bluesky", remote_ids=["a"])
    assert Story.objects.get().size == 1
    forget(brand=brand, network="bluesky", remote_ids=["b"])
    assert not Story.objects.exists()


def test_an_edit_that_changes_the_tone_moves_the_unit(brand):
    (one,) = topics(brand, 1)
    bring(brand, [said("a", "bon", analysis=guess("positive"))], one)
    bring(brand, [said("a", "mauvais", analysis=guess("negative"))], one)
    assert total(brand, tones=(-1,)) == 1 and total(brand, tones=(1,)) == 0
    assert check_rollups(brand=brand) == []


def test_a_correction_moves_the_unit_teaches_and_is_undone(brand, person):
    (one,) = topics(brand, 1)
    (mention,) = bring(brand, [said("a", analysis=guess("positive"))], one)
    change = bulk.set_tone(brand=brand, ids=[mention.item], tone=-1, by=person)
    assert change.count == 1 and total(brand, tones=(-1,)) == 1 and total(brand, tones=(1,)) == 0
    assert Lesson.objects.get().tone == -1
    assert AuditEntry.objects.get().act == "mention.correct"
    bring(brand, [said("a", "édité", analysis=guess("positive"))], one)
    assert Item.objects.get().tone == -1
    assert bulk.undo(brand=brand, undo=bulk.Undo.read(change.written()), by=person) == 1
    assert total(brand, tones=(1,)) == 1 and not Lesson.objects.exists()
    assert Item.objects.get().tone_set_at is None
    assert check_rollups(brand=brand) == []


def test_a_second_correction_is_undone_to_the_first(brand, person):
    (one,) = topics(brand, 1)
    (mention,) = bring(brand, [said("a", analysis=guess("positive"))], one)
    bulk.set_tone(brand=brand, ids=[mention.item], tone=0, by=person)
    second = bulk.set_tone(brand=brand, ids=[mention.item], tone=-1, by=person)
    bulk.undo(brand=brand, undo=second, by=person)
    assert Item.objects.get().tone == Lesson.objects.get().tone == 0
    assert Item.objects.get().tone_set_at is not None


def test_a_rule_sets_a_tone_without_teaching(brand):
    (one,) = topics(brand, 1)
    (mention,) = bring(brand, [said("a")], one)
    bulk.set_tone(brand=brand, ids=[mention.item], tone=-1, by=None)
    assert total(brand, tones=(-1,)) == 1
    assert not Lesson.objects.exists() and not AuditEntry.objects.exists()


@pytest.mark.parametrize("act", ["read", "ignore", "tag", "untag"])
def test_bulk_acts_on_a_whole_filter_move_the_units_and_are_undone(brand, person, act):
    (one,) = topics(brand, 1)
    bring(brand, [said(str(i), network="bluesky" if i % 2 else "mastodon") for i in range(6)], one)
    bulk.tag(
        brand=brand, ids=ids_of(brand=brand, mentions=MentionFilter(), now=NOON)[:2], names=["Crise"], by=None
    )
    before = sorted(Item.objects.values_list("pk", "is_read", "is_ignored", "tags"))
    chosen = MentionFilter(networks=("bluesky",), days=None)
    acts = {
        "read": lambda: bulk.mark_read(brand=brand, ids=chosen, by=person),
        "ignore": lambda: bulk.ignore(brand=brand, ids=chosen, by=person),
        "tag": lambda: bulk.tag(brand=brand, ids=chosen, names=["Crise", "À suivre"], by=person),
        "untag": lambda: bulk.untag(brand=brand, ids=chosen, names=["Crise"], by=person),
    }
    change = acts[act]()
    assert change.count == (1 if act == "untag" else 3)
    assert AuditEntry.objects.count() == 1
    assert check_rollups(brand=brand) == []
    assert acts[act]().count == 0
    bulk.undo(brand=brand, undo=change, by=person)
    assert sorted(Item.objects.values_list("pk", "is_read", "is_ignored", "tags")) == before
    assert check_rollups(brand=brand) == []


def test_a_tag_that_is_deleted_leaves_every_mention(brand, person):
    (one,) = topics(brand, 1)
    ids = [mention.item for mention in bring(brand, [said("a"), said("b"), said("c")], one)]
    bulk.tag(brand=brand, ids=ids, names=["Crise"], by=None)
    bulk.tag(brand=brand, ids=ids[:1], names=["Presse"], by=None)
    gone, kept = Tag.objects.order_by("name")
    assert total(brand, tags=(gone.pk,)) == 3
    assert [(row.tag, row.items) for row in tag_rows(brand=brand)] == [(gone, 3), (kept, 1)]
    assert delete_tag(brand=brand, tag=gone, by=person) == 3
    assert [item.tags for item in Item.objects.order_by("pk")] == [[kept.pk], [], []]
    assert total(brand, tags=(gone.pk,)) == 0 and total(brand, tags=(kept.pk,)) == 1
    assert list(Tag.objects.all()) == [kept] and check_rollups(brand=brand) == []
    assert AuditEntry.objects.get().act == "tag.delete"


def test_days_are_those_of_the_brand(brand):
    (one,) = topics(brand, 1)
    late = NOON.replace(day=20, hour=23, minute=30)
    bring(brand, [said("a", collected_at=late)], one)
    assert DailyCount.objects.values_list("day", flat=True)[0] == date(2026, 11, 21)
    assert total(brand, days=None, since=date(2026, 11, 21), until=date(2026, 11, 21)) == 1
    assert total(brand, days=None, since=date(2026, 11, 20), until=date(2026, 11, 20)) == 0


def test_a_brand_that_moves_is_counted_again(brand):
    (one,) = topics(brand, 1)
    bring(brand, [said("a", collected_at=NOON.replace(day=20, hour=23, minute=30))], one)
    Brand.objects.filter(pk=brand.pk).update(time_zone="America/Montreal")
    brand.refresh_from_db()
    assert check_rollups(brand=brand)
    rebuild(brand=brand)
    assert check_rollups(brand=brand) == []
    assert DailyCount.objects.values_list("day", flat=True)[0] == date(2026, 11, 20)


def test_a_wrong_count_is_found(brand):
    (one,) = topics(brand, 1)
    bring(brand, [said("a")], one)
    HourlyCount.objects.update(items=5)
    drift = check_rollups(brand=brand)
    assert {(d.where, d.counted, d.true) for d in drift} == {("listening_hourlycount", 5, 1)}


def test_empty_days_are_bars_too(brand):
    (one,) = topics(brand, 1)
    bring(brand, [said("a", collected_at=NOON - timedelta(days=3)), said("b")], one)
    found = tally(brand=brand, mentions=MentionFilter(days=7), now=NOON)
    assert [bar.total for bar in found.filled(date(2026, 11, 17), date(2026, 11, 23))] == [
        0,
        0,
        0,
        1,
        0,
        0,
        1,
    ]


# everything at once: random histories, random filters, three answers that must be equal


def history(brand, seed):
    """A few weeks of a brand's life."""
    dice = random.Random(seed)
    chosen = topics(brand, 4)
    for batch in range(4):
        items = [
            said(
                f"{batch}-{i}" if dice.random() < 0.9 else f"0-{i}",
                " ".join(dice.choices(WORDS, k=4)),
                network=dice.choice(["bluesky", "mastodon", "feed"]),
                by=dice.choice(["ada", "bob", "cleo", None]),
                followers=dice.choice([None, 0, 99, 100, 4_999, 5_000, 10**7]),
                outlet=dice.choice(["", "lemonde.fr", "bsky.app"]),
                kind=dice.choice(["post", "article"]),
                collected_at=NOON - timedelta(minutes=dice.randrange(60 * 24 * 40)),
                analysis=guess(
                    dice.choice(["negative", "neutral", "positive"]),
                    language=dice.choice(["fr", "en"]),
                    toxic=dice.random() < 0.2,
                    spam=dice.random() < 0.2,
                ),
            )
            for i in range(25)
        ]
        stored = store(brand=brand, items=items)
        record(
            brand=brand,
            matches=[(s.id, t.pk) for s in stored for t in dice.sample(chosen, dice.randrange(4))],
        )
        refresh(brand=brand, ids=[s.id for s in stored if s.changed])
        ids = [s.id for s in stored]
        bulk.mark_read(brand=brand, ids=dice.sample(ids, 8), by=None)
        bulk.ignore(brand=brand, ids=dice.sample(ids, 4), by=None)
        bulk.tag(brand=brand, ids=dice.sample(ids, 8), names=[dice.choice(["a", "b", "c"])], by=None)
        bulk.set_tone(brand=brand, ids=dice.sample(ids, 4), tone=dice.choice([-1, 0, 1]), by=None)
    forget(brand=brand, network="feed", remote_ids=[f"1-{i}" for i in range(10)])
    Topic.objects.filter(pk=chosen[3].pk).update(deleted_at=timezone.now())
    recount_topics(brand=brand)
    return chosen


def random_filter(dice, topics, tags, authors):
    def some(values):
        return tuple(dice.sample(values, dice.choice([0, 0, 0, 1, 2])))

    day = NOON.date() - timedelta(days=dice.randrange(40))
    period = dice.choice(
        [
            {"days": dice.choice(DAYS)},
            {"days": None},
            {"days": None, "since": day},
            {"days": None, "until": day},
        ]
    )
    conditions = {
        "topics": some([t.pk for t in topics]),
        "networks": some(["bluesky", "mastodon", "feed"]),
        "languages": some(["fr", "en"]),
        "tones": some([-1, 0, 1]),
        "kinds": some(["post", "article"]),
        "tags": some(tags),
        "authors": tuple(dice.sample(authors, dice.choice([1, 1, 2]))),
        "outlet": "lemonde.fr",
        "reach_min": dice.choice(REACH_STEPS),
        "reach_max": dice.choice(REACH_STEPS),
        "read": dice.choice(list(Read)),
        "spam": dice.choice(list(Show)),
        "toxic": dice.choice(list(Show)),
        "ignored": dice.choice([Show.HIDDEN, Show.SHOWN, Show.ONLY]),
        "q": dice.choice(["livraison", "deliveries -retard", '"retard accueil"', "ete or garde-fou"]),
    }
    asked = dice.sample(sorted(conditions), dice.randrange(5))
    return MentionFilter(
        order=dice.choice(list(Order)), **period, **{name: conditions[name] for name in asked}
    )


def brute_force(brand, mentions):
    """The filter's items, found by asking each one."""
    live = set(Topic.objects.filter(brand=brand, deleted_at=None).values_list("pk", flat=True))
    found = []
    since, until = mentions.between(NOON.date())
    for item in Item.objects.filter(brand=brand).prefetch_related("mentions"):
        matched = {mention.topic_id for mention in item.mentions.all()} & live
        day = item.occurred_at.astimezone(ZoneInfo(brand.time_zone)).date()
        shown = {Show.SHOWN: {True, False}, Show.HIDDEN: {False}, Show.ONLY: {True}}
        if (
            matched
            and (not mentions.topics or matched & set(mentions.topics))
            and (since is None or since <= day)
            and (until is None or day <= until)
            and (not mentions.networks or item.network in mentions.networks)
            and (not mentions.languages or item.language in mentions.languages)
            and (not mentions.tones or item.tone in mentions.tones)
            and (not mentions.kinds or item.kind in mentions.kinds)
            and (not mentions.tags or set(item.tags) & set(mentions.tags))
            and (not mentions.authors or item.author_id in mentions.authors)
            and (not mentions.outlet or item.outlet == mentions.outlet)
            and (mentions.reach_min is None or (item.reach is not None and item.reach >= mentions.reach_min))
            and (mentions.reach_max is None or (item.reach is not None and item.reach < mentions.reach_max))
            and (mentions.read is Read.ANY or item.is_read is (mentions.read is Read.READ))
            and item.is_spam in shown[mentions.spam]
            and item.is_toxic in shown[mentions.toxic]
            and item.is_ignored in shown[mentions.ignored]
            and says(item.text, mentions.q)
        ):
            found.append(item)
    return found


def says(text, q):
    """The handful of searches above, by hand."""
    words = text.split()
    french = {"livraison", "livraisons"} & set(words)
    return {
        "": True,
        "livraison": bool(french),
        "deliveries -retard": bool({"delivery", "deliveries"} & set(words)) and "retard" not in words,
        '"retard accueil"': any(words[i : i + 2] == ["retard", "accueil"] for i in range(len(words))),
        "ete or garde-fou": "ÉTÉ" in words or "garde-fou" in words,
    }[q]


@pytest.mark.parametrize("seed", range(2))
def test_page_charts_and_brute_force_agree_on_every_filter(brand, seed):
    chosen = history(brand, seed)
    assert check_rollups(brand=brand) == []
    dice = random.Random(seed)
    tags = list(Tag.objects.values_list("pk", flat=True))
    authors = list({a for a in Item.objects.values_list("author_id", flat=True) if a})
    seen = 0
    for _ in range(70):
        mentions = random_filter(dice, chosen, tags, authors)
        expected = brute_force(brand, mentions)
        seen += len(expected)
        for step in Step:
            summed = tally(brand=brand, mentions=mentions, now=NOON, step=step)
            assert summed.total == len(expected), mentions
            assert sum(bar.total for bar in summed.bars) == summed.total
            assert sum(summed.networks.values()) == sum(summed.languages.values()) == summed.total
            assert summed.reach == sum(item.reach or 0 for item in expected)
        beside(brand, mentions, [[chosen[0].pk], [chosen[1].pk, chosen[2].pk]])
        assert paged(brand, mentions) == ordered(expected, mentions.order), mentions
    assert seen > 500


def beside(brand, mentions, groups):
    """The comparison says what the sums of each of its filters say."""
    cells = compared(
        brand=brand, mentions=mentions, topics=[topic for group in groups for topic in group], now=NOON
    )
    before = mentions.previous(NOON.date())
    for period, is_now in ((mentions, True), (before, False)):
        own = [cell for cell in cells if cell.is_own and cell.is_now is is_now]
        summed = tally(brand=brand, mentions=period, now=NOON) if period else None
        assert sum(cell.items for cell in own) == (summed.total if summed else 0), mentions
        assert sum(cell.reach for cell in own) == (summed.reach if summed else 0)
        for group in groups if period else []:
            asked = period.but(topics=tuple(group))
            assert (
                sum(cell.items for cell in cells if cell.is_now is is_now and cell.topics & set(group))
                == tally(brand=brand, mentions=asked, now=NOON).total
            )


def test_long_periods_are_added_up_from_months_to_the_unit(brand):
    """Days before, within and after the period, whatever days of a month it begins and ends on."""
    one, two = topics(brand, 2)
    for turn, matched in enumerate(([one], [two], [one, two])):
        collected = [NOON - timedelta(days=day) for day in range(turn, 190, 3)]
        items = [
            said(f"{turn}-{i}", followers=50 + 100 * (i % 3), collected_at=at)
            for i, at in enumerate(collected)
        ]
        bring(brand, items, *matched)
    assert check_rollups(brand=brand) == []
    for until, length in ((0, 30), (6, 23), (20, 45), (33, 60), (35, 50), (50, 62)):
        last = NOON.date() - timedelta(days=until)
        for conditions in ({}, {"topics": (one.pk,)}, {"reach_min": 100}):
            since = last - timedelta(days=length - 1)
            mentions = MentionFilter(days=None, since=since, until=last, **conditions)
            assert total(brand, days=None, since=since, until=last, **conditions) > 0
            beside(brand, mentions, [[one.pk], [two.pk]])


def paged(brand, mentions):
    """All the pages, twenty rows each."""
    after, found = "", []
    while True:
        got = page(brand=brand, mentions=mentions, after=after, now=NOON, size=20)
        found += [row.item.pk for row in got.rows]
        if got.next is None:
            return found
        after = got.next


def ordered(items, order):
    negativity = {item.pk: item.card.negativity for item in items}
    keys = {
        Order.NEWEST: lambda item: (item.occurred_at, item.pk),
        Order.REACH: lambda item: (item.reach is not None, item.reach or 0, item.pk),
        Order.NEGATIVE: lambda item: (negativity[item.pk], item.pk),
    }
    return [item.pk for item in sorted(items, key=keys[order], reverse=True)]


def test_refreshing_what_did_not_change_changes_nothing(brand):
    history(brand, 9)
    before = sorted(
        DailyCount.objects.exclude(items=0).values_list("blend", "day", "facet", "items", "reach")
    )
    refresh(brand=brand, ids=list(Item.objects.values_list("pk", flat=True)))
    assert (
        sorted(DailyCount.objects.exclude(items=0).values_list("blend", "day", "facet", "items", "reach"))
        == before
    )
