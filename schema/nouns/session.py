"""Session."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import strawberry
from strawberry import lazy

from domain.authority import require_manager, require_roster
from domain.nouns import session as domain
from domain.nouns.booking import BookingStatus
from domain.nouns.local_time import local_date
from domain.nouns.session import Compensation, SessionStatus
from persistence.reads import listings, waitlists
from schema.arguments import ForClient, ForClientOfCredit, ToHold, WhetherWithCredit, WithCredit
from schema.connections import Listed, paged
from schema.context import Info
from schema.families import clashing
from schema.ids import Kind, encode
from schema.money import Money, money
from schema.node import Node
from schema.nouns.course import Course
from schema.nouns.policy import EffectivePolicy, Setting
from schema.nouns.staff import StaffMember
from schema.nouns.studio import Studio, studio_of
from schema.queues import number_waiting

if TYPE_CHECKING:
    from schema.nouns.booking import Booking
    from schema.nouns.eligibility import BookingEligibility, MakeUpEligibility, WaitlistEligibility
    from schema.nouns.family import ClientAtSession
    from schema.nouns.session_cancellation_preview import SessionCancellationPreview
    from schema.nouns.swapping import SwapEligibility
    from schema.nouns.waitlist import WaitlistEntry

ForCompensation = Annotated[
    Compensation, strawberry.argument(description="What clients are to get for seats that no credit paid.")
]


@strawberry.type(description="One dated meeting with a capacity: part of a course, or a one-time class.")
class Session(Node):
    starts_at: datetime = strawberry.field(description="When it starts.")
    ends_at: datetime = strawberry.field(description="When it ends.")
    status: SessionStatus = strawberry.field(description="Whether it takes place.")
    capacity: int = strawberry.field(description="How many seats it has.")
    archived_at: datetime | None = strawberry.field(
        description="When it was archived; null while it is offered. It takes no new bookings then."
    )
    moved_at: datetime | None = strawberry.field(
        description="When it was moved last; null where it never was. Who was booked then may cancel as if in time"
        " until the deadline or, where that is later, until 24 hours after the move, but not after the start:"
        " `Booking.cancellationPreview` tells each booking's own deadline."
    )
    row: strawberry.Private[domain.Session]

    @classmethod
    def of(cls, row: domain.Session) -> "Session":
        return cls(
            id=strawberry.ID(encode(Kind.SESSION, row.studio_id, row.id)),
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            status=row.status,
            capacity=row.capacity,
            archived_at=row.archived_at,
            moved_at=row.moved_at,
            row=row,
        )

    @strawberry.field(description="Its name: that of the course, unless it has its own.")
    async def name(self, info: Info) -> str:
        return self.row.name or (await scheduled(info, self.row)).name

    @strawberry.field(description="The studio that gives it.")
    async def studio(self, info: Info) -> Studio:
        return Studio.of(await studio_of(info, self.row.studio_id))

    @strawberry.field(
        description="The local date on which it starts, in the studio's time zone: the day to show it under."
    )
    async def date(self, info: Info) -> date:
        return local_date(self.row.starts_at, (await studio_of(info, self.row.studio_id)).zone)

    @strawberry.field(description="The course that it is part of; null for a one-time class.")
    async def course(self, info: Info) -> Course | None:
        course = (await scheduled(info, self.row)).course
        return None if course is None else Course.of(course)

    @strawberry.field(
        description="The studio's own word for what is taught: its course's, or a one-time class's own. Null for none."
    )
    async def category(self, info: Info) -> str | None:
        return (await scheduled(info, self.row)).category

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

    @strawberry.field(
        description="How many seats are free now for money; `makeUpSeatsLeft` tells how many are for credits. Seats on"
        " offer to those who wait are not free. 0 where the studio has cancelled it. While somebody who waits could"
        " take a seat, nobody who comes after them can book one."
    )
    async def seats_left(self, info: Info) -> int:
        return (await scheduled(info, self.row)).seats_left(info.context.now)

    @strawberry.field(
        description="How many seats are free now for make-up credits, extra seats included and within the limits of its"
        " policy; those on offer to who waits are not. 0 where the studio has cancelled it. Whether credits are taken"
        " at all tells `acceptsMakeUps`."
    )
    async def make_up_seats_left(self, info: Info) -> int:
        return (await scheduled(info, self.row)).make_up_seats_left(info.context.now)

    @strawberry.field(description="How many clients wait for a seat; 0 once it has started.")
    async def waiting(self, info: Info) -> int:
        return await number_waiting(info, self.row)

    @strawberry.field(
        description="How many seats are on offer to those who wait: whoever claims one first with `claimSeat` has it."
        " They became free after what `seatsGivenUntil` was by then; where the studio's policy has made that later"
        " since, they stay on offer until something next happens in the session. 0 once it has started."
    )
    async def seats_on_offer(self, info: Info) -> int:
        return (await scheduled(info, self.row)).on_offer(info.context.now)

    @strawberry.field(
        description="The last instant at which a seat that becomes free is given to the first who waits and can take"
        " it; later it is on offer to all who wait. The studio's `autoSeatHoursBeforeDeadline` before the deadline for"
        " cancelling."
    )
    async def seats_given_until(self, info: Info) -> datetime:
        return (await scheduled(info, self.row)).seats_given_until

    @strawberry.field(
        description="The first instant at which make-up credits can book it; null for no such limit. How far ahead any"
        " session can be booked is the studio's `maxDaysAhead`."
    )
    async def make_ups_open_at(self, info: Info) -> datetime | None:
        return (await scheduled(info, self.row)).make_ups_open_at

    @strawberry.field(
        description="The last instant at which make-up credits can book it; null where they can until it starts."
    )
    async def make_ups_close_at(self, info: Info) -> datetime | None:
        return (await scheduled(info, self.row)).make_ups_close_at

    @strawberry.field(
        description="What holds for it, and which level decided it. A session that has started keeps its extra seats,"
        " whatever its course decides later."
    )
    async def effective_policy(self, info: Info) -> EffectivePolicy:
        target = await scheduled(info, self.row)
        accepts = Setting(value=target.accepts_make_ups, level=target.make_ups_decided_by)
        return EffectivePolicy.of(
            *target.levels, accepts_make_ups=accepts, extra_make_up_seats=self.row.extra_make_up_seats
        )

    @strawberry.field(
        description="The last instant at which cancelling is in time, after the policy. The deadline itself still is."
        " Who was booked when the session was moved may have longer."
    )
    async def cancellation_deadline(self, info: Info) -> datetime:
        return (await scheduled(info, self.row)).deadline

    @strawberry.field(
        description="The seats that the viewer's own clients have in it; none for whoever is not signed in."
    )
    async def my_bookings(self, info: Info) -> list[Annotated["Booking", lazy("schema.nouns.booking")]]:
        from schema.nouns.booking import Booking

        found = await info.context.load.live_booking.load_many(await self._of_mine(info))
        return [Booking.of(row) for row in found if row is not None]

    @strawberry.field(
        description="The places that the viewer's own clients have on its waiting list now; none for whoever is not"
        " signed in."
    )
    async def my_waitlist_entries(self, info: Info) -> list[Annotated["WaitlistEntry", lazy("schema.nouns.waitlist")]]:
        from schema.nouns.waitlist import WaitlistEntry

        found = await info.context.load.live_entry.load_many(await self._of_mine(info))
        return [WaitlistEntry.of(row) for row in found if row is not None]

    @paged(
        "Its waiting list: who waits now, in their order. For the studio's owner and managers.",
        Annotated["WaitlistEntry", lazy("schema.nouns.waitlist")],
    )
    async def waitlist(self, info: Info) -> Listed["WaitlistEntry"]:
        from schema.nouns.waitlist import WaitlistEntry

        require_manager(await info.context.signed_in_at(self.row.studio_id))
        name = f"waiting list of {self.row.studio_id} {self.row.id}"
        return Listed(waitlists.waitlist_of(self.row, info.context.now), WaitlistEntry.of, name)

    @paged(
        "Its roster: all bookings, by the names of the clients. For its instructor, and for owner and managers.",
        Annotated["Booking", lazy("schema.nouns.booking")],
    )
    async def bookings(
        self,
        info: Info,
        statuses: Annotated[
            list[BookingStatus] | None, strawberry.argument(description="Only those that stand at any of these.")
        ] = None,
    ) -> Listed["Booking"]:
        from schema.nouns.booking import Booking

        require_roster(await info.context.signed_in_at(self.row.studio_id), self.row.instructor_id)
        name = f"roster of {self.row.studio_id} {self.row.id} {statuses}"
        return Listed(listings.roster(self.row, statuses), Booking.of, name)

    @strawberry.field(
        description="How many bookings in it are live and paid with a make-up credit. For its instructor, and for owner"
        " and managers."
    )
    async def make_up_bookings(self, info: Info) -> int | None:
        require_roster(await info.context.signed_in_at(self.row.studio_id), self.row.instructor_id)
        return self.row.make_ups

    @strawberry.field(
        description="Whether a client can book it now for money, and if not, every reason why. Decided by the same"
        " rules as `bookSession`. For a client's account and the studio's owner and managers."
    )
    async def booking_eligibility(
        self, info: Info, client_id: ForClient = None
    ) -> Annotated["BookingEligibility", lazy("schema.nouns.eligibility")] | None:
        from schema.nouns.eligibility import attending, booking_eligibility

        return await booking_eligibility(info, self.row, await attending(info, self.row.studio_id, client_id))

    @strawberry.field(
        description="Whether a make-up credit can book it now, and if not, every reason why. Decided by the same rules"
        " as `bookWithMakeUp`. For a client's account and the studio's owner and managers."
    )
    async def make_up_eligibility(
        self, info: Info, client_id: ForClientOfCredit = None, credit_id: WithCredit = None
    ) -> Annotated["MakeUpEligibility", lazy("schema.nouns.eligibility")] | None:
        from schema.nouns.eligibility import make_up_eligibility, payer

        return await make_up_eligibility(info, self.row, await payer(info, self.row.studio_id, client_id, credit_id))

    @strawberry.field(
        description="Whether a client can join its waiting list now, and if not, every reason why; and which credit"
        " would be held. Decided by the same rules as `joinWaitlist`. For a client's account and the studio's owner and"
        " managers."
    )
    async def waitlist_eligibility(
        self,
        info: Info,
        with_credit: WhetherWithCredit,
        client_id: ForClientOfCredit = None,
        credit_id: ToHold = None,
    ) -> Annotated["WaitlistEligibility", lazy("schema.nouns.eligibility")] | None:
        from schema.nouns.eligibility import waitlist_eligibility

        return await waitlist_eligibility(info, self.row, client_id, with_credit, credit_id)

    @strawberry.field(
        description="The seats that clash with it in time if a client attends it: theirs and those of all whom the same"
        " account manages, at every studio; for staff, at this one. A warning, which forbids nothing. Other seats in"
        " this very session do not clash. By start. For a client's account and the studio's owner and managers."
    )
    async def clashes(
        self, info: Info, client_id: ForClient = None
    ) -> list[Annotated["Booking", lazy("schema.nouns.booking")]] | None:
        from schema.nouns.booking import Booking
        from schema.nouns.eligibility import attending

        client = await attending(info, self.row.studio_id, client_id)
        return [Booking.of(row) for row in await clashing(info, self.row, client)]

    @strawberry.field(
        description="For each client that the viewer's account manages at its studio, by name, what they have in it and"
        " can have: the whole family on one screen. Without those who are archived; none for whoever is not signed in."
    )
    async def for_my_clients(self, info: Info) -> list[Annotated["ClientAtSession", lazy("schema.nouns.family")]]:
        from schema.nouns.family import for_my_clients

        return await for_my_clients(info, self.row)

    @strawberry.field(
        description="What cancelling it now would bring to those who have a seat in it. Decided by the same rules as"
        " `cancelSession`. For the studio's owner and managers."
    )
    async def cancellation_preview(
        self, info: Info, compensation: ForCompensation
    ) -> Annotated["SessionCancellationPreview", lazy("schema.nouns.session_cancellation_preview")] | None:
        from schema.nouns.session_cancellation_preview import of_session

        require_manager(await info.context.signed_in_at(self.row.studio_id))
        return await of_session(info, await scheduled(info, self.row), compensation)

    @strawberry.field(
        description="Whether a booking can be swapped for a seat in it now, and if not, every reason why. Decided by"
        " the same rules as `swapSession`. For the account of the booking's client and the studio's owner and managers."
    )
    async def swap_eligibility(
        self, info: Info, booking_id: Annotated[strawberry.ID, strawberry.argument(description="The one to give up.")]
    ) -> Annotated["SwapEligibility", lazy("schema.nouns.swapping")] | None:
        from schema.nouns.swapping import swap_eligibility

        return await swap_eligibility(info, self.row, booking_id)

    async def _of_mine(self, info: Info) -> list[tuple[int, UUID, UUID]]:
        mine = (await info.context.authority(self.row.studio_id)).client_ids
        return [(self.row.studio_id, client_id, self.row.id) for client_id in sorted(mine)]


async def scheduled(info: Info, row: domain.Session) -> domain.ScheduledSession:
    """A session with all that decides about it. How many wait is asked only where seats may be on offer to them."""
    course = None
    if row.course_id is not None:
        course = await info.context.load.course.load((row.studio_id, row.course_id))
    waits = await number_waiting(info, row) if row.freed_late else 0
    return domain.ScheduledSession(await studio_of(info, row.studio_id), row, course, waits)
