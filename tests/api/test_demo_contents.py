"""What the demo promises to hold, so that it cannot silently lose a kind of anything."""

from collections import Counter, defaultdict
from datetime import timedelta
from itertools import product
from uuid import UUID

from api import demo
from domain.credits.ledger import LedgerKind
from domain.nouns.booking import (
    Attendance,
    Booking,
    BookingStatus,
    CancellationOutcome,
    EarnedNothing,
    PaidWith,
    PaymentState,
)
from domain.nouns.credit import CreditOrigin, CreditState, GrantReason
from domain.nouns.local_time import local_date, start_of
from domain.nouns.session import Session, SessionStatus
from domain.nouns.studio import Role
from domain.refusals import RefusalCode
from domain.spending.clashes import Seat, clashing
from domain.spending.make_ups import CODES
from tests.api.filled import CHEAP, Filled, FilledStudio

OF_ABSENCES = {CreditState.ACTIVE, CreditState.USED, CreditState.UNDONE}
"""What became of credits for absences that were excused; of the others, everything but the last."""


# With it, nothing of the demo could be tried out any more.
NO_DEMO = {RefusalCode.STUDIO_ARCHIVED}


def upcoming(each: FilledStudio, filled: Filled) -> list[Session]:
    return [session for session in each.rows.sessions if not session.started(filled.now)]


def test_two_studios_in_two_time_zones_and_currencies(filled: Filled) -> None:
    assert [(each.studio.slug, each.studio.time_zone, each.studio.currency) for each in filled.studios] == [
        ("yoga-hana", "Europe/Prague", "CZK"),
        ("harbor-arts", "America/New_York", "USD"),
    ]


async def test_everybody_has_the_one_password_which_was_hashed_once(filled: Filled) -> None:
    (hashed,) = {account.password_hash for account in filled.accounts}
    assert await CHEAP.verify(demo.PASSWORD, hashed)
    assert {account.email for account in demo.ACCOUNTS} <= {account.email for account in filled.accounts}


def test_some_sixty_clients_with_accounts_and_three_guests(filled: Filled) -> None:
    clients = [client for each in filled.studios for client in each.rows.clients]
    assert 55 <= len(filled.accounts) <= 70
    assert 55 <= sum(client.account_id is not None for client in clients) <= 65
    assert sum(client.account_id is None for client in clients) == 3


def test_two_families_one_of_them_across_the_studios(filled: Filled) -> None:
    managed: defaultdict[UUID, list[str]] = defaultdict(list)
    for each in filled.studios:
        for client in each.rows.clients:
            if client.account_id is not None:
                managed[client.account_id].append(each.studio.slug)
    families = sorted(where for where in managed.values() if len(where) > 1)
    assert families == [["yoga-hana", "harbor-arts"], ["yoga-hana", "yoga-hana"]]


def test_in_a_family_two_seats_to_come_clash(filled: Filled) -> None:
    hana, _ = filled.studios
    coming = {session.id: session for session in upcoming(hana, filled)}
    names = {client.id: client.name for client in hana.rows.clients}
    petr = next(account.id for account in filled.accounts if account.email == "petr@example.com")
    family = {client.id for client in hana.rows.clients if client.account_id == petr}
    seats = [
        Seat(booking, coming[booking.session_id])
        for booking in hana.rows.bookings
        if booking.client_id in family and booking.session_id in coming
    ]
    met = {
        (names[seat.booking.client_id], names[other.client_id]) for seat in seats for other in _clashing(seat, seats)
    }
    assert met == {("Ema Černá", "Jan Černý"), ("Jan Černý", "Ema Černá")}


def _clashing(seat: Seat, seats: list[Seat]) -> tuple[Booking, ...]:
    return clashing(seat.session, seats) if seat.booking.live else ()


def test_each_studio_has_an_owner_and_instructors_and_an_instructor_attends_too(filled: Filled) -> None:
    there = [[member for member in each.staff if member.removed_at is None] for each in filled.studios]
    roles = [Counter(member.role for member in staff) for staff in there]
    assert roles == [
        {Role.OWNER: 1, Role.MANAGER: 1, Role.INSTRUCTOR: 3},
        {Role.OWNER: 1, Role.INSTRUCTOR: 3},
    ]
    hana = filled.studios[0]
    teaching = {member.account_id for member in hana.staff if member.role is Role.INSTRUCTOR}
    assert len(teaching & {client.account_id for client in hana.rows.clients}) == 1


def test_an_instructor_has_left_whom_a_session_still_names(filled: Filled) -> None:
    hana = filled.studios[0]
    (gone,) = [member.id for member in hana.staff if member.removed_at is not None]
    assert [session.started(filled.now) for session in hana.rows.sessions if session.instructor_id == gone] == [True]


def test_what_happened_tells_of_an_invitation_that_is_open(filled: Filled) -> None:
    kinds = Counter(event.kind for event in filled.events)
    assert kinds["STAFF_INVITED"] == kinds["STAFF_ADDED"] - len(filled.studios) + 1
    assert kinds["STAFF_REMOVED"] == 1


