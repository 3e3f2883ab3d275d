"""What a client sees of windows, seats for credits, guards, and the terms of a credit (R5, R6, R9, R12, V3)."""

from typing import Any

import pytest

from tests.world import Json, Person, World, codes, data

NOW = "2026-11-22T17:00:00Z"
START = "2026-12-13T17:00:00Z"
SEEN = """query ($session: ID!, $credit: ID) { node(id: $session) { ... on Session {
  seatsLeft makeUpSeatsLeft makeUpsOpenAt makeUpsCloseAt
  makeUpEligibility(creditId: $credit) { eligible credit { id } reasons { code fixableBy availableFrom } } } } }"""
TERMS = """query ($id: ID!) { node(id: $id) { ... on MakeUpCredit {
  state expiryMeans redeemableFrom category worth { amount } } } }"""
PREVIEW = """query ($id: ID!) { node(id: $id) { ... on Booking {
  cancellationPreview { outcome redeemableFrom bookableSessions } } } }"""
OPTIONS = "query ($credit: ID) { makeUpOptions(creditId: $credit) { nodes { id } } }"


async def a_client_with_credits(world: World, count: int = 1, **granted: Any) -> tuple[Person, str]:
    person, client = await world.person()
    await world.granted(client, count, **granted)
    return person, client


async def earned(world: World, person: Person, client: str, start: str = START, **course: Any) -> str:
    """The credit for a seat in a course that is given up at once."""
    booking = await world.booked(await world.session(await world.course(**course), start), client)
    return (await person.do("cancelBooking", NOW, bookingId=booking))["credit"]["id"]


async def seen(person: Person, session: str, now: str = NOW, credit: str | None = None) -> Json:
    return data(await person.ask(SEEN, {"session": session, "credit": credit}, now))["node"]


async def options(person: Person, credit: str, now: str = NOW) -> list[str]:
    found = data(await person.ask(OPTIONS, {"credit": credit}, now))["makeUpOptions"]["nodes"]
    return [node["id"] for node in found]


async def refused(person: Person, session: str, now: str = NOW, **given: str) -> Json:
    """The one reason against booking it, which eligibility tells too."""
    result = await person.do("bookWithMakeUp", now, sessionId=session, **given)
    (reason,) = result["reasons"]
    said = (await seen(person, session, now, credit=given.get("creditId")))["makeUpEligibility"]
    assert said["reasons"] == [{key: reason[key] for key in ("code", "fixableBy", "availableFrom")}]
    return reason


async def booked(person: Person, session: str, now: str = NOW, **given: str) -> Json:
    result = await person.do("bookWithMakeUp", now, sessionId=session, **given)
    assert result["__typename"] == "MakeUpBooked", result
    return result


async def test_r5_a_session_tells_its_window_and_opens_and_closes_at_the_instants_told(world: World) -> None:
    person, _ = await a_client_with_credits(world, 2)
    await world.policy(makeUpsOpenDaysBefore={"limit": 7})
    course = await world.course(policy={"makeUpsCloseMinutesBefore": {"limit": 90}})
    session = await world.session(course, START)
    other = await world.session(course, START, policy={"makeUpsCloseMinutesBefore": {"off": True}})

    shown = await seen(person, session)
    opens_at, closes_at = shown["makeUpsOpenAt"], shown["makeUpsCloseAt"]
    assert (opens_at, closes_at) == ("2026-12-05T23:00:00Z", "2026-12-13T15:30:00Z")
    early = await refused(person, session, "2026-12-05T22:59:59.999999Z")
    assert (early["code"], early["fixableBy"]) == ("BOOKING_NOT_OPEN_YET", "TIME")
    assert early["availableFrom"] == early["required"]["dateTime"] == opens_at
    assert (await seen(person, session, opens_at))["makeUpEligibility"]["eligible"]
    late = await refused(person, session, "2026-12-13T15:30:00.000001Z")
    assert (late["code"], late["fixableBy"], late["availableFrom"]) == ("BOOKING_CLOSED", "STAFF", None)
    assert late["required"]["dateTime"] == closes_at
    await booked(person, session, closes_at)
    await booked(person, other, "2026-12-13T16:59:59Z")


