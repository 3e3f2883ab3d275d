"""moveSession and markAttendance through the API."""

import pytest

from tests.schema.refused import START
from tests.world import Json, World, codes, data, fault

NOW = "2026-12-13T16:00:00Z"
NEXT_DAY = "2026-12-14T16:00:00Z"
AFTER = "2026-12-14T17:00:00Z"
PREVIEW = """query ($id: ID!) { node(id: $id) { ... on Booking { session { movedAt cancellationDeadline }
  cancellationPreview { deadline inTime outcome refusals { code } whyNotEarned
    afterDeadline { outcome refusals { code } } } } } }"""
STANDS = """query ($id: ID!) { node(id: $id) { ... on Booking { status attendance whyNotEarned
  earnedCredit { state origin } } } }"""
CASES = """query ($slug: String!, $first: Int, $after: String) { studio(slug: $slug) {
  attendanceCorrections(first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor }
    nodes { id attendance earnedCredit { state origin } } } } }"""


async def test_c8_the_preview_of_a_booking_tells_its_own_deadline_and_its_session_that_of_the_policy(
    world: World,
) -> None:
    await world.policy(lateCancellation="BLOCK")
    person, client = await world.person()
    session = await world.session(await world.course(), START)
    booking = await world.booked(session, client)

    async def preview(now: str) -> Json:
        return data(await person.ask(PREVIEW, {"id": booking}, now))["node"]

    late = await preview(NOW)
    assert late["cancellationPreview"]["inTime"] is False
    assert [each["code"] for each in late["cancellationPreview"]["refusals"]] == ["LATE_CANCELLATION_BLOCKED"]
    given = {"sessionId": session, "startsAt": "2026-12-14T20:00:00Z", "endsAt": "2026-12-14T21:00:00Z"}
    moved = await world.owner.do("moveSession", NOW, **given)
    assert moved["bookingsMoved"] == 1
    assert moved["session"]["movedAt"] == NOW
    told = await preview(NEXT_DAY)
    assert told["session"] == {"movedAt": NOW, "cancellationDeadline": "2026-12-13T20:00:00Z"}
    assert told["cancellationPreview"] == {
        "deadline": NEXT_DAY,
        "inTime": True,
        "outcome": "CREDIT",
        "refusals": [],
        "whyNotEarned": [],
        "afterDeadline": {"outcome": "NOTHING", "refusals": [{"code": "LATE_CANCELLATION_BLOCKED"}]},
    }
    an_instant_later = await person.act("cancelBooking", "2026-12-14T16:00:00.000001Z", bookingId=booking)
    assert codes(data(an_instant_later)["result"]) == ["LATE_CANCELLATION_BLOCKED"]
    cancelled = await person.do("cancelBooking", NEXT_DAY, bookingId=booking)
    assert cancelled["booking"]["outcome"] == "CREDIT"


async def test_c8_moved_again_to_the_times_that_it_has_nobody_is_to_be_told_and_a_replay_counts_as_before(
    world: World,
) -> None:
    session = await world.session(None, START)
    await world.booked(session, await world.client())
    given = {"sessionId": session, "startsAt": "2026-12-20T17:00:00Z", "endsAt": "2026-12-20T18:00:00Z"}

    first = await world.owner.do("moveSession", NOW, **given, idempotencyKey="a move")
    again = await world.owner.do("moveSession", "2026-12-13T16:30:00Z", **given)
    replayed = await world.owner.do("moveSession", "2026-12-13T16:30:00Z", **given, idempotencyKey="a move")

    assert (first["bookingsMoved"], first["session"]["movedAt"]) == (1, NOW)
    assert again == {**first, "bookingsMoved": 0}
    assert replayed == first


async def test_c8_a_session_that_has_never_moved_says_so_to_its_own_times_too(world: World) -> None:
    session = await world.session(None, START, "2026-12-14T18:00:00Z")
    await world.booked(session, await world.client())
    given = {"sessionId": session, "startsAt": START, "endsAt": "2026-12-14T18:00:00Z"}

    answer = await world.owner.do("moveSession", NOW, **given)

    assert (answer["bookingsMoved"], answer["session"]["movedAt"]) == (0, None)


