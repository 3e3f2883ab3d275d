"""Section 9, as staff read it: at the borders of days, of money, and of what a credit can book."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.world import PASSWORD, Api, Json, World, data, fault

CREDITS = """earned excused compensated granted used restored forfeited expired extended revoked undone standing
  redemptionRate breakageRate"""
SEATS = "sessions withMakeUps seats bookings makeUps"
TOTAL = "credits held unvalued firstExpiresOn worth { amount currency }"
PERIOD = f"""query ($slug: String!, $from: Date!, $through: Date!) {{ studio(slug: $slug) {{ reports {{
  credits(from: $from, through: $through) {{ {CREDITS} }} seats(from: $from, through: $through) {{ {SEATS} }}
  sessionsFilledByMakeUps(from: $from, through: $through) {{ nodes {{ id makeUpBookings }} }} }} }} }}"""
OUTSTANDING = f"""query ($slug: String!) {{ studio(slug: $slug) {{ reports {{
  outstanding {{ {TOTAL} byMonth {{ month credits held unvalued worth {{ amount }} }} }}
  clientsWithOutstanding {{ totalCount nodes {{ name outstanding {{ {TOTAL} byMonth {{ month credits }} }} }} }}
  clientsWhoCanBookNothing {{ totalCount nodes {{ name }} }} }} }} }}"""

NOW = "2026-11-22T17:00:00Z"

# Local dates in Prague with the instants that begin and end them.
DAYS = {
    "2026-12-31": ("2026-12-30T23:00:00Z", "2026-12-31T23:00:00Z"),
    "2027-03-28": ("2027-03-27T23:00:00Z", "2027-03-28T22:00:00Z"),
    "2027-10-31": ("2027-10-30T22:00:00Z", "2027-10-31T23:00:00Z"),
    "2028-02-29": ("2028-02-28T23:00:00Z", "2028-02-29T23:00:00Z"),
}


async def period(world: World, first: str, last: str, now: str | None = None) -> Json:
    given = {"slug": world.slug, "from": first, "through": last}
    return data(await world.owner.ask(PERIOD, given, now or world.beginning))["studio"]["reports"]


async def happened(world: World, first: str, last: str, now: str) -> Json:
    """But for what is zero or null."""
    counts = (await period(world, first, last, now))["credits"]
    return {name: count for name, count in counts.items() if count}


async def standing(world: World, now: str) -> Json:
    return data(await world.owner.ask(OUTSTANDING, {"slug": world.slug}, now))["studio"]["reports"]


def just_before(instant: str) -> str:
    """For instants at a whole hour."""
    return f"{instant[:11]}{int(instant[11:13]) - 1:02}:59:59.999999Z"


async def test_an_empty_studio_reports_nothing(api: Api) -> None:
    world = await World.founded(api)
    counts = (await period(world, "2026-01-01", "2026-12-31"))["credits"]
    assert counts.pop("redemptionRate") is counts.pop("breakageRate") is None
    assert set(counts.values()) == {0}
    assert set((await period(world, "2026-01-01", "2026-12-31"))["seats"].values()) == {0}
    reports = await standing(world, NOW)
    assert reports["outstanding"] == {
        "credits": 0,
        "held": 0,
        "unvalued": 0,
        "firstExpiresOn": None,
        "byMonth": [],
        "worth": {"amount": 0, "currency": "CZK"},
    }
    assert reports["clientsWithOutstanding"]["totalCount"] == reports["clientsWhoCanBookNothing"]["totalCount"] == 0


@pytest.mark.parametrize("day", DAYS)
async def test_s2_a_day_begins_at_its_local_midnight_and_ends_before_the_next(world: World, day: str) -> None:
    begins, ends = DAYS[day]
    client = await world.client()
    for number, instant in enumerate((just_before(begins), begins, just_before(ends), ends)):
        await world.granted(client, number + 1, now=instant)
    assert await happened(world, day, day, ends) == {"granted": 5, "standing": 5}
    for by, granted in ((-1, 1), (1, 4)):
        beside = (date.fromisoformat(day) + timedelta(days=by)).isoformat()
        assert await happened(world, beside, beside, ends) == {"granted": granted, "standing": granted}
    assert await happened(world, day, day, just_before(ends)) == {"granted": 5, "standing": 5}
    assert await happened(world, day, day, begins) == {"granted": 2, "standing": 2}


@pytest.mark.parametrize(
    ("first", "last"),
    [("2026-12-02", "2026-12-01"), ("2026-01-01", "2027-01-02"), ("1970-01-01", "2999-12-31")],
)
@pytest.mark.parametrize("field", [f"credits(DATES) {{ {CREDITS} }}", f"seats(DATES) {{ {SEATS} }}"])
async def test_a0_dates_that_end_before_they_begin_or_are_too_many_are_bad_input(
    world: World, field: str, first: str, last: str
) -> None:
    asked = field.replace("DATES", f'from: "{first}", through: "{last}"')
    listed = f'sessionsFilledByMakeUps(from: "{first}", through: "{last}") {{ totalCount }}'
    for each in (asked, listed):
        answer = await world.owner.ask(f'{{ studio(slug: "{world.slug}") {{ reports {{ {each} }} }} }}')
        assert fault(answer) == "BAD_USER_INPUT"
        assert answer["errors"][0]["extensions"]["input"] == ["through"]
    edge = field.replace("DATES", 'from: "2028-01-01", through: "2028-12-31"')
    data(await world.owner.ask(f'{{ studio(slug: "{world.slug}") {{ reports {{ {edge} }} }} }}'))


async def test_s3_the_liability_can_be_more_than_an_int_holds_and_tells_apart_what_has_no_worth(world: World) -> None:
    client = await world.client()
    await world.granted(client, 3, worth=10**9)
    await world.granted(client, 3)
    await world.granted(client, 1, worth=0)
    total = (await standing(world, NOW))["outstanding"]
    assert total["worth"] == {"amount": 3 * 10**9, "currency": "CZK"}
    assert (total["credits"], total["unvalued"]) == (7, 3)


async def test_s1_what_is_outstanding_is_told_by_month_and_by_client(world: World) -> None:
    """One that waits past its own end counts in the month of the end that it has."""
    person, ana = await world.person()
    guest = await world.client(name="Gil")
    await world.granted(guest, 2, validity={"expiresOn": "2026-12-31"}, worth=100)
    await world.granted(guest, 1, worth=7)
    (held,) = await world.granted(ana, validity={"expiresOn": "2026-11-30"})
    full = await world.full("2026-12-31T20:00:00Z")
    await world.waits(full, ana, withCredit=True, creditId=held)
    (gone,) = await world.granted(ana, validity={"expiresOn": "2026-11-22"})
    other = await World.founded(world.api)
    await other.granted(await other.client(), 5, worth=1)

    def month(name: str | None, credits: int, held: int, unvalued: int, worth: int) -> Json:
        counts = {"credits": credits, "held": held, "unvalued": unvalued}
        return {"month": name, **counts, "worth": {"amount": worth}}

    before = await standing(world, NOW)
    assert before["outstanding"]["byMonth"] == [
        month("2026-11-01", 1, 0, 1, 0),
        month("2026-12-01", 2, 0, 0, 200),
        month("2027-01-01", 1, 1, 1, 0),
        month(None, 1, 0, 0, 7),
    ]
    assert before["outstanding"]["firstExpiresOn"] == "2026-11-22"
    after = await standing(world, "2026-11-22T23:00:00Z")
    assert [each["credits"] for each in after["outstanding"]["byMonth"]] == [2, 1, 1], gone
    clients = {each["name"]: each["outstanding"] for each in after["clientsWithOutstanding"]["nodes"]}
    assert {name: each["credits"] for name, each in clients.items()} == {"Ana": 1, "Gil": 3}
    assert (clients["Gil"]["firstExpiresOn"], clients["Ana"]["firstExpiresOn"]) == ("2026-12-31", "2027-01-03")
    released = await standing(world, "2026-12-31T20:00:00Z")
    assert released["outstanding"]["byMonth"][1] == month("2027-01-01", 1, 0, 1, 0)
    own = await person.ask(f"{{ viewer {{ clients {{ nodes {{ outstanding {{ {TOTAL} }} }} }} }} }}", {}, NOW)
    assert data(own)["viewer"]["clients"]["nodes"][0]["outstanding"]["credits"] == 2


async def test_s2_an_expiry_is_told_from_its_instant_on_and_a_revived_credit_expires_twice(world: World) -> None:
    """Whether or not a job has run; and what comes back too late expires as it comes back."""
    person, client = await world.person()
    (revived,) = await world.granted(client, validity={"expiresOn": "2026-11-24"})
    (spent,) = await world.granted(client, validity={"expiresOn": "2026-11-25"})
    target = await world.session(None, "2026-12-15T17:00:00Z")
    booked = await person.do("bookWithMakeUp", NOW, sessionId=target, creditId=spent)
    midnight = "2026-11-24T23:00:00Z"
    assert await happened(world, "2026-11-25", "2026-11-25", just_before(midnight)) == {}
    assert await happened(world, "2026-11-25", "2026-11-25", midnight) == {"expired": 1}
    assert await happened(world, "2026-11-24", "2026-11-24", midnight) == {}
    extended = {
        "studioId": world.studio,
        "credits": {"ids": [revived]},
        "expiry": {"expiresOn": "2026-11-28"},
        "note": "",
    }
    await world.owner.do("extendMakeUps", "2026-11-26T12:00:00Z", **extended)
    await person.do("cancelBooking", "2026-12-02T12:00:00Z", bookingId=booked["booking"]["id"])
    later = "2026-12-10T00:00:00Z"
    assert await happened(world, "2026-11-25", "2026-11-28", later) == {"expired": 1, "extended": 1}
    assert await happened(world, "2026-11-29", "2026-11-29", later) == {"expired": 1}
    assert await happened(world, "2026-12-02", "2026-12-02", later) == {"expired": 1, "restored": 1}
    everything = await happened(world, "2026-11-01", "2026-12-31", later)
    assert everything == {
        "granted": 2,
        "standing": 2,
        "used": 1,
        "restored": 1,
        "extended": 1,
        "expired": 3,
        "breakageRate": 1.0,
    }


async def test_s2_rates_are_shares_of_what_stands(world: World) -> None:
    person, client = await world.person()
    course = await world.course()
    missed = await world.session(course, "2026-12-20T17:00:00Z")
    cancelled = await person.do("cancelBooking", NOW, bookingId=await world.booked(missed, client))
    granted = await world.granted(client, 4, validity={"expiresOn": "2026-11-30"}, now=NOW)
    for credit, mutation, how in (
        (granted[0], "revokeMakeUps", {"reason": "CORRECTION"}),
        (granted[1], "revokeMakeUps", {"reason": "REFUNDED"}),
    ):
        given = {"studioId": world.studio, "credits": {"ids": [credit]}, "note": "", **how}
        await world.owner.do(mutation, NOW, **given)
    target = await world.session(None, "2026-12-15T17:00:00Z")
    await person.do("bookWithMakeUp", NOW, sessionId=target, creditId=granted[2])
    later = "2026-12-01T12:00:00Z"
    counts = await happened(world, "2026-11-22", "2026-11-22", later)
    assert counts.pop("redemptionRate") == pytest.approx(1 / 3)
    assert counts.pop("breakageRate") == pytest.approx(1 / 3)
    assert counts == {"earned": 1, "granted": 4, "standing": 3, "used": 1, "revoked": 2}
    assert cancelled["credit"]["state"] == "ACTIVE"


async def test_s4_sessions_are_counted_on_the_local_date_of_their_start(world: World) -> None:
    person, client = await world.person()
    early = await world.session(None, "2026-12-09T23:00:00Z", "2026-12-09T23:30:00Z", capacity=3)
    late = await world.session(None, "2026-12-10T22:59:00Z", "2026-12-10T23:30:00Z", capacity=4)
    await world.session(None, "2026-12-10T23:00:00Z", "2026-12-10T23:30:00Z", capacity=50)
    off = await world.session(None, "2026-12-10T12:00:00Z", capacity=60)
    for session in (late, off):
        (credit,) = await world.granted(client)
        await person.do("bookWithMakeUp", NOW, sessionId=session, creditId=credit)
    await world.booked(early, client)
    await world.owner.do("cancelSession", NOW, sessionId=off, compensation="NONE")
    told = await period(world, "2026-12-10", "2026-12-10", NOW)
    assert told["seats"] == {"sessions": 2, "withMakeUps": 1, "seats": 7, "bookings": 2, "makeUps": 1}
    assert told["sessionsFilledByMakeUps"]["nodes"] == [{"id": late, "makeUpBookings": 1}]


async def test_s4_what_has_taken_place_stays_in_the_report_when_it_is_archived(world: World) -> None:
    """Archived once it has started, by itself or with its course, whether or not anybody came. Before, it is gone."""
    person, client = await world.person()
    ends = "2026-12-10T18:00:00Z"
    ended, going_on = await world.course(), await world.course()
    past = [await world.session(each, f"2026-12-10T{hour}:00:00Z") for each, hour in ((None, 10), (None, 11))]
    past.append(await world.session(ended, "2026-12-10T12:00:00Z"))
    to_come = await world.session(None, "2026-12-10T19:00:00Z")
    left = await world.session(going_on, "2026-12-10T20:00:00Z")
    (credit,) = await world.granted(client, now=NOW)
    await person.do("bookWithMakeUp", NOW, sessionId=past[0], creditId=credit)

    async def told() -> Json:
        return await period(world, "2026-12-10", "2026-12-10", ends)

    counts = {"sessions": 5, "withMakeUps": 1, "seats": 50, "bookings": 1, "makeUps": 1}
    assert (await told())["seats"] == counts
    for each in (*past[:2], ended):
        await world.archive(each, now=ends)
    assert (await told())["seats"] == counts
    assert (await told())["sessionsFilledByMakeUps"]["nodes"] == [{"id": past[0], "makeUpBookings": 1}]
    for number, each in enumerate((to_come, going_on)):
        await world.archive(each, now=ends)
        assert (await told())["seats"] == {**counts, "sessions": 4 - number, "seats": 40 - 10 * number}, left


async def test_reports_of_an_account_that_was_deleted_keep_what_happened_and_owe_it_nothing(world: World) -> None:
    person, client = await world.person()
    target = await world.session(None, "2026-12-15T17:00:00Z")
    granted = await world.granted(client, 3, now=NOW, worth=100)
    await person.do("bookWithMakeUp", NOW, sessionId=target, creditId=granted[0])
    deleted = await person.do("deleteAccount", "2026-12-20T12:00:00Z", password=PASSWORD)
    assert deleted
    later = "2026-12-20T12:00:01Z"
    reports = await standing(world, later)
    assert reports["outstanding"]["credits"] == reports["outstanding"]["worth"]["amount"] == 0
    assert reports["clientsWithOutstanding"]["nodes"] == reports["clientsWhoCanBookNothing"]["nodes"] == []
    counts = await happened(world, "2026-11-22", "2026-12-20", later)
    assert counts.items() >= {"granted": 3, "used": 1}.items()
    seats = (await period(world, "2026-12-15", "2026-12-15", later))["seats"]
    assert seats == {"sessions": 1, "withMakeUps": 1, "seats": 10, "bookings": 1, "makeUps": 1}


async def test_a1_reports_are_for_the_owner_and_managers(world: World) -> None:
    """A0: of another studio too, everybody is told alike."""
    person, _ = await world.person()
    manager, _ = await world.staff("MANAGER")
    teacher, _ = await world.staff("INSTRUCTOR")
    given: dict[str, Any] = {"slug": world.slug}
    assert "errors" not in await manager.ask(OUTSTANDING, given, NOW)
    for other in (person, teacher, (await World.founded(world.api)).owner):
        assert fault(await other.ask(OUTSTANDING, given, NOW)) == "FORBIDDEN"
    assert fault(await world.api.answer(OUTSTANDING, given, token=None, now=NOW)) == "UNAUTHENTICATED"
