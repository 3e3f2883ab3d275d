"""Rows and events that name what is not there, and that no part of a studio would come upon."""

from uuid import UUID

import sqlalchemy as sa

from persistence import tables as t
from persistence.doctor.reading import Reading

NAMED = {
    "course_id": ("course", t.courses),
    "session_id": ("session", t.sessions),
    "instructor_id": ("staff", t.staff),
    "client_id": ("client", t.clients),
    "enrolment_id": ("enrolment", t.enrolments),
    "booking_id": ("booking", t.bookings),
    "credit_id": ("credit", t.make_up_credits),
}
NAMING = {
    "session": (t.sessions, ("course_id", "instructor_id")),
    "enrolment": (t.enrolments, ("course_id", "client_id")),
    "booking": (t.bookings, ("session_id",)),
    "place": (t.waitlist_entries, ("session_id",)),
    "event": (t.events, ("course_id", "session_id", "client_id", "enrolment_id", "booking_id", "credit_id")),
}
"""What of each kind is asked for here: the rest is asked where the row is judged."""


async def strays(reading: Reading, kind: str, last: UUID | None, most: int) -> tuple[list[str], UUID | None]:
    """Of the next ones of a kind, by id: a sentence for each name; and the last id, None where there are no more."""
    table, names = NAMING[kind]
    page = sa.select(table.c.id, *(table.c[name] for name in names)).where(table.c.studio_id == reading.studio_id)
    page = page.order_by(table.c.id).limit(most)
    some = (page if last is None else page.where(table.c.id > last)).subquery()
    missing = [
        sa.and_(
            some.c[name].is_not(None),
            ~sa.exists().where(named.c.studio_id == reading.studio_id, named.c.id == some.c[name]),
        ).label(f"no_{name}")
        for name, (_, named) in NAMED.items()
        if name in names
    ]
    rows = await reading.every(sa.select(some, *missing).order_by(some.c.id))
    sentences = [
        f"{kind} {row.id} names {NAMED[name][0]} {getattr(row, name)}, which is not here"
        for row in rows
        for name in names
        if getattr(row, f"no_{name}")
    ]
    return sentences, rows[-1].id if len(rows) == most else None
