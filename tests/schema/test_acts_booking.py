"""Ordinary bookings, whole courses, and their payment (B1, B2, E13)."""

from collections.abc import Sequence
from typing import Any

import pytest

from persistence.database import Database
from tests.schema.counting import written
from tests.world import Json, Person, World, codes, data, fault

NOW = "2026-11-22T17:00:00Z"
START = "2026-12-13T17:00:00Z"
ONLY_THE_KEY = {"idempotency_keys": 1}
PAYMENTS = """query ($id: ID!) { node(id: $id) { ... on Client { bookings { nodes { payment paidWith
  session { startsAt } } } } } }"""


async def series(world: World, course: str, *days: int, **other: Any) -> list[str]:
    return [await world.session(course, f"2026-12-{day}T17:00:00Z", **other) for day in days]


async def fill(world: World, *sessions: str) -> None:
    for session in sessions:
        await world.booked(session, await world.client())


async def enrol(world: World, course: str, client: str, now: str = NOW, leave_out: Sequence[str] = ()) -> Json:
    given: Json = {"courseId": course, "clientId": client, "payment": "PAID", "except": list(leave_out)}
    return await world.owner.do("enrolClient", now, **given)


async def test_b1_a_clients_booking_is_due_at_the_price_of_the_moment(world: World, database: Database) -> None:
    person, client = await world.person()
    session = await world.session(await world.course(singleSessionPrice=12_300), START, capacity=5)
    async with written(database) as rows:
        booked = await person.do("bookSession", NOW, sessionId=session)
    assert rows == {"bookings": 1, "events": 1, "idempotency_keys": 1, "sessions": 1}
    assert booked["session"]["seatsLeft"] == 4
    assert booked["booking"] == {
        "id": booked["booking"]["id"],
        "status": "BOOKED",
        "paidWith": "SINGLE",
        "payment": "DUE",
        "bookedAt": NOW,
        "cancelledAt": None,
        "outcome": None,
        "whyNotEarned": [],
        "price": {"amount": 12_300},
        "session": {"id": session, "seatsLeft": 4},
        "client": {"id": client},
        "credit": None,
        "earnedCredit": None,
        "enrolment": None,
    }


@pytest.mark.parametrize("payment", ["DUE", "PAID", "WAIVED"])
async def test_b1_staff_say_how_a_booking_is_paid(world: World, payment: str) -> None:
    session, client = await world.session(None, START), await world.client()
    given = {"sessionId": session, "clientId": client, "payment": payment}
    assert (await world.owner.do("bookSession", NOW, **given))["booking"]["payment"] == payment


async def test_b1_the_rules_of_an_ordinary_seat(world: World, database: Database) -> None:
    person, _ = await world.person()
    whole = await world.session(await world.course(singleSessionPrice=None), START, capacity=1)
    closed = await world.session(None, START, capacity=1, acceptsMakeUps=False)
    await fill(world, closed)
    mine = await world.session(None, START)
    await person.do("bookSession", NOW, sessionId=mine)
    async with written(database) as rows:
        assert codes(await person.do("bookSession", NOW, sessionId=whole)) == ["COURSE_NOT_SOLD_PER_SESSION"]
        full = await person.do("bookSession", NOW, sessionId=closed)
        assert codes(full) == ["SESSION_FULL"]
        assert codes(await person.do("bookSession", NOW, sessionId=mine)) == ["ALREADY_BOOKED"]
        assert codes(await person.do("bookSession", START, sessionId=whole)) == [
            "COURSE_NOT_SOLD_PER_SESSION",
            "SESSION_STARTED",
        ]
        assert codes(await person.do("bookSession", START, sessionId=closed)) == ["SESSION_STARTED", "SESSION_FULL"]
    assert rows == {"idempotency_keys": 5}
    assert full["reasons"][0]["actual"]["int"] == 1
    assert full["reasons"][0]["required"]["int"] == 0


