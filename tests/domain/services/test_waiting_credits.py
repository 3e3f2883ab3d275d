"""W1, W3: what becomes of credits that wait."""

from datetime import date, datetime
from uuid import UUID

import pytest

from domain.credits.holding import in_grace
from domain.credits.ledger import LedgerKind, told
from domain.credits.validity import Expiry
from domain.issuing.granting import NoExpiry, ThroughDate
from domain.managing.extending import MoreDays
from domain.nouns.booking import EarnedNothing
from domain.nouns.credit import CreditState
from domain.refusals import RefusalCode
from domain.services.bookings import (
    BookWithMakeUp,
    book_with_make_up,
)
from domain.services.waitlists import JoinWaitlist, join_waitlist
from tests.domain.builders import A_MICROSECOND, NOW, START
from tests.domain.queues import (
    GIVEN_UP,
    Full,
    credit_of,
    credit_state,
    join,
    leave,
    run_jobs,
    state_of,
)
from tests.domain.studio import HOUR, StudioInMemory
from tests.domain.waiting_credits import DAY, GRACE, OWN_END, SOON, Waits

Code = RefusalCode
ISSUED, HELD, RELEASED, REDEEMED = LedgerKind.ISSUED, LedgerKind.HELD, LedgerKind.RELEASED, LedgerKind.REDEEMED
RESTORED, EXPIRED, REVOKED, UNDONE = LedgerKind.RESTORED, LedgerKind.EXPIRED, LedgerKind.REVOKED, LedgerKind.UNDONE


@pytest.fixture
def waits(studio: StudioInMemory) -> Waits:
    return Waits(studio)


# It does not run out, and has its grace


@pytest.mark.parametrize("jobs_run", [False, True])
def test_w1_what_waits_does_not_run_out_and_has_72_hours_from_the_start(waits: Waits, jobs_run: bool):
    studio, ends = waits.studio, START + GRACE
    for now in (OWN_END - A_MICROSECOND, OWN_END, START - A_MICROSECOND):
        if jobs_run:
            run_jobs(studio, now)
        assert credit_state(studio, waits.credit, now) is CreditState.HELD
        assert waits.story(now) == [ISSUED, HELD]
    if jobs_run:
        run_jobs(studio, START)
    assert credit_state(studio, waits.credit, START) is CreditState.ACTIVE
    assert waits.story(START) == [ISSUED, HELD, RELEASED]
    assert (credit_of(studio, waits.credit).expires_at, credit_of(studio, waits.credit).expires_on) == (
        *(ends, date(2026, 12, 16)),
    )
    command = BookWithMakeUp(studio.a_session(START + 9 * DAY), waits.client, waits.credit)
    assert studio.codes(book_with_make_up, command, now=ends) == [Code.CREDIT_EXPIRED]
    assert waits.story(ends) == [ISSUED, HELD, RELEASED, EXPIRED]
    studio.done(book_with_make_up, command, "parent", ends - A_MICROSECOND)


@pytest.mark.parametrize("jobs_run", [False, True])
def test_w1_a_credit_in_grace_can_be_spent_and_not_be_held_again(waits: Waits, jobs_run: bool):
    studio = waits.studio
    other = Full(studio, starts_at=START + 5 * DAY)
    if jobs_run:
        run_jobs(studio, START)

    command = JoinWaitlist(other.id, waits.client, True, waits.credit)
    assert studio.codes(join_waitlist, command, now=START) == [Code.CREDIT_IN_GRACE]
    assert studio.codes(join_waitlist, JoinWaitlist(other.id, waits.client, True), now=START) == [
        Code.NO_ELIGIBLE_CREDIT
    ]
    assert studio.codes(join_waitlist, command, now=START + GRACE) == [Code.CREDIT_EXPIRED]


@pytest.mark.parametrize(("left_at", "ends"), [(OWN_END - A_MICROSECOND, OWN_END), (OWN_END, OWN_END + GRACE)])
def test_w1_leaving_at_or_past_the_end_begins_the_grace(waits: Waits, left_at: datetime, ends: datetime):
    leave(waits.studio, waits.entry, now=left_at)

    credit = credit_of(waits.studio, waits.credit)
    assert (credit.expires_at, in_grace(credit)) == (ends, ends != OWN_END)


def test_w1_the_hours_are_what_they_were_at_the_joining(waits: Waits):
    studio = waits.studio
    studio.change_policy(hold_release_grace_hours=1)
    leave(studio, waits.entry, now=OWN_END)
    assert credit_of(studio, waits.credit).expires_at == OWN_END + GRACE


@pytest.mark.parametrize("jobs_run", [False, True])
def test_w1_without_any_grace_it_has_run_out_at_the_start(studio: StudioInMemory, jobs_run: bool):
    studio.change_policy(hold_release_grace_hours=0)
    waits = Waits(studio)
    assert credit_state(studio, waits.credit, START - A_MICROSECOND) is CreditState.HELD
    if jobs_run:
        run_jobs(studio, START + HOUR)
        run_jobs(studio, START + 2 * HOUR)
        assert studio.ledger(waits.credit) == [ISSUED, HELD, RELEASED, EXPIRED]

    assert credit_state(studio, waits.credit, START) is CreditState.EXPIRED
    assert waits.story(START) == [ISSUED, HELD, RELEASED, EXPIRED]
    waits.extend(ThroughDate(date(2026, 12, 31)), START + 3 * HOUR)
    assert waits.story(START + 3 * HOUR) == [ISSUED, HELD, RELEASED, EXPIRED, LedgerKind.EXTENDED]


