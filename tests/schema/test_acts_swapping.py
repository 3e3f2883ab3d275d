"""Swapping one seat for another, and asking before whether and for what (C6, P2)."""

from collections.abc import Sequence
from typing import Any

import pytest

from tests.world import Json, Person, World, codes, data

NOW = "2026-11-22T17:00:00Z"
START = "2026-12-13T17:00:00Z"
NEXT_DAY = "2026-12-14T17:00:00Z"
LATE = "2026-12-12T17:00:00.000001Z"
OPTIONS = """query ($booking: ID!, $first: Int) { node(id: $booking) { ... on Booking {
  swapOptions(first: $first) { totalCount nodes { id } } } } }"""
ELIGIBILITY = """query ($session: ID!, $booking: ID!) { node(id: $session) { ... on Session {
  swapEligibility(bookingId: $booking) { eligible reasons { code sessionId fixableBy whyNotEarned } } } } }"""


async def asked(person: Person, session: str, booking: str, now: str = NOW) -> Json:
    answer = data(await person.ask(ELIGIBILITY, {"session": session, "booking": booking}, now))
    return answer["node"]["swapEligibility"]


async def options(person: Person, booking: str, now: str = NOW) -> list[str]:
    found = data(await person.ask(OPTIONS, {"booking": booking, "first": 100}, now))["node"]["swapOptions"]
    assert found["totalCount"] == len(found["nodes"])
    return [session["id"] for session in found["nodes"]]


async def seated(world: World, **course: Any) -> tuple[Person, str, str]:
    """Somebody, and their paid seat in a course session."""
    person, client = await world.person()
    return person, client, await world.booked(await world.session(await world.course(**course), START), client)


async def test_c6_the_answer_tells_of_both_seats_and_of_the_credit(world: World) -> None:
    person, client, booking = await seated(world)
    wanted = await world.session(None, NEXT_DAY, capacity=3)

    swapped = await person.do("swapSession", NOW, bookingId=booking, sessionId=wanted)

    given_up, new, credit = swapped["givenUp"], swapped["booking"], swapped["credit"]
    assert (given_up["id"], given_up["status"], given_up["outcome"]) == (booking, "CANCELLED", "CREDIT")
    assert given_up["earnedCredit"]["id"] == credit["id"]
    assert swapped["givenUpSession"] == {"id": given_up["session"]["id"], "seatsLeft": 10}
    assert (new["status"], new["paidWith"], new["payment"], new["price"]) == ("BOOKED", "MAKE_UP", "PAID", None)
    assert (new["credit"]["id"], new["client"]["id"]) == (credit["id"], client)
    assert swapped["session"] == {"id": wanted, "seatsLeft": 2}
    assert (credit["state"], credit["missedBooking"]["id"], credit["booking"]["id"]) == ("USED", booking, new["id"])
    assert [(line["kind"], line["at"]) for line in credit["ledger"]] == [("ISSUED", NOW), ("REDEEMED", NOW)]


async def test_c6_a_make_up_is_swapped_with_its_own_credit(world: World) -> None:
    person, client = await world.person()
    (credit,) = await world.granted(client)
    here, there = [await world.session(None, start) for start in (START, NEXT_DAY)]
    booked = await person.do("bookWithMakeUp", NOW, sessionId=here)

    swapped = await person.do("swapSession", NOW, bookingId=booked["booking"]["id"], sessionId=there)

    assert (swapped["givenUp"]["outcome"], swapped["credit"]["id"]) == ("CREDIT_RETURNED", credit)
    assert [line["kind"] for line in swapped["credit"]["ledger"]] == ["ISSUED", "REDEEMED", "RESTORED", "REDEEMED"]


