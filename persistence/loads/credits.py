"""Credits, and the clients of one account whose credits may pay."""

from collections.abc import Collection, Mapping, Set
from uuid import UUID

import sqlalchemy as sa

from domain.choosing import MOST_AT_ONCE, ChosenCredits, CreditFilter
from domain.client import Client
from domain.credit import TAKEN_BACK, CreditState, MakeUpCredit
from domain.faults import BadUserInput, ConflictRetry, NotFound
from domain.policy import CreditScope
from persistence import shapes as s
from persistence import tables as t
from persistence.credit_states import in_states, matching
from persistence.loads.clients import ClientLoads


class CreditLoads(ClientLoads):
    async def credit(self, credit_id: UUID) -> MakeUpCredit:
        return await self._of_studio(s.CREDIT, credit_id, "There is no such credit.", "creditId", timed=False)

    async def _locked_credit(self, credit_id: UUID) -> MakeUpCredit:
        return await self._of_studio(s.CREDIT, credit_id, "There is no such credit.", "creditId", lock=True)

    async def _locked_standing(self, booking_ids: Collection[UUID]) -> Mapping[UUID, MakeUpCredit]:
        """By missed booking: the credit that stands for it, neither undone nor revoked (E10)."""
        c = t.make_up_credits.c
        found = await self._all(s.CREDIT, c.missed_booking_id.in_(booking_ids), c.state.not_in(TAKEN_BACK))
        return {each.missed_booking_id: each for each in found if each.missed_booking_id is not None}

    async def _locked_active_credits(self, client_ids: Set[UUID]) -> tuple[MakeUpCredit, ...]:
        c = t.make_up_credits.c
        # Also those that were active at a `now` to which somebody travelled back: that is for `_of_now` to see.
        active = sa.or_(in_states({CreditState.ACTIVE}, self.now), c.changed_at > self.now)
        return await self._all(s.CREDIT, c.client_id.in_(client_ids), active)

    async def locked_chosen_credits(self, chosen: ChosenCredits) -> tuple[MakeUpCredit, ...]:
        if isinstance(chosen, CreditFilter):
            found = await self._all(s.CREDIT, *matching(chosen, self.now), most=MOST_AT_ONCE + 1)
            if len(found) > MOST_AT_ONCE:
                raise BadUserInput(f"These are more than {MOST_AT_ONCE} credits; narrow the filter.", "credits")
            return found
        named = {each.id: each for each in await self._all(s.CREDIT, t.make_up_credits.c.id.in_(chosen.ids))}
        if len(named) < len(chosen.ids):
            raise NotFound("There is no such credit.", "credits", "ids")
        return tuple(named[key] for key in chosen.ids)

    async def locked_credits_run_out(self, most: int) -> tuple[MakeUpCredit, ...]:
        c = t.make_up_credits.c
        unwritten = sa.or_(c.expiry_written.is_(None), c.expiry_written != c.expires_at)
        # Not what changed after this job began: its line would stand before that of the change.
        due = (c.state == CreditState.ACTIVE, c.expires_at <= self.now, unwritten, c.changed_at <= self.now)
        first = sa.select(c.id).where(c.studio_id == self.studio_id, *due).order_by(c.expires_at, c.id).limit(most)
        ids = [row.id for row in await self._rows(first)]
        # Asked again of what is locked: meanwhile one may have been given another end, or been written by another job.
        return await self._all(s.CREDIT, c.id.in_(ids), *due)

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