class Roster:
    """Two clients with accounts in one session of the teacher's; an excused absence earns."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def set_up(self) -> "Roster":
        world = self.world
        await world.policy(excusedAbsenceEarns=True)
        self.teacher, teacher_id = await world.staff("INSTRUCTOR")
        self.course = await world.course()
        self.session = await world.session(self.course, START, instructorId=teacher_id)
        self.person, self.client = await world.person()
        self.booking = await world.booked(self.session, self.client)
        self.other = await world.booked(self.session, (await world.person("Eva"))[1])
        return self

    async def mark(self, attendance: str, now: str = AFTER, **more: str) -> Json:
        marks = [{"bookingId": self.booking, "attendance": attendance}]
        return await self.world.owner.do("markAttendance", now, sessionId=self.session, marks=marks, **more)

    async def spend(self) -> str:
        session = await self.world.session(None, "2026-12-20T17:00:00Z")
        return (await self.person.do("bookWithMakeUp", AFTER, sessionId=session))["booking"]["id"]

    async def cases(self, now: str = AFTER, **page: int | str) -> Json:
        found = await self.world.owner.ask(CASES, {"slug": self.world.slug, **page}, now)
        return data(found)["studio"]["attendanceCorrections"]


@pytest.fixture
async def roster(world: World) -> Roster:
    return await Roster(world).set_up()


async def test_e5_the_answer_tells_of_each_booking_what_its_mark_brought(roster: Roster) -> None:
    marked = await roster.mark("EXCUSED", unmarked="ATTENDED")

    excused, attended = marked["results"]
    assert excused["booking"]["attendance"] == "EXCUSED"
    assert excused["booking"]["markedAt"] == AFTER
    assert (excused["credit"]["origin"], excused["credit"]["expiresOn"]) == ("EXCUSED_ABSENCE", "2026-12-28")
    assert (attended["booking"]["id"], attended["booking"]["attendance"]) == (roster.other, "ATTENDED")
    assert (attended["credit"], attended["changed"], attended["whyNotEarned"]) == (None, True, [])


async def test_e5_what_earned_nothing_says_why_and_a_replay_says_it_again(roster: Roster) -> None:
    await roster.world.policy(excusedAbsenceEarns=None)
    marks = [{"bookingId": roster.booking, "attendance": "EXCUSED"}]
    given = {"sessionId": roster.session, "marks": marks, "idempotencyKey": "a key"}

    first = await roster.world.owner.do("markAttendance", AFTER, **given)

    assert first["results"][0]["whyNotEarned"] == ["EXCUSED_ABSENCES_DO_NOT_EARN"]
    assert await roster.world.owner.do("markAttendance", AFTER, **given) == first


async def test_a1_the_teacher_marks_and_sees_no_credit(roster: Roster) -> None:
    given = {"sessionId": roster.session, "marks": [{"bookingId": roster.booking, "attendance": "EXCUSED"}]}
    marked = await roster.teacher.do("markAttendance", AFTER, **given)
    given["marks"][0]["attendance"] = "ABSENT"
    corrected = await roster.teacher.do("markAttendance", AFTER, **given)

    for answer in (marked, corrected):
        (result,) = answer["results"]
        assert (result["changed"], result["credit"], result["creditTakenBack"]) == (True, None, None)
    seen = await roster.person.ask("{ makeUpCredits { nodes { state } } }", now=AFTER)
    assert data(seen)["makeUpCredits"]["nodes"] == [{"state": "UNDONE"}]


async def test_c9_an_unused_credit_is_taken_back_and_told(roster: Roster) -> None:
    earned = (await roster.mark("EXCUSED"))["results"][0]["credit"]["id"]

    corrected = (await roster.mark("NO_SHOW"))["results"][0]

    assert corrected["credit"] is None
    assert corrected["creditTakenBack"]["id"] == earned
    assert [line["kind"] for line in corrected["creditTakenBack"]["ledger"]] == ["ISSUED", "UNDONE"]
    assert (await roster.cases())["nodes"] == []


async def test_c9_a_used_one_stays_and_is_listed_until_it_is_settled(roster: Roster) -> None:
    credit = (await roster.mark("EXCUSED"))["results"][0]["credit"]["id"]
    seat = await roster.spend()
    assert (await roster.cases())["totalCount"] == 0

    corrected = (await roster.mark("ABSENT"))["results"][0]

    assert (corrected["credit"]["state"], corrected["creditTakenBack"]) == ("USED", None)
    used = {"state": "USED", "origin": "EXCUSED_ABSENCE"}
    case = {"id": roster.booking, "attendance": "ABSENT", "earnedCredit": used}
    assert (await roster.cases())["nodes"] == [case]
    # The seat is given up, so that the credit comes back; staff revoke it.
    await roster.person.do("cancelBooking", AFTER, bookingId=seat)
    assert (await roster.cases())["totalCount"] == 1
    chosen = {"studioId": roster.world.studio, "credits": {"ids": [credit]}, "reason": "CORRECTION"}
    await roster.world.owner.do("revokeMakeUps", AFTER, **chosen)
    assert (await roster.cases())["nodes"] == []


async def test_c9_the_cases_are_pages_by_when_they_were_marked(roster: Roster) -> None:
    """And an absence that is excused again is no case."""
    await roster.mark("EXCUSED", unmarked="EXCUSED")
    seat = await roster.spend()
    other = data(
        await roster.world.owner.ask(
            "query ($id: ID!) { node(id: $id) { ... on Booking { earnedCredit { id } } } }",
            {"id": roster.other},
            AFTER,
        )
    )["node"]["earnedCredit"]["id"]
    session = await roster.world.session(None, "2026-12-21T17:00:00Z")
    await roster.world.owner.do("bookWithMakeUp", AFTER, sessionId=session, creditId=other)
    for booking, now in ((roster.other, AFTER), (roster.booking, "2026-12-14T17:00:01Z")):
        marks = [{"bookingId": booking, "attendance": "ABSENT"}]
        await roster.world.owner.do("markAttendance", now, sessionId=roster.session, marks=marks)
    later = "2026-12-14T18:00:00Z"

    first = await roster.cases(later, first=1)
    second = await roster.cases(later, first=1, after=first["pageInfo"]["endCursor"])

    assert [each["id"] for each in (*first["nodes"], *second["nodes"])] == [roster.other, roster.booking]
    assert (first["totalCount"], second["pageInfo"]["hasNextPage"]) == (2, False)
    await roster.mark("EXCUSED", later)
    assert (await roster.cases(later))["totalCount"] == 1
    assert seat


@pytest.mark.parametrize("compensation", ["CREDITS", "NONE"])
async def test_c9_e7_what_stands_for_a_session_that_the_studio_has_cancelled_since_is_no_case(
    roster: Roster, compensation: str
) -> None:
    """The seat brought nothing more, for the credit was there: taking that back would leave its client with none."""
    await roster.mark("EXCUSED")
    await roster.spend()
    await roster.mark("ABSENT")
    assert [each["id"] for each in (await roster.cases())["nodes"]] == [roster.booking]

    given = {"sessionId": roster.session, "compensation": compensation}
    cancelled = await roster.world.owner.do("cancelSession", AFTER, **given)

    assert cancelled["__typename"] == "SessionCancelled"
    seen = await roster.world.owner.ask(STANDS, {"id": roster.booking}, AFTER)
    assert data(seen)["node"] == {
        "status": "CANCELLED",
        "attendance": "ABSENT",
        "whyNotEarned": ["ALREADY_CREDITED" if compensation == "CREDITS" else "NO_COMPENSATION"],
        "earnedCredit": {"state": "USED", "origin": "EXCUSED_ABSENCE"},
    }
    assert await roster.cases() == {"totalCount": 0, "pageInfo": {"hasNextPage": False, "endCursor": None}, "nodes": []}


async def test_c9_a_seat_that_staff_give_up_after_the_correction_stays_a_case(roster: Roster) -> None:
    """The session took place: nothing but the corrected excuse stands behind the credit."""
    await roster.mark("EXCUSED")
    await roster.spend()
    await roster.mark("ATTENDED")

    await roster.world.owner.do("cancelBooking", AFTER, bookingId=roster.booking)

    assert [each["id"] for each in (await roster.cases())["nodes"]] == [roster.booking]


async def test_e5_an_absence_excused_again_shows_the_credit_that_stands(roster: Roster) -> None:
    """And no longer the one that was revoked."""
    first = (await roster.mark("EXCUSED"))["results"][0]["credit"]["id"]
    chosen = {"studioId": roster.world.studio, "credits": {"ids": [first]}, "reason": "CORRECTION"}
    await roster.world.owner.do("revokeMakeUps", AFTER, **chosen)
    assert (await roster.mark("ABSENT"))["results"][0]["credit"]["state"] == "REVOKED"

    again = (await roster.mark("EXCUSED"))["results"][0]["credit"]

    assert again["id"] != first
    assert again["state"] == "ACTIVE"


async def test_e10_the_preview_for_staff_says_that_an_excuse_has_earned_already(roster: Roster) -> None:
    await roster.mark("EXCUSED")

    seen = data(await roster.world.owner.ask(PREVIEW, {"id": roster.booking}, AFTER))["node"]["cancellationPreview"]

    assert seen["whyNotEarned"] == ["SESSION_STARTED", "ALREADY_CREDITED"]
    cancelled = await roster.world.owner.do("cancelBooking", AFTER, bookingId=roster.booking)
    assert cancelled["booking"]["whyNotEarned"] == seen["whyNotEarned"]
    assert cancelled["credit"] is None
    assert cancelled["booking"]["earnedCredit"] is not None


async def test_a_refusal_names_each_booking_that_is_not_live(roster: Roster) -> None:
    await roster.world.owner.do("cancelBooking", roster.world.beginning, bookingId=roster.booking)

    refused = await roster.mark("ABSENT")

    assert [(each["code"], each["bookingId"]) for each in refused["reasons"]] == [("NOT_BOOKED", roster.booking)]


async def test_a1_clients_and_strangers_mark_nobody_and_see_no_cases(roster: Roster) -> None:
    given = {"sessionId": roster.session, "unmarked": "ATTENDED"}
    assert fault(await roster.person.act("markAttendance", AFTER, **given)) == "FORBIDDEN"
    assert fault(await roster.person.ask(CASES, {"slug": roster.world.slug}, AFTER)) == "FORBIDDEN"
