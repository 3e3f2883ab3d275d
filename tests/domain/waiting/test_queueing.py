"""W2: who comes before somebody who wants a seat, and how many of those could take one."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.nouns.policy import CreditScope, ExpiryMeans, Policy, PriceGuard
from domain.nouns.session import ScheduledSession, SessionStatus
from domain.nouns.waitlist import NOBODY, Ahead, WaitlistState
from domain.refusals import RefusalCode
from domain.spending.seats import seat_is_free
from domain.spending.session_rules import seat_is_free_for_a_credit
from domain.waiting.queueing import Waiting, ahead_of, in_order, offered, why_not
from tests.domain.builders import (
    A_MICROSECOND,
    CLIENT_ID,
    DEADLINE,
    NOW,
    OTHER_ID,
    START,
    a_client,
    a_course,
    a_credit,
    a_seat_request,
    a_session,
    a_studio,
    a_target,
    uuid,
)
from tests.domain.waiters import SEATED_ID, a_full_target, a_held_credit, a_queue, an_entry, waiting

FIRST, SECOND, THIRD = (waiting(number) for number in range(3))
LATE = DEADLINE + timedelta(hours=1)
ONE_FREE, TWO_FREE = a_full_target(taken=9), a_full_target(taken=8)


def codes(
    one: Waiting, target: ScheduledSession = ONE_FREE, ahead: Ahead = NOBODY, now: datetime = NOW
) -> list[RefusalCode]:
    return [reason.code for reason in why_not(one, target, ahead, now)]


# The state of a place


@pytest.mark.parametrize("after", [-A_MICROSECOND, timedelta(), A_MICROSECOND])
def test_w2_a_place_ends_with_the_start_and_not_before(after: timedelta):
    now = START + after
    expected = WaitlistState.WAITING if after < timedelta() else WaitlistState.ENDED

    assert an_entry().state_at(now, START) is expected
    assert an_entry().waits(now, START) is (expected is WaitlistState.WAITING)


@pytest.mark.parametrize("state", [state for state in WaitlistState if state is not WaitlistState.WAITING])
def test_w2_what_ended_before_the_start_stays_what_it_is(state: WaitlistState):
    assert an_entry(state=state).state_at(START + A_MICROSECOND, START) is state
    assert not an_entry(state=state).waits(NOW, START)


# The order


def test_w2_the_queue_is_in_the_order_of_joining_and_then_of_the_ids():
    at_once = replace(SECOND, entry=replace(SECOND.entry, joined_at=FIRST.entry.joined_at))

    assert in_order([THIRD, SECOND, FIRST]) == (FIRST, SECOND, THIRD)
    assert in_order([at_once, FIRST]) == (FIRST, at_once)
    earlier = replace(THIRD, entry=replace(THIRD.entry, joined_at=NOW - A_MICROSECOND))
    assert in_order([FIRST, earlier]) == (earlier, FIRST)


# Who comes before


def test_w2_all_come_before_whoever_does_not_wait():
    assert ahead_of(OTHER_ID, a_queue(TWO_FREE, FIRST, SECOND), NOW) == Ahead(waiting=2, able=2, waits=False)


def test_w2_before_who_waits_come_those_who_joined_earlier():
    queue = a_queue(TWO_FREE, FIRST, SECOND, THIRD)

    assert ahead_of(FIRST.client.id, queue, NOW) == Ahead(waiting=3, able=0, waits=True)
    assert ahead_of(SECOND.client.id, queue, NOW) == Ahead(waiting=3, able=1, waits=True)
    assert ahead_of(THIRD.client.id, queue, NOW) == Ahead(waiting=3, able=2, waits=True)


def test_w2_where_nobody_waits_nobody_comes_before():
    assert ahead_of(OTHER_ID, a_queue(ONE_FREE), NOW) == NOBODY


def test_w2_where_every_seat_is_taken_nobody_could_take_one():
    assert ahead_of(OTHER_ID, a_queue(a_full_target(), FIRST, SECOND), NOW) == Ahead(2, 0, False)
    with_extra = a_target(a_session(taken=10, most_ordinary=10, extra_make_up_seats=1))
    by_credit = replace(waiting(1, a_held_credit()), siblings={CLIENT_ID})
    shared = replace(with_extra, studio=a_studio(Policy(make_ups_enabled=True, credit_scope=CreditScope.SAME_ACCOUNT)))
    assert ahead_of(OTHER_ID, a_queue(shared, FIRST, by_credit), NOW) == Ahead(2, 1, False)


def test_w2_only_those_count_who_could_take_a_seat_now():
    booked = replace(SECOND, booking_id=SEATED_ID)
    archived = replace(THIRD, client=a_client(id=THIRD.client.id, archived_at=NOW))
    without_account = replace(
        waiting(3, a_held_credit(credit=a_credit(client_id=uuid(213)))), client=a_client(id=uuid(213), account_id=None)
    )

    ahead = ahead_of(OTHER_ID, a_queue(TWO_FREE, FIRST, booked, archived, without_account), NOW)

    assert ahead == Ahead(waiting=4, able=1, waits=False)


def test_w2_what_is_on_offer_is_free_to_those_who_wait():
    queue = a_queue(a_full_target(freed_late=1, taken=9), FIRST, SECOND)
    assert queue.target.taken(LATE) == 10

    assert ahead_of(OTHER_ID, queue, LATE) == Ahead(waiting=2, able=2, waits=False)
    assert offered(queue.target).taken(LATE) == 9


# The ordinary decision, for who waits


def test_w2_money_is_asked_the_rules_of_money():
    assert codes(FIRST) == []
    assert codes(FIRST, a_full_target()) == [RefusalCode.SESSION_FULL]
    assert codes(replace(FIRST, booking_id=SEATED_ID)) == [RefusalCode.ALREADY_BOOKED]
    assert codes(FIRST, ahead=Ahead(waiting=2, able=1, waits=True)) == [RefusalCode.SESSION_FULL]
    assert codes(FIRST, now=START) == [RefusalCode.SESSION_STARTED]
    cancelled = a_target(a_session(status=SessionStatus.CANCELLED))
    assert codes(FIRST, cancelled) == [RefusalCode.SESSION_CANCELLED]


def test_w1_a_held_credit_pays_the_seat_that_it_waits_for_also_past_its_own_end():
    credit = a_held_credit()
    by_credit = waiting(0, credit)
    own_end = credit.own_expires_at
    assert own_end is not None

    assert codes(by_credit) == []
    assert codes(by_credit, now=own_end + A_MICROSECOND) == []
    assert codes(by_credit, now=START - A_MICROSECOND) == []


def test_w1_all_other_rules_hold_when_the_seat_comes():
    by_credit = waiting(0, a_held_credit(credit=a_credit(worth=2_999)))
    dear = a_target(
        a_session(taken=9, most_ordinary=10),
        a_course(accepts_make_ups=False),
        a_studio(Policy(make_ups_enabled=True, price_guard=PriceGuard.SAME_OR_LOWER, max_days_ahead=3)),
    )

    assert codes(by_credit, dear) == [
        RefusalCode.SESSION_NOT_ACCEPTING_MAKE_UPS,
        RefusalCode.TOO_FAR_AHEAD,
        RefusalCode.PRICE_ABOVE_CREDIT,
    ]


@pytest.mark.parametrize(("own_end", "able"), [(START, False), (START + A_MICROSECOND, True)])
def test_v3_attend_by_compares_with_the_own_end_whatever_grace_would_add(own_end: datetime, able: bool):
    lives = a_credit(expires_at=own_end, expires_on=own_end.date(), expiry_means=ExpiryMeans.ATTEND_BY)
    credit = a_held_credit(START, lives)

    assert codes(waiting(0, credit)) == ([] if able else [RefusalCode.STARTS_AFTER_EXPIRY])


# The queue comes before open booking


@pytest.mark.parametrize(
    ("able", "freed_late", "waiting", "refused"),
    [(0, 0, 3, False), (1, 0, 1, True), (1, 1, 1, True), (2, 1, 2, True), (0, 2, 2, False), (1, 1, 0, True)],
)
def test_w2_refused_while_somebody_before_them_could_take_a_seat(
    able: int, freed_late: int, waiting: int, refused: bool
):
    """Of ten seats seven are taken: what is on offer leaves at least one."""
    target = a_full_target(freed_late, waiting, taken=7)
    seat = a_seat_request(target, ahead=Ahead(waiting, able, False))

    for rule in (seat_is_free, seat_is_free_for_a_credit):
        reason = rule(seat, LATE)
        assert (reason is not None) is refused
        assert reason is None or (reason.code, reason.waiting) == (RefusalCode.SESSION_FULL, waiting)


FULL = [
    (a_full_target(), Ahead(), "All 10 seats are taken.", 10, 9),
    (
        a_full_target(2, 2, 8),
        Ahead(2, 2),
        "8 of 10 seats are taken, and the others are kept for those who wait.",
        10,
        9,
    ),
    (a_full_target(1, 3, 7), Ahead(3, 2), "Others who wait and could take a seat come first.", 2, 0),
    # Of both, that no seat is left for anybody else is what comes first.
    (
        a_full_target(1, 3, 9),
        Ahead(3, 3),
        "9 of 10 seats are taken, and the others are kept for those who wait.",
        10,
        9,
    ),
]


@pytest.mark.parametrize(("target", "ahead", "said", "actual", "required"), FULL)
def test_p2_a_full_session_tells_the_two_values_that_were_compared(
    target: ScheduledSession, ahead: Ahead, said: str, actual: int, required: int
):
    """Either the seats that are taken, with the most that leave one, or who could come first and none."""
    seat = a_seat_request(target, ahead=ahead)

    for rule in (seat_is_free, seat_is_free_for_a_credit):
        reason = rule(seat, LATE)
        assert reason is not None
        assert (reason.message, reason.actual, reason.required) == (said, actual, required)
        assert isinstance(reason.actual, int)
        assert isinstance(reason.required, int)
        assert reason.actual > reason.required


def test_p2_an_extra_seat_counts_where_it_is_compared_for_a_credit():
    target = a_target(a_session(taken=10, most_ordinary=10, extra_make_up_seats=1, freed_late=1), waiting=1)
    seat = a_seat_request(target, ahead=Ahead(1, 1))

    for_money, for_a_credit = seat_is_free(seat, LATE), seat_is_free_for_a_credit(seat, LATE)
    assert for_money is not None
    assert for_a_credit is not None
    assert (for_money.message, for_money.actual, for_money.required) == ("All 10 seats are taken.", 11, 9)
    kept = "10 of 11 seats are taken, and the others are kept for those who wait."
    assert (for_a_credit.message, for_a_credit.actual, for_a_credit.required) == (kept, 11, 10)


@pytest.mark.parametrize(("freed_late", "refused"), [(1, False), (2, True)])
def test_r6_what_is_on_offer_is_taken_for_all_others(freed_late: int, refused: bool):
    seat = a_seat_request(a_full_target(freed_late, waiting=2, taken=8))

    reason = seat_is_free(seat, LATE)
    assert (reason is not None) is refused
    assert reason is None or (reason.actual, reason.required) == (10, 9)
    assert seat_is_free(seat, START) is None


OFFERS = [
    (0, 2, 8, 0),
    (1, 2, 8, 1),
    (3, 2, 8, 2),
    (3, 3, 8, 2),
    (3, 3, 7, 3),
    (3, 0, 7, 0),
    (1, 1, 10, 0),
]


@pytest.mark.parametrize(("freed_late", "waiting", "taken", "offers"), OFFERS)
def test_w2_offers_are_the_least_of_seats_freed_late_seats_free_and_clients_waiting(
    freed_late: int, waiting: int, taken: int, offers: int
):
    target = a_full_target(freed_late, waiting, taken)

    assert (target.on_offer(LATE), target.taken(LATE)) == (offers, taken + offers)
    assert target.seats_left(LATE) == target.make_up_seats_left(LATE) == 10 - taken - offers


def test_w2_offers_end_with_the_start_and_where_the_session_does_not_take_place():
    target = a_full_target(1, 1, 9)

    assert target.on_offer(START - A_MICROSECOND) == 1
    assert target.on_offer(START) == 0
    assert replace(target, session=replace(target.session, status=SessionStatus.CANCELLED)).on_offer(LATE) == 0


def test_w2_extra_seats_can_be_on_offer():
    target = a_target(a_session(taken=10, most_ordinary=10, extra_make_up_seats=2, freed_late=1), waiting=1)

    assert (target.on_offer(LATE), target.make_up_seats_left(LATE), target.seats_left(LATE)) == (1, 1, 0)
