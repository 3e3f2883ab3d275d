"""The studio cancels sessions: one, or all of a course that are to come."""

from datetime import date
from typing import Annotated
from uuid import UUID

import strawberry

from domain.cancellation import session_cancelling
from domain.cancellation.session_cancelling import Expected
from domain.issuing import granting
from domain.nouns.session import Compensation
from domain.services import session_cancellations
from schema.acting import INPUT, KEY, mutation, number, perform, text
from schema.acts.schedule import LARGEST_CAPACITY
from schema.context import Info
from schema.ids import Kind, expect
from schema.nouns.booking import Booking
from schema.nouns.course import Course
from schema.nouns.session import Session
from schema.refusals import Refused
from schema.sight import all_seen, seen

_EXPECT = "What the person was shown; refused with `OUTCOME_CHANGED` if that is no longer true."
_COMPENSATION = "What clients get for seats that no credit paid. A credit that paid a seat comes back in any case."
_NOTE = (
    f"For the staff, at most {granting.LONGEST_NOTE} characters. It stands on the credits that are given, as"
    " `MakeUpCredit.note`, and is kept with the cancellation; where no credit is given, no field shows it."
)


@strawberry.input(description="What `Session.cancellationPreview` said, or `Course.cancellationPreview`.")
class ExpectedSessionCancellationInput:
    credits_earned: int = strawberry.field(description="How many credits its `creditsEarned` was, 0 to 100000.")
    credits_returned: int = strawberry.field(description="How many credits its `creditsReturned` was, 0 to 100000.")
    nothing: int = strawberry.field(description="How many bookings its `nothing` was, 0 to 100000.")

    def expected(self) -> Expected:
        return Expected(
            number(self.credits_earned, "expect", "creditsEarned", least=0, most=LARGEST_CAPACITY),
            number(self.credits_returned, "expect", "creditsReturned", least=0, most=LARGEST_CAPACITY),
            number(self.nothing, "expect", "nothing", least=0, most=LARGEST_CAPACITY),
        )


@strawberry.input(description="The session that does not take place.")
class CancelSessionInput:
    session_id: strawberry.ID = strawberry.field(description="The session.")
    compensation: Compensation = strawberry.field(description=_COMPENSATION)
    note: str = strawberry.field(default="", description=_NOTE)
    expect: ExpectedSessionCancellationInput | None = strawberry.field(default=None, description=_EXPECT)
    idempotency_key: str = KEY


@strawberry.input(description="The sessions of a course that do not take place: those that have not started.")
class CancelCourseSessionsInput:
    course_id: strawberry.ID = strawberry.field(description="The course.")
    from_: date | None = strawberry.field(
        default=None,
        name="from",
        description="The first local date on which sessions that are meant start; null: all to come.",
    )
    compensation: Compensation = strawberry.field(description=_COMPENSATION)
    note: str = strawberry.field(default="", description=_NOTE)
    expect: ExpectedSessionCancellationInput | None = strawberry.field(
        default=None, description=f"{_EXPECT} It counts the bookings of all the sessions that are meant."
    )
    idempotency_key: str = KEY


@strawberry.type(description="The session does not take place. Cancelling twice gets the same answer.")
class SessionCancelled:
    session: Session = strawberry.field(description="The session.")
    bookings: list[Booking] = strawberry.field(
        description="The bookings that ended with it, each with what it brought its client."
    )


@strawberry.type(description="What became of one session of a course.")
class CourseSessionCancellation:
    session: Session = strawberry.field(description="The session, cancelled.")
    changed: bool = strawberry.field(description="Whether this act cancelled it; false where it was cancelled before.")
    bookings: list[Booking] = strawberry.field(
        description="The bookings that ended with it, each with what it brought its client."
    )


@strawberry.type(description="No session of the course that was meant takes place.")
class CourseSessionsCancelled:
    course: Course = strawberry.field(description="The course.")
    changed_count: int = strawberry.field(description="How many sessions this act cancelled.")
    results: list[CourseSessionCancellation] = strawberry.field(description="Each session that was meant, by start.")


CancelSessionResult = Annotated[
    SessionCancelled | Refused,
    strawberry.union("CancelSessionResult", description="What ended, or every reason why nothing did."),
]
CancelCourseSessionsResult = Annotated[
    CourseSessionsCancelled | Refused,
    strawberry.union("CancelCourseSessionsResult", description="What ended, or why nothing did."),
]


@strawberry.type
class SessionCancellationMutations:
    @mutation(
        "Cancels a session, also one that has started, with every booking in it. With `CREDITS` each booking that is"
        " paid, but not with a credit, brings one credit, also of a one-time class and whatever the caps on earning,"
        " unless its client has a credit for the session already. A credit that paid a booking comes back and lives for"
        " `studioCancellationGraceDays` at least. Its waiting list ends. By the studio's owner and managers.",
        session_cancelling.CODES,
    )
    async def cancel_session(
        self, info: Info, input: Annotated[CancelSessionInput, INPUT]
    ) -> CancelSessionResult | None:
        session = expect(Kind.SESSION, input.session_id, "sessionId")
        command = session_cancellations.CancelSession(
            session.key,
            input.compensation,
            text(input.note, "note", most=granting.LONGEST_NOTE),
            input.expect and input.expect.expected(),
        )
        outcome = await perform(
            info, session.studio_id, input, lambda work: session_cancellations.cancel_session(work, command)
        )
        if isinstance(outcome, Refused):
            return outcome
        return SessionCancelled(
            session=await seen(info, Session, Kind.SESSION, session.studio_id, outcome.session),
            bookings=await all_seen(info, Booking, Kind.BOOKING, session.studio_id, outcome.bookings),
        )

    @mutation(
        "Cancels in one act every session of a course that has not started, as `cancelSession` does. Their waiting"
        " lists end. By the studio's owner and managers.",
        session_cancelling.CODES_OF_ALL,
    )
    async def cancel_course_sessions(
        self, info: Info, input: Annotated[CancelCourseSessionsInput, INPUT]
    ) -> CancelCourseSessionsResult | None:
        course = expect(Kind.COURSE, input.course_id, "courseId")
        studio_id, note = course.studio_id, text(input.note, "note", most=granting.LONGEST_NOTE)
        command = session_cancellations.CancelCourseSessions(
            course.key, input.from_, input.compensation, note, input.expect and input.expect.expected()
        )
        outcome = await perform(
            info, studio_id, input, lambda work: session_cancellations.cancel_course_sessions(work, command)
        )
        if isinstance(outcome, Refused):
            return outcome
        ended: dict[UUID, list[Booking]] = {}
        for booking in await all_seen(info, Booking, Kind.BOOKING, studio_id, outcome.bookings):
            ended.setdefault(booking.row.session_id, []).append(booking)
        results = [
            CourseSessionCancellation(
                session=each, changed=each.row.id in outcome.changed, bookings=ended.get(each.row.id, [])
            )
            for each in await all_seen(info, Session, Kind.SESSION, studio_id, outcome.sessions)
        ]
        return CourseSessionsCancelled(
            course=await seen(info, Course, Kind.COURSE, studio_id, outcome.course),
            changed_count=len(outcome.changed),
            results=results,
        )
