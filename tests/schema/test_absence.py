"""C7 through the API: an absence is previewed, and then happens just so, or not at all."""

from typing import Any

import pytest

from domain.cancellation import absence
from persistence.database import Database
from persistence.loads import absences as loads
from tests.invariants import assert_all_hold
from tests.schema.counting import statements, written
from tests.world import Json, Person, World, codes, data, fault, faults

NOW = "2026-11-22T17:00:00Z"
WEEK = {"from": "2026-12-07", "through": "2026-12-13"}
PREVIEW = """query ($client: ID!, $from: Date!, $through: Date!) { node(id: $client) { ... on Client {
  absencePreview(from: $from, through: $through) { creditsEarned creditsReturned parts { outcome expiresOn
    booking { id session { id startsAt } }
    preview { outcome expiresOn whyNotEarned inTime bookableSessions refusals { code } } } } } } }"""


class Family:
    """A child enrolled in two courses, paid, with a make-up in between; all but one session lie in the week."""

    def __init__(self, world: World) -> None:
        self.world = world

    @classmethod
    async def of(cls, world: World) -> "Family":
        family = cls(world)
        family.person, family.child = await world.person()
        for course, days in ((await world.course(), (8, 15)), (await world.course(singleSessionPrice=None), (9,))):
            for day in days:
                await world.session(course, f"2026-12-{day:02}T17:00:00Z")
            await world.enrolled(course, family.child)
        (family.credit,) = await world.granted(family.child)
        friday = await world.session(None, "2026-12-11T17:00:00Z")
        made = await family.person.do("bookWithMakeUp", NOW, sessionId=friday)
        family.make_up = made["booking"]["id"]
        return family

    async def preview(self, dates: Json = WEEK, by: Person | None = None, now: str = NOW) -> Json:
        answer = await (by or self.person).ask(PREVIEW, {"client": self.child, **dates}, now)
        return data(answer)["node"]["absencePreview"]

    async def away(self, now: str = NOW, **given: Any) -> Json:
        return await self.person.do("cancelBookings", now, clientId=self.child, **{**WEEK, **given})

    person: Person
    child: str
    credit: str
    make_up: str


def expecting(preview: Json) -> list[Json]:
    """What an app passes on of a preview."""
    return [
        {"bookingId": part["booking"]["id"], "outcome": part["outcome"], "expiresOn": part["expiresOn"]}
        for part in preview["parts"]
    ]


def told(results: list[Json]) -> list[tuple[str, str | None]]:
    return [(each["booking"]["status"], each["booking"]["outcome"]) for each in results]


async def test_c7_a_week_away_happens_as_it_was_previewed(world: World, database: Database) -> None:
    family = await Family.of(world)

    preview = await family.preview()
    assert [(part["outcome"], part["expiresOn"]) for part in preview["parts"]] == [
        ("CREDIT", "2026-12-06"),
        ("CREDIT", "2026-12-06"),
        ("CREDIT_RETURNED", None),
    ]
    assert (preview["creditsEarned"], preview["creditsReturned"]) == (2, 1)

    done = await family.away(expect=expecting(preview))

    assert [each["booking"]["id"] for each in done["results"]] == [part["booking"]["id"] for part in preview["parts"]]
    assert told(done["results"]) == [("CANCELLED", "CREDIT"), ("CANCELLED", "CREDIT"), ("CANCELLED", "CREDIT_RETURNED")]
    assert [each["credit"]["expiresOn"] for each in done["results"]] == ["2026-12-06", "2026-12-06", None]
    assert [each["credit"]["worth"] for each in done["results"][:2]] == [
        {"amount": 12_000, "currency": "CZK"},
        {"amount": 100_000, "currency": "CZK"},
    ]
    assert done["results"][2]["credit"]["id"] == family.credit
    assert {each["session"]["seatsLeft"] for each in done["results"]} == {10}
    assert (await family.preview())["parts"] == []
    assert len((await family.preview({**WEEK, "through": "2026-12-31"}))["parts"]) == 1
    await assert_all_hold(database, world.studio, NOW)


async def test_c7_c4_a_second_click_is_answered_alike_and_changes_nothing(world: World, database: Database) -> None:
    family = await Family.of(world)
    expect = expecting(await family.preview())
    first = await family.away(expect=expect)

    async with written(database) as rows:
        again = await family.away(expect=expect)
        blind = await family.away()

    assert again == first
    assert blind == {"__typename": "BookingsCancelled", "results": []}
    assert rows == {"idempotency_keys": 2}


async def test_c7_p1_another_seat_or_another_outcome_than_shown_burns_nothing(world: World, database: Database) -> None:
    family = await Family.of(world)
    preview = await family.preview()
    sessions = [part["booking"]["session"]["id"] for part in preview["parts"]]
    late = "2026-12-07T17:00:00.000001Z"

    async with written(database) as rows:
        less = await family.away(expect=expecting(preview)[1:])
        changed = await family.away(late, expect=expecting(preview))

    assert [(each["code"], each["sessionId"]) for each in less["reasons"]] == [("OUTCOME_CHANGED", sessions[0])]
    assert [(each["code"], each["sessionId"]) for each in changed["reasons"]] == [
        ("OUTCOME_CHANGED", sessions[0]),
        ("OUTCOME_CHANGED", sessions[1]),
    ]
    assert [each["actual"]["__typename"] for each in changed["reasons"]] == ["TextValue", "DateValue"]
    assert rows == {"idempotency_keys": 2}


