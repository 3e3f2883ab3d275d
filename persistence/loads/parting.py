"""A client whom staff archive or another account comes to manage, and with whom they share credits that are held."""

from uuid import UUID

import sqlalchemy as sa

from domain.faults import ConflictRetry
from domain.waiting.parting import Waits
from persistence import shapes as s
from persistence import tables as t
from persistence.loads.holds import IN_SESSION, OF_CREDIT, HoldLoads
from persistence.shapes import AnyRow


class PartingLoads(HoldLoads):
    async def locked_waits_of(self, client_id: UUID) -> Waits:
        people = await self._locked_clients({client_id, *_people(await self._waits(client_id))})
        # Now nobody can begin to wait for them or with what is theirs; who did so meanwhile is not locked.
        found = await self._waits(client_id)
        if _people(found) - people.keys():
            raise ConflictRetry("Somebody has come to wait with a credit meanwhile; send the same request again.")
        if not found:
            return Waits(people[client_id])
        credit_ids = {row.credit_id for row in found if row.credit_id is not None}
        credits = await self._locked_credits(t.make_up_credits.c.id.in_(credit_ids)) if credit_ids else ()
        entries = await self._read(s.ENTRY, t.waitlist_entries.c.id.in_([row.id for row in found]))
        return Waits(people[client_id], entries, {each.id: each for each in credits}, people)

    async def _waits(self, client_id: UUID) -> list[AnyRow]:
        """The live entries that are theirs, or another's who waits with a credit of theirs."""
        e, holder_id = t.waitlist_entries.c, t.make_up_credits.c.client_id
        return await self._rows(
            sa.select(e.id, e.client_id, e.credit_id, holder_id.label("holder_id"))
            .join_from(t.waitlist_entries, t.sessions, IN_SESSION)
            .outerjoin(t.make_up_credits, OF_CREDIT)
            .where(
                e.studio_id == self.studio_id,
                sa.or_(e.client_id == client_id, holder_id == client_id),
                self._live(),
                t.sessions.c.starts_at > self.now,
            )
        )


def _people(rows: list[AnyRow]) -> set[UUID]:
    """Who waits, and whose the credits are."""
    return {key for row in rows for key in (row.client_id, row.holder_id) if key is not None}
