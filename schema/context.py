"""What the resolvers of one operation share. A new one for every operation: loaders must never outlive it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

import strawberry
from strawberry.dataloader import DataLoader

from domain.authority import NOBODY, Authority
from domain.faults import ACCOUNT_GONE, Unauthenticated
from persistence.database import Database
from persistence.reads.authorities import authority_of
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


class Invitations(Protocol):
    """`code` of the invitation with an id, and `read` back: None for what is no code."""

    def code(self, invitation: str) -> str: ...

    def read(self, code: str) -> str | None: ...


@dataclass
class Context:
    """`now` is the domain's; `travelling` tells that a request header set it."""

    database: Database
    account_id: UUID | None
    now: datetime
    travelling: bool
    passwords: Passwords
    tokens: Tokens
    invitations: Invitations
    load: Loaders = field(init=False)
    replayed_fields: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        self.forget()

    def signed_in(self) -> UUID:
        """The account; `Unauthenticated` where there is none."""
        if self.account_id is None:
            raise Unauthenticated("Sign in first: send `Authorization: Bearer <access token>`.")
        return self.account_id

    async def authority(self, studio_id: int) -> Authority:
        """What the viewer is at a studio, for deciding what they may see."""
        return NOBODY if self.account_id is None else await self._authorities.load(studio_id)

    async def signed_in_at(self, studio_id: int) -> Authority:
        """What the account is at a studio; `Unauthenticated` where there is none, or where it is deleted."""
        self.signed_in()
        authority = await self.authority(studio_id)
        if authority.account_id is None:
            raise Unauthenticated(ACCOUNT_GONE)
        return authority

    def forget(self) -> None:
        """After an act, what was read before it is no longer true."""
        self.load = Loaders(self.database, self.now)
        self._authorities = DataLoader(load_fn=self._read_authorities)

    async def _read_authorities(self, studio_ids: list[int]) -> list[Authority]:
        account_id = self.signed_in()
        async with self.database.reading() as connection:
            return [await authority_of(connection, studio_id, account_id) for studio_id in studio_ids]


Info = strawberry.Info[Context, None]