async def test_c7_e4_a_late_seat_that_clients_cannot_give_up_stays_and_says_why(
    world: World, database: Database
) -> None:
    await world.policy(lateCancellation="BLOCK")
    family = await Family.of(world)
    late = "2026-12-07T17:00:00.000001Z"
    preview = await family.preview(now=late)
    assert [part["outcome"] for part in preview["parts"]] == [None, "CREDIT", "CREDIT_RETURNED"]
    blocked = preview["parts"][0]["preview"]
    assert ([reason["code"] for reason in blocked["refusals"]], blocked["outcome"]) == (
        ["LATE_CANCELLATION_BLOCKED"],
        "NOTHING",
    )
    by_staff = await family.preview(by=world.owner, now=late)
    assert [part["outcome"] for part in by_staff["parts"]] == ["NOTHING", "CREDIT", "CREDIT_RETURNED"]

    done = await family.away(late, expect=expecting(preview))

    assert told(done["results"]) == [("BOOKED", None), ("CANCELLED", "CREDIT"), ("CANCELLED", "CREDIT_RETURNED")]
    session = done["results"][0]["session"]["id"]
    seat = done["results"][0]["booking"]["id"]
    assert [each["refusals"] for each in done["results"]] == [
        [{"code": "LATE_CANCELLATION_BLOCKED", "sessionId": session, "bookingId": seat}],
        [],
        [],
    ]
    again = await family.away(late)
    assert codes(again) == ["LATE_CANCELLATION_BLOCKED"]
    assert await family.away(late, expect=expecting(preview)) == done
    await assert_all_hold(database, world.studio, late)


async def test_c7_a_seat_booked_again_tells_by_itself_why_it_stays(world: World) -> None:
    """The one that its client gave up in the same session before has nothing against it."""
    await world.policy(lateCancellation="BLOCK")
    family = await Family.of(world)
    thursday = {"from": "2026-12-10", "through": "2026-12-10"}
    session = await world.session(await world.course(), "2026-12-10T17:00:00Z")
    given_up = await world.booked(session, family.child)
    shown = expecting(await family.preview(thursday))
    await family.away(**thursday, expect=shown)
    booked = await family.person.do("bookSession", NOW, sessionId=session, clientId=family.child)
    again = booked["booking"]["id"]
    shown.append({"bookingId": again, "outcome": None})

    done = await family.away("2026-12-09T17:00:00.000001Z", **thursday, expect=shown)
    refused = await family.away("2026-12-09T17:00:00.000001Z", **thursday)

    assert {each["booking"]["id"]: each["refusals"] for each in done["results"]} == {
        given_up: [],
        again: [{"code": "LATE_CANCELLATION_BLOCKED", "sessionId": session, "bookingId": again}],
    }
    assert codes(refused) == ["LATE_CANCELLATION_BLOCKED"]
    assert refused["reasons"][0]["bookingId"] == again


async def seats_on_one_day(world: World, child: str, starts: list[str]) -> list[str]:
    """Of a course, and the bookings in the order of the starts."""
    course = await world.course()
    for start in starts:
        await world.session(course, start, "2026-12-11T18:00:00Z")
    return [booking["id"] for booking in (await world.enrolled(course, child))["bookings"]]


