"""A small schema and a client for tests of the transport alone."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any, cast
from uuid import UUID

import httpx
import strawberry
import uvicorn
from starlette.types import ASGIApp

from api import serving
from api.execution import run_on
from api.http import GraphQLEndpoint
from api.operations import Caller
from api.tokens import Tokens
from domain.faults import BadUserInput, NotFound

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"
KEY = b"k" * 32
REAL_NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
ACCOUNT = UUID("01936b2c-0000-7000-8000-000000000001")
TOKENS = Tokens(KEY, timedelta(hours=1))
PREFLIGHT = {"GraphQL-Require-Preflight": "1"}

counted: list[str] = []
"""What the mutation `count` was called with, over all tests: proof of what did or did not run."""


@strawberry.enum
class Colour(Enum):
    RED = "red"


@strawberry.input
class Paint:
    colour: Colour
    litres: int
    note: str | None = None


@strawberry.type
class Query:
    @strawberry.field
    def echo(self, text: str = "", number: int = 0) -> str:
        return f"{text}{number or ''}"

    @strawberry.field
    def paint(self, paint: Paint) -> str:
        return paint.colour.value

    @strawberry.field
    def account(self, info: strawberry.Info[Caller]) -> str | None:
        return str(info.context.account_id) if info.context.account_id else None

    @strawberry.field
    def now(self, info: strawberry.Info[Caller]) -> str:
        return f"{info.context.now.isoformat()} {info.context.travelling}"

    @strawberry.field
    def day(self, at: UUID) -> str:
        return str(at)

    @strawberry.field
    def missing(self) -> str | None:
        raise NotFound("There is no such session.")

    @strawberry.field
    def wrong_input(self) -> str | None:
        raise BadUserInput("first must be 1 to 100.", "input", "first")

    @strawberry.field
    def bug(self) -> str | None:
        raise ValueError("SELECT secret FROM accounts")

    @strawberry.field
    def required_bug(self) -> str:
        raise ValueError("SELECT secret FROM accounts")

    @strawberry.field
    def wrong_type(self) -> int | None:
        return cast(Any, "ten")

    @strawberry.field
    def long(self) -> strawberry.scalars.JSON:
        return cast(Any, 2**70)


@strawberry.type
class Mutation:
    @strawberry.mutation
    def count(self, text: str) -> str:
        counted.append(text)
        return text


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def ticks(self) -> AsyncGenerator[int, None]:
        yield 1


class QuietSchema(strawberry.Schema):
    """Logs nothing by itself, as the product's own schema."""

    def process_errors(self, *_: Any, **__: Any) -> None:
        pass


def endpoint(**options: Any) -> GraphQLEndpoint:
    schema = QuietSchema(Query, Mutation, Subscription)
    return GraphQLEndpoint(run_on(schema, lambda caller: caller), TOKENS, clock=lambda: REAL_NOW, **options)


def client(app: ASGIApp) -> httpx.AsyncClient:
    """A client without a default `Accept`, which httpx would send."""
    made = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost")
    del made.headers["accept"]
    return made


async def post(app: ASGIApp, body: Any, **headers: str) -> httpx.Response:
    """Posts a body as JSON, or as it is when it is bytes; header names have `_` for `-`."""
    named = {"Content-Type": JSON} | {name.replace("_", "-"): value for name, value in headers.items()}
    async with client(app) as http:
        if isinstance(body, bytes):
            return await http.post("/graphql", content=body, headers=named)
        return await http.post("/graphql", json=body, headers=named)


async def ask(app: ASGIApp, query: str, variables: dict[str, Any] | None = None) -> dict[str, Any]:
    """Runs an operation and gives the answer's body."""
    return (await post(app, {"query": query, "variables": variables})).json()


def only_error(response: httpx.Response) -> dict[str, Any]:
    """The one error of an answer that has no data."""
    body = response.json()
    assert set(body) == {"errors"}
    (error,) = body["errors"]
    return error


@asynccontextmanager
async def listening(app: ASGIApp) -> AsyncGenerator[tuple[str, int], None]:
    """A real server on loopback, in this process; gives its host and port."""
    with serving.listen("127.0.0.1", 0) as listener:
        # A failing test may leave its connection open: the server does not wait for it.
        config = uvicorn.Config(app, lifespan="off", ws="none", log_level="warning", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        task = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield "127.0.0.1", listener.getsockname()[1]
        finally:
            server.should_exit = True
            await task
