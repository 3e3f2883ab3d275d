"""W1, W2: joining, leaving and claiming, by everybody."""

from datetime import timedelta
from typing import Any

import pytest

from domain.credits.ledger import LedgerKind
from domain.faults import BadUserInput, Fault, NotFound
from domain.nouns.credit import CreditState
from domain.nouns.policy import CreditScope
from domain.refusals import RefusalCode, Refused
from domain.services.bookings import (
    BookSession,
    BookWithMakeUp,
    book_session,
    book_with_make_up,
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
    clients_waiting,
    credit_state,
    join,
    leave,
    run_jobs,
    state_of,
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

    acts: list[tuple[Any, object]] = [
        (join_waitlist, JoinWaitlist(full.id, client, False)),
        (join_waitlist, JoinWaitlist(full.id, client, True, credit)),
        (join_waitlist, JoinWaitlist(full.id, None, True, credit)),
        (leave_waitlist, LeaveWaitlist(entry)),
        (claim_seat, ClaimSeat(entry)),
    ]
    for service, command in acts:
        with pytest.raises(NotFound):
            full.studio.act(service, command, by)
    assert full.studio.rows == rows


def test_a0_what_does_not_exist_is_told_by_its_name(full: Full):
    acts: list[tuple[Any, object, str | None]] = [
        (join_waitlist, JoinWaitlist(full.id, OTHER_ID, False), None),
        (join_waitlist, JoinWaitlist(OTHER_ID, full.studio.a_client(), False), None),
        (leave_waitlist, LeaveWaitlist(OTHER_ID), "entryId"),
        (claim_seat, ClaimSeat(OTHER_ID), "entryId"),
    ]
    for service, command, named in acts:
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
