from dataclasses import replace
from datetime import datetime

import pytest

from domain.cancellation.ending import Ended, Ending, credits_to_revoke, decide, seats_to_come
from domain.events import BookingCancelled, CreditRevoked, EnrolmentEnded
from domain.nouns.booking import BookingStatus, CancellationOutcome, EarnedNothing, PaidWith
from domain.nouns.credit import CreditOrigin, CreditState, MakeUpCredit
from domain.nouns.policy import OnEnrolmentEnd, Policy
from tests.domain.builders import (
    A_MICROSECOND,
    ENROLMENT_ID,
    NOW,
    SESSION_ID,
    START,
    a_booking,
    a_credit,
    a_session,
    an_enrolment,
    utc,
    uuid,
)

KEEP, REVOKE = (Policy(on_enrolment_end=each) for each in (OnEnrolmentEnd.KEEP, OnEnrolmentEnd.REVOKE_UNUSED))
EXPIRES_AT = utc("2026-12-06T23:00:00Z")
LIVE = a_booking(id=uuid(61), paid_with=PaidWith.ENROLMENT, enrolment_id=ENROLMENT_ID, price=None)
CANCELLED = replace(
    LIVE,
    id=uuid(62),
    status=BookingStatus.CANCELLED,
    cancelled_at=NOW,
    outcome=CancellationOutcome.CREDIT,
)
EARNED = replace(
    a_credit(missed_booking_id=CANCELLED.id, missed_session_id=SESSION_ID, missed_paid_with=PaidWith.ENROLMENT),
    origin=CreditOrigin.CANCELLATION,
)


def ending(
    *credits: MakeUpCredit, policy: Policy = KEEP, starts_at: datetime = START, ended_at: datetime | None = None
) -> Ending:
    """A live booking and one that was cancelled for a credit, both in a session that starts then."""
    sessions = {SESSION_ID: a_session(starts_at=starts_at)}
    return Ending(policy, an_enrolment(ended_at=ended_at), (LIVE, CANCELLED), sessions, credits)


def test_c12_the_seats_to_come_end_with_the_enrolment_and_earn_nothing():
    decision = decide(ending(EARNED), NOW)

    assert decision.events == (
        EnrolmentEnded(an_enrolment()),
        BookingCancelled(LIVE, BookingStatus.CANCELLED, CancellationOutcome.NOTHING, (EarnedNothing.ENROLMENT_ENDED,)),
    )
    assert (decision.bookings, decision.credits) == ((LIVE.id,), ())


def test_c12_a_deadline_that_has_passed_makes_no_difference():
    """Nobody gives a seat up late: it is the place that ends, and what is paid back is between studio and client."""
    (_, cancelled) = decide(ending(), START - A_MICROSECOND).events

    assert isinstance(cancelled, BookingCancelled)
    assert cancelled.status is BookingStatus.CANCELLED


@pytest.mark.parametrize(
    ("now", "comes"), [(START - A_MICROSECOND, True), (START, False), (START + A_MICROSECOND, False)]
)
def test_c12_a_seat_in_a_session_that_has_started_stands(now: datetime, comes: bool):
    assert seats_to_come(ending(), now) == ((LIVE,) if comes else ())
    assert len(decide(ending(), now).events) == 1 + comes


def test_c12_a_session_that_had_started_when_the_others_were_locked_stands_too():
    assert seats_to_come(replace(ending(), sessions={}), NOW) == ()


UNSPENT = {
    "not spent": (EARNED, True),
    "held by a queue": (replace(EARNED, state=CreditState.HELD), True),
    "spent": (replace(EARNED, state=CreditState.USED), False),
    "forfeited": (replace(EARNED, state=CreditState.FORFEITED), False),
    "undone": (replace(EARNED, state=CreditState.UNDONE), False),
    "revoked before": (replace(EARNED, state=CreditState.REVOKED), False),
}


@pytest.mark.parametrize(("credit", "unspent"), UNSPENT.values(), ids=UNSPENT)
def test_c12_a_studio_may_revoke_what_is_not_spent(credit: MakeUpCredit, unspent: bool):
    assert credits_to_revoke(ending(credit, policy=REVOKE), NOW) == ((credit,) if unspent else ())
    assert credits_to_revoke(ending(credit, policy=KEEP), NOW) == ()


@pytest.mark.parametrize(("now", "lives"), [(EXPIRES_AT - A_MICROSECOND, True), (EXPIRES_AT, False)])
def test_c12_what_has_expired_stays_expired(now: datetime, lives: bool):
    assert credits_to_revoke(ending(EARNED, policy=REVOKE), now) == ((EARNED,) if lives else ())


def test_c12_seats_and_credits_end_together():
    decision = decide(ending(EARNED, policy=REVOKE), NOW)

    assert [type(event) for event in decision.events] == [EnrolmentEnded, BookingCancelled, CreditRevoked]
    assert (decision.bookings, decision.credits) == ((LIVE.id,), (EARNED.id,))


def test_c4_what_has_ended_before_is_answered_alike_and_nothing_happens():
    first = decide(ending(EARNED, policy=REVOKE), NOW)
    ended = replace(LIVE, status=BookingStatus.CANCELLED, why_not_earned=(EarnedNothing.ENROLMENT_ENDED,))
    after = replace(
        ending(replace(EARNED, state=CreditState.REVOKED), policy=REVOKE, ended_at=NOW), bookings=(ended, CANCELLED)
    )

    assert decide(after, START) == Ended((), first.bookings, first.credits)


def test_c4_an_enrolment_that_ended_touches_nothing_that_came_later():
    """Neither a credit that came back since, nor a policy that changed since."""
    assert decide(ending(EARNED, policy=REVOKE, ended_at=NOW), NOW) == Ended((), (), ())
