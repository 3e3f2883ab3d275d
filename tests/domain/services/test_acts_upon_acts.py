"""Undoing, swapping and absences upon what another act has left: a moved session, a studio that forfeits, a sibling."""

from datetime import datetime, timedelta

import pytest

from domain.credits.ledger import LedgerKind
from domain.nouns.booking import BookingStatus
from domain.nouns.credit import CreditState
from domain.nouns.policy import CreditScope, ExpiryMeans, LateCancellation, OnMakeUpCancellation
from domain.refusals import RefusalCode, Refused
from domain.services.absences import CancelBookings, cancel_bookings
from tests.domain.acting import (
    AROUND_THE_END_OF_THE_DAY,
    BEFORE,
    CREDIT,
    DAY,
    DAY_ENDS,
    DEADLINE_MOVED,
    FAR,
    MOVED_AT,
    MOVED_TO,
    NOTHING,
    RETURNED,
    away,
    earned_by,
    foreseen,
    local_dates,
    move,
    refused_swap,
    session_of,
    spend,
    swap,
)
from tests.domain.builders import A_MICROSECOND, DEADLINE, NOW, START, utc
from tests.domain.studio import HOUR, StudioInMemory
from tests.domain.undone import ISSUED, REDEEMED, RESTORED, UNDONE, booking_of, undo, why_not

FORFEITED = LedgerKind.FORFEITED
LATE, IN_TIME = BookingStatus.CANCELLED_LATE, BookingStatus.CANCELLED
FORFEIT = OnMakeUpCancellation.FORFEIT
AROUND_THE_DEADLINE = [(DEADLINE - A_MICROSECOND, True), (DEADLINE, True), (DEADLINE + A_MICROSECOND, False)]
SOON = NOW + 3 * HOUR


# Undoing


@pytest.mark.parametrize(("moved_at", "to"), [(MOVED_AT, MOVED_TO), (NOW + HOUR, SOON)], ids=["later", "sooner"])
@pytest.mark.parametrize("after", [-A_MICROSECOND, timedelta(), A_MICROSECOND])
@pytest.mark.parametrize("by", ["parent", "manager"])
def test_c5_c8_a_seat_is_had_again_until_the_start_to_which_its_session_has_moved_since(
    studio: StudioInMemory, moved_at: datetime, to: datetime, after: timedelta, by: str
):
    booking = studio.a_booking(studio.a_session(START, capacity=1), studio.a_client())
    studio.cancel(booking, NOW)
    move(studio, session_of(studio, booking), to, moved_at)

    if after < timedelta():
        undo(studio, booking, to + after, by)
        assert studio.earned(booking).state is CreditState.UNDONE
        assert studio.rows.sessions[session_of(studio, booking)].taken == 1
    else:
        assert why_not(studio, booking, to + after, by) == [RefusalCode.SESSION_STARTED]


@pytest.mark.parametrize(("now", "in_time"), AROUND_THE_END_OF_THE_DAY)
def test_c5_c8_a_seat_that_was_had_again_after_the_move_is_as_old_as_it_was_and_has_the_day(
    studio: StudioInMemory, now: datetime, in_time: bool
):
    booking = studio.a_booking(studio.a_session(START), studio.a_client())
    studio.cancel(booking, NOW)
    move(studio, session_of(studio, booking))
    undo(studio, booking, MOVED_AT + HOUR)

    cancelled = studio.cancel(booking, now)

    assert (cancelled.status, cancelled.outcome) == ((IN_TIME, CREDIT) if in_time else (LATE, NOTHING))
    states = sorted(credit.state for credit in studio.rows.credits.values())
    assert states == ([CreditState.ACTIVE, CreditState.UNDONE] if in_time else [CreditState.UNDONE])


SOONER_THAN_A_DAY = START + 12 * HOUR
SWAPPED_BACK = [
    *((MOVED_TO, now, in_time) for now, in_time in AROUND_THE_END_OF_THE_DAY),
    (SOONER_THAN_A_DAY, SOONER_THAN_A_DAY - A_MICROSECOND, True),
    (SOONER_THAN_A_DAY, SOONER_THAN_A_DAY, False),
    (SOONER_THAN_A_DAY, SOONER_THAN_A_DAY + A_MICROSECOND, False),
]


