"""How the demo is written: one call a thing, each through its use case, all as of one instant."""

import random
from collections.abc import Awaitable, Callable
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.booking import PaymentState
from domain.local_time import instant_of
from domain.outcome import Done
from domain.policy import Days
from domain.ports import Work
from domain.refusals import Refused
from domain.services import accounts, bookings, clients, policies, schedule, studios
from domain.studio import Role
from persistence.database import Database, Outcome

_LENGTH = timedelta(hours=1)
_SEED = 20261102


def seeded_ids(first: datetime) -> Callable[[], UUID]:
    """UUIDs of version 7 that are the same in every run: a millisecond apart, from `first` on."""
    chance, milliseconds = random.Random(_SEED), int(first.timestamp() * 1000)

    def new_id() -> UUID:
        nonlocal milliseconds
        milliseconds += 1
        bits = milliseconds << 80 | 0x7 << 76 | chance.getrandbits(12) << 64 | 0b10 << 62 | chance.getrandbits(62)
        return UUID(int=bits)

    return new_id


class DemoWriter:
    """Writes accounts, then one studio and what belongs to it, as its owner, at `now`."""

    def __init__(self, database: Database, now: datetime, zone: ZoneInfo) -> None:
        self._database = database
        self._now = now
        self._zone = zone
        self._accounts: dict[str, UUID] = {}
        self._studio_id = 0
        self._owner_id = UUID(int=0)

    async def account(self, email: str, name: str, password_hash: str) -> None:
        command = accounts.SignUp(email, name, password_hash)
        answer = await self._database.register(UUID(int=0), self._now, lambda work: accounts.sign_up(work, command))
        self._accounts[email] = _only(_done(answer.outcome).account)

    async def studio(self, slug: str, name: str, currency: str, *, owner: str) -> None:
        self._owner_id = self._accounts[owner]
        command = studios.CreateStudio(self._owner_id, None, slug, name, self._zone.key, currency)
        answer = await self._database.register(
            self._owner_id, self._now, lambda work: studios.create_studio(work, command)
        )
        self._studio_id = _done(answer.outcome).studio_id or 0

    async def policy(self, *, make_ups_enabled: bool, validity_days: int) -> None:
        changes = {"make_ups_enabled": make_ups_enabled, "validity": Days(validity_days)}
        await self._act(lambda work: policies.update_policy(work, policies.UpdatePolicy(changes)))

    async def staff(self, email: str, role: Role, display_name: str) -> UUID:
        command = studios.AddStaff(email, role, display_name)
        return _only((await self._act(lambda work: studios.add_staff(work, command))).staff)

    async def client(self, name: str, email: str | None) -> UUID:
        """Managed by the account with the e-mail; a guest without one."""
        done = await self._act(lambda work: clients.create_client(work, clients.CreateClient(name)))
        client_id = _only(done.client)
        if email is not None:
            link = clients.LinkClient(client_id, email)
            await self._act(lambda work: clients.link_client(work, link))
        return client_id

    async def course(self, name: str, *, whole: int | None, single: int | None) -> UUID:
        """Accepts make-ups. Prices in minor units."""
        command = schedule.CreateCourse(name, "", whole, single, accepts_make_ups=True)
        return _only((await self._act(lambda work: schedule.create_course(work, command))).course)

    async def session(self, course_id: UUID, day: date, clock: time, *, capacity: int, instructor: UUID) -> None:
        starts_at = instant_of(day, clock, self._zone)
        await self._session(
            schedule.CreateSession(course_id, "", starts_at, starts_at + _LENGTH, capacity, None, None, instructor)
        )

    async def one_time_class(
        self, name: str, day: date, clock: time, price: int, capacity: int, *, accepts_make_ups: bool
    ) -> None:
        """`price` in minor units."""
        starts_at = instant_of(day, clock, self._zone)
        await self._session(
            schedule.CreateSession(None, name, starts_at, starts_at + _LENGTH, capacity, price, accepts_make_ups, None)
        )

    async def enrolment(self, course_id: UUID, client_id: UUID, payment: PaymentState) -> None:
        command = bookings.EnrolClient(course_id, client_id, payment, frozenset())
        await self._act(lambda work: bookings.enrol_client(work, command))

    async def _session(self, command: schedule.CreateSession) -> None:
        await self._act(lambda work: schedule.create_session(work, command))

    async def _act(self, act: Callable[[Work], Awaitable[Outcome]]) -> Done:
        answer = await self._database.perform(self._studio_id, self._owner_id, self._now, act)
        return _done(answer.outcome)


def _done(outcome: Outcome) -> Done:
    if isinstance(outcome, Refused):
        raise RuntimeError(f"the demo breaks a rule: {outcome.reasons}")
    return outcome


def _only(value: UUID | None) -> UUID:
    if value is None:
        raise RuntimeError("an act did not tell what it made")
    return value
