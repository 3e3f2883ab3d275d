"""The filters of lists, each at its border, and the questions about one session."""

from typing import Any

import pytest

from tests.world import Json, Person, World, codes, data, fault

NOW = "2026-11-22T17:00:00Z"
SESSIONS = """query ($slug: String!, $filter: SessionFilter) { sessions(studioSlug: $slug, filter: $filter) {
  totalCount nodes { id } } }"""
COURSES = """query ($slug: String!, $filter: CourseFilter) { courses(studioSlug: $slug, filter: $filter) {
  nodes { id } } studio(slug: $slug) { categories } }"""
OWN = """query ($bookings: BookingFilter, $credits: CreditFilter) {
  bookings(filter: $bookings) { nodes { id } } makeUpCredits(filter: $credits) { nodes { id } } }"""
OF_STUDIO = """query ($slug: String!, $bookings: BookingFilter, $credits: CreditFilter) { studio(slug: $slug) {
  bookings(filter: $bookings) { nodes { id } } makeUpCredits(filter: $credits) { nodes { id } } } }"""
OF_CLIENT = """query ($client: ID!, $bookings: BookingFilter, $credits: CreditFilter) { node(id: $client) {
  ... on Client { bookings(filter: $bookings) { nodes { id } } makeUpCredits(filter: $credits) { nodes { id } }
    enrolments { nodes { id } } } } }"""
SESSION = """query ($id: ID!, $client: ID, $statuses: [BookingStatus!]) { node(id: $id) { ... on Session {
  date category myBookings { client { name } } bookingEligibility(clientId: $client) { eligible reasons { code } }
  bookings(statuses: $statuses) { nodes { client { name } status } } } } }"""
MINE = "query ($id: ID!) { node(id: $id) { ... on Session { date category myBookings { client { name } } } } }"
COURSE = """query ($id: ID!, $time: SessionTime) { node(id: $id) { ... on Course {
  category sessions(time: $time) { nodes { id } } } } }"""


async def found(world: World, now: str = NOW, *, by: Person | None = None, **filter: Any) -> list[str]:
    """The sessions that a filter finds."""
    asked = await (by or world.owner).ask(SESSIONS, {"slug": world.slug, "filter": filter}, now)
    page = data(asked)["sessions"]
    ids = [node["id"] for node in page["nodes"]]
    assert page["totalCount"] == len(ids)
    return ids


def ids(page: Json) -> list[str]:
    return [node["id"] for node in page["nodes"]]


async def test_dates_are_the_studios_own_and_both_ends_are_included(world: World) -> None:
    late, early, next_evening, after = [
        await world.session(None, start, end)
        for start, end in (
            ("2026-12-01T22:59:59.999999Z", "2026-12-01T23:30:00Z"),
            ("2026-12-01T23:00:00Z", "2026-12-01T23:30:00Z"),
            ("2026-12-02T22:59:59.999999Z", "2026-12-02T23:30:00Z"),
            ("2026-12-02T23:00:00Z", "2026-12-02T23:30:00Z"),
        )
    ]
    assert await found(world, dateFrom="2026-12-02", dateUntil="2026-12-02") == [early, next_evening]
    assert await found(world, dateUntil="2026-12-01") == [late]
    assert await found(world, dateFrom="2026-12-03") == [after]
    assert await found(world, dateFrom="2026-12-01", startsFrom="2026-12-02T23:00:00Z") == [after]
    assert await found(world, dateUntil="2026-12-03", startsUntil="2026-12-01T23:00:00Z") == [late]
    dates = [data(await world.owner.ask(MINE, {"id": id}))["node"]["date"] for id in (late, early, after)]
    assert dates == ["2026-12-01", "2026-12-02", "2026-12-03"]


