"""The web application around the GraphQL endpoint: routes, allow-lists, health, start and end."""

import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Protocol

import anyio
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from api.graphiql import serve_graphiql
from api.settings import Settings
from api.time_travel import HEADER

_PING_SECONDS = 5

_log = logging.getLogger(__name__)


class Service(Protocol):
    """What the application opens before its first request and closes after its last one: the database."""

    async def open(self) -> None: ...
    async def close(self) -> None: ...
    async def ping(self) -> None: ...


def assemble(settings: Settings, graphql: ASGIApp, database: Service) -> Starlette:
    """The application. `graphql` is what answers at `/graphql`, every method of it."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncGenerator[None, None]:
        await database.open()
        try:
            yield
        finally:
            await database.close()

    async def health(_: Request) -> Response:
        return await _health(database)

    routes = [Route("/graphql", graphql), Route("/healthz", health)]
    if settings.graphiql:
        routes.append(Route("/graphiql", serve_graphiql))
    return Starlette(routes=routes, middleware=_middleware(settings), lifespan=lifespan)


def _middleware(settings: Settings) -> list[Middleware]:
    middleware: list[Middleware] = []
    if settings.is_development:
        # Listening on loopback is not enough: another site's name may be made to resolve to it, in a browser.
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        allowed = ["localhost", "127.0.0.1", "[::1]", host]
        middleware.append(Middleware(TrustedHostMiddleware, allowed_hosts=allowed))
    if settings.cors_origins:
        middleware.append(
            Middleware(
                CORSMiddleware,
                allow_origins=settings.cors_origins,
                allow_methods=["GET", "POST"],
                allow_headers=["Authorization", "Content-Type", "GraphQL-Require-Preflight", HEADER],
                expose_headers=["X-Request-Id"],
            )
        )
    return middleware


async def _health(database: Service) -> Response:
    status, word = 200, "ok"
    try:
        with anyio.fail_after(_PING_SECONDS):
            await database.ping()
    except Exception:  # noqa: BLE001  whatever the reason, the answer is that it does not work
        _log.exception("The database does not answer")
        status, word = 503, "unavailable"
    return JSONResponse({"status": word}, status, headers={"Cache-Control": "no-store"})
