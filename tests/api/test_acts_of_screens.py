"""The acts that a phone and a dashboard do from their screens."""

from typing import Any

from tests.operations import document
from tests.world import PASSWORD, Json, World, data, unique


async def test_the_acts_of_the_screens_do_what_they_say(world: World) -> None:
    now = "2026-11-22T17:00:00Z"
    person, client = await world.person()
    course = await world.course()
    sessions = [await world.session(course, f"2026-12-1{day}T17:00:00Z") for day in range(3)]

    async def act(by: Any, name: str, **given: Any) -> Json:
        keyed = {"input": {"idempotencyKey": unique("key"), **given}}
        (result,) = data(await by.ask(document(name), keyed, now)).values()
        assert "reasons" not in result, result
        return result

    booked = await act(person, "BookSession", sessionId=sessions[0])
    assert booked["booking"]["session"]["id"] == sessions[0]
    paid = await act(world.owner, "MarkPaid", bookingId=booked["booking"]["id"])
    assert paid["booking"]["payment"] == "PAID"
    cancelled = await act(person, "CancelBooking", bookingId=booked["booking"]["id"], expect={"outcome": "CREDIT"})
    assert cancelled["credit"]["missedBooking"]["id"] == booked["booking"]["id"]
    taken_back = await act(person, "UndoCancellation", bookingId=booked["booking"]["id"])
    assert taken_back["creditTakenBack"]["id"] == cancelled["credit"]["id"]
    cancelled = await act(person, "CancelBooking", bookingId=booked["booking"]["id"], expect={"outcome": "CREDIT"})
    spent = await act(person, "BookWithMakeUp", sessionId=sessions[1])
    assert spent["credit"]["id"] == cancelled["credit"]["id"]
    assert spent["credit"]["state"] == "USED"
    days = {"from": "2026-12-10", "through": "2026-12-12"}
    (part,) = data(await person.ask(document("Absence"), {"client": client, **days}, now))["node"]["absencePreview"][
        "parts"
    ]
    expect = [{"bookingId": part["booking"]["id"], "outcome": part["outcome"], "expiresOn": part["expiresOn"]}]
    away = await act(person, "CancelBookings", clientId=client, expect=expect, **days)
    (given_up,) = away["results"]
    assert given_up["credit"]["id"] == spent["credit"]["id"]
    assert given_up["credit"]["state"] == "ACTIVE"
    spent = await act(person, "BookWithMakeUp", sessionId=sessions[1])
    swapped = await act(person, "SwapSession", bookingId=spent["booking"]["id"], sessionId=sessions[2])
    assert (swapped["givenUp"]["status"], swapped["givenUp"]["id"]) == ("CANCELLED", spent["booking"]["id"])
    assert (swapped["booking"]["session"]["id"], swapped["credit"]["id"]) == (sessions[2], spent["credit"]["id"])
    granted = await act(world.owner, "GrantMakeUp", clientId=client, reason="GOODWILL", note="Sorry.")
    assert granted["credits"][0]["note"] == "Sorry."
    listed = data(await world.owner.ask(document("StudioCredits"), {"studio": world.slug}, now))["studio"]
    ids = [credit["id"] for credit in listed["makeUpCredits"]["nodes"]]
    assert set(ids) == {granted["credits"][0]["id"], spent["credit"]["id"], taken_back["creditTakenBack"]["id"]}
    ids.remove(taken_back["creditTakenBack"]["id"])
    which = {"studioId": listed["id"], "credits": {"ids": ids}}
    extended = await act(world.owner, "ExtendMakeUps", **which, expiry={"expiresOn": "2027-01-31"})
    told = {each["credit"]["id"]: [reason["code"] for reason in each["refusals"]] for each in extended["results"]}
    assert told == {granted["credits"][0]["id"]: [], spent["credit"]["id"]: ["CREDIT_USED"]}
    revoked = await act(world.owner, "RevokeMakeUps", **which, reason="CORRECTION", note="Sorry again.")
    assert (revoked["changedCount"], len(revoked["results"])) == (1, 2)
    swapped = await act(person, "UndoCancellation", bookingId=booked["booking"]["id"], swapBack=True)
    assert swapped["givenUp"]["session"]["id"] == sessions[2]


async def test_an_account_is_deleted_once_its_data_is_taken_along(world: World) -> None:
    now = "2026-11-22T17:00:00Z"
    person, client = await world.person()
    await world.booked(await world.session(None, "2026-12-13T17:00:00Z"), client)
    (told,) = data(await person.ask(document("DeletionPreview"), now=now))["viewer"]["accountDeletionPreview"][
        "studios"
    ]
    assert (told["studio"]["id"], told["clients"], told["bookings"]) == (world.studio, 1, 1)
    kept = data(await person.ask(document("DataExport"), now=now))["viewer"]["dataExport"]
    assert [each["id"] for each in kept["studios"][0]["clients"]] == [client]
    given = {"input": {"password": PASSWORD, "idempotencyKey": unique("key")}}
    deleted = data(await person.ask(document("DeleteAccount"), given, now))["deleteAccount"]
    assert deleted == {"deletedAt": now}


