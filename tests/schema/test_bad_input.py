"""A0: input of the wrong shape is BAD_USER_INPUT, says which field is at fault, and writes nothing."""

from collections.abc import Iterable
from typing import Any

import pytest
from graphql import GraphQLEnumType, GraphQLSchema

from persistence.database import Database
from tests.schema.counting import written
from tests.schema.examples import EXAMPLES, by
from tests.schema.inputs import KINDS, Leaf, example, leaves
from tests.schema.stage import Stage
from tests.world import document, faults

MISSHAPEN_IDS = ("", " ", "1", "null", "ses_", "ses_0", "ses_!", "SES_1", "xyz_1", "stu_0", "1" * 5000, "ses_\u0661")
WRONG: dict[str, tuple[Any, ...]] = {
    "ID": (1.5, True, {}, [[]]),
    "String": (5, True, {}, ["a", "b"]),
    "Int": (2**31, -(2**31) - 1, 1.5, "1", True, {}),
    "Boolean": (0, "true", {}),
    "DateTime": ("2026-12-06", "2026-12-06T23:00:00", "2027-02-29T12:00:00Z", "2016-12-31T23:59:60Z", "x", 5, {}),
    "Date": ("2027-02-29", "1969-12-31", "3000-01-01", "2026-12-06T23:00:00Z", "06.12.2026", "", 20261206, {}),
    "LocalTime": ("24:00", "8:00", "18:00:00", "", 18, {}),
}
"""For each scalar, values of which none is one."""


@pytest.mark.parametrize("mutation", EXAMPLES)
async def test_a_malformed_id_and_one_of_another_kind_are_bad_input_in_every_field(
    stage: Stage, schema: GraphQLSchema, database: Database, mutation: str
) -> None:
    ids = [leaf for leaf in leaves(schema, mutation) if leaf.type_name == "ID"]
    examples = {leaf: await example(stage, mutation, leaf) for leaf in ids}
    async with written(database) as rows:
        for leaf, given in examples.items():
            for wrong in (*MISSHAPEN_IDS, *stage.things.of_other_kinds(KINDS[leaf.path[-1]])):
                answer = await stage.act("owner", mutation, leaf.set(given, wrong))
                assert faults(answer) == [("BAD_USER_INPUT", list(leaf.path))], (leaf.path, wrong)
    assert rows == {}


def test_every_mutation_but_those_without_a_studio_names_something_by_its_id(schema: GraphQLSchema) -> None:
    with_ids = {name for name in EXAMPLES if any(leaf.type_name == "ID" for leaf in leaves(schema, name))}
    assert set(EXAMPLES) - with_ids == {"signUp", "signIn", "createStudio", "acceptInvitation", "deleteAccount"}


@pytest.mark.parametrize("mutation", EXAMPLES)
async def test_a_value_of_another_type_is_bad_input_in_every_field_and_the_message_names_the_field(
    stage: Stage, schema: GraphQLSchema, database: Database, mutation: str
) -> None:
    given = await example(stage, mutation)
    async with written(database) as rows:
        for leaf in leaves(schema, mutation):
            for wrong in wrong_values(schema, leaf):
                answer = await stage.act(by(mutation), mutation, leaf.set(given, wrong))
                assert faults(answer) == [("BAD_USER_INPUT", None)], (leaf.path, wrong)
                only = leaf.alone and not leaf.listed and wrong is None
                named = f"member field '{leaf.path[-1]}'" if only else f"at .{'.'.join(leaf.path)}"
                assert named in answer["errors"][0]["message"].replace("[0]", "")  # the first of a list
                assert "data" not in answer
    assert rows == {}


def wrong_values(schema: GraphQLSchema, leaf: Leaf) -> Iterable[Any]:
    if isinstance(schema.type_map[leaf.type_name], GraphQLEnumType):
        yield from ("NO_SUCH_WORD", "", 1, {})
    else:
        yield from WRONG[leaf.type_name]
    if leaf.never_null or leaf.alone:
        yield None


@pytest.mark.parametrize("mutation", EXAMPLES)
async def test_a_field_left_out_and_a_field_too_many_are_bad_input(
    stage: Stage, schema: GraphQLSchema, database: Database, mutation: str
) -> None:
    given = await example(stage, mutation) | ({} if mutation == "signIn" else {"idempotencyKey": "key"})
    required = [leaf.path[0] for leaf in leaves(schema, mutation) if leaf.required and len(leaf.path) == 1]
    async with written(database) as rows:
        for name in required:
            less = {key: value for key, value in given.items() if key != name}
            answer = await stage.ask(by(mutation), document(mutation), {"input": less})
            assert faults(answer) == [("BAD_USER_INPUT", None)], name
            assert name in answer["errors"][0]["message"]
        answer = await stage.ask(by(mutation), document(mutation), {"input": {**given, "surplus": 1}})
        assert faults(answer) == [("BAD_USER_INPUT", None)]
    assert rows == {}
    assert required
