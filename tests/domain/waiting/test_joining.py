"""W1: who may wait, with what, and what joining does."""

from collections.abc import Set
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Unpack
from uuid import UUID

import pytest

from domain.credits.holding import held, released
from domain.events import CreditHeld, SeatsOffered, WaitlistJoined
from domain.nouns.credit import CreditState, MakeUpCredit
from domain.nouns.policy import CategoryGuard, CreditScope, ExpiryMeans, Policy, PriceGuard
from domain.nouns.session import ScheduledSession, SessionStatus
from domain.nouns.waitlist import NOBODY, Ahead
from domain.refusals import RefusalCode, Refused
from domain.spending import make_ups, seats
from domain.spending.make_ups import MakeUpRequest
from domain.spending.seats import SeatRequest
from domain.waiting.joining import Joined, decide, outlook, told
from tests.domain.builders import (
    A_MICROSECOND,
    CREDIT_ID,
    DEADLINE,
    NOW,
    OTHER_ID,
    SESSION_ID,
    START,
    ClientFields,
    a_client,
    a_course,
    a_credit,
    a_make_up_request,
    a_seat_request,
    a_session,
    a_studio,
    a_target,
    uuid,
)
from tests.domain.waiters import (
    ENTRY_ID,
    GRACE,
    LATER_START,
    OWN_END,
    PRAGUE,
    a_full_target,
    a_held_credit,
    an_entry,
)

Code = RefusalCode
FULL = a_full_target()
LATE = DEADLINE + timedelta(hours=1)
SECOND_CREDIT, THIRD_CREDIT = uuid(301), uuid(302)


def with_money(target: ScheduledSession = FULL, ahead: Ahead = NOBODY, **client: Unpack[ClientFields]) -> SeatRequest:
    return a_seat_request(target, a_client(**client), ahead=ahead)


def with_credit(
    credit: MakeUpCredit | None = None,
    target: ScheduledSession = FULL,
    ahead: Ahead = NOBODY,
    siblings: Set[UUID] = frozenset(),
    **client: Unpack[ClientFields],
) -> SeatRequest:
    seat = a_seat_request(target, a_client(**client), ahead=ahead)
    return a_make_up_request(seat, credit or a_credit(), siblings=siblings)


def best_of(
    *credits: MakeUpCredit, target: ScheduledSession = FULL, ahead: Ahead = NOBODY, siblings: Set[UUID] = frozenset()
) -> SeatRequest:
    return a_make_up_request(a_seat_request(target, ahead=ahead), credits=credits, siblings=siblings)


def codes(seat: SeatRequest, now: datetime = NOW) -> list[Code]:
    decision = decide(seat, ENTRY_ID, now)
    reasons = decision.reasons if isinstance(decision, Refused) else ()
    assert outlook(seat, now).reasons == reasons
    return [reason.code for reason in reasons]


def joined(seat: SeatRequest, now: datetime = NOW) -> Joined:
    decision = decide(seat, ENTRY_ID, now)
    assert isinstance(decision, Joined), decision
    return decision


def holds(*credit_ids: UUID) -> Ahead:
    return Ahead(holds=frozenset(credit_ids or (CREDIT_ID,)))


# Who may join


def test_w1_a_full_session_can_be_waited_for_with_money():
    expected = an_entry()

    assert joined(with_money()) == Joined(expected, (WaitlistJoined(expected),))


def test_w1_joining_with_a_credit_holds_it_until_the_start():
    decision = joined(with_credit())

    assert decision.entry.credit_id == CREDIT_ID
    assert decision.events == (WaitlistJoined(decision.entry), CreditHeld(a_held_credit(START), SESSION_ID))


def test_w1_the_grace_that_is_promised_is_what_the_studio_gives_now():
    studio = a_studio(Policy(make_ups_enabled=True, hold_release_grace_hours=5))
    _, event = joined(with_credit(target=replace(FULL, studio=studio))).events

    assert isinstance(event, CreditHeld)
    assert (event.credit.grace_hours, event.credit.expires_at) == (5, START + timedelta(hours=5))


