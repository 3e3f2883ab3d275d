"""The request header Encore-Now."""

import httpx
import pytest

from api.http import GraphQLEndpoint, real_now
from tests.api.support import ACCOUNT, TOKENS, client, endpoint, only_error

QUERY = {"query": "{ now account }"}


async def asked(app: GraphQLEndpoint, *instants: str, token: str | None = None) -> httpx.Response:
    headers = [(b"Encore-Now", value.encode()) for value in instants]
    if token:
        headers.append((b"Authorization", f"Bearer {token}".encode()))
    async with client(app) as http:
        return await http.post("/graphql", json=QUERY, headers=headers)


@pytest.mark.parametrize(
    ("header", "instant"),
    [
        ("2026-11-22T18:00:00Z", "2026-11-22T18:00:00+00:00"),
        ("2026-11-22T19:00:00+01:00", "2026-11-22T18:00:00+00:00"),
        ("2026-11-22T13:00:00.5-05:00", "2026-11-22T18:00:00.500000+00:00"),
        ("2026-11-22T18:00:00.000001Z", "2026-11-22T18:00:00.000001+00:00"),
        ("2000-01-01T00:00:00Z", "2000-01-01T00:00:00+00:00"),
        ("2100-12-31T23:59:59Z", "2100-12-31T23:59:59+00:00"),
    ],
)
async def test_the_header_sets_the_domain_s_time(header: str, instant: str) -> None:
    body = (await asked(endpoint(time_travel=True), header)).json()

    assert body["data"]["now"] == f"{instant} True"


async def test_without_the_header_it_is_the_real_clock_s_time() -> None:
    body = (await asked(endpoint(time_travel=True))).json()

    assert body["data"]["now"] == "2026-11-22T18:00:00+00:00 False"


@pytest.mark.parametrize(
    "header",
    [
        "",
        "now",
        "2026-11-22",
        "2026-11-22T18:00:00",
        "2026-11-22 18:00:00Z",
        "2026-11-22T18:00Z",
        "2026-11-22t18:00:00z",
        "2026-11-22T18:00:00+0100",
        "2026-11-22T18:00:00.1234567Z",
        "2026-11-22T18:00:00.Z",
        "2026-11-22T24:00:00Z",
        "2026-11-22T18:00:60Z",
        "2026-02-29T18:00:00Z",
        "2026-W47-7T18:00:00Z",
        "20261122T180000Z",
        "1795370400",
        "1999-12-31T23:59:59Z",
        "2101-01-01T00:00:00Z",
        "2000-01-01T00:00:00+01:00",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
        "2026-11-22T18:00:00Z, 2026-11-22T18:00:00Z",
        "²026-11-22T18:00:00Z",
    ],
)
async def test_another_value_is_400(header: str) -> None:
    response = await asked(endpoint(time_travel=True), header)

    assert response.status_code == 400
    error = only_error(response)
    assert error["message"].startswith("Encore-Now must be one instant with a time zone")
    assert error["extensions"] == {"code": "BAD_USER_INPUT"}


async def test_the_header_twice_is_400() -> None:
    response = await asked(endpoint(time_travel=True), "2026-11-22T18:00:00Z", "2026-11-22T18:00:00Z")

    assert response.status_code == 400
    only_error(response)


@pytest.mark.parametrize("header", ["2026-11-22T18:00:00Z", "", "now"])
async def test_without_the_setting_the_header_is_400(app: GraphQLEndpoint, header: str) -> None:
    response = await asked(app, header)

    assert response.status_code == 400
    error = only_error(response)
    assert error["message"].startswith("Time travel is off")
    assert error["extensions"] == {"code": "BAD_USER_INPUT"}


async def test_a_token_lives_by_the_real_clock_while_the_domain_travels() -> None:
    app = endpoint(time_travel=True)
    valid = TOKENS.issue(ACCOUNT, real_now()).text
    expired = TOKENS.issue(ACCOUNT, real_now() - 2 * TOKENS.lifetime).text

    assert (await asked(app, "2099-01-01T00:00:00Z", token=valid)).json()["data"]["account"] == str(ACCOUNT)
    assert (await asked(app, "2001-01-01T00:00:00Z", token=expired)).status_code == 401
