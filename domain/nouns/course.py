"""A course: a series of sessions, sold as a whole, by the session, or both."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.nouns.policy import Choices


@dataclass(frozen=True)
class Course:
    """Prices in minor units; None where the course is not sold that way.

    `choices`: what it has decided of the policy, for all its sessions. `category` is the studio's own word for what is
    taught (R9); None for none.
    """

    studio_id: int
    id: UUID
    name: str
    description: str
    whole_course_price: int | None
    single_session_price: int | None
    choices: Choices
    accepts_make_ups: bool
    category: str | None
    archived_at: datetime | None
    created_at: datetime
    changed_at: datetime

    @property
    def sold_per_session(self) -> bool:
        return self.single_session_price is not None

    @property
    def sold_as_whole(self) -> bool:
        return self.whole_course_price is not None
