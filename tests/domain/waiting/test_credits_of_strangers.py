"""A credit that paid a seat, or waits for one, and whose client another account has come to manage.

Nothing is told of it but that.
"""

from collections.abc import Set
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from domain.cancellation import swapping, undoing
from domain.cancellation.swapping import Swap
from domain.cancellation.undoing import Undoing
from domain.nouns.booking import BookingStatus
from domain.nouns.credit import CreditState, MakeUpCredit
from domain.nouns.policy import CategoryGuard, CreditScope, ExpiryMeans, Policy, PriceGuard
from domain.nouns.session import Session
from domain.nouns.waitlist import NOBODY, Ahead
from domain.refusals import RefusalCode as R
from domain.refusals import Refused
from domain.spending.seats import SeatRequest
from domain.waiting.leaving import Waiter, claim, why_not_claim
from tests.domain.builders import (
    BOOKING_ID,
    NOW,
    OTHER_ID,
    START,
    a_cancellation,
    a_client,
    a_course,
    a_credit,
    a_make_up_booking,
    a_session,
    a_studio,
    a_target,
    uuid,
)
from tests.domain.waiters import SEATED_ID, a_held_credit, waiting

SIBLING, TARGET_ID = uuid(51), uuid(21)
FAMILY, STRANGERS = frozenset({SIBLING}), frozenset[UUID]()
SHARING = Policy(
    make_ups_enabled=True,
    credit_scope=CreditScope.SAME_ACCOUNT,
    price_guard=PriceGuard.SAME_OR_LOWER,
    category_guard=CategoryGuard.SAME_CATEGORY,
)
FULL = a_session(capacity=1, taken=1)


def undo(credit: MakeUpCredit, siblings: Set[UUID], session: Session, now: datetime) -> list[R]:
    """Why a client does not get back the seat that a sibling's credit had paid."""
    of = Undoing(
        *(a_target(session, studio=a_studio(SHARING)), a_client(), False),
        booking=a_make_up_booking(status=BookingStatus.CANCELLED, cancelled_at=NOW),
        enrolment=None,
        credit=credit,
        siblings=siblings,
        spent=None,
        swap_back=False,
    )
    decision = undoing.decide(of, None, now)
    assert undoing.why_not(of, now) == (decision.reasons if isinstance(decision, Refused) else ())
    return [reason.code for reason in undoing.why_not(of, now)]


PAYING = a_credit(client_id=SIBLING)
RICH = replace(PAYING, worth=3_000, category="Yoga", expiry_means=ExpiryMeans.ATTEND_BY)
AGAINST_PAYING_AGAIN: dict[str, tuple[MakeUpCredit, list[R]]] = {
    "expired": (replace(PAYING, expires_at=NOW), [R.CREDIT_EXPIRED]),
    "to be attended by its end": (
        *(replace(PAYING, expiry_means=ExpiryMeans.ATTEND_BY, expires_at=START), [R.STARTS_AFTER_EXPIRY]),
    ),
    "spent on another seat": (replace(PAYING, state=CreditState.USED, booking_id=OTHER_ID), [R.CREDIT_USED]),
    "held": (replace(PAYING, state=CreditState.HELD), [R.CREDIT_HELD]),
    "revoked": (replace(PAYING, state=CreditState.REVOKED), [R.CREDIT_REVOKED]),
    "undone": (replace(PAYING, state=CreditState.UNDONE), [R.CREDIT_UNDONE]),
    "forfeited with another seat": (
        *(replace(PAYING, state=CreditState.FORFEITED, booking_id=OTHER_ID), [R.CREDIT_FORFEITED]),
    ),
    "spendable": (PAYING, []),
}


@pytest.mark.parametrize(("credit", "codes"), AGAINST_PAYING_AGAIN.values(), ids=AGAINST_PAYING_AGAIN)
def test_a1_c5_a_stranger_s_credit_is_not_described_to_whoever_wants_the_seat_back(
    credit: MakeUpCredit, codes: list[R]
):
    """What is said of the seat stays."""
    assert undo(credit, FAMILY, FULL, NOW) == [R.SESSION_FULL, *codes]
    assert undo(credit, STRANGERS, FULL, NOW) == [R.SESSION_FULL, R.CREDIT_OF_OTHER_CLIENT]


