"""Deleting an account, a small transaction at a time: at each studio what is there, and its own row last of all.

No transaction is of two studios. It can be broken off anywhere: whoever asks again goes on where it stopped, and it
ends alike.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from domain.faults import ConflictRetry, NotFound, Unauthenticated
from domain.managing.erasing import Belongings, Remains, StillThere
from domain.outcome import Done
from domain.ports import Work
from domain.refusals import Refused
from domain.services import erasing
from domain.services.bookings import CancelBooking, cancel_booking
from domain.services.waitlists import LeaveWaitlist, leave_waitlist
from persistence.database import Answer, Database, Outcome
from persistence.idempotency import Key
from persistence.reads import remains
from persistence.reads.keys import by_studio

_MOST_ROUNDS = 8


async def delete_account(
    database: Database, account_id: UUID, now: datetime, key: Key | None = None, travelling: bool = False
) -> Answer:
    """A4: its refusal, or that it is deleted. `ConflictRetry` where others bring more than it can give up."""
    for _ in range(_MOST_ROUNDS):
        try:
            return await database.register(
                account_id, now, lambda registry: erasing.delete_account(registry, account_id), key
            )
        except StillThere as left:
            await _GivingUp(database, account_id, left.account.email, now, travelling).all_of(left.belongings)
    raise ConflictRetry("Others were faster; send the same request again.")


@dataclass(frozen=True)
class _GivingUp:
    """By the account itself, which may do all of it.

    What is no longer the account's when its turn comes is left, and so is all where another request was faster.
    """

    database: Database
    account_id: UUID
    email: str
    now: datetime
    travelling: bool

    async def all_of(self, belongings: Belongings) -> None:
        # Roles first: a last owner keeps everything, and nobody gives up their own seats with the powers of staff.
        for studio_id, key in belongings.staff:
            if isinstance(await self._act(studio_id, partial(erasing.leave_staff, staff_id=key)), Refused):
                return
        for studio_id, key in belongings.invitations:
            await self._act(studio_id, partial(erasing.decline_invitation, invitation_id=key, email=self.email))
        for studio_id, client_ids in by_studio(belongings.clients).items():
            await self._clients(studio_id, client_ids)

    async def _clients(self, studio_id: int, client_ids: Sequence[UUID]) -> None:
        """All of a studio together, so that what one gives up does not go to another who waits for it."""
        for key in [key for each in await self._remains(studio_id, client_ids) for key in each.entries]:
            await self._act(studio_id, partial(leave_waitlist, command=LeaveWaitlist(key)))
        for key in [key for each in await self._remains(studio_id, client_ids) for key in each.enrolments]:
            await self._act(studio_id, partial(erasing.end_enrolment, enrolment_id=key))
        staying = set[UUID]()
        for key in [key for each in await self._remains(studio_id, client_ids) for key in each.bookings]:
            if isinstance(
                await self._act(studio_id, partial(cancel_booking, command=CancelBooking(key, None))), Refused
            ):
                staying.add(key)
        for client_id in client_ids:
            await self._act(studio_id, partial(erasing.erase_client, client_id=client_id, staying=staying))

    async def _remains(self, studio_id: int, client_ids: Sequence[UUID]) -> Sequence[Remains]:
        async with self.database.reading() as connection:
            found = await remains.of_clients(connection, [(studio_id, key) for key in client_ids], self.now)
        return list(found.values())

    async def _act(self, studio_id: int, act: Callable[[Work], Awaitable[Outcome]]) -> Outcome:
        try:
            answer = await self.database.perform(studio_id, self.account_id, self.now, act, travelling=self.travelling)
        except (NotFound, Unauthenticated):
            return Done(studio_id=studio_id)
        return answer.outcome