@pytest.mark.parametrize(("to", "now", "in_time"), SWAPPED_BACK)
@pytest.mark.parametrize("whose", ["their own", "a sibling's"])
@pytest.mark.parametrize("forfeit", [False, True])
def test_c5_c8_r8_swap_back_gives_up_what_is_in_time_only_by_the_day_after_a_move(
    studio: StudioInMemory, to: datetime, now: datetime, in_time: bool, whose: str, forfeit: bool
):
    studio.change_policy(credit_scope=CreditScope.SAME_ACCOUNT)
    client = studio.a_client()
    booking, credit = earned_by(studio, client)
    make_up = spend(studio, credit, client if whose == "their own" else studio.a_client())
    studio.change_policy(on_make_up_cancellation=FORFEIT if forfeit else None)
    assert why_not(studio, booking, MOVED_AT, swap_back=True) == [RefusalCode.CREDIT_USED]
    move(studio, session_of(studio, make_up), to)

    if in_time:
        done = undo(studio, booking, now, swap_back=True)
        assert (done.bookings, done.credit) == ((make_up,), credit)
        assert (booking_of(studio, booking).live, booking_of(studio, make_up).outcome) == (True, RETURNED)
        assert studio.ledger(credit) == [ISSUED, REDEEMED, RESTORED, UNDONE]
    else:
        assert why_not(studio, booking, now, swap_back=True) == [RefusalCode.CREDIT_USED]


@pytest.mark.parametrize(("now", "in_time"), AROUND_THE_DEADLINE)
def test_c5_c1_swap_back_takes_the_credit_back_also_where_the_studio_forfeits(
    studio: StudioInMemory, now: datetime, in_time: bool
):
    client = studio.a_client()
    booking, credit = earned_by(studio, client)
    make_up = spend(studio, credit, client)
    studio.change_policy(on_make_up_cancellation=FORFEIT)

    if in_time:
        assert undo(studio, booking, now, swap_back=True).bookings == (make_up,)
        assert studio.ledger(credit) == [ISSUED, REDEEMED, RESTORED, UNDONE]
    else:
        assert why_not(studio, booking, now, swap_back=True) == [RefusalCode.CREDIT_USED]


@pytest.mark.parametrize("swap_back", [False, True])
def test_c5_c1_what_was_forfeited_stands_against_it_until_its_seat_is_had_again(
    studio: StudioInMemory, swap_back: bool
):
    studio.change_policy(on_make_up_cancellation=FORFEIT)
    client = studio.a_client()
    booking, credit = earned_by(studio, client)
    make_up = spend(studio, credit, client)
    studio.cancel(make_up, BEFORE)

    assert why_not(studio, booking, BEFORE, swap_back=swap_back) == [RefusalCode.CREDIT_FORFEITED]
    undo(studio, make_up, BEFORE)
    undo(studio, booking, BEFORE, swap_back=True)
    assert studio.ledger(credit) == [ISSUED, REDEEMED, FORFEITED, REDEEMED, RESTORED, UNDONE]


def test_c5_c1_a_make_up_is_had_again_for_another_of_the_same_credit_where_the_studio_forfeits(
    studio: StudioInMemory,
):
    client = studio.a_client()
    credit = studio.a_credit(client)
    first = spend(studio, credit, client)
    studio.cancel(first, BEFORE)
    second = spend(studio, credit, client, FAR)
    studio.change_policy(on_make_up_cancellation=FORFEIT)

    assert undo(studio, first, BEFORE, swap_back=True).bookings == (second,)
    assert studio.ledger(credit) == [ISSUED, REDEEMED, RESTORED, REDEEMED, RESTORED, REDEEMED]
    assert studio.rows.credits[credit].booking_id == first


# Swapping


