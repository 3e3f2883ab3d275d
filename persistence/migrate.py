"""Migrations: bringing a database to the newest schema, and asking whether it is there."""

import asyncio
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from persistence.engines import is_sqlite

_SCRIPTS = Path(__file__).parent / "migrations"


def upgrade(url: str, revision: str = "head") -> None:
    """Runs the migrations that the database lacks; for SQLite, makes the file and its folder first."""
    if is_sqlite(url):
        Path(make_url(url).database or "").parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    command.upgrade(_config(url), revision)


def is_current(url: str) -> bool:
    """Whether the database has the newest schema. An SQLite file that is not there has none."""
    if is_sqlite(url) and not Path(make_url(url).database or "").exists():
        return False
    return asyncio.run(_revision(url)) == ScriptDirectory.from_config(_config(url)).get_current_head()


async def _revision(url: str) -> str | None:
    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.connect() as connection:
        revision = await connection.run_sync(_current_revision)
    await engine.dispose()
    return revision


def _current_revision(connection: sa.Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.attributes["url"] = url
    return config
