"""C5, W2: who wants a seat back, and waits for it and for the one that is given up as well."""

from datetime import timedelta

from domain.nouns.credit import CreditState
from domain.nouns.policy import CreditScope
from domain.services.bookings import BookWithMakeUp, book_with_make_up
from domain.services.policies import UpdatePolicy, UpdateSessionPolicy, update_policy, update_session_policy
from domain.services.undoing import UndoCancellation, undo_cancellation
from tests.domain.builders import A_MICROSECOND, NOW, START
from tests.domain.queues import (
    SEATED,
    SEATS_GIVEN_UNTIL,
    Full,
    credit_state,
    guard_prices,
    join,
    state_of,
    wait_for_less,
)
from tests.domain.studio import StudioInMemory, known

DAY = timedelta(days=1)
LATER = NOW + timedelta(minutes=5)


def test_c5_w2_the_seat_wanted_back_ends_its_place_before_the_seat_given_up_is_given(studio: StudioInMemory):
    """So that the place is not one that the credit gave up."""
    studio.done(update_policy, UpdatePolicy({"credit_scope": CreditScope.SAME_ACCOUNT}))
    wanted, other = Full(studio), Full(studio, starts_at=START + DAY)
    client, sibling = studio.a_client(), studio.a_client()
    for full in (wanted, other):
        studio.cancel(full.booking, NOW, by="owner")
    booking = studio.a_booking(wanted.id, client)
    studio.cancel(booking, NOW)
    spend = BookWithMakeUp(other.id, sibling, studio.earned(booking).id)
    studio.done(book_with_make_up, spend, "parent")
    refilled, credit = studio.a_booking(wanted.id, studio.a_client(None)), studio.a_credit(client)
    entry, entry_of_other = join(wanted, client, credit), join(other, client, credit)
    closed = UpdateSessionPolicy(wanted.id, {"make_ups_open_days_before": 0})
    studio.done(update_session_policy, closed)
    studio.cancel(refilled, LATER, by="owner")

    studio.done(undo_cancellation, UndoCancellation(booking, swap_back=True), "parent", LATER)

    assert state_of(studio, entry, LATER) is SEATED
    assert studio.rows.entries[entry].booking_id == booking
    assert state_of(studio, entry_of_other, LATER) is SEATED
    assert credit_state(studio, credit, LATER) is CreditState.USED


def test_c5_w2_a_seat_that_is_given_up_and_taken_back_in_one_session_has_not_become_free(studio: StudioInMemory):
    """Nobody who waits could take one in time; the two siblings only change who of them has the seat."""
    studio.change_policy(credit_scope=CreditScope.SAME_ACCOUNT)
    full, late = Full(studio, 3), SEATS_GIVEN_UNTIL + A_MICROSECOND
    client, sibling = studio.a_client(), studio.a_client()
    wait_for_less(full, studio.a_client())
    guard_prices(studio)
    full.free_one(NOW)
    full.free_one(NOW)
    credit = studio.a_credit(client)
    booking = known(studio.done(book_with_make_up, BookWithMakeUp(full.id, client, credit)).booking)
    studio.cancel(booking, NOW)
    studio.done(book_with_make_up, BookWithMakeUp(full.id, sibling, credit))

    studio.done(undo_cancellation, UndoCancellation(booking, swap_back=True), "parent", late)

    session = full.scheduled().session
    assert (session.taken, session.freed_late) == (2, 0)