async def test_b1_a_seat_that_was_given_up_can_be_booked_again(world: World) -> None:
    person, client = await world.person()
    session = await world.session(None, START, capacity=1)
    for _ in range(2):
        booking = (await person.do("bookSession", NOW, sessionId=session))["booking"]["id"]
        assert (await person.do("cancelBooking", NOW, bookingId=booking))["session"]["seatsLeft"] == 1
    await world.owner.do("bookSession", NOW, sessionId=session, clientId=client, payment="PAID")


async def test_b2_a_place_in_a_course_is_a_seat_in_every_session_that_has_not_started(
    world: World, database: Database
) -> None:
    person, client = await world.person()
    course = await world.course()
    started, next_week, last = await series(world, course, 10, 17, 24)
    async with written(database) as rows:
        enrolled = await enrol(world, course, client, "2026-12-10T17:00:00Z")
    assert rows == {"bookings": 2, "enrolments": 1, "events": 3, "idempotency_keys": 1, "sessions": 2}
    assert [booking["session"]["id"] for booking in enrolled["bookings"]] == [next_week, last]
    assert {booking["paidWith"] for booking in enrolled["bookings"]} == {"ENROLMENT"}
    assert {booking["price"] for booking in enrolled["bookings"]} == {None}
    assert started not in str(enrolled)

    added = await world.session(course, "2026-12-31T17:00:00Z")
    assert (await person.do("bookSession", "2026-12-10T17:00:00Z", sessionId=added))["__typename"] == "SessionBooked"


async def test_b2_every_full_session_is_named_and_the_client_is_enrolled_except_in_those(
    world: World, database: Database
) -> None:
    client, course = await world.client(), await world.course()
    first, second, third = await series(world, course, 10, 17, 24, capacity=1)
    await fill(world, first, third)
    async with written(database) as rows:
        refused = await enrol(world, course, client)
    assert codes(refused) == ["SESSION_FULL", "SESSION_FULL"]
    assert [reason["sessionId"] for reason in refused["reasons"]] == [first, third]
    assert rows == ONLY_THE_KEY
    enrolled = await enrol(world, course, client, leave_out=[reason["sessionId"] for reason in refused["reasons"]])
    assert [booking["session"]["id"] for booking in enrolled["bookings"]] == [second]


async def test_b2_a_session_that_is_booked_already_is_named_too(world: World) -> None:
    client, course = await world.client(), await world.course()
    first, second = await series(world, course, 10, 17)
    await world.booked(second, client)
    refused = await enrol(world, course, client)
    assert codes(refused) == ["ALREADY_BOOKED"]
    assert refused["reasons"][0]["sessionId"] == second
    enrolled = await enrol(world, course, client, leave_out=[second])
    assert [booking["session"]["id"] for booking in enrolled["bookings"]] == [first]


async def test_b2_nobody_is_enrolled_twice(world: World) -> None:
    client, course = await world.client(), await world.course()
    (session,) = await series(world, course, 10)
    await enrol(world, course, client)
    assert codes(await enrol(world, course, client)) == ["ALREADY_ENROLLED", "ALREADY_BOOKED"]
    assert codes(await enrol(world, course, client, leave_out=[session])) == [
        "ALREADY_ENROLLED",
        "NO_SESSIONS_LEFT",
    ]


async def test_b2_a_course_without_a_session_left_takes_nobody(world: World) -> None:
    client, course = await world.client(), await world.course()
    (session,) = await series(world, course, 10)
    refused = await enrol(world, course, client, "2026-12-10T17:00:00Z")
    assert codes(refused) == ["NO_SESSIONS_LEFT"]
    assert codes(await enrol(world, course, client, leave_out=[session])) == ["NO_SESSIONS_LEFT"]
    assert codes(await enrol(world, await world.course(), client)) == ["NO_SESSIONS_LEFT"]
    assert (await enrol(world, course, client, "2026-12-10T16:59:59.999999Z"))["__typename"] == "ClientEnrolled"


async def test_b2_a_course_sold_only_by_the_session_takes_nobody(world: World) -> None:
    client, course = await world.client(), await world.course(wholeCoursePrice=None)
    (full,) = await series(world, course, 10, capacity=1)
    await fill(world, full)
    assert codes(await enrol(world, course, client)) == ["COURSE_NOT_SOLD_AS_WHOLE", "SESSION_FULL"]


