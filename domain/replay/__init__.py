"""What every row must be, told from the events alone: each kind of row is a fold of its lines.

A row is told in the form of `domain.replay.plain`, field by field. What no line tells is left out of it: words that
people wrote, which can be taken out of history, and what histories older than a field do not know.
"""

from domain.replay.credits import credits
from domain.replay.people import clients, enrolments, invitations, staff
from domain.replay.schedule import courses, sessions, studio
from domain.replay.seats import bookings, entries
from domain.replay.told import FREE_TEXT, Row, Told, compared, differences

__all__ = [
    "FREE_TEXT",
    "Row",
    "Told",
    "bookings",
    "clients",
    "compared",
    "courses",
    "credits",
    "differences",
    "enrolments",
    "entries",
    "invitations",
    "sessions",
    "staff",
    "studio",
]
