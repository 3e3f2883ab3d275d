"""W2: who gets a seat in another way than by waiting, and who does not because others wait."""

from datetime import timedelta
from uuid import UUID

import pytest

from domain.nouns.booking import PaidWith, PaymentState
from domain.nouns.credit import CreditState
from domain.refusals import RefusalCode
from domain.services.bookings import (
    BookSession,
    BookWithMakeUp,
    EnrolClient,
    book_session,
    book_with_make_up,
    enrol_client,
)
from domain.services.swaps import SwapSession, swap_session
from domain.services.undoing import UndoCancellation, undo_cancellation
from tests.domain.builders import A_MICROSECOND, NOW, START
from tests.domain.queues import (
    A_MINUTE,
    SEATED,
    SEATS_GIVEN_UNTIL,
    Full,
    credit_state,
    guard_prices,
    join,
    paid_with,
    state_of,
    wait_for_less,
)
from tests.domain.studio import HOUR, StudioInMemory, known

Code = RefusalCode
DAY = timedelta(days=1)
SOON = NOW + HOUR
LATE = SEATS_GIVEN_UNTIL + A_MICROSECOND


# Who gets a seat in another way


def test_w2_who_books_for_money_waits_no_longer_with_a_credit(studio: StudioInMemory):
    full = Full(studio)
    client = studio.a_client()
    credit = studio.a_credit(client)
    entry = join_with_a_window(full, client, credit)
    full.free_one(SOON)

    studio.done(book_session, BookSession(full.id, client, None), "parent", SOON)

    (booking,) = full.live
    assert (booking.client_id, state_of(studio, entry, SOON)) == (client, SEATED)
    assert studio.rows.entries[entry].booking_id == booking.id
    assert credit_state(studio, credit, SOON) is CreditState.ACTIVE


def join_with_a_window(full: Full, client: UUID, credit: UUID) -> UUID:
    entry = join(full, client, credit)
    full.studio.change_session_policy(full.id, make_ups_open_days_before=1)
    return entry


def test_b2_who_is_enrolled_waits_no_longer(studio: StudioInMemory):
    full = Full(studio)
    client = studio.a_client()
    entry = join_with_a_window(full, client, studio.a_credit(client))
    full.free_one(SOON)

    enrol = EnrolClient(full.course, client, PaymentState.PAID, frozenset())
    studio.done(enrol_client, enrol, "owner", SOON)

    assert state_of(studio, entry, SOON) is SEATED
    assert paid_with(full, client) is PaidWith.ENROLMENT


def test_c5_who_undoes_waits_no_longer(studio: StudioInMemory):
    full = Full(studio)
    studio.cancel(full.booking, NOW, by="owner")
    client, another = studio.a_client(), studio.a_client()
    booking = studio.a_booking(full.id, client)
    studio.cancel(booking, NOW)
    refilled = studio.a_booking(full.id, another)
    entry = join_with_a_window(full, client, studio.a_credit(client))
    studio.cancel(refilled, SOON)

    studio.done(undo_cancellation, UndoCancellation(booking, swap_back=False), "parent", SOON)

    assert state_of(studio, entry, SOON) is SEATED
    assert studio.rows.entries[entry].booking_id == booking


@pytest.mark.parametrize("act", ["book", "make up", "enrol", "undo", "swap"])
def test_w2_nobody_books_past_who_waits_and_could(studio: StudioInMemory, act: str):
    """The first was passed over while prices were guarded; by now they could."""
    full = Full(studio)
    studio.cancel(full.booking, NOW, by="owner")
    other = studio.a_client("stranger")
    booking = studio.a_booking(full.id, other)
    studio.cancel(booking, NOW, by="stranger")
    refilled = studio.a_booking(full.id, studio.a_client(None))
    wait_for_less(full, studio.a_client())
    guard_prices(studio)
    studio.cancel(refilled, SOON, by="owner")
    elsewhere = studio.a_booking(studio.a_session(START + DAY), other)
    command = {
        "book": (book_session, BookSession(full.id, other, PaymentState.DUE)),
        "make up": (book_with_make_up, BookWithMakeUp(full.id, other, studio.a_credit(other))),
        "enrol": (enrol_client, EnrolClient(full.course, other, PaymentState.PAID, frozenset())),
        "undo": (undo_cancellation, UndoCancellation(booking, swap_back=False)),
        "swap": (swap_session, SwapSession(elsewhere, full.id)),
    }[act]
    rows = studio.rows.copy()
    guard_prices(studio, False)
    assert studio.codes(*command, by="owner", now=SOON + A_MINUTE) == [Code.SESSION_FULL]

    studio.harness.studios[studio.id] = rows
    studio.done(*command, by="owner", now=SOON + A_MINUTE)
    assert other in full.seats


def test_c5_nobody_undoes_a_make_up_past_who_waits_and_could(studio: StudioInMemory):
    full = Full(studio)
    studio.cancel(full.booking, NOW, by="owner")
    other = studio.a_client("stranger")
    spend = BookWithMakeUp(full.id, other, studio.a_credit(other))
    booking = known(studio.done(book_with_make_up, spend, "stranger").booking)
    studio.cancel(booking, NOW, by="stranger")
    refilled = studio.a_booking(full.id, studio.a_client(None))
    wait_for_less(full, studio.a_client())
    guard_prices(studio)
    studio.cancel(refilled, SOON, by="owner")
    undo = UndoCancellation(booking, swap_back=False)
    rows = studio.rows.copy()

    studio.done(undo_cancellation, undo, "stranger", SOON)
    studio.harness.studios[studio.id] = rows
    guard_prices(studio, False)
    assert studio.codes(undo_cancellation, undo, "stranger", SOON) == [Code.SESSION_FULL]
