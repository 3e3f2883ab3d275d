"""What is sent and what is answered, by media type."""

import gzip

import httpx
import pytest

from api.http import GraphQLEndpoint
from tests.api.support import GRAPHQL, JSON, client, only_error, post

OK = {"query": "{ __typename }"}


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (f"{GRAPHQL}, {JSON};q=0.9", GRAPHQL),
        (f"{JSON};q=0.9, {GRAPHQL}", GRAPHQL),
        (f"{GRAPHQL};q=0.5, {JSON}", JSON),
        (f"{JSON}, {GRAPHQL}", GRAPHQL),
        (f"{JSON}, */*", JSON),
        (f"{GRAPHQL}, */*", GRAPHQL),
        (f"{GRAPHQL};q=0.5, */*", JSON),
        (f"{GRAPHQL};q=0, */*", JSON),
        (f"{JSON};q=0, */*", GRAPHQL),
        ("application/*", JSON),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", JSON),
        (f"{GRAPHQL}, application/graphql+json, {JSON}, text/event-stream, multipart/mixed", GRAPHQL),
        (f"{JSON}, multipart/mixed", JSON),
        ("APPLICATION/GRAPHQL-RESPONSE+JSON", GRAPHQL),
        (f"{GRAPHQL}; charset=UTF-8", GRAPHQL),
        ("", JSON),
    ],
)
async def test_the_answer_has_the_type_that_the_client_likes_best(
    app: GraphQLEndpoint, accept: str, expected: str
) -> None:
    response = await post(app, OK, Accept=accept)

    assert response.headers["content-type"] == f"{expected}; charset=utf-8"
    assert response.json() == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize(
    "accept",
    ["text/html", "application/xml", f"{JSON};q=0", "*/*;q=0", f"{JSON};q=lots", f"{JSON};charset=utf-16"],
)
async def test_an_accept_header_that_allows_no_json_is_406(app: GraphQLEndpoint, accept: str) -> None:
    response = await post(app, OK, Accept=accept)

    assert response.status_code == 406
    assert only_error(response)["extensions"] == {"code": "BAD_USER_INPUT"}


async def test_several_accept_headers_count_as_one(app: GraphQLEndpoint) -> None:
    async with client(app) as http:
        response = await http.post("/graphql", json=OK, headers=[("Accept", "text/html"), ("Accept", GRAPHQL)])

    assert response.headers["content-type"] == f"{GRAPHQL}; charset=utf-8"


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "text/plain; application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/graphql",
        "application/json; charset=utf-16",
        "application/json; charset=iso-8859-1",
        "application/jsonp",
        "json",
        "",
    ],
)
async def test_a_body_that_is_not_declared_as_json_in_utf_8_is_415(app: GraphQLEndpoint, content_type: str) -> None:
    response = await post(app, OK, Content_Type=content_type)

    assert response.status_code == 415
    assert only_error(response)["extensions"] == {"code": "BAD_USER_INPUT"}


@pytest.mark.parametrize(
    "content_type",
    ["application/json;charset=UTF-8", 'Application/JSON; charset="utf-8"', "application/json;x=y"],
)
async def test_json_may_be_declared_in_any_spelling(app: GraphQLEndpoint, content_type: str) -> None:
    assert (await post(app, OK, Content_Type=content_type)).status_code == 200


async def test_two_content_types_are_415(app: GraphQLEndpoint) -> None:
    twice = [("Content-Type", JSON), ("Content-Type", "text/plain")]
    async with client(app) as http:
        assert (await http.post("/graphql", content=b"{}", headers=twice)).status_code == 415


async def test_a_compressed_body_is_415_and_without_its_header_400(app: GraphQLEndpoint) -> None:
    body = gzip.compress(b'{"query":"{ __typename }"}')

    declared = await post(app, body, Content_Encoding="gzip")

    assert (declared.status_code, declared.headers["accept-encoding"]) == (415, "identity")
    assert (await post(app, body)).status_code == 400
    assert (await post(app, OK, Content_Encoding="identity")).status_code == 200


@pytest.mark.parametrize("method", ["HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW"])
async def test_another_method_is_405_and_says_which_are_allowed(app: GraphQLEndpoint, method: str) -> None:
    async with client(app) as http:
        response = await http.request(method, "/graphql")

    assert (response.status_code, response.headers["allow"]) == (405, "GET, POST")


async def test_every_answer_is_json_not_stored_not_sniffed_and_has_an_id_of_its_own(
    app: GraphQLEndpoint,
) -> None:
    async with client(app) as http:
        answers: list[httpx.Response] = [
            await http.post("/graphql", json=OK),
            await http.post("/graphql", json=OK, headers={"Accept": "text/html"}),
            await http.get("/graphql", headers={"Accept": "text/html,*/*"}),
            await http.delete("/graphql"),
        ]

    for answer in answers:
        assert answer.headers["content-type"] == f"{JSON}; charset=utf-8"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert len({answer.headers["x-request-id"] for answer in answers}) == len(answers)
