"""Every column that events determine is damaged, and each damage is found and named; so is every row, there or not."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.booking import Booking, Enrolment, PaidWith
from domain.client import Client
from domain.course import Course
from domain.credit import MakeUpCredit
from domain.replay import compared
from domain.session import Session
from domain.studio import Staff, Studio
from domain.waitlist import WaitlistEntry
from persistence import tables as t
from persistence.doctor.parts import CALLED
from tests.doctor.conftest import NOW
from tests.doctor.damaging import damage, found, other

NOUNS: dict[str, tuple[type, sa.Table]] = {
    "studio": (Studio, t.studios),
    "staff": (Staff, t.staff),
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
LINKS = {("client", "account_id"): t.client_accounts}
OF_MONEY = t.bookings.c.paid_with != PaidWith.ENROLMENT
"""The payment of the others is their enrolment's."""


async def test_an_undamaged_database_has_nothing_wrong_however_it_is_cut(patient: AsyncConnection) -> None:
    for at_once in (1, 2, 7, 100):
        assert await found(patient, NOW, at_once) == []


def test_whatever_is_compared_is_damaged() -> None:
    assert {kind: noun for noun, (kind, _) in NOUNS.items()} == CALLED


@pytest.mark.parametrize("noun", NOUNS)
async def test_a_column_that_is_not_what_its_events_make_it_is_named(patient: AsyncConnection, noun: str) -> None:
    kind, table = NOUNS[noun]
    for column in [name for name in compared(kind) if (noun, name) not in MOVED]:
        damaged: list[Any] = []
        async with damage(patient):
            for nothing in (True, False):
                damaged += await changed(patient, noun, table, column, nothing)
            said = await found(patient, NOW)
        assert damaged, f"no {noun} has anything as {column}"
        for key in damaged:
            wanted = f"{noun} {key} has "
            assert any(each.startswith(wanted) and f" as {column}, and" in each for each in said), (column, said)


async def changed(patient: AsyncConnection, noun: str, table: sa.Table, name: str, nothing: bool) -> list[Any]:
    """One row that has nothing there, or one that has something; which."""
    link = LINKS.get((noun, name))
    source = table if link is None else link
    column, key = source.c[name], source.c.id if link is None else source.c.client_id
    where = [column.is_(None) if nothing else column.is_not(None)]
    if (noun, name) == ("booking", "payment"):
        where.append(OF_MONEY)
    row = (await patient.execute(sa.select(key, column).where(*where).order_by(key).limit(1))).first()
    if row is None:
        return []
    await patient.execute(source.update().where(key == row[0]).values({name: other(row[1], column)}))
    return [row[0]]


@pytest.mark.parametrize(("noun", "name"), sorted(MOVED))
async def test_a_row_that_is_elsewhere_is_named(patient: AsyncConnection, noun: str, name: str) -> None:
    (key,) = await changed(patient, noun, NOUNS[noun][1], name, nothing=False)

    assert any(str(key) in each for each in await found(patient, NOW))


@pytest.mark.parametrize("noun", NOUNS)
async def test_a_row_that_is_gone_is_named(patient: AsyncConnection, noun: str) -> None:
    table = NOUNS[noun][1]
    key = (await patient.execute(sa.select(sa.func.min(table.c.id)))).scalar_one()
    await patient.execute(table.delete().where(table.c.id == key))

    assert any(str(key) in each and "is not here" in each for each in await found(patient, NOW))


@pytest.mark.parametrize("noun", NOUNS)
async def test_a_row_of_which_no_event_tells_is_named(patient: AsyncConnection, noun: str) -> None:
    table = NOUNS[noun][1]
    row = dict((await patient.execute(sa.select(table).order_by(table.c.id).limit(1))).one()._mapping)
    row["id"] = 77 if noun == "studio" else other(None, table.c.id)
    await patient.execute(table.insert().values(row))

    assert f"{noun} {row['id']} is here, and no event tells how it began" in await found(patient, NOW)


@pytest.mark.parametrize("noun", NOUNS)
async def test_a_row_that_cannot_be_read_is_named(patient: AsyncConnection, noun: str) -> None:
    """And whatever stands beside it is examined all the same."""
    table = NOUNS[noun][1]
    words = [column for column in table.columns if isinstance(column.type, sa.Enum)]
    if not words:
        pytest.skip("no column of it can hold what is no word")
    key = (await patient.execute(sa.select(sa.func.min(table.c.id)))).scalar_one()
    name = words[-1].name
    await patient.execute(sa.text(f"UPDATE {table.name} SET {name} = 'NONSENSE' WHERE id = :id"), {"id": key.hex})

    assert any("cannot be read (LookupError" in each for each in await found(patient, NOW))
