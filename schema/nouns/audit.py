"""The audit trail: what happened at a studio, who did it, and what it changed."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import strawberry
from strawberry.dataloader import DataLoader

from domain.nouns.history import EventKind, Happened
from schema.audit_changes import changes_of
from schema.context import Info
from schema.ids import Kind, encode
from schema.node import Node
from schema.nouns.booking import Booking, Enrolment
from schema.nouns.client import Client
from schema.nouns.course import Course
from schema.nouns.credit import MakeUpCredit
from schema.nouns.invitation import StaffInvitation
from schema.nouns.session import Session
from schema.nouns.staff import StaffMember
from schema.nouns.waitlist import WaitlistEntry

Row = TypeVar("Row")
Shown = TypeVar("Shown")


@strawberry.type(
    description="Whose account did something. What they are is as of now: their role then stands in the trail itself."
    " Of an account that was deleted, or has nothing to do with the studio any more, there may be nothing to tell."
)
class AuditActor:
    account_id: strawberry.Private[UUID]
    studio_id: strawberry.Private[int]

    @strawberry.field(
        description="Who they are on the staff, or were before they left; null for those who never were on it."
    )
    async def staff_member(self, info: Info) -> StaffMember | None:
        found = await info.context.load.staff_of_account.load((self.studio_id, self.account_id))
        return None if found is None else StaffMember.of(found)

    @strawberry.field(description="The clients of the studio whom their account manages, by name.")
    async def clients(self, info: Info) -> list[Client]:
        family = await info.context.load.family.load((self.studio_id, self.account_id)) or frozenset()
        found = await info.context.load.client.load_many([(self.studio_id, key) for key in family])
        by_name = sorted((each for each in found if each is not None), key=lambda each: (each.name, each.id))
        return [Client.of(each) for each in by_name]


@strawberry.type(
    description="What changed, in words: an id, a word of an enum, a number, an instant or a local date as the schema"
    " writes them, money in minor units of the studio's currency, or a setting as JSON."
)
class AuditChange:
    field: str = strawberry.field(description="What it is called, as the schema calls it.")
    before: str | None = strawberry.field(description="What it was; null for nothing, and for a name of the staff.")
    after: str | None = strawberry.field(description="What it has been since; null likewise.")


@strawberry.type(
    description="One thing that somebody did at a studio. It never changes, but for words about a"
    " person, which go when the person's account is deleted. Only the studio's owners see it."
)
class AuditEntry(Node):
    at: datetime = strawberry.field(description="When it happened.")
    kind: EventKind = strawberry.field(description="What kind of thing it is.")
    reason: str | None = strawberry.field(
        description="Why: a word of `GrantReason` or `RevocationReason`; null for all other kinds."
    )
    note: str | None = strawberry.field(description="What staff noted; null for nothing.")
    override: str | None = strawberry.field(description="Why staff set the deadline aside; null where they did not.")
    changes: list[AuditChange] = strawberry.field(
        description="What changed, and what something new was made with; empty where the kind says it all."
    )
    row: strawberry.Private[Happened]

    @classmethod
    def of(cls, row: Happened) -> "AuditEntry":
        return cls(
            id=strawberry.ID(encode(Kind.EVENT, row.studio_id, row.id)),
            at=row.at,
            kind=EventKind[row.kind],
            reason=row.data.get("reason"),
            note=row.data.get("note") or None,
            override=row.data.get("override") or None,
            changes=[AuditChange(**change._asdict()) for change in changes_of(row)],
            row=row,
        )

    @strawberry.field(description="Whose account did it.")
    async def actor(self) -> AuditActor:
        assert self.row.actor_id is not None, "what nobody did is in no trail"
        return AuditActor(account_id=self.row.actor_id, studio_id=self.row.studio_id)

    @strawberry.field(description="The course that it concerns; null for none.")
    async def course(self, info: Info) -> Course | None:
        return await self._found(info.context.load.course, self.row.course_id, Course.of)

    @strawberry.field(description="The session that it concerns; null for none.")
    async def session(self, info: Info) -> Session | None:
        return await self._found(info.context.load.session, self.row.session_id, Session.of)

    @strawberry.field(description="The client whom it concerns; null for none.")
    async def client(self, info: Info) -> Client | None:
        return await self._found(info.context.load.client, self.row.client_id, Client.of)

    @strawberry.field(description="The enrolment that it concerns; null for none.")
    async def enrolment(self, info: Info) -> Enrolment | None:
        return await self._found(info.context.load.enrolment, self.row.enrolment_id, Enrolment.of)

    @strawberry.field(description="The booking that it concerns; null for none.")
    async def booking(self, info: Info) -> Booking | None:
        return await self._found(info.context.load.booking, self.row.booking_id, Booking.of)

    @strawberry.field(description="The make-up credit that it concerns; null for none.")
    async def credit(self, info: Info) -> MakeUpCredit | None:
        return await self._found(info.context.load.credit, self.row.credit_id, MakeUpCredit.of)

    @strawberry.field(description="The place on a waiting list that it concerns; null for none.")
    async def waitlist_entry(self, info: Info) -> WaitlistEntry | None:
        return await self._found(info.context.load.entry, self._told("entryId"), WaitlistEntry.of)

    @strawberry.field(description="The member of the staff whom it concerns; null for none.")
    async def staff_member(self, info: Info) -> StaffMember | None:
        return await self._found(info.context.load.staff, self._told("staffId"), StaffMember.of)

    @strawberry.field(description="The invitation to the staff that it concerns; null for none.")
    async def invitation(self, info: Info) -> StaffInvitation | None:
        now = info.context.now
        key = self._told("invitationId")
        return await self._found(info.context.load.invitation, key, lambda row: StaffInvitation.of(row, now))

    def _told(self, name: str) -> UUID | None:
        told: str | None = self.row.data.get(name)
        return None if told is None else UUID(told)

    async def _found(
        self, loader: DataLoader[Any, Row | None], key: UUID | None, show: Callable[[Row], Shown]
    ) -> Shown | None:
        found = None if key is None else await loader.load((self.row.studio_id, key))
        return None if found is None else show(found)
