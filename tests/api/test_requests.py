"""Well-formed and malformed requests, and which operation of a document runs."""

from typing import Any

import orjson
import pytest

from api.http import GraphQLEndpoint
from tests.api import support
from tests.api.support import GRAPHQL, PREFLIGHT, client, only_error, post

OK = {"query": "{ __typename }"}
BOTH = 'query A { echo(text: "a") } query B { echo(text: "b") }'


@pytest.mark.parametrize(
    "body",
    [
        b"null",
        b"true",
        b"0",
        b'"{ __typename }"',
        b"[]",
        b'[{"query":"{ __typename }"}]',
        b"1" * 5_000,
        b'{"query":"{ __typename }","variables":{"n":' + b"1" * 5_000 + b"}}",
        b'{"query":"{ __typename }","variables":{"n":NaN}}',
        b'{"query":"{ __typename }","variables":{"n":Infinity}}',
        b'{"query":"{ __typename }","variables":{"n":1e999}}',
        b'{"query":"{ echo(text: \\"\xff\\") }"}',
        b'{"query":"{ __typename }","variables":{"t":"\\ud800"}}',
        b"[" * 100_000,
        b'{"a":' * 30_000,
        b'{"query":"{ __typename }"',
        b"\xef\xbb\xbf{}",
        '{"query":"{ __typename }"}'.encode("utf-16"),
        b"",
        b"\0",
        b"query={__typename}",
    ],
    ids=repr,
)
@pytest.mark.parametrize("accept", [support.JSON, GRAPHQL])
async def test_a_body_that_is_no_graphql_request_is_400(app: GraphQLEndpoint, body: bytes, accept: str) -> None:
    response = await post(app, body, Accept=accept)

    assert response.status_code == 400
    assert only_error(response)["extensions"] == {"code": "BAD_USER_INPUT"}


@pytest.mark.parametrize(
    "body",
    [
        {"query": '{ echo(text: "a\0") }'},
        {"query": "# \0\n{ __typename }"},
        {"query": '{ echo(text: "\\u0000") }'},
        {"query": '{ echo(text: "\\\\\\u0000") }'},
        {"query": '{ echo(text: "\\u{0}") }'},
        {"query": '{ echo(text: "\\u{0000}") }'},
        {"query": "{ __typename }", "variables": {"a": [{"b": "c\0"}]}},
        {"query": "{ __typename }", "variables": {"a": {"b\0": 1}}},
    ],
    ids=repr,
)
async def test_the_character_nul_is_400_wherever_it_hides(app: GraphQLEndpoint, body: dict[str, Any]) -> None:
    response = await post(app, body)

    assert response.status_code == 400
    assert "U+0000" in only_error(response)["message"]


async def test_a_backslash_followed_by_u0000_is_text(app: GraphQLEndpoint) -> None:
    body = await support.ask(app, '{ echo(text: "\\\\u0000") }')

    assert body == {"data": {"echo": "\\u0000"}}


async def test_variables_may_nest_deeply_without_being_recursed_into(app: GraphQLEndpoint) -> None:
    deep = b'{"query":"query($n: Int!) { echo(number: $n) }","variables":{"n":%s}}'

    response = await post(app, deep % (b"[" * 1_000 + b"]" * 1_000))

    assert response.status_code == 200
    assert only_error(response)["extensions"] == {"code": "BAD_USER_INPUT"}


@pytest.mark.parametrize(
    "query",
    [
        "",
        "{" * 5_000,
        "{ echo }" * 2_000,
        '{ echo(text: "\\uD800") }',
        "{ echo(number: " + "1" * 5_000 + ") }",
        "fragment F on Query { echo }",
        "type Query { a: Int }",
        "subscription { ticks }",
    ],
    ids=lambda query: query[:30],
)
@pytest.mark.parametrize(("accept", "status"), [(support.JSON, 200), (GRAPHQL, 400)])
async def test_a_document_that_cannot_run_is_a_request_error(
    app: GraphQLEndpoint, query: str, accept: str, status: int
) -> None:
    response = await post(app, {"query": query}, Accept=accept)

    assert response.status_code == status
    assert only_error(response)["extensions"] == {"code": "BAD_USER_INPUT"}


