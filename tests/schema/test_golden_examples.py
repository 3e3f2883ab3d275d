"""The golden examples of the rule book, through the real HTTP server, on both databases."""

import asyncio

import pytest

from tests.world import Api, Json, Person, World, codes, data

PREVIEW = """query ($id: ID!) { node(id: $id) { ... on Booking { cancellationPreview { outcome deadline inTime
  whyNotEarned expiresOn expiresAt expiresBeforeMissedSession refusals { code } } } } }"""
CREDIT = """query ($id: ID!) { node(id: $id) { ... on MakeUpCredit { state expiresAt expiresOn booking { id }
  ledger { kind at } } } }"""


async def preview(person: Person, booking: str, now: str) -> Json:
    return data(await person.ask(PREVIEW, {"id": booking}, now))["node"]["cancellationPreview"]


async def credit_at(person: Person, credit: str, now: str) -> Json:
    return data(await person.ask(CREDIT, {"id": credit}, now))["node"]


async def earned(world: World, person: Person, client: str, starts_at: str, now: str) -> Json:
    """The credit earned by cancelling a paid booking of a course session."""
    session = await world.session(await world.course(), starts_at)
    cancelled = await person.do("cancelBooking", now, bookingId=await world.booked(session, client))
    return cancelled["credit"]


async def test_1_a_credit_may_expire_before_the_session_it_stands_for_and_the_preview_says_so(world: World) -> None:
    person, client = await world.person()
    session = await world.session(await world.course(), "2026-12-13T17:00:00Z")
    booking = await world.booked(session, client)
    at_six = "2026-11-22T17:00:00Z"

    said = await preview(person, booking, at_six)
    assert said == {
        "outcome": "CREDIT",
        "deadline": "2026-12-12T17:00:00Z",
        "inTime": True,
        "whyNotEarned": [],
        "expiresOn": "2026-12-06",
        "expiresAt": "2026-12-06T23:00:00Z",
        "expiresBeforeMissedSession": True,
        "refusals": [],
    }
    expect = {"outcome": said["outcome"], "expiresOn": said["expiresOn"]}
    cancelled = await person.do("cancelBooking", at_six, bookingId=booking, expect=expect)

    assert cancelled["booking"]["status"] == "CANCELLED"
    assert cancelled["booking"]["outcome"] == "CREDIT"
    assert cancelled["session"]["seatsLeft"] == 10
    assert cancelled["credit"] == {
        "id": cancelled["booking"]["earnedCredit"]["id"],
        "state": "ACTIVE",
        "origin": "CANCELLATION",
        "reason": None,
        "issuedAt": at_six,
        "expiresAt": "2026-12-06T23:00:00Z",
        "expiresOn": "2026-12-06",
        "worth": {"amount": 12_000, "currency": "CZK"},
        "client": {"id": client},
        "missedBooking": {"id": booking},
        "booking": None,
        "ledger": [{"kind": "ISSUED", "at": at_six, "expiresOn": "2026-12-06"}],
    }


@pytest.mark.parametrize(
    ("now", "typename"), [("2026-12-06T22:59:59Z", "MakeUpBooked"), ("2026-12-06T23:00:00Z", "Refused")]
)
async def test_2_that_credit_books_until_the_last_second_of_its_last_day(world: World, now: str, typename: str) -> None:
    person, client = await world.person()
    credit = await earned(world, person, client, "2026-12-13T17:00:00Z", "2026-11-22T17:00:00Z")
    target = await world.session(None, "2026-12-20T17:00:00Z")

    result = await person.do("bookWithMakeUp", now, sessionId=target, creditId=credit["id"])

    assert result["__typename"] == typename
    if typename == "Refused":
        assert codes(result) == ["CREDIT_EXPIRED"]
        (reason,) = result["reasons"]
        assert reason["required"] == {"__typename": "DateTimeValue", "dateTime": "2026-12-06T23:00:00Z"}
        assert reason["fixableBy"] == "STAFF"


@pytest.mark.parametrize(
    ("now", "status", "outcome", "why_not"),
    [
        ("2026-11-23T17:00:00.000Z", "CANCELLED", "CREDIT", []),
        ("2026-11-23T17:00:00.001Z", "CANCELLED_LATE", "NOTHING", ["AFTER_DEADLINE"]),
    ],
)
async def test_3_the_deadline_itself_is_in_time_and_a_millisecond_later_is_late(
    world: World, now: str, status: str, outcome: str, why_not: list[str]
) -> None:
    person, client = await world.person()
    session = await world.session(await world.course(), "2026-11-24T17:00:00Z")
    booking = await world.booked(session, client)

    cancelled = await person.do("cancelBooking", now, bookingId=booking)

    assert cancelled["booking"]["status"] == status
    assert cancelled["booking"]["outcome"] == outcome
    assert cancelled["booking"]["whyNotEarned"] == why_not
    assert (cancelled["credit"] is None) == (outcome == "NOTHING")
    assert cancelled["session"]["seatsLeft"] == 10


