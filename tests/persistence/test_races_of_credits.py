"""Races for a cap and for a credit: many requests at once, then every invariant is checked (E9, V6, V7)."""

import asyncio
from typing import Any

import pytest

from domain.nouns.booking import CancellationOutcome, EarnedNothing
from domain.services import bookings
from persistence import shapes as s
from persistence.database import Database
from persistence.reads import queries
from tests.ids import key_of, ref
from tests.invariants import assert_all_hold
from tests.persistence.racing import NOW, typenames, what_comes_of_waiting
from tests.world import Json, World, codes, data, unique

EXPIRY = "2026-12-06T23:00:00Z"
CAPS: list[Json] = [
    {"earnCap": {"cap": {"max": 1, "per": "COURSE"}}},
    {"earnCap": {"cap": {"max": 1, "per": "ROLLING_DAYS", "days": 30}}},
    {"maxOutstanding": {"limit": 1}},
]


async def seats(world: World, client: str, number: int) -> list[str]:
    """Paid bookings in sessions of one course."""
    course = await world.course()
    sessions = [await world.session(course, f"2026-12-{day}T17:00:00Z") for day in range(10, 10 + number)]
    return [await world.booked(session, client) for session in sessions]


@pytest.mark.parametrize("cap", CAPS, ids=["earning", "rolling", "outstanding"])
async def test_of_cancellations_at_once_under_a_cap_of_one_exactly_one_earns(
    world: World, database: Database, cap: Json
) -> None:
    await world.policy(**cap)
    person, client = await world.person()
    booked = await seats(world, client, 6)

    results = await asyncio.gather(*(person.do("cancelBooking", NOW, bookingId=each) for each in booked))

    outcomes = sorted(result["booking"]["outcome"] for result in results)
    assert outcomes == ["CREDIT", *["NOTHING"] * 5]
    assert [result["credit"] is None for result in results].count(False) == 1
    await assert_all_hold(database, world.studio, NOW)


async def test_whoever_waited_for_another_cancellation_finds_the_cap_reached(
    world: World, database: Database, dialect: str
) -> None:
    await world.policy(**CAPS[0])
    _, client = await world.person()
    first, second = [key_of(each) for each in await seats(world, client, 2)]
    studio_id = ref(world.studio).studio_id

    await what_comes_of_waiting(
        *(world, database, dialect),
        lambda work: bookings.cancel_booking(work, bookings.CancelBooking(first, None)),
        lambda work: bookings.cancel_booking(work, bookings.CancelBooking(second, None)),
    )

    async with database.reading() as connection:
        found = await queries.by_id(connection, s.BOOKING, [(studio_id, first), (studio_id, second)])
    assert found[studio_id, first].outcome is CancellationOutcome.CREDIT
    assert found[studio_id, second].why_not_earned == (EarnedNothing.EARN_CAP_REACHED,)
    await assert_all_hold(database, world.studio, NOW)


TERMS = "query ($id: ID!) { node(id: $id) { ... on MakeUpCredit { expiresOn expiryMeans redeemableFrom } } }"
OLD: Json = {"validity": {"days": 14}, "expiryMeans": "BOOK_BY", "redeemableFrom": "ON_CANCELLATION"}
NEW: Json = {"validity": {"days": 20}, "expiryMeans": "ATTEND_BY", "redeemableFrom": "AFTER_MISSED_SESSION"}


async def test_credits_earned_while_the_policy_changes_have_all_terms_of_the_old_or_all_of_the_new(
    world: World, database: Database
) -> None:
    await world.policy(**OLD)
    person, client = await world.person()
    *booked, last = await seats(world, client, 11)

    def cancel(booking: str) -> Any:
        return person.do("cancelBooking", NOW, bookingId=booking)

    async def terms(cancelled: Json) -> Json:
        return data(await person.ask(TERMS, {"id": cancelled["credit"]["id"]}, NOW))["node"]

    def new(day: int) -> Json:
        return {"expiresOn": "2026-12-12", "expiryMeans": "ATTEND_BY", "redeemableFrom": f"2026-12-{day}T18:00:00Z"}

    old = {"expiresOn": "2026-12-06", "expiryMeans": "BOOK_BY", "redeemableFrom": None}
    change = world.policy(NOW, **NEW)
    results = await asyncio.gather(*map(cancel, booked[:5]), change, *map(cancel, booked[5:]))
    assert results.pop(5)["__typename"] == "StudioPolicyUpdated"
    for day, result in enumerate(results, start=10):
        assert await terms(result) in (old, new(day))
    assert await terms(await cancel(last)) == new(20)
    await assert_all_hold(database, world.studio, NOW)


