"""The studio cancels sessions, and staff set deadlines aside, through the API."""

from typing import Any

import pytest

from persistence.database import Database
from tests.invariants import assert_all_hold
from tests.schema.counting import statements
from tests.world import Json, Person, World, codes, data, fault, faults

NOW, START = "2026-11-22T17:00:00Z", "2026-12-13T17:00:00Z"
LATE = "2026-12-13T16:00:00Z"
COUNTED = """refusals { code } sessions bookings creditsEarned creditsReturned nothing
  whyNotEarned { reason bookings }"""
OF_SESSION = f"""query ($id: ID!, $how: Compensation!) {{ node(id: $id) {{ ... on Session {{
  cancellationPreview(compensation: $how) {{ {COUNTED} }} }} }} }}"""
OF_COURSE = f"""query ($id: ID!, $how: Compensation!, $from: Date) {{ node(id: $id) {{ ... on Course {{
  cancellationPreview(compensation: $how, from: $from) {{ {COUNTED} }} }} }} }}"""
OF_BOOKING = """query ($id: ID!, $override: Boolean!) { node(id: $id) { ... on Booking {
  cancellationPreview(override: $override) { outcome inTime expiresOn whyNotEarned losesCredit comesBackExpired
    afterDeadline { outcome } } } } }"""
LEDGER = "query ($id: ID!) { node(id: $id) { ... on MakeUpCredit { note ledger { kind override } } } }"


async def foreseen(by: Person, query: str, now: str = NOW, **of: Any) -> Json:
    return data(await by.ask(query, of, now))["node"]["cancellationPreview"]


async def with_a_credit(world: World, session: str, **granted: Any) -> tuple[Person, str, str]:
    """Somebody, their seat, and the credit that paid it."""
    person, client = await world.person()
    (credit,) = await world.granted(client, **granted)
    booked = await person.do("bookWithMakeUp", world.beginning, sessionId=session)
    return person, booked["booking"]["id"], credit


async def seats_of_all_kinds(world: World, session: str) -> None:
    """Two that are paid, one that is due, one that a credit paid, and one whose client has a credit for it."""
    for payment in ("PAID", "WAIVED", "DUE"):
        await world.booked(session, await world.client(), payment)
    await with_a_credit(world, session)
    client = await world.client()
    await world.owner.do("cancelBooking", world.beginning, bookingId=await world.booked(session, client))
    await world.booked(session, client)


@pytest.mark.parametrize("how", ["CREDITS", "NONE"])
async def test_e6_what_the_preview_counts_is_what_the_act_then_brings(
    world: World, database: Database, how: str
) -> None:
    session = await world.session(await world.course(), START)
    await seats_of_all_kinds(world, session)

    said = await foreseen(world.owner, OF_SESSION, id=session, how=how)
    expect = {name: said[name] for name in ("creditsEarned", "creditsReturned", "nothing")}
    cancelled = await world.owner.do("cancelSession", NOW, sessionId=session, compensation=how, expect=expect)

    why = {"CREDITS": ["NOT_PAID", "ALREADY_CREDITED"], "NONE": ["NO_COMPENSATION"]}[how]
    counts = {"CREDITS": (2, 1, 2), "NONE": (0, 1, 4)}[how]
    assert (said["creditsEarned"], said["creditsReturned"], said["nothing"]) == counts
    assert [each["reason"] for each in said["whyNotEarned"]] == why
    assert (said["refusals"], said["sessions"], said["bookings"]) == ([], 1, 5)
    outcomes = [booking["outcome"] for booking in cancelled["bookings"]]
    assert tuple(outcomes.count(each) for each in ("CREDIT", "CREDIT_RETURNED", "NOTHING")) == counts
    assert {booking["status"] for booking in cancelled["bookings"]} == {"CANCELLED"}
    assert cancelled["session"] == {"id": session, "status": "CANCELLED", "seatsLeft": 0}
    after = await foreseen(world.owner, OF_SESSION, id=session, how=how)
    assert (after["sessions"], after["bookings"]) == (0, 0)
    await assert_all_hold(database, world.studio, NOW)