async def test_4_a_make_up_booking_cancelled_after_the_credits_expiry_gives_it_back_expired(world: World) -> None:
    person, client = await world.person()
    credit = await earned(world, person, client, "2026-12-13T17:00:00Z", "2026-11-22T17:00:00Z")
    target = await world.session(None, "2026-12-20T17:00:00Z")
    booked = await person.do("bookWithMakeUp", "2026-12-05T10:00:00Z", sessionId=target, creditId=credit["id"])
    booking = booked["booking"]["id"]

    said = await preview(person, booking, "2026-12-10T10:00:00Z")
    assert said["outcome"] == "CREDIT_RETURNED"
    assert said["expiresOn"] == "2026-12-06"

    cancelled = await person.do("cancelBooking", "2026-12-10T10:00:00Z", bookingId=booking)
    assert cancelled["booking"]["outcome"] == "CREDIT_RETURNED"
    assert cancelled["credit"]["id"] == credit["id"]
    assert cancelled["credit"]["state"] == "EXPIRED"
    assert cancelled["credit"]["expiresOn"] == "2026-12-06"


@pytest.mark.parametrize("compensation", ["CREDITS", "NONE"])
@pytest.mark.parametrize("on_cancellation", ["RESTORE", "FORFEIT"])
async def test_4_the_studio_cancels_instead_and_the_credit_lives_for_another_fortnight(
    world: World, compensation: str, on_cancellation: str
) -> None:
    await world.policy(onMakeUpCancellation=on_cancellation)
    person, client = await world.person()
    credit = await earned(world, person, client, "2026-12-13T17:00:00Z", "2026-11-22T17:00:00Z")
    target, tenth = await world.session(None, "2026-12-20T17:00:00Z"), "2026-12-10T10:00:00Z"
    await person.do("bookWithMakeUp", "2026-12-05T10:00:00Z", sessionId=target, creditId=credit["id"])

    cancelled = await world.owner.do("cancelSession", tenth, sessionId=target, compensation=compensation)

    assert cancelled["session"]["status"] == "CANCELLED"
    assert [booking["outcome"] for booking in cancelled["bookings"]] == ["CREDIT_RETURNED"]
    after = await credit_at(person, credit["id"], tenth)
    assert (after["state"], after["expiresOn"]) == ("ACTIVE", "2026-12-24")
    assert after["expiresAt"] == "2026-12-24T23:00:00Z"
    assert [line["kind"] for line in after["ledger"]] == ["ISSUED", "REDEEMED", "RESTORED"]


async def test_4_a_forfeited_credit_is_lost_and_the_preview_says_so(world: World) -> None:
    await world.policy(onMakeUpCancellation="FORFEIT")
    person, client = await world.person()
    credit = await earned(world, person, client, "2026-12-13T17:00:00Z", "2026-11-22T17:00:00Z")
    target, fifth = await world.session(None, "2026-12-20T17:00:00Z"), "2026-12-05T10:00:00Z"
    booked = await person.do("bookWithMakeUp", fifth, sessionId=target, creditId=credit["id"])
    booking = booked["booking"]["id"]

    said = await preview(person, booking, fifth)
    why = ["PAID_WITH_CREDIT", "MAKE_UP_FORFEITED"]
    assert (said["outcome"], said["whyNotEarned"], said["inTime"]) == ("NOTHING", why, True)
    cancelled = await person.do("cancelBooking", fifth, bookingId=booking, expect={"outcome": "NOTHING"})

    assert (cancelled["booking"]["status"], cancelled["booking"]["outcome"]) == ("CANCELLED", "NOTHING")
    after = await credit_at(person, credit["id"], fifth)
    assert (after["state"], after["booking"]) == ("FORFEITED", {"id": booking})
    assert [line["kind"] for line in after["ledger"]] == ["ISSUED", "REDEEMED", "FORFEITED"]


async def test_5_a_make_up_booking_cancelled_in_time_restores_its_credit_and_issues_none(world: World) -> None:
    person, client = await world.person()
    credit = await earned(world, person, client, "2026-12-13T17:00:00Z", "2026-11-22T17:00:00Z")
    target = await world.session(await world.course(), "2026-12-01T17:00:00Z")
    booked = await person.do("bookWithMakeUp", "2026-11-23T10:00:00Z", sessionId=target)
    assert booked["credit"]["id"] == credit["id"]
    assert booked["credit"]["state"] == "USED"
    assert booked["booking"]["paidWith"] == "MAKE_UP"
    assert booked["booking"]["payment"] == "PAID"

    await person.do("cancelBooking", "2026-11-24T10:00:00Z", bookingId=booked["booking"]["id"])

    after = await credit_at(person, credit["id"], "2026-11-24T10:00:01Z")
    assert [line["kind"] for line in after["ledger"]] == ["ISSUED", "REDEEMED", "RESTORED"]
    assert after["state"] == "ACTIVE"
    assert after["booking"] is None
    own = data(await person.ask("{ makeUpCredits { totalCount } }", now="2026-11-24T10:00:01Z"))
    assert own["makeUpCredits"]["totalCount"] == 1


