"""The preview of sessions that the studio cancels: the decision of `cancelSession`, not acted on."""

import asyncio
from collections.abc import Sequence
from datetime import date

import strawberry

from domain.cancellation import session_cancelling
from domain.cancellation.compensating import live_seats
from domain.cancellation.session_cancelling import SessionCancellation
from domain.nouns.booking import EarnedNothing
from domain.nouns.course import Course
from domain.nouns.local_time import local_date
from domain.nouns.session import Compensation, ScheduledSession
from schema.context import Info
from schema.nouns.studio import studio_of
from schema.refusals import Refusal


@strawberry.type(description="One of the reasons why seats would bring nothing, and how many.")
class SeatsForNothing:
    reason: EarnedNothing = strawberry.field(description="The reason. A seat may have several.")
    bookings: int = strawberry.field(description="How many bookings it holds for.")


@strawberry.type(
    description="What cancelling sessions would bring at this moment. Pass `creditsEarned`, `creditsReturned` and"
    " `nothing` on as `expect` of `cancelSession`, or of `cancelCourseSessions`: if the truth has changed until then,"
    " nothing is done."
)
class SessionCancellationPreview:
    refusals: list[Refusal] = strawberry.field(
        description="Why it cannot be cancelled now; empty where it can. The rest then tells what it would bring."
    )
    sessions: int = strawberry.field(description="How many sessions would be cancelled; 0 where all are already.")
    bookings: int = strawberry.field(description="How many bookings would end: all that are live.")
    credits_earned: int = strawberry.field(description="How many credits clients would get for them.")
    credits_returned: int = strawberry.field(
        description="How many credits that paid for them would come back, to live for the studio's days of grace at"
        " least."
    )
    nothing: int = strawberry.field(description="How many bookings would bring nothing.")
    why_not_earned: list[SeatsForNothing] = strawberry.field(description="Why those would bring nothing.")


async def of_session(info: Info, target: ScheduledSession, compensation: Compensation) -> SessionCancellationPreview:
    return await _preview(info, (target,), compensation)


async def of_course(
    info: Info, course: Course, compensation: Compensation, first_day: date | None
) -> SessionCancellationPreview:
    studio = await studio_of(info, course.studio_id)
    coming = await info.context.load.coming_sessions.load((course.studio_id, course.id)) or ()
    meant = [
        ScheduledSession(studio, session, course)
        for session in coming
        if first_day is None or local_date(session.starts_at, studio.zone) >= first_day
    ]
    return await _preview(info, meant, compensation)


async def _preview(
    info: Info, targets: Sequence[ScheduledSession], compensation: Compensation
) -> SessionCancellationPreview:
    now = info.context.now
    cancellations = await asyncio.gather(*(_cancellation(info, target) for target in targets))
    told = session_cancelling.foreseen(cancellations, compensation, now)
    reasons = (
        Refusal.of(reason, each.session.studio_id)
        for each in cancellations
        for reason in session_cancelling.why_not(each, compensation, now)
    )
    return SessionCancellationPreview(
        refusals=list(reasons),
        sessions=sum(not each.done_before for each in cancellations),
        bookings=told.bookings,
        credits_earned=told.credits,
        credits_returned=told.returned,
        nothing=told.nothing,
        why_not_earned=[SeatsForNothing(reason=reason, bookings=number) for reason, number in told.why_not_earned],
    )


async def _cancellation(info: Info, target: ScheduledSession) -> SessionCancellation:
    load, session, course = info.context.load, target.session, target.course
    size = None if course is None else await load.course_size.load((session.studio_id, course.id))
    bookings, credits = await load.seats.load((session.studio_id, session.id)) or ((), ())
    return SessionCancellation(target, live_seats(target, size or 0, bookings, credits))
