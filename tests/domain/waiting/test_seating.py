"""W2, W3: what becomes of those who wait, once seats are free or nobody can come any more."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID

import pytest

from domain.credits.holding import held, released
from domain.events import (
    CreditHeld,
    CreditRedeemed,
    CreditReleased,
    Event,
    SeatBooked,
    SeatsOffered,
    WaitlistEntryEnded,
)
from domain.nouns.booking import Booking, PaidWith, PaymentState
from domain.nouns.policy import HoursBefore, Policy
from domain.nouns.session import ScheduledSession, SessionStatus
from domain.nouns.waitlist import WaitlistState
from domain.waiting.queueing import Place, Queue, Waiting
from domain.waiting.seating import decide, with_seat_of, with_seats
from tests.domain.builders import (
    A_MICROSECOND,
    NOW,
    SESSION_ID,
    START,
    SessionFields,
    a_booking,
    a_client,
    a_credit,
    a_make_up_booking,
    a_session,
    a_studio,
    a_target,
    uuid,
)
from tests.domain.waiters import (
    GRACE,
    LATER_ID,
    LATER_START,
    PRAGUE,
    SEATED_ID,
    a_full_target,
    a_held_credit,
    a_place,
    a_queue,
    an_entry,
    waiting,
)

SEATS_GIVEN_UNTIL = START - timedelta(hours=26)
LATE = SEATS_GIVEN_UNTIL + A_MICROSECOND
FIRST, SECOND, THIRD = (waiting(number) for number in range(3))
SEATED, ENDED, GIVEN_UP = WaitlistState.SEATED, WaitlistState.ENDED, WaitlistState.GIVEN_UP
LATER = a_target(replace(a_session(starts_at=LATER_START, taken=9, most_ordinary=10), id=LATER_ID))


def follows(*queues: Queue, freed: int = 1, now: datetime = NOW) -> tuple[Event, ...]:
    ids = (uuid(number) for number in count(500))
    return decide(queues, {queue.target.session.id: freed for queue in queues}, ids, now)


def seats(events: tuple[Event, ...]) -> list[Booking]:
    return [event.booking for event in events if isinstance(event, SeatBooked)]


def who(events: tuple[Event, ...]) -> list[UUID]:
    return [booking.client_id for booking in seats(events)]


def ends(events: tuple[Event, ...]) -> list[tuple[UUID, WaitlistState]]:
    return [(event.entry.id, event.state) for event in events if isinstance(event, WaitlistEntryEnded)]


def free(seats: int, freed_late: int = 0) -> ScheduledSession:
    return a_full_target(freed_late, taken=10 - seats)


# In time


@pytest.mark.parametrize(("now", "given"), [(SEATS_GIVEN_UNTIL, True), (LATE, False)])
def test_w2_a_seat_is_given_until_two_hours_before_the_deadline_and_later_on_offer(now: datetime, given: bool):
    target = free(1)
    assert target.seats_given_until == SEATS_GIVEN_UNTIL

    events = follows(a_queue(target, FIRST, SECOND), now=now)

    if given:
        (seat,) = seats(events)
        assert events == (SeatBooked(seat), WaitlistEntryEnded(FIRST.entry, SEATED, seat.id))
    else:
        assert events == (SeatsOffered(replace(target, waiting=2).session, 1),)


@pytest.mark.parametrize("hours", [0, 1, 72])
def test_w2_the_studio_says_how_long_before_the_deadline(hours: int):
    policy = Policy(auto_seat_hours_before_deadline=hours, cancellation_deadline=HoursBefore(10))
    target = replace(free(1), studio=a_studio(policy))
    until = START - timedelta(hours=10 + hours)

    assert target.seats_given_until == until
    assert who(follows(a_queue(target, FIRST), now=until)) == [FIRST.client.id]
    assert who(follows(a_queue(target, FIRST), now=until + A_MICROSECOND)) == []


def test_c8_a_move_does_not_make_the_time_longer_in_which_seats_are_given():
    moved = replace(free(1), session=replace(free(1).session, moved_at=LATE - timedelta(hours=1)))

    assert moved.seats_given_until == SEATS_GIVEN_UNTIL


def test_w2_the_seat_is_booked_at_the_price_of_the_moment_and_is_due():
    (seat,) = seats(follows(a_queue(free(1), FIRST)))

    assert (seat.paid_with, seat.payment, seat.price, seat.booked_at) == (
        *(PaidWith.SINGLE, PaymentState.DUE, 3_000, NOW),
    )


def test_w2_all_free_seats_are_given_in_the_order_of_the_queue():
    assert who(follows(a_queue(free(2), FIRST, SECOND, THIRD))) == [FIRST.client.id, SECOND.client.id]
    assert who(follows(a_queue(free(0), FIRST, SECOND, THIRD))) == []
    assert who(follows(a_queue(free(3), FIRST))) == [FIRST.client.id]


def test_w2_whoever_cannot_be_seated_is_passed_over_and_keeps_the_place():
    cannot = replace(FIRST, client=a_client(archived_at=NOW))
    events = follows(a_queue(free(1), cannot, SECOND))

    assert who(events) == [SECOND.client.id]
    assert ends(events) == [(SECOND.entry.id, SEATED)]


def test_r6_each_seat_is_decided_on_what_those_before_have_left():
    one_for_credits = replace(free(2), session=replace(free(2).session, choices={"max_make_ups": 1}, most_ordinary=10))
    by_credit = [
        replace(each, credit=replace(a_held_credit(), id=uuid(400 + number), client_id=each.client.id))
        for number, each in enumerate((FIRST, SECOND))
    ]

    assert who(follows(a_queue(one_for_credits, *by_credit, THIRD))) == [by_credit[0].client.id, THIRD.client.id]


def test_r6_extra_seats_are_given_to_credits_only():
    target = a_target(a_session(taken=10, most_ordinary=10, extra_make_up_seats=1))
    by_credit = replace(waiting(1), credit=replace(a_held_credit(), client_id=SECOND.client.id))

    assert who(follows(a_queue(target, FIRST, by_credit))) == [SECOND.client.id]


@pytest.mark.parametrize("seats_free", [1, 2])
def test_w2_what_was_on_offer_is_given_where_it_is_in_time_again(seats_free: int):
    target = free(seats_free, freed_late=1)
    events = follows(a_queue(target, FIRST))

    assert events[0] == SeatsOffered(replace(target, waiting=1).session, 0)
    assert who(events) == [FIRST.client.id]


# With held credits


@pytest.mark.parametrize(
    "now",
    [NOW, a_credit().expires_at, START - timedelta(hours=26)],
    ids=["long before", "at its own end", "at the last"],
)
def test_w2_a_seat_for_a_credit_takes_it_as_a_release_would_have_left_it(now: datetime):
    one = waiting(0, a_held_credit())
    events = follows(a_queue(free(1), one), now=now)

    (seat,) = seats(events)
    assert (seat.paid_with, seat.payment, seat.price, seat.credit_id) == (
        *(PaidWith.MAKE_UP, PaymentState.PAID, None, one.entry.credit_id),
    )
    assert events == (
        SeatBooked(seat),
        CreditRedeemed(released(a_held_credit(), now, PRAGUE), seat),
        WaitlistEntryEnded(one.entry, SEATED, seat.id),
    )
    redeemed = events[1]
    assert isinstance(redeemed, CreditRedeemed)
    assert redeemed.credit.expires_at is not None
    assert redeemed.credit.expires_at > now


def test_w3_the_first_seat_wins_and_the_other_places_are_given_up():
    place = a_place()
    events = follows(a_queue(free(1), waiting(0, a_held_credit(LATER_START), (place,))))

    assert ends(events) == [(FIRST.entry.id, SEATED), (place.entry.id, GIVEN_UP)]


@pytest.mark.parametrize("later_id", [LATER_ID, UUID(int=0)])
def test_w3_of_seats_in_two_sessions_at_once_the_first_to_start_wins(later_id: UUID):
    later = replace(LATER, session=replace(LATER.session, id=later_id))
    credit = a_held_credit(LATER_START)
    here = Place(an_entry(credit_id=credit.id), START)
    there = a_place()
    at_first = Waiting(here.entry, FIRST.client, credit, set(), (there,))
    at_later = Waiting(there.entry, FIRST.client, credit, set(), (here,))
    queues = [a_queue(later, at_later, SECOND), a_queue(free(1), at_first, THIRD)]

    events = follows(*queues)

    assert [(seat.session_id, seat.client_id) for seat in seats(events)] == [
        (SESSION_ID, FIRST.client.id),
        (later_id, SECOND.client.id),
    ]
    assert ends(events) == [(here.entry.id, SEATED), (there.entry.id, GIVEN_UP), (SECOND.entry.id, SEATED)]
    assert len([event for event in events if isinstance(event, CreditRedeemed)]) == 1
    assert follows(*reversed(queues)) == events


def test_w2_sessions_that_start_at_once_are_taken_in_the_order_of_their_ids():
    twin = replace(LATER, session=replace(LATER.session, starts_at=START))

    events = follows(a_queue(twin, SECOND), a_queue(free(1), FIRST))

    assert [seat.session_id for seat in seats(events)] == [SESSION_ID, LATER_ID]


# Too late


@pytest.mark.parametrize(
    ("seats_free", "waits", "before", "freed", "after"),
    [(1, 1, 0, 1, 1), (2, 1, 0, 2, 1), (1, 2, 0, 2, 1), (3, 3, 1, 1, 2), (0, 2, 0, 1, 0), (3, 3, 1, 0, 1)],
)
def test_w2_late_seats_are_on_offer_for_as_many_as_wait(
    seats_free: int, waits: int, before: int, freed: int, after: int
):
    target = replace(free(seats_free), session=replace(free(seats_free).session, freed_late=before))
    queue = a_queue(target, *(FIRST, SECOND, THIRD)[:waits])

    events = follows(queue, freed=freed, now=LATE)

    assert events == ((SeatsOffered(target.session, after),) if after != before else ())


def test_w2_nothing_follows_once_the_session_has_started():
    assert follows(a_queue(free(1), FIRST), now=START - A_MICROSECOND) != ()
    assert follows(a_queue(free(1), FIRST), now=START) == ()
    cancelled = replace(free(1), session=replace(free(1).session, status=SessionStatus.CANCELLED))
    assert follows(a_queue(cancelled, FIRST), now=START) == ()


def test_w2_where_nobody_waits_nothing_follows():
    assert decide((), {}, (), NOW) == with_seats((), NOW) == ()
    assert follows(a_queue(free(1))) == ()


# Where nobody can come any more


@pytest.mark.parametrize("closed", [{"status": SessionStatus.CANCELLED}, {"archived_at": NOW}])
@pytest.mark.parametrize("now", [NOW, LATE])
def test_w2_the_queue_ends_where_the_session_is_cancelled_or_archived(closed: SessionFields, now: datetime):
    target = a_target(replace(free(3).session, **closed))
    one, place = waiting(1, a_held_credit()), a_place()
    several = waiting(2, replace(a_held_credit(LATER_START), id=uuid(401)), (place,))

    events = follows(a_queue(target, FIRST, one, several), now=now)

    assert events == (
        CreditReleased(released(a_held_credit(), now, PRAGUE)),
        WaitlistEntryEnded(FIRST.entry, ENDED, None),
        WaitlistEntryEnded(one.entry, ENDED, None),
        WaitlistEntryEnded(several.entry, ENDED, None),
    )


# Where the session has moved


@pytest.mark.parametrize("start", [START - timedelta(days=1), START + timedelta(days=3)])
def test_c8_what_waits_for_a_session_that_has_moved_waits_until_its_new_start(start: datetime):
    moved = a_target(replace(free(0).session, starts_at=start))
    one = waiting(0, a_held_credit(START))

    assert follows(a_queue(moved, one)) == (CreditHeld(held(a_held_credit(START), start, GRACE, PRAGUE), None),)
    waits_for_later = waiting(0, a_held_credit(LATER_START), (a_place(),))
    assert follows(a_queue(moved, waits_for_later)) == ()


def test_c8_who_is_seated_in_a_session_that_has_moved_is_seated_as_it_is_now():
    start = START + timedelta(days=3)
    moved = a_target(replace(free(1).session, starts_at=start))
    events = follows(a_queue(moved, waiting(0, a_held_credit(START))))

    assert [type(event) for event in events] == [SeatBooked, CreditHeld, CreditRedeemed, WaitlistEntryEnded]
    redeemed = events[2]
    assert isinstance(redeemed, CreditRedeemed)
    assert redeemed.credit == a_credit()


# Who has got a seat in another way


def test_w2_who_has_a_seat_waits_no_longer():
    place = a_place(START - timedelta(days=1))
    booked = waiting(0, a_held_credit(START), (place,), SEATED_ID)
    for_money = replace(SECOND, booking_id=SEATED_ID)
    queue = a_queue(free(0), booked, for_money, THIRD)

    events = (
        CreditHeld(held(a_held_credit(START), place.starts_at, GRACE, PRAGUE), None),
        WaitlistEntryEnded(booked.entry, SEATED, SEATED_ID),
        WaitlistEntryEnded(for_money.entry, SEATED, SEATED_ID),
    )
    assert with_seats([queue], NOW) == events
    assert follows(queue) == events
    assert with_seats([a_queue(free(1), THIRD)], NOW) == ()
    alone = waiting(0, a_held_credit(START), booking_id=SEATED_ID)
    assert with_seats([a_queue(free(0), alone)], NOW)[0] == CreditReleased(released(a_held_credit(), NOW, PRAGUE))


@pytest.mark.parametrize("later_first", [False, True])
def test_b2_who_has_a_seat_in_all_that_a_credit_waits_for_has_it_back(later_first: bool):
    """An enrolment."""
    credit = a_held_credit(LATER_START)
    here, there = Place(an_entry(credit_id=credit.id), START), a_place()
    queues = [
        a_queue(free(0), Waiting(here.entry, FIRST.client, credit, set(), (there,), SEATED_ID)),
        a_queue(LATER, Waiting(there.entry, FIRST.client, credit, set(), (here,), SEATED_ID)),
    ]

    events = with_seats(queues[::-1] if later_first else queues, NOW)

    assert events == (
        CreditReleased(a_credit()),
        WaitlistEntryEnded(here.entry, SEATED, SEATED_ID),
        WaitlistEntryEnded(there.entry, SEATED, SEATED_ID),
    )


def test_r6_a_seat_counts_by_what_paid_it():
    target = a_target(a_session(taken=4, make_ups=1, most_ordinary=3))
    ordinary, by_credit = with_seat_of(a_booking(), target).session, with_seat_of(a_make_up_booking(), target).session

    assert (ordinary.taken, ordinary.make_ups, ordinary.most_ordinary) == (5, 1, 4)
    assert (by_credit.taken, by_credit.make_ups, by_credit.most_ordinary) == (5, 2, 3)