@pytest.mark.parametrize(("taken", "expected"), [(9, [Code.SEAT_AVAILABLE]), (10, [])])
def test_w1_who_could_book_has_nothing_to_wait_for(taken: int, expected: list[Code]):
    target = a_full_target(taken=taken)

    assert codes(with_money(target)) == expected
    assert codes(with_credit(target=target)) == expected


def test_w1_extra_seats_are_for_credits_so_that_only_money_waits():
    target = a_target(a_session(taken=10, most_ordinary=10, extra_make_up_seats=1))

    assert codes(with_money(target)) == []
    assert codes(with_credit(target=target)) == [Code.SEAT_AVAILABLE]


def test_w1_a_seat_that_is_kept_for_those_who_wait_can_be_waited_for():
    assert codes(with_money(a_full_target(1, 1, taken=9)), LATE) == []
    assert codes(with_money(a_full_target(1, 1, taken=8)), LATE) == [Code.SEAT_AVAILABLE]
    assert codes(with_money(a_full_target(taken=9), Ahead(waiting=1, able=1))) == []


def test_w1_what_is_full_for_credits_alone_cannot_be_waited_for():
    studio = a_studio(Policy(make_ups_enabled=True))
    crowded = a_target(a_session(taken=9, make_ups=1, most_ordinary=8, choices={"max_make_ups": 1}), studio=studio)

    assert codes(with_credit(target=crowded)) == [Code.MAKE_UP_SEATS_FULL]
    assert codes(with_money(crowded)) == [Code.SEAT_AVAILABLE]
    full_too = replace(crowded, session=replace(crowded.session, taken=10, most_ordinary=9))
    assert codes(with_credit(target=full_too)) == []


def test_w1_every_other_reason_is_told_and_those_about_seats_are_not():
    far = a_studio(Policy(make_ups_enabled=True, max_days_ahead=20, category_guard=CategoryGuard.SAME_CATEGORY))
    target = a_target(a_session(taken=10, most_ordinary=10), a_course(accepts_make_ups=False), far)
    seat = with_credit(a_credit(category="yoga", missed_session_id=SESSION_ID), target, account_id=None)

    assert codes(seat) == [
        Code.ACCOUNT_REQUIRED,
        Code.SESSION_NOT_ACCEPTING_MAKE_UPS,
        Code.TOO_FAR_AHEAD,
        Code.SAME_SESSION,
        Code.CATEGORY_MISMATCH,
    ]
    assert codes(with_money(target, account_id=None)) == []


def test_w1_nobody_waits_for_what_does_not_take_place_or_has_started():
    cancelled = replace(FULL, session=replace(FULL.session, status=SessionStatus.CANCELLED))

    assert codes(with_money(cancelled)) == [Code.SESSION_CANCELLED]
    assert codes(with_money(), START) == [Code.SESSION_STARTED]
    assert codes(with_money(), START - A_MICROSECOND) == []
    whole = a_target(a_session(taken=10, most_ordinary=10), a_course(single_session_price=None))
    assert codes(with_money(whole)) == [Code.COURSE_NOT_SOLD_PER_SESSION]


def test_w1_nobody_waits_where_they_have_a_seat():
    assert codes(replace(with_money(), already_booked=True)) == [Code.ALREADY_BOOKED]


def test_w1_nobody_waits_twice():
    here = Ahead(waiting=1, able=0, waits=True, holds=frozenset({CREDIT_ID}))

    assert codes(with_money(ahead=here)) == [Code.ALREADY_WAITING]
    assert codes(with_credit(a_held_credit(), ahead=here)) == [Code.ALREADY_WAITING]
    assert codes(with_money(a_full_target(taken=8), ahead=here)) == [Code.ALREADY_WAITING]


# With which credit


@pytest.mark.parametrize(("now", "expected"), [(OWN_END - A_MICROSECOND, []), (OWN_END, [Code.CREDIT_EXPIRED])])
def test_w1_the_end_of_the_credit_is_asked_as_of_the_joining(now: datetime, expected: list[Code]):
    assert codes(with_credit(), now) == expected
    assert codes(best_of(a_credit()), now) == (expected and [Code.NO_ELIGIBLE_CREDIT])


