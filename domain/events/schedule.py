"""What happened to courses and sessions."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.nouns.course import Course
from domain.nouns.policy import Choices
from domain.nouns.session import Compensation, Session


@dataclass(frozen=True)
class CourseCreated:
    course: Course


@dataclass(frozen=True)
class CourseChanged:
    """`course` as it was before, `after` as it is from now on."""

    course: Course
    after: Course


@dataclass(frozen=True)
class CoursePolicyChanged:
    """`course` as it was before. `extra_make_up_seats` holds from now on for the sessions named, not yet started."""

    course: Course
    choices: Choices
    extra_make_up_seats: int
    session_ids: tuple[UUID, ...]


@dataclass(frozen=True)
class SessionCreated:
    session: Session


@dataclass(frozen=True)
class SessionChanged:
    """`session` as it was before, `after` as it is from now on."""

    session: Session
    after: Session


@dataclass(frozen=True)
class SessionPolicyChanged:
    """`session` as it was before. `extra_make_up_seats` is what holds for it from now on."""

    session: Session
    choices: Choices
    extra_make_up_seats: int


@dataclass(frozen=True)
class SessionMoved:
    """`session` as it was before; from now on it starts and ends then (C8)."""

    session: Session
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class SessionCancelled:
    """`session` as it was before. `bookings`: those that end with it. `note` is for the staff."""

    session: Session
    compensation: Compensation
    note: str
    bookings: tuple[UUID, ...]


@dataclass(frozen=True)
class SeatsOffered:
    """`session` as it was before. `freed_late`: how many seats are kept for its queue from now on (W2).

    `at`: since when, where time has ended the offers; None for now.
    """

    session: Session
    freed_late: int
    at: datetime | None = None
