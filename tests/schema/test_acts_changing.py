"""Changing studios, courses, sessions and clients: what is left out stays, and what stands, stands (C11, R6, V2)."""

from typing import Any

import pytest
import sqlalchemy as sa

from persistence import tables as t
from persistence.database import Database
from tests.ids import ref
from tests.schema.counting import written
from tests.world import Json, World, codes, data, fault

NOW = "2026-11-22T17:00:00Z"
START = "2026-12-13T17:00:00Z"
ONLY_THE_KEY = {"idempotency_keys": 1}
COURSE: Json = {
    "name": "Yoga",
    "description": "",
    "category": None,
    "acceptsMakeUps": True,
    "archivedAt": None,
    "wholeCoursePrice": 100_000,
    "singleSessionPrice": 12_000,
}
SESSION: Json = {
    "name": "Class",
    "capacity": 10,
    "seatsLeft": 10,
    "category": None,
    "acceptsMakeUps": True,
    "archivedAt": None,
    "price": 20_000,
    "instructor": None,
}


def plain(node: Json) -> Json:
    """Without the id; a price by its amount, an instructor by their id."""
    inner = {"wholeCoursePrice": "amount", "singleSessionPrice": "amount", "price": "amount", "instructor": "id"}
    return {
        name: value and value[inner[name]] if name in inner else value for name, value in node.items() if name != "id"
    }


async def change(world: World, noun: str, id: str, **given: Any) -> Json:
    changed = await world.owner.do(f"update{noun.title()}", NOW, **{f"{noun}Id": id}, **given)
    assert changed[noun]["id"] == id
    return plain(changed[noun])


async def events(database: Database, world: World, kind: str) -> list[Json]:
    """What the audit holds of one kind, oldest first."""
    line = t.events.c
    select = (
        sa.select(line.data)
        .where(line.studio_id == ref(world.studio).studio_id, line.kind == kind)
        .order_by(line.at, line.id)
    )
    async with database.reading() as connection:
        return list((await connection.execute(select)).scalars())


async def test_a_field_of_a_course_changes_alone_and_null_clears_it(world: World) -> None:
    course = await world.course()
    expected = dict(COURSE)
    changes: list[tuple[str, Any, Any]] = [
        ("name", " Slow yoga ", "Slow yoga"),
        ("description", "Slower.\nStill.", "Slower.\nStill."),
        ("category", "Yoga", "Yoga"),
        ("acceptsMakeUps", False, False),
        ("wholeCoursePrice", None, None),
        ("singleSessionPrice", 0, 0),
        ("wholeCoursePrice", 50_000, 50_000),
        ("singleSessionPrice", None, None),
        ("category", None, None),
        ("description", None, ""),
    ]
    for name, given, shown in changes:
        expected[name] = shown
        assert await change(world, "course", course, **{name: given}) == expected
    assert await change(world, "course", course) == expected


async def test_a_field_of_a_class_changes_alone_and_null_clears_it(world: World) -> None:
    _, teacher = await world.staff("INSTRUCTOR")
    session = await world.session(None, START)
    expected = dict(SESSION)
    changes: list[tuple[str, Any]] = [
        ("name", "Workshop"),
        ("category", "Clay"),
        ("acceptsMakeUps", False),
        ("price", 0),
        ("price", None),
        ("category", None),
        ("instructorId", teacher),
        ("instructorId", None),
    ]
    for name, value in changes:
        expected["instructor" if name == "instructorId" else name] = value
        assert await change(world, "session", session, **{name: value}) == expected
    assert await change(world, "session", session, capacity=7) == {**expected, "capacity": 7, "seatsLeft": 7}


async def test_what_stands_on_the_course_is_not_changed_on_its_session(world: World, database: Database) -> None:
    session = await world.session(await world.course(), START)
    async with written(database) as rows:
        for name, value in (("price", 0), ("category", "Yoga")):
            answer = await world.owner.act("updateSession", NOW, sessionId=session, **{name: value})
            assert fault(answer) == "BAD_USER_INPUT"
            assert answer["errors"][0]["extensions"]["input"] == [name]
    assert rows == {}
    assert (await change(world, "session", session, price=None, category=None))["price"] == 12_000


