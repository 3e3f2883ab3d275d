"""A4: whoever asks gets everything that is held about them, and nothing about anybody else."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from strawberry.utils.str_converters import to_camel_case

from persistence.database import Database
from persistence.reads import holdings
from persistence.tables import bookings, metadata
from schema.export import LEFT_OUT
from tests.ids import key_of
from tests.schema.counting import statements
from tests.schema.lives import NOW, Life, lived
from tests.world import Api, Json, Person, World, data

EXPORT = "{ viewer { dataExport } }"

WHERE = {
    "accounts": ("account",),
    "staff": ("studios", "staff"),
    "staff_invitations": ("studios", "staff", "invitations"),
    "clients": ("studios", "clients"),
    "enrolments": ("studios", "clients", "enrolments"),
    "bookings": ("studios", "clients", "bookings"),
    "make_up_credits": ("studios", "clients", "makeUpCredits"),
    "waitlist_entries": ("studios", "clients", "waitlistEntries"),
    "events": ("studios", "clients", "history"),
}
"""By table: the path to its rows in the export."""
NOTHING_OF_A_PERSON = {
    "studios": "The studio's own; its name stands with what is held there.",
    "courses": "The studio's own; the name stands with the enrolment and the session.",
    "sessions": "The studio's own; name, times and state stand with the booking.",
    "client_accounts": "Which account manages which client is what the list of clients tells.",
    "idempotency_keys": "For a day or so, what the app itself made up, with the ids of what came of it.",
    "account_idempotency_keys": "The same, of acts outside of any studio.",
}


def at(told: Any, path: tuple[str, ...]) -> Iterator[Json]:
    """Every object at a path, through whatever lists there are."""
    if isinstance(told, list):
        for each in told:
            yield from at(each, path)
    elif path:
        yield from at(told[path[0]], path[1:])
    else:
        yield told


@pytest.fixture
async def life(api: Api) -> Life:
    return await lived(api)


async def exported(person: Person) -> Json:
    return data(await person.ask(EXPORT, now=NOW))["viewer"]["dataExport"]


async def test_a4_every_column_is_in_the_export_or_stands_with_the_reason_why_not(life: Life) -> None:
    told = await exported(life.person)
    assert WHERE.keys() | NOTHING_OF_A_PERSON.keys() == set(metadata.tables)
    for table, path in WHERE.items():
        found = list(at(told, path))
        assert found, f"nothing of {table}"
        named = {key for each in found for key in each}
        for column in metadata.tables[table].columns:
            if column.name != "studio_id" and to_camel_case(column.name) not in named:
                assert LEFT_OUT[f"{table}.{column.name}"].endswith(".")
    columns = {f"{table}.{column.name}" for table in WHERE for column in metadata.tables[table].columns}
    assert LEFT_OUT.keys() <= columns


async def test_a4_it_has_as_many_rows_as_the_database(life: Life, database: Database) -> None:
    told = await exported(life.person)
    async with database.reading() as connection:
        for table in ("enrolments", "bookings", "make_up_credits", "waitlist_entries", "events"):
            rows = metadata.tables[table]
            theirs = sa.select(metadata.tables["client_accounts"].c.client_id).where(
                metadata.tables["client_accounts"].c.account_id == _key(life.person)
            )
            count = sa.select(sa.func.count()).select_from(rows).where(rows.c.client_id.in_(theirs))
            assert len(list(at(told, WHERE[table]))) == (await connection.execute(count)).scalar_one() > 0


def _key(person: Person) -> Any:
    return key_of(person.account_id)


async def test_a4_what_staff_wrote_about_them_is_theirs_too(life: Life) -> None:
    told = await exported(life.person)
    words = json.dumps(told)
    assert f"{life.mark} was ill." in words
    assert f"{life.mark} once" in words
    assert {each["note"] for each in at(told, WHERE["make_up_credits"])} >= {f"{life.mark} is a friend."}


async def test_a4_it_speaks_as_the_schema_does(life: Life) -> None:
    told = await exported(life.person)
    clients = {each["id"]: each for each in at(told, WHERE["clients"])}
    assert clients.keys() == {life.client, life.child}
    seat = next(each for each in clients[life.client]["bookings"] if each["id"] == life.kept)
    assert seat["price"] == {"amount": 12_000, "currency": "CZK"}
    assert seat["session"]["startsAt"] == "2026-11-23T10:00:00Z"
    assert seat["session"]["course"]["name"] == "Yoga"
    assert told["account"]["email"] == life.person.email
    assert told["account"]["id"] == life.person.account_id
    assert told["exportedAt"] == NOW
    assert "+00:00" not in json.dumps(told)
    by = {each["by"] for each in at(told, WHERE["events"])}
    assert by == {"ANOTHER"}


async def test_a4_nothing_of_anybody_else_is_in_it(life: Life, world: World) -> None:
    session = await life.world.session(None, "2026-12-28T17:00:00Z")
    for client in (life.client, life.queued):
        await life.world.booked(session, client)
    await life.world.granted(life.queued, note="Ben told us a secret.")
    words = json.dumps(await exported(life.person))
    owner = life.world.owner
    assert [each for each in ("Ben", "secret", life.queued, owner.email, owner.account_id) if each in words] == []
    other = await Person.signed_up(world.api)
    await life.world.owner.do("linkClient", NOW, clientId=life.child, email=other.email)
    assert life.child not in json.dumps(await exported(life.person))
    theirs = json.dumps(await exported(other))
    assert life.child in theirs
    assert life.person.account_id not in theirs
    assert _key(life.person).hex not in theirs


async def test_a4_who_has_nothing_gets_nothing_but_the_account(world: World) -> None:
    told = await exported(await Person.signed_up(world.api))
    assert told["studios"] == []


async def test_a4_more_rows_take_no_more_statements(world: World) -> None:
    person, client = await world.person()
    with statements() as few:
        await exported(person)
    for day in (12, 13, 14):
        await world.booked(await world.session(None, f"2026-12-{day}T17:00:00Z"), client)
    await world.granted(client, 5)
    await world.client(person)
    with statements() as many:
        await exported(person)
    assert len(many) == len(few)


async def test_a4_what_is_taken_away_while_it_is_read_is_whole_in_it(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, rows = await Person.signed_up(life.world.api), holdings._rows
    before = await exported(life.person)

    async def meanwhile(connection: Any, table: sa.Table, *where: Any) -> Any:
        """Between two statements another account comes to manage a client."""
        found = await rows(connection, table, *where)
        if table is bookings and found:
            await life.world.owner.do("linkClient", NOW, clientId=life.client, email=other.email)
        return found

    monkeypatch.setattr(holdings, "_rows", meanwhile)
    assert await exported(life.person) == before
    monkeypatch.undo()
    assert life.client not in json.dumps(await exported(life.person))
