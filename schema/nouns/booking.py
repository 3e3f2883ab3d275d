"""Booking and enrolment."""

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry import lazy

from domain.authority import require_override
from domain.cancellation.cancelling import Cancellation
from domain.issuing.caps import caps_are_decided
from domain.nouns import booking as domain
from domain.nouns.booking import Attendance, BookingStatus, CancellationOutcome, EarnedNothing, PaidWith, PaymentState
from domain.nouns.credit import TAKEN_BACK
from schema.connections import Listed, paged
from schema.context import Info
from schema.families import clashing
from schema.ids import Kind, encode
from schema.loaders import loaded
from schema.money import Money, money
from schema.node import Node
from schema.nouns.cancellation_preview import CancellationPreview
from schema.nouns.client import Client, client_of
from schema.nouns.course import Course
from schema.nouns.session import Session, scheduled
from schema.nouns.studio import studio_of
from schema.nouns.undo_preview import SwapBack, UndoPreview, undo_preview

if TYPE_CHECKING:
    from schema.nouns.credit import MakeUpCredit


@strawberry.type(description="A client's seat in one session.")
class Booking(Node):
    status: BookingStatus = strawberry.field(description="Where it stands.")
    paid_with: PaidWith = strawberry.field(description="What it is paid with.")
    booked_at: datetime = strawberry.field(description="When it was booked.")
    cancelled_at: datetime | None = strawberry.field(description="When it was cancelled.")
    attendance: Attendance | None = strawberry.field(
        description="Whether the client was there, as staff marked it; null while it is not marked."
    )
    marked_at: datetime | None = strawberry.field(description="When staff marked it last.")
    row: strawberry.Private[domain.Booking]

    @classmethod
    def of(cls, row: domain.Booking) -> "Booking":
        return cls(
            id=strawberry.ID(encode(Kind.BOOKING, row.studio_id, row.id)),
            status=row.status,
            paid_with=row.paid_with,
            booked_at=row.booked_at,
            cancelled_at=row.cancelled_at,
            attendance=row.attendance,
            marked_at=row.marked_at,
            row=row,
        )

    @strawberry.field(description="The session.")
    async def session(self, info: Info) -> Session:
        found = await info.context.load.session.load((self.row.studio_id, self.row.session_id))
        assert found is not None, "a foreign key holds this"
        return Session.of(found)

    @strawberry.field(description="Who has the seat.")
    async def client(self, info: Info) -> Client:
        return await client_of(info, self.row.studio_id, self.row.client_id)

    @strawberry.field(description="The enrolment that it is part of. Null for instructors.")
    async def enrolment(self, info: Info) -> "Enrolment | None":
        if self.row.enrolment_id is None or await self.is_of_a_roster(info):
            return None
        found = await info.context.load.enrolment.load((self.row.studio_id, self.row.enrolment_id))
        return None if found is None else Enrolment.of(found)

    @strawberry.field(
        description="Whether it is paid; as the enrolment is, where there is one. Null for instructors and nobody else."
    )
    async def payment(self, info: Info) -> PaymentState | None:
        return None if await self.is_of_a_roster(info) else self.row.payment

    @strawberry.field(description="What its cancellation brought; null while it is live. Null for instructors.")
    async def outcome(self, info: Info) -> CancellationOutcome | None:
        return None if await self.is_of_a_roster(info) else self.row.outcome

    @strawberry.field(
        description="Why its cancellation earned no new credit; empty while it is live and where it earned one. Empty"
        " for instructors."
    )
    async def why_not_earned(self, info: Info) -> list[EarnedNothing]:
        return [] if await self.is_of_a_roster(info) else list(self.row.why_not_earned)

    @strawberry.field(
        description="The price fixed at booking; null where the seat was not sold by itself. Null for instructors."
    )
    async def price(self, info: Info) -> Money | None:
        if await self.is_of_a_roster(info):
            return None
        return money(await studio_of(info, self.row.studio_id), self.row.price)

    @strawberry.field(description="The make-up credit that pays it. Null for instructors.")
    async def credit(self, info: Info) -> Annotated["MakeUpCredit", lazy("schema.nouns.credit")] | None:
        from schema.nouns.credit import credit_with_id

        if await self.is_of_a_roster(info):
            return None
        return await credit_with_id(info, self.row.studio_id, self.row.credit_id)

    @strawberry.field(
        description="The make-up credit that stands for it: earned by its cancellation or by an excused absence, or"
        " given when the studio cancelled the session. Null for instructors."
    )
    async def earned_credit(self, info: Info) -> Annotated["MakeUpCredit", lazy("schema.nouns.credit")] | None:
        from schema.nouns.credit import MakeUpCredit

        if await self.is_of_a_roster(info):
            return None
        found = await info.context.load.credit_earned_by.load((self.row.studio_id, self.row.id))
        return None if found is None else MakeUpCredit.of(found)

    @strawberry.field(
        description="What cancelling it would bring now. Null where it is cancelled already, and for instructors."
    )
    async def cancellation_preview(
        self,
        info: Info,
        override: Annotated[
            bool,
            strawberry.argument(
                description="Whether the deadline is set aside, as `CancelBookingInput.override` does. Only the"
                " studio's owner and managers may ask for it."
            ),
        ] = False,
    ) -> CancellationPreview | None:
        if override:
            require_override(await info.context.authority(self.row.studio_id))
        if not self.row.live or await self.is_of_a_roster(info):
            return None
        # Whatever the reason will be: what counts is that there is one.
        cancellation = replace(await self.as_cancellation(info), override="override" if override else "")
        return CancellationPreview.of(cancellation, info.context.now)

    @strawberry.field(
        description="What undoing its cancellation would bring now. Null where it is live, and for instructors."
    )
    async def undo_preview(self, info: Info, swap_back: SwapBack = False) -> UndoPreview | None:
        if self.row.live or await self.is_of_a_roster(info):
            return None
        return await undo_preview(info, self.row, swap_back)

    @strawberry.field(
        description="The seats that clash with it in time: of its client and of all whom the same account manages, at"
        " every studio; for staff, at this one. A warning, which forbids nothing. Other seats in the same session do"
        " not clash. By start; empty where it is cancelled. Null for instructors."
    )
    async def clashes(self, info: Info) -> list["Booking"] | None:
        if await self.is_of_a_roster(info):
            return None
        if not self.row.live:
            return []
        session, client = (await self.session(info)).row, (await self.client(info)).row
        return [Booking.of(row) for row in await clashing(info, session, client)]

    @paged(
        "The sessions that it could be swapped for now with `swapSession`, soonest first; none where giving it up would"
        " bring no credit to spend at once. For its client's account and the studio's owner and managers.",
        Session,
    )
    async def swap_options(self, info: Info) -> Listed[Session]:
        from schema.nouns.schedule import swap_options

        return await swap_options(info, self)

    async def is_of_a_roster(self, info: Info) -> bool:
        """Whether the viewer sees only that the seat is taken and by whom, and nothing that its client owns."""
        return not (await info.context.authority(self.row.studio_id)).sees_client(self.row.client_id)

    async def as_cancellation(self, info: Info) -> Cancellation:
        """With all that decides what giving it up brings; what is loaded for several is loaded together."""
        row, load = self.row, info.context.load
        session = (await self.session(info)).row
        # What does not ask for the course is not kept waiting for it: else one-time classes are a batch of their own.
        target, credit, by_it = await asyncio.gather(
            scheduled(info, session),
            loaded(load.credit, None if row.credit_id is None else (row.studio_id, row.credit_id)),
            loaded(load.credit_earned_by, (row.studio_id, row.id) if row.credit_id is None else None),
        )
        capped, by_staff = caps_are_decided(target.policy), (await info.context.authority(row.studio_id)).manages_studio
        size, earned = await asyncio.gather(
            loaded(load.course_size, None if target.course is None else (row.studio_id, target.course.id)),
            loaded(load.earned_before, (row.studio_id, row.client_id) if capped else None),
        )
        standing = None if by_it is None or by_it.state in TAKEN_BACK else by_it
        return Cancellation(target, row, size or 0, credit, by_staff, earned_before=earned or (), standing=standing)


