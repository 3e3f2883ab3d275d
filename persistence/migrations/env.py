"""How Alembic runs Encore's migrations: one transaction for all of them, on either database."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Literal

import sqlalchemy as sa
from alembic import context
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from persistence.tables import metadata


def _render(kind: str, item: object, context: object) -> str | Literal[False]:
    """Migrations name the types of the database, so that they stay what they were when ours change."""
    if kind == "type" and isinstance(item, sa.types.TypeDecorator):
        return f"sa.{type(item.impl_instance).__name__}()"
    return False


def _run(connection: sa.Connection) -> None:
    context.configure(
        connection=connection, target_metadata=metadata, transaction_per_migration=True, render_item=_render
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("SET lock_timeout = '5s'"))
        context.run_migrations()
        if connection.dialect.name == "sqlite":
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if broken:
                raise RuntimeError(f"a migration broke foreign keys: {broken}")


async def _migrate() -> None:
    engine = create_async_engine(context.config.attributes["url"], poolclass=NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(_run)
        await connection.commit()
    await engine.dispose()


# A thread of its own: the caller may have an event loop running already.
with ThreadPoolExecutor(max_workers=1) as pool:
    pool.submit(asyncio.run, _migrate()).result()
