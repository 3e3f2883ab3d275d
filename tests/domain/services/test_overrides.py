"""Staff set the deadline aside, with a reason (C10); and where the studio wants it so, a credit is lost (C1)."""

from datetime import timedelta
from uuid import UUID

import pytest

from domain.credits.choosing import ById
from domain.credits.ledger import LedgerKind
from domain.faults import Forbidden
from domain.managing.extending import MoreDays
from domain.nouns.booking import BookingStatus, CancellationOutcome, PaymentState
from domain.nouns.credit import CreditState, RevocationReason
from domain.nouns.policy import LateCancellation, OnMakeUpCancellation
from domain.refusals import RefusalCode
from domain.services.bookings import (
    BookSession,
    BookWithMakeUp,
    CancelBooking,
    book_session,
    book_with_make_up,
    cancel_booking,
)
from domain.services.credits import ExtendMakeUps, RevokeMakeUps, extend_make_ups, revoke_make_ups
from tests.domain.builders import A_MICROSECOND, DEADLINE, NOW, START
from tests.domain.studio import HOUR, StudioInMemory, known

CREDIT, RETURNED, NOTHING = CancellationOutcome
LATE = DEADLINE + A_MICROSECOND
REASON = "The trams stood still."


def set_aside(studio: StudioInMemory, booking: UUID, now=LATE, by: str = "manager"):
    studio.done(cancel_booking, CancelBooking(booking, None, REASON), by, now)
    return studio.rows.bookings[booking]


def a_make_up(studio: StudioInMemory, start=START) -> tuple[UUID, UUID, UUID]:
    """A booking, the credit that paid it, and their client."""
    client = studio.a_client()
    credit = studio.a_credit(client)
    booked = studio.done(book_with_make_up, BookWithMakeUp(studio.a_session(start), client, credit))
    return known(booked.booking), credit, client


@pytest.mark.parametrize("now", [LATE, START, START + HOUR])
def test_c10_with_a_reason_a_booking_is_cancelled_as_if_in_time(studio: StudioInMemory, now):
    studio.change_policy(late_cancellation=LateCancellation.BLOCK)
    booking = studio.a_booking(studio.a_session(START), studio.a_client())

    cancelled = set_aside(studio, booking, now)

    assert (cancelled.status, cancelled.outcome) == (BookingStatus.CANCELLED, CREDIT)
    (line,) = studio.rows.ledgers[studio.earned(booking).id]
    assert (line.kind, line.override) == (LedgerKind.ISSUED, REASON)


def test_c10_without_a_reason_staff_cancel_late_like_anyone(studio: StudioInMemory):
    booking = studio.a_booking(studio.a_session(START), studio.a_client())

    cancelled = studio.cancel(booking, LATE, "manager")

    assert (cancelled.status, cancelled.outcome) == (BookingStatus.CANCELLED_LATE, NOTHING)


def test_c10_a_credit_that_comes_back_so_tells_why(studio: StudioInMemory):
    booking, credit, _ = a_make_up(studio)

    assert set_aside(studio, booking, START).outcome is RETURNED
    line = studio.rows.ledgers[credit][-1]
    assert (line.kind, line.override) == (LedgerKind.RESTORED, REASON)


def test_c10_a_credit_that_is_lost_so_tells_why(studio: StudioInMemory):
    studio.change_policy(on_make_up_cancellation=OnMakeUpCancellation.FORFEIT)
    booking, credit, _ = a_make_up(studio)

    assert set_aside(studio, booking, START).outcome is NOTHING
    line = studio.rows.ledgers[credit][-1]
    assert (line.kind, line.override) == (LedgerKind.FORFEITED, REASON)


def test_c10_a_reason_makes_no_credit_of_what_is_not_paid(studio: StudioInMemory):
    unpaid = BookSession(studio.a_session(START), studio.a_client(), PaymentState.DUE)
    booking = known(studio.done(book_session, unpaid).booking)

    assert set_aside(studio, booking).outcome is NOTHING


@pytest.mark.parametrize("now", [NOW, LATE, START])
def test_c10_no_client_sets_a_deadline_aside(studio: StudioInMemory, now):
    booking = studio.a_booking(studio.a_session(START), studio.a_client())

    with pytest.raises(Forbidden) as forbidden:
        studio.act(cancel_booking, CancelBooking(booking, None, REASON), "parent", now)
    assert forbidden.value.path == ("override",)
    assert studio.rows.bookings[booking].live


def test_c4_a_reason_that_comes_after_the_cancellation_changes_nothing(studio: StudioInMemory):
    booking = studio.a_booking(studio.a_session(START), studio.a_client())
    studio.cancel(booking, LATE)

    assert set_aside(studio, booking, START).status is BookingStatus.CANCELLED_LATE


def forfeited(studio: StudioInMemory) -> tuple[UUID, UUID, UUID]:
    studio.change_policy(on_make_up_cancellation=OnMakeUpCancellation.FORFEIT)
    booking, credit, client = a_make_up(studio)
    studio.cancel(booking, DEADLINE)
    return booking, credit, client


def test_c1_a_studio_may_let_the_credit_be_lost_with_its_seat(studio: StudioInMemory):
    booking, credit, _ = forfeited(studio)

    cancelled, lost = studio.rows.bookings[booking], studio.rows.credits[credit]
    assert (cancelled.status, cancelled.outcome) == (BookingStatus.CANCELLED, NOTHING)
    assert (lost.state, lost.booking_id) == (CreditState.FORFEITED, booking)
    assert studio.ledger(credit) == [LedgerKind.ISSUED, LedgerKind.REDEEMED, LedgerKind.FORFEITED]


def test_r8_a_forfeited_credit_is_neither_spent_extended_nor_revoked(studio: StudioInMemory):
    _, credit, client = forfeited(studio)
    chosen, other = ById((credit,)), studio.a_session(START + timedelta(days=1))

    for service, command in (
        (book_with_make_up, BookWithMakeUp(other, client, credit)),
        (extend_make_ups, ExtendMakeUps(chosen, MoreDays(1), "")),
        (revoke_make_ups, RevokeMakeUps(chosen, RevocationReason.OTHER, "")),
    ):
        assert studio.codes(service, command, "owner", DEADLINE) == [RefusalCode.CREDIT_FORFEITED]


def test_c2_late_the_credit_stays_used_also_where_it_would_be_lost(studio: StudioInMemory):
    studio.change_policy(on_make_up_cancellation=OnMakeUpCancellation.FORFEIT)
    booking, credit, _ = a_make_up(studio)

    assert studio.cancel(booking, LATE).status is BookingStatus.CANCELLED_LATE
    assert studio.rows.credits[credit].state is CreditState.USED
    assert studio.ledger(credit) == [LedgerKind.ISSUED, LedgerKind.REDEEMED]


def test_v8_what_becomes_of_a_credit_is_decided_when_its_seat_is_given_up(studio: StudioInMemory):
    booking, credit, _ = a_make_up(studio)
    studio.change_policy(on_make_up_cancellation=OnMakeUpCancellation.FORFEIT)

    studio.cancel(booking, DEADLINE)

    assert studio.rows.credits[credit].state is CreditState.FORFEITED
