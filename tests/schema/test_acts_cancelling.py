"""Cancelling, in every way that the golden examples leave out (E1-E4, E11-E13, C1, C2, C4, P1, V2, V8)."""

from typing import Any

import pytest

from persistence.database import Database
from tests.schema.counting import written
from tests.world import Json, Person, World, codes, data

START = "2026-12-13T17:00:00Z"
DEADLINE = "2026-12-12T17:00:00Z"
LATE = "2026-12-12T17:00:00.000001Z"
NOW = "2026-11-22T17:00:00Z"
PREVIEW = """query ($id: ID!) { node(id: $id) { ... on Booking { cancellationPreview { outcome whyNotEarned expiresOn
  inTime refusals { code } } } } }"""
CREDIT = "query ($id: ID!) { node(id: $id) { ... on MakeUpCredit { state expiresOn expiresAt worth { amount } } } }"
ONLY_THE_KEY = {"idempotency_keys": 1}


async def seat(world: World, client: str, payment: str = "PAID", **course: Any) -> str:
    """A single booking in a course session."""
    return await world.booked(await world.session(await world.course(**course), START), client, payment)


async def preview(person: Person, booking: str, now: str = NOW) -> Json:
    return data(await person.ask(PREVIEW, {"id": booking}, now))["node"]["cancellationPreview"]


async def brought(person: Person, booking: str, now: str = NOW) -> list[str]:
    """Why cancelling earned nothing; empty where it earned. As the preview had said."""
    said = await preview(person, booking, now)
    cancelled = await person.do("cancelBooking", now, bookingId=booking)
    assert cancelled["booking"]["whyNotEarned"] == said["whyNotEarned"]
    assert cancelled["booking"]["outcome"] == said["outcome"]
    assert (cancelled["credit"] is not None) == (said["outcome"] == "CREDIT")
    assert (cancelled["booking"]["status"] == "CANCELLED") == said["inTime"]
    return cancelled["booking"]["whyNotEarned"]


async def test_c4_cancelling_again_changes_nothing_and_answers_the_same(world: World, database: Database) -> None:
    person, client = await world.person()
    booking = await seat(world, client)
    first = await person.do("cancelBooking", NOW, bookingId=booking)
    assert first["credit"]["state"] == "ACTIVE"
    again: list[tuple[Person, str, Json]] = [
        (person, NOW, {}),
        (person, NOW, {"expect": {"outcome": "NOTHING"}}),
        (person, NOW, {"expect": {"outcome": "CREDIT", "expiresOn": "2030-01-01"}}),
        (world.owner, NOW, {}),
        (person, LATE, {}),
        (person, START, {}),
    ]
    for who, now, expect in again:
        async with written(database) as rows:
            second = await who.do("cancelBooking", now, bookingId=booking, **expect)
        assert rows == ONLY_THE_KEY
        assert second["booking"] == first["booking"]
        assert second["credit"]["id"] == first["credit"]["id"]
        assert second["session"] == first["session"]


async def test_c4_a_booking_cancelled_late_stays_so(world: World, database: Database) -> None:
    person, client = await world.person()
    booking = await seat(world, client)
    first = await person.do("cancelBooking", LATE, bookingId=booking)
    async with written(database) as rows:
        second = await world.owner.do("cancelBooking", START, bookingId=booking)
    assert second == first
    assert first["booking"]["status"] == "CANCELLED_LATE"
    assert rows == ONLY_THE_KEY


@pytest.mark.parametrize(
    "expect",
    [
        {"outcome": "CREDIT", "expiresOn": "2026-12-06"},
        {"outcome": "CREDIT"},
        None,
    ],
    ids=["both", "any expiry", "nothing"],
)
async def test_p1_what_was_expected_is_done(world: World, expect: Json | None) -> None:
    person, client = await world.person()
    cancelled = await person.do("cancelBooking", NOW, bookingId=await seat(world, client), expect=expect)
    assert cancelled["booking"]["outcome"] == "CREDIT"
    assert cancelled["credit"]["expiresOn"] == "2026-12-06"


