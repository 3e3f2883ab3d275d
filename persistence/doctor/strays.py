"""Events that name what is not there."""

from uuid import UUID

import sqlalchemy as sa

from persistence import tables as t
from persistence.doctor.reading import Reading

_NOUNS = {
    "course_id": ("course", t.courses),
    "session_id": ("session", t.sessions),
    "client_id": ("client", t.clients),
    "enrolment_id": ("enrolment", t.enrolments),
    "booking_id": ("booking", t.bookings),
    "credit_id": ("credit", t.make_up_credits),
}


async def strays(reading: Reading, last: UUID | None, most: int) -> tuple[list[str], UUID | None]:
    """Of the next events by id: a sentence for each name, and the last id; None where there are no more."""
    c = t.events.c
    page = sa.select(c.id, *(c[name] for name in _NOUNS)).where(c.studio_id == reading.studio_id)
    page = page.order_by(c.id).limit(most)
    some = (page if last is None else page.where(c.id > last)).subquery()
    missing = [
        sa.and_(
            some.c[name].is_not(None),
            ~sa.exists().where(table.c.studio_id == reading.studio_id, table.c.id == some.c[name]),
        ).label(f"no_{noun}")
        for name, (noun, table) in _NOUNS.items()
    ]
    rows = await reading.every(sa.select(some, *missing).order_by(some.c.id))
    sentences = [
        f"event {row.id} names {noun} {getattr(row, name)}, which is not here"
        for row in rows
        for name, (noun, _) in _NOUNS.items()
        if getattr(row, f"no_{noun}")
    ]
    return sentences, rows[-1].id if len(rows) == most else None
