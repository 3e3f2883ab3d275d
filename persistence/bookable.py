"""Which sessions a credit can book, as a condition in SQL, so that a page of them is one statement.

The rules stand in `domain.session_rules` and `domain.credit_rules`, and decide there again for every session that is
shown. A test holds the two against each other on sessions of every kind.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from domain.booking import BookingStatus
from domain.credit import MakeUpCredit
from domain.local_time import begun, end_of, local_date, offsets
from domain.policy import Policy
from domain.session import SessionStatus
from domain.studio import Studio
from persistence import tables as t
from persistence.effective import flag, limit
from persistence.terms import Terms, terms_of
from persistence.types import microseconds

_A_DAY = timedelta(days=1)
_MICROSECOND = timedelta(microseconds=1)
_DAY = _A_DAY // _MICROSECOND
_MINUTE = timedelta(minutes=1) // _MICROSECOND


@dataclass(frozen=True)
class Offer:
    """Where a session says what it costs and asks: in its own row, or also in that of its course."""

    accepts_make_ups: sa.ColumnElement[Any]
    price: sa.ColumnElement[Any]
    category: sa.ColumnElement[Any]
    levels: tuple[sa.ColumnElement[Any], ...]


@dataclass(frozen=True)
class Bookable:
    """For one client at `now`, with any of the credits that ask `terms`; with none, nothing.

    `policy` is the studio's. `other_than`: a session that is not meant.
    """

    studio_id: int
    policy: Policy
    zone: ZoneInfo
    client_id: UUID
    now: datetime
    terms: frozenset[Terms]
    other_than: UUID | None = None

    @classmethod
    def by(
        cls,
        studio: Studio,
        client_id: UUID,
        now: datetime,
        credits: Iterable[MakeUpCredit],
        other_than: UUID | None = None,
    ) -> "Bookable":
        """With any of these, which are the client's to spend now."""
        terms = terms_of(credits, studio.policy) if studio.archived_at is None else frozenset[Terms]()
        return cls(studio.id, studio.policy, studio.zone, client_id, now, terms, other_than)

    def condition(self) -> sa.ColumnElement[bool]:
        """On a row of `sessions`."""
        if not self.terms:
            return sa.false()
        c, course = t.sessions.c, t.courses.c
        own = Offer(c.accepts_make_ups, c.price, c.category, (c.choices,))
        of_course = Offer(
            sa.func.coalesce(c.accepts_make_ups, course.accepts_make_ups),
            course.single_session_price,
            course.category,
            (c.choices, course.choices),
        )
        in_course = sa.exists().where(
            course.studio_id == c.studio_id,
            course.id == c.course_id,
            course.archived_at.is_(None),
            course.single_session_price.is_not(None),  # R4
            self._allowed(of_course),
        )
        return sa.and_(
            c.status == SessionStatus.SCHEDULED,
            c.archived_at.is_(None),
            c.starts_at > self.now,
            c.starts_at < self._horizon,
            c.taken < c.capacity + c.extra_make_up_seats,
            sa.not_(self._already_booked()),
            sa.or_(sa.and_(c.course_id.is_(None), self._allowed(own)), in_course),
            c.id != self.other_than if self.other_than is not None else sa.true(),
        )

    def _allowed(self, offer: Offer) -> sa.ColumnElement[bool]:
        """By what its course may decide too."""
        return sa.and_(
            offer.accepts_make_ups,
            self._within_window(offer),
            self._leaves_a_make_up_seat(offer),
            sa.or_(*(terms.condition(offer.price, offer.category) for terms in self.terms)),
        )

    def _within_window(self, offer: Offer) -> sa.ColumnElement[bool]:
        """R5: the days before are counted on the calendar, the minutes before on the clock."""
        starts_at = sa.type_coerce(t.sessions.c.starts_at, sa.BigInteger)
        days = limit("make_ups_open_days_before", self.policy, *offer.levels)
        minutes = limit("make_ups_close_minutes_before", self.policy, *offer.levels)
        tomorrow = datetime.combine(begun(self.now, self.zone) + _A_DAY, time(), UTC)
        return sa.and_(
            sa.or_(days.is_(None), starts_at + self._offset() - days * _DAY < microseconds(tomorrow)),
            sa.or_(minutes.is_(None), starts_at - minutes * _MINUTE >= microseconds(self.now)),
        )

    def _leaves_a_make_up_seat(self, offer: Offer) -> sa.ColumnElement[bool]:
        """R6."""
        c = t.sessions.c
        most = limit("max_make_ups", self.policy, *offer.levels)
        freed = c.most_ordinary - (c.taken - c.make_ups)
        return sa.and_(
            sa.or_(most.is_(None), c.make_ups < most),
            sa.or_(sa.not_(flag("freed_seats_only", self.policy, *offer.levels)), c.make_ups < freed),
        )

    def _already_booked(self) -> sa.ColumnElement[bool]:
        c, booking = t.sessions.c, t.bookings.c
        return sa.exists().where(
            booking.studio_id == c.studio_id,
            booking.session_id == c.id,
            booking.client_id == self.client_id,
            booking.status == BookingStatus.BOOKED,
        )

    @property
    def _horizon(self) -> datetime:
        """The end of the last local date that is not too far ahead (V3)."""
        return end_of(local_date(self.now, self.zone) + timedelta(days=self.policy.max_days_ahead), self.zone)

    def _offset(self) -> sa.ColumnElement[int]:
        """Of the studio's clocks from UTC at the start of the session, in microseconds."""
        (_, first), *later = offsets(self.now, self._horizon, self.zone)
        now = sa.literal(first // _MICROSECOND, sa.BigInteger)
        if not later:
            return now
        starts_at = t.sessions.c.starts_at
        return sa.case(*((starts_at >= since, offset // _MICROSECOND) for since, offset in reversed(later)), else_=now)
