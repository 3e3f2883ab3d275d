"""V7: staff take an unused credit back."""

from datetime import timedelta

import pytest

from domain.events import CreditRevoked
from domain.managing.revoking import Revocation, credit_is_unused, decide
from domain.nouns.credit import CreditState, RevocationReason
from domain.refusals import FixableBy, RefusalCode
from tests.domain.builders import A_MICROSECOND, CREDIT_ID, NOW, a_credit, utc

EXPIRES_AT = utc("2026-12-06T23:00:00Z")
REFUSED = {
    CreditState.USED: RefusalCode.CREDIT_USED,
    CreditState.FORFEITED: RefusalCode.CREDIT_FORFEITED,
    CreditState.EXPIRED: RefusalCode.CREDIT_EXPIRED,
    CreditState.REVOKED: RefusalCode.CREDIT_REVOKED,
    CreditState.UNDONE: RefusalCode.CREDIT_UNDONE,
}


def revocation(state: CreditState = CreditState.ACTIVE) -> Revocation:
    return Revocation(a_credit(state=state), RevocationReason.CORRECTION, "twice by mistake")


@pytest.mark.parametrize("state", CreditState)
def test_v7_what_is_active_or_held_can_be_taken_back(state: CreditState):
    refusal = credit_is_unused(revocation(state), NOW)

    assert (refusal and refusal.code) is REFUSED.get(state)
    if refusal is not None:
        assert (refusal.actual, refusal.required) == (state.value, "ACTIVE")
        assert refusal.credit_id == CREDIT_ID
        assert refusal.fixable_by is (FixableBy.CLIENT if state is CreditState.USED else None)


@pytest.mark.parametrize("after", [-A_MICROSECOND, timedelta(0)])
def test_v7_what_time_has_expired_cannot_from_that_instant_on(after: timedelta):
    refusal = credit_is_unused(revocation(), EXPIRES_AT + after)

    assert (refusal and refusal.code) is (RefusalCode.CREDIT_EXPIRED if after == timedelta(0) else None)


def test_v7_a_held_credit_does_not_expire_and_can_be_taken_back():
    assert credit_is_unused(revocation(CreditState.HELD), EXPIRES_AT) is None


def test_v7_what_happens_tells_the_credit_as_it_was_and_why():
    assert decide(revocation(), NOW) == CreditRevoked(a_credit(), RevocationReason.CORRECTION, "twice by mistake")


def test_v7_the_reason_against_it_is_told():
    decision = decide(revocation(CreditState.USED), NOW)

    assert isinstance(decision, tuple)
    assert [reason.code for reason in decision] == [RefusalCode.CREDIT_USED]