@pytest.mark.parametrize(("now", "in_time"), AROUND_THE_END_OF_THE_DAY)
@pytest.mark.parametrize("late", LateCancellation)
@pytest.mark.parametrize("by_credit", [False, True])
def test_c6_c8_a_seat_is_swapped_in_the_day_after_a_move_and_no_longer(
    studio: StudioInMemory, now: datetime, in_time: bool, late: LateCancellation, by_credit: bool
):
    studio.change_policy(late_cancellation=late)
    client, wanted = studio.a_client(), studio.a_session(FAR)
    if by_credit:
        booking = spend(studio, studio.a_credit(client), client)
    else:
        booking = studio.a_booking(studio.a_session(START), client)
    blocked = [RefusalCode.LATE_CANCELLATION_BLOCKED] if late is LateCancellation.BLOCK else []
    too_late = [*blocked, RefusalCode.CANCELLATION_EARNS_NOTHING]
    assert refused_swap(studio, booking, wanted, MOVED_AT) == too_late
    move(studio, session_of(studio, booking))

    if in_time:
        new = swap(studio, booking, wanted, now)
        (credit,) = studio.rows.credits.values()
        assert (credit.state, credit.booking_id) == (CreditState.USED, new)
        first = [ISSUED, REDEEMED, RESTORED] if by_credit else [ISSUED]
        assert studio.ledger(credit.id) == [*first, REDEEMED]
    else:
        assert refused_swap(studio, booking, wanted, now) == too_late


@pytest.mark.parametrize("after", [-A_MICROSECOND, timedelta(), A_MICROSECOND])
def test_c6_c8_a_session_is_swapped_into_until_the_start_to_which_it_has_moved(
    studio: StudioInMemory, after: timedelta
):
    booking, wanted = studio.a_booking(studio.a_session(FAR), studio.a_client()), studio.a_session(START)
    move(studio, wanted)

    if after < timedelta():
        swap(studio, booking, wanted, MOVED_TO + after)
        assert studio.rows.sessions[wanted].make_ups == 1
    else:
        assert refused_swap(studio, booking, wanted, MOVED_TO + after) == [RefusalCode.SESSION_STARTED]


@pytest.mark.parametrize(
    ("swapped_at", "cancelled_at", "status"),
    [
        (MOVED_AT - A_MICROSECOND, DAY_ENDS, IN_TIME),
        (MOVED_AT, DAY_ENDS, IN_TIME),
        (MOVED_AT, DAY_ENDS + A_MICROSECOND, LATE),
        (MOVED_AT + A_MICROSECOND, DEADLINE_MOVED, IN_TIME),
        (MOVED_AT + A_MICROSECOND, DEADLINE_MOVED + A_MICROSECOND, LATE),
    ],
)
def test_c6_c8_who_swaps_into_a_session_after_it_moved_knew_of_it(
    studio: StudioInMemory, swapped_at: datetime, cancelled_at: datetime, status: BookingStatus
):
    booking, wanted = studio.a_booking(studio.a_session(FAR), studio.a_client()), studio.a_session(START)
    if swapped_at <= MOVED_AT:
        new = swap(studio, booking, wanted, swapped_at)
        move(studio, wanted)
    else:
        move(studio, wanted)
        new = swap(studio, booking, wanted, swapped_at)

    assert studio.cancel(new, cancelled_at).status is status


@pytest.mark.parametrize("after", [-A_MICROSECOND, timedelta(), A_MICROSECOND])
def test_c6_c8_v3_a_session_that_moved_past_the_end_of_the_credit_is_no_longer_one_to_swap_into(
    studio: StudioInMemory, after: timedelta
):
    studio.change_policy(expiry_means=ExpiryMeans.ATTEND_BY)
    booking = studio.a_booking(studio.a_session(START), studio.a_client())
    wanted, credits_end = studio.a_session(NOW + 2 * DAY), utc("2026-12-06T23:00:00Z")
    move(studio, wanted, credits_end + after, NOW)

    if after < timedelta():
        swap(studio, booking, wanted, NOW)
        assert studio.earned(booking).expires_at == credits_end
    else:
        assert refused_swap(studio, booking, wanted, NOW) == [RefusalCode.STARTS_AFTER_EXPIRY]


