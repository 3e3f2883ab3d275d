"""Errors as clients see them: faults with codes, bugs masked, request errors without data."""

import logging
from typing import Any

import pytest
from graphql import GraphQLError, GraphQLScalarType, build_schema, graphql_sync
from strawberry.types import ExecutionResult

from api.errors import MAX_ERRORS, answer_of
from api.http import GraphQLEndpoint
from api.operations import Caller, Operation
from domain.faults import BadUserInput, ConflictRetry
from tests.api.support import GRAPHQL, TOKENS, ask, endpoint, only_error, post

LOGGER = "api.errors"


async def test_a_fault_keeps_its_message_and_code(app: GraphQLEndpoint) -> None:
    body = await ask(app, "{ missing }")

    assert body == {
        "errors": [
            {
                "message": "There is no such session.",
                "extensions": {"code": "NOT_FOUND"},
                "locations": [{"line": 1, "column": 3}],
                "path": ["missing"],
            }
        ],
        "data": {"missing": None},
    }


async def test_a_fault_of_an_input_field_names_it(app: GraphQLEndpoint) -> None:
    (error,) = (await ask(app, "{ wrongInput }"))["errors"]

    assert error["extensions"] == {"code": "BAD_USER_INPUT", "input": ["input", "first"]}


async def test_a_fault_is_not_logged(app: GraphQLEndpoint, caplog: pytest.LogCaptureFixture) -> None:
    await ask(app, "{ missing wrongInput nonsense }")

    assert not caplog.records


@pytest.mark.parametrize("query", ["{ bug }", "{ wrongType }"])
async def test_a_bug_is_masked_and_logged_under_the_request_s_id(
    app: GraphQLEndpoint, caplog: pytest.LogCaptureFixture, query: str
) -> None:
    response = await post(app, {"query": query}, Accept=GRAPHQL)

    (error,) = response.json()["errors"]
    request_id = response.headers["x-request-id"]
    assert response.status_code == 200
    assert error["message"] == "Unexpected error."
    assert error["extensions"] == {"code": "INTERNAL", "requestId": request_id}
    assert "secret" not in response.text
    (record,) = caplog.records
    assert (record.name, record.levelno) == (LOGGER, logging.ERROR)
    assert request_id in record.getMessage()
    assert record.exc_info


async def test_a_bug_under_a_required_field_nulls_the_data_and_keeps_its_entry(app: GraphQLEndpoint) -> None:
    response = await post(app, {"query": "{ requiredBug }"}, Accept=GRAPHQL)

    assert response.status_code == 200
    assert response.json()["data"] is None


async def test_a_result_that_is_no_json_is_a_bug(app: GraphQLEndpoint, caplog: pytest.LogCaptureFixture) -> None:
    response = await post(app, {"query": "{ long }"})

    assert response.status_code == 500
    assert only_error(response)["extensions"]["code"] == "INTERNAL"
    assert len(caplog.records) == 1


async def test_an_exception_outside_every_resolver_is_masked_too(caplog: pytest.LogCaptureFixture) -> None:
    async def run(_: Operation, __: Caller) -> ExecutionResult:
        raise RuntimeError("postgresql://secret")

    response = await post(GraphQLEndpoint(run, TOKENS), {"query": "{ a }"})

    assert response.status_code == 500
    assert only_error(response)["extensions"] == {
        "code": "INTERNAL",
        "requestId": response.headers["x-request-id"],
    }
    assert "secret" not in response.text
    assert len(caplog.records) == 1


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("query($n: Int!) { echo(number: $n) }", {"n": "a"}),
        ("query($n: Int!) { echo(number: $n) }", {"n": 2**31}),
        ("query($n: Int!) { echo(number: $n) }", {"n": 1.5}),
        ("query($n: Int!) { echo(number: $n) }", {}),
        ("query($n: Int) { echo(number: $n) }", {"n": None}),
        ("query($p: Paint!) { paint(paint: $p) }", {"p": {"colour": "PINK", "litres": 1}}),
        ("query($p: Paint!) { paint(paint: $p) }", {"p": {"colour": "RED"}}),
        ("query($p: Paint!) { paint(paint: $p) }", {"p": "RED"}),
        ("{ paint(paint: {colour: PINK, litres: 1}) }", None),
        ("query($u: UUID!) { day(at: $u) }", {"u": "not a uuid"}),
        ('{ day(at: "not a uuid") }', None),
        ("query($s: Boolean = true) { echo @skip(if: $s) }", {"s": None}),
        ("{ nope }", None),
        ("{", None),
    ],
)
async def test_what_cannot_be_read_is_the_client_s_error(
    app: GraphQLEndpoint, caplog: pytest.LogCaptureFixture, query: str, variables: dict[str, Any] | None
) -> None:
    body = await ask(app, query, variables)

    assert [error["extensions"] for error in body["errors"]] == [{"code": "BAD_USER_INPUT"}]
    assert not body.get("data")
    assert not caplog.records


