"""W3: one credit that waits on several lists."""

from datetime import date, datetime, timedelta

import pytest

from domain.credits.ledger import LedgerKind
from domain.dates import Dates
from domain.issuing.granting import ThroughDate
from domain.nouns.credit import CreditState
from domain.nouns.waitlist import WaitlistState
from domain.refusals import RefusalCode
from domain.services.absences import CancelBookings, cancel_bookings
from domain.services.bookings import (
    BookSession,
    book_session,
)
from domain.services.waitlists import JoinWaitlist, join_waitlist
from tests.domain.builders import A_MICROSECOND, NOW, START, utc
from tests.domain.queues import (
    GIVEN_UP,
    SEATED,
    SEATS_GIVEN_UNTIL,
    WAITING,
    Full,
    claim,
    credit_of,
    credit_state,
    join,
    leave,
    run_jobs,
    state_of,
    story,
)
from tests.domain.studio import HOUR, StudioInMemory, known

Code = RefusalCode
DAY, GRACE = timedelta(days=1), timedelta(hours=72)
SOON = NOW + HOUR
LATE = SEATS_GIVEN_UNTIL + A_MICROSECOND
OWN_END = utc("2026-12-06T23:00:00Z")
UNTIL_THEN = ThroughDate(date(2026, 12, 6))
ISSUED, HELD, RELEASED, REDEEMED = LedgerKind.ISSUED, LedgerKind.HELD, LedgerKind.RELEASED, LedgerKind.REDEEMED
RESTORED, EXPIRED, REVOKED, UNDONE = LedgerKind.RESTORED, LedgerKind.EXPIRED, LedgerKind.REVOKED, LedgerKind.UNDONE


# One credit on several lists (W3)


class Several:
    """A credit that waits on two lists, and for the seat of the second somebody else, too."""

    def __init__(self, studio: StudioInMemory) -> None:
        self.studio = studio
        self.first, self.second = Full(studio), Full(studio, starts_at=START + 3 * DAY)
        self.client = studio.a_client()
        self.credit = studio.a_credit(self.client, UNTIL_THEN)
        self.entries = [join(each, self.client, self.credit) for each in (self.second, self.first)]

    def states(self, now: datetime) -> list[WaitlistState]:
        return [state_of(self.studio, each, now) for each in self.entries]


def test_w3_it_waits_until_the_last_of_the_starts(studio: StudioInMemory):
    several = Several(studio)
    later = START + 3 * DAY

    assert credit_of(studio, several.credit).held_until == later
    assert credit_state(studio, several.credit, START) is CreditState.HELD
    assert credit_state(studio, several.credit, later) is CreditState.ACTIVE
    assert credit_of(studio, several.credit).expires_at == later + GRACE
    assert [line.session_id for line in studio.rows.ledgers[several.credit]] == [
        *(None, several.second.id, several.first.id),
    ]


def test_w3_the_first_seat_wins_and_the_other_places_are_given_up(studio: StudioInMemory):
    several = Several(studio)
    several.second.free_one(SOON)

    assert several.states(SOON) == [SEATED, GIVEN_UP]
    assert story(studio, several.credit, SOON) == [ISSUED, HELD, HELD, REDEEMED]
    several.first.free_one(SOON)
    assert several.first.seats == []


def test_w3_a_claim_gives_up_the_other_places(studio: StudioInMemory):
    several = Several(studio)
    several.first.free_one(LATE)
    claim(studio, several.entries[1], now=LATE)

    assert several.states(LATE) == [GIVEN_UP, SEATED]


def test_w3_leaving_the_last_list_to_start_holds_it_until_the_other(studio: StudioInMemory):
    several = Several(studio)
    leave(studio, several.entries[0], now=SOON)
    credit = credit_of(studio, several.credit)
    assert (credit.state, credit.held_until, credit.expires_at) == (CreditState.HELD, START, START + GRACE)

    leave(studio, several.entries[1], now=SOON)
    assert credit_of(studio, several.credit).expires_at == OWN_END
    assert story(studio, several.credit, SOON) == [ISSUED, HELD, HELD, HELD, RELEASED]


def test_w3_it_joins_a_further_list_only_while_its_own_end_lies_ahead(studio: StudioInMemory):
    several, third = Several(studio), Full(studio, starts_at=START + DAY)
    command = JoinWaitlist(third.id, several.client, True, several.credit)

    assert studio.codes(join_waitlist, command, now=OWN_END) == [Code.CREDIT_EXPIRED]
    join(third, several.client, several.credit, now=OWN_END - A_MICROSECOND)


@pytest.mark.parametrize("jobs_run", [False, True])
def test_w3_after_the_first_start_it_waits_on_for_the_others(studio: StudioInMemory, jobs_run: bool):
    several = Several(studio)
    if jobs_run:
        run_jobs(studio, START)
    assert credit_state(studio, several.credit, START) is CreditState.HELD

    several.second.free_one(START)

    assert several.states(START)[0] is SEATED
    assert studio.rows.entries[several.entries[1]].state is not GIVEN_UP
    if jobs_run:
        run_jobs(studio, START + 4 * DAY)
    assert story(studio, several.credit, START + 4 * DAY) == [ISSUED, HELD, HELD, REDEEMED]


def test_w3_a_seat_got_for_money_on_one_list_leaves_the_credit_on_the_other(studio: StudioInMemory):
    several = Several(studio)
    studio.change_session_policy(several.second.id, make_ups_open_days_before=1)
    several.second.free_one(SOON)
    studio.done(book_session, BookSession(several.second.id, several.client, None), "parent", SOON)

    assert several.states(SOON) == [SEATED, WAITING]
    credit = credit_of(studio, several.credit)
    assert (credit.state, credit.held_until) == (CreditState.HELD, START)


def test_w3_two_seats_at_once_go_to_the_session_that_starts_first(studio: StudioInMemory):
    """One absence frees a seat in both."""
    away, client = studio.a_client(), studio.a_client()
    credit = studio.a_credit(client)
    sessions = [studio.a_session(START + days * DAY, capacity=1) for days in (3, 0)]
    for session in sessions:
        studio.a_booking(session, away)
    commands = [JoinWaitlist(session, client, True, credit) for session in sessions]
    entries = [known(studio.done(join_waitlist, command).entry) for command in commands]

    dates = Dates(date(2026, 12, 13), date(2026, 12, 16))
    studio.done(cancel_bookings, CancelBookings(away, dates, None), "parent", SOON)

    assert [state_of(studio, each, SOON) for each in entries] == [GIVEN_UP, SEATED]