@pytest.mark.parametrize(
    ("expect", "actual", "required"),
    [
        ({"outcome": "NOTHING"}, {"text": "CREDIT"}, {"text": "NOTHING"}),
        ({"outcome": "CREDIT_RETURNED", "expiresOn": "2026-12-06"}, {"text": "CREDIT"}, {"text": "CREDIT_RETURNED"}),
        ({"outcome": "CREDIT", "expiresOn": "2026-12-07"}, {"date": "2026-12-06"}, {"date": "2026-12-07"}),
        ({"outcome": "CREDIT", "expiresOn": None}, {"date": "2026-12-06"}, {"text": "never"}),
    ],
    ids=["nothing", "the same credit", "another date", "never"],
)
async def test_p1_what_has_changed_since_is_refused_and_burns_nothing(
    world: World, database: Database, expect: Json, actual: Json, required: Json
) -> None:
    person, client = await world.person()
    booking = await seat(world, client)
    async with written(database) as rows:
        refused = await person.do("cancelBooking", NOW, bookingId=booking, expect=expect)
    assert codes(refused) == ["OUTCOME_CHANGED"]
    (reason,) = refused["reasons"]
    assert reason["actual"].items() >= actual.items()
    assert reason["required"].items() >= required.items()
    assert reason["fixableBy"] == "CLIENT"
    assert rows == ONLY_THE_KEY
    said = await preview(person, booking)
    anew = await person.do(
        "cancelBooking", NOW, bookingId=booking, expect={"outcome": said["outcome"], "expiresOn": said["expiresOn"]}
    )
    assert anew["credit"]["state"] == "ACTIVE"


async def test_p1_never_and_nothing_are_expected_as_null(world: World) -> None:
    person, client = await world.person()
    await world.policy(validity={"never": True})
    never = {"outcome": "CREDIT", "expiresOn": None}
    cancelled = await person.do("cancelBooking", NOW, bookingId=await seat(world, client), expect=never)
    assert cancelled["credit"]["expiresOn"] is None
    assert cancelled["credit"]["expiresAt"] is None

    nothing = await world.booked(await world.session(None, START), client)
    wrong = {"outcome": "NOTHING", "expiresOn": "2026-12-06"}
    refused = await person.do("cancelBooking", NOW, bookingId=nothing, expect=wrong)
    assert codes(refused) == ["OUTCOME_CHANGED"]
    right = {"outcome": "NOTHING", "expiresOn": None}
    assert (await person.do("cancelBooking", NOW, bookingId=nothing, expect=right))["credit"] is None


async def test_p1_the_truth_may_change_between_the_preview_and_the_act(world: World) -> None:
    person, client = await world.person()
    booking = await seat(world, client)
    said = await preview(person, booking, DEADLINE)
    expect = {"outcome": said["outcome"], "expiresOn": said["expiresOn"]}
    refused = await person.do("cancelBooking", LATE, bookingId=booking, expect=expect)
    assert codes(refused) == ["OUTCOME_CHANGED"]
    assert (await preview(person, booking, LATE))["outcome"] == "NOTHING"


async def test_e4_a_blocked_late_cancellation_is_refused_to_clients_and_open_to_staff(
    world: World, database: Database
) -> None:
    await world.policy(lateCancellation="BLOCK")
    person, client = await world.person()
    booking = await seat(world, client)
    assert (await preview(person, booking, DEADLINE))["refusals"] == []
    assert (await preview(person, booking, LATE))["refusals"] == [{"code": "LATE_CANCELLATION_BLOCKED"}]
    assert (await preview(world.owner, booking, LATE))["refusals"] == []
    async with written(database) as rows:
        refused = await person.do("cancelBooking", LATE, bookingId=booking)
    assert codes(refused) == ["LATE_CANCELLATION_BLOCKED"]
    assert refused["reasons"][0]["actual"]["dateTime"] == LATE
    assert refused["reasons"][0]["required"]["dateTime"] == DEADLINE
    assert refused["reasons"][0]["fixableBy"] == "STAFF"
    assert rows == ONLY_THE_KEY
    assert await brought(world.owner, booking, LATE) == ["AFTER_DEADLINE"]