async def test_c7_the_preview_counts_no_seat_that_the_act_leaves_out(
    world: World, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What has started is no part of either, and so counts against the limit of neither."""
    for module in (absence, loads):
        monkeypatch.setattr(module, "MOST_AT_ONCE", 2)
    person, child = await world.person()
    starts = ["2026-12-11T09:00:00Z", "2026-12-11T10:00:00Z", "2026-12-11T11:00:00Z", "2026-12-11T12:00:00Z"]
    seats = await seats_on_one_day(world, child, starts)
    today = {"from": "2026-12-11", "through": "2026-12-11"}

    async def preview(now: str) -> Json:
        return await person.ask(PREVIEW, {"client": child, **today}, now)

    async def away(now: str, **given: Any) -> Json:
        return await person.act("cancelBookings", now, clientId=child, **today, **given)

    just_before = "2026-12-11T09:59:59.999999Z"
    assert fault(await preview(just_before)) == fault(await away(just_before)) == "BAD_USER_INPUT"
    shown = data(await preview(starts[1]))["node"]["absencePreview"]
    assert [part["booking"]["id"] for part in shown["parts"]] == seats[2:]

    done = data(await away(starts[1], expect=expecting(shown)))["result"]

    assert [each["booking"]["id"] for each in done["results"]] == seats[2:]
    assert told(done["results"]) == [("CANCELLED_LATE", "NOTHING")] * 2
    await assert_all_hold(database, world.studio, starts[1])


async def test_c7_e9_the_preview_counts_what_the_seats_before_earn_and_bring_back(
    world: World, database: Database
) -> None:
    family = await Family.of(world)
    earned = await family.away(**{"from": "2026-12-15", "through": "2026-12-15"})
    tuesday = await world.session(None, "2026-12-07T16:00:00Z")
    await family.person.do("bookWithMakeUp", NOW, sessionId=tuesday, creditId=earned["results"][0]["credit"]["id"])
    await world.policy(NOW, maxOutstanding={"limit": 1})

    preview = await family.preview()
    done = await family.away(expect=expecting(preview))

    outcomes = ["CREDIT_RETURNED", "NOTHING", "NOTHING", "CREDIT_RETURNED"]
    assert [part["outcome"] for part in preview["parts"]] == outcomes
    assert [outcome for _, outcome in told(done["results"])] == outcomes
    assert preview["parts"][1]["preview"]["whyNotEarned"] == ["OUTSTANDING_CAP_REACHED"]
    assert done["results"][1]["booking"]["whyNotEarned"] == ["OUTSTANDING_CAP_REACHED"]
    await assert_all_hold(database, world.studio, NOW)


async def test_c7_dates_are_those_of_the_studios_calendar(api: Any, database: Database) -> None:
    world = await World.founded(api, "America/New_York")
    person, client = await world.person()
    for instant in ("2026-12-13T04:59:00Z", "2026-12-13T05:00:00Z", "2026-12-14T04:59:00Z", "2026-12-14T05:00:00Z"):
        await world.booked(await world.session(None, instant, "2026-12-15T00:00:00Z"), client)

    async with written(database) as rows:
        done = await person.do(
            "cancelBookings", NOW, clientId=client, **{"from": "2026-12-13", "through": "2026-12-13"}
        )

    assert len(done["results"]) == rows["bookings"] == 2


@pytest.mark.parametrize(
    "dates",
    [
        {"from": "2026-12-14"},
        {"from": "2026-12-13", "through": "2027-12-14"},
        {"from": "1970-01-01", "through": "2999-12-31"},
    ],
)
async def test_c7_dates_that_end_before_they_begin_or_last_longer_than_a_year_are_bad_input(
    world: World, dates: Json
) -> None:
    person, client = await world.person()

    answer = await person.ask(PREVIEW, {"client": client, **WEEK, **dates}, NOW)

    assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"]
    assert answer["errors"][0]["extensions"]["input"] == ["through"]
    assert answer["data"]["node"] == {"absencePreview": None}


async def test_c7_the_longest_absence_is_a_year(world: World) -> None:
    family = await Family.of(world)

    assert len((await family.preview({"from": "2026-11-01", "through": "2027-11-01"}))["parts"]) == 4
    assert (await family.preview({"from": "1970-01-01", "through": "1970-12-31"}))["parts"] == []


async def test_c7_who_travels_back_to_when_a_seat_was_not_given_up_yet_is_told_so(
    world: World, database: Database
) -> None:
    """Else the absence would have left it out, although it was live then."""
    family = await Family.of(world)
    await family.person.do("cancelBooking", "2026-11-23T17:00:00Z", bookingId=family.make_up)

    async with written(database) as rows:
        answer = await family.person.act("cancelBookings", NOW, clientId=family.child, **WEEK)

    assert faults(answer) == [("TIME_WENT_BACKWARDS", None)]
    assert rows == {}


async def test_c7_a_booking_named_twice_is_bad_input(world: World) -> None:
    family = await Family.of(world)
    (first, *_) = expecting(await family.preview())

    answer = await family.person.act("cancelBookings", NOW, clientId=family.child, **WEEK, expect=[first, first])

    assert faults(answer) == [("BAD_USER_INPUT", ["expect", "bookingId"])]


async def test_c7_a_siblings_booking_is_none_of_the_clients(world: World, database: Database) -> None:
    family = await Family.of(world)
    sibling = await world.client(family.person, "Eva")
    booking = await world.booked(await world.session(None, "2026-12-10T17:00:00Z"), sibling)

    async with written(database) as rows:
        answer = await family.person.act(
            "cancelBookings", NOW, clientId=family.child, **WEEK, expect=[{"bookingId": booking}]
        )

    assert faults(answer) == [("NOT_FOUND", ["expect", "bookingId"])]
    assert rows == {}


async def test_c7_a_preview_takes_as_many_statements_for_many_seats_as_for_one(world: World) -> None:
    await world.policy(maxOutstanding={"limit": 5})
    family = await Family.of(world)
    course = await world.course()
    for hour in range(8, 20):
        await world.session(course, f"2026-12-12T{hour:02}:00:00Z")
    await world.enrolled(course, family.child)

    counts = list[int]()
    for dates in ({"from": "2026-12-08", "through": "2026-12-11"}, WEEK):
        with statements() as sent:
            await family.preview(dates)
        counts.append(len(sent))

    assert counts[0] == counts[1] <= 13
