"""A session: one dated meeting with a capacity, part of a course or a one-time class."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from uuid import UUID

from domain.nouns.course import Course
from domain.nouns.local_time import local_date, start_of
from domain.nouns.policy import UNDECIDED, Choices, Level, Off, Policy, level_of, policy_of
from domain.nouns.studio import Studio
from domain.nouns.words import Word


class SessionStatus(Word):
    SCHEDULED = "SCHEDULED", "It takes place."
    CANCELLED = "CANCELLED", "The studio has cancelled it."


class Compensation(Word):
    """What clients get when the studio cancels a session (E6)."""

    CREDITS = (
        "CREDITS",
        "One credit for each seat that is paid or waived, but not with a credit, and whose client has none for the"
        " session already. Where earning needs no payment, also for one that is due. None once the term is over to"
        " whose end credits live.",
    )
    NONE = "NONE", "No credit; what is paid back is between studio and client."


@dataclass(frozen=True)
class Session:
    """`taken` counts its live bookings. `price` in minor units and `category` are those of one-time classes only.

    `name` is its own; empty for a session that is called as its course is.

    `make_ups` are those of the live bookings that credits have paid; `most_ordinary` is the highest number of the
    others that were ever live at once (R6). `choices`: what it has decided of the policy. `extra_make_up_seats` is what
    holds for it, kept here so that the database can hold `taken` against it.

    `accepts_make_ups` overrides the course (R3); a one-time class always has its own. `moved_at`: when its times were
    last changed (C8). `freed_late`: seats that became free after the time in which they are given to who waits at
    once, and that are kept for the queue (W2); see `ScheduledSession.on_offer`.
    """

    studio_id: int
    id: UUID
    course_id: UUID | None
    name: str
    starts_at: datetime
    ends_at: datetime
    capacity: int
    taken: int
    make_ups: int
    most_ordinary: int
    extra_make_up_seats: int
    price: int | None
    choices: Choices
    accepts_make_ups: bool | None
    instructor_id: UUID | None
    status: SessionStatus
    category: str | None
    archived_at: datetime | None
    moved_at: datetime | None
    created_at: datetime
    changed_at: datetime
    freed_late: int = 0

    def started(self, now: datetime) -> bool:
        """Started iff now >= start (E2)."""
        return now >= self.starts_at

    @property
    def freed_seats(self) -> int:
        """R6: freed by ordinary bookings and not refilled by one: the most there ever were at once, less those now."""
        return self.most_ordinary - (self.taken - self.make_ups)


@dataclass(frozen=True)
class ScheduledSession:
    """A session together with all that decides about it: its studio and, unless one-time, its course.

    `waiting`: how many wait for a seat in it; it matters only where seats were freed for them (W2).
    """

    studio: Studio
    session: Session
    course: Course | None
    waiting: int = 0

    @cached_property
    def policy(self) -> Policy:
        """What holds here: session over course over studio over default."""
        return policy_of(*self.levels)

    def level_of(self, setting: str) -> Level:
        """Which level decided a setting of the policy."""
        return level_of(setting, *self.levels)

    @property
    def levels(self) -> tuple[Choices, Choices, Choices]:
        """What has been decided by the studio, the course and the session."""
        course = UNDECIDED if self.course is None else self.course.choices
        return self.studio.choices, course, self.session.choices

    @property
    def deadline(self) -> datetime:
        """The last instant at which a cancellation is in time (E2)."""
        return self.policy.cancellation_deadline.instant(self.session.starts_at, self.studio.zone)

    @property
    def seats_given_until(self) -> datetime:
        """The last instant at which a seat that becomes free is given to who waits at once; later it is on offer (W2).

        By the deadline of the policy, without what a move adds to it for those who were booked (C8).
        """
        return self.deadline - timedelta(hours=self.policy.auto_seat_hours_before_deadline)

    def on_offer(self, now: datetime) -> int:
        """Seats kept for those who wait, of whom anyone may claim one; until the start (W2).

        Never more than are free (invariant 3).
        """
        session = self.session
        if session.started(now) or session.status is not SessionStatus.SCHEDULED:
            return 0
        free = session.capacity + session.extra_make_up_seats - session.taken
        return max(0, min(session.freed_late, free, self.waiting))

    def taken(self, now: datetime) -> int:
        """R6: live bookings and seats on offer to the queue."""
        return self.session.taken + self.on_offer(now)

    def seats_left(self, now: datetime) -> int:
        """How many are free for money; none in what does not take place."""
        session = self.session
        return max(0, session.capacity - self.taken(now)) if session.status is SessionStatus.SCHEDULED else 0

    @property
    def make_ups_open_at(self) -> datetime | None:
        """The first instant at which credits can book it, a local midnight; None: at any (R5)."""
        days, zone = self.policy.make_ups_open_days_before, self.studio.zone
        if isinstance(days, Off):
            return None
        return start_of(local_date(self.session.starts_at, zone) - timedelta(days=days), zone)

    @property
    def make_ups_close_at(self) -> datetime | None:
        """The last instant at which credits can book it; None: as long as it has not started (R5)."""
        minutes = self.policy.make_ups_close_minutes_before
        return None if isinstance(minutes, Off) else self.session.starts_at - timedelta(minutes=minutes)

    @property
    def most_make_ups(self) -> int | None:
        """How many seats credits may have in it, however many are free; None: any number (R6)."""
        limits = [self.session.freed_seats] if self.policy.freed_seats_only else []
        if not isinstance(most := self.policy.max_make_ups, Off):
            limits.append(most)
        return min(limits, default=None)

    def make_up_seats_left(self, now: datetime) -> int:
        """How many seats are free for credits (R6); none in what does not take place."""
        session, most = self.session, self.most_make_ups
        if session.status is not SessionStatus.SCHEDULED:
            return 0
        seats = session.capacity + session.extra_make_up_seats - self.taken(now)
        return max(0, seats if most is None else min(seats, most - session.make_ups))

    @property
    def name(self) -> str:
        """Its own, or its course's."""
        return self.session.name or (self.course.name if self.course is not None else "")

    @property
    def accepts_make_ups(self) -> bool:
        """Session over course (R3)."""
        if self.session.accepts_make_ups is not None:
            return self.session.accepts_make_ups
        return self.course is not None and self.course.accepts_make_ups

    @property
    def make_ups_decided_by(self) -> Level:
        """Which level says whether it accepts make-ups."""
        return Level.COURSE if self.session.accepts_make_ups is None else Level.SESSION

    @property
    def category(self) -> str | None:
        """The studio's word for what is taught: the course's, or a one-time class's own (R9)."""
        return self.course.category if self.course is not None else self.session.category

    @property
    def single_price(self) -> int | None:
        """The price of one seat in minor units; None where it has none."""
        return self.course.single_session_price if self.course is not None else self.session.price