async def test_e4_the_deadline_itself_is_not_blocked(world: World) -> None:
    await world.policy(lateCancellation="BLOCK")
    person, client = await world.person()
    assert await brought(person, await seat(world, client), DEADLINE) == []


@pytest.mark.parametrize("late", ["ALLOW_WITHOUT_CREDIT", "BLOCK"])
async def test_e4_a_started_session_is_cancelled_by_staff_only(world: World, late: str) -> None:
    await world.policy(lateCancellation=late)
    person, client = await world.person()
    booking = await seat(world, client)
    refused = await person.do("cancelBooking", START, bookingId=booking)
    assert codes(refused) == ["SESSION_STARTED"]
    assert refused["reasons"][0]["actual"]["dateTime"] == START
    assert await brought(world.owner, booking, START) == ["SESSION_STARTED"]


async def test_e4_an_instant_before_the_start_a_client_still_cancels(world: World) -> None:
    person, client = await world.person()
    assert await brought(person, await seat(world, client), "2026-12-13T16:59:59.999999Z") == ["AFTER_DEADLINE"]


async def test_e13_only_what_is_paid_or_waived_earns(world: World) -> None:
    person, client = await world.person()
    assert await brought(person, await seat(world, client, "DUE")) == ["NOT_PAID"]
    assert await brought(person, await seat(world, client, "WAIVED")) == []
    assert await brought(person, await seat(world, client, "DUE"), LATE) == ["AFTER_DEADLINE", "NOT_PAID"]
    late_payment = await seat(world, client, "DUE")
    await world.owner.do("markPaid", NOW, bookingId=late_payment)
    assert await brought(person, late_payment) == []


async def test_e13_a_studio_may_let_unpaid_bookings_earn(world: World) -> None:
    await world.policy(earningNeedsPayment=False)
    person, client = await world.person()
    assert await brought(person, await seat(world, client, "DUE")) == []


async def test_e11_a_studio_may_let_single_bookings_earn_nothing(world: World) -> None:
    await world.policy(singleBookingsEarn=False)
    person, client = await world.person()
    assert await brought(person, await seat(world, client)) == ["SINGLE_BOOKINGS_DO_NOT_EARN"]
    course = await world.course()
    await world.session(course, START)
    enrolled = await world.enrolled(course, client)
    assert await brought(person, enrolled["bookings"][0]["id"]) == []


@pytest.mark.parametrize(
    ("studio", "course", "why_not"),
    [
        (True, None, []),
        (True, True, []),
        (True, False, ["MAKE_UPS_DISABLED"]),
        (False, None, ["MAKE_UPS_DISABLED"]),
        (False, True, []),
        (False, False, ["MAKE_UPS_DISABLED"]),
    ],
)
async def test_e1_the_course_decides_over_the_studio_whether_make_ups_are_enabled(
    world: World, studio: bool, course: bool | None, why_not: list[str]
) -> None:
    await world.policy(makeUpsEnabled=studio)
    person, client = await world.person()
    assert await brought(person, await seat(world, client, policy={"makeUpsEnabled": course})) == why_not


async def test_e1_all_the_reasons_are_told_in_their_order(world: World) -> None:
    await world.policy(makeUpsEnabled=False, singleBookingsEarn=False)
    person, client = await world.person()
    one_time = await world.booked(await world.session(None, START), client, "DUE")
    assert await brought(person, one_time, LATE) == [
        "ONE_TIME_CLASS",
        "MAKE_UPS_DISABLED",
        "AFTER_DEADLINE",
        "SINGLE_BOOKINGS_DO_NOT_EARN",
        "NOT_PAID",
    ]


async def test_e12_a_guest_earns_like_anyone(world: World) -> None:
    assert await brought(world.owner, await seat(world, await world.client())) == []