async def test_a_session_is_moved_and_its_roster_is_marked(world: World) -> None:
    await world.policy(excusedAbsenceEarns=True)
    person, client = await world.person()
    session = await world.session(await world.course(), "2026-12-13T17:00:00Z")
    booking = await world.booked(session, client)

    async def act(name: str, now: str, **given: Any) -> Json:
        keyed = {"input": {"idempotencyKey": unique("key"), "sessionId": session, **given}}
        (result,) = data(await world.owner.ask(document(name), keyed, now)).values()
        return result

    times = {"startsAt": "2026-12-14T17:00:00Z", "endsAt": "2026-12-14T18:00:00Z"}
    moved = await act("MoveSession", "2026-12-13T16:00:00Z", **times)
    assert (moved["bookingsMoved"], moved["session"]["movedAt"]) == (1, "2026-12-13T16:00:00Z")
    now, target = "2026-12-14T19:00:00Z", await world.session(None, "2026-12-20T17:00:00Z")
    (excused,) = (await act("MarkAttendance", now, unmarked="EXCUSED"))["results"]
    spend = {"input": {"idempotencyKey": unique("key"), "sessionId": target, "creditId": excused["credit"]["id"]}}
    data(await person.ask(document("BookWithMakeUp"), spend, now))
    marks = [{"bookingId": booking, "attendance": "ATTENDED"}]
    (corrected,) = (await act("MarkAttendance", now, marks=marks))["results"]
    assert (corrected["credit"]["state"], corrected["creditTakenBack"]) == ("USED", None)
    listed = data(await world.owner.ask(document("AttendanceCorrections"), {"studio": world.slug}, now))
    (case,) = listed["studio"]["attendanceCorrections"]["nodes"]
    assert case["earnedCredit"]["booking"]["session"]["id"] == target


async def test_the_acts_of_those_who_manage_do_what_they_say(world: World) -> None:
    now = "2026-11-22T17:00:00Z"
    course, client = await world.course(), await world.client()
    sessions = [await world.session(course, f"2026-12-1{day}T17:00:00Z") for day in range(3)]

    async def act(name: str, **given: Any) -> Json:
        keyed = {"input": {"idempotencyKey": unique("key"), **given}}
        (result,) = data(await world.owner.ask(document(name), keyed, now)).values()
        assert "reasons" not in result, result
        return result

    studio = await act("UpdateStudioPolicy", studioId=world.studio, maxOutstanding={"limit": 5}, validity={"days": 7})
    assert (studio["studio"]["policy"]["maxOutstanding"], studio["studio"]["policy"]["validity"]["days"]) == (5, 7)
    decided = await act("UpdateCoursePolicy", courseId=course, validity={"until": "2027-01-31"})
    holding = decided["course"]["effectivePolicy"]
    assert (holding["validity"]["value"]["until"], holding["validity"]["level"]) == ("2027-01-31", "COURSE")
    assert (holding["maxOutstanding"]["value"], holding["maxOutstanding"]["level"]) == (5, "STUDIO")
    assert holding["maxDaysAhead"] == {"value": 90, "level": "DEFAULT"}
    wide = await act("UpdateSession", sessionId=sessions[0], capacity=11)
    assert wide["session"]["capacity"] == 11
    place = {"courseId": course, "clientId": client, "payment": "PAID", "except": [sessions[0]]}
    enrolled = await act("EnrolClient", **place)
    assert {booking["session"]["id"] for booking in enrolled["bookings"]} == set(sessions[1:])
    ended = await act("EndEnrolment", enrolmentId=enrolled["enrolment"]["id"])
    assert {booking["status"] for booking in ended["bookings"]} == {"CANCELLED"}
    await act("BookSession", sessionId=sessions[0], clientId=client, payment="PAID")
    shown = data(await world.owner.ask(document("SessionCancellation"), {"session": sessions[0]}, now))["node"]
    told = shown["withCredits"]
    assert (told["bookings"], told["creditsEarned"], told["creditsReturned"], told["nothing"]) == (1, 1, 0, 0)
    assert shown["without"]["whyNotEarned"] == [{"reason": "NO_COMPENSATION", "bookings": 1}]
    assert shown["course"]["cancellationPreview"]["sessions"] == 3
    expect = {name: told[name] for name in ("creditsEarned", "creditsReturned", "nothing")}
    off = await act("CancelSession", sessionId=sessions[0], compensation="CREDITS", expect=expect)
    assert off["session"]["status"] == "CANCELLED"
    assert [(each["outcome"], each["earnedCredit"]["state"]) for each in off["bookings"]] == [("CREDIT", "ACTIVE")]
    all_off = await act("CancelCourseSessions", courseId=course, compensation="NONE")
    assert [each["changed"] for each in all_off["results"]] == [False, True, True]