async def test_a_session_follows_the_name_of_its_course_and_whether_that_accepts_make_ups(world: World) -> None:
    course = await world.course()
    session, own = await world.session(course, START), await world.session(course, START, name="Yoga in the park")
    asked = """query ($id: ID!) { node(id: $id) { ... on Session { name acceptsMakeUps
      effectivePolicy { acceptsMakeUps { value level } } } ... on Course { name
      effectivePolicy { acceptsMakeUps { value level } } } } }"""

    async def told(id: str) -> tuple[str, Json]:
        node = data(await world.owner.ask(asked, {"id": id}, NOW))["node"]
        return node["name"], node["effectivePolicy"]["acceptsMakeUps"]

    await change(world, "course", course, name="Slow yoga", acceptsMakeUps=False)
    assert await told(course) == await told(session) == ("Slow yoga", {"value": False, "level": "COURSE"})
    await change(world, "session", session, name="Yoga at dawn", acceptsMakeUps=True)
    assert await told(session) == ("Yoga at dawn", {"value": True, "level": "SESSION"})
    await change(world, "session", session, name=None, acceptsMakeUps=None)
    assert await told(session) == ("Slow yoga", {"value": False, "level": "COURSE"})
    assert (await told(own))[0] == "Yoga in the park"
    studio = "query ($slug: String!) { studio(slug: $slug) { effectivePolicy { acceptsMakeUps { value } } } }"
    found = data(await world.owner.ask(studio, {"slug": world.slug}))["studio"]
    assert found["effectivePolicy"] == {"acceptsMakeUps": None}


async def test_c11_seats_that_are_booked_stand_when_their_course_changes(world: World) -> None:
    person, client = await world.person()
    course = await world.course()
    session, another = await world.session(course, START), await world.session(course, START)
    await world.granted(client)
    bought = await world.booked(session, await world.client())
    made_up = await person.do("bookWithMakeUp", NOW, sessionId=session)

    await change(world, "course", course, singleSessionPrice=None, acceptsMakeUps=False)

    query = "query ($id: ID!) { node(id: $id) { ... on Booking { status price { amount } } } }"
    for booking, price in ((made_up["booking"]["id"], None), (bought, {"amount": 12_000})):
        seen = data(await world.owner.ask(query, {"id": booking}, NOW))["node"]
        assert seen == {"status": "BOOKED", "price": price}
    assert codes(await person.do("bookWithMakeUp", NOW, sessionId=another)) == [
        "SESSION_NOT_ACCEPTING_MAKE_UPS",
        "COURSE_NOT_SOLD_PER_SESSION",
        "NO_ELIGIBLE_CREDIT",
    ]


async def test_r6_a_capacity_goes_down_to_the_last_seat_that_is_taken(world: World, database: Database) -> None:
    session = await world.session(None, START)
    for _ in range(3):
        await world.booked(session, await world.client())
    async with written(database) as rows:
        refused = await world.owner.do("updateSession", NOW, sessionId=session, capacity=2, name="Smaller")
    assert codes(refused) == ["CAPACITY_BELOW_BOOKED"]
    (reason,) = refused["reasons"]
    assert (reason["actual"]["int"], reason["required"]["int"], reason["sessionId"]) == (2, 3, session)
    assert rows == ONLY_THE_KEY
    assert (await change(world, "session", session, capacity=3))["seatsLeft"] == 0
    assert (await change(world, "session", session, capacity=4))["seatsLeft"] == 1


