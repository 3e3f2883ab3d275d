"""Changing courses and sessions, archiving them and bringing them back."""

from typing import Annotated
from uuid import UUID

import strawberry

from domain.managing import changing
from domain.services import schedule_changes
from schema.acting import INPUT, KEY, line, mutation, number, perform, price, text
from schema.acts.schedule import CATEGORY, LARGEST_CAPACITY, LONGEST_DESCRIPTION, category
from schema.changes import ARCHIVED, LEFT_OUT, archived, changes, field, never_null
from schema.context import Info
from schema.ids import Kind, expect, expect_in
from schema.nouns.course import Course
from schema.nouns.session import Session
from schema.refusals import Refused
from schema.sight import seen


@strawberry.input(description="What changes of a course. It keeps at least one of its two prices." + LEFT_OUT)
class UpdateCourseInput:
    course_id: strawberry.ID = strawberry.field(description="The course.")
    name: str | None = field("Its name, 1 to 200 characters. Sessions without a name of their own follow it.")
    description: str | None = field("What it is about, at most 10000 characters; null for nothing.")
    whole_course_price: int | None = field(
        "The price of the whole, in the currency's minor unit; null: it is no longer sold as a whole."
    )
    single_session_price: int | None = field(
        "The price of one session, in the currency's minor unit; null: it is no longer sold by the session."
    )
    accepts_make_ups: bool | None = field(
        "Whether its sessions can be booked with credits. A session that says so itself does not follow it."
    )
    category: str | None = field(CATEGORY)
    archived: bool | None = ARCHIVED
    idempotency_key: str = KEY

    def command(self, key: UUID) -> schedule_changes.UpdateCourse:
        given = changes(
            self,
            name=lambda name: line(never_null(name, "name"), "name"),
            description=lambda words: text(words or "", "description", most=LONGEST_DESCRIPTION),
            whole_course_price=lambda whole: price(whole, "wholeCoursePrice"),
            single_session_price=lambda single: price(single, "singleSessionPrice"),
            accepts_make_ups=lambda accepts: never_null(accepts, "acceptsMakeUps"),
            category=category,
        )
        return schedule_changes.UpdateCourse(key, given, archived(self))


@strawberry.input(description="What changes of a session. Its times do not: `moveSession` moves it." + LEFT_OUT)
class UpdateSessionInput:
    session_id: strawberry.ID = strawberry.field(description="The session.")
    name: str | None = field("A name of its own, 1 to 200 characters; null: that of its course.")
    capacity: int | None = field(
        "How many seats it has, 1 to 100000, and with its extra seats not fewer than are taken."
    )
    price: int | None = field(
        "The price of a seat in a one-time class, in the currency's minor unit; null: it has none."
    )
    accepts_make_ups: bool | None = field("Whether it can be booked with credits; null: as its course says.")
    instructor_id: strawberry.ID | None = field("Who of the staff teaches it; null for nobody.")
    category: str | None = field(f"Of a one-time class. {CATEGORY}")
    archived: bool | None = ARCHIVED
    idempotency_key: str = KEY

    def command(self, studio_id: int, key: UUID) -> schedule_changes.UpdateSession:
        given = changes(
            self,
            name=lambda name: "" if name is None else line(name, "name"),
            capacity=lambda seats: number(never_null(seats, "capacity"), "capacity", least=1, most=LARGEST_CAPACITY),
            price=lambda amount: price(amount, "price"),
            accepts_make_ups=lambda accepts: accepts,
            instructor_id=lambda id: None if id is None else expect_in(studio_id, Kind.STAFF, id, "instructorId"),
            category=category,
        )
        return schedule_changes.UpdateSession(key, given, archived(self))


@strawberry.type(description="The course is as asked for. Seats that are booked stand, at the price of their booking.")
class CourseUpdated:
    course: Course = strawberry.field(description="The course.")


@strawberry.type(description="The session is as asked for. Seats that are booked stand, at the price of their booking.")
class SessionUpdated:
    session: Session = strawberry.field(description="The session with the seats that are left.")


UpdateCourseResult = Annotated[
    CourseUpdated | Refused, strawberry.union("UpdateCourseResult", description="The course, or why nothing changed.")
]
UpdateSessionResult = Annotated[
    SessionUpdated | Refused,
    strawberry.union("UpdateSessionResult", description="The session, or every reason why nothing changed."),
]


@strawberry.type
class ScheduleChangeMutations:
    @mutation(
        "Changes a course, archives it or brings it back. By the studio's owner and managers.", changing.COURSE_CODES
    )
    async def update_course(self, info: Info, input: Annotated[UpdateCourseInput, INPUT]) -> UpdateCourseResult | None:
        course = expect(Kind.COURSE, input.course_id, "courseId")
        command = input.command(course.key)
        outcome = await perform(
            info, course.studio_id, input, lambda work: schedule_changes.update_course(work, command)
        )
        if isinstance(outcome, Refused):
            return outcome
        return CourseUpdated(course=await seen(info, Course, Kind.COURSE, course.studio_id, outcome.course))

    @mutation(
        "Changes a session, archives it or brings it back. Seats that a higher capacity adds go first to those who wait"
        " for one; archiving ends its waiting list. By the studio's owner and managers.",
        changing.SESSION_CODES,
    )
    async def update_session(
        self, info: Info, input: Annotated[UpdateSessionInput, INPUT]
    ) -> UpdateSessionResult | None:
        session = expect(Kind.SESSION, input.session_id, "sessionId")
        command = input.command(session.studio_id, session.key)
        outcome = await perform(
            info, session.studio_id, input, lambda work: schedule_changes.update_session(work, command)
        )
        if isinstance(outcome, Refused):
            return outcome
        return SessionUpdated(session=await seen(info, Session, Kind.SESSION, session.studio_id, outcome.session))
