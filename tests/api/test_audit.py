"""The public graphql-http audit of servers, one row for each of its audits, under its own ids.

https://github.com/graphql/graphql-http, src/audits/server.ts. Its GET requests carry the preflight header that
this server asks for; all else is as there.
"""

from typing import Any

import httpx
import pytest

from api.http import GraphQLEndpoint
from tests.api.support import GRAPHQL, JSON, PREFLIGHT, client

OK = {"query": "{ __typename }"}
WRONG = ({"obj": "ect"}, 0, False, ["array"])
WRONG_MAPS = ("string", 0, False, ["array"])
NULLABLE = ("variables", "operationName", "extensions")
NAMED = {"query": "query Query { __typename }", "operationName": "Query"}
WITH_VARIABLES = {
    "query": "query Type($name: String!) { __type(name: $name) { name } }",
    "variables": {"name": "sometype"},
}
UNKNOWN_FIELD = {"query": "{ f8f31403dfe404bccbb0e835f2629c6a7 }"}
NOT_COERCIBLE = {"query": "query CoerceFailure($id: ID!){ __typename }", "variables": {"id": None}}


async def _post(app: GraphQLEndpoint, body: Any, accept: str | None, content_type: str | None = JSON) -> httpx.Response:
    headers = {"Accept": accept, "Content-Type": content_type}
    async with client(app) as http:
        given = {name: value for name, value in headers.items() if value}
        if isinstance(body, bytes):
            return await http.post("/graphql", content=body, headers=given)
        return await http.post("/graphql", json=body, headers=given)


SUCCEEDING = [
    ("22EB", OK, GRAPHQL),
    ("4655", OK, JSON),
    ("47DE", OK, "*/*"),
    ("80D8", OK, None),
    ("82A3", OK, None),
    ("78D5", OK, None),
    ("2C94", OK, None),
    ("03D4", OK, None),
    ("34A2", OK, GRAPHQL),
    ("13EE", OK, JSON),
    ("8161", NAMED, GRAPHQL),
    ("B8B3", NAMED, JSON),
    *((f"94B{index}", OK | {name: None}, GRAPHQL) for index, name in enumerate(NULLABLE)),
    *((f"022{index}", OK | {name: None}, JSON) for index, name in enumerate(NULLABLE)),
    ("2EA1", WITH_VARIABLES, GRAPHQL),
    ("28B9", WITH_VARIABLES, JSON),
    ("428F", OK | {"extensions": {"some": "value"}}, GRAPHQL),
    ("1B7A", OK | {"extensions": {"some": "value"}}, JSON),
]


@pytest.mark.parametrize(("audit", "body", "accept"), SUCCEEDING, ids=[row[0] for row in SUCCEEDING])
async def test_a_well_formed_request_succeeds(
    app: GraphQLEndpoint, audit: str, body: dict[str, Any], accept: str | None
) -> None:
    response = await _post(app, body, accept)

    assert response.status_code == 200
    assert response.headers["content-type"] == f"{GRAPHQL if accept == GRAPHQL else JSON}; charset=utf-8"
    assert "errors" not in response.json()


async def test_bf61_a_utf_8_body_is_accepted(app: GraphQLEndpoint) -> None:
    body = {"query": '{ __type(name: "Run🏃Swim🏊") { name } }'}

    response = await _post(app, body, None, f"{JSON}; charset=utf-8")

    assert (response.status_code, response.json()) == (200, {"data": {"__type": None}})


REFUSED = [
    ("9ABE", OK, None, None, 415),
    ("A5BF", b"", None, JSON, 400),
    ("423L", {"notquery": "{ __typename }"}, GRAPHQL, JSON, 400),
    *((f"LKJ{index}", {"query": wrong}, None, JSON, 400) for index, wrong in enumerate(WRONG)),
    *((f"6C0{index}", OK | {"operationName": wrong}, None, JSON, 400) for index, wrong in enumerate(WRONG)),
    *((f"476{index}", OK | {"variables": wrong}, None, JSON, 400) for index, wrong in enumerate(WRONG_MAPS)),
    *((f"58B{index}", OK | {"extensions": wrong}, None, JSON, 400) for index, wrong in enumerate(WRONG_MAPS)),
    ("B6DC", b'{ "not a JSON', JSON, JSON, 400),
    ("BCF8", b'{ "not a JSON', JSON, JSON, 400),
    ("B7N8", b'{ "not a JSON', GRAPHQL, JSON, 400),
    ("8764", {"qeury": "{ __typename }"}, None, JSON, 400),
    ("3E3A", {"qeury": "{ __typename }"}, None, JSON, 400),
    ("572B", {"query": "{"}, JSON, JSON, 200),
    ("FDE2", UNKNOWN_FIELD, JSON, JSON, 200),
    ("7B9B", NOT_COERCIBLE, JSON, JSON, 200),
    ("865D 556A D586", {"query": "{"}, GRAPHQL, JSON, 400),
    ("51FE 74FF 5E5B", UNKNOWN_FIELD, GRAPHQL, JSON, 400),
    ("86EE", NOT_COERCIBLE, GRAPHQL, JSON, 400),
]


@pytest.mark.parametrize(
    ("audit", "body", "accept", "content_type", "status"), REFUSED, ids=[row[0] for row in REFUSED]
)
async def test_a_request_that_cannot_run_has_errors_and_no_data(
    app: GraphQLEndpoint, audit: str, body: Any, accept: str | None, content_type: str | None, status: int
) -> None:
    encoded = b'{"query":"{ __typename }"}' if content_type is None else body

    response = await _post(app, encoded, accept, content_type)

    assert response.status_code == status
    assert "data" not in response.json()
    assert response.json()["errors"][0]["extensions"] == {"code": "BAD_USER_INPUT"}


async def test_5a70_a_get_request_is_answered(app: GraphQLEndpoint) -> None:
    async with client(app) as http:
        response = await http.get("/graphql", params=OK, headers=PREFLIGHT)

    assert (response.status_code, response.json()) == (200, {"data": {"__typename": "Query"}})


async def test_9c48_a_mutation_by_get_is_not(app: GraphQLEndpoint) -> None:
    async with client(app) as http:
        response = await http.get(
            "/graphql", params={"query": "mutation { __typename }"}, headers=PREFLIGHT | {"Accept": GRAPHQL}
        )

    assert (response.status_code, response.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize("accept", [GRAPHQL, JSON], ids=["D6D5", "6A70"])
async def test_variables_in_a_url_are_json(app: GraphQLEndpoint, accept: str) -> None:
    params = {"query": str(WITH_VARIABLES["query"]), "variables": '{"name":"sometype"}'}
    async with client(app) as http:
        response = await http.get("/graphql", params=params, headers=PREFLIGHT | {"Accept": accept})

    assert (response.status_code, response.json()) == (200, {"data": {"__type": None}})
