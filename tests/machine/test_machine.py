"""The product against the oracle: for many steps in memory, for fewer on both databases."""

import os
from collections import Counter
from collections.abc import Set
from itertools import count

from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from domain.faults import FaultCode
from domain.nouns.booking import BookingStatus, CancellationOutcome, EarnedNothing, PaidWith
from domain.nouns.waitlist import WaitlistState
from domain.refusals import RefusalCode
from domain.services import (
    absences,
    attendance,
    bookings,
    enrolments,
    moving,
    session_cancellations,
    swaps,
    undoing,
    waitlists,
)
from tests.machine.memory import MemoryHarness
from tests.machine.turns import TurnsMachine
from tests.machine.world import SOMEBODY_WAS_SEATED
from tests.reports.lives import EXPIRIES_REPORTED, ReportedMachine, ReportingHarness

# `make soak`: so many times the runs of `make test`, each twice as long, and other ones every time.
SOAK = os.environ.get("ENCORE_TEST_DEPTH")

OUT_OF_REACH = {
    # No act of the machine looks a thousand years ahead, or makes an account or staff twice.
    RefusalCode.EMAIL_TAKEN,
    RefusalCode.EXPIRY_TOO_LATE,
    RefusalCode.ALREADY_STAFF,
    # Staff are neither invited nor removed by it.
    RefusalCode.NOT_ON_STAFF,
    RefusalCode.INVITATION_OVER,
    RefusalCode.INVITATION_FOR_ANOTHER,
}
FAULTS = {FaultCode.NOT_FOUND, FaultCode.FORBIDDEN, FaultCode.BAD_USER_INPUT, FaultCode.TIME_WENT_BACKWARDS}
WITHIN_REACH = [*(set(RefusalCode) - OUT_OF_REACH), *CancellationOutcome, *EarnedNothing, *BookingStatus, *FAULTS]
WITHIN_REACH += PaidWith  # a seat so paid was swapped (C6)
WITHIN_REACH += WaitlistState


ACTS = (
    *(bookings.book_session, bookings.book_with_make_up, bookings.enrol_client, bookings.cancel_booking),
    *(session_cancellations.cancel_session, session_cancellations.cancel_course_sessions),
    *(undoing.undo_cancellation, swaps.swap_session, absences.cancel_bookings, enrolments.end_enrolment),
    *(moving.move_session, attendance.mark_attendance),
    *(waitlists.join_waitlist, waitlists.leave_waitlist, waitlists.claim_seat),
)
DONE = {SOMEBODY_WAS_SEATED, *(act.__name__ for act in ACTS)}
"""What takes seats and gives them up is not only refused."""


A_BATCH = 10
"""So many runs Hypothesis draws each by itself; most of those after them would only vary the one before."""


def run(
    machine: type[TurnsMachine], tally: Counter[str], wanted: Set[str], at_least: int, at_most: int, soaked: int
) -> None:
    """Batches of runs of the machine, and more of them until every outcome that is wanted has come."""
    depth = settings(
        max_examples=A_BATCH if SOAK is None else soaked * int(SOAK),
        stateful_step_count=50 if SOAK is None else 100,
        database=None,
        deadline=None,
        # It measures time, which says nothing of the product on a busy machine.
        suppress_health_check=[HealthCheck.too_slow],
    )
    for part in range(at_most if SOAK is None else 1):
        # The same runs every time, so that a change is judged by what it changes; a soak looks elsewhere.
        run_state_machine_as_test(seed(part)(machine) if SOAK is None else machine, settings=depth)
        if part + 1 >= at_least and wanted <= tally.keys():
            break

    assert {*wanted} - tally.keys() == set()


def test_the_product_in_memory_does_what_the_rule_book_says_and_nothing_is_left_untried():
    harness, tally, numbers = MemoryHarness(), Counter[str](), count()

    class Machine(TurnsMachine):
        def __init__(self) -> None:
            super().__init__(harness, tally, numbers)

    run(Machine, tally, {*map(repr, WITHIN_REACH), *DONE}, at_least=15, at_most=60, soaked=400)


def test_the_product_on_a_database_does_what_the_rule_book_says_and_reports_what_was_done(database_url: str):
    harness, tally, numbers = ReportingHarness(database_url), Counter[str](), count()

    class Machine(ReportedMachine):
        def __init__(self) -> None:
            super().__init__(harness, tally, numbers)

    wanted = {*map(repr, CancellationOutcome), *DONE, EXPIRIES_REPORTED}
    run(Machine, tally, wanted, at_least=2, at_most=20, soaked=20)
