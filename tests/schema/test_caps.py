"""E9: over a cap the cancellation succeeds and earns nothing, and the preview said so."""

from typing import Any

import pytest

from persistence.database import Database
from tests.schema.counting import statements, written
from tests.world import Json, Person, World, data

NOW = "2026-11-22T17:00:00Z"
PREVIEW = """query ($id: ID!) { node(id: $id) { ... on Booking { cancellationPreview { outcome whyNotEarned
  bookableSessions afterDeadline { whyNotEarned } } } } }"""
PAGE = """query ($first: Int) { bookings(first: $first) { nodes { cancellationPreview { outcome whyNotEarned } } } }"""
EARN, OUTSTANDING = "EARN_CAP_REACHED", "OUTSTANDING_CAP_REACHED"


def cap(most: int, per: str, days: int | None = None) -> Json:
    return {"earnCap": {"cap": {"max": most, "per": per, "days": days}}}


async def seats(world: World, client: str, *days: str, policy: Json | None = None) -> list[str]:
    """Paid single bookings in sessions of one course, each at six in the evening in Prague."""
    course = await world.course(policy=policy)
    return [await world.booked(await world.session(course, f"{day}T17:00:00Z"), client) for day in days]


async def cancel(person: Person, booking: str, now: str = NOW) -> list[str]:
    """Why cancelling earned nothing, as the preview had said; empty where it earned."""
    said = data(await person.ask(PREVIEW, {"id": booking}, now))["node"]["cancellationPreview"]
    done = await person.do("cancelBooking", now, bookingId=booking, expect={"outcome": said["outcome"]})
    assert done["booking"]["status"] == "CANCELLED"
    assert done["booking"]["whyNotEarned"] == said["whyNotEarned"]
    assert (done["credit"] is None) == bool(said["whyNotEarned"])
    assert said["afterDeadline"] == {"whyNotEarned": ["AFTER_DEADLINE"]}
    assert said["bookableSessions"] == 0 or said["outcome"] == "CREDIT"
    return said["whyNotEarned"]


@pytest.mark.parametrize(
    ("policy", "days", "why_not"),
    [
        (cap(2, "COURSE"), ("2026-12-01", "2027-01-20", "2026-12-15"), [[], [], [EARN]]),
        (cap(1, "CALENDAR_MONTH"), ("2026-12-31", "2027-01-01", "2026-12-01"), [[], [], [EARN]]),
        (cap(1, "ROLLING_DAYS", 7), ("2026-12-08", "2026-12-14", "2026-12-15"), [[], [EARN], []]),
        (cap(2, "ROLLING_DAYS", 7), ("2026-12-08", "2026-12-14", "2026-12-11"), [[], [], [EARN]]),
        (cap(0, "COURSE"), ("2026-12-08",), [[EARN]]),
        ({"maxOutstanding": {"limit": 1}}, ("2026-12-08", "2027-01-20"), [[], [OUTSTANDING]]),
        (
            {**cap(1, "COURSE"), "maxOutstanding": {"limit": 1}},
            *(("2026-12-08", "2026-12-09"), [[], [EARN, OUTSTANDING]]),
        ),
    ],
    ids=["course", "month", "a week, one", "a week, two", "none at all", "outstanding", "both"],
)
async def test_e9_a_studios_cap_by_the_local_dates_of_the_missed_sessions(
    world: World, policy: Json, days: tuple[str, ...], why_not: list[list[str]]
) -> None:
    await world.policy(**policy)
    person, client = await world.person()
    bookings = await seats(world, client, *days)
    assert [await cancel(person, booking) for booking in bookings] == why_not


async def test_e9_a_courses_cap_counts_that_course_and_the_studios_counts_all(world: World) -> None:
    person, client = await world.person()
    await world.policy(**cap(1, "CALENDAR_MONTH"))
    other = await seats(world, client, "2026-12-01", "2026-12-02")
    capped = await seats(world, client, "2026-12-03", "2026-12-04", policy=cap(1, "CALENDAR_MONTH"))
    free = await seats(world, client, "2026-12-05", policy={"earnCap": {"off": True}})
    assert [await cancel(person, booking) for booking in other] == [[], [EARN]]
    assert [await cancel(person, booking) for booking in capped] == [[], [EARN]]
    assert [await cancel(person, booking) for booking in free] == [[]]


