"""Seats in sessions that the studio cancels, for the tests of that."""

from dataclasses import replace
from datetime import date, timedelta

from domain.cancellation.compensating import LiveSeat
from domain.credits.validity import Expiry
from domain.nouns.booking import Booking, CancellationOutcome
from domain.nouns.credit import CreditState, MakeUpCredit
from domain.nouns.policy import Days, Policy
from domain.nouns.session import Compensation, ScheduledSession
from tests.domain.builders import (
    BOOKING_ID,
    START,
    a_booking,
    a_credit,
    a_make_up_booking,
    a_session,
    a_studio,
    a_target,
    utc,
)

CREDIT, RETURNED, NOTHING = CancellationOutcome
CREDITS, NONE = Compensation
FORTNIGHT = Policy(make_ups_enabled=True, validity=Days(14))
SIXTH = Expiry(utc("2026-12-06T23:00:00Z"), date(2026, 12, 6))
TENTH = utc("2026-12-10T11:00:00Z")
IN_A_FORTNIGHT = Expiry(utc("2026-12-24T23:00:00Z"), date(2026, 12, 24))
ENDS = START + timedelta(hours=1)


def seat(
    target: ScheduledSession | None = None,
    booking: Booking | None = None,
    credit: MakeUpCredit | None = None,
    already_credited: bool = False,
) -> LiveSeat:
    return LiveSeat(
        target or of(FORTNIGHT), booking or a_booking(), 3, credit, already_credited, earned_before=(), standing=None
    )


def of(policy: Policy, **session: object) -> ScheduledSession:
    return a_target(replace(a_session(), **session), studio=a_studio(policy))


def paid_with_credit(policy: Policy = FORTNIGHT, credit: MakeUpCredit | None = None) -> LiveSeat:
    used = replace(credit or a_credit(), state=CreditState.USED, booking_id=BOOKING_ID)
    return seat(of(policy), a_make_up_booking(), used)
