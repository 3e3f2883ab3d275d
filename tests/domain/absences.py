"""Absences of a client, and the seats that they would give up, for the tests of them."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count
from uuid import UUID

from domain.cancellation.absence import Absence, GivenUp, Shown, decide
from domain.cancellation.cancelling import Cancellation, Expected
from domain.dates import Dates
from domain.issuing.earning import EarnedBefore
from domain.nouns.booking import Booking, BookingStatus, CancellationOutcome, EarnedNothing
from domain.nouns.credit import CreditState, MakeUpCredit
from domain.nouns.policy import Days, LateCancellation, Policy
from domain.refusals import RefusalCode, Refused
from tests.domain.builders import (
    A_MICROSECOND,
    COURSE_ID,
    DEADLINE,
    NOW,
    START,
    a_booking,
    a_cancellation,
    a_course,
    a_credit,
    a_make_up_booking,
    a_session,
    a_studio,
    a_target,
    uuid,
)

CREDIT, RETURNED, NOTHING = CancellationOutcome
A_DAY = timedelta(days=1)
DECEMBER = Dates(date(2026, 12, 1), date(2026, 12, 31))
FORTNIGHT = Policy(make_ups_enabled=True, validity=Days(14))
BLOCK = replace(FORTNIGHT, late_cancellation=LateCancellation.BLOCK)
SIXTH = date(2026, 12, 6)
LATE = DEADLINE + A_MICROSECOND
USED = a_credit(state=CreditState.USED)


def seat(
    number: int,
    policy: Policy = FORTNIGHT,
    starts_at: datetime | None = None,
    booking: Booking | None = None,
    credit: MakeUpCredit | None = None,
    course_id: UUID = COURSE_ID,
    earned: tuple[EarnedBefore, ...] = (),
    by_staff: bool = False,
) -> Cancellation:
    """The first starts when sessions of the builders do, each next one a day later."""
    starts_at = starts_at or START + (number - 1) * A_DAY
    session = a_session(id=uuid(1000 + number), course_id=course_id, starts_at=starts_at)
    booking = replace(booking or a_booking(), id=uuid(2000 + number), session_id=session.id)
    target = a_target(session, a_course(id=course_id), a_studio(policy))
    return a_cancellation(target, booking, credit, by_staff, earned_before=earned)


def make_up(
    number: int, policy: Policy = FORTNIGHT, credit: MakeUpCredit = USED, earned: tuple[EarnedBefore, ...] = ()
) -> Cancellation:
    return seat(number, policy, booking=a_make_up_booking(), credit=credit, earned=earned)


def given_up_before(number: int) -> Cancellation:
    gone = a_booking(status=BookingStatus.CANCELLED, cancelled_at=NOW, why_not_earned=(EarnedNothing.NOT_PAID,))
    return seat(number, booking=gone)


def away(*seats: Cancellation, dates: Dates = DECEMBER) -> Absence:
    return Absence(dates, seats)


def done(absence: Absence, shown: Shown | None = None, now: datetime = NOW) -> GivenUp:
    decision = decide(absence, shown, map(uuid, count(3000)), now)
    assert isinstance(decision, GivenUp)
    return decision


def refused(absence: Absence, shown: Shown | None = None, now: datetime = NOW) -> list[tuple[RefusalCode, int]]:
    """Each code with the number of the seat."""
    decision = decide(absence, shown, map(uuid, count(3000)), now)
    assert isinstance(decision, Refused)
    return [(each.code, each.session_id.int - 1000) for each in decision.reasons if each.session_id is not None]


def numbers(ids: tuple[UUID, ...]) -> list[int]:
    return [each.int - 2000 for each in ids]


def shown_of(*expected: Expected | None) -> Shown:
    return {uuid(2001 + number): each for number, each in enumerate(expected)}