async def test_what_has_started_is_past_by_the_servers_clock(world: World) -> None:
    course = await world.course()
    starts = ("2026-11-22T16:59:59.999999Z", NOW, "2026-11-22T17:00:00.000001Z")
    sessions = [await world.session(course, start, "2026-11-22T18:00:00Z") for start in starts]
    person, client = await world.person()
    bookings = [await world.booked(session, client) for session in sessions]
    for time, part in (("PAST", slice(2)), ("UPCOMING", slice(2, None)), (None, slice(None))):
        assert await found(world, time=time) == sessions[part]
        asked = data(await person.ask(COURSE, {"id": course, "time": time}, NOW))["node"]
        assert ids(asked["sessions"]) == sessions[part]
        given = {"bookings": {"time": time}, "slug": world.slug, "client": client}
        assert ids(data(await person.ask(OWN, given, NOW))["bookings"]) == bookings[part]
        assert ids(data(await world.owner.ask(OF_STUDIO, given, NOW))["studio"]["bookings"]) == bookings[part]
        assert ids(data(await person.ask(OF_CLIENT, given, NOW))["node"]["bookings"]) == bookings[part]


async def test_a_session_has_its_courses_category_and_a_class_its_own(world: World) -> None:
    yoga, none = await world.course(category="Yoga"), await world.course()
    of_yoga = await world.session(yoga, "2026-12-01T17:00:00Z")
    of_none = await world.session(none, "2026-12-02T17:00:00Z")
    dance = await world.session(None, "2026-12-03T17:00:00Z", category=" Dance ")
    own_yoga = await world.session(None, "2026-12-04T17:00:00Z", category="Yoga")
    assert await found(world, category="Yoga") == [of_yoga, own_yoga]
    assert await found(world, category="Dance") == [dance]
    assert await found(world, category="yoga") == []
    told = [data(await world.owner.ask(MINE, {"id": id}))["node"]["category"] for id in (of_yoga, of_none, dance)]
    assert told == ["Yoga", None, "Dance"]
    asked = data(await world.owner.ask(COURSES, {"slug": world.slug, "filter": {"category": "Yoga"}}))
    assert ids(asked["courses"]) == [yoga]
    assert asked["studio"]["categories"] == ["Dance", "Yoga"]
    assert data(await world.owner.ask(COURSE, {"id": yoga}))["node"]["category"] == "Yoga"


async def test_sessions_by_instructor_status_and_what_a_credit_can_book(world: World) -> None:
    _, teacher = await world.staff("INSTRUCTOR")
    taught = await world.session(None, "2026-12-01T17:00:00Z", instructorId=teacher)
    closed = await world.session(None, "2026-12-02T17:00:00Z", acceptsMakeUps=False)
    full = await world.session(None, "2026-12-03T17:00:00Z", capacity=1)
    await world.booked(full, await world.client())
    assert await found(world, instructorId=teacher) == [taught]
    assert await found(world, status="SCHEDULED") == [taught, closed, full]
    assert await found(world, status="CANCELLED") == []
    person, client = await world.person()
    (credit,) = await world.granted(client)
    for who in ({}, {"clientId": client}, {"creditId": credit}, {"clientId": client, "creditId": credit}):
        assert await found(world, by=person, bookableWith=who) == [taught]
    assert await found(world, bookableWith={"clientId": client}, acceptsMakeUps=False) == []
    await person.do("bookWithMakeUp", NOW, sessionId=taught)
    assert await found(world, by=person, bookableWith={}) == []


async def test_what_can_be_booked_with_anothers_credit_is_nobodys_business(world: World) -> None:
    _, client = await world.person()
    (credit,) = await world.granted(client)
    stranger, _ = await world.person("Eva")
    for given, path in (({"clientId": client}, "clientId"), ({"creditId": credit}, "creditId")):
        asked = {"slug": world.slug, "filter": {"bookableWith": given}}
        answer = await stranger.ask(SESSIONS, asked, NOW)
        assert fault(answer) == "NOT_FOUND"
        assert answer["errors"][0]["extensions"]["input"] == ["filter", "bookableWith", path]
        assert fault(await world.api.answer(SESSIONS, asked, token=None, now=NOW)) == "UNAUTHENTICATED"


