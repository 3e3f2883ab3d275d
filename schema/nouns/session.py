"""Session."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry import lazy

from domain import session as domain
from domain.session import SessionStatus
from persistence import queries
from schema.connections import Connection, connection
from schema.context import Info
from schema.ids import Kind, encode, expect_in
from schema.money import Money, money
from schema.node import Node
from schema.nouns.course import Course
from schema.nouns.staff import StaffMember
from schema.nouns.studio import Studio, studio_of

if TYPE_CHECKING:
    from schema.nouns.eligibility import MakeUpEligibility

ForClient = Annotated[
    strawberry.ID | None,
    strawberry.argument(
        description="Who is to attend; null for the credit's client, or the one client that the account manages."
    ),
]
WithCredit = Annotated[
    strawberry.ID | None,
    strawberry.argument(description="The credit to spend; null for the client's that fits and expires first."),
]


@strawberry.input(description="Which sessions. What is left out does not matter.")
class SessionFilter:
    starts_from: datetime | None = strawberry.field(default=None, description="That start at this instant or later.")
    starts_until: datetime | None = strawberry.field(default=None, description="That start before this instant.")
    course_id: strawberry.ID | None = strawberry.field(default=None, description="Of this course.")
    instructor_id: strawberry.ID | None = strawberry.field(default=None, description="Taught by this instructor.")
    accepts_make_ups: bool | None = strawberry.field(
        default=None,
        description="Whether the studio lets them be booked with credits. Other rules may stand against it.",
    )

    def wanted(self, studio_id: int) -> queries.SessionFilter:
        """`BadUserInput` for what is no id of its kind."""
        course, instructor = self.course_id, self.instructor_id
        return queries.SessionFilter(
            starts_from=self.starts_from,
            starts_until=self.starts_until,
            course_id=None if course is None else expect_in(studio_id, Kind.COURSE, course, "filter", "courseId"),
            instructor_id=None
            if instructor is None
            else expect_in(studio_id, Kind.STAFF, instructor, "filter", "instructorId"),
            accepts_make_ups=self.accepts_make_ups,
        )


@strawberry.type(description="One dated meeting with a capacity: part of a course, or a one-time class.")
class Session(Node):
    name: str = strawberry.field(description="Its name: that of the course, unless it has its own.")
    starts_at: datetime = strawberry.field(description="When it starts.")
    ends_at: datetime = strawberry.field(description="When it ends.")
    status: SessionStatus = strawberry.field(description="Whether it takes place.")
    capacity: int = strawberry.field(description="How many seats it has.")
    seats_left: int = strawberry.field(description="How many seats are free now.")
    row: strawberry.Private[domain.Session]

    @classmethod
    def of(cls, row: domain.Session) -> "Session":
        return cls(
            id=strawberry.ID(encode(Kind.SESSION, row.studio_id, row.id)),
            name=row.name,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            status=row.status,
            capacity=row.capacity,
            seats_left=row.seats_left,
            row=row,
        )

    @strawberry.field(description="The studio that gives it.")
    async def studio(self, info: Info) -> Studio:
        return Studio.of(await studio_of(info, self.row.studio_id))

    @strawberry.field(description="The course that it is part of; null for a one-time class.")
    async def course(self, info: Info) -> Course | None:
        course = (await scheduled(info, self.row)).course
        return None if course is None else Course.of(course)

    @strawberry.field(description="Who teaches it.")
    async def instructor(self, info: Info) -> StaffMember | None:
        if self.row.instructor_id is None:
            return None
        found = await info.context.load.staff.load((self.row.studio_id, self.row.instructor_id))
        return None if found is None else StaffMember.of(found)

    @strawberry.field(description="The price of one seat; null where single seats are not sold or have no price.")
    async def price(self, info: Info) -> Money | None:
        target = await scheduled(info, self.row)
        return money(target.studio, target.single_price)

    @strawberry.field(
        description="Whether the studio lets it be booked with a make-up credit: its own setting or the course's."
        " Other rules may still stand against it."
    )
    async def accepts_make_ups(self, info: Info) -> bool:
        return (await scheduled(info, self.row)).accepts_make_ups

    @strawberry.field(description="The last instant at which cancelling is in time. The deadline itself still is.")
    async def cancellation_deadline(self, info: Info) -> datetime:
        return (await scheduled(info, self.row)).deadline

    @strawberry.field(
        description="Whether a make-up credit can book it now, and if not, every reason why. Decided by the same rules"
        " as `bookWithMakeUp`. For a client's account and the studio's owner and managers."
    )
    async def make_up_eligibility(
        self, info: Info, client_id: ForClient = None, credit_id: WithCredit = None
    ) -> Annotated["MakeUpEligibility", lazy("schema.nouns.eligibility")] | None:
        from schema.nouns.eligibility import eligibility, payer

        return await eligibility(info, self.row, await payer(info, self.row.studio_id, client_id, credit_id))


async def scheduled(info: Info, row: domain.Session) -> domain.ScheduledSession:
    """A session with all that decides about it."""
    course = None
    if row.course_id is not None:
        course = await info.context.load.course.load((row.studio_id, row.course_id))
    return domain.ScheduledSession(await studio_of(info, row.studio_id), row, course)


async def page_of_sessions(
    info: Info,
    studio_id: int,
    filter: SessionFilter | None,
    first: int | None,
    last: int | None,
    after: str | None,
    before: str | None,
) -> Connection[Session]:
    """A studio's sessions."""
    wanted = (filter or SessionFilter()).wanted(studio_id)
    listing, name = queries.sessions(studio_id, wanted), f"sessions of {studio_id} {wanted}"
    return await connection(info, listing, name, Session.of, first, last, after, before)