# Absences


@pytest.mark.parametrize(("now", "in_time"), AROUND_THE_END_OF_THE_DAY)
@pytest.mark.parametrize("late", LateCancellation)
def test_c7_c8_an_absence_gives_up_in_the_day_after_a_move_what_is_late_without_it(
    studio: StudioInMemory, now: datetime, in_time: bool, late: LateCancellation
):
    """From the thirteenth it has moved to midnight, which is the fifteenth in Prague."""
    studio.change_policy(late_cancellation=late)
    client = studio.a_client()
    moved, other = (studio.a_booking(studio.a_session(start), client) for start in (START, FAR))
    move(studio, session_of(studio, moved))
    assert foreseen(studio, client, local_dates(13, 14), MOVED_AT) == {}
    shown = foreseen(studio, client, local_dates(15, 18), now)

    done = away(studio, client, local_dates(15, 18), now, shown)

    assert done.bookings == (moved, other) == tuple(shown)
    told = [each and each.outcome for each in shown.values()]
    if in_time or late is LateCancellation.ALLOW_WITHOUT_CREDIT:
        assert done.changed == (moved, other)
        assert (
            told
            == [booking_of(studio, key).outcome for key in done.bookings]
            == [CREDIT if in_time else NOTHING, CREDIT]
        )
        assert booking_of(studio, moved).status is (IN_TIME if in_time else LATE)
    else:
        assert (done.changed, told) == ((other,), [None, CREDIT])
        assert [reason.code for reason in done.against] == [RefusalCode.LATE_CANCELLATION_BLOCKED]
        assert booking_of(studio, moved).live


@pytest.mark.parametrize(
    ("moved", "now", "in_time"),
    [
        *((False, *border) for border in AROUND_THE_DEADLINE),
        *((True, *border) for border in AROUND_THE_END_OF_THE_DAY),
    ],
)
def test_c7_c1_where_the_studio_forfeits_an_absence_loses_the_credit_as_the_preview_said(
    studio: StudioInMemory, moved: bool, now: datetime, in_time: bool
):
    studio.change_policy(on_make_up_cancellation=FORFEIT)
    client = studio.a_client()
    credit = studio.a_credit(client)
    make_up, other = spend(studio, credit, client), studio.a_booking(studio.a_session(FAR), client)
    if moved:
        move(studio, session_of(studio, make_up))
    shown = foreseen(studio, client, local_dates(13, 18), now)

    done = away(studio, client, local_dates(13, 18), now, shown)

    assert done.changed == (make_up, other) == tuple(shown)
    assert [each and each.outcome for each in shown.values()] == [NOTHING, CREDIT]
    assert booking_of(studio, make_up).outcome is NOTHING
    assert booking_of(studio, make_up).status is (IN_TIME if in_time else LATE)
    assert studio.ledger(credit) == [ISSUED, REDEEMED, *([FORFEITED] if in_time else [])]
    assert studio.rows.credits[credit].state is (CreditState.FORFEITED if in_time else CreditState.USED)
    assert studio.earned(other).state is CreditState.ACTIVE


def test_c7_c1_p1_an_absence_that_was_shown_to_give_the_credit_back_does_not_lose_it(studio: StudioInMemory):
    client = studio.a_client()
    credit = studio.a_credit(client)
    make_up = spend(studio, credit, client)
    shown = foreseen(studio, client, local_dates(13, 18), BEFORE)
    studio.change_policy(on_make_up_cancellation=FORFEIT)
    command = CancelBookings(client, local_dates(13, 18), shown)

    outcome = studio.act(cancel_bookings, command, "parent", BEFORE)

    assert isinstance(outcome, Refused)
    assert [reason.code for reason in outcome.reasons] == [RefusalCode.OUTCOME_CHANGED]
    assert booking_of(studio, make_up).live
    assert studio.ledger(credit) == [ISSUED, REDEEMED]
