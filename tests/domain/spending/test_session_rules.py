"""What a session and a client say to a seat for a credit."""

from datetime import date, datetime, timedelta

import pytest

from domain.nouns.policy import OFF, Choices, Policy
from domain.nouns.session import SessionStatus
from domain.refusals import FixableBy, Refusal, RefusalCode
from domain.rules import Rule, broken
from domain.spending.seats import ORDINARY_RULES, SeatRequest, seat_is_free
from domain.spending.session_rules import (
    SESSION_RULES,
    client_has_an_account,
    credits_can_book_already,
    credits_can_still_book,
    credits_may_take_another_seat,
    seat_is_free_for_a_credit,
    session_accepts_make_ups,
    session_is_not_too_far_ahead,
)
from tests.domain.builders import (
    A_MICROSECOND,
    NOW,
    ONE_TIME,
    SESSION_ID,
    START,
    SessionFields,
    a_client,
    a_course,
    a_seat_request,
    a_session,
    a_studio,
    a_target,
    choices_of,
    local,
    utc,
)


def accepting(course: bool, session: bool | None) -> SeatRequest:
    return a_seat_request(a_target(a_session(accepts_make_ups=session), a_course(accepts_make_ups=course)))


GUEST = a_seat_request(client=a_client(account_id=None))
CLOSED_CLASS = a_seat_request(a_target(a_session(course_id=None, price=5_000, accepts_make_ups=False)))
REFUSED = RefusalCode.SESSION_NOT_ACCEPTING_MAKE_UPS

OF_SESSIONS: dict[str, tuple[Rule[SeatRequest, Refusal], SeatRequest, RefusalCode | None]] = {
    "R2 an account": (client_has_an_account, a_seat_request(), None),
    "R2 a guest": (client_has_an_account, GUEST, RefusalCode.ACCOUNT_REQUIRED),
    "R3 by the course": (session_accepts_make_ups, accepting(course=True, session=None), None),
    "R3 not by the course": (session_accepts_make_ups, accepting(course=False, session=None), REFUSED),
    "R3 by the session over the course": (session_accepts_make_ups, accepting(course=False, session=True), None),
    "R3 not by the session over the course": (
        *(session_accepts_make_ups, accepting(course=True, session=False), REFUSED),
    ),
    "R3 by a one-time class": (session_accepts_make_ups, a_seat_request(a_target(a_session(**ONE_TIME))), None),
    "R3 not by a one-time class": (session_accepts_make_ups, CLOSED_CLASS, REFUSED),
}


@pytest.mark.parametrize(("rule", "asked", "expected"), OF_SESSIONS.values(), ids=OF_SESSIONS)
def test_a_rule_of_the_session_or_the_client(
    rule: Rule[SeatRequest, Refusal], asked: SeatRequest, expected: RefusalCode | None
):
    refusal = rule(asked, NOW)

    assert (refusal and refusal.code) is expected


AHEAD = {
    "on the last day, at its last microsecond": (90, "2027-02-20 23:59:59.999999", True),
    "on the day after, at its first instant": (90, "2027-02-21 00:00", False),
    "today": (0, "2026-11-22 23:59", True),
    "tomorrow, when only today can be booked": (0, "2026-11-23 00:00", False),
    "over a change of the clocks": (127, "2027-03-29 00:30", True),
    "one day too far over a change of the clocks": (126, "2027-03-29 00:30", False),
}


@pytest.mark.parametrize(("most", "start", "near_enough"), AHEAD.values(), ids=AHEAD)
def test_v3_too_far_ahead_compares_local_dates(most: int, start: str, near_enough: bool):
    policy = Policy(max_days_ahead=most)
    session = a_session(starts_at=local("Europe/Prague", start))

    refusal = session_is_not_too_far_ahead(a_seat_request(a_target(session, studio=a_studio(policy))), NOW)

    assert (refusal is None) is near_enough