async def test_bookings_by_what_pays_them_by_payment_and_by_where_they_stand(world: World) -> None:
    person, client = await world.person()
    course = await world.course()
    await world.session(course, "2026-12-01T17:00:00Z")
    enrolled = (await world.enrolled(course, client, "WAIVED"))["bookings"][0]["id"]
    single = await world.booked(await world.session(None, "2026-12-02T17:00:00Z"), client, "DUE")
    await world.granted(client)
    target = await world.session(None, "2026-12-03T17:00:00Z")
    made_up = (await person.do("bookWithMakeUp", NOW, sessionId=target))["booking"]["id"]
    await person.do("cancelBooking", NOW, bookingId=single)
    cases: list[tuple[Json, list[str]]] = [
        ({}, [enrolled, single, made_up]),
        ({"paidWith": "ENROLMENT"}, [enrolled]),
        ({"payment": "WAIVED"}, [enrolled]),
        ({"payment": "DUE"}, [single]),
        ({"payment": "PAID"}, [made_up]),
        ({"statuses": ["CANCELLED"]}, [single]),
        ({"statuses": ["BOOKED", "CANCELLED_LATE"]}, [enrolled, made_up]),
        ({"statuses": []}, []),
        ({"courseId": course}, [enrolled]),
        ({"clientId": client, "startsFrom": "2026-12-02T17:00:00Z"}, [single, made_up]),
        ({"startsUntil": "2026-12-02T17:00:00Z"}, [enrolled]),
        ({"paidWith": "SINGLE", "statuses": ["BOOKED"]}, []),
    ]
    for filter, expected in cases:
        given = {"bookings": filter, "slug": world.slug, "client": client}
        assert ids(data(await person.ask(OWN, given, NOW))["bookings"]) == expected, filter
        assert ids(data(await world.owner.ask(OF_STUDIO, given, NOW))["studio"]["bookings"]) == expected, filter
        node = data(await person.ask(OF_CLIENT, given, NOW))["node"]
        assert ids(node["bookings"]) == expected, filter
        assert len(ids(node["enrolments"])) == 1


async def test_a_parent_asks_for_one_of_two_children(world: World) -> None:
    parent, one = await world.person()
    other, stranger = await world.client(parent, "Eva"), await world.client()
    session = await world.session(None, "2026-12-02T17:00:00Z")
    bookings = {client: await world.booked(session, client) for client in (one, other, stranger)}
    credits = {client: (await world.granted(client))[0] for client in (one, other, stranger)}
    for client in (one, other):
        given = {"bookings": {"clientId": client}, "credits": {"clientId": client}, "slug": world.slug}
        for answer in (
            data(await parent.ask(OWN, given, NOW)),
            data(await world.owner.ask(OF_STUDIO, given, NOW))["studio"],
        ):
            assert ids(answer["bookings"]) == [bookings[client]]
            assert ids(answer["makeUpCredits"]) == [credits[client]]
    given = {"bookings": {"clientId": stranger}, "credits": {"clientId": stranger}}
    assert data(await parent.ask(OWN, given, NOW)) == {"bookings": {"nodes": []}, "makeUpCredits": {"nodes": []}}


