"""What is archived: who sees it, and what stands (B4)."""

from typing import Any

import pytest

from tests.world import Json, Person, World, codes, data, fault

NOW = "2026-11-22T17:00:00Z"
START = "2026-12-13T17:00:00Z"
SCHEDULE = """query ($slug: String!, $archived: Archived!) { studio(slug: $slug) {
  sessions(filter: {archived: $archived}) { totalCount nodes { id } }
  courses(filter: {archived: $archived}) { totalCount nodes { id } } }
  sessions(studioSlug: $slug, filter: {archived: $archived}) { nodes { id } }
  courses(studioSlug: $slug, filter: {archived: $archived}) { nodes { id } } }"""
CLIENTS = """query ($slug: String!, $archived: Archived!) { studio(slug: $slug) {
  clients(filter: {archived: $archived}) { totalCount nodes { id } } } }"""
OF_COURSE = """query ($id: ID!, $archived: Archived!) { node(id: $id) { ... on Course {
  sessions(archived: $archived) { nodes { id } } } } }"""
ARCHIVED_AT = """query ($id: ID!) { node(id: $id) { ... on Studio { archivedAt } ... on Course { archivedAt }
  ... on Session { archivedAt } ... on Client { archivedAt } } }"""


def ids(page: Json) -> set[str]:
    return {node["id"] for node in page["nodes"]}


async def schedule(world: World, archived: str = "EXCLUDE", by: Person | None = None) -> tuple[set[str], set[str]]:
    """The sessions and the courses; over both ways to them alike."""
    found = data(await (by or world.owner).ask(SCHEDULE, {"slug": world.slug, "archived": archived}, NOW))
    studio = found["studio"]
    for field in ("sessions", "courses"):
        assert ids(found[field]) == ids(studio[field])
        assert studio[field]["totalCount"] == len(studio[field]["nodes"])
    return ids(studio["sessions"]), ids(studio["courses"])


async def test_what_is_archived_is_left_out_of_lists_until_staff_ask_for_it(world: World) -> None:
    course, gone = await world.course(), await world.course()
    session, empty = await world.session(course, START), await world.session(course, START)
    client, moved = await world.client(), await world.client()
    for id in (gone, empty, moved):
        await world.archive(id)
    for archived, sessions, courses, clients in (
        ("EXCLUDE", {session}, {course}, {client}),
        ("INCLUDE", {session, empty}, {course, gone}, {client, moved}),
        ("ONLY", {empty}, {gone}, {moved}),
    ):
        assert await schedule(world, archived) == (sessions, courses)
        given = {"slug": world.slug, "archived": archived, "id": course}
        found = data(await world.owner.ask(CLIENTS, given, NOW))["studio"]["clients"]
        assert (ids(found), found["totalCount"]) == (clients, len(clients))
        assert ids(data(await world.owner.ask(OF_COURSE, given, NOW))["node"]["sessions"]) == sessions
    for id in (gone, empty, moved):
        await world.archive(id, archived=False)
    assert await schedule(world) == await schedule(world, "INCLUDE") == ({session, empty}, {course, gone})
    assert await schedule(world, "ONLY") == (set(), set())


@pytest.mark.parametrize("role", ["anonymous", "client", "rival", "instructor", "manager"])
async def test_only_staff_ask_for_what_is_archived(world: World, role: str) -> None:
    course = await world.course()
    asked = {"slug": world.slug, "archived": "INCLUDE", "id": course}
    if role in ("instructor", "manager"):
        person, _ = await world.staff(role.upper())
        assert await schedule(world, "INCLUDE", person) == (set(), {course})
        assert "errors" not in await person.ask(OF_COURSE, asked, NOW)
        return
    token = None
    if role != "anonymous":
        token = (await world.person())[0].token if role == "client" else (await World.founded(world.api)).owner.token
    code = "UNAUTHENTICATED" if role == "anonymous" else "FORBIDDEN"
    answer = await world.api.answer(SCHEDULE, asked, token=token, now=NOW)
    assert {error["extensions"]["code"] for error in answer["errors"]} == {code}
    assert answer["data"]["sessions"] is answer["data"]["courses"] is None
    if role != "anonymous":
        assert {tuple(error["extensions"]["input"]) for error in answer["errors"]} == {("filter", "archived")}
    assert fault(await world.api.answer(OF_COURSE, asked, token=token, now=NOW)) == code
    left_out = await world.api.answer(SCHEDULE, {**asked, "archived": "EXCLUDE"}, token=token, now=NOW)
    assert ids(data(left_out)["courses"]) == {course}


async def test_a_session_of_an_archived_course_is_shown_as_long_as_somebody_attends(world: World) -> None:
    """For then it takes place, for its instructor and for those who come."""
    course = await world.course()
    attended, empty = await world.session(course, START), await world.session(course, START)
    booking = await world.booked(attended, await world.client())
    await world.archive(course)
    assert await schedule(world) == ({attended}, set())
    assert await schedule(world, "ONLY") == ({empty}, {course})
    await world.owner.do("cancelBooking", NOW, bookingId=booking)
    assert await schedule(world) == (set(), set())


