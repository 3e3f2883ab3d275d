"""Studio, its policy, and its staff on the schedule."""

from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry import lazy

from domain import policy as domain_policy
from domain import studio as domain
from domain.authority import require_manager
from domain.policy import Days, ExpiryRounding, HoursBefore, LateCancellation
from domain.studio import Role
from persistence import queries
from schema.connections import Connection, connection
from schema.context import Info
from schema.ids import Kind, encode, studio_gid
from schema.node import Node
from schema.paging import After, Before, First, Last
from schema.scalars import LocalTime

if TYPE_CHECKING:
    from schema.nouns.booking import Booking
    from schema.nouns.client import Client
    from schema.nouns.course import Course
    from schema.nouns.credit import MakeUpCredit
    from schema.nouns.session import Session, SessionFilter


@strawberry.enum(description="How a deadline is given.")
class DeadlineForm(Enum):
    HOURS_BEFORE = strawberry.enum_value("HOURS_BEFORE", description="So many elapsed hours before the start.")
    LOCAL_TIME = strawberry.enum_value(
        "LOCAL_TIME", description="A wall clock, so many days before the session's date."
    )


@strawberry.type(
    description="Until when a cancellation is in time. Never compute with it: ask `Session.cancellationDeadline`."
)
class CancellationDeadline:
    form: DeadlineForm = strawberry.field(description="Which of the following fields are given.")
    hours_before: int | None = strawberry.field(description="Elapsed hours before the start.")
    days_before: int | None = strawberry.field(description="Days before the session's local date.")
    local_time: LocalTime | None = strawberry.field(description="The wall clock on that day.")

    @classmethod
    def of(cls, deadline: domain_policy.CancellationDeadline) -> "CancellationDeadline":
        if isinstance(deadline, HoursBefore):
            return cls(form=DeadlineForm.HOURS_BEFORE, hours_before=deadline.hours, days_before=None, local_time=None)
        return cls(
            form=DeadlineForm.LOCAL_TIME,
            hours_before=None,
            days_before=deadline.days_before,
            local_time=LocalTime(deadline.clock),
        )


@strawberry.type(description="How long a credit lives, counted from the cancellation that earned it.")
class Validity:
    days: int | None = strawberry.field(description="Days; null where credits never expire.")
    never: bool = strawberry.field(description="Whether credits never expire.")

    @classmethod
    def of(cls, validity: domain_policy.Validity) -> "Validity":
        days = validity.days if isinstance(validity, Days) else None
        return cls(days=days, never=days is None)


@strawberry.type(description="What a studio has decided. A change touches no credit that is already issued.")
class StudioPolicy:
    make_ups_enabled: bool = strawberry.field(
        description="Whether cancelled course sessions earn credits. A course may say otherwise."
    )
    cancellation_deadline: CancellationDeadline = strawberry.field(description="Until when a cancellation is in time.")
    late_cancellation: LateCancellation = strawberry.field(
        description="What happens when a client cancels after the deadline."
    )
    single_bookings_earn: bool = strawberry.field(
        description="Whether single bookings of course sessions earn credits, as places in whole courses do."
    )
    earning_needs_payment: bool = strawberry.field(
        description="Whether only bookings that are paid or waived earn credits."
    )
    validity: Validity = strawberry.field(description="How long a credit lives.")
    expiry_rounding: ExpiryRounding = strawberry.field(description="To which instant the life of a credit is counted.")
    max_days_ahead: int = strawberry.field(description="How many days ahead, by the studio's calendar, credits book.")

    @classmethod
    def of(cls, policy: domain_policy.StudioPolicy) -> "StudioPolicy":
        return cls(
            make_ups_enabled=policy.make_ups_enabled,
            cancellation_deadline=CancellationDeadline.of(policy.cancellation_deadline),
            late_cancellation=policy.late_cancellation,
            single_bookings_earn=policy.single_bookings_earn,
            earning_needs_payment=policy.earning_needs_payment,
            validity=Validity.of(policy.validity),
            expiry_rounding=policy.expiry_rounding,
            max_days_ahead=policy.max_days_ahead,
        )