ODD_DAYS_AHEAD: dict[str, tuple[str, str, int, str, str | None]] = {
    "over half an hour won": ("Australia/Lord_Howe", "2026-04-04 23:59", 1, "2026-04-05 23:59", None),
    "a day too far over half an hour won": (
        *("Australia/Lord_Howe", "2026-04-04 23:59", 1, "2026-04-06 00:00", "2026-04-04T13:00:00Z"),
    ),
    "over half an hour lost": ("Australia/Lord_Howe", "2026-10-03 23:59", 1, "2026-10-04 23:59", None),
    "a day too far over half an hour lost": (
        *("Australia/Lord_Howe", "2026-10-03 23:59", 1, "2026-10-05 00:00", "2026-10-03T13:30:00Z"),
    ),
    "into Ramadan": ("Africa/Casablanca", "2026-02-14 23:59", 1, "2026-02-15 23:59", None),
    "a day too far into Ramadan": (
        *("Africa/Casablanca", "2026-02-14 23:59", 1, "2026-02-16 00:00", "2026-02-14T23:00:00Z"),
    ),
    "a day too far out of Ramadan": (
        *("Africa/Casablanca", "2026-03-21 23:59", 1, "2026-03-23 00:00", "2026-03-22T00:00:00Z"),
    ),
    "over a missing day, which counts": ("Pacific/Apia", "2011-12-29 23:59", 2, "2011-12-31 23:59", None),
    "the next day, and too far since one is missing": (
        *("Pacific/Apia", "2011-12-29 23:59", 1, "2011-12-31 00:00", "2011-12-30T10:00:00Z"),
    ),
    "on a leap day": ("Europe/Prague", "2028-02-28 00:00", 1, "2028-02-29 23:59", None),
    "a day too far for a leap day": (
        "Europe/Prague",
        "2028-02-28 23:59",
        1,
        "2028-03-01 00:00",
        "2028-02-28T23:00:00Z",
    ),
    "from New Year's Eve": ("America/New_York", "2026-12-31 23:59", 1, "2027-01-01 23:59", None),
    "a day too far from New Year's Eve": (
        *("America/New_York", "2026-12-31 23:59", 1, "2027-01-02 00:00", "2027-01-01T05:00:00Z"),
    ),
}


@pytest.mark.parametrize(
    ("zone", "now", "most", "start", "available_from"), ODD_DAYS_AHEAD.values(), ids=ODD_DAYS_AHEAD
)
def test_v3_too_far_ahead_counts_the_dates_of_the_studio(
    zone: str, now: str, most: int, start: str, available_from: str | None
):
    target = a_target(a_session(starts_at=local(zone, start)), studio=a_studio(Policy(max_days_ahead=most), zone))

    refusal = session_is_not_too_far_ahead(a_seat_request(target), local(zone, now))

    assert (refusal and refusal.available_from) == (available_from and utc(available_from))


def test_p2_a_session_too_far_ahead_says_from_when_it_can_be_booked():
    request = a_seat_request(a_target(a_session(starts_at=local("Europe/Prague", "2027-06-27 10:00"))))

    refusal = session_is_not_too_far_ahead(request, NOW)

    assert refusal is not None
    assert (refusal.code, refusal.fixable_by) == (RefusalCode.TOO_FAR_AHEAD, FixableBy.TIME)
    assert (refusal.actual, refusal.required) == (date(2027, 6, 27), date(2027, 2, 20))
    opens = local("Europe/Prague", "2027-03-29 00:00")
    assert refusal.available_from == opens
    assert session_is_not_too_far_ahead(request, opens) is None
    assert session_is_not_too_far_ahead(request, opens - A_MICROSECOND) is not None


def within(start: datetime, zone: str = "Europe/Prague", **window: object) -> SeatRequest:
    """A session that credits book within a window of the studio's."""
    studio = a_studio(Policy(**window), zone)  # pyright: ignore[reportArgumentType] - of the settings meant
    return a_seat_request(a_target(a_session(starts_at=start), studio=studio))


OPENINGS = {
    "a week before": ("Europe/Prague", "2026-12-13 18:00", 7, "2026-12-06 00:00"),
    "on the day itself": ("Europe/Prague", "2026-12-13 18:00", 0, "2026-12-13 00:00"),
    "counted from the date of a start at midnight": ("Europe/Prague", "2026-12-13 00:00", 1, "2026-12-12 00:00"),
    "over the beginning of summer time": ("Europe/Prague", "2027-03-29 00:30", 2, "2027-03-27 00:00"),
    "over the beginning of winter time": ("America/New_York", "2026-11-02 18:00", 2, "2026-10-31 00:00"),
    "over half an hour won": ("Australia/Lord_Howe", "2026-04-06 09:00", 2, "2026-04-04 00:00"),
    "over Ramadan": ("Africa/Casablanca", "2026-02-16 09:00", 3, "2026-02-13 00:00"),
    "at a midnight that is skipped": ("Africa/Cairo", "2026-04-25 10:00", 1, "2026-04-24 01:00"),
    "on a date that is missing": ("Pacific/Apia", "2011-12-31 12:00", 1, "2011-12-31 00:00"),
    "before a date that is missing": ("Pacific/Apia", "2011-12-31 12:00", 2, "2011-12-29 00:00"),
    "on a leap day": ("Europe/Prague", "2028-03-01 10:00", 1, "2028-02-29 00:00"),
    "in the year before": ("Europe/Prague", "2027-01-03 10:00", 3, "2026-12-31 00:00"),
}


