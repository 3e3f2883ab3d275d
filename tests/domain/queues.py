"""Full sessions, and who waits for them, for tests of the use cases."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from domain.credits.ledger import LedgerKind, told
from domain.nouns.booking import Booking, PaidWith
from domain.nouns.credit import CreditState, MakeUpCredit
from domain.nouns.policy import PriceGuard
from domain.nouns.session import ScheduledSession
from domain.nouns.waitlist import WaitlistEntry, WaitlistState
from domain.outcome import Done
from domain.ports import Work
from domain.services import jobs
from domain.services.waitlists import (
    ClaimSeat,
    JoinWaitlist,
    LeaveWaitlist,
    claim_seat,
    join_waitlist,
    leave_waitlist,
)
from tests.domain.builders import NOW, START
from tests.domain.studio import StudioInMemory, known

WAITING, SEATED, LEFT, GIVEN_UP, ENDED = WaitlistState
DEADLINE = START - timedelta(hours=24)
SEATS_GIVEN_UNTIL = DEADLINE - timedelta(hours=2)
A_MINUTE = timedelta(minutes=1)


class Full:
    """A session in which guests have paid for every seat."""

    def __init__(
        self, studio: StudioInMemory, seats: int = 1, starts_at: datetime = START, course_id: UUID | None = None
    ) -> None:
        self.studio = studio
        self.course = course_id or studio.a_course()
        self.id = studio.a_session(starts_at, self.course, seats)
        self.bookings = [studio.a_booking(self.id, studio.a_client(None)) for _ in range(seats)]

    @property
    def booking(self) -> UUID:
        return self.bookings[0]

    def free_one(self, now: datetime = NOW) -> None:
        """The first of those who have a seat and have not given it up does."""
        self.studio.cancel(self.bookings.pop(0), now, by="owner")

    def on_offer(self, now: datetime) -> int:
        starts_at = self.scheduled().session.starts_at
        waiting = sum(entry.waits(now, starts_at) for entry in self.entries)
        return self.scheduled(waiting).on_offer(now)

    def scheduled(self, waiting: int = 0) -> ScheduledSession:
        return replace(self.studio.scheduled(self.id), waiting=waiting)

    @property
    def entries(self) -> list[WaitlistEntry]:
        return [entry for entry in self.studio.rows.entries.values() if entry.session_id == self.id]

    @property
    def seats(self) -> list[UUID]:
        """Of the clients who have one."""
        return [booking.client_id for booking in self.live]

    @property
    def live(self) -> list[Booking]:
        return [each for each in self.studio.rows.bookings.values() if each.session_id == self.id and each.live]


def join(full: Full, client: UUID, credit: UUID | None = None, by: str = "owner", now: datetime = NOW) -> UUID:
    """With the credit, or for money."""
    command = JoinWaitlist(full.id, client, credit is not None, credit)
    return known(full.studio.done(join_waitlist, command, by, now).entry)


def clients_waiting(full: Full, number: int, by_credit: bool = False) -> list[UUID]:
    """So many, of the parent, each a minute after the one before."""
    clients = [full.studio.a_client() for _ in range(number)]
    for minutes, client in enumerate(clients):
        join(full, client, full.studio.a_credit(client) if by_credit else None, now=NOW + minutes * A_MINUTE)
    return clients


def wait_for_less(full: Full, client: UUID, now: datetime = NOW) -> UUID:
    """With a credit that is worth less than the seat, which counts while the studio guards prices."""
    return join(full, client, full.studio.a_credit(client, worth=1), now=now)


def guard_prices(studio: StudioInMemory, guard: bool = True) -> None:
    """Those who wait for less are passed over then; that it ends gives them nothing by itself."""
    studio.change_policy(price_guard=PriceGuard.SAME_OR_LOWER if guard else PriceGuard.OFF)


def leave(studio: StudioInMemory, entry: UUID, by: str = "parent", now: datetime = NOW) -> None:
    studio.done(leave_waitlist, LeaveWaitlist(entry), by, now)


def claim(studio: StudioInMemory, entry: UUID, by: str = "parent", now: datetime = NOW) -> Booking:
    done = studio.done(claim_seat, ClaimSeat(entry), by, now)
    return studio.rows.bookings[known(done.booking)]


def state_of(studio: StudioInMemory, entry: UUID, now: datetime = NOW) -> WaitlistState:
    row = studio.rows.entries[entry]
    return row.state_at(now, studio.rows.sessions[row.session_id].starts_at)


def states_of(full: Full, clients: Sequence[UUID], now: datetime = NOW) -> list[WaitlistState]:
    by_client = {entry.client_id: entry.id for entry in full.entries}
    return [state_of(full.studio, by_client[client], now) for client in clients]


def credit_state(studio: StudioInMemory, credit: UUID, now: datetime = NOW) -> CreditState:
    return studio.rows.credits[credit].state_at(now)


def credit_of(studio: StudioInMemory, credit: UUID) -> MakeUpCredit:
    return studio.rows.credits[credit]


def story(studio: StudioInMemory, credit: UUID, now: datetime) -> list[LedgerKind]:
    return [line.kind for line in told(studio.rows.ledgers[credit], now)]


def run_jobs(studio: StudioInMemory, now: datetime) -> tuple[Done, Done]:
    def run(job: Any) -> Done:
        async def act(work: Work) -> Done:
            return await job(work)

        outcome = studio.harness.by_itself(studio.id, now, act)
        assert isinstance(outcome, Done)
        return outcome

    return run(jobs.end_waits), run(jobs.expire_credits)


def paid_with(full: Full, client: UUID) -> PaidWith:
    (booking,) = (each for each in full.live if each.client_id == client)
    return booking.paid_with
