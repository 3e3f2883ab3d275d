"""The lists of the API: which rows, in which order. Pages of them are cut in `persistence.reads.pages`."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from domain.credits.choosing import CreditFilter
from domain.dates import Dates
from domain.nouns.booking import Attendance, Booking, BookingStatus, Enrolment, PaidWith, PaymentState
from domain.nouns.client import Client
from domain.nouns.course import Course
from domain.nouns.credit import TAKEN_BACK, CreditOrigin, MakeUpCredit
from domain.nouns.session import Session, SessionStatus
from domain.nouns.words import Word
from persistence import shapes as s
from persistence import tables as t
from persistence.away import is_meant
from persistence.reads.bookable import Bookable
from persistence.reads.credit_states import as_of, matching
from persistence.reads.effective import ACCEPTS_MAKE_UPS, CATEGORY, SESSIONS
from persistence.reads.keys import Key, of_clients
from persistence.reads.pages import Listing

Conditions = list[sa.ColumnElement[bool]]


class Archived(Word):
    EXCLUDE = "EXCLUDE", "Without what is archived."
    INCLUDE = "INCLUDE", "With what is archived."
    ONLY = "ONLY", "What is archived, and nothing else."


_NEVER = sa.literal(2**62, type_=sa.BigInteger)


@dataclass(frozen=True)
class SessionFilter:
    """Sessions that start in [from, until), of one course, by one instructor, and so on; None: all.

    `category` and `accepts_make_ups` are the effective values, the session's own or its course's. `bookable`: by each.
    Sessions of an archived course count as archived, too, unless somebody has a seat: then they take place.
    """

    starts_from: datetime | None = None
    starts_until: datetime | None = None
    course_id: UUID | None = None
    instructor_id: UUID | None = None
    category: str | None = None
    accepts_make_ups: bool | None = None
    status: SessionStatus | None = None
    bookable: tuple[Bookable, ...] = ()
    archived: Archived = Archived.EXCLUDE


def sessions(studio_id: int, wanted: SessionFilter) -> Listing[Session]:
    """By start."""
    c, course = t.sessions.c, t.courses.c
    where = [c.studio_id == studio_id, *_starting(wanted.starts_from, wanted.starts_until)]
    where += _equal(
        (c.course_id, wanted.course_id),
        (c.instructor_id, wanted.instructor_id),
        (c.status, wanted.status),
        (CATEGORY, wanted.category),
        (ACCEPTS_MAKE_UPS, wanted.accepts_make_ups),
    )
    where += [each.condition() for each in wanted.bookable]
    with_its_course = sa.and_(c.taken == 0, course.archived_at.is_not(None))
    where += _archived(sa.or_(c.archived_at.is_not(None), with_its_course), wanted.archived)
    return Listing(s.SESSION, SESSIONS, (c.starts_at, c.id), tuple(where))


def courses(studio_id: int, archived: Archived, category: str | None = None) -> Listing[Course]:
    """By name."""
    c = t.courses.c
    where = _equal((c.studio_id, studio_id), (c.category, category)) + _archived(c.archived_at.is_not(None), archived)
    return Listing(s.COURSE, t.courses, (c.name, c.id), tuple(where))


def clients(studio_id: int, archived: Archived) -> Listing[Client]:
    """By name."""
    c = t.clients.c
    where = (c.studio_id == studio_id, *_archived(c.archived_at.is_not(None), archived))
    return Listing(s.CLIENT, s.CLIENT.source, (c.name, c.id), where)


def clients_of_account(account_id: UUID) -> Listing[Client]:
    """At every studio, by the studio, then by name."""
    c = t.clients.c
    where = (t.client_accounts.c.account_id == account_id,)
    return Listing(s.CLIENT, s.CLIENT.source, (c.studio_id, c.name, c.id), where)


@dataclass(frozen=True)
class BookingFilter:
    """Bookings of sessions that start in [from, until), of one client, and so on; None: all."""

    starts_from: datetime | None = None
    starts_until: datetime | None = None
    statuses: Collection[BookingStatus] | None = None
    client_id: UUID | None = None
    course_id: UUID | None = None
    paid_with: PaidWith | None = None
    payment: PaymentState | None = None


def bookings_of_clients(keys: Iterable[Key], wanted: BookingFilter) -> Listing[Booking]:
    """By the start of their sessions."""
    return _bookings(of_clients(t.bookings, keys), wanted)


def bookings_of_studio(studio_id: int, wanted: BookingFilter) -> Listing[Booking]:
    """By the start of their sessions."""
    return _bookings(t.bookings.c.studio_id == studio_id, wanted)


def bookings_given_up(key: Key, dates: Dates, zone: ZoneInfo, now: datetime) -> Listing[Booking]:
    """C7: a client's live ones in the sessions that an absence means, by their start."""
    theirs = sa.and_(of_clients(t.bookings, [key]), is_meant(dates, zone, now))
    return _bookings(theirs, BookingFilter(statuses=[BookingStatus.BOOKED]))


