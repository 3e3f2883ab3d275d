"""R6: seats that credits and money share, seats for credits only, and how few there may be."""

from datetime import timedelta
from uuid import UUID

from domain.nouns.booking import PaymentState
from domain.refusals import RefusalCode, Refused
from domain.services.bookings import (
    BookSession,
    BookWithMakeUp,
    EnrolClient,
    book_session,
    book_with_make_up,
    enrol_client,
)
from domain.services.policies import (
    UpdateCoursePolicy,
    UpdateSessionPolicy,
    update_course_policy,
    update_session_policy,
)
from domain.services.schedule import CreateSession, create_session
from tests.domain.builders import A_MICROSECOND, NOW, START
from tests.domain.studio import HOUR, StudioInMemory, known, new_session

A_DAY = timedelta(days=1)


def a_class(studio: StudioInMemory) -> UUID:
    """With two seats."""
    return known(studio.done(create_session, new_session(None, START, capacity=2)).session)


def spend(studio: StudioInMemory, session: UUID, client: UUID) -> None:
    studio.done(book_with_make_up, BookWithMakeUp(session, client, None), "parent")


def why_not(studio: StudioInMemory, session: UUID, client: UUID) -> list[RefusalCode]:
    return studio.codes(book_with_make_up, BookWithMakeUp(session, client, None))


def test_r6_extra_seats_are_for_credits_and_money_waits_until_a_seat_is_free(studio: StudioInMemory):
    clients, session = [studio.a_client() for _ in range(4)], a_class(studio)
    studio.change_session_policy(session, extra_make_up_seats=1)
    for client in clients:
        studio.a_credit(client)
    first, second, third, fourth = clients
    bought = studio.a_booking(session, first)
    spend(studio, session, second)

    buy = BookSession(session, third, PaymentState.PAID)
    assert studio.codes(book_session, buy, "manager") == [RefusalCode.SESSION_FULL]
    spend(studio, session, third)
    assert why_not(studio, session, fourth) == [RefusalCode.SESSION_FULL]
    # Two seats of two are taken by credits: money has none, although only its own seat was given up.
    studio.cancel(bought, NOW)
    assert studio.codes(book_session, BookSession(session, fourth, PaymentState.PAID), "manager") == [
        RefusalCode.SESSION_FULL
    ]
    spend(studio, session, fourth)


def test_r6_freed_seats_are_counted_from_the_most_that_money_ever_had_at_once(studio: StudioInMemory):
    course = studio.a_course(freed_seats_only=True)
    session = studio.a_session(START, course)
    enrolled, buyer, another, credited = (studio.a_client() for _ in range(4))
    studio.a_credit(credited)
    studio.done(enrol_client, EnrolClient(course, enrolled, PaymentState.PAID, frozenset()))
    first = studio.a_booking(session, buyer)

    assert why_not(studio, session, credited) == [RefusalCode.MAKE_UP_SEATS_FULL]
    studio.cancel(first, NOW)
    refilled = studio.a_booking(session, another)
    assert why_not(studio, session, credited) == [RefusalCode.MAKE_UP_SEATS_FULL]
    studio.cancel(refilled, NOW)
    spend(studio, session, credited)
    row = studio.rows.sessions[session]
    assert (row.taken, row.make_ups, row.most_ordinary, row.freed_seats) == (2, 1, 2, 1)


def test_r6_a_new_session_has_the_extra_seats_of_its_course_or_its_own(studio: StudioInMemory):
    course = studio.a_course(extra_make_up_seats=2)
    own = CreateSession(course, "", START, START + HOUR, 1, None, None, None, None, {"extra_make_up_seats": 5})

    following = studio.a_session(START, course)
    deciding = known(studio.done(create_session, own).session)

    assert [studio.rows.sessions[each].extra_make_up_seats for each in (following, deciding)] == [2, 5]
    studio.change_session_policy(deciding, extra_make_up_seats=None)
    assert studio.rows.sessions[deciding].extra_make_up_seats == 2
    studio.change_course_policy(course, extra_make_up_seats=None)
    assert [studio.rows.sessions[each].extra_make_up_seats for each in (following, deciding)] == [0, 0]