def test_courses_are_sold_in_each_way(filled: Filled) -> None:
    for each in filled.studios:
        ways = {(course.sold_as_whole, course.sold_per_session) for course in each.courses.values()}
        assert ways == {(True, False), (False, True), (True, True)}


def test_every_session_has_a_category(filled: Filled) -> None:
    hana, harbor = ({each.target(session).category for session in each.rows.sessions} for each in filled.studios)
    assert hana == {"Yoga", "Pilates", "Swimming", "Meditation", "Workshop"}
    assert harbor == {"Dance", "Music", "Swimming", "Workshop"}


def test_a_dear_one_time_class_is_closed_to_make_ups(filled: Filled) -> None:
    for each in filled.studios:
        targets = [each.target(session) for session in upcoming(each, filled)]
        closed = [target.single_price for target in targets if not target.accepts_make_ups]
        open_ = [target.single_price for target in targets if target.accepts_make_ups]
        assert min(price or 0 for price in closed) > 3 * max(price or 0 for price in open_)
        assert any(target.course is None for target in targets if target.accepts_make_ups)


def test_sessions_are_full_nearly_full_and_empty(filled: Filled) -> None:
    for each in filled.studios:
        left = [(each.target(session).seats_left(filled.now), session.taken) for session in upcoming(each, filled)]
        assert any(seats == 0 for seats, _ in left)
        assert any(seats == 1 and taken > 0 for seats, taken in left)
        assert any(taken == 0 for _, taken in left)


