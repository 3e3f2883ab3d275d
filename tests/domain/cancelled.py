"""Bookings that are cancelled, for the tests of what comes of it."""

from dataclasses import replace
from datetime import date

from domain.cancellation.cancelling import Cancellation
from domain.credits.validity import Expiry
from domain.nouns.booking import BookingStatus, CancellationOutcome, EarnedNothing
from domain.nouns.credit import CreditState, MakeUpCredit
from domain.nouns.policy import Days, LateCancellation, OnMakeUpCancellation, Policy
from tests.domain.builders import (
    A_MICROSECOND,
    BOOKING_ID,
    DEADLINE,
    a_cancellation,
    a_credit,
    a_make_up_booking,
    a_studio,
    a_target,
    utc,
)

CREDIT, RETURNED, NOTHING = CancellationOutcome
BLOCK = Policy(make_ups_enabled=True, late_cancellation=LateCancellation.BLOCK)
FORTNIGHT = Policy(make_ups_enabled=True, validity=Days(14))
FORFEIT = Policy(make_ups_enabled=True, on_make_up_cancellation=OnMakeUpCancellation.FORFEIT)
LATE = DEADLINE + A_MICROSECOND
IN_TIME, TOO_LATE = BookingStatus.CANCELLED, BookingStatus.CANCELLED_LATE
SIXTH = Expiry(utc("2026-12-06T23:00:00Z"), date(2026, 12, 6))
PAID_WITH_CREDIT = EarnedNothing.PAID_WITH_CREDIT
LOST = (PAID_WITH_CREDIT, EarnedNothing.MAKE_UP_FORFEITED)


def of(policy: Policy, by_staff: bool = False, override: str = "") -> Cancellation:
    return a_cancellation(a_target(studio=a_studio(policy)), by_staff=by_staff, override=override)


def of_make_up(credit: MakeUpCredit | None = None, policy: Policy | None = None, override: str = "") -> Cancellation:
    used = replace(credit or a_credit(), state=CreditState.USED, booking_id=BOOKING_ID)
    target = a_target(studio=a_studio(policy))
    return a_cancellation(target, a_make_up_booking(), used, by_staff=bool(override), override=override)