async def test_b2_a_session_of_another_course_cannot_be_excepted(world: World, database: Database) -> None:
    client, course = await world.client(), await world.course()
    await series(world, course, 10)
    (other,) = await series(world, await world.course(), 10)
    async with written(database) as rows:
        answer = await world.owner.act(
            "enrolClient", NOW, courseId=course, clientId=client, payment="PAID", **{"except": [other]}
        )
    assert fault(answer) == "NOT_FOUND"
    assert answer["errors"][0]["extensions"]["input"] == ["except"]
    assert rows == {}


@pytest.mark.parametrize("by", ["booking", "enrolment"])
async def test_e13_a_payment_of_a_place_is_that_of_all_its_bookings(world: World, by: str) -> None:
    person, client = await world.person()
    course = await world.course()
    await series(world, course, 10, 17)
    enrolled = await world.enrolled(course, client, "DUE")
    ids = {"bookingId": enrolled["bookings"][0]["id"], "enrolmentId": enrolled["enrolment"]["id"]}
    paid = await world.owner.do("markPaid", NOW, **{f"{by}Id": ids[f"{by}Id"]})
    assert paid["enrolment"] == {"id": ids["enrolmentId"], "payment": "PAID"}
    assert paid["booking"] == ({"id": ids["bookingId"], "payment": "PAID"} if by == "booking" else None)
    bookings = data(await person.ask(PAYMENTS, {"id": client}, NOW))["node"]["bookings"]["nodes"]
    assert [booking["payment"] for booking in bookings] == ["PAID", "PAID"]


async def test_e13_a_payment_can_be_waived_and_corrected_and_each_is_kept(world: World, database: Database) -> None:
    booking = await world.booked(await world.session(None, START), await world.client(), "DUE")
    for payment in ("PAID", "WAIVED", "DUE"):
        async with written(database) as rows:
            marked = await world.owner.do("markPaid", NOW, bookingId=booking, payment=payment)
        assert marked["booking"] == {"id": booking, "payment": payment}
        assert marked["enrolment"] is None
        assert rows == {"bookings": 1, "events": 1, "idempotency_keys": 1}
    async with written(database) as rows:
        await world.owner.do("markPaid", NOW, bookingId=booking, payment="DUE")
    assert rows == ONLY_THE_KEY


async def test_e13_a_credit_that_was_earned_stays_when_the_payment_is_corrected(world: World) -> None:
    person, client = await world.person()
    booking = await world.booked(await world.session(await world.course(), START), client)
    earned = (await person.do("cancelBooking", NOW, bookingId=booking))["credit"]["id"]
    await world.owner.do("markPaid", NOW, bookingId=booking, payment="DUE")
    again = await person.do("cancelBooking", NOW, bookingId=booking)
    assert again["credit"]["id"] == earned
    assert again["credit"]["state"] == "ACTIVE"


async def test_e13_a_booking_paid_with_a_credit_is_always_paid(world: World, database: Database) -> None:
    person, client = await world.person()
    await world.granted(client)
    booked = await person.do("bookWithMakeUp", NOW, sessionId=await world.session(None, START))
    given = {"bookingId": booked["booking"]["id"]}
    async with written(database) as rows:
        for payment in ("DUE", "WAIVED"):
            refused = await world.owner.do("markPaid", NOW, **given, payment=payment)
            assert codes(refused) == ["PAID_WITH_CREDIT"]
            assert refused["reasons"][0]["path"] == ["payment"]
        assert (await world.owner.do("markPaid", NOW, **given))["booking"]["payment"] == "PAID"
    assert rows == {"idempotency_keys": 3}


async def test_a_manager_does_all_this_too(world: World) -> None:
    manager, _ = await world.staff("MANAGER")
    client: Person | str = await world.client()
    booked = await manager.do(
        "bookSession", NOW, sessionId=await world.session(None, START), clientId=client, payment="DUE"
    )
    await manager.do("markPaid", NOW, bookingId=booked["booking"]["id"])
    cancelled = await manager.do("cancelBooking", NOW, bookingId=booked["booking"]["id"])
    assert cancelled["booking"]["status"] == "CANCELLED"
