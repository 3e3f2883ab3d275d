"""A studio whose sessions are full and waited for, and acts upon it, for tests of locks and races."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from domain.nouns.booking import PaymentState
from domain.nouns.waitlist import WaitlistEntry, WaitlistState
from domain.outcome import Done
from domain.ports import Work
from domain.refusals import RefusalCode, Refused
from domain.services import bookings, waitlists
from domain.services.bookings import BookSession, CancelBooking
from domain.services.waitlists import JoinWaitlist
from domain.truth.snapshot import Snapshot
from persistence import snapshot
from persistence.database import Database
from schema.ids import Kind, encode
from tests.ids import key_of, ref
from tests.world import Person, World

NOW = datetime(2026, 11, 22, 17, tzinfo=UTC)

UseCase = Callable[[Work], Awaitable[Done | Refused]]


@dataclass
class Crowd:
    """Acts of its owner; keys are those inside."""

    world: World
    database: Database
    at: datetime = NOW

    @property
    def studio_id(self) -> int:
        return ref(self.world.studio).studio_id

    async def act(self, use_case: UseCase, now: datetime | None = None, travelling: bool = False) -> Done | Refused:
        account = key_of(self.world.owner.account_id)
        now = now or self.at
        return (await self.database.perform(self.studio_id, account, now, use_case, travelling=travelling)).outcome

    async def done(self, use_case: UseCase, now: datetime | None = None) -> Done:
        outcome = await self.act(use_case, now)
        assert isinstance(outcome, Done), outcome
        return outcome

    async def session(self, day: int, seats: int = 1, course: str | None = None, hour: int = 17) -> UUID:
        """Of December 2026, at 17:00 UTC."""
        return key_of(await self.world.session(course, f"2026-12-{day:02}T{hour}:00:00Z", capacity=seats))

    async def client(self, person: Person | None = None) -> UUID:
        return key_of(await self.world.client(person))

    async def credits(self, client: UUID, count: int = 1) -> list[UUID]:
        return [key_of(each) for each in await self.world.granted(self.text("cli", client), count)]

    def text(self, kind: str, key: UUID) -> str:
        """The id of the API."""
        known = {"cli": Kind.CLIENT, "ses": Kind.SESSION, "crd": Kind.CREDIT}[kind]
        return encode(known, self.studio_id, key)

    async def book(self, session: UUID, client: UUID, now: datetime | None = None) -> UUID:
        made = await self.done(booking(session, client), now=now)
        assert made.booking is not None
        return made.booking

    async def fill(self, session: UUID, seats: int = 1, now: datetime | None = None) -> list[UUID]:
        """By guests; their bookings."""
        return [await self.book(session, await self.client(), now) for _ in range(seats)]

    async def join(self, session: UUID, client: UUID, credit: UUID | None = None, now: datetime | None = None) -> UUID:
        joined = await self.done(joining(session, client, credit), now=now)
        assert joined.entry is not None
        return joined.entry

    async def taken(self) -> Snapshot:
        return await snapshot.take(self.database, self.studio_id)

    async def entry(self, key: UUID) -> WaitlistEntry:
        return next(each for each in (await self.taken()).entries if each.id == key)

    async def states(self, *keys: UUID) -> list[WaitlistState]:
        by_id = {each.id: each.state for each in (await self.taken()).entries}
        return [by_id[key] for key in keys]


def booking(session: UUID, client: UUID) -> UseCase:
    return lambda work: bookings.book_session(work, BookSession(session, client, PaymentState.PAID))


def cancelling(key: UUID) -> UseCase:
    return lambda work: bookings.cancel_booking(work, CancelBooking(key, None))


def joining(session: UUID, client: UUID, credit: UUID | None = None) -> UseCase:
    return lambda work: waitlists.join_waitlist(work, JoinWaitlist(session, client, credit is not None, credit))


def leaving(entry: UUID) -> UseCase:
    return lambda work: waitlists.leave_waitlist(work, waitlists.LeaveWaitlist(entry))


def claiming(entry: UUID) -> UseCase:
    return lambda work: waitlists.claim_seat(work, waitlists.ClaimSeat(entry))


def codes(outcome: Done | Refused) -> list[RefusalCode]:
    """None of what was done."""
    return [reason.code for reason in outcome.reasons] if isinstance(outcome, Refused) else []
