from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from domain.cancellation.cancelling import (
    Cancellation,
    Cancelled,
    Expected,
    Verdict,
    client_cancels_before_the_start,
    decide,
    expires_before_missed_session,
    forfeits,
    judge,
    late_cancellation_is_allowed,
    loses_credit,
    never_redeemable,
    outcome_changed,
)
from domain.credits.validity import Expiry
from domain.events import BookingCancelled, CreditIssued
from domain.nouns.booking import EarnedNothing, PaymentState
from domain.nouns.policy import CapPeriod, Days, EarnCap, HoursBefore, Never, Policy
from domain.refusals import FixableBy, RefusalCode, Refused
from tests.domain.builders import (
    A_MICROSECOND,
    DEADLINE,
    NEW_ID,
    NOW,
    START,
    a_booking,
    a_cancellation,
    a_credit,
    a_session,
    a_studio,
    a_target,
    utc,
)
from tests.domain.cancelled import (
    BLOCK,
    CREDIT,
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

STARTED: dict[str, tuple[bool, datetime, RefusalCode | None]] = {
    "a client just before the start": (False, START - A_MICROSECOND, None),
    "a client at the start": (False, START, RefusalCode.SESSION_STARTED),
    "a client after the start": (False, START + A_MICROSECOND, RefusalCode.SESSION_STARTED),
    "staff at the start": (True, START, None),
    "staff after the start": (True, START + A_MICROSECOND, None),
}


@pytest.mark.parametrize(("by_staff", "now", "expected"), STARTED.values(), ids=STARTED)
def test_e4_once_the_session_has_started_no_client_can_cancel(
    by_staff: bool, now: datetime, expected: RefusalCode | None
):
    refusal = client_cancels_before_the_start(a_cancellation(by_staff=by_staff), now)

    assert (refusal and refusal.code) is expected


BLOCKED: dict[str, tuple[Policy, bool, datetime, RefusalCode | None]] = {
    "at the deadline": (BLOCK, False, DEADLINE, None),
    "one microsecond after it": (BLOCK, False, LATE, RefusalCode.LATE_CANCELLATION_BLOCKED),
    "just before the start": (BLOCK, False, START - A_MICROSECOND, RefusalCode.LATE_CANCELLATION_BLOCKED),
    "at the start, where another rule says no": (BLOCK, False, START, None),
    "by staff": (BLOCK, True, LATE, None),
    "where late cancellations are allowed": (FORTNIGHT, False, LATE, None),
}


@pytest.mark.parametrize(("policy", "by_staff", "now", "expected"), BLOCKED.values(), ids=BLOCKED)
def test_e4_a_studio_may_block_late_cancellations_by_clients(
    policy: Policy, by_staff: bool, now: datetime, expected: RefusalCode | None
):
    refusal = late_cancellation_is_allowed(of(policy, by_staff), now)

    assert (refusal and refusal.code) is expected


def test_c8_the_day_after_a_move_is_open_where_late_cancellations_are_blocked():
    moved_at = DEADLINE + A_MICROSECOND
    target = a_target(a_session(starts_at=START + timedelta(days=1), moved_at=moved_at), studio=a_studio(BLOCK))
    cancellation, end = a_cancellation(target), moved_at + timedelta(hours=24)
    blocked = late_cancellation_is_allowed(cancellation, end + A_MICROSECOND)

    assert late_cancellation_is_allowed(cancellation, end) is None
    assert judge(cancellation, end).outcome is CREDIT
    assert blocked is not None
    assert (blocked.actual, blocked.required) == (end + A_MICROSECOND, end)


def test_e10_a_booking_that_an_absence_was_excused_in_earns_nothing_more():
    verdict = judge(a_cancellation(standing=a_credit()), NOW)

    assert verdict == Verdict(IN_TIME, NOTHING, (EarnedNothing.ALREADY_CREDITED,), None)


def test_e4_a_blocked_cancellation_says_when_the_deadline_was_and_who_can_help():
    refusal = late_cancellation_is_allowed(of(BLOCK), LATE)

    assert refusal is not None
    assert (refusal.actual, refusal.required) == (LATE, DEADLINE)
    assert refusal.fixable_by is FixableBy.STAFF


BLOCK_14 = replace(BLOCK, validity=Days(14))
IN_TIME_END, AFTER_START = utc("2026-12-26T23:00:00Z"), utc("2026-12-27T23:00:00Z")

VERDICTS: dict[str, tuple[Cancellation, datetime, Verdict]] = {
    "E1 in time": (of(FORTNIGHT), NOW, Verdict(IN_TIME, CREDIT, (), SIXTH)),
    "E2 at the deadline": (
        of(Policy(make_ups_enabled=True, validity=Never())),
        DEADLINE,
        Verdict(IN_TIME, CREDIT, (), Expiry(None, None)),
    ),
    "E4 late": (of(FORTNIGHT), LATE, Verdict(TOO_LATE, NOTHING, (EarnedNothing.AFTER_DEADLINE,), None)),
    "E4 late, by staff": (
        *(of(FORTNIGHT, by_staff=True), LATE, Verdict(TOO_LATE, NOTHING, (EarnedNothing.AFTER_DEADLINE,), None)),
    ),
    "E4 after the start, by staff": (
        *(of(BLOCK, by_staff=True), START, Verdict(TOO_LATE, NOTHING, (EarnedNothing.SESSION_STARTED,), None)),
    ),
    "E1 in time, and nothing to earn": (
        of(Policy()),
        NOW,
        Verdict(IN_TIME, NOTHING, (EarnedNothing.MAKE_UPS_DISABLED,), None),
    ),
    "C1 a make-up in time": (of_make_up(), DEADLINE, Verdict(IN_TIME, RETURNED, (PAID_WITH_CREDIT,), SIXTH)),
    "C1 whatever the studio's validity is now": (
        of_make_up(policy=Policy(validity=Never())),
        NOW,
        Verdict(IN_TIME, RETURNED, (PAID_WITH_CREDIT,), SIXTH),
    ),
    "C1 a make-up whose credit never expires": (
        of_make_up(a_credit(expires_at=None, expires_on=None)),
        NOW,
        Verdict(IN_TIME, RETURNED, (PAID_WITH_CREDIT,), Expiry(None, None)),
    ),
    "C1 a make-up in time, where it is lost with its credit": (
        *(of_make_up(policy=FORFEIT), DEADLINE, Verdict(IN_TIME, NOTHING, LOST, None)),
    ),
    "C1 which is not said of what money paid": (
        *(of(replace(FORFEIT, validity=Days(14))), NOW, Verdict(IN_TIME, CREDIT, (), SIXTH)),
    ),
    "C2 a make-up too late, where it would be lost in time": (
        of_make_up(policy=FORFEIT),
        LATE,
        Verdict(TOO_LATE, NOTHING, (PAID_WITH_CREDIT, EarnedNothing.AFTER_DEADLINE), None),
    ),
    "C10 late, with a reason": (
        *(of(FORTNIGHT, True, "ill"), LATE, Verdict(IN_TIME, CREDIT, (), Expiry(IN_TIME_END, date(2026, 12, 26)))),
    ),
    "C10 after the start, with a reason": (
        *(of(BLOCK_14, True, "ill"), START, Verdict(IN_TIME, CREDIT, (), Expiry(AFTER_START, date(2026, 12, 27)))),
    ),
    "C10 in time, with a reason": (of(FORTNIGHT, True, "ill"), NOW, Verdict(IN_TIME, CREDIT, (), SIXTH)),
    "C10 never makeUpsEnabled": (
        *(of(Policy(), True, "ill"), LATE, Verdict(IN_TIME, NOTHING, (EarnedNothing.MAKE_UPS_DISABLED,), None)),
    ),
    "C10 never a cap": (
        of(replace(FORTNIGHT, earn_cap=EarnCap(0, CapPeriod.COURSE)), True, "ill"),
        *(LATE, Verdict(IN_TIME, NOTHING, (EarnedNothing.EARN_CAP_REACHED,), None)),
    ),
    "C10 a make-up after the start, with a reason": (
        *(of_make_up(override="ill"), START, Verdict(IN_TIME, RETURNED, (PAID_WITH_CREDIT,), SIXTH)),
    ),
    "C10 where a make-up is lost in time": (
        *(of_make_up(policy=FORFEIT, override="ill"), START, Verdict(IN_TIME, NOTHING, LOST, None)),
    ),
    "C2 a make-up too late": (
        of_make_up(),
        LATE,
        Verdict(TOO_LATE, NOTHING, (PAID_WITH_CREDIT, EarnedNothing.AFTER_DEADLINE), None),
    ),
}


@pytest.mark.parametrize(("cancellation", "now", "expected"), VERDICTS.values(), ids=VERDICTS)
def test_what_a_cancellation_brings(cancellation: Cancellation, now: datetime, expected: Verdict):
    assert judge(cancellation, now) == expected


def test_the_act_does_what_the_preview_says():
    for cancellation, now, verdict in VERDICTS.values():
        decision = decide(cancellation, None, NEW_ID, now)
        assert isinstance(decision, Cancelled)
        assert decision.verdict == verdict
        assert (decision.issued is not None) is (verdict.outcome is CREDIT)
        assert (decision.restored is not None) is (verdict.outcome is RETURNED)
        assert (decision.forfeited is not None) is forfeits(cancellation, now)
        lost = cancellation.credit is not None and decision.restored is None
        assert lost is loses_credit(cancellation, now)


def test_e1_a_cancellation_in_time_is_two_events():
    decision = decide(of(FORTNIGHT), None, NEW_ID, NOW)

    assert isinstance(decision, Cancelled)
    cancelled, issued = decision.events
    assert cancelled == BookingCancelled(a_booking(), IN_TIME, CREDIT, ())
    assert isinstance(issued, CreditIssued)
    assert (issued.credit.id, issued.credit.expires_at) == (NEW_ID, SIXTH.at)


def test_e13_an_unpaid_booking_is_cancelled_and_earns_nothing():
    unpaid = a_cancellation(booking=a_booking(payment=PaymentState.DUE))

    decision = decide(unpaid, None, NEW_ID, NOW)

    assert isinstance(decision, Cancelled)
    assert decision.verdict.why_not_earned == (EarnedNothing.NOT_PAID,)
    assert len(decision.events) == 1


NO_EXPIRY, SOME_EXPIRY = Expiry(None, None), SIXTH
EXPECTED: dict[str, tuple[Expected, Verdict, bool]] = {
    "the truth": (Expected(CREDIT, date(2026, 12, 6)), Verdict(IN_TIME, CREDIT, (), SIXTH), False),
    "the truth, never": (Expected(CREDIT, None), Verdict(IN_TIME, CREDIT, (), NO_EXPIRY), False),
    "the truth, nothing": (Expected(NOTHING, None), Verdict(TOO_LATE, NOTHING, (), None), False),
    "the outcome alone": (Expected(CREDIT, None, any_expiry=True), Verdict(IN_TIME, CREDIT, (), SIXTH), False),
    "another outcome": (Expected(CREDIT, None, any_expiry=True), Verdict(TOO_LATE, NOTHING, (), None), True),
    "one day more": (Expected(CREDIT, date(2026, 12, 7)), Verdict(IN_TIME, CREDIT, (), SIXTH), True),
    "one day less": (Expected(CREDIT, date(2026, 12, 5)), Verdict(IN_TIME, CREDIT, (), SIXTH), True),
    "never, and it does expire": (Expected(CREDIT, None), Verdict(IN_TIME, CREDIT, (), SIXTH), True),
    "a day, and it never expires": (
        *(Expected(RETURNED, date(2026, 12, 6)), Verdict(IN_TIME, RETURNED, (), NO_EXPIRY), True),
    ),
}


@pytest.mark.parametrize(("expected", "verdict", "changed"), EXPECTED.values(), ids=EXPECTED)
def test_p1_an_outcome_other_than_the_one_shown_is_refused(expected: Expected, verdict: Verdict, changed: bool):
    refusal = outcome_changed(expected, verdict)

    assert (refusal is not None) is changed
    assert refusal is None or refusal.code is RefusalCode.OUTCOME_CHANGED


def test_p1_a_person_who_confirms_one_microsecond_too_late_burns_nothing():
    decision = decide(of(FORTNIGHT), Expected(CREDIT, None, any_expiry=True), NEW_ID, LATE)

    assert isinstance(decision, Refused)
    (refusal,) = decision.reasons
    assert refusal.code is RefusalCode.OUTCOME_CHANGED
    assert (refusal.actual, refusal.required) == ("NOTHING", "CREDIT")


def test_a_rule_that_says_no_comes_before_what_was_expected():
    decision = decide(of(BLOCK), Expected(CREDIT, None), NEW_ID, LATE)

    assert isinstance(decision, Refused)
    assert [reason.code for reason in decision.reasons] == [RefusalCode.LATE_CANCELLATION_BLOCKED]


@pytest.mark.parametrize(
    ("expires_at", "before"),
    [(START - A_MICROSECOND, True), (START, False), (START + A_MICROSECOND, False), (None, False)],
)
def test_p1_the_preview_warns_of_a_credit_that_cannot_live_to_see_its_session(
    expires_at: datetime | None, before: bool
):
    verdict = Verdict(IN_TIME, CREDIT, (), Expiry(expires_at, None))

    assert expires_before_missed_session(a_cancellation(), verdict) is before


@pytest.mark.parametrize(
    ("expires_at", "redeemable_from", "never"),
    [
        (START, START + A_MICROSECOND, True),
        (START, START, True),
        (START + A_MICROSECOND, START, False),
        (START, None, False),
        (None, START, False),
    ],
)
def test_r12_the_preview_warns_of_a_credit_that_is_over_before_it_can_be_spent(
    expires_at: datetime | None, redeemable_from: datetime | None, never: bool
):
    assert never_redeemable(a_credit(expires_at=expires_at, redeemable_from=redeemable_from)) is never
    assert not never_redeemable(None)


def test_the_deadline_is_the_one_of_today_s_policy():
    cancellation = of(Policy(make_ups_enabled=True, cancellation_deadline=HoursBefore(48)))

    assert judge(cancellation, DEADLINE).status is TOO_LATE
