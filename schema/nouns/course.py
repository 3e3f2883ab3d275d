"""Course."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry import lazy

from domain.authority import require_manager
from domain.nouns import course as domain
from domain.nouns.policy import Level, policy_of
from domain.nouns.session import Compensation
from persistence.reads import listings
from persistence.reads.listings import Archived
from schema import archive
from schema.connections import Listed, paged
from schema.context import Info
from schema.filters import CourseFilter, SessionTime, during
from schema.ids import Kind, encode
from schema.money import Money, money
from schema.node import Node
from schema.nouns.policy import EffectivePolicy, Setting
from schema.nouns.studio import Studio, studio_of

if TYPE_CHECKING:
    from schema.nouns.session import Session
    from schema.nouns.session_cancellation_preview import SessionCancellationPreview


@strawberry.type(description="A series of sessions, sold as a whole, by the session, or both.")
class Course(Node):
    name: str = strawberry.field(description="Its name.")
    description: str = strawberry.field(description="What it is about; may be empty.")
    accepts_make_ups: bool = strawberry.field(
        description="Whether its sessions can be booked with a make-up credit. A session may say otherwise."
    )
    category: str | None = strawberry.field(
        description="The studio's own word for what is taught; `Studio.categories` lists them. Null for none."
    )
    archived_at: datetime | None = strawberry.field(
        description="When it was archived; null while it is offered. It takes no new sessions, places or bookings then."
    )
    row: strawberry.Private[domain.Course]

    @classmethod
    def of(cls, row: domain.Course) -> "Course":
        return cls(
            id=strawberry.ID(encode(Kind.COURSE, row.studio_id, row.id)),
            name=row.name,
            description=row.description,
            accepts_make_ups=row.accepts_make_ups,
            category=row.category,
            archived_at=row.archived_at,
            row=row,
        )

    @strawberry.field(description="The studio that gives it.")
    async def studio(self, info: Info) -> Studio:
        return Studio.of(await studio_of(info, self.row.studio_id))

    @strawberry.field(description="The price of the whole course; null where it is not sold as a whole.")
    async def whole_course_price(self, info: Info) -> Money | None:
        return money(await studio_of(info, self.row.studio_id), self.row.whole_course_price)

    @strawberry.field(
        description="The price of one session; null where single sessions are not sold, and so cannot be booked with"
        " money or with a credit."
    )
    async def single_session_price(self, info: Info) -> Money | None:
        return money(await studio_of(info, self.row.studio_id), self.row.single_session_price)

    @strawberry.field(
        description="Whether cancelling its sessions in time earns a credit: its own setting or the studio's."
    )
    async def make_ups_enabled(self, info: Info) -> bool:
        studio = await studio_of(info, self.row.studio_id)
        return policy_of(studio.choices, self.row.choices).make_ups_enabled

    @strawberry.field(description="What holds for its sessions, unless one says otherwise, and which level decided it.")
    async def effective_policy(self, info: Info) -> EffectivePolicy:
        studio = await studio_of(info, self.row.studio_id)
        accepts = Setting(value=self.row.accepts_make_ups, level=Level.COURSE)
        return EffectivePolicy.of(studio.choices, self.row.choices, accepts_make_ups=accepts)

    @paged("Its sessions, by start.", Annotated["Session", lazy("schema.nouns.session")])
    async def sessions(
        self,
        info: Info,
        time: Annotated[
            SessionTime | None, strawberry.argument(description="Those that have not started, or that have; all.")
        ] = None,
        archived: Annotated[
            Archived, strawberry.argument(description="With or without what is archived. Only staff may ask for it.")
        ] = Archived.EXCLUDE,
    ) -> Listed["Session"]:
        from schema.nouns.session import Session

        starts_from, starts_until = during(time, info.context.now)
        await archive.shown(info, self.row.studio_id, archived, "archived")
        wanted = listings.SessionFilter(starts_from, starts_until, course_id=self.row.id, archived=archived)
        name = f"sessions of course {self.row.studio_id} {self.row.id} {time} {archived}"
        return Listed(listings.sessions(self.row.studio_id, wanted), Session.of, name)

    @strawberry.field(
        description="What cancelling its sessions to come would bring to those who have seats in them. Decided by the"
        " same rules as `cancelCourseSessions`. For the studio's owner and managers."
    )
    async def cancellation_preview(
        self,
        info: Info,
        compensation: Annotated[
            Compensation, strawberry.argument(description="What clients are to get for seats that no credit paid.")
        ],
        from_: Annotated[
            date | None,
            strawberry.argument(
                name="from",
                description="The first local date on which sessions that are meant start; null: all to come.",
            ),
        ] = None,
    ) -> Annotated["SessionCancellationPreview", lazy("schema.nouns.session_cancellation_preview")] | None:
        from schema.nouns.session_cancellation_preview import of_course

        require_manager(await info.context.signed_in_at(self.row.studio_id))
        return await of_course(info, self.row, compensation, from_)


async def courses_of(info: Info, studio_id: int, filter: CourseFilter | None) -> Listed[Course]:
    """A studio's courses."""
    given = filter or CourseFilter()
    archived = await archive.shown(info, studio_id, given.archived, "filter", "archived")
    return Listed(listings.courses(studio_id, archived, given.category), Course.of, f"courses of {studio_id} {given}")
