"""Which sessions a credit can book, as a condition in SQL, so that a page of them is one statement.

The rules stand in `domain.make_ups`, and decide there again for every session that is shown. A test holds the two
against each other on sessions of every kind.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from domain.booking import BookingStatus
from domain.credit import MakeUpCredit
from domain.local_time import end_of, local_date
from domain.session import SessionStatus
from domain.studio import Studio
from persistence import tables as t


@dataclass(frozen=True)
class Bookable:
    """For one client at `now`. `payable`: whether they have a credit that could be spent at the studio at all.

    `missed_session_id` is the session that all of their credits were earned in, and so can never book (R7).
    """

    studio_id: int
    horizon: datetime
    client_id: UUID
    now: datetime
    payable: bool
    missed_session_id: UUID | None

    @classmethod
    def with_credits(
        cls, studio: Studio, client_id: UUID, now: datetime, credits: Collection[MakeUpCredit]
    ) -> "Bookable":
        """With any of these, which are the client's and spendable."""
        missed = {credit.missed_session_id for credit in credits}
        only_one = missed.pop() if len(missed) == 1 else None
        return cls.of(studio, client_id, now, bool(credits), only_one)

    @classmethod
    def of(
        cls, studio: Studio, client_id: UUID, now: datetime, payable: bool, missed_session_id: UUID | None
    ) -> "Bookable":
        """`horizon`: the end of the last local date that is not too far ahead (V3)."""
        payable = payable and studio.archived_at is None
        last_day = local_date(now, studio.zone) + timedelta(days=studio.policy.max_days_ahead)
        return cls(studio.id, end_of(last_day, studio.zone), client_id, now, payable, missed_session_id)

    def condition(self) -> sa.ColumnElement[bool]:
        """On a row of `sessions`."""
        c = t.sessions.c
        if not self.payable:
            return sa.false()
        return sa.and_(
            c.status == SessionStatus.SCHEDULED,
            c.archived_at.is_(None),
            c.starts_at > self.now,
            c.starts_at < self.horizon,
            c.taken < c.capacity,
            self._course_allows(),
            sa.not_(self._already_booked()),
            c.id != self.missed_session_id if self.missed_session_id is not None else sa.true(),
        )

    def _course_allows(self) -> sa.ColumnElement[bool]:
        """R3, R4, B4: it accepts make-ups, by itself or by its course; that sells sessions, and is not archived."""
        c, course = t.sessions.c, t.courses.c
        of_session = sa.and_(course.studio_id == c.studio_id, course.id == c.course_id)
        accepts = sa.func.coalesce(c.accepts_make_ups, course.accepts_make_ups)
        offered = sa.and_(course.single_session_price.is_not(None), course.archived_at.is_(None))
        in_course = sa.exists().where(of_session, offered, accepts)
        return sa.or_(sa.and_(c.course_id.is_(None), c.accepts_make_ups), in_course)

    def _already_booked(self) -> sa.ColumnElement[bool]:
        c, booking = t.sessions.c, t.bookings.c
        return sa.exists().where(
            booking.studio_id == c.studio_id,
            booking.session_id == c.id,
            booking.client_id == self.client_id,
            booking.status == BookingStatus.BOOKED,
        )
