"""The schedule: courses and sessions."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.authority import require_manager
from domain.course import Course
from domain.events import CourseCreated, SessionCreated
from domain.outcome import Done
from domain.ports import Work
from domain.refusals import Refused
from domain.session import Session, SessionStatus


@dataclass(frozen=True)
class CreateCourse:
    """Prices in minor units of the studio's currency; at least one of them is given."""

    name: str
    description: str
    whole_course_price: int | None
    single_session_price: int | None
    make_ups_enabled: bool | None
    accepts_make_ups: bool
    category: str | None = None


async def create_course(work: Work, command: CreateCourse) -> Done | Refused:
    require_manager(await work.authority())
    course = Course(
        studio_id=work.studio_id,
        id=work.new_id(),
        name=command.name,
        description=command.description,
        whole_course_price=command.whole_course_price,
        single_session_price=command.single_session_price,
        make_ups_enabled=command.make_ups_enabled,
        accepts_make_ups=command.accepts_make_ups,
        category=command.category,
        created_at=work.now,
        changed_at=work.now,
    )
    await work.record(CourseCreated(course))
    return Done(studio_id=work.studio_id, course=course.id)


@dataclass(frozen=True)
class CreateSession:
    """With `course_id` a session of the course; without one a one-time class, with a name of its own.

    `price` in minor units and `category` are for one-time classes only. `name` empty: the course's.
    """

    course_id: UUID | None
    name: str
    starts_at: datetime
    ends_at: datetime
    capacity: int
    price: int | None
    accepts_make_ups: bool | None
    instructor_id: UUID | None
    category: str | None = None


async def create_session(work: Work, command: CreateSession) -> Done | Refused:
    """A new session; those already enrolled in its course are not booked into it (section 12, B2)."""
    require_manager(await work.authority())
    name = command.name
    if command.course_id is not None:
        course = await work.course(command.course_id)
        name = name or course.name
    if command.instructor_id is not None:
        await work.staff_member(command.instructor_id)
    session = Session(
        studio_id=work.studio_id,
        id=work.new_id(),
        course_id=command.course_id,
        name=name,
        starts_at=command.starts_at,
        ends_at=command.ends_at,
        capacity=command.capacity,
        taken=0,
        price=command.price,
        accepts_make_ups=command.accepts_make_ups,
        instructor_id=command.instructor_id,
        status=SessionStatus.SCHEDULED,
        category=command.category,
        created_at=work.now,
        changed_at=work.now,
    )
    await work.record(SessionCreated(session))
    return Done(studio_id=work.studio_id, session=session.id)
