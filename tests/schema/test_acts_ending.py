"""Ending an enrolment (C12), and enrolling anew (B2)."""

import pytest

from persistence.database import Database
from tests.schema.counting import written
from tests.world import Json, World, codes, data, fault

NOW = "2026-11-22T17:00:00Z"
FIRST, SECOND, THIRD = (f"2026-12-{day}T17:00:00Z" for day in (13, 14, 15))
ENROLMENTS = """query ($id: ID!) { node(id: $id) { ... on Client { enrolments { nodes { id endedAt } } } } }"""


async def enrolled_in_three(world: World, client: str) -> tuple[str, Json]:
    course = await world.course()
    for start in (FIRST, SECOND, THIRD):
        await world.session(course, start, capacity=1)
    return course, await world.enrolled(course, client)


async def test_c12_the_seats_to_come_are_free_again_and_earn_nothing(world: World, database: Database) -> None:
    person, client = await world.person()
    _, enrolled = await enrolled_in_three(world, client)
    first, second, third = enrolled["bookings"]
    async with written(database) as rows:
        ended = await world.owner.do("endEnrolment", FIRST, enrolmentId=enrolled["enrolment"]["id"])
    assert rows == {"enrolments": 1, "bookings": 2, "sessions": 2, "events": 3, "idempotency_keys": 1}
    assert ended["enrolment"] == {**enrolled["enrolment"], "endedAt": FIRST}
    assert {booking["id"] for booking in ended["bookings"]} == {second["id"], third["id"]}
    for booking in ended["bookings"]:
        assert (booking["status"], booking["outcome"]) == ("CANCELLED", "NOTHING")
        assert booking["whyNotEarned"] == ["ENROLMENT_ENDED"]
        assert (booking["cancelledAt"], booking["session"]["seatsLeft"]) == (FIRST, 1)
    assert ended["credits"] == []
    query = "query ($id: ID!) { node(id: $id) { ... on Booking { status cancellationPreview { outcome } } } }"
    stands = data(await person.ask(query, {"id": first["id"]}, FIRST))["node"]
    assert stands["status"] == "BOOKED"
    gone = data(await person.ask(query, {"id": second["id"]}, FIRST))["node"]
    assert gone == {"status": "CANCELLED", "cancellationPreview": None}


async def test_c4_ending_twice_changes_nothing_and_answers_the_same(world: World, database: Database) -> None:
    await world.policy(onEnrolmentEnd="REVOKE_UNUSED")
    person, client = await world.person()
    _, enrolled = await enrolled_in_three(world, client)
    await person.do("cancelBooking", NOW, bookingId=enrolled["bookings"][0]["id"])
    enrolment = enrolled["enrolment"]["id"]
    first = await world.owner.do("endEnrolment", NOW, enrolmentId=enrolment)
    async with written(database) as rows:
        second = await world.owner.do("endEnrolment", "2027-03-01T00:00:00Z", enrolmentId=enrolment)
    assert second == first
    assert rows == {"idempotency_keys": 1}
    assert len(first["bookings"]) == 2
    assert len(first["credits"]) == 1


async def test_c4_a_seat_that_ended_with_its_enrolment_answers_with_what_it_brought(world: World) -> None:
    person, client = await world.person()
    _, enrolled = await enrolled_in_three(world, client)
    await world.owner.do("endEnrolment", NOW, enrolmentId=enrolled["enrolment"]["id"])
    for now, expect in ((NOW, None), (SECOND, {"outcome": "CREDIT"})):
        booking = enrolled["bookings"][0]["id"]
        again = await person.do("cancelBooking", now, bookingId=booking, expect=expect)
        assert again["booking"]["whyNotEarned"] == ["ENROLMENT_ENDED"]
        assert again["booking"]["cancelledAt"] == NOW
        assert again["credit"] is None


