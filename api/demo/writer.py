"""How a studio of the demo is written: act by act through its use cases, each at its moment and by whom it is in life.

What was written is found again by its name, and a session by its title and its day.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.nouns.local_time import instant_of
from domain.outcome import Done
from domain.ports import Work
from domain.refusals import Refused
from persistence.database import Database, Outcome

Command = TypeVar("Command")


@dataclass(frozen=True)
class Meeting:
    """A session that was written."""

    id: UUID
    starts_at: datetime


class StudioWriter:
    """Days are counted from `today`, the day of filling. `now` is the moment of the next act."""

    def __init__(
        self,
        database: Database,
        accounts: Mapping[str, UUID],
        owner: str,
        zone: ZoneInfo,
        today: date,
        now: datetime,
    ) -> None:
        self.database = database
        self.accounts = accounts
        self.owner_id = accounts[owner]
        self.zone = zone
        self.today = today
        self.now = now
        self.studio_id = 0
        self.staff: dict[str, UUID] = {}
        self.clients: dict[str, UUID] = {}
        self.courses: dict[str, UUID] = {}
        self.sessions: dict[tuple[str, int], Meeting] = {}
        self.enrolments: dict[tuple[str, str], UUID] = {}
        self.bookings: dict[tuple[str, str, int], UUID] = {}
        self.entries: dict[tuple[str, str, int], UUID] = {}
        self.managed_by: dict[str, UUID] = {}

    def date(self, day: int) -> date:
        return self.today + timedelta(days=day)

    def instant(self, day: int, clock: time) -> datetime:
        return instant_of(self.date(day), clock, self.zone)

    def remaining(self, course: str) -> list[int]:
        """The days of the sessions of a course that are still to come."""
        return [
            day for (title, day), meeting in self.sessions.items() if title == course and meeting.starts_at > self.now
        ]

    async def do(
        self,
        service: Callable[[Work, Command], Awaitable[Outcome]],
        command: Command,
        client: str | None = None,
    ) -> Done:
        """As the account that manages the client. As the owner without a client, and for a guest."""
        account_id = self.owner_id if client is None else self.managed_by.get(client, self.owner_id)
        return await self.do_as(account_id, service, command)

    async def do_as(
        self, account_id: UUID, service: Callable[[Work, Command], Awaitable[Outcome]], command: Command
    ) -> Done:
        # As a traveller in time, who is told where an act would come before what it touches.
        answer = await self.database.perform(
            self.studio_id, account_id, self.now, lambda work: service(work, command), travelling=True
        )
        return done(answer.outcome)


def done(outcome: Outcome) -> Done:
    if isinstance(outcome, Refused):
        raise RuntimeError(f"the demo breaks a rule: {outcome.reasons}")
    return outcome


def only(value: UUID | None) -> UUID:
    if value is None:
        raise RuntimeError("an act did not tell what it made")
    return value
