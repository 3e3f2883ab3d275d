"""The command on a real database: what it prints, and with what it ends."""

import asyncio
import os
import re

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine
from typer.testing import CliRunner, Result

from api import cli, demo
from persistence import migrate
from persistence.database import Database
from tests.api.filled import CHEAP
from tests.doctor.conftest import TODAY

DAMAGE = "UPDATE studios SET currency = 'XXX' WHERE slug = 'yoga-hana'"


async def filled(url: str) -> None:
    database = Database(url)
    await database.open()
    await demo.fill(database, CHEAP, TODAY)
    await database.close()


async def damaged(url: str) -> None:
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.execute(sa.text(DAMAGE))
    await engine.dispose()


def doctor() -> Result:
    return CliRunner().invoke(cli.app, ["doctor"])


def test_what_is_damaged_is_listed_with_its_studio(empty_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.upper().startswith("ENCORE_"):
            monkeypatch.delenv(name)
    url = make_url(empty_url)
    url = url.set(drivername=url.get_backend_name())
    monkeypatch.setenv("ENCORE_DATABASE_URL", url.render_as_string(hide_password=False))
    migrate.upgrade(empty_url)
    asyncio.run(filled(empty_url))

    well = doctor()
    asyncio.run(damaged(empty_url))
    ill = doctor()

    assert (well.exit_code, well.stdout, well.stderr) == (0, "All is as it must be at 2 studios.\n", "")
    assert (ill.exit_code, ill.stderr) == (1, "")
    said = r"Studio yoga-hana: studio \d+ has XXX as currency, and its events make it CZK\.\n"
    assert re.fullmatch(said, ill.stdout)
