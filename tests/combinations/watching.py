"""What the acts of a life were really decided by."""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from domain.nouns.session import ScheduledSession
from domain.ports import Work
from tests.machine.harness import Act, Outcome
from tests.machine.memory import MemoryHarness
from tests.machine.sql_harness import SqlHarness

CANCELLING, SPENDING = "locked_cancellation", "locked_make_up_request"
Seen = dict[str, list[ScheduledSession]]


class Watching:
    """A `Work` that writes down what each cancellation and each spending was decided by."""

    def __init__(self, work: Work, seen: Seen) -> None:
        self._work = work
        self._seen = seen

    def __getattr__(self, name: str) -> Any:
        load = getattr(self._work, name)
        if name not in self._seen:
            return load

        async def watched(*of: object, **by_name: object) -> Any:
            loaded = await load(*of, **by_name)
            self._seen[name].append(loaded.target)
            return loaded

        return watched


class WatchedMemory(MemoryHarness):
    def open(self) -> None:
        super().open()
        self.seen: Seen = {CANCELLING: [], SPENDING: []}

    def perform(self, studio_id: int, account_id: UUID, now: datetime, act: Act) -> Outcome:
        return super().perform(studio_id, account_id, now, watched(act, self.seen))


class WatchedSql(SqlHarness):
    def open(self) -> None:
        super().open()
        self.seen: Seen = {CANCELLING: [], SPENDING: []}

    def perform(self, studio_id: int, account_id: UUID, now: datetime, act: Act) -> Outcome:
        return super().perform(studio_id, account_id, now, watched(act, self.seen))


def watched(act: Act, seen: Seen) -> Act:
    return lambda work: act(cast(Work, Watching(work, seen)))
