"""W2, W3: whatever frees a seat seats the first who can take it, in the same step, while that is in time."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from domain.credits.ledger import LedgerKind
from domain.nouns.booking import BookingStatus, CancellationOutcome, PaidWith, PaymentState
from domain.nouns.credit import CreditState
from domain.nouns.policy import HoursBefore
from domain.nouns.session import Compensation
from domain.refusals import RefusalCode
from domain.services.moving import MoveSession, move_session
from domain.services.policies import (
    UpdateSessionPolicy,
    update_session_policy,
)
from domain.services.schedule_changes import UpdateCourse, UpdateSession, update_course, update_session
from domain.services.session_cancellations import (
    CancelCourseSessions,
    CancelSession,
    cancel_course_sessions,
    cancel_session,
)
from domain.services.studios import UpdateStudio, update_studio
from domain.services.swaps import SwapSession, swap_session
from domain.services.waitlists import ClaimSeat, claim_seat
from tests.domain.builders import A_MICROSECOND, NOW, START
from tests.domain.freeing import SCENES, Scene, a_swap
from tests.domain.queues import (
    DEADLINE,
    ENDED,
    SEATED,
    SEATS_GIVEN_UNTIL,
    WAITING,
    Full,
    clients_waiting,
    credit_of,
    credit_state,
    guard_prices,
    join,
    state_of,
    states_of,
    story,
    wait_for_less,
)
from tests.domain.studio import HOUR, StudioInMemory, known

Code = RefusalCode
DAY = timedelta(days=1)
SOON = NOW + HOUR
LATE = SEATS_GIVEN_UNTIL + A_MICROSECOND


@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES)
def test_w2_every_act_that_frees_a_seat_seats_the_first_until_the_last_instant_and_offers_it_later(
    studio: StudioInMemory, scene: Callable[[StudioInMemory], Scene]
):
    in_time = scene(studio)
    assert in_time.full.scheduled().seats_given_until == SEATS_GIVEN_UNTIL
    in_time.frees(SEATS_GIVEN_UNTIL)
    assert states_of(in_time.full, in_time.clients, SEATS_GIVEN_UNTIL) == [SEATED, WAITING]
    assert in_time.clients[0] in in_time.full.seats
    assert in_time.full.on_offer(SEATS_GIVEN_UNTIL) == 0


@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES)
def test_w2_a_microsecond_later_the_seat_is_on_offer(studio: StudioInMemory, scene: Callable[[StudioInMemory], Scene]):
    late = scene(studio)
    late.frees(LATE)
    assert states_of(late.full, late.clients, LATE) == [WAITING, WAITING]
    assert late.full.on_offer(LATE) == 1
    last = next(entry.id for entry in late.full.entries if entry.client_id == late.clients[1])
    studio.done(claim_seat, ClaimSeat(last), "parent", LATE)
    assert states_of(late.full, late.clients, LATE) == [WAITING, SEATED]
    assert late.full.on_offer(LATE) == 0


# The seat


def test_w2_who_is_seated_pays_the_price_of_the_moment(studio: StudioInMemory):
    full = Full(studio)
    (client,) = clients_waiting(full, 1)
    studio.done(update_course, UpdateCourse(full.course, {"single_session_price": 4_444}))
    full.free_one(SOON)

    (booking,) = full.live
    assert (booking.client_id, booking.paid_with, booking.payment, booking.price, booking.booked_at) == (
        *(client, PaidWith.SINGLE, PaymentState.DUE, 4_444, SOON),
    )
    assert full.entries[0].booking_id == booking.id
    assert full.entries[0].ended_at == SOON


def test_w2_a_late_cancellation_frees_the_seat_too(studio: StudioInMemory):
    full = Full(studio)
    clients = clients_waiting(full, 1)
    booking = full.booking
    full.free_one(DEADLINE + A_MICROSECOND)

    assert studio.rows.bookings[booking].status is BookingStatus.CANCELLED_LATE
    assert states_of(full, clients, DEADLINE + A_MICROSECOND) == [WAITING]
    assert full.on_offer(DEADLINE + A_MICROSECOND) == 1


@pytest.mark.parametrize("by_credit", [False, True])
def test_w2_who_is_seated_at_the_last_instant_can_still_cancel_without_loss(studio: StudioInMemory, by_credit: bool):
    full = Full(studio)
    (client,) = clients_waiting(full, 1, by_credit)
    full.free_one(SEATS_GIVEN_UNTIL)
    (booking,) = full.live
    assert booking.client_id == client

    cancelled = studio.cancel(booking.id, DEADLINE)

    assert cancelled.status is BookingStatus.CANCELLED
    if by_credit:
        assert cancelled.outcome is CancellationOutcome.CREDIT_RETURNED
        assert credit_state(studio, known(booking.credit_id), DEADLINE) is CreditState.ACTIVE


def test_w2_whoever_cannot_be_seated_is_passed_over_and_keeps_the_place(studio: StudioInMemory):
    full = Full(studio, 2)
    first = studio.a_client()
    wait_for_less(full, first)
    (second,) = clients_waiting(full, 1)
    guard_prices(studio)
    full.free_one(SOON)
    assert states_of(full, [first, second], SOON) == [WAITING, SEATED]

    guard_prices(studio, False)
    full.free_one(SOON)
    assert states_of(full, [first, second], SOON) == [SEATED, SEATED]


def test_w2_all_free_seats_are_given_also_those_that_others_were_passed_over_for(studio: StudioInMemory):
    full = Full(studio, 2)
    first, second, third = clients_waiting(full, 3)
    studio.done(update_studio, UpdateStudio({}, archived=True), "owner", SOON)
    full.free_one(SOON)
    assert states_of(full, [first, second, third], SOON) == [WAITING] * 3
    studio.done(update_studio, UpdateStudio({}, archived=False), "owner", SOON)

    full.free_one(SOON)

    assert states_of(full, [first, second, third], SOON) == [SEATED, SEATED, WAITING]


def test_c6_the_seat_that_a_swap_frees_goes_to_its_queue_last(studio: StudioInMemory):
    scene = a_swap(studio)
    known_before = set(studio.rows.bookings)
    scene.frees(SOON)

    made = [booking for key, booking in studio.rows.bookings.items() if key not in known_before]
    assert [booking.paid_with for booking in made] == [PaidWith.MAKE_UP, PaidWith.SINGLE]
    assert made[1].client_id == scene.clients[0]


def test_w2_a_swap_into_a_session_that_one_waits_for_ends_the_place(studio: StudioInMemory):
    here, there = Full(studio), Full(studio, starts_at=START + DAY)
    studio.cancel(here.booking, NOW, by="owner")
    client = studio.a_client()
    booking = studio.a_booking(here.id, client)
    (other,) = clients_waiting(here, 1)
    credit = studio.a_credit(client)
    studio.change_session_policy(there.id, make_ups_open_days_before=3)
    entry = join_with_the_window_open(there, client, credit)
    there.free_one(NOW)
    assert state_of(studio, entry) is WAITING
    opens = there.scheduled().make_ups_open_at
    assert opens is not None

    studio.done(swap_session, SwapSession(booking, there.id), "parent", opens)

    assert state_of(studio, entry, opens) is SEATED
    assert credit_state(studio, credit, opens) is CreditState.ACTIVE
    assert states_of(here, [other], opens) == [SEATED]


def join_with_the_window_open(full: Full, client: UUID, credit: UUID) -> UUID:
    days = full.scheduled().policy.make_ups_open_days_before
    full.studio.change_session_policy(full.id, make_ups_open_days_before=None)
    entry = join(full, client, credit)
    full.studio.change_session_policy(full.id, make_ups_open_days_before=days)
    return entry


# Where the time comes again


def test_w2_a_move_opens_the_time_again_and_what_was_on_offer_is_given(studio: StudioInMemory):
    full = Full(studio)
    first, second = clients_waiting(full, 2, by_credit=True)
    credit = known(next(entry.credit_id for entry in full.entries if entry.client_id == first))
    held = known(next(entry.credit_id for entry in full.entries if entry.client_id == second))
    full.free_one(LATE)
    assert full.on_offer(LATE) == 1
    later = START + 2 * DAY

    studio.done(move_session, MoveSession(full.id, later, later + HOUR), "owner", LATE)

    assert states_of(full, [first, second], LATE) == [SEATED, WAITING]
    assert (full.on_offer(LATE), full.scheduled().session.freed_late) == (0, 0)
    assert credit_of(studio, held).held_until == later
    assert credit_state(studio, credit, LATE) is CreditState.USED
    assert story(studio, held, LATE) == [LedgerKind.ISSUED, LedgerKind.HELD, LedgerKind.HELD]
    assert credit_state(studio, held, START) is CreditState.HELD
    assert credit_state(studio, held, later) is CreditState.ACTIVE


def test_w2_the_time_is_that_of_the_policy_without_the_day_after_a_move(studio: StudioInMemory):
    full = Full(studio)
    (client,) = clients_waiting(full, 1)
    studio.done(move_session, MoveSession(full.id, START, START + 2 * HOUR), "owner", LATE)
    full.free_one(LATE)

    assert states_of(full, [client], LATE) == [WAITING]
    assert full.on_offer(LATE) == 1


def test_c8_a_session_that_moves_to_sooner_holds_less_long(studio: StudioInMemory):
    full = Full(studio)
    (client,) = clients_waiting(full, 1, by_credit=True)
    credit = known(full.entries[0].credit_id)
    sooner = START - 3 * DAY
    studio.done(move_session, MoveSession(full.id, sooner, sooner + HOUR), "owner", SOON)

    assert states_of(full, [client], SOON) == [WAITING]
    assert credit_of(studio, credit).held_until == sooner
    assert states_of(full, [client], sooner) == [ENDED]


def test_w2_a_shorter_deadline_gives_what_was_on_offer(studio: StudioInMemory):
    full = Full(studio)
    (client,) = clients_waiting(full, 1)
    full.free_one(LATE)
    command = UpdateSessionPolicy(full.id, {"cancellation_deadline": HoursBefore(1)})
    studio.done(update_session_policy, command, "owner", LATE)

    assert states_of(full, [client], LATE) == [SEATED]


# Where nobody comes any more


def test_w2_what_the_studio_cancels_ends_the_queue_and_releases_what_it_held(studio: StudioInMemory):
    full = Full(studio)
    clients = [*clients_waiting(full, 1), *clients_waiting(full, 1, by_credit=True)]
    credit = known(next(entry.credit_id for entry in full.entries if entry.credit_id))
    studio.done(cancel_session, CancelSession(full.id, Compensation.NONE, ""), "owner", SOON)

    assert states_of(full, clients, SOON) == [ENDED, ENDED]
    assert {entry.ended_at for entry in full.entries} == {SOON}
    assert credit_state(studio, credit, SOON) is CreditState.ACTIVE
    assert story(studio, credit, SOON) == [LedgerKind.ISSUED, LedgerKind.HELD, LedgerKind.RELEASED]
    assert full.seats == []


def test_w2_a_whole_course_that_the_studio_cancels_releases_what_waited_for_all_of_it(studio: StudioInMemory):
    first = Full(studio)
    second = Full(studio, starts_at=START + DAY, course_id=first.course)
    elsewhere = Full(studio, starts_at=START - DAY)
    client, other = studio.a_client(), studio.a_client()
    credit, kept = studio.a_credit(client), studio.a_credit(other)
    for full in (second, first):
        join(full, client, credit)
    for full in (first, second, elsewhere):
        join(full, other, kept)

    command = CancelCourseSessions(first.course, None, Compensation.NONE, "")
    studio.done(cancel_course_sessions, command, "owner", SOON)

    assert states_of(first, [client, other], SOON) == states_of(second, [client, other], SOON) == [ENDED, ENDED]
    assert credit_state(studio, credit, SOON) is CreditState.ACTIVE
    assert credit_of(studio, kept).held_until == START - DAY
    assert states_of(elsewhere, [other], SOON) == [WAITING]


def test_w2_what_is_archived_ends_the_queue(studio: StudioInMemory):
    """While nobody has a seat: those who wait were passed over."""
    full = Full(studio)
    client = studio.a_client()
    wait_for_less(full, client)
    guard_prices(studio)
    full.free_one(SOON)
    assert states_of(full, [client], SOON) == [WAITING]

    studio.done(update_session, UpdateSession(full.id, {}, archived=True), "owner", SOON)

    assert states_of(full, [client], SOON) == [ENDED]
    assert credit_state(studio, known(full.entries[0].credit_id), SOON) is CreditState.ACTIVE
