"""The parts of a studio: what has to be read together, so that it can be judged by itself."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import sqlalchemy as sa

from domain import replay
from domain.credits.ledger import LedgerEntry
from domain.nouns.booking import Booking, Enrolment
from domain.nouns.client import Client
from domain.nouns.course import Course
from domain.nouns.credit import MakeUpCredit
from domain.nouns.history import EventKind
from domain.nouns.invitation import Invitation
from domain.nouns.session import Session
from domain.nouns.studio import Staff, Studio
from domain.nouns.waitlist import WaitlistEntry
from domain.replay import Row
from domain.truth.invariants import OF_CLIENTS, OF_CREDITS, OF_SESSIONS, violations
from domain.truth.snapshot import Snapshot
from persistence import shapes as s
from persistence import tables as t
from persistence.differences import row_in_plain
from persistence.doctor.reading import Reading
from persistence.reads.ledgers import entry_of

_b, _c, _w, _e = t.bookings.c, t.make_up_credits.c, t.waitlist_entries.c, t.events.c
# As the partial indexes have it: a parameter would hide from SQLite that they serve.
_STANDS = _b.credit_id.is_not(None), _b.status != sa.literal_column("'CANCELLED'")
_WAITS = _w.credit_id.is_not(None), _w.state == sa.literal_column("'WAITING'")
_OF_NO_SESSION = sa.and_(_e.session_id.is_(None), _e.client_id.is_(None))


CALLED: dict[type, str] = {
    Studio: "studio",
    Staff: "staff",
    Invitation: "invitation",
    Course: "course",
    Session: "session",
    Client: "client",
    Enrolment: "enrolment",
    Booking: "booking",
    WaitlistEntry: "place",
    MakeUpCredit: "credit",
}
"""What is held against its events, and what a sentence calls it."""


class Part(Protocol):
    """Some rows of a kind with what it takes to judge them; its sentences."""

    @property
    def noun(self) -> type: ...

    @property
    def shape(self) -> s.Shape[Any]: ...

    async def judge(self, reading: Reading, keys: Sequence[UUID], now: datetime) -> Sequence[str]: ...


class Sessions:
    """With all bookings in them and all places on their lists, and whatever these name or have earned."""

    noun, shape = Session, s.SESSION

    async def judge(self, reading: Reading, keys: Sequence[UUID], now: datetime) -> Sequence[str]:
        own = await reading.nouns(s.SESSION, t.sessions.c.id.in_(keys))
        bookings = await reading.nouns(s.BOOKING, _b.session_id.in_(keys))
        entries = await reading.nouns(s.ENTRY, _w.session_id.in_(keys))
        seats = [booking.id for booking in bookings]
        credits = (
            *await reading.named(s.CREDIT, _c.id, (each.credit_id for each in (*bookings, *entries))),
            *await reading.named(s.CREDIT, _c.missed_booking_id, seats),
            *await reading.named(s.CREDIT, _c.booking_id, seats),
        )
        clients = (each.client_id for each in (*bookings, *entries))
        part = Snapshot(
            sessions=own,
            clients=await reading.named(s.CLIENT, t.clients.c.id, clients),
            enrolments=await reading.named(s.ENROLMENT, t.enrolments.c.id, (each.enrolment_id for each in bookings)),
            bookings=bookings,
            credits=tuple({credit.id: credit for credit in credits}.values()),
            ledgers={},
            entries=entries,
        )
        courses = {session.course_id for session in own if session.course_id is not None}
        lines = await reading.told(_e.session_id.in_(keys))
        if courses:
            of_course = _e.course_id.in_(courses), _e.kind == EventKind.COURSE_POLICY_CHANGED.value
            lines += await reading.told(_OF_NO_SESSION, *of_course)
            lines.sort(key=lambda line: (line.at, line.id))
        return [
            *violations(part, now, OF_SESSIONS),
            *_compared(Session, own, replay.sessions(lines)),
            *_compared(Booking, part.bookings, replay.bookings(lines)),
            *_compared(WaitlistEntry, part.entries, replay.entries(lines)),
        ]


class Credits:
    """With their ledgers, all seats that they pay, all places that wait with them, and whatever they name."""

    noun, shape = MakeUpCredit, s.CREDIT

    async def judge(self, reading: Reading, keys: Sequence[UUID], now: datetime) -> Sequence[str]:
        own = await reading.nouns(s.CREDIT, _c.id.in_(keys))
        seats = (key for credit in own for key in (credit.missed_booking_id, credit.booking_id))
        bookings = (
            *await reading.nouns(s.BOOKING, _b.credit_id.in_(keys), *_STANDS),
            *await reading.named(s.BOOKING, _b.id, seats),
        )
        entries = await reading.nouns(s.ENTRY, _w.credit_id.in_(keys), *_WAITS)
        sessions = (*(each.missed_session_id for each in own), *(each.session_id for each in entries))
        clients = (each.client_id for each in (*own, *entries))
        lines = await reading.told(_e.credit_id.in_(keys))
        ledgers: dict[UUID, list[LedgerEntry]] = {}
        for line in lines:
            if line.credit_id is not None:
                ledgers.setdefault(line.credit_id, []).append(entry_of(line))
        part = Snapshot(
            sessions=await reading.named(s.SESSION, t.sessions.c.id, sessions),
            clients=await reading.named(s.CLIENT, t.clients.c.id, clients),
            enrolments=(),
            bookings=tuple({booking.id: booking for booking in bookings}.values()),
            credits=own,
            ledgers={key: tuple(entries) for key, entries in ledgers.items()},
            entries=entries,
        )
        return [*violations(part, now, OF_CREDITS), *_compared(MakeUpCredit, own, replay.credits(lines))]


class Clients:
    """With all their enrolments."""

    noun, shape = Client, s.CLIENT

    async def judge(self, reading: Reading, keys: Sequence[UUID], now: datetime) -> Sequence[str]:
        own = await reading.nouns(s.CLIENT, t.clients.c.id.in_(keys))
        enrolments = await reading.nouns(s.ENROLMENT, t.enrolments.c.client_id.in_(keys))
        of_no_seat = _e.session_id.is_(None), _e.booking_id.is_(None), _e.credit_id.is_(None)
        lines = await reading.told(_e.client_id.in_(keys), *of_no_seat)
        part = Snapshot((), own, enrolments, (), (), {})
        return [
            *violations(part, now, OF_CLIENTS),
            *_compared(Client, own, replay.clients(lines)),
            *_compared(Enrolment, enrolments, replay.enrolments(lines)),
        ]


class Courses:
    """By themselves."""

    noun, shape = Course, s.COURSE

    async def judge(self, reading: Reading, keys: Sequence[UUID], now: datetime) -> Sequence[str]:
        own = await reading.nouns(s.COURSE, t.courses.c.id.in_(keys))
        lines = await reading.told(_e.course_id.in_(keys), _OF_NO_SESSION)
        return list(_compared(Course, own, replay.courses(lines)))


PARTS: tuple[Part, ...] = (Courses(), Sessions(), Credits(), Clients())


async def of_the_studio_itself(reading: Reading) -> list[str]:
    """The studio and its staff."""
    found = await reading.every(s.STUDIO.select().where(t.studios.c.id == reading.studio_id))
    if not found:
        return [f"studio {reading.studio_id} is not here, and rows of it are"]
    lines = await reading.told(_e.course_id.is_(None), _OF_NO_SESSION)
    row = row_in_plain(s.STUDIO.make(found[0]))
    return [
        *replay.differences(CALLED[Studio], reading.studio_id, replay.studio(lines), row),
        *_compared(Staff, await reading.nouns(s.STAFF), replay.staff(lines)),
        *_compared(Invitation, await reading.nouns(s.INVITATION), replay.invitations(lines)),
    ]


def _compared(noun: type, rows: Sequence[Any], told: dict[UUID, Row]) -> Iterator[str]:
    here = {row.id: row_in_plain(row) for row in rows}
    for key in (*here, *(told.keys() - here.keys())):
        yield from replay.differences(CALLED[noun], key, told.get(key), here.get(key))
