"""Credits that are held, and the places on waiting lists that hold them (W1)."""

from collections.abc import Collection, Mapping, Set
from uuid import UUID

import sqlalchemy as sa

from domain.credits.choosing import MOST_AT_ONCE, ChosenCredits, CreditFilter
from domain.faults import BadUserInput, ConflictRetry, NotFound
from domain.nouns.credit import MakeUpCredit
from domain.nouns.waitlist import WaitlistState
from domain.waiting.queueing import Place
from persistence import shapes as s
from persistence import tables as t
from persistence.loads.credits import CreditLoads
from persistence.reads.credit_states import matching

IN_SESSION = sa.and_(
    t.sessions.c.studio_id == t.waitlist_entries.c.studio_id, t.sessions.c.id == t.waitlist_entries.c.session_id
)
OF_CREDIT = sa.and_(
    t.make_up_credits.c.studio_id == t.waitlist_entries.c.studio_id,
    t.make_up_credits.c.id == t.waitlist_entries.c.credit_id,
)


class HoldLoads(CreditLoads):
    async def places_of(self, credit_ids: Collection[UUID]) -> Mapping[UUID, tuple[Place, ...]]:
        found = await self._places(credit_ids)
        if {place.entry.client_id for places in found.values() for place in places} - self._foreseen.locked:
            raise ConflictRetry("A credit has come to be held meanwhile; send the same request again.")
        return found

    async def locked_chosen_credits(self, chosen: ChosenCredits) -> tuple[MakeUpCredit, ...]:
        if isinstance(chosen, CreditFilter):
            wanted = matching(chosen, self.now)
            await self._lock_who_waits_with(*wanted)
            found = await self._locked_credits(*wanted, most=MOST_AT_ONCE + 1)
            if len(found) > MOST_AT_ONCE:
                raise BadUserInput(f"These are more than {MOST_AT_ONCE} credits; narrow the filter.", "credits")
            return found
        these = t.make_up_credits.c.id.in_(chosen.ids)
        await self._lock_who_waits_with(these)
        named = {each.id: each for each in await self._locked_credits(these)}
        if len(named) < len(chosen.ids):
            raise NotFound("There is no such credit.", "credits", "ids")
        return tuple(named[key] for key in chosen.ids)

    async def _lock_who_waits_with(self, *which: sa.ColumnElement[bool]) -> None:
        await self._foresee_who_waits_with(*which)
        if self._foreseen.clients:
            await self._locked_clients(frozenset())

    async def _foresee_who_waits_with(self, *which: sa.ColumnElement[bool]) -> None:
        """The clients for whom these credits are held: the same as hold them, or siblings (R8)."""
        e = t.waitlist_entries.c
        rows = await self._rows(
            sa.select(e.client_id)
            .join_from(t.waitlist_entries, t.make_up_credits, OF_CREDIT)
            .where(e.studio_id == self.studio_id, e.state == WaitlistState.WAITING, *which)
            .distinct()
        )
        self._foreseen.clients |= {row.client_id for row in rows}

    async def _places(self, credit_ids: Collection[UUID]) -> Mapping[UUID, tuple[Place, ...]]:
        """By credit: the live places on which it waits; in one statement, and in none where it is asked of none."""
        if not credit_ids:
            return {}
        e, starts_at = t.waitlist_entries.c, t.sessions.c.starts_at
        select = s.ENTRY.select().add_columns(starts_at).join(t.sessions, IN_SESSION)
        of_these = (e.studio_id == self.studio_id, e.credit_id.in_(credit_ids), self._live(), starts_at > self.now)
        found: dict[UUID, tuple[Place, ...]] = {}
        for row in await self._rows(select.where(*of_these).order_by(e.joined_at, e.id)):
            entry = self._of_now(s.ENTRY.make(row[:-1]))
            assert entry.credit_id is not None
            found[entry.credit_id] = (*found.get(entry.credit_id, ()), Place(entry, row[-1]))
        return found

    async def _held_for(self, client_id: UUID) -> Set[UUID]:
        """W3: the credits that wait for a client, who is locked."""
        e = t.waitlist_entries.c
        rows = await self._rows(
            sa.select(e.credit_id)
            .join_from(t.waitlist_entries, t.sessions, IN_SESSION)
            .where(
                e.studio_id == self.studio_id,
                e.client_id == client_id,
                e.credit_id.is_not(None),
                e.state == WaitlistState.WAITING,
                t.sessions.c.starts_at > self.now,
            )
        )
        return {row.credit_id for row in rows}

    def _live(self) -> sa.ColumnElement[bool]:
        """On a row of `waitlist_entries`: that it has not ended; the start of its session is another matter (W2)."""
        e = t.waitlist_entries.c
        waiting = e.state == WaitlistState.WAITING
        # Also those that waited at a `now` to which somebody travelled back: that is for `_of_now` to see.
        return sa.or_(waiting, e.ended_at > self.now) if self.travelling else waiting
