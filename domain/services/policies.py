"""What a studio, a course and a session decide. Nothing already issued or booked changes with it (V8)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from domain.authority import require_decider, require_owner
from domain.events import CoursePolicyChanged, PolicyChanged, SessionPolicyChanged
from domain.managing import policy_limits
from domain.nouns.local_time import local_date
from domain.nouns.policy import UNDECIDED, Choices, Level, changed, policy_of
from domain.nouns.session import ScheduledSession
from domain.nouns.studio import Studio
from domain.outcome import Done
from domain.ports import Work
from domain.refusals import Refused
from domain.services.waitlists import record_and_seat
from domain.spending.seats import capacity_holds_what_is_booked

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
    require_owner(await work.authority())
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
    """A1, R6: fewer extra seats are refused where a session that has not started needs them."""
    require_decider(await work.authority(), policy_limits.of_studio_too(command.changes), "courseId")
    course = await work.locked_course(command.course_id)
    sessions = await work.locked_sessions_to_come(course.id)
    studio = await work.studio()
    if refused := _wrong(work, studio, command.changes, Level.COURSE):
        return refused
    after = replace(course, choices=changed(course.choices, command.changes))
    extra = policy_of(UNDECIDED, after.choices).extra_make_up_seats
    following = [session for session in sessions if not _decides_extra_seats(session.choices)]
    targets = (ScheduledSession(studio, replace(each, extra_make_up_seats=extra), after) for each in following)
    if reasons := tuple(
        reason for target in targets if (reason := capacity_holds_what_is_booked(target, work.now)) is not None
    ):
        return Refused(reasons)
    if after.choices != course.choices:
        changed_for = tuple(session.id for session in following if session.extra_make_up_seats != extra)
        more_seats = {each.id: max(0, extra - each.extra_make_up_seats) for each in sessions if each in following}
        event = CoursePolicyChanged(course, after.choices, extra, changed_for)
        await record_and_seat(work, [event], dict.fromkeys((each.id for each in sessions), 0) | more_seats)
    return Done(studio_id=work.studio_id, course=course.id)


@dataclass(frozen=True)
class UpdateSessionPolicy:
    """`changes` by the names of the policy's settings; None takes a decision back."""

    session_id: UUID
    changes: Mapping[str, object]


async def update_session_policy(work: Work, command: UpdateSessionPolicy) -> Done | Refused:
    """A1, R6: fewer extra seats are refused where they are taken."""
    require_decider(await work.authority(), policy_limits.of_studio_too(command.changes), "sessionId")
    target = await work.locked_target(command.session_id)
    if refused := _wrong(work, target.studio, command.changes, Level.SESSION):
        return refused
    session, choices = target.session, changed(target.session.choices, command.changes)
    extra = _extra_seats(target, choices, work.now)
    after = replace(target, session=replace(session, choices=choices, extra_make_up_seats=extra))
    if reason := capacity_holds_what_is_booked(after, work.now):
        return Refused((reason,))
    if choices != session.choices:
        more_seats = max(0, extra - session.extra_make_up_seats)
        await record_and_seat(work, [SessionPolicyChanged(session, choices, extra)], {session.id: more_seats})
    return Done(studio_id=work.studio_id, session=session.id)


def _extra_seats(target: ScheduledSession, choices: Choices, now: datetime) -> int:
    """R6: the session's own decision, or else its course's, which no longer reaches one that has started."""
    if target.session.started(now) and not _decides_extra_seats(choices):
        return target.session.extra_make_up_seats
    _, of_course, _ = target.levels
    return policy_of(UNDECIDED, of_course, choices).extra_make_up_seats


def _decides_extra_seats(choices: Choices) -> bool:
    return "extra_make_up_seats" in choices


def _wrong(work: Work, studio: Studio, changes: Mapping[str, object], level: Level) -> Refused | None:
    made = {name: value for name, value in changes.items() if value is not None}
    reasons = policy_limits.wrong_choices(made, level, local_date(work.now, studio.zone))
    return Refused(reasons) if reasons else None