@strawberry.type(description="A client's place in a whole course: a booking in each session that remained.")
class Enrolment(Node):
    payment: PaymentState = strawberry.field(description="Whether it is paid.")
    enrolled_at: datetime = strawberry.field(description="Since when they are enrolled.")
    ended_at: datetime | None = strawberry.field(
        description="When it ended; null while it runs. Its seats in sessions that had not started then are given up."
    )
    row: strawberry.Private[domain.Enrolment]

    @classmethod
    def of(cls, row: domain.Enrolment) -> "Enrolment":
        return cls(
            id=strawberry.ID(encode(Kind.ENROLMENT, row.studio_id, row.id)),
            payment=row.payment,
            enrolled_at=row.enrolled_at,
            ended_at=row.ended_at,
            row=row,
        )

    @strawberry.field(description="The course.")
    async def course(self, info: Info) -> Course:
        found = await info.context.load.course.load((self.row.studio_id, self.row.course_id))
        assert found is not None, "a foreign key holds this"
        return Course.of(found)

    @strawberry.field(description="Who is enrolled.")
    async def client(self, info: Info) -> Client:
        return await client_of(info, self.row.studio_id, self.row.client_id)

    @strawberry.field(description="The price of the whole course, fixed when enrolling.")
    async def price(self, info: Info) -> Money:
        studio = await studio_of(info, self.row.studio_id)
        return Money(amount=self.row.price, currency=studio.currency)