async def test_r5_money_books_whatever_the_window_says(world: World) -> None:
    person, _ = await world.person()
    session = await world.session(None, START, policy={"makeUpsOpenDaysBefore": {"limit": 1}})
    assert (await person.do("bookSession", NOW, sessionId=session))["__typename"] == "SessionBooked"


async def test_r6_a_session_tells_its_seats_for_money_and_those_for_credits(world: World) -> None:
    person, client = await a_client_with_credits(world)
    session = await world.session(None, START, capacity=2, policy={"extraMakeUpSeats": 1})
    for seats, for_credits in ((2, 3), (1, 2)):
        shown = await seen(person, session)
        assert (shown["seatsLeft"], shown["makeUpSeatsLeft"]) == (seats, for_credits)
        await world.booked(session, await world.client())
    assert (await seen(person, session))["makeUpEligibility"]["eligible"]

    full = await world.owner.do("bookSession", NOW, sessionId=session, clientId=client, payment="PAID")
    assert codes(full) == ["SESSION_FULL"]
    assert (await booked(person, session))["session"]["seatsLeft"] == 0
    assert (await seen(person, session))["makeUpSeatsLeft"] == 0
    other, _ = await a_client_with_credits(world)
    reason = await refused(other, session)
    assert (reason["code"], reason["actual"]["int"], reason["required"]["int"]) == ("SESSION_FULL", 3, 2)
    assert reason["sessionId"] == session


@pytest.mark.parametrize("by", ["course", "session"])
async def test_r6_credits_take_so_many_seats_and_no_more(world: World, by: str) -> None:
    limit = {"maxMakeUps": {"limit": 1}}
    course = await world.course(policy=limit if by == "course" else None)
    session = await world.session(course, START, policy=limit if by == "session" else None)
    first, _ = await a_client_with_credits(world)
    second, _ = await a_client_with_credits(world)
    await booked(first, session)

    reason = await refused(second, session)
    assert (reason["code"], reason["actual"]["int"], reason["required"]["int"]) == ("MAKE_UP_SEATS_FULL", 1, 0)
    assert (reason["fixableBy"], reason["sessionId"]) == ("STAFF", session)
    assert (await seen(second, session))["makeUpSeatsLeft"] == 0
    assert (await second.do("bookSession", NOW, sessionId=session))["__typename"] == "SessionBooked"


async def test_r6_credits_take_the_seats_that_money_has_freed(world: World) -> None:
    course = await world.course(policy={"freedSeatsOnly": True})
    session = await world.session(course, START)
    person, _ = await a_client_with_credits(world)
    buyer, buyers = await world.person("Eva")
    booking = await world.booked(session, buyers)
    assert (await refused(person, session))["code"] == "MAKE_UP_SEATS_FULL"
    await buyer.do("cancelBooking", NOW, bookingId=booking)
    assert (await seen(person, session))["makeUpSeatsLeft"] == 1
    await booked(person, session)
    assert (await seen(person, session))["makeUpSeatsLeft"] == 0


async def test_r6_extra_seats_that_are_taken_cannot_be_taken_away(world: World) -> None:
    course = await world.course(policy={"extraMakeUpSeats": 2})
    session = await world.session(course, START, capacity=1)
    await world.booked(session, await world.client())
    person, _ = await a_client_with_credits(world)
    await booked(person, session)
    of_course: Json = {"mutation": "updateCoursePolicy", "courseId": course}
    of_session: Json = {"mutation": "updateSessionPolicy", "sessionId": session}

    for given in (of_course, of_session):
        denied = await world.owner.do(now=NOW, **given, extraMakeUpSeats=0, maxMakeUps={"limit": 5})
        assert codes(denied) == ["CAPACITY_BELOW_BOOKED"]
        (reason,) = denied["reasons"]
        assert (reason["actual"]["int"], reason["required"]["int"], reason["sessionId"]) == (1, 2, session)
        assert reason["fixableBy"] == "STAFF"
        done = await world.owner.do(now=NOW, **given, extraMakeUpSeats=1)
        assert done["__typename"].endswith("PolicyUpdated")
    assert (await seen(person, session))["makeUpSeatsLeft"] == 0


