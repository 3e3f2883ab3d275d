"""R8, B4: staff link who waits to another account, or archive them, and nothing stays held that nobody can end."""

from datetime import timedelta
from uuid import UUID

import pytest

from domain.credits.ledger import LedgerKind
from domain.nouns.credit import CreditState
from domain.nouns.policy import CreditScope
from domain.refusals import RefusalCode
from domain.services.bookings import BookSession, BookWithMakeUp, book_session, book_with_make_up
from domain.services.clients import LinkClient, UpdateClient, link_client, update_client
from domain.services.waitlists import JoinWaitlist, LeaveWaitlist, join_waitlist, leave_waitlist
from tests.domain.builders import A_MICROSECOND, NOW, START
from tests.domain.queues import (
    ENDED,
    GIVEN_UP,
    SEATED,
    SEATS_GIVEN_UNTIL,
    WAITING,
    Full,
    credit_of,
    credit_state,
    join,
    run_jobs,
    state_of,
    story,
)
from tests.domain.studio import HOUR, StudioInMemory, email_of

SOON = NOW + HOUR
LATE = SEATS_GIVEN_UNTIL + A_MICROSECOND
DAY = timedelta(days=1)


class Siblings:
    """One waits on two lists with the other's credit, and on one of them a stranger comes after."""

    def __init__(self, studio: StudioInMemory) -> None:
        studio.change_policy(credit_scope=CreditScope.SAME_ACCOUNT)
        self.studio = studio
        self.here, self.there = Full(studio), Full(studio, starts_at=START + DAY)
        self.holder, self.waiter, self.next = studio.a_client(), studio.a_client(), studio.a_client("stranger")
        self.credit = studio.a_credit(self.holder)
        self.entries = [join(each, self.waiter, self.credit) for each in (self.here, self.there)]
        self.after = join(self.here, self.next, now=NOW + timedelta(minutes=1))

    def link(self, client: UUID, account: str = "stranger") -> None:
        self.studio.done(link_client, LinkClient(client, email_of(account)), now=SOON)

    def archive(self, client: UUID, archived: bool = True) -> None:
        self.studio.done(update_client, UpdateClient(client, {}, archived), now=SOON)

    @property
    def states(self) -> list[object]:
        return [state_of(self.studio, each, SOON) for each in self.entries]


@pytest.fixture
def siblings(studio: StudioInMemory) -> Siblings:
    return Siblings(studio)


@pytest.mark.parametrize("who", ["holder", "waiter"])
def test_r8_a_link_to_another_account_gives_up_what_waits_with_a_strangers_credit(siblings: Siblings, who: str):
    studio, credit = siblings.studio, siblings.credit
    siblings.link(getattr(siblings, who))

    assert siblings.states == [GIVEN_UP, GIVEN_UP]
    assert credit_state(studio, credit, SOON) is CreditState.ACTIVE
    assert (credit_of(studio, credit).held_until, credit_of(studio, credit).changed_at) == (None, SOON)
    assert story(studio, credit, SOON)[-1] is LedgerKind.RELEASED
    spend = BookWithMakeUp(studio.a_session(START), siblings.holder, credit)
    studio.done(book_with_make_up, spend, "stranger" if who == "holder" else "parent", SOON)
    siblings.here.free_one(SOON)
    assert state_of(studio, siblings.after, SOON) is SEATED


def test_r8_a_link_to_the_same_account_or_of_somebody_else_gives_up_nothing(siblings: Siblings):
    siblings.link(siblings.waiter, "parent")
    siblings.link(siblings.next, "parent")

    assert siblings.states == [WAITING, WAITING]
    assert credit_state(siblings.studio, siblings.credit, SOON) is CreditState.HELD
    assert state_of(siblings.studio, siblings.after, SOON) is WAITING


def test_r8_who_waits_with_their_own_credit_waits_on_under_another_account(studio: StudioInMemory):
    full, client = Full(studio), studio.a_client()
    credit = studio.a_credit(client)
    entry = join(full, client, credit)
    studio.done(link_client, LinkClient(client, email_of("stranger")), now=SOON)

    assert state_of(studio, entry, SOON) is WAITING
    studio.done(leave_waitlist, LeaveWaitlist(entry), "stranger", SOON)
    assert credit_state(studio, credit, SOON) is CreditState.ACTIVE


def test_b4_who_is_archived_waits_no_more_and_is_not_put_back(siblings: Siblings):
    studio = siblings.studio
    siblings.archive(siblings.waiter)

    assert siblings.states == [ENDED, ENDED]
    assert [studio.rows.entries[each].ended_at for each in siblings.entries] == [SOON, SOON]
    assert credit_state(studio, siblings.credit, SOON) is CreditState.ACTIVE
    assert story(studio, siblings.credit, SOON)[-1] is LedgerKind.RELEASED
    leave = LeaveWaitlist(siblings.entries[0])
    assert studio.codes(leave_waitlist, leave, "owner", SOON) == [RefusalCode.NOT_WAITING]

    siblings.archive(siblings.waiter, archived=False)
    assert siblings.states == [ENDED, ENDED]
    again = JoinWaitlist(siblings.here.id, siblings.waiter, True, siblings.credit)
    studio.done(join_waitlist, again, "parent", SOON)


def test_b4_a_sibling_waits_on_with_the_credit_of_who_is_archived(siblings: Siblings):
    siblings.archive(siblings.holder)

    assert siblings.states == [WAITING, WAITING]
    siblings.here.free_one(SOON)
    assert siblings.states == [SEATED, GIVEN_UP]


def test_b4_no_seat_stays_on_offer_to_somebody_who_is_archived(studio: StudioInMemory):
    full, client = Full(studio), studio.a_client()
    entry = join(full, client)
    full.free_one(LATE)
    assert full.on_offer(LATE) == 1

    studio.done(update_client, UpdateClient(client, {}, archived=True), now=LATE)

    assert state_of(studio, entry, LATE) is ENDED
    assert full.on_offer(LATE) == 0
    other = studio.a_client("stranger")
    studio.done(book_session, BookSession(full.id, other, None), "stranger", LATE)
    assert full.seats == [other]


def test_b4_w2_what_the_start_has_ended_and_no_job_has_written_stays_so(studio: StudioInMemory):
    """Neither is an end that came before told anew, nor is the credit released twice."""
    full, client = Full(studio), studio.a_client()
    credit = studio.a_credit(client)
    entry = join(full, client, credit)
    studio.done(update_client, UpdateClient(client, {}, archived=True), now=START)

    run_jobs(studio, START + HOUR)
    assert studio.rows.entries[entry].ended_at == START
    assert studio.ledger(credit).count(LedgerKind.RELEASED) == 1