@pytest.mark.parametrize(("zone", "start", "days", "opens"), OPENINGS.values(), ids=OPENINGS)
def test_r5_credits_book_from_a_local_midnight_on(zone: str, start: str, days: int, opens: str):
    request, opens_at = within(local(zone, start), zone, make_ups_open_days_before=days), local(zone, opens)

    refusal = credits_can_book_already(request, opens_at - A_MICROSECOND)

    assert refusal is not None
    assert (refusal.code, refusal.fixable_by) == (RefusalCode.BOOKING_NOT_OPEN_YET, FixableBy.TIME)
    assert (refusal.actual, refusal.required) == (opens_at - A_MICROSECOND, opens_at)
    assert refusal.available_from == opens_at
    assert credits_can_book_already(request, opens_at) is None


def test_r5_a_midnight_that_is_doubled_opens_the_first_time():
    request = within(local("Atlantic/Azores", "2026-10-26 10:00"), "Atlantic/Azores", make_ups_open_days_before=1)
    opens_at = local("Atlantic/Azores", "2026-10-25 00:00", fold=0)

    assert credits_can_book_already(request, opens_at - A_MICROSECOND) is not None
    assert credits_can_book_already(request, opens_at) is None


@pytest.mark.parametrize("minutes", [0, 1, 90, 24 * 60])
def test_r5_credits_book_until_some_minutes_before_the_start_and_then_no_more(minutes: int):
    request = within(START, make_ups_close_minutes_before=minutes)
    closes_at = START - timedelta(minutes=minutes)

    refusal = credits_can_still_book(request, closes_at + A_MICROSECOND)

    assert refusal is not None
    assert (refusal.code, refusal.fixable_by) == (RefusalCode.BOOKING_CLOSED, FixableBy.STAFF)
    assert (refusal.actual, refusal.required) == (closes_at + A_MICROSECOND, closes_at)
    assert refusal.available_from is None
    assert credits_can_still_book(request, closes_at) is None


def test_r5_without_a_window_credits_book_until_the_start():
    request = within(START)

    assert credits_can_book_already(request, START - timedelta(days=365)) is None
    assert credits_can_still_book(request, START) is None
    assert (request.target.make_ups_open_at, request.target.make_ups_close_at) == (None, None)


WINDOWS: dict[str, tuple[Choices, Choices, Choices, bool]] = {
    "by the studio": ({"make_ups_open_days_before": 1}, {}, {}, False),
    "by the course": ({"make_ups_open_days_before": OFF}, {"make_ups_open_days_before": 1}, {}, False),
    "by the session": ({}, {"make_ups_open_days_before": OFF}, {"make_ups_open_days_before": 1}, False),
    "none by the course": ({"make_ups_open_days_before": 1}, {"make_ups_open_days_before": OFF}, {}, True),
    "none by the session": ({}, {"make_ups_open_days_before": 1}, {"make_ups_open_days_before": OFF}, True),
}


@pytest.mark.parametrize(("studio", "course", "session", "opened"), WINDOWS.values(), ids=WINDOWS)
def test_r5_the_session_decides_over_its_course_over_the_studio(
    studio: Choices, course: Choices, session: Choices, opened: bool
):
    target = a_target(a_session(choices=session), a_course(choices=course), a_studio(Policy(**studio)))

    assert (credits_can_book_already(a_seat_request(target), NOW) is None) is opened


def test_r5_windows_bind_make_ups_only():
    request = within(START, make_ups_open_days_before=1, make_ups_close_minutes_before=60)

    assert broken(ORDINARY_RULES, request, NOW) == ()
    assert broken(ORDINARY_RULES, request, START - A_MICROSECOND) == ()


def seats(policy: Policy | None = None, **fields: int) -> SeatRequest:
    """In a session of ten seats."""
    given: SessionFields = {"choices": choices_of(policy or Policy()), **fields}  # pyright: ignore - numbers of seats
    return a_seat_request(a_target(a_session(**given)))


FULL, CREDITS_FULL = RefusalCode.SESSION_FULL, RefusalCode.MAKE_UP_SEATS_FULL
TWO, NONE, FREED = Policy(max_make_ups=2), Policy(max_make_ups=0), Policy(freed_seats_only=True)
BOTH = Policy(max_make_ups=1, freed_seats_only=True)