async def test_a_studio_moves_to_another_slug_and_leaves_the_one_that_it_had(world: World) -> None:
    other, slug = await World.founded(world.api), f"new-{world.slug}"
    query = "query ($slug: String!) { studio(slug: $slug) { name } }"
    moved = await world.owner.do("updateStudio", NOW, studioId=world.studio, slug=slug, name="Still Point")
    assert (moved["studio"]["slug"], moved["studio"]["name"]) == (slug, "Still Point")
    assert data(await other.owner.ask(query, {"slug": world.slug}))["studio"] is None
    assert data(await other.owner.ask(query, {"slug": slug}))["studio"] == {"name": "Still Point"}
    taken = await other.owner.do("updateStudio", NOW, studioId=other.studio, slug=slug)
    assert codes(taken) == ["SLUG_TAKEN"]
    assert taken["reasons"][0]["path"] == ["slug"]
    free = await other.owner.do("updateStudio", NOW, studioId=other.studio, slug=world.slug)
    assert free["studio"]["slug"] == world.slug


@pytest.mark.parametrize("something", ["session", "client"])
async def test_v2_a_time_zone_is_put_right_while_nothing_is_reckoned_in_it(world: World, something: str) -> None:
    await world.course()
    moved = await world.owner.do("updateStudio", world.beginning, studioId=world.studio, timeZone="America/New_York")
    assert moved["studio"]["timeZone"] == "America/New_York"
    await (world.session(None, START) if something == "session" else world.client())
    refused = await world.owner.do("updateStudio", NOW, studioId=world.studio, timeZone="Europe/Prague")
    assert codes(refused) == ["TIME_ZONE_IN_USE"]
    (reason,) = refused["reasons"]
    assert (reason["actual"]["text"], reason["required"]["text"]) == ("Europe/Prague", "America/New_York")
    assert reason["fixableBy"] is None


async def test_a_client_is_renamed_and_keeps_their_account(world: World) -> None:
    person, client = await world.person()
    renamed = await world.owner.do("updateClient", NOW, clientId=client, name=" Eva Nová ")
    assert renamed["client"] == {"id": client, "name": "Eva Nová", "hasAccount": True, "archivedAt": None}
    found = data(await person.ask("{ viewer { clients { nodes { name } } } }", now=NOW))["viewer"]["clients"]["nodes"]
    assert found == [{"name": "Eva Nová"}]


async def test_each_change_is_told_in_the_audit_as_it_was_and_as_it_is(world: World, database: Database) -> None:
    course, client = await world.course(), await world.client()
    session = await world.session(None, START)
    changes: list[tuple[str, str, Json, Json, Json]] = [
        ("studio", world.studio, {"name": "Still"}, {"name": "Studio"}, {"name": "Still"}),
        ("course", course, {"wholeCoursePrice": None}, {"wholeCoursePrice": 100_000}, {"wholeCoursePrice": None}),
        (
            "session",
            session,
            {"capacity": 5, "price": 1},
            {"capacity": 10, "price": 20_000},
            {"capacity": 5, "price": 1},
        ),
        ("client", client, {"archived": True}, {"archivedAt": None}, {"archivedAt": "2026-11-22T17:00:00+00:00"}),
    ]
    for noun, id, given, before, after in changes:
        table = f"{noun}s"
        async with written(database) as rows:
            await change(world, noun, id, **given)
        assert rows == {table: 1, "events": 1, **ONLY_THE_KEY}
        async with written(database) as rows:
            await change(world, noun, id, **given)
        assert rows == ONLY_THE_KEY
        assert await events(database, world, f"{noun.upper()}_CHANGED") == [{"before": before, "after": after}]


@pytest.mark.parametrize("noun", ["course", "session", "client"])
async def test_what_is_not_there_is_not_found(world: World, noun: str) -> None:
    made = {"course": world.course, "client": world.client}.get(noun)
    id = await made() if made else await world.session(None, START)
    nothing = id[:-1] + ("0" if id[-1] != "0" else "1")
    answer = await world.owner.act(f"update{noun.title()}", NOW, **{f"{noun}Id": nothing}, name="Nothing")
    assert fault(answer) == "NOT_FOUND"
    assert answer["errors"][0]["extensions"]["input"] == [f"{noun}Id"]
