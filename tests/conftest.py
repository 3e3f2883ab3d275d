"""Fixtures of every test that needs a database or a server: each runs on SQLite and on PostgreSQL."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from argon2 import PasswordHasher
from pydantic import SecretStr
from sqlalchemy import Pool, event
from sqlalchemy.dialects.sqlite.aiosqlite import AsyncAdapt_aiosqlite_connection

from api.app import create_app
from api.passwords import Passwords
from api.settings import Settings
from persistence import migrate
from persistence.database import Database
from tests.postgres import fresh_database, running_postgres
from tests.world import Api, World

SIGNING_KEY = SecretStr("a key for tests, longer than thirty-two bytes")


@event.listens_for(Pool, "checkout")
def nothing_waits_for_the_disk(connection: Any, record: Any, proxy: object) -> None:
    """Nobody needs after a crash what a test wrote. Later than `connect`, where the application decides otherwise."""
    if isinstance(connection, AsyncAdapt_aiosqlite_connection) and not record.info.get("waits for nothing"):
        cursor = connection.cursor()
        cursor.execute("PRAGMA synchronous = OFF")
        cursor.close()
        record.info["waits for nothing"] = True


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A running PostgreSQL; its URL."""
    with running_postgres() as url:
        yield url


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def dialect(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
async def empty_url(dialect: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of the test's own, with no tables yet."""
    if dialect == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/encore.db"
    return await fresh_database(request.getfixturevalue("postgres"))


@pytest.fixture(scope="session")
async def database_url(dialect: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A migrated database that all tests share: each has a studio of its own, and nothing crosses studios."""
    if dialect == "sqlite":
        url = f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('sqlite')}/encore.db"
    else:
        url = await fresh_database(request.getfixturevalue("postgres"))
    migrate.upgrade(url)
    return url


@pytest.fixture(scope="session")
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = Database(database_url)
    await opened.open()
    yield opened
    await opened.close()


@asynccontextmanager
async def serving(database_url: str) -> AsyncIterator[str]:
    """The real HTTP server, with time travel; its address."""
    settings = Settings(database_url=database_url, signing_key=SIGNING_KEY, time_travel=True)
    cheap = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    listener = socket.create_server(("127.0.0.1", 0))
    # As uvloop does in production; without it every answer waits 40 ms for the client's acknowledgement.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    # A busy machine may let a connection rest for long; the server must not close it just as it is used again.
    config = uvicorn.Config(create_app(settings, cheap), lifespan="on", log_level="warning", timeout_keep_alive=600)
    running = uvicorn.Server(config)
    task = asyncio.create_task(running.serve(sockets=[listener]))
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    running.should_exit = True
    await task
    listener.close()


@pytest.fixture(scope="session")
async def server(database_url: str) -> AsyncIterator[str]:
    """The address of one for all tests that share a database."""
    async with serving(database_url) as address:
        yield address


@pytest.fixture(scope="session")
async def http(server: str) -> AsyncIterator[httpx.AsyncClient]:
    limits = httpx.Limits(max_connections=100)
    async with httpx.AsyncClient(base_url=server, limits=limits, timeout=60) as client:
        yield client


@pytest.fixture
def api(http: httpx.AsyncClient) -> Api:
    return Api(http)


@pytest.fixture
async def world(api: Api) -> World:
    """The studio of the golden examples, with its owner and one client with an account."""
    return await World.founded(api)
