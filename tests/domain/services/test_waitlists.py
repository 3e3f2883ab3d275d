"""W1, W2: joining, leaving and claiming, by everybody."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from domain.booking import PaidWith, PaymentState
from domain.credit import CreditState
from domain.faults import BadUserInput, Fault, NotFound
from domain.ledger import LedgerKind
from domain.policy import CreditScope
from domain.refusals import RefusalCode, Refused
from domain.services.bookings import (
    BookSession,
    BookWithMakeUp,
    EnrolClient,
    book_session,
    book_with_make_up,
    enrol_client,
)
from domain.services.clients import LinkClient, link_client
from domain.services.waitlists import (
    ClaimSeat,
    JoinWaitlist,
    LeaveWaitlist,
    claim_seat,
    join_waitlist,
    leave_waitlist,
)
from tests.domain.builders import A_MICROSECOND, NOW, OTHER_ID, START
from tests.domain.queues import (
    A_MINUTE,
    ENDED,
    LEFT,
    SEATED,
    SEATS_GIVEN_UNTIL,
    WAITING,
    Full,
    claim,
    clients_waiting,
    credit_state,
    join,
    leave,
    paid_with,
    run_jobs,
    state_of,
    states_of,
    story,
)
from tests.domain.studio import StudioInMemory, email_of

Code = RefusalCode
LATE = SEATS_GIVEN_UNTIL + A_MICROSECOND


@pytest.fixture
def full(studio: StudioInMemory) -> Full:
    return Full(studio)


# Who joins


@pytest.mark.parametrize("by", ["parent", "owner", "manager"])
def test_w1_a_client_joins_by_their_account_or_by_staff_with_money_or_a_credit(full: Full, by: str):
    studio = full.studio
    one, other = studio.a_client(), studio.a_client()
    credit = studio.a_credit(other)

    for_money, by_credit = join(full, one, by=by), join(full, other, credit, by)

    assert [state_of(studio, each) for each in (for_money, by_credit)] == [WAITING, WAITING]
    assert studio.rows.entries[for_money].credit_id is None
    assert studio.rows.entries[by_credit].credit_id == credit
    assert credit_state(studio, credit) is CreditState.HELD
    assert studio.ledger(credit) == [LedgerKind.ISSUED, LedgerKind.HELD]
    assert full.scheduled().session.taken == 1


def test_w1_who_is_meant_where_nobody_is_named_is_as_in_booking(full: Full):
    studio = full.studio
    client = studio.a_client()
    credit = studio.a_credit(client)

    done = studio.done(join_waitlist, JoinWaitlist(full.id, None, True, credit), "parent")
    assert (studio.rows.entries[done.entry or OTHER_ID].client_id, done.credit) == (client, credit)
    studio.a_client()
    with pytest.raises(BadUserInput):
        studio.act(join_waitlist, JoinWaitlist(full.id, None, False), "parent")


def test_w1_the_best_credit_is_held_where_none_is_named(full: Full):
    client = full.studio.a_client()
    credit = full.studio.a_credit(client)

    done = full.studio.done(join_waitlist, JoinWaitlist(full.id, client, True), "parent")

    assert done.credit == credit
    assert full.studio.codes(join_waitlist, JoinWaitlist(Full(full.studio).id, full.studio.a_client(), True)) == [
        Code.NO_ELIGIBLE_CREDIT
    ]


def test_r2_a_guest_waits_with_money_and_not_with_a_credit(full: Full):
    guest = full.studio.a_client(None)
    credit = full.studio.a_credit(guest)

    assert full.studio.codes(join_waitlist, JoinWaitlist(full.id, guest, True, credit), "owner") == [
        Code.ACCOUNT_REQUIRED
    ]
    assert state_of(full.studio, join(full, guest)) is WAITING


@pytest.mark.parametrize("by", ["stranger", "instructor"])
def test_a1_nobody_else_joins_leaves_or_claims(full: Full, by: str):
    client = full.studio.a_client()
    credit, entry = full.studio.a_credit(client), join(full, full.studio.a_client())
    rows = full.studio.rows.copy()

    for service, command in (
        (join_waitlist, JoinWaitlist(full.id, client, False)),
        (join_waitlist, JoinWaitlist(full.id, client, True, credit)),
        (join_waitlist, JoinWaitlist(full.id, None, True, credit)),
        (leave_waitlist, LeaveWaitlist(entry)),
        (claim_seat, ClaimSeat(entry)),
    ):
        with pytest.raises(NotFound):
            full.studio.act(service, command, by)
    assert full.studio.rows == rows


def test_a0_what_does_not_exist_is_told_by_its_name(full: Full):
    for service, command, named in (
        (join_waitlist, JoinWaitlist(full.id, OTHER_ID, False), None),
        (join_waitlist, JoinWaitlist(OTHER_ID, full.studio.a_client(), False), None),
        (leave_waitlist, LeaveWaitlist(OTHER_ID), "entryId"),
        (claim_seat, ClaimSeat(OTHER_ID), "entryId"),
    ):
        with pytest.raises(Fault) as fault:
            full.studio.act(service, command, "owner")
        assert isinstance(fault.value, NotFound)
        assert named is None or fault.value.path == (named,)


def test_w1_nobody_joins_twice_nor_where_a_seat_is_free(full: Full):
    studio, client = full.studio, full.studio.a_client()
    entry = join(full, client)

    assert studio.codes(join_waitlist, JoinWaitlist(full.id, client, False)) == [Code.ALREADY_WAITING]
    assert studio.codes(join_waitlist, JoinWaitlist(full.id, client, True, studio.a_credit(client))) == [
        Code.ALREADY_WAITING
    ]
    leave(studio, entry)
    again = join(full, client)
    assert [state_of(studio, each) for each in (entry, again)] == [LEFT, WAITING]
    free = studio.a_session(START)
    assert studio.codes(join_waitlist, JoinWaitlist(free, client, False)) == [Code.SEAT_AVAILABLE]


def test_p2_who_finds_a_session_full_is_told_how_many_wait_and_whether_they_could(full: Full):
    client = full.studio.a_client()
    clients_waiting(full, 2)

    assert told(full, book_session, BookSession(full.id, client, None)) == [(Code.SESSION_FULL, 2, True)]
    assert told(full, book_with_make_up, BookWithMakeUp(full.id, client, None)) == [
        (Code.SESSION_FULL, 2, False),
        (Code.NO_ELIGIBLE_CREDIT, None, None),
    ]


def told(full: Full, service: Any, command: object) -> list[tuple[Code, int | None, bool | None]]:
    outcome = full.studio.act(service, command, "parent", NOW + timedelta(hours=1))
    assert isinstance(outcome, Refused)
    return [(reason.code, reason.waiting, reason.can_join) for reason in outcome.reasons]


# Leaving


@pytest.mark.parametrize("by", ["parent", "manager"])
def test_w1_leaving_releases_the_credit_and_leaving_again_changes_nothing(full: Full, by: str):
    studio, client = full.studio, full.studio.a_client()
    credit = studio.a_credit(client)
    entry = join(full, client, credit)

    first = studio.done(leave_waitlist, LeaveWaitlist(entry), by, NOW + A_MINUTE)
    rows = studio.rows.copy()
    assert (first.entry, first.credit) == (entry, credit)
    assert state_of(studio, entry) is LEFT
    assert studio.rows.entries[entry].ended_at == NOW + A_MINUTE
    assert studio.ledger(credit) == [LedgerKind.ISSUED, LedgerKind.HELD, LedgerKind.RELEASED]

    for now in (NOW + A_MINUTE, START, START + A_MINUTE):
        assert studio.done(leave_waitlist, LeaveWaitlist(entry), by, now) == first
    assert studio.rows == rows


def test_w1_what_has_ended_otherwise_cannot_be_left_or_claimed(full: Full):
    studio = full.studio
    first, second = (join(full, client) for client in (studio.a_client(), studio.a_client()))
    full.free_one()
    assert {state_of(studio, first), state_of(studio, second)} == {SEATED, WAITING}
    seated = first if state_of(studio, first) is SEATED else second

    for service, command in ((leave_waitlist, LeaveWaitlist(seated)), (claim_seat, ClaimSeat(seated))):
        assert studio.codes(service, command) == [Code.NOT_WAITING]
    waits = first if seated == second else second
    for service, command in ((leave_waitlist, LeaveWaitlist(waits)), (claim_seat, ClaimSeat(waits))):
        assert studio.codes(service, command, now=START) == [Code.NOT_WAITING]


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


# The start


@pytest.mark.parametrize("written", [True, False])
def test_w2_at_the_start_everything_ends_whether_or_not_a_job_has_written_it(full: Full, written: bool):
    studio, one, other = full.studio, full.studio.a_client(), full.studio.a_client()
    credit = studio.a_credit(other)
    entries = [join(full, one), join(full, other, credit)]
    full.free_one(LATE)
    if written:
        run_jobs(studio, START)

    assert [state_of(studio, each, START) for each in entries] == [ENDED, ENDED]
    assert credit_state(studio, credit, START) is CreditState.ACTIVE
    assert full.scheduled(2).on_offer(START) == 0
    assert story(studio, credit, START) == [LedgerKind.ISSUED, LedgerKind.HELD, LedgerKind.RELEASED]
    other_session = studio.a_session(START + timedelta(days=2))
    studio.done(book_with_make_up, BookWithMakeUp(other_session, other, credit), "parent", START)
    assert studio.ledger(credit)[-1] is LedgerKind.REDEEMED
    if written:
        assert [studio.rows.entries[each].ended_at for each in entries] == [START, START]
        assert [studio.rows.entries[each].changed_at for each in entries] == [NOW, NOW]


def test_w2_the_job_writes_once_what_the_start_has_ended(full: Full):
    studio, client = full.studio, full.studio.a_client()
    credit = studio.a_credit(client)
    entry = join(full, client, credit)
    full.free_one(LATE)
    before, _ = run_jobs(studio, START - A_MICROSECOND)
    assert before.entries == before.credits == before.sessions == ()

    first, _ = run_jobs(studio, START + A_MINUTE)
    assert (first.entries, first.credits, first.sessions) == ((entry,), (credit,), (full.id,))
    rows = studio.rows.copy()
    again, _ = run_jobs(studio, START + 2 * A_MINUTE)
    assert again.sessions == ()
    assert studio.rows == rows
    assert full.scheduled().session.freed_late == 0


# The queue comes before open booking


def test_w2_who_could_take_a_seat_and_waits_comes_before_open_booking(full: Full):
    """Passed over while archived, the first can take the seat once they are back; nothing gives it to them."""
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


def test_w2_only_those_before_them_come_before_who_waits(full: Full):
    studio = full.studio
    one, other = studio.a_client(), studio.a_client()
    entry = join_before_the_window(full, one)
    last = join(full, other, now=NOW + A_MINUTE)
    full.free_one(NOW + A_MINUTE)
    assert [state_of(studio, each) for each in (entry, last)] == [WAITING, SEATED]


def test_w1_an_account_that_has_come_to_manage_another_joins_for_none_of_the_first(full: Full):
    studio, client = full.studio, full.studio.a_client()
    entry = join(full, client)
    studio.done(link_client, LinkClient(client, email_of("stranger")))

    with pytest.raises(NotFound):
        studio.act(leave_waitlist, LeaveWaitlist(entry), "parent")
    leave(studio, entry, "stranger")


def test_r8_a_siblings_credit_that_is_held_for_one_cannot_be_held_for_another(studio: StudioInMemory):
    studio.change_policy(credit_scope=CreditScope.SAME_ACCOUNT)
    here, there = Full(studio), Full(studio, starts_at=START + timedelta(days=1))
    one, other, third = (studio.a_client() for _ in range(3))
    credit = studio.a_credit(one)
    join(here, other, credit)

    for client in (one, third):
        assert studio.codes(join_waitlist, JoinWaitlist(there.id, client, True, credit)) == [Code.CREDIT_HELD]
        assert studio.codes(join_waitlist, JoinWaitlist(there.id, client, True)) == [Code.NO_ELIGIBLE_CREDIT]
        assert studio.codes(book_with_make_up, BookWithMakeUp(studio.a_session(START), client, credit)) == [
            Code.CREDIT_HELD
        ]
    join(there, other, credit)
    assert studio.rows.credits[credit].held_until == START + timedelta(days=1)
