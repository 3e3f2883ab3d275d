"""Running operations on a Strawberry schema."""

import pytest
import strawberry.schema.schema
from strawberry.schema.exceptions import InvalidOperationTypeError

from api.documents import read_document
from api.execution import run_on
from api.http import GraphQLEndpoint
from api.operations import Caller, Operation
from tests.api import support
from tests.api.support import REAL_NOW, Mutation, Query, QuietSchema, ask

CALLER = Caller(account_id=None, now=REAL_NOW, travelling=False, request_id="id")


def operation(query: str, *, mutation_allowed: bool) -> Operation:
    return Operation(query, read_document(query), None, None, mutation_allowed)


async def test_a_document_is_parsed_once(app: GraphQLEndpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    def parse(*_: object, **__: object) -> None:
        raise AssertionError("parsed twice")

    monkeypatch.setattr(strawberry.schema.schema, "parse", parse)

    assert await ask(app, '{ echo(text: "once") }') == {"data": {"echo": "once"}}


async def test_a_mutation_runs_only_where_mutations_are_allowed() -> None:
    run = run_on(QuietSchema(Query, Mutation), lambda caller: caller)
    mutation = 'mutation { count(text: "allowed") }'

    with pytest.raises(InvalidOperationTypeError):
        await run(operation(mutation, mutation_allowed=False), CALLER)
    assert "allowed" not in support.counted

    result = await run(operation(mutation, mutation_allowed=True), CALLER)
    assert (result.data, result.errors) == ({"count": "allowed"}, None)


async def test_the_context_is_made_from_the_caller_for_each_operation() -> None:
    made: list[Caller] = []
    run = run_on(QuietSchema(Query), lambda caller: made.append(caller) or caller)

    results = [await run(operation("{ now }", mutation_allowed=True), CALLER) for _ in range(2)]

    assert [result.data for result in results] == [{"now": "2026-11-22T18:00:00+00:00 False"}] * 2
    assert made == [CALLER, CALLER]


def test_the_same_text_is_the_same_document() -> None:
    assert read_document("{ echo now }") is read_document("{ echo now }")
