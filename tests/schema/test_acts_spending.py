"""Spending a credit, in every way that the golden examples leave out (R2-R8, R10, V3)."""

from typing import Any

import pytest

from persistence.database import Database
from tests.schema.counting import written
from tests.world import Person, World, codes, data, faults

NOW = "2026-11-22T17:00:00Z"
START = "2026-12-13T17:00:00Z"
ONLY_THE_KEY = {"idempotency_keys": 1}
ACCEPTS = "query ($id: ID!) { node(id: $id) { ... on Session { acceptsMakeUps } } }"


async def a_class(world: World, **other: Any) -> str:
    return await world.session(None, START, **other)


async def spend(person: Person, session: str, now: str = NOW, **given: Any) -> list[str]:
    """Why not; empty where the seat is booked."""
    result = await person.do("bookWithMakeUp", now, sessionId=session, **given)
    return [] if result["__typename"] == "MakeUpBooked" else codes(result)


@pytest.mark.parametrize(
    ("course", "session", "accepts"),
    [(True, None, True), (True, False, False), (False, None, False), (False, True, True)],
)
async def test_r3_the_session_decides_over_its_course_whether_credits_are_taken(
    world: World, course: bool, session: bool | None, accepts: bool
) -> None:
    person, client = await world.person()
    await world.granted(client)
    target = await world.session(await world.course(acceptsMakeUps=course), START, acceptsMakeUps=session)
    assert data(await person.ask(ACCEPTS, {"id": target}))["node"]["acceptsMakeUps"] is accepts
    assert await spend(person, target) == ([] if accepts else ["SESSION_NOT_ACCEPTING_MAKE_UPS"])


async def test_r3_a_one_time_class_says_itself_whether_credits_are_taken(world: World) -> None:
    person, client = await world.person()
    await world.granted(client)
    assert await spend(person, await a_class(world, acceptsMakeUps=False)) == ["SESSION_NOT_ACCEPTING_MAKE_UPS"]


async def test_r2_a_guest_spends_nothing_until_an_account_is_linked(world: World, database: Database) -> None:
    guest, session = await world.client(), await a_class(world)
    (credit,) = await world.granted(guest)
    given = {"clientId": guest, "creditId": credit}
    async with written(database) as rows:
        assert await spend(world.owner, session, **given) == ["ACCOUNT_REQUIRED"]
    assert rows == ONLY_THE_KEY
    person = await Person.signed_up(world.api)
    await world.owner.do("linkClient", NOW, clientId=guest, email=person.email)
    assert await spend(person, session, creditId=credit) == []


async def test_r8_a_siblings_credit_is_the_siblings(world: World, database: Database) -> None:
    parent, child = await world.person()
    sibling, session = await world.client(parent, "Eva"), await a_class(world)
    (credit,) = await world.granted(sibling)
    async with written(database) as rows:
        assert await spend(parent, session, clientId=child, creditId=credit) == ["CREDIT_OF_OTHER_CLIENT"]
        assert await spend(world.owner, session, clientId=child, creditId=credit) == ["CREDIT_OF_OTHER_CLIENT"]
        assert await spend(parent, session, clientId=child) == ["NO_ELIGIBLE_CREDIT"]
    assert rows == {"idempotency_keys": 3}
    assert await spend(parent, session, clientId=sibling, creditId=credit) == []


async def test_r7_a_credit_does_not_buy_back_the_session_that_earned_it(world: World) -> None:
    person, client = await world.person()
    session = await world.session(await world.course(), START)
    cancelled = await person.do("cancelBooking", NOW, bookingId=await world.booked(session, client))
    credit = cancelled["credit"]["id"]
    assert await spend(person, session, creditId=credit) == ["SAME_SESSION"]
    assert await spend(person, session) == ["NO_ELIGIBLE_CREDIT"]
    (other,) = await world.granted(client)
    assert await spend(person, session, creditId=other) == []


async def test_r7_nobody_has_two_seats_in_one_session(world: World) -> None:
    person, client = await world.person()
    await world.granted(client, 2)
    session = await a_class(world)
    await world.booked(session, client)
    assert await spend(person, session) == ["ALREADY_BOOKED"]


async def test_v3_a_session_too_far_ahead_can_be_booked_from_the_instant_that_is_told(world: World) -> None:
    await world.policy(maxDaysAhead=10)
    person, client = await world.person()
    await world.granted(client)
    session = await a_class(world)
    refused = await person.do("bookWithMakeUp", "2026-12-02T22:59:59.999999Z", sessionId=session)
    assert codes(refused) == ["TOO_FAR_AHEAD"]
    (reason,) = refused["reasons"]
    assert reason["actual"]["date"] == "2026-12-13"
    assert reason["required"]["date"] == "2026-12-12"
    assert reason["fixableBy"] == "TIME"
    assert reason["availableFrom"] == "2026-12-02T23:00:00Z"
    assert await spend(person, session, reason["availableFrom"]) == []


async def test_r5_a_started_session_takes_no_credit(world: World) -> None:
    person, client = await world.person()
    await world.granted(client)
    session = await a_class(world)
    refused = await person.do("bookWithMakeUp", START, sessionId=session)
    assert codes(refused) == ["SESSION_STARTED"]
    assert refused["reasons"][0]["actual"]["dateTime"] == START
    assert refused["reasons"][0]["required"]["dateTime"] == START
    assert await spend(person, session, "2026-12-13T16:59:59.999999Z") == []


