"""What is a burst and what is not, on made series whose truth is known."""

import io
import json
import math
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palabre.insight import command
from palabre.insight.bursts import ALERT, BadBuzz, BurstDetector, drivers
from palabre.runtime.cli import main

START = datetime(2026, 1, 5)
FIVE = timedelta(minutes=5)
Series = list[tuple[datetime, float]]


def usual_rate(when: datetime, mean: float) -> float:
    """A day with its night and its evening, a week with its week-end."""
    day = 1 + 0.7 * math.sin((when.hour + when.minute / 60 - 9) * math.pi / 12)
    return mean * day * (0.6 if when.weekday() >= 5 else 1.0)


def made(
    seed: int,
    *,
    days: int,
    mean: float,
    step: timedelta = FIVE,
    change: Callable[[datetime], float] = lambda _: 1.0,
) -> Series:
    """Negative binomial counts (dispersion 0.1) around the usual rate, multiplied by `change`."""
    chance = random.Random(seed)
    series = []
    for index in range(int(timedelta(days=days) / step)):
        when = START + index * step
        rate = usual_rate(when, mean * (step / FIVE)) * change(when)
        rate *= chance.gammavariate(10, 0.1)
        series.append((when, float(poisson(chance, rate))))
    return series


def poisson(chance: random.Random, rate: float) -> int:
    if rate > 60:
        return max(0, round(chance.gauss(rate, math.sqrt(rate))))
    limit, product, count = math.exp(-rate), chance.random(), 0
    while product > limit:
        product *= chance.random()
        count += 1
    return count


def alerts(series: Series, step: timedelta = FIVE) -> list[datetime]:
    detector = BurstDetector(step=step)
    return [when for when, value in series if detector.update(when, value).score >= ALERT]


def within(found: list[datetime], start: datetime, hours: float) -> list[datetime]:
    return [when for when in found if start <= when < start + timedelta(hours=hours)]


def burst_at(start: datetime, times: float, hours: float) -> Callable[[datetime], float]:
    return lambda when: times if start <= when < start + timedelta(hours=hours) else 1.0


BURST = START + timedelta(days=20, hours=14)


@pytest.mark.parametrize("mean", [0.5, 5, 80])
def test_a_month_of_ordinary_days_is_almost_silent(mean: float) -> None:
    assert len(alerts(made(1, days=28, mean=mean))) <= 2


@pytest.mark.parametrize(("mean", "times", "hours"), [(0.5, 30, 2), (5, 10, 1), (5, 4, 6), (80, 6, 1)])
def test_a_burst_is_told_while_it_lasts(mean: float, times: float, hours: float) -> None:
    found = alerts(made(2, days=22, mean=mean, change=burst_at(BURST, times, hours)))
    assert within(found, BURST, hours)


def test_an_ongoing_burst_is_told_once_a_day_at_most() -> None:
    found = alerts(made(3, days=22, mean=20, change=burst_at(BURST, 10, 20)))
    assert len(within(found, BURST, 24)) == 1


@pytest.mark.parametrize(
    ("step", "mean"), [(timedelta(minutes=15), 5), (timedelta(hours=1), 2), (timedelta(days=1), 0.5)]
)
def test_other_steps_are_judged_as_well(step: timedelta, mean: float) -> None:
    start = START + timedelta(days=60)
    calm = made(4, days=90, mean=mean, step=step)
    burst = made(4, days=62, mean=mean, step=step, change=burst_at(start, 8, 24))
    assert len(alerts(calm, step)) <= 3
    assert within(alerts(burst, step), start, 24)


def test_a_new_level_is_told_and_then_becomes_the_usual() -> None:
    start = START + timedelta(days=15)
    series = made(5, days=45, mean=10, change=lambda when: 5.0 if when >= start else 1.0)
    found = alerts(series)
    assert within(found, start, 12)
    assert not [when for when in found if when > start + timedelta(days=20)]


def test_silence_and_an_outage_are_no_bursts() -> None:
    start = START + timedelta(days=12)
    series = made(6, days=20, mean=10, change=burst_at(start, 0.0, 6))
    assert len(alerts(series)) <= 1
    assert alerts([(START + index * FIVE, 0.0) for index in range(5000)]) == []


