"""The ports in plain dictionaries. An act works on a copy, which takes the original's place only when it is done."""

from collections.abc import Coroutine, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b
from itertools import count
from typing import Any, cast
from uuid import UUID

from domain.faults import NotFound, Unauthenticated
from domain.managing.erasing import STAFF_NAME, Belongings
from domain.nouns.account import Account
from domain.nouns.studio import Role, Staff, Studio
from domain.outcome import Done
from domain.truth.invariants import violations
from domain.truth.snapshot import Snapshot
from tests.machine.harness import Act, Outcome, RegistryAct
from tests.machine.memory_rows import MemoryStudio
from tests.machine.memory_work import MemoryWork, with_email


class Ids:
    """Ids that are the same in every run, in an order that is not the order of their making."""

    def __init__(self) -> None:
        self._numbers = count()

    def __call__(self) -> UUID:
        return UUID(bytes=blake2b(str(next(self._numbers)).encode(), digest_size=16).digest())


class MemoryHarness:
    """Accounts, and studios by their number."""

    def __init__(self) -> None:
        self.open()

    def open(self) -> None:
        self.new_id = Ids()
        self.accounts: dict[UUID, Account] = {}
        self.studios: dict[int, MemoryStudio] = {}

    def close(self) -> None:
        pass

    def register(self, account_id: UUID | None, now: datetime, act: RegistryAct) -> Outcome:
        registry = MemoryRegistry(self, now)
        outcome = finish(act(registry))
        if isinstance(outcome, Done):
            self.accounts, self.studios = registry.accounts, registry.studios
        return outcome

    def perform(self, studio_id: int, account_id: UUID, now: datetime, act: Act) -> Outcome:
        return self._transact(studio_id, account_id, now, act)

    def by_itself(self, studio_id: int, now: datetime, act: Act) -> Outcome:
        return self._transact(studio_id, None, now, act)

    def _transact(self, studio_id: int, account_id: UUID | None, now: datetime, act: Act) -> Outcome:
        if studio_id not in self.studios:
            raise NotFound("There is no such studio.", "studioId")
        work = MemoryWork(self.studios[studio_id].copy(), account_id, now, self.new_id, self.accounts, self.studios)
        outcome = finish(act(work))
        if isinstance(outcome, Done):
            self.studios[studio_id] = work.rows
        elif work.recorded:
            raise AssertionError(f"recorded {work.recorded} and then refused: {outcome}")
        return outcome

    def wrong(self, studio_id: int, now: datetime) -> Sequence[str]:
        return violations(self.snapshot(studio_id), now)

    def snapshot(self, studio_id: int) -> Snapshot:
        return self.studios[studio_id].snapshot()


def finish(act: object) -> Outcome:
    """Runs an act on memory to its end: nothing there ever waits, so it needs no loop."""
    try:
        cast(Coroutine[Any, Any, Outcome], act).send(None)
    except StopIteration as end:
        return end.value
    raise AssertionError("an act on memory waited for something")


class MemoryRegistry:
    def __init__(self, harness: MemoryHarness, now: datetime) -> None:
        self.now = now
        self.new_id = harness.new_id
        self.accounts = dict(harness.accounts)
        self.studios = dict(harness.studios)

    async def account(self, account_id: UUID) -> Account:
        if account_id not in self.accounts:
            raise Unauthenticated("There is no such account.")
        return self.accounts[account_id]

    async def locked_account(self, account_id: UUID) -> Account:
        return await self.account(account_id)

    async def owned_alone(self, account_id: UUID) -> tuple[Studio, ...]:
        def owns(staff: Staff) -> bool:
            return staff.role is Role.OWNER and staff.removed_at is None

        owners = {
            key: {each.account_id for each in rows.staff.values() if owns(each)} for key, rows in self.studios.items()
        }
        alone = [self.studios[key].studio for key, accounts in owners.items() if accounts == {account_id}]
        return tuple(
            sorted((each for each in alone if each.archived_at is None), key=lambda each: (each.name, each.id))
        )

    async def belongings_of(self, account: Account) -> Belongings:
        clients, staff, invitations = list[tuple[int, UUID]](), list[tuple[int, UUID]](), list[tuple[int, UUID]]()
        for studio_id, rows in self.studios.items():
            clients += [(studio_id, each.id) for each in rows.clients.values() if each.account_id == account.id]
            staff += [(studio_id, each.id) for each in rows.staff.values() if _says_who(each, account)]
            invitations += [(studio_id, each.id) for each in rows.invitations.values() if each.email == account.email]
        return Belongings(*(tuple(sorted(each)) for each in (clients, staff, invitations)))

    async def erase_account(self, account: Account) -> None:
        del self.accounts[account.id]

    async def account_with_email(self, email: str) -> Account | None:
        return with_email(self.accounts, email)

    async def add_account(self, account: Account) -> None:
        self.accounts[account.id] = account

    async def slug_taken(self, slug: str) -> bool:
        return any(each.studio.slug == slug for each in self.studios.values())

    async def found_studio(self, studio: Studio, owner: Staff) -> Studio:
        founded = replace(studio, id=len(self.studios) + 1)
        _ = self.new_id(), self.new_id()  # for the two events that a database keeps of it
        staff = {owner.id: replace(owner, studio_id=founded.id)}
        self.studios[founded.id] = MemoryStudio(founded, staff)
        return founded


def _says_who(staff: Staff, account: Account) -> bool:
    return staff.account_id == account.id and (staff.removed_at is None or staff.display_name != STAFF_NAME)
