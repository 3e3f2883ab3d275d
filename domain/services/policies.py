"""What a studio, a course and a session decide. Nothing already issued or booked changes with it (V8, C11)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from domain import policy_limits
from domain.authority import require_manager, require_owner
from domain.events import CoursePolicyChanged, PolicyChanged, SessionPolicyChanged
from domain.local_time import local_date
from domain.outcome import Done
from domain.policy import Level, changed
from domain.ports import Work
from domain.refusals import Refused
from domain.seats import capacity_holds_what_is_booked
from domain.session import ScheduledSession
from domain.studio import Studio

STUDIO_CODES = policy_limits.CODES
CODES = (*policy_limits.CODES, *capacity_holds_what_is_booked.codes)


@dataclass(frozen=True)
class UpdatePolicy:
    """`changes` by the names of the policy's settings; None takes a decision back."""

    changes: Mapping[str, object]


async def update_policy(work: Work, command: UpdatePolicy) -> Done | Refused:
    """A1, V8: by the owner; what is issued or booked stays as it is."""
    require_owner(await work.authority())
    studio = await work.locked_studio()
    if refused := _wrong(work, studio, command.changes, Level.STUDIO):
        return refused
    choices = changed(studio.choices, command.changes)
    if choices != studio.choices:
        await work.record(PolicyChanged(studio, choices))
    return Done(studio_id=work.studio_id)


@dataclass(frozen=True)
class UpdateCoursePolicy:
    """`changes` by the names of the policy's settings; None takes a decision back."""

    course_id: UUID
    changes: Mapping[str, object]


async def update_course_policy(work: Work, command: UpdateCoursePolicy) -> Done | Refused:
    """R6: fewer extra seats are refused where a session that has not started needs them."""
    require_manager(await work.authority())
    course = await work.locked_course(command.course_id)
    sessions = await work.locked_sessions_to_come(course.id)
    studio = await work.studio()
    if refused := _wrong(work, studio, command.changes, Level.COURSE):
        return refused
    after = replace(course, choices=changed(course.choices, command.changes))
    following = [session for session in sessions if "extra_make_up_seats" not in session.choices]
    if reasons := tuple(
        reason
        for session in following
        if (reason := capacity_holds_what_is_booked(ScheduledSession(studio, session, after), work.now))
    ):
        return Refused(reasons)
    if after.choices != course.choices:
        extra = ScheduledSession(studio, following[0], after).policy.extra_make_up_seats if following else 0
        changed_for = tuple(session.id for session in following if session.extra_make_up_seats != extra)
        await work.record(CoursePolicyChanged(course, after.choices, extra, changed_for))
    return Done(studio_id=work.studio_id, course=course.id)


@dataclass(frozen=True)
class UpdateSessionPolicy:
    """`changes` by the names of the policy's settings; None takes a decision back."""

    session_id: UUID
    changes: Mapping[str, object]


async def update_session_policy(work: Work, command: UpdateSessionPolicy) -> Done | Refused:
    """R6: fewer extra seats are refused where they are taken."""
    require_manager(await work.authority())
    target = await work.locked_target(command.session_id)
    if refused := _wrong(work, target.studio, command.changes, Level.SESSION):
        return refused
    session = target.session
    after = replace(target, session=replace(session, choices=changed(session.choices, command.changes)))
    if reason := capacity_holds_what_is_booked(after, work.now):
        return Refused((reason,))
    if after.session.choices != session.choices:
        await work.record(SessionPolicyChanged(session, after.session.choices, after.policy.extra_make_up_seats))
    return Done(studio_id=work.studio_id, session=session.id)


def _wrong(work: Work, studio: Studio, changes: Mapping[str, object], level: Level) -> Refused | None:
    made = {name: value for name, value in changes.items() if value is not None}
    reasons = policy_limits.wrong_choices(made, level, local_date(work.now, studio.zone))
    return Refused(reasons) if reasons else None