def _bookings(where: sa.ColumnElement[bool], wanted: BookingFilter) -> Listing[Booking]:
    booking, session = t.bookings.c, t.sessions.c
    in_session = sa.and_(session.studio_id == booking.studio_id, session.id == booking.session_id)
    more = _starting(wanted.starts_from, wanted.starts_until) + _equal(
        (booking.client_id, wanted.client_id),
        (session.course_id, wanted.course_id),
        (booking.paid_with, wanted.paid_with),
        (s.PAYMENT, wanted.payment),
    )
    if wanted.statuses is not None:
        more.append(booking.status.in_(wanted.statuses))
    return Listing(
        s.BOOKING, s.BOOKING.source.join(t.sessions, in_session), (session.starts_at, booking.id), (where, *more)
    )


def attendance_corrections(studio_id: int) -> Listing[Booking]:
    """C9: what is not excused any more while what it earned stands. By when it was marked.

    Where the studio has cancelled the session since, the credit stands for that (E7), and there is nothing to correct.
    """
    booking, credit, session = t.bookings.c, t.make_up_credits.c, t.sessions.c
    earned = sa.and_(credit.studio_id == booking.studio_id, credit.missed_booking_id == booking.id)
    where = (
        booking.studio_id == studio_id,
        booking.attendance != Attendance.EXCUSED,
        credit.origin == CreditOrigin.EXCUSED_ABSENCE,
        credit.state.not_in(TAKEN_BACK),
        session.status == SessionStatus.SCHEDULED,
    )
    in_session = sa.and_(session.studio_id == booking.studio_id, session.id == booking.session_id)
    source = s.BOOKING.source.join(t.make_up_credits, earned).join(t.sessions, in_session)
    return Listing(s.BOOKING, source, (booking.marked_at, booking.id), where)


def roster(session: Session, statuses: Collection[BookingStatus] | None) -> Listing[Booking]:
    """The bookings of one session, by the names of the clients."""
    booking, client = t.bookings.c, t.clients.c
    whose = sa.and_(client.studio_id == booking.studio_id, client.id == booking.client_id)
    where = [booking.studio_id == session.studio_id, booking.session_id == session.id]
    if statuses is not None:
        where.append(booking.status.in_(statuses))
    return Listing(s.BOOKING, s.BOOKING.source.join(t.clients, whose), (client.name, booking.id), tuple(where))


def enrolments_of_client(key: Key) -> Listing[Enrolment]:
    """By when they enrolled."""
    c = t.enrolments.c
    return Listing(s.ENROLMENT, t.enrolments, (c.enrolled_at, c.id), (of_clients(t.enrolments, [key]),))


def credits_of_clients(keys: Iterable[Key], wanted: CreditFilter, now: datetime) -> Listing[MakeUpCredit]:
    """By expiry, never-expiring last."""
    return _credits(of_clients(t.make_up_credits, keys), wanted, now)


def credits_of_studio(studio_id: int, wanted: CreditFilter, now: datetime) -> Listing[MakeUpCredit]:
    """By expiry, never-expiring last."""
    return _credits(t.make_up_credits.c.studio_id == studio_id, wanted, now)


def _credits(where: sa.ColumnElement[bool], wanted: CreditFilter, now: datetime) -> Listing[MakeUpCredit]:
    c = t.make_up_credits.c
    expires = sa.func.coalesce(sa.type_coerce(c.expires_at, sa.BigInteger), _NEVER)
    return Listing(as_of(now), t.make_up_credits, (expires, c.id), (where, *matching(wanted, now)))


def _starting(first: datetime | None, end: datetime | None) -> Conditions:
    c = t.sessions.c
    from_then_on = [] if first is None else [c.starts_at >= first]
    return from_then_on if end is None else [*from_then_on, c.starts_at < end]


def _archived(is_so: sa.ColumnElement[bool], wanted: Archived) -> Conditions:
    return {Archived.EXCLUDE: [sa.not_(is_so)], Archived.INCLUDE: [], Archived.ONLY: [is_so]}[wanted]


def _equal(*pairs: tuple[sa.ColumnElement[Any], object]) -> Conditions:
    """That a column has a value, for each value that is asked for."""
    return [column == value for column, value in pairs if value is not None]
