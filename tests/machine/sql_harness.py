"""The harness on a real database."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from itertools import count
from uuid import UUID

from domain.truth.snapshot import Snapshot
from persistence import snapshot
from persistence.database import Database
from tests.invariants import what_is_wrong
from tests.machine.harness import Act, Outcome, RegistryAct


class NumberedIds:
    """Ids that grow, as the application's own do: lines of a ledger that were written at one instant stay in order."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def __call__(self) -> UUID:
        return UUID(int=next(self._numbers))


class SqlHarness:
    """`url` is a migrated database. Each run founds studios of its own in it."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._new_id = NumberedIds()

    def open(self) -> None:
        # A factory, or the runner would take the place of the loop that the other tests share.
        self._runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
        self._database = Database(self._url, self._new_id)
        self._runner.run(self._database.open())

    def close(self) -> None:
        with self._runner:
            self._runner.run(self._database.close())

    def register(self, account_id: UUID | None, now: datetime, act: RegistryAct) -> Outcome:
        return self._runner.run(self._database.register(account_id or UUID(int=0), now, act)).outcome

    def perform(self, studio_id: int, account_id: UUID, now: datetime, act: Act) -> Outcome:
        answer = self._runner.run(self._database.perform(studio_id, account_id, now, act, travelling=True))
        return answer.outcome

    def by_itself(self, studio_id: int, now: datetime, act: Act) -> Outcome:
        return self._runner.run(self._database.by_itself(studio_id, now, act))

    def wrong(self, studio_id: int, now: datetime) -> Sequence[str]:
        return self._runner.run(what_is_wrong(self._database, studio_id, now))

    def snapshot(self, studio_id: int) -> Snapshot:
        return self._runner.run(snapshot.take(self._database, studio_id))
