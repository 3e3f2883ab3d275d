"""One function per event: what it writes, and its line in the append-only table of events."""

from persistence.events import (
    bookings,
    clients,
    credits,
    enrolments,
    erasing,
    policies,
    schedule,
    staff,
    studio,
    waitlists,
)
from persistence.events.writing import Writer, write_all

__all__ = [
    "Writer",
    "bookings",
    "clients",
    "credits",
    "enrolments",
    "erasing",
    "policies",
    "schedule",
    "staff",
    "studio",
    "waitlists",
    "write_all",
]
