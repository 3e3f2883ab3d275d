"""The product against the oracle: for many steps in memory, for fewer on both databases."""

import os
from collections import Counter
from itertools import count

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.machine.harness import Harness
from tests.machine.machine import StudioMachine
from tests.machine.memory import MemoryHarness

# How many times as deep as in `make test`: a soak runs for as long as one likes.
DEPTH = int(os.environ.get("ENCORE_TEST_DEPTH", "1"))


def run(harness: Harness, examples: int, steps: int) -> Counter[str]:
    tally: Counter[str] = Counter()
    numbers = count()

    class Machine(StudioMachine):
        def __init__(self) -> None:
            super().__init__(harness, tally, numbers)

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=examples * DEPTH,
            stateful_step_count=steps,
            # The same runs every time, so that a change is judged by what it changes; a soak looks elsewhere.
            derandomize=DEPTH == 1,
            database=None,
            deadline=None,
            # It measures time, which says nothing of the product on a busy machine.
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
    return tally


def test_the_product_in_memory_does_what_the_rule_book_says():
    tally = run(MemoryHarness(), examples=600, steps=50)
    print(tally)
