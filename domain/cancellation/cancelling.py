"""Cancelling a booking: what it would bring, the preview of that, and the act (E1-E4, E9, C1, C2, C4, C10, P1)."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from domain.credits.validity import NEVER, Expiry
from domain.events import BookingCancelled, CreditForfeited, CreditIssued, CreditRestored, Event
from domain.issuing.caps import CAP_RULES
from domain.issuing.earning import (
    EARNING_RULES,
    RETURNING_RULES,
    Missed,
    cancellation_is_in_time,
    earned_credit,
    studio_gives_the_credit_back,
    terms,
)
from domain.nouns.booking import Booking, BookingStatus, CancellationOutcome, EarnedNothing, PaidWith
from domain.nouns.credit import CreditState, MakeUpCredit
from domain.nouns.policy import LateCancellation
from domain.refusals import FixableBy, Refusal, RefusalCode, Refused
from domain.rules import broken, codes_of, rule


@dataclass(frozen=True)
class Cancellation(Missed):
    """A live booking that somebody wants to cancel. `credit` is the one that paid it, if one did."""

    credit: MakeUpCredit | None
    by_staff: bool


@rule("E4", RefusalCode.SESSION_STARTED)
def client_cancels_before_the_start(cancellation: Cancellation, now: datetime) -> Refusal | None:
    """Once the session has started no client can cancel; staff still can."""
    session = cancellation.target.session
    if cancellation.by_staff or not session.started(now):
        return None
    return Refusal(
        RefusalCode.SESSION_STARTED,
        "The session has already started; only the studio can still cancel the booking.",
        FixableBy.STAFF,
        actual=now,
        required=session.starts_at,
    )


@rule("E4", RefusalCode.LATE_CANCELLATION_BLOCKED)
def late_cancellation_is_allowed(cancellation: Cancellation, now: datetime) -> Refusal | None:
    """After the deadline clients can cancel unless the studio blocks it."""
    policy, deadline = cancellation.target.policy, cancellation.deadline
    blocked = policy.late_cancellation is LateCancellation.BLOCK and not cancellation.by_staff
    if not blocked or now <= deadline or cancellation.target.session.started(now):
        return None
    return Refusal(
        RefusalCode.LATE_CANCELLATION_BLOCKED,
        "The deadline has passed and this studio does not let clients cancel after it.",
        FixableBy.STAFF,
        actual=now,
        required=deadline,
    )


CANCELLING_RULES = (client_cancels_before_the_start, late_cancellation_is_allowed)
CODES = (*codes_of(*CANCELLING_RULES), RefusalCode.OUTCOME_CHANGED)


@dataclass(frozen=True)
class Verdict:
    """What cancelling now brings. `expiry`: of the credit earned or returned; None where there is none."""

    status: BookingStatus
    outcome: CancellationOutcome
    why_not_earned: tuple[EarnedNothing, ...]
    expiry: Expiry | None


def judge(cancellation: Cancellation, now: datetime) -> Verdict:
    """What cancelling now brings, caps asked last (E9). Preview and act both ask here: they cannot disagree (P1)."""
    in_time = cancellation_is_in_time(cancellation, now) is None
    status = BookingStatus.CANCELLED if in_time else BookingStatus.CANCELLED_LATE
    if cancellation.booking.paid_with is PaidWith.MAKE_UP:
        reasons = broken(RETURNING_RULES, cancellation, now)
        if not loses_credit(cancellation, now) and cancellation.credit is not None:
            return Verdict(status, CancellationOutcome.CREDIT_RETURNED, reasons, _own_end(cancellation.credit))
        return Verdict(status, CancellationOutcome.NOTHING, reasons, None)
    if reasons := broken(EARNING_RULES, cancellation, now) or broken(CAP_RULES, cancellation, now):
        return Verdict(status, CancellationOutcome.NOTHING, reasons, None)
    return Verdict(status, CancellationOutcome.CREDIT, (), terms(cancellation, now))


def forfeits(cancellation: Cancellation, now: datetime) -> bool:
    """C1: whether cancelling now, in time, would lose the credit that paid, where the studio wants it so."""
    return studio_gives_the_credit_back(cancellation, now) is not None


def loses_credit(cancellation: Cancellation, now: datetime) -> bool:
    """Whether the credit that paid would not come back: forfeited (C1), or left used because it is late (C2)."""
    if cancellation.booking.paid_with is not PaidWith.MAKE_UP:
        return False
    return forfeits(cancellation, now) or cancellation_is_in_time(cancellation, now) is not None


def _own_end(credit: MakeUpCredit) -> Expiry:
    return Expiry(credit.expires_at, credit.expires_on)


_NOT_ISSUED = UUID(int=0)


def credit_brought(cancellation: Cancellation, now: datetime) -> MakeUpCredit | None:
    """P1: the credit that cancelling now would earn or bring back, as it would be then."""
    match judge(cancellation, now).outcome:
        case CancellationOutcome.CREDIT:
            return earned_credit(cancellation, _NOT_ISSUED, now)
        case CancellationOutcome.CREDIT_RETURNED if cancellation.credit is not None:
            return replace(cancellation.credit, state=CreditState.ACTIVE, booking_id=None)
        case _:
            return None


@dataclass(frozen=True)
class Expected:
    """What the person was shown before confirming (P1).

    `expires_on`: None where the credit never expires or there is none; compared unless `any_expiry`.
    """

    outcome: CancellationOutcome
    expires_on: date | None
    any_expiry: bool = False


def outcome_changed(expected: Expected, verdict: Verdict) -> Refusal | None:
    """P1: refuses where the truth is no longer what the preview said."""
    expires_on = (verdict.expiry or NEVER).on
    if expected.outcome is not verdict.outcome:
        actual, required = verdict.outcome.value, expected.outcome.value
    elif expected.any_expiry or expected.expires_on == expires_on:
        return None
    else:
        actual, required = expires_on or "never", expected.expires_on or "never"
    return Refusal(
        RefusalCode.OUTCOME_CHANGED,
        "Cancelling would now have another outcome than the one expected; ask for the preview again.",
        FixableBy.CLIENT,
        actual=actual,
        required=required,
    )


def why_not(cancellation: Cancellation, now: datetime) -> tuple[Refusal, ...]:
    """Every reason against cancelling."""
    return broken(CANCELLING_RULES, cancellation, now)


@dataclass(frozen=True)
class Cancelled:
    """`issued`: the credit earned. `restored`: the one that came back, `forfeited`: that is lost, as they were before.

    `override`: why staff set the deadline aside; empty where they did not.
    """

    booking: Booking
    verdict: Verdict
    issued: MakeUpCredit | None
    restored: MakeUpCredit | None
    forfeited: MakeUpCredit | None = None
    override: str = ""

    @property
    def events(self) -> tuple[Event, ...]:
        verdict, why = self.verdict, self.override
        events: list[Event] = [
            BookingCancelled(self.booking, verdict.status, verdict.outcome, verdict.why_not_earned, why)
        ]
        if self.issued is not None:
            events.append(CreditIssued(self.issued, why))
        if self.restored is not None:
            events.append(CreditRestored(self.restored, self.booking, _own_end(self.restored), why))
        if self.forfeited is not None:
            events.append(CreditForfeited(self.forfeited, self.booking, why))
        return tuple(events)


def decide(
    cancellation: Cancellation, expected: Expected | None, credit_id: UUID, now: datetime
) -> Cancelled | Refused:
    """Cancels a live booking, which frees its seat (B3). `credit_id` names the credit, should one be earned."""
    if reasons := why_not(cancellation, now):
        return Refused(reasons)
    verdict = judge(cancellation, now)
    if expected is not None and (changed := outcome_changed(expected, verdict)):
        return Refused((changed,))
    earns = verdict.outcome is CancellationOutcome.CREDIT
    returns = verdict.outcome is CancellationOutcome.CREDIT_RETURNED
    return Cancelled(
        booking=cancellation.booking,
        verdict=verdict,
        issued=earned_credit(cancellation, credit_id, now) if earns else None,
        restored=cancellation.credit if returns else None,
        forfeited=cancellation.credit if forfeits(cancellation, now) else None,
        override=cancellation.override,
    )


def expires_before_missed_session(cancellation: Cancellation, verdict: Verdict) -> bool:
    """V1's trap: the credit would die before the session it stands for starts."""
    expires_at = (verdict.expiry or NEVER).at
    return expires_at is not None and expires_at < cancellation.target.session.starts_at


def comes_back_expired(verdict: Verdict, now: datetime) -> bool:
    """C1: the credit would come back with its own end, and that is past."""
    expires_at = (verdict.expiry or NEVER).at
    return verdict.outcome is CancellationOutcome.CREDIT_RETURNED and expires_at is not None and now >= expires_at


def never_redeemable(credit: MakeUpCredit | None) -> bool:
    """R12: what waits for the end of the missed session may be over by then (V1), and then books nothing at all."""
    if credit is None or credit.redeemable_from is None or credit.expires_at is None:
        return False
    return credit.expires_at <= credit.redeemable_from