@strawberry.type(description="A studio: its own schedule, clients, money and rules. Nothing crosses studios.")
class Studio(Node):
    slug: str = strawberry.field(description="Its short name in addresses.")
    name: str = strawberry.field(description="Its name.")
    time_zone: str = strawberry.field(description="IANA name. Local dates and deadlines are reckoned in it.")
    currency: str = strawberry.field(description="ISO 4217 code of all its prices.")
    policy: StudioPolicy = strawberry.field(description="What it has decided about cancelling and make-ups.")
    row: strawberry.Private[domain.Studio]

    @classmethod
    def of(cls, row: domain.Studio) -> "Studio":
        return cls(
            id=strawberry.ID(studio_gid(row.id)),
            slug=row.slug,
            name=row.name,
            time_zone=row.time_zone,
            currency=row.currency,
            policy=StudioPolicy.of(row.policy),
            row=row,
        )

    @strawberry.field(description="The viewer's role on the staff; null for everybody else.")
    async def my_role(self, info: Info) -> Role | None:
        return (await info.context.authority(self.row.id)).role

    @strawberry.field(description="Its schedule, by start.")
    async def sessions(
        self,
        info: Info,
        filter: Annotated["SessionFilter", lazy("schema.nouns.session")] | None = None,
        first: First = None,
        last: Last = None,
        after: After = None,
        before: Before = None,
    ) -> Connection[Annotated["Session", lazy("schema.nouns.session")]]:
        from schema.nouns.session import page_of_sessions

        return await page_of_sessions(info, self.row.id, filter, first, last, after, before)

    @strawberry.field(description="Its courses, by name.")
    async def courses(
        self,
        info: Info,
        first: First = None,
        last: Last = None,
        after: After = None,
        before: Before = None,
    ) -> Connection[Annotated["Course", lazy("schema.nouns.course")]]:
        from schema.nouns.course import page_of_courses

        return await page_of_courses(info, self.row.id, first, last, after, before)

    @strawberry.field(description="Its clients, by name. For its owner and managers.")
    async def clients(
        self,
        info: Info,
        first: First = None,
        last: Last = None,
        after: After = None,
        before: Before = None,
    ) -> Connection[Annotated["Client", lazy("schema.nouns.client")]] | None:
        from schema.nouns.client import Client

        await self._require_manager(info)
        listing, name = queries.clients(self.row.id), f"clients of {self.row.id}"
        return await connection(info, listing, name, Client.of, first, last, after, before)

    @strawberry.field(description="All bookings at the studio, by the start of their sessions. For owner and managers.")
    async def bookings(
        self,
        info: Info,
        first: First = None,
        last: Last = None,
        after: After = None,
        before: Before = None,
    ) -> Connection[Annotated["Booking", lazy("schema.nouns.booking")]] | None:
        from schema.nouns.booking import Booking

        await self._require_manager(info)
        listing, name = queries.bookings_of_studio(self.row.id), f"bookings of {self.row.id}"
        return await connection(info, listing, name, Booking.of, first, last, after, before)

    @strawberry.field(
        description="All make-up credits at the studio, the first to expire first. For owner and managers."
    )
    async def make_up_credits(
        self,
        info: Info,
        first: First = None,
        last: Last = None,
        after: After = None,
        before: Before = None,
    ) -> Connection[Annotated["MakeUpCredit", lazy("schema.nouns.credit")]] | None:
        from schema.nouns.credit import MakeUpCredit

        await self._require_manager(info)
        listing, name = queries.credits_of_studio(self.row.id), f"credits of {self.row.id}"
        return await connection(info, listing, name, MakeUpCredit.of, first, last, after, before)

    async def _require_manager(self, info: Info) -> None:
        info.context.signed_in()
        require_manager(await info.context.authority(self.row.id))


async def studio_of(info: Info, studio_id: int) -> domain.Studio:
    """The studio of something that is there."""
    found = await info.context.load.studio.load(studio_id)
    assert found is not None, "a foreign key holds this"
    return found


@strawberry.type(description="Somebody on the staff, as the public sees them.")
class Instructor(Node):
    display_name: str = strawberry.field(description="The name shown on the schedule.")

    @classmethod
    def of(cls, row: domain.Staff) -> "Instructor":
        return cls(id=strawberry.ID(encode(Kind.STAFF, row.studio_id, row.id)), display_name=row.display_name)


@strawberry.type(description="A member of the staff.")
class StaffMember(Node):
    display_name: str = strawberry.field(description="The name shown on the schedule.")
    role: Role = strawberry.field(description="What they may do.")
    added_at: datetime = strawberry.field(description="Since when they are on the staff.")

    @classmethod
    def of(cls, row: domain.Staff) -> "StaffMember":
        return cls(
            id=strawberry.ID(encode(Kind.STAFF, row.studio_id, row.id)),
            display_name=row.display_name,
            role=row.role,
            added_at=row.created_at,
        )
