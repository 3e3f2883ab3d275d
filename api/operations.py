"""What the transport hands to the schema: an operation, its caller, and the function that runs it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from graphql import DocumentNode
from strawberry.types import ExecutionResult


@dataclass(frozen=True)
class Operation:
    """One operation to run. `document` is `query`, parsed; `mutation_allowed` is False for what came by GET."""

    query: str
    document: DocumentNode
    variables: dict[str, Any] | None
    operation_name: str | None
    mutation_allowed: bool


@dataclass(frozen=True)
class Caller:
    """Who asks, and when. `now` is the domain's time in UTC: the real clock's, unless the caller is `travelling`."""

    account_id: UUID | None
    now: datetime
    travelling: bool
    request_id: str


Run = Callable[[Operation, Caller], Awaitable[ExecutionResult]]
