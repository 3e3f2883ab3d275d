"""The audit trail: complete, in order, with who did it and what it changed, and for the owner alone."""

import re
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from domain.nouns.history import EventKind
from persistence import shapes as s
from persistence import tables as t
from persistence.database import Database
from schema import build_schema
from schema.audit_changes import changes_of
from tests.ids import key_of, ref
from tests.schema.counting import statements
from tests.schema.descriptions import described
from tests.schema.examples import EXAMPLES, by
from tests.schema.scenarios.staff import owner_of
from tests.schema.stage import Stage
from tests.world import Json, Person, World, data

NOW = "2026-11-22T17:00:00Z"
TRAIL = """query ($id: ID!, $filter: AuditFilter, $last: Int, $before: String) { node(id: $id) { ... on Studio {
  auditTrail(filter: $filter, last: $last, before: $before) { totalCount pageInfo { hasPreviousPage startCursor }
    nodes { id at kind reason note override changes { field before after }
      actor { staffMember { id displayName role } clients { id name } }
      course { id } session { id } client { id } enrolment { id } booking { id } credit { id } waitlistEntry { id }
      staffMember { id displayName } invitation { id } } } } } }"""
NOTHING_TO_DO_WITH_IT: Json = {"staffMember": None, "clients": []}
ROLES = {"owner": "OWNER", "leaver": None}
OF_NO_STUDIO = {"signUp", "signIn", "createStudio", "acceptInvitation"}


async def trail(person: Person, studio: str, now: str = NOW, last: int = 100, **wanted: object) -> list[Json]:
    found = data(await person.ask(TRAIL, {"id": studio, "filter": wanted or None, "last": last}, now))
    return found["node"]["auditTrail"]["nodes"]


def changes(entry: Json) -> dict[str, tuple[str | None, str | None]]:
    return {each["field"]: (each["before"], each["after"]) for each in entry["changes"]}


@pytest.mark.parametrize("mutation", sorted(EXAMPLES.keys() - OF_NO_STUDIO))
async def test_each_act_leaves_entries_by_whoever_did_it(stage: Stage, mutation: str) -> None:
    given = await EXAMPLES[mutation](stage)
    before = {each["id"] for each in await trail(stage.world.owner, stage.things.studio, stage.now)}
    assert data(await stage.act(by(mutation), mutation, given))["result"]["__typename"] != "Refused"
    told = [each for each in await trail(stage.world.owner, stage.things.studio, stage.now) if each["id"] not in before]
    assert told
    assert {(each["actor"]["staffMember"] or {}).get("role") for each in told} == {ROLES[by(mutation)]}
    assert all("None" not in str(change) for each in told for change in changes(each).values() if None not in change)


async def test_every_kind_of_event_is_shown_whatever_it_concerns(world: World, database: Database) -> None:
    """Also a kind of which nothing is told but that it happened, by somebody who has nothing to do with the studio."""
    stranger = await Person.signed_up(world.api, "Sam")
    nothing = dict.fromkeys(("course_id", "session_id", "client_id", "enrolment_id", "booking_id", "credit_id"))
    when = {
        "actor_id": key_of(
            data(await stranger.ask("{ viewer { account { id } } }", None, NOW))["viewer"]["account"]["id"]
        ),
        "at": datetime.fromisoformat(NOW),
        "data": {},
    }
    studio_id = ref(world.studio).studio_id
    lines = [{"studio_id": studio_id, "id": uuid4(), "kind": kind.value, **when, **nothing} for kind in EventKind]
    async with database._writer.begin() as writing:
        await writing.execute(sa.insert(t.events), lines)
    by_nobody = {**lines[0], "id": uuid4(), "actor_id": None}
    async with database._writer.begin() as writing:
        await writing.execute(sa.insert(t.events), [by_nobody])
    told = [each for each in await trail(world.owner, world.studio) if each["actor"] == NOTHING_TO_DO_WITH_IT]
    assert sorted(each["kind"] for each in told) == sorted(kind.value for kind in EventKind)
    for kind in EventKind:
        entries = await trail(world.owner, world.studio, kinds=[kind.value])
        assert [each["kind"] for each in entries if each["actor"] == NOTHING_TO_DO_WITH_IT] == [kind]