async def test_v3_a_credit_that_must_be_attended_pays_what_starts_before_it_expires(world: World) -> None:
    await world.policy(expiryMeans="ATTEND_BY")
    person, client = await world.person()
    credit = await earned(world, person, client)
    last = await world.session(None, "2026-12-06T22:59:59.999999Z", "2026-12-06T23:30:00Z")
    after = await world.session(None, "2026-12-06T23:00:00Z", "2026-12-06T23:30:00Z")
    await world.policy(NOW, expiryMeans="BOOK_BY")
    assert data(await person.ask(TERMS, {"id": credit}, NOW))["node"]["expiryMeans"] == "ATTEND_BY"

    assert await options(person, credit) == [last]
    reason = await refused(person, after, creditId=credit)
    assert (reason["code"], reason["fixableBy"]) == ("STARTS_AFTER_EXPIRY", "CLIENT")
    assert reason["actual"]["dateTime"] == reason["required"]["dateTime"] == "2026-12-06T23:00:00Z"
    await booked(person, last, creditId=credit)


async def test_r12_a_credit_that_waits_for_the_missed_session_says_from_when_it_can_be_spent(world: World) -> None:
    await world.policy(redeemableFrom="AFTER_MISSED_SESSION", validity={"days": 60})
    person, client = await world.person()
    session = await world.session(None, "2026-12-20T17:00:00Z")
    booking = await world.booked(await world.session(await world.course(), START), client)
    over = "2026-12-13T18:00:00Z"

    preview = data(await person.ask(PREVIEW, {"id": booking}, NOW))["node"]["cancellationPreview"]
    assert preview == {"outcome": "CREDIT", "redeemableFrom": over, "bookableSessions": 0}
    credit = (await person.do("cancelBooking", NOW, bookingId=booking))["credit"]["id"]
    terms = data(await person.ask(TERMS, {"id": credit}, NOW))["node"]
    assert (terms["state"], terms["redeemableFrom"]) == ("ACTIVE", over)
    before = "2026-12-13T17:59:59.999999Z"
    reason = await refused(person, session, before, creditId=credit)
    assert (reason["code"], reason["fixableBy"]) == ("CREDIT_NOT_YET_VALID", "TIME")
    assert reason["availableFrom"] == reason["required"]["dateTime"] == over
    assert (await refused(person, session, before))["code"] == "NO_ELIGIBLE_CREDIT"
    assert (await options(person, credit, before), await options(person, credit, over)) == ([], [session])
    await booked(person, session, over)


async def test_r9_the_guards_hold_what_the_credit_stands_for_against_the_session(world: World) -> None:
    person, client = await world.person()
    credit = await earned(world, person, client, category="Yoga", singleSessionPrice=20_000)
    terms = data(await person.ask(TERMS, {"id": credit}, NOW))["node"]
    assert (terms["category"], terms["worth"]["amount"]) == ("Yoga", 20_000)
    dear = await world.session(None, START, price=20_001, category="Yoga")
    dance = await world.session(None, START, price=20_000, category="Dance")
    right = await world.session(None, START, price=20_000, category="Yoga")
    assert set(await options(person, credit)) == {dear, dance, right}

    await world.policy(NOW, priceGuard="SAME_OR_LOWER", categoryGuard="SAME_CATEGORY")
    assert await options(person, credit) == [right]
    too_dear = await refused(person, dear, creditId=credit)
    assert (too_dear["code"], too_dear["fixableBy"]) == ("PRICE_ABOVE_CREDIT", "CLIENT")
    told = [too_dear[side]["money"] for side in ("actual", "required")]
    assert told == [{"amount": 20_001, "currency": "CZK"}, {"amount": 20_000, "currency": "CZK"}]
    other = await refused(person, dance, creditId=credit)
    assert (other["code"], other["actual"]["text"], other["required"]["text"]) == ("CATEGORY_MISMATCH", "Dance", "Yoga")
    await booked(person, right)
