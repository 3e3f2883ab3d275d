"""Engines. PostgreSQL: one pool. SQLite: one writing connection, and a pool that can only read."""

from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

_POOL = 4  # connections: a few keep a worker busy, and more only queue in the database
_WAIT = 15  # seconds that a request waits for a connection
_POSTGRESQL = {
    "statement_timeout": "15s",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "15s",
    "timezone": "UTC",
    "jit": "off",
}


def make_writer(url: str) -> AsyncEngine:
    if not is_sqlite(url):
        return _postgresql(url)
    engine = create_async_engine(
        url,
        poolclass=AsyncAdaptedQueuePool,
        pool_size=1,
        max_overflow=0,
        pool_timeout=_WAIT,
        connect_args={"timeout": 10},
    )
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_immediate)
    return engine


def make_reader(url: str) -> AsyncEngine:
    """Every statement of it is a transaction of its own."""
    if not is_sqlite(url):
        return _postgresql(url, isolation_level="AUTOCOMMIT")
    file = quote(make_url(url).database or "")
    return create_async_engine(
        f"sqlite+aiosqlite:///file:{file}?mode=ro&uri=true",
        poolclass=AsyncAdaptedQueuePool,
        pool_size=_POOL,
        max_overflow=0,
        pool_timeout=_WAIT,
        isolation_level="AUTOCOMMIT",
        connect_args={"timeout": 10},
    )


def begin_reading(dialect: str) -> str:
    """What begins a transaction of a reader that sees the database as it was at its first statement."""
    return "BEGIN" if dialect == "sqlite" else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


def is_sqlite(url: str) -> bool:
    return make_url(url).get_backend_name() == "sqlite"


def _postgresql(url: str, **options: Any) -> AsyncEngine:
    return create_async_engine(
        url,
        pool_size=_POOL,
        max_overflow=0,
        pool_timeout=_WAIT,
        pool_pre_ping=True,
        connect_args={"server_settings": _POSTGRESQL},
        **options,
    )


def _prepare_sqlite(connection: Any, record: object) -> None:
    connection.isolation_level = None  # the driver would begin transactions by itself, and deferred ones
    cursor = connection.cursor()
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