async def test_r8_a_spent_credit_is_told_with_its_state(world: World) -> None:
    person, client = await world.person()
    (credit,) = await world.granted(client)
    assert await spend(person, await a_class(world), creditId=credit) == []
    refused = await person.do("bookWithMakeUp", NOW, sessionId=await a_class(world), creditId=credit)
    assert codes(refused) == ["CREDIT_USED"]
    assert refused["reasons"][0]["actual"]["text"] == "USED"
    assert refused["reasons"][0]["required"]["text"] == "ACTIVE"


async def test_r1_every_rule_that_fails_is_told_in_the_order_of_the_rules(world: World, database: Database) -> None:
    await world.policy(maxDaysAhead=10)
    guest = await world.client()
    (credit,) = await world.granted(guest, validity={"expiresOn": "2026-11-20"})
    course = await world.course(acceptsMakeUps=False)
    session = await world.session(course, START, capacity=1)
    await world.booked(session, guest)
    whole = await world.session(await world.course(acceptsMakeUps=False, singleSessionPrice=None), START)
    async with written(database) as rows:
        assert await spend(world.owner, session, clientId=guest, creditId=credit) == [
            "ACCOUNT_REQUIRED",
            "SESSION_NOT_ACCEPTING_MAKE_UPS",
            "TOO_FAR_AHEAD",
            "SESSION_FULL",
            "ALREADY_BOOKED",
            "CREDIT_EXPIRED",
        ]
        assert await spend(world.owner, whole, clientId=guest, creditId=credit) == [
            "ACCOUNT_REQUIRED",
            "SESSION_NOT_ACCEPTING_MAKE_UPS",
            "COURSE_NOT_SOLD_PER_SESSION",
            "TOO_FAR_AHEAD",
            "CREDIT_EXPIRED",
        ]
        assert await spend(world.owner, session, START, clientId=guest) == [
            "ACCOUNT_REQUIRED",
            "SESSION_NOT_ACCEPTING_MAKE_UPS",
            "SESSION_STARTED",
            "SESSION_FULL",
            "ALREADY_BOOKED",
            "NO_ELIGIBLE_CREDIT",
        ]
    assert rows == {"idempotency_keys": 3}


async def test_r10_the_credit_that_expires_first_is_spent_then_the_oldest_then_by_id(world: World) -> None:
    person, client = await world.person()
    later = "2026-11-02T08:00:00Z"

    async def granted(last_day: str | None, now: str, count: int = 1) -> list[str]:
        validity = {"never": True} if last_day is None else {"expiresOn": last_day}
        return await world.granted(client, count, now, validity=validity)

    never_new = await granted(None, later)
    never_old = await granted(None, world.beginning)
    tenth = await granted("2026-12-10", later)
    fifth_new = await granted("2026-12-05", later)
    fifth_old = await granted("2026-12-05", world.beginning, 2)
    await granted("2026-11-21", world.beginning)
    spent: list[str] = []
    for _ in range(6):
        booked = await person.do("bookWithMakeUp", NOW, sessionId=await a_class(world))
        spent.append(booked["credit"]["id"])
        assert booked["booking"]["credit"]["id"] == spent[-1]
    assert spent == [*sorted(fifth_old), *fifth_new, *tenth, *never_old, *never_new]
    assert await spend(person, await a_class(world)) == ["NO_ELIGIBLE_CREDIT"]


async def test_r10_a_credit_earned_by_this_session_is_passed_over(world: World) -> None:
    person, client = await world.person()
    session = await world.session(await world.course(), START)
    await person.do("cancelBooking", NOW, bookingId=await world.booked(session, client))
    (never,) = await world.granted(client)
    booked = await person.do("bookWithMakeUp", NOW, sessionId=session)
    assert booked["credit"]["id"] == never


async def test_r10_without_a_credit_the_reasons_of_the_session_are_told_too(world: World) -> None:
    person, _ = await world.person()
    refused = await person.do("bookWithMakeUp", NOW, sessionId=await a_class(world, acceptsMakeUps=False))
    assert codes(refused) == ["SESSION_NOT_ACCEPTING_MAKE_UPS", "NO_ELIGIBLE_CREDIT"]
    assert refused["reasons"][1]["actual"]["int"] == 0
    assert refused["reasons"][1]["required"]["int"] == 1


@pytest.mark.parametrize("mutation", ["bookSession", "bookWithMakeUp"])
async def test_r10_the_client_is_left_out_by_an_account_that_manages_just_one(world: World, mutation: str) -> None:
    session, (one_child, child) = await a_class(world), await world.person()
    await world.granted(child)
    two_children, _ = await world.person()
    await world.client(two_children, "Eva")
    for person in (await Person.signed_up(world.api), two_children):
        answer = await person.act(mutation, NOW, sessionId=session)
        assert faults(answer) == [("BAD_USER_INPUT", ["clientId"])]
    booked = await one_child.do(mutation, NOW, sessionId=session)
    assert booked["booking"]["client"]["id"] == child


async def test_r11_seat_and_credit_change_together(world: World, database: Database) -> None:
    person, client = await world.person()
    (credit,) = await world.granted(client)
    session = await a_class(world, capacity=3)
    async with written(database) as rows:
        booked = await person.do("bookWithMakeUp", NOW, sessionId=session)
    assert rows == {"bookings": 1, "events": 2, "idempotency_keys": 1, "make_up_credits": 1, "sessions": 1}
    assert booked["session"] == {"id": session, "seatsLeft": 2}
    assert booked["booking"]["paidWith"] == "MAKE_UP"
    assert booked["booking"]["payment"] == "PAID"
    assert booked["booking"]["price"] is None
    assert booked["credit"]["id"] == credit
    assert booked["credit"]["booking"]["id"] == booked["booking"]["id"]
    assert booked["credit"]["state"] == "USED"
