"""V5, W2: of lives that others live anyway, what is reported is held against what their events tell."""

from collections import Counter
from collections.abc import Awaitable, Callable
from itertools import count
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from domain.services.jobs import end_waits, expire_credits
from tests.combinations.covering import Row
from tests.combinations.life import Life
from tests.machine.sql_harness import SqlHarness
from tests.machine.turns import TurnsMachine
from tests.reports.comparing import compare_all, compare_at, compare_seats, periods_of, studio_of, telling_of

T = TypeVar("T")

MANY_CREDITS = 22
"""Runs of the machine that issue so many are asked for reports: about one of five, and those in which most happens."""
EXPIRIES_REPORTED = "expiries were reported"


class ReportingHarness(SqlHarness):
    """One that can be asked for reports."""

    def read(self, ask: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        async def reading() -> T:
            async with self._database.reading() as connection:
                return await ask(connection)

        return self._runner.run(reading())


class ReportedMachine(TurnsMachine):
    """At the end of its richest runs, and once more after the jobs."""

    def __init__(self, harness: ReportingHarness, tally: Counter[str], numbers: "count[int]") -> None:
        super().__init__(harness, tally, numbers)
        self.reported = harness

    def teardown(self) -> None:
        if len(self.oracle.credits) >= MANY_CREDITS:
            self.report()
        super().teardown()

    def report(self) -> None:
        for _ in range(2):
            if expired := self.reported.read(self.compare_reports):
                self.tally[EXPIRIES_REPORTED] += expired
            for job in (end_waits, expire_credits):
                self.harness.by_itself(self.studio, self.now, job)

    async def compare_reports(self, connection: AsyncConnection) -> int:
        return await compare_all(connection, await studio_of(connection, self.studio), self.now, most=3)


class ReportedLife(Life):
    """At every look."""

    def __init__(self, harness: ReportingHarness, row: Row) -> None:
        super().__init__(harness, row)
        self.reported = harness

    def look(self) -> None:
        super().look()
        self.reported.read(self.compare_reports)

    async def compare_reports(self, connection: AsyncConnection) -> None:
        studio = await studio_of(connection, self.studio)
        telling = await telling_of(connection, studio)
        await compare_at(connection, studio, telling, self.now)
        for days in periods_of(telling, self.now):
            await compare_seats(connection, studio, telling, days)
