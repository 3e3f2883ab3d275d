"""Races within one family: two parents' phones, signed in to one account, act for two children at once."""

import asyncio

import pytest

from persistence.database import Database
from tests.invariants import assert_all_hold
from tests.persistence.racing import NOW
from tests.world import Json, Person, World, codes, data

START = "2026-12-13T17:00:00Z"
STATE = "query ($id: ID!) { node(id: $id) { ... on MakeUpCredit { state waitlistEntries { client { id } } } } }"


async def two_children(world: World) -> tuple[Person, list[str]]:
    parent, first = await world.person()
    return parent, [first, await world.client(parent, "Eva")]


async def at_once(parent: Person, *acts: tuple[str, Json]) -> list[Json]:
    return list(await asyncio.gather(*(parent.do(mutation, NOW, **given) for mutation, given in acts)))


@pytest.mark.parametrize("mutation", ["bookSession", "bookWithMakeUp"])
async def test_of_two_children_booked_at_once_into_the_last_seat_one_has_it_and_the_other_may_wait(
    world: World, database: Database, mutation: str
) -> None:
    parent, children = await two_children(world)
    for child in children:
        await world.granted(child)
    for _ in range(5):
        session = await world.session(None, START, capacity=2)
        await world.booked(session, await world.client(name="Ben"))
        given = [{"sessionId": session, "clientId": child} for child in children]
        results = await at_once(parent, *((mutation, each) for each in given))
        (loser,) = [result for result in results if result["__typename"] == "Refused"]
        (winner,) = [result for result in results if result is not loser]
        assert winner["booking"]["client"]["id"] == children[results.index(winner)]
        assert codes(loser) == ["SESSION_FULL"]
        assert loser["reasons"][0]["canJoinWaitlist"] is True
        await parent.do("cancelBooking", NOW, bookingId=winner["booking"]["id"])
    await assert_all_hold(database, world.studio, NOW)


async def test_r8_one_credit_of_a_family_pays_one_of_two_seats_at_once(world: World, database: Database) -> None:
    await world.policy(creditScope="SAME_ACCOUNT")
    parent, children = await two_children(world)
    for number in range(5):
        (credit,) = await world.granted(children[number % 2])
        named = {"creditId": credit} if number % 2 else {}
        sessions = [await world.session(None, START) for _ in children]
        given = [
            {"sessionId": session, "clientId": child, **named}
            for session, child in zip(sessions, children, strict=True)
        ]
        results = await at_once(parent, *(("bookWithMakeUp", each) for each in given))
        (loser,) = [result for result in results if result["__typename"] == "Refused"]
        assert codes(loser) == (["CREDIT_USED"] if named else ["NO_ELIGIBLE_CREDIT"])
    await assert_all_hold(database, world.studio, NOW)


async def test_r8_w1_one_credit_of_a_family_waits_for_one_child_or_pays_for_the_other(
    world: World, database: Database
) -> None:
    await world.policy(creditScope="SAME_ACCOUNT")
    parent, (one, other) = await two_children(world)
    for _ in range(5):
        (credit,) = await world.granted(one)
        waiting = {"sessionId": await world.full(START), "clientId": one, "withCredit": True, "creditId": credit}
        paying = {"sessionId": await world.session(None, START), "clientId": other, "creditId": credit}
        joined, booked = await at_once(parent, ("joinWaitlist", waiting), ("bookWithMakeUp", paying))
        shown = data(await parent.ask(STATE, {"id": credit}, NOW))["node"]
        if joined["__typename"] == "Refused":
            assert (codes(joined), booked["booking"]["client"]["id"]) == (["CREDIT_USED"], other)
            assert shown == {"state": "USED", "waitlistEntries": []}
        else:
            assert codes(booked) == ["CREDIT_HELD"]
            assert shown == {"state": "HELD", "waitlistEntries": [{"client": {"id": one}}]}
    await assert_all_hold(database, world.studio, NOW)


async def test_r8_w1_one_credit_of_a_family_waits_for_one_child_at_once_and_not_for_two(
    world: World, database: Database
) -> None:
    await world.policy(creditScope="SAME_ACCOUNT")
    parent, children = await two_children(world)
    for _ in range(5):
        (credit,) = await world.granted(children[0])
        given = [
            {"sessionId": await world.full(START), "clientId": child, "withCredit": True, "creditId": credit}
            for child in children
        ]
        results = await at_once(parent, *(("joinWaitlist", each) for each in given))
        (loser,) = [result for result in results if result["__typename"] == "Refused"]
        assert codes(loser) == ["CREDIT_HELD"]
        shown = data(await parent.ask(STATE, {"id": credit}, NOW))["node"]
        assert shown["waitlistEntries"] == [{"client": {"id": children[1 - results.index(loser)]}}]
    await assert_all_hold(database, world.studio, NOW)


async def test_f1_two_seats_booked_at_once_that_clash_both_stand_and_each_tells_of_the_other(world: World) -> None:
    parent, children = await two_children(world)
    given = [{"sessionId": await world.session(None, START), "clientId": child} for child in children]
    results = await at_once(parent, *(("bookSession", each) for each in given))
    seats = [result["booking"]["id"] for result in results]
    asked = "query ($id: ID!) { node(id: $id) { ... on Booking { clashes { id } } } }"
    told = [data(await parent.ask(asked, {"id": seat}, NOW))["node"]["clashes"] for seat in seats]
    assert told == [[{"id": seats[1]}], [{"id": seats[0]}]]