def test_missing_steps_and_doubled_timestamps_change_little() -> None:
    start = BURST
    series = made(7, days=22, mean=8, change=burst_at(start, 8, 3))
    chance = random.Random(7)
    torn: Series = []
    for point in series:
        if chance.random() < 0.1 and not start <= point[0] < start + timedelta(hours=3):
            continue
        torn.extend([point] * (2 if chance.random() < 0.02 else 1))
    torn = [point for point in torn if not START + timedelta(days=8) <= point[0] < START + timedelta(days=10)]
    found = alerts(torn)
    assert within(found, start, 3)
    assert len(found) <= 4


def test_nothing_is_told_on_probation() -> None:
    detector = BurstDetector(step=FIVE)
    judged = [detector.update(START + index * FIVE, 1.0 if index < 200 else 500.0) for index in range(400)]
    assert all(judgement.probation and judgement.score < ALERT for judgement in judged)


def test_hours_of_the_week_are_learnt() -> None:
    detector = BurstDetector(step=timedelta(hours=1))
    monday = lambda when: 10.0 if when.weekday() == 0 and when.hour == 9 else 1.0  # noqa: E731
    for when, value in made(8, days=70, mean=3, step=timedelta(hours=1), change=monday):
        judgement = detector.update(when, value)
        if when.weekday() == 0 and when.hour == 9:
            at_nine = judgement
        if when.weekday() == 1 and when.hour == 9:
            next_day = judgement
    assert at_nine.expected > 2.5 * next_day.expected


def test_a_judgement_says_how_unusual_it_is() -> None:
    detector = BurstDetector(step=FIVE)
    series = made(9, days=21, mean=20, change=burst_at(BURST, 10, 2))
    for when, value in series:
        judgement = detector.update(when, value)
        assert judgement.low <= judgement.expected <= judgement.high
        if judgement.score >= ALERT and when >= BURST:
            assert judgement.ratio > 3
            break
    else:
        pytest.fail("the burst was not told")


def test_ordinary_values_lie_in_the_band_about_as_often_as_it_says() -> None:
    detector = BurstDetector(step=FIVE)
    judged = [(value, detector.update(when, value)) for when, value in made(10, days=28, mean=20)]
    inside = [judgement.low <= value <= judgement.high for value, judgement in judged[2000:]]
    assert 0.9 < sum(inside) / len(inside) < 0.99


def test_the_past_alone_decides() -> None:
    """Two series that share their beginning share its judgements, whatever comes after."""
    one, other = (
        made(11, days=6, mean=5),
        made(11, days=6, mean=5, change=burst_at(START + timedelta(days=5), 50, 1)),
    )
    first, second = BurstDetector(step=FIVE), BurstDetector(step=FIVE)
    for a, b in zip(one[:1400], other[:1400], strict=True):
        assert first.update(*a) == second.update(*b)


def test_a_restart_changes_nothing() -> None:
    series = made(12, days=22, mean=5, change=burst_at(BURST, 9, 2))
    whole, cut = BurstDetector(step=FIVE), BurstDetector(step=FIVE)
    for index, point in enumerate(series):
        if index % 997 == 0:
            cut = BurstDetector.from_state(json.loads(json.dumps(cut.state())))
        assert whole.update(*point) == cut.update(*point)
    assert len(json.dumps(cut.state())) < 16_000


def test_a_foreign_state_is_refused() -> None:
    state = BurstDetector(step=FIVE).state()
    with pytest.raises(ValueError, match="another version"):
        BurstDetector.from_state({**state, "version": 0})


def test_a_zone_survives_the_state() -> None:
    detector = BurstDetector(step=FIVE)
    detector.update(START.replace(tzinfo=UTC), 3)
    again = BurstDetector.from_state(json.loads(json.dumps(detector.state())))
    again.update(START.replace(tzinfo=UTC) + FIVE, 3)


def test_the_hour_that_comes_twice_in_autumn_is_no_step_backwards() -> None:
    detector, paris = BurstDetector(step=FIVE), ZoneInfo("Europe/Paris")
    start = datetime(2026, 10, 24, 22, tzinfo=UTC)
    for index in range(60):
        detector.update((start + index * FIVE).astimezone(paris), 3)


@pytest.mark.parametrize("value", [-1.0, math.nan, math.inf])
def test_what_is_no_count_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="count"):
        BurstDetector(step=FIVE).update(START, value)


