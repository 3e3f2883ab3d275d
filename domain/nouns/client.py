"""A client: a person who attends at one studio."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class Client:
    """`account_id` is the account that manages the client; None for a guest.

    `erased_at`: since when nobody knows who it was, since the account was deleted.
    """

    studio_id: int
    id: UUID
    name: str
    account_id: UUID | None
    archived_at: datetime | None
    created_at: datetime
    changed_at: datetime
    erased_at: datetime | None = None
