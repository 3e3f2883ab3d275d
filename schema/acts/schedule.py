"""Courses and sessions."""

from datetime import datetime
from typing import Annotated

import strawberry

from domain.faults import BadUserInput
from domain.services import schedule
from schema.acting import INPUT, KEY, line, mutation, number, perform, price, text
from schema.acts.policy_inputs import CoursePolicyInput, SessionPolicyInput
from schema.context import Info
from schema.ids import Kind, expect, expect_in
from schema.nouns.course import Course
from schema.nouns.session import Session
from schema.refusals import Refused
from schema.sight import seen

LARGEST_CAPACITY = 100_000
LONGEST_DESCRIPTION = 10_000
LONGEST_CATEGORY = 60
CATEGORY = "The studio's own word for what is taught, such as `Yoga`, 1 to 60 characters; null for none."


def category(given: str | None) -> str | None:
    return None if given is None else line(given, "category", most=LONGEST_CATEGORY)


@strawberry.input(description="A new course. It is sold as a whole, by the session, or both: give at least one price.")
class CreateCourseInput:
    studio_id: strawberry.ID = strawberry.field(description="The studio.")
    name: str = strawberry.field(description="Its name, 1 to 200 characters.")
    description: str = strawberry.field(default="", description="What it is about, at most 10000 characters.")
    whole_course_price: int | None = strawberry.field(
        default=None, description="The price of the whole, in the currency's minor unit."
    )
    single_session_price: int | None = strawberry.field(
        default=None, description="The price of one session, in the currency's minor unit."
    )
    accepts_make_ups: bool = strawberry.field(
        description="Whether its sessions can be booked with credits. Required, so that no dear session is opened to"
        " cheap credits by omission."
    )
    category: str | None = strawberry.field(default=None, description=CATEGORY)
    policy: CoursePolicyInput | None = strawberry.field(
        default=None, description="What it decides; left out: all as the studio says."
    )
    idempotency_key: str = KEY


@strawberry.input(description="A new session of a course, or a new one-time class.")
class CreateSessionInput:
    studio_id: strawberry.ID = strawberry.field(description="The studio.")
    course_id: strawberry.ID | None = strawberry.field(
        default=None, description="The course; null for a one-time class."
    )
    name: str | None = strawberry.field(
        default=None, description="Required for a one-time class; for a session of a course, the course's name."
    )
    starts_at: datetime = strawberry.field(description="When it starts.")
    ends_at: datetime = strawberry.field(description="When it ends: later than it starts.")
    capacity: int = strawberry.field(description="How many seats it has, 1 to 100000.")
    price: int | None = strawberry.field(
        default=None, description="The price of a seat in a one-time class, in the currency's minor unit."
    )
    accepts_make_ups: bool | None = strawberry.field(
        default=None,
        description="Whether it can be booked with credits. Required for a one-time class; null: as its course says.",
    )
    instructor_id: strawberry.ID | None = strawberry.field(default=None, description="Who of the staff teaches it.")
    category: str | None = strawberry.field(
        default=None, description=f"Of a one-time class. {CATEGORY} A session of a course has the course's."
    )
    policy: SessionPolicyInput | None = strawberry.field(
        default=None, description="What it decides for itself; left out: all as its course or the studio says."
    )
    idempotency_key: str = KEY

    def command(self, studio_id: int) -> schedule.CreateSession:
        """`BadUserInput` for what no session can be."""
        if self.ends_at <= self.starts_at:
            raise BadUserInput("A session ends after it starts.", "endsAt")
        course = self.course_id
        if course is None and self.name is None:
            raise BadUserInput("A one-time class has a name.", "name")
        if course is None and self.accepts_make_ups is None:
            raise BadUserInput("Say whether the class can be booked with credits.", "acceptsMakeUps")
        if course is not None and self.price is not None:
            raise BadUserInput("The price of a course's session stands on the course.", "price")
        if course is not None and self.category is not None:
            raise BadUserInput("The category of a course's session stands on the course.", "category")
        instructor = self.instructor_id
        return schedule.CreateSession(
            course_id=None if course is None else expect_in(studio_id, Kind.COURSE, course, "courseId"),
            name="" if self.name is None else line(self.name, "name"),
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            capacity=number(self.capacity, "capacity", least=1, most=LARGEST_CAPACITY),
            price=price(self.price, "price"),
            accepts_make_ups=self.accepts_make_ups,
            instructor_id=None if instructor is None else expect_in(studio_id, Kind.STAFF, instructor, "instructorId"),
            category=category(self.category),
            choices={} if self.policy is None else self.policy.choices(),
        )


@strawberry.type(description="The course exists. It has no sessions yet.")
class CourseCreated:
    course: Course = strawberry.field(description="The new course.")


@strawberry.type(description="The session is on the schedule.")
class SessionCreated:
    session: Session = strawberry.field(description="The new session.")


CreateCourseResult = Annotated[
    CourseCreated | Refused, strawberry.union("CreateCourseResult", description="A course, or why there is none.")
]
CreateSessionResult = Annotated[
    SessionCreated | Refused, strawberry.union("CreateSessionResult", description="A session, or why there is none.")
]


@strawberry.type
class ScheduleMutations:
    @mutation(
        "Makes a course. By the studio's owner and managers; what it decides otherwise than the studio, by the owner.",
        schedule.COURSE_CODES,
    )
    async def create_course(self, info: Info, input: Annotated[CreateCourseInput, INPUT]) -> CreateCourseResult | None:
        studio_id = expect(Kind.STUDIO, input.studio_id, "studioId").studio_id
        if input.whole_course_price is None and input.single_session_price is None:
            raise BadUserInput("Give the price of the whole course, of one session, or both.", "wholeCoursePrice")
        command = schedule.CreateCourse(
            name=line(input.name, "name"),
            description=text(input.description, "description", most=LONGEST_DESCRIPTION),
            whole_course_price=price(input.whole_course_price, "wholeCoursePrice"),
            single_session_price=price(input.single_session_price, "singleSessionPrice"),
            accepts_make_ups=input.accepts_make_ups,
            category=category(input.category),
            choices={} if input.policy is None else input.policy.choices(),
        )
        outcome = await perform(info, studio_id, input, lambda work: schedule.create_course(work, command))
        if isinstance(outcome, Refused):
            return outcome
        return CourseCreated(course=await seen(info, Course, Kind.COURSE, studio_id, outcome.course))

    @mutation(
        "Puts a session on the schedule. Clients already enrolled in its course are not booked into it."
        " By the studio's owner and managers; what it decides otherwise than the studio, by the owner.",
        schedule.SESSION_CODES,
    )
    async def create_session(
        self, info: Info, input: Annotated[CreateSessionInput, INPUT]
    ) -> CreateSessionResult | None:
        studio_id = expect(Kind.STUDIO, input.studio_id, "studioId").studio_id
        command = input.command(studio_id)
        outcome = await perform(info, studio_id, input, lambda work: schedule.create_session(work, command))
        if isinstance(outcome, Refused):
            return outcome
        return SessionCreated(session=await seen(info, Session, Kind.SESSION, studio_id, outcome.session))
