"""Changing courses and sessions, archiving them and bringing them back. Times, and cancelling, are not among it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from domain.archive import archived_from
from domain.authority import require_manager
from domain.events import CourseChanged, SessionChanged
from domain.faults import BadUserInput
from domain.managing.changing import COURSE_RULES, SESSION_RULES
from domain.managing.staffing import TEACHING_RULES, Teaching
from domain.nouns.session import Session
from domain.outcome import Done
from domain.ports import Work
from domain.refusals import Refused
from domain.rules import broken
from domain.services.waitlists import record_and_seat


@dataclass(frozen=True)
class UpdateCourse:
    """`changes` by the names of the course's fields. `archived` None: as it is."""

    course_id: UUID
    changes: Mapping[str, Any]
    archived: bool | None = None


async def update_course(work: Work, command: UpdateCourse) -> Done | Refused:
    """C11: seats that are booked stand. Sessions to come are locked, so that a booking sees all of a change or none.

    W2, B4: whoever waits may be able to take a free seat now; what is archived ends the queues.
    """
    require_manager(await work.authority(), "courseId")
    course = await work.locked_course(command.course_id)
    sessions = await work.locked_sessions_to_come(course.id)
    archived_at = archived_from(course.archived_at, command.archived, work.now)
    after = replace(course, **command.changes, archived_at=archived_at)
    if reasons := broken(COURSE_RULES, after, work.now):
        return Refused(reasons)
    if after != course:
        await record_and_seat(work, [CourseChanged(course, after)], {session.id: 0 for session in sessions})
    return Done(studio_id=work.studio_id, course=course.id)


@dataclass(frozen=True)
class UpdateSession:
    """`changes` by the names of the session's fields. `archived` None: as it is."""

    session_id: UUID
    changes: Mapping[str, Any]
    archived: bool | None = None


async def update_session(work: Work, command: UpdateSession) -> Done | Refused:
    """R6, B4, C11. What stands on the course cannot be changed here."""
    require_manager(await work.authority(), "sessionId")
    instructor_id = command.changes.get("instructor_id")
    instructor = None if instructor_id is None else await work.locked_instructor(instructor_id)
    target = await work.locked_target(command.session_id)
    session = target.session
    _require_fit(session, command.changes)
    archived_at = archived_from(session.archived_at, command.archived, work.now)
    after = replace(session, **command.changes, archived_at=archived_at)
    teaching = broken(TEACHING_RULES, Teaching(instructor, session.instructor_id == instructor_id), work.now)
    if reasons := (*broken(SESSION_RULES, replace(target, session=after), work.now), *teaching):
        return Refused(reasons)
    if after != session:
        more_seats = max(0, after.capacity - session.capacity)
        await record_and_seat(work, [SessionChanged(session, after)], {session.id: more_seats})
    return Done(studio_id=work.studio_id, session=session.id)


def _require_fit(session: Session, changes: Mapping[str, Any]) -> None:
    if session.course_id is None:
        if not changes.get("name", session.name):
            raise BadUserInput("A one-time class has a name.", "name")
        if changes.get("accepts_make_ups", session.accepts_make_ups) is None:
            raise BadUserInput("Say whether the class can be booked with credits.", "acceptsMakeUps")
        return
    for name in ("price", "category"):
        if changes.get(name) is not None:
            raise BadUserInput(f"The {name} of a course's session stands on the course.", name)