def test_time_does_not_go_backwards() -> None:
    detector = BurstDetector(step=FIVE)
    detector.update(START, 1)
    with pytest.raises(ValueError, match="backwards"):
        detector.update(START - FIVE, 1)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 10_000), st.floats(0, 1e12)), max_size=60),
    st.sampled_from([FIVE, timedelta(hours=1), timedelta(days=1), timedelta(days=7)]),
    st.sampled_from(["week", "day", "none"]),
)
def test_no_series_breaks_it(points: list[tuple[int, float]], step: timedelta, season: str) -> None:
    detector = BurstDetector(step=step, season=season)  # type: ignore[arg-type]
    when = START
    for minutes, value in points:
        when += timedelta(minutes=minutes)
        judgement = detector.update(when, value)
        assert 0 <= judgement.score <= 1
        assert 0 <= judgement.low <= judgement.high < math.inf
        assert judgement.ratio >= 0


def test_a_wave_of_complaints_is_bad_buzz_and_a_wave_of_joy_is_not() -> None:
    for share, kind in ((0.8, "bad_buzz"), (0.02, "buzz")):
        buzz, chance = BadBuzz(step=FIVE), random.Random(13)
        told = []
        for when, value in made(13, days=22, mean=20, change=burst_at(BURST, 10, 2)):
            sour = share if when >= BURST else 0.15
            judgement = buzz.update(when, value, sum(chance.random() < sour for _ in range(int(value))))
            if when >= BURST and judgement.score >= ALERT:
                told.append(judgement)
        assert [judgement.kind for judgement in told[:1]] == [kind]
        assert told[0].usual_negative_share == pytest.approx(0.15, abs=0.03)
        assert told[0].ratio > 3


def test_bad_buzz_without_more_mentions_is_seen() -> None:
    """The volume stays; what was 5 % negative becomes 90 %."""
    buzz, chance = BadBuzz(step=FIVE), random.Random(14)
    kinds = []
    for when, value in made(14, days=22, mean=20):
        sour = 0.9 if when >= BURST else 0.05
        judgement = buzz.update(when, value, sum(chance.random() < sour for _ in range(int(value))))
        if when >= BURST:
            kinds.append(judgement.kind)
    assert "bad_buzz" in kinds[:36]


