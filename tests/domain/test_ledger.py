from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.credit import CreditState, state_at
from domain.ledger import Balance, LedgerEntry, LedgerKind, at, fold
from tests.domain.builders import A_MICROSECOND, NOW, a_credit, uuid

EXPIRES_AT = a_credit().expires_at
PAID = uuid(71)
ISSUED, REDEEMED, RESTORED, FORFEITED, EXTENDED, REVOKED, UNDONE = LedgerKind


def lines(*kinds: LedgerKind) -> list[LedgerEntry]:
    return [
        LedgerEntry(uuid(number), kind, NOW + timedelta(days=number), PAID, EXPIRES_AT, None)
        for number, kind in enumerate(kinds)
    ]


FOLDS = {
    "earned": ((ISSUED,), Balance(CreditState.ACTIVE, EXPIRES_AT, None)),
    "spent": ((ISSUED, REDEEMED), Balance(CreditState.USED, EXPIRES_AT, PAID)),
    "given back, golden example 5": ((ISSUED, REDEEMED, RESTORED), Balance(CreditState.ACTIVE, EXPIRES_AT, None)),
    "taken back": ((ISSUED, REVOKED), Balance(CreditState.REVOKED, EXPIRES_AT, None)),
    "given back, then taken back": (
        *((ISSUED, REDEEMED, RESTORED, REVOKED), Balance(CreditState.REVOKED, EXPIRES_AT, None)),
    ),
    "spent again": ((ISSUED, REDEEMED, RESTORED, REDEEMED), Balance(CreditState.USED, EXPIRES_AT, PAID)),
}


@pytest.mark.parametrize(("kinds", "expected"), FOLDS.values(), ids=FOLDS)
def test_a_state_is_what_the_lines_add_up_to(kinds: tuple[LedgerKind, ...], expected: Balance):
    assert fold(lines(*kinds)) == expected


def test_no_lines_add_up_to_nothing():
    assert fold([]) is None


def test_an_expiry_is_that_of_the_last_line():
    later = NOW + timedelta(days=300)
    changed = [*lines(ISSUED, REDEEMED), LedgerEntry(uuid(9), RESTORED, NOW, PAID, later, None)]

    assert fold(changed) == Balance(CreditState.ACTIVE, later, None)


@pytest.mark.parametrize("end", [NOW + timedelta(days=1), NOW + timedelta(days=300), None])
def test_v6_another_end_is_the_end_from_then_on_and_changes_nothing_else(end: datetime | None):
    extended = LedgerEntry(uuid(9), EXTENDED, NOW, None, end, None)

    assert fold([*lines(ISSUED), extended]) == Balance(CreditState.ACTIVE, end, None)
    assert fold([*lines(ISSUED, REDEEMED, RESTORED), extended]) == Balance(CreditState.ACTIVE, end, None)
    assert fold([*lines(ISSUED), extended, replace(extended, kind=REDEEMED, booking_id=PAID)]) == (
        Balance(CreditState.USED, end, PAID)
    )
    assert fold([extended]) is None


STATES = [
    (CreditState.ACTIVE, -A_MICROSECOND, CreditState.ACTIVE),
    (CreditState.ACTIVE, timedelta(0), CreditState.EXPIRED),
    (CreditState.ACTIVE, A_MICROSECOND, CreditState.EXPIRED),
    *((state, timedelta(days=1), state) for state in CreditState if state is not CreditState.ACTIVE),
]


@pytest.mark.parametrize(("state", "after", "expected"), STATES)
def test_v5_only_an_active_credit_expires_and_at_the_instant_of_its_expiry(
    state: CreditState, after: timedelta, expected: CreditState
):
    assert EXPIRES_AT is not None
    now: datetime = EXPIRES_AT + after

    assert state_at(state, EXPIRES_AT, now) is expected
    assert at(Balance(state, EXPIRES_AT, None), now) is expected
    assert a_credit(state=state).state_at(now) is expected
    assert a_credit(state=state).spendable(now) is (expected is CreditState.ACTIVE)
