"""The score: where it stands, how sure it is, and what moves it."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palabre.insight.reputation import Tally, Voice, reputation, share_of_voice, tallies

counts = st.integers(0, 400)
plain = st.builds(Tally, counts.map(float), counts.map(float), counts.map(float))
periods = st.dictionaries(st.sampled_from("abcdef"), plain, min_size=1)


def test_all_alike_stands_at_fifty() -> None:
    told = reputation({"press": Tally(20, 60, 20)})
    assert told.score == pytest.approx(50)
    assert told.low is not None and told.high is not None
    assert told.low < 50 < told.high


def test_the_published_example() -> None:
    """The worked example of docs/guide/reputation.md."""
    told = reputation({"presse": Tally(30, 60, 10)})
    assert told.score is not None and told.low is not None and told.high is not None
    assert (round(told.score, 1), round(told.low, 1), round(told.high, 1)) == (59.6, 53.7, 65.3)


def test_too_few_mentions_give_a_reason_and_no_figure() -> None:
    told = reputation({"press": Tally(9, 0, 0)})
    assert (told.score, told.low, told.high, told.missing) == (None, None, None, "too_few")
    assert (told.n, told.needed) == (9, 10)
    assert reputation({}).missing == "too_few"


def test_few_mentions_stay_nearer_to_fifty_and_less_sure_than_many() -> None:
    few, many = reputation({"a": Tally(10, 0, 0)}), reputation({"a": Tally(1000, 0, 0)})
    assert few.score is not None and many.score is not None
    assert few.score < many.score
    assert few.high is not None and few.low is not None and many.high is not None and many.low is not None
    assert few.high - few.low > many.high - many.low


def test_one_loud_voice_is_worth_few_mentions() -> None:
    heard = tallies([Voice("a", "negative", reach=10**9), *[Voice("a", "positive")] * 11], by_reach=True)
    assert reputation(heard).n < 12


def test_reach_weighs_by_its_order_of_magnitude() -> None:
    assert tallies([Voice("a", "positive", reach=1000)], by_reach=True)["a"].positive == pytest.approx(4)
    assert tallies([Voice("a", "positive", reach=1000)])["a"].positive == 1
    assert tallies([Voice("a", "positive", reach=None)], by_reach=True)["a"].positive == 1


def test_a_mention_weighs_half_after_its_half_life() -> None:
    heard = tallies([Voice("a", "negative", age=timedelta(days=7))], half_life=timedelta(days=7))
    assert heard["a"].negative == pytest.approx(0.5)
    assert heard["a"].square_weight == pytest.approx(0.25)


def test_a_period_before_that_is_too_thin_gives_no_change() -> None:
    told = reputation({"a": Tally(20, 0, 0)}, {"a": Tally(2, 0, 0)})
    assert told.change is None
    assert told.drivers[0].change is None


def test_what_moved_most_comes_first() -> None:
    before = {"press": Tally(20, 20, 5), "forum": Tally(10, 10, 10)}
    now = {"press": Tally(20, 20, 6), "forum": Tally(2, 10, 40)}
    told = reputation(now, before)
    assert [driver.key for driver in told.drivers] == ["forum", "press"]
    assert told.drivers[0].change is not None and told.drivers[0].change < -10


@given(periods)
def test_the_interval_holds_the_score_and_stays_within_bounds(now: dict[str, Tally]) -> None:
    told = reputation(now)
    if told.score is None:
        assert told.n < told.needed
        return
    assert told.low is not None and told.high is not None
    assert 0 <= told.low <= told.score <= told.high <= 100


@given(plain.filter(lambda tally: tally.weight >= 10))
def test_a_good_mention_never_lowers_and_a_bad_one_never_raises(tally: Tally) -> None:
    score = reputation({"a": tally}).score
    better = reputation({"a": tally + Tally(1, 0, 0)}).score
    worse = reputation({"a": tally + Tally(0, 0, 1)}).score
    assert score is not None and better is not None and worse is not None
    assert worse < score < better


@given(periods, periods)
def test_the_drivers_add_up_to_the_change(now: dict[str, Tally], before: dict[str, Tally]) -> None:
    told = reputation(now, before)
    if told.score is None:
        assert told.drivers == ()
        return
    assert sum(driver.contribution for driver in told.drivers) == pytest.approx(told.score - 50)
    if told.change is not None:
        assert sum(driver.change or 0 for driver in told.drivers) == pytest.approx(told.change)
        for driver in told.drivers:
            assert (driver.by_tone or 0) + (driver.by_volume or 0) == pytest.approx(driver.change)


voices = st.lists(
    st.builds(
        Voice,
        st.sampled_from("abc"),
        st.sampled_from(["positive", "neutral", "negative"]),
        st.none() | st.floats(0, 1e9),
        st.timedeltas(timedelta(0), timedelta(days=90)),
    ),
    max_size=60,
)


@given(voices)
def test_weights_only_ever_lose_effective_mentions(heard: list[Voice]) -> None:
    told = reputation(tallies(heard, by_reach=True, half_life=timedelta(days=30)), least=1)
    assert told.n <= len(heard) + 1e-6
    if told.score is not None and told.low is not None and told.high is not None:
        assert 0 <= told.low <= told.score <= told.high <= 100
        assert sum(driver.contribution for driver in told.drivers) == pytest.approx(told.score - 50)


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 10_000), min_size=1))
def test_shares_of_voice_add_up_and_lie_in_their_intervals(heard: dict[str, int]) -> None:
    shares = share_of_voice(heard)
    assert list(shares) == list(heard)
    if not sum(heard.values()):
        assert all(share.share is None for share in shares.values())
        return
    assert sum(share.share or 0 for share in shares.values()) == pytest.approx(1)
    for share in shares.values():
        assert share.share is not None and share.low is not None and share.high is not None
        assert 0 <= share.low <= share.share <= share.high <= 1


def test_wilson_agrees_with_a_known_interval() -> None:
    """15 of 20, as scipy.stats.binomtest(15, 20).proportion_ci(method="wilson") has it."""
    share = share_of_voice({"us": 15, "them": 5})["us"]
    assert share.low == pytest.approx(0.531, abs=0.001)
    assert share.high == pytest.approx(0.888, abs=0.001)


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="never negative"):
        share_of_voice({"us": -1})