@pytest.mark.parametrize("name", [None, ""])
async def test_of_several_operations_none_runs_without_a_name(app: GraphQLEndpoint, name: str | None) -> None:
    query = 'mutation A { count(text: "several") } query B { echo }'

    response = await post(app, {"query": query, "operationName": name}, Accept=GRAPHQL)

    assert response.status_code == 400
    assert "several operations" in only_error(response)["message"]
    assert "several" not in support.counted


async def test_of_several_operations_the_named_one_runs(app: GraphQLEndpoint) -> None:
    assert (await post(app, {"query": BOTH, "operationName": "B"})).json() == {"data": {"echo": "b"}}


@pytest.mark.parametrize(
    ("query", "name"),
    [(BOTH, "C"), ("{ echo }", "C"), ('query A { echo } mutation A { count(text: "a") }', "A")],
)
async def test_a_name_that_is_not_exactly_one_operation_s_is_refused(
    app: GraphQLEndpoint, query: str, name: str
) -> None:
    response = await post(app, {"query": query, "operationName": name}, Accept=GRAPHQL)

    assert response.status_code == 400
    only_error(response)


async def test_an_empty_name_is_no_name(app: GraphQLEndpoint) -> None:
    assert (await post(app, OK | {"operationName": ""})).json() == {"data": {"__typename": "Query"}}


async def test_properties_that_nobody_knows_are_ignored(app: GraphQLEndpoint) -> None:
    assert (await post(app, OK | {"id": 1, "batch": []})).status_code == 200


async def test_a_mutation_by_post_runs_once(app: GraphQLEndpoint) -> None:
    body = await support.ask(app, 'mutation { count(text: "by post") }')

    assert body == {"data": {"count": "by post"}}
    assert support.counted.count("by post") == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"GraphQL-Require-Preflight": "1"},
        {"Apollo-Require-Preflight": "true"},
        {"X-Requested-With": "XMLHttpRequest"},
        {"Sec-Fetch-Site": "same-origin"},
    ],
)
async def test_a_get_runs_with_a_header_that_no_other_site_can_send(
    app: GraphQLEndpoint, headers: dict[str, str]
) -> None:
    async with client(app) as http:
        response = await http.get("/graphql", params=OK, headers=headers)

    assert response.json() == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize(
    "headers", [{}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "none"}, {"X-Requested-With": ""}]
)
async def test_a_get_without_such_a_header_is_400(app: GraphQLEndpoint, headers: dict[str, str]) -> None:
    async with client(app) as http:
        response = await http.get("/graphql", params=OK, headers=headers)

    assert response.status_code == 400
    assert "GraphQL-Require-Preflight" in only_error(response)["message"]


async def test_a_mutation_by_get_does_not_run(app: GraphQLEndpoint) -> None:
    query = 'query Q { echo } mutation M { count(text: "by get") }'
    async with client(app) as http:
        response = await http.get("/graphql", params={"query": query, "operationName": "M"}, headers=PREFLIGHT)

    assert (response.status_code, response.headers["allow"]) == (405, "POST")
    assert "by get" not in support.counted


@pytest.mark.parametrize(
    "query_string",
    [
        "",
        "query=",
        "query={__typename}&query={echo}",
        "query={__typename}&variables=nonsense",
        "query={__typename}&variables=[1]",
        "query={__typename}&extensions=1",
        "query=%ff",
        "query={__typename}" + "".join(f"&a{n}=1" for n in range(100)),
    ],
    ids=lambda text: text[:40],
)
async def test_a_malformed_query_string_is_400(app: GraphQLEndpoint, query_string: str) -> None:
    async with client(app) as http:
        response = await http.get(f"/graphql?{query_string}", headers=PREFLIGHT)

    assert response.status_code == 400
    only_error(response)


async def test_empty_parameters_of_a_url_are_absent(app: GraphQLEndpoint) -> None:
    params = OK | {"variables": "", "operationName": "", "extensions": ""}
    async with client(app) as http:
        response = await http.get("/graphql", params=params, headers=PREFLIGHT)

    assert response.json() == {"data": {"__typename": "Query"}}


async def test_a_url_over_the_limit_is_414(app: GraphQLEndpoint) -> None:
    # httpx refuses to build so long a URL: the application is called as a server would call it.
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/graphql",
        "query_string": b"query=" + b"a" * 200_000,
        "headers": [(b"graphql-require-preflight", b"1")],
    }
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)

    assert sent[0]["status"] == 414
    assert orjson.loads(sent[1]["body"])["errors"]