async def test_credits_by_their_state_now(world: World) -> None:
    person, client = await world.person()
    (expiring,) = await world.granted(client, validity={"expiresOn": "2026-12-06"})
    lasting, spent = await world.granted(client, 2)
    target = await world.session(None, "2026-12-13T17:00:00Z")
    await person.do("bookWithMakeUp", NOW, sessionId=target, creditId=spent)
    before, after = "2026-12-06T22:59:59.999999Z", "2026-12-06T23:00:00Z"
    cases: list[tuple[str, list[str], list[str]]] = [
        (before, ["ACTIVE"], [expiring, lasting]),
        (before, ["EXPIRED"], []),
        (after, ["ACTIVE"], [lasting]),
        (after, ["EXPIRED"], [expiring]),
        (after, ["USED", "EXPIRED", "FORFEITED", "REVOKED", "UNDONE"], [expiring, spent]),
        (after, ["HELD"], []),
    ]
    for now, states, expected in cases:
        given = {"credits": {"states": states}, "slug": world.slug, "client": client}
        assert ids(data(await person.ask(OWN, given, now))["makeUpCredits"]) == expected, (now, states)
        studio = data(await world.owner.ask(OF_STUDIO, given, now))["studio"]
        assert ids(studio["makeUpCredits"]) == expected
        assert ids(data(await person.ask(OF_CLIENT, given, now))["node"]["makeUpCredits"]) == expected


async def test_a_roster_is_in_the_order_of_names_for_staff_and_its_own_instructor(world: World) -> None:
    teacher, teacher_id = await world.staff("INSTRUCTOR")
    idle, _ = await world.staff("INSTRUCTOR")
    session = await world.session(None, "2026-12-01T17:00:00Z", instructorId=teacher_id)
    person, client = await world.person("Mia")
    for name in ("Zoe", "Ada"):
        await world.booked(session, await world.client(name=name))
    given_up = await world.booked(session, client)
    await person.do("cancelBooking", NOW, bookingId=given_up)
    for viewer in (world.owner, teacher):
        for statuses, expected in (
            (None, ["Ada", "Mia", "Zoe"]),
            (["BOOKED"], ["Ada", "Zoe"]),
            (["CANCELLED"], ["Mia"]),
        ):
            asked = await viewer.ask(SESSION, {"id": session, "client": client, "statuses": statuses}, NOW)
            roster = asked["data"]["node"]["bookings"]["nodes"]
            assert [booking["client"]["name"] for booking in roster] == expected
    for viewer in (person, idle):
        answer = await viewer.ask(SESSION, {"id": session, "client": client}, NOW)
        assert answer["data"]["node"]["bookings"] is None
        assert "FORBIDDEN" in {error["extensions"]["code"] for error in answer["errors"]}


async def test_a_viewer_sees_the_seats_of_their_own_clients_in_a_session(world: World) -> None:
    parent, one = await world.person("Ana")
    other = await world.client(parent, "Eva")
    session = await world.session(None, "2026-12-01T17:00:00Z")
    gone = await world.booked(session, one)
    await world.booked(session, other)
    await world.booked(session, await world.client(name="Zoe"))
    await parent.do("cancelBooking", NOW, bookingId=gone)

    assert data(await parent.ask(MINE, {"id": session}, NOW))["node"]["myBookings"] == [{"client": {"name": "Eva"}}]
    for token in (world.owner.token, None):
        answer = await world.api.answer(MINE, {"id": session}, token=token, now=NOW)
        assert data(answer)["node"]["myBookings"] == []


@pytest.mark.parametrize("kind", ["free", "full", "started", "booked", "whole course only"])
async def test_what_is_said_of_a_seat_for_money_is_what_booking_it_answers(world: World, kind: str) -> None:
    person, client = await world.person()
    course = await world.course(singleSessionPrice=None) if kind == "whole course only" else None
    start = NOW if kind == "started" else "2026-12-01T17:00:00Z"
    session = await world.session(course, start, "2026-12-01T18:00:00Z", capacity=1 if kind == "full" else 10)
    if kind in ("full", "booked"):
        await world.booked(session, client if kind == "booked" else await world.client())

    asked = await person.ask(SESSION, {"id": session}, NOW)
    said = asked["data"]["node"]["bookingEligibility"]
    result = await person.do("bookSession", NOW, sessionId=session)

    assert said["eligible"] == (result["__typename"] == "SessionBooked") == (kind == "free")
    if kind != "free":
        assert codes(result) == [reason["code"] for reason in said["reasons"]]