async def test_c6_a_refusal_tells_why_nothing_would_be_earned_and_of_which_session_each_reason_is(world: World) -> None:
    person, client = await world.person()
    missed = await world.session(await world.course(), START)
    booking = await world.booked(missed, client, "DUE")
    wanted = await world.session(None, NEXT_DAY, capacity=1)
    await world.booked(wanted, await world.client())

    refused = await person.do("swapSession", LATE, bookingId=booking, sessionId=wanted)

    said = [(reason["code"], reason["sessionId"], reason["whyNotEarned"]) for reason in refused["reasons"]]
    assert said == [
        ("CANCELLATION_EARNS_NOTHING", missed, ["AFTER_DEADLINE", "NOT_PAID"]),
        ("SESSION_FULL", wanted, []),
    ]
    replayed = await person.do("swapSession", LATE, bookingId=booking, sessionId=wanted, idempotencyKey="again")
    again = await person.do("swapSession", LATE, bookingId=booking, sessionId=wanted, idempotencyKey="again")
    assert again == replayed == refused


async def all_kinds(world: World, client: str) -> list[str]:
    """Sessions that this and that stands against, and some against which nothing does."""
    full, twice, old = [await world.session(None, NEXT_DAY, capacity=1) for _ in range(3)]
    await world.booked(full, await world.client())
    await world.booked(twice, client)
    await world.archive(old)
    return [
        *(full, twice, old),
        await world.session(None, NEXT_DAY),
        await world.session(await world.course(category="Dance"), NEXT_DAY),
        await world.session(await world.course(category="Yoga", singleSessionPrice=1), NEXT_DAY),
        await world.session(await world.course(singleSessionPrice=None), NEXT_DAY),
        await world.session(None, NEXT_DAY, acceptsMakeUps=False),
        await world.session(None, NEXT_DAY, price=100_000, category="Yoga"),
        await world.session(None, "2027-05-22T17:00:00Z"),
        await world.session(None, "2026-11-22T16:00:00Z"),
        await world.session(None, NEXT_DAY, policy={"makeUpsOpenDaysBefore": {"limit": 1}}),
        await world.session(None, NEXT_DAY, category="Yoga", price=1),
    ]


async def agree(person: Person, booking: str, sessions: Sequence[str], now: str = NOW) -> set[str]:
    """What is listed is what each session says of itself, and what the act then says."""
    eligible: set[str] = set()
    for session in sessions:
        said = await asked(person, session, booking, now)
        assert said["eligible"] == (said["reasons"] == [])
        if said["eligible"]:
            eligible.add(session)
            continue
        refused = await person.do("swapSession", now, bookingId=booking, sessionId=session)
        told = [{name: reason[name] for name in said["reasons"][0]} for reason in refused["reasons"]]
        assert told == said["reasons"]
    assert set(await options(person, booking, now)) & set(sessions) == eligible
    return eligible


async def test_c6_a_studio_that_does_not_give_credits_back_says_so_to_whoever_swaps(world: World) -> None:
    await world.policy(onMakeUpCancellation="FORFEIT")
    person, client = await world.person()
    await world.granted(client)
    here, there = [await world.session(None, start) for start in (START, NEXT_DAY)]
    booked = await person.do("bookWithMakeUp", NOW, sessionId=here)

    said = await asked(person, there, booked["booking"]["id"])
    refused = await person.do("swapSession", NOW, bookingId=booked["booking"]["id"], sessionId=there)

    for reasons in (said["reasons"], refused["reasons"]):
        (reason,) = reasons
        assert reason["code"] == "CANCELLATION_EARNS_NOTHING"
        assert reason["whyNotEarned"] == ["PAID_WITH_CREDIT", "MAKE_UP_FORFEITED"]


@pytest.mark.parametrize("guarded", [False, True], ids=["any", "guarded"])
async def test_p2_what_is_listed_is_eligible_and_what_is_eligible_is_swapped(world: World, guarded: bool) -> None:
    person, client, booking = await seated(world, category="Yoga", singleSessionPrice=15_000)
    missed = data(
        await person.ask(
            "query ($id: ID!) { node(id: $id) { ... on Booking { session { id } } } }", {"id": booking}, NOW
        )
    )["node"]["session"]["id"]
    sessions = [missed, *await all_kinds(world, client)]
    if guarded:
        await world.policy(NOW, priceGuard="SAME_OR_LOWER", categoryGuard="SAME_CATEGORY")

    eligible = await agree(person, booking, sessions)

    assert len(eligible) == (2 if guarded else 5)
    swapped = await person.do("swapSession", NOW, bookingId=booking, sessionId=sorted(eligible)[0])
    assert swapped["__typename"] == "SessionSwapped"


