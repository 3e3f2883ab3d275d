"""Which sessions a studio offers to credits, whoever asks and with whichever, as a condition in SQL.

The rules stand in `domain.spending.session_rules`, and decide there again for every session that is shown.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from domain.nouns.local_time import begun, end_of, local_date, offsets
from domain.nouns.policy import Policy
from domain.nouns.session import SessionStatus
from persistence import tables as t
from persistence.reads.effective import ACCEPTS_MAKE_UPS, flag, limit
from persistence.reads.entry_states import SAYS_WAITING
from persistence.types import microseconds

_A_DAY = timedelta(days=1)
_MICROSECOND = timedelta(microseconds=1)
_DAY = _A_DAY // _MICROSECOND
_MINUTE = timedelta(minutes=1) // _MICROSECOND


@dataclass(frozen=True)
class Offered:
    """By one studio at `now`. `policy` is the studio's."""

    studio_id: int
    policy: Policy
    zone: ZoneInfo
    now: datetime

    def condition(self) -> sa.ColumnElement[bool]:
        """On a row of `effective.SESSIONS`."""
        c, course = t.sessions.c, t.courses.c
        return sa.and_(
            c.studio_id == self.studio_id,
            c.status == SessionStatus.SCHEDULED,
            c.archived_at.is_(None),
            course.archived_at.is_(None),
            c.starts_at > self.now,
            c.starts_at < end_of(self._last_day, self.zone),
            _leaves_a_seat(),
            sa.or_(c.course_id.is_(None), course.single_session_price.is_not(None)),  # R4
            ACCEPTS_MAKE_UPS,
            self._within_window(),
            self._leaves_a_make_up_seat(),
        )

    def _within_window(self) -> sa.ColumnElement[bool]:
        """R5: the days before are counted on the calendar, the minutes before on the clock."""
        starts_at = sa.type_coerce(t.sessions.c.starts_at, sa.BigInteger)
        days = limit("make_ups_open_days_before", self.policy)
        minutes = limit("make_ups_close_minutes_before", self.policy)
        tomorrow = datetime.combine(begun(self.now, self.zone) + _A_DAY, time(), UTC)
        return sa.and_(
            _or_no_limit(starts_at + self._offset() - days * _DAY < microseconds(tomorrow)),
            _or_no_limit(starts_at - minutes * _MINUTE >= microseconds(self.now)),
        )

    def _leaves_a_make_up_seat(self) -> sa.ColumnElement[bool]:
        """R6."""
        c = t.sessions.c
        freed = c.most_ordinary - (c.taken - c.make_ups)
        return sa.and_(
            _or_no_limit(c.make_ups < limit("max_make_ups", self.policy)),
            sa.or_(sa.not_(flag("freed_seats_only", self.policy)), c.make_ups < freed),
        )

    @property
    def _last_day(self) -> date:
        """The last local date that is not too far ahead (V3)."""
        return local_date(self.now, self.zone) + timedelta(days=self.policy.max_days_ahead)

    def _offset(self) -> sa.ColumnElement[int]:
        """Of the studio's clocks from UTC at the start of the session, in microseconds."""
        (_, first), *later = offsets(local_date(self.now, self.zone), self._last_day, self.zone)
        today = sa.literal(first // _MICROSECOND, sa.BigInteger)
        if not later:
            return today
        starts_at = t.sessions.c.starts_at
        return sa.case(
            *((starts_at >= since, offset // _MICROSECOND) for since, offset in reversed(later)), else_=today
        )


def _leaves_a_seat() -> sa.ColumnElement[bool]:
    """R6: not all that are free are on offer to those who wait."""
    c, entry = t.sessions.c, t.waitlist_entries.c
    free = c.capacity + c.extra_make_up_seats - c.taken
    waiting = (
        sa.select(sa.func.count())
        .select_from(t.waitlist_entries)
        .where(entry.studio_id == c.studio_id, entry.session_id == c.id, SAYS_WAITING)
        .correlate(t.sessions)
        .scalar_subquery()
    )
    # Nobody counts them where fewer are kept for them than there are.
    return sa.and_(free > 0, sa.case((c.freed_late < free, sa.true()), else_=waiting < free))


def _or_no_limit(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Where there is no limit it is null, and so is what is asked of it."""
    return sa.func.coalesce(condition, sa.true())
