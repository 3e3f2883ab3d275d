from dataclasses import replace
from uuid import UUID

import pytest

from domain.credits.ledger import LedgerKind
from domain.nouns.booking import Attendance, PaidWith
from domain.nouns.credit import CreditOrigin, CreditState
from domain.nouns.session import SessionStatus
from domain.truth.invariants import (
    INVARIANTS,
    Snapshot,
    one_credit_per_missed_booking,
    violations,
)
from tests.domain.builders import (
    A_MICROSECOND,
    BOOKING_ID,
    NOW,
    OTHER_ID,
    SESSION_ID,
    START,
    a_booking,
    a_credit,
    a_session,
    an_enrolment,
)
from tests.domain.snapshots import (
    CLEAN,
    DAY,
    EARNED_ID,
    ENDED,
    EXPIRES_AT,
    FREED,
    GRANTED,
    GRANTED_ID,
    GRANTED_LINES,
    IN_ALL_SEATS,
    LATE,
    LATE_ID,
    LATE_MAKE_UP,
    LOST,
    MAKE_UP,
    MAKE_UP_ID,
    MISSED,
    RESTORED,
    RETURNED_MAKE_UP,
    SPENT_LINES,
    STANDING,
    TARGET_ID,
    Invariant,
    credits,
    extended,
    line,
    of_target,
    revoked,
)
from tests.domain.violated import TWIN, VIOLATED
from tests.domain.violated_queues import OF_QUEUES

GIVEN_LINES = SPENT_LINES[:1]
UNDONE = tuple(replace(TWIN, id=key, state=CreditState.UNDONE) for key in (OTHER_ID, GRANTED_ID))

EXCUSED = a_credit(
    id=OTHER_ID,
    origin=CreditOrigin.EXCUSED_ABSENCE,
    missed_booking_id=LATE_ID,
    missed_session_id=SESSION_ID,
    missed_paid_with=PaidWith.ENROLMENT,
)

HOLDING = {
    "a session, a client, and one of everything": CLEAN,
    "nothing at all": Snapshot((), (), (), (), (), {}),
    "a make-up that was cancelled in time": replace(
        CLEAN,
        sessions=FREED,
        bookings=(MISSED, RETURNED_MAKE_UP),
        credits=(RESTORED,),
        ledgers={EARNED_ID: (*SPENT_LINES, line(LedgerKind.RESTORED, MAKE_UP_ID, 2))},
    ),
    "a make-up that was cancelled in time, and its credit lost with it": LOST,
    "a session that the studio has cancelled": replace(
        CLEAN, sessions=(a_session(most_ordinary=1, status=SessionStatus.CANCELLED), CLEAN.sessions[1])
    ),
    "a make-up that was cancelled late": replace(CLEAN, sessions=FREED, bookings=(MISSED, LATE_MAKE_UP)),
    "a granted credit with another end": replace(
        credits(replace(GRANTED, expires_at=None, expires_on=None)),
        ledgers={**CLEAN.ledgers, GRANTED_ID: (*GRANTED_LINES, extended(1))},
    ),
    "a credit that lives again": replace(
        credits(replace(GRANTED, expires_at=None, expires_on=None)),
        ledgers={**CLEAN.ledgers, GRANTED_ID: (*GRANTED_LINES, extended(100))},
    ),
    "a credit that was taken back": replace(
        credits(replace(GRANTED, state=CreditState.REVOKED)),
        ledgers={**CLEAN.ledgers, GRANTED_ID: (*GRANTED_LINES, revoked(1))},
    ),
    "a seat that was given up twice, and is theirs again": replace(
        CLEAN,
        sessions=(a_session(taken=1, most_ordinary=1), a_session(id=TARGET_ID)),
        bookings=(a_booking(),),
        credits=UNDONE,
        ledgers={credit.id: (*GIVEN_LINES, line(LedgerKind.UNDONE, BOOKING_ID, 1)) for credit in UNDONE},
    ),
    "a seat that was given up, undone, and given up again": replace(
        credits(UNDONE[0]), ledgers={**CLEAN.ledgers, UNDONE[0].id: (*GIVEN_LINES, line(LedgerKind.UNDONE, BOOKING_ID))}
    ),
    "a make-up that was wanted back after its credit was forfeited": replace(
        CLEAN,
        ledgers={
            **CLEAN.ledgers,
            EARNED_ID: (
                *SPENT_LINES,
                line(LedgerKind.FORFEITED, MAKE_UP_ID, 2),
                line(LedgerKind.REDEEMED, MAKE_UP_ID, 3),
            ),
        },
    ),
    "a seat that was missed with an excuse and earned, and was given up after that": replace(
        CLEAN,
        bookings=(MISSED, MAKE_UP, replace(LATE, attendance=Attendance.EXCUSED, marked_at=START)),
        credits=(*CLEAN.credits, EXCUSED),
        ledgers={**CLEAN.ledgers, EXCUSED.id: (line(LedgerKind.ISSUED, LATE_ID),)},
    ),
    "the last seat": of_target(CLEAN, capacity=1, taken=1, make_ups=1),
    "the last extra seat": of_target(
        IN_ALL_SEATS, capacity=1, taken=2, make_ups=1, most_ordinary=1, extra_make_up_seats=1
    ),
    "an enrolment that ended, with a seat that stands and one that ended with it": replace(
        CLEAN,
        sessions=(
            a_session(taken=1, most_ordinary=2),
            a_session(id=TARGET_ID, taken=1, make_ups=1, most_ordinary=1, starts_at=START + DAY),
        ),
        enrolments=(an_enrolment(ended_at=START),),
        bookings=(replace(STANDING, session_id=SESSION_ID), ENDED, MISSED, MAKE_UP, LATE),
    ),
    "a session archived while nobody had a seat, and one that was over": replace(
        CLEAN,
        sessions=(a_session(archived_at=NOW), a_session(id=TARGET_ID, taken=1, make_ups=1, archived_at=START)),
    ),
}


@pytest.mark.parametrize("snapshot", HOLDING.values(), ids=HOLDING)
def test_a_studio_where_all_is_well_has_no_violation(snapshot: Snapshot):
    assert violations(snapshot, NOW + 30 * DAY) == ()


@pytest.mark.parametrize(("invariant", "snapshot", "named"), VIOLATED.values(), ids=VIOLATED)
def test_a_violation_is_found_and_named(invariant: Invariant, snapshot: Snapshot, named: UUID):
    sentences = list(invariant(snapshot, NOW))

    assert sentences
    assert any(str(named) in sentence or str(named.int) in sentence for sentence in sentences)
    assert set(sentences) <= set(violations(snapshot, NOW))


def test_every_invariant_is_seen_to_fail():
    seen = {invariant for invariant, _, _ in (*VIOLATED.values(), *OF_QUEUES.values())}
    assert seen == set(INVARIANTS)


@pytest.mark.parametrize("state", [CreditState.UNDONE, CreditState.REVOKED])
def test_1_a_booking_may_earn_again_once_its_credit_was_taken_back(state: CreditState):
    assert list(one_credit_per_missed_booking(credits(replace(TWIN, state=state)), NOW)) == []


def test_4_a_credit_that_time_has_expired_is_no_violation():
    assert violations(CLEAN, EXPIRES_AT) == violations(CLEAN, EXPIRES_AT - A_MICROSECOND) == ()


def test_every_violation_is_reported():
    snapshot = replace(CLEAN, sessions=(a_session(taken=5), a_session(id=TARGET_ID, taken=5)), clients=())

    assert len(violations(snapshot, NOW)) >= 4
