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
        booked, waiting = _b.session_id.in_(keys), _w.session_id.in_(keys)
        bookings = reading.ids(_b.id, booked)
        credits = sa.union(
            reading.ids(_b.credit_id, booked),
            reading.ids(_w.credit_id, waiting),
            reading.ids(_c.id, _c.missed_booking_id.in_(bookings)),
            reading.ids(_c.id, _c.booking_id.in_(bookings)),
        )
        clients = sa.union(reading.ids(_b.client_id, booked), reading.ids(_w.client_id, waiting))
        part = Snapshot(
            sessions=own,
            clients=await reading.nouns(s.CLIENT, t.clients.c.id.in_(clients)),
            enrolments=await reading.nouns(s.ENROLMENT, t.enrolments.c.id.in_(reading.ids(_b.enrolment_id, booked))),
            bookings=await reading.nouns(s.BOOKING, booked),
            credits=await reading.nouns(s.CREDIT, _c.id.in_(credits)),
            ledgers={},
            entries=await reading.nouns(s.ENTRY, waiting),
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
        named = _c.id.in_(keys)
        own = await reading.nouns(s.CREDIT, named)
        bookings = sa.union(
            reading.ids(_b.id, _b.credit_id.in_(keys), *_STANDS),
            reading.ids(_c.missed_booking_id, named),
            reading.ids(_c.booking_id, named),
        )
        wait = _w.credit_id.in_(keys), *_WAITS
        sessions = sa.union(reading.ids(_c.missed_session_id, named), reading.ids(_w.session_id, *wait))
        clients = sa.union(reading.ids(_c.client_id, named), reading.ids(_w.client_id, *wait))
        lines = await reading.told(_e.credit_id.in_(keys))
        ledgers: dict[UUID, list[LedgerEntry]] = {}
        for line in lines:
            if line.credit_id is not None:
                ledgers.setdefault(line.credit_id, []).append(entry_of(line))
        part = Snapshot(
            sessions=await reading.nouns(s.SESSION, t.sessions.c.id.in_(sessions)),
            clients=await reading.nouns(s.CLIENT, t.clients.c.id.in_(clients)),
            enrolments=(),
            bookings=await reading.nouns(s.BOOKING, _b.id.in_(bookings)),
            credits=own,
            ledgers={key: tuple(entries) for key, entries in ledgers.items()},
            entries=await reading.nouns(s.ENTRY, *wait),
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