@pytest.mark.parametrize("state", [CreditState.USED, CreditState.FORFEITED])
def test_c5_a_stranger_s_credit_that_stayed_with_the_seat_is_simply_used_again(state: CreditState):
    kept = replace(PAYING, state=state, booking_id=BOOKING_ID, expires_at=NOW)

    assert undo(kept, STRANGERS, a_session(), NOW) == []


def a_swap(credit: MakeUpCredit, siblings: Set[UUID], wanted: Session) -> Swap:
    """Of a seat that a sibling's credit paid for one that is dear and of another category."""
    studio = a_studio(SHARING)
    paying = replace(credit, state=CreditState.USED, booking_id=BOOKING_ID)
    given_up = a_cancellation(a_target(a_session(taken=1, make_ups=1), studio=studio), a_make_up_booking(), paying)
    course = a_course(id=OTHER_ID, single_session_price=3_001, category="Dance")
    return Swap(given_up, SeatRequest(a_target(wanted, studio=studio, course=course), a_client(), False), siblings)


def why_not(swap: Swap) -> list[R]:
    decision = swapping.decide(swap, uuid(22), uuid(23), NOW)
    assert isinstance(decision, Refused)
    assert swapping.eligibility(swap, NOW).reasons == decision.reasons
    return [reason.code for reason in decision.reasons]


def test_a1_c6_a_stranger_s_credit_is_not_described_to_whoever_wants_another_seat():
    """What is said of the cancellation and of the seat stays."""
    rich = replace(RICH, expires_at=NOW, redeemable_from=START, missed_session_id=TARGET_ID)
    wanted = replace(FULL, id=TARGET_ID, starts_at=START + timedelta(days=1))
    told = {siblings: why_not(a_swap(rich, siblings, wanted)) for siblings in (FAMILY, STRANGERS)}

    assert told[FAMILY] == [
        R.SESSION_FULL,
        R.CREDIT_EXPIRED,
        R.CREDIT_NOT_YET_VALID,
        R.SAME_SESSION,
        R.STARTS_AFTER_EXPIRY,
        R.PRICE_ABOVE_CREDIT,
        R.CATEGORY_MISMATCH,
    ]
    assert told[STRANGERS] == [R.SESSION_FULL, R.CREDIT_OF_OTHER_CLIENT]


def test_c6_a_swap_within_one_session_is_told_whosever_the_credit_is():
    swap = a_swap(PAYING, STRANGERS, a_session())
    here = replace(swap, wanted=replace(swap.wanted, target=swap.cancellation.target, already_booked=True))

    assert why_not(here) == [R.SAME_SESSION, R.CREDIT_OF_OTHER_CLIENT]


def a_waiter(siblings: Set[UUID], freed_late: int, ahead: Ahead = NOBODY) -> Waiter:
    """With a sibling's credit, on the list of a session that is dear, of another category, and after its own end."""
    late, dear = a_session(capacity=1, freed_late=freed_late), a_course(single_session_price=3_001, category="Dance")
    one = waiting(0, a_held_credit(credit=replace(RICH, expires_at=NOW)))
    target = a_target(late, studio=a_studio(SHARING), course=dear, waiting=1)
    return Waiter(target, replace(one, siblings=siblings), ahead)


@pytest.mark.parametrize(
    ("freed_late", "ahead", "of_the_seat"),
    [(1, NOBODY, []), (0, NOBODY, []), (0, Ahead(2, 1, True), [R.OFFER_GONE])],
    ids=["on offer", "merely free", "gone"],
)
def test_a1_w2_a_stranger_s_credit_is_not_described_to_whoever_waits_with_it(
    freed_late: int, ahead: Ahead, of_the_seat: list[R]
):
    """What is said of the seat stays, and so does the place."""
    told: dict[Set[UUID], list[R]] = {}
    for siblings in (FAMILY, STRANGERS):
        waiter = a_waiter(siblings, freed_late, ahead)
        decision = claim(waiter, SEATED_ID, NOW)
        assert isinstance(decision, Refused)
        assert why_not_claim(waiter, NOW) == decision.reasons
        told[siblings] = [reason.code for reason in decision.reasons]

    about_the_credit = [R.STARTS_AFTER_EXPIRY, R.PRICE_ABOVE_CREDIT, R.CATEGORY_MISMATCH]
    assert told[FAMILY] == [*of_the_seat, *about_the_credit]
    assert told[STRANGERS] == [*of_the_seat, R.CREDIT_OF_OTHER_CLIENT]
