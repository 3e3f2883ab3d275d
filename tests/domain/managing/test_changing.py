from dataclasses import replace
from datetime import datetime

import pytest

from domain.managing.changing import (
    COURSE_RULES,
    SESSION_RULES,
    STUDIO_CODES,
    StudioChange,
    archived_session_is_empty_or_over,
    course_is_sold_somehow,
    time_zone_is_not_in_use,
)
from domain.nouns.session import Session
from domain.refusals import RefusalCode
from domain.rules import broken
from domain.spending.seats import capacity_holds_what_is_booked
from tests.domain.builders import A_MICROSECOND, NOW, SESSION_ID, START, a_course, a_session, a_studio, a_target


@pytest.mark.parametrize(
    ("zone", "empty", "expected"),
    [
        ("Europe/Prague", False, None),
        ("Europe/Prague", True, None),
        ("Europe/Vienna", True, None),
        # The same clocks today are another zone: they may part tomorrow, as they did before.
        ("Europe/Vienna", False, RefusalCode.TIME_ZONE_IN_USE),
    ],
)
def test_v2_a_time_zone_changes_only_while_nothing_is_reckoned_in_it(
    zone: str, empty: bool, expected: RefusalCode | None
):
    refusal = time_zone_is_not_in_use(StudioChange(a_studio(), a_studio(zone=zone), empty), NOW)

    assert (refusal and refusal.code) is expected
    if refusal:
        assert (refusal.actual, refusal.required, refusal.path) == ("Europe/Vienna", "Europe/Prague", ("timeZone",))
        assert refusal.fixable_by is None
        assert refusal.code in STUDIO_CODES


@pytest.mark.parametrize(
    ("whole", "single", "expected"),
    [
        (100, 10, None),
        (100, None, None),
        (None, 10, None),
        (0, None, None),
        (None, 0, None),
        (None, None, RefusalCode.COURSE_NOT_SOLD_AT_ALL),
    ],
)
def test_c11_one_price_of_a_course_stays(whole: int | None, single: int | None, expected: RefusalCode | None):
    refusal = course_is_sold_somehow(a_course(whole_course_price=whole, single_session_price=single), NOW)

    assert (refusal and refusal.code) is expected
    assert broken(COURSE_RULES, a_course(), NOW) == ()


CAPACITIES = {
    "as many seats as are taken": (8, 8, 0, None),
    "one fewer": (7, 8, 0, RefusalCode.CAPACITY_BELOW_BOOKED),
    "extra seats hold the last": (7, 8, 1, None),
    "one fewer than with the extra seats": (6, 8, 1, RefusalCode.CAPACITY_BELOW_BOOKED),
    "more": (100, 8, 0, None),
    "a single seat, free": (1, 0, 0, None),
}


@pytest.mark.parametrize("now", [NOW, START, START + A_MICROSECOND])
@pytest.mark.parametrize(("capacity", "taken", "extra", "expected"), CAPACITIES.values(), ids=CAPACITIES)
def test_r6_a_capacity_is_not_lowered_below_what_is_taken_also_when_the_session_is_over(
    capacity: int, taken: int, extra: int, expected: RefusalCode | None, now: datetime
):
    session = a_session(capacity=capacity, taken=taken, extra_make_up_seats=extra)

    refusal = capacity_holds_what_is_booked(a_target(session), now)

    assert (refusal and refusal.code) is expected
    if refusal:
        assert (refusal.actual, refusal.required, refusal.session_id) == (capacity + extra, taken, SESSION_ID)


ARCHIVED = a_session(archived_at=NOW)
SESSIONS = {
    "nobody has a seat": (ARCHIVED, NOW, None),
    "the last seat taken": (replace(ARCHIVED, taken=1), NOW, RefusalCode.SESSION_HAS_BOOKINGS),
    "a microsecond before the start": (
        *(replace(ARCHIVED, taken=1), START - A_MICROSECOND, RefusalCode.SESSION_HAS_BOOKINGS),
    ),
    "at the start": (replace(ARCHIVED, taken=1), START, None),
    "not archived": (a_session(taken=1), NOW, None),
}


@pytest.mark.parametrize(("session", "now", "expected"), SESSIONS.values(), ids=SESSIONS)
def test_b4_a_session_is_archived_when_it_is_empty_or_has_started(
    session: Session, now: datetime, expected: RefusalCode | None
):
    refusal = archived_session_is_empty_or_over(a_target(session), now)

    assert (refusal and refusal.code) is expected
    if refusal:
        assert (refusal.actual, refusal.required, refusal.available_from) == (1, 0, START)


def test_every_reason_against_changing_a_session_is_told():
    session = replace(ARCHIVED, capacity=1, taken=2)

    reasons = broken(SESSION_RULES, a_target(session), NOW)

    assert [reason.code for reason in reasons] == [
        RefusalCode.CAPACITY_BELOW_BOOKED,
        RefusalCode.SESSION_HAS_BOOKINGS,
    ]
