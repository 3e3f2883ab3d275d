"""Snapshots that violate an invariant: which, and what its sentence has to name."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from domain.nouns.booking import Attendance, BookingStatus, CancellationOutcome, EarnedNothing, PaidWith
from domain.nouns.credit import CreditOrigin, CreditState
from domain.nouns.session import SessionStatus
from domain.truth.invariants import (
    Snapshot,
    archived_sessions_were_empty_or_over,
    attendance_is_marked_from_the_start_on,
    cancellations_tell_what_they_brought,
    cancelled_sessions_have_no_seats,
    clients_have_one_live_seat_a_session,
    credits_name_what_is_here,
    credits_stand_for_bookings_of_money,
    ended_enrolments_hold_no_seat_to_come,
    enrolments_name_who_is_here,
    everything_is_of_one_studio,
    excused_absences_that_earned_are_marked,
    ledgers_never_go_back,
    make_ups_and_no_others_are_paid_with_credits,
    one_credit_per_missed_booking,
    seats_and_places_name_what_is_here,
    sessions_are_not_overbooked,
    sessions_count_what_paid_their_seats,
    used_credits_and_make_up_bookings_are_pairs,
)
from tests.domain.builders import (
    A_MICROSECOND,
    BOOKING_ID,
    ENROLMENT_ID,
    NOW,
    OTHER_ID,
    SESSION_ID,
    START,
    a_booking,
    a_client,
    a_session,
    an_enrolment,
    uuid,
)
from tests.domain.snapshots import (
    CLEAN,
    EARNED,
    EARNED_ID,
    ENDED,
    ENDED_ID,
    FORFEITED_MAKE_UP,
    GRANTED,
    GRANTED_ID,
    IN_ALL_SEATS,
    LATE,
    LATE_ID,
    LATE_MAKE_UP,
    LOST,
    MAKE_UP,
    MAKE_UP_ID,
    MISSED,
    REDEEMED,
    RESTORED,
    RETURNED_MAKE_UP,
    SPENT_LINES,
    STANDING,
    TARGET_ID,
    Invariant,
    bookings,
    credits,
    ledger,
    line,
    of_target,
)
from tests.domain.violated_ledgers import OF_LEDGERS

COUNTED = sessions_count_what_paid_their_seats
TWIN = replace(EARNED, id=OTHER_ID, state=CreditState.ACTIVE, booking_id=None)
NOT_PAID = (EarnedNothing.NOT_PAID,)
EXCUSED_ABSENCE = CreditOrigin.EXCUSED_ABSENCE

VIOLATED: dict[str, tuple[Invariant, Snapshot, UUID]] = {
    "1, two credits for one booking": (one_credit_per_missed_booking, credits(TWIN), BOOKING_ID),
    "1, an expired one counts": (
        one_credit_per_missed_booking,
        credits(replace(TWIN, expires_at=NOW, expires_on=date(2026, 11, 22))),
        BOOKING_ID,
    ),
    "2, a used credit without a booking": (
        used_credits_and_make_up_bookings_are_pairs,
        credits(replace(GRANTED, state=CreditState.USED)),
        GRANTED_ID,
    ),
    "2, a used credit whose booking was cancelled in time": (
        used_credits_and_make_up_bookings_are_pairs,
        bookings(RETURNED_MAKE_UP),
        EARNED_ID,
    ),
    "2, a booking whose credit is not used": (
        *(used_credits_and_make_up_bookings_are_pairs, credits(RESTORED), MAKE_UP_ID),
    ),
    "2, a booking whose credit is used for another": (
        *(used_credits_and_make_up_bookings_are_pairs, credits(replace(EARNED, booking_id=OTHER_ID)), MAKE_UP_ID),
    ),
    "2, one credit for two bookings": (
        used_credits_and_make_up_bookings_are_pairs,
        bookings(replace(MAKE_UP, id=OTHER_ID, session_id=SESSION_ID)),
        EARNED_ID,
    ),
    "2, one credit for a late-cancelled booking and a live one": (
        used_credits_and_make_up_bookings_are_pairs,
        bookings(replace(LATE_MAKE_UP, id=OTHER_ID)),
        EARNED_ID,
    ),
    "2, a forfeited credit whose booking is live": (
        *(used_credits_and_make_up_bookings_are_pairs, replace(LOST, bookings=(MISSED, MAKE_UP)), EARNED_ID),
    ),
    "C1, a booking in time that tells nothing, and no credit was lost with it": (
        cancellations_tell_what_they_brought,
        replace(LOST, credits=(RESTORED,)),
        MAKE_UP_ID,
    ),
    "C1, a booking whose credit is said to be back, and it is lost": (
        cancellations_tell_what_they_brought,
        replace(LOST, bookings=(MISSED, RETURNED_MAKE_UP)),
        MAKE_UP_ID,
    ),
    "C1, a booking that does not tell that its credit is lost": (
        cancellations_tell_what_they_brought,
        replace(LOST, bookings=(MISSED, replace(FORFEITED_MAKE_UP, why_not_earned=RETURNED_MAKE_UP.why_not_earned))),
        MAKE_UP_ID,
    ),
    "C1, a late booking that tells of a credit that was lost": (
        cancellations_tell_what_they_brought,
        bookings(replace(LATE_MAKE_UP, why_not_earned=FORFEITED_MAKE_UP.why_not_earned)),
        MAKE_UP_ID,
    ),
    "E6, a live booking in a cancelled session": (
        cancelled_sessions_have_no_seats,
        of_target(CLEAN, taken=1, make_ups=1, status=SessionStatus.CANCELLED),
        MAKE_UP_ID,
    ),
    "2, a make-up without a credit": (
        *(make_ups_and_no_others_are_paid_with_credits, bookings(replace(MAKE_UP, credit_id=None)), MAKE_UP_ID),
    ),
    "2, a single booking with a credit": (
        *(make_ups_and_no_others_are_paid_with_credits, bookings(replace(LATE, credit_id=GRANTED_ID)), LATE_ID),
    ),
    "3, one live booking too many": (
        sessions_are_not_overbooked,
        replace(
            bookings(a_booking(id=OTHER_ID, session_id=TARGET_ID)),
            sessions=(a_session(), a_session(id=TARGET_ID, capacity=1, taken=2)),
        ),
        TARGET_ID,
    ),
    "3, more taken than there are bookings": (
        *(sessions_are_not_overbooked, replace(CLEAN, sessions=(a_session(taken=1),)), SESSION_ID),
    ),
    "3, fewer taken than there are bookings": (sessions_are_not_overbooked, of_target(CLEAN, taken=0), TARGET_ID),
    "3, one live booking too many for the extra seats": (
        sessions_are_not_overbooked,
        of_target(IN_ALL_SEATS, capacity=1, taken=2, make_ups=1, most_ordinary=1),
        TARGET_ID,
    ),
    "3, fewer make-ups than there are": (COUNTED, of_target(CLEAN, taken=1), TARGET_ID),
    "3, more make-ups than there are": (COUNTED, of_target(CLEAN, taken=2, make_ups=2), TARGET_ID),
    "3, more ordinary at once than ever": (COUNTED, of_target(CLEAN, make_ups=1, most_ordinary=1), TARGET_ID),
    "3, fewer ordinary at once than now": (COUNTED, of_target(IN_ALL_SEATS, taken=2, make_ups=1), TARGET_ID),
    "R7, two live bookings of one client": (
        clients_have_one_live_seat_a_session,
        bookings(a_booking(id=OTHER_ID, session_id=TARGET_ID)),
        TARGET_ID,
    ),
    **OF_LEDGERS,
    "5, born from a make-up": (
        credits_stand_for_bookings_of_money,
        credits(replace(GRANTED, missed_booking_id=MAKE_UP_ID, missed_paid_with=PaidWith.MAKE_UP)),
        GRANTED_ID,
    ),
    "5, for a booking of another client": (
        *(credits_stand_for_bookings_of_money, credits(replace(EARNED, client_id=OTHER_ID)), EARNED_ID),
    ),
    "5, for a booking in another session": (
        *(credits_stand_for_bookings_of_money, credits(replace(EARNED, missed_session_id=TARGET_ID)), EARNED_ID),
    ),
    "5, for no booking": (
        *(credits_stand_for_bookings_of_money, credits(replace(EARNED, missed_booking_id=OTHER_ID)), EARNED_ID),
    ),
    "E1, a live booking with an outcome": (
        *(cancellations_tell_what_they_brought, bookings(replace(MISSED, status=BookingStatus.BOOKED)), BOOKING_ID),
    ),
    "E1, an outcome of nothing without a reason": (
        *(cancellations_tell_what_they_brought, bookings(replace(LATE, why_not_earned=())), LATE_ID),
    ),
    "E1, a credit with a reason against it": (
        *(cancellations_tell_what_they_brought, bookings(replace(MISSED, why_not_earned=NOT_PAID)), BOOKING_ID),
    ),
    "E1, a credit that is not there": (
        *(cancellations_tell_what_they_brought, replace(CLEAN, credits=(GRANTED,)), BOOKING_ID),
    ),
    "E1, a credit that nothing tells of": (
        cancellations_tell_what_they_brought,
        bookings(replace(MISSED, outcome=CancellationOutcome.NOTHING, why_not_earned=NOT_PAID)),
        BOOKING_ID,
    ),
    "C5, a credit of what is live again, not taken back": (
        cancellations_tell_what_they_brought,
        bookings(replace(MISSED, status=BookingStatus.BOOKED, cancelled_at=None, outcome=None)),
        BOOKING_ID,
    ),
    "C5, a credit that was taken back, and its booking still given up": (
        *(cancellations_tell_what_they_brought, credits(replace(EARNED, state=CreditState.UNDONE)), BOOKING_ID),
    ),
    "E4, a late cancellation that earns": (
        cancellations_tell_what_they_brought,
        bookings(replace(MISSED, status=BookingStatus.CANCELLED_LATE)),
        BOOKING_ID,
    ),
    "C1, a credit returned to what no credit paid": (
        cancellations_tell_what_they_brought,
        bookings(replace(MISSED, outcome=CancellationOutcome.CREDIT_RETURNED, why_not_earned=NOT_PAID)),
        BOOKING_ID,
    ),
    "C2, a credit returned late": (
        cancellations_tell_what_they_brought,
        bookings(replace(RETURNED_MAKE_UP, status=BookingStatus.CANCELLED_LATE)),
        MAKE_UP_ID,
    ),
    "C12, a seat to come of an enrolment that has ended": (
        ended_enrolments_hold_no_seat_to_come,
        replace(bookings(STANDING), enrolments=(an_enrolment(ended_at=START - A_MICROSECOND),)),
        OTHER_ID,
    ),
    "C12, a booking that ended with an enrolment that runs": (
        *(ended_enrolments_hold_no_seat_to_come, bookings(ENDED), ENDED_ID),
    ),
    "C12, a booking that ended at another time than its enrolment": (
        ended_enrolments_hold_no_seat_to_come,
        replace(bookings(ENDED), enrolments=(an_enrolment(ended_at=START + A_MICROSECOND),)),
        ENDED_ID,
    ),
    "E5, marked before the start": (
        attendance_is_marked_from_the_start_on,
        bookings(replace(MAKE_UP, attendance=Attendance.ATTENDED, marked_at=START - A_MICROSECOND)),
        MAKE_UP_ID,
    ),
    "E5, a credit for an absence that nobody marked": (
        *(excused_absences_that_earned_are_marked, credits(replace(EARNED, origin=EXCUSED_ABSENCE)), EARNED_ID),
    ),
    "B4, a session archived before it started, with a seat taken": (
        archived_sessions_were_empty_or_over,
        replace(CLEAN, sessions=(a_session(), a_session(id=TARGET_ID, taken=1, archived_at=START - A_MICROSECOND))),
        TARGET_ID,
    ),
    "7, a ledger that goes back": (
        *(ledgers_never_go_back, ledger(EARNED_ID, SPENT_LINES[0], line(REDEEMED, MAKE_UP_ID, -1)), EARNED_ID),
    ),
    "8, a session of another studio": (
        *(everything_is_of_one_studio, replace(CLEAN, clients=(a_client(studio_id=77),)), uuid(77)),
    ),
    "8, a booking in a session that is not here": (
        *(seats_and_places_name_what_is_here, replace(CLEAN, sessions=(a_session(),)), TARGET_ID),
    ),
    "8, a booking paid with a credit that is not here": (
        *(seats_and_places_name_what_is_here, replace(CLEAN, credits=(GRANTED,)), EARNED_ID),
    ),
    "8, a credit for a booking that is not here": (
        *(credits_name_what_is_here, credits(replace(EARNED, missed_booking_id=OTHER_ID)), OTHER_ID),
    ),
    "8, an enrolment of a client who is not here": (
        enrolments_name_who_is_here,
        replace(CLEAN, clients=()),
        ENROLMENT_ID,
    ),
}