@pytest.mark.parametrize("on_end", ["KEEP", "REVOKE_UNUSED"])
async def test_c12_what_was_earned_stays_or_goes_where_it_is_not_spent(world: World, on_end: str) -> None:
    await world.policy(onEnrolmentEnd=on_end)
    person, client = await world.person()
    _, enrolled = await enrolled_in_three(world, client)
    (granted,) = await world.granted(client)
    spent, unspent = [
        (await person.do("cancelBooking", NOW, bookingId=booking["id"]))["credit"]["id"]
        for booking in enrolled["bookings"][:2]
    ]
    await person.do("bookWithMakeUp", NOW, sessionId=await world.session(None, FIRST), creditId=spent)

    ended = await world.owner.do("endEnrolment", NOW, enrolmentId=enrolled["enrolment"]["id"])

    revoked = on_end == "REVOKE_UNUSED"
    query = "{ makeUpCredits { nodes { id state ledger { kind } } } }"
    found = {credit["id"]: credit for credit in data(await person.ask(query, now=NOW))["makeUpCredits"]["nodes"]}
    states = {id: credit["state"] for id, credit in found.items()}
    assert states == {granted: "ACTIVE", spent: "USED", unspent: "REVOKED" if revoked else "ACTIVE"}
    assert [credit["id"] for credit in ended["credits"]] == ([unspent] if revoked else [])
    told = [line["kind"] for line in found[unspent]["ledger"]]
    assert told == (["ISSUED", "REVOKED"] if revoked else ["ISSUED"])


async def test_b2_who_has_left_is_enrolled_again_in_what_remains(world: World) -> None:
    person, client = await world.person()
    course, enrolled = await enrolled_in_three(world, client)
    given: Json = {"courseId": course, "clientId": client, "payment": "DUE"}
    assert "ALREADY_ENROLLED" in codes(await world.owner.do("enrolClient", NOW, **given))
    await world.owner.do("endEnrolment", NOW, enrolmentId=enrolled["enrolment"]["id"])

    again = await world.owner.do("enrolClient", FIRST, **given)

    assert [booking["session"]["seatsLeft"] for booking in again["bookings"]] == [0, 0]
    assert again["enrolment"]["payment"] == "DUE"
    found = data(await person.ask(ENROLMENTS, {"id": client}, FIRST))["node"]["enrolments"]["nodes"]
    assert found == [
        {"id": enrolled["enrolment"]["id"], "endedAt": NOW},
        {"id": again["enrolment"]["id"], "endedAt": None},
    ]
    assert "ALREADY_ENROLLED" in codes(await world.owner.do("enrolClient", FIRST, **given))


async def test_b2_all_or_nothing_of_each_reason_at_once(world: World, database: Database) -> None:
    """A full session, one that is booked, one left out, one archived, one that starts this instant."""
    client, course = await world.client(), await world.course()
    starts = ("2026-12-11T17:00:00Z", *(f"2026-12-{day}T17:00:00Z" for day in (12, 13, 14, 15, 16)))
    now, full, booked, left_out, archived, free = [
        await world.session(course, start, capacity=1 if start in starts[1:2] else 2) for start in starts
    ]
    await world.booked(full, await world.client())
    await world.booked(booked, client)
    await world.archive(archived)
    given: Json = {"courseId": course, "clientId": client, "payment": "PAID"}
    async with written(database) as rows:
        refused = await world.owner.do("enrolClient", starts[0], **given, **{"except": [left_out]})
    assert [(reason["code"], reason["sessionId"]) for reason in refused["reasons"]] == [
        ("SESSION_FULL", full),
        ("ALREADY_BOOKED", booked),
    ]
    assert rows == {"idempotency_keys": 1}
    # What does not remain may be left out too, and twice.
    out = [full, booked, left_out, archived, now, left_out]
    enrolled = await world.owner.do("enrolClient", starts[0], **given, **{"except": out})
    assert [booking["session"]["id"] for booking in enrolled["bookings"]] == [free]


async def test_b2_a_session_that_nothing_has_cannot_be_excepted_whatever_the_course(world: World) -> None:
    client, course = await world.client(), await world.course()
    mine = await world.session(course, FIRST)
    nothing = mine[:-1] + ("0" if mine[-1] != "0" else "1")
    nowhere = course[:-1] + ("0" if course[-1] != "0" else "1")
    for of, path in ((course, "except"), (nowhere, "courseId")):
        given: Json = {"courseId": of, "clientId": client, "payment": "PAID", "except": [nothing]}
        answer = await world.owner.act("enrolClient", NOW, **given)
        assert fault(answer) == "NOT_FOUND"
        assert answer["errors"][0]["extensions"]["input"] == [path]
