"""W1, W2: leaving a list, and claiming what is on offer to it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.credits.holding import held, released
from domain.events import (
    CreditHeld,
    CreditRedeemed,
    CreditReleased,
    SeatBooked,
    SeatsOffered,
    WaitlistEntryEnded,
)
from domain.nouns.booking import PaidWith, PaymentState
from domain.nouns.credit import CreditState
from domain.nouns.session import ScheduledSession
from domain.nouns.waitlist import NOBODY, Ahead, WaitlistEntry, WaitlistState
from domain.refusals import FixableBy, RefusalCode, Refused
from domain.waiting.leaving import Waiter, claim, leave, why_not_claim
from domain.waiting.queueing import Waiting
from domain.waiting.seating import Seated
from tests.domain.builders import A_MICROSECOND, DEADLINE, NOW, START, a_client, a_session, a_target
from tests.domain.waiters import (
    GRACE,
    LATER_START,
    OWN_END,
    PRAGUE,
    SEATED_ID,
    a_full_target,
    a_held_credit,
    a_place,
    an_entry,
    waiting,
)

Code = RefusalCode
LATE = DEADLINE + timedelta(hours=1)
OFFERED = a_full_target(freed_late=1, waiting=2, taken=9)
NOT_WAITING = [state for state in WaitlistState if state is not WaitlistState.WAITING]


def waiter(one: Waiting | None = None, target: ScheduledSession = OFFERED, ahead: Ahead = NOBODY) -> Waiter:
    return Waiter(target, one or waiting(), ahead)


def codes(one: Waiter, now: datetime = LATE) -> list[Code]:
    decision = claim(one, SEATED_ID, now)
    reasons = decision.reasons if isinstance(decision, Refused) else ()
    assert why_not_claim(one, now) == reasons
    return [reason.code for reason in reasons]


def claimed(one: Waiter, now: datetime = LATE) -> Seated:
    decision = claim(one, SEATED_ID, now)
    assert isinstance(decision, Seated), decision
    return decision


def left(entry: WaitlistEntry) -> WaitlistEntryEnded:
    return WaitlistEntryEnded(entry, WaitlistState.LEFT, None)


# Leaving


def test_w1_who_waits_for_money_just_leaves():
    assert leave(waiter(), NOW) == (left(an_entry()),)


@pytest.mark.parametrize("now", [OWN_END - A_MICROSECOND, OWN_END, OWN_END + A_MICROSECOND])
def test_w1_leaving_releases_the_credit_as_of_now(now: datetime):
    one = waiting(0, a_held_credit())

    assert leave(waiter(one), now) == (left(one.entry), CreditReleased(released(a_held_credit(), now, PRAGUE)))


def test_w3_leaving_one_list_of_several_leaves_the_credit_on_the_others():
    until_later = waiting(0, a_held_credit(LATER_START), (a_place(LATER_START),))
    assert leave(waiter(until_later), NOW) == (left(until_later.entry),)

    sooner = START - timedelta(days=1)
    until_start = waiting(0, a_held_credit(START), (a_place(sooner),))
    until_sooner = held(a_held_credit(START), sooner, GRACE, PRAGUE)
    assert leave(waiter(until_start), NOW) == (left(until_start.entry), CreditHeld(until_sooner, None))


@pytest.mark.parametrize("state", NOT_WAITING)
def test_w1_what_has_ended_cannot_be_left(state: WaitlistState):
    ended = replace(waiting(), entry=an_entry(state=state, ended_at=NOW))

    decision = leave(waiter(ended), NOW)

    assert isinstance(decision, Refused)
    assert [(each.code, each.actual) for each in decision.reasons] == [(Code.NOT_WAITING, state.value)]
    assert waiter(ended).left_before is (state is WaitlistState.LEFT)


def test_w2_nobody_leaves_from_the_start_on():
    assert leave(waiter(), START - A_MICROSECOND) == (left(an_entry()),)
    decision = leave(waiter(), START)
    assert isinstance(decision, Refused)
    assert [(each.code, each.actual) for each in decision.reasons] == [(Code.NOT_WAITING, "ENDED")]


# Claiming what is on offer


@pytest.mark.parametrize("number", [0, 1])
def test_w2_anybody_in_the_queue_may_claim_what_is_on_offer_at_the_price_of_now(number: int):
    one = waiting(number)
    seated = claimed(waiter(one, ahead=Ahead(waiting=2, able=number, waits=True)))

    assert (seated.booking.id, seated.booking.client_id) == (SEATED_ID, one.client.id)
    assert (seated.booking.paid_with, seated.booking.payment, seated.booking.price) == (
        *(PaidWith.SINGLE, PaymentState.DUE, 3_000),
    )
    assert seated.booking.booked_at == LATE
    assert seated.events == (
        SeatBooked(seated.booking),
        WaitlistEntryEnded(one.entry, WaitlistState.SEATED, SEATED_ID),
        SeatsOffered(OFFERED.session, 0),
    )


def test_w2_of_two_on_offer_one_is_left():
    target = a_full_target(freed_late=3, waiting=2, taken=8)

    assert claimed(waiter(target=target)).events[-1] == SeatsOffered(target.session, 1)


def test_w2_w3_a_claim_spends_the_held_credit_and_gives_up_its_other_places():
    elsewhere = a_place()
    one = waiting(0, a_held_credit(LATER_START), (elsewhere,))
    seated = claimed(waiter(one))

    assert (seated.booking.paid_with, seated.booking.payment, seated.booking.price) == (
        *(PaidWith.MAKE_UP, PaymentState.PAID, None),
    )
    assert seated.booking.credit_id == one.entry.credit_id
    assert seated.events == (
        SeatBooked(seated.booking),
        CreditRedeemed(released(a_held_credit(LATER_START), LATE, PRAGUE), seated.booking),
        WaitlistEntryEnded(one.entry, WaitlistState.SEATED, SEATED_ID),
        WaitlistEntryEnded(elsewhere.entry, WaitlistState.GIVEN_UP, None),
        SeatsOffered(OFFERED.session, 0),
    )


@pytest.mark.parametrize("target", [a_full_target(waiting=2), a_full_target(freed_late=1, waiting=2)])
def test_w2_where_no_seat_is_left_none_can_be_claimed_now_and_staff_could_add_one(target: ScheduledSession):
    (reason,) = why_not_claim(waiter(target=target), LATE)

    assert (reason.code, reason.fixable_by) == (Code.OFFER_GONE, FixableBy.STAFF)
    assert (reason.message, reason.session_id) == ("No seat can be claimed now.", target.session.id)


def test_w2_the_offer_of_a_seat_for_credits_is_none_that_money_could_claim():
    target = a_target(a_session(taken=10, most_ordinary=10, extra_make_up_seats=1, freed_late=1), waiting=2)

    assert codes(waiter(target=target)) == [Code.SESSION_FULL]
    assert codes(waiter(waiting(0, a_held_credit()), target)) == []


def test_w2_a_claim_is_the_ordinary_decision():
    archived = replace(waiting(0, a_held_credit()), client=a_client(archived_at=NOW))
    closed = replace(OFFERED, session=replace(OFFERED.session, choices={"make_ups_close_minutes_before": 60 * 23}))

    assert codes(waiter(archived)) == [Code.CLIENT_ARCHIVED]
    at = START - timedelta(hours=23)
    assert codes(waiter(waiting(0, a_held_credit()), closed), at) == []
    assert codes(waiter(waiting(0, a_held_credit()), closed), at + A_MICROSECOND) == [Code.BOOKING_CLOSED]
    assert codes(waiter(target=closed), at + A_MICROSECOND) == []


# Claiming what is only free


@pytest.mark.parametrize(("able", "expected"), [(0, []), (1, [Code.OFFER_GONE])])
def test_w2_what_is_free_and_not_on_offer_is_for_who_comes_first_of_those_who_could(able: int, expected: list[Code]):
    free = a_full_target(waiting=2, taken=9)
    one = waiter(waiting(1), free, Ahead(waiting=2, able=able, waits=True))

    assert codes(one) == expected
    assert codes(one, NOW) == expected
    if not expected:
        assert claimed(one).events == (
            SeatBooked(claimed(one).booking),
            WaitlistEntryEnded(one.waiting.entry, WaitlistState.SEATED, SEATED_ID),
        )


# Who waits no longer


@pytest.mark.parametrize("state", NOT_WAITING)
def test_w2_only_who_waits_can_claim(state: WaitlistState):
    ended = replace(waiting(), entry=an_entry(state=state, ended_at=NOW))

    assert codes(waiter(ended)) == [Code.NOT_WAITING]


def test_w2_offers_end_with_the_start():
    assert codes(waiter(), START - A_MICROSECOND) == []
    assert codes(waiter(), START) == [Code.NOT_WAITING]
    assert codes(waiter(), START + A_MICROSECOND) == [Code.NOT_WAITING]


def test_w1_a_credit_can_be_claimed_with_while_it_waits_past_its_end():
    seated = claimed(waiter(waiting(0, a_held_credit())), OWN_END + A_MICROSECOND)

    redeemed = seated.events[1]
    assert isinstance(redeemed, CreditRedeemed)
    assert redeemed.credit.state is CreditState.ACTIVE
    assert redeemed.credit.expires_at == OWN_END + A_MICROSECOND + timedelta(hours=GRACE)
