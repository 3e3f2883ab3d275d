"""A fill of the demo in memory: in a few hundredths of a second, and with the very ids that a database would hold."""

from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from api import demo
from persistence.database import Answer, Database
from tests.machine.harness import Act, RegistryAct
from tests.machine.memory import MemoryHarness


class Plain:
    """No time is spent on what is never checked."""

    async def hash(self, password: str) -> str:
        return password


class MemoryDatabase:
    """As much of `Database` as a fill needs."""

    def __init__(self) -> None:
        self.harness = MemoryHarness()

    @property
    def new_id(self) -> Any:
        return self.harness.new_id

    @new_id.setter
    def new_id(self, new_id: Any) -> None:
        self.harness.new_id = new_id

    async def perform(
        self, studio_id: int, account_id: UUID, now: datetime, act: Act, *, travelling: bool = False
    ) -> Answer:
        return Answer(self.harness.perform(studio_id, account_id, now, act), replayed=False)

    async def register(self, holder_id: UUID, now: datetime, act: RegistryAct) -> Answer:
        return Answer(self.harness.register(holder_id, now, act), replayed=False)


async def filled_on(today: date | None) -> MemoryHarness:
    database = MemoryDatabase()
    await demo.fill(cast(Database, database), Plain(), today)
    return database.harness


def ids_of(harness: MemoryHarness) -> list[UUID]:
    """Of everything but the events of which no ledger tells."""
    ids = list(harness.accounts)
    for rows in harness.studios.values():
        for table in (
            rows.staff,
            rows.clients,
            rows.courses,
            rows.sessions,
            rows.enrolments,
            rows.bookings,
            rows.credits,
        ):
            ids += table
        ids += (line.id for ledger in rows.ledgers.values() for line in ledger)
    return sorted(ids)