SEATS: dict[str, tuple[SeatRequest, set[RefusalCode]]] = {
    "the last seat": (seats(taken=9), set()),
    "no seat": (seats(taken=10), {FULL}),
    "the first extra seat": (seats(taken=10, extra_make_up_seats=2), set()),
    "the last extra seat": (seats(taken=11, extra_make_up_seats=2), set()),
    "no extra seat": (seats(taken=12, extra_make_up_seats=2), {FULL}),
    "the last make-up of two": (seats(TWO, taken=9, make_ups=1), set()),
    "two make-ups of two": (seats(TWO, taken=2, make_ups=2), {CREDITS_FULL}),
    "more make-ups than there may be now": (seats(TWO, taken=3, make_ups=3), {CREDITS_FULL}),
    "no make-up allowed": (seats(NONE), {CREDITS_FULL}),
    "neither a seat nor a make-up": (seats(TWO, taken=10, make_ups=2), {FULL, CREDITS_FULL}),
    "a make-up allowed and no seat": (seats(TWO, taken=10, make_ups=1), {FULL}),
    "nobody has ever freed a seat": (seats(FREED, taken=3, most_ordinary=3), {CREDITS_FULL}),
    "nobody was ever there": (seats(FREED), {CREDITS_FULL}),
    "one freed": (seats(FREED, taken=2, most_ordinary=3), set()),
    "one freed and taken by a credit": (seats(FREED, taken=3, make_ups=1, most_ordinary=3), {CREDITS_FULL}),
    "two freed, one taken by a credit": (seats(FREED, taken=3, make_ups=1, most_ordinary=4), set()),
    "one freed and sold again": (seats(FREED, taken=3, most_ordinary=3), {CREDITS_FULL}),
    "two freed of more than one make-up allowed": (seats(BOTH, taken=3, make_ups=1, most_ordinary=4), {CREDITS_FULL}),
    "one make-up allowed and none freed": (seats(BOTH, taken=3, most_ordinary=3), {CREDITS_FULL}),
    "one make-up allowed and one freed": (seats(BOTH, taken=3, most_ordinary=4), set()),
}


@pytest.mark.parametrize(("asked", "expected"), SEATS.values(), ids=SEATS)
def test_r6_whether_there_is_a_seat_for_a_credit(asked: SeatRequest, expected: set[RefusalCode]):
    refusals = broken((seat_is_free_for_a_credit, credits_may_take_another_seat), asked, NOW)

    assert {refusal.code for refusal in refusals} == expected
    assert (asked.target.make_up_seats_left(NOW) > 0) is (not expected)


def test_r6_extra_seats_are_for_credits_only():
    assert seat_is_free(seats(taken=10, extra_make_up_seats=2), NOW) is not None
    assert seat_is_free(seats(taken=9, make_ups=9, extra_make_up_seats=2), NOW) is None
    assert seats(taken=11, extra_make_up_seats=2).target.seats_left(NOW) == 0


def test_r6_what_is_full_says_how_full():
    full = seat_is_free_for_a_credit(seats(taken=12, extra_make_up_seats=2), NOW)
    few = credits_may_take_another_seat(seats(TWO, taken=3, make_ups=3), NOW)

    assert full is not None
    assert (full.actual, full.required, full.session_id) == (12, 11, SESSION_ID)
    assert few is not None
    assert (few.actual, few.required, few.session_id) == (3, 1, SESSION_ID)
    assert {full.fixable_by, few.fixable_by} == {FixableBy.STAFF}


def test_r6_where_credits_may_take_no_seat_no_number_of_them_would_do():
    none = credits_may_take_another_seat(seats(NONE), NOW)

    assert none is not None
    assert (none.actual, none.required) == (0, None)


LEFT = {
    "all of them": (seats(), 10),
    "with the extra ones": (seats(taken=9, extra_make_up_seats=2), 3),
    "as many as may be": (seats(TWO, taken=1, make_ups=1), 1),
    "as many as were freed": (seats(FREED, taken=3, make_ups=1, most_ordinary=6), 3),
    "no more than there are": (seats(TWO, taken=9), 1),
    "none where credits have too many": (seats(TWO, taken=3, make_ups=3), 0),
}


@pytest.mark.parametrize(("asked", "left"), LEFT.values(), ids=LEFT)
def test_r6_how_many_seats_are_left_for_credits(asked: SeatRequest, left: int):
    assert asked.target.make_up_seats_left(NOW) == left


@pytest.mark.parametrize(("status", "left"), [(SessionStatus.SCHEDULED, (1, 3)), (SessionStatus.CANCELLED, (0, 0))])
def test_e6_in_what_the_studio_has_cancelled_no_seat_is_left(status: SessionStatus, left: tuple[int, int]):
    target = a_target(a_session(taken=9, extra_make_up_seats=2, status=status))

    assert (target.seats_left(NOW), target.make_up_seats_left(NOW)) == left


def test_the_rules_of_any_seat_are_all_among_the_rules_of_sessions_but_that_credits_have_seats_of_their_own():
    assert set(ORDINARY_RULES) - set(SESSION_RULES) == {seat_is_free}
