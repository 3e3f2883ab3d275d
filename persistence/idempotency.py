"""Idempotency keys: the same key and input, one effect and the same answer.

A key is claimed and its outcome kept in the transaction of the effect itself. Whoever comes second waits for the
first to end, then reads what it kept. Keys are timed by the real clock, whatever instant the act travels to.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.faults import IdempotencyKeyReused
from domain.nouns.account import Account
from domain.outcome import Done
from domain.refusals import Refused
from persistence import outcomes
from persistence import tables as t


@dataclass(frozen=True)
class Key:
    """`fingerprint` is a hash of the whole input but for the key."""

    mutation: str
    key: str
    fingerprint: bytes


@dataclass(frozen=True)
class KeyStore:
    """One key in the table of its scope."""

    table: sa.Table
    scope: dict[str, Any]
    key: Key

    async def claim(self, connection: AsyncConnection) -> Done | Refused | None:
        """None where the key is new and now ours; else the outcome kept; `IdempotencyKeyReused` for other input."""
        insert = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(self.table)
        claimed = await connection.execute(
            insert.values(**self._identity, fingerprint=self.key.fingerprint, outcome=None, used_at=datetime.now(UTC))
            .on_conflict_do_nothing()
            .returning(self.table.c.key)
        )
        if claimed.first() is not None:
            return None
        found = await connection.execute(sa.select(self.table.c.fingerprint, self.table.c.outcome).where(*self._where))
        fingerprint, outcome = found.one()
        if fingerprint != self.key.fingerprint:
            raise IdempotencyKeyReused("This idempotency key was used before with another input.")
        return outcomes.load(outcome)

    async def keep(self, connection: AsyncConnection, outcome: Done | Refused) -> None:
        await connection.execute(self.table.update().where(*self._where).values(outcome=outcomes.dump(outcome)))

    @property
    def _identity(self) -> dict[str, Any]:
        return {**self.scope, "mutation": self.key.mutation, "key": self.key.key}

    @property
    def _where(self) -> tuple[sa.ColumnElement[bool], ...]:
        return tuple(self.table.c[name] == value for name, value in self._identity.items())


def holder_with(email: str) -> UUID:
    """Who holds a key before there is an account: whoever has this e-mail."""
    return UUID(bytes=hashlib.sha256(email.encode()).digest()[:16])


async def forget_keys(connection: AsyncConnection, account: Account) -> None:
    """Every key of this account, also that of its signing up, but for the one of the act that is going on."""
    await connection.execute(t.idempotency_keys.delete().where(t.idempotency_keys.c.account_id == account.id))
    c = t.account_idempotency_keys.c
    holders = (account.id, holder_with(account.email))
    # That one has no outcome yet.
    over = (c.holder_id.in_(holders), c.outcome.is_not(None))
    await connection.execute(t.account_idempotency_keys.delete().where(*over))


def studio_keys(studio_id: int, account_id: UUID, key: Key) -> KeyStore:
    return KeyStore(t.idempotency_keys, {"studio_id": studio_id, "account_id": account_id}, key)


def keys_of(holder_id: UUID, key: Key) -> KeyStore:
    return KeyStore(t.account_idempotency_keys, {"holder_id": holder_id}, key)