async def test_r9_where_only_the_whole_course_is_sold_a_credit_is_worth_its_share(world: World) -> None:
    person, client = await world.person()
    course = await world.course(wholeCoursePrice=100_000, singleSessionPrice=None)
    for day in (13, 14, 15):
        await world.session(course, f"2026-12-{day}T17:00:00Z")
    enrolled = await world.enrolled(course, client)
    cancelled = await person.do("cancelBooking", NOW, bookingId=enrolled["bookings"][0]["id"])
    assert cancelled["credit"]["worth"] == {"amount": 33_333, "currency": "CZK"}
    assert cancelled["booking"]["price"] is None


async def test_v8_a_change_of_policy_touches_no_issued_credit(world: World, database: Database) -> None:
    person, client = await world.person()
    cancelled = await person.do("cancelBooking", NOW, bookingId=await seat(world, client))
    before = await person.ask(CREDIT, {"id": cancelled["credit"]["id"]}, NOW)
    async with written(database) as rows:
        await world.owner.do(
            "updateStudioPolicy",
            NOW,
            studioId=world.studio,
            validity={"days": 1},
            expiryRounding="EXACT",
            makeUpsEnabled=False,
        )
    assert rows == {"events": 1, "idempotency_keys": 1, "studios": 1}
    assert await person.ask(CREDIT, {"id": cancelled["credit"]["id"]}, NOW) == before


@pytest.mark.parametrize(
    ("now", "expires_at", "expires_on"),
    [
        (NOW, "2026-12-06T17:00:00Z", "2026-12-06"),
        ("2026-11-22T23:00:00Z", "2026-12-06T23:00:00Z", "2026-12-06"),
        ("2026-11-22T23:00:00.000001Z", "2026-12-06T23:00:00.000001Z", "2026-12-07"),
    ],
)
async def test_v2_exact_rounding_counts_whole_days_of_24_hours(
    world: World, now: str, expires_at: str, expires_on: str
) -> None:
    await world.policy(expiryRounding="EXACT")
    person, client = await world.person()
    cancelled = await person.do("cancelBooking", now, bookingId=await seat(world, client))
    assert cancelled["credit"]["expiresAt"] == expires_at
    assert cancelled["credit"]["expiresOn"] == expires_on


async def test_c2_cancelled_late_a_make_up_booking_keeps_its_credit_spent(world: World) -> None:
    person, client = await world.person()
    (credit,) = await world.granted(client)
    booked = await person.do("bookWithMakeUp", NOW, sessionId=await world.session(None, START))
    cancelled = await person.do("cancelBooking", LATE, bookingId=booked["booking"]["id"])
    assert cancelled["booking"]["status"] == "CANCELLED_LATE"
    assert cancelled["booking"]["outcome"] == "NOTHING"
    assert cancelled["booking"]["whyNotEarned"] == ["PAID_WITH_CREDIT", "AFTER_DEADLINE"]
    assert cancelled["credit"] is None
    assert cancelled["session"]["seatsLeft"] == 10
    assert data(await person.ask(CREDIT, {"id": credit}, LATE))["node"]["state"] == "USED"
    anew = await person.do("bookWithMakeUp", LATE, sessionId=await world.session(None, START), creditId=credit)
    assert codes(anew) == ["CREDIT_USED"]


async def test_c1_a_credit_that_came_back_can_be_spent_again_and_come_back_again(world: World) -> None:
    person, client = await world.person()
    (credit,) = await world.granted(client)
    session = await world.session(None, START)
    kinds = ["ISSUED"]
    for _ in range(2):
        booked = await person.do("bookWithMakeUp", NOW, sessionId=session)
        cancelled = await person.do("cancelBooking", NOW, bookingId=booked["booking"]["id"])
        assert cancelled["credit"]["id"] == credit
        assert cancelled["booking"]["whyNotEarned"] == ["PAID_WITH_CREDIT"]
        kinds += ["REDEEMED", "RESTORED"]
        assert [line["kind"] for line in cancelled["credit"]["ledger"]] == kinds