async def test_names_are_not_guessed_outside_development() -> None:
    misspelt = "{ ecko day(att: 1) paint(paint: {color: RED}) }"

    closed = await post(endpoint(), {"query": misspelt})
    opened = await post(endpoint(suggestions=True), {"query": misspelt})

    assert "Did you mean" not in closed.text
    assert "'ecko' on type 'Query'." in closed.text
    assert "Did you mean 'echo'?" in opened.text


async def test_an_error_about_one_field_of_an_input_does_not_repeat_the_others(app: GraphQLEndpoint) -> None:
    variables = {"p": {"colour": "RED", "note": "my password"}}

    response = await post(app, {"query": "query($p: Paint!) { paint(paint: $p) }", "variables": variables})

    assert only_error(response)["message"].endswith("to include required field 'litres'.")
    assert "password" not in response.text


async def test_an_answer_has_five_errors_at_most(app: GraphQLEndpoint, caplog: pytest.LogCaptureFixture) -> None:
    many = await ask(app, "{ " + " ".join(f"a{n}: missing" for n in range(9)) + " }")
    bugs = await ask(app, "{ " + " ".join(f"a{n}: bug" for n in range(9)) + " }")

    assert len(many["errors"]) == len(bugs["errors"]) == MAX_ERRORS
    assert len(many["data"]) == 9
    assert [record.getMessage().startswith("4 more") for record in caplog.records] == [False] * 5 + [True]


async def test_a_bug_behind_five_faults_is_still_logged(app: GraphQLEndpoint, caplog: pytest.LogCaptureFixture) -> None:
    body = await ask(app, "{ " + " ".join(f"a{n}: missing" for n in range(5)) + " bug }")

    assert {error["extensions"]["code"] for error in body["errors"]} == {"NOT_FOUND"}
    assert len(caplog.records) == 1


async def test_a_message_is_cut_to_a_readable_length(app: GraphQLEndpoint) -> None:
    (error,) = (await ask(app, "{ echo(number: " + "1" * 5_000 + ") }"))["errors"]

    assert len(error["message"]) == 500


def test_a_fault_before_execution_is_a_request_error_with_its_code() -> None:
    fault = ConflictRetry("Send it again.")
    result = ExecutionResult(None, [GraphQLError("hidden", original_error=fault)])

    assert answer_of(result, "id") == {
        "errors": [{"message": "Send it again.", "extensions": {"code": "CONFLICT_RETRY"}}]
    }


def test_a_fault_of_a_scalar_keeps_the_place_that_graphql_names(monkeypatch: pytest.MonkeyPatch) -> None:
    schema = build_schema("scalar Id type Query { node(id: Id!): Int }")
    scalar = schema.type_map["Id"]
    assert isinstance(scalar, GraphQLScalarType)

    def read(_: object) -> object:
        raise BadUserInput("This is no id.")

    for method in ("parse_value", "coerce_input_value"):
        monkeypatch.setattr(scalar, method, read)
    raw = graphql_sync(schema, "query($i: Id!) { node(id: $i) }", variable_values={"i": "x"})

    (error,) = answer_of(ExecutionResult(raw.data, raw.errors), "id")["errors"]

    assert error["extensions"] == {"code": "BAD_USER_INPUT"}
    assert error["message"].startswith("Variable '$i' has invalid value")
    assert "This is no id." in error["message"]


def test_extensions_of_a_result_are_part_of_the_answer() -> None:
    result = ExecutionResult({"a": 1}, None, {"cost": 1})

    assert answer_of(result, "id") == {"data": {"a": 1}, "extensions": {"cost": 1}}
