"""Section 10 of the rule book, of waiting lists."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from domain.truth.invariants import Snapshot, violations
from domain.truth.queue_invariants import QUEUES_OF_CREDITS, QUEUES_OF_SESSIONS, held_credits_wait_somewhere
from tests.domain.builders import A_MICROSECOND, NOW, START
from tests.domain.snapshots import Invariant
from tests.domain.violated_queues import BY_CREDIT, FOR_MONEY, HOLDING_QUEUES, LATER, OF_QUEUES, queues
from tests.domain.waiters import LATER_START

AROUND = (-A_MICROSECOND, timedelta(), A_MICROSECOND)
AROUND_THE_STARTS = [start + after for start in (START, LATER_START) for after in AROUND]


@pytest.mark.parametrize("snapshot", HOLDING_QUEUES.values(), ids=HOLDING_QUEUES)
@pytest.mark.parametrize("now", [NOW, *AROUND_THE_STARTS])
def test_queues_where_all_is_well_violate_nothing_at_any_instant(snapshot: Snapshot, now: datetime):
    assert violations(snapshot, now) == ()


@pytest.mark.parametrize(("invariant", "snapshot", "named"), OF_QUEUES.values(), ids=OF_QUEUES)
def test_a_violation_of_queues_is_found_and_named(invariant: Invariant, snapshot: Snapshot, named: UUID):
    sentences = list(invariant(snapshot, NOW))

    assert any(str(named) in sentence or str(named.int) in sentence for sentence in sentences)
    assert set(sentences) <= set(violations(snapshot, NOW))


def test_every_invariant_of_queues_is_seen_to_fail():
    assert {invariant for invariant, _, _ in OF_QUEUES.values()} >= {*QUEUES_OF_SESSIONS, *QUEUES_OF_CREDITS}


def test_6_from_the_start_on_neither_place_nor_hold_is_live_whatever_their_rows_say():
    snapshot = queues(BY_CREDIT, until=START)

    assert list(held_credits_wait_somewhere(snapshot, START - A_MICROSECOND)) == []
    assert list(held_credits_wait_somewhere(snapshot, START)) == []
    lapsed_too_early = queues(BY_CREDIT, LATER, until=START)
    assert list(held_credits_wait_somewhere(lapsed_too_early, START)) != []
    assert list(held_credits_wait_somewhere(queues(FOR_MONEY), NOW)) == []
