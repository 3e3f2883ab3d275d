"""An account: a log-in, across studios."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class Account:
    """`email` is normalised and unique; `password_hash` is an argon2 string."""

    id: UUID
    email: str
    name: str
    password_hash: str = field(repr=False)
    created_at: datetime
