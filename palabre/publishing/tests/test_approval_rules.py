"""Who decides, in which order, and until when: for any steps and any people."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from palabre.agency.roles import Role
from palabre.publishing.approval.rules import (
    LASTS,
    Approver,
    Person,
    digest,
    ends_at,
    named,
    still_passed,
    turn,
    writers,
)

IN_BRAND = ["owner", "manager", "member", "reader"]
IDS = st.integers(min_value=1, max_value=6)
APPROVERS = st.one_of(
    st.builds(Approver, kind=st.just("role"), who=st.sampled_from(IN_BRAND)),
    st.builds(Approver, kind=st.sampled_from(["person", "team"]), who=st.one_of(st.just(""), IDS.map(str))),
)
PEOPLE = st.lists(
    st.builds(Person, pk=IDS, role=st.sampled_from(IN_BRAND), teams=st.frozensets(IDS, max_size=2)),
    max_size=6,
    unique_by=lambda person: person.pk,
)
STEPS = st.lists(APPROVERS, max_size=3)
WRITERS = st.frozensets(IDS, max_size=3)
MOMENTS = st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2030, 1, 1), timezones=st.just(UTC))


@given(steps=STEPS, passed=st.integers(0, 3), people=PEOPLE, wrote=WRITERS)
def test_nobody_decides_on_what_they_wrote_and_nobody_from_outside(
    steps: list[Approver], passed: int, people: list[Person], wrote: frozenset[int]
) -> None:
    now = turn(steps, passed, people, wrote)
    assert not now.people & wrote
    assert now.people <= {person.pk for person in people}


@given(steps=STEPS, passed=st.integers(0, 3), people=PEOPLE, wrote=WRITERS)
def test_whom_the_step_names_decide_and_owners_only_where_none_of_them_can(
    steps: list[Approver], passed: int, people: list[Person], wrote: frozenset[int]
) -> None:
    now = turn(steps, passed, people, wrote)
    able = named(steps[passed], people) - wrote if passed < len(steps) else frozenset()
    owners = {person.pk for person in people if person.role == Role.OWNER} - wrote
    assert now.stuck == (not able)
    assert now.people == (able or owners)


@given(people=PEOPLE, role=st.sampled_from(IN_BRAND))
def test_a_role_means_at_least_that_role(people: list[Person], role: str) -> None:
    rank = IN_BRAND.index(role)
    stronger = {person.pk for person in people if IN_BRAND.index(person.role) <= rank}
    assert named(Approver(kind="role", who=role), people) == stronger


@given(people=PEOPLE, kind=st.sampled_from(["role", "person", "team"]))
def test_what_is_gone_names_nobody(people: list[Person], kind: str) -> None:
    assert named(Approver(kind=kind, who=""), people) == frozenset()


@given(before=STEPS, after=STEPS, passed=st.integers(0, 3))
def test_only_steps_that_were_passed_and_did_not_change_stay_passed(
    before: list[Approver], after: list[Approver], passed: int
) -> None:
    kept = still_passed(before, after, passed)
    assert kept <= min(passed, len(after))
    assert before[:kept] == after[:kept]
    if kept < min(passed, len(before), len(after)):
        assert before[kept] != after[kept]


@given(steps=STEPS, passed=st.integers(0, 3))
def test_steps_saved_as_they_were_change_nothing(steps: list[Approver], passed: int) -> None:
    assert still_passed(steps, steps, min(passed, len(steps))) == min(passed, len(steps))


@given(asked_at=MOMENTS, due_at=MOMENTS)
def test_an_approval_ends_at_the_hour_and_after_ninety_days_at_the_latest(
    asked_at: datetime, due_at: datetime
) -> None:
    ends = ends_at(asked_at=asked_at, due_at=due_at)
    assert ends <= due_at
    assert ends - asked_at <= timedelta(days=90) == LASTS
    assert ends in (due_at, asked_at + LASTS)


SAID = st.dictionaries(st.sampled_from(["text", "link", "parts"]), st.one_of(st.text(), st.lists(st.text())))


@given(one=SAID, other=SAID)
def test_an_approval_is_for_these_words_and_no_others(one: dict, other: dict) -> None:
    assert (digest(one) == digest(other)) == (one == other)
    assert digest(dict(reversed(one.items()))) == digest(one)


@given(author=st.one_of(st.none(), IDS), saves=st.lists(st.tuples(st.one_of(st.none(), IDS), st.text())))
def test_who_saved_other_words_wrote_and_who_saved_the_same_did_not(
    author: int | None, saves: list[tuple[int | None, str]]
) -> None:
    wrote = writers(author, saves)
    assert author is None or author in wrote
    assert None not in wrote
    changed = [by for i, (by, said) in enumerate(saves) if i == 0 or said != saves[i - 1][1]]
    assert wrote == frozenset({author, *changed} - {None})
