"""W2: claiming what is on offer, and the queue before open booking."""

from datetime import timedelta
from uuid import UUID

import pytest

from domain.credits.ledger import LedgerKind
from domain.nouns.booking import PaidWith, PaymentState
from domain.refusals import RefusalCode
from domain.services.bookings import (
    BookSession,
    BookWithMakeUp,
    EnrolClient,
    book_session,
    book_with_make_up,
    enrol_client,
)
from domain.services.studios import UpdateStudio, update_studio
from domain.services.waitlists import (
    ClaimSeat,
    claim_seat,
)
from tests.domain.builders import A_MICROSECOND, NOW, START
from tests.domain.queues import (
    A_MINUTE,
    SEATED,
    SEATS_GIVEN_UNTIL,
    WAITING,
    Full,
    claim,
    clients_waiting,
    join,
    leave,
    paid_with,
    state_of,
    states_of,
)
from tests.domain.studio import StudioInMemory

Code = RefusalCode
LATE = SEATS_GIVEN_UNTIL + A_MICROSECOND


@pytest.fixture
def full(studio: StudioInMemory) -> Full:
    return Full(studio)


# Claiming


def test_w2_the_first_claim_wins_and_nobody_loses_a_place(full: Full):
    studio = full.studio
    clients = clients_waiting(full, 2)
    entries = {entry.client_id: entry.id for entry in full.entries}
    full.free_one(LATE)
    assert full.on_offer(LATE) == 1
    assert states_of(full, clients, LATE) == [WAITING, WAITING]

    booking = claim(studio, entries[clients[1]], now=LATE)

    assert (booking.client_id, booking.paid_with, booking.payment, booking.price) == (
        *(clients[1], PaidWith.SINGLE, PaymentState.DUE, 3_000),
    )
    assert states_of(full, clients, LATE) == [WAITING, SEATED]
    assert full.scheduled().session.freed_late == 0
    assert studio.codes(claim_seat, ClaimSeat(entries[clients[0]]), now=LATE) == [Code.OFFER_GONE]
    assert studio.codes(claim_seat, ClaimSeat(entries[clients[1]]), now=LATE) == [Code.NOT_WAITING]


@pytest.mark.parametrize("by", ["parent", "owner"])
def test_w2_a_claim_spends_the_credit_that_is_held(full: Full, by: str):
    studio, client = full.studio, full.studio.a_client()
    credit = studio.a_credit(client)
    entry = join(full, client, credit)
    full.free_one(LATE)

    booking = claim(studio, entry, by, START - A_MICROSECOND)

    assert (booking.paid_with, booking.credit_id) == (PaidWith.MAKE_UP, credit)
    assert studio.ledger(credit) == [LedgerKind.ISSUED, LedgerKind.HELD, LedgerKind.REDEEMED]
    assert state_of(studio, entry, START - A_MICROSECOND) is SEATED


def test_w2_what_is_on_offer_is_nobody_elses(full: Full):
    studio, stranger = full.studio, full.studio.a_client("stranger")
    clients_waiting(full, 1)
    full.free_one(LATE)

    assert studio.codes(book_session, BookSession(full.id, stranger, None), "stranger", LATE) == [Code.SESSION_FULL]
    credit = studio.a_credit(stranger)
    command = BookWithMakeUp(full.id, stranger, credit)
    assert studio.codes(book_with_make_up, command, "stranger", LATE) == [Code.SESSION_FULL]
    enrol = EnrolClient(full.course, stranger, PaymentState.PAID, frozenset())
    assert studio.codes(enrol_client, enrol, "owner", LATE) == [Code.SESSION_FULL]
    late_joiner = join(full, stranger, credit, "stranger", LATE)
    claim(studio, late_joiner, "stranger", LATE)


def test_w2_an_offer_ends_with_the_last_who_waits(full: Full):
    studio, stranger = full.studio, full.studio.a_client("stranger")
    (client,) = clients_waiting(full, 1)
    full.free_one(LATE)
    leave(studio, full.entries[0].id, now=LATE)
    assert full.on_offer(LATE) == 0

    studio.done(book_session, BookSession(full.id, stranger, None), "stranger", LATE)
    join(full, client, now=LATE)
    assert (full.scheduled().session.freed_late, full.on_offer(LATE)) == (0, 0)


def test_r6_an_extra_seat_is_not_closed_by_an_offer_that_others_have_taken_since(full: Full):
    studio, money, spender = full.studio, full.studio.a_client(), full.studio.a_client()
    studio.change_session_policy(full.id, extra_make_up_seats=1)
    entry = join(full, money)
    full.free_one(LATE)
    leave(studio, entry, now=LATE)
    studio.done(book_session, BookSession(full.id, studio.a_client(), PaymentState.PAID), "owner", LATE)
    join(full, money, now=LATE)

    assert full.on_offer(LATE) == 0
    studio.done(book_with_make_up, BookWithMakeUp(full.id, spender, studio.a_credit(spender)), "parent", LATE)


# The queue comes before open booking


def test_w2_who_could_take_a_seat_and_waits_comes_before_open_booking(full: Full):
    """Passed over before the window opens, the first can take the seat once it has; nothing gives it to them."""
    studio, stranger = full.studio, full.studio.a_client("stranger")
    studio.change_session_policy(full.id, make_ups_open_days_before=2)
    by_credit = studio.a_client()
    entry = join_before_the_window(full, by_credit)
    full.free_one(NOW)
    assert state_of(studio, entry) is WAITING
    opens = full.scheduled().make_ups_open_at
    assert opens is not None

    studio.done(book_session, BookSession(full.id, stranger, None), "stranger", opens - A_MICROSECOND)
    booking = next(each.id for each in full.live if each.client_id == stranger)
    studio.cancel(booking, opens - A_MICROSECOND, by="stranger")
    assert studio.codes(book_session, BookSession(full.id, stranger, None), "stranger", opens) == [Code.SESSION_FULL]
    claim(studio, entry, now=opens)
    assert paid_with(full, by_credit) is PaidWith.MAKE_UP


def join_before_the_window(full: Full, client: UUID) -> UUID:
    """With a credit, when nothing but the seat stood against it; then the studio decides on a window."""
    studio = full.studio
    studio.change_session_policy(full.id, make_ups_open_days_before=None)
    entry = join(full, client, studio.a_credit(client))
    studio.change_session_policy(full.id, make_ups_open_days_before=2)
    return entry


def test_w2_who_waits_may_book_where_nobody_before_them_could(full: Full):
    """The first waits with a credit, for which the window has not opened; the studio was archived for a while."""
    studio, soon = full.studio, NOW + timedelta(hours=1)
    first, second, third = (studio.a_client() for _ in range(3))
    join_before_the_window(full, first)
    entry = join(full, second, now=NOW + A_MINUTE)
    studio.done(update_studio, UpdateStudio({}, archived=True), "owner", soon)
    full.free_one(soon)
    studio.done(update_studio, UpdateStudio({}, archived=False), "owner", soon)

    assert studio.codes(book_session, BookSession(full.id, third, None), now=soon) == [Code.SESSION_FULL]
    studio.done(book_session, BookSession(full.id, second, None), "parent", soon)
    assert state_of(studio, entry) is SEATED