def test_bad_buzz_survives_a_restart() -> None:
    whole, cut = BadBuzz(step=FIVE), BadBuzz(step=FIVE)
    for index, (when, value) in enumerate(made(15, days=3, mean=9)):
        if index == 400:
            cut = BadBuzz.from_state(json.loads(json.dumps(cut.state())))
        assert whole.update(when, value, value // 3) == cut.update(when, value, value // 3)


def test_more_negative_mentions_than_mentions_are_refused() -> None:
    with pytest.raises(ValueError, match="no more negative"):
        BadBuzz(step=FIVE).update(START, 1, 2)


def test_drivers_are_what_exceeds_the_usual() -> None:
    found = drivers(Counter(recall=90, press=12, fans=40), {"press": 10.0, "fans": 60.0})
    assert [(driver.key, driver.excess) for driver in found] == [("recall", 90.0)]
    assert found[0].part == pytest.approx(90 / 92)


def test_only_the_heaviest_drivers_are_named() -> None:
    found = drivers({f"author {n:02}": float(n) for n in range(1, 30)}, {}, most=3)
    assert [driver.now for driver in found] == [29, 28, 27]
    assert drivers({}, {"press": 3.0}) == []


@given(
    st.dictionaries(st.text(max_size=2), st.integers(0, 500)),
    st.dictionaries(st.text(max_size=2), st.floats(0, 500)),
)
def test_parts_of_drivers_never_exceed_the_whole(now: dict[str, float], usual: dict[str, float]) -> None:
    assert sum(driver.part for driver in drivers(now, usual)) <= 1 + 1e-9


@pytest.fixture
def french(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")


@pytest.fixture
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")


def csv_of(series: Series) -> str:
    return "timestamp,value\n" + "".join(f"{when},{value:g}\n" for when, value in series)


def test_the_command_prints_a_score_for_each_point(tmp_path, capsys) -> None:
    series = made(16, days=22, mean=8, change=burst_at(BURST, 9, 2))
    file = tmp_path / "series.csv"
    file.write_text(csv_of(series))
    assert main(["bursts", str(file)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "timestamp,value,anomaly_score"
    assert [line.rsplit(",", 1)[0] for line in lines[1:]] == csv_of(series).splitlines()[1:]
    told = [
        datetime.fromisoformat(line.split(",")[0]) for line in lines[1:] if float(line.split(",")[2]) >= ALERT
    ]
    assert told == alerts(series)


def test_the_command_finds_the_step_in_spite_of_a_hole_at_the_start(tmp_path, capsys) -> None:
    series = made(17, days=22, mean=8, change=burst_at(BURST, 9, 2))
    del series[1:30]
    file = tmp_path / "series.csv"
    file.write_text(csv_of(series))
    assert main(["bursts", str(file)]) == 0
    lines = capsys.readouterr().out.splitlines()[1:]
    told = [
        datetime.fromisoformat(line.split(",")[0]) for line in lines if float(line.split(",")[2]) >= ALERT
    ]
    assert within(told, BURST, 2)


def test_the_command_answers_line_by_line_on_standard_input(monkeypatch, capsys) -> None:
    def typed() -> Iterator[str]:
        yield "value,place,timestamp\n"
        for index in range(5):
            yield f"{index},Paris,{START + index * FIVE}\n"
            assert str(START + index * FIVE) in capsys.readouterr().out

    monkeypatch.setattr(sys, "stdin", typed())
    assert main(["bursts", "-"]) == 0


def test_an_empty_series_has_no_scores(monkeypatch, capsys) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("timestamp,value\n"))
    assert main(["bursts", "-"]) == 0
    assert capsys.readouterr().out == "timestamp,value,anomaly_score\n"


BAD = {
    "": ("ligne d’en-tête", "header line"),
    "time,value\n": (
        "Ligne 1\u00a0: il manque la colonne «\u00a0timestamp\u00a0»",
        "Line 1: the column “timestamp”",
    ),
    "timestamp;value\n": ("colonne «\u00a0timestamp\u00a0»", "column “timestamp”"),
    "timestamp,value\n2026-01-01,4\n2026-01-02,many\n": (
        "Ligne 3\u00a0: «\u00a0many\u00a0»",
        "Line 3: “many”",
    ),
    "timestamp,value\n2026-01-01,-4\n": ("Ligne 2\u00a0: «\u00a0-4\u00a0»", "Line 2: “-4”"),
    "timestamp,value\n2026-01-01,nan\n": ("Ligne 2\u00a0: «\u00a0nan\u00a0»", "Line 2: “nan”"),
    "timestamp,value\n2026-01-01\n": ("Ligne 2\u00a0: il n’y a rien", "Line 2: there is nothing"),
    "timestamp,value\nyesterday,4\n": ("Ligne 2\u00a0: «\u00a0yesterday\u00a0»", "Line 2: “yesterday”"),
    "timestamp,value\n2026-01-02,4\n2026-01-01,4\n": (
        "Ligne 3\u00a0: le temps recule",
        "Line 3: time goes backwards",
    ),
    "timestamp,value\n2026-01-01,4\n2026-01-02T00:00Z,4\n": ("fuseau horaire", "time zone"),
}


@pytest.mark.parametrize("text", BAD)
def test_a_bad_series_is_refused_with_its_line(text: str, tmp_path, capsys, monkeypatch) -> None:
    file = tmp_path / "series.csv"
    file.write_text(text)
    for locale, words in zip(("fr_FR.UTF-8", "en_GB.UTF-8"), BAD[text], strict=True):
        monkeypatch.setenv("LC_ALL", locale)
        assert main(["bursts", str(file)]) == 2
        assert words in capsys.readouterr().err


def test_what_cannot_be_opened_or_decoded_is_said(tmp_path, capsys, english) -> None:
    assert main(["bursts", str(tmp_path / "none.csv")]) == 2
    assert "There is no file" in capsys.readouterr().err
    assert main(["bursts", str(tmp_path)]) == 2
    assert "Cannot read" in capsys.readouterr().err
    (tmp_path / "latin.csv").write_bytes(b"timestamp,value\n2026-01-01,\xe9\n")
    assert main(["bursts", str(tmp_path / "latin.csv")]) == 2
    assert "not in UTF-8" in capsys.readouterr().err
    assert main(["bursts", str(tmp_path / "none.csv"), "--step", "-5"]) == 2
    assert "positive" in capsys.readouterr().err


def test_every_message_exists_in_both_languages() -> None:
    assert all(set(words) == {"fr", "en"} for words in command.MESSAGES.values())


def test_the_command_needs_no_django() -> None:
    code = "import sys, palabre.insight.command; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
