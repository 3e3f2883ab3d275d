"""What the resolvers of one operation share. A new one for every operation: loaders must never outlive it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

import strawberry

from domain.authority import NOBODY, Authority
from domain.faults import Unauthenticated
from persistence.authorities import authority_of
from persistence.database import Database
from schema.loaders import Loaders


class Passwords(Protocol):
    async def hash(self, password: str) -> str: ...

    async def verify(self, password: str, stored_hash: str | None) -> bool: ...


class AccessToken(Protocol):
    @property
    def text(self) -> str: ...

    @property
    def expires_at(self) -> datetime: ...


class Tokens(Protocol):
    def issue(self, account_id: UUID, real_now: datetime) -> AccessToken: ...


@dataclass
class Context:
    """`now` is the domain's; `travelling` tells that a request header set it."""

    database: Database
    account_id: UUID | None
    now: datetime
    travelling: bool
    passwords: Passwords
    tokens: Tokens
    load: Loaders = field(init=False)
    replayed_fields: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        self.load = Loaders(self.database)
        self._authorities: dict[int, Authority] = {}

    def signed_in(self) -> UUID:
        """The account; `Unauthenticated` where there is none."""
        if self.account_id is None:
            raise Unauthenticated("Sign in first: send `Authorization: Bearer <access token>`.")
        return self.account_id

    async def authority(self, studio_id: int) -> Authority:
        """What the viewer is at a studio, for deciding what they may see."""
        if self.account_id is None:
            return NOBODY
        if studio_id not in self._authorities:
            async with self.database.reading() as connection:
                found = await authority_of(connection, studio_id, self.account_id)
            self._authorities[studio_id] = found or NOBODY
        return self._authorities[studio_id]

    def forget(self) -> None:
        """After an act, what was read before it is no longer true."""
        self.load = Loaders(self.database)
        self._authorities.clear()


Info = strawberry.Info[Context, None]
