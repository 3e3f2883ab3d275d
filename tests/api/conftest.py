"""Fixtures of the transport's tests, and the demo."""

from collections.abc import AsyncIterator
from datetime import date

import httpx
import pytest

from api import demo
from api.http import GraphQLEndpoint
from persistence import migrate
from tests.api.filled import Filled, Watched, fill_and_read
from tests.api.shown import Demo
from tests.api.support import endpoint
from tests.conftest import serving
from tests.operations import document
from tests.postgres import fresh_database
from tests.world import Api, data


@pytest.fixture
def app() -> GraphQLEndpoint:
    return endpoint()


@pytest.fixture(scope="session")
async def filled(
    dialect: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Filled]:
    """The demo, for all tests that only look at it: filled on an odd day of its own in each kind of database."""
    if dialect == "sqlite":
        url, today = f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('demo')}/encore.db", date(2028, 2, 29)
    else:
        url, today = await fresh_database(request.getfixturevalue("postgres")), date(2026, 10, 31)
    migrate.upgrade(url)
    database = Watched(url)
    await database.open()
    yield await fill_and_read(url, database, today)
    await database.close()


@pytest.fixture(scope="session")
async def shown(filled: Filled) -> AsyncIterator[Demo]:
    async with serving(filled.url) as address, httpx.AsyncClient(base_url=address, timeout=60) as http:
        api = Api(http)
        tokens: dict[str, str] = {}
        for who in ("owner", "manager", "instructor", "petr", "maya"):
            given = {"input": {"email": f"{who}@example.com", "password": demo.PASSWORD}}
            signed_in = data(await api.answer(document("SignIn"), given, token=None, now=None))
            tokens[who] = signed_in["signIn"]["accessToken"]
        yield Demo(filled, api, tokens)
