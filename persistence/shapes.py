"""SELECT lists made from the domain's dataclasses, so that a drift between the two fails at import."""

from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import fields
from typing import Any, Generic, TypeVar

import sqlalchemy as sa

from domain.issuing.earning import EarnedBefore
from domain.nouns.account import Account
from domain.nouns.booking import Booking, Enrolment
from domain.nouns.client import Client
from domain.nouns.course import Course
from domain.nouns.credit import MakeUpCredit
from domain.nouns.history import Happened
from domain.nouns.invitation import Invitation
from domain.nouns.session import Session
from domain.nouns.studio import Staff, Studio
from domain.nouns.waitlist import WaitlistEntry
from persistence import tables as t

Noun = TypeVar("Noun")
AnySelect = sa.Select[*tuple[Any, ...]]
AnyRow = sa.Row[*tuple[Any, ...]]


class Shape(Generic[Noun]):
    """How a noun is read: `select` its columns from `source`, `make` it of a row."""

    def __init__(
        self,
        noun: type[Noun],
        table: sa.Table,
        source: sa.FromClause | None = None,
        **read: sa.ColumnElement[Any],
    ) -> None:
        names = [field.name for field in fields(noun)]  # pyright: ignore[reportArgumentType] - a dataclass
        self.table = table
        self.source = table if source is None else source
        self.columns = tuple((read[name] if name in read else table.c[name]).label(name) for name in names)
        self._make: Callable[..., Noun] = noun

    def and_then(self, change: Callable[[Noun], Noun]) -> "Shape[Noun]":
        """What is read so, changed by that."""
        changed = copy(self)
        changed._make = lambda *row: change(self._make(*row))
        return changed

    def select(self) -> AnySelect:
        return sa.select(*self.columns).select_from(self.source)

    def make(self, row: Iterable[Any]) -> Noun:
        return self._make(*row)

    def make_or_none(self, row: Iterable[Any] | None) -> Noun | None:
        return None if row is None else self.make(row)


def row_of(noun: object, table: sa.Table) -> dict[str, Any]:
    """The values of a noun for the columns that its table has."""
    return {column.name: getattr(noun, column.name) for column in table.columns}


ACCOUNT = Shape(Account, t.accounts)
STUDIO = Shape(Studio, t.studios)
STAFF = Shape(Staff, t.staff)
INVITATION = Shape(Invitation, t.staff_invitations)
HAPPENED = Shape(Happened, t.events)
COURSE = Shape(Course, t.courses)
SESSION = Shape(Session, t.sessions)
ENROLMENT = Shape(Enrolment, t.enrolments)
CREDIT = Shape(MakeUpCredit, t.make_up_credits)
ENTRY = Shape(WaitlistEntry, t.waitlist_entries)
EARNED_BEFORE = Shape(
    EarnedBefore,
    t.make_up_credits,
    t.make_up_credits.join(
        t.sessions,
        sa.and_(
            t.sessions.c.studio_id == t.make_up_credits.c.studio_id,
            t.sessions.c.id == t.make_up_credits.c.missed_session_id,
        ),
    ),
    course_id=t.sessions.c.course_id,
    missed_at=t.sessions.c.starts_at,
    credit_id=t.make_up_credits.c.id,
)
CLIENT = Shape(
    Client,
    t.clients,
    t.clients.outerjoin(
        t.client_accounts,
        sa.and_(
            t.client_accounts.c.studio_id == t.clients.c.studio_id,
            t.client_accounts.c.client_id == t.clients.c.id,
        ),
    ),
    account_id=t.client_accounts.c.account_id,
)
PAYMENT = sa.func.coalesce(t.enrolments.c.payment, t.bookings.c.payment)
"""How a booking is paid: as its enrolment is, where it has one."""
BOOKING = Shape(
    Booking,
    t.bookings,
    t.bookings.outerjoin(
        t.enrolments,
        sa.and_(
            t.enrolments.c.studio_id == t.bookings.c.studio_id,
            t.enrolments.c.id == t.bookings.c.enrolment_id,
        ),
    ),
    payment=PAYMENT,
    # The payment is the enrolment's, so a change of the enrolment is one of its bookings too.
    changed_at=sa.case(
        (t.enrolments.c.changed_at > t.bookings.c.changed_at, t.enrolments.c.changed_at),
        else_=t.bookings.c.changed_at,
    ),
)