@pytest.mark.parametrize(("now", "expected"), [(OWN_END - A_MICROSECOND, []), (OWN_END, [Code.CREDIT_EXPIRED])])
def test_w3_a_credit_that_waits_elsewhere_is_asked_its_own_end_at_each_joining(now: datetime, expected: list[Code]):
    waits = with_credit(a_held_credit(LATER_START), ahead=holds())

    assert codes(waits, now) == expected


STATES = {
    CreditState.HELD: Code.CREDIT_HELD,
    CreditState.USED: Code.CREDIT_USED,
    CreditState.FORFEITED: Code.CREDIT_FORFEITED,
    CreditState.REVOKED: Code.CREDIT_REVOKED,
    CreditState.UNDONE: Code.CREDIT_UNDONE,
}


@pytest.mark.parametrize(("state", "code"), STATES.items())
def test_w1_only_what_can_be_spent_can_be_held(state: CreditState, code: Code):
    assert codes(with_credit(a_credit(state=state))) == [code]
    assert codes(best_of(a_credit(state=state))) == [Code.NO_ELIGIBLE_CREDIT]


def test_w1_what_lives_by_its_grace_is_not_held_again():
    graced = released(a_held_credit(LATER_START), OWN_END, PRAGUE)
    assert graced.expires_at is not None

    assert codes(with_credit(graced), OWN_END) == [Code.CREDIT_IN_GRACE]
    assert codes(with_credit(graced, a_full_target(taken=9)), OWN_END) == [Code.CREDIT_IN_GRACE]
    assert codes(best_of(graced), OWN_END) == [Code.NO_ELIGIBLE_CREDIT]
    assert codes(with_credit(graced), graced.expires_at - A_MICROSECOND) == [Code.CREDIT_IN_GRACE]
    assert codes(with_credit(graced), graced.expires_at) == [Code.CREDIT_EXPIRED]
    used = replace(graced, state=CreditState.USED)
    assert codes(with_credit(used), OWN_END) == [Code.CREDIT_USED]


def test_w1_after_an_extension_it_can_be_held_again_without_a_second_grace():
    graced = released(a_held_credit(LATER_START), OWN_END, PRAGUE)
    longer = replace(graced, expires_at=START - timedelta(days=1), expires_on=date(2026, 12, 12))

    _, event = joined(with_credit(longer), OWN_END).events

    assert isinstance(event, CreditHeld)
    assert event.credit.expires_at == START - timedelta(days=1)


@pytest.mark.parametrize(("own_end", "expected"), [(START, [Code.STARTS_AFTER_EXPIRY]), (START + A_MICROSECOND, [])])
def test_v3_attend_by_is_asked_of_the_own_end(own_end: datetime, expected: list[Code]):
    lives = a_credit(expires_at=own_end, expires_on=own_end.date(), expiry_means=ExpiryMeans.ATTEND_BY)

    assert codes(with_credit(lives)) == expected
    assert codes(with_credit(a_held_credit(LATER_START, lives), ahead=holds())) == expected


def test_w3_a_credit_that_is_held_for_them_waits_on_further_sessions_until_the_last_start():
    for until, expected in ((LATER_START, LATER_START), (START - timedelta(days=1), START)):
        decision = joined(with_credit(a_held_credit(until), ahead=holds()))
        assert decision.events[1:] == (CreditHeld(held(a_credit(), expected, GRACE, PRAGUE), SESSION_ID),)


def test_r8_a_credit_that_is_held_for_another_is_held():
    shared = replace(FULL, studio=a_studio(Policy(make_ups_enabled=True, credit_scope=CreditScope.SAME_ACCOUNT)))
    siblings = frozenset({OTHER_ID})
    siblings_credit = a_held_credit(LATER_START, a_credit(client_id=OTHER_ID))
    own_credit_held_for_a_sibling = a_held_credit(LATER_START)

    assert codes(with_credit(siblings_credit, shared, siblings=siblings)) == [Code.CREDIT_HELD]
    assert codes(with_credit(siblings_credit, shared, holds(), siblings)) == []
    assert codes(with_credit(own_credit_held_for_a_sibling, shared)) == [Code.CREDIT_HELD]
    assert codes(with_credit(a_credit(client_id=OTHER_ID), shared, siblings=siblings)) == []
    assert codes(with_credit(a_credit(client_id=OTHER_ID))) == [Code.CREDIT_OF_OTHER_CLIENT]


