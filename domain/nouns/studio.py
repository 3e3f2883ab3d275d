"""A studio: a tenant. Nothing crosses studios."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.nouns.policy import Choices, Policy, policy_of
from domain.nouns.words import Word


@dataclass(frozen=True)
class Studio:
    """`time_zone` is an IANA name; `currency` an ISO 4217 code. `choices`: what it has decided of the policy."""

    id: int
    slug: str
    name: str
    time_zone: str
    currency: str
    choices: Choices
    archived_at: datetime | None
    created_at: datetime
    changed_at: datetime

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @cached_property
    def policy(self) -> Policy:
        """What holds where neither a course nor a session has decided."""
        return policy_of(self.choices)


class Role(Word):
    OWNER = "OWNER", "Everything, policy and staff included."
    MANAGER = "MANAGER", "Courses, sessions, clients, bookings and credits."
    INSTRUCTOR = "INSTRUCTOR", "The rosters of the sessions that they teach."


@dataclass(frozen=True)
class Staff:
    """An account with a role at a studio. `display_name` is public on the schedule.

    `removed_at`: since when they have no role any more; what they taught still names them.
    """

    studio_id: int
    id: UUID
    account_id: UUID
    role: Role
    display_name: str
    created_at: datetime
    changed_at: datetime
    removed_at: datetime | None = None