def filled(studio: StudioInMemory, course: UUID) -> UUID:
    """A session with one seat, sold, and one extra seat, taken by a credit."""
    session = studio.a_session(START, course, capacity=1)
    studio.a_booking(session, studio.a_client())
    client = studio.a_client()
    studio.a_credit(client)
    spend(studio, session, client)
    return session


def test_r6_extra_seats_are_not_lowered_below_what_is_taken(studio: StudioInMemory):
    course = studio.a_course(extra_make_up_seats=2)
    session, other = filled(studio, course), filled(studio, course)
    below = UpdateCoursePolicy(course, {"extra_make_up_seats": 0})
    of_session = UpdateSessionPolicy(session, {"extra_make_up_seats": 0})

    refused = studio.act(update_course_policy, below, "manager")
    assert isinstance(refused, Refused)
    assert [(r.code, r.actual, r.required) for r in refused.reasons] == [(RefusalCode.CAPACITY_BELOW_BOOKED, 1, 2)] * 2
    assert {reason.session_id for reason in refused.reasons} == {session, other}
    assert studio.codes(update_session_policy, of_session, "manager") == [RefusalCode.CAPACITY_BELOW_BOOKED]
    studio.change_course_policy(course, extra_make_up_seats=1)
    studio.change_session_policy(session, extra_make_up_seats=1)
    assert studio.codes(update_course_policy, below, "manager") == [RefusalCode.CAPACITY_BELOW_BOOKED]
    studio.change_session_policy(other, extra_make_up_seats=1)
    studio.change_course_policy(course, extra_make_up_seats=0)
    back = UpdateSessionPolicy(session, {"extra_make_up_seats": None})
    assert studio.codes(update_session_policy, back, "manager") == [RefusalCode.CAPACITY_BELOW_BOOKED]


def test_r6_a_session_that_has_started_keeps_its_extra_seats(studio: StudioInMemory):
    course = studio.a_course(extra_make_up_seats=1)
    session, deciding = filled(studio, course), filled(studio, course)
    studio.change_session_policy(deciding, extra_make_up_seats=1)

    none = UpdateCoursePolicy(course, {"extra_make_up_seats": None})
    assert studio.codes(update_course_policy, none, "manager", START - A_MICROSECOND) == [
        RefusalCode.CAPACITY_BELOW_BOOKED
    ]
    studio.done(update_course_policy, none, "manager", START)
    back = UpdateSessionPolicy(deciding, {"extra_make_up_seats": None})
    studio.done(update_session_policy, back, "manager", START)

    assert [studio.rows.sessions[each].extra_make_up_seats for each in (session, deciding)] == [1, 1]
    zero = UpdateSessionPolicy(session, {"extra_make_up_seats": 0})
    assert studio.codes(update_session_policy, zero, "manager", START) == [RefusalCode.CAPACITY_BELOW_BOOKED]


def test_r6_fewer_make_ups_may_be_allowed_than_there_are_and_those_there_stay(studio: StudioInMemory):
    session, client, late = a_class(studio), studio.a_client(), studio.a_client()
    for each in (client, late):
        studio.a_credit(each)
    spend(studio, session, client)

    studio.change_session_policy(session, max_make_ups=0)

    assert why_not(studio, session, late) == [RefusalCode.MAKE_UP_SEATS_FULL]
    assert studio.rows.sessions[session].make_ups == 1


def test_b2_enrolling_takes_an_ordinary_seat_in_each_session(studio: StudioInMemory):
    course = studio.a_course(extra_make_up_seats=1)
    full, free = studio.a_session(START, course, capacity=1), studio.a_session(START + A_DAY, course, capacity=1)
    studio.a_booking(full, studio.a_client())

    command = EnrolClient(course, studio.a_client(), PaymentState.PAID, frozenset())
    assert studio.codes(enrol_client, command, "manager") == [RefusalCode.SESSION_FULL]
    studio.done(enrol_client, EnrolClient(course, studio.a_client(), PaymentState.PAID, frozenset({full})))
    row = studio.rows.sessions[free]
    assert (row.taken, row.make_ups, row.most_ordinary) == (1, 0, 1)
