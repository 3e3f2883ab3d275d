"""The studio cancels sessions: one, or all of a course that are to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.authority import require_manager
from domain.cancellation import session_cancelling
from domain.cancellation.session_cancelling import CancelledSession, Expected, SessionCancellation
from domain.nouns.local_time import start_of
from domain.nouns.session import Compensation
from domain.outcome import Done
from domain.ports import Work
from domain.refusals import Refused
from domain.services.waitlists import record_and_seat


@dataclass(frozen=True)
class CancelSession:
    session_id: UUID
    compensation: Compensation
    note: str
    expected: Expected | None = None


async def cancel_session(work: Work, command: CancelSession) -> Done | Refused:
    """E6, E7, C3: with every live booking; the second time it changes nothing and answers the same (C4)."""
    require_manager(await work.authority(), "sessionId")
    cancellation = await work.locked_session_cancellation(command.session_id)
    against = session_cancelling.why_not(cancellation, command.compensation, work.now, command.expected)
    if against:
        return Refused(against)
    (cancelled,) = await _cancel(work, (cancellation,), command.compensation, command.note)
    return Done(studio_id=work.studio_id, session=command.session_id, bookings=cancelled.bookings)


@dataclass(frozen=True)
class CancelCourseSessions:
    """`starts_from`: the first local date of those meant; None for all that are to come."""

    course_id: UUID
    starts_from: date | None
    compensation: Compensation
    note: str
    expected: Expected | None = None


async def cancel_course_sessions(work: Work, command: CancelCourseSessions) -> Done | Refused:
    """E6: every session that has not started, in one act. Those that were cancelled before are answered alike (C4)."""
    require_manager(await work.authority(), "courseId")
    zone, day = (await work.studio()).zone, command.starts_from
    loaded = await work.locked_course_cancellation(command.course_id, None if day is None else start_of(day, zone))
    coming = [each for each in loaded if not each.session.started(work.now)]
    against = session_cancelling.why_not_all(coming, command.compensation, work.now, command.expected)
    if against:
        return Refused(against)
    cancelled = await _cancel(work, coming, command.compensation, command.note)
    return Done(
        studio_id=work.studio_id,
        course=command.course_id,
        sessions=tuple(each.session.id for each in cancelled),
        bookings=tuple(booking for each in cancelled for booking in each.bookings),
        changed=tuple(each.session.id for each in cancelled if each.first_time),
    )


async def _cancel(
    work: Work, cancellations: Sequence[SessionCancellation], compensation: Compensation, note: str
) -> Sequence[CancelledSession]:
    cancelled = [
        session_cancelling.decide(each, compensation, note, [work.new_id() for _ in each.seats], work.now)
        for each in cancellations
    ]
    events = session_cancelling.events(cancelled, compensation, note)
    await record_and_seat(work, events, {each.session.id: 0 for each in cancelled if each.first_time})
    return cancelled
