"""The application around the endpoint: routes, health, allow-lists, start and end."""

from typing import Any

import anyio
import httpx
import pytest
from starlette.applications import Starlette

from api import web
from api.settings import Settings
from api.web import assemble
from tests.api.support import client, endpoint

OK = {"query": "{ __typename }"}
ORIGIN = "https://app.example"


class FakeDatabase:
    """Remembers what was asked of it."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.failure = failure
        self.calls: list[str] = []

    async def open(self) -> None:
        self.calls.append("open")

    async def close(self) -> None:
        self.calls.append("close")

    async def ping(self) -> None:
        self.calls.append("ping")
        if self.failure:
            raise self.failure


class SilentDatabase(FakeDatabase):
    """Never answers."""

    async def ping(self) -> None:
        await anyio.sleep_forever()


def made(database: FakeDatabase | None = None, /, **settings: Any) -> Starlette:
    return assemble(Settings.model_validate(settings), endpoint(), database or FakeDatabase())


async def get(app: Starlette, path: str, **headers: str) -> httpx.Response:
    async with client(app) as http:
        return await http.get(path, headers=headers)


async def post(app: Starlette, **headers: str) -> httpx.Response:
    async with client(app) as http:
        return await http.post("/graphql", json=OK, headers=headers)


async def test_graphql_is_answered_by_the_endpoint_for_every_method() -> None:
    assert (await post(made())).json() == {"data": {"__typename": "Query"}}
    async with client(made()) as http:
        assert (await http.delete("/graphql")).status_code == 405


async def test_the_ide_is_there_only_when_it_is_switched_on() -> None:
    assert (await get(made(), "/graphiql")).status_code == 404
    assert (await get(made(graphiql=True), "/graphiql")).status_code == 200


async def test_graphql_never_answers_html() -> None:
    response = await get(made(graphiql=True), "/graphql", Accept="text/html,*/*")

    assert response.headers["content-type"].startswith("application/json")


async def test_the_database_is_opened_before_and_closed_after() -> None:
    database = FakeDatabase()
    app = made(database)

    async with app.router.lifespan_context(app):
        assert database.calls == ["open"]

    assert database.calls == ["open", "close"]


async def test_health_is_200_while_the_database_answers() -> None:
    database = FakeDatabase()

    response = await get(made(database), "/healthz")

    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert database.calls == ["ping"]
    assert response.headers["cache-control"] == "no-store"


async def test_health_is_503_when_the_database_fails_and_says_nothing_more(
    caplog: pytest.LogCaptureFixture,
) -> None:
    response = await get(made(FakeDatabase(OSError("secret"))), "/healthz")

    assert (response.status_code, response.json()) == (503, {"status": "unavailable"})
    assert len(caplog.records) == 1


async def test_health_is_503_when_the_database_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "_PING_SECONDS", 0)

    assert (await get(made(SilentDatabase()), "/healthz")).status_code == 503


async def test_without_origins_no_site_is_allowed() -> None:
    response = await post(made(), Origin=ORIGIN)

    assert "access-control-allow-origin" not in response.headers


async def test_an_origin_on_the_list_is_allowed_and_another_is_not() -> None:
    app = made(cors_origins=ORIGIN)

    allowed = await post(app, Origin=ORIGIN)
    other = await post(app, Origin="https://other.example")

    assert allowed.headers["access-control-allow-origin"] == ORIGIN
    assert allowed.headers["access-control-expose-headers"] == "X-Request-Id"
    assert "access-control-allow-origin" not in other.headers
    assert "access-control-allow-credentials" not in allowed.headers


@pytest.mark.parametrize("header", ["Authorization", "Content-Type", "GraphQL-Require-Preflight", "Encore-Now"])
async def test_a_preflight_allows_the_headers_of_the_api(header: str) -> None:
    asked = {
        "Origin": ORIGIN,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": header,
    }
    async with client(made(cors_origins=ORIGIN)) as http:
        response = await http.options("/graphql", headers=asked)
        refused = await http.options("/graphql", headers=asked | {"Origin": "https://other.example"})

    assert response.status_code == 200
    assert header in response.headers["access-control-allow-headers"]
    assert refused.status_code == 400


async def test_a_401_can_be_read_by_an_allowed_site() -> None:
    response = await post(made(cors_origins=ORIGIN), Origin=ORIGIN, Authorization="Bearer nonsense")

    assert response.status_code == 401
    assert response.headers["access-control-allow-origin"] == ORIGIN


@pytest.mark.parametrize("setting", ["demo", "time_travel"])
@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:8000", "[::1]:8000", "127.0.0.5"])
async def test_a_development_server_answers_to_loopback_names(setting: str, host: str) -> None:
    app = made(**{"host": "127.0.0.5", setting: True})

    assert (await post(app, Host=host)).status_code == 200


@pytest.mark.parametrize("setting", ["demo", "time_travel"])
@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "0.0.0.0", ""])
async def test_a_development_server_does_not_answer_to_other_names(setting: str, host: str) -> None:
    app = made(**{"graphiql": True, setting: True})

    assert (await post(app, Host=host)).status_code == 400
    assert (await get(app, "/graphiql", Host=host)).status_code == 400


async def test_a_server_without_them_answers_to_any_name() -> None:
    assert (await post(made(), Host="api.example")).status_code == 200