async def test_p2_a_make_up_is_swapped_for_what_its_own_credit_books(world: World) -> None:
    """Not for the session that it was earned in, and for nothing once it has expired."""
    person, client, booking = await seated(world)
    sessions = await all_kinds(world, client)
    await person.do("cancelBooking", NOW, bookingId=booking)
    make_up = (await person.do("bookWithMakeUp", NOW, sessionId=sessions[3]))["booking"]["id"]

    eligible = await agree(person, make_up, sessions)
    assert len(eligible) == 4
    missed = data(
        await person.ask(
            "query ($id: ID!) { node(id: $id) { ... on Booking { session { id } } } }", {"id": booking}, NOW
        )
    )["node"]["session"]["id"]
    assert [reason["code"] for reason in (await asked(person, missed, make_up))["reasons"]] == ["SAME_SESSION"]
    assert missed not in await options(person, make_up)
    assert await agree(person, make_up, sessions, "2026-12-06T23:00:00Z") == set()


@pytest.mark.parametrize("scope", ["SAME_ACCOUNT", "SAME_CLIENT"])
async def test_r8_what_a_sibling_paid_is_swapped_where_siblings_pay_for_each_other(world: World, scope: str) -> None:
    await world.policy(creditScope="SAME_ACCOUNT")
    person, client = await world.person()
    await world.granted(await world.client(person, "Eva"))
    here, there = [await world.session(None, start) for start in (START, NEXT_DAY)]
    make_up = (await person.do("bookWithMakeUp", NOW, sessionId=here, clientId=client))["booking"]["id"]
    await world.policy(NOW, creditScope=scope)

    assert await agree(person, make_up, [here, there]) == ({there} if scope == "SAME_ACCOUNT" else set())


NOTHING_TO_SWAP: dict[str, tuple[Json, str]] = {
    "after the deadline": ({}, LATE),
    "where it is blocked then": ({"lateCancellation": "BLOCK"}, LATE),
    "where credits wait for the missed session": ({"redeemableFrom": "AFTER_MISSED_SESSION"}, NOW),
    "where make-ups are off": ({"makeUpsEnabled": False}, NOW),
}


@pytest.mark.parametrize(("policy", "now"), NOTHING_TO_SWAP.values(), ids=NOTHING_TO_SWAP)
async def test_c6_where_giving_up_brings_nothing_to_spend_there_are_no_options(
    world: World, policy: Json, now: str
) -> None:
    await world.policy(**policy)
    person, _, booking = await seated(world)

    assert await agree(person, booking, [await world.session(None, NEXT_DAY)], now) == set()


async def test_c6_what_is_cancelled_already_has_no_options_and_says_so(world: World) -> None:
    person, _, booking = await seated(world)
    wanted = await world.session(None, NEXT_DAY)
    await person.do("cancelBooking", NOW, bookingId=booking)

    assert await options(person, booking) == []
    said = await asked(person, wanted, booking)
    assert [reason["code"] for reason in said["reasons"]] == ["ALREADY_CANCELLED"]
    assert codes(await person.do("swapSession", NOW, bookingId=booking, sessionId=wanted)) == ["ALREADY_CANCELLED"]


async def test_r2_a_guest_has_no_options_and_staff_are_told_why(world: World) -> None:
    booking = await world.booked(await world.session(await world.course(), START), await world.client())
    wanted = await world.session(None, NEXT_DAY)

    assert await options(world.owner, booking) == []
    said = await asked(world.owner, wanted, booking)
    assert [(reason["code"], reason["fixableBy"]) for reason in said["reasons"]] == [("ACCOUNT_REQUIRED", "STAFF")]
