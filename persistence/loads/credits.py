"""Credits, and the clients of one account whose credits may pay."""

from collections.abc import Collection, Mapping, Set
from uuid import UUID

import sqlalchemy as sa

from domain.faults import ConflictRetry, NotFound
from domain.nouns.client import Client
from domain.nouns.credit import OUTSTANDING, TAKEN_BACK, CreditState, MakeUpCredit
from domain.nouns.policy import CreditScope
from persistence import shapes as s
from persistence import tables as t
from persistence.loads.clients import ClientLoads
from persistence.reads.credit_states import in_states
from persistence.rows import locking


class CreditLoads(ClientLoads):
    async def credit(self, credit_id: UUID) -> MakeUpCredit:
        return await self._of_studio(s.CREDIT, credit_id, "There is no such credit.", "creditId", timed=False)

    async def _locked_credits(self, *own: sa.ColumnElement[bool], most: int | None = None) -> tuple[MakeUpCredit, ...]:
        """With those that are foreseen (W2): all of them in one statement, by id. Only the act's own are answered."""
        if self._foreseen.credits:
            locked = await self._lock_credits(*own)
            found = await self._read(s.CREDIT, t.make_up_credits.c.id.in_(locked), *own)
        else:
            found = await self._all(s.CREDIT, *own, most=most)
        if self.travelling:
            await self._require_no_later_end_of_a_wait([credit.id for credit in found])
        return found

    async def _lock_foreseen_credits(self) -> None:
        """Of an act that has none of its own."""
        if self._foreseen.credits:
            await self._lock_credits(sa.false())

    async def _lock_credits(self, *own: sa.ColumnElement[bool]) -> list[UUID]:
        c, foreseen = t.make_up_credits.c, self._foreseen.credits
        both = sa.or_(sa.and_(*own), c.id.in_(tuple(foreseen)))
        select = sa.select(c.id).where(c.studio_id == self.studio_id, both).order_by(c.id)
        rows = await self._rows(locking(select, s.CREDIT))
        foreseen.clear()
        return [row.id for row in rows]

    async def _require_no_later_end_of_a_wait(self, credit_ids: Collection[UUID]) -> None:
        """The start of a session ends a hold and is no change of the credit; the place on the list tells of it."""
        e = t.waitlist_entries.c
        rows = await self._rows(
            sa.select(sa.func.max(e.ended_at)).where(e.studio_id == self.studio_id, e.credit_id.in_(credit_ids))
        )
        if rows[0][0] is not None:
            self._not_after_now(rows[0][0])

    async def _locked_credit(self, credit_id: UUID) -> MakeUpCredit:
        found = await self._locked_credits(t.make_up_credits.c.id == credit_id)
        if not found:
            raise NotFound("There is no such credit.", "creditId")
        return found[0]

    async def _locked_standing(self, booking_ids: Collection[UUID]) -> Mapping[UUID, MakeUpCredit]:
        """By missed booking: the credit that stands for it, neither undone nor revoked (E10)."""
        c = t.make_up_credits.c
        found = await self._locked_credits(c.missed_booking_id.in_(booking_ids), c.state.not_in(TAKEN_BACK))
        return {each.missed_booking_id: each for each in found if each.missed_booking_id is not None}

    async def _locked_unspent_credits(self, client_ids: Set[UUID]) -> tuple[MakeUpCredit, ...]:
        """Active ones, and those that are held."""
        c = t.make_up_credits.c
        # Also those that were so at a `now` to which somebody travelled back: that is for `_of_now` to see.
        unspent = sa.or_(in_states(OUTSTANDING, self.now), c.changed_at > self.now)
        return await self._locked_credits(c.client_id.in_(client_ids), unspent)

    async def locked_credits_run_out(self, most: int) -> tuple[MakeUpCredit, ...]:
        c = t.make_up_credits.c
        unwritten = sa.or_(c.expiry_written.is_(None), c.expiry_written != c.expires_at)
        # Not what changed after this job began: its line would stand before that of the change.
        due = (c.state == CreditState.ACTIVE, c.expires_at <= self.now, unwritten, c.changed_at <= self.now)
        first = sa.select(c.id).where(c.studio_id == self.studio_id, *due).order_by(c.expires_at, c.id).limit(most)
        ids = [row.id for row in await self._rows(first)]
        # Asked again of what is locked: meanwhile one may have been given another end, or been written by another job.
        return await self._locked_credits(c.id.in_(ids), *due)

    async def _locked_family(
        self, scope: CreditScope, client_id: UUID, credit_id: UUID | None
    ) -> tuple[Client, Set[UUID]]:
        """The client, and those of the same account whose credits may pay: all, or who holds the one named (R8)."""
        if scope is CreditScope.SAME_CLIENT:
            return await self.locked_client(client_id), frozenset()
        account_id = (await self.client(client_id)).account_id
        family = await self._clients_of(account_id) if credit_id is None else {(await self.credit(credit_id)).client_id}
        locked = await self._locked_clients({client_id, *family})
        client = locked[client_id]
        if credit_id is None and client.account_id != account_id:
            raise ConflictRetry("Another account has come to manage the client; send the same request again.")
        if client.account_id is None:
            return client, frozenset()
        return client, {each.id for each in locked.values() if each.account_id == client.account_id} - {client_id}
