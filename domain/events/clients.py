"""What happened to clients, and who manages them."""

from dataclasses import dataclass
from uuid import UUID

from domain.nouns.client import Client


@dataclass(frozen=True)
class ClientCreated:
    client: Client


@dataclass(frozen=True)
class ClientChanged:
    """`client` as it was before, `after` as it is from now on."""

    client: Client
    after: Client


@dataclass(frozen=True)
class ClientLinked:
    client: Client
    account_id: UUID


@dataclass(frozen=True)
class ClientErased:
    """`client` as it was before, whose account is deleted."""

    client: Client
