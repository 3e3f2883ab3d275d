"""Changing studios, courses, sessions and clients."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from domain.faults import BadUserInput, NotFound
from domain.nouns.booking import CancellationOutcome, PaymentState
from domain.nouns.policy import Level
from domain.refusals import RefusalCode
from domain.services import bookings, schedule
from domain.services.bookings import BookWithMakeUp, EnrolClient
from domain.services.schedule_changes import UpdateCourse, UpdateSession, update_course, update_session
from domain.services.studios import UpdateStudio, update_studio
from tests.domain.builders import NOW, START, uuid
from tests.domain.studio import StudioInMemory, known

LATER = NOW + timedelta(hours=1)
PAID = PaymentState.PAID


def test_what_is_left_out_stays_and_what_is_so_already_is_not_written(studio: StudioInMemory):
    course = studio.a_course()
    before = studio.rows.courses[course]

    studio.done(update_course, UpdateCourse(course, {"name": "Glazing"}), now=LATER)
    after = studio.rows.courses[course]
    studio.done(update_course, UpdateCourse(course, {"name": "Glazing"}), now=LATER + timedelta(hours=1))

    changed = {name for name, value in vars(after).items() if value != getattr(before, name)}
    assert changed == {"name", "changed_at"}
    assert studio.rows.courses[course] == after
    assert after.changed_at == LATER


def test_c11_a_price_that_changes_leaves_the_prices_of_bookings(studio: StudioInMemory):
    course, client = studio.a_course(), studio.a_client()
    session, enrolled_in = studio.a_session(START, course), studio.a_client()
    single = studio.a_booking(session, client)
    place = studio.done(bookings.enrol_client, EnrolClient(course, enrolled_in, PAID, frozenset()))

    studio.done(update_course, UpdateCourse(course, {"whole_course_price": 1, "single_session_price": 2}))

    assert studio.rows.bookings[single].price == 3_000
    assert studio.rows.enrolments[known(place.enrolment)].price == 10_000
    from_then_on = studio.a_booking(session, studio.a_client())
    assert studio.rows.bookings[from_then_on].price == 2


def test_c11_a_seat_for_a_credit_stands_when_its_course_closes_to_credits_and_sells_no_single_session(
    studio: StudioInMemory,
):
    course, client = studio.a_course(), studio.a_client()
    session = studio.a_session(START, course)
    studio.a_credit(client)
    booking = known(studio.done(bookings.book_with_make_up, BookWithMakeUp(session, client, None)).booking)

    studio.done(update_course, UpdateCourse(course, {"accepts_make_ups": False, "single_session_price": None}))

    assert studio.rows.bookings[booking].live
    studio.a_credit(other := studio.a_client())
    assert studio.codes(bookings.book_with_make_up, BookWithMakeUp(session, other, None)) == [
        RefusalCode.SESSION_NOT_ACCEPTING_MAKE_UPS,
        RefusalCode.COURSE_NOT_SOLD_PER_SESSION,
    ]
    assert studio.cancel(booking, LATER).outcome is CancellationOutcome.CREDIT_RETURNED


@pytest.mark.parametrize("gone", [("whole_course_price",), ("whole_course_price", "single_session_price")])
def test_c11_the_last_price_of_a_course_stays(studio: StudioInMemory, gone: tuple[str, ...]):
    course = studio.a_course(single=None) if len(gone) == 1 else studio.a_course()

    codes = studio.codes(update_course, UpdateCourse(course, dict.fromkeys(gone)), "owner")

    assert codes == [RefusalCode.COURSE_NOT_SOLD_AT_ALL]
    studio.done(update_course, UpdateCourse(course, {**dict.fromkeys(gone), "single_session_price": 0}))


def test_r3_a_session_follows_its_course_until_it_says_otherwise(studio: StudioInMemory):
    course = studio.a_course(accepts=True)
    session = studio.a_session(START, course)
    told: list[tuple[bool, Level]] = []
    for command in (
        UpdateCourse(course, {"accepts_make_ups": False}),
        UpdateSession(session, {"accepts_make_ups": True}),
        UpdateCourse(course, {"accepts_make_ups": True}),
        UpdateSession(session, {"accepts_make_ups": False}),
        UpdateSession(session, {"accepts_make_ups": None}),
    ):
        studio.done(update_course if isinstance(command, UpdateCourse) else update_session, command)
        target = studio.scheduled(session)
        told.append((target.accepts_make_ups, target.make_ups_decided_by))

    assert told == [
        (False, Level.COURSE),
        (True, Level.SESSION),
        (True, Level.SESSION),
        (False, Level.SESSION),
        (True, Level.COURSE),
    ]


def test_a_session_is_called_as_its_course_is_until_it_has_a_name_of_its_own(studio: StudioInMemory):
    course = studio.a_course()
    session = studio.a_session(START, course)
    names: list[str] = []
    for command in (
        UpdateCourse(course, {"name": "Glazing"}),
        UpdateSession(session, {"name": "Glazing in the park"}),
        UpdateCourse(course, {"name": "Firing"}),
        UpdateSession(session, {"name": ""}),
    ):
        studio.done(update_course if isinstance(command, UpdateCourse) else update_session, command)
        names.append(studio.scheduled(session).name)

    assert names == ["Glazing", "Glazing in the park", "Glazing in the park", "Firing"]


@pytest.mark.parametrize("starts_at", [START, NOW - timedelta(hours=1)])
def test_r6_a_capacity_can_be_lowered_to_what_is_taken_and_no_further(starts_at: datetime):
    studio = StudioInMemory(since=NOW - timedelta(days=1))
    session = studio.a_session(starts_at, capacity=10)
    for _ in range(2):
        studio.a_booking(session, studio.a_client())

    lower = UpdateSession(session, {"capacity": 1})
    assert studio.codes(update_session, lower, "manager", NOW) == [RefusalCode.CAPACITY_BELOW_BOOKED]
    studio.done(update_session, UpdateSession(session, {"capacity": 2}), "manager", NOW)

    assert studio.scheduled(session).seats_left(NOW) == 0


ONE_TIME: dict[str, Any] = {"name": "Workshop", "price": 100, "category": "Clay", "accepts_make_ups": False}
MISFITS = {
    "a class without a name": (None, {"name": ""}, "name"),
    "a class that does not say whether it accepts credits": (None, {"accepts_make_ups": None}, "acceptsMakeUps"),
    "a price on a session of a course": ("course", {"price": 0}, "price"),
    "a category on a session of a course": ("course", {"category": "Clay"}, "category"),
}


def a_class(studio: StudioInMemory, course: str | None) -> Any:
    if course is not None:
        return studio.a_session(START)
    command = schedule.CreateSession(None, "Class", START, START + timedelta(hours=1), 5, None, True, None)
    return known(studio.done(schedule.create_session, command).session)


@pytest.mark.parametrize(("course", "changes", "path"), MISFITS.values(), ids=MISFITS)
def test_what_a_session_cannot_be_is_bad_input(
    studio: StudioInMemory, course: str | None, changes: dict[str, Any], path: str
):
    session = a_class(studio, course)

    with pytest.raises(BadUserInput) as raised:
        studio.act(update_session, UpdateSession(session, changes))

    assert raised.value.path == (path,)


def test_a_one_time_class_has_a_price_a_category_and_a_name_of_its_own(studio: StudioInMemory):
    session = a_class(studio, None)

    studio.done(update_session, UpdateSession(session, ONE_TIME))
    row = studio.rows.sessions[session]
    assert {name: getattr(row, name) for name in ONE_TIME} == ONE_TIME

    studio.done(update_session, UpdateSession(session, {"price": None, "category": None}))
    assert (studio.rows.sessions[session].price, studio.rows.sessions[session].category) == (None, None)
    studio.done(update_session, UpdateSession(studio.a_session(START), {"price": None, "category": None}))


def test_who_teaches_a_session_is_on_the_staff_or_nobody(studio: StudioInMemory):
    session = studio.a_session(START)

    with pytest.raises(NotFound):
        studio.act(update_session, UpdateSession(session, {"instructor_id": uuid(404)}))
    for instructor in (studio.instructor_id, None):
        studio.done(update_session, UpdateSession(session, {"instructor_id": instructor}))
        assert studio.rows.sessions[session].instructor_id == instructor


def test_v2_the_zone_of_an_empty_studio_changes_and_of_any_other_it_does_not(studio: StudioInMemory):
    studio.a_course()
    studio.done(update_studio, UpdateStudio({"time_zone": "Asia/Tokyo"}))
    assert studio.rows.studio.time_zone == "Asia/Tokyo"

    studio.a_client(None)
    refused = studio.codes(update_studio, UpdateStudio({"time_zone": "Europe/Prague", "name": "Moving"}), "owner")
    assert refused == [RefusalCode.TIME_ZONE_IN_USE]
    assert studio.rows.studio.name == "Still Point"

    other = StudioInMemory()
    other.a_session(START)
    assert other.codes(update_studio, UpdateStudio({"time_zone": "Asia/Tokyo"}), "owner") == [
        RefusalCode.TIME_ZONE_IN_USE
    ]
    other.done(update_studio, UpdateStudio({"time_zone": "Europe/Prague"}))


def test_every_reason_against_changing_a_studio_is_told(studio: StudioInMemory):
    studio.a_client(None)
    studio.found_another("taken")

    codes = studio.codes(update_studio, UpdateStudio({"slug": "taken", "time_zone": "Asia/Tokyo"}), "owner")

    assert codes == [RefusalCode.SLUG_TAKEN, RefusalCode.TIME_ZONE_IN_USE]
    studio.done(update_studio, UpdateStudio({"slug": "still"}))  # its own