async def test_changes_are_called_as_the_schema_calls_them_and_show_no_key_of_a_row(
    stage: Stage, database: Database
) -> None:
    """Of everything that the tests of this run have brought about, at whichever studio."""
    names = {name.rpartition(".")[2] for name, _ in described(build_schema()._schema)}
    async with database.reading() as reading:
        rows = [s.HAPPENED.make(row) for row in await reading.execute(s.HAPPENED.select())]
    told = [change for row in rows for change in changes_of(row)]
    assert len(told) > 100
    assert {change.field for change in told} <= names | {"seatsFreedLate"}
    keys = re.compile("[0-9a-f]{32}")
    assert not [change for change in told if keys.search(f"{change.before} {change.after}")]


async def test_every_kind_that_anything_has_written_is_known(stage: Stage, database: Database) -> None:
    """Whatever the tests of this run have brought about."""
    async with database.reading() as reading:
        kinds = {row[0] for row in await reading.execute(sa.select(t.events.c.kind).distinct())}
    assert kinds <= {kind.value for kind in EventKind}
    assert len(kinds) > 10
    for kind in sorted(kinds):
        entries = await trail(stage.world.owner, stage.things.studio, stage.now, kinds=[kind])
        assert {entry["kind"] for entry in entries} <= {kind}


async def test_the_trail_tells_what_was_changed_field_by_field(world: World) -> None:
    _, staff = await world.staff("INSTRUCTOR")
    session = await world.session(None, "2026-12-13T17:00:00Z", price=10_000)
    person, client = await world.person()
    booking = await world.booked(session, client, "DUE")
    await world.owner.do("updateSession", NOW, sessionId=session, capacity=5, instructorId=staff)
    await world.owner.do("updateStaff", NOW, staffId=staff, role="MANAGER", displayName="Nia")
    await world.policy(NOW, validity={"days": 7}, maxDaysAhead=None)
    await world.owner.do("markPaid", NOW, bookingId=booking, payment="PAID")
    (credit,) = await world.granted(client, now=NOW, note="A kindness.")
    which = {"studioId": world.studio, "credits": {"ids": [credit]}}
    await world.owner.do("extendMakeUps", NOW, **which, expiry={"expiresOn": "2026-12-31"}, note="A closure.")
    await world.owner.do("revokeMakeUps", NOW, **which, reason="CORRECTION", note="Twice.")
    override = {"reason": "The trams stood still."}
    await world.owner.do("cancelBooking", NOW, bookingId=booking, override=override)
    told = {each["kind"]: each for each in await trail(world.owner, world.studio)}
    assert changes(told["SESSION_CREATED"]) == {
        "startsAt": (None, "2026-12-13T17:00:00Z"),
        "endsAt": (None, "2026-12-13T18:00:00Z"),
        "capacity": (None, "10"),
        "extraMakeUpSeats": (None, "0"),
        "price": (None, "10000"),
        "acceptsMakeUps": (None, "true"),
        "status": (None, "SCHEDULED"),
    }
    assert changes(told["SESSION_CHANGED"]) == {"capacity": ("10", "5"), "instructorId": (None, staff)}
    assert changes(told["STAFF_CHANGED"]) == {"role": ("INSTRUCTOR", "MANAGER"), "displayName": (None, None)}
    assert told["STAFF_CHANGED"]["staffMember"] == {"id": staff, "displayName": "Nia"}
    assert changes(told["POLICY_CHANGED"]) == {"validity": ('{"days":14}', '{"days":7}')}
    assert changes(told["CLIENT_LINKED"]) == {"hasAccount": ("false", "true")}
    assert changes(told["PAYMENT_RECORDED"]) == {"payment": ("DUE", "PAID")}
    assert changes(told["SEAT_BOOKED"]) == {
        "paidWith": (None, "SINGLE"),
        "price": (None, "10000"),
        "payment": (None, "DUE"),
    }
    assert changes(told["CREDIT_EXTENDED"]) == {
        "expiresAt": (None, "2026-12-31T23:00:00Z"),
        "expiresOn": (None, "2026-12-31"),
    }
    revoked = told["CREDIT_REVOKED"]
    assert (revoked["reason"], revoked["note"], revoked["credit"]["id"]) == ("CORRECTION", "Twice.", credit)
    given_up = told["BOOKING_CANCELLED"]
    assert (given_up["override"], given_up["booking"]["id"]) == ("The trams stood still.", booking)
    assert (given_up["client"]["id"], given_up["session"]["id"]) == (client, session)
    text = str(told)
    assert person.account_id not in text
    assert person.email not in text


