"""Studio."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry import lazy

from domain.authority import require_manager, require_owner, require_staff
from domain.nouns import studio as domain
from domain.nouns.studio import Role
from persistence.reads import history, listings, staffing, waitlists
from schema.audit_filter import AuditFilter, WhichHappened
from schema.connections import Listed, paged
from schema.context import Info
from schema.filters import (
    BookingFilter,
    ClientFilter,
    CreditFilter,
    WaitlistFilter,
    WhichBookings,
    WhichClients,
    WhichCourses,
    WhichCredits,
    WhichEntries,
    WhichSessions,
)
from schema.ids import studio_gid
from schema.node import Node
from schema.nouns.policy import EffectivePolicy, StudioPolicy

if TYPE_CHECKING:
    from schema.nouns.audit import AuditEntry
    from schema.nouns.booking import Booking
    from schema.nouns.client import Client
    from schema.nouns.course import Course
    from schema.nouns.credit import MakeUpCredit
    from schema.nouns.invitation import StaffInvitation
    from schema.nouns.reports import StudioReports
    from schema.nouns.session import Session
    from schema.nouns.staff import StaffMember
    from schema.nouns.waitlist import WaitlistEntry


@strawberry.type(description="A studio: its own schedule, clients, money and rules. Nothing crosses studios.")
class Studio(Node):
    slug: str = strawberry.field(description="Its short name in addresses.")
    name: str = strawberry.field(description="Its name.")
    time_zone: str = strawberry.field(description="IANA name. Local dates and deadlines are reckoned in it.")
    currency: str = strawberry.field(description="ISO 4217 code of all its prices.")
    policy: StudioPolicy = strawberry.field(description="What it has decided about cancelling and make-ups.")
    archived_at: datetime | None = strawberry.field(
        description="When it was archived; null while it is open. It takes nothing new then, and everybody still finds"
        " it by its slug, since what they hold there stands."
    )
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
            archived_at=row.archived_at,
            row=row,
        )

    @strawberry.field(
        description="What holds where neither a course nor a session says otherwise, and whether it decided it."
    )
    async def effective_policy(self) -> EffectivePolicy:
        return EffectivePolicy.of(self.row.choices)

    @strawberry.field(description="The viewer's role on the staff; null for everybody else.")
    async def my_role(self, info: Info) -> Role | None:
        return (await info.context.authority(self.row.id)).role

    @strawberry.field(
        description="Every category that its courses and one-time classes have, by name, but for what is archived."
    )
    async def categories(self, info: Info) -> list[str]:
        return list(await info.context.load.categories.load(self.row.id) or ())

    @paged("Its schedule, by start.", Annotated["Session", lazy("schema.nouns.session")])
    async def sessions(self, info: Info, filter: WhichSessions = None) -> Listed["Session"]:
        from schema.nouns.schedule import schedule

        return await schedule(info, self.row, filter)

    @paged("Its courses, by name.", Annotated["Course", lazy("schema.nouns.course")])
    async def courses(self, info: Info, filter: WhichCourses = None) -> Listed["Course"]:
        from schema.nouns.course import courses_of

        return await courses_of(info, self.row.id, filter)

    @paged("Its clients, by name. For its owner and managers.", Annotated["Client", lazy("schema.nouns.client")])
    async def clients(self, info: Info, filter: WhichClients = None) -> Listed["Client"]:
        from schema.nouns.client import Client

        await self._require_manager(info)
        given = filter or ClientFilter()
        return Listed(listings.clients(self.row.id, given.archived), Client.of, f"clients of {self.row.id} {given}")

    @paged(
        "All bookings at the studio, by the start of their sessions. For its owner and managers.",
        Annotated["Booking", lazy("schema.nouns.booking")],
    )
    async def bookings(self, info: Info, filter: WhichBookings = None) -> Listed["Booking"]:
        from schema.nouns.booking import Booking

        await self._require_manager(info)
        given = filter or BookingFilter()
        listing = listings.bookings_of_studio(self.row.id, given.wanted(info.context.now, self.row.id))
        return Listed(listing, Booking.of, f"bookings of {self.row.id} {given}")

    @paged(
        "All make-up credits at the studio, the first to expire first. For its owner and managers.",
        Annotated["MakeUpCredit", lazy("schema.nouns.credit")],
    )
    async def make_up_credits(self, info: Info, filter: WhichCredits = None) -> Listed["MakeUpCredit"]:
        from schema.nouns.credit import MakeUpCredit

        await self._require_manager(info)
        given = filter or CreditFilter()
        listing = listings.credits_of_studio(self.row.id, given.wanted(self.row.id), info.context.now)
        return Listed(listing, MakeUpCredit.of, f"credits of {self.row.id} {given}")

    @paged(
        "All places on waiting lists at the studio, by the start of the sessions. For its owner and managers.",
        Annotated["WaitlistEntry", lazy("schema.nouns.waitlist")],
    )
    async def waitlist_entries(self, info: Info, filter: WhichEntries = None) -> Listed["WaitlistEntry"]:
        from schema.nouns.waitlist import WaitlistEntry

        await self._require_manager(info)
        given = filter or WaitlistFilter()
        listing = waitlists.entries_of_studio(self.row.id, given.wanted(self.row.id), info.context.now)
        return Listed(listing, WaitlistEntry.of, f"waitlist entries of {self.row.id} {given}")

    @paged(
        "Bookings whose absence was excused and earned a credit, and that are marked otherwise now, as long as that"
        " credit stands: it was used before the correction. Revoking it, where it comes back unused, settles the case."
        " Those of a session that the studio has cancelled since are left out: the credit stands for that now."
        " By when they were marked, for its owner and managers.",
        Annotated["Booking", lazy("schema.nouns.booking")],
    )
    async def attendance_corrections(self, info: Info) -> Listed["Booking"]:
        from schema.nouns.booking import Booking

        await self._require_manager(info)
        name = f"attendance corrections of {self.row.id}"
        return Listed(listings.attendance_corrections(self.row.id), Booking.of, name)

    @strawberry.field(
        description="What it owes its clients in credits, what happened to them, and what they fill. For its owner and"
        " managers."
    )
    async def reports(self, info: Info) -> Annotated["StudioReports", lazy("schema.nouns.reports")] | None:
        from schema.nouns.reports import StudioReports

        await self._require_manager(info)
        return StudioReports(studio=self.row)

    @paged(
        "Who is on the staff, by name. For all of the staff.",
        Annotated["StaffMember", lazy("schema.nouns.staff")],
    )
    async def staff(
        self,
        info: Info,
        include_removed: Annotated[
            bool, strawberry.argument(description="Whether to show also those who have left.")
        ] = False,
    ) -> Listed["StaffMember"]:
        from schema.nouns.staff import StaffMember

        require_staff(await info.context.signed_in_at(self.row.id))
        listing = staffing.staff_of_studio(self.row.id, include_removed)
        return Listed(listing, StaffMember.of, f"staff of {self.row.id} {include_removed}")

    @paged(
        "The invitations to the staff that can be accepted now, oldest first. For its owners.",
        Annotated["StaffInvitation", lazy("schema.nouns.invitation")],
    )
    async def invitations(self, info: Info) -> Listed["StaffInvitation"]:
        from schema.nouns.invitation import StaffInvitation

        await self._require_owner(info)
        now = info.context.now
        listing = staffing.open_invitations(self.row.id, now)
        return Listed(listing, lambda row: StaffInvitation.of(row, now), f"invitations of {self.row.id}")

    @paged(
        "Everything that somebody did at the studio, oldest first: the `last` things are the newest. For its owners.",
        Annotated["AuditEntry", lazy("schema.nouns.audit")],
    )
    async def audit_trail(self, info: Info, filter: WhichHappened = None) -> Listed["AuditEntry"]:
        from schema.nouns.audit import AuditEntry

        await self._require_owner(info)
        given = filter or AuditFilter()
        actor = await info.context.load.staff.load(key) if (key := given.actor(self.row.id)) else None
        listing = history.audit_trail(self.row.id, given.wanted(self.row, actor))
        return Listed(listing, AuditEntry.of, f"audit trail of {self.row.id} {given}")

    async def _require_owner(self, info: Info) -> None:
        require_owner(await info.context.signed_in_at(self.row.id))

    async def _require_manager(self, info: Info) -> None:
        require_manager(await info.context.signed_in_at(self.row.id))


async def studio_of(info: Info, studio_id: int) -> domain.Studio:
    """The studio of something that is there."""
    found = await info.context.load.studio.load(studio_id)
    assert found is not None, "a foreign key holds this"
    return found
