"""C1, C2, C8: what comes of the credit that paid for a seat. C10: where staff have set the deadline aside."""

from dataclasses import replace
from datetime import datetime

import pytest

from domain.cancellation.cancelling import Cancellation, Cancelled, Verdict, comes_back_expired, decide, judge
from domain.credits.validity import Expiry
from domain.events import BookingCancelled, CreditForfeited, CreditIssued, CreditRestored
from domain.nouns.booking import EarnedNothing, PaymentState
from tests.domain.builders import (
    A_MICROSECOND,
    DEADLINE,
    NEW_ID,
    NOW,
    START,
    a_booking,
    a_cancellation,
    a_credit,
    a_make_up_booking,
    a_session,
    a_target,
    utc,
)
from tests.domain.cancelled import (
    FORFEIT,
    FORTNIGHT,
    IN_TIME,
    LATE,
    LOST,
    NOTHING,
    PAID_WITH_CREDIT,
    RETURNED,
    SIXTH,
    TOO_LATE,
    of,
    of_make_up,
)


def test_c8_a_make_up_comes_back_in_the_day_after_a_move():
    moved_at = DEADLINE + A_MICROSECOND
    cancellation = replace(of_make_up(), target=a_target(a_session(moved_at=moved_at)))

    assert judge(cancellation, START - A_MICROSECOND).outcome is RETURNED
    assert judge(of_make_up(), START - A_MICROSECOND).outcome is NOTHING


def test_c1_the_same_credit_comes_back_with_its_original_expiry_and_none_is_issued():
    cancellation = of_make_up()
    assert cancellation.credit is not None

    decision = decide(cancellation, None, NEW_ID, NOW)

    assert isinstance(decision, Cancelled)
    cancelled, restored = decision.events
    assert cancelled == BookingCancelled(a_make_up_booking(), IN_TIME, RETURNED, (PAID_WITH_CREDIT,))
    own_end = Expiry(cancellation.credit.expires_at, cancellation.credit.expires_on)
    assert restored == CreditRestored(cancellation.credit, a_make_up_booking(), own_end)


def test_c1_golden_example_4_a_credit_may_come_back_expired():
    target = replace(a_target(), session=replace(a_target().session, starts_at=utc("2026-12-20T17:00:00Z")))
    now = utc("2026-12-10T11:00:00Z")

    verdict = judge(replace(of_make_up(), target=target), now)

    assert verdict.outcome is RETURNED
    assert verdict.expiry == SIXTH
    assert not a_credit().spendable(now)


def test_c1_a_studio_may_let_the_credit_be_lost():
    cancellation = of_make_up(policy=FORFEIT)
    assert cancellation.credit is not None

    decision = decide(cancellation, None, NEW_ID, DEADLINE)

    assert isinstance(decision, Cancelled)
    cancelled, forfeited = decision.events
    assert cancelled == BookingCancelled(a_make_up_booking(), IN_TIME, NOTHING, LOST)
    assert forfeited == CreditForfeited(cancellation.credit, a_make_up_booking())


def test_c2_late_the_credit_is_not_forfeited_and_stays_used():
    decision = decide(of_make_up(policy=FORFEIT), None, NEW_ID, LATE)

    assert isinstance(decision, Cancelled)
    (event,) = decision.events
    assert isinstance(event, BookingCancelled)


OVERRIDDEN = {
    CreditIssued: of(FORTNIGHT, True, "ill"),
    CreditRestored: of_make_up(override="ill"),
    CreditForfeited: of_make_up(policy=FORFEIT, override="ill"),
}


@pytest.mark.parametrize(("kind", "cancellation"), OVERRIDDEN.items())
def test_c10_the_reason_stands_with_the_booking_and_with_its_credit(kind: type, cancellation: Cancellation):
    decision = decide(cancellation, None, NEW_ID, LATE)

    assert isinstance(decision, Cancelled)
    cancelled, credit = decision.events
    assert isinstance(cancelled, BookingCancelled)
    assert type(credit) is kind
    assert isinstance(credit, CreditIssued | CreditRestored | CreditForfeited)
    assert (cancelled.override, credit.override) == ("ill", "ill")


def test_c10_an_override_never_beats_what_is_not_paid():
    unpaid = a_cancellation(booking=a_booking(payment=PaymentState.DUE), by_staff=True, override="ill")

    assert judge(unpaid, LATE) == Verdict(IN_TIME, NOTHING, (EarnedNothing.NOT_PAID,), None)


OWN_END = utc("2026-12-06T23:00:00Z")


@pytest.mark.parametrize(
    ("now", "expired"), [(OWN_END - A_MICROSECOND, False), (OWN_END, True), (OWN_END + A_MICROSECOND, True)]
)
def test_c1_the_preview_warns_of_a_credit_that_comes_back_expired(now: datetime, expired: bool):
    assert comes_back_expired(judge(of_make_up(), now), now) is expired
    assert not comes_back_expired(judge(of_make_up(policy=FORFEIT), now), now)
    assert not comes_back_expired(judge(of_make_up(a_credit(expires_at=None, expires_on=None)), now), now)


def test_c2_a_late_cancellation_leaves_the_credit_used():
    decision = decide(of_make_up(), None, NEW_ID, LATE)

    assert isinstance(decision, Cancelled)
    (event,) = decision.events
    assert isinstance(event, BookingCancelled)
    assert event.status is TOO_LATE
