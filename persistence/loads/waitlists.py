"""Waiting lists: whom an act seats or sends away, and somebody who leaves one or claims a seat."""

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

import sqlalchemy as sa

from domain.faults import NotFound
from domain.nouns.credit import CreditState, MakeUpCredit
from domain.nouns.session import ScheduledSession
from domain.nouns.waitlist import WaitlistState
from domain.ports import EntryPlace
from domain.waiting.leaving import Waiter
from domain.waiting.queueing import Queue, ahead_of, in_order
from domain.waiting.waiting_over import Over
from persistence import shapes as s
from persistence import tables as t
from persistence.loads.holds import IN_SESSION
from persistence.loads.queues import QueueLoads


class WaitlistLoads(QueueLoads):
    async def entry_place(self, entry_id: UUID) -> EntryPlace:
        e = t.waitlist_entries.c
        rows = await self._rows(
            sa.select(e.id, e.session_id, e.client_id, e.credit_id).where(
                e.studio_id == self.studio_id, e.id == entry_id
            )
        )
        if not rows:
            raise NotFound("There is no such place on a waiting list.", "entryId")
        return EntryPlace(*rows[0])

    async def locked_waiter(self, place: EntryPlace) -> Waiter:
        target = await self.locked_target(place.session_id)
        starts_at, credit_id = target.session.starts_at, place.credit_id
        holders = set[UUID]() if credit_id is None else {(await self.credit(credit_id)).client_id}
        await self._locked_clients({place.client_id, *holders})
        if credit_id is not None:
            await self._locked_credit(credit_id)
        e = t.waitlist_entries.c
        entries = await self._read(
            s.ENTRY, e.session_id == place.session_id, sa.or_(self._live(), e.id == place.entry_id)
        )
        found = await self._waiting(entries)
        live = in_order(each for each in found if each.entry.waits(self.now, starts_at))
        target = replace(target, waiting=len(live))
        own = next(each for each in found if each.entry.id == place.entry_id)
        return Waiter(target, own, ahead_of(place.client_id, Queue(target, live), self.now))

    async def locked_queues(self, session_ids: Collection[UUID]) -> tuple[Queue, ...]:
        if unforeseen := set(session_ids) - self._foreseen.freeing:
            # Of an act that locks no clients of its own.
            await self._foresee(unforeseen)
            if self._foreseen.clients:
                await self._locked_clients(frozenset())
            await self._lock_foreseen_credits()
        return await self._queues(await self._waited_for(session_ids))

    async def locked_places(self, client_id: UUID, session_ids: Collection[UUID]) -> tuple[Queue, ...]:
        return await self._queues(await self._waited_for(session_ids), t.waitlist_entries.c.client_id == client_id)

    async def _waited_for(self, session_ids: Collection[UUID]) -> list[ScheduledSession]:
        """As they are by now, those for which somebody waited when they were asked."""
        keys = [key for key in session_ids if self._foreseen.waiting[key]]
        if not keys:
            return []
        sessions, studio = await self._read(s.SESSION, t.sessions.c.id.in_(keys)), await self.studio()
        courses = await self._courses({each.course_id for each in sessions if each.course_id is not None})
        return [
            ScheduledSession(studio, each, None if each.course_id is None else courses[each.course_id])
            for each in sessions
        ]

    async def locked_waits_over(self, most: int) -> Over:
        c, e = t.sessions.c, t.waitlist_entries.c
        over = (c.studio_id == self.studio_id, c.starts_at <= self.now)
        with_entries = (
            sa.select(c.id, c.starts_at)
            .join_from(t.waitlist_entries, t.sessions, IN_SESSION)
            .where(e.studio_id == self.studio_id, e.state == WaitlistState.WAITING, *over)
        )
        with_offers = sa.select(c.id, c.starts_at).where(c.freed_late > 0, *over)
        both = sa.union(with_entries, with_offers).subquery()
        first = sa.select(both.c.id).order_by(both.c.starts_at, both.c.id).limit(most)
        ids = [row.id for row in await self._rows(first)]
        if not ids:
            return Over({}, (), ())
        # Asked again of what is locked: another job may have written it meanwhile, or a session has moved on.
        sessions = await self._all(s.SESSION, c.id.in_(ids), c.starts_at <= self.now)
        waiting = (e.session_id.in_([session.id for session in sessions]), e.state == WaitlistState.WAITING)
        before = await self._rows(sa.select(e.client_id, e.credit_id).where(e.studio_id == self.studio_id, *waiting))
        self._foreseen.clients |= {row.client_id for row in before}
        self._foreseen.credits |= {row.credit_id for row in before if row.credit_id is not None}
        held = frozenset(self._foreseen.credits)
        if before:
            await self._locked_clients(frozenset())
        await self._lock_foreseen_credits()
        entries = await self._read(s.ENTRY, *waiting)
        still = {session.id for session in sessions if session.freed_late} | {entry.session_id for entry in entries}
        return Over(
            {session.id: session for session in sessions if session.id in still},
            entries,
            await self._held_as_written(held),
        )

    async def _held_as_written(self, ids: Collection[UUID]) -> tuple[MakeUpCredit, ...]:
        """Not settled: what is to be written is that they are held no longer."""
        if not ids:
            return ()
        c = t.make_up_credits.c
        these = (c.studio_id == self.studio_id, c.id.in_(ids), c.state == CreditState.HELD)
        credits = tuple(s.CREDIT.make(row) for row in await self._rows(s.CREDIT.select().where(*these).order_by(c.id)))
        for credit in credits:
            self._not_after_now(credit.changed_at)
        return credits