async def test_e6_a_course_is_foreseen_and_cancelled_as_a_whole_or_from_a_day_on(world: World) -> None:
    course = await world.course()
    sessions = [await world.session(course, f"2026-12-1{day}T17:00:00Z") for day in (3, 4, 5)]
    for session in sessions:
        await seats_of_all_kinds(world, session)

    later = await foreseen(world.owner, OF_COURSE, id=course, how="CREDITS", **{"from": "2026-12-14"})
    given = {"courseId": course, "compensation": "CREDITS"}
    expect = {name: later[name] for name in ("creditsEarned", "creditsReturned", "nothing")}
    refused = await world.owner.do("cancelCourseSessions", NOW, **given, expect=expect)
    cancelled = await world.owner.do("cancelCourseSessions", NOW, **given, **{"from": "2026-12-14"}, expect=expect)
    rest = await foreseen(world.owner, OF_COURSE, id=course, how="CREDITS")
    all_of_it = await world.owner.do("cancelCourseSessions", NOW, **given)

    assert (later["sessions"], later["creditsEarned"], later["creditsReturned"], later["nothing"]) == (2, 4, 2, 4)
    assert codes(refused) == ["OUTCOME_CHANGED"]
    (reason,) = refused["reasons"]
    assert reason["actual"]["text"] == "6 credits, 3 returned, 6 nothing"
    assert reason["required"]["text"] == "4 credits, 2 returned, 4 nothing"
    assert [each["session"]["id"] for each in cancelled["results"]] == sessions[1:]
    assert cancelled["changedCount"] == 2
    assert (rest["sessions"], rest["bookings"]) == (1, 5)
    assert [each["changed"] for each in all_of_it["results"]] == [True, False, False]
    assert all_of_it["results"][1]["bookings"] == cancelled["results"][0]["bookings"]


