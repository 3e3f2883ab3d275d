"""Who a request comes from."""

from uuid import uuid4

import httpx
import pytest

from api.http import GraphQLEndpoint, real_now
from tests.api.support import ACCOUNT, GRAPHQL, JSON, TOKENS, client, only_error

QUERY = {"query": "{ account }"}


async def asked(app: GraphQLEndpoint, *authorization: str) -> httpx.Response:
    headers = [(b"Authorization", value.encode()) for value in authorization] + [(b"Accept", GRAPHQL.encode())]
    async with client(app) as http:
        return await http.post("/graphql", json=QUERY, headers=headers)


async def test_without_a_token_the_caller_is_anonymous(app: GraphQLEndpoint) -> None:
    assert (await asked(app)).json() == {"data": {"account": None}}


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER "])
async def test_a_valid_token_names_the_account(app: GraphQLEndpoint, scheme: str) -> None:
    token = TOKENS.issue(ACCOUNT, real_now()).text

    assert (await asked(app, f"{scheme} {token}")).json() == {"data": {"account": str(ACCOUNT)}}


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic YTpi", "token", "Bearer nonsense", "Bearer a.b.c", "Bearer é"]
)
async def test_a_header_without_a_valid_token_is_401(app: GraphQLEndpoint, header: str) -> None:
    response = await asked(app, header)

    assert response.status_code == 401
    assert response.headers["www-authenticate"].startswith('Bearer realm="encore", error="invalid_token"')
    assert response.headers["content-type"] == f"{GRAPHQL}; charset=utf-8"
    assert only_error(response)["extensions"] == {"code": "UNAUTHENTICATED"}


async def test_two_authorization_headers_are_401(app: GraphQLEndpoint) -> None:
    token = TOKENS.issue(ACCOUNT, real_now()).text

    assert (await asked(app, f"Bearer {token}", f"Bearer {token}")).status_code == 401


async def test_an_expired_token_is_401_whatever_the_domain_s_time(app: GraphQLEndpoint) -> None:
    token = TOKENS.issue(uuid4(), real_now() - 2 * TOKENS.lifetime).text

    response = await asked(app, f"Bearer {token}")

    assert response.status_code == 401


async def test_a_401_comes_before_anything_is_read(app: GraphQLEndpoint) -> None:
    async with client(app) as http:
        response = await http.post(
            "/graphql", content=b"nonsense", headers={"Authorization": "Bearer x", "Content-Type": JSON}
        )

    assert response.status_code == 401
