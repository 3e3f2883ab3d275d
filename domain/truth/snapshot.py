"""All that one studio holds, or a part of it, for asking whether what must always be true is."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from domain.credits.ledger import LedgerEntry
from domain.nouns.booking import Booking, Enrolment
from domain.nouns.client import Client
from domain.nouns.credit import MakeUpCredit
from domain.nouns.session import Session
from domain.nouns.waitlist import WaitlistEntry


@dataclass(frozen=True)
class Snapshot:
    """Rows of one studio. `ledgers`: the lines of each credit, by its id, in the order of writing."""

    sessions: tuple[Session, ...]
    clients: tuple[Client, ...]
    enrolments: tuple[Enrolment, ...]
    bookings: tuple[Booking, ...]
    credits: tuple[MakeUpCredit, ...]
    ledgers: Mapping[UUID, tuple[LedgerEntry, ...]]
    entries: tuple[WaitlistEntry, ...] = ()

    @cached_property
    def ids(self) -> frozenset[UUID]:
        """Of everything that is here."""
        rows = (self.sessions, self.clients, self.enrolments, self.bookings, self.credits, self.entries)
        return frozenset(row.id for nouns in rows for row in nouns)
