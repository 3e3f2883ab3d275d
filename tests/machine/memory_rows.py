"""The rows of one studio in plain dictionaries."""

from dataclasses import dataclass, field, fields, replace
from uuid import UUID

from domain.credits.ledger import LedgerEntry
from domain.nouns.booking import Booking, Enrolment
from domain.nouns.client import Client
from domain.nouns.course import Course
from domain.nouns.credit import MakeUpCredit
from domain.nouns.invitation import Invitation
from domain.nouns.session import Session
from domain.nouns.studio import Staff, Studio
from domain.nouns.waitlist import WaitlistEntry
from domain.truth.snapshot import Snapshot


@dataclass
class MemoryStudio:
    """The rows of one studio. Whatever stands in the dictionaries is frozen, so that a copy of them is enough."""

    studio: Studio
    staff: dict[UUID, Staff] = field(default_factory=dict)
    clients: dict[UUID, Client] = field(default_factory=dict)
    courses: dict[UUID, Course] = field(default_factory=dict)
    sessions: dict[UUID, Session] = field(default_factory=dict)
    enrolments: dict[UUID, Enrolment] = field(default_factory=dict)
    bookings: dict[UUID, Booking] = field(default_factory=dict)
    credits: dict[UUID, MakeUpCredit] = field(default_factory=dict)
    ledgers: dict[UUID, tuple[LedgerEntry, ...]] = field(default_factory=dict)
    entries: dict[UUID, WaitlistEntry] = field(default_factory=dict)
    invitations: dict[UUID, Invitation] = field(default_factory=dict)

    ended_with: dict[UUID, tuple[UUID, ...]] = field(default_factory=dict)
    """By cancelled session: the bookings that ended when it was cancelled."""

    def copy(self) -> "MemoryStudio":
        tables = (getattr(self, each.name) for each in fields(self)[1:])
        return MemoryStudio(self.studio, *(dict(table) for table in tables))

    def booking(self, booking: Booking) -> Booking:
        """With the payment of its enrolment, where it has one."""
        if booking.enrolment_id is None:
            return booking
        return replace(booking, payment=self.enrolments[booking.enrolment_id].payment)

    def snapshot(self) -> Snapshot:
        return Snapshot(
            sessions=tuple(self.sessions.values()),
            clients=tuple(self.clients.values()),
            enrolments=tuple(self.enrolments.values()),
            bookings=tuple(map(self.booking, self.bookings.values())),
            credits=tuple(self.credits.values()),
            ledgers=dict(self.ledgers),
            entries=tuple(self.entries.values()),
        )
