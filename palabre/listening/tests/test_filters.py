"""The filter and its query string: there and back, and nothing hostile gets through."""

from datetime import date

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from palabre.listening.bands import REACH_STEPS
from palabre.listening.filters import DAYS, MentionFilter, Order, Read, Show, from_query, stored

ids = st.integers(1, 2**62)
codes = (
    st.text("abcdefghijklmnopqrstuvwxyz-_", min_size=1, max_size=12)
    .filter(str.strip)
    .filter(lambda c: c.strip("-_"))
)
days = st.dates(date(2000, 1, 1), date(2099, 1, 1))


def several(values):
    return st.lists(values, max_size=3, unique=True).map(tuple)


@st.composite
def filters(draw):
    period = draw(
        st.one_of(
            st.sampled_from(DAYS).map(lambda n: {"days": n}),
            st.just({"days": None}),
            st.tuples(days, days).map(lambda d: {"days": None, "since": min(d), "until": max(d)}),
            days.map(lambda d: {"days": None, "since": d}),
        )
    )
    return MentionFilter(
        topics=draw(several(ids)),
        networks=draw(several(codes)),
        languages=draw(several(codes)),
        tones=draw(several(st.sampled_from([-1, 0, 1]))),
        kinds=draw(several(st.sampled_from(["post", "article", "video"]))),
        tags=draw(several(ids)),
        authors=draw(several(ids)),
        story=draw(st.none() | ids),
        outlet=draw(st.sampled_from(["", "lemonde.fr", "élysée.fr"])),
        reach_min=draw(st.none() | st.sampled_from(REACH_STEPS)),
        reach_max=draw(st.none() | st.sampled_from(REACH_STEPS)),
        read=draw(st.sampled_from(Read)),
        spam=draw(st.sampled_from(Show)),
        toxic=draw(st.sampled_from(Show)),
        ignored=draw(st.sampled_from(Show)),
        q=draw(st.sampled_from(["", "livraison", '"à l’heure" -retard', "a & b = c?"])),
        order=draw(st.sampled_from(Order)),
        **period,
    )


@given(filters())
def test_a_filter_survives_its_query_string_and_its_saved_view(mentions):
    assert from_query(QueryDict(mentions.query_string())) == mentions
    assert from_query(stored(mentions)) == mentions
    assert from_query(QueryDict(mentions.query_string())).notes == ()


def test_the_default_filter_needs_no_query_string():
    assert MentionFilter().query_string() == ""
    assert from_query(QueryDict("")) == MentionFilter()


@pytest.mark.parametrize(
    "query",
    [
        "topics=1%20OR%201=1",
        "topics=-1",
        "topics=٣",
        "topics=99999999999999999999",
        "days=31",
        "days=x",
        "since=2026-02-30",
        "since=0001-01-01",
        "networks=%27;drop%20table",
        "networks=" + "x" * 500,
        "tones=furious",
        "kinds=spell",
        "author=%00",
        "order=random",
        "read=maybe",
        "reach_min=-5",
        "reach_min=1e9",
    ],
)
def test_what_means_nothing_is_left_out_with_a_note(query):
    found = from_query(QueryDict(query))
    assert found == MentionFilter()
    assert len(found.notes) == 1


def test_the_rest_of_a_hostile_query_string_still_counts():
    found = from_query(QueryDict("topics=x&topics=4&tones=negative&days=7"))
    assert (found.topics, found.tones, found.days, len(found.notes)) == ((4,), (-1,), 7, 1)


def test_reach_is_taken_to_the_nearest_step_below_and_says_so():
    found = from_query(QueryDict("reach_min=1234"))
    assert found.reach_min == 1000 and len(found.notes) == 1


def test_dates_the_wrong_way_round_are_turned():
    found = from_query(QueryDict("since=2026-03-01&until=2026-02-01"))
    assert (found.since, found.until, found.days) == (date(2026, 2, 1), date(2026, 3, 1), None)


def test_a_search_is_one_bounded_line():
    found = from_query({"q": ["a\x00\n\x1b[31mb \ud800" + "c" * 5000]})
    assert found.q.startswith("a [31mb") and len(found.q) <= 300


def test_thousands_of_values_are_cut():
    assert len(from_query({"topics": [str(i) for i in range(1, 5000)]}).topics) == 100


def test_the_previous_period_is_as_long_and_just_before():
    today = date(2026, 11, 23)
    assert MentionFilter(days=7).previous(today).between(today) == (date(2026, 11, 10), date(2026, 11, 16))
    assert MentionFilter(days=None).previous(today) is None


@given(
    st.dictionaries(
        st.sampled_from(["topics", "days", "since", "q", "outlet", "author", "reach_max"]), st.text()
    )
)
def test_no_query_string_breaks_the_page(query):
    found = from_query({name: [value] for name, value in query.items()})
    assert from_query(QueryDict(found.query_string())) == found
