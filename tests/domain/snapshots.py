"""Snapshots of a studio where all is well, and what they are made of."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count
from typing import Unpack
from uuid import UUID

from domain.credits.ledger import LedgerEntry, LedgerKind
from domain.credits.validity import Expiry
from domain.nouns.booking import Booking, BookingStatus, CancellationOutcome, EarnedNothing, PaidWith
from domain.nouns.credit import CreditOrigin, CreditState, MakeUpCredit, RevocationReason
from domain.truth.snapshot import Snapshot
from tests.domain.builders import (
    BOOKING_ID,
    ENROLMENT_ID,
    NOW,
    OTHER_ID,
    SESSION_ID,
    START,
    SessionFields,
    a_booking,
    a_client,
    a_credit,
    a_session,
    an_enrolment,
    utc,
    uuid,
)

ISSUED, HELD_KIND, RELEASED_KIND, REDEEMED, RESTORED_KIND, FORFEITED_KIND, *_ENDS = LedgerKind
EXTENDED, EXPIRED_KIND, REVOKED, UNDONE_KIND = _ENDS
EARNED_ID, GRANTED_ID, MAKE_UP_ID, TARGET_ID, LATE_ID, ENDED_ID = map(uuid, range(31, 37))
DAY = timedelta(days=1)
EXPIRES_AT, EXPIRES_ON = utc("2026-12-06T23:00:00Z"), date(2026, 12, 6)
AN_END = Expiry(EXPIRES_AT, EXPIRES_ON)
line_ids = map(uuid, count(1000))

Invariant = Callable[[Snapshot, datetime], Iterator[str]]


def line(kind: LedgerKind, booking_id: UUID | None, days: int = 0) -> LedgerEntry:
    return LedgerEntry(next(line_ids), kind, NOW + days * DAY, booking_id, EXPIRES_AT, EXPIRES_ON)


def extended(days: int = 0, before: Expiry | None = AN_END) -> LedgerEntry:
    """To never."""
    return replace(line(EXTENDED, None, days), expires_at=None, expires_on=None, before=before)


def revoked(days: int = 0, reason: RevocationReason | None = RevocationReason.OTHER) -> LedgerEntry:
    return replace(line(REVOKED, None, days), reason=reason)


MISSED = replace(a_booking(status=BookingStatus.CANCELLED, cancelled_at=NOW), outcome=CancellationOutcome.CREDIT)
MAKE_UP = a_booking(id=MAKE_UP_ID, session_id=TARGET_ID, paid_with=PaidWith.MAKE_UP, credit_id=EARNED_ID, price=None)
LATE = replace(
    a_booking(
        id=LATE_ID,
        status=BookingStatus.CANCELLED_LATE,
        cancelled_at=NOW,
        paid_with=PaidWith.ENROLMENT,
        enrolment_id=ENROLMENT_ID,
        why_not_earned=(EarnedNothing.AFTER_DEADLINE,),
    ),
    outcome=CancellationOutcome.NOTHING,
)
EARNED = a_credit(
    id=EARNED_ID,
    origin=CreditOrigin.CANCELLATION,
    missed_booking_id=BOOKING_ID,
    missed_session_id=SESSION_ID,
    missed_paid_with=PaidWith.SINGLE,
    state=CreditState.USED,
    booking_id=MAKE_UP_ID,
)
GRANTED = a_credit(id=GRANTED_ID)
SPENT_LINES = (line(LedgerKind.ISSUED, BOOKING_ID), line(LedgerKind.REDEEMED, MAKE_UP_ID, 1))
GRANTED_LINES = (line(LedgerKind.ISSUED, None),)

CLEAN = Snapshot(
    sessions=(a_session(most_ordinary=1), a_session(id=TARGET_ID, taken=1, make_ups=1)),
    clients=(a_client(),),
    enrolments=(an_enrolment(),),
    bookings=(MISSED, MAKE_UP, LATE),
    credits=(EARNED, GRANTED),
    ledgers={EARNED_ID: SPENT_LINES, GRANTED_ID: GRANTED_LINES},
)


def bookings(*changed: Booking) -> Snapshot:
    """The clean snapshot with some bookings in place of those of the same id, and others besides."""
    return replace(CLEAN, bookings=tuple({b.id: b for b in (*CLEAN.bookings, *changed)}.values()))


def credits(*changed: MakeUpCredit) -> Snapshot:
    return replace(CLEAN, credits=tuple({c.id: c for c in (*CLEAN.credits, *changed)}.values()))


def ledger(credit_id: UUID, *lines: LedgerEntry) -> Snapshot:
    return replace(CLEAN, ledgers={**CLEAN.ledgers, credit_id: lines})


def of_target(snapshot: Snapshot, **fields: Unpack[SessionFields]) -> Snapshot:
    """With these numbers of the session that a credit paid."""
    return replace(snapshot, sessions=(a_session(), replace(a_session(**fields), id=TARGET_ID)))


IN_ALL_SEATS = replace(
    bookings(a_booking(id=OTHER_ID, session_id=TARGET_ID, client_id=OTHER_ID)),
    clients=(a_client(), a_client(id=OTHER_ID)),
)
RETURNED_MAKE_UP = replace(
    MAKE_UP,
    status=BookingStatus.CANCELLED,
    cancelled_at=NOW,
    outcome=CancellationOutcome.CREDIT_RETURNED,
    why_not_earned=(EarnedNothing.PAID_WITH_CREDIT,),
)
LATE_MAKE_UP = replace(RETURNED_MAKE_UP, status=BookingStatus.CANCELLED_LATE, outcome=CancellationOutcome.NOTHING)
FORFEITED_MAKE_UP = replace(
    RETURNED_MAKE_UP,
    outcome=CancellationOutcome.NOTHING,
    why_not_earned=(EarnedNothing.PAID_WITH_CREDIT, EarnedNothing.MAKE_UP_FORFEITED),
)
FREED = (a_session(most_ordinary=1), a_session(id=TARGET_ID))
STANDING = a_booking(id=OTHER_ID, paid_with=PaidWith.ENROLMENT, enrolment_id=ENROLMENT_ID, session_id=TARGET_ID)
ENDED = replace(
    STANDING,
    id=ENDED_ID,
    status=BookingStatus.CANCELLED,
    cancelled_at=START,
    outcome=CancellationOutcome.NOTHING,
    why_not_earned=(EarnedNothing.ENROLMENT_ENDED,),
)
RESTORED = replace(EARNED, state=CreditState.ACTIVE, booking_id=None)
FORFEITED = replace(EARNED, state=CreditState.FORFEITED)
LOST = replace(
    CLEAN,
    sessions=FREED,
    bookings=(MISSED, FORFEITED_MAKE_UP),
    credits=(FORFEITED,),
    ledgers={EARNED_ID: (*SPENT_LINES, line(FORFEITED_KIND, MAKE_UP_ID, 2))},
)
"""A make-up that was cancelled in time, and its credit with it."""
