"""Scenarios: for a mutation and a code that its description lists, an act that is refused with that code."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from domain.refusals import RefusalCode
from tests.world import Json, Person, World

NOW = "2026-11-22T17:00:00Z"
START = "2026-12-13T17:00:00Z"

Pair = tuple[str, RefusalCode]


@dataclass(frozen=True)
class Act:
    """What a scenario comes down to: who gives the mutation which input, and when. Not yet done."""

    by: Person
    given: Json
    now: str = NOW


Scenario = Callable[[World], Awaitable[Act]]

SCENARIOS: dict[Pair, Scenario] = {}
"""Those of all files in the folder `scenarios`, once these are imported."""


def refused(code: RefusalCode, *mutations: str) -> Callable[[Scenario], Scenario]:
    """Makes a function the scenario of a code, for one mutation or for several that take the same input."""

    def enter(scenario: Scenario) -> Scenario:
        for mutation in mutations:
            assert (mutation, code) not in SCENARIOS, f"{mutation} has a scenario for {code} already"
            SCENARIOS[mutation, code] = scenario
        return scenario

    return enter


async def holder(world: World) -> tuple[Person, str, str]:
    """Somebody with an account, their one client there, and that client's one credit."""
    person, client = await world.person()
    (credit,) = await world.granted(client)
    return person, client, credit