async def test_e9_what_was_used_or_expired_counts_and_what_was_taken_back_or_granted_does_not(world: World) -> None:
    await world.policy(**cap(2, "COURSE"))
    person, client = await world.person()
    await world.granted(client)
    first, second, third, fourth = await seats(world, client, "2026-12-10", "2026-12-11", "2027-01-12", "2027-01-13")
    assert await cancel(person, first) == []
    await person.do("bookWithMakeUp", NOW, sessionId=await world.session(None, "2026-12-20T17:00:00Z"))
    assert await cancel(person, second) == []
    later = "2026-12-06T23:00:00Z"
    assert await cancel(person, third, later) == [EARN]
    booked = "query ($id: ID!) { node(id: $id) { ... on Booking { earnedCredit { id state } } } }"
    states = [data(await person.ask(booked, {"id": id}, later))["node"]["earnedCredit"] for id in (first, second)]
    assert [each["state"] for each in states] == ["USED", "EXPIRED"]

    revived = {"ids": [states[1]["id"]]}
    await world.owner.do("extendMakeUps", later, studioId=world.studio, credits=revived, expiry={"never": True})
    await world.owner.do("revokeMakeUps", later, studioId=world.studio, credits=revived, reason="OTHER")
    assert await cancel(person, fourth, later) == []


async def test_e9_what_a_client_holds_is_asked_of_this_moment(world: World) -> None:
    await world.policy(maxOutstanding={"limit": 1})
    person, client = await world.person()
    await world.granted(client, 3)
    first, second, third, fourth = await seats(world, client, "2026-12-20", "2026-12-21", "2026-12-22", "2026-12-23")
    assert await cancel(person, first) == []
    assert await cancel(person, second, "2026-12-06T22:59:59.999999Z") == [OUTSTANDING]
    assert await cancel(person, third, "2026-12-06T23:00:00Z") == []
    await person.do(
        "bookWithMakeUp", "2026-12-07T12:00:00Z", sessionId=await world.session(None, "2026-12-24T17:00:00Z")
    )
    assert await cancel(person, fourth, "2026-12-07T12:00:00Z") == []


async def test_e9_a_lower_cap_touches_no_credit_that_was_issued(world: World, database: Database) -> None:
    person, client = await world.person()
    days = (f"2026-12-{day}" for day in range(10, 14))
    first, second, third, fourth = await seats(world, client, *days)
    assert [await cancel(person, booking) for booking in (first, second)] == [[], []]
    async with written(database) as rows:
        await world.policy(NOW, **cap(0, "COURSE"), maxOutstanding={"limit": 0})
    assert rows == {"events": 1, "idempotency_keys": 1, "studios": 1}
    assert await cancel(person, third) == [EARN, OUTSTANDING]
    await world.policy(NOW, earnCap={"off": True}, maxOutstanding={"limit": 3})
    assert await cancel(person, fourth) == []


async def test_e9_one_clients_credits_are_none_of_anothers(world: World) -> None:
    await world.policy(**cap(1, "COURSE"))
    person, client = await world.person()
    sibling, stranger = await world.client(person, "Eva"), await world.client()
    course = await world.course()
    session = await world.session(course, "2026-12-10T17:00:00Z")
    mine, theirs, strangers = [await world.booked(session, each) for each in (client, sibling, stranger)]
    assert await cancel(person, mine) == await cancel(person, theirs) == await cancel(world.owner, strangers) == []


async def test_e9_what_was_earned_before_is_read_in_one_statement_and_only_where_a_cap_is_decided(world: World) -> None:
    person, client = await world.person()
    bookings = await seats(world, client, *(f"2026-12-{day}" for day in range(10, 20)))

    async def taken(first: int) -> tuple[int, int]:
        with statements() as of_page:
            page = data(await person.ask(PAGE, {"first": first}, NOW))["bookings"]["nodes"]
        assert {each["cancellationPreview"]["outcome"] for each in page[-2:]} == {"CREDIT"}
        with statements() as of_act:
            await person.do("cancelBooking", NOW, bookingId=bookings.pop())
        return len(of_page), len(of_act)

    page, act = await taken(9)
    await world.policy(NOW, **cap(100, "ROLLING_DAYS", 30), maxOutstanding={"limit": 100})
    assert await taken(2) == await taken(8) == (page + 1, act + 1)


async def test_e9_a_page_of_previews_judges_each_by_itself(world: World) -> None:
    await world.policy(**cap(1, "CALENDAR_MONTH"))
    person, client = await world.person()
    bookings = await seats(world, client, "2026-12-10", "2026-12-11", "2027-01-10")
    await cancel(person, bookings[0])
    page: list[Any] = data(await person.ask(PAGE, {"first": 10}, NOW))["bookings"]["nodes"]
    told = [node["cancellationPreview"] and node["cancellationPreview"]["whyNotEarned"] for node in page]
    assert told == [None, [EARN], []]
