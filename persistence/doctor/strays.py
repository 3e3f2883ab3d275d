"""Rows and events that name what is not there, or do not name what they are about: no part would come upon them."""

from uuid import UUID

import sqlalchemy as sa

from domain.nouns.history import EventKind
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
    "account_id": ("account", t.accounts),
    "actor_id": ("account", t.accounts),
}
NAMING = {
    "staff": (t.staff, ("account_id",)),
    "link": (t.client_accounts, ("client_id", "account_id")),
    "session": (t.sessions, ("course_id", "instructor_id")),
    "enrolment": (t.enrolments, ("course_id", "client_id")),
    "booking": (t.bookings, ("session_id",)),
    "place": (t.waitlist_entries, ("session_id",)),
    "event": (
        t.events,
        ("course_id", "session_id", "client_id", "enrolment_id", "booking_id", "credit_id", "actor_id"),
    ),
}
"""What of each kind is asked for here: the rest is asked where the row is judged."""
_SEAT = {
    *(EventKind.SEAT_BOOKED, EventKind.BOOKING_CANCELLED, EventKind.CANCELLATION_UNDONE),
    *(EventKind.ATTENDANCE_MARKED, EventKind.WAITLIST_SEATED),
}
_PLACE = {kind for kind in EventKind if kind.startswith("WAITLIST_")}
_CREDIT = {kind for kind in EventKind if kind.startswith("CREDIT_")}
_ENROLMENT = {EventKind.CLIENT_ENROLLED, EventKind.ENROLMENT_ENDED}
_CLIENT = {kind for kind in EventKind if kind.startswith("CLIENT_")} | {EventKind.PAYMENT_RECORDED}
ABOUT = {
    "course_id": {*(kind for kind in EventKind if kind.startswith("COURSE_")), *_ENROLMENT},
    "session_id": {
        *(kind for kind in EventKind if kind.startswith("SESSION_")),
        *(EventKind.SEATS_OFFERED, *_SEAT, *_PLACE),
    },
    "client_id": _CLIENT | _ENROLMENT | _SEAT | _PLACE | _CREDIT,
    "enrolment_id": _ENROLMENT,
    "booking_id": _SEAT,
    "credit_id": _CREDIT,
}
"""Which kinds of event have to name a thing of each kind: they are found by it."""


async def strays(reading: Reading, kind: str, last: UUID | None, most: int) -> tuple[list[str], UUID | None]:
    """Of the next ones of a kind, by id: a sentence for each name; and the last id, None where there are no more."""
    table, names = NAMING[kind]
    # Whom an account manages has no id of its own, and stands there once.
    key = table.c.client_id if table is t.client_accounts else table.c.id
    columns = key.label("key"), *(table.c[name] for name in names), *([table.c.kind] if table is t.events else [])
    page = sa.select(*columns).where(table.c.studio_id == reading.studio_id).order_by(key).limit(most)
    some = (page if last is None else page.where(key > last)).subquery()
    missing = [
        sa.and_(
            some.c[name].is_not(None),
            ~sa.exists().where(_here(named, reading.studio_id), named.c.id == some.c[name]),
        ).label(f"no_{name}")
        for name, (_, named) in NAMED.items()
        if name in names
    ]
    rows = await reading.every(sa.select(some, *missing).order_by(some.c.key))
    sentences = [
        f"{kind} {row.key} names {NAMED[name][0]} {getattr(row, name)}, which is not here"
        for row in rows
        for name in names
        if getattr(row, f"no_{name}")
    ]
    if table is t.events:
        sentences += [
            f"{kind} {row.key} tells {row.kind}, and of no {NAMED[name][0]}"
            for row in rows
            for name, kinds in ABOUT.items()
            if row.kind in kinds and getattr(row, name) is None
        ]
    return sentences, rows[-1].key if len(rows) == most else None


def _here(table: sa.Table, studio_id: int) -> sa.ColumnElement[bool]:
    """Accounts are of no studio."""
    return table.c.studio_id == studio_id if "studio_id" in table.c else sa.true()
