"""The staff, on the schedule and among themselves."""

from datetime import datetime

import strawberry

from domain import studio as domain
from domain.studio import Role
from schema.ids import Kind, encode
from schema.node import Node


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
