"""Who waits for the seats of sessions: foreseen, to be locked with the act's own clients, and read once they are (W2).

Whoever joins a list has locked its session. So, once an act has locked a session, nobody comes to wait for it.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

import sqlalchemy as sa

from domain.nouns.booking import BookingStatus
from domain.nouns.client import Client
from domain.nouns.credit import MakeUpCredit
from domain.nouns.session import ScheduledSession
from domain.nouns.waitlist import NOBODY, Ahead, WaitlistEntry
from domain.waiting.queueing import Queue, Waiting, ahead_of, every_seat_is_taken, in_order
from persistence import shapes as s
from persistence import tables as t
from persistence.loads.bookings import BookingLoads
from persistence.loads.holds import IN_SESSION, OF_CREDIT, HoldLoads
from persistence.loads.schedule import ScheduleLoads


class QueueLoads(ScheduleLoads, HoldLoads, BookingLoads):
    async def _foresee(
        self, freeing: Collection[UUID], wanted: Collection[UUID] = (), client_id: UUID | None = None
    ) -> None:
        """Whom the locks that come must take in: all who wait for sessions in which the act may free seats, what is
        held for them, and whose that is; and what is held for this client in those in which it may give them one.

        The sessions are locked, the clients not yet. In one statement.
        """
        foreseen, e = self._foreseen, t.waitlist_entries.c
        foreseen.freeing.update(freeing)
        foreseen.waiting |= dict.fromkeys((*freeing, *wanted), 0)
        if not freeing and not wanted:
            return
        holder_id = t.make_up_credits.c.client_id.label("holder_id")
        rows = await self._rows(
            sa.select(e.session_id, e.client_id, e.credit_id, holder_id)
            .join_from(t.waitlist_entries, t.sessions, IN_SESSION)
            .outerjoin(t.make_up_credits, OF_CREDIT)
            .where(
                e.studio_id == self.studio_id,
                e.session_id.in_({*freeing, *wanted}),
                self._live(),
                t.sessions.c.starts_at > self.now,
            )
        )
        foreseen.waiting |= Counter(row.session_id for row in rows)
        for row in rows:
            if row.client_id == client_id:
                foreseen.client_waits.add(row.session_id)
            if row.session_id in foreseen.freeing:
                foreseen.clients |= {row.client_id, row.holder_id or row.client_id}
            elif row.client_id != client_id:
                continue
            if row.credit_id is not None:
                foreseen.credits.add(row.credit_id)

    async def _ahead(self, client_id: UUID, target: ScheduledSession) -> Ahead:
        return (await self._aheads(client_id, [target])).get(target.session.id, NOBODY)

    async def _aheads(self, client_id: UUID, targets: Iterable[ScheduledSession]) -> Mapping[UUID, Ahead]:
        """By session of those that were asked: its queue as a client meets it. Who waits is not locked.

        Where nobody has to be asked whether they could take a seat, as many as wait are only counted; but for who
        travels in time, and may meet a place that has ended later.
        """
        waiting, client_waits = self._foreseen.waiting, self._foreseen.client_waits
        asked = {each.session.id: each for each in targets if waiting[each.session.id]}
        counted = {
            key: Ahead(waiting[key], 0, key in client_waits)
            for key, each in asked.items()
            if every_seat_is_taken(each.session) and not self.travelling
        }
        queues = await self._queues([each for key, each in asked.items() if key not in counted])
        return counted | {each.target.session.id: ahead_of(client_id, each, self.now) for each in queues}

    async def _queues(self, targets: Collection[ScheduledSession], *of: sa.ColumnElement[bool]) -> tuple[Queue, ...]:
        """Those for which somebody waits; in five statements, whatever the number of sessions and of who waits."""
        e, by_id = (
            t.waitlist_entries.c,
            {each.session.id: each for each in targets if not each.session.started(self.now)},
        )
        if not by_id:
            return ()
        entries = await self._read(s.ENTRY, e.session_id.in_(by_id), self._live(), *of)
        waiting: dict[UUID, list[Waiting]] = {}
        for each in await self._waiting(entries):
            waiting.setdefault(each.entry.session_id, []).append(each)
        return tuple(Queue(replace(by_id[key], waiting=len(those)), in_order(those)) for key, those in waiting.items())

    async def _waiting(self, entries: Sequence[WaitlistEntry]) -> tuple[Waiting, ...]:
        """Each entry with whom it is of, and what is held for it."""
        if not entries:
            return ()
        credit_ids = {each.credit_id for each in entries if each.credit_id is not None}
        credits = await self._credits_by_id(credit_ids)
        people = {each.client_id for each in (*entries, *credits.values())}
        clients = {each.id: each for each in await self._read(s.CLIENT, t.clients.c.id.in_(people))}
        places, seats = await self._places(credit_ids), await self._seats_of(entries)

        def waiting(entry: WaitlistEntry) -> Waiting:
            client = clients[entry.client_id]
            credit = None if entry.credit_id is None else credits[entry.credit_id]
            return Waiting(
                entry=entry,
                client=client,
                credit=credit,
                siblings=frozenset() if credit is None else _siblings(client, clients[credit.client_id]),
                elsewhere=()
                if credit is None
                else tuple(place for place in places.get(credit.id, ()) if place.entry.id != entry.id),
                booking_id=seats.get((entry.session_id, entry.client_id)),
            )

        return tuple(map(waiting, entries))

    async def _credits_by_id(self, ids: Collection[UUID]) -> Mapping[UUID, MakeUpCredit]:
        found = await self._read(s.CREDIT, t.make_up_credits.c.id.in_(ids)) if ids else ()
        return {credit.id: credit for credit in found}

    async def _seats_of(self, entries: Iterable[WaitlistEntry]) -> Mapping[tuple[UUID, UUID], UUID]:
        """By session and client: the seat that they have got there."""
        b = t.bookings.c
        rows = await self._rows(
            sa.select(b.id, b.session_id, b.client_id).where(
                b.studio_id == self.studio_id,
                b.session_id.in_({each.session_id for each in entries}),
                b.client_id.in_({each.client_id for each in entries}),
                b.status == BookingStatus.BOOKED,
            )
        )
        return {(row.session_id, row.client_id): row.id for row in rows}


def _siblings(client: Client, holder: Client) -> frozenset[UUID]:
    """R8: whoever holds the credit, where the same account manages both."""
    if holder.id == client.id or client.account_id is None or holder.account_id != client.account_id:
        return frozenset()
    return frozenset({holder.id})