async def test_a_category_that_nothing_offers_any_more_is_not_listed(world: World) -> None:
    yoga, dance = await world.course(category="Yoga"), await world.session(None, START, category="Dance")
    query = "query ($slug: String!) { studio(slug: $slug) { categories } }"
    assert data(await world.owner.ask(query, {"slug": world.slug}))["studio"]["categories"] == ["Dance", "Yoga"]
    for id in (yoga, dance):
        await world.archive(id)
    assert data(await world.owner.ask(query, {"slug": world.slug}))["studio"]["categories"] == []


@pytest.mark.parametrize("noun", ["studio", "course", "session", "client"])
async def test_what_is_archived_is_still_found_by_its_id_by_whoever_could_see_it(world: World, noun: str) -> None:
    person, client = await world.person()
    course = await world.course()
    id = {"studio": world.studio, "course": course, "session": await world.session(course, START), "client": client}[
        noun
    ]
    await world.archive(id, now=NOW)
    for token in (person.token, world.owner.token, None):
        seen = data(await world.api.answer(ARCHIVED_AT, {"id": id}, token=token, now=NOW))["node"]
        assert seen == (None if noun == "client" and token is None else {"archivedAt": NOW})
    await world.archive(id, archived=False, now=NOW)
    assert data(await person.ask(ARCHIVED_AT, {"id": id}, NOW))["node"] == {"archivedAt": None}


async def test_a_stranger_finds_an_archived_studio_by_its_slug_and_is_told(world: World) -> None:
    await world.archive(world.studio, now=NOW)
    query = "query ($slug: String!) { studio(slug: $slug) { name archivedAt } }"
    found = data(await world.api.answer(query, {"slug": world.slug}, token=None, now=NOW))["studio"]
    assert found == {"name": "Studio", "archivedAt": NOW}


async def test_whoever_is_archived_is_still_one_of_their_accounts_clients(world: World) -> None:
    person, client = await world.person()
    await world.granted(client)
    await world.archive(client)
    mine = data(await person.ask("{ viewer { clients { nodes { id } } } makeUpCredits { nodes { state } } }", now=NOW))
    assert ids(mine["viewer"]["clients"]) == {client}
    assert mine["makeUpCredits"]["nodes"] == [{"state": "ACTIVE"}]


@pytest.mark.parametrize("noun", ["studio", "course", "client"])
async def test_b4_what_was_booked_can_be_given_up_and_earns_and_what_was_earned_stays(world: World, noun: str) -> None:
    person, client = await world.person()
    course = await world.course()
    session = await world.session(course, START)
    booking = await world.booked(session, client)
    await world.archive({"studio": world.studio, "course": course, "client": client}[noun])

    cancelled = await person.do("cancelBooking", NOW, bookingId=booking)

    assert cancelled["booking"]["outcome"] == "CREDIT"
    assert cancelled["credit"]["state"] == "ACTIVE"
    other = await world.session(None, START) if noun != "studio" else session
    refused = await person.do("bookWithMakeUp", NOW, sessionId=other)
    expected = {"studio": ["STUDIO_ARCHIVED"], "client": ["CLIENT_ARCHIVED"]}.get(noun)
    assert codes(refused)[:1] == expected if expected else refused["__typename"] == "MakeUpBooked"


async def test_b4_a_session_is_archived_when_nobody_attends_or_when_it_has_started(world: World) -> None:
    session = await world.session(None, START)
    booking = await world.booked(session, await world.client())
    given: Json = {"sessionId": session, "archived": True}

    for now in (NOW, "2026-12-13T16:59:59.999999Z"):
        refused = await world.owner.do("updateSession", now, **given)
        assert codes(refused) == ["SESSION_HAS_BOOKINGS"]
    (reason,) = refused["reasons"]
    assert (reason["actual"]["int"], reason["required"]["int"], reason["availableFrom"]) == (1, 0, START)
    archived = await world.owner.do("updateSession", START, **given)
    assert archived["session"]["archivedAt"] == START
    query = "query ($id: ID!) { node(id: $id) { ... on Booking { status } } }"
    assert data(await world.owner.ask(query, {"id": booking}, START))["node"] == {"status": "BOOKED"}


@pytest.mark.parametrize("kind", ["studio", "client"])
async def test_a_client_has_no_options_where_nothing_can_be_booked(world: World, kind: str) -> None:
    person, client = await world.person()
    await world.granted(client)
    session = await world.session(None, START)
    query = """query ($client: ID!) { makeUpOptions(clientId: $client) { nodes { id } } }"""
    assert ids(data(await person.ask(query, {"client": client}, NOW))["makeUpOptions"]) == {session}
    await world.archive(world.studio if kind == "studio" else client)
    assert ids(data(await person.ask(query, {"client": client}, NOW))["makeUpOptions"]) == set()


async def test_cursors_belong_to_a_list_with_or_without_what_is_archived(world: World) -> None:
    for _ in range(3):
        await world.course()
    query = """query ($slug: String!, $archived: Archived!, $after: String) {
      courses(studioSlug: $slug, filter: {archived: $archived}, first: 1, after: $after) {
        pageInfo { endCursor } nodes { id } } }"""
    asked: dict[str, Any] = {"slug": world.slug, "archived": "EXCLUDE"}
    first = data(await world.owner.ask(query, asked, NOW))["courses"]
    after = {"after": first["pageInfo"]["endCursor"]}
    assert len(data(await world.owner.ask(query, {**asked, **after}, NOW))["courses"]["nodes"]) == 1
    assert fault(await world.owner.ask(query, {**asked, **after, "archived": "INCLUDE"}, NOW)) == "BAD_USER_INPUT"
