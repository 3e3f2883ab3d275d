"""Every code that a mutation lists is brought about here, but for those that wait for what is not built yet.

To add one: write its scenario in the folder `scenarios`.
"""

from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import pytest
from graphql import GraphQLSchema

from domain.refusals import RefusalCode
from persistence.database import Database
from tests.schema.counting import written
from tests.schema.descriptions import described, mutations, refusals_of
from tests.schema.refused import SCENARIOS, Pair
from tests.world import World, codes

for file in sorted(Path(__file__).with_name("scenarios").glob("*.py")):
    import_module(f"tests.schema.scenarios.{file.stem}")

ONLY_THE_KEY = ({"idempotency_keys": 1}, {"account_idempotency_keys": 1})


class Lacking(NamedTuple):
    """A word that the schema does not have yet, and why nothing is refused so until it has."""

    word: str
    why: str


NO_CANCELLED_SESSION = Lacking("CreditOrigin.STUDIO_CANCELLATION", "studios cannot cancel a session yet")
NO_ACT_CANCELS_SESSIONS = Lacking("Mutation.cancelSession", "studios cannot cancel a session yet")
NOT_REACHED_YET: dict[Pair, Lacking] = {
    ("bookSession", RefusalCode.SESSION_CANCELLED): NO_CANCELLED_SESSION,
    ("bookWithMakeUp", RefusalCode.SESSION_CANCELLED): NO_CANCELLED_SESSION,
    ("moveSession", RefusalCode.SESSION_CANCELLED): NO_ACT_CANCELS_SESSIONS,
    ("markAttendance", RefusalCode.SESSION_CANCELLED): NO_ACT_CANCELS_SESSIONS,
    ("bookWithMakeUp", RefusalCode.CREDIT_HELD): Lacking("LedgerKind.HELD", "there is no waiting list yet"),
    **{
        (mutation, code): lacking
        for mutation in ("bookWithMakeUp", "extendMakeUps", "revokeMakeUps")
        for code, lacking in {
            RefusalCode.CREDIT_FORFEITED: Lacking("LedgerKind.FORFEITED", "credits always come back yet"),
            RefusalCode.CREDIT_UNDONE: Lacking("LedgerKind.UNDONE", "a cancellation cannot be undone yet"),
        }.items()
    },
}


def test_every_code_that_a_mutation_lists_has_a_scenario_or_is_not_reached_yet(schema: GraphQLSchema) -> None:
    listed = {(name, RefusalCode(code)) for name, field in mutations(schema).items() for code in refusals_of(field)[1]}
    assert SCENARIOS.keys() | NOT_REACHED_YET.keys() == listed
    assert not SCENARIOS.keys() & NOT_REACHED_YET.keys()


def test_what_is_not_reached_yet_lacks_a_word_in_a_vocabulary_that_is_there(schema: GraphQLSchema) -> None:
    """The schema gets the word together with what can bring the code about; then the code needs a scenario."""
    there = {where for where, _ in described(schema)}
    for pair, (word, why) in NOT_REACHED_YET.items():
        assert word.partition(".")[0] in there, pair
        assert word not in there, f"{pair} was not reached because {why}: now it can be"


@pytest.mark.parametrize(("mutation", "code"), SCENARIOS)
async def test_the_act_of_a_scenario_is_refused_with_its_code_and_leaves_nothing_but_its_key(
    world: World, database: Database, mutation: str, code: RefusalCode
) -> None:
    """Whatever else it is told has a scenario too, so nothing is told that is not listed or not reached yet."""
    act = await SCENARIOS[mutation, code](world)
    async with written(database) as rows:
        refused = await act.by.do(mutation, act.now, **act.given)
    told = {(mutation, RefusalCode(each)) for each in codes(refused)}
    assert (mutation, code) in told
    assert told <= SCENARIOS.keys()
    assert rows in ONLY_THE_KEY
