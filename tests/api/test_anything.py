"""Whatever is sent, the answer is a GraphQL response and never a failure of the server."""

import json
import re

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.api.support import JSON, PREFLIGHT, client, endpoint, post

APP = endpoint(time_travel=True)
HEADER_VALUES = st.one_of(
    st.text(st.characters(min_codepoint=32, max_codepoint=126)),
    st.from_regex(r"(application|text|\*)/(json|\*)(; ?(q|charset)=[0-9a-z.\"-]{0,6})*", fullmatch=True),
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(["query", "variables", "operationName", "extensions", "id", "documentId"])
QUERIES = st.one_of(
    st.text(),
    st.text('{}()[]:!$@&|="\\#.,… \n0123456789abcuqry'),
    st.sampled_from(["{ echo }", "query($n: Int!) { echo(number: $n) }", "mutation { count(text: 1) }", "{ nope }"]),
)


def assert_graphql(status: int, content_type: str, body: bytes) -> None:
    assert status < 500
    assert re.fullmatch(r"application/(graphql-response\+)?json; charset=utf-8", content_type)
    answer = orjson.loads(body)
    assert set(answer) <= {"data", "errors"}
    assert "data" in answer or answer["errors"]
    for error in answer.get("errors", []):
        assert error["extensions"]["code"] in ("BAD_USER_INPUT", "UNAUTHENTICATED")


@given(body=st.binary())
async def test_any_bytes_in_the_body(body: bytes) -> None:
    response = await post(APP, body)

    assert response.status_code == 400
    assert_graphql(400, response.headers["content-type"], response.content)


@given(
    body=st.one_of(
        VALUES, st.dictionaries(NAMES, VALUES), st.fixed_dictionaries({"query": QUERIES, "variables": VALUES})
    )
)
async def test_any_json_in_the_body(body: object) -> None:
    response = await post(APP, _encoded(body), Accept="application/graphql-response+json")

    assert_graphql(response.status_code, response.headers["content-type"], response.content)


@pytest.mark.parametrize("name", ["Accept", "Content-Type", "Content-Encoding", "Authorization", "Encore-Now"])
@given(value=HEADER_VALUES)
async def test_any_value_of_a_header(name: str, value: str) -> None:
    async with client(APP) as http:
        response = await http.post(
            "/graphql", content=b'{"query":"{ echo }"}', headers={"Content-Type": JSON, name: value}
        )

    assert_graphql(response.status_code, response.headers["content-type"], response.content)


@given(parameters=st.dictionaries(NAMES, st.text(max_size=200) | QUERIES))
async def test_any_query_string(parameters: dict[str, str]) -> None:
    async with client(APP) as http:
        response = await http.get("/graphql", params=_encodable(parameters), headers=PREFLIGHT)

    assert_graphql(response.status_code, response.headers["content-type"], response.content)


def _encoded(value: object) -> bytes:
    """As JSON, lone surrogates as escapes: Python's own encoder writes what a hostile client may."""
    return json.dumps(value).encode()


def _encodable(parameters: dict[str, str]) -> dict[str, str]:
    return {name: value.encode(errors="replace").decode() for name, value in parameters.items()}