def test_r10_the_best_of_those_that_wait_nowhere_comes_before_all_that_wait_for_them():
    soon = a_held_credit(LATER_START, a_credit(expires_at=NOW + timedelta(days=1), expires_on=date(2026, 11, 23)))
    free, later = replace(a_credit(), id=SECOND_CREDIT), replace(a_credit(), id=THIRD_CREDIT, expires_at=None)

    assert outlook(best_of(soon, later, free, ahead=holds()), NOW).credit == free
    assert outlook(best_of(soon, later, ahead=holds()), NOW).credit == later
    assert outlook(best_of(soon, ahead=holds()), NOW).credit == soon
    assert codes(best_of(soon)) == [Code.NO_ELIGIBLE_CREDIT]


def test_r10_of_those_that_wait_the_first_to_end_by_itself_is_the_best():
    sooner = a_held_credit(LATER_START, a_credit(expires_at=OWN_END - timedelta(days=1), expires_on=date(2026, 12, 5)))
    later = replace(a_held_credit(START), id=SECOND_CREDIT)
    assert later.expires_at is not None
    assert sooner.expires_at is not None
    assert sooner.expires_at > later.expires_at

    found = outlook(best_of(later, sooner, ahead=holds(CREDIT_ID, SECOND_CREDIT)), NOW)

    assert found.credit == sooner


def test_r9_guards_hold_for_the_best_credit_too():
    guarded = replace(FULL, studio=a_studio(Policy(make_ups_enabled=True, price_guard=PriceGuard.SAME_OR_LOWER)))
    poor, rich = a_credit(worth=2_999), replace(a_credit(worth=3_000), id=SECOND_CREDIT)

    assert outlook(best_of(poor, rich, target=guarded), NOW).credit == rich
    assert codes(best_of(poor, target=guarded)) == [Code.NO_ELIGIBLE_CREDIT]


# Seats that were kept for those who waited before


def test_w2_a_seat_for_which_nobody_was_left_to_wait_is_not_kept_for_who_joins_now():
    extra = a_target(a_session(taken=10, most_ordinary=10, extra_make_up_seats=1, freed_late=1), waiting=0)
    (_, event) = joined(with_money(extra), LATE).events
    assert event == SeatsOffered(extra.session, 0)

    waited_for = replace(extra, waiting=1)
    assert joined(with_money(waited_for, Ahead(waiting=1)), LATE).events[1:] == ()


# What is told to who could not book


@pytest.mark.parametrize(
    ("seat", "can_join"),
    [
        (with_money(), True),
        (with_money(ahead=Ahead(waiting=1, able=0, waits=True)), False),
        (with_credit(), True),
        (with_credit(a_credit(state=CreditState.USED)), False),
        (best_of(), False),
    ],
)
def test_p2_who_finds_a_session_full_learns_whether_they_could_wait(seat: SeatRequest, can_join: bool):
    reasons = make_ups.eligibility(seat, NOW).reasons if isinstance(seat, MakeUpRequest) else seats.why_not(seat, NOW)

    answer = told(reasons, seat, NOW)

    assert [reason.code for reason in answer] == [reason.code for reason in reasons]
    assert [reason.can_join for reason in answer if reason.code is Code.SESSION_FULL] == [can_join]
    assert all(reason.can_join is None for reason in answer if reason.code is not Code.SESSION_FULL)


def test_p2_where_it_is_not_full_nothing_is_told_of_waiting():
    reasons = outlook(replace(with_money(), already_booked=True), NOW).reasons

    assert told(reasons, with_money(), NOW) == reasons