async def test_a_credit_is_either_taken_back_or_spent_and_the_other_is_told(world: World, database: Database) -> None:
    session = await world.session(None, "2026-12-13T17:00:00Z")
    person, _ = await world.person()
    children = [await world.client(person, f"Child {number}") for number in range(8)]
    credits = [(await world.granted(child))[0] for child in children]

    def spend(number: int) -> Any:
        given = {"clientId": children[number], "creditId": credits[number]}
        return person.do("bookWithMakeUp", NOW, sessionId=session, **given)

    def revoke(number: int) -> Any:
        which = {"ids": [credits[number]]}
        return world.owner.do("revokeMakeUps", NOW, studioId=world.studio, credits=which, reason="OTHER")

    results = await asyncio.gather(*(act(number) for number in range(8) for act in (spend, revoke)))

    for spent, revoked in zip(results[::2], results[1::2], strict=True):
        if spent["__typename"] == "Refused":
            assert codes(spent) == ["CREDIT_REVOKED"]
            assert revoked["changedCount"] == 1
        else:
            assert codes(revoked) == ["CREDIT_USED"]
    await assert_all_hold(database, world.studio, NOW)


@pytest.mark.parametrize("now", ["2026-12-06T22:59:59.999999Z", EXPIRY], ids=["the last instant", "the expiry"])
async def test_an_extension_and_a_redemption_when_a_credit_expires_follow_one_another(
    world: World, database: Database, now: str
) -> None:
    """Whichever comes first: at the expiry the seat is there for those who were extended before, and only for them."""
    session = await world.session(None, "2026-12-13T17:00:00Z")
    person, _ = await world.person()
    children = [await world.client(person, f"Child {number}") for number in range(6)]
    credits = [(await world.granted(child, validity={"expiresOn": "2026-12-06"}))[0] for child in children]

    def spend(number: int) -> Any:
        given = {"clientId": children[number], "creditId": credits[number]}
        return person.do("bookWithMakeUp", now, sessionId=session, **given)

    def extend(number: int) -> Any:
        which = {"ids": [credits[number]]}
        return world.owner.do("extendMakeUps", now, studioId=world.studio, credits=which, expiry={"addDays": 1})

    results = await asyncio.gather(*(act(number) for number in range(6) for act in (spend, extend)))

    for spent, extended in zip(results[::2], results[1::2], strict=True):
        if spent["__typename"] == "Refused":
            assert codes(spent) == ["CREDIT_EXPIRED"]
            assert now == EXPIRY
            assert extended["changedCount"] == 1
        elif extended["__typename"] == "Refused":
            assert codes(extended) == ["CREDIT_USED"]
            assert now != EXPIRY
            assert [line["kind"] for line in spent["credit"]["ledger"]] == ["ISSUED", "REDEEMED"]
        else:
            assert extended["changedCount"] == 1
            expired = ["EXPIRED"] * (now == EXPIRY)
            kinds = [line["kind"] for line in spent["credit"]["ledger"]]
            assert kinds == ["ISSUED", *expired, "EXTENDED", "REDEEMED"]
    await assert_all_hold(database, world.studio, now)


async def test_twenty_extensions_with_one_key_extend_once(world: World, database: Database) -> None:
    credits = await world.granted(await world.client(), 3, validity={"expiresOn": "2026-12-06"})
    given = {"studioId": world.studio, "credits": {"ids": credits}, "expiry": {"addDays": 7}}
    await world.session(None, "2026-12-13T17:00:00Z")
    key = unique("key")

    answers = await asyncio.gather(
        *(world.owner.act("extendMakeUps", NOW, **given, idempotencyKey=key) for _ in range(20))
    )

    results = [answer["data"]["result"] for answer in answers]
    assert all(result == results[0] for result in results)
    assert sum("extensions" not in answer for answer in answers) == 1
    for each in results[0]["results"]:
        assert each["credit"]["expiresOn"] == "2026-12-13"
        assert [line["kind"] for line in each["credit"]["ledger"]] == ["ISSUED", "EXTENDED"]
    await assert_all_hold(database, world.studio, NOW)


async def test_changes_of_many_credits_across_each_other_never_deadlock(world: World, database: Database) -> None:
    person, client = await world.person()
    credits = await world.granted(client, 12, validity={"expiresOn": "2026-12-20"})
    session = await world.session(None, "2026-12-13T17:00:00Z")
    orders = [credits, credits[::-1], credits[6:] + credits[:6]] * 3
    filtered = {"filter": {"clientId": client}}

    def extend(which: Json) -> Any:
        return world.owner.act("extendMakeUps", NOW, studioId=world.studio, credits=which, expiry={"addDays": 1})

    acts = [extend({"ids": order}) for order in orders] + [extend(filtered) for _ in range(3)]
    answers = await asyncio.gather(person.act("bookWithMakeUp", NOW, sessionId=session), *acts)

    assert all("errors" not in answer for answer in answers), answers
    assert typenames([answer["data"]["result"] for answer in answers]) == {"MakeUpBooked": 1, "MakeUpsExtended": 12}
    await assert_all_hold(database, world.studio, NOW)
