"""The answer of an act that was done: the ids of what it changed. Answers are read anew from them, also on a replay."""

from dataclasses import dataclass, field
from uuid import UUID

from domain.nouns.booking import EarnedNothing
from domain.refusals import Refusal


@dataclass(frozen=True)
class Done:
    """`studio_id` is None for acts outside of any studio. A list is as long as the act made it.

    Of an act on many things `changed` are those that it changed, and `against` tells of the others why not. `moved`:
    how many bookings moved along. `why_not_earned` tells of each of the `bookings` why none was earned.
    """

    studio_id: int | None = None
    account: UUID | None = None
    staff: UUID | None = None
    invitation: UUID | None = None
    course: UUID | None = None
    session: UUID | None = None
    sessions: tuple[UUID, ...] = field(default=())
    client: UUID | None = None
    enrolment: UUID | None = None
    booking: UUID | None = None
    bookings: tuple[UUID, ...] = field(default=())
    entry: UUID | None = None
    entries: tuple[UUID, ...] = field(default=())
    credit: UUID | None = None
    credits: tuple[UUID, ...] = field(default=())
    changed: tuple[UUID, ...] = field(default=())
    moved: int | None = None
    why_not_earned: tuple[tuple[EarnedNothing, ...], ...] = field(default=())
    against: tuple[Refusal, ...] = field(default=())