async def test_e6_a_class_of_forty_seats_is_cancelled_in_as_many_statements_as_one_of_four(world: World) -> None:
    sent: list[int] = []
    for seats in (3, 30):
        session = await world.session(None, START, capacity=100)
        for _ in range(seats):
            await world.booked(session, await world.client())
        for _ in range(seats // 3):
            await with_a_credit(world, session)
        with statements() as of_preview:
            await foreseen(world.owner, OF_SESSION, id=session, how="CREDITS")
        with statements() as of_act:
            cancelled = await world.owner.do("cancelSession", NOW, sessionId=session, compensation="CREDITS")
        assert len(cancelled["bookings"]) == seats + seats // 3
        sent.append(len(of_preview) + len(of_act))
    assert sent[0] == sent[1]


async def test_e6_in_a_cancelled_session_no_seat_is_left(world: World) -> None:
    course = await world.course(policy={"extraMakeUpSeats": 2})
    session = await world.session(course, START)
    asked = "query ($id: ID!) { node(id: $id) { ... on Session { seatsLeft makeUpSeatsLeft } } }"
    person, _ = await world.person()

    before = data(await person.ask(asked, {"id": session}, NOW))["node"]
    await world.owner.do("cancelSession", NOW, sessionId=session, compensation="NONE")
    after = data(await person.ask(asked, {"id": session}, NOW))["node"]

    assert before["seatsLeft"] + 2 == before["makeUpSeatsLeft"]
    assert after == {"seatsLeft": 0, "makeUpSeatsLeft": 0}


async def test_c4_the_second_click_gets_the_same_answer(world: World) -> None:
    session = await world.session(None, START)
    await seats_of_all_kinds(world, session)
    first = await world.owner.do("cancelSession", NOW, sessionId=session, compensation="CREDITS")

    assert await world.owner.do("cancelSession", NOW, sessionId=session, compensation="NONE") == first


async def test_e7_a_client_sees_the_credit_that_the_studio_gave_and_not_the_note(world: World) -> None:
    person, client = await world.person()
    session = await world.session(None, START)
    await world.booked(session, client)
    await world.owner.do("cancelSession", NOW, sessionId=session, compensation="CREDITS", note="The roof fell in.")

    own = data(await person.ask("{ makeUpCredits { nodes { id origin expiresOn note } } }", now=NOW))
    (credit,) = own["makeUpCredits"]["nodes"]
    assert (credit["origin"], credit["expiresOn"], credit["note"]) == ("STUDIO_CANCELLATION", "2026-12-06", None)
    shown = data(await world.owner.ask(LEDGER, {"id": credit["id"]}, NOW))["node"]
    assert shown["note"] == "The roof fell in."


async def test_c10_the_preview_with_an_override_says_what_the_act_then_does(world: World) -> None:
    person, client = await world.person()
    booking = await world.booked(await world.session(await world.course(), START), client)

    plain, aside = [await foreseen(world.owner, OF_BOOKING, LATE, id=booking, override=each) for each in (False, True)]
    expect = {"outcome": aside["outcome"], "expiresOn": aside["expiresOn"]}
    override = {"reason": "The trams stood still."}
    given = {"bookingId": booking, "expect": expect}
    refused = await world.owner.do("cancelBooking", LATE, **given)
    cancelled = await world.owner.do("cancelBooking", LATE, **given, override=override)

    assert (plain["outcome"], plain["inTime"]) == ("NOTHING", False)
    assert (aside["outcome"], aside["inTime"], aside["expiresOn"]) == ("CREDIT", True, "2026-12-27")
    assert codes(refused) == ["OUTCOME_CHANGED"]
    assert (cancelled["booking"]["status"], cancelled["credit"]["expiresOn"]) == ("CANCELLED", "2026-12-27")
    for by, told in ((world.owner, override["reason"]), (person, None)):
        (line,) = data(await by.ask(LEDGER, {"id": cancelled["credit"]["id"]}, LATE))["node"]["ledger"]
        assert line == {"kind": "ISSUED", "override": told}


async def test_c10_the_reason_is_told_also_of_a_credit_that_is_lost(world: World) -> None:
    person, booking, credit = await with_a_credit(world, await world.session(None, START))
    await world.policy(onMakeUpCancellation="FORFEIT")
    manager, _ = await world.staff("MANAGER")

    given = {"bookingId": booking, "override": {"reason": "The trams stood still."}}
    cancelled = await manager.do("cancelBooking", LATE, **given)

    why = ["PAID_WITH_CREDIT", "MAKE_UP_FORFEITED"]
    assert (cancelled["booking"]["status"], cancelled["booking"]["whyNotEarned"]) == ("CANCELLED", why)
    for by, told in ((manager, "The trams stood still."), (person, None)):
        line = data(await by.ask(LEDGER, {"id": credit}, LATE))["node"]["ledger"][-1]
        assert line == {"kind": "FORFEITED", "override": told}


async def test_c10_a_client_who_asks_for_an_override_is_told_at_that_field(world: World) -> None:
    person, client = await world.person()
    booking = await world.booked(await world.session(await world.course(), START), client)

    asked = await person.ask(OF_BOOKING, {"id": booking, "override": True}, NOW)
    acted = await person.act("cancelBooking", NOW, bookingId=booking, override={"reason": "Please."})

    assert asked["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert faults(acted) == [("FORBIDDEN", ["override"])]


@pytest.mark.parametrize("reason", ["", " ", "two\nlines", "x" * 201])
async def test_c10_a_reason_is_one_line_that_says_something(world: World, reason: str) -> None:
    booking = await world.booked(await world.session(None, START), await world.client())

    answer = await world.owner.act("cancelBooking", NOW, bookingId=booking, override={"reason": reason})

    assert faults(answer) == [("BAD_USER_INPUT", ["override", "reason"])]


async def test_c1_the_preview_warns_of_a_credit_that_is_lost_or_comes_back_expired(world: World) -> None:
    session = await world.session(None, "2026-12-20T17:00:00Z")
    person, booking, _ = await with_a_credit(world, session, validity={"expiresOn": "2026-12-06"})

    async def warned(now: str) -> tuple[str, bool, bool]:
        said = await foreseen(person, OF_BOOKING, now, id=booking, override=False)
        return said["outcome"], said["losesCredit"], said["comesBackExpired"]

    assert await warned("2026-12-06T22:59:59Z") == ("CREDIT_RETURNED", False, False)
    assert await warned("2026-12-06T23:00:00Z") == ("CREDIT_RETURNED", False, True)
    assert await warned("2026-12-20T16:00:00Z") == ("NOTHING", True, False)
    await world.policy(onMakeUpCancellation="FORFEIT")
    assert await warned("2026-12-06T22:59:59Z") == ("NOTHING", True, False)


async def test_a1_nobody_else_foresees_what_the_studio_would_cancel(world: World) -> None:
    person, client = await world.person()
    course = await world.course()
    session = await world.session(course, START)
    await world.booked(session, client)

    for query, id in ((OF_SESSION, session), (OF_COURSE, course)):
        assert fault(await person.ask(query, {"id": id, "how": "CREDITS"}, NOW)) == "FORBIDDEN"
