from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.credit import CreditState, state_at
from domain.ledger import Balance, LedgerEntry, LedgerKind, at, fold, told
from tests.domain.builders import A_MICROSECOND, NOW, a_credit, uuid

EXPIRES_AT = a_credit().expires_at
PAID = uuid(71)
ISSUED, HELD, RELEASED, REDEEMED, RESTORED, FORFEITED, EXTENDED, EXPIRED, REVOKED, UNDONE = LedgerKind


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
    "lost": ((ISSUED, REDEEMED, FORFEITED), Balance(CreditState.FORFEITED, EXPIRES_AT, PAID)),
    "undone": ((ISSUED, UNDONE), Balance(CreditState.UNDONE, EXPIRES_AT, None)),
    "run out, which `at` knows": ((ISSUED, EXPIRED), Balance(CreditState.ACTIVE, EXPIRES_AT, None)),
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

    assert state_at(state, EXPIRES_AT, None, now) is expected
    assert at(Balance(state, EXPIRES_AT, None), now) is expected
    assert a_credit(state=state).state_at(now) is expected
    assert a_credit(state=state).spendable(now) is (expected is CreditState.ACTIVE)


def told_kinds(*entries: LedgerEntry, now: datetime) -> list[tuple[LedgerKind, datetime]]:
    return [(line.kind, line.at) for line in told(entries, now)]


def line(kind: LedgerKind, at: datetime, expires_at: datetime | None = EXPIRES_AT) -> LedgerEntry:
    return LedgerEntry(uuid(80), kind, at, PAID, expires_at, None)


def test_v5_an_expired_line_is_told_from_the_instant_of_expiry_on_and_not_before():
    assert EXPIRES_AT is not None
    issued = line(ISSUED, NOW)

    assert told_kinds(issued, now=EXPIRES_AT - A_MICROSECOND) == [(ISSUED, NOW)]
    for now in (EXPIRES_AT, EXPIRES_AT + timedelta(days=900)):
        assert told_kinds(issued, now=now) == [(ISSUED, NOW), (EXPIRED, EXPIRES_AT)]
    assert told([issued], EXPIRES_AT)[1] == replace(issued, kind=EXPIRED, at=EXPIRES_AT, booking_id=None)
    assert told_kinds(line(ISSUED, NOW, None), now=EXPIRES_AT) == [(ISSUED, NOW)]


def test_v5_what_is_told_does_not_depend_on_the_lines_that_a_job_wrote():
    assert EXPIRES_AT is not None
    later, again = EXPIRES_AT + timedelta(days=9), EXPIRES_AT + timedelta(days=8)
    issued, revived = line(ISSUED, NOW), line(EXTENDED, EXPIRES_AT + timedelta(days=2), again)
    first, second = line(EXPIRED, EXPIRES_AT + timedelta(days=1)), line(EXPIRED, later, again)
    expected = [(ISSUED, NOW), (EXPIRED, EXPIRES_AT), (EXTENDED, revived.at), (EXPIRED, again)]

    for lines in ((issued, revived), (issued, first, revived), (issued, first, revived, second)):
        assert told_kinds(*lines, now=later) == expected


def test_v5_a_credit_that_was_extended_at_its_last_instant_has_not_expired():
    assert EXPIRES_AT is not None
    extended = line(EXTENDED, EXPIRES_AT - A_MICROSECOND, EXPIRES_AT + timedelta(days=1))

    assert told_kinds(line(ISSUED, NOW), extended, now=EXPIRES_AT) == [(ISSUED, NOW), (EXTENDED, extended.at)]
    too_late = replace(extended, at=EXPIRES_AT)
    assert (EXPIRED, EXPIRES_AT) in told_kinds(line(ISSUED, NOW), too_late, now=EXPIRES_AT)


def test_c1_a_credit_that_comes_back_after_its_end_expires_as_it_comes_back():
    assert EXPIRES_AT is not None
    back = EXPIRES_AT + timedelta(days=4)
    lines = line(ISSUED, NOW), line(REDEEMED, NOW), line(RESTORED, back)

    assert told_kinds(*lines, now=back)[2:] == [(RESTORED, back), (EXPIRED, back)]
    # Spent, lost or taken back it does not expire.
    assert told_kinds(*lines[:2], now=back) == [(ISSUED, NOW), (REDEEMED, NOW)]
    for kind in (REVOKED, UNDONE):
        assert told_kinds(line(ISSUED, NOW), line(kind, NOW), now=back) == [(ISSUED, NOW), (kind, NOW)]
