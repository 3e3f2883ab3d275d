"""What happened to places on waiting lists."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.nouns.waitlist import WaitlistEntry, WaitlistState


@dataclass(frozen=True)
class WaitlistJoined:
    entry: WaitlistEntry


@dataclass(frozen=True)
class WaitlistEntryEnded:
    """`entry` as it was before. `booking_id`: the seat of who is SEATED.

    `at`: when it ended, where time has ended it; None for now.
    """

    entry: WaitlistEntry
    state: WaitlistState
    booking_id: UUID | None
    at: datetime | None = None
