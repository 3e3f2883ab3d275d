"""Every column that events determine is damaged, and each damage is found and named; so is every row, there or not."""

import re
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.nouns.booking import Booking, Enrolment, PaidWith
from domain.nouns.client import Client
from domain.nouns.course import Course
from domain.nouns.credit import MakeUpCredit
from domain.nouns.history import EventKind
from domain.nouns.invitation import Invitation
from domain.nouns.session import Session
from domain.nouns.studio import Staff, Studio
from domain.nouns.waitlist import WaitlistEntry
from domain.replay import compared
from persistence import tables as t
from persistence.doctor.parts import CALLED
from tests.doctor.conftest import NOW
from tests.doctor.damaging import found, other

NOUNS: dict[str, tuple[type, sa.Table]] = {
    "studio": (Studio, t.studios),
    "staff": (Staff, t.staff),
    "invitation": (Invitation, t.staff_invitations),
    "course": (Course, t.courses),
    "session": (Session, t.sessions),
    "client": (Client, t.clients),
    "enrolment": (Enrolment, t.enrolments),
    "booking": (Booking, t.bookings),
    "place": (WaitlistEntry, t.waitlist_entries),
    "credit": (MakeUpCredit, t.make_up_credits),
}
MOVED = {("booking", "session_id"), ("place", "session_id"), ("enrolment", "client_id")}
"""What it is found by: without it, the row is in no part, and its events are."""
OF_MONEY = t.bookings.c.paid_with != PaidWith.ENROLMENT
"""The payment of the others is their enrolment's."""


async def test_an_undamaged_database_has_nothing_wrong_however_it_is_cut(patient: AsyncConnection) -> None:
    for at_once in (1, 2, 7, 100):
        assert await found(patient, NOW, at_once) == []


def test_whatever_is_compared_is_damaged() -> None:
    assert {kind: noun for noun, (kind, _) in NOUNS.items()} == CALLED


@pytest.mark.parametrize("noun", NOUNS)
async def test_a_column_that_is_not_what_its_events_make_it_is_named(patient: AsyncConnection, noun: str) -> None:
    """Each column of some row that has something there, and of one that has nothing."""
    kind, _ = NOUNS[noun]
    columns = [name for name in compared(kind) if (noun, name) not in MOVED]
    damaged = {
        name: [*await some(patient, noun, name, True), *await some(patient, noun, name, False)] for name in columns
    }
    for name, rows in damaged.items():
        for key, value in rows:
            await change(patient, noun, name, key, value)
    said = await found(patient, NOW)

    for name, rows in damaged.items():
        assert rows, f"no {noun} has a {name}"
        for key, _ in rows:
            assert any(re.match(f"{noun} {key} has .* as {name}, and its events", each) for each in said), (name, said)


def place(noun: str, name: str) -> tuple[sa.Column[Any], sa.Column[Any]]:
    """Where it stands, and the id of whose it is."""
    if (noun, name) == ("client", "account_id"):
        return t.client_accounts.c.account_id, t.client_accounts.c.client_id
    table = NOUNS[noun][1]
    return table.c[name], table.c.id


async def some(patient: AsyncConnection, noun: str, name: str, nothing: bool) -> list[tuple[Any, Any]]:
    """The id of a row that has nothing there, or of one that has something, and what; if there is one."""
    column, key = place(noun, name)
    where: list[sa.ColumnElement[bool]] = [column.is_(None) if nothing else column.is_not(None)]
    if (noun, name) == ("booking", "payment"):
        where.append(OF_MONEY)
    rows = await patient.execute(sa.select(key, column).where(*where).order_by(key).limit(1))
    return [tuple(row) for row in rows]


async def change(patient: AsyncConnection, noun: str, name: str, row: Any, value: Any) -> None:
    column, key = place(noun, name)
    await patient.execute(sa.update(column.table).where(key == row).values({name: other(value, column)}))


@pytest.mark.parametrize(("noun", "name"), sorted(MOVED))
async def test_a_row_that_is_elsewhere_is_named(patient: AsyncConnection, noun: str, name: str) -> None:
    ((key, value),) = await some(patient, noun, name, nothing=False)
    await change(patient, noun, name, key, value)

    assert any(str(key) in each for each in await found(patient, NOW))


async def first(patient: AsyncConnection, table: sa.Table) -> Any:
    return (await patient.execute(sa.select(table.c.id).order_by(table.c.id).limit(1))).scalar_one()


@pytest.mark.parametrize("noun", NOUNS)
async def test_a_row_that_is_gone_is_named(patient: AsyncConnection, noun: str) -> None:
    table = NOUNS[noun][1]
    key = await first(patient, table)
    await patient.execute(table.delete().where(table.c.id == key))

    assert any(str(key) in each and "is not here" in each for each in await found(patient, NOW))


@pytest.mark.parametrize("noun", NOUNS)
async def test_a_row_of_which_no_event_tells_is_named(patient: AsyncConnection, noun: str) -> None:
    table = NOUNS[noun][1]
    row = dict((await patient.execute(sa.select(table).order_by(table.c.id).limit(1))).one()._mapping)
    row |= {"id": 77, "slug": "another"} if noun == "studio" else {"id": other(None, table.c.id)}
    await patient.execute(table.insert().values(row))

    assert f"{noun} {row['id']} is here, and no event tells how it began" in await found(patient, NOW)


@pytest.mark.parametrize("noun", [each for each in NOUNS if each not in ("studio", "course", "client")])
async def test_a_row_that_cannot_be_read_is_named(patient: AsyncConnection, noun: str) -> None:
    """It has a word that is none; three kinds have no words. Whatever stands beside it is examined all the same."""
    table = NOUNS[noun][1]
    words = [column for column in table.columns if isinstance(column.type, sa.Enum)]
    key = await first(patient, table)
    name = words[-1].name
    await patient.execute(table.update().where(table.c.id == key).values({name: sa.literal_column("'NONSENSE'")}))

    assert any("cannot be read (LookupError" in each for each in await found(patient, NOW))


@pytest.mark.parametrize("kind", [EventKind.CREDIT_ISSUED, EventKind.STAFF_ADDED, EventKind.SEAT_BOOKED])
async def test_an_event_whose_data_is_no_object_is_named(patient: AsyncConnection, kind: EventKind) -> None:
    events = t.events
    one = (sa.select(events.c.id).where(events.c.kind == kind.value).order_by(events.c.id).limit(1)).scalar_subquery()
    await patient.execute(events.update().where(events.c.id == one).values(data=[]))

    assert any("cannot be read" in each for each in await found(patient, NOW))
