"""Races of those who manage: with one another, and with those who book. Then every invariant is checked."""

import asyncio
from collections.abc import Awaitable

import pytest

from domain.nouns.booking import PaymentState
from domain.outcome import Done
from domain.ports import Work
from domain.refusals import RefusalCode, Refused
from domain.services import bookings, clients, policies, schedule_changes, studios
from persistence.database import Database
from tests.ids import key_of
from tests.invariants import assert_all_hold
from tests.persistence.racing import NOW, typenames, what_comes_of_waiting
from tests.world import Json, World, codes, data


def refusals(outcome: Done | Refused) -> list[RefusalCode]:
    assert isinstance(outcome, Refused)
    return [reason.code for reason in outcome.reasons]


async def test_a_capacity_that_is_lowered_while_people_book_holds_them(world: World, database: Database) -> None:
    session = await world.session(None, "2026-12-13T17:00:00Z", capacity=8)
    people = [await world.client(name=f"Client {number}") for number in range(12)]

    results = await asyncio.gather(
        *(world.owner.do("bookSession", NOW, sessionId=session, clientId=client, payment="PAID") for client in people),
        *(world.owner.do("updateSession", NOW, sessionId=session, capacity=capacity) for capacity in (4, 3, 2, 1, 5)),
    )

    refused = {code for result in results if result["__typename"] == "Refused" for code in codes(result)}
    assert refused <= {"SESSION_FULL", "CAPACITY_BELOW_BOOKED"}
    assert typenames(results)["SessionBooked"] >= 1
    await assert_all_hold(database, world.studio, NOW)


@pytest.mark.parametrize("by_course", [True, False], ids=["by the course", "by the session"])
async def test_whoever_waited_for_a_policy_to_change_is_judged_by_the_new_one(
    world: World, database: Database, dialect: str, by_course: bool
) -> None:
    """Which they find when they have locked the session: not as it was when they began to wait."""
    course, client = await world.course(), await world.client((await world.person())[0])
    session = await world.session(course, "2026-12-13T17:00:00Z")
    (credit,) = await world.granted(client)
    window: Json = {"make_ups_open_days_before": 1}
    of_course = policies.UpdateCoursePolicy(key_of(course), {**window, "extra_make_up_seats": 1})
    of_session = policies.UpdateSessionPolicy(key_of(session), window)
    book = bookings.BookWithMakeUp(key_of(session), key_of(client), key_of(credit))

    def change(work: Work) -> Awaitable[Done | Refused]:
        if by_course:
            return policies.update_course_policy(work, of_course)
        return policies.update_session_policy(work, of_session)

    booked = await what_comes_of_waiting(
        *(world, database, dialect), change, lambda work: bookings.book_with_make_up(work, book)
    )

    assert refusals(booked) == [RefusalCode.BOOKING_NOT_OPEN_YET]
    await assert_all_hold(database, world.studio, NOW)


@pytest.mark.parametrize("on_end", ["KEEP", "REVOKE_UNUSED"])
async def test_a_seat_that_is_given_up_while_its_enrolment_ends_goes_one_way_or_the_other(
    world: World, database: Database, on_end: str
) -> None:
    await world.policy(onEnrolmentEnd=on_end)
    for cancels_first in (True, False):
        person, client = await world.person()
        course = await world.course()
        for day in (13, 14, 15):
            await world.session(course, f"2026-12-{day}T17:00:00Z")
        enrolled = await world.enrolled(course, client)
        cancel = person.do("cancelBooking", NOW, bookingId=enrolled["bookings"][0]["id"])
        end = world.owner.do("endEnrolment", NOW, enrolmentId=enrolled["enrolment"]["id"])

        results = await asyncio.gather(*((cancel, end) if cancels_first else (end, cancel)))

        by_type = {result["__typename"]: result for result in results}
        cancelled, ended = by_type["BookingCancelled"]["booking"], by_type["EnrolmentEnded"]
        earned = cancelled["outcome"] == "CREDIT"
        assert cancelled["whyNotEarned"] == ([] if earned else ["ENROLMENT_ENDED"])
        assert len(ended["bookings"]) == (2 if earned else 3)
        kept = data(await person.ask("{ makeUpCredits { nodes { state } } }", now=NOW))["makeUpCredits"]["nodes"]
        assert kept == ([{"state": "ACTIVE" if on_end == "KEEP" else "REVOKED"}] if earned else [])
    await assert_all_hold(database, world.studio, NOW)


async def test_an_enrolment_that_is_ended_many_times_at_once_ends_once(world: World, database: Database) -> None:
    client, course = await world.client(), await world.course()
    await world.session(course, "2026-12-13T17:00:00Z")
    enrolment = (await world.enrolled(course, client))["enrolment"]["id"]

    results = await asyncio.gather(*(world.owner.do("endEnrolment", NOW, enrolmentId=enrolment) for _ in range(8)))

    assert results == [results[0]] * 8
    assert len(results[0]["bookings"]) == 1
    await assert_all_hold(database, world.studio, NOW)


