"""The staff, on the schedule and among themselves."""

from datetime import datetime

import strawberry

from domain.nouns import studio as domain
from domain.nouns.studio import Role
from schema.context import Info
from schema.ids import Kind, encode
from schema.node import Node


@strawberry.type(description="Somebody on the staff. Everybody sees their name on the schedule; the staff, the rest.")
class StaffMember(Node):
    display_name: str = strawberry.field(description="The name shown on the schedule.")
    row: strawberry.Private[domain.Staff]

    @classmethod
    def of(cls, row: domain.Staff) -> "StaffMember":
        return cls(id=strawberry.ID(encode(Kind.STAFF, row.studio_id, row.id)), display_name=row.display_name, row=row)

    @strawberry.field(
        description="What they may do; null once they have left. Null for everybody who is not on the staff."
    )
    async def role(self, info: Info) -> Role | None:
        return self.row.role if self.row.removed_at is None and await self._seen_by_staff(info) else None

    @strawberry.field(description="Since when they are on the staff. Null for everybody who is not.")
    async def added_at(self, info: Info) -> datetime | None:
        return self.row.created_at if await self._seen_by_staff(info) else None

    @strawberry.field(
        description="When they left the staff; null while they are on it. Null for everybody who is not on the staff."
    )
    async def removed_at(self, info: Info) -> datetime | None:
        return self.row.removed_at if await self._seen_by_staff(info) else None

    async def _seen_by_staff(self, info: Info) -> bool:
        return (await info.context.authority(self.row.studio_id)).role is not None
