"""C3, E6, E7, R9: the credits of those who were booked in a session that the studio cancels."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from domain.cancellation.compensating import client_has_no_credit_for_the_session, live_seats, returned_expiry
from domain.cancellation.session_cancelling import SessionCancellation, decide
from domain.credits.validity import NEVER, Expiry
from domain.nouns.booking import EarnedNothing, PaidWith
from domain.nouns.credit import CreditOrigin, CreditState
from domain.nouns.policy import ExpiryRounding, RedeemableFrom
from tests.domain.builders import (
    BOOKING_ID,
    CLIENT_ID,
    NEW_ID,
    NOW,
    OTHER_ID,
    SESSION_ID,
    a_booking,
    a_course,
    a_credit,
    a_studio,
    a_target,
    utc,
)
from tests.domain.cancelled_sessions import CREDITS, ENDS, FORTNIGHT, IN_A_FORTNIGHT, SIXTH, TENTH, of, seat

GRACE: dict[str, tuple[int, datetime | None, date | None, datetime, Expiry]] = {
    "golden example 4": (14, SIXTH.at, SIXTH.on, TENTH, IN_A_FORTNIGHT),
    "its own end is later": (2, SIXTH.at, SIXTH.on, NOW, SIXTH),
    "its own end is one microsecond sooner": (
        *(14, utc("2026-12-24T22:59:59.999999Z"), date(2026, 12, 24), TENTH, IN_A_FORTNIGHT),
    ),
    "its own end is the same": (14, IN_A_FORTNIGHT.at, IN_A_FORTNIGHT.on, TENTH, IN_A_FORTNIGHT),
    "its own end is one microsecond later": (
        *(14, utc("2026-12-24T23:00:00.000001Z"), date(2026, 12, 25), TENTH),
        Expiry(utc("2026-12-24T23:00:00.000001Z"), date(2026, 12, 25)),
    ),
    "no days are the end of today": (
        0,
        SIXTH.at,
        SIXTH.on,
        TENTH,
        Expiry(utc("2026-12-10T23:00:00Z"), date(2026, 12, 10)),
    ),
    "the last instant of a day": (
        *(0, SIXTH.at, SIXTH.on, utc("2026-12-10T22:59:59.999999Z")),
        Expiry(utc("2026-12-10T23:00:00Z"), date(2026, 12, 10)),
    ),
    "the first instant of a day": (
        *(0, SIXTH.at, SIXTH.on, utc("2026-12-10T23:00:00Z")),
        Expiry(utc("2026-12-11T23:00:00Z"), date(2026, 12, 11)),
    ),
    "never stays": (14, None, None, TENTH, NEVER),
}


@pytest.mark.parametrize(("days", "expires_at", "expires_on", "now", "expected"), GRACE.values(), ids=GRACE)
def test_c3_a_credit_that_comes_back_lives_some_days_at_least(
    days: int, expires_at: datetime | None, expires_on: date | None, now: datetime, expected: Expiry
):
    policy = replace(FORTNIGHT, studio_cancellation_grace_days=days)
    credit = a_credit(expires_at=expires_at, expires_on=expires_on)

    assert returned_expiry(of(policy), credit, now) == expected


def test_c3_the_grace_is_the_end_of_a_local_day_also_where_expiries_are_exact():
    exact = replace(FORTNIGHT, expiry_rounding=ExpiryRounding.EXACT)

    assert returned_expiry(of(exact), a_credit(), TENTH) == IN_A_FORTNIGHT


OF_THIS = {"missed_booking_id": OTHER_ID, "missed_session_id": SESSION_ID, "missed_paid_with": PaidWith.SINGLE}
COUNTING = {state: state not in (CreditState.UNDONE, CreditState.REVOKED) for state in CreditState}


@pytest.mark.parametrize(("state", "counts"), COUNTING.items())
def test_e7_a_credit_for_the_session_counts_unless_it_was_taken_back(state: CreditState, counts: bool):
    earned = replace(a_credit(state=state), **OF_THIS)

    (live,) = live_seats(of(FORTNIGHT), 3, (a_booking(),), (earned,))

    assert live.already_credited is counts
    assert (client_has_no_credit_for_the_session(live, NOW) is EarnedNothing.ALREADY_CREDITED) is counts


ANOTHERS: dict[str, dict[str, object]] = {
    "another session": {"missed_session_id": OTHER_ID},
    "another client": {"client_id": OTHER_ID},
    "no session": {"missed_booking_id": None, "missed_session_id": None},
}


@pytest.mark.parametrize("other", ANOTHERS.values(), ids=ANOTHERS)
def test_e7_a_credit_of_another_client_or_session_does_not_count(other: dict[str, object]):
    (live,) = live_seats(of(FORTNIGHT), 3, (a_booking(),), (replace(a_credit(), **(OF_THIS | other)),))

    assert not live.already_credited


def test_e6_the_credit_stems_from_the_studio_and_has_the_terms_of_this_moment():
    waiting = replace(FORTNIGHT, redeemable_from=RedeemableFrom.AFTER_MISSED_SESSION)
    live = seat(of(waiting))

    (cancelled,) = decide(SessionCancellation(live.target, (live,)), CREDITS, "ill", (NEW_ID,), NOW).seats

    issued = cancelled.issued
    assert issued is not None
    assert (issued.id, issued.client_id, issued.origin) == (NEW_ID, CLIENT_ID, CreditOrigin.STUDIO_CANCELLATION)
    assert (issued.missed_booking_id, issued.missed_session_id) == (BOOKING_ID, SESSION_ID)
    assert (issued.expires_at, issued.expires_on) == (SIXTH.at, SIXTH.on)
    assert (issued.redeemable_from, issued.worth, issued.note) == (ENDS, 3_000, "ill")


def test_r9_the_worth_is_the_whole_price_by_the_sessions_of_which_this_is_one():
    whole = a_target(course=a_course(single_session_price=None), studio=a_studio(FORTNIGHT))
    live = seat(whole)

    (cancelled,) = decide(SessionCancellation(whole, (live,)), CREDITS, "", (NEW_ID,), NOW).seats

    assert cancelled.issued is not None
    assert cancelled.issued.worth == 3_333