async def test_6_a_course_sold_only_as_a_whole_takes_no_credit_until_it_has_a_single_price(world: World) -> None:
    person, client = await world.person()
    await world.granted(client)
    course = await world.course(singleSessionPrice=None)
    session, now = await world.session(course, "2026-12-01T17:00:00Z"), "2026-11-22T17:00:00Z"

    refused = await person.do("bookWithMakeUp", now, sessionId=session)
    assert codes(refused) == ["COURSE_NOT_SOLD_PER_SESSION"]
    await world.owner.do("updateCourse", now, courseId=course, singleSessionPrice=12_000)
    booked = await person.do("bookWithMakeUp", now, sessionId=session)
    assert booked["__typename"] == "MakeUpBooked"


async def test_7_one_credit_redeemed_twice_at_once_books_one_seat(world: World) -> None:
    person, client = await world.person()
    (credit,) = await world.granted(client)
    sessions = [await world.session(None, f"2026-12-0{day}T17:00:00Z") for day in (1, 2)]

    results = await asyncio.gather(
        *(
            person.do("bookWithMakeUp", "2026-11-22T17:00:00Z", sessionId=session, creditId=credit)
            for session in sessions
        )
    )

    assert sorted(result["__typename"] for result in results) == ["MakeUpBooked", "Refused"]
    (refused,) = [result for result in results if result["__typename"] == "Refused"]
    assert codes(refused) == ["CREDIT_USED"]


async def test_7_two_credits_for_one_seat_book_once_and_leave_the_losers_credit_untouched(world: World) -> None:
    people = [await world.person(name) for name in ("Ana", "Eva")]
    granted = [(await world.granted(client))[0] for _, client in people]
    session = await world.session(None, "2026-12-01T17:00:00Z", capacity=1)

    results = await asyncio.gather(
        *(person.do("bookWithMakeUp", "2026-11-22T17:00:00Z", sessionId=session) for person, _ in people)
    )

    assert sorted(result["__typename"] for result in results) == ["MakeUpBooked", "Refused"]
    for (person, _), credit, result in zip(people, granted, results, strict=True):
        after = await credit_at(person, credit, "2026-11-22T17:00:01Z")
        if result["__typename"] == "Refused":
            assert codes(result) == ["SESSION_FULL"]
            assert after["state"] == "ACTIVE"
            assert [line["kind"] for line in after["ledger"]] == ["ISSUED"]
        else:
            assert after["state"] == "USED"


async def test_8_the_same_idempotency_key_twice_has_one_effect_and_the_same_answer(world: World) -> None:
    person, client = await world.person()
    session = await world.session(await world.course(), "2026-12-13T17:00:00Z")
    booking = await world.booked(session, client)

    first = await person.act("cancelBooking", "2026-11-22T17:00:00Z", bookingId=booking, idempotencyKey="once")
    second = await person.act("cancelBooking", "2026-11-22T17:00:00Z", bookingId=booking, idempotencyKey="once")

    assert second["data"] == first["data"]
    assert "extensions" not in first
    assert second["extensions"]["idempotency"] == {"replayed": True, "fields": ["result"]}
    own = data(await person.ask("{ makeUpCredits { totalCount } }", now="2026-11-22T17:00:00Z"))
    assert own["makeUpCredits"]["totalCount"] == 1


async def test_9_days_are_counted_in_the_studios_zone(api: Api) -> None:
    world = await World.founded(api, "America/New_York")
    person, client = await world.person()
    credit = await earned(world, person, client, "2026-12-20T17:00:00Z", "2026-11-22T05:30:00Z")
    assert credit["expiresOn"] == "2026-12-06"
    assert credit["expiresAt"] == "2026-12-07T05:00:00Z"


async def test_10_expiry_and_deadline_cross_the_change_to_summer_time(world: World) -> None:
    person, client = await world.person()
    credit = await earned(world, person, client, "2027-03-30T16:00:00Z", "2027-03-20T09:00:00Z")
    assert credit["expiresAt"] == "2027-04-03T22:00:00Z"
    session = await world.session(None, "2027-03-28T16:00:00Z")
    asked = await person.ask(
        "query ($id: ID!) { node(id: $id) { ... on Session { cancellationDeadline } } }", {"id": session}
    )
    assert data(asked)["node"]["cancellationDeadline"] == "2027-03-27T16:00:00Z"
    await world.policy("2027-03-20T09:00:00Z", cancellationDeadline={"localTime": {"daysBefore": 1, "time": "18:00"}})
    asked = await person.ask(
        "query ($id: ID!) { node(id: $id) { ... on Session { cancellationDeadline } } }", {"id": session}
    )
    assert data(asked)["node"]["cancellationDeadline"] == "2027-03-27T17:00:00Z"