async def test_a_parent_books_for_two_children_at_once_and_is_told_of_the_clash(world: World) -> None:
    now = "2026-11-22T17:00:00Z"
    parent, ema = await world.person("Ema")
    jan = await world.client(parent, "Jan")
    one, other = [await world.session(None, f"2026-12-13T17:{minute}0:00Z", capacity=1) for minute in (0, 3)]

    def given(session: str, client: str) -> Json:
        return {"idempotencyKey": unique("key"), "sessionId": session, "clientId": client}

    acts = {"first": given(one, ema), "second": given(other, jan)}
    booked = data(await parent.ask(document("BookForFamily"), acts, now))
    assert [each["id"] for each in booked["second"]["booking"]["clashes"]] == [booked["first"]["booking"]["id"]]
    acts = {"first": given(one, jan), "second": given(await world.session(None, "2026-12-14T17:00:00Z"), ema)}
    answers = data(await parent.ask(document("BookForFamily"), acts, now))
    assert [reason["code"] for reason in answers["first"]["reasons"]] == ["SESSION_FULL"]
    assert answers["second"]["booking"]["client"]["id"] == ema
    shown = data(await parent.ask(document("FamilySession"), {"session": one}, now))["node"]["forMyClients"]
    assert [each["clashes"] and each["clashes"][0]["client"]["name"] for each in shown] == ["Jan", "Jan"]
    days = {"from": "2026-12-13", "through": "2026-12-14"}
    away = data(await parent.ask(document("FamilyAbsence"), days, now))["viewer"]["clients"]["nodes"]
    assert [len(each["absencePreview"]["parts"]) for each in away] == [2, 1]


async def test_a_place_on_a_waiting_list_is_taken_left_and_becomes_a_seat(world: World) -> None:
    joined_at, late = "2026-11-22T17:00:00Z", "2026-12-12T16:00:00Z"
    ben, his = await world.person("Ben")
    session = await world.session(None, "2026-12-13T17:00:00Z", capacity=1)
    booking = await world.booked(session, his)
    person, client = await world.person()
    (credit,) = await world.granted(client)

    async def act(name: str, now: str, **given: Any) -> Json:
        (result,) = data(
            await person.ask(document(name), {"input": {"idempotencyKey": unique("key"), **given}}, now)
        ).values()
        return result

    async def drawn(now: str) -> Json:
        shown = data(await person.ask(document("Session"), {"session": session, "client": client}, now))["node"]
        mine = data(await person.ask(document("MyWaitlist"), {}, now))
        assert [entry["id"] for entry in shown["myWaitlistEntries"]] == [
            each["id"] for each in mine["waiting"]["nodes"]
        ]
        return shown | mine

    before = await drawn(joined_at)
    best = before["waitingWithCredit"]
    assert (best["eligible"], best["reasons"]) == (True, [])
    assert (best["credit"]["id"], best["credit"]["client"]["id"]) == (credit, client)
    joined = await act("JoinWaitlist", joined_at, sessionId=session, withCredit=True)
    assert (joined["entry"]["position"], joined["credit"]["state"]) == (1, "HELD")
    again = await act("JoinWaitlist", joined_at, sessionId=session, withCredit=False)
    assert [reason["code"] for reason in again["reasons"]] == ["ALREADY_WAITING"]
    held = data(await person.ask(document("MyCredits"), {}, joined_at))["held"]["nodes"]
    assert [entry["id"] for entry in held[0]["waitlistEntries"]] == [joined["entry"]["id"]]
    left = await act("LeaveWaitlist", joined_at, entryId=joined["entry"]["id"])
    assert (left["entry"]["state"], left["credit"]["state"]) == ("LEFT", "ACTIVE")
    anew = await act("JoinWaitlist", joined_at, sessionId=session, withCredit=True)
    gone = await act("ClaimSeat", joined_at, entryId=anew["entry"]["id"])
    assert [reason["code"] for reason in gone["reasons"]] == ["OFFER_GONE"]
    await ben.do("cancelBooking", late, bookingId=booking)
    offered = await drawn(late)
    assert (offered["seatsOnOffer"], offered["myWaitlistEntries"][0]["claimEligibility"]["eligible"]) == (1, True)
    queue = data(await world.owner.ask(document("SessionWaitlist"), {"session": session}, late))["node"]["waitlist"]
    assert [entry["client"]["id"] for entry in queue["nodes"]] == [client]
    claimed = await act("ClaimSeat", late, entryId=anew["entry"]["id"])
    assert (claimed["booking"]["paidWith"], claimed["credit"]["state"]) == ("MAKE_UP", "USED")
    after = await drawn(late)
    assert [entry["state"] for entry in after["over"]["nodes"]] == ["LEFT", "SEATED"]
    assert after["over"]["nodes"][1]["booking"]["id"] == after["myBookings"][0]["id"] == claimed["booking"]["id"]
