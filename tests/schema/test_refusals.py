"""Every code that a mutation lists is brought about here. To add one: write its scenario in the folder `scenarios`."""

from importlib import import_module
from pathlib import Path

import pytest
from graphql import GraphQLSchema

from domain.refusals import RefusalCode
from persistence.database import Database
from tests.schema.counting import written
from tests.schema.descriptions import mutations, refusals_of
from tests.schema.refused import SCENARIOS
from tests.world import World, codes

for file in sorted(Path(__file__).with_name("scenarios").glob("*.py")):
    import_module(f"tests.schema.scenarios.{file.stem}")

ONLY_THE_KEY = ({"idempotency_keys": 1}, {"account_idempotency_keys": 1})


def test_every_code_that_a_mutation_lists_has_a_scenario(schema: GraphQLSchema) -> None:
    listed = {(name, RefusalCode(code)) for name, field in mutations(schema).items() for code in refusals_of(field)[1]}
    assert SCENARIOS.keys() == listed


@pytest.mark.parametrize(("mutation", "code"), SCENARIOS)
async def test_the_act_of_a_scenario_is_refused_with_its_code_and_leaves_nothing_but_its_key(
    world: World, database: Database, mutation: str, code: RefusalCode
) -> None:
    """Whatever else it is told has a scenario too, so nothing is told that is not listed."""
    act = await SCENARIOS[mutation, code](world)
    async with written(database) as rows:
        refused = await act.by.do(mutation, act.now, **act.given)
    told = {(mutation, RefusalCode(each)) for each in codes(refused)}
    assert (mutation, code) in told
    assert told <= SCENARIOS.keys()
    assert rows in ONLY_THE_KEY
