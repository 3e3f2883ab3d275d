"""What the state machine needs of a database, real or not."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.outcome import Done
from domain.ports import Registry, Work
from domain.refusals import Refused
from domain.truth.snapshot import Snapshot

Outcome = Done | Refused
Act = Callable[[Work], Awaitable[Outcome]]
RegistryAct = Callable[[Registry], Awaitable[Outcome]]


class Harness(Protocol):
    """One act, one transaction: a refusal and a fault (which is raised) change nothing."""

    def open(self) -> None: ...

    def close(self) -> None: ...

    def register(self, account_id: UUID | None, now: datetime, act: RegistryAct) -> Outcome: ...

    def perform(self, studio_id: int, account_id: UUID, now: datetime, act: Act) -> Outcome: ...

    def by_itself(self, studio_id: int, now: datetime, act: Act) -> Outcome: ...

    def snapshot(self, studio_id: int) -> Snapshot: ...

    def wrong(self, studio_id: int, now: datetime) -> Sequence[str]:
        """Every invariant that does not hold and, on a database, every row that is not what its events make it."""
        ...


def known(key: UUID | None) -> UUID:
    assert key is not None
    return key
