"""What events and rows name: each is damaged so that no part of a studio would come upon it, and is found and named."""

from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from persistence import tables as t
from persistence.doctor.strays import ABOUT, NAMED, NAMING
from tests.doctor.conftest import NOW
from tests.doctor.damages import a_row
from tests.doctor.damaging import found

e, links = t.events.c, t.client_accounts.c


@pytest.mark.parametrize("kind", NAMING)
async def test_what_is_named_and_not_there_is_found(patient: AsyncConnection, kind: str) -> None:
    table, names = NAMING[kind]
    key, wanted = (links.client_id if kind == "link" else table.c.id), list[str]()
    for name in reversed(names):
        named = sa.select(key).where(table.c[name].is_not(None)).order_by(key).limit(1)
        found_by, gone = (await patient.execute(named)).scalar_one(), uuid4()
        await patient.execute(table.update().where(key == found_by).values({name: gone}))
        if (kind, name) == ("link", "client_id"):
            wanted = [each.replace(str(found_by), str(gone)) for each in wanted]
            found_by = gone
        wanted.append(f"{kind} {found_by} names {NAMED[name][0]} {gone}, which is not here")

    assert set(wanted) <= set(await found(patient, NOW))


async def test_whoever_manages_or_acted_and_has_no_account_is_found(patient: AsyncConnection) -> None:
    link = (await patient.execute(sa.select(t.client_accounts).limit(1))).one()
    await patient.execute(t.accounts.delete().where(t.accounts.c.id == link.account_id))

    said = await found(patient, NOW)

    assert f"link {link.client_id} names account {link.account_id}, which is not here" in said


async def test_an_event_that_does_not_name_what_it_is_about_is_found(patient: AsyncConnection) -> None:
    """Of every kind, and of each thing that it is about."""
    lines = [
        {"id": uuid4(), "studio_id": 1, "kind": kind.value, "at": NOW, "data": {}, "about": NAMED[name][0]}
        for name, kinds in ABOUT.items()
        for kind in kinds
    ]
    told = [{name: value for name, value in line.items() if name != "about"} for line in lines]
    await patient.execute(t.events.insert(), told)

    said = await found(patient, NOW)

    for line in lines:
        assert f"event {line['id']} tells {line['kind']}, and of no {line['about']}" in said


@pytest.mark.parametrize(
    ("noun", "kind"),
    [("booking", "BOOKING_CANCELLED"), ("credit", "CREDIT_REDEEMED"), ("place", "WAITLIST_SEATED")],
)
async def test_an_event_that_names_another_client_than_those_before_is_found(
    patient: AsyncConnection, noun: str, kind: str
) -> None:
    """Who is erased is found by it, and so are the words that history has of them."""
    line = await a_row(patient, t.events, e.kind == kind)
    of = t.clients.c
    another = await a_row(patient, t.clients, of.studio_id == line["studio_id"], of.id != line["client_id"])
    await patient.execute(t.events.update().where(e.id == line["id"]).values(client_id=another["id"]))

    key = UUID(line["data"]["entryId"]) if noun == "place" else line[f"{noun}_id"]
    said = f"{noun} {key} has {line['client_id'].hex} as client_id, and its events make it {another['id'].hex}"
    assert said in await found(patient, NOW)