async def test_the_trail_tells_of_a_client_which_ones_their_account_manages(world: World) -> None:
    person, client = await world.person("Ana")
    child = await world.client(person, "Ada")
    session = await world.session(None, "2026-12-13T17:00:00Z")
    await person.do("bookSession", NOW, sessionId=session, clientId=child)
    (booked,) = await trail(world.owner, world.studio, kinds=["SEAT_BOOKED"])
    clients = [{"id": child, "name": "Ada"}, {"id": client, "name": "Ana"}]
    assert booked["actor"] == {"staffMember": None, "clients": clients}


async def test_the_trail_is_filtered_by_who_when_what_and_whom(world: World) -> None:
    manager, staff = await world.staff("MANAGER", "Max")
    client, other = await world.client(), await world.client(name="Eva")
    session = await world.session(None, "2026-12-13T17:00:00Z")
    given = {"sessionId": session, "payment": "PAID"}
    booked = await manager.do("bookSession", NOW, clientId=client, **given)
    await world.owner.do("bookSession", "2026-11-22T23:00:00Z", clientId=other, **given)

    async def kinds(**wanted: Any) -> list[str]:
        return [each["kind"] for each in await trail(world.owner, world.studio, "2026-11-23T12:00:00Z", **wanted)]

    assert await kinds(actorId=staff) == ["STAFF_ADDED", "SEAT_BOOKED"]
    await world.owner.do("removeStaff", "2026-11-23T11:00:00Z", staffId=staff)
    assert await kinds(actorId=staff) == ["STAFF_ADDED", "SEAT_BOOKED"]
    assert await kinds(actorId=await owner_of(world), kinds=["SEAT_BOOKED"]) == ["SEAT_BOOKED"]
    assert await kinds(clientId=client) == ["CLIENT_CREATED", "SEAT_BOOKED"]
    assert await kinds(sessionId=session) == ["SESSION_CREATED", "SEAT_BOOKED", "SEAT_BOOKED"]
    assert await kinds(bookingId=booked["booking"]["id"]) == ["SEAT_BOOKED"]
    # The 23rd begins in Prague at 23:00 of the 22nd.
    assert await kinds(dateFrom="2026-11-23") == ["SEAT_BOOKED", "STAFF_REMOVED"]
    assert await kinds(dateFrom="2026-11-22", dateUntil="2026-11-22") == ["SEAT_BOOKED"]
    assert await kinds(atFrom=NOW, atUntil="2026-11-22T17:00:00.000001Z") == ["SEAT_BOOKED"]
    assert await kinds(atFrom="2026-11-22T17:00:00.000001Z", atUntil="2026-11-22T23:00:00Z") == []
    elsewhere = await World.founded(world.api)
    foreign = await owner_of(elsewhere)
    assert await kinds(actorId=foreign) == []
    wrong = await world.owner.ask(TRAIL, {"id": world.studio, "filter": {"actorId": client}, "last": 1}, NOW)
    assert wrong["errors"][0]["extensions"]["input"] == ["filter", "actorId"]


async def test_the_trail_is_read_back_page_by_page_in_few_statements(world: World) -> None:
    _, client = await world.person()
    for day in range(10, 20):
        await world.booked(await world.session(await world.course(), f"2026-12-{day}T17:00:00Z"), client)
    every = await trail(world.owner, world.studio)
    assert [(each["at"], each["id"]) for each in every] == sorted((each["at"], each["id"]) for each in every)
    found: list[Json] = []
    before: str | None = None
    counts: set[int] = set()
    while True:
        given = {"id": world.studio, "last": 7, "before": before}
        with statements() as sent:
            page = data(await world.owner.ask(TRAIL, given, NOW))["node"]["auditTrail"]
        counts.add(len(sent))
        found = [*page["nodes"], *found]
        assert page["totalCount"] == len(every)
        if not page["pageInfo"]["hasPreviousPage"]:
            break
        before = page["pageInfo"]["startCursor"]
    assert found == every
    assert max(counts) <= 16


async def test_the_trail_is_for_owners_alone(world: World) -> None:
    manager, _ = await world.staff("MANAGER")
    (entry, *_) = await trail(world.owner, world.studio)
    for person, code in ((manager, "FORBIDDEN"), ((await world.person())[0], "FORBIDDEN")):
        answer = await person.ask(TRAIL, {"id": world.studio}, NOW)
        assert answer["errors"][0]["extensions"]["code"] == code
        assert data(await person.ask("query ($id: ID!) { node(id: $id) { id } }", {"id": entry["id"]}))["node"] is None
