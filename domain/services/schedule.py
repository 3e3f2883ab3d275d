"""The schedule: courses and sessions."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.archive import Place, course_is_not_archived, studio_is_not_archived
from domain.authority import require_decider
from domain.events import CourseCreated, SessionCreated
from domain.managing.policy_limits import CODES as POLICY_CODES
from domain.managing.policy_limits import of_studio_too, wrong_choices
from domain.managing.staffing import TEACHING_RULES, Teaching
from domain.nouns.course import Course
from domain.nouns.local_time import local_date
from domain.nouns.policy import UNDECIDED, Choices, Level, policy_of
from domain.nouns.session import Session, SessionStatus
from domain.outcome import Done
from domain.ports import Work
from domain.refusals import Refusal, Refused
from domain.rules import Rule, broken, codes_of

COURSE_RULES = (studio_is_not_archived,)
SESSION_RULES: tuple[Rule[Place, Refusal], ...] = (studio_is_not_archived, course_is_not_archived)
COURSE_CODES = (*POLICY_CODES, *codes_of(*COURSE_RULES))
SESSION_CODES = (*POLICY_CODES, *codes_of(*SESSION_RULES, *TEACHING_RULES))


@dataclass(frozen=True)
class CreateCourse:
    """Prices in minor units of the studio's currency; at least one of them is given."""

    name: str
    description: str
    whole_course_price: int | None
    single_session_price: int | None
    accepts_make_ups: bool
    category: str | None = None
    choices: Choices = field(default_factory=dict[str, Any])


async def create_course(work: Work, command: CreateCourse) -> Done | Refused:
    """A1: by staff who manage; what they decide otherwise than the studio is the owner's."""
    require_decider(await work.authority(), of_studio_too(command.choices, "policy"))
    studio = await work.studio()
    wrong = wrong_choices(command.choices, Level.COURSE, local_date(work.now, studio.zone))
    if reasons := (*wrong, *broken(COURSE_RULES, Place(studio), work.now)):
        return Refused(reasons)
    course = Course(
        studio_id=work.studio_id,
        id=work.new_id(),
        name=command.name,
        description=command.description,
        whole_course_price=command.whole_course_price,
        single_session_price=command.single_session_price,
        choices=command.choices,
        accepts_make_ups=command.accepts_make_ups,
        category=command.category,
        archived_at=None,
        created_at=work.now,
        changed_at=work.now,
    )
    await work.record(CourseCreated(course))
    return Done(studio_id=work.studio_id, course=course.id)


@dataclass(frozen=True)
class CreateSession:
    """With `course_id` a session of the course; without one a one-time class, with a name of its own.

    `price` in minor units and `category` are for one-time classes only. `name` empty: the course's, as it is named.
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
    choices: Choices = field(default_factory=dict[str, Any])


async def create_session(work: Work, command: CreateSession) -> Done | Refused:
    """A1: as of a course. B2: those already enrolled in its course are not booked into it."""
    require_decider(await work.authority(), of_studio_too(command.choices, "policy"))
    course = None if command.course_id is None else await work.locked_course(command.course_id)
    instructor = None if command.instructor_id is None else await work.locked_instructor(command.instructor_id)
    studio = await work.studio()
    wrong = wrong_choices(command.choices, Level.SESSION, local_date(work.now, studio.zone))
    teaching = broken(TEACHING_RULES, Teaching(instructor), work.now)
    if reasons := (*wrong, *broken(SESSION_RULES, Place(studio, course), work.now), *teaching):
        return Refused(reasons)
    of_course = UNDECIDED if course is None else course.choices
    session = Session(
        studio_id=work.studio_id,
        id=work.new_id(),
        course_id=command.course_id,
        name=command.name,
        starts_at=command.starts_at,
        ends_at=command.ends_at,
        capacity=command.capacity,
        taken=0,
        make_ups=0,
        most_ordinary=0,
        extra_make_up_seats=policy_of(UNDECIDED, of_course, command.choices).extra_make_up_seats,
        price=command.price,
        choices=command.choices,
        accepts_make_ups=command.accepts_make_ups,
        instructor_id=command.instructor_id,
        status=SessionStatus.SCHEDULED,
        category=command.category,
        archived_at=None,
        moved_at=None,
        created_at=work.now,
        changed_at=work.now,
    )
    await work.record(SessionCreated(session))
    return Done(studio_id=work.studio_id, session=session.id)
