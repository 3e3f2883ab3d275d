"""Each invariant is violated in a database, and the doctor says so."""

import re

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.truth.invariants import INVARIANTS, Invariant
from tests.doctor.conftest import NOW
from tests.doctor.damages import DAMAGES
from tests.doctor.damaging import found


def test_there_is_a_damage_for_each_invariant() -> None:
    assert set(DAMAGES) == set(INVARIANTS)


@pytest.mark.parametrize("invariant", DAMAGES, ids=lambda each: each.__name__)
async def test_a_violation_of_an_invariant_is_named(patient: AsyncConnection, invariant: Invariant) -> None:
    damage, sentence = DAMAGES[invariant]
    key = await damage(patient)

    said = await found(patient, NOW)

    assert any(re.match(sentence.format(key), each) for each in said), (key, said)
