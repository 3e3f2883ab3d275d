"""V5, W2: at whatever studio, whatever has happened there: what is reported is what the events tell."""

from collections import Counter
from collections.abc import Awaitable, Callable
from itertools import count
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.services.jobs import end_waits, expire_credits
from persistence import migrate
from tests.combinations.covering import Row
from tests.combinations.life import Life
from tests.combinations.test_combinations import PLACES, ROWS
from tests.machine.sql_harness import SqlHarness
from tests.machine.turns import TurnsMachine
from tests.reports.comparing import compare, compare_all, compare_days, periods_of, studio_of, telling_of

T = TypeVar("T")


class Harness(SqlHarness):
    """One that can be asked for reports."""

    def read(self, ask: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        async def reading() -> T:
            async with self._database.reading() as connection:
                return await ask(connection)

        return self._runner.run(reading())


class ReportedMachine(TurnsMachine):
    """At the end of each run, and once more after the jobs."""

    def __init__(self, harness: Harness, tally: Counter[str], numbers: "count[int]") -> None:
        super().__init__(harness, tally, numbers)
        self.reported = harness

    def teardown(self) -> None:
        if self.met["thing elsewhere"]:
            for _ in range(2):
                self.tally["expired"] += self.reported.read(self.compare_reports)
                for job in (end_waits, expire_credits):
                    self.harness.by_itself(self.studio, self.now, job)
        super().teardown()

    async def compare_reports(self, connection: AsyncConnection) -> int:
        return await compare_all(connection, await studio_of(connection, self.studio), self.now, most=6)


class ReportedLife(Life):
    """At every look."""

    def __init__(self, harness: Harness, row: Row) -> None:
        super().__init__(harness, row)
        self.reported = harness

    def look(self) -> None:
        super().look()
        self.reported.read(self.compare_reports)

    async def compare_reports(self, connection: AsyncConnection) -> None:
        studio = await studio_of(connection, self.studio)
        telling = await telling_of(connection, studio)
        await compare(connection, studio, telling, self.now)
        for days in periods_of(telling, self.now):
            await compare_days(connection, studio, telling, days, self.now, seats_too=True)


@pytest.fixture
def harness(empty_url: str) -> Harness:
    migrate.upgrade(empty_url)
    return Harness(empty_url)


def test_v5_reports_of_random_studios_are_what_their_events_tell(harness: Harness) -> None:
    tally, numbers = Counter[str](), count()

    class Machine(ReportedMachine):
        def __init__(self) -> None:
            super().__init__(harness, tally, numbers)

    depth = settings(
        max_examples=3,
        stateful_step_count=40,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    run_state_machine_as_test(seed(9)(Machine), settings=depth)

    assert tally["expired"] > 5


@pytest.mark.parametrize("row", [9])
def test_v5_reports_of_a_whole_life_are_at_every_border_what_its_events_tell(harness: Harness, row: int) -> None:
    ReportedLife(harness, ROWS[row]).live(PLACES[row])