async def test_who_enrols_while_the_course_is_archived_finds_it_archived(
    world: World, database: Database, dialect: str
) -> None:
    course, client = await world.course(), key_of(await world.client())
    session = key_of(await world.session(course, "2126-12-13T17:00:00Z"))
    archive = schedule_changes.UpdateCourse(key_of(course), {}, archived=True)
    enrol = bookings.EnrolClient(key_of(course), client, PaymentState.PAID, frozenset())
    book = bookings.BookSession(session, client, PaymentState.PAID)

    for act in (
        lambda work: bookings.enrol_client(work, enrol),
        lambda work: bookings.book_session(work, book),
    ):
        late = await what_comes_of_waiting(
            *(world, database, dialect), lambda work: schedule_changes.update_course(work, archive), act
        )
        assert refusals(late) == [RefusalCode.COURSE_ARCHIVED]
        await world.owner.do("updateCourse", courseId=course, archived=False)
    await assert_all_hold(database, world.studio, "2126-01-01T00:00:00Z")


async def test_a_course_that_is_archived_while_many_enrol_keeps_those_who_came_before(
    world: World, database: Database
) -> None:
    course = await world.course()
    for day in (13, 14):
        await world.session(course, f"2026-12-{day}T17:00:00Z", capacity=20)
    people = [await world.client(name=f"Client {number}") for number in range(10)]

    enrolling = (
        world.owner.do("enrolClient", NOW, courseId=course, clientId=client, payment="PAID") for client in people
    )
    *results, archived = await asyncio.gather(
        *enrolling, world.owner.do("updateCourse", NOW, courseId=course, archived=True)
    )

    assert archived["__typename"] == "CourseUpdated"
    refused = [codes(result) for result in results if result["__typename"] == "Refused"]
    assert refused == [["COURSE_ARCHIVED"]] * len(refused)
    await assert_all_hold(database, world.studio, NOW)


async def test_changes_of_one_course_at_once_lose_nothing(world: World, database: Database) -> None:
    course = await world.course()
    wanted: list[tuple[str, Json]] = [
        ("updateCourse", {"name": "Slow yoga"}),
        ("updateCourse", {"description": "Slower."}),
        ("updateCourse", {"category": "Yoga"}),
        ("updateCourse", {"singleSessionPrice": 1}),
        ("updateCourse", {"wholeCoursePrice": 2}),
        ("updateCourse", {"acceptsMakeUps": False}),
        ("updateCoursePolicy", {"makeUpsEnabled": False}),
    ]

    await asyncio.gather(*(world.owner.do(mutation, NOW, courseId=course, **given) for mutation, given in wanted))

    found = await world.owner.do("updateCourse", NOW, courseId=course)
    assert found["course"] == {
        "id": course,
        "name": "Slow yoga",
        "description": "Slower.",
        "category": "Yoga",
        "acceptsMakeUps": False,
        "archivedAt": None,
        "wholeCoursePrice": {"amount": 2},
        "singleSessionPrice": {"amount": 1},
    }
    policy = await world.owner.do("updateCoursePolicy", NOW, courseId=course)
    assert policy["course"]["makeUpsEnabled"] is False


async def test_two_prices_taken_away_at_once_leave_one(world: World) -> None:
    course = await world.course()

    results = await asyncio.gather(
        *(
            world.owner.do("updateCourse", NOW, courseId=course, **{price: None})
            for price in ("wholeCoursePrice", "singleSessionPrice")
        )
    )

    assert typenames(results) == {"CourseUpdated": 1, "Refused": 1}


async def test_a_slug_that_two_studios_want_at_once_becomes_one_of_theirs(world: World) -> None:
    other = await World.founded(world.api)
    slug = f"{world.slug[:50]}-new"

    results = await asyncio.gather(
        *(each.owner.do("updateStudio", NOW, studioId=each.studio, slug=slug) for each in (world, other) * 3)
    )

    assert typenames(results) == {"StudioUpdated": 3, "Refused": 3}
    assert len({result["studio"]["id"] for result in results if result["__typename"] == "StudioUpdated"}) == 1


async def test_a_time_zone_does_not_change_while_the_first_client_is_entered(
    world: World, database: Database, dialect: str
) -> None:
    """Whoever adds to a studio holds its key, and whoever changes its zone waits for them."""
    enter, move = clients.CreateClient("Ana"), studios.UpdateStudio({"time_zone": "Asia/Tokyo"})

    moved = await what_comes_of_waiting(
        *(world, database, dialect),
        lambda work: clients.create_client(work, enter),
        lambda work: studios.update_studio(work, move),
    )

    assert refusals(moved) == [RefusalCode.TIME_ZONE_IN_USE]