def test_each_of_the_last_four_weeks_and_the_next_ten_has_sessions(filled: Filled) -> None:
    for each in filled.studios:
        days = [(local_date(session.starts_at, each.studio.zone) - filled.today).days for session in each.rows.sessions]
        assert {day // 7 for day in days} >= set(range(-4, 10))


def test_bookings_of_every_kind_with_every_status(filled: Filled) -> None:
    bookings = [booking for each in filled.studios for booking in each.rows.bookings]
    assert {(booking.paid_with, booking.status) for booking in bookings} == set(product(PaidWith, BookingStatus))


def test_bookings_and_enrolments_that_are_paid_due_and_waived(filled: Filled) -> None:
    singles = [b.payment for each in filled.studios for b in each.rows.bookings if b.paid_with is PaidWith.SINGLE]
    enrolments = [enrolment.payment for each in filled.studios for enrolment in each.rows.enrolments]
    assert set(singles) == set(enrolments) == set(PaymentState)


def test_cancellations_of_every_outcome_and_every_reason_to_earn_nothing(filled: Filled) -> None:
    bookings = [booking for each in filled.studios for booking in each.rows.bookings if not booking.live]
    assert {booking.outcome for booking in bookings} == set(CancellationOutcome)
    # Of absences, only the answer to the act tells why they earned nothing.
    told = set(EarnedNothing) - {EarnedNothing.EXCUSED_ABSENCES_DO_NOT_EARN}
    assert {reason for booking in bookings for reason in booking.why_not_earned} == told


def test_credits_in_every_state_earned_and_granted(filled: Filled) -> None:
    credits = [credit for each in filled.studios for credit in each.rows.credits]
    seen = {(credit.origin, credit.state_at(filled.now)) for credit in credits}
    states = set(CreditState)
    assert {state for _, state in seen} == states
    assert {origin for origin, _ in seen} == set(CreditOrigin)
    earned, granted = CreditOrigin.CANCELLATION, CreditOrigin.GRANT
    assert seen >= set(product((earned, granted), states - {CreditState.FORFEITED, CreditState.UNDONE}))
    assert seen >= {(earned, CreditState.UNDONE), *product((CreditOrigin.EXCUSED_ABSENCE,), OF_ABSENCES)}
    assert {credit.reason for credit in credits} == {None, *GrantReason}
    assert any(credit.spendable(filled.now) and credit.expires_at is None for credit in credits)


def test_ledgers_of_every_kind_of_line(filled: Filled) -> None:
    lines = [line for each in filled.studios for ledger in each.rows.ledgers.values() for line in ledger]
    assert {line.kind for line in lines} == set(LedgerKind) - {LedgerKind.EXPIRED}  # a job's


def test_a_seat_is_swapped_so_that_its_credit_is_earned_and_spent_in_one_step(filled: Filled) -> None:
    ledgers = [ledger for each in filled.studios for ledger in each.rows.ledgers.values()]
    assert any([line.at for line in ledger] == [ledger[0].at] * 2 for ledger in ledgers)


def test_a_session_has_moved_and_those_of_a_roster_are_marked_each_way(filled: Filled) -> None:
    hana, _ = filled.studios
    moved = [session for session in hana.rows.sessions if session.moved_at is not None]
    assert [session.started(filled.now) for session in moved] == [False]
    assert {booking.attendance for booking in hana.rows.bookings} == {None, *Attendance}


def test_an_absence_was_corrected_after_its_credit_was_spent(filled: Filled) -> None:
    hana, _ = filled.studios
    used = {
        credit.missed_booking_id
        for credit in hana.rows.credits
        if (credit.origin, credit.state) == (CreditOrigin.EXCUSED_ABSENCE, CreditState.USED)
    }
    assert [booking.attendance for booking in hana.rows.bookings if booking.id in used] == [Attendance.NO_SHOW]


def test_in_each_studio_a_credit_expires_within_three_days(filled: Filled) -> None:
    for each in filled.studios:
        left = [credit.expires_at - filled.now for credit in each.rows.credits if credit.expires_at]
        assert any(timedelta() < time_left <= timedelta(days=3) for time_left in left)


def test_credits_came_back_some_to_be_spent_again_and_some_too_late(filled: Filled) -> None:
    came_back: set[CreditState] = set()
    for each in filled.studios:
        for credit in each.rows.credits:
            if each.rows.ledgers[credit.id][-1].kind is LedgerKind.RESTORED:
                came_back.add(credit.state_at(filled.now))
    assert came_back == {CreditState.ACTIVE, CreditState.EXPIRED}


def test_a_credit_has_paid_a_session_to_come(filled: Filled) -> None:
    for each in filled.studios:
        to_come = {session.id for session in upcoming(each, filled)}
        assert any(b.live and b.paid_with is PaidWith.MAKE_UP and b.session_id in to_come for b in each.rows.bookings)


def test_a_credit_can_book_some_sessions_and_others_not_for_every_reason(filled: Filled) -> None:
    answers = [set(each.answers(filled.now)) for each in filled.studios]
    assert [frozenset() in of_studio for of_studio in answers] == [True, True]
    told = {code for of_studio in answers for codes in of_studio for code in codes}
    assert told == set(CODES) - NO_DEMO


def test_clients_give_up_seats_in_time_and_spend_their_credits_by_their_own_accounts(filled: Filled) -> None:
    actors = {(event.kind, event.booking_id): event.actor_id for event in filled.events if event.booking_id}
    called_off = [event.data["bookings"] for event in filled.events if event.kind == "SESSION_CANCELLED"]
    ended_with_a_session = {UUID(booking) for bookings in called_off for booking in bookings}
    for each in filled.studios:
        account_of = {client.id: client.account_id for client in each.rows.clients}
        for booking in each.rows.bookings:
            by_staff = booking.id in ended_with_a_session or EarnedNothing.ENROLMENT_ENDED in booking.why_not_earned
            if booking.status is BookingStatus.CANCELLED and not by_staff:
                assert actors["BOOKING_CANCELLED", booking.id] == account_of[booking.client_id]
            if booking.paid_with is PaidWith.MAKE_UP:
                assert actors["SEAT_BOOKED", booking.id] == account_of[booking.client_id]


def test_each_studio_has_cancelled_a_session_to_come(filled: Filled) -> None:
    cancelled = [
        [session for session in upcoming(each, filled) if session.status is SessionStatus.CANCELLED]
        for each in filled.studios
    ]
    assert [len(of_studio) for of_studio in cancelled] == [1, 1]


def test_a_course_a_session_and_a_client_are_archived_and_an_enrolment_has_ended(filled: Filled) -> None:
    _, harbor = filled.studios
    for kind in (harbor.courses.values(), harbor.rows.sessions, harbor.rows.clients):
        assert sum(each.archived_at is not None for each in kind) == 1
    (ended,) = (enrolment for enrolment in harbor.rows.enrolments if enrolment.ended_at is not None)
    of_it = [booking for booking in harbor.rows.bookings if booking.enrolment_id == ended.id]
    assert {booking.live for booking in of_it} == {True, False}


def test_nothing_lies_in_the_future_when_the_day_of_filling_begins(filled: Filled) -> None:
    instants = [*(event.at for event in filled.events), *(account.created_at for account in filled.accounts)]
    begins = start_of(filled.today, filled.studios[0].studio.zone)
    assert max(instants) < begins
    assert max(instant.date() for instant in instants) < filled.today


def test_what_the_readmes_example_is_about_is_not_touched_after_the_founding(filled: Filled) -> None:
    hana = filled.studios[0]
    (ana,) = (account for account in filled.accounts if account.email == "ana@example.com")
    (client,) = (client for client in hana.rows.clients if client.account_id == ana.id)
    bookings = [booking for booking in hana.rows.bookings if booking.client_id == client.id]
    its_sessions = {booking.session_id for booking in bookings}
    sessions = [s for s in hana.rows.sessions if s.id in its_sessions or s.name == "Candlelight yoga"]
    courses = [hana.courses[session.course_id] for session in sessions if session.course_id]
    assert (len(bookings), len(sessions)) == (4, 5)

    staff = [member for member in hana.staff if member.removed_at is None]
    touched = [hana.studio, *staff, client, *bookings, *sessions, *courses]
    assert {ana.created_at, *(each.changed_at for each in touched)} == {demo.FOUNDED_AT}
