"""Waiting lists in plain dictionaries."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from domain.faults import NotFound
from domain.nouns.client import Client
from domain.nouns.credit import CreditState, MakeUpCredit
from domain.nouns.session import ScheduledSession
from domain.nouns.waitlist import Ahead, WaitlistEntry, WaitlistState
from domain.ports import EntryPlace
from domain.waiting.leaving import Waiter
from domain.waiting.parting import Waits
from domain.waiting.queueing import Place, Queue, Waiting, ahead_of, in_order
from domain.waiting.waiting_over import Over
from tests.machine.memory_rows import MemoryStudio


class _Rows(Protocol):
    rows: MemoryStudio
    now: datetime

    async def _target(self, session_id: UUID) -> ScheduledSession: ...

    def _siblings_by(self, target: ScheduledSession, client: Client) -> set[UUID]: ...

    def _found(self, table: Mapping[UUID, Any], key: UUID) -> Any: ...

    def _of_now(self, noun: Any) -> Any: ...

    def _queue(self, target: ScheduledSession) -> Queue: ...

    def _waiting_for(self, session_id: UUID) -> list[WaitlistEntry]: ...

    def _waiting(self, entry: WaitlistEntry, target: ScheduledSession) -> Waiting: ...

    def _live(self, entry: WaitlistEntry) -> bool: ...

    def _places(self, credit_id: UUID) -> tuple[Place, ...]: ...


class WaitlistsInMemory:
    async def places_of(self: _Rows, credit_ids: Collection[UUID]) -> Mapping[UUID, tuple[Place, ...]]:
        return {key: places for key in credit_ids if (places := self._places(key))}

    async def entry_place(self: _Rows, entry_id: UUID) -> EntryPlace:
        if (entry := self.rows.entries.get(entry_id)) is None:
            raise NotFound("There is no such place on a waiting list.", "entryId")
        return EntryPlace(entry_id, entry.session_id, entry.client_id, entry.credit_id)

    async def locked_waiter(self: _Rows, place: EntryPlace) -> Waiter:
        target = await self._target(place.session_id)
        entry = self._found(self.rows.entries, place.entry_id)
        ahead = ahead_of(place.client_id, self._queue(target), self.now)
        return Waiter(target, self._waiting(entry, target), ahead)

    async def locked_waits_of(self: _Rows, client_id: UUID) -> Waits:
        held = {key: each for key, each in self.rows.credits.items() if each.state is CreditState.HELD}
        theirs = {key for key, each in held.items() if each.client_id == client_id}
        entries = [
            self._of_now(each)
            for each in self.rows.entries.values()
            if self._live(each) and (each.client_id == client_id or each.credit_id in theirs)
        ]
        credits = {each.credit_id: self._of_now(held[each.credit_id]) for each in entries if each.credit_id is not None}
        people = {client_id, *(each.client_id for each in (*entries, *credits.values()))}
        clients = {key: self._found(self.rows.clients, key) for key in people}
        return Waits(clients[client_id], tuple(entries), credits, clients)

    async def locked_queues(self: _Rows, session_ids: Collection[UUID]) -> tuple[Queue, ...]:
        waited_for = {entry.session_id for entry in self.rows.entries.values() if self._live(entry)}
        return tuple([self._queue(await self._target(key)) for key in sorted(waited_for & set(session_ids))])

    async def locked_places(self: _Rows, client_id: UUID, session_ids: Collection[UUID]) -> tuple[Queue, ...]:
        queues = [self._queue(await self._target(key)) for key in sorted(session_ids)]
        own = [(each, tuple(w for w in each.waiting if w.client.id == client_id)) for each in queues]
        return tuple(Queue(queue.target, waiting) for queue, waiting in own if waiting)

    async def locked_waits_over(self: _Rows, most: int) -> Over:
        waits = [each for each in self.rows.entries.values() if each.state is WaitlistState.WAITING]
        waited_for = {entry.session_id for entry in waits}
        over = [
            session
            for session in self.rows.sessions.values()
            if session.started(self.now) and (session.id in waited_for or session.freed_late)
        ]
        over.sort(key=lambda session: (session.starts_at, session.id))
        sessions = {session.id: session for session in over[:most]}
        ended = tuple(entry for entry in waits if entry.session_id in sessions)
        held_for = {entry.credit_id for entry in ended}
        held = (credit for key, credit in self.rows.credits.items() if key in held_for)
        return Over(sessions, ended, tuple(credit for credit in held if credit.state is CreditState.HELD))

    def _ahead(self: _Rows, client_id: UUID, target: ScheduledSession) -> Ahead:
        return ahead_of(client_id, self._queue(target), self.now)

    def _holds(self: _Rows, client_id: UUID) -> frozenset[UUID]:
        """The credits that wait for a client, here or elsewhere."""
        theirs = (each for each in self.rows.entries.values() if each.client_id == client_id and self._live(each))
        return frozenset(each.credit_id for each in theirs if each.credit_id is not None)

    def _queue(self: _Rows, target: ScheduledSession) -> Queue:
        entries = self._waiting_for(target.session.id)
        return Queue(target, in_order(self._waiting(self._of_now(entry), target) for entry in entries))

    def _waiting_for(self: _Rows, session_id: UUID) -> list[WaitlistEntry]:
        return [each for each in self.rows.entries.values() if each.session_id == session_id and self._live(each)]

    def _waiting(self: _Rows, entry: WaitlistEntry, target: ScheduledSession) -> Waiting:
        client = self._found(self.rows.clients, entry.client_id)
        credit: MakeUpCredit | None = None
        elsewhere: tuple[Place, ...] = ()
        if entry.credit_id is not None:
            credit = self._found(self.rows.credits, entry.credit_id)
            elsewhere = tuple(each for each in self._places(entry.credit_id) if each.entry.id != entry.id)
        seats = (
            booking.id
            for booking in self.rows.bookings.values()
            if booking.live and (booking.session_id, booking.client_id) == (entry.session_id, entry.client_id)
        )
        siblings = self._siblings_by(target, client)
        return Waiting(entry, client, credit, siblings, elsewhere, next(seats, None))

    def _live(self: _Rows, entry: WaitlistEntry) -> bool:
        return entry.waits(self.now, self.rows.sessions[entry.session_id].starts_at)

    def _places(self: _Rows, credit_id: UUID) -> tuple[Place, ...]:
        """Where a credit waits, by the start."""
        theirs = [each for each in self.rows.entries.values() if each.credit_id == credit_id and self._live(each)]
        places = [Place(each, self.rows.sessions[each.session_id].starts_at) for each in theirs]
        return tuple(sorted(places, key=lambda place: (place.starts_at, place.entry.id)))