@pytest.mark.parametrize("jobs_run", [False, True])
def test_w1_after_an_extension_it_can_be_held_again_and_has_no_second_grace(waits: Waits, jobs_run: bool):
    studio = waits.studio
    other = Full(studio, starts_at=START + 9 * DAY)
    waits.extend(ThroughDate(date(2026, 12, 19)), START + HOUR)
    entry = join(other, waits.client, waits.credit, now=START + HOUR)
    if jobs_run:
        run_jobs(studio, START + 2 * HOUR)
    assert studio.rows.entries[entry].credit_id == waits.credit
    assert credit_state(studio, waits.credit, START + 9 * DAY - A_MICROSECOND) is CreditState.HELD
    if jobs_run:
        run_jobs(studio, START + 9 * DAY)

    assert credit_state(studio, waits.credit, START + 9 * DAY) is CreditState.EXPIRED
    assert waits.story(START + 9 * DAY) == [
        *(ISSUED, HELD, RELEASED, LedgerKind.EXTENDED, HELD, RELEASED, EXPIRED),
    ]


# While it waits


def test_v6_an_extension_while_it_waits_moves_its_own_end(waits: Waits):
    studio = waits.studio
    waits.extend(MoreDays(20), SOON)
    credit = credit_of(studio, waits.credit)
    assert (credit.expires_on, credit.own_expires_on) == (date(2026, 12, 26), date(2026, 12, 26))
    assert credit.state is CreditState.HELD

    waits.extend(ThroughDate(date(2026, 12, 1)), SOON)
    credit = credit_of(studio, waits.credit)
    assert (credit.own_expires_on, credit.expires_at) == (date(2026, 12, 1), START + GRACE)
    waits.extend(NoExpiry(), SOON)
    leave(studio, waits.entry, now=START - A_MICROSECOND)
    assert credit_of(studio, waits.credit).expires_at is None


def test_v6_the_ledger_tells_its_own_end_before_and_after_while_it_waits(waits: Waits):
    first, third, graced = date(2026, 12, 1), date(2026, 12, 3), date(2026, 12, 16)
    for day in (first, third):
        waits.extend(ThroughDate(day), SOON)

    lines = told(waits.studio.rows.ledgers[waits.credit], START)
    assert [(line.kind, line.expires_on, line.before and line.before.on) for line in lines] == [
        (ISSUED, date(2026, 12, 6), None),
        (HELD, graced, None),
        (LedgerKind.EXTENDED, first, date(2026, 12, 6)),
        (LedgerKind.EXTENDED, third, first),
        (RELEASED, graced, None),
    ]
    waits.extend(NoExpiry(), START)
    last = waits.studio.rows.ledgers[waits.credit][-1]
    assert (last.expires_on, last.before) == (None, Expiry(START + GRACE, graced))


def test_v7_revoking_what_waits_gives_up_its_places(waits: Waits):
    studio = waits.studio
    other = Full(studio, starts_at=START + DAY)
    second = join(other, waits.client, waits.credit)

    waits.revoke(SOON)

    assert [state_of(studio, each, SOON) for each in (waits.entry, second)] == [GIVEN_UP, GIVEN_UP]
    assert waits.story(START) == [ISSUED, HELD, HELD, REVOKED]
    waits.full.free_one(SOON)
    assert waits.full.seats == []


def test_v7_what_waited_until_the_start_can_be_revoked_after_it(waits: Waits):
    waits.revoke(START)

    assert state_of(waits.studio, waits.entry, START) is not GIVEN_UP
    assert waits.story(START) == [ISSUED, HELD, RELEASED, REVOKED]


def test_e9_a_cap_on_what_is_outstanding_counts_what_waits(studio: StudioInMemory):
    studio.change_policy(max_outstanding=1)
    client, full = studio.a_client(), Full(studio)
    first = studio.a_booking(studio.a_session(START + DAY), client)
    second = studio.a_booking(studio.a_session(START + 2 * DAY), client)
    studio.cancel(first, NOW)
    credit = studio.earned(first).id
    join(full, client, credit)

    assert credit_of(studio, credit).state is CreditState.HELD
    held_past_its_end = known_expiry(studio, credit) + DAY
    assert studio.cancel(second, held_past_its_end).why_not_earned == (EarnedNothing.OUTSTANDING_CAP_REACHED,)


def known_expiry(studio: StudioInMemory, credit: UUID) -> datetime:
    ends = credit_of(studio, credit).own_expires_at
    assert ends is not None
    return ends


@pytest.mark.parametrize(("now", "reached"), [(START - A_MICROSECOND, True), (START, False)])
def test_e9_a_hold_that_has_ended_past_its_end_counts_no_more(studio: StudioInMemory, now: datetime, reached: bool):
    studio.change_policy(max_outstanding=1, hold_release_grace_hours=0)
    client, full = studio.a_client(), Full(studio)
    first = studio.a_booking(studio.a_session(START + DAY), client)
    second = studio.a_booking(studio.a_session(START + 9 * DAY), client)
    studio.cancel(first, NOW)
    join(full, client, studio.earned(first).id)

    why_not = studio.cancel(second, now).why_not_earned
    assert why_not == ((EarnedNothing.OUTSTANDING_CAP_REACHED,) if reached else ())
