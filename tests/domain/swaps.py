"""Swaps of a seat in one session of a course for a seat in the next, for the tests of them."""

from collections.abc import Set
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from domain.cancellation.swapping import Swap, Swapped, decide, eligibility
from domain.nouns.booking import Booking
from domain.nouns.credit import CreditState, MakeUpCredit
from domain.nouns.policy import Policy
from domain.nouns.session import Session
from domain.refusals import Refusal, RefusalCode, Refused
from domain.spending.seats import SeatRequest
from tests.domain.builders import (
    A_MICROSECOND,
    BOOKING_ID,
    DEADLINE,
    NOW,
    START,
    a_booking,
    a_cancellation,
    a_client,
    a_credit,
    a_make_up_booking,
    a_session,
    a_studio,
    a_target,
    utc,
    uuid,
)

TARGET_ID, NEW_CREDIT_ID, NEW_BOOKING_ID = map(uuid, (21, 22, 23))
LATE = DEADLINE + A_MICROSECOND
EXPIRES_AT = utc("2026-12-06T23:00:00Z")
ON = Policy(make_ups_enabled=True)
ELSEWHERE = a_session(id=TARGET_ID, starts_at=START + timedelta(days=1))
EARNS_NOTHING = RefusalCode.CANCELLATION_EARNS_NOTHING


def a_swap(
    booking: Booking | None = None,
    wanted: Session | None = None,
    credit: MakeUpCredit | None = None,
    policy: Policy = ON,
    by_staff: bool = False,
    siblings: Set[UUID] = frozenset(),
) -> Swap:
    """Of a paid seat in one session of a course for a seat in the next."""
    studio = a_studio(policy)
    given_up = a_target(a_session(taken=1, most_ordinary=1), studio=studio)
    cancellation = a_cancellation(given_up, booking or a_booking(), credit, by_staff)
    return Swap(cancellation, SeatRequest(a_target(wanted or ELSEWHERE, studio=studio), a_client(), False), siblings)


def a_swap_of_a_make_up(
    wanted: Session | None = None,
    policy: Policy = ON,
    credit: MakeUpCredit | None = None,
    siblings: Set[UUID] = frozenset(),
) -> Swap:
    used = replace(credit or a_credit(), state=CreditState.USED, booking_id=BOOKING_ID)
    return a_swap(a_make_up_booking(), wanted, used, policy, siblings=siblings)


def why_not(swap: Swap, now: datetime) -> list[tuple[RefusalCode, UUID | None]]:
    """Each reason, and the session that it is about. The act answers the same as the question."""
    decision = decide(swap, NEW_CREDIT_ID, NEW_BOOKING_ID, now)
    reasons = decision.reasons if isinstance(decision, Refused) else ()
    assert eligibility(swap, now).reasons == reasons
    return [(reason.code, reason.session_id) for reason in reasons]


def of(swap: Swap, code: RefusalCode, now: datetime = NOW) -> Refusal:
    (refusal,) = (reason for reason in eligibility(swap, now).reasons if reason.code is code)
    return refusal


def swapped(swap: Swap, now: datetime) -> Swapped:
    decision = decide(swap, NEW_CREDIT_ID, NEW_BOOKING_ID, now)
    assert isinstance(decision, Swapped)
    return decision
